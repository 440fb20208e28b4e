import type { CommandName } from './command.js'
import type { EventType } from './event.js'
import type { GuardName } from './guard.js'
import type { Status } from './status.js'

/** Who may give a command where the standard's steps do not say otherwise. */
export type Group =
  /** Whoever may file under the standard, and whoever did file this request. */
  | 'filer'
  /** The head of the service. */
  | 'head'
  /** Head, coordinator, or the officer it was disposed to. */
  | 'forwarder'
  /** Verification officers; the supervisor where nobody else is eligible. */
  | 'decider'
  /** Decider, coordinator, officer on call, and the desk itself. */
  | 'executor'
  /** The supervisor of component 10. */
  | 'superior'
  /** Officers of the service, and the desk itself. */
  | 'service'
  /** Filer or service. */
  | 'anyone'
  /** Complaint officer, head or supervisor. */
  | 'complaints'
  | 'system'

/** One command of the table. */
export interface Transition {
  readonly by: Group
  /** A decision on the request: four eyes by person. */
  readonly decides?: true
  readonly guards: readonly GuardName[]
  /** First event; a command may emit more. */
  readonly emits: EventType
  /** From each status, where it may lead. */
  readonly edges: { readonly [From in Status | 'none']?: readonly Status[] }
}

function same(...of: readonly Status[]): { readonly [From in Status]?: readonly Status[] } {
  return Object.fromEntries(of.map(status => [status, [status]]))
}

const service = ['submitted', 'disposed', 'verifying'] as const
const running = ['executing', 'atBsre', 'awaitingProof'] as const
const alive = ['submitted', 'disposed', 'verifying', 'returned', 'approved', ...running, 'revoked', 'suspended', 'resuming', 'resumed', 'rejected', 'failed',
  'parked', 'contradicted'] as const

/**
 * THE table: every command, who gives it, under which guards, from where to where. Types, diagram and docs are generated from it; the
 * exploration test proves that the decider does exactly this, no edge more and none less.
 *
 * @example
 * ```ts
 * transitions.dispose // { by: 'head', guards: ['fourEyes'], emits: 'disposed', edges: { submitted: ['disposed'] } }
 * // `revoked` is reached by proof, or by opening a closed request again.
 * Object.entries(transitions).filter(([, { edges }]) => edges.executing?.includes('revoked')).map(([name]) => name) // ['prove']
 * ```
 */
export const transitions: Readonly<Record<CommandName, Transition>> = {
  file: { by: 'filer', guards: ['isHolder'], emits: 'filed', edges: { none: ['draft', 'submitted'] } },
  amend: {
    by: 'filer', guards: ['ownOffice', 'noOpenWrite'], emits: 'amended',
    edges: { ...same('draft', 'returned', 'submitted', 'disposed', 'verifying'), approved: ['verifying'] },
  },
  attach: {
    by: 'anyone', guards: ['ownOffice'], emits: 'letterAttached',
    edges: { ...same('draft', ...alive), approved: ['approved', 'verifying'] },
  },
  submit: {
    by: 'filer', guards: ['ownOffice', 'lettersComplete', 'noOpenWrite'], emits: 'submitted',
    edges: { draft: ['submitted'], returned: ['submitted', 'verifying'] },
  },
  receive: {
    by: 'forwarder', guards: ['isDisposedTo'], emits: 'received',
    edges: { submitted: ['submitted', 'verifying'], disposed: ['verifying'] },
  },
  dispose: { by: 'head', guards: ['fourEyes'], emits: 'disposed', edges: { submitted: ['disposed'] } },
  redispose: {
    by: 'forwarder', guards: ['fourEyes'], emits: 'disposed',
    edges: { disposed: ['disposed'], verifying: ['disposed'] },
  },
  cancelDisposition: {
    by: 'head', guards: ['unread'], emits: 'dispositionCancelled', edges: { disposed: ['submitted'] },
  },
  verify: {
    by: 'decider', decides: true, guards: ['fourEyes', 'isDisposedTo'], emits: 'verified',
    edges: { submitted: ['verifying'], disposed: ['verifying'], verifying: ['verifying'] },
  },
  return: {
    by: 'decider', decides: true, guards: ['fourEyes', 'noOpenWrite'], emits: 'returned',
    edges: { submitted: ['returned'], disposed: ['returned'], verifying: ['returned'], approved: ['returned'], failed: ['returned'] },
  },
  approve: {
    by: 'decider', decides: true,
    guards: ['fourEyes', 'isDisposedTo', 'lettersComplete', 'findingsComplete', 'certificateActive'], emits: 'approved',
    edges: { submitted: ['approved'], disposed: ['approved'], verifying: ['approved'] },
  },
  reject: {
    by: 'decider', decides: true, guards: ['fourEyes', 'noOpenWrite'], emits: 'rejected',
    edges: { submitted: ['rejected'], disposed: ['rejected'], verifying: ['rejected'], approved: ['rejected'], failed: ['rejected'] },
  },
  withdraw: {
    by: 'filer', guards: ['ownOffice', 'noOpenWrite'], emits: 'withdrawn',
    edges: { draft: ['withdrawn'], submitted: ['withdrawn'], disposed: ['withdrawn'], verifying: ['withdrawn'], returned: ['withdrawn'], approved: ['withdrawn'] },
  },
  expedite: {
    by: 'anyone', guards: ['ownOffice', 'compromise'], emits: 'expedited',
    edges: same('draft', 'returned', ...service, 'approved'),
  },
  execute: {
    by: 'executor', guards: ['effectiveDateReached', 'certificateActive'], emits: 'executionStarted',
    edges: { approved: ['executing'] },
  },
  ratify: {
    by: 'superior', guards: ['fourEyes'], emits: 'ratified',
    edges: same('approved', ...running, 'revoked', 'suspended', 'resuming', 'resumed', 'failed', 'parked', 'contradicted'),
  },
  startWrite: {
    by: 'system', guards: ['noOpenWrite'], emits: 'amsWriteStarted',
    edges: same('submitted', 'executing', 'returned', 'rejected', 'withdrawn'),
  },
  recordAmsAnswer: {
    by: 'service', guards: [], emits: 'amsAnswered',
    edges: {
      submitted: ['submitted', 'verifying', 'returned', 'contradicted'],
      disposed: ['disposed', 'returned', 'contradicted'],
      verifying: ['verifying', 'returned', 'contradicted'],
      approved: ['approved', 'returned', 'contradicted'],
      executing: ['executing', 'atBsre', 'awaitingProof', 'failed', 'returned'],
      atBsre: ['atBsre', 'awaitingProof', 'failed', 'returned'],
      parked: ['parked', 'executing', 'atBsre', 'awaitingProof', 'failed', 'submitted', 'verifying', 'returned', 'contradicted'],
      awaitingProof: ['awaitingProof'],
      returned: ['returned', 'contradicted'],
      rejected: ['rejected', 'contradicted'],
      withdrawn: ['withdrawn', 'contradicted'],
    },
  },
  park: {
    by: 'service', guards: [], emits: 'parked',
    edges: { submitted: ['parked'], executing: ['parked'], atBsre: ['parked'] },
  },
  resume: {
    by: 'decider', guards: [], emits: 'unparked',
    edges: { parked: ['submitted', 'verifying', 'executing', 'atBsre'] },
  },
  recordEvidence: {
    by: 'service', guards: [], emits: 'evidenceRecorded', edges: same(...alive, 'withdrawn', 'closed'),
  },
  prove: {
    by: 'service', guards: ['evidenceProves'], emits: 'proven',
    edges: {
      executing: ['revoked', 'suspended'], atBsre: ['revoked', 'suspended'], awaitingProof: ['revoked', 'suspended'], parked: ['revoked', 'suspended'],
      resuming: ['resumed'],
    },
  },
  contradict: {
    by: 'service', guards: [], emits: 'contradicted',
    edges: Object.fromEntries([...service, 'returned', 'approved', ...running, 'revoked', 'suspended', 'resuming', 'resumed', 'parked', 'closed']
      .map(status => [status, ['contradicted']])),
  },
  resolve: {
    by: 'decider', decides: true, guards: ['fourEyes'], emits: 'resolved',
    edges: { contradicted: ['awaitingProof', 'failed'] },
  },
  expire: {
    by: 'service', guards: [], emits: 'expired',
    edges: Object.fromEntries([...service, 'returned', 'approved', ...running, 'resuming', 'parked'].map(status => [status, ['failed']])),
  },
  resumeCertificate: {
    by: 'decider', decides: true, guards: ['fourEyes'], emits: 'resumptionStarted',
    edges: { suspended: ['resuming'], closed: ['resuming'] },
  },
  notify: {
    by: 'service', guards: [], emits: 'informed',
    edges: same(...service, 'approved', 'returned', 'rejected', 'awaitingProof', 'revoked', 'suspended', 'resumed', 'failed', 'contradicted'),
  },
  answer: {
    by: 'service', guards: [], emits: 'answered',
    edges: same('returned', 'rejected', 'awaitingProof', 'revoked', 'suspended', 'resumed', 'failed'),
  },
  close: {
    by: 'service', guards: ['applicantInformed', 'answered', 'nothingOwed'], emits: 'closed',
    edges: { revoked: ['closed'], suspended: ['closed'], resumed: ['closed'], rejected: ['closed'], failed: ['closed'] },
  },
  reopen: {
    by: 'complaints', guards: [], emits: 'reopened',
    edges: { closed: ['revoked', 'suspended', 'resumed', 'verifying', 'failed'] },
  },
}
