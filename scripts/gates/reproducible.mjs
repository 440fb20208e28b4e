// Builds and packs everything twice, the second time from a copy in another folder, and compares every octet of what would be published.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { copyRepository } from './copy.mjs'
import { packages, root, verdict } from './repository.mjs'
import { packAll } from './tarballs.mjs'

function digests(folder, base = folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? digests(path, base) : [[relative(base, path), createHash('sha256').update(readFileSync(path)).digest('hex')]]
  })
}
const builds = (where) => new Map(packages.flatMap(({ name }) => digests(join(where, 'packages', name, 'dist')).map(([path, digest]) => [`${name}/dist/${path}`, digest])))
const tarballs = (paths) => new Map(paths.map((path) => [path.split('/').at(-1), createHash('sha256').update(readFileSync(path)).digest('hex')]))

const copy = copyRepository(mkdtempSync(join(tmpdir(), 'cabut-again-')))
const problems = []
try {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: copy, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the second build failed: ${stderr}`)
  const [first, second] = [builds(root), builds(copy)]
  for (const path of new Set([...first.keys(), ...second.keys()])) if (first.get(path) !== second.get(path)) problems.push(`${path} differs between two builds`)
  const packed = tarballs(packAll())
  for (const [name, digest] of tarballs(packAll())) if (packed.get(name) !== digest) problems.push(`${name} differs when it is packed again`)
  verdict('reproducible', problems, `${first.size} built files and ${packed.size} tarballs, the same octets twice`)
} finally {
  rmSync(copy, { recursive: true, force: true })
}
