import Docxtemplater from 'docxtemplater'
import { encode } from 'uqr'
import { CabutError } from '@cabut/sdk'
import { qrText } from '../answer/answer-pdf.js'
import type { AnswerContent } from '../answer/content.js'
import type { SendingFile } from '../transport/port.js'
import { docxFields } from './fields.js'
import { houseTemplate, qrPart } from './house-template.js'
import { qrPng } from './png.js'
import { checkTemplate, joinVariables, openTemplate, variablesOf } from './template.js'

/** How a DOCX is written. */
export interface DocxOptions {
  /** A region's own template with placeholders `{{...}}` of `DocxFields`. @default `houseTemplate()` */
  readonly template?: Uint8Array
}

/**
 * Writes an answer as DOCX for Srikandi: our placeholders `{{...}}` filled in, Srikandi's variables `${...}` kept, each whole within one run.
 * The same content gives the same octets.
 *
 * @throws {@link CabutError} `letterTemplateInvalid`: macros, parts from outside, a placeholder nobody fills, a loop that is not closed
 * @example
 * ```ts
 * const bytes = await writeAnswerDocx(answer)
 * srikandiVariables(bytes).map(({ name }) => name) // ['${tanggal_naskah}', '${nomor_naskah}', '${ttd_pengirim}']
 * await writeAnswerDocx(answer, { template: pdf }) // throws letterTemplateInvalid
 * ```
 */
export async function writeAnswerDocx(content: AnswerContent, { template = houseTemplate() }: DocxOptions = {}): Promise<Uint8Array> {
  const zip = openTemplate(template)
  joinVariables(zip)
  const expected = variablesOf(zip).map(({ name }) => name)
  const unknown = new Set<string>()
  let document
  try {
    document = new Docxtemplater(zip, {
      delimiters: { start: '{{', end: '}}' }, paragraphLoop: true, linebreaks: true, errorLogging: false,
      nullGetter: (part: { readonly value?: string; readonly module?: string }) => {
        if (part.module === undefined || part.module === '') unknown.add(part.value ?? '')
        return ''
      },
    })
    document.render(docxFields(content))
  } catch (error) {
    throw new CabutError('letterTemplateInvalid', { at: 'template', detail: explain(error), cause: error })
  }
  if (unknown.size > 0) throw new CabutError('letterTemplateInvalid', { at: 'template', detail: `nobody fills: ${[...unknown].sort().join(', ').slice(0, 200)}` })
  const written = document.getZip()
  if (content.receiptsSha256 !== undefined && written.file(qrPart) !== null) written.file(qrPart, qrPng(encode(qrText(content.receiptsSha256), { ecc: 'M', border: 2 }).data))
  const found = variablesOf(written)
  const names = found.map(({ name }) => name)
  if (found.some(({ whole }) => !whole) || expected.some((name) => !names.includes(name))) throw new CabutError('letterTemplateInvalid', { at: 'template', detail: 'a variable of Srikandi did not survive' })
  // A fixed date: the same content gives the same octets.
  for (const part of Object.values(written.files)) part.date = new Date(1980, 0, 1)
  return written.generate({ type: 'uint8array', compression: 'DEFLATE' })
}

/**
 * A form for `createLetterDesk({ forms })`: the DOCX to upload into Srikandi, beside the PDF for reading.
 *
 * @throws {@link CabutError} `letterTemplateInvalid`: the template is none
 * @example
 * ```ts
 * const form = createDocxForm({ template: houseTemplate() })
 * const { name, mediaType } = await form(answer)
 * name // 'jawaban.docx'
 * mediaType // 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
 * ```
 */
export function createDocxForm(options: DocxOptions = {}): (content: AnswerContent) => Promise<SendingFile> {
  if (options.template !== undefined) checkTemplate(options.template)
  return async (content) => ({ name: 'jawaban.docx', mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', bytes: await writeAnswerDocx(content, options) })
}

/** What docxtemplater found, by its ids: they name tags of the template, never values. */
function explain(error: unknown): string {
  const several = (error as { readonly properties?: { readonly errors?: readonly { readonly properties?: { readonly id?: string; readonly xtag?: string } }[]; readonly id?: string } }).properties
  const first = several?.errors?.[0]?.properties ?? several
  const { id, xtag } = (first ?? {}) as { readonly id?: string; readonly xtag?: string }
  return `${id ?? 'not readable'}${xtag === undefined ? '' : ` (${xtag.slice(0, 60)})`}`
}
