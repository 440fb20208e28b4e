import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { at, base, budi, Case, findings, opd, owner, pekalongan, purbalingga, t, verifying } from '../../test/case.js'
import { loadStandard } from '../standard/index.js'
import { compileRules, systemActor, type Actor, type Command } from './index.js'

const karsa = loadStandard(JSON.parse(readFileSync(new URL('../../../../docs/standards/kabupaten-tanjung-karsa.json', import.meta.url), 'utf8')) as object)
const letter = { kind: 'other', sha256: 'z', size: 1, mediaType: 'application/pdf' } as const

describe('who files', () => {
  const parties = { ...base.parties, holder: { id: 'pemilik' } }

  test.each<[string, typeof pekalongan, object, Actor, string]>([
    ['an officer for a colleague of the same OPD', purbalingga, { parties }, { id: 'zul', role: 'opdOfficer', opd: 'opd-a' }, 'not refused'],
    ['an officer for another OPD', purbalingga, { parties }, { id: 'zul', role: 'opdOfficer', opd: 'opd-b' }, 'notYourOffice'],
    ['an officer who is the applicant, for another OPD', purbalingga, { parties }, { id: 'ani', role: 'opdOfficer', opd: 'opd-b' }, 'not refused'],
    ['an applicant for another OPD', purbalingga, { parties }, { id: 'zul', role: 'applicant', opd: 'opd-b' }, 'notYourOffice'],
    ['the head of another OPD', karsa, { parties }, { id: 'zul', role: 'opdHead', opd: 'opd-b' }, 'notYourOffice'],
    ['the personnel office for whichever OPD, of a holder who died', purbalingga, { parties, onBehalf: 'deceased' }, { id: 'zul', role: 'personnelOffice', opd: 'bkpsdm' }, 'not refused'],
    ['the personnel office with no ground', purbalingga, { parties }, { id: 'zul', role: 'personnelOffice', opd: 'bkpsdm' }, 'onBehalfNotAllowed'],
    ['the personnel office on another ground', purbalingga, { parties, onBehalf: 'unreachable' }, { id: 'zul', role: 'personnelOffice', opd: 'bkpsdm' }, 'onBehalfNotAllowed'],
    ['an officer of the OPD for a holder who cannot be reached', purbalingga, { parties, onBehalf: 'unreachable' }, opd, 'not refused'],
  ])('%s', (_, standard, more, actor, refused) => {
    const said = at(standard).refused({ ...base, ...more }, actor)
    if (refused === 'not refused') expect(said).toBe(refused)
    else expect(said).toMatchObject({ refused, command: 'file', status: 'none' })
  })

  test('the applicant files for themselves also where the standard gives them a ground to file for others', () => {
    const grounds = { ...pekalongan, filing: { ...pekalongan.filing, onBehalf: [...pekalongan.filing.onBehalf, { role: 'applicant', when: 'deceased', letters: [] }] } } as typeof pekalongan
    expect(at(grounds).refused(base, { ...owner, role: 'applicant' })).toBe('not refused')
  })
})

describe('a certificate is valid up to its last instant', () => {
  const certificate = { ...base.certificate, notAfter: t(5) }
  const past = '2026-11-24T02:05:00.001Z'

  test.each<[string, () => Case, Command, Actor]>([
    ['filed', () => at(pekalongan), { ...base, certificate }, owner], ['handed in', () => at(pekalongan).give({ ...base, certificate, draft: true }, owner), { type: 'submit' }, owner],
    ['executed', () => verifying(undefined, { certificate }).give({ type: 'approve', findings }, budi), { type: 'execute' }, systemActor],
  ])('%s', (_, before, command, actor) => {
    expect(before().refused(command, actor, t(5))).toBe('not refused')
    expect(before().refused(command, actor, past)).toMatchObject({ refused: 'certificateExpired' })
  })
})

describe('letters', () => {
  test('the same bytes may serve as two kinds of letter, not twice as one', () => {
    const one = at(pekalongan).give({ ...base, draft: true }, owner)
    expect(one.refused({ type: 'attach', letter: { ...letter, kind: 'reasonStatement', sha256: 'a' } }, owner)).toMatchObject({ refused: 'alreadyAttached' })
    expect(one.give({ type: 'attach', letter: { ...letter, sha256: 'a' } }, owner).state?.letters).toHaveLength(3)
  })

  test('a letter may bear the date of a day that has begun somewhere in Indonesia', () => {
    const dated: Command = { type: 'attach', letter: { ...letter, date: '2026-11-25' } }
    // Midnight in Papua (WIT) is 15.00 UTC.
    expect(verifying().refused(dated, owner, '2026-11-24T14:59:59.999Z')).toMatchObject({ refused: 'inTheFuture' })
    expect(verifying().refused(dated, owner, '2026-11-24T15:00:00.000Z')).toBe('not refused')
  })

  test('where no letter may follow, an urgent request without its letters stays a draft', () => {
    const strict = new Case({ ...compileRules(pekalongan), letterToFollow: null }).give({ ...base, reason: 'kunciBocor', letters: [] }, owner)
    expect(strict.state).toMatchObject({ status: 'draft', expedited: true })
    expect(strict.refused({ type: 'submit' }, owner)).toMatchObject({ refused: 'lettersMissing', missing: ['reasonStatement'] })
    expect(at(pekalongan).give({ ...base, reason: 'kunciBocor', letters: [] }, owner).status).toBe('submitted')
  })
})
