import { digest, toHex } from '@cabut/pki/crypto'
import { issue, type Issue } from '../issues.js'
import type { LetterKind } from '../standard/vocabulary.js'
import { checkDate, checkLetterNumber, type Checked } from './identifier.js'

/** A document as received: its bytes are kept for ever as they are. */
export interface Letter {
  readonly kind: LetterKind
  readonly bytes: Uint8Array
  /** Lower-case hex of the bytes. */
  readonly sha256: string
  /** Octets. */
  readonly size: number
  readonly mediaType: 'application/pdf'
  /** Number on the letter; identity of a letter is (office, number, year of date). */
  readonly number?: string
  /** `YYYY-MM-DD` */
  readonly date?: string
}

/**
 * The desk's limit for a letter, in octets: 20 MiB.
 *
 * @example
 * ```ts
 * deskLetterLimit // 20971520
 * ```
 */
export const deskLetterLimit: number = 20 * 1024 * 1024
/**
 * AMS's upload limit as its change log states it, in octets: 1 MiB. A larger letter is kept by the desk and reported as a warning.
 *
 * @example
 * ```ts
 * amsLetterLimit // 1048576
 * ```
 */
export const amsLetterLimit: number = 1024 * 1024

/**
 * Checks that bytes are a whole PDF: the header within the first, `%%EOF` within the last 1,024 octets (ISO 32000 7.5.2, 7.5.5 as readers
 * apply it). What the PDF says, and whether its signatures hold, is judged elsewhere.
 *
 * @param at - dotted path of the bytes, named by every issue
 * @param limit - octets
 * @returns at most one issue: `required`, `wrongType`, `letterEmpty`, `letterTooLarge`, `letterNotPdf` or `letterTruncated`; `letterAboveAmsLimit` is a warning
 * @example
 * ```ts
 * checkPdf(pdf, 'letters[0].bytes') // { issues: [], warnings: [] }
 * checkPdf(pdf.subarray(0, 500), 'letters[0].bytes').issues.map(({ code }) => code) // ['letterTruncated']
 * ```
 */
export function checkPdf(bytes: unknown, at: string, limit: number = deskLetterLimit): Checked {
  const refuse = (found: Issue): Checked => ({ issues: [found], warnings: [] })
  if (!(bytes instanceof Uint8Array)) return refuse(bytes === undefined ? issue(at, 'required') : issue(at, 'wrongType', 'Uint8Array'))
  if (bytes.length === 0) return refuse(issue(at, 'letterEmpty'))
  if (bytes.length > limit) return refuse(issue(at, 'letterTooLarge'))
  if (!contains(bytes, '%PDF-', 0, 1024)) return refuse(issue(at, 'letterNotPdf'))
  if (!contains(bytes, '%%EOF', Math.max(0, bytes.length - 1024), bytes.length)) return refuse(issue(at, 'letterTruncated'))
  return { issues: [], warnings: bytes.length > amsLetterLimit ? [issue(at, 'letterAboveAmsLimit')] : [] }
}

/**
 * Checks everything about a letter but its kind: the PDF as {@link checkPdf} does, its number and its date where they are given.
 *
 * @param at - dotted path of the letter, named by every issue
 * @param limit - octets; {@link deskLetterLimit} where none is given
 * @example
 * ```ts
 * checkLetter({ bytes: pdf, number: '800/15/DINDIK', date: '2026-02-30' }, 'letters[0]').issues.map(({ path, code }) => `${path}: ${code}`) // ['letters[0].date: dateForm']
 * ```
 */
export function checkLetter(
  letter: { readonly bytes?: unknown; readonly number?: unknown; readonly date?: unknown },
  at: string,
  limit?: number,
): Checked {
  const found = [
    checkPdf(letter.bytes, `${at}.bytes`, limit),
    ...(letter.number === undefined ? [] : [checkLetterNumber(letter.number, `${at}.number`)]),
    ...(letter.date === undefined ? [] : [checkDate(letter.date, `${at}.date`)]),
  ]
  return { issues: found.flatMap(({ issues }) => issues), warnings: found.flatMap(({ warnings }) => warnings) }
}

/** A checked letter with its digest; the bytes are copied, so the caller may reuse its buffer. */
export async function makeLetter(letter: {
  readonly kind: LetterKind
  readonly bytes: Uint8Array
  readonly number?: string
  readonly date?: string
}): Promise<Letter> {
  const bytes = new Uint8Array(letter.bytes)
  return {
    kind: letter.kind,
    bytes,
    sha256: toHex(await digest('SHA-256', bytes)),
    size: bytes.length,
    mediaType: 'application/pdf',
    ...(letter.number === undefined ? {} : { number: letter.number }),
    ...(letter.date === undefined ? {} : { date: letter.date }),
  }
}

function contains(bytes: Uint8Array, text: string, from: number, to: number): boolean {
  const last = Math.min(to, bytes.length) - text.length
  for (let at = from; at <= last; at += 1) {
    let matched = 0
    while (matched < text.length && bytes[at + matched] === text.charCodeAt(matched)) matched += 1
    if (matched === text.length) return true
  }
  return false
}
