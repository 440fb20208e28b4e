import type { ServiceStandard } from '../../src/standard/index.js'
import {
  allowedNow, compileRules, decide, evolve, isRefusal, statuses, transitions, type Actor, type CaseState, type Command, type CommandName, type RosterEntry, type Rules, type Status, type WorkflowEvent,
} from '../../src/workflow/index.js'
import { missingKinds } from '../../src/standard/letters.js'
import { actorsOf, commandsFor, everywhere, filings, keyOf, times } from './world.js'

export interface Explored {
  readonly states: number
  readonly decisions: number
  readonly transitions: number
  readonly statuses: ReadonlySet<Status>
  /** `from command to` seen. */
  readonly edges: ReadonlySet<string>
  readonly violations: readonly string[]
}

export interface ExploreOptions {
  readonly roster?: readonly RosterEntry[]
  /** @default every way of filing that matters */
  readonly filings?: readonly Command[]
  /** States; more is a violation. */
  readonly limit?: number
}

interface Node { readonly state: CaseState; readonly time: number; readonly out: Set<string> }

/**
 * Visits every reachable abstract state and gives every command by every actor at every time in it. What is found wrong is said once for
 * each kind, with the state it happened in.
 */
export function explore(standard: ServiceStandard, options: ExploreOptions = {}): Explored {
  const { roster, limit = 150_000 } = options
  const rules = compileRules(standard, roster === undefined ? {} : { roster })
  const actors = actorsOf(standard)
  const nodes = new Map<string, Node>()
  const queue: string[] = []
  const edges = new Set<string>()
  const seen = new Set<Status>()
  const probes = new Map<Status, number>()
  const violations = new Map<string, string>()
  let decisions = 0
  let moves = 0

  const wrong = (kind: string, state: CaseState | undefined, by: string): void => {
    if (!violations.has(kind)) violations.set(kind, `${kind}: ${by} in ${state === undefined ? 'none' : keyOf(state, 0)}`)
  }
  const enter = (state: CaseState, time: number): string => {
    const key = keyOf(state, time)
    if (!nodes.has(key)) {
      nodes.set(key, { state, time, out: new Set() })
      queue.push(key)
      seen.add(state.status)
    }
    return key
  }
  const apply = (before: CaseState | undefined, events: readonly WorkflowEvent[]): CaseState => {
    let state = before
    for (const event of events) state = evolve(state, event, 'K-1', rules.standard)
    return state as CaseState
  }

  for (const command of options.filings ?? filings(standard)) {
    for (const actor of actors) {
      decisions++
      const decision = decide(rules, undefined, command, actor, times[0])
      if (isRefusal(decision)) continue
      const state = apply(undefined, decision)
      edges.add(`none file ${state.status}`)
      check(rules, undefined, state, decision, 'file', wrong)
      enter(state, 0)
    }
  }
  for (let at = 0; at < queue.length && nodes.size < limit; at++) {
    const node = nodes.get(queue[at] as string) as Node
    const { state } = node
    // Of each status the first few states get every command there is, also those the abstraction leaves out elsewhere.
    const probed = probes.get(state.status) ?? 0
    probes.set(state.status, probed + 1)
    const commands = probed < 12 ? [...commandsFor(rules, state), ...everywhere] : commandsFor(rules, state)
    const { time } = node
    const now = times[time] as string
    // Time passes by itself.
    const later = state.effectiveDate === undefined ? times.length - 1 : time + 1
    if (later > time && later < times.length && !statuses[state.status].final) node.out.add(enter(state, later))
    {
      for (const command of commands) {
        for (const actor of actors) {
          if (skips(command, actor)) continue
          decisions++
          const decision = decide(rules, state, command, actor, now)
          if (isRefusal(decision)) {
            if (decision.allowed.length === 0 && !statuses[state.status].final) wrong('a refusal that says nothing', state, command.type)
            continue
          }
          if (decision.length === 0) continue
          moves++
          const next = apply(state, decision)
          edges.add(`${state.status} ${command.type} ${next.status}`)
          check(rules, state, next, decision, `${command.type} by ${actor.id} as ${actor.role}`, wrong)
          node.out.add(enter(next, time))
        }
      }
    }
  }
  if (nodes.size >= limit) wrong('more states than the limit', undefined, String(limit))
  for (const { state, out, time } of nodes.values()) {
    const row = statuses[state.status]
    if (row.final) continue
    if ((row.turn as readonly string[]).length === 0) wrong('nobody has the turn', state, '')
    if (allowedNow(rules, state).length === 0) wrong('nothing is allowed', state, '')
    if (out.size === 0) wrong('no way forward', state, String(time))
  }
  for (const [key] of unending(nodes)) wrong('no end can be reached', nodes.get(key)?.state, '')
  return { states: nodes.size, decisions, transitions: moves, statuses: seen, edges, violations: [...violations.values()] }
}

/** What no step may ever do (the invariants of the service). */
function check(rules: Rules, before: CaseState | undefined, after: CaseState, events: readonly WorkflowEvent[], by: string, wrong: (kind: string, state: CaseState | undefined, by: string) => void): void {
  const acting = events[0]?.actor.id ?? ''
  if (after.expedited && !rules.expeditedReasons.has(after.reason)) wrong('urgent for a reason that is not', before, by)
  for (const event of events) {
    if (event.type === 'approved' && before !== undefined && before.filers.includes(acting) && !event.data.emergency) wrong('approved by a filer', before, by)
    if (event.type === 'approved' && before !== undefined && !before.expedited && missingKinds(rules, before, before.letters, 'mandatory').length > 0) wrong('approved without its letters', before, by)
    if (event.type === 'approved' && event.data.emergency && !(before?.expedited ?? false)) wrong('an emergency approval of an ordinary request', before, by)
    if (event.type === 'resolved' && event.data.approves && before !== undefined && before.filers.includes(acting)) wrong('a contradiction resolved by a filer', before, by)
    if (event.type === 'executionStarted' && before?.effectiveDate !== undefined && event.time < before.effectiveDate) wrong('executed before the effective date', before, by)
    if (event.type === 'closed' && before !== undefined && !before.notices.some(one => one.party === 'applicant' && one.subject === before.status && one.at >= before.since)) {
      wrong('closed without the applicant informed', before, by)
    }
    if (event.type === 'closed' && before?.ratification !== undefined && before.ratification.decision === undefined) wrong('closed without ratification', before, by)
    if (event.type === 'amsWriteStarted' && before?.ams.write !== undefined && !(before.ams.write.unknown && before.ams.write.key === event.data.key)) {
      wrong('a second write beside an open one', before, by)
    }
  }
  if (after.status === 'revoked' && before?.status !== 'revoked' && before?.status !== 'closed') {
    if (events.at(-1)?.type !== 'proven' || after.proof === undefined) wrong('revoked without proof', before, by)
    if (after.proof !== undefined && !after.evidence.includes(after.proof.sha256)) wrong('revoked without its evidence recorded', before, by)
    if (after.approval === undefined) wrong('revoked without approval', before, by)
  }
  const executing = after.status === 'executing' || after.status === 'atBsre' || after.status === 'awaitingProof' || after.status === 'revoked' || after.status === 'suspended'
  if (executing && after.approval === undefined) wrong('executed without approval', before, by)
  if (executing && after.approval !== undefined && !after.approval.emergency && after.approval.by === after.parties.applicant.id) wrong('executed on the approval of the filer', before, by)
  if (executing && after.approval?.emergency === true && after.ratification === undefined) wrong('an emergency without a ratification owed', before, by)
  if (before !== undefined) {
    if (before.evidence.some(one => !after.evidence.includes(one))) wrong('evidence lost', before, by)
    if (before.letters.some(one => !after.letters.some(other => other.sha256 === one.sha256))) wrong('a letter lost', before, by)
    if (before.filers.some(one => !after.filers.includes(one))) wrong('a filer forgotten', before, by)
    if (before.proof !== undefined && after.proof === undefined) wrong('a proof lost', before, by)
    if (after.version !== before.version + events.length) wrong('versions do not count events', before, by)
  }
}

/** Nodes from which no final status can be reached, by walking backwards from the final ones. */
function unending(nodes: ReadonlyMap<string, Node>): ReadonlyMap<string, Node> {
  const into = new Map<string, string[]>()
  for (const [key, { out }] of nodes) for (const next of out) into.set(next, [...into.get(next) ?? [], key])
  const reached = new Set<string>()
  const walk: string[] = []
  for (const [key, { state }] of nodes) if (statuses[state.status].final) walk.push(key)
  for (let key = walk.pop(); key !== undefined; key = walk.pop()) {
    if (reached.has(key)) continue
    reached.add(key)
    walk.push(...into.get(key) ?? [])
  }
  return new Map([...nodes].filter(([key]) => !reached.has(key)))
}

/** Edges of the table as `from command to`. */
export function tableEdges(): ReadonlySet<string> {
  const edges = new Set<string>()
  for (const name of Object.keys(transitions) as CommandName[]) {
    for (const [from, to] of Object.entries(transitions[name].edges)) for (const one of to) edges.add(`${from} ${name} ${one}`)
  }
  return edges
}

/** People are symmetric: the second letter comes from Budi, or from somebody who may not. */
function skips(command: Command, actor: Actor): boolean {
  return command.type === 'attach' && (command.letter.kind === 'other' ? actor.id !== 'budi' && actor.id !== 'orang.lain' : actor.id !== 'ani')
}
