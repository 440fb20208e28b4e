import { issue, type Issue } from '../issues.js'
import type { DayHours, ServiceHours, Weekday, WeeklyHours } from './service-hours.js'

/** Days in the order of JavaScript's `getUTCDay`. */
export const weekdays: readonly Weekday[] = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

const millisecondsPerMinute = 60_000

/** Open intervals of one day as milliseconds since local midnight, ascending, disjoint: `[from, to, from, to, ...]`. */
export interface DayPlan {
  readonly intervals: readonly number[]
  readonly total: number
}

/** The plan of a day on which nothing is open. */
export const closedDay: DayPlan = { intervals: [], total: 0 }

/** What is wrong with the hours: order, overlap, a break outside the day. Form (25:00) is the schema's business. */
export function checkHours(hours: ServiceHours): readonly Issue[] {
  const open = weekdays.some((day) => hours.weekly[day] !== undefined)
  return [
    ...(open ? [] : [issue('weekly', 'hoursEmpty')]),
    ...checkWeek(hours.weekly, 'weekly'),
    ...(hours.ramadan === undefined ? [] : checkWeek(hours.ramadan, 'ramadan')),
  ]
}

/** Plans of the seven days, Sunday first. The hours must have passed {@link checkHours}. */
export function planWeek(week: WeeklyHours): readonly DayPlan[] {
  return weekdays.map((day) => {
    const hours = week[day]
    return hours === undefined ? closedDay : planDay(hours)
  })
}

function planDay({ open, close, breaks }: DayHours): DayPlan {
  const pauses = [...breaks].sort((a, b) => minutesOf(a.from) - minutesOf(b.from))
  const edges = [open, ...pauses.flatMap(({ from, to }) => [from, to]), close].map((time) => minutesOf(time) * millisecondsPerMinute)
  const intervals: number[] = []
  let total = 0
  for (let index = 0; index < edges.length; index += 2) {
    const from = edges[index] as number
    const to = edges[index + 1] as number
    if (to > from) {
      intervals.push(from, to)
      total += to - from
    }
  }
  return { intervals, total }
}

function checkWeek(week: WeeklyHours, at: string): Issue[] {
  return weekdays.flatMap((day) => {
    const hours = week[day]
    return hours === undefined ? [] : checkDay(hours, `${at}.${day}`)
  })
}

function checkDay({ open, close, breaks }: DayHours, at: string): Issue[] {
  const times: [string, string][] = [
    [`${at}.open`, open],
    [`${at}.close`, close],
    ...breaks.flatMap(({ from, to }, index): [string, string][] => [
      [`${at}.breaks[${index}].from`, from],
      [`${at}.breaks[${index}].to`, to],
    ]),
  ]
  const malformed = times.filter(([, time]) => Number.isNaN(minutesOf(time)))
  if (malformed.length > 0) return malformed.map(([path]) => issue(path, 'timeForm'))
  const issues: Issue[] = []
  if (minutesOf(close) <= minutesOf(open)) issues.push(issue(`${at}.close`, 'hoursOrder'))
  for (const [index, pause] of breaks.entries()) {
    const from = minutesOf(pause.from)
    const to = minutesOf(pause.to)
    if (to <= from) issues.push(issue(`${at}.breaks[${index}].to`, 'hoursOrder'))
    else if (from < minutesOf(open) || to > minutesOf(close) || to - from >= minutesOf(close) - minutesOf(open))
      issues.push(issue(`${at}.breaks[${index}]`, 'breakOutside'))
    if (breaks.slice(0, index).some((other) => minutesOf(other.from) < to && from < minutesOf(other.to)))
      issues.push(issue(`${at}.breaks[${index}]`, 'hoursOverlap'))
  }
  return issues
}

/** Minutes since midnight of `HH:MM`, `24:00` included; NaN for anything else. */
function minutesOf(time: string): number {
  const match = /^(\d\d):(\d\d)$/.exec(time)
  if (match === null) return Number.NaN
  const minutes = Number(match[1]) * 60 + Number(match[2])
  return Number(match[2]) < 60 && minutes <= 1440 ? minutes : Number.NaN
}
