import { PdfParser } from './pdf/parse.js'
import { isKind, type PdfValue } from './pdf/value.js'

/** Character codes to text (ToUnicode, ISO 32000-1 section 9.10.3). */
export type CharacterMap = ReadonlyMap<number, string>

const maxMappings = 70_000

/** Reads `bfchar` and `bfrange` of a ToUnicode CMap; what is not understood is left out. */
export function readCharacterMap(bytes: Uint8Array): CharacterMap {
  const map = new Map<number, string>()
  const parser = new PdfParser(bytes, 0, bytes.length, false)
  let operands: PdfValue[] = []
  for (parser.skipSpace(); parser.at < parser.end; parser.skipSpace()) {
    const token = parser.valueOrWord()
    if (typeof token !== 'object' || token === null || token.kind !== 'word') {
      operands.push(token)
      continue
    }
    if (token.value === 'endbfchar') for (let i = 0; i + 1 < operands.length; i += 2) put(map, codeOf(operands[i]), textOf(operands[i + 1]))
    else if (token.value === 'endbfrange') for (let i = 0; i + 2 < operands.length; i += 3) putRange(map, operands[i], operands[i + 1], operands[i + 2])
    operands = []
  }
  return map
}

function put(map: Map<number, string>, code: number | undefined, text: string | undefined): void {
  if (code !== undefined && text !== undefined && map.size < maxMappings) map.set(code, text)
}

function putRange(map: Map<number, string>, first: PdfValue | undefined, last: PdfValue | undefined, to: PdfValue | undefined): void {
  const [low, high] = [codeOf(first), codeOf(last)]
  if (low === undefined || high === undefined || high - low > 0xffff) return
  if (isKind(to, 'array')) {
    for (const [i, item] of to.items.entries()) if (low + i <= high) put(map, low + i, textOf(item))
    return
  }
  const text = textOf(to)
  if (text === undefined || text === '') return
  const head = text.slice(0, -1)
  const tail = text.charCodeAt(text.length - 1)
  for (let code = low; code <= high && map.size < maxMappings; code++) put(map, code, head + String.fromCharCode(tail + code - low))
}

function codeOf(value: PdfValue | undefined): number | undefined {
  if (!isKind(value, 'string') || value.bytes.length > 4) return undefined
  let code = 0
  for (const byte of value.bytes) code = code * 256 + byte
  return code
}

function textOf(value: PdfValue | undefined): string | undefined {
  if (!isKind(value, 'string')) return undefined
  const { bytes } = value
  let text = ''
  for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at]! * 256 + bytes[at + 1]!)
  return text
}
