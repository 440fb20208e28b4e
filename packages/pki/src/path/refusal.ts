import type { Certificate } from '../certificate/certificate.js'

/**
 * Why a path is refused (RFC 5280 section 6.1), the most useful reason first: a reason found on a path that reaches an anchor tells more than that another path does not.
 * The order is the rank; see {@link PathRefusal}.
 *
 * @example
 * ```ts
 * const found = ['issuerNotFound', 'expired', 'keyUsage']
 * pathRefusalCodes.find((code) => found.includes(code)) // 'expired'
 * ```
 */
export const pathRefusalCodes = [
  /** A certificate of the path is revoked or on hold, or its status is not known: from the caller's `accept`. */
  'revoked',
  'onHold',
  'revocationUnknown',
  /** The anchor itself is past its notAfter: nothing below it can be determined at that time. */
  'anchorExpired',
  'anchorNotYetValid',
  /** RFC 5280 6.1.3 (a)(2). */
  'expired',
  'notYetValid',
  /** RFC 5280 4.2.1.12: no purpose the caller named, or a critical purpose unknown here that the caller did not name. */
  'purpose',
  /** RFC 5280 6.1.3 (b), (c). */
  'nameNotPermitted',
  'nameExcluded',
  /** RFC 5280 6.1.4 (a), 6.1.3 (f), 6.1.5 (g). */
  'policyMapping',
  'policy',
  /** RFC 5280 6.1.4 (m), (l), (k), (n). */
  'pathLength',
  'notCa',
  'keyUsage',
  /** RFC 5280 6.1.4 (o), 6.1.5 (f). */
  'unknownCriticalExtension',
  /** RFC 5280 6.1.3 (a)(1). */
  'badSignature',
  'unsupportedAlgorithm',
  /** RFC 5280 6.1.3 (a)(4): only in `validatePath`, the builder follows names. */
  'nameChaining',
  /** The search ended before every path was tried. */
  'budget',
  /** No certificate given has the issuer's name. */
  'issuerNotFound',
] as const

/** Why a path is refused (RFC 5280 section 6.1); the ranked list is {@link pathRefusalCodes}. */
export type PathRefusalCode = (typeof pathRefusalCodes)[number]

/** One reason against one path (RFC 5280 section 6.1). */
export interface PathRefusal {
  readonly code: PathRefusalCode
  /** The certificate at fault. */
  readonly certificate: Certificate
  /** Its place: 0 is the certificate in question, 1 its issuer. */
  readonly index: number
  /** What exactly: an object identifier or a kind of name; never a value from a name. */
  readonly detail?: string
  /** The path it was found on, certificate in question first, as far as it got. */
  readonly path: readonly Certificate[]
}

/** Rank of a refusal; lower is more useful. */
export function refusalRank(refusal: PathRefusal): number {
  return pathRefusalCodes.indexOf(refusal.code)
}
