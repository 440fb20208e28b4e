import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadStandard } from '../src/standard/index.js'
import { commands, transitions } from '../src/workflow/index.js'
import { describeWorkflow } from '../src/workflow/document.js'

const file = new URL('../../../docs/workflow.md', import.meta.url)

const region = (id: string): ReturnType<typeof loadStandard> => loadStandard(JSON.parse(readFileSync(new URL(`../../../docs/standards/${id}.json`, import.meta.url), 'utf8')) as object)
const all = [loadStandard('kota-pekalongan'), loadStandard('kabupaten-purbalingga'), region('kabupaten-tanjung-karsa'), region('kota-teluk-sagu')]

/** What the exhaustive exploration covers, and how much of it there is. */
function exploration(): string {
  const explored = JSON.parse(readFileSync(new URL('./exploration/explored.json', import.meta.url), 'utf8')) as Readonly<Record<string, { readonly states: number; readonly transitions: number; readonly decisions: number }>>
  const number = (value: number): string => value.toLocaleString('en')
  return [
    '## Eksplorasi / Exploration', '',
    'Every reachable abstract state of each standard, and in each every command by every actor (`packages/sdk/test/workflow-exploration.heavy.test.ts`; abstraction: `packages/sdk/test/exploration/world.ts`):',
    'four people (one filer who is a verifier too, a verifier, the head, the supervisor), a stranger, one who files on behalf, the desk; the required letters and one more; no effective date or one ahead;',
    'three instants (before the effective date, after it, after the certificate has expired); AMS with at most one record, in one of four classes. What no rule reads is left out, so returning and',
    'handing in again fold into one another: there is no bound on returns. Proven in every state: no approval, no continuation of a contradiction by a filer but an emergency that is expedited and owes ratification;',
    'no approval without its letters; urgency only for an urgent reason; nothing executed before the effective date or without approval; `revoked` only by `prove` with recorded evidence; `closed` only with the',
    'applicant informed and an emergency ratified; no second write to AMS beside an open one; no evidence, letter, filer or proof is ever lost; every state that is not final names a turn, allows something,',
    'has a way forward, and can reach an end; every edge of the table is taken by some standard and no other edge is.', '',
    '| standard | states | transitions | decisions |', '| --- | --- | --- | --- |',
    ...Object.entries(explored).map(([id, { states, transitions, decisions }]) => `| ${id} | ${number(states)} | ${number(transitions)} | ${number(decisions)} |`), '',
  ].join('\n')
}

test('docs/workflow.md is what the tables say', () => {
  const text = `${describeWorkflow(all).trimEnd()}\n\n${exploration()}`
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, text)
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('every command of the table has a transition, and every step of a standard names a command of the table', () => {
  expect(Object.keys(transitions).sort()).toEqual(Object.keys(commands).sort())
  for (const { steps } of all) {
    for (const step of steps) if (step.command !== undefined) expect(Object.keys(commands)).toContain(step.command)
  }
})
