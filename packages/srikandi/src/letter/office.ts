import { CabutError } from '@cabut/sdk'
import type { LetterNumber } from './number.js'

/** A government office that sends or receives letters. */
export interface Office {
  /** Code of the OPD as the desk knows it. */
  readonly code: string
  readonly name: string
  /** Other spellings met in letters, abbreviations included. */
  readonly aliases?: readonly string[]
  /** Parts of letter numbers that only this office uses, such as `DINDIK`. */
  readonly numberCodes?: readonly string[]
  /**
   * Values of `O` (and `OU`) in the certificates of its people, every spelling met; `O` is free text. With the list, a certificate that names
   * another agency is not asked for by this office's letters; without it nobody compares.
   */
  readonly organizations?: readonly string[]
  /** Who may sign its letters; without the list a signer is only compared with the name in the letter. */
  readonly signatories?: readonly Signatory[]
}

/** An official who may sign letters of an office. */
export interface Signatory {
  /** Titles do not count. */
  readonly nama: string
  readonly jabatan?: string
  /** SHA-256 (lower-case hex) of certificates they sign with; only these count where they are given. */
  readonly certificates?: readonly string[]
}

/** The offices a desk serves; agency data. */
export type OfficeDirectory = readonly Office[]

/**
 * Checks a directory once: codes (1-64 of `A-Z a-z 0-9 . _ -`), names, aliases and number codes belong to one office each; case and punctuation do not count.
 *
 * @returns the directory, unchanged
 * @throws TypeError for misuse; it names the two offices
 * @example
 * ```ts
 * checkOffices(offices) === offices // true
 * checkOffices([{ code: 'DINKES', name: 'Dinas Kesehatan' }, { code: 'RSUD', name: 'Rumah Sakit Umum', aliases: ['Dinas kesehatan'] }]) // throws TypeError
 * ```
 */
export function checkOffices(offices: OfficeDirectory): OfficeDirectory {
  const seen = new Map<string, string>()
  for (const office of offices) {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(office.code)) throw new TypeError('an office code has 1-64 of A-Z a-z 0-9 . _ -')
    const marks = [`code ${fold(office.code)}`, ...[office.name, ...(office.aliases ?? [])].map((name) => `name ${fold(name)}`), ...(office.numberCodes ?? []).map((code) => `number code ${fold(code)}`)]
    for (const mark of new Set(marks)) {
      const other = seen.get(mark)
      if (other !== undefined) throw new TypeError(`${mark} belongs to two offices: ${other} and ${office.code}`)
      seen.set(mark, office.code)
    }
  }
  return offices
}

/**
 * Finds the office a letter comes from: by its code, its name, or its name within the sender's office title
 * (`Kepala Dinas Pendidikan` -> Dinas Pendidikan). The longest name wins
 * over names that are part of it; two different offices in one title are nobody.
 *
 * @param texts what the row says of the sender, the surest first
 * @param at place in the input, for the error
 * @throws {@link CabutError} `letterOfficeUnknown`
 * @example
 * ```ts
 * findOffice(offices, ['Plt. KEPALA DINAS PENDIDIKAN']).code // 'DINDIK'
 * findOffice(offices, ['Sekretaris Dinkes']).code // 'DINKES'
 * findOffice(offices, ['Camat Contoh']) // throws letterOfficeUnknown
 * ```
 */
export function findOffice(offices: OfficeDirectory, texts: readonly string[], at: string = 'unit_pengirim'): Office {
  const folded = texts.map(fold).filter((text) => text !== '')
  for (const text of folded) {
    const exact = offices.find((office) => [office.code, office.name, ...(office.aliases ?? [])].some((name) => fold(name) === text))
    if (exact !== undefined) return exact
  }
  for (const text of folded) {
    const within = offices.flatMap((office) => [office.name, ...(office.aliases ?? [])].map((name) => ({ office, name: fold(name) })))
      .filter(({ name }) => name.length >= 3 && ` ${text} `.includes(` ${name} `))
      .sort((left, right) => right.name.length - left.name.length)
    // A shorter name counts as another office unless it is a part of the longer one (UPT Dinas Pendidikan ... within Dinas Pendidikan).
    const [best] = within
    if (best !== undefined && within.every(({ office, name }) => office === best.office || (name !== best.name && ` ${best.name} `.includes(` ${name} `)))) return best.office
  }
  throw new CabutError('letterOfficeUnknown', { at })
}

/**
 * Refuses a number that carries another office's code (`numberCodes`). A number with no code of anybody passes.
 *
 * @param office the sender
 * @param at place in the input, for the error
 * @throws {@link CabutError} `letterOfficeMismatch`
 * @example
 * ```ts
 * const dindik = findOffice(offices, ['DINDIK'])
 * checkNumberOffice(offices, dindik, readLetterNumber('800/15/DINDIK')) // undefined
 * checkNumberOffice(offices, dindik, readLetterNumber('800/15/DINKES')) // throws letterOfficeMismatch
 * ```
 */
export function checkNumberOffice(offices: OfficeDirectory, office: Office, number: LetterNumber, at: string = 'nomor'): void {
  const parts = new Set(number.parts.map(fold))
  const owns = (candidate: Office): boolean => (candidate.numberCodes ?? []).some((code) => parts.has(fold(code)))
  if (owns(office)) return
  const other = offices.find((candidate) => candidate !== office && owns(candidate))
  if (other !== undefined) throw new CabutError('letterOfficeMismatch', { at, detail: `the number is of office ${other.code}, the sender is ${office.code}` })
}

/** Case, accents of width, punctuation and repeated blanks do not tell two offices apart. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}
