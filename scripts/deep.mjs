// `npm run deep`: what takes too long for every commit. `npm run deep -- PART...` runs some parts; without names all of them.
// Each part's last result stands in docs/deep.md with its commit, day, machine and verdict; what did not run this time stays as it was.
// Exits non-zero when something failed; what cannot run here (exit code 77) is told as skipped.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { root } from './gates/repository.mjs'

const vitest = ['node_modules/vitest/vitest.mjs', 'run']
const gate = (name, ...more) => [`scripts/gates/${name}.mjs`, ...more]
/** part, what it shows, how it is run, with which settings. */
const steps = [
  ['fuzz', '100,000 cases for each property, 200,000 and more for each kind of file', [...vitest, '--project', 'pki', 'fuzz', 'name.prop', '--testTimeout=1800000'], { CABUT_FUZZ: '100000' }],
  ['openssl', 'names and paths against openssl: 10,000 and 2,000 certificates', [...vitest, '--project', 'pki', 'openssl', '--testTimeout=1800000'], { CABUT_NAMES: '10000', CABUT_PATHS: '2000' }],
  ['conformance', 'public suites of vectors', ['scripts/conformance.mjs']],
  ['mutation', 'workflow, at least 90 % of changes noticed', ['scripts/mutate.mjs', 'workflow', '--floor', '90']],
  ['mutation', 'calendar and proof, at least 85 %', ['scripts/mutate.mjs', 'calendar', 'proof', '--floor', '85']],
  ['bench', 'pki', ['scripts/bench.mjs', 'pki']],
  ['bench', 'workflow and calendar', ['scripts/bench.mjs', 'sdk']],
  ['bench', 'desk', ['scripts/bench.mjs', 'desk']],
  ['bench', 'portal', ['scripts/bench.mjs', 'portal', '--write']],
  ['races', '10,000 races with kill -9', ['scripts/races.mjs', '--races', '10000']],
  ['letters', '200 of them, kill -9 between files, twice and in another order', [...vitest, '--project', 'cli', 'srikandi-crash', '--testTimeout=1800000'], { CABUT_DEEP: '1', CABUT_HEAVY: '1' }],
  ['store', '2,000 random runs against the model', [...vitest, '--project', 'postgres', 'model.prop', '--testTimeout=1800000'], { CABUT_MODEL_RUNS: '2000' }],
  ['build', 'every package builds', ['scripts/build.mjs']],
  ['compilers', 'packed tarballs load; their types under TypeScript 5.4 to 7, four ways to resolve', gate('consumers', '--loads', '--types', '5.4.5,5.5.4,5.6.3,5.7.3,5.8.3,5.9.3,6.0.3,7.0.2')],
  ['runtimes', 'packed tarballs, demo and cases on Node 20', gate('runtimes', 'node20')],
  ['runtimes', 'packed tarballs, demo and cases on Node 22', gate('runtimes', 'node22')],
  ['runtimes', 'packed tarballs, demo and cases on Node 24', gate('runtimes', 'node24')],
  ['runtimes', 'packed tarballs, demo and cases on Node 26', gate('runtimes', 'node26')],
  ['runtimes', 'cases of pki and sdk on Bun', gate('runtimes', 'bun')],
  ['runtimes', 'cases of pki and sdk on Deno', gate('runtimes', 'deno')],
  ['reproducible', 'two builds and packings, the same octets', gate('reproducible')],
  ['signatures', 'the registry signed what is published with us', gate('signatures')],
  ['gates', 'every gate of npm run check can fail', ['scripts/gates-can-fail.mjs']],
]

const parts = [...new Set(steps.map(([part]) => part))]
const asked = process.argv.slice(2)
for (const name of asked) if (!parts.includes(name)) throw new TypeError(`no part ${name}; there are ${parts.join(', ')}`)

const page = join(root, 'docs', 'deep.md')
const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim()
const machine = `${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB`
const rows = new Map()
if (existsSync(page)) {
  for (const line of readFileSync(page, 'utf8').split('\n').filter((one) => /^\| [a-z]+ \|/.test(one) && !one.startsWith('| part |'))) {
    const [part, title, ...rest] = line.slice(2, -2).split(' | ')
    if (steps.some(([one, other]) => one === part && other === title)) rows.set(`${part} | ${title}`, rest)
  }
}

/** Written after every step: an interrupted run keeps what it has. */
function write() {
  writeFileSync(page, [
    '# Last deep run', '',
    'What takes too long for every commit: `npm run deep -- PART`. Each row is the last run of that step, on the commit and machine it names; a step without a row has not been run.', '',
    '| part | step | verdict | seconds | commit | day | machine |', '|---|---|---|---|---|---|---|',
    ...steps.flatMap(([part, title]) => (rows.has(`${part} | ${title}`) ? [`| ${part} | ${title} | ${rows.get(`${part} | ${title}`).join(' | ')} |`] : [])), '',
  ].join('\n'))
}

// What judges the packages as published needs them built.
if (spawnSync(process.execPath, ['scripts/build.mjs', '--if-needed'], { cwd: root, stdio: 'inherit' }).status !== 0) throw new Error('the packages do not build')
// The page itself is what this writes.
const commit = `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', '--', '.', ':!docs/deep.md') === '' ? '' : ' and uncommitted changes'}`
const verdicts = []
for (const [part, title, args, env = {}] of steps) {
  if (asked.length > 0 && !asked.includes(part)) continue
  console.log(`\n== ${part}: ${title}`)
  const started = performance.now()
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, CABUT_SEED: 'anew', ...env } })
  // 77: what it needs is not here, and it has said what.
  const verdict = status === 0 ? 'ok' : status === 77 ? 'skipped' : 'FAILED'
  verdicts.push(verdict)
  rows.set(`${part} | ${title}`, [verdict, Math.round((performance.now() - started) / 1000), commit, new Date().toISOString().slice(0, 10), machine])
  write()
}
const count = (which) => verdicts.filter((one) => one === which).length
console.log(`\ndeep: ${count('ok')} of ${verdicts.length} steps passed, ${count('skipped')} skipped, ${count('FAILED')} failed; docs/deep.md written`)
process.exitCode = count('FAILED') === 0 ? 0 : 1
