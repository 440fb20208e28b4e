import { sameOctets } from '#crypto'
import type { LegacyPermission } from '../crypto/index.js'
import { digest, digestNow } from '../crypto/index.js'
import { readCertificate, type Certificate } from '../certificate/index.js'
import { equalBytes } from '../der/index.js'
import { PkiError } from '../errors.js'
import { issuedBy, sameName } from '../issued-by.js'
import type { UnknownReason } from '../judgement.js'
import { publicKeyOctets } from './certid.js'
import type { ResponderId } from './response.js'

/** id-kp-OCSPSigning (RFC 6960 section 4.2.2.2). */
export const ocspSigningPurpose = '1.3.6.1.5.5.7.3.9'

const keyHashes = new WeakMap<Uint8Array, Uint8Array>()

function keyHashOf(spki: Uint8Array): Uint8Array | Promise<Uint8Array> {
  const known = keyHashes.get(spki)
  if (known !== undefined) return known
  const octets = publicKeyOctets(spki)
  const remember = (hash: Uint8Array): Uint8Array => {
    keyHashes.set(spki, hash)
    return hash
  }
  return digestNow === undefined ? digest('SHA-1', octets).then(remember) : remember(digestNow('SHA-1', octets))
}

/** True when the ResponderID names this certificate; at once when its key has been met before. */
export function isResponder(id: ResponderId, certificate: Certificate): boolean | Promise<boolean> {
  if (id.by === 'name') return sameName(id, { name: certificate.subject, der: certificate.subjectDer })
  const hash = keyHashOf(certificate.spki)
  return hash instanceof Promise ? hash.then((value) => equalBytes(id.keyHash, value)) : equalBytes(id.keyHash, hash)
}

/** Responder certificates of an issuer that were read and whose signature was checked. A responder sends the same one with every answer. */
export interface KnownDelegate {
  readonly certificate: Certificate
  readonly issued: Awaited<ReturnType<typeof issuedBy>>
  readonly legacy: boolean
}

const delegates = new WeakMap<Certificate, KnownDelegate[]>()
const maxDelegates = 8

/** A certificate that came with an answer, with the result of checking the issuer's signature on it; undefined when it cannot be read. */
export function delegateOf(der: Uint8Array, issuer: Certificate, allow: readonly LegacyPermission[] = []): KnownDelegate | Promise<KnownDelegate | undefined> {
  const legacy = allow.length > 0
  let known = delegates.get(issuer)
  if (known === undefined) delegates.set(issuer, (known = []))
  for (const delegate of known) if (delegate.legacy === legacy && sameOctets(delegate.certificate.der, der)) return delegate
  return readDelegate(der, issuer, allow, known)
}

async function readDelegate(der: Uint8Array, issuer: Certificate, allow: readonly LegacyPermission[], known: KnownDelegate[]): Promise<KnownDelegate | undefined> {
  let certificate: Certificate
  try {
    certificate = readCertificate(der)
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
  const delegate = { certificate, issued: await issuedBy(certificate, issuer, allow), legacy: allow.length > 0 }
  // Only what the issuer has signed is remembered: strangers cannot push it out.
  if (delegate.issued === 'valid') {
    if (known.length >= maxDelegates) known.shift()
    known.push(delegate)
  }
  return delegate
}

/**
 * Why a certificate may not answer for its issuer (RFC 6960 section 4.2.2.2): issued by that very key, id-kp-OCSPSigning by name (anyExtendedKeyUsage is no
 * delegation), usable for signatures, no critical extension unread.
 */
export function whyNotAuthorised(certificate: Certificate): UnknownReason | undefined {
  if (certificate.extendedKeyUsage?.purposes.includes(ocspSigningPurpose) !== true) return 'signerNotAuthorised'
  const usage = certificate.keyUsage
  if (usage !== undefined && !usage.has('digitalSignature') && !usage.has('nonRepudiation')) return 'signerNotAuthorised'
  return certificate.unknownCriticalExtensions.length > 0 ? 'signerNotAuthorised' : undefined
}
