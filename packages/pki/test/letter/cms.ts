import { createHash } from 'node:crypto'
import { later, makeParty, type CertificatePlan, type Party } from '../build/certificate.js'
import { bool, explicit, extension, generalized, int, nul, octets, oid, seq, serialInt, set, time, tlv } from '../build/der.js'
import { algorithmIdentifier, signatureOver, type Key } from '../build/keys.js'

/** A CMS and RFC 3161 writer for tests: shares nothing with the readers under test. */

const hashOids = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1', sha384: '2.16.840.1.101.3.4.2.2', sha512: '2.16.840.1.101.3.4.2.3' } as const
export type Hash = keyof typeof hashOids

export interface CmsPlan {
  readonly signer: Party
  /** Another key than the certificate's. */
  readonly key?: Key
  readonly hash?: Hash
  readonly contentType?: string
  /** Puts the content inside. */
  readonly attached?: boolean
  /** v2 (default), v1, both, or none. */
  readonly ess?: 'v1' | 'v2' | 'none'
  /** The certificate the ESS attribute names. */
  readonly essOf?: Party
  readonly signingTime?: Date
  /** Overrides the message digest. */
  readonly digest?: Buffer
  /** Without signed attributes. */
  readonly bare?: boolean
  readonly signed?: readonly Buffer[]
  readonly certificates?: readonly Party[]
  /** Makes a timestamp token over the signature. */
  readonly timestamp?: (signature: Buffer) => Buffer
  readonly crls?: readonly Buffer[]
  readonly spoil?: boolean
  readonly signatureAlgorithm?: Buffer
  readonly extraSigner?: boolean
  /** Names this certificate as the signer's. */
  readonly sidOf?: Party
}

export const attribute = (type: string, ...values: Buffer[]): Buffer => seq(oid(type), set(...values))
const digestOf = (hash: Hash, data: Uint8Array): Buffer => createHash(hash).update(data).digest()
const hashIdentifier = (hash: Hash): Buffer => seq(oid(hashOids[hash]), ...(hash === 'sha1' ? [nul()] : []))

/** DER of a SET OF: sorted by octets (X.690 11.6). */
const setOf = (tag: number, parts: readonly Buffer[]): Buffer => tlv(tag, ...[...parts].sort(Buffer.compare))

export function makeCms(content: Buffer, plan: CmsPlan): Buffer {
  const hash = plan.hash ?? 'sha256'
  const { signer } = plan
  const key = plan.key ?? signer.key
  const type = plan.contentType ?? '1.2.840.113549.1.7.1'
  const bound = plan.essOf ?? signer
  const attributes = [
    attribute('1.2.840.113549.1.9.3', oid(type)),
    attribute('1.2.840.113549.1.9.4', octets(plan.digest ?? digestOf(hash, content))),
    ...(plan.signingTime === undefined ? [] : [attribute('1.2.840.113549.1.9.5', time(plan.signingTime))]),
    ...(plan.ess === 'v1' ? [attribute('1.2.840.113549.1.9.16.2.12', seq(seq(seq(octets(digestOf('sha1', bound.der))))))] : []),
    ...((plan.ess ?? 'v2') === 'v2' ? [attribute('1.2.840.113549.1.9.16.2.47', seq(seq(seq(octets(digestOf('sha256', bound.der))))))] : []),
    ...(plan.signed ?? []),
  ]
  const signed = setOf(0x31, attributes)
  const signature = signatureOver(key, plan.bare === true ? content : signed)
  if (plan.spoil === true) signature[signature.length - 1]! ^= 1
  const named = plan.sidOf ?? signer
  const info = seq(
    int(1), seq(issuerOf(named), serialInt(named.certificate.serial)), hashIdentifier(hash),
    ...(plan.bare === true ? [] : [Buffer.concat([Buffer.from([0xa0]), signed.subarray(1)])]),
    plan.signatureAlgorithm ?? algorithmIdentifier(key), octets(signature),
    ...(plan.timestamp === undefined ? [] : [tlv(0xa1, attribute('1.2.840.113549.1.9.16.2.14', plan.timestamp(signature)))]),
  )
  return seq(oid('1.2.840.113549.1.7.2'), explicit(0, seq(
    int(type === '1.2.840.113549.1.7.1' ? 1 : 3), set(hashIdentifier(hash)), seq(oid(type), ...(plan.attached === true ? [explicit(0, octets(content))] : [])),
    tlv(0xa0, ...(plan.certificates ?? [signer]).map(({ der }) => der)),
    ...(plan.crls === undefined ? [] : [tlv(0xa1, ...plan.crls)]),
    set(info, ...(plan.extraSigner === true ? [info] : [])),
  )))
}

function issuerOf(party: Party): Buffer {
  return Buffer.from(party.certificate.issuerDer)
}

export interface TokenPlan {
  readonly authority: Party
  readonly at: Date
  readonly hash?: Hash
  /** Fraction of a second, such as `.25`. */
  readonly fraction?: string
  readonly certificates?: readonly Party[]
  readonly cms?: Partial<CmsPlan>
}

/** A timestamp token over some octets. */
export function makeToken(data: Buffer, plan: TokenPlan): Buffer {
  const hash = plan.hash ?? 'sha256'
  const stamp = generalized(plan.at)
  const text = `${stamp.subarray(2, -1).toString('latin1')}${plan.fraction ?? ''}Z`
  const info = seq(int(1), oid('1.2.3.4.1'), seq(seq(oid(hashOids[hash]), nul()), octets(digestOf(hash, data))), int(0x51b2c3d4e5f6n), tlv(0x18, Buffer.from(text)), seq(int(1)), bool(true), int(42))
  return makeCms(info, { signer: plan.authority, contentType: '1.2.840.113549.1.9.16.1.4', attached: true, certificates: plan.certificates ?? [plan.authority], ...plan.cms })
}

/** A timestamp authority: extended key usage critical and alone. */
export function makeAuthority(plan: Partial<CertificatePlan> & { issuer: Party }, usage: Buffer = extension('2.5.29.37', seq(oid('1.3.6.1.5.5.7.3.8')), true)): Party {
  return makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=Penanda Waktu Contoh', notAfter: later(800), ...plan, extensions: [usage] })
}
