import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSqlStore, keysInDirectory, readKeyEncryptionKey } from '@cabut/postgres'
import { openPglite } from '@cabut/postgres/pglite'
import { createSandbox } from '@cabut/sandbox'
import { allowPlainHttp, bearer, createDesk, createHttpAms } from '@cabut/sdk'
import { cabut } from './run.js'

const kek = '5a'.repeat(16) + 'c3'.repeat(16)
const ids = ['P-cli-0001', 'P-cli-0002', 'P-cli-0003']
let root: string
let place: readonly string[]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cabut-durable-'))
  const data = join(root, 'data')
  const keys = join(root, 'keys')
  await writeFile(join(root, 'kek'), `${kek}\n`)
  place = ['--data', data, '--key-file', join(root, 'kek'), '--keys', keys]
  const clock = { now: Date.UTC(2025, 9, 21, 2) }
  const sandbox = await createSandbox({ seed: 'cli-durable', faults: 'none', now: () => clock.now, reuseKeys: true, publication: { delay: 600_000 } })
  const store = await createSqlStore(await openPglite({ directory: data }), { privacy: { key: readKeyEncryptionKey(kek), keys: keysInDirectory(keys) } })
  const document = await PDFDocument.create()
  document.addPage([200, 200])
  const bytes = await document.save()
  const desk = createDesk({
    standard: 'kabupaten-purbalingga', store, anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], fetch: sandbox.fetch, clock: () => new Date(clock.now), worker: false, sandbox: true,
    ams: createHttpAms({ baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, allow: [allowPlainHttp], credential: bearer((actor) => sandbox.manage.token(actor.id)), honoursIdempotencyKey: true }),
    notify: async (notice) => ({ channel: 'portal', reference: notice.key }),
    answer: async () => ({ kind: 'answerLetter', bytes, number: '000.8.3.3/16/DINKOMINFO', date: '2025-10-21' }),
  })
  const opd = { id: 'surya.wibisana', role: 'opdOfficer', opd: 'dindik' } as const
  const verifier = { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' } as const
  for (const [index, id] of ids.entries()) {
    const leaf = await sandbox.manage.issue({ username: opd.id, key: 'shared' })
    await desk.file({
      id, certificate: { certificate: leaf.certificatePem, username: opd.id }, reason: 'mutasi', as: opd, applicant: { id: opd.id, opd: opd.opd, name: 'Surya Wibisana' },
      holder: { id: `pemilik-${index + 1}`, name: `Pemilik Contoh ${index + 1}` }, letters: [{ kind: 'requestLetter', bytes, number: '800/15/DINDIK', date: '2025-10-21' }, { kind: 'reasonStatement', bytes, number: '800/16/DINDIK', date: '2025-10-21' }],
    })
    if (index === 2) continue
    await desk.dispose(id, { as: { id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' }, to: verifier })
    await desk.approve(id, { as: verifier, findings: { data: 'match', completeness: 'complete', subjectDn: 'match' } })
  }
  for (let minute = 0; minute < 20; minute++) {
    await desk.runEffects()
    clock.now += 60_000
  }
  for (const id of ids.slice(0, 2)) expect((await desk.get(id)).status).toBe('closed')
  await desk.close()
  await store.close()
  await sandbox.close()
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('rights of the people whose data is kept', () => {
  test('a store that keeps values sealed opens only with its key', async () => {
    const without = await cabut(['audit', 'sample', join(root, 'none'), '--data', join(root, 'data'), '--seed', 'x'])
    expect(without.code).toBe(1)
    expect(without.err).toContain('[privacyKeyMissing]')
    expect((await cabut(['subject', 'export', 'pemilik-1', '--data', join(root, 'data')])).code).toBe(2)
  })

  test('export, dry run, hold, erasure; afterwards views say "dihapus" and the audit is green', async () => {
    const copy = await cabut(['subject', 'export', 'pemilik-1', ...place, '--json'])
    expect(copy.code).toBe(0)
    expect(JSON.parse(copy.out)).toMatchObject({ subject: 'pemilik-1', cases: [{ id: ids[0], personal: { holder: 'Pemilik Contoh 1' } }] })
    const dry = await cabut(['subject', 'erase', 'pemilik-1', ...place, '--ground', 'permohonan'])
    expect(dry.out).toContain('nothing erased')
    expect((await cabut(['subject', 'hold', 'pemilik-1', ...place, '--ground', 'Perkara 7/2027'])).code).toBe(0)
    const held = await cabut(['subject', 'erase', 'pemilik-1', ...place, '--ground', 'permohonan', '--yes'])
    expect([held.code, held.err]).toEqual([2, expect.stringContaining('Perkara 7/2027')])
    expect((await cabut(['subject', 'hold', 'pemilik-1', ...place, '--lift'])).out).toContain('1 holds ended')
    const open = await cabut(['subject', 'erase', 'pemilik-3', ...place, '--ground', 'permohonan', '--yes'])
    expect([open.code, open.err]).toEqual([2, expect.stringContaining('subjectBusy')])
    expect((await cabut(['subject', 'erase', 'pemilik-1', ...place, '--ground', 'permohonan', '--yes'])).code).toBe(0)
    const after = await cabut(['subject', 'export', 'pemilik-1', ...place], 'id')
    expect(after.out).toContain('holder: dihapus')
    expect((await cabut(['audit', 'verify', ...place])).code).toBe(0)
  })
})

describe('archive', () => {
  test('export, check, import elsewhere, refused when changed; the schedule says what is due', async () => {
    const pair = generateKeyPairSync('ed25519')
    await writeFile(join(root, 'office.key'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await writeFile(join(root, 'office.pub'), pair.publicKey.export({ type: 'spki', format: 'pem' }))
    await writeFile(join(root, 'policy.json'), JSON.stringify({ kind: 'cabut-retention', rules: [{ id: 'JRA-4', ground: 'Perbup contoh', statuses: ['closed'], archiveAfterYears: 0, eraseAfterYears: 90 }] }))
    const folder = join(root, 'arsip')
    const exported = await cabut(['archive', 'export', folder, ...place, '--policy', join(root, 'policy.json'), '--key', join(root, 'office.key'), '--office', 'Dinkominfo Contoh', '--json'])
    expect(exported.err).toBe('')
    expect(JSON.parse(exported.out)).toMatchObject({ cases: 2 })
    expect(JSON.parse(await readFile(join(folder, 'archive.json'), 'utf8'))).toMatchObject({ ground: 'JRA-4: Perbup contoh' })
    const check = await cabut(['archive', 'import', folder, '--office-key', join(root, 'office.pub'), '--check'])
    expect([check.code, check.out]).toEqual([0, expect.stringContaining('VALID: 2 cases')])
    const elsewhere = join(root, 'lain')
    await mkdir(elsewhere)
    expect((await cabut(['archive', 'import', folder, '--office-key', join(root, 'office.pub'), '--data', elsewhere])).out).toContain('2 taken in')
    const due = await cabut(['archive', 'due', ...place, '--policy', join(root, 'policy.json')])
    expect(due.out.trim().split('\n')).toHaveLength(2)
    const early = await cabut(['archive', 'retire', ids[1] ?? '', ...place, '--policy', join(root, 'policy.json')])
    expect([early.code, early.err]).toEqual([2, expect.stringContaining('archiveNotDue')])
    const file = join(folder, 'cases', `${ids[1]}.jsonl`)
    await writeFile(file, (await readFile(file, 'utf8')).replace('Pemilik Contoh 2', 'Pemilik Contoh 9'))
    const changed = await cabut(['archive', 'import', folder, '--office-key', join(root, 'office.pub'), '--check'])
    expect([changed.code, changed.err]).toEqual([2, expect.stringContaining(`cases/${ids[1]}.jsonl`)])
  })
})

test('audit sample: whole dossiers, the same for the same seed', async () => {
  const draw = async (folder: string, seed: string): Promise<readonly string[]> => {
    const run = await cabut(['audit', 'sample', join(root, folder), ...place, '--n', '2', '--seed', seed, '--json'])
    expect(run.code).toBe(0)
    return (JSON.parse(run.out) as { drawn: string[] }).drawn
  }
  const first = await draw('sampel-1', 'inspektorat 17')
  expect(first).toHaveLength(2)
  expect(await draw('sampel-2', 'inspektorat 17')).toEqual(first)
  const dossier = join(root, 'sampel-1', first[0] ?? '')
  expect((await readdir(dossier)).sort()).toEqual(['RINGKASAN.md', 'SHA256SUMS', 'bukti', 'riwayat.jsonl'])
  expect(await readFile(join(dossier, 'RINGKASAN.md'), 'utf8')).toContain('Rantai riwayat: utuh')
  expect(await readFile(join(dossier, 'SHA256SUMS'), 'utf8')).toBe(await readFile(join(root, 'sampel-2', first[0] ?? '', 'SHA256SUMS'), 'utf8'))
  expect((await cabut(['audit', 'sample', join(root, 'sampel-3'), ...place, '--n', 'banyak', '--seed', 'x'])).code).toBe(2)
})
