import { digestBytes, digestNow as digestAtOnce, streamDigest, streamVerify } from '#crypto'
import type { DigestAlgorithm } from './algorithm.js'
import { checkSignature, resolveKey } from './check.js'
import type { DigestStream, SignatureInput, SignatureResult, VerifyStream } from './port.js'

export { allowSha1, type DigestStream, type LegacyPermission, type SignatureInput, type SignatureResult, type VerifyStream } from './port.js'
export { hashOfOid, keyKind, type DigestAlgorithm, type KeyKind, type SignatureHash } from './algorithm.js'
export { fromHex, toHex } from './hex.js'

/** The digest of some bytes (FIPS 180-4). */
export function digest(algorithm: DigestAlgorithm, data: Uint8Array): Promise<Uint8Array> {
  return digestBytes(algorithm, data)
}

/** As {@link digest} (FIPS 180-4), at once; undefined where the platform only hashes asynchronously (browsers). */
export const digestNow: ((algorithm: DigestAlgorithm, data: Uint8Array) => Uint8Array) | undefined = digestAtOnce

/** A digest over pieces (FIPS 180-4); in browsers the pieces are buffered, up to 256 MiB (`RangeError` beyond). */
export function createDigest(algorithm: DigestAlgorithm): DigestStream {
  return streamDigest(algorithm)
}

/**
 * Checks one signature: RSA PKCS #1 v1.5 and PSS, ECDSA on P-256, P-384 and P-521, Ed25519; on Node also Ed448 and DSA (RFC 3279, 4055, 5758, 8410).
 * An algorithm, parameter or key this platform does not know is the value `unsupported`, never an exception; so is SHA-1 unless `allow` names it.
 *
 * @example
 * ```ts
 * const { signatureAlgorithm: algorithm, signature, tbs: data } = certificate
 * await verifySignature({ algorithm, signature, data, spki: issuer.spki }) // 'valid' | 'invalid' | 'unsupported'
 * ```
 */
export async function verifySignature(input: SignatureInput): Promise<SignatureResult> {
  return checkSignature(input)
}

/** As {@link verifySignature} (RFC 4055, 5758) over pieces; undefined where the algorithm is unsupported or cannot be streamed (EdDSA needs the whole message). */
export function createVerifier(input: Omit<SignatureInput, 'data' | 'signature'>): VerifyStream | undefined {
  const resolved = resolveKey(input)
  return resolved === undefined ? undefined : streamVerify(resolved)
}
