/**
 * Lower-case hex of bytes, two digits each (RFC 4648 section 8, in lower case).
 *
 * @example
 * ```ts
 * toHex(Uint8Array.of(0x0a, 0xff)) // '0aff'
 * ```
 */
export function toHex(bytes: Uint8Array): string {
  return hexOf(bytes, 0, bytes.length)
}

/** Lower-case hex of a span of bytes. Eight digits a call make flat strings: a rope of pairs must be flattened when it is compared. */
export function hexOf(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let at = start
  for (; at + 4 <= end; at += 4) {
    const [a, b, c, d] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!]
    text += String.fromCharCode(digitOf(a >> 4), digitOf(a & 15), digitOf(b >> 4), digitOf(b & 15), digitOf(c >> 4), digitOf(c & 15), digitOf(d >> 4), digitOf(d & 15))
  }
  for (; at < end; at++) text += String.fromCharCode(digitOf(bytes[at]! >> 4), digitOf(bytes[at]! & 15))
  return text
}

/** The code unit of a digit of value 0 to 15. */
function digitOf(value: number): number {
  return value + (value < 10 ? 0x30 : 0x57)
}

/**
 * Bytes of hex text in either case (RFC 4648 section 8); undefined when it is no whole number of octets or holds anything else, such as colons.
 *
 * @example
 * ```ts
 * Array.from(fromHex('0aFF') ?? []) // [10, 255]
 * fromHex('0a:ff') // undefined
 * ```
 */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(text.charCodeAt(2 * i))
    const low = hexDigit(text.charCodeAt(2 * i + 1))
    if (high < 0 || low < 0) return undefined
    bytes[i] = (high << 4) | low
  }
  return bytes
}

/** The value of one hex digit's code unit, or -1. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
