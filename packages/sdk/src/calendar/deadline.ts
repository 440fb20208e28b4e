import { CabutError } from '../errors.js'
import { estimatedRamadan } from './ramadan.js'
import { planOf, instantOf, type WorkingCalendar } from './working-calendar.js'
import { addWorkingTime, closingOf, closingOfDay, nextOpening, openDayAfter, workingTimeBetween } from './working-time.js'
import { dateOfDay, dayOfDate, localDay, weekdayOf } from './zone.js'

/**
 * Kinds of limit; `wallHours` is what notices call "2x24 jam". How each is counted, and in what unit, is said at {@link deadlineFor}.
 *
 * @example
 * ```ts
 * limitKinds // ['workingMinutes', 'wallHours', 'calendarDays', 'workingDays', 'sameDay']
 * ```
 */
export const limitKinds = ['workingMinutes', 'wallHours', 'calendarDays', 'workingDays', 'sameDay'] as const
/** How a limit is counted; see {@link deadlineFor}. */
export type LimitKind = (typeof limitKinds)[number]

/** Why a deadline may still move. */
export type Provisional = 'yearWithoutDecree' | 'ramadanWithoutDates'

/** A due time, with everything needed to derive it again years later. Times are ISO 8601 UTC, so it can be stored as it is. */
export interface Deadline {
  readonly due: string
  readonly start: string
  readonly kind: LimitKind
  readonly amount: number
  /** Version of the holiday calendar that computed it. */
  readonly calendar: string
  /** Empty when final. */
  readonly provisional: readonly Provisional[]
}

/**
 * Due time of a limit that starts at an instant.
 *
 * - `workingMinutes`: amount of working minutes.
 * - `wallHours`: amount of hours on the wall, day and night ("2x24 jam" = 48).
 * - `calendarDays`: 24.00 of the amount-th day after the day of the start.
 * - `workingDays`: closing of the amount-th service day after the day of the start (UU 30/2014: the day itself does not count).
 * - `sameDay`: amount of working minutes, but never later than closing of the service day on which it starts; 0 means closing.
 *   A start outside service hours counts from the next opening.
 *
 * Days and hours are those of the office's zone; `due` and `start` come back in UTC.
 *
 * @throws CabutError `calendarInvalid` for a negative or fractional amount, an invalid Date, or hours that never open again
 * @example
 * ```ts
 * // Friday 20 November 2026, 10.00 WIB, with a break from 11.30 to 13.00: three working hours end at 14.30.
 * deadlineFor({ kind: 'workingMinutes', amount: 180 }, new Date('2026-11-20T03:00:00Z'), officeCalendar).due // '2026-11-20T07:30:00.000Z'
 * deadlineFor({ kind: 'wallHours', amount: 48 }, new Date('2026-11-20T03:00:00Z'), officeCalendar).due // '2026-11-22T03:00:00.000Z'
 * // No decree has settled 2028 yet.
 * deadlineFor({ kind: 'workingDays', amount: 1 }, new Date('2028-01-03T03:00:00Z'), officeCalendar).provisional // ['yearWithoutDecree']
 * deadlineFor({ kind: 'workingDays', amount: 1.5 }, new Date('2026-11-20T03:00:00Z'), officeCalendar) // throws calendarInvalid
 * ```
 */
export function deadlineFor(
  limit: { readonly kind: LimitKind; readonly amount: number },
  start: Date,
  calendar: WorkingCalendar,
): Deadline {
  if (!Number.isInteger(limit.amount) || limit.amount < 0)
    throw new CabutError('calendarInvalid', { at: 'amount', detail: 'must be a whole number, zero or more' })
  const due = dueTime(limit, start, calendar)
  return {
    due: due.toISOString(),
    start: start.toISOString(),
    kind: limit.kind,
    amount: limit.amount,
    calendar: calendar.holidays.version,
    provisional: limit.kind === 'wallHours' || limit.kind === 'calendarDays' ? [] : provisionalReasons(start, due, calendar),
  }
}

function dueTime({ kind, amount }: { readonly kind: LimitKind; readonly amount: number }, start: Date, calendar: WorkingCalendar): Date {
  const { offset } = calendar.compiled
  switch (kind) {
    case 'workingMinutes':
      return addWorkingTime(start, amount, calendar)
    case 'wallHours':
      return new Date(instantOf(start, 'start') + amount * 3_600_000)
    case 'calendarDays':
      return new Date((localDay(instantOf(start, 'start'), offset) + amount + 1) * 86_400_000 - offset)
    case 'workingDays':
      return closingOfDay(openDayAfter(nextOpening(start, calendar), amount, calendar), calendar)
    case 'sameDay': {
      const closing = closingOf(start, calendar)
      if (amount === 0) return closing
      const minutes = addWorkingTime(start, amount, calendar)
      return minutes < closing ? minutes : closing
    }
  }
}

/** Why a span may still change: it touches a year without a decree, or Ramadan whose dates are not given although hours for it are. */
export function provisionalReasons(from: Date, to: Date, { compiled, holidays, hours }: WorkingCalendar): readonly Provisional[] {
  const [first, last] = [localDay(from.getTime(), compiled.offset), localDay(to.getTime(), compiled.offset)]
  const years = rangeOfYears(first, last)
  const reasons: Provisional[] = []
  if (years.some((year) => !compiled.settled.has(year))) reasons.push('yearWithoutDecree')
  if (hours.ramadan !== undefined && estimatedRamadan(first, last).some((span) => !isCovered(span, holidays.ramadan)))
    reasons.push('ramadanWithoutDates')
  return reasons
}

function isCovered([first, last]: readonly [number, number], given: readonly { readonly from: string; readonly to: string }[]): boolean {
  return given.some(({ from, to }) => dayOfDate(from) <= last && dayOfDate(to) >= first)
}

function rangeOfYears(first: number, last: number): number[] {
  const [from, to] = [new Date(first * 86_400_000).getUTCFullYear(), new Date(last * 86_400_000).getUTCFullYear()]
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/** One day the clock passed over, or ran on other hours, and why. */
export interface DayNote {
  readonly date: string
  readonly kind: 'nationalHoliday' | 'collectiveLeave' | 'agency' | 'ramadan'
  readonly name: string
}

/** Why a deadline is when it is. */
export interface DeadlineExplanation {
  readonly closures: readonly DayNote[]
  /** Working minutes between start and due. */
  readonly workingMinutes: number
  /** `false` when the deadline was computed by another version of the calendar than the one given. */
  readonly sameCalendar: boolean
  /** Due time by the calendar given; differs from the stored one after an amendment. */
  readonly recomputedDue: string
  readonly id: string
  readonly en: string
}

/**
 * Explains a stored deadline: the closed days between start and due that would have been service days, and days on Ramadan hours.
 *
 * @throws CabutError `calendarInvalid` for a deadline whose `start` or `due` is no time
 * @example
 * ```ts
 * const deadline = deadlineFor({ kind: 'workingMinutes', amount: 170 }, new Date('2026-05-26T07:00:00Z'), officeCalendar)
 * explainDeadline(deadline, officeCalendar).en // 'Due 29 May 2026 08:20 WIB; closed 27 May Iduladha 1447 H, 28 May Cuti bersama Iduladha'
 * explainDeadline(deadline, officeCalendar).closures.map(({ date }) => date) // ['2026-05-27', '2026-05-28']
 * ```
 */
export function explainDeadline(deadline: Deadline, calendar: WorkingCalendar): DeadlineExplanation {
  const { compiled, holidays, zone } = calendar
  const [start, due] = [new Date(deadline.start), new Date(deadline.due)]
  const [first, last] = [localDay(instantOf(start, 'start'), compiled.offset), localDay(instantOf(due, 'due'), compiled.offset)]
  const closures = compiled.days
    .filter((day) => day >= first && day <= last && (compiled.week[weekdayOf(day)]?.total ?? 0) > 0)
    .map((day) => note(calendar, day))
  const noted = closures.filter(({ kind }) => kind !== 'ramadan')
  const ramadan = closures.some(({ kind }) => kind === 'ramadan')
  const list = (language: Language): string => noted.map(({ date, name }) => `${day(date, language)} ${name}`).join(', ')
  const provisional = deadline.provisional.map((reason) => provisionalWords[reason])
  return {
    closures,
    workingMinutes: workingTimeBetween(start, due, calendar),
    sameCalendar: deadline.calendar === holidays.version,
    recomputedDue: deadlineFor(deadline, start, calendar).due,
    id: [
      `Batas waktu ${localTime(due, compiled.offset, 'id')} ${zone}`,
      noted.length === 0 ? '' : `tutup ${list('id')}`,
      ramadan ? 'jam Ramadan berlaku' : '',
      ...provisional.map(({ id }) => id),
    ]
      .filter(Boolean)
      .join('; '),
    en: [
      `Due ${localTime(due, compiled.offset, 'en')} ${zone}`,
      noted.length === 0 ? '' : `closed ${list('en')}`,
      ramadan ? 'Ramadan hours apply' : '',
      ...provisional.map(({ en }) => en),
    ]
      .filter(Boolean)
      .join('; '),
  }
}

const provisionalWords: Readonly<Record<Provisional, { readonly id: string; readonly en: string }>> = {
  yearWithoutDecree: { id: 'sementara: hari libur tahun itu belum ditetapkan', en: "provisional: no decree yet on that year's holidays" },
  ramadanWithoutDates: {
    id: 'sementara: tanggal Ramadan belum ditetapkan, dihitung dengan jam biasa',
    en: 'provisional: dates of Ramadan not given, ordinary hours used',
  },
}

function note({ compiled, holidays }: WorkingCalendar, dayNumber: number): DayNote {
  const date = dateOfDay(dayNumber)
  const closure = compiled.closures.get(date)
  if (closure !== undefined && planOf(compiled, dayNumber).total === 0) return { date, kind: closure.kind, name: closure.name }
  return { date, kind: 'ramadan', name: holidays.ramadan.find(({ from, to }) => from <= date && date <= to)?.source ?? 'Ramadan' }
}

type Language = 'id' | 'en'

const months: Readonly<Record<Language, readonly string[]>> = {
  id: ['Jan', 'Feb', 'Mar', 'Apr', 'Mei', 'Jun', 'Jul', 'Agu', 'Sep', 'Okt', 'Nov', 'Des'],
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
}

function day(date: string, language: Language): string {
  return `${Number(date.slice(8))} ${months[language][Number(date.slice(5, 7)) - 1] ?? ''}`
}

function localTime(at: Date, offset: number, language: Language): string {
  const local = new Date(at.getTime() + offset).toISOString()
  const time = local.slice(11, 16)
  return `${day(local.slice(0, 10), language)} ${local.slice(0, 4)} ${language === 'id' ? `pukul ${time.replace(':', '.')}` : time}`
}
