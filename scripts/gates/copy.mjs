// A copy of the repository elsewhere, whose installed packages are those of this one: for building again, and for breaking something.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './repository.mjs'

/** Every file git knows or would take, with links to the same dependencies; `built`: with the builds as they are, and what says that they are of these sources. */
export function copyRepository(to, { built = false } = {}) {
  rmSync(to, { recursive: true, force: true })
  const { status, stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status !== 0) throw new Error('git ls-files failed')
  for (const file of stdout.split('\0').filter(Boolean)) {
    if (!existsSync(join(root, file))) continue
    mkdirSync(dirname(join(to, file)), { recursive: true })
    cpSync(join(root, file), join(to, file))
  }
  for (const folder of ['.', 'examples', 'scripts/native', ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)]) linkModules(join(root, folder, 'node_modules'), join(to, folder, 'node_modules'), to)
  if (built) for (const folder of ['.cache/build', ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/dist`)]) if (existsSync(join(root, folder))) cpSync(join(root, folder), join(to, folder), { recursive: true })
  return to
}

/** Links each installed package to where it really lies; our own packages to their copies. */
function linkModules(from, into, to) {
  if (!existsSync(from)) return
  mkdirSync(into, { recursive: true })
  for (const name of readdirSync(from)) {
    const path = join(from, name)
    if (name.startsWith('@') && !lstatSync(path).isSymbolicLink()) { linkModules(path, join(into, name), to); continue }
    if (name !== '.pnpm' && name.startsWith('.')) continue
    const real = lstatSync(path).isSymbolicLink() ? realpathSync(path) : path
    symlinkSync(real.startsWith(join(root, 'packages')) ? real.replace(root, to) : real, join(into, name))
  }
}
