import { contextTag, DerReader, Tag } from '../der/index.js'
import { readNameFrom } from '../name/read.js'
import { decodeString } from '../name/string.js'
import type { Name } from '../name/name.js'
import { PkiError } from '../errors.js'

/** GeneralName of RFC 5280 section 4.2.1.6. */
export type GeneralName =
  | { readonly kind: 'rfc822Name' | 'dnsName' | 'uri'; readonly value: string }
  | { readonly kind: 'directoryName'; readonly name: Name }
  /** Address octets; in name constraints address and mask. */
  | { readonly kind: 'ipAddress'; readonly bytes: Uint8Array }
  | { readonly kind: 'registeredId'; readonly oid: string }
  /** `der` is the value inside the explicit tag. */
  | { readonly kind: 'otherName'; readonly type: string; readonly der: Uint8Array }
  | { readonly kind: 'x400Address' | 'ediPartyName'; readonly der: Uint8Array }

/**
 * Reads the next element as a GeneralName (RFC 5280 section 4.2.1.6). Throws {@link PkiError}: `derTag` for an element that is none of its choices, other `der…` codes, and as `readName` for a
 * directoryName.
 *
 * @example
 * ```ts
 * const name = readGeneralName(new DerReader(encodeElement(contextTag(2), new TextEncoder().encode('ca.contoh.go.id'))))
 * name.kind === 'dnsName' && name.value // 'ca.contoh.go.id'
 * readGeneralName(new DerReader(certificate.subjectDer)) // throws derTag
 * ```
 */
export function readGeneralName(reader: DerReader): GeneralName {
  const start = reader.offset
  switch (reader.peek()) {
    case 0xa0: {
      const inner = reader.enter(contextTag(0, true))
      const type = inner.oid()
      const value = inner.enter(contextTag(0, true))
      inner.finish()
      const der = value.element()
      value.finish()
      return { kind: 'otherName', type, der }
    }
    case contextTag(1): return new TextName('rfc822Name', reader, contextTag(1))
    case contextTag(2): return new TextName('dnsName', reader, contextTag(2))
    case contextTag(3, true): return { kind: 'x400Address', der: reader.element() }
    case contextTag(4, true): {
      const inner = reader.enter(contextTag(4, true))
      const name = readNameFrom(inner)
      inner.finish()
      return { kind: 'directoryName', name }
    }
    case contextTag(5, true): return { kind: 'ediPartyName', der: reader.element() }
    case contextTag(6): return new TextName('uri', reader, contextTag(6))
    case contextTag(7): return { kind: 'ipAddress', bytes: reader.content(contextTag(7)) }
    case contextTag(8): return { kind: 'registeredId', oid: reader.oid(contextTag(8)) }
    case -1: throw new PkiError('derTruncated', start)
    default: throw new PkiError('derTag', start)
  }
}

/** A name in an IA5String, made text when asked: most URLs in a certificate are never looked at. */
class TextName {
  readonly kind: 'rfc822Name' | 'dnsName' | 'uri'
  #value: string | undefined
  readonly #bytes: Uint8Array
  readonly #start: number
  readonly #end: number

  constructor(kind: 'rfc822Name' | 'dnsName' | 'uri', reader: DerReader, tag: number) {
    reader.expect(tag)
    this.kind = kind
    this.#bytes = reader.bytes
    this.#start = reader.contentStart
    this.#end = reader.contentEnd
  }

  get value(): string {
    return this.#value ??= decodeString(this.#bytes, 'ia5', this.#start, this.#end)
  }
}

/**
 * Reads the next element as GeneralNames (RFC 5280 section 4.2.1.6), which may not be empty: `derTruncated`. Throws as {@link readGeneralName}.
 *
 * @example
 * ```ts
 * const [mail, host] = ['ra@contoh.go.id', 'contoh.go.id'].map((text) => new TextEncoder().encode(text))
 * const names = encodeElement(Tag.sequence, encodeElement(contextTag(1), mail!), encodeElement(contextTag(2), host!))
 * readGeneralNames(new DerReader(names)).map(({ kind }) => kind) // ['rfc822Name', 'dnsName']
 * readGeneralNames(new DerReader(encodeElement(Tag.sequence))) // throws derTruncated
 * ```
 */
export function readGeneralNames(reader: DerReader, tag: number = Tag.sequence): GeneralName[] {
  const inner = reader.enter(tag)
  if (inner.done) throw new PkiError('derTruncated', inner.offset)
  const names: GeneralName[] = []
  while (!inner.done) names.push(readGeneralName(inner))
  return names
}
