import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadStandard, type ServiceStandard } from '../src/standard/index.js'
import { commands, statuses, type CommandName } from '../src/workflow/index.js'
import { outcomesOf } from './exploration/outcomes.js'
import { filings } from './exploration/world.js'

const file = new URL('../../../docs/workflow-outcomes.md', import.meta.url)
/** A digest of each state searched, in order. The page says what was decided how often; this, that it was so to the last field of every event. */
const digests = new URL('./exploration/outcomes.json', import.meta.url)
const update = process.env['UPDATE_DOCS'] === '1'
const reviewed = JSON.parse(readFileSync(digests, 'utf8')) as Readonly<Record<string, string>>

/** Neither of the published standards offers suspension; this invented one does, and is searched for that alone. */
const offeringSuspension = loadStandard(JSON.parse(readFileSync(new URL('../../../docs/standards/kabupaten-tanjung-karsa.json', import.meta.url), 'utf8')) as object)

type Searched = { readonly standard: ServiceStandard } & ReturnType<typeof outcomesOf>

function search(standard: ServiceStandard): Searched {
  const { id } = standard
  const before = (reviewed[id] ?? '').split(' ')
  const now: string[] = []
  // At the first state that differs: later ones may be others altogether.
  const found = outcomesOf(standard, (at, state, digest) => {
    now.push(digest)
    if (!update) expect(digest, `${id}, state ${at}: ${state}`).toBe(before[at])
  }, filings(standard).filter((one) => standard !== offeringSuspension || one.type === 'file' && one.kind === 'suspension'))
  if (update) writeFileSync(digests, `${JSON.stringify({ ...JSON.parse(readFileSync(digests, 'utf8')) as object, [id]: now.join(' ') }, undefined, 1)}\n`)
  else expect(now, `${id}: number of states`).toHaveLength(before.length)
  return { standard, ...found }
}
function page(found: readonly Searched[]): string {
  return [
    '# Putusan / Outcomes: what each command does in each status',
    '',
    'Generated; do not edit. Every command by every actor in the first states of a search through each standard (`packages/sdk/test/exploration/outcomes.ts`),',
    'counted by outcome: `-> status` it is carried out and ends there, otherwise the refusal. A change of a rule shows here and must be reviewed; a digest of each state',
    '(`packages/sdk/test/exploration/outcomes.json`) holds every event, effect and state to the last field.',
    'Regenerate with `UPDATE_DOCS=1 npx vitest run --project sdk packages/sdk/test/workflow-outcomes.test.ts`.',
    ...found.flatMap(({ standard, states, decisions, rows }) => [
      '',
      `## ${standard.title.id} (${standard.id})`,
      '',
      `${states} states, ${decisions} decisions.`,
      '',
      '| status | command | outcomes |',
      '|---|---|---|',
      ...rows.map(([status, command, outcomes]) => `| \`${status}\` | \`${command}\` | ${outcomes.map(([outcome, count]) => `${outcome} ${count}`).join(', ')} |`),
    ]),
    '',
  ].join('\n')
}

test('docs/workflow-outcomes.md is what the decider does: all that three standards can reach, by every command', () => {
  const found = [loadStandard('kota-pekalongan'), loadStandard('kabupaten-purbalingga'), offeringSuspension].map(search)
  const text = page(found)
  if (update) writeFileSync(file, text)
  // Line by line: a difference names the status and the command it concerns.
  expect(text.split('\n')).toEqual(readFileSync(file, 'utf8').split('\n'))

  const reached = new Set<string>(found.flatMap(({ rows }) => rows.map(([status]) => status)))
  expect(Object.keys(statuses).filter((status) => !reached.has(status))).toEqual([])
  const given = new Set(found.flatMap(({ rows }) => rows.map(([, command]) => command)))
  expect((Object.keys(commands) as CommandName[]).filter((command) => !given.has(command))).toEqual([])
})
