import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { concatBytes, encodeElement, encodeName, encodeOid, encodeUnsigned, parseName, readCertificate, Tag, type Certificate } from '../../src/index.js'

/** What a test certificate is made of; everything has a usual value. */
export interface IssueOptions {
  readonly subject: string
  /** Subject DER instead of `subject`. */
  readonly subjectDer?: Uint8Array
  /** Who signs; absent: self-signed. */
  readonly issuer?: Issued
  /** Another name as issuer than the signer's subject. */
  readonly issuerName?: string
  readonly notBefore?: string
  readonly notAfter?: string
  readonly serial?: number
  readonly version?: 1 | 3
  /** Adds basicConstraints cA and keyUsage keyCertSign + cRLSign. */
  readonly ca?: boolean
  readonly pathLength?: number
  /** Whole Extension elements. */
  readonly extensions?: readonly Uint8Array[]
  /** Says this signature algorithm (dotted) instead of Ed25519. */
  readonly algorithm?: string
  /** Reuses a key pair. */
  readonly keys?: KeyPair
}

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export interface Issued {
  readonly certificate: Certificate
  readonly der: Uint8Array
  readonly keys: KeyPair
}

let serials = 1000

export function newKeys(): KeyPair {
  return generateKeyPairSync('ed25519')
}

/** Issues a certificate with an Ed25519 key, by this package's own writer: for shapes that no issuing library makes. */
export function issue(options: IssueOptions): Issued {
  const keys = options.keys ?? newKeys()
  const subject = options.subjectDer ?? encodeName(parseName(options.subject))
  const issuer = options.issuerName !== undefined ? encodeName(parseName(options.issuerName)) : (options.issuer?.certificate.subjectDer ?? subject)
  const algorithm = sequence(encodeElement(Tag.oid, encodeOid(options.algorithm ?? '1.3.101.112')!))
  const extensions = [
    ...(options.ca ? [basicConstraints(true, options.pathLength), extension('2.5.29.15', true, Uint8Array.of(0x03, 0x02, 0x01, 0x06))] : []),
    ...(options.extensions ?? []),
  ]
  const tbs = sequence(
    ...(options.version === 1 ? [] : [encodeElement(0xa0, Uint8Array.of(0x02, 0x01, 0x02))]),
    encodeUnsigned(numberOctets(options.serial ?? serials++)),
    algorithm,
    issuer,
    sequence(time(options.notBefore ?? '2025-01-01T00:00:00Z'), time(options.notAfter ?? '2035-01-01T00:00:00Z')),
    subject,
    new Uint8Array(keys.publicKey.export({ format: 'der', type: 'spki' })),
    ...(extensions.length === 0 ? [] : [encodeElement(0xa3, sequence(...extensions))]),
  )
  const signature = new Uint8Array(sign(null, tbs, (options.issuer?.keys ?? keys).privateKey))
  const der = sequence(tbs, algorithm, encodeElement(Tag.bitString, Uint8Array.of(0), signature))
  return { certificate: readCertificate(der), der, keys }
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return encodeElement(Tag.sequence, ...parts)
}

export function oid(dotted: string): Uint8Array {
  return encodeElement(Tag.oid, encodeOid(dotted)!)
}

export function extension(dotted: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(oid(dotted), ...(critical ? [Uint8Array.of(0x01, 0x01, 0xff)] : []), encodeElement(Tag.octetString, value))
}

export function basicConstraints(ca: boolean, pathLength?: number): Uint8Array {
  return extension('2.5.29.19', true, sequence(...(ca ? [Uint8Array.of(0x01, 0x01, 0xff)] : []), ...(pathLength === undefined ? [] : [Uint8Array.of(0x02, 0x01, pathLength)])))
}

export function extendedKeyUsage(critical: boolean, ...purposes: readonly string[]): Uint8Array {
  return extension('2.5.29.37', critical, sequence(...purposes.map(oid)))
}

export function policies(...oids: readonly string[]): Uint8Array {
  return extension('2.5.29.32', false, sequence(...oids.map((policy) => sequence(oid(policy)))))
}

export function policyMappings(...pairs: readonly (readonly [string, string])[]): Uint8Array {
  return extension('2.5.29.33', true, sequence(...pairs.map(([issuer, subject]) => sequence(oid(issuer), oid(subject)))))
}

/** GeneralNames in subjectAltName; each name a whole tagged element. */
export function subjectAltName(...names: readonly Uint8Array[]): Uint8Array {
  return extension('2.5.29.17', false, sequence(...names))
}

export function nameConstraints(permitted: readonly Uint8Array[], excluded: readonly Uint8Array[]): Uint8Array {
  const subtrees = (tag: number, names: readonly Uint8Array[]): Uint8Array[] => (names.length === 0 ? [] : [encodeElement(tag, ...names.map((name) => sequence(name)))])
  return extension('2.5.29.30', true, sequence(...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded)))
}

export const dns = (value: string): Uint8Array => encodeElement(0x82, ascii(value))
export const mail = (value: string): Uint8Array => encodeElement(0x81, ascii(value))
export const uri = (value: string): Uint8Array => encodeElement(0x86, ascii(value))
export const ip = (...octets: readonly number[]): Uint8Array => encodeElement(0x87, Uint8Array.from(octets))
export const directory = (name: string): Uint8Array => encodeElement(0xa4, encodeName(parseName(name)))

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function numberOctets(value: number): Uint8Array {
  return Uint8Array.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)
}

export function time(iso: string): Uint8Array {
  const digits = iso.replace(/[-:T]/g, '').replace(/\.\d+/, '')
  return Number(iso.slice(0, 4)) < 2050 ? encodeElement(Tag.utcTime, ascii(digits.slice(2))) : encodeElement(Tag.generalizedTime, ascii(digits))
}

export { concatBytes }
