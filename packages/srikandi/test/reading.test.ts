import { PDFDocument, PDFName, PDFString } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { readLetterPdf } from '@cabut/srikandi'
import { offices } from './letter-office.js'
import { writeLetter } from './letter-writer.js'

describe("reading a letter's PDF", () => {
  it('finds number, date, hal, sender and signatory, each with its confidence and place', async () => {
    const reading = await readLetterPdf(await writeLetter(), { offices })
    expect(reading).toMatchObject({
      pages: 1, content: 'text', attachments: 0, active: [], limited: false, claimsElectronic: false,
      number: { value: { key: '000.8.3.3/15/DINDIK' }, confidence: 'high', place: { page: 1, line: 4 }, others: [] },
      date: { value: '2026-11-23', confidence: 'high', place: { page: 1, line: 4 } },
      subject: { value: 'Permohonan Pencabutan Sertifikat Elektronik', confidence: 'high' },
      sender: { value: { code: 'DINDIK' }, text: 'DINAS PENDIDIKAN', confidence: 'high' },
      signatory: { value: { name: 'Sri Wahyuni, S.Pd., M.M.', authority: { capacity: 'own', position: 'Kepala Dinas Pendidikan' } }, confidence: 'high' },
    })
    expect(JSON.stringify(reading)).not.toContain('99990101')
  })

  it.each([
    [['Plt. Kepala Dinas Pendidikan,'], { capacity: 'plt', position: 'Kepala Dinas Pendidikan' }],
    [['Plh. Kepala Dinas Pendidikan', 'Kabupaten Contoh,', 'Sekretaris'], { capacity: 'plh', position: 'Kepala Dinas Pendidikan Kabupaten Contoh', signedAs: 'Sekretaris' }],
    [['a.n. KEPALA DINAS PENDIDIKAN', 'Sekretaris,'], { capacity: 'an', position: 'KEPALA DINAS PENDIDIKAN', signedAs: 'Sekretaris' }],
    [['a.n. Kepala Dinas Pendidikan', 'Sekretaris', 'u.b.', 'Kepala Subbagian Umum,'], { capacity: 'ub', position: 'Kepala Dinas Pendidikan', through: 'Sekretaris', signedAs: 'Kepala Subbagian Umum' }],
  ])('understands the authority %j', async (position, authority) => {
    expect((await readLetterPdf(await writeLetter({ position }))).signatory?.value.authority).toEqual(authority)
  })

  it('doubts what it should: two numbers, no identity number below the name, a letterhead nobody knows', async () => {
    const reading = await readLetterPdf(await writeLetter({ hal: ['Permohonan'], body: ['Nomor : 1/2/X', 'disebut dua kali'], nip: false, head: ['DINAS ANTAH BERANTAH'] }), { offices })
    expect(reading.number).toMatchObject({ confidence: 'medium', others: ['1/2/X'] })
    expect(reading.signatory?.confidence).toBe('medium')
    expect(reading.sender).toMatchObject({ value: undefined, confidence: 'low' })
  })

  it('says that a text claims an electronic signature, wherever the line breaks', async () => {
    expect((await readLetterPdf(await writeLetter({ electronic: true }))).claimsElectronic).toBe(true)
    expect((await readLetterPdf(await writeLetter({ body: ['tentang tanda tangan elektronik'] }))).claimsElectronic).toBe(false)
  })

  describe('table of holders', () => {
    const columns = [['No', 30], ['Nama', 130], ['Nomor Seri', 170], ['Alasan', 90]] as const
    const table = (rows: readonly (readonly (string | undefined)[])[]) => writeLetter({ table: { columns, rows } })
    it('is read with wrapped cells and over pages', async () => {
      const rows = Array.from({ length: 60 }, (_, index) => [`${index + 1}.`, `Pegawai ${index}\nBaru`, `1f2e3d${index}\nabc`, 'Mutasi'])
      const { table: found, pages } = await readLetterPdf(await table(rows))
      expect(pages).toBe(3)
      expect(found?.problems).toEqual([])
      expect(found?.rows).toHaveLength(60)
      expect(found?.rows[59]).toMatchObject({ number: 60, place: { page: 3 }, cells: { nama: 'Pegawai 59 Baru', nomor_seri: '1f2e3d59abc', alasan: 'Mutasi' } })
    })
    it.each([
      ['a missing cell', [['1', 'A B', '1f', 'Mutasi'], ['2', 'C D', undefined, 'Mutasi']], { row: 2, code: 'cellMissing', column: 'nomor_seri' }],
      ['a merged cell', [['1', 'A B', '1f', 'Mutasi'], ['2', 'Pegawai yang namanya jauh lebih panjang daripada kolomnya', undefined, 'Mutasi']], { row: 2, code: 'cellMerged', column: 'nama' }],
      ['a row that is left out', [['1', 'A B', '1f', 'Mutasi'], ['3', 'C D', '2f', 'Mutasi']], { row: 2, code: 'rowMissing' }],
    ] as const)('names the row with %s', async (_what, rows, problem) => {
      expect((await readLetterPdf(await table(rows))).table?.problems).toEqual(expect.arrayContaining([expect.objectContaining(problem)]))
    })
  })

  describe('files that are not simply a letter', () => {
    it('a scan', async () => {
      const png = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (character) => character.charCodeAt(0))
      const document = await PDFDocument.create()
      document.addPage([595, 842]).drawImage(await document.embedPng(png), { x: 0, y: 0, width: 595, height: 842 })
      expect(await readLetterPdf(await document.save())).toMatchObject({ content: 'image', claimsElectronic: false })
    })
    it('an empty page', async () => {
      const document = await PDFDocument.create()
      document.addPage()
      expect(await readLetterPdf(await document.save())).toMatchObject({ content: 'empty' })
    })
    it('active content: scripts and launch actions', async () => {
      const script = await writeLetter({}, (document) => { document.addJavaScript('buka', 'app.alert(1)') })
      expect((await readLetterPdf(script)).active).toEqual(['JavaScript'])
      const launch = await writeLetter({}, (document) => {
        document.catalog.set(PDFName.of('OpenAction'), document.context.obj({ Type: 'Action', S: 'Launch', F: PDFString.of('x.exe') }))
      })
      expect((await readLetterPdf(launch)).active).toEqual(['Launch'])
    })
    it('attachments', async () => {
      expect((await readLetterPdf(await writeLetter({}, (document) => document.attach(new Uint8Array([1]), 'a.txt', { mimeType: 'text/plain' })))).attachments).toBe(1)
    })
    it('encrypted', async () => {
      const bytes = await writeLetter({}, (document) => {
        document.context.trailerInfo.Encrypt = document.context.register(document.context.obj({ Filter: 'Standard', V: 1, R: 2, Length: 40, P: -4, O: PDFString.of('o'.repeat(32)), U: PDFString.of('u'.repeat(32)) }))
      })
      await expect(readLetterPdf(bytes)).rejects.toMatchObject({ code: 'letterPdfEncrypted', at: 'pdf' })
    })
    it('cut short, and no PDF at all', async () => {
      const whole = await writeLetter()
      await expect(readLetterPdf(whole.subarray(0, 400))).rejects.toMatchObject({ code: 'letterPdfDamaged' })
      await expect(readLetterPdf(new TextEncoder().encode('%PDF-1.7\nbukan\n%%EOF'))).rejects.toMatchObject({ code: 'letterPdfDamaged' })
    })
    it('too much: octets, time, runs and pages have bounds', async () => {
      const whole = await writeLetter({ body: Array.from({ length: 100 }, (_, index) => `baris ${index}`) })
      await expect(readLetterPdf(whole, { limits: { bytes: 100 } })).rejects.toMatchObject({ code: 'letterPdfTooComplex' })
      await expect(readLetterPdf(whole, { limits: { timeMs: 0 } })).rejects.toMatchObject({ code: 'letterPdfTooComplex' })
      expect(await readLetterPdf(whole, { limits: { pages: 1 } })).toMatchObject({ pages: 3, limited: true })
      expect(await readLetterPdf(whole, { limits: { runs: 10 } })).toMatchObject({ limited: true })
    })
  })
})
