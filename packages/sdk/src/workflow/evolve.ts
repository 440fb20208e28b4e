import { passing } from './clock.js'
import type { WorkflowEvent } from './event.js'
import { delegations, type Actor } from './role.js'
import type { CaseAms, CaseState } from './state.js'
import type { Status, StatusReason } from './status.js'

/**
 * The state after an event. Total over every event {@link decide} makes; trusts it, since sealed history is checked elsewhere. The state
 * before stays as it was.
 *
 * @throws TypeError where the first event is not `filed`
 * @example
 * ```ts
 * const { caseId } = filingCommand
 * const state = requestEvents.reduce<CaseState | undefined>((before, event) => evolve(before, event, caseId, rules.standard), undefined)
 * state?.status // 'awaitingProof'
 * state?.version // 12
 * evolve(undefined, requestEvents[1] as WorkflowEvent, caseId, rules.standard) // throws TypeError
 * ```
 */
export function evolve(before: CaseState | undefined, event: WorkflowEvent, caseId: string, standard: { readonly id: string; readonly version: string }): CaseState {
  if (event.type === 'filed') return filed(event, caseId, standard)
  if (before === undefined) throw new TypeError(`the first event of a case is "filed", not "${event.type}"`)
  // One shallow copy, then only what changes; parts are replaced, never written into, so the state before stays as it was.
  const state: Draft = { ...before }
  change(state, before, event)
  state.version = before.version + 1
  state.updatedAt = event.time
  if (state.status !== before.status) state.since = event.time
  state.passage = passing(before.passage, { type: event.type, time: event.time, status: state.status })
  if (event.personal !== undefined && ofTheRequest.has(event.type)) state.personal = { ...before.personal, ...event.personal }
  return state as CaseState
}

/** Events whose personal values belong to the request as it stands; a remark belongs to its event alone. */
const ofTheRequest: ReadonlySet<WorkflowEvent['type']> = new Set(['amended', 'returned', 'rejected'])

/** A copy being changed. What is left out of a state is `undefined` here: deleting would make the copy slow, and JSON drops it all the same. */
type Draft = { -readonly [Key in keyof CaseState]: undefined extends CaseState[Key] ? CaseState[Key] | undefined : CaseState[Key] }

function filed(event: Extract<WorkflowEvent, { type: 'filed' }>, id: string, standard: CaseState['standard']): CaseState {
  const { data, time, actor } = event
  return {
    id, version: 1, status: 'draft', standard, kind: data.kind, reason: data.reason, expedited: data.expedited,
    certificate: data.certificate, parties: data.parties, letters: data.letters, filedAs: actor.role,
    filers: withFiler(withFiler([], actor), { id: data.parties.applicant.id }),
    ams: { attempt: 0 }, evidence: [], notices: [], answers: 0, returns: 0, filedAt: time, since: time, updatedAt: time,
    passage: [{ type: 'filed', time, status: 'draft' }],
    personal: event.personal ?? {},
    ...(data.effectiveDate === undefined ? {} : { effectiveDate: data.effectiveDate }),
    ...(data.invalidityDate === undefined ? {} : { invalidityDate: data.invalidityDate }),
    ...(data.onBehalf === undefined ? {} : { onBehalf: data.onBehalf }),
    ...(data.register === undefined ? {} : { register: data.register }),
  }
}

/** Who files in somebody's name (a.n., u.b.) files for both: neither may decide on it. */
function withFiler(filers: readonly string[], { id, delegation }: Pick<Actor, 'id' | 'delegation'>): readonly string[] {
  const added = delegation !== undefined && delegations[delegation.kind].mandate ? [id, delegation.of] : [id]
  return added.every(person => filers.includes(person)) ? filers : [...new Set([...filers, ...added])]
}

function voidApproval(draft: Draft): void {
  draft.approval = undefined
  draft.findings = undefined
  draft.ratification = undefined
}

/** A status is entered without the reason of the one before. */
function enter(draft: Draft, status: Status, reason?: StatusReason): void {
  draft.status = status
  draft.statusReason = reason
}

function change(draft: Draft, state: CaseState, event: Exclude<WorkflowEvent, { type: 'filed' }>): void {
  const { actor, time } = event
  switch (event.type) {
    case 'amended': {
      const { data } = event
      voidApproval(draft)
      enter(draft, data.to)
      if (data.reason !== undefined) draft.reason = data.reason
      if (data.expedited === false) {
        draft.expedited = false
        draft.letterDue = undefined
      }
      if (data.certificate !== undefined) draft.certificate = data.certificate
      if (data.effectiveDate !== undefined) draft.effectiveDate = data.effectiveDate ?? undefined
      if (data.invalidityDate !== undefined) draft.invalidityDate = data.invalidityDate ?? undefined
      draft.filers = withFiler(state.filers, actor)
      return
    }
    case 'letterAttached':
      if (event.data.voids) {
        voidApproval(draft)
        enter(draft, event.data.to)
      }
      draft.letters = [...state.letters, event.data.letter]
      draft.filers = withFiler(state.filers, actor)
      return
    case 'submitted':
      voidApproval(draft)
      enter(draft, event.data.to)
      draft.submittedAt = state.submittedAt ?? time
      draft.filers = withFiler(state.filers, actor)
      if (event.data.register !== undefined) draft.register = event.data.register
      if (event.data.letterDue !== undefined) draft.letterDue = event.data.letterDue
      return
    case 'received':
      enter(draft, event.data.to)
      if (state.disposition !== undefined) draft.disposition = { ...state.disposition, read: event.data.to === 'verifying' }
      return
    case 'disposed':
      enter(draft, 'disposed')
      draft.disposition = { by: actor.id, to: event.data.to, at: time, read: false }
      return
    case 'dispositionCancelled':
      enter(draft, 'submitted')
      draft.disposition = undefined
      return
    case 'verified':
      enter(draft, 'verifying')
      draft.officer = actor.id
      draft.findings = { ...event.data.findings, by: actor.id, at: time }
      if (state.disposition !== undefined) draft.disposition = { ...state.disposition, read: true }
      return
    case 'returned':
      voidApproval(draft)
      enter(draft, 'returned')
      draft.officer = actor.id
      draft.returns = state.returns + 1
      draft.ams = owing(state, event.data.owed ? 'return' : undefined)
      return
    case 'approved':
      enter(draft, 'approved')
      draft.officer = actor.id
      draft.approval = { by: actor.id, at: time, emergency: event.data.emergency, ...(actor.delegation === undefined ? {} : { delegation: actor.delegation }) }
      if (event.data.emergency) draft.ratification = event.data.ratificationDue === undefined ? {} : { due: event.data.ratificationDue }
      return
    case 'rejected':
      voidApproval(draft)
      enter(draft, 'rejected')
      draft.officer = actor.id
      draft.ams = owing(state, event.data.owed ? 'reject' : undefined)
      return
    case 'withdrawn':
      voidApproval(draft)
      enter(draft, 'withdrawn')
      draft.ams = owing(state, event.data.owed ? 'return' : undefined)
      return
    case 'expedited':
      draft.expedited = true
      return
    case 'executionStarted':
      enter(draft, 'executing')
      if (actor.role !== 'system') draft.officer = actor.id
      draft.ams = owing(state, event.data.owed ? 'forward' : undefined)
      return
    case 'ratified':
      draft.ratification = { ...state.ratification, by: actor.id, decision: event.data.decision }
      return
    case 'amsWriteStarted': {
      const { operation, key } = event.data
      draft.ams = { ...state.ams, write: { operation, key, since: state.ams.write?.key === key ? state.ams.write.since : time, unknown: false } }
      return
    }
    case 'amsAnswered':
      enter(draft, event.data.to, event.data.statusReason)
      draft.ams = amsAfter(state, event)
      return
    case 'parked':
      enter(draft, 'parked', 'outcomeUnknown')
      draft.cameFrom = state.status
      return
    case 'unparked':
      enter(draft, event.data.to)
      draft.ams = amsUnparked(state.ams, event.data)
      return
    case 'evidenceRecorded':
      draft.evidence = [...state.evidence, event.data.evidence.sha256]
      return
    case 'proven':
      enter(draft, event.data.to)
      draft.ams = superseded(state)
      if (event.data.proof !== undefined) draft.proof = event.data.proof
      if (event.data.chain !== undefined) draft.proofChain = event.data.chain
      return
    case 'contradicted':
      enter(draft, 'contradicted', event.data.reason)
      draft.cameFrom = state.status
      draft.ams = superseded(state)
      return
    case 'resolved':
      enter(draft, event.data.to, event.data.outcome === 'fail' ? state.statusReason ?? 'evidenceDenies' : undefined)
      if (event.data.approves) draft.approval = { by: actor.id, at: time, emergency: false }
      return
    case 'expired':
      enter(draft, 'failed', 'expiredBeforeProof')
      draft.ams = superseded(state)
      return
    case 'resumptionStarted':
      enter(draft, 'resuming')
      draft.answers = 0
      return
    case 'informed':
      draft.notices = [...state.notices, { subject: event.data.subject, party: event.data.party, channel: event.data.channel, at: time }]
      return
    case 'answered':
      draft.answers = state.answers + 1
      return
    case 'closed':
      draft.status = 'closed'
      draft.cameFrom = state.status
      return
    case 'reopened':
      if (event.data.to === 'verifying') voidApproval(draft)
      enter(draft, event.data.to)
      draft.answers = 0
  }
}

/** What a person found in AMS about a write nobody knew the outcome of. */
function amsUnparked(before: CaseAms, data: Extract<WorkflowEvent, { type: 'unparked' }>['data']): CaseAms {
  const { write, ...ams } = before
  if (data.found === 'nothing') {
    if (write?.operation === 'forward' || ams.owed === 'forward') return ams
    const { recordId: _r, recordStatus: _s, rawStatus: _w, ...none } = ams
    return { ...none, attempt: ams.attempt + 1 }
  }
  const { owed: _told, ...told } = ams
  const recordId = data.recordId ?? ams.recordId
  return { ...told, recordStatus: data.to === 'atBsre' ? 'waitingBsre' : 'waitingVerification', ...(recordId === undefined ? {} : { recordId }) }
}

/** Events overtook what was to be written or was unknown in AMS: nothing is owed any more, and a later filing is another act with another key. */
function superseded(state: CaseState): CaseAms {
  const { write, owed, ...ams } = state.ams
  if (write === undefined && owed === undefined) return state.ams
  return write?.operation === 'file' ? { ...ams, attempt: ams.attempt + 1 } : ams
}

function owing(state: CaseState, owed: CaseAms['owed']): CaseAms {
  if (owed === undefined && state.ams.owed === undefined) return state.ams
  const { owed: _before, ...ams } = state.ams
  return owed === undefined ? ams : { ...ams, owed }
}

function amsAfter(state: CaseState, event: Extract<WorkflowEvent, { type: 'amsAnswered' }>): CaseAms {
  const { data } = event
  const before = state.ams
  // The open write ends with its own answer; a reading that shows the write's effect ends it too.
  const ends = data.operation === 'read' ? data.record !== undefined && data.outcome === 'accepted' : data.outcome !== 'unknown'
  const { write, owed, lostSince, ...rest } = before
  const lost = data.operation !== 'read' || data.outcome !== 'refused' ? undefined : lostSince ?? event.time
  const kept = write === undefined ? {} : ends ? {} : { write: { ...write, unknown: true } }
  const told = data.record !== undefined && data.record.status !== 'waitingVerification'
  const refused = data.outcome === 'refused' && data.operation === owed
  const attempted = ends && data.outcome === 'accepted' && (data.operation === 'file' || (data.operation === 'read' && write?.operation === 'file'))
  return {
    ...rest,
    ...kept,
    ...(lost === undefined ? {} : { lostSince: lost }),
    ...(owed === undefined || told || refused ? {} : { owed }),
    ...(data.record === undefined ? {} : { recordId: data.record.id, recordStatus: data.record.status, rawStatus: data.record.rawStatus }),
    ...(data.record?.revokedAt === undefined ? {} : { revokedAt: data.record.revokedAt }),
    attempt: attempted ? before.attempt + 1 : before.attempt,
  }
}
