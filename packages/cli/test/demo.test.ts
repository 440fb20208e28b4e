import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createSandbox } from '@cabut/sandbox'
import { unzipReceipt, verifyReceipt } from '@cabut/sdk/receipt'
import { readPdfText } from '@cabut/srikandi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StoryEnd } from '../src/demo/story.js'
import { opensslVersion } from '../src/demo/openssl.js'
import { cabut, type Run } from './run.js'

let folder: string
let run: Run
let ends: StoryEnd[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabut-demo-test-'))
  run = await cabut(['demo', '--json', '--seed', 'test', '--out', folder])
  ends = (JSON.parse(run.out) as { runs: StoryEnd[] }).runs
}, 300_000)
afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

describe('demo', () => {
  test('ends with a verified receipt for both standards, each certificate revoked exactly once', () => {
    expect(run).toMatchObject({ code: 0, err: '' })
    expect(ends.map(({ standard }) => standard)).toEqual(['kota-pekalongan', 'kabupaten-purbalingga'])
    for (const end of ends) expect(end).toMatchObject({ verified: true, timesRevoked: 1, breached: false, minutesToProof: 45 })
  })

  test('is judged by openssl where there is one', () => {
    const version = opensslVersion()
    if (version === undefined) console.warn('SKIP: no openssl on this machine, VERIFY.md was not run')
    for (const end of ends) expect(end.openssl).toBe(version ?? 'skipped: no openssl on this machine')
  })
})

describe('receipt verify', () => {
  const root = (standard: string): string => join(folder, standard, 'chain', 'root.pem')
  const verify = (standard: string, anchors = root(standard)): Promise<Run> => cabut(['receipt', 'verify', join(folder, standard), '--anchors', anchors])
  const filesOf = async (standard: string): Promise<string[]> => (await readdir(join(folder, standard), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile()).map((entry) => relative(join(folder, standard), join(entry.parentPath, entry.name)))

  test.each(['kota-pekalongan', 'kabupaten-purbalingga'])('%s holds under its own root, and says SANDBOX', async (standard) => {
    const good = await verify(standard)
    expect(good).toMatchObject({ code: 0, err: '' })
    expect(good.out).toMatch(/^SANDBOX/)
  })

  test('one changed byte in any file fails and names the file', async () => {
    const standard = 'kota-pekalongan'
    const files = await filesOf(standard)
    expect(files.length).toBeGreaterThan(7)
    const anchors = join(folder, 'root.pem')
    await writeFile(anchors, await readFile(root(standard)))
    for (const name of files) {
      const path = join(folder, standard, name)
      const bytes = await readFile(path)
      const changed = Uint8Array.from(bytes)
      const middle = changed.length >> 1
      changed[middle] = (changed[middle] ?? 0) ^ 1
      await writeFile(path, changed)
      const broken = await verify(standard, anchors)
      expect(broken.code, name).toBe(20)
      expect(broken.out, name).toContain(name === 'MANIFEST' ? '' : `${name}: `)
      await writeFile(path, bytes)
    }
    expect((await verify(standard, anchors)).code).toBe(0)
  })

  test('an added and a removed file fail and are named', async () => {
    const standard = 'kabupaten-purbalingga'
    const extra = join(folder, standard, 'catatan.txt')
    await writeFile(extra, 'x')
    expect(await verify(standard)).toMatchObject({ code: 20, out: expect.stringContaining('catatan.txt: file added') as string })
    await rm(extra)
    for (const name of await filesOf(standard)) {
      if (name === join('chain', 'root.pem')) continue
      const path = join(folder, standard, name)
      const bytes = await readFile(path)
      await rm(path)
      const missing = await verify(standard)
      expect(missing.code, name).toBe(20)
      expect(missing.out, name).toContain(name)
      await writeFile(path, bytes)
    }
    expect((await verify(standard)).code).toBe(0)
  })

  test('another root fails and names it', async () => {
    const other = await createSandbox({ faults: 'none' })
    const anchors = join(folder, 'other.pem')
    await writeFile(anchors, other.anchors[0])
    await other.close()
    expect(await verify('kota-pekalongan', anchors)).toMatchObject({ code: 20, out: expect.stringContaining('chain/root.pem') as string })
  })
})

describe('srikandi answer', () => {
  test('a receipt that holds becomes the answer letter in the outbox, once; letter and receipt say the same', async () => {
    const standard = 'kabupaten-purbalingga'
    const receipt = JSON.parse(await readFile(join(folder, standard, 'receipt.json'), 'utf8')) as { certificate: { serial: string; issuerDn: string }; proof: { revocationDate: string } }
    const { serial, issuerDn } = receipt.certificate
    const office = { offices: [{ code: 'DINDIK', name: 'Dinas Pendidikan' }], letterhead: { lines: ['KABUPATEN CONTOH'], place: 'Contoh' }, signatory: { nama: 'Wulan Prameswari', jabatan: 'Kepala Dinas' }, zone: 'WIB' }
    const row = { nomor: '000.8.3.3/15/DINDIK', tanggal: '19 November 2026', hal: 'Permohonan', jabatan_pengirim: 'Kepala Dinas Pendidikan', permohonan: { alasan: 'mutasi', penerbit: issuerDn, nomor_seri: serial } }
    const kept = await mkdtemp(join(tmpdir(), 'cabut-answer-'))
    try {
      await writeFile(join(kept, 'office.json'), JSON.stringify(office))
      await writeFile(join(kept, 'row.json'), JSON.stringify(row))
      const anchors = join(folder, standard, 'chain', 'root.pem')
      const answer = (...more: string[]): Promise<Run> => cabut(
        ['srikandi', 'answer', join(folder, standard), '--folder', join(kept, 'srikandi'), '--office', join(kept, 'office.json'), '--anchors', anchors, '--row', join(kept, 'row.json'), ...more], 'id')
      const first = await answer('--json')
      expect(first).toMatchObject({ code: 0, err: '' })
      const { key, ...told } = JSON.parse(first.out) as { key: string }
      expect(told).toMatchObject({ repeated: false, serials: [serial] })
      const sent = join(kept, 'srikandi', 'outbox', key)
      const files = await readdir(sent)
      expect(files.filter((name) => /\.(?:pdf|docx|zip)$/.test(name)).map((name) => name.split('.').at(-1)).sort()).toEqual(['docx', 'pdf', 'zip'])
      const text = (await readPdfText(await readFile(join(sent, files.find((name) => name.endsWith('.pdf')) ?? '')))).read.flatMap(({ runs }) => runs).map((run) => run.text).join(' ')
      expect(text.replaceAll(/\s/g, '')).toContain(serial)
      expect(text).toContain('SANDBOX')
      const zip = await readFile(join(sent, files.find((name) => name.endsWith('.zip')) ?? ''))
      await writeFile(join(kept, 'bukti.zip'), zip)
      expect(await verifyReceipt(unzipReceipt(zip), { anchors: [await readFile(anchors, 'utf8')] })).toMatchObject({ valid: true })
      expect(JSON.parse((await answer('--json')).out)).toMatchObject({ key, repeated: true })
      expect(await readdir(join(kept, 'srikandi', 'outbox'))).toEqual([key])
    } finally {
      await rm(kept, { recursive: true, force: true })
    }
  })
})
