import { describe, expect, test } from 'vitest'
import { at, base, budi, Case, citra, dodi, findings, head, opd, owner, pekalongan, purbalingga, t, verifying } from '../../test/case.js'
import { blockedBy, compileRules, decide, systemActor, type Actor, type CaseState, type Command } from './index.js'

// Each guard by itself: what it stops, and what it must not stop.
const onBehalf = {
  ...base, onBehalf: 'deceased', reason: 'meninggal', parties: { ...base.parties, applicant: { id: 'eka' }, holder: { id: 'pemilik', deceased: true } },
  letters: [...base.letters, { kind: 'deathCertificate', sha256: 'd', size: 1, mediaType: 'application/pdf' }],
} as const satisfies Command
const eka: Actor = { id: 'eka', role: 'personnelOffice', opd: 'opd-a' }
const other: Command = { type: 'attach', letter: { kind: 'other', sha256: 'z', size: 1, mediaType: 'application/pdf' } }
const verifier = (id: string): Actor => ({ id, role: 'verifier', opd: 'dinkominfo' })

/** A leaked key, filed by an officer on behalf of an owner who cannot be reached: the one road to a decision by one person. */
const leaked = {
  ...base, reason: 'kunciBocor', onBehalf: 'unreachable', parties: { ...base.parties, holder: { id: 'pemilik', reachable: false } },
  letters: [{ kind: 'institutionDecision', sha256: 'i', size: 1, mediaType: 'application/pdf' }],
} as const satisfies Command
const alone: Command = { type: 'approve', findings: { ...findings, completeness: 'incomplete' }, emergency: true }

describe('the time of a command', () => {
  const rules = compileRules(pekalongan)
  test.each(['2026-11-24T02:00:00Z', '2026-11-24T02:00:00.000+', '2026-11-24T02:00:00.000Zx', ''])('%j is not ISO 8601 UTC with milliseconds', now => {
    expect(decide(rules, undefined, base, owner, now)).toMatchObject({ refused: 'timeInvalid', command: 'file', status: 'none' })
  })
})

describe('what a refusal says', () => {
  test('a case is filed once, and nothing precedes the filing', () => {
    const one = at(pekalongan)
    expect(one.refused({ type: 'withdraw' }, owner)).toMatchObject({ refused: 'notFiled', command: 'withdraw', status: 'none' })
    expect(one.give(base, owner).refused(base, owner)).toMatchObject({ refused: 'alreadyFiled', command: 'file', status: 'submitted' })
  })

  test('what is missing is named where something is, and only there', () => {
    const one = verifying()
    expect(one.refused({ type: 'approve' }, budi)).toMatchObject({ refused: 'findingsMissing', missing: ['data', 'completeness', 'subjectDn'] })
    expect(one.refused({ type: 'withdraw' }, budi)).not.toHaveProperty('missing')
  })

  test('with what is missing it says as much as without: the command, the status, what is allowed', () => {
    const said = verifying().refused({ type: 'approve' }, budi) as { readonly allowed: readonly { readonly command: string }[] }
    expect(said).toMatchObject({ command: 'approve', status: 'verifying' })
    expect(said.allowed.map(({ command }) => command)).toContain('reject')
  })
})

describe('whose request it is', () => {
  const strangers: readonly [string, Actor][] = [
    ['an applicant of the same OPD who did not file', { id: 'zul', role: 'applicant', opd: 'opd-a' }],
    ['an officer of no OPD', { id: 'zul', role: 'opdOfficer' }],
    ['an officer of another OPD', { id: 'zul', role: 'opdOfficer', opd: 'opd-b' }],
  ]
  test.each(strangers)('%s may not touch it', (_, actor) => {
    expect(at(purbalingga).give(base, opd).refused(other, actor)).toMatchObject({ refused: 'notYourOffice' })
  })

  test('a holder of another certificate of the same OPD may not touch it', () => {
    expect(at(pekalongan).give(onBehalf, eka).refused(other, { id: 'zul', role: 'holder', opd: 'opd-a' })).toMatchObject({ refused: 'notYourOffice' })
  })

  test('an officer of no OPD is no colleague where the request names no OPD either', () => {
    const { opdOrigin: _, ...parties } = base.parties
    const one = at(purbalingga).give({ ...base, parties: { ...parties, applicant: { id: 'ani' } } } as unknown as Command, { id: 'ani', role: 'opdOfficer' })
    expect(one.refused(other, { id: 'zul', role: 'opdOfficer' })).toMatchObject({ refused: 'notYourOffice' })
  })

  test('a colleague of the same OPD may; so may the holder whom it is about', () => {
    expect(at(purbalingga).give(base, opd).give(other, { id: 'zul', role: 'opdOfficer', opd: 'opd-a' }).state?.letters).toHaveLength(3)
    expect(at(pekalongan).give(onBehalf, eka).refused(other, { id: 'pemilik', role: 'holder' })).toBe('not refused')
  })

  test('isHolder asks holders only, and only where the step names it', () => {
    const one = at(pekalongan).give(onBehalf, eka)
    expect(one.refused(other, eka)).toBe('not refused')
    expect(one.refused({ type: 'withdraw' }, { ...eka, role: 'holder' })).toBe('not refused')
  })
})

describe('who decides', () => {
  test('urgency lets nobody find what they filed: only an approval may be alone', () => {
    const one = at(pekalongan).give(leaked, verifier('ani'))
    expect(one.refused({ type: 'verify', findings, emergency: true } as Command, verifier('ani'))).toMatchObject({ refused: 'fourEyes' })
    expect(one.refused({ type: 'approve', findings }, verifier('ani'))).toMatchObject({ refused: 'fourEyes' })
  })

  test('who is entered as absent and comes all the same decides; the supervisor waits for them', () => {
    const roster = [{ id: 'budi', role: 'verifier', absent: true }, { id: 'citra', role: 'verifier' }, { id: 'dodi', role: 'supervisor' }] as const
    expect(verifying(roster).refused({ type: 'approve', findings }, dodi)).toMatchObject({ refused: 'supervisorAsFallback' })
    expect(verifying(roster).give({ type: 'approve', findings }, budi).status).toBe('approved')
    expect(verifying(roster).give({ type: 'approve', findings }, citra).status).toBe('approved')
  })

  test.each<[string, Parameters<typeof at>[1]]>([
    ['no roster says otherwise', undefined], ['the roster holds nobody else', [{ id: 'ani', role: 'verifier' }]],
    ['the only other one is the supervisor', [{ id: 'ani', role: 'verifier' }, { id: 'dodi', role: 'supervisor' }]],
  ])('one person alone, where %s: approved, to be ratified', (_, roster) => {
    const one = at(pekalongan, roster).give(leaked, verifier('ani')).give(alone, verifier('ani'))
    expect(one.events.at(-1)).toMatchObject({ type: 'approved', data: { emergency: true } })
    expect(one.state?.ratification).toBeDefined()
  })

  test('not with a colleague at hand, not without urgency, not where the standard has nobody to ratify', () => {
    const colleague = [{ id: 'ani', role: 'verifier' }, { id: 'budi', role: 'verifier' }, { id: 'dodi', role: 'supervisor' }] as const
    expect(at(pekalongan, colleague).give(leaked, verifier('ani')).refused(alone, verifier('ani'))).toMatchObject({ refused: 'fourEyes' })
    const calm = at(pekalongan).give({ ...leaked, reason: 'mutasi', letters: [...base.letters, ...leaked.letters] }, verifier('ani'))
    expect(calm.refused({ ...alone, findings }, verifier('ani'))).toMatchObject({ refused: 'emergencyNotAllowed' })
    const nobody = new Case({ ...compileRules(pekalongan), ratification: null }).give(leaked, verifier('ani'))
    expect(nobody.refused(alone, verifier('ani'))).toMatchObject({ refused: 'emergencyNotAllowed' })
  })

  test('a decision of two is no emergency and owes nothing', () => {
    expect(verifying().give({ type: 'approve', findings }, budi).events.at(-1)?.data).toEqual({ emergency: false })
  })

  test('who filed, or approved, does not ratify; nothing is ratified twice', () => {
    const one = at(pekalongan).give(leaked, verifier('ani')).give(alone, verifier('ani'))
    expect(one.refused({ type: 'ratify', decision: 'ratified' }, { id: 'ani', role: 'supervisor' })).toMatchObject({ refused: 'fourEyes' })
    const beside = at(pekalongan).give(leaked, verifier('ani')).give(other, dodi).give(alone, verifier('ani'))
    expect(beside.refused({ type: 'ratify', decision: 'ratified' }, dodi)).toMatchObject({ refused: 'fourEyes' })
    expect(beside.refused({ type: 'ratify', decision: 'ratified' }, head)).toBe('not refused')
    one.give({ type: 'ratify', decision: 'ratified' }, dodi)
    expect(one.refused({ type: 'ratify', decision: 'ratified' }, dodi)).toMatchObject({ refused: 'nothingToRatify' })
  })
})

describe('what a decision rests on', () => {
  test('the certificate is valid up to its last instant', () => {
    const filed = (): Case => verifying(undefined, { certificate: { ...base.certificate, notAfter: t(5) } })
    expect(filed().give({ type: 'approve', findings }, budi, t(5)).status).toBe('approved')
    expect(filed().refused({ type: 'approve', findings }, budi, t(6))).toMatchObject({ refused: 'certificateExpired' })
  })

  test.each<[object, readonly string[] | undefined]>([
    [{ subjectDn: 'unchecked' }, undefined], [{ data: 'unchecked' }, ['data']], [{ completeness: 'incomplete' }, ['completeness']], [{ subjectDn: 'mismatch' }, ['subjectDn']],
    [{ data: 'mismatch', completeness: 'incomplete', subjectDn: '' }, ['data', 'completeness', 'subjectDn']],
  ])('findings %j', (more, missing) => {
    const given = { type: 'approve', findings: { ...findings, ...more } } as Command
    if (missing === undefined) expect(verifying().refused(given, budi)).toBe('not refused')
    else expect(verifying().refused(given, budi)).toMatchObject({ refused: 'findingMismatch', missing })
  })

  test('a letter to follow excuses its absence, not what does not match', () => {
    const one = at(pekalongan).give(leaked, verifier('ani'))
    expect(one.refused({ ...alone, findings: { ...findings, data: 'mismatch' } }, verifier('ani'))).toMatchObject({ refused: 'findingMismatch', missing: ['data'] })
  })

  test.each(['return', 'reject'] as const)('%s says why', type => {
    for (const reasons of [[], [''], ['  ']]) expect(verifying().refused({ type, reasons }, budi)).toMatchObject({ refused: 'reasonsMissing' })
    expect(verifying().give({ type, reasons: ['surat kurang jelas'] }, budi).events.at(-1)?.personal).toEqual({ decisionReasons: 'surat kurang jelas' })
  })

  test('nobody is given what they filed; who could take it is named', () => {
    expect(at(purbalingga).give(base, opd).refused({ type: 'dispose', to: 'ani' }, head)).toMatchObject({ refused: 'assigneeFiled', missing: [] })
    const roster = [{ id: 'budi', role: 'verifier' }, { id: 'ani', role: 'verifier' }] as const
    expect(at(purbalingga, roster).give(base, opd).refused({ type: 'dispose', to: 'ani' }, head)).toMatchObject({ refused: 'assigneeFiled', missing: ['budi'] })
  })

  test('a request nobody may decide carries the advice while it waits for a decision, and no longer', () => {
    const one = at(purbalingga, [{ id: 'ani', role: 'verifier' }]).give(base, opd)
    const advised = (): boolean => Object.hasOwn(one.refused({ type: 'submit' }, opd) as object, 'advice')
    expect([one.status, advised()]).toEqual(['submitted', true])
    one.give({ type: 'dispose', to: 'budi' }, head)
    expect([one.status, advised()]).toEqual(['disposed', true])
    one.give({ type: 'receive' }, budi)
    expect([one.status, advised()]).toEqual(['verifying', true])
    one.give({ type: 'approve', findings }, budi)
    expect([one.status, advised()]).toEqual(['approved', false])
    one.give({ type: 'contradict', reason: 'revokedOutside', findings: [] }, systemActor)
    expect([one.status, advised()]).toEqual(['contradicted', true])
    expect(blockedBy(one.rules, one.state as CaseState)?.advice).toMatchObject({ id: expect.stringContaining('Plt.') as string, en: expect.stringContaining('Plt.') as string })
  })

  test('the desk itself decides nothing', () => {
    expect(verifying().refused({ type: 'approve', findings }, systemActor)).toMatchObject({ refused: 'notYourRole' })
  })
})

describe('isDisposedTo, where a step names it', () => {
  const naming = (standard: typeof pekalongan, command: string): typeof pekalongan =>
    ({ ...standard, steps: standard.steps.map(step => (step.command === command ? { ...step, guards: [...step.guards, 'isDisposedTo'] } : step)) })

  test('asks nothing while nothing is disposed', () => {
    expect(at(naming(purbalingga, 'receive')).give(base, opd).give({ type: 'receive' }, head).status).toBe('submitted')
    const one = at(naming(pekalongan, 'approve')).give(onBehalf, eka)
    expect(one.give({ type: 'approve', findings }, budi).status).toBe('approved')
  })

  test('the registrar and the head may give it to another officer, the coordinator only what lies there', () => {
    const one = at(purbalingga).give(base, opd).give({ type: 'dispose', to: 'budi' }, head)
    const again: Command = { type: 'redispose', to: 'citra' }
    for (const role of ['registrar', 'head'] as const) expect(one.refused(again, { id: 'rina', role })).toBe('not refused')
    expect(one.refused(again, { id: 'rina', role: 'coordinator' })).toMatchObject({ refused: 'notDisposedTo' })
    expect(one.refused(again, { id: 'budi', role: 'coordinator' })).toBe('not refused')
  })
})
