// Builds every package with tsup. `--if-needed` builds JavaScript alone, and only for packages whose sources changed since the last build.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const ifNeeded = process.argv.includes('--if-needed')
/** The one file for pages is made of the sources of what it holds. */
const holds = { 'spbe-elements': ['pki'] }
/** Declarations of a package need those of the packages it imports: waves, each in parallel. */
const waves = [['pki', 'sandbox'], ['sdk'], ['postgres', 'srikandi', 'spbe', 'spbe-elements'], ['cli']]

function hashFolder(hash, folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) hashFolder(hash, path)
    else if (!name.includes('.test.')) hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  }
}

function fingerprint(folder) {
  const hash = createHash('sha256')
  for (const source of [folder, ...(holds[basename(folder)] ?? []).map((name) => join(root, 'packages', name))]) hashFolder(hash, join(source, 'src'))
  for (const file of ['package.json', 'tsup.config.ts', 'tsconfig.json', '../../tsup.shared.ts', '../../tsconfig.base.json']) {
    if (existsSync(join(folder, file))) hash.update(readFileSync(join(folder, file)))
  }
  return hash.digest('hex')
}

function run(folder, declarations) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/tsup/dist/cli-default.js'), '--silent'], {
      cwd: folder, stdio: 'inherit', env: { ...process.env, CABUT_BUILD_DTS: declarations ? '1' : '0' },
    })
    child.on('exit', (code) => code === 0 ? done() : fail(new Error(`building ${folder} failed with code ${code}`)))
  })
}

async function buildPackage(name) {
  const folder = join(root, 'packages', name)
  if (!existsSync(join(folder, 'package.json'))) return
  const stampFile = join(root, '.cache', 'build', name)
  const want = fingerprint(folder)
  const [have, kind] = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').trim().split(' ') : []
  const current = have === want && existsSync(join(folder, 'dist')) && (ifNeeded || kind === 'full')
  if (current) return
  const started = performance.now()
  await run(folder, !ifNeeded)
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, `${want} ${ifNeeded ? 'js' : 'full'}\n`)
  console.log(`built ${name} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

for (const wave of ifNeeded ? [waves.flat()] : waves) await Promise.all(wave.map(buildPackage))
