import { event, reasonsBeside, remark, type Handlers, type Missing, type Scene } from './scene.js'
import { eligibleDeciders, tookPart } from './eligible.js'
import { among, samePerson } from './role.js'
import { openWrite, owesDecision } from './filing.js'
import { missingKinds } from '../standard/letters.js'
import type { Findings } from './state.js'

/** Receiving, disposing, verifying, deciding: what the service does before anything is executed. */
export const deciders: Handlers<
  'receive' | 'dispose' | 'redispose' | 'cancelDisposition' | 'verify' | 'return' | 'approve' | 'reject' | 'ratify'
> = {
  receive(scene) {
    const { state, actor } = scene
    if (state.status === 'disposed') return samePerson(actor.id, state.disposition?.to) ? [event(scene, 'received', { to: 'verifying' })] : 'notDisposedTo'
    // The head or registrar acknowledges a letter; an officer who takes it up starts the verification.
    const takesUp = !scene.rules.disposition && scene.rules.rolesOf.verify.has(actor.role)
    return [event(scene, 'received', { to: takesUp ? 'verifying' : 'submitted' })]
  },

  dispose: (scene, command) => disposing(scene, command),
  redispose: (scene, command) => (scene.rules.disposition ? disposing(scene, command) : 'noDisposition'),
  cancelDisposition: scene => (scene.state.disposition?.read === true ? 'dispositionRead' : [event(scene, 'dispositionCancelled', {})]),

  verify: (scene, command) => [event(scene, 'verified', { findings: command.findings })],

  return(scene, command) {
    if (openWrite(scene.state)) return 'amsWriteOpen'
    const reasons = reasonsBeside(command.reasons)
    if (reasons['decisionReasons'] === '') return 'reasonsMissing'
    return [event(scene, 'returned', { owed: owesDecision(scene) }, reasons)]
  },

  approve(scene, command) {
    const { rules, state, now, actor } = scene
    const findings = command.findings ?? state.findings
    if (findings === undefined) return { refused: 'findingsMissing', missing: rules.findings }
    const follows = state.letterDue !== undefined
    const wrong = mismatch(scene, findings, follows)
    if (wrong !== undefined) return wrong
    const missing = missingKinds(rules, state, state.letters, 'mandatory')
    if (missing.length > 0 && !follows) return { refused: 'lettersMissing', missing }
    if (state.certificate.notAfter !== undefined && now > state.certificate.notAfter) return 'certificateExpired'
    // One person alone: only for an expedited request, only where the standard allows it, and only when no colleague could decide.
    const alone = tookPart(state.filers, actor)
    if (alone) {
      const others = eligibleDeciders(rules, state)
      const colleague = others?.some(id => rules.roster?.some(entry => samePerson(entry.id, id) && entry.role !== rules.supervisor)) ?? false
      if (!state.expedited || rules.ratification === null) return 'emergencyNotAllowed'
      if (colleague) return 'fourEyes'
    }
    const approved = event(scene, 'approved', {
      emergency: alone, ...(alone && rules.ratification !== null ? { ratificationDue: rules.deadline(rules.ratification, now) } : {}),
    })
    return command.findings === undefined ? [approved] : [event(scene, 'verified', { findings: command.findings }), approved]
  },

  reject(scene, command) {
    if (openWrite(scene.state)) return 'amsWriteOpen'
    const reasons = reasonsBeside(command.reasons)
    if (reasons['decisionReasons'] === '') return 'reasonsMissing'
    return [event(scene, 'rejected', { owed: owesDecision(scene) }, reasons)]
  },

  ratify(scene, command) {
    const { state, actor } = scene
    if (state.ratification === undefined || state.ratification.decision !== undefined) return 'nothingToRatify'
    if (tookPart(state.filers, actor) || samePerson(actor.id, state.approval?.by)) return 'fourEyes'
    return [event(scene, 'ratified', { decision: command.decision }, remark(command.note))]
  },
}

function disposing(scene: Scene, command: { readonly to: string; readonly note?: string }): ReturnType<Handlers<'dispose'>['dispose']> {
  if (among(scene.state.filers, command.to)) return { refused: 'assigneeFiled', missing: eligibleDeciders(scene.rules, scene.state) ?? [] }
  return [event(scene, 'disposed', { to: command.to }, remark(command.note))]
}

function mismatch(scene: Scene, findings: Findings, letterFollows: boolean): Missing | undefined {
  const wrong: string[] = []
  for (const name of scene.rules.findings) {
    const value = findings[name]
    // Only a word that says so lets it pass: a finding nobody made, or made up, is none.
    const holds = value === 'match' || value === 'complete' || (name === 'subjectDn' && value === 'unchecked') || (value === 'incomplete' && letterFollows)
    if (!holds) wrong.push(name)
  }
  return wrong.length === 0 ? undefined : { refused: 'findingMismatch', missing: wrong }
}
