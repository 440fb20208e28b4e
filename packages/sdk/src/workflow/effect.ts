import { filesAt, nextWrite, recordOpen } from './ams-turn.js'
import { whatIsOwed } from './closing.js'
import type { WorkflowEvent } from './event.js'
import type { Rules } from './rules.js'
import type { CaseState } from './state.js'

/**
 * What the desk must do in the world after an event. An effect is a wake-up, not an order: whoever runs it reloads the case and does what
 * the case needs then. So running one twice, late, or out of order does no harm.
 *
 * - `execute`: give the command `execute`, not before `notBefore`
 * - `ams`: bring AMS up to date (write what is owed, reconcile what is unknown, read what is pending)
 * - `proof`: look for the certificate authority's own word
 * - `notify`: tell applicant and holder the present status
 * - `answer`: draft or send the answer letter
 * - `close`: close what nothing is owed on
 * - `watch`: compare later CRLs with the proof
 */
export type EffectKind = 'execute' | 'ams' | 'proof' | 'notify' | 'answer' | 'close' | 'watch'

/** One effect per case and kind is open at a time; asking again moves it to the earlier time. */
export interface Effect {
  readonly kind: EffectKind
  /** ISO UTC; absent: at once. */
  readonly notBefore?: string
}

const one = (kind: EffectKind): readonly Effect[] => [{ kind }]
const none: readonly Effect[] = []

/**
 * The effects of an event, given the state after it.
 *
 * @example
 * ```ts
 * const approved = requestEvents.find(({ type }) => type === 'approved') as WorkflowEvent
 * effectsOf(rules, approved, requestAt('approved')) // [{ kind: 'execute' }]
 * // An effective date (TMT) is waited for.
 * effectsOf(rules, approved, { ...requestAt('approved'), effectiveDate: '2026-12-31T17:00:00.000Z' }) // [{ kind: 'execute', notBefore: '2026-12-31T17:00:00.000Z' }]
 * ```
 */
export function effectsOf(rules: Rules, event: WorkflowEvent, state: CaseState): readonly Effect[] {
  switch (event.type) {
    case 'submitted':
      return nextWrite(rules, state) === undefined ? one('notify') : [{ kind: 'notify' }, { kind: 'ams' }]
    case 'approved':
      return state.effectiveDate === undefined || state.effectiveDate <= event.time ? one('execute') : [{ kind: 'execute', notBefore: state.effectiveDate }]
    case 'executionStarted':
    case 'unparked':
    case 'amsWriteStarted':
      return one('ams')
    case 'returned':
    case 'rejected':
    case 'withdrawn': {
      const told: readonly Effect[] = event.type === 'withdrawn' ? none : one('notify')
      return nextWrite(rules, state) === undefined ? told : [{ kind: 'ams' }, ...told]
    }
    case 'amsAnswered':
      // Nobody knows what AMS did: the certificate authority may.
      return event.data.outcome === 'unknown' && state.status === 'executing' ? [{ kind: 'ams' }, { kind: 'proof' }] : afterAms(rules, state)
    case 'parked':
      return state.approval === undefined ? none : one('proof')
    case 'proven':
      return rules.answerRequired && state.answers === 0 ? [{ kind: 'notify' }, { kind: 'answer' }, { kind: 'watch' }] : [{ kind: 'notify' }, { kind: 'watch' }]
    case 'resumptionStarted':
      return one('proof')
    case 'resolved':
      return one(event.data.outcome === 'continue' ? 'proof' : 'notify')
    case 'expired':
    case 'contradicted':
      return one('notify')
    case 'reopened':
      return event.data.to === 'verifying' ? none : one('notify')
    case 'informed':
    case 'answered':
    case 'ratified':
    case 'letterAttached':
      return closable(rules, state) ? one('close') : none
    default:
      return none
  }
}

function afterAms(rules: Rules, state: CaseState): readonly Effect[] {
  switch (state.status) {
    case 'awaitingProof':
      return rules.answerRequired && state.answers === 0 ? [{ kind: 'proof' }, { kind: 'notify' }, { kind: 'answer' }] : [{ kind: 'proof' }, { kind: 'notify' }]
    case 'failed':
      return one('notify')
    case 'returned':
    case 'rejected':
    case 'withdrawn':
      return nextWrite(rules, state) === undefined ? (state.status === 'withdrawn' ? none : one('notify')) : [{ kind: 'ams' }, { kind: 'notify' }]
    case 'contradicted':
      return one('notify')
    case 'atBsre':
      return [{ kind: 'ams' }, { kind: 'proof' }]
    case 'submitted':
    case 'executing':
      return one('ams')
    case 'verifying':
    case 'disposed':
    case 'approved':
      // AMS holds the owner's filing: watch that nobody decides it there behind our back.
      return filesAt(rules, state) === 'submit' && recordOpen(state) ? one('ams') : none
    default:
      return none
  }
}

/**
 * The end is reached and nothing is owed ({@link whatIsOwed}).
 *
 * @example
 * ```ts
 * const rejected = requestAt('rejected')
 * closable(rules, rejected) // false
 * closable(rules, { ...rejected, answers: 1, notices: [{ subject: 'rejected', party: 'applicant', channel: 'portal', at: rejected.since }] }) // true
 * ```
 */
export function closable(rules: Rules, state: CaseState): boolean {
  switch (state.status) {
    case 'revoked':
    case 'suspended':
    case 'resumed':
    case 'rejected':
    case 'failed':
      return whatIsOwed(rules, state) === undefined
    default:
      return false
  }
}
