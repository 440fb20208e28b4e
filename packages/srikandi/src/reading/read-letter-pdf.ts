import { electronicPhrases } from '@cabut/sdk/request'
import type { LetterNumber } from '../letter/number.js'
import type { Office, OfficeDirectory } from '../letter/office.js'
import type { ReadFact } from './fact.js'
import { findDate, findNumber, findSender, findSubject } from './find-heading.js'
import { findSignatory, type ReadSignatory } from './find-signatory.js'
import { findTable, type HolderTable } from './find-table.js'
import { linesOf } from './line.js'
import { readPdfText, type PdfLimits } from './pdf-text.js'

/** What was read from a letter's PDF, for a person to confirm. */
export interface LetterReading {
  readonly pages: number
  /** `text`: it can be read. `image`: pictures and no text, a scan: look for stamp and wet ink. `empty`: neither. */
  readonly content: 'text' | 'image' | 'empty'
  /** Attached files: a letter's parts belong into the letter. */
  readonly attachments: number
  /** Kinds of active content: `JavaScript`, `Launch`, ... A letter has none. */
  readonly active: readonly string[]
  /** Not everything was read. */
  readonly limited: boolean
  /** The text says that it was signed electronically. */
  readonly claimsElectronic: boolean
  readonly number?: ReadFact<LetterNumber>
  /** `YYYY-MM-DD` */
  readonly date?: ReadFact<string>
  readonly subject?: ReadFact<string>
  readonly sender?: ReadFact<Office | undefined>
  readonly signatory?: ReadFact<ReadSignatory>
  readonly table?: HolderTable
}

/**
 * Reads a letter's PDF: number, date, hal, sender and signatory, each with a confidence and the place it was read from, and the table of holders
 * where it is whole. It decides nothing: what it finds is shown to a person, or compared with what a person has typed.
 *
 * @throws {@link CabutError} `letterPdfEncrypted`, `letterPdfDamaged`, `letterPdfTooComplex`
 * @example
 * ```ts
 * const { number, signatory, sender } = await readLetterPdf(pdf, { offices })
 * number?.value.text // '000.8.3.3/15/DINDIK'
 * signatory?.value // { name: 'Surya Wibisana', authority: { capacity: 'plt', position: 'Kepala Dinas Pendidikan' } }
 * sender?.value?.code // 'DINDIK'
 * await readLetterPdf(pdf.subarray(0, 100)) // throws letterPdfDamaged
 * ```
 */
export async function readLetterPdf(bytes: Uint8Array, { offices = [], limits = {} }: { readonly offices?: OfficeDirectory; readonly limits?: PdfLimits } = {}): Promise<LetterReading> {
  const pdf = await readPdfText(bytes, limits)
  const lines = linesOf(pdf)
  const text = squeeze(lines.map((line) => line.text).join(' '))
  const facts = {
    number: findNumber(lines), date: findDate(lines), subject: findSubject(lines), sender: findSender(lines, offices), signatory: findSignatory(lines), table: findTable(lines),
  }
  return {
    pages: pdf.pages,
    // A line or two over a scan (a stamp of the system that registered it) do not make it readable.
    content: text.length >= 40 || (text.length > 0 && pdf.images === 0) ? 'text' : pdf.images > 0 ? 'image' : 'empty',
    attachments: pdf.attachments, active: pdf.active, limited: pdf.limited,
    claimsElectronic: squeezed.some((phrase) => text.includes(phrase)),
    ...(Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as Pick<LetterReading, 'number'>),
  }
}

function squeeze(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[\s\u00ad\u200b-\u200d\ufeff]+/g, '')
}

const squeezed: readonly string[] = electronicPhrases.map(squeeze)
