import { PkiError } from '../../errors.js'
import { inflateZlib } from './inflate.js'
import { dictionaryOf, isKind, nameText, wholeNumber, type PdfStream, type PdfValue } from './value.js'

/** How many octets may still be unpacked: one budget for a whole letter, so that many small bombs are no better than one large one. */
export interface InflateBudget {
  left: number
}

const longNames: Readonly<Record<string, string>> = { Fl: 'FlateDecode', AHx: 'ASCIIHexDecode', A85: 'ASCII85Decode' }

/**
 * The octets of a stream behind its filters (ISO 32000-1 section 7.4): Flate with PNG predictors, ASCIIHex, ASCII85. `resolve` follows references among its
 * parameters. Throws {@link PkiError} `pdfStream` for other filters and damage, `pdfTooLarge` beyond the budget.
 */
export function decodeStream(stream: PdfStream, budget: InflateBudget, resolve: (value: PdfValue | undefined) => PdfValue): Uint8Array {
  const { entries } = stream.dictionary
  const filters = listOf(resolve(entries.get('Filter') ?? entries.get('F'))).map(resolve)
  const parameters = listOf(resolve(entries.get('DecodeParms') ?? entries.get('DP'))).map(resolve)
  if (filters.length > 4) throw new PkiError('pdfStream', undefined, 'too many filters')
  let bytes = stream.raw
  for (const [i, filter] of filters.entries()) {
    const name = nameText(filter) ?? ''
    const full = Object.hasOwn(longNames, name) ? longNames[name] : name
    const options = dictionaryOf(parameters[i])?.entries
    const number = (key: string, usual: number): number => wholeNumber(resolve(options?.get(key))) ?? usual
    if (full === 'FlateDecode') {
      bytes = inflateZlib(bytes, budget.left)
      budget.left -= bytes.length
      bytes = unpredict(bytes, number('Predictor', 1), number('Colors', 1), number('BitsPerComponent', 8), number('Columns', 1))
    } else if (full === 'ASCIIHexDecode') bytes = decodeHex(bytes)
    else if (full === 'ASCII85Decode') {
      bytes = decodeAscii85(bytes)
      budget.left -= bytes.length
      if (budget.left < 0) throw new PkiError('pdfTooLarge', undefined, 'streams expand beyond the limit')
    } else throw new PkiError('pdfStream', undefined, 'another filter')
  }
  return bytes
}

function listOf(value: PdfValue): readonly PdfValue[] {
  if (isKind(value, 'array')) return value.items
  return value === null ? [] : [value]
}

/** PNG predictors (ISO 32000-1 section 7.4.4.4); each row says its own. */
function unpredict(bytes: Uint8Array, predictor: number, colors: number, bits: number, columns: number): Uint8Array {
  if (predictor === 1) return bytes
  if (predictor < 10 || predictor > 15 || colors < 1 || colors > 32 || ![1, 2, 4, 8, 16].includes(bits) || columns < 1 || columns > 1_000_000) throw new PkiError('pdfStream', undefined, 'another predictor')
  const width = Math.ceil((columns * colors * bits) / 8)
  const pixel = Math.max(1, (colors * bits) >> 3)
  const rows = Math.ceil(bytes.length / (width + 1))
  const out = new Uint8Array(Math.max(0, bytes.length - rows))
  for (let row = 0, at = 0, to = 0; row < rows; row++) {
    const kind = bytes[at++]!
    const end = Math.min(at + width, bytes.length)
    for (const start = to; at < end; at++, to++) {
      const left = to - start >= pixel ? out[to - pixel]! : 0
      const up = row > 0 ? out[to - width]! : 0
      const corner = row > 0 && to - start >= pixel ? out[to - width - pixel]! : 0
      const guess = kind === 0 ? 0 : kind === 1 ? left : kind === 2 ? up : kind === 3 ? (left + up) >> 1 : kind === 4 ? paeth(left, up, corner) : -1
      if (guess < 0) throw new PkiError('pdfStream', at, 'another predictor')
      out[to] = bytes[at]! + guess
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

function decodeHex(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((bytes.length >> 1) + 1)
  let size = 0
  for (const byte of bytes) {
    if (byte === 0x3e) break
    const digit = hexValue(byte)
    if (digit < 0) continue
    out[size >> 1]! |= size % 2 === 0 ? digit << 4 : digit
    size++
  }
  return out.subarray(0, (size + 1) >> 1)
}

/** Value of a hex digit, or -1. */
export function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

function decodeAscii85(bytes: Uint8Array): Uint8Array {
  const out: number[] = []
  let group = 0
  let count = 0
  for (const byte of bytes) {
    if (byte === 0x7e) break
    if (byte === 0x7a && count === 0) {
      out.push(0, 0, 0, 0)
      continue
    }
    if (byte < 0x21 || byte > 0x75) continue
    group = group * 85 + (byte - 0x21)
    if (++count === 5) {
      out.push((group / 0x1000000) & 255, (group >> 16) & 255, (group >> 8) & 255, group & 255)
      group = count = 0
    }
  }
  if (count > 1) {
    for (let i = count; i < 5; i++) group = group * 85 + 84
    for (let i = 0; i < count - 1; i++) out.push(Math.floor(group / 2 ** (24 - 8 * i)) & 255)
  }
  return Uint8Array.from(out)
}
