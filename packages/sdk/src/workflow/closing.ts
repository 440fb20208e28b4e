import { event, type Handlers } from './scene.js'
import { laterDay } from './filing.js'
import { missingKinds } from '../standard/letters.js'
import type { Rules } from './rules.js'
import type { RefusalCode } from './refusal.js'
import type { CaseState, NoticeSubject } from './state.js'
import type { Status } from './status.js'

/** Informing, answering, closing, reopening: how a request ends. */
export const closers: Handlers<'notify' | 'answer' | 'close' | 'reopen'> = {
  notify(scene, command) {
    const { state } = scene
    const party = command.party ?? 'applicant'
    if (command.subject !== noticeSubject(state)) return 'subjectMismatch'
    const { holder } = state.parties
    // A deceased holder is never messaged; nor is one who cannot be reached.
    if (party === 'holder' && (holder.deceased === true || holder.reachable === false)) return 'holderNotMessaged'
    if (told(state, party, command.subject)) return 'alreadyInformed'
    return [event(scene, 'informed', {
      subject: command.subject, party, channel: command.channel, ...(command.reference === undefined ? {} : { reference: command.reference }),
    })]
  },

  answer(scene, command) {
    if (command.letter.date !== undefined && laterDay(command.letter.date, scene.now)) return 'inTheFuture'
    return [event(scene, 'answered', { letter: command.letter })]
  },

  close(scene) {
    const owing = whatIsOwed(scene.rules, scene.state)
    return owing === undefined ? [event(scene, 'closed', { outcome: scene.state.status })] : owing
  },

  reopen(scene, command) {
    if (command.complaint.length === 0) return 'complaintMissing'
    const from = scene.state.cameFrom ?? 'failed'
    return [event(scene, 'reopened', { complaint: command.complaint, to: from === 'rejected' ? 'verifying' : from })]
  },
}

/**
 * What there is to tell now: the acknowledgement of filing (tanda terima) until something is decided, then the status itself; `undefined`
 * where nothing is to be told.
 *
 * @example
 * ```ts
 * noticeSubject(requestAt('verifying')) // 'submitted'
 * noticeSubject(requestAt('executing')) // undefined
 * noticeSubject(requestAt('awaitingProof')) // 'awaitingProof'
 * ```
 */
export function noticeSubject(state: CaseState): NoticeSubject | undefined {
  switch (state.status) {
    case 'submitted':
    case 'disposed':
    case 'verifying':
    case 'approved':
      return 'submitted'
    case 'returned':
    case 'rejected':
    case 'awaitingProof':
    case 'revoked':
    case 'suspended':
    case 'resumed':
    case 'failed':
    case 'contradicted':
      return state.status
    default:
      return undefined
  }
}

/**
 * Whether a party has been told: of the filing once, of a status since it began.
 *
 * @example
 * ```ts
 * const promised = requestAt('awaitingProof')
 * told(promised, 'applicant') // false
 * told({ ...promised, notices: [{ subject: 'awaitingProof', party: 'applicant', channel: 'portal', at: promised.since }] }, 'applicant') // true
 * ```
 */
export function told(state: CaseState, party: 'applicant' | 'holder', subject: NoticeSubject | undefined = noticeSubject(state)): boolean {
  const from = subject === 'submitted' ? state.filedAt : state.since
  for (const notice of state.notices) if (notice.party === party && notice.subject === subject && notice.at >= from) return true
  return false
}

/**
 * What still stands between a decided request and its end; `undefined` when nothing does.
 *
 * @returns `notInformed`, `notAnswered`, `letterOwed`, `ratificationOwed` or `amsWriteOpen`, in this order
 * @example
 * ```ts
 * const rejected = requestAt('rejected')
 * whatIsOwed(rules, rejected) // 'notInformed'
 * whatIsOwed(rules, { ...rejected, notices: [{ subject: 'rejected', party: 'applicant', channel: 'portal', at: rejected.since }] }) // 'notAnswered'
 * ```
 */
export function whatIsOwed(rules: Rules, state: CaseState): RefusalCode | undefined {
  if (!told(state, 'applicant')) return 'notInformed'
  if (rules.answerRequired && state.answers === 0) return 'notAnswered'
  if (state.letterDue !== undefined && closedWithLetters.has(state.status)
    && missingKinds(rules, state, state.letters, 'mandatory').length > 0) return 'letterOwed'
  if (state.ratification !== undefined && state.ratification.decision === undefined) return 'ratificationOwed'
  // AMS must have heard of the rejection; an unknown filing of a failed request is left to whoever looks in AMS.
  return state.status === 'rejected' && (state.ams.write !== undefined || state.ams.owed !== undefined) ? 'amsWriteOpen' : undefined
}

/** A rejected or failed request needs no letter any more. */
const closedWithLetters: ReadonlySet<Status> = new Set(['revoked', 'suspended', 'resumed'])
