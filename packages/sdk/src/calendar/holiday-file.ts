import { InvalidInputError } from '../issues.js'
import { issuesOf } from '../wire/zod-issues.js'
import { createHolidayCalendar, type HolidayCalendar, type HolidayDecree, type Ramadan } from './holidays.js'
import { holidayFileSchema } from './schema.js'

/** An office's own holiday file: decrees in the form the shipped calendar has them, and the dates of Ramadan. */
export interface HolidayFile {
  readonly id: string
  readonly decrees: readonly HolidayDecree[]
  readonly ramadan?: readonly Ramadan[]
}

/**
 * Reads a holiday file (parsed JSON) into a calendar.
 *
 * @throws InvalidInputError `calendarInvalid` with every issue
 * @example
 * ```ts
 * const ramadan = [{ from: '2026-02-19', to: '2026-03-20', source: 'SE Bupati' }]
 * readHolidayCalendar({ id: 'kabupaten-contoh', decrees: nationalCalendar.decrees, ramadan }).version // 'kabupaten-contoh@2026-09-15#4+ramadan(2026-02-19..2026-03-20)'
 * readHolidayCalendar({ id: 'kabupaten-contoh', decrees: 'SKB' }) // throws calendarInvalid
 * ```
 */
export function readHolidayCalendar(input: unknown): HolidayCalendar {
  const read = holidayFileSchema.safeParse(input)
  if (!read.success) throw new InvalidInputError('calendarInvalid', issuesOf(read.error, input))
  return createHolidayCalendar(read.data.id, read.data.decrees, read.data.ramadan)
}
