import { filesAt } from './ams-turn.js'
import type { CommandName } from './command.js'
import { eligibleDeciders } from './eligible.js'
import type { AllowedCommand } from './refusal.js'
import type { Rules } from './rules.js'
import type { CaseState } from './state.js'
import { transitions } from './transition.js'

/**
 * Whether a command makes sense under this standard in this status, beside the table: `submitted` means "waits for the head" where there is
 * a disposition, "being filed in AMS" where the owner files at submission, and "waits for the officer" elsewhere.
 */
export function appliesHere(rules: Rules, state: CaseState, command: CommandName): boolean {
  if (state.status === 'submitted') {
    const officersTurn = !rules.disposition && filesAt(rules, state) === 'execute'
    switch (command) {
      case 'verify':
      case 'approve':
      case 'return':
      case 'reject':
        return officersTurn
      case 'receive':
        return officersTurn || rules.disposition
      case 'dispose':
        return rules.disposition
      case 'startWrite':
      case 'recordAmsAnswer':
      case 'park':
        return filesAt(rules, state) === 'submit'
      default:
        return true
    }
  }
  if (command === 'redispose') return rules.disposition
  // A suspension is over when it is told; it can be lifted as long as it lasts.
  if (command === 'resumeCertificate' && state.status === 'closed') return state.cameFrom === 'suspended'
  return true
}

const names = Object.keys(transitions) as CommandName[]

/** Lists without persons depend on the rules, the status, who files in AMS and what was closed only: made once. */
const made = new WeakMap<Rules, Map<string, readonly AllowedCommand[]>>()

function rolesNow(rules: Rules, state: CaseState | undefined): readonly AllowedCommand[] {
  const key = state === undefined ? 'none' : `${state.status} ${state.onBehalf === undefined ? '' : 'onBehalf'} ${state.status === 'closed' ? state.cameFrom : ''}`
  let lists = made.get(rules)
  if (lists === undefined) made.set(rules, lists = new Map<string, readonly AllowedCommand[]>())
  const known = lists.get(key)
  if (known !== undefined) return known
  const found: AllowedCommand[] = []
  for (const command of names) {
    const row = transitions[command]
    if (row.by === 'system' || row.edges[state?.status ?? 'none'] === undefined) continue
    if (state !== undefined && !appliesHere(rules, state, command)) continue
    found.push({ command, roles: [...rules.rolesOf[command]].filter(role => role !== 'system') })
  }
  lists.set(key, found)
  return found
}

/**
 * What may be done next, and by whom; what only the desk itself does is left out. `state` is `undefined` before the request is filed. With a
 * roster, decisions name the persons who may give them.
 *
 * @example
 * ```ts
 * allowedNow(rules, requestAt('verifying')).find(({ command }) => command === 'approve')?.persons // ['tegar.maulana', 'ningrum.sekar']
 * allowedNow(rules, requestAt('awaitingProof')).map(({ command }) => command).includes('withdraw') // false
 * allowedNow(rules, undefined).map(({ command }) => command) // ['file']
 * ```
 */
export function allowedNow(rules: Rules, state: CaseState | undefined): readonly AllowedCommand[] {
  const found = rolesNow(rules, state)
  if (state === undefined || rules.roster === undefined) return found
  return found.map(one => {
    const persons = transitions[one.command].decides === true ? eligibleDeciders(rules, state, one.command) : undefined
    return persons === undefined ? one : { ...one, persons }
  })
}
