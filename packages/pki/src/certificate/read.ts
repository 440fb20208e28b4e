import { contextTag, DerReader, equalBytes, readAlgorithm, readPem, readPemOrDer, Tag, type AlgorithmIdentifier } from '../der/index.js'
import { hexOf } from '../crypto/hex.js'
import { PkiError } from '../errors.js'
import { readNameFrom } from '../name/read.js'
import type { Name } from '../name/name.js'
import type { AuthorityKeyId, BasicConstraints, Certificate, ExtendedKeyUsage, KeyUsage, NameConstraints, PolicyConstraints, PolicyInformation, PolicyMapping } from './certificate.js'
import type { DistributionPoint } from './distributionpoint.js'
import { Oid, readExtensions, type Extension } from './extension.js'
import { readFacts, serialHexOf, type AccessDescription } from './facts.js'
import type { GeneralName } from './generalname.js'

/**
 * Largest accepted certificate (octets); our limit, RFC 5280 sets none. Larger ones are refused with `certificateTooLarge`.
 *
 * @example
 * ```ts
 * readCertificate(new Uint8Array(maxCertificateBytes + 1)) // throws certificateTooLarge
 * ```
 */
export const maxCertificateBytes = 1_048_576

/** Longest accepted serial number (octets). RFC 5280 4.1.2.2 allows 20 to issue; longer ones are met. */
const maxSerialBytes = 64

/**
 * Reads one certificate (RFC 5280 section 4.1) from DER octets, PEM text or the octets of a PEM file (of several blocks, the first).
 * DER octets are read in place, not copied: they must not change while the certificate is used.
 * Throws {@link PkiError}: `der…` codes with the offset, `certificateMalformed`, `certificateTooLarge`, `pemMalformed`; for a name `derString`, `nameTooLarge`.
 *
 * @example
 * ```ts
 * const { serial, subject, notAfter } = readCertificate(pem)
 * serial // '118af5d1ca6996adbe4407b5ea55b8a7c34fa126'
 * notAfter // new Date('2028-01-04T23:59:59Z')
 * readCertificate('Laras Kinanti') // throws pemMalformed
 * readCertificate(crl) // throws derTag
 * ```
 */
export function readCertificate(input: Uint8Array | string): Certificate {
  const given = readPemOrDer(input, 'CERTIFICATE', 'TRUSTED CERTIFICATE')
  if (given.length > maxCertificateBytes) throw new PkiError('certificateTooLarge', 0)
  return new ReadCertificate(given)
}

/**
 * Only the subject of a certificate (RFC 5280 section 4.1.2.6), for long lists: several times faster than {@link readCertificate}, because nothing behind the subject is read or judged.
 * Whatever is decided about a certificate must be decided on a whole one. Throws as {@link readCertificate}, for what stands up to the subject.
 *
 * @example
 * ```ts
 * readSubject(pem).rdns.flat().find(({ type }) => type === attributeOid('CN'))?.value // 'Laras Kinanti'
 * ```
 */
export function readSubject(input: Uint8Array | string): Name {
  const der = readPemOrDer(input, 'CERTIFICATE', 'TRUSTED CERTIFICATE')
  if (der.length > maxCertificateBytes) throw new PkiError('certificateTooLarge', 0)
  const outer = new DerReader(der)
  const whole = outer.enter(Tag.sequence)
  outer.finish()
  const tbs = whole.enter(Tag.sequence)
  readVersion(tbs)
  tbs.expectInteger()
  // Signature algorithm, issuer, validity.
  for (let field = 0; field < 3; field++) tbs.expect(Tag.sequence)
  return readNameFrom(tbs)
}

/**
 * Every certificate of a PEM bundle (RFC 7468 section 5), none of a text without any, or the one of DER octets. Throws as {@link readCertificate}, except for text without a block.
 *
 * @example
 * ```ts
 * readCertificates(pem + rootPem).map(({ basicConstraints }) => basicConstraints?.ca ?? false) // [false, true]
 * readCertificates('') // []
 * ```
 */
export function readCertificates(input: Uint8Array | string): Certificate[] {
  if (typeof input !== 'string') {
    if (input[0] === Tag.sequence) return [readCertificate(input)]
    return readCertificates(latin1(input))
  }
  return readPem(input, 'CERTIFICATE').map((block) => readCertificate(block))
}

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return text
}

/** Whether a time, in milliseconds, lies within the validity of a certificate, both ends included (RFC 5280 section 4.1.2.5). */
export function isInDate(certificate: Certificate, at: number): boolean {
  return ReadCertificate.covers(certificate, at)
}

/** Where the content octets of a serial number lie in `certificate.der`; undefined for a certificate seen otherwise, whose serial number is text only. */
export function serialSpan(certificate: Certificate): Span | undefined {
  return ReadCertificate.serialSpan(certificate)
}

/** Whether the issuer's name in a certificate stands there octet for octet as the issuer itself spells it (RFC 5280 section 4.1.2.4). */
export function spellsIssuer(certificate: Certificate, issuer: Certificate): boolean {
  return ReadCertificate.spellsIssuer(certificate, issuer)
}

export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * A certificate over its own octets. Everything is checked when it is read; texts and cut-outs are made when asked, the octets that keys and caches go by
 * only once.
 */
class ReadCertificate implements Certificate {
  readonly der: Uint8Array
  readonly version: 1 | 2 | 3
  readonly issuer: Name
  readonly subject: Name
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly extensions: readonly Extension[]
  declare readonly basicConstraints?: BasicConstraints
  declare readonly keyUsage?: ReadonlySet<KeyUsage>
  declare readonly extendedKeyUsage?: ExtendedKeyUsage
  declare readonly keyIdStart: number
  declare readonly keyIdEnd: number
  declare readonly authorityKeyId?: AuthorityKeyId
  declare readonly subjectAltNames: readonly GeneralName[]
  declare readonly crlDistributionPoints: readonly DistributionPoint[]
  declare readonly freshestCrl: readonly DistributionPoint[]
  declare readonly accessDescriptions: readonly AccessDescription[]
  declare readonly policies: readonly string[]
  declare readonly policyInformation: readonly PolicyInformation[]
  declare readonly policyMappings: readonly PolicyMapping[]
  declare readonly policyConstraints?: PolicyConstraints
  declare readonly inhibitAnyPolicy?: number
  declare readonly nameConstraints?: NameConstraints
  declare readonly ocspNoCheck: boolean
  declare readonly unknownCriticalExtensions: readonly string[]
  readonly #plain: Uint8Array
  readonly #tbs: Span
  readonly #signature: Span
  readonly #serial: Span
  readonly #issuer: Span
  readonly #subject: Span
  readonly #spki: Span
  readonly #notBefore: number
  readonly #notAfter: number
  #keyBytes: Uint8Array | undefined
  #serialText: string | undefined

  constructor(given: Uint8Array) {
    this.der = given
    // Cutting a Buffer is several times as dear as cutting a plain array over the same octets.
    const der = given.constructor === Uint8Array ? given : new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    this.#plain = der
    const outer = new DerReader(der)
    const whole = outer.enter(Tag.sequence)
    outer.finish()
    const tbsStart = whole.offset
    const tbs = whole.enter(Tag.sequence)
    this.#tbs = { start: tbsStart, end: whole.offset }
    const algorithmStart = whole.offset
    this.signatureAlgorithm = readAlgorithm(whole)
    const algorithmEnd = whole.offset
    whole.expectBitString()
    if (der[whole.contentStart] !== 0) throw new PkiError('derBitString', whole.contentStart)
    this.#signature = { start: whole.contentStart + 1, end: whole.contentEnd }
    whole.finish()

    this.version = readVersion(tbs)
    tbs.expectInteger()
    this.#serial = { start: tbs.contentStart, end: tbs.contentEnd }
    if (tbs.contentEnd - tbs.contentStart > maxSerialBytes) throw new PkiError('certificateMalformed', tbs.contentStart, 'serial number too long')
    const innerStart = tbs.offset
    tbs.expect(Tag.sequence)
    // RFC 5280 4.1.1.2: both algorithm fields are the same; otherwise the unsigned one could be exchanged.
    if (!sameSpan(der, innerStart, tbs.offset, algorithmStart, algorithmEnd)) throw new PkiError('certificateMalformed', innerStart, 'two different signature algorithms')
    const issuerStart = tbs.offset
    this.issuer = readNameFrom(tbs)
    this.#issuer = { start: issuerStart, end: tbs.offset }
    const validity = tbs.enter(Tag.sequence)
    this.#notBefore = validity.time()
    this.#notAfter = validity.time()
    validity.finish()
    const subjectStart = tbs.offset
    this.subject = readNameFrom(tbs)
    this.#subject = { start: subjectStart, end: tbs.offset }
    const spkiStart = tbs.offset
    const key = tbs.enter(Tag.sequence)
    key.expect(Tag.sequence)
    key.expectBitString()
    key.finish()
    this.#spki = { start: spkiStart, end: tbs.offset }
    this.#uniqueIdentifiers(tbs)
    const extensionsStart = tbs.offset
    const explicit = tbs.enterOptional(contextTag(3, true))
    if (explicit !== undefined && this.version !== 3) throw new PkiError('certificateMalformed', extensionsStart, 'extensions before version 3')
    this.extensions = explicit === undefined ? [] : readExtensions(explicit, 'certificateMalformed')
    explicit?.finish()
    tbs.finish()
    readFacts(this, this.extensions, der)
  }

  /** issuerUniqueID and subjectUniqueID (RFC 5280 section 4.1.2.8): read over. */
  #uniqueIdentifiers(tbs: DerReader): void {
    for (let number = 1; number <= 2; number++) {
      if (tbs.peek() !== contextTag(number)) continue
      if (this.version === 1) throw new PkiError('certificateMalformed', tbs.offset, 'a unique identifier in version 1')
      tbs.expectBitString(contextTag(number))
    }
  }

  get tbs(): Uint8Array { return this.#cut(this.#tbs) }
  get signature(): Uint8Array { return this.#cut(this.#signature) }
  get serial(): string { return this.#serialText ??= serialHexOf(this.der, this.#serial.start, this.#serial.end) }
  get issuerDer(): Uint8Array { return this.#cut(this.#issuer) }
  get subjectDer(): Uint8Array { return this.#cut(this.#subject) }
  get notBefore(): Date { return new Date(this.#notBefore) }
  get notAfter(): Date { return new Date(this.#notAfter) }
  get ocspUrls(): readonly string[] { return accessUrls(this.accessDescriptions, Oid.accessOcsp) }
  get caIssuerUrls(): readonly string[] { return accessUrls(this.accessDescriptions, Oid.accessCaIssuers) }
  get subjectKeyId(): string | undefined { return this.keyIdStart === -1 ? undefined : hexOf(this.der, this.keyIdStart, this.keyIdEnd) }
  get spki(): Uint8Array { return this.#keyBytes ??= this.#cut(this.#spki) }

  /** As {@link isInDate}, without making dates. */
  static covers(certificate: Certificate, at: number): boolean {
    // A proxy that shows other dates has no private fields.
    if (#notBefore in certificate) return at >= certificate.#notBefore && at <= certificate.#notAfter
    return at >= certificate.notBefore.getTime() && at <= certificate.notAfter.getTime()
  }

  static serialSpan(certificate: Certificate): Span | undefined {
    return #serial in certificate ? certificate.#serial : undefined
  }

  static spellsIssuer(certificate: Certificate, issuer: Certificate): boolean {
    if (!(#issuer in certificate) || !(#subject in issuer)) return equalBytes(certificate.issuerDer, issuer.subjectDer)
    const { start, end } = certificate.#issuer
    const { start: place, end: stop } = issuer.#subject
    if (end - start !== stop - place) return false
    const [bytes, others] = [certificate.#plain, issuer.#plain]
    for (let i = start, k = place; i < end; i++, k++) if (bytes[i] !== others[k]) return false
    return true
  }

  #cut(span: Span): Uint8Array {
    return this.#plain.subarray(span.start, span.end)
  }
}

function accessUrls(descriptions: readonly AccessDescription[], method: string): string[] {
  const urls: string[] = []
  for (const description of descriptions) if (description.method === method && description.location.kind === 'uri') urls.push(description.location.value)
  return urls
}

function sameSpan(bytes: Uint8Array, start: number, end: number, otherStart: number, otherEnd: number): boolean {
  if (end - start !== otherEnd - otherStart) return false
  for (let i = start, k = otherStart; i < end; i++, k++) if (bytes[i] !== bytes[k]) return false
  return true
}

function readVersion(tbs: DerReader): 1 | 2 | 3 {
  const start = tbs.offset
  const explicit = tbs.enterOptional(contextTag(0, true))
  if (explicit === undefined) return 1
  const value = explicit.smallInteger()
  explicit.finish()
  if (value < 0 || value > 2) throw new PkiError('certificateMalformed', start, 'unknown version')
  return (value + 1) as 1 | 2 | 3
}
