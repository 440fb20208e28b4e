import { CabutError, zoneOffset, type Zone } from '@cabut/sdk'

const months = ['Januari', 'Februari', 'Maret', 'April', 'Mei', 'Juni', 'Juli', 'Agustus', 'September', 'Oktober', 'November', 'Desember'] as const
const weekdays = ['Minggu', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu'] as const

/** Spellings met in letters beside the standard ones: old orthography and abbreviations. */
const spellings: readonly (readonly string[])[] = [
  ['jan'], ['feb', 'pebruari', 'peb'], ['mar', 'mrt'], ['apr'], [], ['jun'], ['jul'], ['agu', 'agt', 'ags', 'agust'], ['sep', 'sept'], ['okt', 'oct'],
  ['nov', 'nop', 'nopember'], ['des', 'dec'],
]
const weekdaySpellings: ReadonlyMap<string, number> = new Map([
  ...weekdays.map((name, index) => [name.toLowerCase(), index] as const), ['ahad', 0], ["jum'at", 5], ['jum’at', 5], ['jumaat', 5],
])
const monthNumbers: ReadonlyMap<string, number> = new Map(
  months.flatMap((name, index) => [name.toLowerCase(), ...(spellings[index] ?? [])].map((spelling) => [spelling, index + 1] as const)),
)

/** A zone of the letter's office. */
export type LetterZone = Zone

/**
 * Reads the date of an Indonesian letter: `20 November 2026`, `Jumat, 20 Nopember 2026`, `20-11-2026`, `20/11/2026` (the day stands first),
 * `2026-11-20` and the same followed by a time of day.
 *
 * @param at place in the input, for the error
 * @returns `YYYY-MM-DD`
 * @throws {@link CabutError} `letterDateInvalid`: not a date, a day that does not exist (31 November), a weekday that is not that day's, or a year of two digits
 * @example
 * ```ts
 * readLetterDate('Jumat, 20 Nopember 2026') // '2026-11-20'
 * readLetterDate('1/2/2026') // '2026-02-01'
 * readLetterDate('Senin, 20 November 2026') // throws letterDateInvalid
 * ```
 */
export function readLetterDate(text: string, at: string = 'tanggal'): string {
  const bad = (detail: string): CabutError => new CabutError('letterDateInvalid', { at, detail })
  if (text.length > 80) throw bad('too long')
  const plain = text.normalize('NFKC').trim().replace(/\s+/g, ' ')
  const named = /^(?:([\p{L}'’]{3,8}),? )?(\d{1,2})[ .-]([\p{L}]{3,9})\.?[ -](\d{4})$/u.exec(plain)
  if (named !== null) {
    const month = monthNumbers.get((named[3] ?? '').toLowerCase())
    if (month === undefined) throw bad('unknown month')
    const date = existing(Number(named[4]), month, Number(named[2]))
    if (date === undefined) throw bad('no such day')
    if (named[1] !== undefined && weekdaySpellings.get(named[1].toLowerCase()) !== weekdayOf(date)) throw bad('not that weekday')
    return date
  }
  const numbers = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}[:.]\d{2}.*)?$/.exec(plain)
  const dayFirst = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?: \d{2}[:.]\d{2}.*)?$/.exec(plain)
  if (numbers === null && dayFirst === null) throw bad('not a date')
  const date = numbers !== null
    ? existing(Number(numbers[1]), Number(numbers[2]), Number(numbers[3]))
    : existing(Number(dayFirst?.[4]), Number(dayFirst?.[3]), Number(dayFirst?.[1]))
  if (date === undefined) throw bad('no such day')
  return date
}

/**
 * Writes a date as letters do: `20 November 2026`.
 *
 * @param date `YYYY-MM-DD`, in the years 1945-2199
 * @throws {@link CabutError} `letterDateInvalid`
 * @example
 * ```ts
 * writeLetterDate('2026-03-01') // '1 Maret 2026'
 * writeLetterDate('2026-02-30') // throws letterDateInvalid
 * ```
 */
export function writeLetterDate(date: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  if (parts === null || existing(Number(parts[1]), Number(parts[2]), Number(parts[3])) === undefined) {
    throw new CabutError('letterDateInvalid', { at: 'date', detail: 'YYYY-MM-DD expected' })
  }
  return `${Number(parts[3])} ${months[Number(parts[2]) - 1] ?? ''} ${parts[1]}`
}

/**
 * The local date of an instant, `YYYY-MM-DD`.
 *
 * @throws {@link CabutError} `letterDateInvalid`: not an instant
 * @example
 * ```ts
 * localDate('2026-11-20T16:30:00Z', 'WIB') // '2026-11-20'
 * localDate('2026-11-20T16:30:00Z', 'WITA') // '2026-11-21'
 * ```
 */
export function localDate(instant: Date | string, zone: LetterZone): string {
  return shifted(instant, zone).toISOString().slice(0, 10)
}

/**
 * Writes an instant for a letter: `20 November 2026 pukul 14.00 WIB`. Seconds are shown where they are not zero,
 * since a revocation date of a certificate authority has them.
 *
 * @throws {@link CabutError} `letterDateInvalid`: not an instant
 * @example
 * ```ts
 * writeLetterTime('2026-11-20T07:00:00Z', 'WIB') // '20 November 2026 pukul 14.00 WIB'
 * writeLetterTime(new Date('2026-11-20T07:00:09Z'), 'WIT') // '20 November 2026 pukul 16.00.09 WIT'
 * ```
 */
export function writeLetterTime(instant: Date | string, zone: LetterZone): string {
  const local = shifted(instant, zone).toISOString()
  const seconds = local.slice(17, 19)
  return `${writeLetterDate(local.slice(0, 10))} pukul ${local.slice(11, 16).replace(':', '.')}${seconds === '00' ? '' : `.${seconds}`} ${zone}`
}

/**
 * Name of the weekday of `YYYY-MM-DD`; empty for what is no date.
 *
 * @example
 * ```ts
 * writeWeekday('2026-11-20') // 'Jumat'
 * ```
 */
export function writeWeekday(date: string): string {
  return weekdays[weekdayOf(date)] ?? ''
}

function shifted(instant: Date | string, zone: LetterZone): Date {
  const time = typeof instant === 'string' ? Date.parse(instant) : instant.getTime()
  if (Number.isNaN(time)) throw new CabutError('letterDateInvalid', { at: 'instant', detail: 'not an instant' })
  return new Date(time + zoneOffset[zone])
}

function existing(year: number, month: number, day: number): string | undefined {
  // Letters before the republic or a century ahead are typing errors, not letters.
  if (year < 1945 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31) return undefined
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.toISOString().slice(0, 10) : undefined
}

function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay()
}
