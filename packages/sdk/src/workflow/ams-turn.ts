import type { AmsOperation } from './command.js'
import { among, type RoleName } from './role.js'
import type { Rules } from './rules.js'
import type { CaseState } from './state.js'

/**
 * Which step files in AMS for this very request. Where the owner would file and cannot (deceased, unreachable), the verification officer
 * files after approval: such a record goes to BSrE at once.
 *
 * @example
 * ```ts
 * filesAt(compileRules(pekalongan), {}) // 'submit'
 * filesAt(compileRules(pekalongan), { onBehalf: 'deceased' }) // 'execute'
 * ```
 */
export function filesAt(rules: Rules, state: Pick<CaseState, 'onBehalf'>): 'submit' | 'execute' {
  return state.onBehalf === undefined ? rules.fileAt : 'execute'
}

/**
 * A record of this request lives in AMS; `returned` and `refused` are final for a record, a new filing needs a new one.
 *
 * @example
 * ```ts
 * recordOpen(requestAt('executing')) // false
 * recordOpen(requestAt('atBsre')) // true
 * ```
 */
export function recordOpen(state: CaseState): boolean {
  return state.ams.recordId !== undefined && state.ams.recordStatus !== 'returned' && state.ams.recordStatus !== 'refused'
}

/**
 * The write AMS should receive next for this request, if any. Level-triggered: computed from the state, never from a message.
 *
 * @example
 * ```ts
 * nextWrite(rules, requestAt('approved')) // undefined
 * nextWrite(rules, requestAt('executing')) // 'file'
 * nextWrite(rules, requestAt('atBsre')) // undefined
 * ```
 */
export function nextWrite(rules: Rules, state: CaseState): AmsOperation | undefined {
  switch (state.status) {
    case 'submitted':
      return filesAt(rules, state) === 'submit' && !recordOpen(state) ? 'file' : undefined
    case 'executing':
      if (!recordOpen(state)) return 'file'
      return state.ams.recordStatus === 'waitingVerification' ? 'forward' : undefined
    case 'returned':
    case 'rejected':
    case 'withdrawn':
      return state.ams.owed === 'return' || state.ams.owed === 'reject' ? state.ams.owed : undefined
    default:
      return undefined
  }
}

/**
 * Idempotency key of a write: the same for each repetition of the same intended act, another for the next act.
 *
 * @example
 * ```ts
 * writeKey(requestAt('executing'), 'file') // 'P-2026-0001.file.1'
 * writeKey(requestAt('atBsre'), 'forward') // 'P-2026-0001.forward.A-1'
 * ```
 */
export function writeKey(state: CaseState, operation: AmsOperation): string {
  return operation === 'file' ? `${state.id}.file.${state.ams.attempt + 1}` : `${state.id}.${operation}.${state.ams.recordId ?? '-'}`
}

/**
 * Who acts in AMS: the owner where the owner files at submission, else the officer who executed or approved, else somebody of the roster who
 * did not file; `system` where nobody is known.
 *
 * @example
 * ```ts
 * amsActor(rules, requestAt('executing'), 'file') // { id: 'tegar.maulana', role: 'verifier' }
 * amsActor(compileRules(pekalongan), requestAt('submitted'), 'file') // { id: 'laras.kinanti', role: 'holder' }
 * ```
 */
export function amsActor(rules: Rules, state: CaseState, operation: AmsOperation | 'read'): { readonly id: string; readonly role: RoleName } {
  const asOwner = rules.fileBy === 'holder' || rules.fileBy === 'applicant' || rules.fileBy === 'opdOfficer' || rules.fileBy === 'opdHead'
  if (operation === 'file' && asOwner && state.onBehalf === undefined) {
    return { id: state.parties.holder.id ?? state.parties.applicant.id, role: rules.fileBy }
  }
  const role: RoleName = asOwner ? 'verifier' : rules.fileBy
  const person = state.officer ?? state.disposition?.to
  if (person !== undefined) return { id: person, role }
  const rostered = rules.roster?.find(entry => entry.role === role && entry.absent !== true && !among(state.filers, entry.id))
  if (rostered !== undefined) return { id: rostered.id, role }
  return operation === 'read' && asOwner && state.onBehalf === undefined
    ? { id: state.parties.holder.id ?? state.parties.applicant.id, role: rules.fileBy }
    : { id: 'system', role }
}
