import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { at, base, budi, Case, filedInAms, findings, head, owner, pekalongan, verifying } from '../../test/case.js'
import { loadStandard } from '../standard/index.js'
import { amsActor, nextWrite, systemActor, writeKey, type AmsOperation, type CaseState, type Command } from './index.js'

// What AMS answers, and what the request makes of it.
type Answer = Extract<Command, { type: 'recordAmsAnswer' }>
type Word = NonNullable<Answer['record']>['status']

/** Disposition and filing by the owner in AMS under one standard. */
const sagu = loadStandard(JSON.parse(readFileSync(new URL('../../../../docs/standards/kota-teluk-sagu.json', import.meta.url), 'utf8')) as object)
const onBehalf = {
  ...base, onBehalf: 'deceased', reason: 'meninggal', parties: { ...base.parties, applicant: { id: 'eka' }, holder: { id: 'pemilik', deceased: true } },
  letters: [...base.letters, { kind: 'deathCertificate', sha256: 'd', size: 1, mediaType: 'application/pdf' }],
} as const satisfies Command

const answer = (operation: Answer['operation'], outcome: Answer['outcome'], status?: Word): Command =>
  ({ type: 'recordAmsAnswer', operation, outcome, ...(status === undefined ? {} : { record: { id: 'A-1', status, rawStatus: status } }) })
const read = (status: Word): Command => answer('read', 'accepted', status)
const write = (operation: AmsOperation, key: string): Command => ({ type: 'startWrite', operation, key })

const filing = (standard = pekalongan): Case => at(standard).give(base, owner).give(write('file', 'K-1.file.1'), systemActor)
const executing = (): Case => verifying().give({ type: 'approve', findings }, budi).give({ type: 'execute' }, systemActor)
const rejected = (): Case => verifying().give({ type: 'reject', reasons: ['x'] }, budi)

describe('a write to AMS', () => {
  test('which nobody knows the outcome of may be repeated, and is as old as its first attempt', () => {
    const one = filing()
    const first = one.state?.ams.write?.since
    one.give(answer('file', 'unknown'), systemActor).give(write('file', 'K-1.file.1'), systemActor)
    expect(one.state?.ams.write).toEqual({ operation: 'file', key: 'K-1.file.1', since: first, unknown: false })
    expect(first).not.toBe(one.state?.updatedAt)
  })

  test('is the one that is owed, under its own key', () => {
    expect(filing().give(answer('file', 'unknown'), systemActor).refused(write('forward', 'K-1.file.1'), systemActor)).toMatchObject({ refused: 'amsWriteOpen' })
    expect(executing().refused(write('return', 'K-1.return.A-1'), systemActor)).toMatchObject({ refused: 'nothingOwed' })
    expect(executing().give(write('forward', 'K-1.forward.A-1'), systemActor).state?.ams.write).toMatchObject({ operation: 'forward' })
  })

  test.each<[string, Command, boolean]>([
    ['its own answer', answer('file', 'notDone'), true], ['its own answer that nobody knows', answer('file', 'unknown'), false], ['a reading that shows a record', read('waitingVerification'), true],
    ['a reading that finds none', answer('read', 'refused'), false], ['a reading that shows nothing', answer('read', 'accepted'), false], ['a reading that failed', answer('read', 'unknown', 'waitingVerification'), false],
  ])('that is unknown, after %s: ended %s', (_, command, ended) => {
    const one = filing().give(answer('file', 'unknown'), systemActor).give(command, systemActor)
    if (ended) expect(one.state?.ams.write).toBeUndefined()
    else expect(one.state?.ams.write).toMatchObject({ operation: 'file', key: 'K-1.file.1', unknown: true })
  })

  test('is not opened by a reading', () => {
    const one = verifying().give(answer('read', 'refused'), systemActor)
    expect(one.state?.ams.write).toBeUndefined()
    expect(one.give({ type: 'return', reasons: ['x'] }, budi).status).toBe('returned')
  })

  test.each(['return', 'reject'] as const)('that is open lets nobody %s a request that lies with the officer', type => {
    const one = filing(sagu).give({ type: 'dispose', to: 'budi' }, head)
    expect(one.refused({ type, reasons: ['x'] }, budi)).toMatchObject({ refused: 'amsWriteOpen', status: 'disposed' })
    expect(one.give(filedInAms, systemActor).give({ type, reasons: ['x'] }, budi).events.at(-1)).toMatchObject({ data: { owed: true } })
  })
})

describe('a decision that AMS must hear', () => {
  test.each<[string, Command, AmsOperation | undefined]>([
    ['it was not done', answer('reject', 'notDone'), 'reject'], ['nobody knows', answer('reject', 'unknown'), 'reject'], ['AMS took it and shows nothing', answer('reject', 'accepted'), 'reject'],
    ['AMS refuses it', answer('reject', 'refused'), undefined], ['AMS shows it', answer('reject', 'accepted', 'refused'), undefined],
  ])('written: %s', (_, command, owed) => {
    const one = rejected().give(write('reject', 'K-1.reject.A-1'), systemActor).give(command, systemActor)
    expect(one.status).toBe('rejected')
    expect(one.state?.ams.owed).toBe(owed)
    expect(nextWrite(one.rules, one.state as CaseState)).toBe(owed)
  })

  test('is still owed when its record is not found', () => {
    expect(rejected().give(answer('read', 'refused'), systemActor).state?.ams.owed).toBe('reject')
  })

  test('stands between a rejection and its end', () => {
    const one = rejected().give({ type: 'notify', subject: 'rejected', channel: 'mail' }, systemActor)
    expect(one.refused({ type: 'close' }, systemActor)).toMatchObject({ refused: 'amsWriteOpen' })
    one.give(write('reject', 'K-1.reject.A-1'), systemActor).give(answer('reject', 'refused'), systemActor)
    expect(one.give({ type: 'close' }, systemActor).status).toBe('closed')
  })
})

describe('a record of AMS', () => {
  test('that BSrE refused is final: corrected and handed in again, the request is filed there anew', () => {
    const one = executing().give(read('refused'), systemActor).give({ type: 'return', reasons: ['x'] }, budi)
    one.give({ type: 'amend', reason: 'pensiun' }, owner).give({ type: 'submit' }, owner)
    expect(one.state).toMatchObject({ status: 'submitted', reason: 'pensiun' })
    expect(nextWrite(one.rules, one.state as CaseState)).toBe('file')
    expect(writeKey(one.state as CaseState, 'file')).toBe('K-1.file.2')
  })

  test('that is open holds the certificate: another is not put in its place', () => {
    expect(verifying().refused({ type: 'amend', certificate: { serial: '0b' } }, owner)).toMatchObject({ refused: 'amsHoldsRecord' })
  })

  test('of a request on behalf of the owner is not read as the owner', () => {
    const one = at(pekalongan).give(onBehalf, { id: 'eka', role: 'personnelOffice', opd: 'opd-a' })
    expect(amsActor(one.rules, one.state as CaseState, 'read')).toEqual({ id: 'system', role: 'verifier' })
  })

  test('that was there before its forwarding went astray is still there: it is forwarded, not filed again', () => {
    const one = at(pekalongan).give(onBehalf, { id: 'eka', role: 'personnelOffice', opd: 'opd-a' }).give({ type: 'approve', findings }, budi).give({ type: 'execute' }, systemActor)
      .give(write('file', 'K-1.file.1'), systemActor).give(filedInAms, systemActor)
      .give(write('forward', 'K-1.forward.A-1'), systemActor).give(answer('forward', 'unknown'), systemActor).give({ type: 'park' }, systemActor).give({ type: 'resume', found: 'nothing' }, budi)
    expect(one.state).toMatchObject({ status: 'executing', ams: { recordId: 'A-1', recordStatus: 'waitingVerification' } })
    expect(nextWrite(one.rules, one.state as CaseState)).toBe('forward')
  })
})

describe('where a word of AMS leads', () => {
  const disposed = (): Case => filing(sagu).give(filedInAms, systemActor).give({ type: 'dispose', to: 'budi' }, head)
  const withdrawn = (): Case => verifying().give({ type: 'withdraw' }, owner)
  const promised = (): Case => executing().give(read('revoked'), systemActor)
  const parked = (): Case => filing().give(answer('file', 'unknown'), systemActor).give({ type: 'park' }, systemActor)

  test.each<[string, () => Case, Command, string]>([
    ['revoked while it lies with the officer', disposed, read('revoked'), 'contradicted'], ['returned while it lies with the officer', disposed, read('returned'), 'returned'],
    ['waiting while it lies with the officer', disposed, read('waitingVerification'), 'disposed'], ['revoked after it was withdrawn', withdrawn, read('revoked'), 'contradicted'],
    ['returned after it was withdrawn', withdrawn, read('returned'), 'withdrawn'],
    ['revoked again while the proof is awaited', promised, read('revoked'), 'awaitingProof'], ['returned while the proof is awaited', promised, read('returned'), 'awaitingProof'],
    ['a record found after the filing was parked', parked, read('waitingVerification'), 'verifying'], ['one returned after the filing was parked', parked, read('returned'), 'returned'],
    ['one it has no word for after the filing was parked', parked, read('other'), 'parked'],
    ['revoked in an answer that failed', executing, answer('read', 'unknown', 'revoked'), 'executing'], ['taken, and no record to show for it', filing, answer('file', 'accepted'), 'submitted'],
  ])('%s', (_, before, command, status) => {
    expect(before().give(command, systemActor).status).toBe(status)
  })
})
