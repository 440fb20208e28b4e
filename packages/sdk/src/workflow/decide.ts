import { allowedNow, appliesHere } from './allowed.js'
import type { Command, CommandName } from './command.js'
import { deciders } from './deciding.js'
import { blockedBy, eligibleDeciders, tookPart } from './eligible.js'
import type { WorkflowEvent } from './event.js'
import { closers } from './closing.js'
import { executors } from './executing.js'
import { filers } from './filing.js'
import { provers } from './proving.js'
import type { Refusal, RefusalCode } from './refusal.js'
import { among, samePerson, type Actor, type RoleName } from './role.js'
import type { Rules } from './rules.js'
import type { Handlers, Ruling, Scene } from './scene.js'
import type { CaseState } from './state.js'
import { transitions } from './transition.js'

const handlers: Handlers<Exclude<CommandName, 'file'>> = { ...filers, ...deciders, ...executors, ...provers, ...closers }

/**
 * Decides a command: the events it causes, or a refusal that says what would be allowed, to whom. Pure: time, people and evidence come in
 * as arguments; nothing is read or written. An empty list means that everything is so already. A time in another form is
 * refused with `timeInvalid`, one before the last event with `timeBackwards`.
 *
 * @param rules - the standard, prepared by {@link compileRules}
 * @param state - the request; `undefined` before it is filed
 * @param command - one command with its data
 * @param actor - who gives it
 * @param now - ISO 8601 UTC with milliseconds
 * @example
 * ```ts
 * const decision = decide(rules, requestAt('verifying'), { type: 'approve' }, tegar, instantOf('09:45'))
 * isRefusal(decision) ? decision.refused : decision.map(({ type }) => type) // ['approved']
 * // Whoever filed does not decide, under whatever role.
 * const refusal = decide(rules, requestAt('verifying'), { type: 'approve' }, { ...surya, role: 'verifier' }, instantOf('09:45'))
 * isRefusal(refusal) && refusal.refused // 'fourEyes'
 * ```
 */
export function decide(rules: Rules, state: CaseState | undefined, command: Command, actor: Actor, now: string): readonly WorkflowEvent[] | Refusal {
  if (now.length !== 24 || now.charCodeAt(23) !== 90) return refuse(rules, state, command.type, 'timeInvalid')
  if (command.type === 'file') {
    if (state !== undefined) return refuse(rules, state, 'file', 'alreadyFiled')
    return answer(rules, undefined, 'file', filers.file({ rules, state: undefined, actor, now }, command))
  }
  if (state === undefined) return refuse(rules, state, command.type, 'notFiled')
  if (now < state.updatedAt) return refuse(rules, state, command.type, 'timeBackwards')

  const row = transitions[command.type]
  if (row.edges[state.status] === undefined || !appliesHere(rules, state, command.type)) return refuse(rules, state, command.type, 'notInThisStatus')
  const wrong = wrongActor(rules, state, command, actor)
  if (wrong !== undefined) return refuse(rules, state, command.type, wrong)

  const scene: Scene = { rules, state, actor, now }
  const handler = handlers[command.type] as (scene: Scene, command: Command) => Ruling
  return answer(rules, state, command.type, handler(scene, command))
}

function answer(rules: Rules, state: CaseState | undefined, command: CommandName, ruling: Ruling): readonly WorkflowEvent[] | Refusal {
  if (typeof ruling === 'string') return refuse(rules, state, command, ruling)
  if ('refused' in ruling) return refuse(rules, state, command, ruling.refused, ruling.missing)
  return ruling
}

/** Roles of the applicant's side: they see and touch only what is theirs. */
const applicantSide: ReadonlySet<RoleName> = new Set(['holder', 'applicant', 'opdHead', 'opdOfficer', 'personnelOffice'])

function wrongActor(rules: Rules, state: CaseState, command: Command, actor: Actor): RefusalCode | undefined {
  const row = transitions[command.type]
  if (!rules.rolesOf[command.type].has(actor.role) && !(row.by === 'filer' && among(state.filers, actor.id))) return 'notYourRole'
  if (applicantSide.has(actor.role)) {
    const own = among(state.filers, actor.id) || samePerson(actor.id, state.parties.holder.id)
    if (!own && (actor.role === 'holder' || actor.role === 'applicant' || actor.opd === undefined || actor.opd !== state.parties.opdOrigin)) return 'notYourOffice'
    const asked = rules.guardsOf[command.type]
    if (asked.has('isHolder') && actor.role === 'holder' && !samePerson(state.parties.holder.id, actor.id)) return 'notHolder'
    if (asked.has('isOpdHead') && actor.role !== 'opdHead') return 'notYourRole'
  } else if (row.by === 'filer' && !among(state.filers, actor.id)) {
    // An officer changes or withdraws only what that officer filed on somebody's behalf.
    return 'notYourOffice'
  }
  if (row.decides === true) {
    const emergency = command.type === 'approve' && command.emergency === true
    if (tookPart(state.filers, actor) && !(emergency && actor.role !== 'system')) return 'fourEyes'
    if (actor.role === rules.supervisor && !emergency) {
      const eligible = eligibleDeciders(rules, state, command.type)
      if (eligible !== undefined && !among(eligible, actor.id)) return 'supervisorAsFallback'
    }
  }
  if (rules.disposition && state.disposition !== undefined && rules.guardsOf[command.type].has('isDisposedTo') && !samePerson(actor.id, state.disposition.to)
    && !mayStepIn(rules, state, actor)) return 'notDisposedTo'
  return undefined
}

/** The head re-disposes what lies with somebody else; the supervisor steps in where the assignee may not decide. */
function mayStepIn(rules: Rules, state: CaseState, actor: Actor): boolean {
  if (actor.role === 'head' || actor.role === 'registrar') return true
  return actor.role === rules.supervisor && among(eligibleDeciders(rules, state) ?? [actor.id], actor.id)
}

function refuse(rules: Rules, state: CaseState | undefined, command: CommandName, refused: RefusalCode, missing?: readonly string[]): Refusal {
  const blocked = state === undefined ? undefined : blockedBy(rules, state)
  return {
    refused, command, status: state?.status ?? 'none', allowed: allowedNow(rules, state),
    ...(missing === undefined ? {} : { missing }),
    ...(blocked === undefined ? {} : { advice: blocked.advice }),
  }
}
