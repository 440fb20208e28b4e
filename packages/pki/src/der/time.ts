import { PkiError } from '../errors.js'
import { Tag } from './tags.js'

/**
 * Reads the content of a UTCTime (`YYMMDDHHMMSSZ`, 1950-2049) or GeneralizedTime (`YYYYMMDDHHMMSSZ`), the octets from `start` up to `end`, as milliseconds since 1970.
 * RFC 5280 4.1.2.5: seconds present, `Z` present, no fractions. Dates that do not exist (30 February, second 60) are refused.
 * Throws {@link PkiError}: `derTime`.
 *
 * @example
 * ```ts
 * const content = new TextEncoder().encode('261231235959Z')
 * new Date(readTime(content, Tag.utcTime, 0, content.length)) // new Date('2026-12-31T23:59:59Z')
 * readTime(content, Tag.generalizedTime, 0, content.length) // throws derTime
 * ```
 */
export function readTime(bytes: Uint8Array, tag: number, start: number, end: number): number {
  const general = tag === Tag.generalizedTime
  const digits = general ? 14 : 12
  if (end - start !== digits + 1 || bytes[end - 1] !== 0x5a) throw new PkiError('derTime', start)
  let at = start
  let year: number
  if (general) {
    year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2)
    at += 4
  } else {
    year = twoDigits(bytes, at)
    year += year < 50 ? 2000 : 1900
    at += 2
  }
  const month = twoDigits(bytes, at)
  const day = twoDigits(bytes, at + 2)
  const hour = twoDigits(bytes, at + 4)
  const minute = twoDigits(bytes, at + 6)
  const second = twoDigits(bytes, at + 8)
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) throw new PkiError('derTime', start)
  return (daysSinceEpoch(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) * 1000
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30
  const ones = bytes[at + 1]! - 0x30
  if (tens >>> 0 > 9 || ones >>> 0 > 9) throw new PkiError('derTime', at)
  return tens * 10 + ones
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Proleptic Gregorian day count: March-based years make the leap day the last day. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const monthFromMarch = month > 2 ? month - 3 : month + 9
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1
  return shifted * 365 + Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400) + dayOfYear - 719468
}
