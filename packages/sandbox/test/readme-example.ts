import { createSandbox } from '@cabut/sandbox'

const sandbox = await createSandbox({ faults: 'none', publication: { delay: 'manual' } })
const leaf = await sandbox.manage.issue({ username: 'surya.wibisana' })
const ams = async (path: string, type: string, body: string): Promise<{ data: Record<string, string> }> => {
  const token = sandbox.manage.token('tegar.maulana')
  const headers = { authorization: `Bearer ${token}`, 'content-type': type, 'idempotency-key': 'permohonan-2026-0001' }
  const response = await sandbox.fetch(sandbox.urls.ams + path, { method: 'POST', headers, body })
  return (await response.json()) as { data: Record<string, string> }
}

const letter = await ams('/letters', 'application/pdf', '%PDF-1.7 surat keterangan alasan (rekaan)')
const filed = await ams(
  '/revocations',
  'application/json',
  JSON.stringify({
    username: 'surya.wibisana',
    certificate: { issuerDn: leaf.issuerDn, serial: leaf.serial },
    reason: 'mutasi',
    letterIds: [letter.data['letterId']],
  }),
)
sandbox.manage.settle() // BSrE approves: AMS now says REVOKED ...
const listed = (): boolean => Buffer.from(sandbox.ca.crl()).toString('hex').includes(leaf.serial)
const before = listed() // ... but nobody else can see it yet: false
sandbox.manage.publish()
const after = listed() // true

export const result = { status: filed.data['status'], before, after, times: sandbox.manage.timesRevoked(leaf.serial) }
await sandbox.close()
