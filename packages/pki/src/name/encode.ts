import { encodeOid } from '../der/oid.js'
import { Tag } from '../der/tags.js'
import { concatBytes, encodeElement } from '../der/writer.js'
import { PkiError } from '../errors.js'
import type { Attribute, Name } from './name.js'
import { encodeUtf8 } from './string.js'

/** The types in which a value given as text is encoded. */
export type TextType = 'utf8' | 'printable' | 'ia5'

const tagOfType: Readonly<Record<TextType, number>> = { utf8: Tag.utf8String, printable: Tag.printableString, ia5: Tag.ia5String }

/** The DER of a value in the type that {@link defaultStringType} names: in the two beside UTF8String it is ASCII, where the octets are the same. */
export function encodeValue(value: string, type: TextType): Uint8Array {
  return encodeElement(tagOfType[type], encodeUtf8(value))
}

/**
 * The DER of a name (RFC 5280 section 4.1.2.4): RDNs in their order, attributes within an RDN in the order DER demands of a SET OF (X.690 11.6).
 * A name read from DER gives the same octets, unless its encoder had left a SET unsorted.
 * Throws {@link PkiError}: `nameSyntax` for an attribute whose type is no object identifier.
 *
 * @example
 * ```ts
 * toHex(encodeName(parseName('C=ID'))) // '300d310b3009060355040613024944'
 * equalBytes(encodeName(certificate.subject), certificate.subjectDer) // true
 * ```
 */
export function encodeName(name: Name): Uint8Array {
  return encodeElement(Tag.sequence, ...name.rdns.map((rdn) => {
    const attributes = rdn.map(encodeAttribute)
    return encodeElement(Tag.set, ...attributes.sort(compareOctets))
  }))
}

function encodeAttribute(attribute: Attribute): Uint8Array {
  const type = encodeOid(attribute.type)
  if (type === undefined) throw new PkiError('nameSyntax', undefined, 'an attribute type that is no object identifier')
  return encodeElement(Tag.sequence, concatBytes([encodeElement(Tag.oid, type), attribute.der]))
}

function compareOctets(a: Uint8Array, b: Uint8Array): number {
  // Neither is the start of the other: their lengths stand in front.
  const at = a.findIndex((octet, i) => octet !== b[i])
  return (a[at] ?? 0) - (b[at] ?? 0)
}

/** PrintableString's alphabet (X.680 41.4). */
const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/
/** ASCII. */
const ascii = /^[\0-\x7f]*$/

/**
 * The type in which a value given as text is encoded: PrintableString and IA5String where RFC 5280 Appendix A fixes them and the text fits, otherwise UTF8String.
 */
export function defaultStringType(type: string, value: string): TextType {
  switch (type) {
    case '2.5.4.5': // serialNumber
    case '2.5.4.6': // countryName
    case '2.5.4.46': // dnQualifier
    case '1.3.6.1.4.1.311.60.2.1.3': // jurisdictionCountryName
      return printable.test(value) ? 'printable' : 'utf8'
    case '0.9.2342.19200300.100.1.3': // mail
    case '0.9.2342.19200300.100.1.25': // domainComponent
    case '1.2.840.113549.1.9.1': // emailAddress
      return ascii.test(value) ? 'ia5' : 'utf8'
    default: return 'utf8'
  }
}
