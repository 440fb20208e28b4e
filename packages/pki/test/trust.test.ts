import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildPath, checkStatus, judgeOcsp, readCertificate, readCrl, readCrlStream, readOcspResponse } from '../src/index.js'
import { seenAs } from '../src/status/view.js'

const folder = process.env['CABUT_TRUST'] ?? ''
const present = folder !== ''
if (!present) console.warn('SKIPPED: CABUT_TRUST names no folder, the real certificates, CRL and OCSP answer are not read')
const file = (name: string): Buffer => readFileSync(join(folder, name))

describe.skipIf(!present)('real files of Indonesian authorities', () => {
  it('BSRE CA DS G1 chains to its root', async () => {
    const root = readCertificate(file('root-ca-indonesia-ds-g1.pem'))
    const result = await buildPath(readCertificate(file('bsre-ca-ds-g1.pem')), { anchors: [root], at: new Date('2026-01-01T00:00:00Z') })
    expect(result.ok).toBe(true)
    const verdict = await checkStatus(file('bsre-ca-ds-g1.pem'), { anchors: [root], at: new Date('2026-01-01T00:00:00Z'), fetch: false })
    expect(verdict).toMatchObject({ status: 'unknown', reason: 'noEvidence' })
    expect(verdict.chain).toHaveLength(2)
  })

  it('OSD LU Kelas 2 after its end: unknown, expired anchor, never good', async () => {
    const options = { anchors: [file('osd-lu-kelas-2.pem')] as const, fetch: false as const }
    expect(await checkStatus(file('osd-lu-kelas-2.pem'), { ...options, at: new Date('2026-11-22T00:00:00Z') })).toMatchObject({ status: 'unknown', reason: 'expiredAnchor' })
    expect(await checkStatus(file('osd-lu-kelas-2.pem'), { ...options, at: new Date('2026-08-18T05:05:39Z') })).toMatchObject({ status: 'unknown', reason: 'isAnchor' })
  })

  it('the OCSP answer of 2024-03-13 verifies at its own time, and not later', async () => {
    const issuer = readCertificate(file('osd-lu-kelas-2.pem'))
    const bytes = file('ocsp-osdlukelas2-good-2024-03-13.der')
    const response = readOcspResponse(bytes)
    const [single] = response.basic!.responses
    expect(single).toMatchObject({ hash: 'SHA-1', status: 'good' })
    expect(single!.nextUpdate).toBeUndefined()
    expect(Buffer.from(response.basic!.nonce!).toString('hex')).toBe('72d5f42e5a9a709e80c531bdccaf0833')
    // The official's own certificate is not public: any certificate of the issuer stands for it, under its serial number.
    const delegate = readCertificate(response.basic!.certificates[0]!)
    const official = seenAs(delegate, { serial: single!.serial })
    const at = new Date('2024-03-13T07:42:00Z')
    const nonce = Buffer.from('72d5f42e5a9a709e80c531bdccaf0833', 'hex')
    expect(await judgeOcsp(official, response, { issuer, at: single!.thisUpdate, nonce })).toMatchObject({ verdict: 'notRevoked', fresh: true, producedAt: single!.thisUpdate })
    expect(await judgeOcsp(official, response, { issuer, at })).toMatchObject({ verdict: Math.abs(at.getTime() - single!.thisUpdate.getTime()) <= 300_000 ? 'notRevoked' : 'unknown' })
    expect(await judgeOcsp(official, response, { issuer, at: new Date('2024-03-20T00:00:00Z') })).toMatchObject({ verdict: 'unknown', reason: 'noNextUpdate' })
    expect(await judgeOcsp(official, response, { issuer, at: new Date('2026-11-22T00:00:00Z'), maxAge: 1e9 })).toMatchObject({ verdict: 'unknown', reason: 'signerOutOfDate' })
    expect(await judgeOcsp(official, response, { issuer, at: single!.thisUpdate, nonce: Buffer.alloc(16) })).toMatchObject({ verdict: 'unknown', reason: 'nonceMismatch' })
  })

  it('the CRL of iOTENTIK CA G1: 8,120 entries, 8,105 without reason, its scope noted though not critical', async () => {
    const bytes = file('iotentik-ca-g1-2023-01-24.crl')
    const crl = readCrl(bytes)
    expect([crl.size, crl.crlNumber, crl.thisUpdate.toISOString(), crl.nextUpdate?.toISOString()]).toEqual([8120, 1208n, '2023-01-24T08:23:25.000Z', '2023-01-25T08:23:25.000Z'])
    expect(crl.issuingDistributionPoint).toMatchObject({ critical: false, indirectCrl: false, name: { fullName: [{ kind: 'uri' }] } })
    const entries = [...crl.entries()]
    expect(entries.filter(({ reason }) => reason === undefined)).toHaveLength(8105)
    for (const entry of entries) expect(crl.find(entry.serial)).toEqual(entry)
    const streamed = await readCrlStream(new Blob([new Uint8Array(bytes)]).stream(), { serials: ['11820e57a83c6061a30ac21932300e0e10865588'], signers: [] })
    expect(streamed.size).toBe(8120)
    expect(streamed.find('11820e57a83c6061a30ac21932300e0e10865588')?.revocationDate.toISOString()).toBe('2022-12-28T15:25:08.000Z')
  })
})
