import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CabutError } from '@cabut/sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OutgoingLetter } from '../letter/letter.js'
import { createFolderTransport, type FolderTransport } from './folder-transport.js'
import { isSafeName } from './name.js'

const pdf = Buffer.from('%PDF-1.7\n% surat\n%%EOF\n')
const row = { nomor: '400/15', hal: 'Permohonan' }
let root: string
let transport: FolderTransport

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'srikandi-'))
  transport = await createFolderTransport({ folder: root })
})
afterEach(async () => { await rm(root, { recursive: true, force: true }) })

const put = (name: string, content: string | Uint8Array | object): Promise<void> =>
  writeFile(join(root, 'inbox', name), typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content))
const old = (name: string): Promise<void> => utimes(join(root, 'inbox', name), 1, 1)
const list = async (place: string): Promise<string[]> => (await readdir(join(root, place))).sort()
const read = async (...path: string[]): Promise<Record<string, unknown>> => JSON.parse(await readFile(join(root, ...path), 'utf8')) as Record<string, unknown>

const letter: OutgoingLetter = {
  kind: 'answer', nomor: '${nomor_naskah}', tanggal: '${tanggal_naskah}', hal: 'Jawaban', state: 'konsep', tujuan: [], tembusan: [], lampiran: [], verifikator: [], penandatangan: [],
  menjawab: { identity: { office: 'A', number: '1', year: 2026 }, nomor: '1', tanggal: '2026-11-20' },
}

describe('folder transport: arriving', () => {
  it('hands a row and its PDF out once, then keeps both with the result', async () => {
    await put('surat.json', row)
    await put('surat.pdf', pdf)
    const [delivery, ...others] = await transport.fetchNew()
    expect(others).toEqual([])
    expect(delivery).toMatchObject({ name: 'surat.json', row, pdf: { name: 'surat.pdf' } })
    expect(await transport.fetchNew()).toEqual([])
    await delivery?.accept({ permohonan: ['P-1'] })
    expect(await list('done')).toEqual(['surat'])
    expect(await list('done/surat')).toEqual(['asal.json', 'hasil.json', 'naskah.json', 'naskah.pdf'])
    expect(await read('done', 'surat', 'hasil.json')).toMatchObject({ permohonan: ['P-1'] })
    expect(await list('inbox')).toEqual([])
    expect(await list('claimed')).toEqual([])
  })

  it('keeps letters of one file name apart', async () => {
    for (let count = 0; count < 3; count += 1) {
      await put('surat.json', { ...row, count })
      await put('surat.pdf', pdf)
      for (const delivery of await transport.fetchNew()) await delivery.accept({ count })
    }
    expect(await list('done')).toEqual(['surat', 'surat~2', 'surat~3'])
  })

  it('finds a renamed PDF by the digest of the row', async () => {
    const { createHash } = await import('node:crypto')
    await put('surat.json', { ...row, hash_value: createHash('sha256').update(pdf).digest('hex').toUpperCase() })
    await put('Scan 001 (2).pdf', pdf)
    await put('lain.pdf', Buffer.from('%PDF-1.4\n%%EOF'))
    const [delivery] = await transport.fetchNew()
    expect(delivery?.pdf?.name).toBe('Scan 001 (2).pdf')
    expect(await transport.unattended()).toEqual(['lain.pdf'])
  })

  it('waits for a PDF that is still to come or still being written, and hands the row out alone when it never comes', async () => {
    await put('surat.json', row)
    expect(await transport.fetchNew()).toEqual([])
    await put('surat.pdf', pdf.subarray(0, 10))
    expect(await transport.fetchNew()).toEqual([])
    await rm(join(root, 'inbox', 'surat.pdf'))
    await old('surat.json')
    const [delivery] = await transport.fetchNew()
    expect(delivery).toMatchObject({ row })
    expect(delivery?.pdf).toBeUndefined()
    await delivery?.reject(new CabutError('letterPdfMissing'))
    expect(await read('rejected', 'surat', 'alasan.json')).toMatchObject({ code: 'letterPdfMissing', title: { id: expect.any(String) as string, en: expect.any(String) as string } })
    expect(await read('rejected', 'surat', 'naskah.json')).toEqual(row)
  })

  it('leaves a half-written row alone until it is old, then says what is wrong with it', async () => {
    await put('surat.json', '{"nomor": "400')
    expect(await transport.fetchNew()).toEqual([])
    await old('surat.json')
    expect((await transport.fetchNew())[0]?.problem?.code).toBe('letterRowUnreadable')
  })

  it('gives a released letter out again', async () => {
    await put('surat.json', row)
    await put('surat.pdf', pdf)
    await (await transport.fetchNew())[0]?.release()
    const [again] = await transport.fetchNew()
    expect(again).toMatchObject({ name: 'surat.json', row, pdf: { name: 'surat.pdf' } })
    await again?.accept({})
    await expect(again?.accept({})).rejects.toMatchObject({ code: 'letterClaimLost' })
  })

  it('takes an export of many rows apart, each with its PDF', async () => {
    await put('a.pdf', pdf)
    await put('b.pdf', pdf)
    await put('ekspor.json', [{ ...row, berkas: 'a.pdf' }, { ...row, nomor: '400/16', berkas: 'b.pdf' }, { ...row, berkas: 'a.pdf' }])
    const deliveries = await transport.fetchNew()
    expect(deliveries.map(({ pdf: file }) => file?.name).sort()).toEqual(['a.pdf', 'b.pdf'])
    expect(await read('done', 'ekspor', 'hasil.json')).toMatchObject({ rows: 2 })
  })

  it('takes a CSV export apart', async () => {
    await put('a.pdf', pdf)
    await put('ekspor.csv', '\uFEFFNomor;Hal;Berkas\r\n400/15;Permohonan;a.pdf\r\n')
    await old('ekspor.csv')
    expect((await transport.fetchNew())[0]).toMatchObject({ row: { nomor: '400/15', hal: 'Permohonan', berkas: 'a.pdf' }, pdf: { name: 'a.pdf' } })
  })
})

describe('folder transport: hostile names', () => {
  it.each(['../../etc/passwd', '/etc/passwd', '..\\x.pdf', '.hidden', 'a/b.pdf', 'x\u0000.pdf', 'C:x.pdf', 'NUL', 'con.pdf', 'a.pdf.', 'x\u202egnp.pdf', 'n'.repeat(201)])('refuses berkas %j', async (berkas) => {
    await put('surat.json', { ...row, berkas })
    await put('surat.pdf', pdf)
    await old('surat.json')
    const [delivery] = await transport.fetchNew()
    expect(delivery?.problem).toMatchObject({ code: 'letterNameUnsafe', at: 'berkas' })
    await delivery?.reject(delivery.problem as CabutError)
    expect(await list('rejected')).toEqual(['surat'])
    expect(await list('inbox')).toEqual(['surat.pdf'])
  })

  it('never reads through a symbolic link, whichever file is one', async () => {
    const secret = join(root, 'rahasia')
    await writeFile(secret, JSON.stringify({ ...row, hal: 'RAHASIA' }))
    await symlink(secret, join(root, 'inbox', 'tautan.json'))
    await put('surat.json', row)
    await symlink(secret, join(root, 'inbox', 'surat.pdf'))
    await old('surat.json')
    const deliveries = await transport.fetchNew()
    expect(deliveries.map(({ name, problem }) => [name, problem?.code])).toEqual([['surat.json', 'letterNameUnsafe'], ['tautan.json', 'letterNameUnsafe']])
    for (const delivery of deliveries) expect(JSON.stringify(delivery)).not.toContain('RAHASIA')
    for (const delivery of deliveries) await delivery.reject(delivery.problem as CabutError)
    expect(JSON.parse(await readFile(secret, 'utf8'))).toMatchObject({ hal: 'RAHASIA' })
  })

  it('refuses row names that are no names, and folders', async () => {
    await put('a\nb.json', row)
    await mkdir(join(root, 'inbox', 'folder.json'))
    const deliveries = await transport.fetchNew()
    expect(deliveries.map(({ problem }) => problem?.code)).toEqual(['letterNameUnsafe', 'letterNameUnsafe'])
    for (const delivery of deliveries) await delivery.reject(delivery.problem as CabutError)
    expect((await list('rejected')).map((name) => name.replace(/[0-9a-f]{16}/, '#'))).toEqual(['folder', 'naskah-#'])
  })

  it('refuses a place that is a link out of the root', async () => {
    const other = await mkdtemp(join(tmpdir(), 'srikandi-'))
    await symlink(tmpdir(), join(other, 'inbox'))
    await expect(createFolderTransport({ folder: other })).rejects.toMatchObject({ code: 'letterNameUnsafe', at: 'inbox' })
    await rm(other, { recursive: true })
  })

  it('accepts ordinary Indonesian file names', () => {
    for (const name of ['Surat Permohonan (1).pdf', 'surat_15-DINDIK.pdf', 'Permohonan Jum’at.pdf', 'å.pdf']) expect(isSafeName(name)).toBe(true)
  })
})

describe('folder transport: leaving', () => {
  const files = [{ name: 'jawaban.pdf', mediaType: 'application/pdf', bytes: pdf }]

  it('writes a letter once per key, whole, and follows it to "sent"', async () => {
    expect(await transport.send({ key: 'J-1', letter, files })).toMatchObject({ state: 'waiting', repeated: false, files })
    expect(await transport.send({ key: 'J-1', letter, files })).toMatchObject({ state: 'waiting', repeated: true, files: [{ name: 'jawaban.pdf' }] })
    expect(await list('outbox')).toEqual(['J-1'])
    expect(await list('outbox/J-1')).toEqual(['jawaban.pdf', 'naskah.json'])
    await writeFile(join(root, 'outbox', 'J-1', 'status.json'), JSON.stringify({ nomor: '400/77/DINKOMINFO' }))
    await rename(join(root, 'outbox', 'J-1'), join(root, 'sent', 'J-1'))
    expect(await transport.send({ key: 'J-1', letter, files })).toMatchObject({ state: 'sent', nomor: '400/77/DINKOMINFO', repeated: true, files: [{ name: 'jawaban.pdf' }] })
    expect(await list('outbox')).toEqual([])
    expect(await transport.status('J-2')).toEqual({ state: 'unknown' })
  })

  it('sends one letter when many send it at once', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => transport.send({ key: 'J-1', letter, files })))
    expect(results.filter(({ repeated }) => !repeated)).toHaveLength(1)
    expect(await list('outbox')).toEqual(['J-1'])
  })

  it('passes a disposition on once', async () => {
    const disposition = { dari: 'Kepala Dinas', kepada: 'Verifikator', status: 'belumDibaca' } as const
    expect(await transport.dispose('D-1', letter.menjawab.identity, disposition)).toEqual({ repeated: false })
    expect(await transport.dispose('D-1', letter.menjawab.identity, disposition)).toEqual({ repeated: true })
    expect(await read('outbox', 'disposisi-D-1', 'disposisi.json')).toEqual({ naskah: letter.menjawab.identity, disposisi: disposition })
  })

  it.each(['../x', '', '.x', 'a/b', 'x.', 'nul'])('refuses the key %j', async (key) => { await expect(transport.send({ key, letter, files })).rejects.toThrow(TypeError) })
  it.each([['../x.pdf'], ['naskah.json'], ['status.json']])('refuses the file name %j', async (name) => {
    await expect(transport.send({ key: 'J-1', letter, files: [{ name, mediaType: 'application/pdf', bytes: pdf }] })).rejects.toMatchObject({ code: 'letterNameUnsafe' })
    expect(await list('outbox')).toEqual([])
  })
})
