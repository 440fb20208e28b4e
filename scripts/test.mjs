// `npm test`: the architecture check, then every test project once. Prints what it runs and a closing count; writes .cache/vitest.json.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const report = join(root, '.cache', 'vitest.json')
mkdirSync(dirname(report), { recursive: true })
rmSync(report, { force: true })

function firstLines(text) {
  return (text ?? '').replace(/\u001b\[[0-9;]*m/g, '').split('\n').slice(0, 6).join(' | ').slice(0, 600)
}

function step(title, args) {
  console.log(`\n== ${title}`)
  const started = performance.now()
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  console.log(`== ${title}: ${status === 0 ? 'ok' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return status === 0
}

const architecture = step('architecture: import table, purity, cycles', ['scripts/architecture.mjs'])
if (process.env.CABUT_HEAVY !== '1') console.log('\nSKIP: *.heavy.test.ts (many processes, most of them killed and started again, and what takes long); CABUT_HEAVY=1 npm test runs those alone, .ci/run runs them too')
const tests = step('tests: every package, on its sources', [
  'node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2),
])
let passed = 0
let failed = 1
let skipped = 0
/** What failed, for whoever reads only the end of a long log. */
const failures = []
try {
  const result = JSON.parse(readFileSync(report, 'utf8'))
  passed = result.numPassedTests
  // A file may fail before or after its tests, with none of them failed.
  const fallen = result.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed'))
  failed = result.numFailedTests + fallen.length
  skipped = result.numPendingTests + result.numTodoTests
  for (const file of fallen) failures.push(`${relative(root, file.name)}: ${firstLines(file.message) || 'see above'}`)
  for (const file of result.testResults) {
    const name = relative(root, file.name)
    for (const one of file.assertionResults) if (one.status === 'failed') failures.push(`${name} > ${one.fullName}: ${firstLines(one.failureMessages.join('\n'))}`)
  }
} catch {
  console.error('no test report was written')
}
passed += architecture ? 1 : 0
failed += architecture ? 0 : 1
if (!tests && failed === 0) failed = 1
if (!architecture) failures.push('architecture: see above')
for (const failure of failures) console.log(`FAILED ${failure}`)
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed === 0 && passed > 1 ? 0 : 1
