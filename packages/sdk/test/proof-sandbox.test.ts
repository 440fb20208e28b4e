import type { StatusVerdict } from '@cabut/pki/status'
import { createSandbox, type FaultRule, type Sandbox } from '@cabut/sandbox'
import { describe, expect, it } from 'vitest'
import { collectEvidence, judgeProof } from '../src/proof/index.js'

const HOUR = 3_600_000
const T0 = Date.parse('2026-11-22T02:00:00Z')
const ams = { saysRevokedAt: new Date(T0) }

describe('proof against the sandbox', () => {
  async function revoked(fault?: FaultRule): Promise<{ sandbox: Sandbox; serial: string; clock: { now: number }; look: () => Promise<StatusVerdict>; der: Uint8Array }> {
    const clock = { now: T0 }
    const sandbox = await createSandbox({ faults: 'none', now: () => clock.now, publication: { delay: 0 }, baseUrl: 'https://sandbox.cabut.invalid' })
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    if (fault !== undefined) sandbox.manage.faults.set([fault])
    const token = sandbox.manage.token('tegar.maulana')
    const headers = { authorization: `Bearer ${token}` }
    const pdf = await sandbox.fetch(`${sandbox.urls.ams}/letters`, { method: 'POST', headers: { ...headers, 'content-type': 'application/pdf' }, body: '%PDF-1.4 contoh' })
    const { data } = (await pdf.json()) as { data: { letterId: string } }
    await sandbox.fetch(`${sandbox.urls.ams}/revocations`, {
      method: 'POST', headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': 'ajuan-0001' },
      body: JSON.stringify({ username: 'surya.wibisana', certificate: { issuerDn: leaf.issuerDn, serial: leaf.serial }, reason: 'mutasi', letterIds: [data.letterId] }),
    })
    sandbox.manage.settle()
    const look = (): Promise<StatusVerdict> => collectEvidence(leaf.der, {
      anchors: [sandbox.ca.rootPem], intermediates: [sandbox.ca.issuingPem], at: new Date(clock.now), fetch: sandbox.fetch, exhaustive: true,
    })
    return { sandbox, serial: leaf.serial, clock, look, der: leaf.der }
  }

  it('CRL and OCSP fetched through the injected fetch prove it', async () => {
    const { look, clock } = await revoked()
    clock.now += HOUR
    const status = await look()
    expect(await judgeProof({ ams, evidence: [status], now: new Date(clock.now) })).toMatchObject({ verdict: 'proven', proof: { reason: 'affiliationChanged' } })
  })

  it('accepted but not published: awaiting, then contradicted, never proven', async () => {
    const { look, clock, sandbox } = await revoked({ kind: 'notPublished' })
    const seen: string[] = []
    for (let hour = 0; hour <= 72; hour += 12) {
      clock.now = T0 + hour * HOUR
      sandbox.manage.publish()
      seen.push((await judgeProof({ ams, evidence: [await look()], now: new Date(clock.now) })).verdict)
    }
    expect(seen).toEqual(['awaiting', 'awaiting', 'awaiting', 'awaiting', 'awaiting', 'contradicted', 'contradicted'])
  })

  it('the wrong certificate revoked: this one is not proven', async () => {
    const { look, clock } = await revoked({ kind: 'wrongCertificate' })
    clock.now += HOUR
    expect(await judgeProof({ ams, evidence: [await look()], now: new Date(clock.now) })).toMatchObject({ verdict: 'awaiting', reason: 'withinGrace' })
  })

  it('un-revoked later: the after-watch contradicts', async () => {
    const { look, clock, sandbox } = await revoked()
    clock.now += HOUR
    const result = await judgeProof({ ams, evidence: [await look()], now: new Date(clock.now) })
    if (result.verdict !== 'proven') throw new Error(result.verdict)
    clock.now += 60 * HOUR
    sandbox.manage.faults.set([{ kind: 'unrevoke' }])
    sandbox.manage.publish()
    expect(await judgeProof({ ams, evidence: [await look()], previous: result.proof, now: new Date(clock.now) })).toMatchObject({ verdict: 'contradicted', findings: expect.arrayContaining([expect.objectContaining({ kind: 'notListed' })]) as unknown })
  })

  it('on hold at the authority: suspended', async () => {
    const clock = { now: T0 }
    const sandbox = await createSandbox({ faults: 'none', now: () => clock.now, publication: { delay: 0 }, baseUrl: 'https://sandbox.cabut.invalid' })
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    sandbox.manage.suspend(leaf.serial)
    sandbox.manage.publish()
    clock.now += HOUR
    const status = await collectEvidence(leaf.der, { anchors: [sandbox.ca.rootPem], intermediates: [sandbox.ca.issuingPem], at: new Date(clock.now), fetch: sandbox.fetch })
    expect(await judgeProof({ ams, evidence: [status], now: new Date(clock.now) })).toMatchObject({ verdict: 'suspended' })
  })
})
