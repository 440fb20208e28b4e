// `npm run docs`: the API reference of every public entry (docs/reference), and the site around it (.cache/docs/dist), offline.
// `--reference` stops after the reference, `--site` takes the reference that is there, `--serve` shows the built site on loopback,
// `--if-needed` does nothing when nothing it is made of has changed, `--write` only writes the tables of pages that come from data (glossary, scale).
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withoutHistory } from './bench-history.mjs'
import { generated } from './docs/generated.mjs'
import { numbersWithoutSource } from './docs/numbers.mjs'
import { stage } from './docs/stage.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const folder = join(root, '.cache', 'docs')
const has = (flag) => process.argv.includes(flag)

async function writeReference() {
  const { Application } = await import('typedoc')
  const entryPoints = readdirSync(join(root, 'packages')).flatMap((name) => {
    const file = join(root, 'packages', name, 'package.json')
    if (!existsSync(file)) return []
    return Object.values(JSON.parse(readFileSync(file, 'utf8')).exports ?? {})
      .filter((target) => typeof target === 'object')
      .map((target) => join(root, 'packages', name, target['@cabut/source']))
  })
  const out = join(root, 'docs', 'reference')
  rmSync(out, { recursive: true, force: true })
  // One page for each entry: a page for each name would be a thousand.
  const app = await Application.bootstrapWithPlugins({
    entryPoints, entryPointStrategy: 'resolve', tsconfig: join(root, 'tsconfig.docs.json'), plugin: ['typedoc-plugin-markdown'], outputFileStrategy: 'modules',
    out, name: 'Cabut', readme: 'none', githubPages: false, disableSources: true, excludePrivate: true, logLevel: 'Error', hideBreadcrumbs: true, useHTMLAnchors: true, hidePageHeader: true,
  })
  const project = await app.convert()
  if (project === undefined) process.exit(1)
  // Modules are called as they are imported.
  for (const module of project.children ?? []) module.name = `@cabut/${module.name.replace(/\/src(?:\/|$)/, '/').replace(/\/$/, '')}`
  await app.generateOutputs(project)
  if (app.logger.hasErrors()) process.exit(1)
  console.log(`docs: reference of ${entryPoints.length} entries in docs/reference`)
}

/** Everything the site is made of. */
function fingerprint() {
  const hash = createHash('sha256')
  const walk = (path) => {
    if (statSync(path).isDirectory()) { for (const name of readdirSync(path).sort()) if (!/^(?:node_modules|dist|reference|\.cache|cache)$/.test(name)) walk(join(path, name)) }
    else if (/\.(?:md|mjs|ts|json|ya?ml|svg|png|css|txt|php)$/.test(path) && !/\.test\.ts$/.test(path)) hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  }
  for (const name of ['docs', 'packages', 'examples', 'scripts', ...readdirSync(root).filter((file) => /\.(?:md|txt)$|^tsconfig/.test(file))]) walk(join(root, name))
  return hash.digest('hex')
}
const stamp = join(folder, 'built')

if (has('--write')) {
  generated(root, { check: false })
  process.exit(0)
}
const stale = generated(root, { check: true })
for (const path of stale) console.error(`docs: ${path} is not what its data gives: node scripts/docs.mjs --write`)
for (const page of withoutHistory()) { console.error(`docs: docs/bench-${page}.md is not the last line of its history: npm run bench -- NAME --write`); stale.push(page) }
for (const problem of numbersWithoutSource(root)) { console.error(`docs: ${problem}`); stale.push(problem) }
if (stale.length > 0) process.exit(1)
const print = fingerprint()
if (has('--if-needed') && existsSync(join(folder, 'dist')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === print) {
  console.log('docs: the site in .cache/docs/dist is made of what is here')
  process.exit(0)
}
rmSync(stamp, { force: true })
if (!has('--site') || !existsSync(join(root, 'docs', 'reference'))) await writeReference()
if (!has('--reference')) {
  const source = join(folder, 'source')
  const { pages, problems, sources, reference } = stage(root, source)
  for (const problem of problems) console.error(`docs: ${problem}`)
  if (problems.length > 0) process.exit(1)
  process.env.CABUT_DOCS_SOURCE = source
  process.env.CABUT_DOCS_OUT = join(folder, 'dist')
  process.env.CABUT_DOCS_CACHE = join(folder, 'cache')
  process.env.CABUT_DOCS_FOUND = join(source, 'found.json')
  const vitepress = await import('vitepress')
  await vitepress.build(join(root, 'docs'))
  mkdirSync(folder, { recursive: true })
  if (!has('--site')) writeFileSync(stamp, print)
  console.log(`docs: site of ${pages} pages, ${reference} of the reference and ${sources} source files in .cache/docs/dist`)
  if (has('--serve')) await vitepress.serve({ root: join(root, 'docs'), port: 5173 })
}
