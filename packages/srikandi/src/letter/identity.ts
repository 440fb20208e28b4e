import { CabutError } from '@cabut/sdk'
import type { LetterNumber } from './number.js'

/** What makes a letter the same letter: its office, its number, and the year of its date. Never its file name. */
export interface LetterIdentity {
  /** Code of the sending office. */
  readonly office: string
  /** {@link LetterNumber.key} */
  readonly number: string
  /** Year of the date; never read from the number. */
  readonly year: number
}

/**
 * The identity of a letter: the same for every spelling of its number, and for the same number in another year another.
 *
 * @param office code of the sending office
 * @param date `YYYY-MM-DD`
 * @throws {@link CabutError} `letterDateInvalid`
 * @example
 * ```ts
 * identifyLetter('DINDIK', readLetterNumber('Nomor : 800 / 15 / dindik'), '2026-11-23') // { office: 'DINDIK', number: '800/15/DINDIK', year: 2026 }
 * identifyLetter('DINDIK', readLetterNumber('800/15/DINDIK'), '23 November 2026') // throws letterDateInvalid
 * ```
 */
export function identifyLetter(office: string, number: LetterNumber, date: string): LetterIdentity {
  const year = Number(date.slice(0, 4))
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new CabutError('letterDateInvalid', { at: 'date', detail: 'YYYY-MM-DD expected' })
  return { office, number: number.key, year }
}

/**
 * One text per identity, for lookups: unambiguous because an office code holds no blank and a year no letter.
 *
 * @example
 * ```ts
 * identityKey({ office: 'DINDIK', number: '800/15/DINDIK', year: 2026 }) // 'DINDIK 2026 800/15/DINDIK'
 * ```
 */
export function identityKey(identity: LetterIdentity): string {
  return `${identity.office} ${identity.year} ${identity.number}`
}

/**
 * A short name that is safe as a file name and unique per identity: at most 24 characters of the office code, the year, and the first 16 hex digits of
 * the SHA-256 of {@link identityKey}.
 *
 * @example
 * ```ts
 * await identitySlug({ office: 'DINDIK', number: '000.8.3.3/15/DINDIK', year: 2026 }) // 'DINDIK-2026-1f862d283dc3631f'
 * ```
 */
export async function identitySlug(identity: LetterIdentity): Promise<string> {
  const digest = await sha256Hex(new TextEncoder().encode(identityKey(identity)))
  return `${identity.office.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 24)}-${identity.year}-${digest.slice(0, 16)}`
}

/** SHA-256 in lower-case hex. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
