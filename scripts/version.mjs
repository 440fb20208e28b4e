// The next version of all packages together, from the files in .changeset: `changeset version` counts, and their sentences go to the head of CHANGELOG.md.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, root } from './gates/repository.mjs'

const folder = join(root, '.changeset')
const changes = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md').sort().map((name) => {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(readFileSync(join(folder, name), 'utf8'))
  if (match === null) throw new Error(`.changeset/${name} has no head`)
  const [, head, text] = match
  const weight = ['major', 'minor', 'patch'].find((one) => new RegExp(`: ${one}$`, 'm').test(head))
  if (weight === undefined || text.trim() === '') throw new Error(`.changeset/${name} names no package and weight, or says nothing`)
  return { weight, text: text.trim() }
})
if (changes.length === 0) throw new Error('nothing in .changeset: nothing changed that somebody would notice')
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'version'], { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

const { version } = readJson(join(root, 'packages', 'pki', 'package.json'))
const titles = { major: 'Breaking', minor: 'New', patch: 'Mended' }
const section = Object.entries(titles).flatMap(([weight, title]) => {
  const own = changes.filter((one) => one.weight === weight)
  return own.length === 0 ? [] : [`### ${title}`, '', ...own.map(({ text }) => `- ${text.replaceAll('\n', '\n  ')}`), '']
})
const path = join(root, 'CHANGELOG.md')
const before = readFileSync(path, 'utf8')
const at = before.search(/^## /m)
writeFileSync(path, `${before.slice(0, at)}## ${version}\n\n${section.join('\n')}\n${before.slice(at)}`)
console.log(`version ${version}: ${changes.length} changes moved into CHANGELOG.md`)
