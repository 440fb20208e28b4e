import type { SignatureScheme } from './algorithm.js'

/** Outcome of a signature check (RFC 5280 section 4.1.1.3). `unsupported`: the algorithm, its parameters or the key are unknown here, or the algorithm is not allowed. */
export type SignatureResult = 'valid' | 'invalid' | 'unsupported'

/** Names one deprecated algorithm that a caller accepts, for old evidence (RFC 6194 for SHA-1). Import {@link allowSha1} to get one. */
export interface LegacyPermission {
  readonly legacy: 'SHA-1'
}

/**
 * Accept signatures over SHA-1 (RFC 6194 section 3). Collisions of SHA-1 can be made by anyone with a budget, so this is for evidence that is known to be older than that, and
 * never the default.
 *
 * @example
 * ```ts
 * const { signature, tbs: data } = certificate
 * const sha1WithRsa = { algorithm: { oid: '1.2.840.113549.1.1.5' }, signature, data, spki: issuing.spki }
 * await verifySignature(sha1WithRsa) // 'unsupported'
 * // Checked now, and found to be no signature over SHA-1.
 * await verifySignature({ ...sha1WithRsa, allow: [allowSha1] }) // 'invalid'
 * ```
 */
export const allowSha1: LegacyPermission = { legacy: 'SHA-1' }

/** One signature to check (RFC 5280 section 4.1.1.3). */
export interface SignatureInput {
  /** AlgorithmIdentifier of the signature. */
  readonly algorithm: { readonly oid: string; readonly parameters?: Uint8Array | undefined }
  /** The signer's SubjectPublicKeyInfo, DER. Imported keys are remembered by this very array while it lives: do not change its bytes. */
  readonly spki: Uint8Array
  /** The signature's octets as in the BIT STRING (for ECDSA and DSA: the DER SEQUENCE). */
  readonly signature: Uint8Array
  /** The signed octets. */
  readonly data: Uint8Array
  /** Deprecated algorithms accepted here. @default [] */
  readonly allow?: readonly LegacyPermission[]
}

/** A digest over pieces (FIPS 180-4). */
export interface DigestStream {
  /** Takes the next octets; the array may be used again afterwards. */
  update(piece: Uint8Array): void
  /** Ends the stream. */
  digest(): Promise<Uint8Array>
}

/** A signature check over pieces (RFC 4055, RFC 5758); EdDSA (RFC 8410) has none, as it signs the whole message. */
export interface VerifyStream {
  /** Takes the next signed octets; the array may be used again afterwards. */
  update(piece: Uint8Array): void
  /** Ends the stream and checks this signature, which usually stands behind the signed octets. */
  verify(signature: Uint8Array): Promise<SignatureResult>
  /** The same at once; absent where the platform only checks asynchronously (browsers). */
  verifyNow?(signature: Uint8Array): SignatureResult
}

/** What an implementation gets once algorithm and key are known to fit. */
export interface ResolvedKey {
  readonly scheme: SignatureScheme
  readonly spki: Uint8Array
}
