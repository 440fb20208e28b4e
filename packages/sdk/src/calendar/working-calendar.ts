import { CabutError } from '../errors.js'
import { InvalidInputError } from '../issues.js'
import { closuresOf, nationalCalendar, settledYears, type Closure, type HolidayCalendar } from './holidays.js'
import { checkHours, closedDay, planWeek, type DayPlan } from './hours.js'
import type { ServiceHours, Zone } from './service-hours.js'
import { dayOfDate, readZone, weekdayOf, zoneOffset } from './zone.js'

/**
 * Service hours bound to a holiday calendar, compiled once. Immutable; make one per office and keep it.
 * The compiled parts are opaque: read them through the functions of this folder.
 */
export interface WorkingCalendar {
  readonly zone: Zone
  readonly hours: ServiceHours
  readonly holidays: HolidayCalendar
  /** @internal */
  readonly compiled: Compiled
}

/**
 * An ordinary week plus the days that differ from it. Working time before a day is
 * `weeks * week + prefix[weekday] + the summed differences of the exceptional days before it`: no day is ever stepped over.
 */
export interface Compiled {
  readonly offset: number
  /** Plans by weekday, Sunday first. */
  readonly week: readonly DayPlan[]
  /** `prefix[n]` = working milliseconds of the first n days of a week that begins on Sunday; `prefix[7]` = the whole week. */
  readonly prefix: readonly number[]
  /** Day numbers that differ from the ordinary week, ascending. */
  readonly days: readonly number[]
  readonly plans: readonly DayPlan[]
  /** `differences[n]` = summed (actual - ordinary) of the first n exceptional days. */
  readonly differences: readonly number[]
  readonly closures: ReadonlyMap<string, Closure>
  /** Years a decree has settled. */
  readonly settled: ReadonlySet<number>
}

/** What {@link createWorkingCalendar} is made from. */
export interface WorkingCalendarOptions {
  /** WIB, WITA, WIT or an Indonesian IANA name. */
  readonly zone: string
  readonly hours: ServiceHours
  /** @default nationalCalendar */
  readonly holidays?: HolidayCalendar
}

/**
 * Compiles service hours and holidays.
 *
 * @throws CabutError `calendarUnknownZone`; InvalidInputError `calendarInvalid` for hours out of order, overlapping or missing
 * @example
 * ```ts
 * const office = createWorkingCalendar({ zone: 'Asia/Jakarta', hours: loadStandard('kabupaten-purbalingga').serviceHours })
 * office.zone // 'WIB'
 * // From Tuesday 14.00 WIB over Iduladha to Friday 08.20.
 * addWorkingTime(new Date('2026-05-26T07:00:00Z'), 170, office) // new Date('2026-05-29T01:20:00Z')
 * createWorkingCalendar({ zone: 'Asia/Singapore', hours: office.hours }) // throws calendarUnknownZone
 * createWorkingCalendar({ zone: 'WIB', hours: { weekly: {}, collectiveLeave: 'closed' } }) // throws calendarInvalid
 * ```
 */
export function createWorkingCalendar({ zone, hours, holidays = nationalCalendar }: WorkingCalendarOptions): WorkingCalendar {
  const issues = checkHours(hours)
  if (issues.length > 0) throw new InvalidInputError('calendarInvalid', issues)
  const known = readZone(zone)
  return { zone: known, hours, holidays, compiled: compile(zoneOffset[known], hours, holidays) }
}

function compile(offset: number, hours: ServiceHours, holidays: HolidayCalendar): Compiled {
  const week = planWeek(hours.weekly)
  const prefix = [0]
  for (const plan of week) prefix.push((prefix.at(-1) as number) + plan.total)
  const closures = closuresOf(holidays)
  const exceptions = new Map<number, DayPlan>()
  if (hours.ramadan !== undefined) {
    const fasting = planWeek(hours.ramadan)
    for (const { from, to } of holidays.ramadan) {
      for (let day = dayOfDate(from); day <= dayOfDate(to); day += 1) exceptions.set(day, fasting[weekdayOf(day)] as DayPlan)
    }
  }
  for (const { date, kind } of closures.values()) {
    if (kind !== 'collectiveLeave' || hours.collectiveLeave === 'closed') exceptions.set(dayOfDate(date), closedDay)
  }
  const days = [...exceptions.keys()].sort((a, b) => a - b)
  const plans = days.map((day) => exceptions.get(day) as DayPlan)
  const differences = [0]
  for (const [index, plan] of plans.entries()) {
    const ordinary = week[weekdayOf(days[index] as number)] as DayPlan
    differences.push((differences[index] as number) + plan.total - ordinary.total)
  }
  return { offset, week, prefix, days, plans, differences, closures, settled: settledYears(holidays) }
}

/** Index of the first exceptional day at or after `day`. */
export function exceptionAt({ days }: Compiled, day: number): number {
  let low = 0
  let high = days.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((days[middle] as number) < day) low = middle + 1
    else high = middle
  }
  return low
}

/** The plan of one day. */
export function planOf(compiled: Compiled, day: number): DayPlan {
  const index = exceptionAt(compiled, day)
  return compiled.days[index] === day ? (compiled.plans[index] as DayPlan) : (compiled.week[weekdayOf(day)] as DayPlan)
}

/** Working milliseconds from the Sunday before 1970 to the beginning of a day, by the ordinary week alone. */
export function ordinaryBefore({ prefix }: Compiled, day: number): number {
  const weekday = weekdayOf(day)
  return ((day + 4 - weekday) / 7) * (prefix[7] as number) + (prefix[weekday] as number)
}

/** Working milliseconds before a day, exceptions included. */
export function workingBefore(compiled: Compiled, day: number): number {
  return ordinaryBefore(compiled, day) + (compiled.differences[exceptionAt(compiled, day)] as number)
}

/** Milliseconds of an instant. @throws CabutError `calendarInvalid` for an invalid Date */
export function instantOf(at: Date, place: string): number {
  const instant = at.getTime()
  if (Number.isNaN(instant)) throw new CabutError('calendarInvalid', { at: place, detail: 'invalid Date' })
  return instant
}
