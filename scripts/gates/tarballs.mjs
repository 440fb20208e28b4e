// Packs every package as it would be published and lays the tarballs out as an application would have them installed, without asking a registry:
// node_modules/@cabut/x holds what the tarball holds, and beside it only what its own manifest declares. So an undeclared dependency is not found.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { cache, dependencyFolder, packages, pnpm, readJson, root } from './repository.mjs'

export const consumer = cache('consumer')
const packed = cache('packed')

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}${stdout}`)
  return stdout
}

export function packAll() {
  rmSync(packed, { recursive: true, force: true })
  mkdirSync(packed, { recursive: true })
  const [command, ...first] = pnpm
  run(command, [...first, '--recursive', '--filter', './packages/*', 'pack', '--pack-destination', packed], root)
  const tarballs = readdirSync(packed).filter((name) => name.endsWith('.tgz')).sort().map((name) => join(packed, name))
  for (const tarball of tarballs) sortDependencies(tarball)
  return tarballs
}

/** pnpm writes the dependencies of a manifest in the order in which it came to know their versions, another one each time. */
function sortDependencies(tarball) {
  const tar = gunzipSync(readFileSync(tarball))
  const text = (at, length) => tar.toString('utf8', at, at + length).replace(/\0.*$/s, '')
  for (let at = 0; text(at, 100) !== '';) {
    const size = Number.parseInt(text(at + 124, 12), 8)
    if (text(at, 100) === 'package/package.json') {
      const manifest = JSON.parse(text(at + 512, size))
      for (const field of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']) {
        if (manifest[field] !== undefined) manifest[field] = Object.fromEntries(Object.entries(manifest[field]).sort(([a], [b]) => (a < b ? -1 : 1)))
      }
      const sorted = Buffer.from(`${JSON.stringify(manifest, null, 2)}${text(at + 512, size).endsWith('\n') ? '\n' : ''}`)
      if (sorted.length !== size) throw new Error(`${tarball}: its manifest is not written as expected`)
      sorted.copy(tar, at + 512)
    }
    at += 512 + Math.ceil(size / 512) * 512
  }
  writeFileSync(tarball, gzipSync(tar, { level: 9 }))
}

function link(from, to) {
  mkdirSync(dirname(to), { recursive: true })
  if (!existsSync(to)) symlinkSync(from, to)
}

/** Lays out the packed packages; gives each one's name and folder, and what it must not declare. */
export function layOut(tarballs) {
  rmSync(consumer, { recursive: true, force: true })
  const modules = join(consumer, 'node_modules')
  const laid = []
  const problems = []
  for (const tarball of tarballs) {
    const files = run('tar', ['-tzf', tarball]).trim().split('\n')
    const manifestText = run('tar', ['-xzOf', tarball, 'package/package.json'])
    const manifest = JSON.parse(manifestText)
    const folder = join(modules, manifest.name)
    mkdirSync(folder, { recursive: true })
    run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'])
    for (const wanted of ['README.md', 'LICENSE']) if (!files.includes(`package/${wanted}`)) problems.push(`${manifest.name}: no ${wanted} in the tarball`)
    for (const file of files) if (/\.test\.|\/test\/|\/src\/|\.map$|\.tsbuildinfo$/.test(file)) problems.push(`${manifest.name}: ${file} does not belong into the tarball`)
    for (const protocol of ['workspace:', 'catalog:', 'link:', 'file:']) if (manifestText.includes(`"${protocol}`)) problems.push(`${manifest.name}: the packed manifest says ${protocol}`)
    laid.push({ name: manifest.name, manifest, folder })
  }
  for (const { manifest, folder } of laid) {
    const source = packages.find((one) => one.manifest.name === manifest.name).folder
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (laid.some((one) => one.name === name)) { link(join(modules, name), join(folder, 'node_modules', name)); continue }
      const place = dependencyFolder(source, name)
      const wanted = manifest.dependencies[name]
      if (place === undefined) problems.push(`${manifest.name}: ${name} is not installed`)
      else if (readJson(join(place, 'package.json')).version !== wanted) problems.push(`${manifest.name}: ${name} ${wanted} is declared, another version is installed`)
      else link(place, join(folder, 'node_modules', name))
    }
    // What an application brings itself.
    for (const name of Object.keys(manifest.peerDependencies ?? {})) {
      const place = dependencyFolder(source, name)
      if (place !== undefined) link(place, join(modules, name))
    }
  }
  link(dependencyFolder(root, '@types/node'), join(modules, '@types/node'))
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  return { laid, problems }
}

/** Every entry of every packed package that is code, with whether it may be required. */
export function entriesOf(laid) {
  return laid.flatMap(({ name, manifest }) => Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === 'object')
    .map(([subpath, target]) => ({ specifier: name + subpath.slice(1), subpath, name, cjs: target.require !== undefined })))
}
