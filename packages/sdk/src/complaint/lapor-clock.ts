import { deadlineFor, type Deadline, type WorkingCalendar } from '../calendar/index.js'
import type { LimitKind } from '../calendar/index.js'

/** One limit of SP4N-LAPOR. `confirmed: false`: from background knowledge, to be confirmed against the portal's own rules. */
export interface LaporLimit {
  readonly step: 'verify' | 'act' | 'respond' | 'complete'
  readonly kind: LimitKind
  readonly amount: number
  readonly confirmed: boolean
}

const steps: readonly LaporLimit[] = [
  { step: 'verify', kind: 'workingDays', amount: 3, confirmed: false },
  { step: 'act', kind: 'workingDays', amount: 5, confirmed: false },
  { step: 'respond', kind: 'workingDays', amount: 10, confirmed: false },
]

/** Completion by class, in working days. */
const completion: Readonly<Record<LaporClass, number>> = { information: 5, nonSupervisory: 14, supervisory: 60 }

/** LAPOR's own classes; other than the standard's. */
export type LaporClass = 'information' | 'nonSupervisory' | 'supervisory'

/**
 * SP4N-LAPOR's two clocks for a complaint that lies there: the portal's steps and the completion by class, in working days. They run beside the
 * standard's own limit and replace it nowhere.
 *
 * @param receivedAt ISO 8601 UTC
 * @throws CabutError `calendarInvalid` for a time that is none
 * @example
 * ```ts
 * const limits = laporDeadlines('2026-11-20T03:00:00.000Z', 'nonSupervisory', officeCalendar)
 * limits.map(({ step, amount }) => `${step} ${amount}`) // ['verify 3', 'act 5', 'respond 10', 'complete 14']
 * limits[0]?.deadline.due // '2026-11-25T09:00:00.000Z'
 * ```
 */
export function laporDeadlines(
  receivedAt: string,
  kind: LaporClass,
  calendar: WorkingCalendar,
): readonly (LaporLimit & { readonly deadline: Deadline })[] {
  const limits: readonly LaporLimit[] = [...steps, { step: 'complete', kind: 'workingDays', amount: completion[kind], confirmed: true }]
  return limits.map((limit) => ({ ...limit, deadline: deadlineFor(limit, new Date(receivedAt), calendar) }))
}
