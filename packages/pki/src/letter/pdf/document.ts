import { PkiError } from '../../errors.js'
import { decodeStream, type InflateBudget } from './filter.js'
import { readIndirectObject } from './object.js'
import { isSpace, PdfParser } from './parse.js'
import { dictionaryOf, isKind, nameText, wholeNumber, type PdfDictionary, type PdfReference, type PdfValue } from './value.js'
import { findRevisionEnd, readSections, type XrefEntry, type XrefSection } from './xref.js'

/** How far from the end the last `startxref` may stand; readers look 1,024 octets back. */
const endWindow = 1_100
const maxReferenceChain = 16
const maxPackedObjects = 1_000_000
/** An object stream's filter may itself be an object in another one; not for ever. */
const maxOpenContainers = 4

interface Version {
  /** Index of the section that says so; 0 is the newest. */
  readonly section: number
  readonly entry: XrefEntry
}

/** A PDF file with all its revisions. Revision 0 is the whole file; revision `i` is the file as the section `i` of the chain left it. */
export class PdfDocument {
  readonly bytes: Uint8Array
  readonly sections: readonly XrefSection[]
  /** Where the newest revision ends, behind its `%%EOF`. */
  readonly end: number
  readonly budget: InflateBudget
  readonly #versions = new Map<number, Version[]>()
  readonly #objects = new Map<number, { readonly number: number; readonly value: PdfValue; readonly end: number }>()
  readonly #containers = new Map<number, PackedObjects>()
  readonly #opening = new Set<number>()
  #lengthDepth = 0

  /** Throws {@link PkiError} `pdfMalformed`, `pdfEncrypted`, `pdfTooLarge`. */
  constructor(bytes: Uint8Array, budget: InflateBudget) {
    this.bytes = bytes
    this.budget = budget
    if (!startsLikePdf(bytes)) throw new PkiError('pdfMalformed', 0, 'no PDF header')
    const last = findRevisionEnd(bytes, bytes.length, endWindow)
    if (last === undefined) throw new PkiError('pdfMalformed', bytes.length, 'the file does not end as a PDF does')
    this.end = last.end
    this.sections = readSections(bytes, last.xref, budget)
    for (const [section, { entries }] of this.sections.entries()) {
      for (const [number, entry] of entries) {
        const versions = this.#versions.get(number)
        if (versions === undefined) this.#versions.set(number, [{ section, entry }])
        else versions.push({ section, entry })
      }
    }
  }

  /** The revision that ends exactly at `end` (line ends aside), as an index of `sections`; undefined when none of the chain does. */
  revisionEndingAt(end: number): number | undefined {
    const found = findRevisionEnd(this.bytes, end, 1_100)
    if (found === undefined || found.end > end) return undefined
    for (let at = found.end; at < end; at++) if (!isSpace(this.bytes[at])) return undefined
    const index = this.sections.findIndex(({ offset }) => offset === found.xref)
    return index === -1 ? undefined : index
  }

  /** Where an object is, as of a revision. */
  entry(number: number, revision = 0): XrefEntry | undefined {
    for (const { section, entry } of this.#versions.get(number) ?? []) if (section >= revision) return entry
    return undefined
  }

  /** Numbers of all objects, whatever the revision. */
  numbers(): IterableIterator<number> {
    return this.#versions.keys()
  }

  /** Where an object stands in the file; undefined when it is packed in an object stream, or free. */
  offsetOf(number: number, revision = 0): number | undefined {
    const entry = this.entry(number, revision)
    return entry?.kind === 'offset' ? entry.offset : undefined
  }

  /** True when nothing between two revisions touched where the object stands. */
  sameEntry(number: number, revision: number): boolean {
    const now = this.entry(number)
    const then = this.entry(number, revision)
    if (now === undefined || then === undefined || now.kind === 'free' || then.kind === 'free') return (now?.kind ?? 'free') === (then?.kind ?? 'free')
    if (now.kind === 'offset') return then.kind === 'offset' && now.offset === then.offset
    return then.kind === 'packed' && now.container === then.container && now.index === then.index && this.offsetOf(now.container) === this.offsetOf(then.container, revision)
  }

  /** Behind the last octet of an object that stands in the file by itself, or of the object stream it is packed in; undefined for a free one. */
  extentOf(number: number, revision = 0): number | undefined {
    const entry = this.entry(number, revision)
    if (entry?.kind === 'packed') return this.entry(entry.container, revision)?.kind === 'offset' ? this.extentOf(entry.container, revision) : undefined
    if (entry?.kind !== 'offset') return undefined
    this.#at(entry.offset, number, revision)
    return this.#objects.get(entry.offset)?.end
  }

  /** The object, as of a revision; null for a free or absent one (ISO 32000-1 section 7.3.10). */
  object(number: number, revision = 0): PdfValue {
    const entry = this.entry(number, revision)
    if (entry === undefined || entry.kind === 'free') return null
    if (entry.kind === 'offset') return this.#at(entry.offset, number, revision)
    const container = this.entry(entry.container, revision)
    if (container?.kind !== 'offset') throw new PkiError('pdfMalformed', undefined, 'an object stream that is not there')
    return this.#packed(container.offset, entry.container, revision).object(entry.index, number)
  }

  /** Every version of an object, the newest first. */
  *versions(number: number): Iterable<PdfValue> {
    for (const { section, entry } of this.#versions.get(number) ?? []) if (entry.kind !== 'free') yield this.object(number, section)
  }

  /** Follows references; `undefined` becomes null. */
  resolve(value: PdfValue | undefined, revision = 0): PdfValue {
    let current = value ?? null
    for (let i = 0; isKind(current, 'reference'); i++) {
      if (i >= maxReferenceChain) throw new PkiError('pdfMalformed', undefined, 'references form a loop')
      current = this.object(current.number, revision)
    }
    return current
  }

  /** The dictionary behind a value. */
  dictionary(value: PdfValue | undefined, revision = 0): PdfDictionary | undefined {
    return dictionaryOf(this.resolve(value, revision))
  }

  /** The items of the array behind a value; none when it is no array. */
  items(value: PdfValue | undefined, revision = 0): readonly PdfValue[] {
    const array = this.resolve(value, revision)
    return isKind(array, 'array') ? array.items : []
  }

  /** The document catalog. */
  catalog(revision = 0): PdfDictionary {
    const catalog = this.dictionary(this.sections[revision]?.trailer.entries.get('Root'), revision)
    if (catalog === undefined) throw new PkiError('pdfMalformed', undefined, 'no catalog')
    return catalog
  }

  /** The octets of a stream behind its filters. */
  decode(value: PdfValue, revision = 0): Uint8Array {
    if (!isKind(value, 'stream')) throw new PkiError('pdfStream', undefined, 'no stream')
    return decodeStream(value, this.budget, (inner) => this.resolve(inner, revision))
  }

  #at(offset: number, number: number, revision: number): PdfValue {
    let known = this.#objects.get(offset)
    if (known === undefined) {
      if (offset >= this.bytes.length) throw new PkiError('pdfMalformed', offset, 'an object beyond the end')
      const object = readIndirectObject(this.bytes, offset, (reference) => this.#length(reference, revision))
      known = object
      this.#objects.set(offset, known)
    }
    if (known.number !== number) throw new PkiError('pdfMalformed', offset, 'another object than the cross-reference says')
    return known.value
  }

  #length(reference: PdfReference, revision: number): number | undefined {
    if (this.#lengthDepth > 4) return undefined
    this.#lengthDepth++
    try {
      return wholeNumber(this.resolve(reference, revision))
    } finally {
      this.#lengthDepth--
    }
  }

  #packed(offset: number, number: number, revision: number): PackedObjects {
    let container = this.#containers.get(offset)
    if (container === undefined) {
      const stream = this.#at(offset, number, revision)
      const dictionary = dictionaryOf(stream)?.entries
      if (!isKind(stream, 'stream') || nameText(dictionary?.get('Type')) !== 'ObjStm') throw new PkiError('pdfMalformed', offset, 'no object stream')
      if (this.#opening.has(offset) || this.#opening.size >= maxOpenContainers) throw new PkiError('pdfMalformed', offset, 'an object stream that needs itself')
      this.#opening.add(offset)
      try {
        container = new PackedObjects(this.decode(stream, revision), wholeNumber(dictionary?.get('N')), wholeNumber(dictionary?.get('First')), offset)
      } finally {
        this.#opening.delete(offset)
      }
      this.#containers.set(offset, container)
    }
    return container
  }
}

function startsLikePdf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x25 && bytes[1] === 0x50 && bytes[2] === 0x44 && bytes[3] === 0x46 && bytes[4] === 0x2d
}

/** The objects of one object stream (ISO 32000-1 section 7.5.7), read when asked. */
class PackedObjects {
  readonly #data: Uint8Array
  readonly #places: { readonly number: number; readonly at: number }[] = []
  readonly #values = new Map<number, PdfValue>()

  constructor(data: Uint8Array, count: number | undefined, first: number | undefined, offset: number) {
    this.#data = data
    if (count === undefined || first === undefined || count > maxPackedObjects || first > data.length) throw new PkiError('pdfMalformed', offset, 'an object stream without N or First')
    const header = new PdfParser(data, 0, first, false)
    for (let i = 0; i < count; i++) {
      const number = header.whole()
      const at = header.whole()
      if (number === undefined || at === undefined) throw new PkiError('pdfMalformed', offset, 'the head of an object stream')
      this.#places.push({ number, at: first + at })
    }
  }

  object(index: number, number: number): PdfValue {
    const place = this.#places[index]
    if (place?.number !== number) throw new PkiError('pdfMalformed', undefined, 'another object than the cross-reference says')
    let value = this.#values.get(index)
    if (value === undefined) {
      const parsed = new PdfParser(this.#data, place.at, this.#data.length, false).value()
      if (isKind(parsed, 'reference')) throw new PkiError('pdfMalformed', undefined, 'a packed object that is a reference')
      this.#values.set(index, (value = parsed))
    }
    return value
  }
}
