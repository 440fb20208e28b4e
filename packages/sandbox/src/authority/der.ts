/**
 * A small DER writer (X.690) and the reader an OCSP responder needs. It is deliberately another code path than the
 * library under test: the sandbox judges that library.
 */

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}

/** One TLV of definite, minimal length. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  let length = 0
  for (const part of parts) length += part.length
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(length)]), ...parts])
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts)
export const octetString = (content: Uint8Array): Buffer => tlv(0x04, content)
export const bitString = (content: Uint8Array, unused = 0): Buffer => tlv(0x03, Buffer.from([unused]), content)
export const boolean = (value: boolean): Buffer => Buffer.from([0x01, 0x01, value ? 0xff : 0x00])
export const enumerated = (value: number): Buffer => Buffer.from([0x0a, 0x01, value])
export const nullValue: Buffer = Buffer.from([0x05, 0x00])
export const utf8String = (text: string): Buffer => tlv(0x0c, Buffer.from(text, 'utf8'))
export const printableString = (text: string): Buffer => tlv(0x13, Buffer.from(text, 'latin1'))
export const ia5String = (text: string): Buffer => tlv(0x16, Buffer.from(text, 'latin1'))
/** `[n] EXPLICIT`. */
export const explicit = (n: number, content: Uint8Array): Buffer => tlv(0xa0 | n, content)
/** SET OF with its members in the order X.690 11.6 asks for. */
export const setOf = (...parts: readonly Uint8Array[]): Buffer => tlv(0x31, ...[...parts].sort((a, b) => Buffer.compare(a, b)))

/** INTEGER from a number or bigint. Only values >= 0 occur here. */
export function integer(value: number | bigint): Buffer {
  const hex = value.toString(16)
  return integerOfHex(hex)
}

/** INTEGER from non-negative hexadecimal of any length. */
export function integerOfHex(hex: string): Buffer {
  const minimal = hex.replace(/^0+/, '')
  const even = minimal.length % 2 === 1 ? `0${minimal}` : minimal
  const bytes = Buffer.from(even === '' ? '00' : even, 'hex')
  return (bytes[0] ?? 0) >= 0x80 ? tlv(0x02, Buffer.from([0]), bytes) : tlv(0x02, bytes)
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const octets: number[] = []
  for (const arc of [first * 40 + second, ...rest]) {
    const base128 = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) base128.unshift(left % 128 | 0x80)
    octets.push(...base128)
  }
  return tlv(0x06, Buffer.from(octets))
}

/** UTCTime through 2049, GeneralizedTime after (RFC 5280 4.1.2.5). Whole seconds, UTC. */
export function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]/g, '').slice(0, 14)
  const year = at.getUTCFullYear()
  return year >= 1950 && year < 2050 ? tlv(0x17, Buffer.from(`${digits.slice(2)}Z`)) : generalizedTime(at)
}

export function generalizedTime(at: Date): Buffer {
  return tlv(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))
}

/** `sha256WithRSAEncryption` and friends, with the NULL that RFC 4055 asks for. */
export const sha256WithRsa: Buffer = sequence(oid('1.2.840.113549.1.1.11'), nullValue)

/** One element as read: tag, content and the whole encoding. */
export interface Element {
  readonly tag: number
  readonly content: Buffer
  readonly whole: Buffer
}

/** Reads the elements that fill `bytes`, one level deep. Throws `RangeError` on anything that does not fit. */
export function elements(bytes: Buffer): Element[] {
  const found: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] as number
    const first = bytes[at + 1]
    if (first === undefined) throw new RangeError('truncated element')
    let length = first
    let header = 2
    if (first >= 0x80) {
      const count = first & 0x7f
      if (count === 0 || count > 4) throw new RangeError('length form')
      if (at + 2 + count > bytes.length) throw new RangeError('truncated length')
      length = bytes.readUIntBE(at + 2, count)
      header += count
    }
    if (at + header + length > bytes.length) throw new RangeError('truncated content')
    found.push({ tag, content: bytes.subarray(at + header, at + header + length), whole: bytes.subarray(at, at + header + length) })
    at += header + length
  }
  return found
}
