import { fromHex, toHex } from '../crypto/hex.js'

/**
 * The DER content octets of a serial number in hex (either case, leading zeros allowed, `-` for a negative one); undefined when it is no hex.
 * Comparing these octets compares the numbers, since DER has one encoding for each.
 */
export function serialContent(serial: string): Uint8Array | undefined {
  const negative = serial.charCodeAt(0) === 0x2d
  let from = negative ? 1 : 0
  while (from < serial.length - 1 && serial.charCodeAt(from) === 0x30) from++
  const digits = from === 0 ? serial : serial.slice(from)
  if (digits.length === 0 || digits.length > 256) return undefined
  const magnitude = fromHex(digits.length % 2 === 0 ? digits : `0${digits}`)
  if (magnitude === undefined) return undefined
  if (negative) return negativeContent(magnitude)
  if ((magnitude[0]! & 0x80) === 0) return magnitude
  const content = new Uint8Array(magnitude.length + 1)
  content.set(magnitude, 1)
  return content
}

/** The content octets of several; `TypeError` for one that is no hex. */
export function serialContents(serials: readonly string[]): Uint8Array[] {
  return serials.map((serial) => {
    const content = serialContent(serial)
    if (content === undefined) throw new TypeError('serials must be hexadecimal numbers')
    return content
  })
}

function negativeContent(magnitude: Uint8Array): Uint8Array {
  const value = BigInt(`0x${toHex(magnitude)}`)
  // -2^(8n-1) is the least number of n octets.
  const bytes = magnitude.length + (value > 1n << BigInt(magnitude.length * 8 - 1) ? 1 : 0)
  return fromHex(((1n << BigInt(bytes * 8)) - value).toString(16))!
}
