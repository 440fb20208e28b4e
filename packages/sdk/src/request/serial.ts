import { issue, type Issue } from '../issues.js'

/** RFC 5280 4.1.2.2: at most 20 octets. */
const longest = 1n << 160n

/** A serial number in canonical hex, or the issue that kept it from being read. */
export interface SerialReading { readonly serial?: string; readonly issues: readonly Issue[] }

/**
 * Reads a serial number as people print it: hexadecimal on the portal, decimal in e-Sign v2, often with leading zeros or colons.
 * Text of digits alone could be either. More than 40 digits are decimal (20 octets are 40 hex digits); where the certificate is at hand it
 * decides; otherwise the caller must say.
 *
 * @param at - dotted path of the value, named by the issue
 * @param known - canonical serial of the certificate at hand
 * @returns the serial, lower-case hex without leading zeros; or the issue `serialForm` (RFC 5280 4.1.2.2: positive, at most 20 octets) or `serialAmbiguous`
 * @example
 * ```ts
 * readSerial('00:4D:2A', 'serial') // { serial: '4d2a', issues: [] }
 * readSerial({ decimal: '19754' }, 'serial').serial // '4d2a'
 * readSerial('19754', 'serial').issues[0]?.code // 'serialAmbiguous'
 * readSerial('19754', 'serial', '4d2a').serial // '4d2a'
 * ```
 */
export function readSerial(
  input: string | bigint | { readonly hex: string } | { readonly decimal: string }, at: string, known?: string,
): SerialReading {
  if (typeof input === 'bigint') return fromNumber(input, at)
  if (typeof input !== 'string') return 'hex' in input ? fromHexText(input.hex, at) : fromDecimalText(input.decimal, at)
  const text = input.trim()
  if (text.length > 200) return { issues: [issue(at, 'serialForm')] }
  if (!/^[0-9]+$/.test(text)) return fromHexText(text, at)
  if (text.length > 40) return fromDecimalText(text, at)
  const [hex, decimal] = [fromHexText(text, at), fromDecimalText(text, at)]
  if (known !== undefined) return decimal.serial === known ? decimal : hex
  return hex.serial === decimal.serial ? hex : { issues: [issue(at, 'serialAmbiguous')] }
}

function fromHexText(text: string, at: string): SerialReading {
  const digits = text.replace(/^0x/i, '').replace(/[:\s]/g, '')
  return /^[0-9a-f]{1,100}$/i.test(digits) ? fromNumber(BigInt(`0x${digits}`), at) : { issues: [issue(at, 'serialForm')] }
}

function fromDecimalText(text: string, at: string): SerialReading {
  return /^[0-9]{1,100}$/.test(text) ? fromNumber(BigInt(text), at) : { issues: [issue(at, 'serialForm')] }
}

function fromNumber(value: bigint, at: string): SerialReading {
  return value > 0n && value < longest ? { serial: value.toString(16), issues: [] } : { issues: [issue(at, 'serialForm')] }
}
