import { encodeOid } from '../der/oid.js'
import { Tag } from '../der/tags.js'
import { concatBytes, encodeElement } from '../der/writer.js'
import { PkiError } from '../errors.js'
import type { Attribute, Name, StringType } from './name.js'
import { encodeUtf8 } from './string.js'

const tagOfType: Readonly<Record<Exclude<StringType, 'other'>, number>> = {
  utf8: Tag.utf8String, printable: Tag.printableString, teletex: Tag.teletexString, bmp: Tag.bmpString, universal: Tag.universalString,
  ia5: Tag.ia5String, numeric: Tag.numericString, visible: Tag.visibleString,
}

/** The DER of a string value; text outside a one-octet type's range is written as UTF8String. */
export function encodeValue(value: string, type: Exclude<StringType, 'other'>): Uint8Array {
  if (type === 'utf8') return encodeElement(Tag.utf8String, encodeUtf8(value))
  if (type === 'bmp' || type === 'universal') return encodeElement(tagOfType[type], encodeWide(value, type === 'bmp' ? 2 : 4))
  const out = new Uint8Array(value.length)
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    if (unit > 0xff) return encodeValue(value, 'utf8')
    out[i] = unit
  }
  return encodeElement(tagOfType[type], out)
}

function encodeWide(value: string, width: 2 | 4): Uint8Array {
  const units = width === 2 ? Array.from({ length: value.length }, (_, i) => value.charCodeAt(i)) : Array.from(value, (character) => character.codePointAt(0)!)
  const out = new Uint8Array(units.length * width)
  units.forEach((unit, i) => {
    for (let k = 0; k < width; k++) out[i * width + k] = (unit / 256 ** (width - 1 - k)) & 0xff
  })
  return out
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
    if (attributes.length > 1) attributes.sort(compareOctets)
    return encodeElement(Tag.set, ...attributes)
  }))
}

function encodeAttribute(attribute: Attribute): Uint8Array {
  const type = encodeOid(attribute.type)
  if (type === undefined) throw new PkiError('nameSyntax', undefined, 'an attribute type that is no object identifier')
  return encodeElement(Tag.sequence, concatBytes([encodeElement(Tag.oid, type), attribute.der]))
}

function compareOctets(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

/** PrintableString's alphabet (X.680 41.4). */
const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/
/** ASCII. */
const ascii = /^[\0-\x7f]*$/

/**
 * The type in which a value given as text is encoded: PrintableString and IA5String where RFC 5280 Appendix A fixes them and the text fits, otherwise UTF8String.
 */
export function defaultStringType(type: string, value: string): Exclude<StringType, 'other'> {
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
