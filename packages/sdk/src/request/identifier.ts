import { dayOfDate } from '../calendar/zone.js'
import { issue, type Issue, type IssueCode } from '../issues.js'

declare const checked: unique symbol
/** Nomor Induk Kependudukan: 16 digits, always text (it exceeds 2^53). Personal data. */
export type Nik = string & { readonly [checked]: 'nik' }
/** Nomor Induk Pegawai of a civil servant (PNS), 18 digits `YYYYMMDD YYYYMM [12] NNN`. Personal data. */
export type Nip = string & { readonly [checked]: 'nip' }
/** Number of a contract employee (PPPK), 18 digits with a contract count from 21 in place of the month. Changes with every contract: never a key. */
export type NiPppk = string & { readonly [checked]: 'niPppk' }
/** Official mail address: lower-case, in an official domain. Personal data. */
export type OfficialEmail = string & { readonly [checked]: 'email' }

/** What a check found: issues refuse, warnings inform. */
export interface Checked {
  readonly issues: readonly Issue[]
  readonly warnings: readonly Issue[]
}

const fine: Checked = { issues: [], warnings: [] }
const refuse = (at: string, code: IssueCode): Checked => ({ issues: [issue(at, code)], warnings: [] })
const warn = (at: string, code: IssueCode): Checked => ({ issues: [], warnings: [issue(at, code)] })

/**
 * Checks a NIK: refused on form only (`nikNotString`, `nikForm`); an implausible birth date or region code is the warning `nikImplausible`.
 *
 * @param at - dotted path of the value, named by the issue
 * @example
 * ```ts
 * checkNik('9701014107900001', 'holder.nik') // { issues: [], warnings: [] }
 * checkNik(9701014107900001, 'holder.nik').issues[0]?.code // 'nikNotString'
 * checkNik('9999014107900001', 'holder.nik').warnings[0]?.code // 'nikImplausible'
 * ```
 */
export function checkNik(value: unknown, at: string): Checked {
  if (typeof value !== 'string') return refuse(at, 'nikNotString')
  const match = /^(\d\d)\d{4}(\d\d)(\d\d)(\d\d)\d{4}$/.exec(value)
  if (match === null) return refuse(at, 'nikForm')
  const [region, day, month, year] = match.slice(1).map(Number) as [number, number, number, number]
  // A woman's day of birth is printed plus 40. Two digits of the year: either century makes the date plausible.
  const born = `${String(month).padStart(2, '0')}-${String(day > 40 ? day - 40 : day).padStart(2, '0')}`
  const plausible =
    region >= 11 && region <= 97 && ['19', '20'].some((century) => isDate(`${century}${String(year).padStart(2, '0')}-${born}`))
  return plausible ? fine : warn(at, 'nikImplausible')
}

/**
 * Checks a NIP. Refused on form (`nipNotString`, `nipForm`); dates that do not exist, a birth before 1930, or an appointment before the age of 15 or
 * after 65 are the warning `nipImplausible`.
 *
 * @param at - dotted path of the value, named by the issue
 * @example
 * ```ts
 * checkNip('199001012015041001', 'holder.nip') // { issues: [], warnings: [] }
 * checkNip('199001012015211001', 'holder.nip').issues[0]?.code // 'nipForm'
 * checkNip('199013012015041001', 'holder.nip').warnings[0]?.code // 'nipImplausible'
 * ```
 */
export function checkNip(value: unknown, at: string): Checked {
  if (typeof value !== 'string') return refuse(at, 'nipNotString')
  if (!/^\d{12}(?:0[1-9]|1[0-2])[12]\d{3}$/.test(value)) return refuse(at, 'nipForm')
  return checkBirth(value, at)
}

/**
 * Checks a NI PPPK. Refused on form (`nipNotString`, `niPppkForm`): the contract count, from 21, stands where a NIP has the month of appointment.
 * Implausible dates are the warning `nipImplausible`.
 *
 * @param at - dotted path of the value, named by the issue
 * @example
 * ```ts
 * checkNiPppk('199001012022211001', 'holder.niPppk') // { issues: [], warnings: [] }
 * checkNiPppk('199001012015041001', 'holder.niPppk').issues[0]?.code // 'niPppkForm'
 * ```
 */
export function checkNiPppk(value: unknown, at: string): Checked {
  if (typeof value !== 'string') return refuse(at, 'nipNotString')
  if (!/^\d{12}(?:2[1-9]|[3-9]\d)[12]\d{3}$/.test(value)) return refuse(at, 'niPppkForm')
  return checkBirth(value, at)
}

/**
 * Domains an official address may end in; with a leading dot the domain itself is not enough.
 *
 * @example
 * ```ts
 * officialDomains // ['.go.id']
 * ```
 */
export const officialDomains: readonly string[] = ['.go.id']

/**
 * Checks an official mail address: lower-case, at most 254 characters, ending in an official domain. Anything else is the issue `emailForm`.
 *
 * @param at - dotted path of the value, named by the issue
 * @example
 * ```ts
 * checkEmail('ratna.pertiwi@pekalongan.contoh.go.id', 'holder.email') // { issues: [], warnings: [] }
 * checkEmail('ratna.pertiwi@surel.contoh', 'holder.email').issues[0]?.code // 'emailForm'
 * checkEmail('ratna@surel.contoh', 'holder.email', ['surel.contoh']).issues // []
 * ```
 */
export function checkEmail(value: unknown, at: string, domains: readonly string[] = officialDomains): Checked {
  if (typeof value !== 'string' || value.length > 254) return refuse(at, 'emailForm')
  const match = /^[a-z0-9._%+-]{1,64}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})$/.exec(value)
  const host = match?.[1]
  if (host === undefined || !domains.some((domain) => host === domain || host.endsWith(domain.startsWith('.') ? domain : `.${domain}`)))
    return refuse(at, 'emailForm')
  return fine
}

/**
 * Checks the number of a letter: 3-100 characters, a digit, no control characters. There is no national pattern. Anything else is the issue `letterNumberForm`.
 *
 * @param at - dotted path of the value, named by the issue
 * @example
 * ```ts
 * checkLetterNumber('800/15/DINDIK', 'letters[0].number').issues // []
 * checkLetterNumber('s.d.a.', 'letters[0].number').issues[0]?.code // 'letterNumberForm'
 * ```
 */
export function checkLetterNumber(value: unknown, at: string): Checked {
  const fits =
    typeof value === 'string' && value.length >= 3 && value.length <= 100 && /\d/.test(value) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)
  return fits ? fine : refuse(at, 'letterNumberForm')
}

/** Checks a telephone number, by form only: the numbering plan is nobody's business here. */
export function checkPhone(value: unknown, at: string): Checked {
  return typeof value === 'string' && /^\+?[0-9 ()-]{6,20}$/.test(value) ? fine : refuse(at, 'wrongForm')
}

/**
 * Checks a date `YYYY-MM-DD` that exists. Anything else is the issue `dateForm`.
 *
 * @param at - dotted path of the value, named by the issue
 * @example
 * ```ts
 * checkDate('2028-02-29', 'effectiveDate').issues // []
 * checkDate('2026-02-29', 'effectiveDate').issues[0]?.code // 'dateForm'
 * ```
 */
export function checkDate(value: unknown, at: string): Checked {
  return typeof value === 'string' && isDate(value) ? fine : refuse(at, 'dateForm')
}

function checkBirth(number: string, at: string): Checked {
  const appointed = Number(number.slice(8, 12))
  const born = Number(number.slice(0, 4))
  const plausible =
    isDate(`${number.slice(0, 4)}-${number.slice(4, 6)}-${number.slice(6, 8)}`) &&
    born >= 1930 &&
    appointed - born >= 15 &&
    appointed - born <= 65
  return plausible ? fine : warn(at, 'nipImplausible')
}

function isDate(text: string): boolean {
  return !Number.isNaN(dayOfDate(text))
}
