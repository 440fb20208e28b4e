import { loadStandard, type ServiceStandard } from '../src/standard/index.js'
import {
  compileRules, decide, evolve, isRefusal, systemActor, type Actor, type CaseState, type Command, type RosterEntry, type Rules, type WorkflowEvent,
} from '../src/workflow/index.js'

// A request taken through commands by invented people: what the tests of the decider share.
export const t = (minute: number): string => new Date(Date.UTC(2026, 10, 24, 2, minute)).toISOString()
export const pekalongan = loadStandard('kota-pekalongan')
export const purbalingga = loadStandard('kabupaten-purbalingga')

export const owner: Actor = { id: 'ani', role: 'holder', opd: 'opd-a' }
export const opd: Actor = { id: 'ani', role: 'opdOfficer', opd: 'opd-a' }
export const head: Actor = { id: 'kepala', role: 'head', opd: 'dinkominfo' }
export const budi: Actor = { id: 'budi', role: 'verifier', opd: 'dinkominfo' }
export const citra: Actor = { id: 'citra', role: 'verifier', opd: 'dinkominfo' }
export const dodi: Actor = { id: 'dodi', role: 'supervisor', opd: 'dinkominfo' }
export const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' } as const

export const base = {
  type: 'file', caseId: 'K-1', kind: 'revocation', reason: 'mutasi', certificate: { issuerDn: 'CN=CA', serial: '0a', notAfter: '2028-01-01T00:00:00.000Z' },
  parties: { applicant: { id: 'ani', opd: 'opd-a' }, holder: { id: 'ani' }, opdOrigin: 'opd-a' },
  letters: [{ kind: 'reasonStatement', sha256: 'a', size: 1, mediaType: 'application/pdf' }, { kind: 'requestLetter', sha256: 'b', size: 1, mediaType: 'application/pdf' }],
} as const satisfies Command

/** Gives commands one after the other; the last decision and the state after it. */
export class Case {
  state: CaseState | undefined
  readonly events: WorkflowEvent[] = []
  minute = 0
  constructor(readonly rules: Rules) {}

  give(command: Command, actor: Actor, now = t(this.minute++)): this {
    const decision = decide(this.rules, this.state, command, actor, now)
    if (isRefusal(decision)) throw new Error(`${command.type} refused: ${decision.refused} ${String(decision.missing ?? '')}`)
    for (const event of decision) {
      this.state = evolve(this.state, event, 'K-1', this.rules.standard)
      this.events.push(event)
    }
    return this
  }

  refused(command: Command, actor: Actor, now = t(this.minute)): unknown {
    const decision = decide(this.rules, this.state, command, actor, now)
    return isRefusal(decision) ? decision : 'not refused'
  }

  get status(): string | undefined { return this.state?.status }
}

export const at = (standard: ServiceStandard, roster?: readonly RosterEntry[]): Case => new Case(compileRules(standard, roster === undefined ? {} : { roster }))
export const filedInAms: Command = { type: 'recordAmsAnswer', operation: 'file', outcome: 'accepted', record: { id: 'A-1', status: 'waitingVerification', rawStatus: 'W' } }

/** Pekalongan up to verification. */
export function verifying(roster?: readonly RosterEntry[], more: Partial<typeof base> | object = {}): Case {
  return at(pekalongan, roster).give({ ...base, ...more }, owner).give({ type: 'startWrite', operation: 'file', key: 'K-1.file.1' }, systemActor).give(filedInAms, systemActor)
}
