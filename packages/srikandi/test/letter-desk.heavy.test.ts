import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { unzipReceipt, verifyReceipt } from '@cabut/sdk/receipt'
import { writeInstruction } from '@cabut/srikandi'
import { batchStandard, findings, head, letterPdf, letterRow, openLetterOffice, verifier, type LetterOffice } from './letter-office.js'

let office: LetterOffice | undefined
afterEach(async () => { await office?.close(); office = undefined })
const open = async (...options: Parameters<typeof openLetterOffice>): Promise<LetterOffice> => (office = await openLetterOffice(...options))

const hour = 3_600_000
const disposisi = { dari: 'Kepala Dinas Kominfo', kepada: 'Tegar Maulana', instruksi: 'Proses sesuai ketentuan', tanggal: '24 November 2026' }
const list = async (...path: string[]): Promise<string[]> => (await readdir(join(...path))).sort()
const types = async ({ desk }: LetterOffice, id: string): Promise<string[]> => (await desk.history(id)).map(({ type }) => type)
const only = async ({ desk }: LetterOffice): Promise<Awaited<ReturnType<LetterOffice['desk']['get']>>> => {
  const [request, ...others] = await desk.list()
  expect(others).toEqual([])
  if (request === undefined) throw new Error('no request')
  return request
}

describe('Kabupaten Purbalingga by letter, with faults on', () => {
  it('Service Delivery 2.1-2.6: letter in, disposition in the letter, proof, answer letter out', async () => {
    const here = await open()
    const { root, letters, desk, sandbox } = here
    const leaf = await here.issue()
    const row = letterRow({ alasan: 'mutasi', sertifikat: leaf.certificatePem, username: 'surya.wibisana', nama: 'Surya Wibisana' })
    await here.put('surat', row, await letterPdf('Permohonan'))
    expect(await letters.receive()).toMatchObject([{ outcome: 'taken', requests: [{ outcome: 'filed' }], problems: [] }])
    const { id } = await only(here)
    expect(id).toMatch(/^DINDIK-2026-[0-9a-f]{16}-[0-9a-f]{12}$/)
    expect(await types(here, id)).toEqual(['filed', 'submitted', 'received'])

    // The same letter, exported again after the head disposed of it; the assignee has read it.
    await here.put('surat-lagi', { ...row, disposisi: [{ ...disposisi, status: 'Sudah dibaca' }] })
    expect(await letters.receive()).toMatchObject([{ outcome: 'taken', requests: [{ outcome: 'unchanged', request: id }], problems: [] }])
    expect((await desk.get(id)).state.disposition).toMatchObject({ by: head.id, to: verifier.id, read: true })
    expect(await letters.answer()).toEqual([])

    await desk.approve(id, { as: verifier, findings })
    await here.pass(3 * hour)
    expect((await desk.get(id)).status).toBe('revoked')
    const [answer] = await letters.answer()
    expect(answer).toMatchObject({ kind: 'answer', requests: [id], repeated: false })
    expect(await letters.answer()).toEqual([])
    await here.pass(hour)
    expect((await desk.get(id)).status).toBe('closed')
    expect(sandbox.manage.timesRevoked(leaf.serial)).toBe(1)

    const folder = join(root, 'outbox', answer?.key ?? '')
    const zip = `bukti-${leaf.serial}.zip`
    expect(await list(folder)).toEqual([zip, 'bukti.sha256', 'jawaban.pdf', 'naskah.json'].sort())
    expect(JSON.parse(await readFile(join(folder, 'naskah.json'), 'utf8'))).toMatchObject({
      nomor: '${nomor_naskah}', tanggal: '${tanggal_naskah}', hal: 'Jawaban Permohonan Pencabutan Sertifikat Elektronik', tujuan: [{ nama: 'Kepala Dinas Pendidikan', unit: 'DINDIK' }],
      menjawab: { nomor: '000.8.3.3/15/DINDIK', tanggal: '2026-11-23' },
    })
    expect(await verifyReceipt(unzipReceipt(await readFile(join(folder, zip))), { anchors: sandbox.anchors })).toMatchObject({ valid: true })
    expect(answer?.content.rows).toMatchObject([{ holder: 'Surya Wibisana', serial: leaf.serial, outcome: 'Dicabut, terbukti' }])
    expect(answer?.content.rows[0]?.detail).toMatch(/^Dicabut 24 November 2026 pukul \d\d\.\d\d(\.\d\d)? WIB, terbukti dengan (CRL nomor \d+|OCSP) tanggal /)
    const pdf = await PDFDocument.load(await readFile(join(folder, 'jawaban.pdf')), { updateMetadata: false })
    expect(pdf.getTitle()).toBe('Jawaban Permohonan Pencabutan Sertifikat Elektronik')
  })

  it('imports a letter twice, renamed, and by two desks at once: nothing changes', async () => {
    const here = await open()
    const leaf = await here.issue()
    const pdf = await letterPdf('Permohonan')
    const row = letterRow({ alasan: 'Mutasi', sertifikat: leaf.certificatePem }, { disposisi: [disposisi] })
    await here.put('surat', row, pdf)
    expect(await here.letters.receive()).toMatchObject([{ outcome: 'taken', requests: [{ outcome: 'filed' }] }])
    const before = await types(here, (await only(here)).id)
    await here.put('nama-lain', row, pdf)
    await here.put('surat', { ...row, nomor: 'Nomor : 000.8.3.3 / 15 / Dindik' }, pdf)
    expect(await here.letters.receive()).toMatchObject([{ requests: [{ outcome: 'unchanged' }] }, { requests: [{ outcome: 'unchanged' }] }])
    // Registered under another number, but the very same PDF.
    await here.put('nomor-salah', { ...row, nomor: '000.8.3.3/16/DINDIK' }, pdf)
    expect(await here.letters.receive()).toMatchObject([{ requests: [{ outcome: 'unchanged' }] }])
    expect(await types(here, (await only(here)).id)).toEqual(before)
    expect(before).toEqual(['filed', 'submitted', 'received', 'disposed'])

    const other = await here.issue('laras.kinanti')
    for (const name of ['a', 'b', 'c', 'd']) await here.put(name, letterRow({ alasan: 'mutasi', sertifikat: other.certificatePem }, { nomor: '000.8.3.3/20/DINDIK' }), pdf)
    const taken = (await Promise.all([1, 2, 3, 4].map(async () => here.letters.receive({ limit: 1 })))).flat()
    expect(taken.map(({ outcome }) => outcome)).toEqual(['taken', 'taken', 'taken', 'taken'])
    expect(await here.desk.list()).toHaveLength(2)
  })

  it('a changed letter (same identity, other hash) is a new version that voids the approval', async () => {
    const here = await open({ desk: {} })
    const leaf = await here.issue()
    const row = letterRow({ alasan: 'mutasi', sertifikat: leaf.certificatePem, tmt: '1 Desember 2026' }, { disposisi: [disposisi] })
    await here.put('surat', row, await letterPdf('Permohonan'))
    await here.letters.receive()
    const { id } = await only(here)
    await here.desk.approve(id, { as: verifier, findings })
    expect((await here.desk.get(id)).status).toBe('approved')
    const second = await letterPdf('Permohonan, diperbaiki')
    await here.put('surat', row, second)
    expect(await here.letters.receive()).toMatchObject([{ requests: [{ outcome: 'changed', request: id }] }])
    expect((await here.desk.get(id))).toMatchObject({ status: 'verifying', state: { letters: [{}, {}] } })
    expect((await here.desk.get(id)).state.approval).toBeUndefined()
    const before = await types(here, id)
    await here.put('surat', row, second)
    await here.put('lama', row, await letterPdf('Permohonan'))
    expect(await here.letters.receive()).toHaveLength(2)
    expect(before.slice(-2)).toEqual(['letterAttached', 'amended'])
  })

  it('a refusal goes out as a return letter with its reasons, and the corrected letter under a new number is submitted again', async () => {
    const here = await open()
    const { desk, letters } = here
    const leaf = await here.issue()
    const permohonan = { alasan: 'mutasi', sertifikat: leaf.certificatePem }
    await here.put('surat', letterRow(permohonan, { disposisi: [disposisi] }), await letterPdf('Permohonan'))
    await letters.receive()
    const { id } = await only(here)
    await desk.return(id, { as: verifier, reasons: ['Cap OPD tidak terbaca'] })
    const [returned] = await letters.answer()
    expect(returned).toMatchObject({ kind: 'return', content: { letter: { hal: 'Pengembalian Permohonan Pencabutan Sertifikat Elektronik' }, rows: [{ outcome: 'Dikembalikan untuk perbaikan', detail: 'Cap OPD tidak terbaca' }] } })
    expect(returned?.content.receiptsSha256).toBeUndefined()
    expect(await letters.answer()).toEqual([])
    await here.put('baru', letterRow(permohonan, { nomor: '000.8.3.3/21/DINDIK' }), await letterPdf('Permohonan kedua'))
    expect(await letters.receive()).toMatchObject([{ requests: [{ outcome: 'resubmitted', request: id }] }])
    await here.put('baru', letterRow(permohonan, { nomor: '000.8.3.3/21/DINDIK' }), await letterPdf('Permohonan kedua'))
    expect((await only(here)).status).toBe('verifying')
    await desk.approve(id, { as: verifier, findings })
    await here.pass(3 * hour)
    expect(await letters.answer()).toMatchObject([{ kind: 'answer', requests: [id] }])
    expect(await list(here.root, 'outbox')).toHaveLength(2)
  })

  it('never says "dicabut" of a certificate without proof: the first answer says it waits', async () => {
    const here = await open({ sandbox: { publication: { delay: 'manual' } }, letters: { answerAt: ['awaitingProof', 'revoked'] } })
    const leaf = await here.issue()
    await here.put('surat', letterRow({ alasan: 'pensiun', sertifikat: leaf.certificatePem }, { disposisi: [disposisi] }), await letterPdf('Permohonan'))
    await here.letters.receive()
    const { id } = await only(here)
    await here.desk.approve(id, { as: verifier, findings })
    await here.pass(2 * hour)
    expect((await here.desk.get(id)).status).toBe('awaitingProof')
    const [first] = await here.letters.answer()
    expect(first?.content.rows).toMatchObject([{ outcome: 'Dicabut menurut AMS, menunggu bukti', detail: expect.stringMatching(/bukti menyusul$/) as string }])
    here.sandbox.manage.publish({ withheld: true })
    await here.pass(hour)
    expect(await here.letters.answer()).toMatchObject([{ content: { rows: [{ outcome: 'Dicabut, terbukti' }] } }])
    expect(await here.letters.answer()).toEqual([])
  })
})

describe('one letter, many holders', () => {
  it('each certificate has its own fate; the answer waits for all and lists them; what cannot be filed is told at once', async () => {
    const here = await open({ desk: { standard: batchStandard } })
    const { desk, letters, root } = here
    const [one, two, three] = [await here.issue(), await here.issue('laras.kinanti'), await here.issue('surya.wibisana')]
    here.sandbox.manage.revokeAtAuthority(three.serial, 'superseded')
    here.sandbox.manage.publish()
    const pemegang = [
      { nama: 'Surya Wibisana', sertifikat: one.certificatePem, username: 'surya.wibisana' }, { nama: 'Laras Kinanti', sertifikat: two.certificatePem, alasan: 'Pensiun', username: 'laras.kinanti' },
      { nama: 'Bima Anggara', sertifikat: three.certificatePem },
    ]
    await here.put('surat', letterRow({ alasan: 'mutasi', pemegang }, { disposisi: [disposisi] }), await letterPdf('Permohonan'))
    expect(await letters.receive()).toMatchObject([{ requests: [{ at: 'permohonan.pemegang[0]', outcome: 'filed' }, { outcome: 'filed' }, { at: 'permohonan.pemegang[2]', outcome: 'refused', code: 'certificateAlreadyRevoked' }] }])
    expect((await list(root, 'outbox')).map((name) => name.split('-')[0])).toEqual(['pengembalian'])
    const requests = await desk.list()
    expect(requests.map(({ state }) => state.reason).sort()).toEqual(['mutasi', 'pensiun'])
    const [first, second] = [requests.find(({ state }) => state.reason === 'mutasi')?.id ?? '', requests.find(({ state }) => state.reason === 'pensiun')?.id ?? '']
    await desk.approve(first, { as: verifier, findings })
    await here.pass(3 * hour)
    expect((await desk.get(first)).status).toBe('revoked')
    expect(await letters.answer()).toEqual([])
    await desk.reject(second, { as: verifier, reasons: ['Belum mencapai usia pensiun'] })
    const [answer] = await letters.answer()
    expect(answer?.content.rows.map(({ holder, outcome, detail }) => [holder, outcome, detail.slice(0, 7)]).sort()).toEqual([['Laras Kinanti', 'Ditolak', 'Belum m'], ['Surya Wibisana', 'Dicabut, terbukti', 'Dicabut']])
    expect(await letters.answer()).toEqual([])
  })

  it('Purbalingga (pbg-batch) takes one request for one certificate: a table is refused with advice, the same letter may go with each', async () => {
    const here = await open({ sandbox: { faults: 'none' } })
    expect(here.desk.standard.filing.batch.offered).toBe(false)
    const issuer = (await here.issue()).issuerDn
    const pemegang = ['a1', 'b2', 'c3'].map((nomor_seri) => ({ nama: 'Pegawai', penerbit: issuer, nomor_seri }))
    const pdf = await letterPdf('Permohonan')
    await here.put('semua', letterRow({ alasan: 'mutasi', pemegang }), pdf)
    const [refused] = await here.letters.receive()
    expect(refused).toMatchObject({ outcome: 'rejected', error: { code: 'letterBatchNotOffered', at: 'permohonan.pemegang', row: { id: expect.stringContaining('satu baris untuk setiap pemegang') as string } } })
    expect(await here.desk.list()).toEqual([])
    for (const round of [1, 2]) {
      for (const [index, one] of pemegang.entries()) await here.put(`${round}-${index}`, letterRow({ alasan: 'mutasi', pemegang: [one] }), pdf)
      const taken = await here.letters.receive()
      expect(taken.map((one) => one.outcome === 'taken' && [one.requests[0]?.outcome, one.dropped.length])).toEqual(Array.from({ length: 3 }, () => [round === 1 ? 'filed' : 'unchanged', 0]))
    }
    expect((await here.desk.list()).map(({ status }) => status)).toEqual(['submitted', 'submitted', 'submitted'])
  })

  it('100 holders in one letter become 100 requests, once; a row less on the next version is withdrawn', async () => {
    const here = await open({ sandbox: { faults: 'none' }, desk: { standard: batchStandard } })
    const issuer = (await here.issue()).issuerDn
    const pemegang = Array.from({ length: 100 }, (_, index) => ({ nama: `Pegawai ${index}`, penerbit: issuer, nomor_seri: `a${(index + 16).toString(16)}f` }))
    const row = letterRow({ alasan: 'mutasi', pemegang })
    const pdf = await letterPdf('Permohonan')
    await here.put('surat', row, pdf)
    const [taken] = await here.letters.receive()
    expect(taken).toMatchObject({ outcome: 'taken' })
    await here.put('lagi', row, pdf)
    await here.letters.receive()
    expect(await here.desk.list({ limit: 1000 })).toHaveLength(100)
    await here.put('baru', letterRow({ alasan: 'mutasi', pemegang: pemegang.slice(1) }), await letterPdf('Permohonan, diperbaiki'))
    expect(await here.letters.receive()).toMatchObject([{ dropped: [{ outcome: 'changed' }] }])
    expect(await here.desk.list({ status: 'withdrawn' })).toHaveLength(1)
  }, 60_000)
})

describe('answers survive a crash', () => {
  it('between sending and recording: what went out is recorded, and nothing goes out twice', async () => {
    const here = await open()
    const { desk, letters, root } = here
    const leaf = await here.issue()
    await here.put('surat', letterRow({ alasan: 'mutasi', sertifikat: leaf.certificatePem }, { disposisi: [disposisi] }), await letterPdf('Permohonan'))
    await letters.receive()
    const { id } = await only(here)
    await desk.approve(id, { as: verifier, findings })
    await here.pass(3 * hour)
    const original = desk.answer.bind(desk)
    Object.assign(desk, { answer: async () => { throw new Error('killed') } })
    await expect(letters.answer()).rejects.toThrow('killed')
    Object.assign(desk, { answer: original })
    here.clock.now += hour
    const [answer] = await letters.answer()
    expect(answer?.repeated).toBe(true)
    const [folder = '', ...others] = await list(root, 'outbox')
    expect(others).toEqual([])
    const sent = createHash('sha256').update(await readFile(join(root, 'outbox', folder, 'jawaban.pdf'))).digest('hex')
    const recorded = (await desk.history(id)).filter(({ type }) => type === 'answered').map(({ data }) => (data as { letter: { sha256: string } }).letter.sha256)
    expect(recorded).toEqual([sent])
  })
})

describe('dispositions drive the desk', () => {
  it('disposes, disposes again, and cancels only what is unread', async () => {
    const here = await open()
    const leaf = await here.issue()
    const row = letterRow({ alasan: 'mutasi', sertifikat: leaf.certificatePem })
    await here.put('1', { ...row, disposisi: [disposisi] }, await letterPdf('Permohonan'))
    await here.letters.receive()
    const { id } = await only(here)
    await here.put('2', { ...row, disposisi: [{ ...disposisi, status: 'Dibatalkan' }] })
    expect(await here.letters.receive()).toMatchObject([{ problems: [] }])
    expect((await here.desk.get(id)).status).toBe('submitted')
    const again = { ...disposisi, kepada: 'Ningrum Sekar', status: 'dibaca' }
    await here.put('3', { ...row, disposisi: [{ ...disposisi, status: 'Dibatalkan' }, again] })
    await here.letters.receive()
    expect((await here.desk.get(id)).state.disposition).toMatchObject({ to: 'ningrum.sekar', read: true })
    await here.put('4', { ...row, disposisi: [{ ...disposisi, status: 'Dibatalkan' }, { ...again, status: 'dibatalkan' }] })
    await here.letters.receive()
    expect((await here.desk.get(id)).state.disposition).toMatchObject({ to: 'ningrum.sekar', read: true })
    expect(await types(here, id)).toEqual(['filed', 'submitted', 'received', 'disposed', 'dispositionCancelled', 'disposed', 'received'])
  })

  it('a disposition given in the desk goes to Srikandi once, for the whole letter, and comes back unchanged', async () => {
    const here = await open({ desk: { standard: batchStandard } })
    const pemegang = [{ sertifikat: (await here.issue()).certificatePem }, { sertifikat: (await here.issue('laras.kinanti')).certificatePem }]
    const row = letterRow({ alasan: 'mutasi', pemegang })
    await here.put('surat', row, await letterPdf('Permohonan'))
    await here.letters.receive()
    const [{ id } = { id: '' }] = await here.desk.list()
    expect(await here.letters.dispose(id, { as: head, to: verifier.id, instruksi: 'Proses' })).toMatchObject({ requests: [{}, {}], repeated: false })
    expect(await here.letters.dispose(id, { as: head, to: verifier.id, instruksi: 'Proses' })).toMatchObject({ repeated: true })
    const [out = '', ...others] = await list(here.root, 'outbox')
    expect(others).toEqual([])
    expect(JSON.parse(await readFile(join(here.root, 'outbox', out, 'disposisi.json'), 'utf8'))).toMatchObject({ naskah: { office: 'DINDIK', year: 2026 }, disposisi: { dari: 'Kepala Dinas Kominfo', kepada: 'Tegar Maulana', instruksi: 'Proses' } })
    await here.put('surat', { ...row, disposisi: [{ dari: 'Kepala Dinas Kominfo', kepada: 'Tegar Maulana', instruksi: 'Proses' }] })
    expect(await here.letters.receive()).toMatchObject([{ problems: [] }])
    for (const request of await here.desk.list()) expect(await types(here, request.id)).toEqual(['filed', 'submitted', 'received', 'disposed'])
    await expect(here.letters.dispose(id, { as: head, to: 'orang.lain' })).rejects.toMatchObject({ code: 'letterDispositionUnknown', at: 'to' })
    await expect(here.letters.dispose('P-123456789012', { as: head, to: verifier.id })).rejects.toMatchObject({ code: 'letterFieldInvalid' })
  })

  it('what the verifier found becomes the instruction of the next disposition in Srikandi', async () => {
    const here = await open()
    const leaf = await here.issue()
    await here.put('surat', letterRow({ alasan: 'mutasi', sertifikat: leaf.certificatePem }, { disposisi: [disposisi] }), await letterPdf('Permohonan'))
    await here.letters.receive()
    const { id } = await only(here)
    await here.desk.verify(id, { as: verifier, findings: { data: 'match', completeness: 'incomplete', subjectDn: 'unchecked' } })
    const words = 'Hasil verifikasi: data pemohon sesuai; berkas BELUM lengkap; Subject DN belum diperiksa.'
    await here.letters.dispose(id, { as: verifier, to: 'ningrum.sekar' })
    const [out = ''] = await list(here.root, 'outbox')
    expect(JSON.parse(await readFile(join(here.root, 'outbox', out, 'disposisi.json'), 'utf8'))).toMatchObject({ disposisi: { dari: 'Tegar Maulana', kepada: 'Ningrum Sekar', instruksi: words } })
    const findings = { findings: [{ code: 'printout' as const, level: 'warning' as const, id: 'cetakan', en: 'a printout', at: 'halaman 1' }, { code: 'signed' as const, level: 'info' as const, id: 'utuh', en: 'intact' }] }
    expect(writeInstruction({ data: 'mismatch', completeness: 'complete', subjectDn: 'mismatch' }, findings)).toBe('Hasil verifikasi: data pemohon TIDAK sesuai; berkas lengkap; Subject DN TIDAK sesuai. Perhatian pada surat: cetakan (halaman 1).')
  })

  it('reports people the desk does not know and what the desk refuses, and keeps the request', async () => {
    const here = await open()
    const leaf = await here.issue()
    const row = letterRow({ alasan: 'mutasi', sertifikat: leaf.certificatePem }, { disposisi: [{ dari: 'Kepala Dinas Kominfo', kepada: 'Orang Lain' }, { dari: 'Tegar Maulana', kepada: 'Ningrum Sekar' }] })
    await here.put('surat', row, await letterPdf('Permohonan'))
    expect(await here.letters.receive()).toMatchObject([{ outcome: 'taken', problems: [{ at: 'disposisi[0]', code: 'letterDispositionUnknown' }, { at: 'disposisi[1]', code: 'notYourRole' }] }])
    expect((await only(here)).status).toBe('submitted')
  })
})

describe('bad letters: each a typed reason, nothing lost, nothing filed', () => {
  let shared: LetterOffice
  let pem = ''
  let count = 0
  beforeAll(async () => {
    shared = await openLetterOffice({ sandbox: { faults: 'none' }, desk: { standard: batchStandard } })
    pem = (await shared.issue()).certificatePem
  })
  afterAll(async () => { await shared.close() })

  const bad = async (row: (pem: string) => object | string, { pdf = true, code, at }: { pdf?: boolean | Uint8Array; code: string; at?: string }): Promise<void> => {
    const here = shared
    const name = `surat-${count += 1}`
    await here.put(name, row(pem), pdf === false ? undefined : pdf === true ? await letterPdf('Permohonan') : pdf)
    const [received] = await here.letters.receive()
    expect(received).toMatchObject({ outcome: 'rejected', error: { code, ...(at === undefined ? {} : { at }) } })
    expect(await here.desk.list()).toEqual([])
    expect(await list(here.root, 'rejected', name)).toEqual(['alasan.json', 'asal.json', 'naskah.json', ...(pdf === false ? [] : ['naskah.pdf'])])
    const reason = await readFile(join(here.root, 'rejected', name, 'alasan.json'), 'utf8')
    expect(JSON.parse(reason)).toMatchObject({ code, title: { id: expect.stringMatching(/./) as string, en: expect.stringMatching(/./) as string } })
    expect(reason).not.toContain('Surya')
    expect(await list(here.root, 'claimed')).toEqual([])
    expect(await list(here.root, 'inbox')).toEqual([])
  }
  const permohonan = (pem: string): object => ({ alasan: 'mutasi', sertifikat: pem, nama: 'Surya Wibisana' })
  const truncated = new TextEncoder().encode('%PDF-1.7\nsurat')

  it('without its PDF', () => bad((pem) => letterRow(permohonan(pem)), { pdf: false, code: 'letterPdfMissing' }))
  it("with another office's number", () => bad((pem) => letterRow(permohonan(pem), { nomor: '400/15/DINKES' }), { code: 'letterOfficeMismatch', at: 'nomor' }))
  it('with a date that does not exist', () => bad((pem) => letterRow(permohonan(pem), { tanggal: '31 November 2026' }), { code: 'letterDateInvalid', at: 'tanggal' }))
  it('from an office nobody knows', () => bad((pem) => letterRow(permohonan(pem), { jabatan_pengirim: 'Kepala Dinas Antah' }), { code: 'letterOfficeUnknown' }))
  it('that is no JSON', () => bad(() => '{"nomor":', { code: 'letterRowUnreadable' }))
  it('that names no certificate', () => bad(() => letterRow(undefined), { code: 'letterDetailsMissing', at: 'permohonan' }))
  it('that names half an address', () => bad(() => letterRow({ alasan: 'mutasi', nomor_seri: 'ab12' }), { code: 'letterTableInvalid', at: 'permohonan.penerbit' }))
  it('that names no reason', () => bad((pem) => letterRow({ sertifikat: pem }), { code: 'letterTableInvalid', at: 'permohonan.alasan' }))
  it('with a reason nobody knows', () => bad((pem) => letterRow({ alasan: 'bosan', sertifikat: pem }), { code: 'requestInvalid', at: 'permohonan.reason' }))
  it('that asks for a forgotten passphrase', () => bad((pem) => letterRow({ alasan: 'Lupa passphrase', sertifikat: pem }), { code: 'requestInvalid', at: 'permohonan.reason' }))
  it('with a NIK as a number', () => bad((pem) => letterRow({ ...permohonan(pem), nik: 12 }), { code: 'requestInvalid', at: 'permohonan.holder.nik' }))
  it('with a certificate that cannot be read', () => bad(() => letterRow({ alasan: 'mutasi', sertifikat: 'bukan' }), { code: 'requestInvalid' }))
  it('with a PDF cut short', () => bad((pem) => letterRow(permohonan(pem)), { pdf: truncated, code: 'requestInvalid', at: 'pdf' }))
  it('with a table that has a missing cell: the row is named', () => bad((pem) => letterRow({ alasan: 'mutasi', pemegang: [permohonan(pem), { nama: 'X', nomor_seri: 'ab12' }] }), { code: 'letterTableInvalid', at: 'permohonan.pemegang[1].penerbit' }))
  it('with a table that has an empty row', () => bad((pem) => letterRow({ alasan: 'mutasi', pemegang: [permohonan(pem), { nama: 'X' }] }), { code: 'letterTableInvalid', at: 'permohonan.pemegang[1]' }))
  it('with a table that names one certificate twice', () => bad((pem) => letterRow({ alasan: 'mutasi', pemegang: [permohonan(pem), { sertifikat: pem }] }), { code: 'letterHolderRepeated', at: 'permohonan.pemegang[1]' }))
  it('with more than 100 holders', () => bad((pem) => letterRow({ alasan: 'mutasi', pemegang: Array.from({ length: 101 }, () => permohonan(pem)) }), { code: 'letterTableInvalid', at: 'permohonan.pemegang' }))
  it('with a bad reason in one row: nothing of the table is filed', () => bad((pem) => letterRow({ alasan: 'mutasi', pemegang: [permohonan(pem), { penerbit: 'CN=X', nomor_seri: 'ab', alasan: 'bosan' }] }), { code: 'requestInvalid', at: 'permohonan.pemegang[1].reason' }))
  it('with a file name that leaves the folder', async () => {
    const here = await open()
    const leaf = await here.issue()
    await here.put('surat', letterRow(permohonan(leaf.certificatePem), { berkas: '../../naskah.pdf' }), await letterPdf('x'))
    expect(await here.letters.receive()).toMatchObject([{ outcome: 'rejected', error: { code: 'letterNameUnsafe', at: 'berkas' } }])
    expect(await list(here.root, 'inbox')).toEqual(['surat.pdf'])
  })

  it('for a certificate that is revoked already: refused with the evidence', async () => {
    const here = await open({ sandbox: { faults: 'none' } })
    const leaf = await here.issue()
    here.sandbox.manage.revokeAtAuthority(leaf.serial, 'superseded')
    here.sandbox.manage.publish()
    await here.put('surat', letterRow(permohonan(leaf.certificatePem)), await letterPdf('x'))
    expect(await here.letters.receive()).toMatchObject([{ outcome: 'rejected', error: { code: 'certificateAlreadyRevoked' } }])
  })

  it('is given back to the inbox when the desk cannot take it now', async () => {
    const here = await open({ sandbox: { faults: 'none' } })
    const leaf = await here.issue()
    await here.put('surat', letterRow(permohonan(leaf.certificatePem)), await letterPdf('x'))
    const { desk } = here
    const original = desk.file.bind(desk)
    Object.assign(desk, { file: async () => { throw new Error('the store is away') } })
    expect(await here.letters.receive()).toMatchObject([{ outcome: 'released' }])
    Object.assign(desk, { file: original })
    expect(await here.letters.receive()).toMatchObject([{ outcome: 'taken', requests: [{ outcome: 'filed' }] }])
  })
})
