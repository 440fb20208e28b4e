import type { AmsPort } from '../ams/index.js'
import type { WorkingCalendar } from '../calendar/index.js'
import type { ProofPolicy } from '../proof/index.js'
import type { ReasonCatalogue } from '../request/index.js'
import type { ServiceStandard } from '../standard/index.js'
import type { Store } from '../store/index.js'
import type { CaseState, Label, NoticeSubject, RosterEntry } from '../workflow/index.js'
import type { Certificate } from '@cabut/pki/certificate'
import type { EvidenceFetcher } from '@cabut/pki/status'
import type { LetterInput } from './desk.js'

/** A certificate as bytes (DER), PEM text, or as read. */
export type CertificateSource = Certificate | Uint8Array | string

/** What the desk has to tell somebody. Carries no personal data: the port looks up how to reach the person. */
export interface Notice {
  /** The same for a repetition after a crash: ports drop what they sent already. */
  readonly key: string
  readonly requestId: string
  readonly register?: string
  readonly party: 'applicant' | 'holder'
  /** Id of the person in the desk's directory, where known. */
  readonly person?: string
  readonly opd: string
  readonly subject: NoticeSubject
  readonly text: Label
}

/** How a notice went out. `undefined`: it did not, and a person must tell the applicant. */
export interface Delivery {
  /** `mail`, `srikandi`, `portal`, ... */
  readonly channel: string
  readonly reference?: string
}

/** Durations in milliseconds. */
export interface Pace {
  /** How often AMS is asked about a record that waits for somebody there. @default 60000 */
  readonly ams: number
  /** How often CRL and OCSP are looked at while a proof is awaited. @default 300000 */
  readonly proof: number
  /** How often later CRLs are compared with a proof. @default 86400000 */
  readonly watch: number
  /** First pause after a failure; doubled each time. @default 1000 */
  readonly retry: number
  /** Longest pause between retries. @default 600000 */
  readonly retryMax: number
  /** How long an unknown write is reconciled by reading before it is parked for a person. @default 900000 */
  readonly settleAfter: number
  /** How long one effect may run before another worker may take it. @default 180000 */
  readonly lease: number
}

/**
 * How often the desk looks and tries again where nothing else is said, milliseconds: AMS each minute, evidence each five, a proven one once a day.
 *
 * @example
 * ```ts
 * defaultPace // { ams: 60000, proof: 300000, watch: 86400000, retry: 1000, retryMax: 600000, settleAfter: 900000, lease: 180000 }
 * ```
 */
export const defaultPace: Pace = { ams: 60_000, proof: 300_000, watch: 86_400_000, retry: 1_000, retryMax: 600_000, settleAfter: 900_000, lease: 180_000 }

/** How a desk is made. Only standard, ams and anchors are needed. */
export interface DeskOptions {
  /** Id of a standard that ships, or a region's own data. */
  readonly standard: string | ServiceStandard
  readonly ams: AmsPort
  /** Pinned roots; not empty. */
  readonly anchors: readonly [CertificateSource, ...CertificateSource[]]
  readonly intermediates?: readonly CertificateSource[]
  /** @default createMemoryStore() */
  readonly store?: Store
  /** @default the time of this computer */
  readonly clock?: () => Date
  /** Makes case ids: 8-60 of `A-Z a-z 0-9 . _ -`. @default `P-` and 12 random characters */
  readonly ids?: () => string
  /** Salts of sealed events: at least 16 random bytes in lower-case hex. @default crypto.getRandomValues */
  readonly salts?: () => string
  /** Tells applicant and holder. Without it a person does, with `desk.notify`. */
  readonly notify?: (notice: Notice) => Promise<Delivery | undefined>
  /** Writes the answer letter, where the standard asks for one. `undefined`: a person does, with `desk.answer`. */
  readonly answer?: (request: CaseState) => Promise<LetterInput | undefined>
  /** The people of the desk, for four eyes. */
  readonly roster?: readonly RosterEntry[]
  /** For CRL, OCSP and issuer certificates. `false`: stay offline. @default the guarded fetcher of @cabut/pki */
  readonly fetch?: typeof globalThis.fetch | EvidenceFetcher | false
  /** Where the issuing authorities publish their CRLs: asked for requests without a certificate at hand, which names them otherwise. @default none */
  readonly crlUrls?: readonly string[]
  /** Milliseconds evidence may lag behind AMS's word. @default 172800000 (48 h) */
  readonly publicationGrace?: number
  readonly policy?: Partial<ProofPolicy>
  /** @default from the standard's hours and the national holidays */
  readonly calendar?: WorkingCalendar
  readonly reasons?: ReasonCatalogue
  readonly pace?: Partial<Pace>
  /** Runs its own effects until `close()`. `false`: somebody calls `runEffects`. @default true */
  readonly worker?: boolean
  /** Effects at a time. @default 4 */
  readonly concurrency?: number
  /** The certificate authority is a sandbox's: every receipt says so. @default false */
  readonly sandbox?: boolean
  /** Where the root's fingerprint is published, for VERIFY.md. */
  readonly publishedFingerprint?: { readonly sha256: string; readonly where: string }
}
