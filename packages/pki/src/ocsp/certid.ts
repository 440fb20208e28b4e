import { digest, type DigestAlgorithm } from '../crypto/index.js'
import type { Certificate } from '../certificate/index.js'
import { spellsIssuer } from '../certificate/read.js'
import { concatBytes, DerReader, encodeElement, encodeOid, Tag } from '../der/index.js'
import { serialContent } from '../crl/serial.js'

/** Hash functions a CertID may use (RFC 6960 section 4.1.1). SHA-1 here only names a certificate; forging a name gains nothing without the signature. */
export type CertIdHash = DigestAlgorithm

const hashOids: Readonly<Record<CertIdHash, string>> = {
  'SHA-1': '1.3.14.3.2.26',
  'SHA-256': '2.16.840.1.101.3.4.2.1',
  'SHA-384': '2.16.840.1.101.3.4.2.2',
  'SHA-512': '2.16.840.1.101.3.4.2.3',
}

/** The hash function of an object identifier; undefined when it is none of the four. */
export function certIdHash(oid: string): CertIdHash | undefined {
  switch (oid) {
    case hashOids['SHA-1']: return 'SHA-1'
    case hashOids['SHA-256']: return 'SHA-256'
    case hashOids['SHA-384']: return 'SHA-384'
    case hashOids['SHA-512']: return 'SHA-512'
    default: return undefined
  }
}

/** The hashes that name an issuer, and the CertID's octets up to the serial number. */
export interface IssuerHashes {
  readonly nameHash: Uint8Array
  readonly keyHash: Uint8Array
  /** hashAlgorithm, issuerNameHash and issuerKeyHash, DER. */
  readonly prefix: Uint8Array
}

const known = new WeakMap<Certificate, Partial<Record<CertIdHash, IssuerHashes>>>()

/** issuerNameHash and issuerKeyHash (RFC 6960 section 4.1.1) of an issuer, remembered while it lives. */
export function issuerHashes(issuer: Certificate, hash: CertIdHash): IssuerHashes | Promise<IssuerHashes> {
  return known.get(issuer)?.[hash] ?? computeHashes(issuer, hash)
}

async function computeHashes(issuer: Certificate, hash: CertIdHash): Promise<IssuerHashes> {
  const nameHash = await digest(hash, issuer.subjectDer)
  const keyHash = await digest(hash, publicKeyOctets(issuer.spki))
  const algorithm = encodeElement(Tag.sequence, encodeElement(Tag.oid, encodeOid(hashOids[hash])!), new Uint8Array([Tag.null, 0]))
  const prefix = concatBytes([algorithm, encodeElement(Tag.octetString, nameHash), encodeElement(Tag.octetString, keyHash)])
  const hashes = { nameHash, keyHash, prefix }
  known.set(issuer, { ...known.get(issuer), [hash]: hashes })
  return hashes
}

/** The octets of the subjectPublicKey BIT STRING, without tag, length and unused bits. */
export function publicKeyOctets(spki: Uint8Array): Uint8Array {
  const reader = new DerReader(spki).enter(Tag.sequence)
  reader.skip()
  return reader.bitString().bytes
}

/** CertID of one certificate, DER. */
export function encodeCertId(hashes: IssuerHashes, serial: string): Uint8Array {
  const content = serialContent(serial)
  if (content === undefined) throw new TypeError('the serial number is not hexadecimal')
  return encodeElement(Tag.sequence, hashes.prefix, encodeElement(Tag.integer, content))
}

/** The issuer's name hash as the certificate spells the name: RFC 6960 hashes that spelling, which may differ from the issuer's own. */
export async function nameHashOf(certificate: Certificate, issuer: Certificate, hash: CertIdHash): Promise<Uint8Array> {
  if (spellsIssuer(certificate, issuer)) return (await issuerHashes(issuer, hash)).nameHash
  return digest(hash, certificate.issuerDer)
}
