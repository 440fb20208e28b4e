import { PkiError } from '../../errors.js'
import { PdfParser } from './parse.js'
import { isKind, wholeNumber, type PdfReference, type PdfValue } from './value.js'

/** An object as it stands in the file: `12 0 obj ... endobj` (ISO 32000-1 section 7.3.10). */
export interface IndirectObject {
  readonly number: number
  readonly generation: number
  readonly value: PdfValue
  /** Where `endobj` ends. */
  readonly end: number
}

/**
 * Reads the object at `offset`. `lengthOf` finds the length of a stream that is given by reference. Streams end exactly where their length says, or the file
 * is malformed: whoever searches for `endstream` instead sees another document than the next reader.
 */
export function readIndirectObject(bytes: Uint8Array, offset: number, lengthOf: (reference: PdfReference) => number | undefined): IndirectObject {
  const parser = new PdfParser(bytes, offset)
  const number = parser.whole()
  const generation = parser.whole()
  if (number === undefined || generation === undefined || !parser.accept('obj')) throw new PkiError('pdfMalformed', offset, 'no object')
  const value = parser.value()
  if (!isKind(value, 'dictionary') || !parser.accept('stream')) {
    if (!parser.accept('endobj')) throw parser.malformed('no endobj')
    return { number, generation, value, end: parser.at }
  }
  if (bytes[parser.at] === 0x0d) parser.at++
  if (bytes[parser.at] !== 0x0a) throw parser.malformed('no line end behind stream')
  const start = parser.at + 1
  const given = value.entries.get('Length')
  const length = isKind(given, 'reference') ? lengthOf(given) : wholeNumber(given)
  if (length === undefined || start + length > bytes.length) throw new PkiError('pdfMalformed', start, 'a stream without a length')
  parser.at = start + length
  if (!parser.accept('endstream')) throw new PkiError('pdfMalformed', start + length, 'no endstream where the length says')
  if (!parser.accept('endobj')) throw parser.malformed('no endobj')
  return { number, generation, value: { kind: 'stream', dictionary: value, raw: bytes.subarray(start, start + length) }, end: parser.at }
}
