import { toHex } from '../crypto/hex.js'
import { equalBytes } from '../der/writer.js'
import type { Attribute, Name } from './name.js'
import { prepareString } from './prepare.js'

/**
 * Compares two names as RFC 5280 section 7.1 demands: the same number of RDNs in the same order, each the same set of attributes, values compared after
 * the preparation of RFC 4518 (case folded, spaces insignificant) whatever string type they are in; values that are no strings, or hold characters that
 * RFC 4518 prohibits, by their octets.
 *
 * @example
 * ```ts
 * namesMatch(parseName('CN=Ratna  Dewi,C=ID'), parseName('cn=RATNA DEWI,c=id')) // true
 * namesMatch(parseName('CN=Ratna Dewi,C=ID'), parseName('C=ID,CN=Ratna Dewi')) // false
 * ```
 */
export function namesMatch(a: Name, b: Name): boolean {
  const left = a.rdns
  const right = b.rdns
  if (left === right) return true
  if (left.length !== right.length) return false
  for (let i = left.length - 1; i >= 0; i--) if (!rdnsMatch(left[i]!, right[i]!)) return false
  return true
}

/**
 * True when `name` equals `base` or lies below it (its first RDNs match all of `base`): RFC 5280 section 4.2.1.10.
 *
 * @example
 * ```ts
 * nameWithin(parseName('CN=Ratna Dewi,O=Kota Contoh,C=ID'), parseName('O=kota contoh,C=ID')) // true
 * nameWithin(parseName('CN=Ratna Dewi,O=Kota Contoh,C=ID'), parseName('O=Kota Lain,C=ID')) // false
 * ```
 */
export function nameWithin(name: Name, base: Name): boolean {
  if (name.rdns.length < base.rdns.length) return false
  return base.rdns.every((rdn, i) => rdnsMatch(rdn, name.rdns[i]!))
}

/**
 * Compares two RDNs as sets (RFC 5280 section 7.1): their attributes may stand in any order, compared as by {@link attributesMatch}.
 *
 * @example
 * ```ts
 * const [left, right] = [parseName('CN=Ratna Dewi+UID=7'), parseName('uid=7+cn=ratna dewi')]
 * rdnsMatch(left.rdns[0]!, right.rdns[0]!) // true
 * rdnsMatch(left.rdns[0]!, left.rdns[0]!.slice(1)) // false
 * ```
 */
export function rdnsMatch(a: readonly Attribute[], b: readonly Attribute[]): boolean {
  if (a.length !== b.length) return false
  if (a.length === 1) return attributesMatch(a[0]!, b[0]!)
  // Keys make it n log n: pairwise comparison would let a hostile SET of thousands cost seconds.
  const left = a.map(attributeKey).sort()
  const right = b.map(attributeKey).sort()
  return left.every((key, i) => key === right[i])
}

/**
 * Compares two attributes (RFC 5280 section 7.1): type, then value as {@link namesMatch} does.
 *
 * @example
 * ```ts
 * const attribute = (text: string) => parseName(text).rdns[0]![0]!
 * attributesMatch(attribute('CN=Ratna  Dewi'), attribute('cn=RATNA DEWI')) // true
 * attributesMatch(attribute('CN=Ratna Dewi'), attribute('O=Ratna Dewi')) // false
 * ```
 */
export function attributesMatch(a: Attribute, b: Attribute): boolean {
  if (a.type !== b.type) return false
  if (a.stringType === 'other' || b.stringType === 'other') return a.stringType === b.stringType && a.value === b.value
  const left = prepareString(a.value)
  const right = a.value === b.value ? left : prepareString(b.value)
  return left === right && (left !== undefined || equalBytes(a.der, b.der))
}

/**
 * A text that two names share exactly when {@link namesMatch} holds (RFC 5280 section 7.1): a key for maps and sets. Not for people, and not stable across versions.
 *
 * @example
 * ```ts
 * const bySubject = new Map([root, issuing].map((one) => [nameKey(one.subject), one]))
 * bySubject.get(nameKey(certificate.issuer)) === issuing // true
 * nameKey(parseName('CN=Ratna  Dewi')) === nameKey(parseName('cn=RATNA DEWI')) // true
 * ```
 */
export function nameKey(name: Name): string {
  let key = ''
  for (const rdn of name.rdns) key += rdn.length === 1 ? `${attributeKey(rdn[0]!)}\u0001` : `${rdn.map(attributeKey).sort().join('\u0002')}\u0001`
  return key
}

/** Separators and marks below U+0009 cannot stand in a prepared string: RFC 4518 2.2 removes them. */
export function attributeKey(attribute: Attribute): string {
  if (attribute.stringType === 'other') return `${attribute.type}\u0003${attribute.value}`
  const prepared = prepareString(attribute.value)
  if (prepared !== undefined) return `${attribute.type}=${prepared}`
  return `${attribute.type}\u0004${toHex(attribute.der)}`
}
