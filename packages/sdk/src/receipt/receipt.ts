import type { Certificate } from '@cabut/pki/certificate'
import type { ChainHead, Json, Salts, SealedEvent } from '../history/index.js'
import type { Proof } from '../proof/index.js'

/** A letter as the receipt holds it. */
export interface ReceiptLetter {
  /** `permohonan`, `keterangan-alasan`, ... */
  readonly kind: string
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly mediaType: string
  readonly number?: string
  /** `YYYY-MM-DD` */
  readonly date?: string
}

/** Everything a receipt is written from. */
export interface ReceiptInput {
  readonly caseId: string
  readonly standard: { readonly id: string; readonly version: string }
  /** The revoked certificate: DER, PEM, or as read. Absent where it was never at hand: then the proof tells it by issuer and serial. */
  readonly certificate?: Certificate | Uint8Array | string
  /** From the issuing CA up to and including the anchor. */
  readonly chain: readonly [Certificate, ...Certificate[]]
  readonly proof: Proof
  /** The CRL or OCSP response the proof names by its SHA-256. */
  readonly evidence: Uint8Array
  readonly letters: readonly ReceiptLetter[]
  readonly history: readonly SealedEvent<string, object>[]
  /** Five different times, ISO 8601 UTC; those of certificate authority and first sight are in `proof`. */
  readonly times: { readonly filedAt?: string; readonly amsRevokedAt?: string; readonly notifiedAt?: string }
  /** Personal fields by name (`holder`, `reason`, `applicant`, ...): in full form open, in public form as salted commitments only. */
  readonly personal?: Readonly<Record<string, Json>>
  /** `true`: the certificate authority is the sandbox's; the receipt says so everywhere. */
  readonly sandbox: boolean
  /** Where the root's fingerprint is published, for VERIFY.md. */
  readonly publishedFingerprint?: { readonly sha256: string; readonly where: string }
  /** ISO 8601 UTC time of writing. */
  readonly writtenAt: string
  readonly salts: Salts
}

/** `full`: for the office and the holder. `public`: no letters, names or reason; salted commitments instead. */
export type ReceiptForm = 'full' | 'public'

/** One thing wrong with a receipt; `file` names where. */
export interface ReceiptProblem {
  readonly code: ReceiptProblemCode
  readonly file: string
  readonly detail?: string
}

/** Why a receipt does not hold; each problem names the file it lies in. */
export type ReceiptProblemCode =
  | 'fileMissing'
  | 'fileAdded'
  | 'fileChanged'
  | 'fileUnreadable'
  | 'manifestInvalid'
  | 'notCanonical'
  | 'anchorUnknown'
  | 'chainInvalid'
  | 'evidenceInvalid'
  | 'notProven'
  | 'onHold'
  | 'mismatch'
  | 'historyBroken'
  | 'commitmentBroken'
  | 'tooLarge'

/** What verifying a receipt found. */
export interface ReceiptVerdict {
  /** `true` only when there is no problem at all. */
  readonly valid: boolean
  readonly problems: readonly ReceiptProblem[]
  /** What the receipt says, once it could be read; trust it only when `valid`. */
  readonly receipt?: ReceiptSummary
}

/** What a receipt says; to be trusted only where every file of it holds. */
export interface ReceiptSummary {
  readonly form: ReceiptForm
  readonly sandbox: boolean
  readonly caseId: string
  readonly proof: Proof
  readonly history: ChainHead
}
