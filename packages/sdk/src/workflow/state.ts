import type { AmsRevocationStatus } from '../ams/port.js'
import type { ClockTick } from './clock.js'
import type { Proof } from '../proof/verdict.js'
import type { LetterKind } from '../standard/vocabulary.js'
import type { AmsOperation } from './command.js'
import type { DelegationKind, RoleName } from './role.js'
import type { Status, StatusReason } from './status.js'

/** The certificate meant. Subject DN and username are personal and live in {@link CaseState.personal}. */
export interface CaseCertificate {
  /** RFC 4514 text. */
  readonly issuerDn?: string
  /** Lower-case hex without leading zeros. */
  readonly serial?: string
  /** SHA-256 of the DER, lower-case hex; the bytes are evidence by that digest. Absent: no certificate at hand. */
  readonly sha256?: string
  readonly notBefore?: string
  readonly notAfter?: string
}

/** A letter, by digest; the bytes are evidence. */
export interface CaseLetter {
  readonly kind: LetterKind
  readonly sha256: string
  /** Octets. */
  readonly size: number
  readonly mediaType: string
  readonly number?: string
  /** `YYYY-MM-DD` */
  readonly date?: string
  /** What its own electronic signatures said when it was handed in; absent where nobody looked. */
  readonly signature?: LetterSignatureFinding
}

/**
 * `sound`: signed, unchanged, the signer in good standing. `doubtful`: the standing could not be made sure. `keyUnderRevocation`: signed with the very
 * certificate it asks to revoke; such a letter counts as none.
 */
export type LetterSignatureFinding = 'sound' | 'doubtful' | 'broken' | 'none' | 'printout' | 'unreadable' | 'keyUnderRevocation'

/** Separate parties, even when one person is several of them. Ids are opaque; names are personal values. */
export interface CaseParties {
  readonly applicant: { readonly id: string; readonly opd?: string }
  readonly holder: { readonly id?: string; readonly deceased?: boolean; readonly reachable?: boolean }
  readonly opdOrigin: string
  readonly opdDestination?: string
}

/** What verification found. `unchecked` Subject DN: no certificate was at hand ("belum diperiksa"). */
export interface Findings {
  readonly data: 'match' | 'mismatch'
  readonly completeness: 'complete' | 'incomplete'
  readonly subjectDn: 'match' | 'mismatch' | 'unchecked'
}

/** What a notice tells. */
export type NoticeSubject = 'submitted' | 'returned' | 'rejected' | 'awaitingProof' | 'revoked' | 'suspended' | 'resumed' | 'failed' | 'contradicted'

/** Something people are told once: what, whom, and for which state of the case. */
export interface CaseNotice {
  readonly subject: NoticeSubject
  readonly party: 'applicant' | 'holder'
  readonly channel: string
  readonly at: string
}

/** What is known of AMS. */
export interface CaseAms {
  /** Filings begun; part of the idempotency key of each. */
  readonly attempt: number
  /** A write somebody began and whose outcome is not known yet. */
  readonly write?: { readonly operation: AmsOperation; readonly key: string; readonly since: string; readonly unknown: boolean }
  /** The record in AMS, once there is one. */
  readonly recordId?: string
  readonly recordStatus?: AmsRevocationStatus
  readonly rawStatus?: string
  /** When AMS says it was revoked. One of five different times. */
  readonly revokedAt?: string
  /** Since when AMS answers without our record: it vanished there, or names another certificate. */
  readonly lostSince?: string
  /** A decision AMS has still to be told. */
  readonly owed?: 'forward' | 'return' | 'reject'
}

/**
 * What stands in the place of a personal value that was erased, or is kept but may not be read (UU 27/2022).
 *
 * @example
 * ```ts
 * absentWords.erased // { id: 'dihapus', en: 'erased' }
 * ```
 */
export const absentWords = {
  erased: { id: 'dihapus', en: 'erased' },
  restricted: { id: 'dibatasi', en: 'restricted' },
} as const

/** A request as all its events left it. Plain JSON; a projection that can be rebuilt from the events at any time. */
export interface CaseState {
  readonly id: string
  /** Number of events: the version compared and set at every append. */
  readonly version: number
  readonly status: Status
  readonly statusReason?: StatusReason
  readonly standard: { readonly id: string; readonly version: string }
  readonly kind: 'revocation' | 'suspension'
  readonly reason: string
  readonly effectiveDate?: string
  readonly invalidityDate?: string
  readonly expedited: boolean
  readonly onBehalf?: 'deceased' | 'unreachable' | 'incapacitated'
  readonly register?: string
  readonly certificate: CaseCertificate
  readonly parties: CaseParties
  readonly letters: readonly CaseLetter[]
  /** Role under which it was filed. */
  readonly filedAs: RoleName
  /** Everybody who filed, amended, attached or submitted: they decide nothing here. */
  readonly filers: readonly string[]
  readonly disposition?: { readonly by: string; readonly to: string; readonly at: string; readonly read: boolean }
  readonly findings?: Findings & { readonly by: string; readonly at: string }
  readonly approval?: {
    readonly by: string
    readonly at: string
    readonly emergency: boolean
    readonly delegation?: { readonly kind: DelegationKind; readonly of: string }
  }
  readonly ams: CaseAms
  /** Digests of every CRL and OCSP answer recorded. Never shrinks. */
  readonly evidence: readonly string[]
  readonly proof?: Proof
  /** SHA-256 of the certificates from issuer to anchor. */
  readonly proofChain?: readonly string[]
  readonly notices: readonly CaseNotice[]
  /** Answer letters since it was filed or reopened. */
  readonly answers: number
  /** The letter that follows an expedited request is due by then. */
  readonly letterDue?: string
  readonly ratification?: { readonly due?: string; readonly by?: string; readonly decision?: 'ratified' | 'refused' }
  /** Where a parked or closed request came from. */
  readonly cameFrom?: Status
  readonly returns: number
  /** Officer of the service who acted last on it: verified, decided or executed. Acts for the service in AMS. */
  readonly officer?: string
  readonly filedAt: string
  readonly submittedAt?: string
  /** Where it has been, and what the clock starts and stops by: enough for the service clock without its events. */
  readonly passage: readonly ClockTick[]
  /** When the present status began. */
  readonly since: string
  readonly updatedAt: string
  /** Personal values by field, erasable. */
  readonly personal: Readonly<Record<string, string>>
  /** Fields whose values are no longer readable, set by the store when it reads; views show {@link absentWords} in their place. */
  readonly absent?: Readonly<Record<string, 'erased' | 'restricted'>>
}
