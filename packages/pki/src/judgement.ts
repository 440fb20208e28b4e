import type { Certificate } from './certificate/index.js'

/** CRLReason of RFC 5280 section 5.3.1, by its name there. */
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'removeFromCRL'
  | 'privilegeWithdrawn'
  | 'aACompromise'

/**
 * Every reason why a status is unknown (RFC 5280 section 6.3, RFC 6960 section 3.2), from the most to the least useful to a reader: of several reasons found, the first in this list is reported
 * and the rest are kept as problems. Their English titles stand apart, so that programs that only decide need not carry them.
 *
 * @example
 * ```ts
 * const found = ['fetchFailed', 'stale']
 * unknownReasons.find((reason) => found.includes(reason)) // 'stale'
 * ```
 */
export const unknownReasons = [
  'issuerRevoked', 'expiredAnchor', 'issuerNotPinned', 'pathInvalid', 'isAnchor', 'signatureInvalid', 'signerNotAuthorised',
  'signerNotTrusted', 'signerOutOfDate', 'signerRevoked', 'signerStatusUnknown', 'otherCertificate', 'issuerMismatch', 'nonceMismatch',
  'nonceMissing', 'unknownCriticalExtension', 'responderUnknown', 'responderError', 'wrongScope', 'reasonsNotCovered', 'deltaWithoutBase',
  'expiredBeforeEvidence', 'stale', 'noNextUpdate', 'notYetValid', 'unsupportedAlgorithm', 'malformed', 'issuerStatusUnknown',
  'fetchRefused', 'fetchFailed', 'unsupportedLocation', 'noEvidence',
] as const

/** Why a status is unknown (RFC 5280 section 6.3, RFC 6960 section 3.2); titles in {@link unknownReasonTitles}. */
export type UnknownReason = (typeof unknownReasons)[number]

/** The most useful of some reasons; `noEvidence` of none. */
export function mostUseful(reasons: Iterable<UnknownReason>): UnknownReason {
  let best: UnknownReason = 'noEvidence'
  for (const reason of reasons) if (unknownReasons.indexOf(reason) < unknownReasons.indexOf(best)) best = reason
  return best
}

/** What the evidence says of a revocation (RFC 5280 section 5.3, RFC 6960 section 4.2.1). */
export interface Revocation {
  readonly date: Date
  /** Absent when the evidence gives none. */
  readonly reason?: RevocationReason
  readonly invalidityDate?: Date
}

/** What one piece of evidence proves about one certificate at one time (RFC 5280 section 6.3, RFC 6960 section 3.2). */
export interface Judgement {
  readonly source: 'crl' | 'ocsp'
  /**
   * `revoked`: an authentic listing, even in stale evidence, since a revocation is final. `onHold`: suspended, by fresh evidence.
   * `notRevoked`: fresh evidence that covers the certificate does not list it. `unknown`: nothing is proven, see `reason`.
   */
  readonly verdict: 'revoked' | 'onHold' | 'notRevoked' | 'unknown'
  /** Present when the verdict is `unknown`. */
  readonly reason?: UnknownReason
  /** Present when the verdict is `revoked` or `onHold`. */
  readonly revocation?: Revocation
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date
  /** OCSP only. */
  readonly producedAt?: Date
  /** CRL only. */
  readonly crlNumber?: bigint
  /** True when the evidence holds at the asked time by its own dates and by `maxAge`. */
  readonly fresh: boolean
  /** Whose key verified the signature; absent when none did. */
  readonly signer?: Certificate
  /** The evidence itself, DER, not copied; empty for a streamed CRL. */
  readonly bytes: Uint8Array
  /** SHA-256 of the evidence's bytes, lower-case hex. */
  readonly sha256: string
  /** Where the evidence came from: a URL, or absent when the caller handed it in. */
  readonly origin?: string
}
