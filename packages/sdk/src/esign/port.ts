import type { Certificate } from '@cabut/pki/certificate'
import type { CabutErrorCode } from '../errors.js'

/** The nine user-level statuses; `OTHER` for a word the guide does not know. It speaks of a **user**, never of one certificate. */
export type EsignUserStatus =
  | 'ISSUE' | 'EXPIRED' | 'RENEW' | 'WAITING_FOR_VERIFICATION' | 'NEW' | 'NO_CERTIFICATE' | 'NOT_REGISTERED' | 'SUSPEND' | 'REVOKE' | 'OTHER'

/** Whom to ask about. Travels in the body of a POST. */
export type EsignSubject = { readonly nik: string } | { readonly email: string }

/** The standing of a user, not of one certificate, as e-Sign says it. Keyed on the word: numeric codes conflict between sources. */
export interface EsignUser {
  readonly status: EsignUserStatus
  readonly rawStatus: string
  /** Conflicts between sources: kept, never decided upon. */
  readonly statusCode?: string
  readonly message?: string
  readonly api: 'v1' | 'v2'
}

/** One certificate as verify/pdf describes it. No Subject DN, no revocation field. */
export interface EsignCertificateDetail {
  /** `C-` and the upper-case hex SHA-256 of the DER: binds the answer to an exact certificate. */
  readonly id?: string
  readonly commonName?: string
  readonly issuerName?: string
  /** Canonical hex, from the service's decimal text. */
  readonly serial?: string
  readonly rawSerialNumber?: string
  readonly notBefore?: string
  readonly notAfter?: string
  readonly signatureAlgorithm?: string
}

/** One signature of a document as e-Sign's `verify/pdf` reports it: a second opinion that says nothing about revocation. */
export interface EsignSignature {
  readonly signerName?: string
  /** The signer's own claim, as text; clocks are off by minutes. */
  readonly claimedTime?: string
  /** Of the timestamp token, as text: the only time to decide "before or after revocation" by. */
  readonly timestampTime?: string
  readonly format?: string
  readonly integrityValid?: boolean
  readonly certificateTrusted?: boolean
  readonly certificates: readonly EsignCertificateDetail[]
}

/** What e-Sign says about a signed document, kept beside our own verdict and never instead of it. */
export interface EsignVerification {
  /** Raw, for example `VALID`, `INVALID`, `NO_SIGNATURE`. */
  readonly conclusion: string
  readonly description?: string
  readonly signatures: readonly EsignSignature[]
}

/** Why e-Sign could not be asked, or did not answer as its guide says; no personal value in it. */
export interface EsignCause {
  readonly code: CabutErrorCode
  readonly detail: string
  readonly httpStatus?: number
  readonly retryAfterMs?: number
}

/** `refused`: the service said no (its own words, raw, perhaps with personal data: not for logs). `unavailable`: nothing was learned. */
export type EsignReading<T> =
  | { readonly outcome: 'answered'; readonly value: T }
  | { readonly outcome: 'refused'; readonly message: string; readonly httpStatus: number }
  | { readonly outcome: 'unavailable'; readonly cause: EsignCause }

/** How one call is made. */
export interface EsignCall {
  readonly signal?: AbortSignal
}

/** The e-Sign Client Service, as far as Cabut uses it: reading only. `seal/revoke/activation` revokes no certificate and is never called. */
export interface EsignPort {
  userStatus(subject: EsignSubject, call?: EsignCall): Promise<EsignReading<EsignUser>>
  /** Certificates of a user or certificate id, as the service orders them. */
  certificateChain(id: string, call?: EsignCall): Promise<EsignReading<readonly Certificate[]>>
  /** The service's opinion of the signatures in a PDF. */
  verifyPdf(pdf: Uint8Array, call?: EsignCall): Promise<EsignReading<EsignVerification>>
}
