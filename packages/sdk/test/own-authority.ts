import { createHash, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readCertificate } from '@cabut/pki/certificate'
import { concatBytes, encodeElement, encodeOid, encodeUnsigned, Tag } from '@cabut/pki/der'

/** An extension of a CRL or of one of its entries (RFC 5280 section 4.2), whatever it is. */
export interface OwnExtension { readonly oid: string; readonly critical: boolean; readonly value?: Uint8Array }

export interface OwnEntry { readonly serial: string; readonly revokedAt: Date; readonly reason?: number; readonly extensions?: readonly OwnExtension[] }

export interface OwnCrlPlan {
  readonly entries: readonly OwnEntry[]
  readonly thisUpdate: Date
  readonly nextUpdate: Date
  readonly number: number
  readonly extensions?: readonly OwnExtension[]
  /** AlgorithmIdentifier it says it is signed with. @default ecdsa-with-SHA256, which is what it is signed with */
  readonly algorithm?: Uint8Array
}

/** An answer of an OCSP responder (RFC 6960 4.2.1). */
export interface OwnOcspPlan {
  readonly singles: readonly OwnSingle[]
  readonly producedAt: Date
  readonly extensions?: readonly OwnExtension[]
  /** Who signs; goes along as a certificate. @default the authority itself, without certificates */
  readonly by?: OwnAuthority
  /** Certificates that go along before the signer's. */
  readonly beside?: readonly Uint8Array[]
}

export interface OwnSingle {
  readonly serial: string
  readonly status: 'good' | 'unknown' | { readonly revokedAt: Date; readonly reason?: number }
  readonly thisUpdate: Date
  readonly nextUpdate?: Date
  /** Whose key the certificate's issuer has. @default the authority's */
  readonly issuer?: OwnAuthority
  /** Of the CertID. @default SHA-1 */
  readonly hash?: string
  readonly extensions?: readonly OwnExtension[]
}

/** What a certificate holds beside the usual. */
export interface OwnCertificateOptions {
  /** Octet of the key usage bits; `null`: no such extension. @default keyCertSign and cRLSign, or digitalSignature */
  readonly keyUsage?: number | null
  readonly extensions?: readonly OwnExtension[]
}

/** An authority whose octets the tests lay themselves: what no honest one would sign is here too. */
export interface OwnAuthority {
  readonly der: Uint8Array
  readonly subject: string
  /** A certificate for somebody, under this authority. */
  issue(name: string, serial: string, ca?: boolean, options?: OwnCertificateOptions): OwnAuthority
  /** Another certificate for the same name and key. */
  certify(of: OwnAuthority, serial: string): Uint8Array
  crl(plan: OwnCrlPlan): Uint8Array
  ocsp(plan: OwnOcspPlan): Uint8Array
  /** SEQUENCE of what is to be signed, algorithm, signature, and what follows. */
  sign(tbs: Uint8Array, ...more: readonly Uint8Array[]): Uint8Array
}

/** id-kp-OCSPSigning as an extended key usage, and "its own status need not be checked" (RFC 6960 4.2.2.2). */
export const ocspSigning: OwnExtension = { oid: '2.5.29.37', critical: false, value: encodeElement(Tag.sequence, encodeElement(Tag.oid, encodeOid('1.3.6.1.5.5.7.3.9') ?? new Uint8Array())) }
export const noCheck: OwnExtension = { oid: '1.3.6.1.5.5.7.48.1.5', critical: false }

const sequence = (...parts: readonly Uint8Array[]): Uint8Array => encodeElement(Tag.sequence, ...parts)
const oid = (dotted: string): Uint8Array => encodeElement(Tag.oid, encodeOid(dotted) ?? new Uint8Array())
const number = (value: number): Uint8Array => encodeUnsigned(Uint8Array.of(value >> 8, value & 0xff))
const utcTime = (at: Date): Uint8Array => encodeElement(Tag.utcTime, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const commonName = (text: string): Uint8Array => sequence(encodeElement(Tag.set, sequence(oid('2.5.4.3'), encodeElement(Tag.utf8String, Buffer.from(text)))))
const extension = ({ oid: type, critical, value = encodeElement(Tag.null) }: OwnExtension): Uint8Array =>
  sequence(oid(type), ...(critical ? [encodeElement(Tag.boolean, Uint8Array.of(0xff))] : []), encodeElement(Tag.octetString, value))

const generalizedTime = (at: Date): Uint8Array => encodeElement(Tag.generalizedTime, Buffer.from(`${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`))

function signed(tbs: Uint8Array, key: KeyObject, algorithm: Uint8Array = ecdsaWithSha256, ...more: readonly Uint8Array[]): Uint8Array {
  return sequence(tbs, algorithm, encodeElement(Tag.bitString, Uint8Array.of(0), createSign('sha256').update(tbs).sign(key)), ...more)
}

/** A root of its own, valid in 2026. The same name twice has two keys. */
export function ownAuthority(name: string): OwnAuthority {
  return authority(name, '01', true)
}

function authority(name: string, serial: string, ca: boolean, issuer?: { readonly name: Uint8Array; readonly key: KeyObject }, options: OwnCertificateOptions = {}): OwnAuthority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const subject = commonName(name)
  const own = { name: subject, key: privateKey }
  const der = certificate({ serial, subject, ca, spki: publicKey.export({ type: 'spki', format: 'der' }), issuer: issuer ?? own, ...options })
  return {
    der, subject: `CN=${name}`,
    issue: (to, serialOf, isCa = false, more = {}) => authority(to, serialOf, isCa, own, more),
    certify(of, serialOf) {
      const { subjectDer, spki } = readCertificate(of.der)
      return certificate({ serial: serialOf, subject: subjectDer, ca: true, spki, issuer: own })
    },
    crl: ({ entries, thisUpdate, nextUpdate, number: crlNumber, extensions: more = [], algorithm = ecdsaWithSha256 }) => signed(sequence(
      number(1), algorithm, subject, utcTime(thisUpdate), utcTime(nextUpdate), ...(entries.length === 0 ? [] : [sequence(...entries.map(entryOf))]),
      encodeElement(0xa0, sequence(extension({ oid: '2.5.29.20', critical: false, value: number(crlNumber) }), ...more.map(extension))),
    ), privateKey, algorithm),
    ocsp({ singles, producedAt, extensions = [], by, beside = [] }) {
      const tbs = sequence(
        encodeElement(0xa2, encodeElement(Tag.octetString, sha1(keyOctets(by?.der ?? der)))), generalizedTime(producedAt), sequence(...singles.map(one => singleOf(one, subject, der))),
        ...(extensions.length === 0 ? [] : [encodeElement(0xa1, sequence(...extensions.map(extension)))]),
      )
      const along = [...beside, ...(by === undefined ? [] : [by.der])]
      const basic = (by ?? this).sign(tbs, ...(along.length === 0 ? [] : [encodeElement(0xa0, sequence(...along))]))
      return sequence(encodeElement(Tag.enumerated, Uint8Array.of(0)), encodeElement(0xa0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), encodeElement(Tag.octetString, basic))))
    },
    sign: (tbs, ...more) => signed(tbs, privateKey, ecdsaWithSha256, ...more),
  }
}

const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest()
/** An uncompressed point of P-256 ends its SubjectPublicKeyInfo. */
const keyOctets = (der: Uint8Array): Uint8Array => readCertificate(der).spki.slice(-65)

function singleOf({ serial, status, thisUpdate, nextUpdate, issuer, hash = '1.3.14.3.2.26', extensions = [] }: OwnSingle, subject: Uint8Array, der: Uint8Array): Uint8Array {
  const id = sequence(
    sequence(oid(hash), encodeElement(Tag.null)), encodeElement(Tag.octetString, sha1(subject)), encodeElement(Tag.octetString, sha1(keyOctets(issuer?.der ?? der))),
    encodeUnsigned(Buffer.from(serial, 'hex')),
  )
  const said = status === 'good' ? encodeElement(0x80) : status === 'unknown' ? encodeElement(0x82)
    : encodeElement(0xa1, generalizedTime(status.revokedAt), ...(status.reason === undefined ? [] : [encodeElement(0xa0, encodeElement(Tag.enumerated, Uint8Array.of(status.reason)))]))
  return sequence(
    id, said, generalizedTime(thisUpdate), ...(nextUpdate === undefined ? [] : [encodeElement(0xa0, generalizedTime(nextUpdate))]),
    ...(extensions.length === 0 ? [] : [encodeElement(0xa1, sequence(...extensions.map(extension)))]),
  )
}

interface CertificatePlan extends OwnCertificateOptions {
  readonly serial: string
  readonly subject: Uint8Array
  readonly ca: boolean
  readonly spki: Uint8Array
  readonly issuer: { readonly name: Uint8Array; readonly key: KeyObject }
}

function certificate({ serial, subject, ca, spki, issuer, keyUsage = ca ? 0x06 : 0x80, extensions: more = [] }: CertificatePlan): Uint8Array {
  // DER: bits behind the last one that is set are not there.
  const unused = keyUsage === null ? 0 : 31 - Math.clz32(keyUsage & -keyUsage)
  const extensions = [
    ...(ca ? [extension({ oid: '2.5.29.19', critical: true, value: sequence(encodeElement(Tag.boolean, Uint8Array.of(0xff))) })] : []),
    ...(keyUsage === null ? [] : [extension({ oid: '2.5.29.15', critical: true, value: encodeElement(Tag.bitString, Uint8Array.of(unused, keyUsage)) })]),
    ...more.map(extension),
  ]
  return signed(sequence(
    encodeElement(0xa0, number(2)), encodeUnsigned(Buffer.from(serial, 'hex')), ecdsaWithSha256, issuer.name,
    sequence(utcTime(new Date('2026-01-01T00:00:00Z')), utcTime(new Date('2028-01-01T00:00:00Z'))), subject, spki, encodeElement(0xa3, sequence(...extensions)),
  ), issuer.key)
}

function entryOf({ serial, revokedAt, reason, extensions = [] }: OwnEntry): Uint8Array {
  const all = [...(reason === undefined ? [] : [extension({ oid: '2.5.29.21', critical: false, value: encodeElement(Tag.enumerated, Uint8Array.of(reason)) })]), ...extensions.map(extension)]
  return sequence(encodeUnsigned(Buffer.from(serial, 'hex')), utcTime(revokedAt), ...(all.length === 0 ? [] : [sequence(concatBytes(all))]))
}
