/** A DER writer for tests: it shares nothing with the reader under test, and can also write what DER forbids. */

export function tlv(tag: number, ...content: (Uint8Array | number[])[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)))
  const { length } = body
  const header = length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : length < 65536 ? [tag, 0x82, length >> 8, length & 255]
    : length < 0x1000000 ? [tag, 0x83, length >> 16, (length >> 8) & 255, length & 255] : undefined
  return Buffer.concat([Buffer.from(header ?? [tag, 0x84, (length >>> 24) & 255, (length >>> 16) & 255, (length >>> 8) & 255, length & 255]), body])
}

export const seq = (...parts: (Uint8Array | number[])[]): Buffer => tlv(0x30, ...parts)
export const set = (...parts: (Uint8Array | number[])[]): Buffer => tlv(0x31, ...parts)
export const octets = (...parts: (Uint8Array | number[])[]): Buffer => tlv(0x04, ...parts)
export const bits = (bytes: Uint8Array, unused = 0): Buffer => tlv(0x03, [unused], bytes)
export const explicit = (number: number, ...parts: Uint8Array[]): Buffer => tlv(0xa0 | number, ...parts)
export const bool = (value: boolean): Buffer => tlv(0x01, [value ? 255 : 0])
export const nul = (): Buffer => tlv(0x05)
export const enumerated = (value: number): Buffer => tlv(0x0a, [value])

/** Two's complement, minimal. */
export function int(value: bigint | number): Buffer {
  const big = BigInt(value)
  let bytes = 1
  while (big < -(1n << BigInt(8 * bytes - 1)) || big >= 1n << BigInt(8 * bytes - 1)) bytes++
  const text = BigInt.asUintN(8 * bytes, big).toString(16).padStart(2 * bytes, '0')
  return tlv(0x02, Buffer.from(text, 'hex'))
}

export const serialInt = (hex: string): Buffer => int(hex.startsWith('-') ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex}`))

export function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number)
  const bytes: number[] = []
  for (const arc of [first! * 40 + second!, ...rest]) {
    const groups = [arc & 127]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 127) | 128)
    bytes.push(...groups)
  }
  return tlv(0x06, bytes)
}

const digits = (date: Date): string => date.toISOString().replace(/[-:T]/g, '').slice(0, 14)
export const generalized = (date: Date): Buffer => tlv(0x18, Buffer.from(`${digits(date)}Z`))
/** UTCTime to 2049, GeneralizedTime after (RFC 5280 4.1.2.5). */
export const time = (date: Date): Buffer => (date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(`${digits(date).slice(2)}Z`)) : generalized(date))

/** One RDN for each pair; `CN=..` style keys. */
const types: Record<string, string> = { CN: '2.5.4.3', O: '2.5.4.10', C: '2.5.4.6', OU: '2.5.4.11' }
export const rdn = (type: string, value: string): Buffer => set(seq(oid(types[type]!), tlv(type === 'C' ? 0x13 : 0x0c, Buffer.from(value))))
export const dn = (text: string): Buffer => seq(...text.split(',').map((part) => rdn(part.split('=')[0]!, part.split('=')[1]!)))

export const extension = (type: string, value: Uint8Array, critical = false): Buffer => seq(oid(type), ...(critical ? [bool(true)] : []), octets(value))
export const uri = (text: string): Buffer => tlv(0x86, Buffer.from(text))
export const directory = (name: Uint8Array): Buffer => explicit(4, name)
