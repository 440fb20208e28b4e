import { CabutError } from '../errors.js'
import type { DayPlan } from './hours.js'
import { exceptionAt, instantOf, ordinaryBefore, planOf, workingBefore, type Compiled, type WorkingCalendar } from './working-calendar.js'
import { localDay } from './zone.js'

const dayLength = 86_400_000
const minute = 60_000

/**
 * The instant at which `minutes` of working time have passed since `start`: the earliest such instant, so time that runs out
 * exactly at closing is due at closing, not at the next opening. Zero minutes: `start` itself, open or not.
 *
 * @param minutes working minutes, zero or more; fractions allowed
 * @throws CabutError `calendarInvalid` for a negative or non-finite amount, an invalid Date, or hours that never open again
 * @example
 * ```ts
 * // Tuesday 14.00 WIB: 120 minutes until closing at 16.00, the other 50 after Iduladha on Friday from 07.30.
 * addWorkingTime(new Date('2026-05-26T07:00:00Z'), 170, officeCalendar) // new Date('2026-05-29T01:20:00Z')
 * addWorkingTime(new Date('2026-05-26T07:00:00Z'), 120, officeCalendar) // new Date('2026-05-26T09:00:00Z')
 * addWorkingTime(new Date('2026-05-26T07:00:00Z'), -1, officeCalendar) // throws calendarInvalid
 * ```
 */
export function addWorkingTime(start: Date, minutes: number, { compiled }: WorkingCalendar): Date {
  const from = instantOf(start, 'start')
  if (!Number.isFinite(minutes) || minutes < 0) throw new CabutError('calendarInvalid', { at: 'minutes', detail: 'must be zero or more' })
  const span = Math.round(minutes * minute)
  if (span === 0) return new Date(from)
  return new Date(instantAfter(compiled, workingUpTo(compiled, from) + span))
}

/**
 * Working minutes from one instant to another, breaks and closed days left out; negative when `to` is before `from`. May have a fraction.
 *
 * @throws CabutError `calendarInvalid` for an invalid Date
 * @example
 * ```ts
 * workingTimeBetween(new Date('2026-05-26T07:00:00Z'), new Date('2026-05-29T01:20:00Z'), officeCalendar) // 170
 * ```
 */
export function workingTimeBetween(from: Date, to: Date, { compiled }: WorkingCalendar): number {
  return (workingUpTo(compiled, instantOf(to, 'to')) - workingUpTo(compiled, instantOf(from, 'from'))) / minute
}

/**
 * Whether the office is open: from the minute of opening up to, not including, the minute of closing. A break is closed.
 *
 * @throws CabutError `calendarInvalid` for an invalid Date
 * @example
 * ```ts
 * // Tuesday 24 November 2026, 09.00 WIB; 12.15, in the break; the national holiday of 25 December, a Friday.
 * isOpen(new Date('2026-11-24T02:00:00Z'), officeCalendar) // true
 * isOpen(new Date('2026-11-24T05:15:00Z'), officeCalendar) // false
 * isOpen(new Date('2026-12-25T02:00:00Z'), officeCalendar) // false
 * ```
 */
export function isOpen(at: Date, { compiled }: WorkingCalendar): boolean {
  const instant = instantOf(at, 'at')
  const day = localDay(instant, compiled.offset)
  const { intervals } = planOf(compiled, day)
  const time = instant + compiled.offset - day * dayLength
  for (let index = 0; index < intervals.length; index += 2) {
    if (time >= (intervals[index] as number) && time < (intervals[index + 1] as number)) return true
  }
  return false
}

/**
 * The instant itself when the office is open, else the next opening. A break ends with an opening too.
 *
 * @throws CabutError `calendarInvalid` for an invalid Date, or hours that never open again
 * @example
 * ```ts
 * // From Wednesday evening over collective leave, Christmas and the weekend to Monday 07.30 WIB.
 * nextOpening(new Date('2026-12-23T12:00:00Z'), officeCalendar) // new Date('2026-12-28T00:30:00Z')
 * ```
 */
export function nextOpening(at: Date, calendar: WorkingCalendar): Date {
  const instant = instantOf(at, 'at')
  if (isOpen(at, calendar)) return new Date(instant)
  // The first working millisecond ends one millisecond after the opening sought.
  const { compiled } = calendar
  return new Date(instantAfter(compiled, workingUpTo(compiled, instant) + 1) - 1)
}

/**
 * Closing time of the service day on which an instant falls; of the next service day when that day is closed or over.
 *
 * @throws CabutError `calendarInvalid` for an invalid Date, or hours that never open again
 * @example
 * ```ts
 * // Monday to Thursday the office closes at 16.00 WIB, on Friday at 16.30.
 * closingOf(new Date('2026-11-26T02:00:00Z'), officeCalendar) // new Date('2026-11-26T09:00:00Z')
 * closingOf(new Date('2026-11-26T09:00:00Z'), officeCalendar) // new Date('2026-11-27T09:30:00Z')
 * ```
 */
export function closingOf(at: Date, calendar: WorkingCalendar): Date {
  const { compiled } = calendar
  const day = localDay(nextOpening(at, calendar).getTime(), compiled.offset)
  return new Date(day * dayLength - compiled.offset + (planOf(compiled, day).intervals.at(-1) as number))
}

/** Working milliseconds up to an instant, from a fixed origin. */
function workingUpTo(compiled: Compiled, instant: number): number {
  const day = localDay(instant, compiled.offset)
  const time = instant + compiled.offset - day * dayLength
  return workingBefore(compiled, day) + workedBy(planOf(compiled, day), time)
}

function workedBy({ intervals }: DayPlan, time: number): number {
  let worked = 0
  for (let index = 0; index < intervals.length; index += 2) {
    const from = intervals[index] as number
    if (time <= from) break
    worked += Math.min(time, intervals[index + 1] as number) - from
  }
  return worked
}

/** Inverse of {@link workingUpTo}: the earliest instant with that much working time before it. */
function instantAfter(compiled: Compiled, target: number): number {
  const day = dayReaching(compiled, target)
  let left = target - workingBefore(compiled, day)
  const { intervals } = planOf(compiled, day)
  for (let index = 0; index < intervals.length; index += 2) {
    const from = intervals[index] as number
    const length = (intervals[index + 1] as number) - from
    if (left <= length) return day * dayLength - compiled.offset + from + left
    left -= length
  }
  throw new CabutError('calendarInvalid', { detail: 'working time out of range' })
}

/** The day during which the target is reached: a binary search over the exceptions, then whole weeks by division. */
function dayReaching(compiled: Compiled, target: number): number {
  const { days, differences, prefix } = compiled
  let low = 0
  let high = days.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const before = ordinaryBefore(compiled, days[middle] as number) + (differences[middle] as number)
    if (before < target) low = middle + 1
    else high = middle
  }
  // `low` exceptions begin before the target; the last of them may itself reach it.
  if (low > 0) {
    const last = days[low - 1] as number
    if (workingBefore(compiled, last + 1) >= target) return last
  }
  const ordinary = target - (differences[low] as number)
  const week = prefix[7] as number
  const weeks = Math.ceil(ordinary / week) - 1
  const rest = ordinary - weeks * week
  let weekday = 0
  while ((prefix[weekday + 1] as number) < rest) weekday += 1
  return weeks * 7 - 4 + weekday
}

/** Open days after the day of `start`, counted: the day number of the n-th one. */
export function openDayAfter(start: Date, count: number, { compiled }: WorkingCalendar): number {
  let day = localDay(instantOf(start, 'start'), compiled.offset)
  let left = count
  // Whole ordinary weeks are skipped by division as long as no exception lies in them; what remains is at most a few days.
  const perWeek = compiled.week.filter(({ total }) => total > 0).length
  while (left > 0) {
    const next = compiled.days[exceptionAt(compiled, day + 1)]
    const weeks = Math.min(
      Math.floor((left - 1) / perWeek),
      next === undefined ? Number.POSITIVE_INFINITY : Math.floor((next - day - 1) / 7),
    )
    if (weeks > 0) {
      day += weeks * 7
      left -= weeks * perWeek
    }
    day += 1
    if (planOf(compiled, day).total > 0) left -= 1
  }
  return day
}

/** Closing time of a day that is open. */
export function closingOfDay(day: number, { compiled }: WorkingCalendar): Date {
  const plan = planOf(compiled, day)
  return new Date(day * dayLength - compiled.offset + (plan.intervals.at(-1) ?? dayLength))
}
