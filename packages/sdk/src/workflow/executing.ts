import { nextWrite, writeKey } from './ams-turn.js'
import type { Command } from './command.js'
import { event, remark, type Handlers, type Scene } from './scene.js'
import { owesDecision } from './filing.js'
import type { Rules } from './rules.js'
import type { CaseState } from './state.js'
import type { Status, StatusReason } from './status.js'

/** Execution and everything that passes between the desk and AMS. */
export const executors: Handlers<'execute' | 'startWrite' | 'recordAmsAnswer' | 'park' | 'resume'> = {
  execute(scene) {
    const { state, now } = scene
    // Approval may precede the effective date (TMT), execution never does.
    if (state.effectiveDate !== undefined && now < state.effectiveDate) return 'effectiveDateNotReached'
    if (state.certificate.notAfter !== undefined && now > state.certificate.notAfter) return 'certificateExpired'
    return [event(scene, 'executionStarted', { owed: owesDecision(scene) })]
  },

  startWrite(scene, command) {
    const { state, rules } = scene
    const open = state.ams.write
    // An unknown write may be repeated with its own key only (the desk does so where AMS honours keys); a running one never.
    if (open !== undefined && !(open.unknown && open.key === command.key && open.operation === command.operation)) return 'amsWriteOpen'
    if (nextWrite(rules, state) !== command.operation || writeKey(state, command.operation) !== command.key) return 'nothingOwed'
    return [event(scene, 'amsWriteStarted', { operation: command.operation, key: command.key })]
  },

  recordAmsAnswer(scene, command) {
    const { state } = scene
    if (command.operation === 'read') {
      if (state.ams.recordId === undefined && state.ams.write === undefined) return 'nothingOwed'
    } else if (state.ams.write?.operation !== command.operation) return 'nothingOwed'
    const { type: _type, ...data } = command
    const [to, statusReason] = landing(scene, command)
    return [event(scene, 'amsAnswered', { ...data, to, ...(statusReason === undefined ? {} : { statusReason }) })]
  },

  park(scene, command) {
    const { state } = scene
    // What runs now is waited for; what certainly was not done, and will not be by itself, waits for a person as well.
    if (state.ams.write?.unknown === false) return 'amsWriteOpen'
    return [event(scene, 'parked', {}, remark(command.detail))]
  },

  resume(scene, command) {
    const { state } = scene
    if (command.found === 'nothing') {
      return [event(scene, 'unparked', { found: 'nothing', to: state.cameFrom === 'submitted' ? 'submitted' : 'executing' }, remark(command.note))]
    }
    const recordId = command.recordId ?? state.ams.recordId
    if (recordId === undefined) return 'amsRecordMissing'
    return [event(scene, 'unparked', { found: 'record', to: state.cameFrom === 'submitted' ? taken(scene.rules, state) : 'atBsre', recordId }, remark(command.note))]
  },
}

type Answer = Extract<Command, { type: 'recordAmsAnswer' }>

/** Where an answer of AMS leads. Before approval AMS's `revoked` is a contradiction, after it a promise that CRL or OCSP must keep. */
function landing({ rules, state }: Scene, answer: Answer): readonly [Status, StatusReason?] {
  const status = origin(state)
  const told = answer.record?.status
  const stay: readonly [Status, StatusReason?] = state.statusReason === undefined ? [state.status] : [state.status, state.statusReason]
  if (answer.outcome === 'refused') {
    if (answer.operation === 'read') return stay
    if (status === 'submitted') return ['returned', 'refusedByAms']
    return status === 'executing' ? ['failed', 'refusedByAms'] : stay
  }
  if (answer.outcome !== 'accepted' || told === undefined) return stay
  switch (status) {
    case 'submitted':
      if (told === 'revoked') return ['contradicted', 'revokedOutside']
      if (told === 'returned' || told === 'refused') return ['returned', 'refusedByAms']
      return told === 'other' ? stay : [taken(rules, state)]
    case 'disposed':
    case 'verifying':
    case 'approved':
      if (told === 'revoked') return ['contradicted', 'revokedOutside']
      return told === 'returned' || told === 'refused' ? ['returned', 'refusedByAms'] : stay
    case 'executing':
    case 'atBsre':
      if (told === 'revoked') return ['awaitingProof']
      if (told === 'refused') return ['failed', 'refusedByBsre']
      if (told === 'returned') return ['returned', 'refusedByBsre']
      if (told === 'waitingBsre') return ['atBsre']
      return told === 'waitingVerification' && state.status === 'parked' ? ['executing'] : stay
    case 'returned':
    case 'rejected':
    case 'withdrawn':
      return told === 'revoked' ? ['contradicted', 'revokedOutside'] : stay
    default:
      return stay
  }
}

/** AMS holds the owner's filing: the officer's turn, or the head's where nobody has disposed of it yet. */
function taken(rules: Rules, { disposition }: CaseState): Status {
  return rules.disposition && disposition === undefined ? 'submitted' : 'verifying'
}

/** A parked request is judged by where it came from. */
function origin(state: CaseState): Status {
  return state.status === 'parked' ? state.cameFrom ?? 'executing' : state.status
}

