import { createSandbox } from '@cabut/sandbox'
import { describe, expect, test } from 'vitest'
import { allowPlainHttp, bearer, createAssistedAms, createHttpAms, type AssistedTask } from '../src/ams/index.js'
import { createDesk } from '../src/desk/index.js'
import { verifyReceipt } from '../src/receipt/index.js'
import type { Actor } from '../src/workflow/index.js'
import { findings, offices, pdf, people } from './office.js'

const open = offices()

const hour = 3_600_000
const minute = 60_000
const wib = (text: string): number => Date.parse(`${text}:00+07:00`)

describe('README, first program', () => {
  test('runs as printed: the desk runs its own effects, on the real clock', async () => {
    const sandbox = await createSandbox({ seed: 'readme', faults: 'none', publication: { delay: 300 } })
    const { opd, head, verifier } = people.purbalingga
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana' })
    const certificate = { certificate: leaf.certificatePem, username: 'surya.wibisana' }
    const letter = { kind: 'requestLetter', bytes: await pdf('Surat permohonan') } as const
    const applicant = { id: opd.id, opd: opd.opd }
    const ams = createHttpAms({ baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, allow: [allowPlainHttp], credential: bearer(actor => sandbox.manage.token(actor.id)) })

    const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors: sandbox.anchors, fetch: sandbox.fetch, pace: { ams: 100, proof: 200 }, sandbox: true })
    const request = await desk.file({ certificate, reason: 'mutasi', letters: [letter], applicant })
    await desk.dispose(request.id, { as: head, to: verifier })
    await desk.approve(request.id, { as: verifier, findings })
    const proof = await desk.proven(request.id)

    expect(proof.certificate.serial).toBe(leaf.serial)
    expect(await verifyReceipt(await desk.receipt(request.id), { anchors: sandbox.anchors })).toMatchObject({ valid: true })
    // Nobody tells the applicant for a desk without `notify`: it stays open until a person does.
    expect((await desk.get(request.id)).status).toBe('revoked')
    await desk.close()
    await expect(desk.get(request.id)).rejects.toMatchObject({ code: 'deskClosed' })
    await sandbox.close()
  })
})

describe('assisted: no AMS API', () => {
  test('the software says what to enter, an officer acts in AMS, the proof is found by CRL', async () => {
    const tasks: AssistedTask[] = []
    const here = await open('kabupaten-purbalingga', { desk: { ams: createAssistedAms({ ask: async task => { tasks.push(task); return undefined } }) } })
    const { opd, head, verifier } = people.purbalingga
    const leaf = await here.issue('surya.wibisana')
    const request = await here.desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'mutasi', letters: [await here.letter('requestLetter')], applicant: { id: opd.id, opd: opd.opd },
    })
    await here.desk.dispose(request.id, { as: head, to: verifier })
    await here.desk.approve(request.id, { as: verifier, findings })
    await here.pass(5 * minute)
    expect(tasks).toHaveLength(1)
    expect(tasks[0]?.steps.some(step => step.copy === leaf.serial)).toBe(true)
    expect((await here.desk.get(request.id)).status).toBe('executing')
    // A stand-in officer acts in AMS and confirms at the desk.
    here.sandbox.manage.revokeAtAuthority(leaf.serial, 'affiliationChanged')
    await here.desk.recordAms(request.id, { as: verifier, record: { id: 'AMS-77', status: 'waitingBsre', rawStatus: 'dikirim' } })
    await here.pass(2 * hour, 10 * minute)
    expect(await here.desk.get(request.id)).toMatchObject({ status: 'closed', proof: { reason: 'affiliationChanged' } })
    expect(tasks).toHaveLength(1)
  })

  test('nobody confirms: the proof settles it all the same', async () => {
    const here = await open('kabupaten-purbalingga', { desk: { ams: createAssistedAms() } })
    const { opd, head, verifier } = people.purbalingga
    const leaf = await here.issue('surya.wibisana')
    const request = await here.desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'mutasi', letters: [await here.letter('requestLetter')], applicant: { id: opd.id, opd: opd.opd },
    })
    await here.desk.dispose(request.id, { as: head, to: verifier })
    await here.desk.approve(request.id, { as: verifier, findings })
    await here.pass(30 * minute, 5 * minute)
    expect((await here.desk.get(request.id)).status).toBe('parked')
    here.sandbox.manage.revokeAtAuthority(leaf.serial)
    here.sandbox.manage.publish()
    await here.pass(30 * minute, 5 * minute)
    expect((await here.desk.get(request.id)).status).toBe('closed')
  })
})

describe('key compromise: Friday 10.50, one officer, Pekalongan closes at 11.00', () => {
  test('filed, executed and revoked at once; letter and ratification follow before it is closed', async () => {
    const roster = [{ id: 'dewi.larasati', role: 'verifier' }, { id: 'hadi.prakoso', role: 'supervisor' }] as const
    const here = await open('kota-pekalongan', { desk: { roster } })
    here.clock.now = wib('2026-11-20T10:50')
    const { verifier, supervisor } = people.pekalongan
    const leaf = await here.issue('ratna.pertiwi')
    const request = await here.desk.file({
      as: verifier, certificate: { certificate: leaf.certificatePem, username: 'ratna.pertiwi' }, reason: 'kunciBocor', letters: [await here.letter('institutionDecision')],
      applicant: { id: verifier.id, opd: verifier.opd }, holder: { id: 'ratna.pertiwi', reachable: false }, onBehalf: 'unreachable', opdOrigin: 'disdik',
    })
    expect(request).toMatchObject({ status: 'submitted', state: { expedited: true, letterDue: expect.any(String) as string } })
    await expect(here.desk.approve(request.id, { as: verifier, findings })).rejects.toMatchObject({ refusal: { refused: 'fourEyes' } })
    await here.desk.approve(request.id, { as: verifier, findings: { ...findings, completeness: 'incomplete' }, emergency: true })
    await here.pass(2 * hour, 10 * minute)
    const revoked = await here.desk.get(request.id)
    expect(revoked.status).toBe('revoked')
    expect(revoked.clock).toMatchObject({ state: 'stopped', breached: false })
    await expect(here.desk.finish(request.id, { as: verifier })).rejects.toMatchObject({ refusal: { refused: 'letterOwed' } })
    await here.desk.attach(request.id, { as: people.pekalongan.verifier, letter: await here.letter('reasonStatement') })
    await expect(here.desk.finish(request.id, { as: verifier })).rejects.toMatchObject({ refusal: { refused: 'ratificationOwed' } })
    await here.desk.ratify(request.id, { as: supervisor, decision: 'ratified' })
    await here.desk.runEffects()
    expect((await here.desk.get(request.id)).status).toBe('closed')
    expect(here.sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
  })
})

describe('retirements approved in December with TMT 1 January 2027, a holiday', () => {
  test('executed at the next opening, or from the date on by an officer on call; never before', async () => {
    const here = await open('kabupaten-purbalingga', { sandbox: { bsre: { decide: 'auto' } }, desk: { pace: { proof: 6 * hour, ams: 6 * hour, watch: 10 * 24 * hour } } })
    const { opd, head, verifier } = people.purbalingga
    here.clock.now = wib('2026-12-22T09:00')
    const ids: string[] = []
    for (let index = 0; index < 6; index++) {
      const leaf = await here.issue('surya.wibisana')
      const request = await here.desk.file({
        certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'pensiun', letters: [await here.letter('requestLetter', `pensiun ${index}`)],
        applicant: { id: opd.id, opd: opd.opd }, effectiveDate: '2027-01-01',
      })
      await here.desk.dispose(request.id, { as: head, to: verifier })
      await here.desk.approve(request.id, { as: verifier, findings })
      ids.push(request.id)
    }
    await here.pass(9 * 24 * hour, 12 * hour)
    expect(here.clock.now).toBe(wib('2026-12-31T09:00'))
    for (const id of ids) expect((await here.desk.get(id)).status).toBe('approved')
    expect(here.sandbox.manage.revocations()).toHaveLength(0)
    const onCall: Actor = { id: 'tegar.maulana', role: 'onCallOfficer', opd: 'dinkominfo' }
    await expect(here.desk.execute(ids[0] as string, { as: onCall })).rejects.toMatchObject({ refusal: { refused: 'effectiveDateNotReached' } })
    here.clock.now = wib('2027-01-01T08:00')
    await here.desk.runEffects()
    expect((await here.desk.get(ids[1] as string)).status).toBe('approved')
    expect((await here.desk.execute(ids[0] as string, { as: onCall })).status).toBe('executing')
    here.clock.now = wib('2027-01-04T07:29')
    await here.desk.runEffects()
    expect((await here.desk.get(ids[1] as string)).status).toBe('approved')
    here.clock.now = wib('2027-01-04T07:30')
    await here.desk.runEffects()
    for (const id of ids.slice(1)) expect(['executing', 'atBsre', 'awaitingProof']).toContain((await here.desk.get(id)).status)
    await here.pass(24 * hour, 6 * hour)
    for (const id of ids) expect((await here.desk.get(id)).status).toBe('closed')
  })
})

describe('who sees what', () => {
  test('another OPD finds nothing: not the request, not its history, evidence, receipt', async () => {
    const here = await open('kabupaten-purbalingga')
    const { opd } = people.purbalingga
    const leaf = await here.issue('surya.wibisana')
    const letter = await here.letter('requestLetter')
    const request = await here.desk.file({ certificate: leaf.certificatePem, reason: 'mutasi', letters: [letter], applicant: { id: opd.id, opd: opd.opd } })
    const stranger: Actor = { id: 'orang.lain', role: 'opdOfficer', opd: 'dinkes' }
    const sha256 = request.state.letters[0]?.sha256 ?? ''
    for (const attempt of [
      () => here.desk.get(request.id, { as: stranger }), () => here.desk.history(request.id, { as: stranger }), () => here.desk.evidence(request.id, sha256, { as: stranger }),
      () => here.desk.receipt(request.id, { as: stranger }), () => here.desk.withdraw(request.id, { as: stranger }),
    ]) await expect(attempt()).rejects.toMatchObject({ code: 'requestNotFound' })
    expect(await here.desk.list({}, { as: stranger })).toEqual([])
    expect((await here.desk.evidence(request.id, sha256, { as: opd })).bytes).toEqual(letter.bytes)
    await expect(here.desk.evidence(request.id, '00'.repeat(32))).rejects.toMatchObject({ code: 'requestNotFound' })
  })
})
