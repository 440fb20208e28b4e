import { describe, expect, test } from 'vitest'
import {
  allowedNow, amsActor, blockedBy, compileRules, decide, effectsOf, nextWrite, systemActor, type Actor, type CaseState, type Command, type RosterEntry, type WorkflowEvent,
} from './index.js'
import { t, pekalongan, purbalingga, owner, opd, head, budi, citra, dodi, findings, base, Case, at, filedInAms, verifying } from '../../test/case.js'

describe('four eyes (pemeriksaan oleh dua orang): by person, not by role', () => {
  test('the filer as a verifier decides nothing on it, and is told who may', () => {
    const one = verifying([budi, dodi].map(({ id, role }) => ({ id, role })))
    for (const command of [{ type: 'approve', findings }, { type: 'reject', reasons: ['x'] }, { type: 'verify', findings }, { type: 'return', reasons: ['x'] }] as const) {
      expect(one.refused(command, { ...budi, id: 'ani' })).toMatchObject({ refused: 'fourEyes', status: 'verifying' })
    }
    const refusal = one.refused({ type: 'approve', findings }, { ...budi, id: 'ani' }) as { allowed: { command: string; persons?: string[] }[] }
    expect(refusal.allowed.find(each => each.command === 'approve')?.persons).toEqual(['budi'])
  })

  test('whoever attaches a letter or amends takes part', () => {
    const one = verifying().give({ type: 'attach', letter: { kind: 'other', sha256: 'c', size: 1, mediaType: 'application/pdf' } }, budi)
    expect(one.refused({ type: 'approve', findings }, budi)).toMatchObject({ refused: 'fourEyes' })
    expect(one.give({ type: 'approve', findings }, citra).status).toBe('approved')
  })

  test.each([['an', true], ['ub', true], ['plt', false], ['plh', false]] as const)('delegation %s from the filer is refused: %s', (kind, refused) => {
    const one = verifying()
    const acting: Actor = { ...budi, delegation: { kind, of: 'ani' } }
    if (refused) expect(one.refused({ type: 'approve', findings }, acting)).toMatchObject({ refused: 'fourEyes' })
    else expect(one.give({ type: 'approve', findings }, acting).state?.approval).toMatchObject({ by: 'budi', delegation: { kind, of: 'ani' } })
  })

  test('a disposition to somebody who filed is refused', () => {
    const one = at(purbalingga).give(base, opd)
    expect(one.refused({ type: 'dispose', to: 'ani' }, head)).toMatchObject({ refused: 'assigneeFiled' })
  })
})

describe('rosters: none deadlocks', () => {
  const onBehalf = {
    ...base, onBehalf: 'deceased', reason: 'meninggal', parties: { ...base.parties, applicant: { id: 'budi' }, holder: { id: 'pemilik', deceased: true } },
    letters: [...base.letters, { kind: 'deathCertificate', sha256: 'd', size: 1, mediaType: 'application/pdf' }],
  } as const satisfies Command

  test('one officer who did not file decides', () => {
    expect(verifying([{ id: 'budi', role: 'verifier' }, { id: 'dodi', role: 'supervisor' }]).give({ type: 'approve', findings }, budi).status).toBe('approved')
  })

  test('the supervisor of component 10 steps in only where nobody else is left', () => {
    const one = verifying([{ id: 'budi', role: 'verifier' }, { id: 'dodi', role: 'supervisor' }])
    expect(one.refused({ type: 'approve', findings }, dodi)).toMatchObject({ refused: 'supervisorAsFallback' })
    const absent = verifying([{ id: 'budi', role: 'verifier', absent: true }, { id: 'dodi', role: 'supervisor' }])
    expect(absent.give({ type: 'approve', findings }, dodi).status).toBe('approved')
  })

  test('one officer filed for a deceased holder: the supervisor decides', () => {
    const one = at(pekalongan, [{ id: 'budi', role: 'verifier' }, { id: 'dodi', role: 'supervisor' }]).give(onBehalf, budi)
    expect(one.status).toBe('submitted')
    expect(one.refused({ type: 'approve', findings }, budi)).toMatchObject({ refused: 'fourEyes' })
    expect(one.give({ type: 'approve', findings }, dodi).status).toBe('approved')
  })

  test('nobody left: blocked with advice, and unblocked by appointing somebody', () => {
    const one = at(pekalongan, [{ id: 'budi', role: 'verifier' }]).give(onBehalf, budi)
    expect(blockedBy(one.rules, one.state as CaseState)).toMatchObject({ reason: 'noEligibleDecider', advice: { id: expect.stringContaining('Plt.') as string } })
    expect(one.refused({ type: 'approve', findings }, budi)).toMatchObject({ refused: 'fourEyes', advice: { id: expect.any(String) as string } })
    const appointed = compileRules(pekalongan, { roster: [{ id: 'budi', role: 'verifier' }, { id: 'eka', role: 'verifier' }] })
    expect(blockedBy(appointed, one.state as CaseState)).toBeUndefined()
  })

  test('three officers, one absent, one filed: the third', () => {
    const roster: RosterEntry[] = [{ id: 'budi', role: 'verifier' }, { id: 'citra', role: 'verifier', absent: true }, { id: 'eka', role: 'verifier' }, { id: 'dodi', role: 'supervisor' }]
    const one = at(pekalongan, roster).give(onBehalf, budi)
    const list = allowedNow(one.rules, one.state).find(each => each.command === 'approve')
    expect(list?.persons).toEqual(['eka'])
  })

  test('filed on behalf of the owner: AMS is written after approval, by the officer, never as the owner', () => {
    const one = at(pekalongan).give(onBehalf, budi)
    expect(nextWrite(one.rules, one.state as CaseState)).toBeUndefined()
    one.give({ type: 'approve', findings }, citra).give({ type: 'execute' }, systemActor)
    expect(nextWrite(one.rules, one.state as CaseState)).toBe('file')
    expect(amsActor(one.rules, one.state as CaseState, 'file')).toEqual({ id: 'citra', role: 'verifier' })
  })

  test('the holder is deceased: filing without that ground is refused, and nobody messages the dead', () => {
    const one = at(pekalongan)
    expect(one.refused({ ...base, parties: { ...base.parties, holder: { id: 'ani', deceased: true } } }, owner)).toMatchObject({ refused: 'onBehalfNotAllowed' })
    expect(one.refused({ ...onBehalf, onBehalf: 'incapacitated' }, budi)).toMatchObject({ refused: 'onBehalfNotAllowed' })
    one.give(onBehalf, budi)
    expect(one.refused({ type: 'notify', subject: 'submitted', channel: 'mail', party: 'holder' }, systemActor)).toMatchObject({ refused: 'holderNotMessaged' })
  })
})

describe('effective date (TMT): approval may precede it, execution never does', () => {
  const dated = { effectiveDate: '2026-12-31T17:00:00.000Z' }

  test('execution before it is refused, by whomever; the effect waits', () => {
    const one = verifying(undefined, dated).give({ type: 'approve', findings }, budi)
    for (const actor of [systemActor, budi, { ...budi, role: 'onCallOfficer' } as const]) {
      expect(one.refused({ type: 'execute' }, actor, '2026-12-31T16:59:59.999Z')).toMatchObject({ refused: 'effectiveDateNotReached' })
    }
    const event = one.events.at(-1) as WorkflowEvent
    expect(effectsOf(one.rules, event, one.state as CaseState)).toEqual([{ kind: 'execute', notBefore: dated.effectiveDate }])
    expect(one.give({ type: 'execute' }, { ...budi, role: 'onCallOfficer' }, dated.effectiveDate).status).toBe('executing')
  })

  test('amending voids findings and approval; what AMS holds is not amended behind its back', () => {
    const one = verifying().give({ type: 'approve', findings }, budi)
    expect(one.refused({ type: 'amend', reason: 'pensiun' }, owner)).toMatchObject({ refused: 'amsHoldsRecord' })
    one.give({ type: 'amend', effectiveDate: dated.effectiveDate }, owner)
    expect(one.state).toMatchObject({ status: 'verifying', effectiveDate: dated.effectiveDate })
    expect(one.state?.approval).toBeUndefined()
    expect(one.refused({ type: 'approve' }, budi)).toMatchObject({ refused: 'findingsMissing', missing: ['data', 'completeness', 'subjectDn'] })
  })
})

describe('key compromise (kunci bocor)', () => {
  const bocor = { ...base, reason: 'kunciBocor', letters: [] } as const
  const alone: RosterEntry[] = [{ id: 'ani', role: 'verifier' }, { id: 'dodi', role: 'supervisor' }]

  test('a letter may follow: executed without it, closed only with it', () => {
    const one = at(purbalingga).give(bocor, opd)
    expect(one.state).toMatchObject({ status: 'submitted', expedited: true, letterDue: expect.any(String) as string })
    one.give({ type: 'dispose', to: 'budi' }, head).give({ type: 'approve', findings: { ...findings, completeness: 'incomplete' } }, budi).give({ type: 'execute' }, systemActor)
    expect(one.status).toBe('executing')
  })

  test('a reason that is not urgent takes the urgency back: no letter to follow, no emergency act, the letters are owed', () => {
    const one = at(purbalingga).give(bocor, opd).give({ type: 'dispose', to: 'budi' }, head).give({ type: 'amend', reason: 'mutasi' }, opd)
    expect(one.state).toMatchObject({ reason: 'mutasi', expedited: false })
    expect(one.state?.letterDue).toBeUndefined()
    expect(one.refused({ type: 'approve', findings }, budi)).toMatchObject({ refused: 'lettersMissing', missing: ['requestLetter', 'reasonStatement'] })
    expect(one.refused({ type: 'approve', findings, emergency: true }, { ...budi, id: 'ani' })).toMatchObject({ refused: 'lettersMissing' })
    // Another urgent reason, or another fact, changes nothing of the urgency.
    expect(at(purbalingga).give(bocor, opd).give({ type: 'amend', effectiveDate: '2026-12-31T17:00:00.000Z' }, opd).state).toMatchObject({ expedited: true, letterDue: expect.any(String) as string })
  })

  test('an ordinary request without its letter stays a draft and says what is missing', () => {
    const one = at(purbalingga).give({ ...bocor, reason: 'mutasi' }, opd)
    expect(one.status).toBe('draft')
    expect(one.refused({ type: 'submit' }, opd)).toMatchObject({ refused: 'lettersMissing', missing: ['requestLetter', 'reasonStatement'] })
  })

  test('one person alone: only expedited, only without a colleague, and the superior must be heard before it is closed', () => {
    const onBehalf = { ...bocor, onBehalf: 'unreachable', parties: { ...base.parties, applicant: { id: 'ani' }, holder: { id: 'pemilik', reachable: false } } } as const
    const one = at(pekalongan, alone).give(onBehalf, { ...budi, id: 'ani' })
    const same: Actor = { id: 'ani', role: 'verifier' }
    expect(one.refused({ type: 'approve', findings }, same)).toMatchObject({ refused: 'fourEyes' })
    const colleague = compileRules(pekalongan, { roster: [...alone, { id: 'budi', role: 'verifier' }] })
    expect(decide(colleague, one.state, { type: 'approve', findings, emergency: true }, same, t(30))).toMatchObject({ refused: 'fourEyes' })
    one.give({ type: 'approve', findings, emergency: true }, same)
    expect(one.state?.approval).toMatchObject({ by: 'ani', emergency: true })
    expect(one.state?.ratification?.due).toBeDefined()
    expect(one.refused({ type: 'ratify', decision: 'ratified' }, { ...dodi, id: 'ani' })).toMatchObject({ refused: 'fourEyes' })
    one.give({ type: 'execute' }, same).give({ type: 'ratify', decision: 'ratified' }, dodi)
    expect(one.refused({ type: 'ratify', decision: 'ratified' }, dodi)).toMatchObject({ refused: 'nothingToRatify' })
  })

  test('emergency is no way around four eyes for an ordinary reason', () => {
    expect(verifying().refused({ type: 'approve', findings, emergency: true }, { ...budi, id: 'ani' })).toMatchObject({ refused: 'emergencyNotAllowed' })
  })
})

describe('wrong role, office, order, time', () => {
  test.each<[string, Command, Actor, string]>([
    ['an owner approves', { type: 'approve', findings }, owner, 'notYourRole'],
    ['the desk approves', { type: 'approve', findings }, systemActor, 'notYourRole'],
    ['another OPD withdraws', { type: 'withdraw' }, { id: 'orang', role: 'opdHead', opd: 'opd-b' }, 'notYourRole'],
    ['another owner withdraws', { type: 'withdraw' }, { id: 'orang', role: 'holder', opd: 'opd-b' }, 'notYourOffice'],
    ['an officer amends', { type: 'amend', effectiveDate: null }, budi, 'notYourOffice'],
    ['filing it again', base, owner, 'alreadyFiled'],
    ['executing what is not approved', { type: 'execute' }, systemActor, 'notInThisStatus'],
    ['proving what is not approved', { type: 'prove', proof: { of: 'held', sha256: 'x', thisUpdate: t(0), serial: '0a' } }, systemActor, 'notInThisStatus'],
    ['closing it', { type: 'close' }, systemActor, 'notInThisStatus'],
    ['returning without a reason', { type: 'return', reasons: [] }, budi, 'reasonsMissing'],
    ['approving without findings', { type: 'approve' }, budi, 'findingsMissing'],
    ['a mismatch', { type: 'approve', findings: { ...findings, subjectDn: 'mismatch' } }, budi, 'findingMismatch'],
    ['a letter twice', { type: 'attach', letter: base.letters[0] }, owner, 'alreadyAttached'],
    ['a letter of tomorrow', { type: 'attach', letter: { ...base.letters[0], sha256: 'z', date: '2026-11-26' } }, owner, 'inTheFuture'],
    ['expiring what is valid', { type: 'expire' }, systemActor, 'certificateNotExpired'],
  ])('%s is refused', (_name, command, actor, code) => {
    expect(verifying().refused(command, actor)).toMatchObject({ refused: code })
  })

  test('a command before the last event, or at no time at all', () => {
    const one = verifying()
    expect(one.refused({ type: 'approve', findings }, budi, t(-1))).toMatchObject({ refused: 'timeBackwards' })
    expect(one.refused({ type: 'approve', findings }, budi, '2026-11-24')).toMatchObject({ refused: 'timeInvalid' })
  })

  test('a disposition is read by its addressee only, and cancelled only while unread', () => {
    const one = at(purbalingga).give(base, opd).give({ type: 'dispose', to: 'budi' }, head)
    expect(one.refused({ type: 'verify', findings }, citra)).toMatchObject({ refused: 'notDisposedTo' })
    one.give({ type: 'cancelDisposition' }, head).give({ type: 'dispose', to: 'citra' }, head).give({ type: 'receive' }, citra)
    expect(one.refused({ type: 'cancelDisposition' }, head)).toMatchObject({ refused: 'notInThisStatus', status: 'verifying' })
    expect(one.give({ type: 'redispose', to: 'budi' }, head).state?.disposition).toMatchObject({ to: 'budi', read: false })
  })

  test('Pekalongan has no disposition, Purbalingga needs one', () => {
    expect(at(pekalongan).give(base, owner).refused({ type: 'dispose', to: 'budi' }, head)).toMatchObject({ refused: 'notInThisStatus' })
    expect(at(purbalingga).give(base, opd).refused({ type: 'approve', findings }, budi)).toMatchObject({ refused: 'notInThisStatus' })
  })

  test('a suspension is filed only where the standard offers it', () => {
    expect(at(pekalongan).refused({ ...base, kind: 'suspension', reason: 'penangguhan' }, owner)).toMatchObject({ refused: 'suspensionNotOffered' })
  })

  test('somebody of another OPD does not file for this one', () => {
    expect(at(purbalingga).refused(base, { id: 'orang', role: 'opdOfficer', opd: 'opd-b' })).toMatchObject({ refused: 'notYourOffice' })
  })
})

describe('AMS', () => {
  const executing = (): Case => verifying().give({ type: 'approve', findings }, budi).give({ type: 'execute' }, systemActor)
  const record = (status: 'waitingBsre' | 'revoked' | 'returned' | 'refused' | 'other'): Command =>
    ({ type: 'recordAmsAnswer', operation: 'read', outcome: 'accepted', record: { id: 'A-1', status, rawStatus: status } })

  test.each([
    ['waitingBsre', 'atBsre'], ['revoked', 'awaitingProof'], ['refused', 'failed'], ['returned', 'returned'], ['other', 'executing'],
  ] as const)('after approval AMS says %s: %s', (word, status) => {
    expect(executing().give(record(word), systemActor).status).toBe(status)
  })

  test('revoked in AMS before approval is a contradiction, resolved only by somebody who did not file', () => {
    const one = verifying().give(record('revoked'), systemActor)
    expect(one.state).toMatchObject({ status: 'contradicted', statusReason: 'revokedOutside' })
    expect(one.refused({ type: 'resolve', outcome: 'continue' }, { ...budi, id: 'ani' })).toMatchObject({ refused: 'fourEyes' })
    expect(one.give({ type: 'resolve', outcome: 'continue' }, budi).state).toMatchObject({ status: 'awaitingProof', approval: { by: 'budi' } })
  })

  test('the owner files in AMS under a standard with a disposition: AMS has it, and it still waits for the head', () => {
    const both = { ...pekalongan, disposition: true, steps: [...pekalongan.steps, { ...purbalingga.steps.find(step => step.command === 'dispose') as typeof pekalongan.steps[number] }] }
    const filed = (): Case => at(both).give(base, owner).give({ type: 'startWrite', operation: 'file', key: 'K-1.file.1' }, systemActor)
    const one = filed().give(filedInAms, systemActor)
    expect(one.state).toMatchObject({ status: 'submitted', ams: { recordId: 'A-1' } })
    expect(nextWrite(one.rules, one.state as CaseState)).toBeUndefined()
    expect(one.refused({ type: 'approve', findings }, budi)).toMatchObject({ refused: 'notInThisStatus' })
    expect(one.give({ type: 'dispose', to: 'budi' }, head).give({ type: 'receive' }, budi).status).toBe('verifying')
    const looked = filed().give({ type: 'recordAmsAnswer', operation: 'file', outcome: 'unknown' }, systemActor).give({ type: 'park' }, systemActor)
    expect(looked.give({ type: 'resume', found: 'record', recordId: 'A-2' }, budi).state).toMatchObject({ status: 'submitted', ams: { recordId: 'A-2', recordStatus: 'waitingVerification' } })
    // Sent back and handed in again: the disposition of before still holds.
    const again = filed().give(filedInAms, systemActor).give({ type: 'dispose', to: 'budi' }, head).give({ type: 'return', reasons: ['x'] }, budi)
      .give({ type: 'startWrite', operation: 'return', key: 'K-1.return.A-1' }, systemActor)
      .give({ type: 'recordAmsAnswer', operation: 'return', outcome: 'accepted', record: { id: 'A-1', status: 'returned', rawStatus: 'R' } }, systemActor)
      .give({ type: 'submit' }, owner).give({ type: 'startWrite', operation: 'file', key: 'K-1.file.2' }, systemActor)
    expect(again.give({ ...filedInAms, record: { id: 'A-3', status: 'waitingVerification', rawStatus: 'W' } } as Command, systemActor).status).toBe('verifying')
  })

  test('one write at a time, under the key of its act', () => {
    const one = executing()
    expect(one.refused({ type: 'startWrite', operation: 'file', key: 'K-1.file.1' }, systemActor)).toMatchObject({ refused: 'nothingOwed' })
    one.give({ type: 'startWrite', operation: 'forward', key: 'K-1.forward.A-1' }, systemActor)
    expect(one.refused({ type: 'startWrite', operation: 'forward', key: 'K-1.forward.A-1' }, systemActor)).toMatchObject({ refused: 'amsWriteOpen' })
    one.give({ type: 'recordAmsAnswer', operation: 'forward', outcome: 'unknown' }, systemActor)
    expect(one.refused({ type: 'startWrite', operation: 'forward', key: 'other-key' }, systemActor)).toMatchObject({ refused: 'amsWriteOpen' })
    one.give({ type: 'startWrite', operation: 'forward', key: 'K-1.forward.A-1' }, systemActor)
    expect(one.state?.ams.write).toMatchObject({ operation: 'forward', unknown: false })
  })

  test('while a write is open nothing that AMS should hear of is decided', () => {
    const one = at(pekalongan).give(base, owner).give({ type: 'startWrite', operation: 'file', key: 'K-1.file.1' }, systemActor)
    expect(one.refused({ type: 'withdraw' }, owner)).toMatchObject({ refused: 'amsWriteOpen' })
  })
})

describe('proof: the only way to revoked', () => {
  const proof = {
    source: 'crl', sha256: 'e', certificate: { issuerDn: 'CN=CA', serial: '0a', sha256: 'c' }, thisUpdate: t(0), revocationDate: t(0), anchorSha256: 'r', seenAt: t(0),
  } as const
  const waiting = (): Case => verifying().give({ type: 'approve', findings }, budi).give({ type: 'execute' }, systemActor)
    .give({ type: 'recordAmsAnswer', operation: 'read', outcome: 'accepted', record: { id: 'A-1', status: 'revoked', rawStatus: 'R' } }, systemActor)
  const seen: Command = { type: 'recordEvidence', evidence: { sha256: 'e', source: 'crl', verdict: 'revoked' } }

  test('evidence must be recorded, about this certificate, and a listing', () => {
    const one = waiting()
    expect(one.refused({ type: 'prove', proof: { of: 'revoked', proof } }, systemActor)).toMatchObject({ refused: 'notProven' })
    one.give(seen, systemActor)
    expect(one.refused({ type: 'prove', proof: { of: 'revoked', proof: { ...proof, certificate: { ...proof.certificate, serial: '0b' } } } }, systemActor)).toMatchObject({ refused: 'wrongCertificate' })
    expect(one.refused({ type: 'prove', proof: { of: 'held', sha256: 'e', thisUpdate: t(0), serial: '0a' } }, systemActor)).toMatchObject({ refused: 'notProven' })
    expect(one.give({ type: 'prove', proof: { of: 'revoked', proof } }, systemActor).status).toBe('revoked')
  })

  test('closed only after the applicant was informed of it; Purbalingga also wants the answer letter', () => {
    const one = waiting().give({ type: 'notify', subject: 'awaitingProof', channel: 'mail' }, systemActor).give(seen, systemActor)
      .give({ type: 'prove', proof: { of: 'revoked', proof } }, systemActor)
    expect(one.refused({ type: 'close' }, systemActor)).toMatchObject({ refused: 'notInformed' })
    expect(one.refused({ type: 'notify', subject: 'awaitingProof', channel: 'mail' }, systemActor)).toMatchObject({ refused: 'subjectMismatch' })
    one.give({ type: 'notify', subject: 'revoked', channel: 'mail' }, systemActor)
    expect(one.refused({ type: 'notify', subject: 'revoked', channel: 'mail' }, systemActor)).toMatchObject({ refused: 'alreadyInformed' })
    expect(decide(compileRules(purbalingga), one.state, { type: 'close' }, systemActor, t(60))).toMatchObject({ refused: 'notAnswered' })
    expect(one.give({ type: 'close' }, systemActor).status).toBe('closed')
    expect(one.refused({ type: 'reopen', complaint: '' }, { id: 'p', role: 'complaintOfficer' })).toMatchObject({ refused: 'complaintMissing' })
    const reopened = one.give({ type: 'reopen', complaint: 'ADU-1' }, { id: 'p', role: 'complaintOfficer' })
    expect(reopened.state).toMatchObject({ status: 'revoked', answers: 0 })
    expect(reopened.refused({ type: 'close' }, systemActor)).toMatchObject({ refused: 'notInformed' })
  })

  test('the same evidence twice changes nothing', () => {
    const one = waiting().give(seen, systemActor)
    expect(decide(one.rules, one.state, seen, systemActor, t(50))).toEqual([])
  })
})
