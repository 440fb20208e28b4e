import { InvalidInputError, issue, type Issue } from '../issues.js'
import { dayOfDate } from './zone.js'
import national from './data/id-national.json' with { type: 'json' }

/** Why a day is closed. `agency`: the office's own closure, such as a regional election. */
export type ClosureKind = 'nationalHoliday' | 'collectiveLeave' | 'agency'

/** One closed day. */
export interface Closure {
  readonly date: string
  readonly kind: ClosureKind
  readonly name: string
}

/** A decree (SKB 3 Menteri or an agency's own) that closes days, or opens days closed before. */
export interface HolidayDecree {
  readonly number: string
  /** Day it was decided (or announced), `YYYY-MM-DD`: from then on the calendar has another version. */
  readonly decidedOn: string
  /** Years it settles: afterwards a deadline in them is no longer provisional. An amendment leaves this empty. */
  readonly settles: readonly number[]
  readonly closes: readonly Closure[]
  /** Dates that are open again. */
  readonly opens: readonly string[]
  /** Public sources in which the decree was read, and what remains to be confirmed. */
  readonly sources: readonly string[]
}

/** Ramadan of one year, from the first to the last day of fasting; agency data with a source. */
export interface Ramadan {
  readonly from: string
  readonly to: string
  readonly source: string
}

/** A calendar as it stands after a series of decrees. */
export interface HolidayCalendar {
  readonly id: string
  /** `id` and the day of the latest decree, such as `id-national@2026-09-15`; a deadline records it. */
  readonly version: string
  readonly decrees: readonly HolidayDecree[]
  readonly ramadan: readonly Ramadan[]
}

/**
 * The joint ministerial decrees (SKB 3 Menteri) for 2025-2027, with the amendment of 7 August 2025. Dates of Ramadan are not in it: they are the
 * agency's own ({@link withRamadan}). What each decree was read in is in its `sources`.
 *
 * @example
 * ```ts
 * nationalCalendar.version // 'id-national@2026-09-15#4'
 * nationalCalendar.decrees.flatMap(({ settles }) => settles) // [2025, 2026, 2027]
 * ```
 */
export const nationalCalendar: HolidayCalendar = createHolidayCalendar(
  'id-national',
  (national as { decrees: readonly HolidayDecree[] }).decrees,
)

/**
 * Builds a calendar from decrees, in the order they were decided. A later decree may amend an earlier one. The version tells id, day of the
 * latest decree, how many there are, and the dates of Ramadan.
 *
 * @throws InvalidInputError `calendarInvalid` for a date that does not exist, Ramadan of another length than 29 or 30 days
 * @example
 * ```ts
 * createHolidayCalendar('kabupaten-contoh', nationalCalendar.decrees.slice(0, 2)).version // 'kabupaten-contoh@2025-08-07#2'
 * // 28 days of fasting.
 * createHolidayCalendar('kabupaten-contoh', [], [{ from: '2026-02-19', to: '2026-03-18', source: 'SE Bupati' }]) // throws calendarInvalid
 * ```
 */
export function createHolidayCalendar(id: string, decrees: readonly HolidayDecree[], ramadan: readonly Ramadan[] = []): HolidayCalendar {
  const issues = [...decrees.flatMap(checkDecree), ...ramadan.flatMap(checkRamadan)]
  if (issues.length > 0) throw new InvalidInputError('calendarInvalid', issues)
  const ordered = [...decrees].sort((a, b) => (a.decidedOn < b.decidedOn ? -1 : a.decidedOn > b.decidedOn ? 1 : 0))
  const suffix = ramadan.length === 0 ? '' : `+ramadan${ramadan.map(({ from, to }) => `(${from}..${to})`).join('')}`
  const version = `${id}@${ordered.at(-1)?.decidedOn ?? 'empty'}${ordered.length === 0 ? '' : `#${ordered.length}`}${suffix}`
  return { id, version, decrees: ordered, ramadan }
}

/**
 * The calendar after one more decree: a new object with a new version; deadlines computed before keep naming the old one.
 *
 * @throws InvalidInputError `calendarInvalid` for a date that does not exist
 * @example
 * ```ts
 * const closes = [{ date: '2026-11-25', kind: 'agency', name: 'Pemilihan kepala desa' }] as const
 * const amended = amendCalendar(nationalCalendar, { number: 'SE Bupati', decidedOn: '2026-11-20', settles: [], closes, opens: [], sources: [] })
 * amended.version // 'id-national@2026-11-20#5'
 * closuresOf(amended).get('2026-11-25')?.name // 'Pemilihan kepala desa'
 * ```
 */
export function amendCalendar(calendar: HolidayCalendar, decree: HolidayDecree): HolidayCalendar {
  return createHolidayCalendar(calendar.id, [...calendar.decrees, decree], calendar.ramadan)
}

/**
 * The calendar with dates of Ramadan, first and last day of fasting, which are the agency's own data; they take the place of those it had.
 * Hours of Ramadan hold only where the service hours have them.
 *
 * @throws InvalidInputError `calendarInvalid` for Ramadan of another length than 29 or 30 days
 * @example
 * ```ts
 * const holidays = withRamadan(nationalCalendar, [{ from: '2026-02-19', to: '2026-03-20', source: 'SE Bupati' }])
 * const fasting = createWorkingCalendar({ zone: 'WIB', hours: purbalingga.serviceHours, holidays })
 * // Thursday 26 February 2026: closing at 15.00 WIB instead of 16.00.
 * closingOf(new Date('2026-02-26T03:00:00Z'), fasting) // new Date('2026-02-26T08:00:00Z')
 * closingOf(new Date('2026-02-26T03:00:00Z'), officeCalendar) // new Date('2026-02-26T09:00:00Z')
 * ```
 */
export function withRamadan(calendar: HolidayCalendar, ramadan: readonly Ramadan[]): HolidayCalendar {
  return createHolidayCalendar(calendar.id, calendar.decrees, ramadan)
}

/**
 * The calendar as it was known at the end of a day: without the decrees decided later. Re-derives an old deadline.
 *
 * @param date `YYYY-MM-DD`
 * @example
 * ```ts
 * calendarAsOf(nationalCalendar, '2025-12-31').version // 'id-national@2025-09-19#3'
 * ```
 */
export function calendarAsOf(calendar: HolidayCalendar, date: string): HolidayCalendar {
  return createHolidayCalendar(
    calendar.id,
    calendar.decrees.filter(({ decidedOn }) => decidedOn <= date),
    calendar.ramadan,
  )
}

/**
 * Closed days in force, by date `YYYY-MM-DD`. Where two decrees close one day, the national holiday names it. Weekends are not in it: they
 * are closed by the service hours.
 *
 * @example
 * ```ts
 * closuresOf(nationalCalendar).get('2026-05-28') // { date: '2026-05-28', kind: 'collectiveLeave', name: 'Cuti bersama Iduladha' }
 * closuresOf(nationalCalendar).has('2026-05-26') // false
 * ```
 */
export function closuresOf(calendar: HolidayCalendar): ReadonlyMap<string, Closure> {
  const closures = new Map<string, Closure>()
  for (const decree of calendar.decrees) {
    for (const closure of decree.closes) if (closures.get(closure.date)?.kind !== 'nationalHoliday') closures.set(closure.date, closure)
    for (const date of decree.opens) closures.delete(date)
  }
  return closures
}

/** Years a decree has settled. */
export function settledYears(calendar: HolidayCalendar): ReadonlySet<number> {
  return new Set(calendar.decrees.flatMap(({ settles }) => settles))
}

function checkDecree(decree: HolidayDecree, index: number): Issue[] {
  const dates: [string, string][] = [
    [`decrees[${index}].decidedOn`, decree.decidedOn],
    ...decree.closes.map(({ date }, at): [string, string] => [`decrees[${index}].closes[${at}].date`, date]),
    ...decree.opens.map((date, at): [string, string] => [`decrees[${index}].opens[${at}]`, date]),
  ]
  return dates.filter(([, date]) => Number.isNaN(dayOfDate(date))).map(([path]) => issue(path, 'dateForm'))
}

function checkRamadan({ from, to }: Ramadan, index: number): Issue[] {
  const length = dayOfDate(to) - dayOfDate(from) + 1
  return length === 29 || length === 30 ? [] : [issue(`ramadan[${index}]`, 'dateForm')]
}
