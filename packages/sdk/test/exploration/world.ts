import type { Proof } from '../../src/proof/index.js'
import type { LetterKind, ServiceStandard } from '../../src/standard/index.js'
import { nextWrite, writeKey, type Actor, type CaseLetter, type CaseState, type Command, type Findings, type RoleName, type Rules } from '../../src/workflow/index.js'

/** Three instants: before the effective date, after it, after the certificate has expired. */
export const times = ['2026-11-24T02:00:00.000Z', '2027-01-04T02:00:00.000Z', '2028-11-24T02:00:00.000Z'] as const
const effectiveDate = '2026-12-31T17:00:00.000Z'
const notAfter = '2028-06-01T00:00:00.000Z'

/**
 * Four people and what they are at once: Ani files, and also holds the office of a verifier; Budi and Citra verify; Dodi supervises.
 * Beside them the head (who only disposes), somebody of another OPD, and the desk.
 */
export function actorsOf(standard: ServiceStandard): readonly Actor[] {
  const filer = standard.filing.role
  const decider: RoleName = standard.steps.find(step => step.command === 'approve')?.role ?? 'verifier'
  const found: Actor[] = [
    { id: 'ani', role: filer, opd: 'opd-a' }, { id: 'ani', role: decider, opd: 'opd-a' }, { id: 'budi', role: decider, opd: 'dinkominfo' },
    { id: 'citra', role: 'head', opd: 'dinkominfo' }, { id: 'dodi', role: standard.supervision.role, opd: 'dinkominfo' },
    { id: 'orang.lain', role: filer, opd: 'opd-b' }, { id: 'system', role: 'system' },
  ]
  // One filing for a holder who cannot: the officer of the personnel office, or the verifier himself.
  for (const ground of standard.filing.onBehalf) if (!found.some(one => one.id === 'ani' && one.role === ground.role)) found.push({ id: 'ani', role: ground.role, opd: 'opd-a' })
  return found
}

function letter(kind: LetterKind): CaseLetter {
  return { kind, sha256: `letter-${kind}`, size: 100, mediaType: 'application/pdf' }
}

const match: Findings = { data: 'match', completeness: 'complete', subjectDn: 'match' }
const mismatch: Findings = { ...match, data: 'mismatch' }

const proof: Proof = {
  source: 'crl', sha256: 'e-revoked', certificate: { issuerDn: 'CN=CA', serial: '0a', sha256: 'cert' }, thisUpdate: times[0], revocationDate: times[0],
  anchorSha256: 'root', seenAt: times[0],
}

/** First commands: what may be filed, in every way that matters. */
export function filings(standard: ServiceStandard): readonly Command[] {
  const required = standard.letters.filter(one => one.demand === 'mandatory' && one.reasons === undefined && one.within === undefined).map(one => letter(one.kind))
  const base = {
    type: 'file', caseId: 'K-1', kind: 'revocation', reason: 'mutasi', certificate: { issuerDn: 'CN=CA', serial: '0a', sha256: 'cert', notAfter }, letters: required,
    parties: { applicant: { id: 'ani', opd: 'opd-a' }, holder: { id: standard.filing.by === 'owner' ? 'ani' : 'pemilik' }, opdOrigin: 'opd-a' },
  } as const
  const commands: Command[] = [base, { ...base, letters: [] }, { ...base, effectiveDate }, { ...base, reason: 'kunciBocor', letters: [] }]
  if (standard.suspensionOffered) commands.push({ ...base, kind: 'suspension', reason: 'penangguhan' })
  for (const ground of standard.filing.onBehalf.slice(0, 2)) {
    commands.push({
      ...base, reason: 'meninggal', onBehalf: ground.when, letters: [...required, ...ground.letters.map(letter)],
      parties: { ...base.parties, holder: { id: 'pemilik', deceased: ground.when === 'deceased', reachable: false } },
    })
  }
  return commands
}

const late: ReadonlySet<CaseState['status']> = new Set(['suspended', 'resuming', 'resumed'])
const provable: ReadonlySet<CaseState['status']> = new Set(['executing', 'atBsre', 'awaitingProof', 'parked', 'resuming'])

const answered = ['waitingVerification', 'waitingBsre', 'revoked', 'returned', 'refused', 'other'] as const

/** Every command with data, as it would be given in this state: sensible ones and wrong ones. */
export function commandsFor(rules: Rules, state: CaseState): readonly Command[] {
  const commands: Command[] = [...fixed]
  if (provable.has(state.status)) {
    if (state.kind === 'revocation') commands.push({ type: 'recordEvidence', evidence: { sha256: 'e-revoked', source: 'crl', verdict: 'revoked' } })
    else
    commands.push({ type: 'recordEvidence', evidence: { sha256: 'e-held', source: 'crl', verdict: 'onHold' } }, { type: 'recordEvidence', evidence: { sha256: 'e-active', source: 'crl', verdict: 'notRevoked' } })
  }
  if (state.reason === 'mutasi' && state.letters.every(one => one.kind !== 'other')) {
    if (state.effectiveDate === undefined) commands.push({ type: 'amend', reason: 'kunciBocor' })
    commands.push({ type: 'amend', effectiveDate })
  }
  if (state.reason === 'kunciBocor' && state.effectiveDate === undefined && state.letters.every(one => one.kind !== 'other')) commands.push({ type: 'amend', reason: 'mutasi' })
  const write = nextWrite(rules, state)
  if (write !== undefined) commands.push({ type: 'startWrite', operation: write, key: writeKey(state, write) })
  const open = state.ams.write
  if (open !== undefined) {
    commands.push({ type: 'startWrite', operation: open.operation, key: open.key })
    for (const outcome of ['refused', 'notDone', 'unknown'] as const) commands.push({ type: 'recordAmsAnswer', operation: open.operation, outcome, code: 'X' })
    for (const status of answered) {
      commands.push({ type: 'recordAmsAnswer', operation: open.operation, outcome: 'accepted', record: { id: 'A-1', status, rawStatus: status } })
    }
  }
  const required = rules.letters[0]?.kind
  if (required !== undefined) commands.push({ type: 'attach', letter: letter(required) })
  // A second letter of an officer makes that officer a filer.
  if (late.has(state.status) || (state.reason === 'mutasi' && state.effectiveDate === undefined)) commands.push({ type: 'attach', letter: letter('other') })
  if (state.status !== 'closed') commands.push({ type: 'notify', subject: state.status as never, channel: 'mail' })
  return commands
}

const fixed: readonly Command[] = [
  { type: 'submit' }, { type: 'receive' },
  { type: 'dispose', to: 'budi' }, { type: 'dispose', to: 'ani' }, { type: 'redispose', to: 'budi' }, { type: 'cancelDisposition' },
  { type: 'verify', findings: match }, { type: 'verify', findings: mismatch }, { type: 'return', reasons: ['x'] }, { type: 'return', reasons: [] },
  { type: 'approve' }, { type: 'approve', findings: match }, { type: 'approve', findings: match, emergency: true }, { type: 'reject', reasons: ['x'] },
  { type: 'withdraw' }, { type: 'expedite' }, { type: 'execute' }, { type: 'ratify', decision: 'ratified' }, { type: 'ratify', decision: 'refused' },
  { type: 'startWrite', operation: 'file', key: 'wrong-key' }, { type: 'recordAmsAnswer', operation: 'forward', outcome: 'accepted' },
  ...answered.map(status => ({ type: 'recordAmsAnswer', operation: 'read', outcome: 'accepted', record: { id: 'A-1', status, rawStatus: status } }) as const),
  { type: 'park' }, { type: 'resume', found: 'nothing' }, { type: 'resume', found: 'record', recordId: 'A-1' },
  { type: 'prove', proof: { of: 'revoked', proof } }, { type: 'prove', proof: { of: 'revoked', proof: { ...proof, certificate: { ...proof.certificate, serial: '0b' } } } },
  { type: 'prove', proof: { of: 'held', sha256: 'e-held', thisUpdate: times[0], serial: '0a' } },
  { type: 'prove', proof: { of: 'active', sha256: 'e-active', thisUpdate: times[0], serial: '0a' } },
  { type: 'contradict', reason: 'evidenceDenies', findings: [] }, { type: 'resolve', outcome: 'continue' }, { type: 'resolve', outcome: 'fail' }, { type: 'expire' },
  { type: 'resumeCertificate' }, { type: 'notify', subject: 'revoked', channel: 'mail' }, { type: 'answer', letter: letter('answerLetter') }, { type: 'close' },
  { type: 'reopen', complaint: 'ADU-1' },
]

/** What the abstraction leaves out of most states, given in some of each status. */
export const everywhere: readonly Command[] = [
  { type: 'recordEvidence', evidence: { sha256: 'e-other', source: 'ocsp', verdict: 'notRevoked' } }, { type: 'notify', subject: 'submitted', channel: 'portal' },
]

/** Evidence is not read before approval, and can be recorded again after it. */
const before: ReadonlySet<CaseState['status']> = new Set(['draft', 'submitted', 'disposed', 'verifying', 'approved', 'returned'])

/**
 * The abstraction: everything the decider may look at, and nothing else. Dates become one of three instants, people a set, letters a set of
 * kinds, AMS's record one of four classes (none, waits for the agency, otherwise open, closed). What no rule reads (counters, reasons of a
 * status, who verified) is left out, so loops such as return and resubmit fold into one another: no bound on them is needed.
 */
export function keyOf(state: CaseState, time: number): string {
  const { ams, disposition, approval, findings, ratification, status } = state
  const deciding = status === 'submitted' || status === 'disposed' || status === 'verifying'
  const proven = status === 'revoked' || status === 'suspended' || status === 'resumed' || status === 'resuming'
  const told = state.notices.some(one => one.party === 'applicant' && one.subject === status && one.at >= state.since)
  const record = ams.recordId === undefined ? 0 : ams.recordStatus === 'waitingVerification' ? 1 : ams.recordStatus === 'returned' || ams.recordStatus === 'refused' ? 3 : 2
  // `e-other` proves nothing: it is left out.
  return [
    time, status, state.kind, state.reason, state.expedited, state.effectiveDate === undefined ? '' : 'TMT', state.onBehalf,
    [...new Set(state.letters.map(one => one.kind))].sort().join(), [...state.filers].sort().join(), disposition?.to, status === 'disposed' && disposition?.read,
    deciding ? findings?.data : '', approval === undefined ? '' : approval.emergency ? `alone ${approval.by}` : 'approved', ratification === undefined ? '' : ratification.decision === undefined ? 'due' : 'heard',
    ams.write?.operation, ams.write?.unknown, proven ? '' : record, ams.owed, (proven && state.kind === 'revocation') || before.has(status) ? '' : state.evidence.filter(one => one !== 'e-other').sort().join(), told,
    state.answers > 0, state.letterDue === undefined || state.letters.some(one => one.kind !== 'other') ? '' : 'letter follows', status === 'parked' || status === 'closed' ? state.cameFrom : '',
  ].join('|')
}
