import { filesAt, recordOpen } from './ams-turn.js'
import type { Command } from './command.js'
import { event, remark, type Handlers, type Ruling, type Scene } from './scene.js'
import type { WorkflowEvent } from './event.js'
import { samePerson, type RoleName } from './role.js'
import { missingKinds } from '../standard/letters.js'
import type { CaseLetter, CaseState } from './state.js'
import type { Status } from './status.js'

type File = Extract<Command, { type: 'file' }>

/** Roles that file for their own office only; the personnel office files for others'. */
const ownOffice: ReadonlySet<RoleName> = new Set(['holder', 'applicant', 'opdHead', 'opdOfficer'])

/** Filing, amending, attaching, submitting, withdrawing: what the applicant's side does. */
export const filers: Handlers<'amend' | 'attach' | 'submit' | 'withdraw' | 'expedite'> & { file(scene: Scene<undefined>, command: File): Ruling } = {
  file(scene, command) {
    const { rules, actor, now } = scene
    if (!rules.rolesOf.file.has(actor.role)) return 'notYourRole'
    const { applicant, holder, opdOrigin } = command.parties
    if (ownOffice.has(actor.role) && actor.opd !== opdOrigin && !samePerson(actor.id, applicant.id) && !samePerson(actor.id, holder.id)) return 'notYourOffice'
    const ground = rules.onBehalf.find(one => one.role === actor.role && one.when === command.onBehalf)
    const ordinary = actor.role === 'applicant' || rules.rolesOf.submit.has(actor.role) && !rules.onBehalf.some(one => one.role === actor.role)
    if (ground === undefined && !ordinary) return 'onBehalfNotAllowed'
    if (rules.guardsOf.file.has('isHolder') && actor.role === 'holder' && !samePerson(command.parties.holder.id, actor.id)) return 'notHolder'
    if (command.onBehalf === undefined && command.parties.holder.deceased === true) return 'onBehalfNotAllowed'
    if (command.kind === 'suspension' && !rules.suspensionOffered) return 'suspensionNotOffered'
    if (rules.reasons !== undefined && !rules.reasons.has(command.reason)) return 'reasonNotOffered'
    if (command.certificate.notAfter !== undefined && now > command.certificate.notAfter) return 'certificateExpired'
    if (command.invalidityDate !== undefined && laterDay(command.invalidityDate.slice(0, 10), now)) return 'inTheFuture'
    const expedited = rules.expeditedReasons.has(command.reason)
    const { caseId: _id, type: _type, draft, personal, ...data } = command
    const filed = event(scene, 'filed', { ...data, expedited }, personal)
    if (draft === true) return [filed]
    const submission = submitting(scene, { ...command, expedited, filedAs: actor.role, letterDue: undefined }, command.register)
    return submission === undefined ? [filed] : [filed, submission]
  },

  amend(scene, command) {
    const { rules, state } = scene
    if (openWrite(state)) return 'amsWriteOpen'
    if (recordOpen(state) && (command.reason !== undefined || command.certificate !== undefined)) return 'amsHoldsRecord'
    if (command.reason !== undefined && rules.reasons !== undefined && !rules.reasons.has(command.reason)) return 'reasonNotOffered'
    if (typeof command.invalidityDate === 'string' && laterDay(command.invalidityDate.slice(0, 10), scene.now)) return 'inTheFuture'
    const { type: _type, personal, ...data } = command
    // What is no longer urgent has no letter to follow and no emergency act either.
    const calm = state.expedited && command.reason !== undefined && !rules.expeditedReasons.has(command.reason)
    return [event(scene, 'amended', { ...data, to: state.status === 'approved' ? 'verifying' : state.status, ...(calm ? { expedited: false } : {}) }, personal)]
  },

  attach(scene, command) {
    for (const letter of scene.state.letters) if (letter.sha256 === command.letter.sha256 && letter.kind === command.letter.kind) return 'alreadyAttached'
    if (command.letter.date !== undefined && laterDay(command.letter.date, scene.now)) return 'inTheFuture'
    const { status } = scene.state
    const voids = voidedByLetter(scene.state)
    return [event(scene, 'letterAttached', { letter: command.letter, voids, to: voids && status === 'approved' ? 'verifying' : status })]
  },

  submit(scene, command) {
    const { rules, state } = scene
    if (openWrite(state) || state.ams.owed !== undefined) return 'amsWriteOpen'
    if (state.certificate.notAfter !== undefined && scene.now > state.certificate.notAfter) return 'certificateExpired'
    const made = submitting(scene, state, command.register)
    return made === undefined ? { refused: 'lettersMissing', missing: missingKinds(rules, state, state.letters, 'mandatory') } : [made]
  },

  withdraw(scene, command) {
    const { state } = scene
    if (openWrite(state)) return 'amsWriteOpen'
    return [event(scene, 'withdrawn', { owed: owesDecision(scene) }, remark(command.note))]
  },

  expedite(scene) {
    if (scene.state.expedited) return 'alreadyExpedited'
    return scene.rules.expeditedReasons.has(scene.state.reason) ? [event(scene, 'expedited', {})] : 'notExpeditable'
  },
}

interface Submittable extends Pick<CaseState, 'reason' | 'expedited' | 'filedAs'> {
  readonly letters: readonly CaseLetter[]
  readonly onBehalf?: CaseState['onBehalf']
  readonly disposition?: CaseState['disposition']
  readonly letterDue?: string | undefined
}

/** The event of a complete submission, with a deadline for the letter where it may follow; `undefined` when letters are missing. */
function submitting(scene: Scene<CaseState | undefined>, about: Submittable, register: string | undefined): WorkflowEvent | undefined {
  const { rules, now } = scene
  const missing = missingKinds(rules, about, about.letters, 'mandatory')
  let letterDue: string | undefined
  if (missing.length > 0) {
    if (!about.expedited || rules.letterToFollow === null) return undefined
    letterDue = about.letterDue ?? rules.deadline(rules.letterToFollow, now)
  }
  const to = about.disposition !== undefined && filesAt(rules, about as Pick<CaseState, 'onBehalf'>) === 'execute' ? 'verifying' : 'submitted'
  return event(scene, 'submitted', {
    to, ...(register === undefined ? {} : { register }), ...(letterDue === undefined ? {} : { letterDue }),
  })
}

const undone: ReadonlySet<Status> = new Set(['submitted', 'disposed', 'verifying', 'approved'])

/** A new letter voids what was found and approved without it, while nothing is executed; unless a letter was to follow. */
function voidedByLetter(state: CaseState): boolean {
  return state.findings !== undefined && state.letterDue === undefined && undone.has(state.status)
}

/** A write to AMS is under way, or nobody knows what became of it. */
export function openWrite(state: CaseState): boolean {
  return state.ams.write !== undefined
}

/** AMS must be told a decision: the owner's filing waits there for the agency. */
export function owesDecision(scene: Scene): boolean {
  return recordOpen(scene.state) && scene.state.ams.recordStatus === 'waitingVerification'
}

/** The calendar day lies after the instant in every zone of Indonesia (WIT is ahead by 9 hours). */
export function laterDay(day: string, now: string): boolean {
  return Date.parse(`${day}T00:00:00.000Z`) - 9 * 3_600_000 > Date.parse(now)
}
