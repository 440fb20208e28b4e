import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { Extension, Name, X509CertificateGenerator } from '@peculiar/x509'
import {
  bitString,
  boolean,
  explicit,
  ia5String,
  integer,
  integerOfHex,
  nullValue,
  octetString,
  oid,
  sequence,
  sha256WithRsa,
  time,
  tlv,
  utf8String,
} from './der.js'
import { signed, type TestKey } from './keys.js'
import { encodeName, type NameAttribute } from './name.js'

/** What one certificate needs. All times are cut to whole seconds. */
export interface CertificatePlan {
  readonly serial: string
  readonly subject: readonly NameAttribute[]
  readonly issuer: readonly NameAttribute[]
  readonly notBefore: Date
  readonly notAfter: Date
  readonly spki: Uint8Array
  readonly signer: TestKey
  /** DER of each Extension. */
  readonly extensions: readonly Uint8Array[]
}

export async function issue(plan: CertificatePlan): Promise<Buffer> {
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: plan.serial,
      // Names go in as DER: the text parser of @peculiar/x509 changes some values.
      subject: new Name(new Uint8Array(encodeName(plan.subject))),
      issuer: new Name(new Uint8Array(encodeName(plan.issuer))),
      notBefore: wholeSecond(plan.notBefore),
      notAfter: wholeSecond(plan.notAfter),
      publicKey: new Uint8Array(plan.spki),
      signingKey: plan.signer.signingKey,
      signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as Algorithm,
      extensions: plan.extensions.map((der) => new Extension(new Uint8Array(der))),
    },
    webcrypto as unknown as Crypto,
  )
  return Buffer.from(certificate.rawData)
}

/** The same certificate by the sandbox's own DER writer: some ten times faster, for bulk tests. */
export function issueQuickly(plan: CertificatePlan): Buffer {
  return signed(
    plan.signer,
    sequence(
      explicit(0, integer(2)),
      integerOfHex(plan.serial),
      sha256WithRsa,
      encodeName(plan.issuer),
      sequence(time(plan.notBefore), time(plan.notAfter)),
      encodeName(plan.subject),
      plan.spki,
      explicit(3, sequence(...plan.extensions)),
    ),
  )
}

export const wholeSecond = (at: Date): Date => new Date(Math.floor(at.getTime() / 1000) * 1000)

const extension = (type: string, critical: boolean, value: Uint8Array): Buffer =>
  sequence(oid(type), ...(critical ? [boolean(true)] : []), octetString(value))

export const subjectKeyId = (keyId: Uint8Array): Buffer => extension('2.5.29.14', false, octetString(keyId))
export const authorityKeyId = (keyId: Uint8Array): Buffer => extension('2.5.29.35', false, sequence(tlv(0x80, keyId)))

export const authorityConstraints = (pathLength?: number): Buffer =>
  extension('2.5.29.19', true, sequence(boolean(true), ...(pathLength === undefined ? [] : [tlv(0x02, Buffer.from([pathLength]))])))

/** keyCertSign and cRLSign. */
export const authorityKeyUsage = (): Buffer => extension('2.5.29.15', true, bitString(Buffer.from([0x06]), 1))
/** digitalSignature. */
export const responderKeyUsage = (): Buffer => extension('2.5.29.15', true, bitString(Buffer.from([0x80]), 7))
/** digitalSignature and contentCommitment. */
export const leafKeyUsage = (): Buffer => extension('2.5.29.15', true, bitString(Buffer.from([0xc0]), 6))

export const extendedKeyUsage = (purpose: string, critical: boolean): Buffer => extension('2.5.29.37', critical, sequence(oid(purpose)))
export const ocspNoCheck = (): Buffer => extension('1.3.6.1.5.5.7.48.1.5', false, nullValue)

const uri = (url: string): Buffer => tlv(0x86, Buffer.from(url, 'latin1'))

export const crlDistributionPoint = (url: string): Buffer =>
  extension('2.5.29.31', false, sequence(sequence(explicit(0, tlv(0xa0, uri(url))))))

export function authorityInformation(urls: { ocsp?: string; issuer: string }): Buffer {
  const access = (method: string, url: string): Buffer => sequence(oid(method), uri(url))
  return extension(
    '1.3.6.1.5.5.7.1.1',
    false,
    sequence(...(urls.ocsp === undefined ? [] : [access('1.3.6.1.5.5.7.48.1', urls.ocsp)]), access('1.3.6.1.5.5.7.48.2', urls.issuer)),
  )
}

/** A policy, with the user notice BSrE's leaves carry where one is given. */
export function policies(list: readonly { id: string; notice?: string }[]): Buffer {
  return extension(
    '2.5.29.32',
    false,
    sequence(
      ...list.map(({ id, notice }) =>
        notice === undefined
          ? sequence(oid(id))
          : sequence(oid(id), sequence(sequence(oid('1.3.6.1.5.5.7.2.2'), sequence(utf8String(notice))))),
      ),
    ),
  )
}

/** QcSSCD, as on BSrE's leaves (ETSI EN 319 412-5). */
export const qualifiedStatements = (): Buffer => extension('1.3.6.1.5.5.7.1.3', false, sequence(sequence(oid('0.4.0.1862.1.4'))))

/** Netscape comment: says in every certificate that it is worth nothing. */
export const sandboxComment = (): Buffer =>
  extension('2.16.840.1.113730.1.13', false, ia5String('CABUT SANDBOX: test certificate without any legal value'))
