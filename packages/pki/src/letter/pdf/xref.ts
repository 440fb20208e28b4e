import { PkiError } from '../../errors.js'
import { decodeStream, type InflateBudget } from './filter.js'
import { readIndirectObject } from './object.js'
import { isSpace, PdfParser } from './parse.js'
import { isKind, nameText, wholeNumber, type PdfDictionary, type PdfStream, type PdfValue } from './value.js'

/** Where an object is (ISO 32000-1 section 7.5.4, 7.5.8). */
export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'packed'; readonly container: number; readonly index: number }

/** One cross-reference section: what one revision says of the objects it brings. */
export interface XrefSection {
  readonly offset: number
  readonly entries: ReadonlyMap<number, XrefEntry>
  readonly trailer: PdfDictionary
  /** Behind its last octet. */
  readonly extent: number
}

/** Highest object number accepted; ISO 32000-1 annex C names 8,388,607. */
const maxObjectNumber = 8_388_607
const maxSections = 2_000
const maxEntries = 4_000_000

/** Where a revision ends: the offset its `startxref` names, and the place behind its `%%EOF`. */
export interface RevisionEnd {
  readonly xref: number
  /** Behind `%%EOF`. */
  readonly end: number
}

/** The last complete `startxref` ... `%%EOF` before `end`; undefined when there is none in the last `window` octets. */
export function findRevisionEnd(bytes: Uint8Array, end: number, window: number): RevisionEnd | undefined {
  const keyword = 'startxref'
  for (let at = end - keyword.length; at >= Math.max(0, end - window); at--) {
    if (bytes[at] !== 0x73 || !matches(bytes, at, keyword)) continue
    const parser = new PdfParser(bytes, at + keyword.length, end)
    const spaced = isSpace(bytes[parser.at])
    while (isSpace(bytes[parser.at]) && parser.at < end) parser.at++
    const xref = parser.whole()
    while (isSpace(bytes[parser.at]) && parser.at < end) parser.at++
    if (spaced && xref !== undefined && parser.at + 5 <= end && matches(bytes, parser.at, '%%EOF')) return { xref, end: parser.at + 5 }
  }
  return undefined
}

function matches(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

/**
 * The chain of sections from the one at `offset` back to the first, newest first. Throws {@link PkiError} `pdfMalformed` for loops and damage, `pdfEncrypted`
 * for an encrypted file, `pdfTooLarge` beyond the limits.
 */
export function readSections(bytes: Uint8Array, offset: number, budget: InflateBudget): XrefSection[] {
  const sections: XrefSection[] = []
  const seen = new Set<number>()
  let total = 0
  for (let at: number | undefined = offset; at !== undefined;) {
    if (seen.has(at) || sections.length >= maxSections) throw new PkiError('pdfMalformed', at, 'cross-reference sections form a loop or are too many')
    seen.add(at)
    const section = readSection(bytes, at, budget)
    if (section.trailer.entries.has('Encrypt')) throw new PkiError('pdfEncrypted', at)
    total += section.entries.size
    if (total > maxEntries) throw new PkiError('pdfTooLarge', at, 'too many objects')
    sections.push(section)
    const previous = section.trailer.entries.get('Prev')
    if (previous === undefined) break
    at = wholeNumber(previous)
    if (at === undefined) throw new PkiError('pdfMalformed', section.offset, 'Prev is no offset')
  }
  return sections
}

function readSection(bytes: Uint8Array, offset: number, budget: InflateBudget): XrefSection {
  if (offset >= bytes.length) throw new PkiError('pdfMalformed', offset, 'a cross-reference offset beyond the end')
  const parser = new PdfParser(bytes, offset)
  if (!parser.accept('xref')) return readStreamSection(bytes, offset, budget)
  const entries = new Map<number, XrefEntry>()
  for (let first = parser.whole(); first !== undefined; first = parser.whole()) {
    const count = parser.whole()
    // An entry has 20 octets, or 19 where a writer was careless.
    if (count === undefined || count * 18 > bytes.length - parser.at || first + count > maxObjectNumber + 1) throw parser.malformed('a cross-reference subsection')
    for (let number = first; number < first + count; number++) {
      const place = parser.whole()
      const generation = parser.whole()
      const inUse = parser.accept('n')
      if (place === undefined || generation === undefined || (!inUse && !parser.accept('f'))) throw parser.malformed('a cross-reference entry')
      if (entries.has(number)) throw parser.malformed('a cross-reference entry twice')
      entries.set(number, inUse && place !== 0 ? { kind: 'offset', offset: place, generation } : { kind: 'free' })
    }
  }
  if (!parser.accept('trailer')) throw parser.malformed('no trailer')
  const trailer = parser.value()
  if (!isKind(trailer, 'dictionary')) throw parser.malformed('the trailer is no dictionary')
  let extent = parser.at
  const hybrid = trailer.entries.get('XRefStm')
  if (hybrid !== undefined) {
    const at = wholeNumber(hybrid)
    if (at === undefined || at >= bytes.length) throw parser.malformed('XRefStm is no offset')
    // ISO 32000-1 7.5.8.4: objects hidden from old readers are free in the table and stand in the stream.
    const hidden = readStreamSection(bytes, at, budget)
    extent = Math.max(extent, hidden.extent)
    for (const [number, entry] of hidden.entries) if ((entries.get(number)?.kind ?? 'free') === 'free') entries.set(number, entry)
  }
  return { offset, entries, trailer, extent }
}

/** A cross-reference stream (ISO 32000-1 section 7.5.8). */
function readStreamSection(bytes: Uint8Array, offset: number, budget: InflateBudget): XrefSection {
  const { value, end: extent } = readIndirectObject(bytes, offset, () => undefined)
  if (!isKind(value, 'stream') || nameText(value.dictionary.entries.get('Type')) !== 'XRef') throw new PkiError('pdfMalformed', offset, 'no cross-reference section')
  return { offset, entries: unpackEntries(value, offset, budget), trailer: value.dictionary, extent }
}

function unpackEntries(stream: PdfStream, offset: number, budget: InflateBudget): Map<number, XrefEntry> {
  const { entries: dictionary } = stream.dictionary
  const widths = numbers(dictionary.get('W'))
  const size = wholeNumber(dictionary.get('Size'))
  if (widths?.length !== 3 || widths.some((width) => width > 7) || size === undefined) throw new PkiError('pdfMalformed', offset, 'a cross-reference stream without W or Size')
  const index = dictionary.has('Index') ? numbers(dictionary.get('Index')) : [0, size]
  if (index === undefined || index.length % 2 !== 0) throw new PkiError('pdfMalformed', offset, 'Index')
  const data = decodeStream(stream, budget, (value) => value ?? null)
  const [typeWidth, secondWidth, thirdWidth] = widths as [number, number, number]
  const width = typeWidth + secondWidth + thirdWidth
  if (width === 0) throw new PkiError('pdfMalformed', offset, 'W')
  const entries = new Map<number, XrefEntry>()
  let at = 0
  const field = (octets: number): number => {
    let value = 0
    for (let i = 0; i < octets; i++) value = value * 256 + data[at++]!
    return value
  }
  for (let i = 0; i < index.length; i += 2) {
    const first = index[i]!
    const count = index[i + 1]!
    if (count * width > data.length - at || first + count > maxObjectNumber + 1) throw new PkiError('pdfMalformed', offset, 'a cross-reference stream too short')
    for (let number = first; number < first + count; number++) {
      const type = typeWidth === 0 ? 1 : field(typeWidth)
      const second = field(secondWidth)
      const third = field(thirdWidth)
      if (entries.has(number)) throw new PkiError('pdfMalformed', offset, 'a cross-reference entry twice')
      entries.set(number, type === 1 ? { kind: 'offset', offset: second, generation: third } : type === 2 ? { kind: 'packed', container: second, index: third } : { kind: 'free' })
    }
  }
  return entries
}

function numbers(value: PdfValue | undefined): number[] | undefined {
  if (!isKind(value, 'array')) return undefined
  const list = value.items.map(wholeNumber)
  return list.includes(undefined) ? undefined : (list as number[])
}
