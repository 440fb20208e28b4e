import type { UnknownReason } from './judgement.js'

/**
 * The English title of every reason why a status is unknown (RFC 5280, RFC 6960 and our own readings), the most useful first.
 *
 * @example
 * ```ts
 * unknownReasonTitles.stale // 'The evidence is too old for that time'
 * ```
 */
export const unknownReasonTitles: Readonly<Record<UnknownReason, string>> = {
  issuerRevoked: 'A certificate authority above the certificate is revoked',
  expiredAnchor: 'The trust anchor has expired, so nothing it vouched for can be determined today',
  issuerNotPinned: 'No path leads from the certificate to a pinned trust anchor',
  pathInvalid: 'The path to the trust anchor is not valid (RFC 5280 section 6)',
  isAnchor: 'The certificate is itself a trust anchor: nothing above it can vouch for its status',
  signatureInvalid: 'The evidence is not signed by the key it names',
  signerNotAuthorised: 'The signer of the evidence has not the right to sign it (cRLSign, id-kp-OCSPSigning)',
  signerNotTrusted: 'The signer of the evidence was not issued by the certificate authority, or has no valid path',
  signerOutOfDate: "The signer's certificate was not valid at that time",
  signerRevoked: "The signer's certificate is revoked",
  signerStatusUnknown: "The status of the signer's certificate is itself not known",
  otherCertificate: 'The evidence speaks of another certificate or another issuer',
  issuerMismatch: 'The evidence was issued by somebody else',
  nonceMismatch: 'The nonce of the answer is not the one that was sent',
  nonceMissing: 'The answer carries no nonce although one was demanded',
  unknownCriticalExtension: 'The evidence carries a critical extension that is not understood (RFC 5280 section 5.2)',
  responderUnknown: 'The responder does not know the certificate (RFC 6960 section 2.2)',
  responderError: 'The responder answered with an error (RFC 6960 section 2.3)',
  wrongScope: 'The CRL covers other certificates than this one (RFC 5280 section 5.2.5)',
  reasonsNotCovered: 'The CRLs at hand do not cover every reason of revocation (RFC 5280 section 6.3)',
  deltaWithoutBase: 'A delta CRL without the complete CRL it builds on (RFC 5280 section 5.2.4)',
  expiredBeforeEvidence: 'The certificate had expired when the evidence was made, and expired certificates leave a CRL',
  stale: 'The evidence is too old for that time',
  noNextUpdate: 'The evidence does not say how long it holds, and no maximum age was given',
  notYetValid: 'The evidence was made after that time',
  unsupportedAlgorithm: 'The signature algorithm is not supported here, or is not allowed',
  malformed: 'The evidence cannot be read',
  issuerStatusUnknown: 'The status of a certificate authority above the certificate is not known',
  fetchRefused: 'The address named in the certificate may not be fetched',
  fetchFailed: 'The evidence could not be fetched',
  unsupportedLocation: 'The certificate names only locations that cannot be fetched, such as ldap',
  noEvidence: 'There is no evidence at all',
}
