import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument, StandardFonts } from 'pdf-lib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cabut } from './run.js'

let root = ''
const path = (...parts: readonly string[]): string => join(root, ...parts)
const row = { nomor: '000.8.3.3/15/DINDIK', tanggal: '23 November 2026', hal: 'Permohonan', jabatan_pengirim: 'Kepala Dinas Pendidikan', permohonan: { alasan: 'mutasi', penerbit: 'CN=CA', nomor_seri: 'a1' } }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cabut-srikandi-'))
  await writeFile(path('office.json'), JSON.stringify({ offices: [{ code: 'DINDIK', name: 'Dinas Pendidikan' }], letterhead: { lines: ['KABUPATEN CONTOH'], place: 'Contoh' }, signatory: { nama: 'Wulan Prameswari', jabatan: 'Kepala Dinas' }, zone: 'WIB' }))
  const document = await PDFDocument.create()
  const font = await document.embedFont(StandardFonts.TimesRoman)
  const page = document.addPage([595, 842])
  const lines = [['DINAS PENDIDIKAN', 220, 800], ['Nomor : 000.8.3.3/15/DINDIK', 72, 760], ['Contoh, 23 November 2026', 400, 760], ['Hal : Permohonan Pencabutan', 72, 745], ['Kepala Dinas Pendidikan,', 330, 400], ['Sri Wahyuni', 330, 350], ['NIP 999901011980011001', 330, 336]] as const
  for (const [text, x, y] of lines) page.drawText(text, { x, y, size: 11, font })
  await writeFile(path('surat.pdf'), await document.save())
  await writeFile(path('surat.json'), JSON.stringify(row))
})
afterAll(async () => { await rm(root, { recursive: true, force: true }) })
const common = (): string[] => ['--folder', path('srikandi'), '--office', path('office.json')]

test('srikandi import without a row shows the reading and imports nothing', async () => {
  const run = await cabut(['srikandi', 'import', path('surat.pdf'), ...common()])
  expect(run).toMatchObject({ code: 0, err: '' })
  expect(run.out).toMatch(/Number +000\.8\.3\.3\/15\/DINDIK {2}\(sure; page 1 line 2\)/)
  expect(run.out).toContain('NOT imported')
  expect(run.out).not.toContain('99990101')
  expect(await readdir(path('srikandi', 'inbox'))).toEqual([])
  const [document] = JSON.parse((await cabut(['srikandi', 'import', path('surat.pdf'), ...common(), '--json'])).out) as [{ imported: boolean; proposal: object }]
  expect(document).toMatchObject({ imported: false, proposal: { nomor: '000.8.3.3/15/DINDIK', tanggal: '23 November 2026', unit_pengirim: 'DINDIK', nama_pengirim: 'Sri Wahyuni' } })
})

test('srikandi import with a confirmed row puts both into the inbox, once; what differs is told', async () => {
  for (const _round of [1, 2]) expect((await cabut(['srikandi', 'import', path('surat.pdf'), ...common(), '--row', path('surat.json')], 'id')).out).toContain('masuk inbox')
  expect(await readdir(path('srikandi', 'inbox'))).toEqual(['surat.json', 'surat.pdf'])
  await writeFile(path('lain.json'), JSON.stringify({ ...row, nomor: '000.8.3.3/16/DINDIK' }))
  expect(await cabut(['srikandi', 'import', path('surat.pdf'), ...common(), '--row', path('lain.json')])).toMatchObject({ code: 2, err: expect.stringContaining('other content') as string, out: expect.stringContaining('[numberDiffers] (halaman 1 baris 2)') as string })
})

test('srikandi import refuses bad input with a code', async () => {
  await writeFile(path('buruk.csv'), 'nomor;tanggal;hal\n1/2/X;31 November 2026;Permohonan\n')
  expect(await cabut(['srikandi', 'import', path('buruk.csv'), ...common()])).toMatchObject({ code: 2, err: expect.stringContaining('[letterDateInvalid]') as string })
  await writeFile(path('kosong.json'), JSON.stringify({ ...row, permohonan: undefined }))
  expect(await cabut(['srikandi', 'import', path('surat.pdf'), ...common(), '--row', path('kosong.json')], 'id')).toMatchObject({ code: 2, err: expect.stringContaining('[letterDetailsMissing]') as string })
  await writeFile(path('rusak.pdf'), '%PDF-1.7')
  expect(await cabut(['srikandi', 'import', path('rusak.pdf'), ...common()])).toMatchObject({ code: 2, err: expect.stringContaining('[letterPdfDamaged]') as string })
  expect(await cabut(['srikandi', 'import', path('surat.pdf'), '--folder', path('srikandi'), '--office', path('surat.pdf')])).toMatchObject({ code: 2 })
})

test('srikandi inbox lists what lies there and why letters were put aside', async () => {
  await import('node:fs/promises').then(({ mkdir }) => mkdir(path('srikandi', 'rejected', 'lama'), { recursive: true }))
  await writeFile(path('srikandi', 'rejected', 'lama', 'alasan.json'), JSON.stringify({ at: 'nomor', code: 'letterNumberInvalid', title: { id: 'Nomor surat tidak sah', en: 'The letter number is not valid' } }))
  const run = await cabut(['srikandi', 'inbox', '--folder', path('srikandi')])
  expect(run.code).toBe(0)
  expect(run.out).toContain('surat.json  000.8.3.3/15/DINDIK')
  expect(run.out).toContain('lama: The letter number is not valid [letterNumberInvalid] (nomor)')
  expect(JSON.parse((await cabut(['srikandi', 'inbox', '--folder', path('srikandi'), '--json'])).out)).toMatchObject({ inbox: [{ name: 'surat.json', letters: 1 }], rejected: [{ code: 'letterNumberInvalid' }], outbox: [] })
  expect(await cabut(['srikandi', 'inbox', '--folder', path('tidak-ada')])).toMatchObject({ code: 2 })
})

test('srikandi answer refuses a receipt that does not hold, and writes nothing', async () => {
  const { createSandbox } = await import('@cabut/sandbox')
  const sandbox = await createSandbox({ seed: 'cli-srikandi', faults: 'none' })
  try {
    await writeFile(path('root.pem'), sandbox.anchors.join('\n'))
  } finally {
    await sandbox.close()
  }
  await import('node:fs/promises').then(({ mkdir }) => mkdir(path('bukti'), { recursive: true }))
  await writeFile(path('bukti', 'receipt.json'), '{}')
  const run = await cabut(['srikandi', 'answer', path('bukti'), ...common(), '--anchors', path('root.pem'), '--row', path('surat.json')])
  expect(run).toMatchObject({ code: 20, out: expect.stringContaining('The receipt is not valid') as string })
  expect(await readdir(path('srikandi', 'outbox'))).toEqual([])
  expect((await readFile(path('surat.json'), 'utf8')).length).toBeGreaterThan(0)
})

test('srikandi waiting lists what waits for a signer, by whose import, and what to do; a formula in the export stays text', async () => {
  await writeFile(path('ekspor.csv'), '\uFEFFnomor;hal;status_naskah;nama_penandatangan\r\n;=HYPERLINK("x");Menunggu TTE;Laras Kinanti\r\n1/2;Lain;Konsep;Orang Lain\r\n1/3;Aneh;Entah;Laras Kinanti\r\n')
  const run = await cabut(['srikandi', 'waiting', path('ekspor.csv'), '--name', 'LARAS KINANTI', '--exported', '2026-11-20T10:00:00+07:00'], 'id')
  expect(run).toMatchObject({ code: 34, err: '' })
  expect(run.out).toMatch(/^Berdasarkan impor tanggal 20 November 2026; .*tidak termasuk\n/)
  expect(run.out).toContain('rows[0]  =HYPERLINK("x")\n    Kembalikan ke konsep dan ganti penandatangan')
  expect(run.out).toContain('lihat sendiri: rows[2]')
  expect(await cabut(['srikandi', 'waiting', path('ekspor.csv'), '--name', 'Tidak Ada'])).toMatchObject({ code: 0, out: expect.stringContaining('No letter waits in this export.') as string })
  expect(await cabut(['srikandi', 'waiting', path('ekspor.csv'), '--name', 'X', '--zone', 'GMT'])).toMatchObject({ code: 2, err: expect.stringContaining('choose WIB, WITA, WIT') as string })
})
