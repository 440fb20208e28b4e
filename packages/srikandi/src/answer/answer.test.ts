import { inflateSync } from 'node:zlib'
import { PDFDocument, PDFName, PDFRawStream } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { qrText, writeAnswerPdf } from './answer-pdf.js'
import { composeAnswer, qrCaption, receiptList, type AnswerContent } from './content.js'

const content = (rows: number, more: Partial<AnswerContent> = {}): AnswerContent => ({
  ...composeAnswer({
    options: { offices: [{ code: 'DINDIK', name: 'Dinas Pendidikan' }], letterhead: { lines: ['PEMERINTAH KABUPATEN CONTOH', 'DINAS KOMINFO'], place: 'Contoh' }, signatory: { nama: 'Wulan Prameswari', jabatan: 'Kepala Dinas' } },
    kind: 'answer', answered: { identity: { office: 'DINDIK', number: '1', year: 2026 }, nomor: '000.8.3.3/15/DINDIK', tanggal: '2026-11-23' }, sandbox: false, receiptsSha256: 'cd'.repeat(32),
    rows: Array.from({ length: rows }, (_, index) => ({ holder: `Pegawai ${index + 1}`, serial: 'ab'.repeat(20), outcome: 'Dicabut, terbukti', detail: 'Dicabut 20 November 2026 pukul 14.00 WIB', receipt: { name: `bukti-${index}.zip`, sha256: 'ab'.repeat(32), size: 1 } })),
  }),
  ...more,
})

/** All text of a PDF: pdf-lib writes it as hexadecimal strings within deflated content streams. */
async function textOf(bytes: Uint8Array): Promise<{ text: string; pages: number }> {
  const document = await PDFDocument.load(bytes, { updateMetadata: false })
  let text = ''
  for (const [, object] of document.context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFRawStream) || object.dict.get(PDFName.of('Type'))?.toString() === '/XRef') continue
    let stream
    try { stream = inflateSync(object.contents).toString('latin1') } catch { continue }
    for (const match of stream.matchAll(/<([0-9A-Fa-f]+)> Tj/g)) text += `${new TextDecoder('windows-1252').decode(Buffer.from(match[1] ?? '', 'hex'))}\n`
  }
  return { text, pages: document.getPageCount() }
}

describe('answer letter as PDF', () => {
  it('has the parts of an official letter, and leaves number, date and signature to Srikandi', async () => {
    const { text } = await textOf(await writeAnswerPdf(content(1)))
    for (const part of ['PEMERINTAH KABUPATEN CONTOH', 'Contoh, ${tanggal_naskah}', '${nomor_naskah}', '${ttd_pengirim}', 'Yth.', 'Kepala Dinas Pendidikan', 'Wulan Prameswari', 'Pegawai 1', 'Dicabut, terbukti', qrCaption, 'cd'.repeat(32)]) expect(text).toContain(part)
    expect(text.replaceAll('\n', ' ')).toContain('nomor 000.8.3.3/15/DINDIK tanggal 23 November 2026')
    expect(text).not.toContain('SANDBOX')
  })

  it('writes the same octets for the same content', async () => {
    expect(await writeAnswerPdf(content(3))).toEqual(await writeAnswerPdf(content(3)))
  })

  it('lists 100 holders over several pages, each once, and repeats the head of the table', async () => {
    const { text, pages } = await textOf(await writeAnswerPdf(content(100)))
    expect(pages).toBeGreaterThan(4)
    for (let index = 1; index <= 100; index += 1) expect(text.split('\n').filter((line) => line === `Pegawai ${index}`)).toHaveLength(1)
    expect(text.split('\n').filter((line) => line === 'Pemilik').length).toBeGreaterThan(2)
  })

  it('shows what the font does not know as a question mark, and breaks words longer than a line', async () => {
    const { text } = await textOf(await writeAnswerPdf({ ...content(1), opening: `中文 ${'x'.repeat(300)}`, sandbox: true }))
    expect(text).toContain('??')
    expect(text).toContain('SANDBOX')
    expect(text.replace(/[^x]/g, '').length).toBeGreaterThanOrEqual(300)
  })

  it('names the list of receipts as sha256sum reads it', () => {
    expect(receiptList([{ name: 'b.zip', sha256: '22' }, { name: 'a.zip', sha256: '11' }])).toBe('11  a.zip\n22  b.zip\n')
    expect(qrText('ab')).toBe('bukti.sha256 SHA-256 ab')
  })
})
