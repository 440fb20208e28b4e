import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
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
}

/** An authority whose octets the tests lay themselves: what no honest one would sign is here too. */
export interface OwnAuthority {
  readonly der: Uint8Array
  readonly subject: string
  /** A certificate for somebody, under this authority. */
  issue(name: string, serial: string, ca?: boolean): OwnAuthority
  /** Another certificate for the same name and key. */
  certify(of: OwnAuthority, serial: string): Uint8Array
  crl(plan: OwnCrlPlan): Uint8Array
}

const sequence = (...parts: readonly Uint8Array[]): Uint8Array => encodeElement(Tag.sequence, ...parts)
const oid = (dotted: string): Uint8Array => encodeElement(Tag.oid, encodeOid(dotted) ?? new Uint8Array())
const number = (value: number): Uint8Array => encodeUnsigned(Uint8Array.of(value >> 8, value & 0xff))
const utcTime = (at: Date): Uint8Array => encodeElement(Tag.utcTime, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const commonName = (text: string): Uint8Array => sequence(encodeElement(Tag.set, sequence(oid('2.5.4.3'), encodeElement(Tag.utf8String, Buffer.from(text)))))
const extension = ({ oid: type, critical, value = encodeElement(Tag.null) }: OwnExtension): Uint8Array =>
  sequence(oid(type), ...(critical ? [encodeElement(Tag.boolean, Uint8Array.of(0xff))] : []), encodeElement(Tag.octetString, value))

function signed(tbs: Uint8Array, key: KeyObject): Uint8Array {
  return sequence(tbs, ecdsaWithSha256, encodeElement(Tag.bitString, Uint8Array.of(0), createSign('sha256').update(tbs).sign(key)))
}

/** A root of its own, valid in 2026. The same name twice has two keys. */
export function ownAuthority(name: string): OwnAuthority {
  return authority(name, '01', true)
}

function authority(name: string, serial: string, ca: boolean, issuer?: { readonly name: Uint8Array; readonly key: KeyObject }): OwnAuthority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const subject = commonName(name)
  const own = { name: subject, key: privateKey }
  return {
    der: certificate({ serial, subject, ca, spki: publicKey.export({ type: 'spki', format: 'der' }), issuer: issuer ?? own }), subject: `CN=${name}`,
    issue: (to, serialOf, isCa = false) => authority(to, serialOf, isCa, own),
    certify(of, serialOf) {
      const { subjectDer, spki } = readCertificate(of.der)
      return certificate({ serial: serialOf, subject: subjectDer, ca: true, spki, issuer: own })
    },
    crl: ({ entries, thisUpdate, nextUpdate, number: crlNumber, extensions: more = [] }) => signed(sequence(
      number(1), ecdsaWithSha256, subject, utcTime(thisUpdate), utcTime(nextUpdate), ...(entries.length === 0 ? [] : [sequence(...entries.map(entryOf))]),
      encodeElement(0xa0, sequence(extension({ oid: '2.5.29.20', critical: false, value: number(crlNumber) }), ...more.map(extension))),
    ), privateKey),
  }
}

interface CertificatePlan {
  readonly serial: string
  readonly subject: Uint8Array
  readonly ca: boolean
  readonly spki: Uint8Array
  readonly issuer: { readonly name: Uint8Array; readonly key: KeyObject }
}

function certificate({ serial, subject, ca, spki, issuer }: CertificatePlan): Uint8Array {
  const extensions = ca
    ? [extension({ oid: '2.5.29.19', critical: true, value: sequence(encodeElement(Tag.boolean, Uint8Array.of(0xff))) }), extension({ oid: '2.5.29.15', critical: true, value: encodeElement(Tag.bitString, Uint8Array.of(1, 0x06)) })]
    : [extension({ oid: '2.5.29.15', critical: true, value: encodeElement(Tag.bitString, Uint8Array.of(7, 0x80)) })]
  return signed(sequence(
    encodeElement(0xa0, number(2)), encodeUnsigned(Buffer.from(serial, 'hex')), ecdsaWithSha256, issuer.name,
    sequence(utcTime(new Date('2026-01-01T00:00:00Z')), utcTime(new Date('2028-01-01T00:00:00Z'))), subject, spki, encodeElement(0xa3, sequence(...extensions)),
  ), issuer.key)
}

function entryOf({ serial, revokedAt, reason, extensions = [] }: OwnEntry): Uint8Array {
  const all = [...(reason === undefined ? [] : [extension({ oid: '2.5.29.21', critical: false, value: encodeElement(Tag.enumerated, Uint8Array.of(reason)) })]), ...extensions.map(extension)]
  return sequence(encodeUnsigned(Buffer.from(serial, 'hex')), utcTime(revokedAt), ...(all.length === 0 ? [] : [sequence(concatBytes(all))]))
}
