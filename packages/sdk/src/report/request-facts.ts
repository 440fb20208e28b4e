import type { WorkingCalendar } from '../calendar/index.js'
import type { ServiceStandard } from '../standard/service-standard.js'
import type { StoredEvent } from '../store/index.js'
import { evolve, serviceClock, type CaseState, type ClockTick, type WorkflowEvent } from '../workflow/index.js'

/** What a report needs of one request, derived from its events up to an instant. No personal data. */
export interface RequestFacts {
  readonly id: string
  readonly register?: string
  /** Under which it was filed: `id version`. */
  readonly standard: string
  readonly opd: string
  readonly reason: string
  /** Ids of the officers who approved, or rejected. */
  readonly officers: readonly string[]
  readonly status: CaseState['status']
  readonly filedAt: string
  readonly returned: number
  readonly rejected: boolean
  readonly withdrawn: boolean
  /** AMS said revoked. */
  readonly revoked: boolean
  /** The certificate authority's own evidence proved it. */
  readonly proven: boolean
  readonly contradicted: boolean
  readonly failed: boolean
  readonly emergency: boolean
  readonly expedited: boolean
  /** Service clock. */
  readonly clock: 'notStarted' | 'running' | 'paused' | 'stopped'
  readonly serviceMinutes: number
  readonly due?: string
  readonly provisional: boolean
  readonly breached: boolean
  /** The second clock, minutes on the wall, once proven. */
  readonly proofMinutes?: number
  readonly attribution: Readonly<Record<'applicant' | 'dinkominfo' | 'bsre' | 'ams' | 'publication', number>>
  readonly events: number
  /** Digest of the last event counted. */
  readonly head: string
}

/**
 * Facts of one request as they stood at `asOf`; `undefined` when it was filed later.
 *
 * @param asOf ISO 8601 UTC, inclusive
 * @example
 * ```ts
 * const facts = requestFacts(await sealedHistory(), purbalingga, officeCalendar, instantOf('11:00'))
 * facts?.officers // ['tegar.maulana']
 * facts?.serviceMinutes // 105
 * // AMS said revoked; no CRL or OCSP answer has proven it.
 * facts?.revoked // true
 * facts?.proven // false
 * ```
 */
export function requestFacts(
  events: readonly StoredEvent[],
  standard: ServiceStandard,
  calendar: WorkingCalendar,
  asOf: string,
): RequestFacts | undefined {
  let state: CaseState | undefined
  const ticks: ClockTick[] = []
  const seen = new Set<string>()
  const officers = new Set<string>()
  let last: StoredEvent | undefined
  let returned = 0
  let emergency = false
  for (const event of events) {
    if (event.time > asOf) break
    state = evolve(
      state,
      { type: event.type, actor: event.actor, time: event.time, data: event.data } as WorkflowEvent,
      event.caseId,
      event.standard,
    )
    ticks.push({ type: event.type, time: event.time, status: state.status })
    seen.add(event.type)
    seen.add(`status:${state.status}`)
    if (event.type === 'returned') returned += 1
    if (event.type === 'approved' || event.type === 'rejected') officers.add(event.actor.id)
    if (event.type === 'approved') emergency ||= (event.data as { emergency?: unknown }).emergency === true
    last = event
  }
  if (state === undefined || last === undefined) return undefined
  const clock = serviceClock(standard, calendar, ticks, state.expedited, asOf)
  return {
    id: state.id,
    standard: `${state.standard.id} ${state.standard.version}`,
    opd: state.parties.opdOrigin,
    reason: state.reason,
    officers: [...officers],
    status: state.status,
    filedAt: state.filedAt,
    returned,
    rejected: seen.has('rejected'),
    withdrawn: seen.has('withdrawn'),
    revoked: seen.has('status:awaitingProof') || seen.has('status:revoked'),
    proven: seen.has('proven'),
    contradicted: seen.has('contradicted'),
    failed: state.status === 'failed',
    emergency,
    expedited: state.expedited,
    clock: clock.state,
    serviceMinutes: clock.elapsedMinutes,
    breached: clock.breached,
    provisional: (clock.deadline?.provisional.length ?? 0) > 0,
    attribution: clock.attribution,
    events: ticks.length,
    head: last.digest,
    ...(state.register === undefined ? {} : { register: state.register }),
    ...(clock.deadline === undefined ? {} : { due: clock.deadline.due }),
    ...(clock.timeToProof?.until === undefined ? {} : { proofMinutes: clock.timeToProof.minutes }),
  }
}
