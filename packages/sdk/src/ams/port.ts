import type { CabutErrorCode } from '../errors.js'

/** Who acts in AMS: the standard names the role, the port finds that person's own short-lived credential. */
export interface AmsActor {
  /** Pseudonymous id of the acting person, as in the desk's roster. */
  readonly id: string
  /** Role in the desk (`owner`, `verifier`, ...); free text to the port. */
  readonly role: string
}

/** What every call carries. */
export interface AmsCall {
  readonly as: AmsActor
  readonly signal?: AbortSignal
}

/** What every write carries. */
export interface AmsWrite extends AmsCall {
  /** 8 to 128 visible ASCII characters; new for each intended act, the same for each repetition of it. */
  readonly idempotencyKey: string
}

/** A certificate is addressed by issuer and serial together. */
export interface AmsCertificateAddress {
  /** RFC 4514 text. */
  readonly issuerDn: string
  /** Lower-case hex without leading zeros. */
  readonly serial: string
}

/** AMS's word about a certificate; a word we do not know is `other`, kept in `rawStatus`. */
export type AmsCertificateStatus = 'active' | 'revoked' | 'suspended' | 'expired' | 'other'

/** A certificate as AMS lists it. */
export interface AmsCertificate extends AmsCertificateAddress {
  readonly id: string
  readonly username: string
  readonly subjectDn: string
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly status: AmsCertificateStatus
  readonly rawStatus: string
}

/** Whose turn it is: the agency's verifier, BSrE, or nobody (final). A word we do not know is `other`, kept in `rawStatus`. */
export type AmsRevocationStatus = 'waitingVerification' | 'waitingBsre' | 'revoked' | 'returned' | 'refused' | 'other'

/** One revocation record of AMS. Its `revoked` is AMS's word only, never proof. */
export interface AmsRevocation {
  readonly id: string
  readonly certificate: AmsCertificateAddress & { readonly subjectDn?: string }
  /** Holder of the certificate. Personal data: not for logs. */
  readonly username: string
  /** Raw value of AMS's versioned list. */
  readonly reason: string
  readonly status: AmsRevocationStatus
  readonly rawStatus: string
  readonly filedBy?: string
  readonly filedAt?: Date
  readonly decidedBy?: string
  readonly decidedAt?: Date
  /** When AMS says the certificate was revoked. */
  readonly revokedAt?: Date
  readonly refusal?: { readonly by: string; readonly message: string }
  readonly letters: readonly { readonly letterId: string; readonly sha256?: string; readonly size?: number }[]
  readonly idempotencyKey?: string
}

/** A letter to upload with a filing. The original is kept by the desk; this is what goes to AMS (at most {@link AmsPort.letterLimit} octets). */
export interface AmsLetter {
  readonly bytes: Uint8Array
  /** Lower-case hex of the SHA-256 of `bytes`; compared with what AMS says it stored. */
  readonly sha256: string
}

/** What to file. */
export interface AmsFiling {
  /** AMS username of the certificate's holder. */
  readonly username: string
  readonly certificate: AmsCertificateAddress & { readonly subjectDn?: string }
  /** AMS's value or label for the reason (the profile maps our catalogue to it). */
  readonly reason: string
  readonly note?: string
  readonly letters: readonly AmsLetter[]
}

/** The agency's decision on a record that waits for its verification. */
export interface AmsDecision {
  readonly revocationId: string
  readonly decision: 'forward' | 'return' | 'reject'
  /** Required for `return` and `reject`. */
  readonly note?: string
}

/** Why a call gave no usable answer. Names the place, never personal data. */
export interface AmsCause {
  readonly code: CabutErrorCode
  /** English, for the log and the case's history. */
  readonly detail: string
  readonly httpStatus?: number
  /** AMS asked to wait this long (`Retry-After`). */
  readonly retryAfterMs?: number
}

/**
 * What became of a write, as a value.
 *
 * - `accepted`: AMS has the record. Not proof of revocation.
 * - `refused`: AMS decided against it and nothing was done; `code` and `message` are AMS's own, kept raw.
 * - `notDone`: it certainly did not happen (connection refused, throttled, no credential, an upload before it failed): may be repeated, after `retryAfterMs` if given.
 * - `unknown`: it may or may not have happened. Never repeat it blindly: read back, or wait for proof, or park it for a person.
 */
export type AmsOutcome =
  | { readonly outcome: 'accepted'; readonly revocation: AmsRevocation; readonly replayed: boolean }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string; readonly httpStatus: number }
  | { readonly outcome: 'notDone'; readonly cause: AmsCause }
  | { readonly outcome: 'unknown'; readonly cause: AmsCause }

/** What a reading gave. `unavailable`: nothing was learned, try later. */
export type AmsReading<T> =
  | { readonly outcome: 'answered'; readonly value: T }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string; readonly httpStatus: number }
  | { readonly outcome: 'unavailable'; readonly cause: AmsCause }

/** By username, Subject DN, or issuer and serial; conditions are combined with AND. Never a NIK or an e-mail address: it travels in a URL. */
export interface AmsCertificateQuery {
  readonly username?: string
  readonly subjectDn?: string
  readonly issuerDn?: string
  readonly serial?: string
}

/** By certificate, or by the key a record was filed with. */
export type AmsRevocationQuery = AmsCertificateAddress | { readonly idempotencyKey: string }

/**
 * AMS as the desk sees it. There is no public AMS API: `createHttpAms` speaks Cabut's own assumed contract (docs/openapi/ams.yaml),
 * `createAssistedAms` has a person act in the AMS page. Methods never throw for what AMS or the network does: outcomes are values.
 * They do throw {@link CabutError} or `TypeError` for wrong arguments.
 */
export interface AmsPort {
  readonly kind: 'http' | 'assisted' | (string & {})
  /** `true`: a repeated write with the same key is answered with the first record (as configured; never guessed). */
  readonly honoursIdempotencyKey: boolean
  /** `false`: AMS cannot be read back; only proof shows the effect. */
  readonly readsBack: boolean
  /** Octets a letter may have in AMS; larger originals stay with the desk. */
  readonly letterLimit: number
  findCertificate(query: AmsCertificateQuery, call: AmsCall): Promise<AmsReading<readonly AmsCertificate[]>>
  /** Uploads the letters (repeatable) and files the revocation (sent once). */
  fileRevocation(filing: AmsFiling, write: AmsWrite): Promise<AmsOutcome>
  /** Absent where the installation offers no decision by the agency. */
  decideRevocation?(decision: AmsDecision, write: AmsWrite): Promise<AmsOutcome>
  readRevocation(id: string, call: AmsCall): Promise<AmsReading<AmsRevocation>>
  /** Newest first; how to learn what became of an `unknown` write. */
  findRevocations(query: AmsRevocationQuery, call: AmsCall): Promise<AmsReading<readonly AmsRevocation[]>>
}
