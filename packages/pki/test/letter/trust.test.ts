import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildPath, checkStatus, readCertificate } from '../../src/index.js'
import { timeStampingPurpose } from '../../src/letter/timestamp.js'

const folder = process.env['CABUT_TRUST'] ?? ''
if (folder === '') console.warn('SKIP: CABUT_TRUST names no folder, the real timestamp authority is not read')
const file = (name: string): Buffer => readFileSync(join(folder, name))

describe.skipIf(folder === '')('the timestamp authority of BSSN', () => {
  const anchors = () => [readCertificate(file('root-ca-indonesia-ds-g1.pem'))] as const
  const intermediates = () => [readCertificate(file('bsre-ca-ds-g1.pem'))]
  it('is critically and only for timestamps (RFC 3161 2.3), and has a path while it was valid', async () => {
    const authority = readCertificate(file('tsa-bssn-2023.pem'))
    expect(authority.extendedKeyUsage).toEqual({ critical: true, purposes: [timeStampingPurpose] })
    const rules = { anchors: anchors(), intermediates: intermediates(), purposes: [timeStampingPurpose] }
    expect((await buildPath(authority, { ...rules, at: new Date('2025-01-01T00:00:00Z') })).ok).toBe(true)
    expect(await buildPath(authority, { ...rules, at: new Date('2026-11-22T00:00:00Z') })).toMatchObject({ ok: false, refusal: { code: 'expired', index: 0 } })
    expect(await buildPath(authority, { ...rules, purposes: ['1.2.840.113583.1.1.5'], at: new Date('2025-01-01T00:00:00Z') })).toMatchObject({ ok: false, refusal: { code: 'purpose' } })
    expect(await checkStatus(authority, { ...rules, at: new Date('2025-01-01T00:00:00Z'), fetch: false })).toMatchObject({ status: 'unknown' })
  })
})
