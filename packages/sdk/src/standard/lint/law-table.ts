import type { LegalBasis } from '../service-standard.js'
import table from '../data/laws.json' with { type: 'json' }

/** A law by form, number and year. */
export interface LawReference {
  readonly form: LegalBasis['form']
  readonly number: string
  readonly year: number
}

/** What is known of a law. */
export interface LawStatus extends LawReference {
  /** The words after "tentang". */
  readonly title: string
  readonly status: 'inForce' | 'amended' | 'repealed'
  readonly amendedBy?: readonly LawReference[]
  readonly repealedBy?: LawReference
  /** Where the status was read. */
  readonly source: string
}

/**
 * Laws that standards of this service cite, with their status; data, extended as laws change. What is not listed has an unknown status.
 *
 * @example
 * ```ts
 * lawStatusTable.find(({ form, number, year }) => form === 'PP' && number === '82' && year === 2012)?.repealedBy // { form: 'PP', number: '71', year: 2019 }
 * ```
 */
export const lawStatusTable: readonly LawStatus[] = table.laws as readonly LawStatus[]

/** `UU 11/2008`. */
export function lawName({ form, number, year }: LawReference): string {
  return `${form} ${number}/${year}`
}

export function sameLaw(a: LawReference, b: LawReference): boolean {
  return a.form === b.form && a.number === b.number && a.year === b.year
}

const forms: readonly [RegExp, LegalBasis['form']][] = [
  [/^(?:undang-undang|uu)$/i, 'UU'],
  [/^(?:peraturan pemerintah(?: republik indonesia)?|pp)$/i, 'PP'],
  [/^(?:peraturan presiden|perpres)$/i, 'Perpres'],
]
const citation =
  /(undang-undang|UU|peraturan pemerintah(?: republik indonesia)?|PP|peraturan presiden|perpres)\s+(?:nomor|no\.?)?\s*(\d{1,3})(?:\s+tahun\s+|\/)(\d{4})(?:\s+tentang\s+(?=([^;.,]{3,200})))?/gi

/** Laws a text cites, with the words after "tentang"; a law named within another's title is found too. */
export function lawsCited(text: string): readonly (LawReference & { readonly title?: string })[] {
  return [...text.matchAll(citation)].flatMap((match) => {
    const form = forms.find(([words]) => words.test(match[1] as string))?.[1]
    if (form === undefined) return []
    const title = match[4]?.split(/\s+sebagaimana\s+/i)[0]?.trim()
    return [{ form, number: match[2] as string, year: Number(match[3]), ...(title === undefined ? {} : { title }) }]
  })
}
