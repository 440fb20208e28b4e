import { PkiError } from '../errors.js'
import { readOid } from './oid.js'
import { Tag } from './tags.js'
import { readTime } from './time.js'

/**
 * Readers nest at most this deep (X.690 sets no bound): {@link DerReader.enter} throws `derTooDeep` beyond. X.509, CRL and OCSP need fewer than 16.
 *
 * @example
 * ```ts
 * new DerReader(certificate.der, 0, certificate.der.length, maxDerDepth).enter(Tag.sequence) // throws derTooDeep
 * ```
 */
export const maxDerDepth = 40

/**
 * A strict, zero-copy reader over one level of DER (X.690): definite minimal lengths only, no high tag numbers, nothing beyond `end`.
 * It moves forward over sibling elements; {@link DerReader.enter} gives a reader over the content of a constructed one.
 * Every refusal is a {@link PkiError} with a `der…` code and the offset in `bytes`. Call {@link DerReader.finish} when nothing more may follow.
 *
 * @example
 * ```ts
 * const reader = new DerReader(Uint8Array.of(0x30, 0x06, 0x02, 0x01, 0x05, 0x01, 0x01, 0xff))
 * const sequence = reader.enter(Tag.sequence)
 * reader.finish()
 * sequence.smallInteger() // 5
 * sequence.finish() // throws derTrailing
 * sequence.boolean() // true
 * ```
 */
export class DerReader {
  readonly bytes: Uint8Array
  /** Offset of the next element. */
  offset: number
  readonly end: number
  readonly depth: number
  /** After a read: where the content of that element starts. */
  contentStart = 0
  /** After a read: where that element ends. */
  contentEnd = 0

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length, depth = 0) {
    this.bytes = bytes
    this.offset = start
    this.end = end
    this.depth = depth
  }

  /** True when no element is left. */
  get done(): boolean {
    return this.offset >= this.end
  }

  /** The identifier octet of the next element, or -1 at the end. */
  peek(): number {
    return this.offset < this.end ? this.bytes[this.offset]! : -1
  }

  /** Steps over the next element and returns its identifier octet; `contentStart` and `contentEnd` then delimit its content. */
  next(): number {
    const { bytes, end } = this
    const start = this.offset
    if (start + 2 > end) throw new PkiError('derTruncated', start)
    const tag = bytes[start]!
    // High tag numbers (X.690 8.1.2.4) occur nowhere in RFC 5280, 6960 or 5652.
    if ((tag & 0x1f) === 0x1f) throw new PkiError('derTag', start)
    let length = bytes[start + 1]!
    let content = start + 2
    if (length >= 0x80) {
      const count = length & 0x7f
      if (count === 0) throw new PkiError('derIndefiniteLength', start + 1)
      if (count > 6) throw new PkiError(length === 0xff ? 'derLength' : 'derTruncated', start + 1)
      if (content + count > end) throw new PkiError('derTruncated', start + 1)
      if (bytes[content] === 0) throw new PkiError('derLength', start + 1)
      length = 0
      for (let i = 0; i < count; i++) length = length * 256 + bytes[content++]!
      if (length < 0x80) throw new PkiError('derLength', start + 1)
    }
    if (length > end - content) throw new PkiError('derTruncated', start + 1)
    this.contentStart = content
    this.contentEnd = content + length
    this.offset = content + length
    return tag
  }

  /** Steps over an element that must have this tag. */
  expect(tag: number): void {
    const start = this.offset
    if (start < this.end && this.bytes[start] !== tag) throw new PkiError('derTag', start)
    this.next()
  }

  /** A reader over the content of the next element, which must have this (constructed) tag. */
  enter(tag: number): DerReader {
    const start = this.offset
    this.expect(tag)
    if (this.depth >= maxDerDepth) throw new PkiError('derTooDeep', start)
    return new DerReader(this.bytes, this.contentStart, this.contentEnd, this.depth + 1)
  }

  /** As {@link enter} if the next element has this tag; otherwise undefined and nothing is read. */
  enterOptional(tag: number): DerReader | undefined {
    return this.peek() === tag ? this.enter(tag) : undefined
  }

  /** Steps over the next element whatever its tag. */
  skip(): void {
    this.next()
  }

  /** The next element whole (tag, length, content), not copied. */
  element(tag?: number): Uint8Array {
    const start = this.offset
    if (tag === undefined) this.next()
    else this.expect(tag)
    return this.bytes.subarray(start, this.offset)
  }

  /** The content of the next element, not copied. */
  content(tag: number): Uint8Array {
    this.expect(tag)
    return this.bytes.subarray(this.contentStart, this.contentEnd)
  }

  /** BOOLEAN: FF or 00, nothing else (X.690 11.1). */
  boolean(tag: number = Tag.boolean): boolean {
    this.expect(tag)
    const value = this.bytes[this.contentStart]
    if (this.contentEnd - this.contentStart !== 1 || (value !== 0 && value !== 0xff)) throw new PkiError('derBoolean', this.contentStart)
    return value === 0xff
  }

  /** INTEGER: its two's-complement content, minimal (X.690 8.3.2), not copied. */
  integer(tag: number = Tag.integer): Uint8Array {
    this.expectInteger(tag)
    return this.bytes.subarray(this.contentStart, this.contentEnd)
  }

  /** Steps over a minimal INTEGER. */
  expectInteger(tag: number = Tag.integer): void {
    this.expect(tag)
    const { bytes, contentStart } = this
    const length = this.contentEnd - contentStart
    if (length === 0) throw new PkiError('derInteger', contentStart)
    if (length > 1) {
      const first = bytes[contentStart]!
      const negative = (bytes[contentStart + 1]! & 0x80) !== 0
      if ((first === 0 && !negative) || (first === 0xff && negative)) throw new PkiError('derInteger', contentStart)
    }
  }

  /** INTEGER or ENUMERATED between -2^31 and 2^31-1. */
  smallInteger(tag: number = Tag.integer): number {
    this.expectInteger(tag)
    const { bytes, contentStart, contentEnd } = this
    if (contentEnd - contentStart > 4) throw new PkiError('derInteger', contentStart)
    let value = bytes[contentStart]! & 0x80 ? -1 : 0
    for (let i = contentStart; i < contentEnd; i++) value = (value << 8) | bytes[i]!
    return value
  }

  /** INTEGER of at most `maxBytes` content octets. */
  bigInteger(tag: number = Tag.integer, maxBytes = 64): bigint {
    this.expectInteger(tag)
    const { bytes, contentStart, contentEnd } = this
    if (contentEnd - contentStart > maxBytes) throw new PkiError('derInteger', contentStart)
    let value = bytes[contentStart]! & 0x80 ? -1n : 0n
    for (let i = contentStart; i < contentEnd; i++) value = (value << 8n) | BigInt(bytes[i]!)
    return value
  }

  /** OBJECT IDENTIFIER in dotted form. */
  oid(tag: number = Tag.oid): string {
    this.expect(tag)
    return readOid(this.bytes, this.contentStart, this.contentEnd)
  }

  /** OCTET STRING content, not copied. */
  octetString(tag: number = Tag.octetString): Uint8Array {
    return this.content(tag)
  }

  /** BIT STRING: unused bits are 0-7, zero, and 0 when empty (X.690 11.2). */
  bitString(tag: number = Tag.bitString): { readonly unusedBits: number; readonly bytes: Uint8Array } {
    this.expectBitString(tag)
    return { unusedBits: this.bytes[this.contentStart]!, bytes: this.bytes.subarray(this.contentStart + 1, this.contentEnd) }
  }

  /** Steps over a well-formed BIT STRING. */
  expectBitString(tag: number = Tag.bitString): void {
    this.expect(tag)
    const { bytes, contentStart, contentEnd } = this
    const length = contentEnd - contentStart
    const unused = bytes[contentStart] ?? 0
    if (length === 0 || unused > 7 || (length === 1 && unused !== 0)) throw new PkiError('derBitString', contentStart)
    if (unused !== 0 && (bytes[contentEnd - 1]! & ((1 << unused) - 1)) !== 0) throw new PkiError('derBitString', contentEnd - 1)
  }

  /** A BIT STRING of whole octets, such as a signature: its octets, not copied. */
  wholeBitString(tag: number = Tag.bitString): Uint8Array {
    this.expectBitString(tag)
    if (this.bytes[this.contentStart] !== 0) throw new PkiError('derBitString', this.contentStart)
    return this.bytes.subarray(this.contentStart + 1, this.contentEnd)
  }

  /** NULL without content. */
  null(): void {
    this.expect(Tag.null)
    if (this.contentEnd !== this.contentStart) throw new PkiError('derNull', this.contentStart)
  }

  /** UTCTime or GeneralizedTime in the DER form of RFC 5280 section 4.1.2.5, as milliseconds since 1970. */
  time(): number {
    const tag = this.peek()
    if (tag !== Tag.utcTime && tag !== Tag.generalizedTime) {
      if (tag === -1) throw new PkiError('derTruncated', this.offset)
      throw new PkiError('derTag', this.offset)
    }
    this.next()
    return readTime(this.bytes, tag, this.contentStart, this.contentEnd)
  }

  /** Throws `derTrailing` when an element is left. */
  finish(): void {
    if (this.offset < this.end) throw new PkiError('derTrailing', this.offset)
  }
}
