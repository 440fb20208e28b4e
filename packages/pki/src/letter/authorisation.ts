import type { Certificate } from '../certificate/index.js'
import { equalBytes } from '../der/index.js'
import type { LetterReport, LetterSignature } from './report.js'

/**
 * Why a signature does not count as authorisation, the gravest first. Who may ask for a revocation is the CA's own rule (RFC 3647 section 4.4.9); these are the signatures that can prove nobody.
 *
 * @example
 * ```ts
 * const found = ['signerNotGood', 'notIntact']
 * authorisationObjections.find((objection) => found.includes(objection)) // 'notIntact'
 * ```
 */
export const authorisationObjections = [
  /** The signer used the certificate whose revocation the letter asks for: whoever holds a leaked key could have written it. */
  'sameCertificate',
  /** Another certificate for the same key. */
  'sameKey',
  /** Broken, or of a kind that cannot be checked. */
  'notIntact',
  /** What is read today need not be what was signed. */
  'contentChanged',
  /** The signer's certificate was revoked, and no timestamp proves that the signature is older. */
  'signerRevoked',
  /** The signer's certificate was not shown to be good: suspended, expired, not yet valid, unknown. */
  'signerNotGood',
] as const

/** One of {@link authorisationObjections} (RFC 3647 section 4.4.9). */
export type AuthorisationObjection = (typeof authorisationObjections)[number]

/** What the signatures of a letter are worth as authorisation to revoke a certificate (RFC 3647 section 4.4.9). */
export interface Authorisation {
  /** True when at least one signature stands without objection. Whether that person may ask is for the caller to decide. */
  readonly mayCount: boolean
  /** True when any signature, sound or not, names the certificate under revocation or its key. */
  readonly usesKeyUnderRevocation: boolean
  readonly signatures: readonly { readonly field: string; readonly mayCount: boolean; readonly objections: readonly AuthorisationObjection[] }[]
}

/**
 * Judges a letter that asks for the revocation of `revoking` (RFC 3647 section 4.4.9, RFC 5280 section 5.3.1: a compromised key). A signature made with that very certificate,
 * or with its key, never counts; neither does one that is broken, was followed by changes of content, or whose signer was not in good standing. A letter without signatures
 * never counts by itself: a person must look for ink and stamp.
 *
 * @example
 * ```ts
 * const evidence = { anchors: [rootPem], intermediates: [issuing], crls: [crl, rootCrl], fetch: false, at } as const
 * judgeAuthorisation(await inspectLetter(letter, evidence), certificate).mayCount // true
 * const own = judgeAuthorisation(await inspectLetter(ownLetter, evidence), certificate)
 * own.signatures.map(({ objections }) => objections) // [['sameCertificate']]
 * ```
 */
export function judgeAuthorisation(report: LetterReport, revoking: Certificate): Authorisation {
  const signatures = report.signatures.map((signature) => {
    const objections = objectionsTo(signature, revoking)
    return { field: signature.field, mayCount: objections.length === 0, objections }
  })
  return {
    mayCount: signatures.some(({ mayCount }) => mayCount),
    usesKeyUnderRevocation: signatures.some(({ objections }) => objections.includes('sameCertificate') || objections.includes('sameKey')),
    signatures,
  }
}

function objectionsTo({ certificate, integrity, afterwards, signer }: LetterSignature, revoking: Certificate): AuthorisationObjection[] {
  const objections: AuthorisationObjection[] = []
  if (certificate !== undefined && equalBytes(certificate.der, revoking.der)) objections.push('sameCertificate')
  else if (certificate !== undefined && equalBytes(certificate.spki, revoking.spki)) objections.push('sameKey')
  if (integrity !== 'intact') objections.push('notIntact')
  if (afterwards.contentChanged) objections.push('contentChanged')
  if (signer?.standing.startsWith('revoked') === true && signer.standing !== 'revokedAfter') objections.push('signerRevoked')
  // A signer revoked after the proven time was good when signing.
  else if (signer !== undefined && signer.standing !== 'good' && signer.standing !== 'revokedAfter') objections.push('signerNotGood')
  return objections
}
