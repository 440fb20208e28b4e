import { CabutError } from '../errors.js'
import type { Zone } from './service-hours.js'

const hour = 3_600_000

/**
 * Milliseconds a zone is ahead of UTC. Fixed: Indonesia keeps no daylight saving time.
 *
 * @example
 * ```ts
 * new Date(Date.parse('2026-11-24T02:00:00Z') + zoneOffset.WIT).toISOString().slice(11, 16) // '11:00'
 * ```
 */
export const zoneOffset: Readonly<Record<Zone, number>> = { WIB: 7 * hour, WITA: 8 * hour, WIT: 9 * hour }

const names: ReadonlyMap<string, Zone> = new Map<string, Zone>([
  ['WIB', 'WIB'], ['WITA', 'WITA'], ['WIT', 'WIT'],
  ['Asia/Jakarta', 'WIB'], ['Asia/Pontianak', 'WIB'], ['Asia/Makassar', 'WITA'], ['Asia/Jayapura', 'WIT'],
])

/**
 * Reads a zone: WIB, WITA, WIT or one of Indonesia's four IANA names, in that very spelling.
 *
 * @throws CabutError `calendarUnknownZone`
 * @example
 * ```ts
 * readZone('Asia/Pontianak') // 'WIB'
 * readZone('Asia/Singapore') // throws calendarUnknownZone
 * ```
 */
export function readZone(name: string): Zone {
  const zone = names.get(name)
  if (zone === undefined) throw new CabutError('calendarUnknownZone', { at: 'zone' })
  return zone
}

/** Number of the local day (0 = 1970-01-01) on which an instant falls. */
export function localDay(instant: number, offset: number): number {
  return Math.floor((instant + offset) / 86_400_000)
}

/** `YYYY-MM-DD` of a day number. */
export function dateOfDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

/** Day number of `YYYY-MM-DD`; NaN when the date does not exist. */
export function dayOfDate(date: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return Number.NaN
  const time = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date) ? time / 86_400_000 : Number.NaN
}

/** Day of the week of a day number, 0 = Sunday. 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return ((day % 7) + 11) % 7
}
