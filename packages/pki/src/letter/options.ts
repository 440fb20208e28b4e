import type { Crl } from '../crl/index.js'
import type { LegacyPermission } from '../crypto/index.js'
import type { OcspResponse } from '../ocsp/index.js'
import type { PolicyInputs } from '../path/index.js'
import type { CertificateInput, StatusOptions } from '../status/index.js'

/**
 * Purposes a certificate that signs documents may be restricted to: id-kp-documentSigning (RFC 9336), Adobe's and Microsoft's for documents,
 * id-kp-emailProtection.
 *
 * @example
 * ```ts
 * certificate.extendedKeyUsage?.purposes.filter((purpose) => documentSigningPurposes.includes(purpose)) // ['1.2.840.113583.1.1.5']
 * ```
 */
export const documentSigningPurposes: readonly string[] = ['1.3.6.1.5.5.7.3.36', '1.2.840.113583.1.1.5', '1.3.6.1.4.1.311.10.3.12', '1.3.6.1.5.5.7.3.4']

/** How {@link inspectLetter} inspects: anchors, evidence and limits for ISO 32000-1 section 12.8, RFC 5280 section 6 and RFC 3161. Sizes in octets. */
export interface LetterOptions extends PolicyInputs, Pick<StatusOptions, 'fetch' | 'allowHosts' | 'maxAge' | 'skew'> {
  /** Pinned trust anchors of signers; an empty list is a type error. */
  readonly anchors: readonly [CertificateInput, ...CertificateInput[]]
  /** Pinned trust anchors of timestamp authorities. @default anchors */
  readonly timestampAnchors?: readonly [CertificateInput, ...CertificateInput[]]
  /** Certificates that may lie between; those in the file are used too. @default [] */
  readonly intermediates?: readonly CertificateInput[]
  /** Today, for everything no timestamp proves. @default now */
  readonly at?: Date
  /** CRLs at hand; those in the file are used too. @default [] */
  readonly crls?: readonly (Uint8Array | string | Crl)[]
  /** OCSP answers at hand; those in the file are used too. @default [] */
  readonly ocsp?: readonly (Uint8Array | string | OcspResponse)[]
  /** Extended key usages (dotted) a signer may be restricted to. @default documentSigningPurposes */
  readonly purposes?: readonly string[]
  /** Deprecated algorithms accepted for old letters. @default [] */
  readonly allow?: readonly LegacyPermission[]
  /**
   * Phrases by which a text says it was signed electronically, in whatever language; compared without case and white space. Choose such as no other letter
   * would use. @default []
   */
  readonly claimPhrases?: readonly string[]
  /** Largest accepted file, octets. @default 67108864 (64 MiB) */
  readonly maxBytes?: number
  /** Octets that streams of the file may unpack to, all together. @default 8 MiB and 16 times the file */
  readonly maxUnpackedBytes?: number
}
