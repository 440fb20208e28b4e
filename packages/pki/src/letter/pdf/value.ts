/** Values of a PDF (ISO 32000-1 section 7.3), with the places that signatures depend on. */
export type PdfValue = null | boolean | number | PdfName | PdfString | PdfReference | PdfArray | PdfDictionary | PdfStream

export interface PdfName {
  readonly kind: 'name'
  /** Without the slash, `#xx` resolved, one code unit an octet. */
  readonly value: string
}

export interface PdfString {
  readonly kind: 'string'
  readonly bytes: Uint8Array
  /** True for the `<...>` form. */
  readonly hex: boolean
  /** Where the token stands in the file, delimiters included; -1 inside an object stream. */
  readonly start: number
  readonly end: number
}

export interface PdfReference {
  readonly kind: 'reference'
  readonly number: number
  readonly generation: number
}

export interface PdfArray {
  readonly kind: 'array'
  readonly items: readonly PdfValue[]
}

export interface PdfDictionary {
  readonly kind: 'dictionary'
  readonly entries: ReadonlyMap<string, PdfValue>
}

export interface PdfStream {
  readonly kind: 'stream'
  readonly dictionary: PdfDictionary
  /** The octets between `stream` and `endstream`, still encoded. */
  readonly raw: Uint8Array
}

type Kinded = Exclude<PdfValue, null | boolean | number>

/** True when a value is of this kind. */
export function isKind<K extends Kinded['kind']>(value: PdfValue | undefined, kind: K): value is Extract<Kinded, { kind: K }> {
  return typeof value === 'object' && value !== null && value.kind === kind
}

/** The text of a name; undefined for anything else. */
export function nameText(value: PdfValue | undefined): string | undefined {
  return isKind(value, 'name') ? value.value : undefined
}

/** A whole number that is safe to count with; undefined for anything else. */
export function wholeNumber(value: PdfValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** The dictionary of a dictionary or a stream. */
export function dictionaryOf(value: PdfValue | undefined): PdfDictionary | undefined {
  if (isKind(value, 'dictionary')) return value
  return isKind(value, 'stream') ? value.dictionary : undefined
}

/** Equality of values as written: references are not followed, streams are equal by their octets. */
export function sameValue(a: PdfValue | undefined, b: PdfValue | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || a.kind !== b.kind) return false
  switch (a.kind) {
    case 'name': return a.value === (b as PdfName).value
    case 'string': return sameOctets(a.bytes, (b as PdfString).bytes)
    case 'reference': return a.number === (b as PdfReference).number && a.generation === (b as PdfReference).generation
    case 'array': {
      const other = (b as PdfArray).items
      return a.items.length === other.length && a.items.every((item, i) => sameValue(item, other[i]))
    }
    case 'dictionary': {
      const other = (b as PdfDictionary).entries
      if (a.entries.size !== other.size) return false
      for (const [key, value] of a.entries) if (!other.has(key) || !sameValue(value, other.get(key))) return false
      return true
    }
    case 'stream': return sameValue(a.dictionary, (b as PdfStream).dictionary) && sameOctets(a.raw, (b as PdfStream).raw)
  }
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
