// The run-time dependencies of what is published: every package reached from a published manifest, from the installed tree itself.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { dependencyFolder, packages, readJson, root } from './repository.mjs'

/** Licences that may be in what we publish. Permissive ones only. */
export const allowed = ['MIT', 'MIT-0', 'ISC', 'Zlib', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0']

/** The licence expression of a manifest; some old ones write it as an object or a list. */
function licenceOf({ license, licenses }) {
  if (typeof license === 'string') return license
  if (license?.type !== undefined) return license.type
  return Array.isArray(licenses) ? licenses.map(({ type }) => type).join(' OR ') : 'none stated'
}

/** `MIT OR GPL-3.0` lets us choose; `MIT AND Zlib` does not. */
export function mayBeUsed(expression) {
  const bare = expression.replace(/^\(|\)$/g, '')
  return bare.split(' OR ').some((choice) => choice.split(' AND ').every((one) => allowed.includes(one.trim())))
}

/** Digests of every package in the lock file, by `name@version`. */
function locked() {
  const { packages: entries } = parse(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8'))
  return Object.fromEntries(Object.entries(entries).map(([key, { resolution }]) => [key, resolution.integrity]))
}

/** All of them by `name@version`, each with who needs it; `direct` are those a published manifest names. */
export function runtimeDependencies() {
  const found = new Map()
  const integrity = locked()
  const visit = (from, name, neededBy, optional, direct) => {
    if (packages.some(({ manifest }) => manifest.name === name)) return
    const folder = dependencyFolder(from, name)
    if (folder === undefined) {
      if (optional) return
      throw new Error(`${name}, needed by ${neededBy}, is not installed`)
    }
    const manifest = readJson(join(folder, 'package.json'))
    const key = `${manifest.name}@${manifest.version}`
    const known = found.get(key)
    if (known !== undefined) { known.neededBy.add(neededBy); known.direct ||= direct; return }
    found.set(key, {
      key, name: manifest.name, version: manifest.version, licence: licenceOf(manifest), integrity: integrity[key], direct, neededBy: new Set([neededBy]), folder,
      scripts: ['preinstall', 'install', 'postinstall'].filter((script) => manifest.scripts?.[script] !== undefined),
    })
    for (const next of Object.keys(manifest.dependencies ?? {})) visit(folder, next, key, false, false)
    for (const next of Object.keys(manifest.optionalDependencies ?? {})) visit(folder, next, key, true, false)
  }
  for (const { folder, manifest } of packages) for (const name of Object.keys(manifest.dependencies ?? {})) visit(folder, name, manifest.name, false, true)
  return [...found.values()].sort((a, b) => a.key.localeCompare(b.key, 'en'))
}

/** Same input, same identifier: an SBOM of the same tree is the same file. */
export const digest = (text) => createHash('sha256').update(text).digest('hex')
