// `npm run deep`: what takes too long for every commit. `npm run deep -- PART...` runs some parts, `PART:STEP` one step; without names all of them, `--page` writes docs/deep.md from the results.
// Each step's last result stands in docs/deep.md (from scripts/gates/deep-results.json) with its commit, day, machine, verdict and the end of what it printed;
// what did not run this time stays as it was.
// Exits non-zero when something failed; what cannot run here (exit code 77) is told as skipped.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { root } from './gates/repository.mjs'
import { folders } from './mutation/folders.mjs'

const vitest = ['node_modules/vitest/vitest.mjs', 'run']
const gate = (name, ...more) => [`scripts/gates/${name}.mjs`, ...more]
const pkiFolders = Object.keys(folders).filter((name) => name.startsWith('pki/'))
// Mutants: what an earlier run on this machine noticed in the same code is believed (`--survivors`); a fresh clone tries all.
/** part, what it shows, how it is run, with which settings. */
const steps = [
  ['fuzz', '100,000 cases for each property, 200,000 and more for each kind of file', [...vitest, '--project', 'pki', 'fuzz', 'name.prop', '--testTimeout=1800000'], { CABUT_FUZZ: '100000' }],
  ['openssl', 'names and paths against openssl: 10,000 and 2,000 certificates', [...vitest, '--project', 'pki', 'openssl', '--testTimeout=1800000'], { CABUT_NAMES: '10000', CABUT_PATHS: '2000' }],
  ['conformance', 'public suites of vectors', ['scripts/conformance.mjs']],
  ['mutation', 'workflow, at least 90 % of changes noticed', ['scripts/mutate.mjs', 'workflow', '--survivors', '--floor', '90']],
  ['mutation', 'pki, at least 85 % in each of its folders', ['scripts/mutate.mjs', ...pkiFolders, '--survivors', '--floor', '85']],
  ['mutation', 'calendar and proof, at least 85 %', ['scripts/mutate.mjs', 'calendar', 'proof', '--survivors', '--floor', '85']],
  ['bench', 'pki', ['scripts/bench.mjs', 'pki', '--write']],
  ['bench', 'workflow and calendar', ['scripts/bench.mjs', 'sdk', '--write']],
  ['bench', 'desk', ['scripts/bench.mjs', 'desk', '--write']],
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
const asked = process.argv.slice(2).filter((word) => word !== '--page')
for (const name of asked) if (!parts.includes(name.split(':')[0])) throw new TypeError(`no part ${name}; there are ${parts.join(', ')}`)

const page = join(root, 'docs', 'deep.md')
const kept = join(root, 'scripts', 'gates', 'deep-results.json')
const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim()
const machine = `${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB`
/** By part and step: verdict, seconds, commit, day, machine, and the last lines it printed. */
const results = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {}
const keyOf = (part, title) => `${part} | ${title}`

/** Written after every step: an interrupted run keeps what it has. */
function write() {
  const done = steps.filter(([part, title]) => results[keyOf(part, title)] !== undefined).map(([part, title]) => ({ part, title, ...results[keyOf(part, title)] }))
  writeFileSync(kept, `${JSON.stringify(Object.fromEntries(done.map(({ part, title }) => [keyOf(part, title), results[keyOf(part, title)]])), null, 1)}\n`)
  const open = steps.filter(([part, title]) => results[keyOf(part, title)] === undefined)
  writeFileSync(page, [
    '# Last deep run', '',
    'What takes too long for every commit: `npm run deep -- PART`. Each row is the last run of that step, on the commit and machine it names; a step without a row has not been run.', '',
    `Steps without a row: ${open.length === 0 ? 'none' : open.map(([part, title]) => `${part} (${title})`).join('; ')}.`, '',
    '| part | step | verdict | seconds | commit | day | machine |', '|---|---|---|---|---|---|---|',
    ...done.map(({ part, title, verdict, seconds, commit, day, machine: where }) => `| ${part} | ${title} | ${verdict} | ${seconds} | ${commit} | ${day} | ${where} |`), '',
    '## Log', '', 'The last lines each step printed.', '',
    ...done.filter(({ log }) => log !== undefined).flatMap(({ part, title, log }) => [`### ${part}: ${title}`, '', '<!-- illustration: the end of what the step printed when it last ran -->', '```text', ...log, '```', '']),
  ].join('\n'))
}

/** Runs one step, shows what it prints, and keeps the end of it. */
function run(args, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['inherit', 'pipe', 'pipe'], env: { ...process.env, CABUT_SEED: 'anew', ...env } })
    let end = ''
    const hear = (to) => (piece) => { to.write(piece); end = `${end}${piece}`.slice(-20_000) }
    child.stdout.on('data', hear(process.stdout))
    child.stderr.on('data', hear(process.stderr))
    child.on('close', (status) => {
      const lines = end.replace(/\u001b\[[0-9;]*m/g, '').split('\n').map((line) => line.trimEnd().replaceAll('```', "'''").replaceAll(root, '.').replaceAll(tmpdir(), 'TMP').slice(0, 300)).filter((line) => line.trim() !== '')
      resolve({ status, log: lines.slice(-8) })
    })
  })
}

if (process.argv.includes('--page')) {
  write()
  process.exit(0)
}
// What judges the packages as published needs them built.
if (spawnSync(process.execPath, ['scripts/build.mjs', '--if-needed'], { cwd: root, stdio: 'inherit' }).status !== 0) throw new Error('the packages do not build')
// The page itself is what this writes.
const commit = `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', '--', '.', ':!docs/deep.md', ':!scripts/gates/deep-results.json') === '' ? '' : ' and uncommitted changes'}`
const verdicts = []
for (const [part, title, args, env = {}] of steps) {
  if (asked.length > 0 && !asked.includes(part) && !asked.includes(`${part}:${title}`)) continue
  console.log(`\n== ${part}: ${title}`)
  const started = performance.now()
  const { status, log } = await run(args, env)
  // 77: what it needs is not here, and it has said what.
  const verdict = status === 0 ? 'ok' : status === 77 ? 'skipped' : 'FAILED'
  verdicts.push(verdict)
  results[keyOf(part, title)] = { verdict, seconds: Math.round((performance.now() - started) / 1000), commit, day: new Date().toISOString().slice(0, 10), machine, log }
  write()
}
const count = (which) => verdicts.filter((one) => one === which).length
console.log(`\ndeep: ${count('ok')} of ${verdicts.length} steps passed, ${count('skipped')} skipped, ${count('FAILED')} failed; docs/deep.md written`)
process.exitCode = count('FAILED') === 0 ? 0 : 1
