// npm run bench -- pki [--full] [--only=names,footprint] [--write]: measures @cabut/pki (as built) against its peers and the physical limits; prints tables,
// writes JSON, and with --write the page docs/bench-pki.md.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { page, targetRows } from './page.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../../..')

if (!existsSync(join(here, 'node_modules'))) {
  console.log('installing the peers by their own lock file')
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', here], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

const full = process.argv.includes('--full')
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice(7).split(',')
/** A file per subject; each exports `run({ full })` and returns groups. */
const subjects = ['names', 'crl', 'ocsp', 'footprint'].filter((name) => existsSync(join(here, `${name}.mjs`)) && (only === undefined || only.includes(name)))

const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout?.trim() ?? 'none'
console.log(`Node ${process.versions.node}, OpenSSL in Node ${process.versions.openssl}, openssl binary: ${openssl}`)
console.log(`${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`)
console.log(`peers: ${Object.entries(dependencies).map(([name, version]) => `${name} ${version}`).join(', ')}`)

const load = () => loadavg().map((value) => value.toFixed(1))
const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? ''
const commit = `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', 'packages/pki/src') === '' ? '' : ' with changes'}`
console.log(`load ${load().join(', ')}; figures are CPU time (by the clock in brackets), medians of interleaved rounds`)

const report = { date: new Date().toISOString().slice(0, 10), commit, load: load(), memory: Math.round(totalmem() / 2 ** 30), node: process.versions.node, openssl, cpu: cpus()[0]?.model, cores: cpus().length, peers: dependencies, full, groups: [] }
const out = join(root, '.cache', 'bench')
mkdirSync(out, { recursive: true })
for (const name of subjects) {
  // Each subject in a process of its own: what one has made V8 learn of a function would slow the next.
  const file = join(out, `pki-${name}.json`)
  const measureOnce = () => spawnSync(process.execPath, [join(here, 'subject.mjs'), name, file, ...(full ? ['--full'] : [])], { stdio: 'inherit' })
  let { status, signal } = measureOnce()
  // On a shared machine somebody may have ended it.
  for (let again = 0; signal !== null && again < 3; again++) ({ status, signal } = measureOnce())
  if (status !== 0) throw new Error(`${name}: ${signal ?? `exit ${status}`}`)
  for (const group of JSON.parse(readFileSync(file, 'utf8'))) report.groups.push({ subject: name, ...group })
}
report.loadAfter = load()
console.log(`\nnumbers to reach (load ${report.loadAfter.join(', ')})`)
for (const { what, wanted, got, met } of targetRows(report)) console.log(`  ${met === false ? 'missed ' : met ? 'reached' : '-      '}  ${wanted.padStart(18)}  ${got.padStart(12)}  ${what}`)
writeFileSync(join(out, 'pki.json'), `${JSON.stringify(report, null, 1)}\n`)
console.log(`\nwritten to ${join('.cache', 'bench', 'pki.json')}`)
if (process.argv.includes('--write') && only === undefined) {
  writeFileSync(join(root, 'docs', 'bench-pki.md'), page(report))
  console.log(`written to ${join('docs', 'bench-pki.md')}`)
}
