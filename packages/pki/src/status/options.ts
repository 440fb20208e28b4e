import type { Certificate } from '../certificate/index.js'
import type { Crl, StreamedCrl } from '../crl/index.js'
import type { LegacyPermission } from '../crypto/index.js'
import type { Judgement, Revocation, UnknownReason } from '../judgement.js'
import type { OcspResponse } from '../ocsp/index.js'
import type { PolicyInputs } from '../path/index.js'
import type { EvidenceFetcher } from './fetcher.js'

/** A certificate (RFC 5280 section 4.1) as read, or its DER octets, or PEM text (RFC 7468). */
export type CertificateInput = Certificate | Uint8Array | string

/** How {@link checkStatus} checks (RFC 5280 section 6, RFC 6960 section 3.2). */
export interface StatusOptions extends PolicyInputs {
  /** Pinned trust anchors, roots or not; an empty list is a type error. Of a PEM text the first certificate counts. */
  readonly anchors: readonly [CertificateInput, ...CertificateInput[]]
  /** Certificates that may lie between, or that may have signed a CRL. @default [] */
  readonly intermediates?: readonly CertificateInput[]
  /** The time to judge for. @default now */
  readonly at?: Date
  /** CRLs at hand, for whichever certificate of the path; also such as were downloaded by hand. @default [] */
  readonly crls?: readonly (Uint8Array | string | Crl | StreamedCrl)[]
  /** OCSP answers at hand, also stapled ones. @default [] */
  readonly ocsp?: readonly (Uint8Array | string | OcspResponse)[]
  /**
   * How to fetch what is not at hand from the addresses in the certificates. `false` stays offline. An injected `fetch` gets checks of the URL and of
   * `allowHosts` only: where it really connects is its own matter. The default on Node also refuses addresses at connection time; in browsers it is `false`.
   */
  readonly fetch?: typeof globalThis.fetch | EvidenceFetcher | false
  /** Hosts that may be fetched from; absent: those the certificates name. Only for `fetch` as a function or the default. */
  readonly allowHosts?: readonly string[]
  /** What to fetch, in this order, until the status is known. @default ['ocsp', 'crl'] */
  readonly sources?: readonly ('ocsp' | 'crl')[]
  /** Ask every source even when the first has answered. @default false */
  readonly exhaustive?: boolean
  /** Fetch missing issuers from caIssuers addresses. @default false */
  readonly fetchIssuers?: boolean
  /** Oldest evidence that proves "not revoked", seconds since its thisUpdate. @default by nextUpdate alone */
  readonly maxAge?: number
  /** How far clocks may differ, seconds. @default 300 */
  readonly skew?: number
  /** Extended key usages (dotted) the certificate may have; a critical one outside RFC 5280 must be named here. @default any of RFC 5280 */
  readonly purposes?: readonly string[]
  /**
   * Whether the status of the certificate authorities below the anchor must be known too (RFC 5280 section 6.1.3 (a) (3)). Without it a revoked authority
   * goes unnoticed: only for callers that check it elsewhere. @default true
   */
  readonly checkIssuers?: boolean
  /** Deprecated algorithms accepted for old evidence. @default [] */
  readonly allow?: readonly LegacyPermission[]
}

/** Something that went wrong on the way (RFC 5280 section 6, RFC 6960 section 3.2), whether or not it changed the verdict. */
export interface StatusProblem {
  readonly reason: UnknownReason
  /** A code, an object identifier or a short English remark; never personal data. */
  readonly detail?: string
  /** The place in the path: 0 is the certificate itself. */
  readonly index?: number
  /** The address concerned. */
  readonly url?: string
}

/** What {@link checkStatus} found: path (RFC 5280 section 6.1), revocation (section 6.3, RFC 6960) and all the evidence. */
export interface StatusVerdict {
  /**
   * In this precedence: `revoked` (proven, final), `expired` (by its own dates), `suspended` (on hold), `unknown` (see `reason`), `notYetValid`, `good`
   * (valid path, and fresh evidence that neither it nor an authority above it is revoked).
   */
  readonly status: 'revoked' | 'expired' | 'suspended' | 'unknown' | 'notYetValid' | 'good'
  /** Why the status is not known: always there with `unknown`, sometimes with `expired`. */
  readonly reason?: UnknownReason
  readonly at: Date
  /** The thisUpdate of the evidence the verdict rests on. */
  readonly asOf?: Date
  /** With `good` and `suspended`: when the first piece of evidence or certificate of the path stops to hold. */
  readonly validUntil?: Date
  readonly certificate: Certificate
  /** The path: the certificate first, the anchor last; only the certificate where none was found. */
  readonly chain: readonly Certificate[]
  /** With `revoked` and `suspended`. */
  readonly revocation?: Revocation
  /** Every judgement about the certificate itself. */
  readonly evidence: readonly Judgement[]
  /** Every judgement about the certificates between it and the anchor, and about signers of evidence. */
  readonly issuerEvidence: readonly Judgement[]
  readonly problems: readonly StatusProblem[]
}
