import { DerReader, readAlgorithm, Tag, type AlgorithmIdentifier } from '../der/index.js'
import { PkiError } from '../errors.js'

/** Hash functions for digests (FIPS 180-4, RFC 5754 section 2). */
export type DigestAlgorithm = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** Hash functions inside signatures (RFC 4055, RFC 5758). */
export type SignatureHash = DigestAlgorithm | 'SHA-224'

/** What an AlgorithmIdentifier means, resolved once for both implementations of the port. */
export type SignatureScheme =
  | { readonly kind: 'rsa-pkcs1' | 'ecdsa' | 'dsa'; readonly hash: SignatureHash }
  | { readonly kind: 'rsa-pss'; readonly hash: SignatureHash; readonly saltLength: number }
  | { readonly kind: 'ed25519' | 'ed448' }

const schemes: Readonly<Record<string, SignatureScheme>> = {
  '1.2.840.113549.1.1.5': { kind: 'rsa-pkcs1', hash: 'SHA-1' },
  '1.2.840.113549.1.1.14': { kind: 'rsa-pkcs1', hash: 'SHA-224' },
  '1.2.840.113549.1.1.11': { kind: 'rsa-pkcs1', hash: 'SHA-256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa-pkcs1', hash: 'SHA-384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa-pkcs1', hash: 'SHA-512' },
  '1.2.840.10045.4.1': { kind: 'ecdsa', hash: 'SHA-1' },
  '1.2.840.10045.4.3.1': { kind: 'ecdsa', hash: 'SHA-224' },
  '1.2.840.10045.4.3.2': { kind: 'ecdsa', hash: 'SHA-256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', hash: 'SHA-384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', hash: 'SHA-512' },
  '1.2.840.10040.4.3': { kind: 'dsa', hash: 'SHA-1' },
  '2.16.840.1.101.3.4.3.1': { kind: 'dsa', hash: 'SHA-224' },
  '2.16.840.1.101.3.4.3.2': { kind: 'dsa', hash: 'SHA-256' },
  '1.3.101.112': { kind: 'ed25519' },
  '1.3.101.113': { kind: 'ed448' },
}

const hashes: Readonly<Record<string, SignatureHash>> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.4': 'SHA-224',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}

/**
 * The hash function of a digest AlgorithmIdentifier's object identifier (RFC 5754 section 2); undefined when unknown.
 *
 * @example
 * ```ts
 * hashOfOid('2.16.840.1.101.3.4.2.1') // 'SHA-256'
 * hashOfOid('1.2.840.113549.2.5') // undefined
 * ```
 */
export function hashOfOid(oid: string): SignatureHash | undefined {
  return Object.hasOwn(hashes, oid) ? hashes[oid] : undefined
}

/** Resolves a signature AlgorithmIdentifier; undefined when this package does not know it or its parameters. */
export function resolveScheme(algorithm: { readonly oid: string; readonly parameters?: Uint8Array | undefined }): SignatureScheme | undefined {
  if (algorithm.oid === '1.2.840.113549.1.1.10') return resolvePss(algorithm.parameters)
  if (!Object.hasOwn(schemes, algorithm.oid)) return undefined
  const scheme = schemes[algorithm.oid]!
  const { parameters } = algorithm
  // RFC 4055 5: NULL for PKCS #1 v1.5, and absence must be accepted; RFC 5758 3.2 and RFC 8410 3: absent (NULL is met in old DSA certificates).
  if (parameters === undefined) return scheme
  const isNull = parameters.length === 2 && parameters[0] === Tag.null && parameters[1] === 0
  return isNull && (scheme.kind === 'rsa-pkcs1' || scheme.kind === 'dsa') ? scheme : undefined
}

/** RSASSA-PSS-params (RFC 4055 section 3.1). MGF1 must use the same hash: both ports know nothing else. */
function resolvePss(parameters: Uint8Array | undefined): SignatureScheme | undefined {
  if (parameters === undefined) return undefined
  try {
    const outer = new DerReader(parameters)
    const reader = outer.enter(Tag.sequence)
    outer.finish()
    let hash: SignatureHash | undefined = 'SHA-1'
    let maskHash: SignatureHash | undefined = 'SHA-1'
    let saltLength = 20
    const hashField = reader.enterOptional(0xa0)
    if (hashField !== undefined) hash = hashOfOid(lastAlgorithm(hashField).oid)
    const maskField = reader.enterOptional(0xa1)
    if (maskField !== undefined) {
      const mask = lastAlgorithm(maskField)
      if (mask.oid !== '1.2.840.113549.1.1.8' || mask.parameters === undefined) return undefined
      maskHash = hashOfOid(lastAlgorithm(new DerReader(mask.parameters)).oid)
    }
    const saltField = reader.enterOptional(0xa2)
    if (saltField !== undefined) {
      saltLength = saltField.smallInteger()
      saltField.finish()
    }
    const trailerField = reader.enterOptional(0xa3)
    if (trailerField !== undefined && trailerField.smallInteger() !== 1) return undefined
    trailerField?.finish()
    reader.finish()
    if (hash === undefined || hash !== maskHash || saltLength < 0 || saltLength > 512) return undefined
    return { kind: 'rsa-pss', hash, saltLength }
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
}

function lastAlgorithm(reader: DerReader): AlgorithmIdentifier {
  const algorithm = readAlgorithm(reader)
  reader.finish()
  return algorithm
}

/** Key types (RFC 3279, 5480, 8410) by the object identifier inside a SubjectPublicKeyInfo, and for EC keys the curve. */
export type KeyKind = 'rsa' | 'rsa-pss' | 'dsa' | 'P-256' | 'P-384' | 'P-521' | 'ed25519' | 'ed448'

const curves: Readonly<Record<string, KeyKind>> = { '1.2.840.10045.3.1.7': 'P-256', '1.3.132.0.34': 'P-384', '1.3.132.0.35': 'P-521' }

/**
 * The kind of a SubjectPublicKeyInfo's key (RFC 5280 section 4.1.2.7), for EC keys the curve; undefined when unknown or malformed.
 *
 * @example
 * ```ts
 * keyKind(certificate.spki) // 'rsa'
 * keyKind(certificate.der) // undefined
 * ```
 */
export function keyKind(spki: Uint8Array): KeyKind | undefined {
  try {
    const outer = new DerReader(spki)
    const reader = outer.enter(Tag.sequence)
    outer.finish()
    const algorithm = readAlgorithm(reader)
    reader.wholeBitString()
    reader.finish()
    switch (algorithm.oid) {
      case '1.2.840.113549.1.1.1': return 'rsa'
      case '1.2.840.113549.1.1.10': return 'rsa-pss'
      case '1.2.840.10040.4.1': return 'dsa'
      case '1.3.101.112': return 'ed25519'
      case '1.3.101.113': return 'ed448'
      case '1.2.840.10045.2.1': {
        if (algorithm.parameters?.[0] !== Tag.oid) return undefined
        const curve = new DerReader(algorithm.parameters).oid()
        return Object.hasOwn(curves, curve) ? curves[curve] : undefined
      }
      default: return undefined
    }
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
}

/** True when a key of this kind makes signatures of this scheme. */
export function keySuits(kind: KeyKind, scheme: SignatureScheme): boolean {
  switch (scheme.kind) {
    case 'rsa-pkcs1': return kind === 'rsa'
    case 'rsa-pss': return kind === 'rsa' || kind === 'rsa-pss'
    case 'ecdsa': return kind === 'P-256' || kind === 'P-384' || kind === 'P-521'
    default: return kind === scheme.kind
  }
}
