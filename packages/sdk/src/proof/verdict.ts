import type { RevocationReason } from '@cabut/pki/status'

/**
 * The signed source that proves a revocation, as JSON (it is stored in events and receipts). The bytes are kept beside, by `sha256`.
 * Times are ISO 8601 UTC.
 */
export interface Proof {
  readonly source: 'crl' | 'ocsp'
  /** SHA-256 of the CRL or OCSP bytes, lower-case hex. */
  readonly sha256: string
  /** Whose certificate: issuer DN (RFC 4514), serial (hex) and SHA-256 of the DER; without the digest where the certificate was not at hand. */
  readonly certificate: { readonly issuerDn: string; readonly serial: string; readonly sha256?: string }
  readonly thisUpdate: string
  readonly nextUpdate?: string
  readonly producedAt?: string
  /** Decimal text of the CRL number. */
  readonly crlNumber?: string
  /** What the certificate authority says about the revocation. */
  readonly revocationDate: string
  readonly reason?: RevocationReason
  readonly invalidityDate?: string
  /** SHA-256 of the anchor the evidence leads to. */
  readonly anchorSha256: string
  /** SHA-256 of the public key (SubjectPublicKeyInfo) that signed the CRL. Responders of OCSP change theirs as a matter of course: of them it is not kept. */
  readonly crlKeySha256?: string
  /** When we first saw it; not a claim of the certificate authority. */
  readonly seenAt: string
}

/** Why there is no verdict yet. */
export type AwaitingReason =
  /** No signed evidence could be had (fetching failed, nothing published, not authentic). */
  | 'noEvidence'
  /** Authentic evidence does not list the certificate, but is older than AMS's word. */
  | 'notYetPublished'
  /** Authentic newer evidence denies it, still within `publicationGrace`. */
  | 'withinGrace'

/** One thing that speaks against a revocation or a proof. */
export type ProofFindingKind =
  /** Later authentic evidence does not list the certificate. */
  | 'notListed'
  /** Later authentic evidence lists it as suspended (certificateHold). */
  | 'onHold'
  /** The reason changed from one stated value to another. */
  | 'reasonChanged'
  /** The revocation date changed. */
  | 'dateChanged'
  /** A later CRL has a lower number (RFC 5280 5.2.3: monotonically increasing). */
  | 'numberRollback'
  /** The newest evidence is past its nextUpdate. */
  | 'stale'
  /** The evidence leads to another anchor than the proof. */
  | 'issuerChanged'
  /** A later CRL is signed by another key than the CRL of the proof: a rollover that should have been announced, or somebody else's. */
  | 'keyChanged'

/** Something about the evidence a person should look at; it decides nothing by itself. */
export interface ProofFinding {
  readonly kind: ProofFindingKind
  readonly source: 'crl' | 'ocsp'
  /** SHA-256 of the evidence that shows it; its bytes are to be kept. */
  readonly sha256: string
  readonly thisUpdate?: string
  readonly before?: string
  readonly after?: string
}

/**
 * The verdict over all evidence at hand.
 *
 * - `proven`: an authentic signed source lists the certificate as revoked, and nothing later denies it.
 * - `awaiting`: not proven, not denied. However long AMS says so, this never becomes `proven` by itself.
 * - `contradicted`: authentic later evidence denies it after the grace; a person must look.
 * - `suspended`: on hold (certificateHold): blocked, never called revoked.
 */
export type ProofVerdict =
  | { readonly verdict: 'proven'; readonly proof: Proof; readonly findings: readonly ProofFinding[] }
  | { readonly verdict: 'awaiting'; readonly reason: AwaitingReason; readonly overdue: boolean; readonly findings: readonly ProofFinding[]; readonly proof?: Proof }
  | { readonly verdict: 'contradicted'; readonly findings: readonly ProofFinding[]; readonly proof?: Proof }
  | { readonly verdict: 'suspended'; readonly since?: string; readonly findings: readonly ProofFinding[] }

/** Durations in milliseconds. */
export interface ProofPolicy {
  /**
   * How long published evidence may lag behind AMS's word, or one source behind another.
   * @default 172800000 (48 hours: two periods of a daily CRL)
   */
  readonly publicationGrace: number
  /**
   * How far past its nextUpdate the newest evidence may be before it is reported as stale.
   * @default 86400000 (24 hours)
   */
  readonly stalenessTolerance: number
  /**
   * Sources that may prove a revocation.
   * @default ['crl', 'ocsp']
   */
  readonly accept: readonly ('crl' | 'ocsp')[]
}
