import { CabutError } from '@cabut/sdk'

/** A letter number as read. There is no national pattern. */
export interface LetterNumber {
  /** As shown: label and outer blanks removed, nothing else changed. */
  readonly text: string
  /** For comparison: NFKC, upper case, one kind of dash, no blanks around separators. Two spellings of one number have one `key`. */
  readonly key: string
  /** What stands between the separators `/`, `.` `-` and blanks, in upper case. */
  readonly parts: readonly string[]
  /** The number is a placeholder (`${nomor_naskah}`) or provisional: it is not final until the letter is signed. */
  readonly provisional: boolean
}

/**
 * Reads a letter number tolerantly: `Nomor : 000.8.3.3 / 15 / DINDIK`, `R-99/IJ/KP.07.6/04/2020`, with any dash and any blanks.
 * A year within the number is never read as the year of the letter.
 *
 * @param at place in the input, for the error
 * @throws {@link CabutError} `letterNumberInvalid`: not 3-100 characters, no digit, or a control or invisible character
 * @example
 * ```ts
 * readLetterNumber('No. 000.8.3.3 / 15 / dindik').key // '000.8.3.3/15/DINDIK'
 * readLetterNumber('${nomor_naskah}').provisional // true
 * readLetterNumber('tanpa nomor') // throws letterNumberInvalid
 * ```
 */
export function readLetterNumber(text: string, at: string = 'nomor'): LetterNumber {
  const bad = (detail: string): CabutError => new CabutError('letterNumberInvalid', { at, detail })
  if (text.length > 400) throw bad('too long')
  // Control, format (bidi, zero width), private and unassigned characters: two numbers that look alike must be alike.
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u.test(text)) throw bad('control or invisible character')
  const shown = text.normalize('NFC').trim().replace(/^(?:nomor|nomer|no)\b\.?\s*:?\s*/i, '').trim()
  if (shown.length < 3 || shown.length > 100) throw bad('3-100 characters expected')
  const provisional = /\$\{[A-Za-z_]+\}/.test(shown)
  if (!provisional && !/\d/.test(shown)) throw bad('a digit is missing')
  const key = shown.normalize('NFKC').replace(/\p{Pd}/gu, '-').toUpperCase().replace(/\s*([/.-])\s*/g, '$1').replace(/\s+/g, ' ')
  return { text: shown, key, parts: key.split(/[/. -]+/).filter((part) => part !== ''), provisional }
}

/**
 * Years (1900-2199) that stand in the number as a part of their own. Shown beside the date when they differ; never used as the year.
 *
 * @example
 * ```ts
 * yearsInNumber(readLetterNumber('R-99/IJ/KP.07.6/04/2020')) // [2020]
 * yearsInNumber(readLetterNumber('800/15/DINDIK')) // []
 * ```
 */
export function yearsInNumber(number: LetterNumber): readonly number[] {
  return number.parts.filter((part) => /^(?:19|20|21)\d{2}$/.test(part)).map(Number)
}
