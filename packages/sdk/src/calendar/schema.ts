import * as z from 'zod'
import { limitKinds, type LimitKind } from './deadline.js'
import type { HolidayFile } from './holiday-file.js'
import type { ServiceHours } from './service-hours.js'

const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/)
const day = z.strictObject({ open: time, close: time, breaks: z.array(z.strictObject({ from: time, to: time })) })
const optionalDay = z.exactOptional(day)
const week = z.strictObject({
  monday: optionalDay,
  tuesday: optionalDay,
  wednesday: optionalDay,
  thursday: optionalDay,
  friday: optionalDay,
  saturday: optionalDay,
  sunday: optionalDay,
})

/** Private schema of {@link ServiceHours}: form only; order and overlap are checked when the hours are compiled. */
export const hoursSchema: z.ZodType<ServiceHours> = z.strictObject({
  weekly: week,
  ramadan: z.exactOptional(week),
  collectiveLeave: z.enum(['closed', 'open']),
})

/** Private schema of a limit. */
export const limitSchema: z.ZodType<{ readonly kind: LimitKind; readonly amount: number }> = z.strictObject({
  kind: z.enum(limitKinds),
  amount: z.int().min(0).max(1_000_000),
})

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const line = z.string().min(1).max(300)

/** Private schema of a holiday file. */
export const holidayFileSchema: z.ZodType<HolidayFile> = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  decrees: z
    .array(
      z.strictObject({
        number: line,
        decidedOn: date,
        settles: z.array(z.int().min(2000).max(2200)),
        opens: z.array(date),
        sources: z.array(line),
        closes: z.array(z.strictObject({ date, kind: z.enum(['nationalHoliday', 'collectiveLeave', 'agency']), name: line })),
      }),
    )
    .max(1_000),
  ramadan: z.exactOptional(z.array(z.strictObject({ from: date, to: date, source: line }))),
})
