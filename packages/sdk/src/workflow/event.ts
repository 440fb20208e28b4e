import type { Proof, ProofFinding } from '../proof/verdict.js'
import type { AmsOperation, AmsRecordWord, CaseEvidence } from './command.js'
import type { Actor } from './role.js'
import type { CaseCertificate, CaseLetter, CaseParties, Findings, NoticeSubject } from './state.js'
import type { Status, StatusReason } from './status.js'

/**
 * What each event says; JSON without personal data and without free text. Those travel in {@link WorkflowEvent.personal}: the fields of a request
 * (`filed`, `amended`), `decisionReasons` (`returned`, `rejected`; one a line), and `remark` (`disposed`, `withdrawn`, `ratified`, `parked`, `unparked`,
 * `resolved`, `resumptionStarted`).
 */
export interface EventData {
  filed: {
    readonly kind: 'revocation' | 'suspension'
    readonly reason: string
    readonly certificate: CaseCertificate
    readonly parties: CaseParties
    readonly letters: readonly CaseLetter[]
    readonly expedited: boolean
    readonly effectiveDate?: string
    readonly invalidityDate?: string
    readonly onBehalf?: 'deceased' | 'unreachable' | 'incapacitated'
    readonly register?: string
  }
  amended: {
    readonly to: Status
    readonly reason?: string
    readonly certificate?: CaseCertificate
    readonly effectiveDate?: string | null
    readonly invalidityDate?: string | null
    /** `false`: the new reason is not an urgent one. */
    readonly expedited?: false
  }
  /** `voids`: findings and approval were given without it. */
  letterAttached: { readonly letter: CaseLetter; readonly voids: boolean; readonly to: Status }
  submitted: { readonly to: Status; readonly register?: string; readonly letterDue?: string }
  received: { readonly to: Status }
  disposed: { readonly to: string }
  dispositionCancelled: object
  verified: { readonly findings: Findings }
  returned: { readonly owed: boolean }
  approved: { readonly emergency: boolean; readonly ratificationDue?: string }
  rejected: { readonly owed: boolean }
  withdrawn: { readonly owed: boolean }
  expedited: object
  executionStarted: { readonly owed: boolean }
  ratified: { readonly decision: 'ratified' | 'refused' }
  amsWriteStarted: { readonly operation: AmsOperation; readonly key: string }
  amsAnswered: {
    readonly operation: AmsOperation | 'read'
    readonly outcome: 'accepted' | 'refused' | 'notDone' | 'unknown'
    readonly to: Status
    readonly statusReason?: StatusReason
    readonly record?: AmsRecordWord
    readonly code?: string
    readonly message?: string
  }
  parked: object
  unparked: { readonly found: 'record' | 'nothing'; readonly to: Status; readonly recordId?: string }
  evidenceRecorded: { readonly evidence: CaseEvidence }
  proven: { readonly of: 'revoked' | 'held' | 'active'; readonly to: Status; readonly proof?: Proof; readonly sha256: string; readonly chain?: readonly string[] }
  contradicted: { readonly reason: StatusReason; readonly findings: readonly ProofFinding[] }
  resolved: { readonly outcome: 'continue' | 'fail'; readonly to: Status; readonly approves: boolean }
  expired: { readonly notAfter: string }
  resumptionStarted: object
  informed: { readonly subject: NoticeSubject; readonly party: 'applicant' | 'holder'; readonly channel: string; readonly reference?: string }
  answered: { readonly letter: CaseLetter }
  closed: { readonly outcome: Status }
  reopened: { readonly complaint: string; readonly to: Status }
}

/** The name of a kind of event; the history of a case is a chain of them. */
export type EventType = keyof EventData

/** A decided event, not sealed yet: the desk adds case id, sequence number, standard and digests. */
export type WorkflowEvent = {
  [Type in EventType]: {
    readonly type: Type
    readonly actor: Actor
    /** ISO 8601 UTC with milliseconds. */
    readonly time: string
    readonly data: EventData[Type]
    readonly personal?: Readonly<Record<string, string>>
  }
}[EventType]
