import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { at, base, budi, Case, citra, dodi, filedInAms, findings, head, opd, owner, pekalongan, purbalingga, t, verifying } from '../../test/case.js'
import { loadStandard } from '../standard/index.js'
import { allowedNow, amsActor, compileRules, decide, evolve, noticeSubject, systemActor, writeKey, type Actor, type CaseState, type Command } from './index.js'

const karsa = loadStandard(JSON.parse(readFileSync(new URL('../../../../docs/standards/kabupaten-tanjung-karsa.json', import.meta.url), 'utf8')) as object)
const onBehalf = {
  ...base, onBehalf: 'deceased', reason: 'meninggal', parties: { ...base.parties, applicant: { id: 'eka' }, holder: { id: 'pemilik', deceased: true } },
  letters: [...base.letters, { kind: 'deathCertificate', sha256: 'd', size: 1, mediaType: 'application/pdf' }],
} as const satisfies Command
const letter = { kind: 'answerLetter', sha256: 'z', size: 1, mediaType: 'application/pdf' } as const

describe('who may, in the corners of the table', () => {
  test('isHolder: whoever filed on behalf is no holder for that', () => {
    const one = at(pekalongan).give(onBehalf, { id: 'eka', role: 'personnelOffice', opd: 'bkpsdm' })
    expect(one.refused({ type: 'attach', letter: { ...letter, kind: 'other' } }, { id: 'eka', role: 'holder' })).toMatchObject({ refused: 'notHolder' })
  })

  test('isOpdHead: the applicant who filed does not hand in what the head of the OPD must', () => {
    const one = at(karsa).give({ ...base, draft: true }, { id: 'ani', role: 'opdHead', opd: 'opd-a' })
    expect(one.refused({ type: 'submit' }, { id: 'ani', role: 'applicant', opd: 'opd-a' })).toMatchObject({ refused: 'notYourRole' })
    expect(one.give({ type: 'submit' }, { id: 'ani', role: 'opdHead', opd: 'opd-a' }).status).toBe('submitted')
  })

  test('without a roster the supervisor may step in for the one it was disposed to; another verifier may not', () => {
    const one = at(purbalingga).give(base, opd).give({ type: 'dispose', to: 'budi' }, head)
    expect(one.refused({ type: 'verify', findings }, citra)).toMatchObject({ refused: 'notDisposedTo' })
    expect(one.give({ type: 'verify', findings }, dodi).status).toBe('verifying')
  })

  test('where nothing is disposed an officer takes a request up by receiving it; the head only acknowledges', () => {
    expect(at(karsa).give(base, { id: 'ani', role: 'opdHead', opd: 'opd-a' }).give({ type: 'receive' }, budi).status).toBe('verifying')
    expect(at(purbalingga).give(base, opd).give({ type: 'receive' }, head).status).toBe('submitted')
  })

  test('allowed: on behalf of the owner AMS is not written at submission, so the officer decides at once', () => {
    const rules = compileRules(pekalongan)
    const owners = new Case(rules).give(base, owner)
    const others = new Case(rules).give(onBehalf, { id: 'eka', role: 'personnelOffice' })
    expect(allowedNow(rules, owners.state).map(({ command }) => command)).not.toContain('approve')
    expect(allowedNow(rules, others.state).map(({ command }) => command)).toContain('approve')
    expect(allowedNow(rules, undefined).map(({ command }) => command)).toEqual(['file'])
    expect(allowedNow(rules, others.state).every(({ persons }) => persons === undefined)).toBe(true)
  })
})

describe('filing', () => {
  test.each<[string, object, Actor, string]>([
    ['a reason the standard does not offer', { reason: 'lainnya' }, owner, 'reasonNotOffered'],
    ['an expired certificate', { certificate: { serial: '0a', notAfter: '2026-11-24T01:59:59.999Z' } }, owner, 'certificateExpired'],
    ['a compromise that is still to come', { invalidityDate: '2026-11-26T00:00:00.000Z' }, owner, 'inTheFuture'],
    ['somebody else\'s certificate', { parties: { ...base.parties, holder: { id: 'lain' } } }, owner, 'notHolder'],
  ])('%s is refused', (_, more, actor, code) => {
    const standard = { ...pekalongan, reasons: { ...pekalongan.reasons, offered: ['mutasi'] } }
    expect(at(standard).refused({ ...base, ...more }, actor)).toMatchObject({ refused: code })
  })

  test('a draft is recorded and not handed in; what it says is kept', () => {
    const one = at(pekalongan).give({ ...base, draft: true, register: 'R-1', invalidityDate: '2026-11-23T00:00:00.000Z' }, owner)
    expect(one.events.map(({ type }) => type)).toEqual(['filed'])
    expect(one.state).toMatchObject({ status: 'draft', register: 'R-1', invalidityDate: '2026-11-23T00:00:00.000Z' })
    expect(one.give({ type: 'submit', register: 'R-2' }, owner).state).toMatchObject({ status: 'submitted', register: 'R-2' })
  })

  test.each<[string, Command, string]>([
    ['to a reason that is not offered', { type: 'amend', reason: 'lainnya' }, 'reasonNotOffered'], ['to a date still to come', { type: 'amend', invalidityDate: '2026-11-26T00:00:00.000Z' }, 'inTheFuture'],
  ])('amended %s is refused', (_, command, code) => {
    const one = at({ ...pekalongan, reasons: { ...pekalongan.reasons, offered: ['mutasi'] } }).give({ ...base, draft: true }, owner)
    expect(one.refused(command, owner)).toMatchObject({ refused: code })
  })

  test('dates are set and taken back by amending', () => {
    const one = at(pekalongan).give({ ...base, draft: true }, owner).give({ type: 'amend', invalidityDate: '2026-11-23T00:00:00.000Z', effectiveDate: '2026-12-31T17:00:00.000Z' }, owner)
    expect(one.state).toMatchObject({ invalidityDate: '2026-11-23T00:00:00.000Z', effectiveDate: '2026-12-31T17:00:00.000Z' })
    one.give({ type: 'amend', invalidityDate: null, effectiveDate: null }, owner)
    expect([one.state?.invalidityDate, one.state?.effectiveDate]).toEqual([undefined, undefined])
  })

  test('in the name of another (a.n., u.b.): neither decides', () => {
    const one = at(pekalongan).give(onBehalf, { id: 'eka', role: 'personnelOffice', delegation: { kind: 'an', of: 'budi' } })
    expect(one.state?.filers).toEqual(['eka', 'budi'])
    expect(one.refused({ type: 'approve', findings }, budi)).toMatchObject({ refused: 'fourEyes' })
  })

  test('the first event of a history is the filing', () => {
    expect(() => evolve(undefined, { type: 'expedited', actor: owner, time: t(0), data: {} }, 'K-1', { id: 'x', version: '1' })).toThrow(/first event of a case is "filed", not "expedited"/)
  })
})

describe('telling and ending', () => {
  test('a holder who cannot be reached is not messaged, one who can is; the applicant always is', () => {
    const told = { type: 'notify', subject: 'submitted', channel: 'mail', reference: 'n-1' } as const
    const filed = (holder: object): Case => at(purbalingga).give({ ...base, parties: { ...base.parties, holder: { id: 'pemilik', ...holder } } }, opd)
    expect(filed({ reachable: false }).refused({ ...told, party: 'holder' }, systemActor)).toMatchObject({ refused: 'holderNotMessaged' })
    expect(filed({ reachable: false }).give(told, systemActor).state?.notices).toHaveLength(1)
    const one = filed({ reachable: true }).give({ ...told, party: 'holder' }, systemActor)
    expect(one.events.at(-1)?.data).toEqual({ subject: 'submitted', party: 'holder', channel: 'mail', reference: 'n-1' })
    expect(one.give({ type: 'notify', subject: 'submitted', channel: 'mail' }, systemActor).events.at(-1)?.data).toEqual({ subject: 'submitted', party: 'applicant', channel: 'mail' })
  })

  test('an answer letter is not dated tomorrow', () => {
    const one = verifying().give({ type: 'reject', reasons: ['x'] }, budi)
    expect(one.refused({ type: 'answer', letter: { ...letter, date: '2026-11-26' } }, budi)).toMatchObject({ refused: 'inTheFuture' })
    expect(one.give({ type: 'answer', letter: { ...letter, date: '2026-11-24' } }, budi).state?.answers).toBe(1)
  })

  test('a rejection complained about is verified again, and rests on nothing found before', () => {
    const one = verifying().give({ type: 'verify', findings }, budi).give({ type: 'reject', reasons: ['x'] }, budi)
      .give({ type: 'startWrite', operation: 'reject', key: 'K-1.reject.A-1' }, systemActor)
      .give({ type: 'recordAmsAnswer', operation: 'reject', outcome: 'accepted', record: { id: 'A-1', status: 'refused', rawStatus: 'X' } }, systemActor)
      .give({ type: 'notify', subject: 'rejected', channel: 'mail' }, systemActor).give({ type: 'close' }, systemActor)
    expect(one.state).toMatchObject({ status: 'closed', cameFrom: 'rejected' })
    expect(noticeSubject(one.state as CaseState)).toBeUndefined()
    one.give({ type: 'reopen', complaint: 'ADU-1' }, { id: 'p', role: 'complaintOfficer' })
    expect(one.status).toBe('verifying')
    expect(one.state?.findings).toBeUndefined()
  })

  test('a letter that was to follow, and an emergency not yet heard, stand between a proven revocation and its end', () => {
    const alone = [{ id: 'ani', role: 'verifier' }, { id: 'dodi', role: 'supervisor' }] as const
    const same: Actor = { id: 'ani', role: 'verifier' }
    const proof = { source: 'crl', sha256: 'e', certificate: { issuerDn: 'CN=CA', serial: '0a', sha256: 'c' }, thisUpdate: t(0), revocationDate: t(0), anchorSha256: 'r', seenAt: t(0) } as const
    const one = at(pekalongan, alone).give({
      ...base, reason: 'kunciBocor', letters: [{ kind: 'institutionDecision', sha256: 'i', size: 1, mediaType: 'application/pdf' }], onBehalf: 'unreachable',
      parties: { ...base.parties, holder: { id: 'pemilik', reachable: false } },
    }, same).give({ type: 'approve', findings: { ...findings, completeness: 'incomplete' }, emergency: true }, same).give({ type: 'execute' }, systemActor)
      .give({ type: 'recordEvidence', evidence: { sha256: 'e', source: 'crl', verdict: 'revoked' } }, systemActor).give({ type: 'prove', proof: { of: 'revoked', proof, chain: ['k'] } }, systemActor)
      .give({ type: 'notify', subject: 'revoked', channel: 'mail' }, systemActor)
    expect(one.state?.proofChain).toEqual(['k'])
    expect(one.refused({ type: 'close' }, systemActor)).toMatchObject({ refused: 'letterOwed' })
    one.give({ type: 'attach', letter: base.letters[0] }, same)
    expect(one.refused({ type: 'close' }, systemActor)).toMatchObject({ refused: 'ratificationOwed' })
    expect(one.give({ type: 'ratify', decision: 'refused', note: 'tidak mendesak' }, dodi).give({ type: 'close' }, systemActor).status).toBe('closed')
    expect(one.events.find(({ type }) => type === 'ratified')?.personal).toEqual({ remark: 'tidak mendesak' })
  })
})

describe('AMS, in the corners', () => {
  test('while a write is open the officer neither returns nor rejects; AMS hears one thing at a time', () => {
    const one = verifying().give({ type: 'return', reasons: ['x'] }, budi).give({ type: 'startWrite', operation: 'return', key: 'K-1.return.A-1' }, systemActor)
    expect(one.refused({ type: 'submit' }, owner)).toMatchObject({ refused: 'amsWriteOpen' })
    const parked = at(pekalongan).give(base, owner).give({ type: 'startWrite', operation: 'file', key: 'K-1.file.1' }, systemActor)
    expect(parked.refused({ type: 'park' }, systemActor)).toMatchObject({ refused: 'amsWriteOpen' })
    parked.give({ type: 'recordAmsAnswer', operation: 'file', outcome: 'unknown' }, systemActor).give({ type: 'park', detail: 'lihat AMS' }, systemActor)
    expect(parked.refused({ type: 'resume', found: 'record' }, budi)).toMatchObject({ refused: 'amsRecordMissing' })
    expect(parked.give({ type: 'resume', found: 'nothing' }, budi).state).toMatchObject({ status: 'submitted', ams: { attempt: 1 } })
    expect(writeKey(parked.state as CaseState, 'file')).toBe('K-1.file.2')
    expect(writeKey(parked.state as CaseState, 'return')).toBe('K-1.return.-')
  })

  test('a record that vanished is noted once, and forgotten when it is back; when AMS revoked is kept', () => {
    const one = verifying().give({ type: 'approve', findings }, budi).give({ type: 'execute' }, systemActor)
    const gone: Command = { type: 'recordAmsAnswer', operation: 'read', outcome: 'refused', code: 'NOT_FOUND' }
    one.give(gone, systemActor)
    const since = one.state?.ams.lostSince
    expect(since).toBe(one.state?.updatedAt)
    expect(one.give(gone, systemActor).state?.ams.lostSince).toBe(since)
    one.give({ type: 'recordAmsAnswer', operation: 'read', outcome: 'accepted', record: { id: 'A-1', status: 'revoked', rawStatus: 'R', revokedAt: t(1) } }, systemActor)
    expect(one.state?.ams).toMatchObject({ revokedAt: t(1) })
    expect(one.state?.ams.lostSince).toBeUndefined()
  })

  test.each([['holder', 'ani', 'holder'], ['applicant', 'ani', 'applicant'], ['opdOfficer', 'ani', 'opdOfficer'], ['opdHead', 'ani', 'opdHead'], ['verifier', 'citra', 'verifier']] as const)(
    'who files there where the standard says %s', (fileBy, id, role) => {
      const rules = compileRules({ ...pekalongan, ams: { ...pekalongan.ams, fileBy } }, { roster: [{ id: 'ani', role: 'verifier' }, { id: 'budi', role: 'verifier', absent: true }, { id: 'citra', role: 'verifier' }] })
      const one = new Case(rules).give(base, owner)
      expect(amsActor(rules, one.state as CaseState, 'file')).toEqual({ id, role })
    },
  )

  test('nobody of the service is known: AMS is read as the owner, written as the desk', () => {
    const one = at(pekalongan).give({ ...base, parties: { ...base.parties, holder: {} } }, { ...owner, role: 'applicant' })
    expect(amsActor(one.rules, one.state as CaseState, 'read')).toEqual({ id: 'ani', role: 'holder' })
    expect(amsActor(one.rules, one.state as CaseState, 'file')).toEqual({ id: 'ani', role: 'holder' })
    expect(amsActor(one.rules, one.state as CaseState, 'return')).toEqual({ id: 'system', role: 'verifier' })
  })

  test('without a clock of the office limits run on the wall, whole days as 24 hours', () => {
    const { deadline } = compileRules(pekalongan)
    expect([
      deadline({ kind: 'workingMinutes', amount: 90 }, t(0)), deadline({ kind: 'wallHours', amount: 2 }, t(0)), deadline({ kind: 'workingDays', amount: 2 }, t(0)), deadline({ kind: 'sameDay', amount: 0 }, t(0)),
    ]).toEqual([t(90), t(120), t(2 * 1440), t(1440)])
  })

  test('a decision that AMS holds no record for is told to nobody there', () => {
    const one = at(purbalingga).give(base, opd).give({ type: 'dispose', to: 'budi', note: '' }, head).give({ type: 'reject', reasons: [' a\n b ', ''] }, budi)
    expect(one.state?.ams.owed).toBeUndefined()
    expect(one.state?.personal['decisionReasons']).toBe('a b')
    expect(one.events.find(({ type }) => type === 'disposed')?.personal).toBeUndefined()
    expect(decide(one.rules, one.state, filedInAms, systemActor, t(60))).toMatchObject({ refused: 'nothingOwed' })
  })
})
