import { PkiError } from '../errors.js'
import type { PdfDocument } from './pdf/document.js'
import { isKind, nameText, type PdfDictionary, type PdfString, type PdfValue } from './pdf/value.js'

/** A signature field and what fills it (ISO 32000-1 section 12.7.4.5). */
export interface SignatureField {
  /** Full name: the partial names from the root, with dots. */
  readonly name: string
  /** Object number of the signature dictionary, when it is an object of its own. */
  readonly object?: number
  /** Object number of the field. */
  readonly fieldObject?: number
  /** Absent when nobody has signed. */
  readonly dictionary?: PdfDictionary
}

/** A field somebody has signed. */
export type FilledField = SignatureField & { readonly dictionary: PdfDictionary }

const maxFields = 100_000
const maxFieldDepth = 32

/** Every signature field of a revision, in the order of the form. */
export function signatureFields(document: PdfDocument, revision = 0): SignatureField[] {
  const form = document.dictionary(document.catalog(revision).entries.get('AcroForm'), revision)
  const found: SignatureField[] = []
  if (form === undefined) return found
  const seen = new Set<number>()
  let count = 0
  const visit = (value: PdfValue, parents: string, inherited: PdfDictionary | undefined, depth: number): void => {
    const number = isKind(value, 'reference') ? value.number : undefined
    if (number !== undefined && seen.has(number)) return
    if (number !== undefined) seen.add(number)
    if (++count > maxFields || depth > maxFieldDepth) throw new PkiError('pdfTooLarge', undefined, 'too many form fields')
    const field = document.dictionary(value, revision)
    if (field === undefined) return
    const { entries } = field
    const own = document.resolve(entries.get('T'), revision)
    const name = isKind(own, 'string') ? (parents === '' ? fieldText(own) : `${parents}.${fieldText(own)}`) : parents
    const kind = nameText(document.resolve(entries.get('FT') ?? inherited?.entries.get('FT'), revision))
    const kids = document.items(entries.get('Kids'), revision)
    const isParent = kids.some((kid) => document.dictionary(kid, revision)?.entries.has('T') === true)
    if (kind === 'Sig' && !isParent) {
      const filled = entries.get('V') ?? inherited?.entries.get('V')
      const dictionary = document.dictionary(filled, revision)
      found.push({
        name, ...(isKind(filled, 'reference') && { object: filled.number }), ...(number !== undefined && { fieldObject: number }), ...(dictionary && { dictionary }),
      })
      return
    }
    if (!isParent) return
    const passed = kind === undefined ? inherited : entries.has('FT') ? field : inherited
    for (const kid of kids) visit(kid, name, passed, depth + 1)
  }
  for (const field of document.items(form.entries.get('Fields'), revision)) visit(field, '', undefined, 0)
  return found
}

/** Text of a text string: UTF-16BE with its mark, UTF-8 with its mark, else one character an octet. */
export function fieldText(string: PdfString): string {
  const { bytes } = string
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    let text = ''
    for (let at = 2; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at]! * 256 + bytes[at + 1]!)
    return text
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder().decode(bytes)
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** A PDF date, `D:YYYYMMDDHHmmSSOHH'mm'` (ISO 32000-1 section 7.9.4); undefined when it is none. */
export function readPdfDate(string: PdfValue | undefined): Date | undefined {
  if (!isKind(string, 'string') || string.bytes.length > 40) return undefined
  const match = /^D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:Z(?:00'?(?:00'?)?)?|([+-])(\d{2})(?:'?(\d{2})'?)?)?$/.exec(fieldText(string))
  if (match === null) return undefined
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', sign, hours = '00', minutes = '00'] = match
  const local = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(local.getTime())) return undefined
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
  return new Date(local.getTime() + (sign === '+' ? -offset : sign === '-' ? offset : 0))
}
