import { provisionalReasons } from '../calendar/deadline.js'
import { addWorkingTime, deadlineFor, workingTimeBetween, type Deadline, type WorkingCalendar } from '../calendar/index.js'
import type { ServiceStandard } from '../standard/service-standard.js'
import { statuses, type Status } from './status.js'

/** One event as the clock needs it: when, what, and the status it led to. */
export interface ClockTick {
  readonly type: string
  /** ISO UTC. */
  readonly time: string
  /** Status after the event. */
  readonly status: Status
}

/** Whose time passed. Milliseconds on the wall. */
export type Attribution = Readonly<Record<'applicant' | 'dinkominfo' | 'bsre' | 'ams' | 'publication', number>>

/** The service clock of one request, derived from its events: it survives restarts because nothing of it is stored. */
export interface ServiceClock {
  readonly state: 'notStarted' | 'running' | 'paused' | 'stopped'
  readonly startedAt?: string
  readonly stoppedAt?: string
  /** Service time used: working minutes where the limit counts those, else minutes on the wall. Pauses (returned to the applicant) left out. */
  readonly elapsedMinutes: number
  /** When the limit ends, pauses added; absent before the start. */
  readonly deadline?: Deadline
  readonly breached: boolean
  /** The share of the limit at which a warning is due has passed. */
  readonly warned: boolean
  readonly attribution: Attribution
  /** From AMS's or the execution's word to the proof: the second clock. */
  readonly timeToProof?: { readonly from: string; readonly until?: string; readonly minutes: number }
}

/** What the clock needs of a standard. */
export type ClockStandard = Pick<ServiceStandard, 'timeLimit' | 'expedite'>

const starts: Readonly<Record<string, readonly string[]>> = {
  // An electronic letter is received when it arrives: the citizen's reading, and never later than the registrar's stamp.
  submission: ['submitted'], receipt: ['submitted', 'received'], completeness: ['verified'], authentication: ['verified'],
}
const stops: Readonly<Record<string, readonly string[]>> = { notification: ['informed'], answerLetter: ['answered'], revocation: ['amsAnswered'] }

/** Events the clock looks at even where the status stays. */
const heard: ReadonlySet<string> = new Set([...Object.values(starts).flat(), ...Object.values(stops).flat(), 'proven'])

/** Adds an event to the passage of a request: each change of status, and what the clock starts and stops by. */
export function passing(passage: readonly ClockTick[], tick: ClockTick): readonly ClockTick[] {
  return passage.at(-1)?.status === tick.status && !heard.has(tick.type) ? passage : [...passage, tick]
}

/** Statuses in which telling the applicant is the notification the standard means, not an acknowledgement or a return. */
const decided: ReadonlySet<Status> = new Set(['awaitingProof', 'revoked', 'suspended', 'resumed', 'rejected', 'failed', 'closed'])

/**
 * The service clock from the events of a request. It runs from the standard's start event to its stop event, pauses while the request lies
 * with the applicant (returned), and is apart from the time to proof. Working minutes and minutes on the wall in `elapsedMinutes` and
 * `timeToProof`, milliseconds in `attribution`.
 *
 * @param ticks - the events in order; {@link CaseState.passage} holds enough of them
 * @param expedited - runs on the limit for key compromise instead (wall hours, outside service hours too)
 * @param now - ISO UTC
 * @example
 * ```ts
 * const clock = serviceClock(purbalingga, officeCalendar, requestAt('awaitingProof').passage, false, instantOf('10:30'))
 * clock.state // 'running'
 * clock.elapsedMinutes // 90
 * // 170 working minutes after 09.00 WIB.
 * clock.deadline?.due // '2026-11-24T04:50:00.000Z'
 * clock.attribution.bsre / 60_000 // 33
 * ```
 */
export function serviceClock(standard: ClockStandard, calendar: WorkingCalendar, ticks: readonly ClockTick[], expedited: boolean, now: string): ServiceClock {
  const { timeLimit } = standard
  const limit = expedited ? standard.expedite.limit : timeLimit
  const attribution = { applicant: 0, dinkominfo: 0, bsre: 0, ams: 0, publication: 0 }
  let startedAt: string | undefined
  let stoppedAt: string | undefined
  let pausedAt: string | undefined
  let promised: string | undefined
  let provenAt: string | undefined
  let before: ClockTick | undefined
  const spans: [string, string][] = []
  let from: string | undefined

  for (const tick of ticks) {
    if (before !== undefined) attribute(attribution, before, tick.time)
    if (startedAt === undefined && (starts[timeLimit.start] ?? []).includes(tick.type)) {
      startedAt = tick.time
      from = tick.time
    }
    if (startedAt !== undefined && stoppedAt === undefined) {
      if (tick.status === 'returned' && pausedAt === undefined) {
        pausedAt = tick.time
        if (from !== undefined) spans.push([from, tick.time])
        from = undefined
      } else if (tick.status !== 'returned' && pausedAt !== undefined) {
        pausedAt = undefined
        from = tick.time
      }
      const ends = (stops[timeLimit.stop] ?? []).includes(tick.type) && (timeLimit.stop !== 'revocation' ? decided.has(tick.status) : tick.status === 'awaitingProof')
      if (ends || tick.status === 'withdrawn') {
        stoppedAt = tick.time
        if (from !== undefined) spans.push([from, tick.time])
        from = undefined
      }
    }
    if (promised === undefined && tick.status === 'awaitingProof') promised = tick.time
    if (provenAt === undefined && tick.type === 'proven') provenAt = tick.time
    before = tick
  }
  if (before !== undefined && !statuses[before.status].final) attribute(attribution, before, now)
  if (from !== undefined) spans.push([from, now > from ? now : from])

  const measure = (span: readonly [string, string]): number => {
    const minutes = (Date.parse(span[1]) - Date.parse(span[0])) / 60_000
    return limit.kind === 'workingMinutes' || limit.kind === 'sameDay' ? workingTimeBetween(new Date(span[0]), new Date(span[1]), calendar) : minutes
  }
  const elapsedMinutes = spans.reduce((sum, span) => sum + measure(span), 0)
  const proofFrom = promised ?? provenAt
  const timeToProof = proofFrom === undefined ? {} : {
    timeToProof: {
      from: proofFrom, ...(provenAt === undefined ? {} : { until: provenAt }),
      minutes: Math.max(0, Date.parse(provenAt ?? now) - Date.parse(proofFrom)) / 60_000,
    },
  }
  if (startedAt === undefined) return { state: 'notStarted', elapsedMinutes: 0, breached: false, warned: false, attribution, ...timeToProof }

  const deadline = deadlineWithPauses(limit, startedAt, spans, measure, calendar)
  // The time with the applicant is nobody's lateness; what was late before it stays late.
  const end = stoppedAt ?? pausedAt ?? now
  const late = spans.some((span, at) => span[1] > (at === spans.length - 1 ? deadline : deadlineWithPauses(limit, startedAt, spans.slice(0, at + 1), measure, calendar)).due)
  return {
    state: stoppedAt !== undefined ? 'stopped' : pausedAt !== undefined ? 'paused' : 'running',
    startedAt, ...(stoppedAt === undefined ? {} : { stoppedAt }),
    elapsedMinutes, deadline,
    breached: late,
    warned: warns(limit, timeLimit.warnAt, elapsedMinutes, startedAt, deadline.due, end),
    attribution, ...timeToProof,
  }
}

function attribute(attribution: Record<keyof Attribution, number>, tick: ClockTick, until: string): void {
  const whose = statuses[tick.status].time
  if (whose !== 'none') attribution[whose] += Math.max(0, Date.parse(until) - Date.parse(tick.time))
}

/**
 * The limit from the last resumption, less what was used before it: a return gives its time back to the applicant, not to the office. Kinds on
 * the wall move by the pause itself, working days by the working time in it, so that none ends while the office is closed.
 */
function deadlineWithPauses(
  limit: { readonly kind: Deadline['kind']; readonly amount: number }, startedAt: string, spans: readonly (readonly [string, string])[],
  measure: (span: readonly [string, string]) => number, calendar: WorkingCalendar,
): Deadline {
  const whole = deadlineFor(limit, new Date(startedAt), calendar)
  const last = spans.at(-1)
  if (spans.length < 2 || last === undefined) return whole
  const resumed = new Date(last[0])
  const moved = (due: Date, working = true): Deadline => ({
    ...whole, due: due.toISOString(), provisional: working ? provisionalReasons(new Date(startedAt), due, calendar) : whole.provisional,
  })
  const pauses = spans.slice(1).map((span, index): readonly [Date, Date] => [new Date((spans[index] as readonly [string, string])[1]), new Date(span[0])])
  switch (limit.kind) {
    case 'workingMinutes':
    case 'sameDay': {
      const left = Math.max(0, Math.ceil(limit.amount - spans.slice(0, -1).reduce((sum, span) => sum + measure(span), 0)))
      // Nothing left is due at once; for the same day an amount of none means closing.
      return left === 0 && limit.amount > 0 ? moved(resumed) : moved(new Date(deadlineFor({ kind: limit.kind, amount: left }, resumed, calendar).due))
    }
    case 'workingDays':
      return moved(addWorkingTime(new Date(whole.due), pauses.reduce((sum, [from, to]) => sum + workingTimeBetween(from, to, calendar), 0), calendar))
    default:
      return moved(new Date(Date.parse(whole.due) + pauses.reduce((sum, [from, to]) => sum + to.getTime() - from.getTime(), 0)), false)
  }
}

function warns(limit: { readonly kind: string; readonly amount: number }, share: number, elapsed: number, start: string, due: string, end: string): boolean {
  if (limit.kind === 'workingMinutes' && limit.amount > 0) return elapsed >= limit.amount * share
  const whole = Date.parse(due) - Date.parse(start)
  return Date.parse(end) - Date.parse(start) >= whole * share
}
