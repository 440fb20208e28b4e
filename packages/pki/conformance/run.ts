/**
 * Runs the public suites in the folder named by CABUT_VECTORS and compares with `expectation.json`. A case that changes, for the better too, fails until the
 * expectation is renewed on purpose (`--renew`) and reviewed. Exits with 77 when a suite was not there and nothing else is wrong: that is no pass.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { opensslOcsp } from './openssl-ocsp.js'
import { pkits } from './pkits.js'
import { tally, type Suite } from './suite.js'

const suites: readonly Suite[] = [pkits, opensslOcsp]
const expectationFile = new URL('expectation.json', import.meta.url)

const skippedExit = 77

type Expectation = Record<string, Record<string, string>>

async function main(): Promise<number> {
  const vectors = process.env['CABUT_VECTORS']
  if (vectors === undefined || vectors === '') {
    console.log('SKIPPED conformance: CABUT_VECTORS names no folder of vectors')
    return skippedExit
  }
  const expected = existsSync(expectationFile) ? (JSON.parse(readFileSync(expectationFile, 'utf8')) as Expectation) : {}
  const found: Expectation = {}
  let failures = 0
  let skipped = 0
  for (const suite of suites) {
    const folder = join(vectors, suite.folder)
    if (!existsSync(folder)) {
      console.log(`SKIPPED ${suite.name}: no folder ${suite.folder}`)
      found[suite.name] = expected[suite.name] ?? {}
      skipped++
      continue
    }
    const start = performance.now()
    const results = await suite.run(folder)
    const { right, falseGood, falseRefused } = tally(results)
    const sections = suite.folder === 'pkits' ? crlSections(results) : ''
    console.log(`${suite.name}: ${right} of ${results.length} right, ${falseGood} false good, ${falseRefused} false refused${sections} (${Math.round(performance.now() - start)} ms)`)
    const outcomes = Object.fromEntries(results.map(({ id, outcome }) => [id, outcome]))
    found[suite.name] = outcomes
    for (const result of results) {
      const wrong = (result.outcome === 'good') !== (result.expected === 'good')
      const before = expected[suite.name]?.[result.id]
      if (before === result.outcome) continue
      failures++
      console.log(`  ${wrong ? 'WRONG' : 'right'} ${result.id}: ${result.outcome}, expected before: ${before ?? 'nothing'}`)
    }
    for (const id of Object.keys(expected[suite.name] ?? {})) {
      if (outcomes[id] !== undefined) continue
      failures++
      console.log(`  GONE ${id}`)
    }
  }
  if (process.argv.includes('--renew')) {
    writeFileSync(expectationFile, `${JSON.stringify(found, null, 1)}\n`)
    console.log('expectation.json renewed: review it')
    return 0
  }
  if (failures > 0) return 1
  return skipped === 0 ? 0 : skippedExit
}

/** The sections of PKITS about CRLs. */
function crlSections(results: Awaited<ReturnType<Suite['run']>>): string {
  const part = results.filter(({ id }) => /^(404|405|414|415)/.test(id))
  return `; sections 4.4, 4.5, 4.14, 4.15: ${tally(part).right} of ${part.length}`
}

process.exitCode = await main()
