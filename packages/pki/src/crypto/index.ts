import { digestBytes, digestNow as digestAtOnce, streamDigest, streamVerify } from '#crypto'
import type { DigestAlgorithm } from './algorithm.js'
import { checkSignature, resolveKey } from './check.js'
import type { DigestStream, SignatureInput, SignatureResult, VerifyStream } from './port.js'

export { allowSha1, type DigestStream, type LegacyPermission, type SignatureInput, type SignatureResult, type VerifyStream } from './port.js'
export { hashOfOid, keyKind, type DigestAlgorithm, type KeyKind, type SignatureHash } from './algorithm.js'
export { fromHex, toHex } from './hex.js'

/**
 * The digest of some bytes (FIPS 180-4). SHA-1 is for identifiers that demand it (KeyHash of RFC 6960 section 4.2.1), never for trust.
 *
 * @example
 * ```ts
 * toHex(await digest('SHA-256', new TextEncoder().encode('abc'))) // 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
 * ```
 */
export function digest(algorithm: DigestAlgorithm, data: Uint8Array): Promise<Uint8Array> {
  return digestBytes(algorithm, data)
}

/**
 * As {@link digest} (FIPS 180-4), at once; undefined where the platform only hashes asynchronously (browsers).
 *
 * @example
 * ```ts
 * const octets = new TextEncoder().encode('abc')
 * const hash = digestNow?.('SHA-1', octets) ?? await digest('SHA-1', octets)
 * toHex(hash) // 'a9993e364706816aba3e25717850c26c9cd0d89d'
 * ```
 */
export const digestNow: ((algorithm: DigestAlgorithm, data: Uint8Array) => Uint8Array) | undefined = digestAtOnce

/**
 * A digest over pieces (FIPS 180-4); in browsers the pieces are buffered, up to 256 MiB (`RangeError` beyond).
 *
 * @example
 * ```ts
 * const stream = createDigest('SHA-256')
 * for (const piece of ['a', 'bc']) stream.update(new TextEncoder().encode(piece))
 * toHex(await stream.digest()) // 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
 * ```
 */
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
 * await verifySignature({ algorithm, signature, data, spki: issuing.spki }) // 'valid'
 * await verifySignature({ algorithm, signature, data, spki: root.spki }) // 'invalid'
 * ```
 */
export async function verifySignature(input: SignatureInput): Promise<SignatureResult> {
  return checkSignature(input)
}

/**
 * As {@link verifySignature} (RFC 4055, 5758) over pieces; undefined where the algorithm is unsupported or cannot be streamed (EdDSA needs the whole message).
 *
 * @example
 * ```ts
 * const { signatureAlgorithm: algorithm, signature, tbs } = certificate
 * const stream = createVerifier({ algorithm, spki: issuing.spki })
 * for (let at = 0; at < tbs.length; at += 256) stream?.update(tbs.subarray(at, at + 256))
 * await stream?.verify(signature) // 'valid'
 * ```
 */
export function createVerifier(input: Omit<SignatureInput, 'data' | 'signature'>): VerifyStream | undefined {
  const resolved = resolveKey(input)
  return resolved === undefined ? undefined : streamVerify(resolved)
}
