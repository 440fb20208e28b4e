import { PkiError } from '../errors.js'
import type { PdfDocument } from './pdf/document.js'
import { hexValue } from './pdf/filter.js'
import { isKind, wholeNumber, type PdfDictionary } from './pdf/value.js'
import type { LetterProblemCode } from './report.js'

/** The octets a signature covers, checked. */
export interface Coverage {
  /** Two stretches of the file, before and behind the signature's own Contents. */
  readonly before: Uint8Array
  readonly behind: Uint8Array
  /** Where the covered octets end in the file. */
  readonly end: number
  /** The revision they make up, as an index of the document's sections. */
  readonly revision: number
  /** The DER message in Contents, without padding. */
  readonly message: Uint8Array
}

/** Why a signature's coverage is refused. */
export class CoverageRefused extends Error {
  readonly code: LetterProblemCode
  readonly detail: string | undefined

  constructor(code: LetterProblemCode, detail?: string) {
    super(code)
    this.code = code
    this.detail = detail
  }
}

/**
 * Checks ByteRange and Contents of a signature dictionary (ISO 32000-1 section 12.8.1): from 0, one gap, which is exactly the hexadecimal string of this very
 * dictionary as it stands in the file, to the end of a revision. Every known way of hiding unsigned octets needs one of these to be otherwise.
 * Throws {@link CoverageRefused}.
 */
export function readCoverage(document: PdfDocument, dictionary: PdfDictionary): Coverage {
  const contents = document.resolve(dictionary.entries.get('Contents'))
  const direct = dictionary.entries.get('Contents')
  if (!isKind(contents, 'string') || contents !== direct || !contents.hex || contents.start < 0) throw new CoverageRefused('contentsMalformed')
  const { bytes } = document
  for (let at = contents.start + 1; at < contents.end - 1; at++) if (hexValue(bytes[at]!) < 0) throw new CoverageRefused('contentsMalformed', `at ${at}`)
  const message = unpadded(contents.bytes)
  const range = dictionary.entries.get('ByteRange')
  const numbers = isKind(range, 'array') ? range.items.map(wholeNumber) : []
  const [start, length, resume, rest] = numbers
  if (numbers.length !== 4 || start !== 0 || length === undefined || resume === undefined || rest === undefined) throw new CoverageRefused('byteRangeShape')
  if (length !== contents.start || resume !== contents.end) throw new CoverageRefused('byteRangeGap')
  const end = resume + rest
  if (end > bytes.length) throw new CoverageRefused('byteRangeEnd', 'beyond the end of the file')
  const revision = document.revisionEndingAt(end)
  if (revision === undefined) throw new CoverageRefused('byteRangeEnd')
  return { before: bytes.subarray(0, length), behind: bytes.subarray(resume, end), end, revision, message }
}

/** The DER element at the start; nothing but zeros may follow (room that was left for it). */
function unpadded(contents: Uint8Array): Uint8Array {
  let length = contents[1] ?? 0
  let head = 2
  if (contents[0] !== 0x30) throw new CoverageRefused('contentsMalformed', 'no DER sequence')
  if (length >= 0x80) {
    const count = length & 0x7f
    // Indefinite lengths are refused: ISO 32000-1 12.8.3.3 demands DER.
    if (count === 0) throw new CoverageRefused('cmsMalformed', 'derIndefiniteLength')
    if (count > 4) throw new CoverageRefused('cmsMalformed', 'derLength')
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + (contents[head++] ?? 0)
  }
  const end = head + length
  if (end > contents.length) throw new CoverageRefused('cmsMalformed', 'derTruncated')
  for (let at = end; at < contents.length; at++) if (contents[at] !== 0) throw new CoverageRefused('contentsMalformed', 'octets behind the message')
  return contents.subarray(0, end)
}

/** Turns a refusal while reading into the problem to report; anything else passes on. */
export function problemOf(error: unknown, code: LetterProblemCode): { code: LetterProblemCode; detail?: string } {
  if (error instanceof CoverageRefused) return { code: error.code, ...(error.detail !== undefined && { detail: error.detail }) }
  if (error instanceof PkiError) return { code, detail: error.offset === undefined ? error.code : `${error.code} at ${error.offset}` }
  throw error
}
