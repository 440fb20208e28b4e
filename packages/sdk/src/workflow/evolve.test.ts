import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { at, base, budi, filedInAms, findings, head, opd, owner, pekalongan, purbalingga, t, verifying } from '../../test/case.js'
import { loadStandard } from '../standard/index.js'
import { systemActor, type Command } from './index.js'

const sagu = loadStandard(JSON.parse(readFileSync(new URL('../../../../docs/standards/kota-teluk-sagu.json', import.meta.url), 'utf8')) as object)

describe('what a request says', () => {
  test('a remark belongs to its event; what is amended belongs to the request', () => {
    const one = at(purbalingga).give({ ...base, personal: { username: 'surya.wibisana' } }, opd).give({ type: 'dispose', to: 'budi', note: 'mohon segera' }, head)
    expect(one.events.at(-1)?.personal).toEqual({ remark: 'mohon segera' })
    expect(one.state?.personal).toEqual({ username: 'surya.wibisana' })
    one.give({ type: 'amend', personal: { subjectDn: 'CN=Surya Wibisana' } }, opd)
    expect(one.state?.personal).toEqual({ username: 'surya.wibisana', subjectDn: 'CN=Surya Wibisana' })
  })

  test('amending changes what it names and nothing else', () => {
    const dates = { effectiveDate: '2026-12-31T17:00:00.000Z', invalidityDate: '2026-11-23T00:00:00.000Z' }
    const one = at(purbalingga).give({ ...base, ...dates }, opd).give({ type: 'amend', reason: 'pensiun' }, opd)
    expect(one.state).toMatchObject({ ...dates, reason: 'pensiun', certificate: base.certificate })
    one.give({ type: 'amend', certificate: { serial: '0b' } }, opd)
    expect(one.state).toMatchObject({ ...dates, reason: 'pensiun' })
    expect(one.state?.certificate).toEqual({ serial: '0b' })
  })

  test('handed in again it keeps its number, and the day its letter was due', () => {
    const urgent = at(purbalingga).give({ ...base, reason: 'kunciBocor', letters: [], register: 'R-1' }, opd)
    const due = urgent.state?.letterDue
    expect(due).toBeDefined()
    urgent.give({ type: 'dispose', to: 'budi' }, head).give({ type: 'return', reasons: ['x'] }, budi)
    for (const letter of base.letters) urgent.give({ type: 'attach', letter }, opd)
    expect(urgent.give({ type: 'submit' }, opd).state).toMatchObject({ status: 'verifying', register: 'R-1', letterDue: due })
  })

  test('several reasons of a decision stand one a line', () => {
    expect(verifying().give({ type: 'return', reasons: ['surat kurang jelas', ' ', 'tanpa  stempel'] }, budi).state?.personal['decisionReasons']).toBe('surat kurang jelas\ntanpa stempel')
  })
})

describe('whose it is', () => {
  test('who acted before, and now in the name of another (a.n., u.b.), brings that other in: neither decides', () => {
    const one = verifying().give({ type: 'attach', letter: { kind: 'other', sha256: 'z', size: 1, mediaType: 'application/pdf' } }, { ...owner, delegation: { kind: 'an', of: 'budi' } })
    expect(one.state?.filers).toEqual(['ani', 'budi'])
    expect(one.refused({ type: 'approve', findings }, budi)).toMatchObject({ refused: 'fourEyes' })
  })

  test('the head who acknowledges a letter has not read it for the officer', () => {
    const one = at(sagu).give(base, owner).give({ type: 'startWrite', operation: 'file', key: 'K-1.file.1' }, systemActor).give(filedInAms, systemActor)
      .give({ type: 'dispose', to: 'budi' }, head).give({ type: 'return', reasons: ['x'] }, budi).give({ type: 'startWrite', operation: 'return', key: 'K-1.return.A-1' }, systemActor)
      .give({ type: 'recordAmsAnswer', operation: 'return', outcome: 'accepted', record: { id: 'A-1', status: 'returned', rawStatus: 'R' } }, systemActor)
      .give({ type: 'submit' }, owner).give({ type: 'receive' }, head)
    expect(one.state).toMatchObject({ status: 'submitted', disposition: { to: 'budi', read: false } })
  })
})

describe('a letter that comes after the findings', () => {
  const late: Command = { type: 'attach', letter: { kind: 'other', sha256: 'z', size: 1, mediaType: 'application/pdf' } }

  test('voids them wherever the request lies, and leaves it there', () => {
    const one = at(purbalingga).give(base, opd).give({ type: 'dispose', to: 'budi' }, head).give({ type: 'verify', findings }, budi).give({ type: 'redispose', to: 'citra' }, head)
    expect(one.state).toMatchObject({ status: 'disposed', findings: { by: 'budi' } })
    one.give(late, opd)
    expect(one.status).toBe('disposed')
    expect(one.state?.findings).toBeUndefined()
    const taken = at(purbalingga).give(base, opd).give({ type: 'dispose', to: 'budi' }, head).give({ type: 'verify', findings }, budi).give({ type: 'redispose', to: 'citra' }, head)
      .give({ type: 'cancelDisposition' }, head)
    expect(taken.state).toMatchObject({ status: 'submitted', findings: { by: 'budi' } })
    taken.give(late, opd)
    expect(taken.status).toBe('submitted')
    expect(taken.state?.findings).toBeUndefined()
  })

  test('voids an approval, and the request is verified again', () => {
    const one = at(pekalongan).give(base, owner).give({ type: 'startWrite', operation: 'file', key: 'K-1.file.1' }, systemActor).give(filedInAms, systemActor)
      .give({ type: 'verify', findings }, budi).give({ type: 'approve' }, budi, t(5)).give(late, owner, t(6))
    expect(one.status).toBe('verifying')
    expect(one.state?.approval).toBeUndefined()
  })
})
