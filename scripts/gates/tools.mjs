// Tools outside the lock file: other compilers, other versions of Node, other run-times. Each has an exact version and the digest of its package
// (tools.json); it is fetched once into .cache/tools by npm, without running scripts of its own, and refused when the digest differs.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cache, dependencyFolder, readJson, root } from './repository.mjs'

const pins = readJson(join(root, 'scripts', 'gates', 'tools.json'))

/** The folder of a pinned tool, fetched when it is not here; undefined when it cannot be had. Throws when it is not what was pinned. */
export function tool(name, version) {
  const pin = pins[`${name}@${version}`]
  if (pin === undefined) throw new TypeError(`${name}@${version} is not pinned in scripts/gates/tools.json`)
  const home = cache('tools', `${name.replaceAll('/', '+')}-${version}`)
  const place = join(home, 'node_modules', name)
  if (!existsSync(join(place, 'package.json'))) {
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }))
    const { status, stderr } = spawnSync('npm', ['install', '--prefix', home, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: home, encoding: 'utf8', timeout: 240_000 })
    if (status !== 0) { console.error(`${name}@${version} cannot be fetched: ${(stderr ?? '').trim().split('\n')[0]}`); rmSync(home, { recursive: true, force: true }); return undefined }
  }
  const { packages } = JSON.parse(readFileSync(join(home, 'node_modules', '.package-lock.json'), 'utf8'))
  const integrity = Object.entries(packages).find(([path]) => path.endsWith(`node_modules/${name}`))?.[1].integrity
  if (integrity !== pin) throw new Error(`${name}@${version} has the digest ${integrity}, pinned is ${pin}`)
  return place
}

/** The `tsc` of a version of TypeScript: one of the project's own two, or a pinned one. */
export function compiler(version) {
  const own = [root, join(root, 'scripts', 'native')].map((from) => dependencyFolder(from, 'typescript')).find((place) => place !== undefined && readJson(join(place, 'package.json')).version === version)
  const place = own ?? tool('typescript', version)
  if (place === undefined) throw new Error(`TypeScript ${version} is not here and cannot be fetched`)
  return join(place, 'bin', 'tsc')
}
