import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Answered } from '@cabut/srikandi'
import { batchStandard, findings, letterPdf, letterRow, offices, openLetterOffice, verifier, type LetterOffice } from './letter-office.js'

let office: LetterOffice | undefined
afterEach(async () => { await office?.close(); office = undefined })

const hour = 3_600_000
const personnel = { code: 'BKPSDM', name: 'Badan Kepegawaian' }
const disposisi = [{ dari: 'Kepala Dinas Kominfo', kepada: 'Tegar Maulana', instruksi: 'Proses' }]
const open = async (own: Partial<(typeof offices)[number]> = {}): Promise<LetterOffice> => (office = await openLetterOffice({
  sandbox: { faults: 'none' }, desk: { standard: batchStandard }, letters: { offices: [...offices.map((one) => ({ ...one, ...own })), personnel], copies: [{ lingkup: 'internal', nama: 'Sekretaris Daerah' }] },
}))
const approveAll = async ({ desk }: LetterOffice): Promise<void> => { for (const { id } of await desk.list()) await desk.approve(id, { as: verifier, findings }) }
const told = ({ kind, content: { addressee, rows, letter } }: Answered): object => ({ kind, to: addressee[0], unit: letter.tujuan[0]?.unit, holders: rows.map(({ holder }) => holder), receipts: letter.lampiran.map(({ nama }) => nama) })
const filesOf = async ({ root }: LetterOffice, { key }: Answered): Promise<string[]> => (await readdir(join(root, 'outbox', key))).filter((name) => name.endsWith('.zip')).sort()

describe('one letter for holders of many offices: each office hears of its own holders only', () => {
  it('the office that wrote has its answer, every other office a notice with its own rows and receipts, each once', async () => {
    const here = await open()
    const [one, two, three] = [await here.issue('surya.wibisana'), await here.issue('laras.kinanti'), await here.issue('surya.wibisana')]
    const pemegang = [
      { nama: 'Surya Wibisana', sertifikat: one.certificatePem, opd_pemegang: 'DINDIK' }, { nama: 'Laras Kinanti', sertifikat: two.certificatePem, opd_pemegang: 'Dinas Kesehatan' },
      { nama: 'Bima Anggara', sertifikat: three.certificatePem },
    ]
    const row = letterRow({ alasan: 'mutasi', pemegang }, { nomor: '800/7/BKPSDM', jabatan_pengirim: 'Kepala Badan Kepegawaian', disposisi })
    const pdf = await letterPdf('Permohonan')
    await here.put('surat', row, pdf)
    expect(await here.letters.receive()).toMatchObject([{ outcome: 'taken', problems: [], requests: [{ outcome: 'filed' }, { outcome: 'filed' }, { outcome: 'filed' }] }])
    await here.put('lagi', row, pdf)
    expect(await here.letters.receive()).toMatchObject([{ requests: [{ outcome: 'unchanged' }, { outcome: 'unchanged' }, { outcome: 'unchanged' }] }])
    // An officer of an office sees the request for its own holder, and no other.
    expect((await here.desk.list({}, { as: { id: 'petugas.dindik', role: 'opdOfficer', opd: 'DINDIK' } })).map(({ state }) => state.personal['holder'])).toEqual(['Surya Wibisana'])
    await approveAll(here)
    await here.pass(3 * hour)
    const answers = await here.letters.answer()
    const [first, second, third] = [one, two, three].map(({ serial }) => `bukti-${serial}.zip`)
    expect(answers.map(told)).toEqual([
      { kind: 'notice', to: 'Yth. Kepala Dinas Pendidikan', unit: 'DINDIK', holders: ['Surya Wibisana'], receipts: [first] },
      { kind: 'notice', to: 'Yth. Kepala Dinas Kesehatan', unit: 'DINKES', holders: ['Laras Kinanti'], receipts: [second] },
      { kind: 'answer', to: 'Yth. Kepala Badan Kepegawaian', unit: 'BKPSDM', holders: expect.arrayContaining(['Surya Wibisana', 'Laras Kinanti', 'Bima Anggara']) as string[], receipts: expect.arrayContaining([first, second, third]) as string[] },
    ])
    expect(await Promise.all(answers.map((answer) => filesOf(here, answer)))).toEqual([[first], [second], [first, second, third].sort()])
    expect(answers[2]?.content.letter.tembusan).toEqual([{ lingkup: 'internal', nama: 'Sekretaris Daerah' }])
    expect(await here.letters.answer()).toEqual([])
    expect(await readdir(join(here.root, 'outbox'))).toHaveLength(3)
  })

  it('a changed letter reaches the requests that lie with other offices', async () => {
    const here = await open()
    const leaf = await here.issue()
    const row = letterRow({ alasan: 'mutasi', pemegang: [{ nama: 'Surya Wibisana', sertifikat: leaf.certificatePem, opd_pemegang: 'DINDIK' }] }, { nomor: '800/8/BKPSDM', jabatan_pengirim: 'Kepala Badan Kepegawaian' })
    await here.put('surat', row, await letterPdf('Permohonan'))
    await here.letters.receive()
    await here.put('surat', row, await letterPdf('Permohonan, diperbaiki'))
    expect(await here.letters.receive()).toMatchObject([{ requests: [{ outcome: 'changed' }] }])
    const other = letterRow({ alasan: 'mutasi', penerbit: leaf.issuerDn, nomor_seri: 'a1f' }, { nomor: '800/8/BKPSDM', jabatan_pengirim: 'Kepala Badan Kepegawaian' })
    await here.put('lain', other, await letterPdf('Permohonan lain'))
    expect(await here.letters.receive()).toMatchObject([{ requests: [{ outcome: 'filed' }], dropped: [{ outcome: 'changed' }] }])
  })

  it('two letters with one number from two offices are two letters with two answers', async () => {
    const here = await open()
    const [one, two] = [await here.issue('surya.wibisana'), await here.issue('laras.kinanti')]
    for (const [name, jabatan_pengirim, holder, leaf] of [['a', 'Kepala Dinas Pendidikan', 'Surya Wibisana', one], ['b', 'Kepala Dinas Kesehatan', 'Laras Kinanti', two]] as const) {
      await here.put(name, letterRow({ alasan: 'mutasi', nama: holder, sertifikat: leaf.certificatePem }, { nomor: '800/15', jabatan_pengirim, disposisi }), await letterPdf('Permohonan'))
    }
    expect(await here.letters.receive()).toMatchObject([{ requests: [{ outcome: 'filed' }] }, { requests: [{ outcome: 'filed' }] }])
    await approveAll(here)
    await here.pass(3 * hour)
    expect((await here.letters.answer()).map(told)).toEqual([
      { kind: 'answer', to: 'Yth. Kepala Dinas Pendidikan', unit: 'DINDIK', holders: ['Surya Wibisana'], receipts: [`bukti-${one.serial}.zip`] },
      { kind: 'answer', to: 'Yth. Kepala Dinas Kesehatan', unit: 'DINKES', holders: ['Laras Kinanti'], receipts: [`bukti-${two.serial}.zip`] },
    ])
  })

  it('a holder of an office nobody knows: nothing is filed, the row is named', async () => {
    const here = await open()
    const leaf = await here.issue()
    await here.put('surat', letterRow({ alasan: 'mutasi', pemegang: [{ sertifikat: leaf.certificatePem }, { penerbit: leaf.issuerDn, nomor_seri: 'a1f', opd_pemegang: 'Dinas Antah' }] }), await letterPdf('x'))
    expect(await here.letters.receive()).toMatchObject([{ outcome: 'rejected', error: { code: 'letterOfficeUnknown', at: 'permohonan.pemegang[1].opd_pemegang' } }])
    expect(await here.desk.list()).toEqual([])
  })
})

describe('a letter that names a certificate of another agency', () => {
  it('files nothing for it, says so at once, and files the others', async () => {
    const here = await open({ organizations: ['Kementerian Contoh Rekaan'] })
    const leaf = await here.issue()
    const own = { nama: 'Laras', username: 'laras.kinanti', subject_dn: 'CN=Laras Kinanti,O=KEMENTERIAN  CONTOH REKAAN,C=ID' }
    await here.put('surat', letterRow({ alasan: 'mutasi', pemegang: [{ nama: 'Surya', sertifikat: leaf.certificatePem }, own, { nama: 'Tanpa DN', penerbit: leaf.issuerDn, nomor_seri: 'a1f' }] }), await letterPdf('Permohonan'))
    expect(await here.letters.receive()).toMatchObject([{ requests: [{ outcome: 'refused', code: 'letterCertificateForeign', at: 'permohonan.pemegang[0]' }, { outcome: 'filed' }, { outcome: 'filed' }] }])
    expect((await readdir(join(here.root, 'outbox'))).map((name) => name.split('-')[0])).toEqual(['pengembalian'])
    await here.put('sendiri', letterRow({ alasan: 'mutasi', sertifikat: leaf.certificatePem }, { nomor: '800/99/DINDIK' }), await letterPdf('Permohonan'))
    expect(await here.letters.receive()).toMatchObject([{ outcome: 'rejected', error: { code: 'letterCertificateForeign' } }])
  })

  it('is not guessed at where the office names no organisations, or O is Personal', async () => {
    const here = await open({ organizations: ['Kementerian Contoh Rekaan'] })
    await here.put('surat', letterRow({ alasan: 'mutasi', username: 'x.y', subject_dn: 'CN=X,O=Personal,C=ID' }), await letterPdf('Permohonan'))
    await here.put('surat-2', letterRow({ alasan: 'mutasi', sertifikat: (await here.issue()).certificatePem }, { nomor: '800/7/BKPSDM', jabatan_pengirim: 'Kepala Badan Kepegawaian' }), await letterPdf('Permohonan dua'))
    expect(await here.letters.receive()).toMatchObject([{ requests: [{ outcome: 'filed' }] }, { requests: [{ outcome: 'filed' }] }])
  })
})
