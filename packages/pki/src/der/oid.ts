import { PkiError } from '../errors.js'

/** Longest accepted OBJECT IDENTIFIER content; RFC 5280 Appendix A sets no bound, the longest seen in X.509 has 20 octets. */
const maxOidBytes = 64

/** Object identifiers read before, by a hash of their octets: X.509 repeats a few dozen, and building their text costs more than all else in an extension. */
const memo: (MemoEntry | undefined)[] = []
const memoSlots = 256

/** Texts of 2.5.4.x and 2.5.29.x by their last arc, made as they are met. */
const attributeArcs: string[] = []
const extensionArcs: string[] = []

/** A property key is an interned string: comparing it to a literal costs one pointer. */
function interned(text: string): string {
  return Object.keys({ [text]: 0 })[0] ?? text
}

interface MemoEntry {
  readonly octets: Uint8Array
  readonly text: string
}

/** Reads an OBJECT IDENTIFIER's content (X.690 8.19) into dotted form. Arcs beyond 2^53 are refused. */
export function readOid(bytes: Uint8Array, start: number, end: number): string {
  if (end - start === 3 && bytes[start] === 0x55 && bytes[start + 2]! < 0x80) {
    // 2.5.4.x and 2.5.29.x: nearly every attribute type and extension.
    const arc = bytes[start + 1]
    const last = bytes[start + 2]!
    if (arc === 4) return attributeArcs[last] ?? (attributeArcs[last] = interned(`2.5.4.${last}`))
    if (arc === 29) return extensionArcs[last] ?? (extensionArcs[last] = interned(`2.5.29.${last}`))
  }
  let hash = end - start
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0
  const slot = (hash ^ (hash >>> 8)) & (memoSlots - 1)
  const known = memo[slot]
  if (known !== undefined && sameOctets(known.octets, bytes, start, end)) return known.text
  const text = interned(decodeOid(bytes, start, end))
  memo[slot] = { octets: new Uint8Array(bytes.subarray(start, end)), text }
  return text
}

function sameOctets(octets: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const length = octets.length
  if (length !== end - start) return false
  for (let i = 0; i < length; i++) if (octets[i] !== bytes[start + i]) return false
  return true
}

function decodeOid(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start
  if (length === 0 || length > maxOidBytes || (bytes[end - 1]! & 0x80) !== 0) throw new PkiError('derOid', start)
  let text = ''
  let arc = 0
  let first = true
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (arc === 0 && byte === 0x80) throw new PkiError('derOid', i)
    arc = arc * 128 + (byte & 0x7f)
    if (arc > Number.MAX_SAFE_INTEGER) throw new PkiError('derOid', i)
    if ((byte & 0x80) !== 0) continue
    if (first) {
      const root = arc < 40 ? 0 : arc < 80 ? 1 : 2
      text = `${root}.${arc - root * 40}`
      first = false
    } else {
      text += `.${arc}`
    }
    arc = 0
  }
  return text
}

/** The DER content (X.690 8.19; without tag and length) of a dotted OBJECT IDENTIFIER; undefined when the text is none. */
export function encodeOid(text: string): Uint8Array | undefined {
  if (text.length > 256 || !/^[0-2](?:\.(?:0|[1-9][0-9]*))+$/.test(text)) return undefined
  const arcs = text.split('.').map(Number)
  const [root = 0, second = 0, ...rest] = arcs
  if ((root < 2 && second > 39) || arcs.some((arc) => arc > Number.MAX_SAFE_INTEGER - 80)) return undefined
  const out: number[] = []
  for (const arc of [root * 40 + second, ...rest]) {
    const octets = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) octets.unshift((left % 128) | 0x80)
    out.push(...octets)
  }
  return out.length > maxOidBytes ? undefined : Uint8Array.from(out)
}
