// Where things lie, for the gates.
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const cache = (...parts) => join(root, '.cache', ...parts)
export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** Every package that is published, in the order of their names: its folder and manifest. */
export const packages = readdirSync(join(root, 'packages')).sort()
  .map((name) => ({ name, folder: join(root, 'packages', name) }))
  .filter(({ folder }) => existsSync(join(folder, 'package.json')))
  .map((one) => ({ ...one, manifest: readJson(join(one.folder, 'package.json')) }))

/** How to call the pinned pnpm: the one that runs us, or by npx. */
export const pnpm = /pnpm/.test(process.env.npm_execpath ?? '') ? [process.execPath, process.env.npm_execpath] : ['npx', '--yes', 'pnpm@10.34.9']

/** The folder of a dependency as seen from a package's folder; undefined where it is not installed (an optional one). */
export function dependencyFolder(from, name) {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name)
    if (existsSync(join(place, 'package.json'))) return realpathSync(place)
    if (dirname(folder) === folder) return undefined
  }
}

/** Ends a gate: each problem on a line, and the exit code. */
export function verdict(gate, problems, passed) {
  for (const problem of problems) console.error(`${gate}: ${problem}`)
  if (problems.length === 0) console.log(`${gate}: ${passed}`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
