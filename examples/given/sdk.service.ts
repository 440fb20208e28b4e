import { createSandbox, type Sandbox } from '@cabut/sandbox'
import {
  compileRules, createAssistedAms, createDesk, createMemoryStore, createWorkingCalendar, decide, evolve, fileComplaint, isRefusal, loadStandard, makeReport, sealEvent, systemActor,
  type Actor, type CaseState, type Command, type Complaint, type ComplaintOffice, type Desk, type Report, type RosterEntry, type Rules, type ServiceStandard, type Status,
  type StoredEvent, type WorkflowEvent, type WorkingCalendar,
} from '@cabut/sdk'

// Givens of the examples in the folders calendar, complaint, report, standard and workflow: an invented office of Kabupaten Purbalingga.

/** The standard of Kabupaten Purbalingga: the OPD files by letter, the head disposes, the verifier enters it in AMS; 170 working minutes. */
export const purbalingga: ServiceStandard = loadStandard('kabupaten-purbalingga')
/** The standard of Kota Pekalongan: the owner files in AMS, the officer forwards there; 405 working minutes. */
export const pekalongan: ServiceStandard = loadStandard('kota-pekalongan')

/** Service hours of Purbalingga on the national calendar, in WIB (UTC+7). */
export const officeCalendar: WorkingCalendar = createWorkingCalendar({ zone: purbalingga.zone, hours: purbalingga.serviceHours })

/** Officer of the education office, who files. */
export const surya: Actor = { id: 'surya.wibisana', role: 'opdOfficer', opd: 'dindik' }
/** Head of the service, who disposes and answers. */
export const kepala: Actor = { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' }
/** Verifier to whom requests are disposed. */
export const tegar: Actor = { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' }
/** The verifiers' superior (component 10). */
export const hadi: Actor = { id: 'hadi.prakoso', role: 'supervisor', opd: 'dinkominfo' }
/** A citizen who complains. */
export const wulan: Actor = { id: 'wulan.anggraini', role: 'applicant' }

/** The people of the desk. */
export const people: readonly RosterEntry[] = [
  { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' },
  { id: 'ningrum.sekar', role: 'verifier', opd: 'dinkominfo' },
  { id: 'hadi.prakoso', role: 'supervisor', opd: 'dinkominfo' },
]
/** Purbalingga's standard with those people, ready to decide by. */
export const rules: Rules = compileRules(purbalingga, { roster: people })

const letter = { kind: 'requestLetter', sha256: '5f'.repeat(32), size: 48_112, mediaType: 'application/pdf', number: '800/15/DINDIK', date: '2026-11-23' } as const

/** What Surya files on Tuesday 24 November 2026: the holder has moved to another office. */
export const filingCommand: Extract<Command, { type: 'file' }> = {
  type: 'file', caseId: 'P-2026-0001', kind: 'revocation', reason: 'mutasi', register: '2026/1',
  certificate: { issuerDn: 'CN=Invented CA,C=ID', serial: '0a1b2c', notAfter: '2028-01-01T00:00:00.000Z' },
  parties: { applicant: { id: 'surya.wibisana', opd: 'dindik' }, holder: { id: 'laras.kinanti' }, opdOrigin: 'dindik', opdDestination: 'setda' },
  letters: [letter],
}

const commandsGiven: readonly (readonly [string, Actor, Command])[] = [
  ['09:00', surya, filingCommand],
  ['09:10', kepala, { type: 'receive' }],
  ['09:15', kepala, { type: 'dispose', to: tegar.id }],
  ['09:40', tegar, { type: 'verify', findings: { data: 'match', completeness: 'complete', subjectDn: 'match' } }],
  ['09:45', tegar, { type: 'approve' }],
  ['09:46', tegar, { type: 'execute' }],
  ['09:46', systemActor, { type: 'startWrite', operation: 'file', key: 'P-2026-0001.file.1' }],
  ['09:47', systemActor, { type: 'recordAmsAnswer', operation: 'file', outcome: 'accepted', record: { id: 'A-1', status: 'waitingBsre', rawStatus: 'MENUNGGU BSRE' } }],
  ['10:20', systemActor, { type: 'recordAmsAnswer', operation: 'read', outcome: 'accepted', record: { id: 'A-1', status: 'revoked', rawStatus: 'DICABUT' } }],
  ['10:30', systemActor, { type: 'notify', subject: 'awaitingProof', channel: 'portal' }],
  ['10:45', kepala, { type: 'answer', letter: { ...letter, kind: 'answerLetter', sha256: 'a6'.repeat(32), date: '2026-11-24' } }],
]

/** An instant of 24 November 2026 by the clock of the office, as ISO 8601 UTC: `instantOf('09:00')` is 02.00 UTC. */
export function instantOf(time: string): string {
  return new Date(`2026-11-24T${time}:00.000+07:00`).toISOString()
}

/** The request after one more command of an actor; throws where it is refused. */
function given(before: CaseState | undefined, actor: Actor, command: Command, now: string): readonly (readonly [WorkflowEvent, CaseState])[] {
  const decision = decide(rules, before, command, actor, now)
  if (isRefusal(decision)) throw new Error(`${command.type} is refused: ${decision.refused}`)
  let state = before
  return decision.map((event) => [event, state = evolve(state, event, filingCommand.caseId, rules.standard)] as const)
}

const passed = commandsGiven.reduce<readonly (readonly [WorkflowEvent, CaseState])[]>(
  (all, [time, actor, command]) => [...all, ...given(all.at(-1)?.[1], actor, command, instantOf(time))], [],
)

/** Every event of that request, from its filing at 09.00 to the answer letter at 10.45; a proof is still awaited. */
export const requestEvents: readonly WorkflowEvent[] = passed.map(([event]) => event)

/** The request as it stood when it first had a status; `rejected` is what it would be had Tegar rejected it at 09.45. */
export function requestAt(status: Status): CaseState {
  const found = passed.find(([, state]) => state.status === status)?.[1]
  if (found !== undefined) return found
  if (status !== 'rejected') throw new Error(`the request was never ${status}`)
  const made = given(requestAt('verifying'), tegar, { type: 'reject', reasons: ['Sertifikat milik orang lain'] }, instantOf('09:45'))
  return (made[0] as (typeof made)[number])[1]
}

/** The events of that request, sealed; with fixed salts, so that the digests stay the same. */
export async function sealedHistory(): Promise<readonly StoredEvent[]> {
  const sealed: StoredEvent[] = []
  for (const event of requestEvents) sealed.push(await sealEvent({ ...event, caseId: filingCommand.caseId, standard: rules.standard }, sealed.at(-1) ?? null, () => '0f'.repeat(16)))
  return sealed
}

/** A complaint by telephone about a request of hers, filed on Friday 20 November 2026 at 10.00. */
export const complaint: Complaint = fileComplaint(
  { channel: 'phone', class: 'ringan', text: 'Sertifikat saya belum dicabut. NIK saya 3303014101900001.', reporter: { id: 'wulan.anggraini', visibility: 'open' }, requestId: 'P-2026-0001' },
  wulan, { standard: purbalingga, calendar: officeCalendar }, { id: 'c-1', number: 'ADU-2026-00001', now: '2026-11-20T03:00:00.000Z' },
).complaint
/** What deciding a complaint needs of the office. */
export const complaintOffice: ComplaintOffice = { standard: purbalingga, calendar: officeCalendar }

/** The report of the last quarter of 2026, as of the end of 24 November: one request, one complaint, two survey answers. */
export async function quarterReport(): Promise<Report> {
  return makeReport({
    standard: purbalingga, period: { from: '2026-10-01', to: '2026-12-31' }, asOf: '2026-11-24T16:59:59.000Z', histories: [await sealedHistory()], complaints: [complaint],
    survey: [[4, 4, 3, 4, 4, 4, 4, 3, 4], [3, 4, 3, 4, 3, 4, 4, 3, 3]],
  })
}

let running: Promise<Sandbox> | undefined
/** A sandbox without faults, opened once: its SP4N-LAPOR behind SPLP, its certificates. */
export function openSandbox(): Promise<Sandbox> {
  return running ??= createSandbox({ seed: 'examples', faults: 'none' })
}

/** A desk of Purbalingga with that one request in its store, its clock at 11.00 of the day. */
export async function openFiledDesk(): Promise<Desk> {
  const [sandbox, [first, ...others]] = await Promise.all([openSandbox(), sealedHistory()])
  if (first === undefined) throw new Error('no event')
  const store = createMemoryStore()
  await store.append('all', { caseId: filingCommand.caseId, expectedVersion: 0, events: [first, ...others], state: (passed.at(-1) as (typeof passed)[number])[1], effects: [] })
  return createDesk({ standard: purbalingga, ams: createAssistedAms(), anchors: sandbox.anchors, store, worker: false, clock: () => new Date(instantOf('11:00')) })
}
