// npm run bench -- sdk [--write]: what a decision of the workflow and a deadline cost, beside named peers, in one run; prints tables, writes JSON, and with
// --write the page docs/bench-service.md.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../../..')
if (!existsSync(join(here, 'node_modules/dayjs'))) {
  console.log('installing the peers by their own lock file')
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', here], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? ''
const load = () => loadavg().map((value) => value.toFixed(1)).join(', ')
const report = {
  date: new Date().toISOString().slice(0, 10), commit: `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', 'packages/sdk/src') === '' ? '' : ' with changes'}`,
  node: process.versions.node, machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`, load: load(), peers: dependencies, groups: [],
}
console.log(`Node ${report.node}; ${report.machine}; load ${report.load}; peers: ${Object.entries(dependencies).map((pair) => pair.join(' ')).join(', ')}`)
for (const subject of ['decide', 'calendar']) {
  const group = await (await import(`./${subject}.mjs`)).run()
  report.groups.push(group)
  console.log(`\n${group.title} (us of processor time, medians)`)
  for (const { name, microseconds, note } of group.rows) console.log(`${name.padEnd(58)} ${microseconds.toFixed(3).padStart(10)}  ${note}`)
  for (const { what, wanted, got, met } of group.targets) console.log(`  ${met ? 'reached' : 'missed '}  ${wanted.padStart(8)}  ${got.padStart(9)}  ${what}`)
}
report.loadAfter = load()
const out = join(root, '.cache', 'bench')
mkdirSync(out, { recursive: true })
writeFileSync(join(out, 'sdk.json'), `${JSON.stringify(report, null, 1)}\n`)
if (process.argv.includes('--write')) {
  writeFileSync(join(root, 'docs', 'bench-service.md'), page(report))
  console.log('\nwritten to docs/bench-service.md')
}

function page({ date, commit, node, machine, load: before, loadAfter, peers, groups }) {
  const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  return [
    '# Workflow and calendar measured', '',
    'Written by `npm run bench -- sdk --write`; do not edit. Numbers are reported, not asserted, but for the calendar\'s (`calendar.prop.test.ts`): they hang on the machine. Microseconds of',
    'processor time of one call (the machine may be shared), medians of 15 rounds of at least 20 ms after warming up (7 for the slow peers); peers in the same process and run, pinned in',
    '`packages/sdk/bench/package-lock.json`. XState runs the same statechart, made from the same table, with guards on the role alone; ours also check four eyes, office, time, letters,',
    'findings and proof. dayjs-business-time is given the same hours and holidays; it steps from day to day and knows no decrees or versions.', '',
    `${date}, commit ${commit}. Node ${node}. ${machine}, load (1, 5, 15 minutes) ${before} at the start and ${loadAfter} at the end. Peers: ${Object.entries(peers).map((pair) => pair.join(' ')).join(', ')}.`, '',
    '## Numbers to reach', '',
    table(['what', 'wanted', 'measured', ''], groups.flatMap(({ targets }) => targets.map(({ what, wanted, got, met }) => [what, wanted, got, met ? 'reached' : 'missed']))), '',
    ...groups.flatMap(({ title, rows }) => [`## ${title}`, '', table(['', 'us', ''], rows.map(({ name, microseconds, note }) => [name, microseconds.toFixed(3), note])), '']),
    'The report on 10,000 requests is timed by its test (`packages/sdk/test/report/report.test.ts`, processor time below 2 s) and by `cabut report --sample 10000`.', '',
  ].join('\n')
}
