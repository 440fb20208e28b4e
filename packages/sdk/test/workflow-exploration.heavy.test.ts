import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { loadStandard, type ServiceStandard } from '../src/standard/index.js'
import { statuses, type Status } from '../src/workflow/index.js'
import { explore, tableEdges } from './exploration/explore.js'
import { filings } from './exploration/world.js'

const invented = (file: string): ServiceStandard => loadStandard(JSON.parse(readFileSync(new URL(`../../../docs/standards/${file}`, import.meta.url), 'utf8')) as object)

const standards: readonly ServiceStandard[] = [
  loadStandard('kota-pekalongan'), loadStandard('kabupaten-purbalingga'), invented('kabupaten-tanjung-karsa.json'), invented('kota-teluk-sagu.json'),
]

/** How much was explored, by standard; printed in docs/workflow.md. `UPDATE_DOCS=1` writes it (then run workflow-document.test.ts so, too). */
const numbers = new URL('./exploration/explored.json', import.meta.url)
const update = process.env['UPDATE_DOCS'] === '1'

/**
 * The abstraction is that of `exploration/world.ts`: four people (one of them filer and verifier at once), a stranger, the desk; at most two
 * letters beside the required ones; before and after the effective date, and after the certificate has expired; loops fold.
 */
describe('every reachable state, every command, every actor', () => {
  const edges = new Set<string>()
  const seen = new Set<Status>()
  const lines: string[] = []

  for (const standard of standards) {
    test(`${standard.id}: no invariant is broken, nothing is stuck`, () => {
      const start = performance.now()
      const found = explore(standard)
      lines.push(`${standard.id}: ${found.states} states, ${found.transitions} transitions, ${found.decisions} decisions (${Math.round(performance.now() - start)} ms)`)
      for (const edge of found.edges) edges.add(edge)
      for (const status of found.statuses) seen.add(status)
      expect(found.violations).toEqual([])
      // A rule that changes the space it moves in shows on the page of the workflow, and is reviewed there.
      const { states, transitions, decisions } = found
      if (update) writeFileSync(numbers, `${JSON.stringify({ ...JSON.parse(readFileSync(numbers, 'utf8')) as object, [standard.id]: { states, transitions, decisions } }, undefined, 1)}\n`)
      else expect({ states, transitions, decisions }).toEqual((JSON.parse(readFileSync(numbers, 'utf8')) as Record<string, object>)[standard.id])
    }, 300_000)
  }

  test('a suspension that is expedited: an emergency act is ratified on every path', () => {
    const offering = standards.find(one => one.suspensionOffered) as ServiceStandard
    const standard = { ...offering, id: `${offering.id}, suspensions expedited`, expedite: { ...offering.expedite, reasons: ['penangguhan'], ratification: { kind: 'wallHours', amount: 24 } as const } }
    const found = explore(standard, { filings: filings(standard).filter(one => one.type === 'file' && one.kind === 'suspension') })
    lines.push(`${standard.id}: ${found.states} states, ${found.transitions} transitions, ${found.decisions} decisions`)
    for (const edge of found.edges) edges.add(edge)
    expect(found.violations).toEqual([])
  }, 300_000)

  test('the table holds every edge that was seen, and every edge of the table was seen', () => {
    const table = tableEdges()
    expect([...edges].filter(edge => !table.has(edge))).toEqual([])
    expect([...table].filter(edge => !edges.has(edge))).toEqual([])
    expect([...seen].sort()).toEqual(Object.keys(statuses).sort())
  })

  afterAll(() => { console.log(lines.join('\n')) })
})
