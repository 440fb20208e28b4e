import { describe, expect, test } from 'vitest'
import { verifyHistory } from '../src/history/index.js'
import { verifyReceipt } from '../src/receipt/index.js'
import { findings, offices, people } from './office.js'

const open = offices()

const hour = 3_600_000

describe('Kabupaten Purbalingga, whole service', () => {
  const { opd, head, verifier } = people.purbalingga

  test('Service Delivery 2.1-2.6: letter, disposition, verification, AMS, BSrE, proof, answer', async () => {
    const { desk, sandbox, issue, letter, pass } = await open('kabupaten-purbalingga')
    const leaf = await issue('surya.wibisana')
    const request = await desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'mutasi', letters: [await letter('requestLetter')],
      applicant: { id: opd.id, opd: opd.opd, name: 'Surya Wibisana' },
    })
    expect(request.status).toBe('submitted')
    await desk.runEffects()
    expect(request.register).toMatch(/^0001\/2026$/)
    await desk.dispose(request.id, { as: head, to: verifier })
    expect((await desk.get(request.id)).status).toBe('disposed')
    await desk.approve(request.id, { as: verifier, findings })
    await pass(10 * 60_000)
    const waiting = await desk.get(request.id)
    expect(waiting.status).toBe('awaitingProof')
    expect(waiting.label.id).toBe('Dicabut menurut AMS, menunggu bukti')
    await pass(2 * hour, 10 * 60_000)
    const done = await desk.get(request.id)
    expect(done.status).toBe('closed')
    const proof = await desk.proven(request.id)
    expect(proof.certificate.serial).toBe(leaf.serial)
    expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
    expect(done.clock).toMatchObject({ state: 'stopped', breached: false })
    expect(done.clock.timeToProof?.minutes).toBeGreaterThan(30)
    const history = await desk.history(request.id)
    expect(await verifyHistory(history)).toMatchObject({ valid: true })
    expect(history.map(event => event.type)).toEqual([
      'filed', 'submitted', 'informed', 'disposed', 'verified', 'approved', 'executionStarted', 'amsWriteStarted', 'amsAnswered', 'amsAnswered',
      'informed', 'answered', 'evidenceRecorded', 'proven', 'informed', 'closed',
    ])
    const receipt = await desk.receipt(request.id)
    expect(await verifyReceipt(receipt, { anchors: sandbox.anchors })).toMatchObject({ valid: true, problems: [] })
  })
})

describe('Kota Pekalongan, whole service', () => {
  const { owner, verifier } = people.pekalongan

  test('2.3-2.9: the owner files in AMS, the officer checks, BSrE decides, proven, informed', async () => {
    const { desk, sandbox, issue, letter, pass, notices } = await open('kota-pekalongan')
    const leaf = await issue('ratna.pertiwi')
    const request = await desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'ratna.pertiwi' }, reason: 'pensiun', letters: [await letter('reasonStatement')],
      applicant: { id: owner.id, opd: owner.opd },
    })
    await pass(0)
    expect((await desk.get(request.id)).status).toBe('verifying')
    expect(sandbox.manage.revocations()).toMatchObject([{ status: 'WAITING_VERIFICATION', filedBy: { username: 'ratna.pertiwi' } }])
    await desk.verify(request.id, { as: verifier, findings })
    await desk.approve(request.id, { as: verifier })
    await pass(2 * hour, 10 * 60_000)
    const done = await desk.get(request.id)
    expect(done.status).toBe('closed')
    expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
    expect(notices.map(notice => notice.subject)).toEqual(['submitted', 'awaitingProof', 'revoked'])
  })

  test('2.5: a mismatch returns the request; a new letter is a new filing in AMS', async () => {
    const { desk, sandbox, issue, letter, pass } = await open('kota-pekalongan')
    const leaf = await issue('ratna.pertiwi')
    const request = await desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'ratna.pertiwi' }, reason: 'pensiun', letters: [await letter('reasonStatement')],
      applicant: { id: owner.id, opd: owner.opd },
    })
    await pass(0)
    await desk.verify(request.id, { as: verifier, findings: { ...findings, data: 'mismatch' } })
    await expect(desk.approve(request.id, { as: verifier })).rejects.toMatchObject({ refusal: { refused: 'findingMismatch', missing: ['data'] } })
    await desk.return(request.id, { as: verifier, reasons: ['Nama tidak sesuai'] })
    await pass(5_000, 1_000)
    expect(sandbox.manage.revocations().map(one => one.status)).toEqual(['RETURNED'])
    await desk.attach(request.id, { as: owner, letter: await letter('reasonStatement', 'surat baru') })
    await desk.submit(request.id, { as: owner })
    await pass(5_000, 1_000)
    expect(sandbox.manage.revocations().map(one => one.status).sort()).toEqual(['RETURNED', 'WAITING_VERIFICATION'])
    await desk.approve(request.id, { as: verifier, findings })
    await pass(2 * hour, 10 * 60_000)
    expect((await desk.get(request.id)).status).toBe('closed')
    expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(1)
  })
})
