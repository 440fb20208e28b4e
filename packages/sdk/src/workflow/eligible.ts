import type { CommandName } from './command.js'
import { among, delegations, type Actor, type Label, type RosterEntry } from './role.js'
import type { Rules } from './rules.js'
import type { CaseState } from './state.js'

/**
 * Four eyes by person, not by role: the actor took part in filing, or acts under a mandate (a.n., u.b.) of somebody who did. Plt. and Plh.
 * hold the office themselves.
 *
 * @example
 * ```ts
 * tookPart(['surya.wibisana'], { id: 'surya.wibisana', role: 'verifier' }) // true
 * tookPart(['surya.wibisana'], { ...tegar, delegation: { kind: 'an', of: 'surya.wibisana' } }) // true
 * tookPart(['surya.wibisana'], { ...tegar, delegation: { kind: 'plt', of: 'surya.wibisana' } }) // false
 * ```
 */
export function tookPart(filers: readonly string[], actor: Actor): boolean {
  if (among(filers, actor.id)) return true
  const delegation = actor.delegation
  return delegation !== undefined && delegations[delegation.kind].mandate && among(filers, delegation.of)
}

/**
 * People of the roster who may decide, the supervisor among them only where nobody else is left. `undefined` without a roster.
 *
 * @example
 * ```ts
 * eligibleDeciders(rules, requestAt('verifying')) // ['tegar.maulana', 'ningrum.sekar']
 * const away = compileRules(purbalingga, { roster: people.map((one) => ({ ...one, absent: one.role === 'verifier' })) })
 * eligibleDeciders(away, requestAt('verifying')) // ['hadi.prakoso']
 * eligibleDeciders(compileRules(purbalingga), requestAt('verifying')) // undefined
 * ```
 */
export function eligibleDeciders(rules: Rules, state: CaseState, command: CommandName = 'approve'): readonly string[] | undefined {
  if (rules.roster === undefined) return undefined
  const ordinary = eligible(rules, state, entry => entry.role !== rules.supervisor && rules.rolesOf[command].has(entry.role))
  if (ordinary.length > 0) return ordinary
  return eligible(rules, state, entry => entry.role === rules.supervisor)
}

function eligible(rules: Rules, state: CaseState, fits: (entry: RosterEntry) => boolean): readonly string[] {
  const found: string[] = []
  for (const entry of rules.roster ?? []) {
    if (entry.absent !== true && fits(entry) && !among(state.filers, entry.id) && !found.includes(entry.id)) found.push(entry.id)
  }
  return found
}

/** A request nobody of the roster may decide. */
export interface Blocked {
  readonly reason: 'noEligibleDecider'
  readonly advice: Label
}

const advice: Label = {
  id: 'Tunjuk pejabat lain (Plt. atau Plh.) atau atasan yang tidak ikut mengajukan permohonan ini',
  en: 'Appoint another official (Plt. or Plh.) or a superior who took no part in filing this request',
}

/**
 * Whether a request that waits for a decision has nobody to give it (component 10 supervisor included), with advice. `undefined` without a
 * roster, and where no decision is waited for.
 *
 * @example
 * ```ts
 * const alone = compileRules(purbalingga, { roster: [{ id: 'surya.wibisana', role: 'verifier' }] })
 * blockedBy(alone, requestAt('verifying'))?.reason // 'noEligibleDecider'
 * blockedBy(rules, requestAt('verifying')) // undefined
 * ```
 */
export function blockedBy(rules: Rules, state: CaseState): Blocked | undefined {
  if (state.status !== 'submitted' && state.status !== 'disposed' && state.status !== 'verifying' && state.status !== 'contradicted') return undefined
  const people = eligibleDeciders(rules, state)
  return people !== undefined && people.length === 0 ? { reason: 'noEligibleDecider', advice } : undefined
}
