import { hexOf } from '../crypto/hex.js'
import { DerReader } from '../der/reader.js'
import { Tag } from '../der/tags.js'
import { PkiError } from '../errors.js'
import type { Attribute, Name, StringType } from './name.js'
import { decodeString, stringTypeOfTag } from './string.js'

/** Largest accepted name (octets); names in the field stay below 1 kB. */
export const maxNameBytes = 65_536

/**
 * Reads a Name from exactly these DER octets (RFC 5280 section 4.1.2.4). Strings that may be malformed (UTF-8, BMPString, UniversalString) are checked at once.
 * Throws {@link PkiError}: `der…` codes with the offset, `derTrailing` for octets behind the name, `derString`, `nameTooLarge` beyond 65536 octets.
 *
 * @example
 * ```ts
 * formatName(readName(certificate.issuerDer)) // 'CN=Cabut SANDBOX CA DS G1,O=Cabut SANDBOX (bukan lembaga resmi),C=ID'
 * readName(certificate.der) // throws derTag
 * ```
 */
export function readName(der: Uint8Array): Name {
  const reader = new DerReader(der)
  const name = readNameFrom(reader)
  reader.finish()
  return name
}

/**
 * Reads the next element as a Name (RFC 5280 section 4.1.2.4). Throws as {@link readName}; what stands behind is the reader's.
 *
 * @example
 * ```ts
 * const reader = new DerReader(encodeElement(Tag.sequence, certificate.issuerDer, certificate.subjectDer)).enter(Tag.sequence)
 * const [issuer, subject] = [readNameFrom(reader), readNameFrom(reader)]
 * namesMatch(issuer, issuing.subject) // true
 * reader.done // true
 * ```
 */
export function readNameFrom(reader: DerReader, tag: number = Tag.sequence): Name {
  const start = reader.offset
  const sequence = reader.enter(tag)
  if (sequence.end - start > maxNameBytes) throw new PkiError('nameTooLarge', start)
  const rdns: Attribute[][] = []
  while (sequence.offset < sequence.end) {
    sequence.expect(Tag.set)
    const setEnd = sequence.contentEnd
    sequence.offset = sequence.contentStart
    const attributes: Attribute[] = []
    readAttributes(sequence, setEnd, attributes)
    rdns.push(attributes)
  }
  return { rdns }
}

/**
 * Reads the next element as a RelativeDistinguishedName (RFC 5280 section 4.1.2.4): a SET of at least one attribute. The order within the SET is kept, not
 * judged. Throws {@link PkiError}: `der…` codes, `derTruncated` for an empty SET, `derString`.
 *
 * @example
 * ```ts
 * const rdns = new DerReader(certificate.issuerDer).enter(Tag.sequence)
 * readRdn(rdns).map(({ type, value, stringType }) => [type, value, stringType]) // [['2.5.4.6', 'ID', 'printable']]
 * readRdn(new DerReader(Uint8Array.of(Tag.set, 0))) // throws derTruncated
 * ```
 */
export function readRdn(reader: DerReader, tag: number = Tag.set): Attribute[] {
  reader.expect(tag)
  const { bytes, contentStart, contentEnd } = reader
  const cursor = new DerReader(bytes, contentStart, contentEnd)
  const attributes: Attribute[] = []
  readAttributes(cursor, contentEnd, attributes)
  return attributes
}

/** Reads AttributeTypeAndValue elements up to `setEnd`. One cursor steps through headers and contents alike: most of the time in a certificate goes here. */
function readAttributes(cursor: DerReader, setEnd: number, attributes: Attribute[]): void {
  if (cursor.offset >= setEnd) throw new PkiError('derTruncated', cursor.offset)
  do {
    cursor.expect(Tag.sequence)
    const pairEnd = cursor.contentEnd
    if (pairEnd > setEnd) throw new PkiError('derTruncated', cursor.contentStart)
    cursor.offset = cursor.contentStart
    const type = cursor.oid()
    const start = cursor.offset
    if (start >= pairEnd) throw new PkiError('derTruncated', start)
    const valueTag = cursor.next()
    if (cursor.offset !== pairEnd) throw new PkiError(cursor.offset > pairEnd ? 'derTruncated' : 'derTrailing', cursor.offset > pairEnd ? start : cursor.offset)
    attributes.push(new DerAttribute(type, stringTypeOfTag(valueTag), cursor.bytes, start, cursor.contentStart, cursor.contentEnd))
  } while (cursor.offset < setEnd)
}

/**
 * An attribute over the octets of its name. A value that cannot fail to decode (ASCII, the one-octet types, `#hex`) becomes text when asked; the others are
 * decoded, and so checked, at once.
 */
class DerAttribute implements Attribute {
  readonly type: string
  readonly stringType: StringType
  #value: string | undefined
  readonly #bytes: Uint8Array
  readonly #start: number
  readonly #content: number
  readonly #end: number

  constructor(type: string, stringType: StringType, bytes: Uint8Array, start: number, contentStart: number, end: number) {
    this.type = type
    this.stringType = stringType
    this.#value = decodesAlways(bytes, stringType, contentStart, end) ? undefined : decodeString(bytes, stringType, contentStart, end)
    this.#bytes = bytes
    this.#start = start
    this.#content = contentStart
    this.#end = end
  }

  get value(): string {
    return this.#value ??= this.stringType === 'other' ? hexForm(this.#bytes, this.#start, this.#end) : decodeString(this.#bytes, this.stringType, this.#content, this.#end)
  }

  get der(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end)
  }
}

function decodesAlways(bytes: Uint8Array, type: StringType, start: number, end: number): boolean {
  if (type === 'bmp' || type === 'universal') return false
  if (type !== 'utf8') return true
  let or = 0
  for (let i = start; i < end; i++) or |= bytes[i]!
  return or < 0x80
}

/** `#` and lower-case hex of the DER, as RFC 4514 section 2.4 writes values without a string form. */
export function hexForm(bytes: Uint8Array, start: number, end: number): string {
  return `#${hexOf(bytes, start, end)}`
}
