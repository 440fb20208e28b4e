import { DerReader, Tag } from '../der/index.js'
import { PkiError } from '../errors.js'

/** One extension (RFC 5280 section 4.2). */
export interface Extension {
  readonly oid: string
  readonly critical: boolean
  /** Content of extnValue: the DER of the extension's own type. */
  readonly value: Uint8Array
  /** Where `value` starts and ends in the octets that were read, for messages. */
  readonly offset: number
  readonly end: number
}

/**
 * Object identifiers of the extensions this package reads (RFC 5280 sections 4.2 and 5.2).
 *
 * @example
 * ```ts
 * certificate.extensions.find(({ oid }) => oid === Oid.extendedKeyUsage)?.critical // true
 * ```
 */
export const Oid = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  anyPolicy: '2.5.29.32.0',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  subjectInfoAccess: '1.3.6.1.5.5.7.1.11',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  accessOcsp: '1.3.6.1.5.5.7.48.1',
  accessCaIssuers: '1.3.6.1.5.5.7.48.2',
  anyExtendedKeyUsage: '2.5.29.37.0',
} as const

/**
 * Reads Extensions, a SEQUENCE of at least one. An explicitly encoded `critical FALSE` breaks DER's rule on defaults but is common and harmless: accepted.
 * The same extension twice (RFC 5280 section 4.2), and more than 256 of them, are refused with `duplicate` as the code.
 * Throws {@link PkiError}: `duplicate`, and `der…` codes; `derTruncated` for an empty SEQUENCE.
 *
 * @example
 * ```ts
 * const noCheck = encodeElement(Tag.sequence, encodeElement(Tag.oid, encodeOid(Oid.ocspNoCheck)!), encodeElement(Tag.octetString, Uint8Array.of(Tag.null, 0)))
 * const reader = (...items: Uint8Array[]) => new DerReader(encodeElement(Tag.sequence, ...items))
 * readExtensions(reader(noCheck), 'certificateMalformed').map(({ oid, critical }) => [oid, critical]) // [['1.3.6.1.5.5.7.48.1.5', false]]
 * readExtensions(reader(noCheck, noCheck), 'certificateMalformed') // throws certificateMalformed
 * ```
 */
export function readExtensions(reader: DerReader, duplicate: 'certificateMalformed' | 'crlMalformed' | 'ocspMalformed'): Extension[] {
  const list = reader.enter(Tag.sequence)
  if (list.done) throw new PkiError('derTruncated', list.offset)
  const extensions: Extension[] = []
  const { bytes, end } = list
  while (list.offset < end) {
    const start = list.offset
    list.expect(Tag.sequence)
    const itemEnd = list.contentEnd
    list.offset = list.contentStart
    // One cursor for header and content; every step is held inside the item below.
    const oid = list.oid()
    const critical = list.offset < itemEnd && list.peek() === Tag.boolean ? list.boolean() : false
    if (list.offset >= itemEnd) throw new PkiError('derTruncated', list.offset)
    list.expect(Tag.octetString)
    if (list.offset !== itemEnd) throw new PkiError(list.offset > itemEnd ? 'derTruncated' : 'derTrailing', Math.min(list.offset, itemEnd))
    for (let i = 0; i < extensions.length; i++) if (extensions[i]!.oid === oid) throw new PkiError(duplicate, start, 'the same extension twice')
    // Quadratic work is bounded by this; certificates in the field have at most about 20.
    if (extensions.length >= 256) throw new PkiError(duplicate, start, 'more than 256 extensions')
    extensions.push(new ReadExtension(oid, critical, bytes, list.contentStart, list.contentEnd))
  }
  return extensions
}

/** An extension over the octets it was read from; `value` is cut out when asked. */
class ReadExtension implements Extension {
  readonly oid: string
  readonly critical: boolean
  readonly offset: number
  readonly end: number
  readonly #bytes: Uint8Array

  constructor(oid: string, critical: boolean, bytes: Uint8Array, offset: number, end: number) {
    this.oid = oid
    this.critical = critical
    this.offset = offset
    this.end = end
    this.#bytes = bytes
  }

  get value(): Uint8Array {
    return this.#bytes.subarray(this.offset, this.end)
  }
}
