import type { ServiceStandard } from '../../src/standard/index.js'
import {
  allowedNow, amsActor, blockedBy, compileRules, decide, effectsOf, evolve, isRefusal, nextWrite, statuses, type CaseState, type CommandName, type Status,
} from '../../src/workflow/index.js'
import { actorsOf, commandsFor, everywhere, filings, keyOf, times } from './world.js'

/** Outcomes of one command in one status: `-> status` or a refusal, and how often. */
export type OutcomeRow = readonly [status: Status | 'none', command: CommandName, outcomes: readonly (readonly [string, number])[]]

/** States kept of each status and instant: enough for every rule to speak, few enough to be run at every test. */
const kept = 3

/** Told after each state what it is and a digest of everything decided in it: every refusal, every event with its data, effects and state after it. */
export type StateWatch = (at: number, state: string, digest: string) => void

/**
 * A narrow search: every command by every actor, in the first states found of each status at each instant. `explore` proves what must never
 * happen; this says what does happen, so that a rule that changes without breaking an invariant is seen too.
 */
export function outcomesOf(standard: ServiceStandard, watch: StateWatch = () => undefined, first: ReturnType<typeof filings> = filings(standard)): { readonly states: number; readonly decisions: number; readonly rows: readonly OutcomeRow[] } {
  const rules = compileRules(standard, { roster: actorsOf(standard).filter(({ role }) => role !== 'system' && role !== 'applicant') })
  const actors = actorsOf(standard)
  const counts = new Map<string, Map<string, number>>()
  const known = new Set<string>()
  const perStatus = new Map<string, number>()
  const queue: { readonly state: CaseState; readonly time: number }[] = []
  let decisions = 0
  let told = digestStart
  const tell = (what: unknown): void => { told = digestOn(told, typeof what === 'string' ? what : JSON.stringify(what) ?? '') }
  const count = (status: Status | 'none', command: CommandName, outcome: string): void => {
    const key = `${status} ${command}`
    const row = counts.get(key) ?? new Map<string, number>()
    row.set(outcome, (row.get(outcome) ?? 0) + 1)
    counts.set(key, row)
  }
  const enter = (state: CaseState, time: number): void => {
    const key = keyOf(state, time)
    const place = `${state.status} ${time}`
    if (known.has(key) || (perStatus.get(place) ?? 0) >= kept) return
    known.add(key)
    perStatus.set(place, (perStatus.get(place) ?? 0) + 1)
    queue.push({ state, time })
  }
  const give = (state: CaseState | undefined, time: number, all: ReturnType<typeof commandsFor>): void => {
    for (const command of all) {
      for (const actor of actors) {
        decisions += 1
        const decision = decide(rules, state, command, actor, times[time] as string)
        if (isRefusal(decision)) {
          count(state?.status ?? 'none', command.type, `\`${decision.refused}\``)
          tell(decision.refused)
          if (decision.missing !== undefined) tell(decision.missing)
          continue
        }
        let next = state
        for (const event of decision) {
          next = evolve(next, event, 'K-1', rules.standard)
          tell(event)
          tell(effectsOf(rules, event, next))
        }
        tell(next)
        count(state?.status ?? 'none', command.type, decision.length === 0 ? 'nothing' : `-> \`${(next as CaseState).status}\``)
        if (decision.length > 0) enter(next as CaseState, time)
      }
    }
  }
  tell(allowedNow(rules, undefined))
  give(undefined, 0, [...first, { type: 'receive' }])
  watch(0, 'none', told.toString(16).padStart(8, '0'))
  for (let at = 0; at < queue.length; at += 1) {
    const { state, time } = queue[at] as (typeof queue)[number]
    // Time passes by itself.
    const later = state.effectiveDate === undefined ? times.length - 1 : time + 1
    if (later > time && later < times.length && !statuses[state.status].final) enter(state, later)
    told = digestStart
    // What the desk is told of a state: who may do what, whether it is stuck, what AMS should hear, and from whom.
    tell([allowedNow(rules, state), blockedBy(rules, state) ?? '', nextWrite(rules, state) ?? '', ...(['file', 'forward', 'read'] as const).map((operation) => amsActor(rules, state, operation))])
    give(state, time, [...first.slice(0, 1), ...commandsFor(rules, state), ...everywhere])
    watch(at + 1, keyOf(state, time), told.toString(16).padStart(8, '0'))
  }
  const dull = new Set(['`notInThisStatus`', '`notYourRole`', '`notYourOffice`', '`alreadyFiled`', '`notFiled`'])
  return {
    states: queue.length,
    decisions,
    rows: [...counts]
      .map(([key, row]): OutcomeRow => {
        const [status, command] = key.split(' ') as [Status | 'none', CommandName]
        return [status, command, [...row].sort(([a], [b]) => (a < b ? -1 : 1))]
      })
      // What only says that it is not the time or the person is the table of transitions again.
      .filter(([, , outcomes]) => outcomes.some(([outcome]) => !dull.has(outcome))),
  }
}

const digestStart = 0x811c9dc5

/** FNV-1a, 32 bits: enough to see that something changed, small enough to keep one for each state. */
function digestOn(before: number, text: string): number {
  let hash = before
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
