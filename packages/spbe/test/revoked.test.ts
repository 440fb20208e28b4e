import { afterEach, expect, it } from 'vitest'
import { openPortal, people, type Portal } from './portal.js'

let portal: Portal
afterEach(async () => portal.close())

it('already revoked at filing: refused with the facts of the proof, nothing is filed', async () => {
  portal = await openPortal({ sandbox: { faults: 'none' } })
  const leaf = await portal.issue('surya.wibisana')
  portal.sandbox.manage.revokeAtAuthority(leaf.serial, 'keyCompromise')
  portal.sandbox.manage.publish()
  const answer = await portal.call('POST', '/v1/requests', { as: people.opd, form: await portal.filing(leaf) })
  expect([answer.status, await answer.json()]).toMatchObject([409, {
    code: 'certificateAlreadyRevoked', title: 'Sertifikat sudah dicabut; bukti tersedia',
    proof: { source: expect.stringMatching(/^(crl|ocsp)$/) as string, revocationDate: expect.stringMatching(/Z$/) as string, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
  }])
  expect(await portal.desk.list()).toEqual([])
})

it('accepted but not published: the portal never says revoked, however long AMS does', async () => {
  portal = await openPortal({ sandbox: { faults: [{ kind: 'notPublished' }] } })
  const { id } = await portal.filed()
  await portal.pass(0)
  await portal.call('POST', `/v1/requests/${id}/dispose`, { as: people.head, json: { to: 'tegar.maulana' }, ifMatch: '*' })
  await portal.call('POST', `/v1/requests/${id}/approve`, { as: people.verifier, json: { findings: { data: 'match', completeness: 'complete', subjectDn: 'match' } }, ifMatch: '*' })
  await portal.pass(40 * 3_600_000, 1_800_000)
  const view = await (await portal.call('GET', `/v1/requests/${id}`, { as: people.opd })).json() as { status: string }
  expect(view).toMatchObject({ status: 'awaitingProof', statusLabel: 'Dicabut menurut AMS, menunggu bukti' })
  expect((await portal.call('GET', `/v1/requests/${id}/receipt`, { as: people.opd })).status).toBe(409)
})
