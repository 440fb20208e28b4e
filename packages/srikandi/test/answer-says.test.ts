import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { unzipReceipt } from '@cabut/sdk/receipt'
import { qrCaption, writeLetterTime } from '@cabut/srikandi'
import { findings, letterPdf, letterRow, openLetterOffice, verifier, type LetterOffice } from './letter-office.js'

let office: LetterOffice | undefined
afterEach(async () => { await office?.close(); office = undefined })
const hour = 3_600_000
const disposisi = [{ dari: 'Kepala Dinas Kominfo', kepada: 'Tegar Maulana', instruksi: 'Proses' }]

/** The words of a PDF without white space: lines and justified words are broken anywhere. */
async function wordsOf(pdf: Uint8Array): Promise<string> {
  const { getDocument } = await import('unpdf/pdfjs')
  const task = getDocument({ data: pdf.slice(), isEvalSupported: false, verbosity: 0 })
  const document = await task.promise
  let text = ''
  for (let page = 1; page <= document.numPages; page += 1) for (const item of (await (await document.getPage(page)).getTextContent()).items) text += 'str' in item ? item.str : ''
  await task.destroy()
  return text.replace(/\s/g, '')
}

interface Written { readonly proof: { readonly source: 'crl' | 'ocsp'; readonly revocationDate: string; readonly thisUpdate: string; readonly crlNumber?: string; readonly certificate: { readonly serial: string } } }

describe('the answer letter says what its receipts say', () => {
  it('serial number, time of revocation, source and time of the evidence, digest of the receipt: the PDF against receipt.json', async () => {
    const here = (office = await openLetterOffice({ sandbox: { faults: 'none' } }))
    const leaf = await here.issue()
    await here.put('surat', letterRow({ alasan: 'mutasi', nama: 'Surya Wibisana', sertifikat: leaf.certificatePem }, { disposisi }), await letterPdf('Permohonan'))
    await here.letters.receive()
    const [{ id } = { id: '' }] = await here.desk.list()
    await here.desk.approve(id, { as: verifier, findings })
    await here.pass(3 * hour)
    const [answer] = await here.letters.answer()
    const folder = join(here.root, 'outbox', answer?.key ?? '')
    const zip = await readFile(join(folder, `bukti-${leaf.serial}.zip`))
    const { proof } = JSON.parse(new TextDecoder().decode(unzipReceipt(zip).get('receipt.json'))) as Written
    const list = await readFile(join(folder, 'bukti.sha256'))
    const words = await wordsOf(new Uint8Array(await readFile(join(folder, 'jawaban.pdf'))))
    const says = (text: string): void => { expect(words).toContain(text.replace(/\s/g, '')) }
    says(proof.certificate.serial)
    says(`Dicabut ${writeLetterTime(proof.revocationDate, 'WIB')}, terbukti dengan ${proof.source === 'crl' ? `CRL nomor ${proof.crlNumber ?? ''}` : 'OCSP'} tanggal ${writeLetterTime(proof.thisUpdate, 'WIB')}`)
    const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
    says(digest(zip))
    says(digest(list))
    says(qrCaption)
    expect(list.toString()).toBe(`${digest(zip)}  bukti-${leaf.serial}.zip\n`)
    expect(answer?.content.letter.lampiran).toEqual([{ nama: `bukti-${leaf.serial}.zip`, mediaType: 'application/zip', sha256: digest(zip), size: zip.length }])
  })
})

describe('letters in Srikandi that wait for a holder', () => {
  const exported = [{ hal: 'Nota Dinas', status_naskah: 'Menunggu Tanda Tangan', penandatangan: [{ nama: 'Surya Wibisana' }] }, { hal: 'Lain', status_naskah: 'Konsep', penandatangan: [{ nama: 'Orang Lain' }] }]

  it('are told on arrival, at any time before the approval, and again in the answer', async () => {
    const asked: string[] = []
    const here = (office = await openLetterOffice({
      sandbox: { faults: 'none' }, letters: { waiting: async (unit) => { asked.push(unit); return { at: new Date('2026-11-20T03:00:00Z'), rows: exported } } },
    }))
    const leaf = await here.issue()
    await here.put('surat', letterRow({ alasan: 'mutasi', nama: 'Surya Wibisana', sertifikat: leaf.certificatePem }, { disposisi }), await letterPdf('Permohonan'))
    const [received] = await here.letters.receive()
    expect(received).toMatchObject({ examination: { findings: expect.arrayContaining([expect.objectContaining({ code: 'lettersWait', at: expect.stringMatching(/^permohonan: 1 naskah\. Berdasarkan impor tanggal 20 November 2026; .*tidak termasuk$/) as string })]) as object } })
    const [{ id } = { id: '' }] = await here.desk.list()
    expect(await here.letters.waiting(id)).toMatchObject({ letters: [{ hal: 'Nota Dinas', waitsFor: 'sign', advice: { id: expect.stringContaining('pengguna tidak terdaftar') as string } }] })
    await here.desk.approve(id, { as: verifier, findings })
    await here.pass(3 * hour)
    const [answer] = await here.letters.answer()
    expect(answer?.content.closing[1]).toBe('1 naskah di Srikandi masih menunggu pemilik sertifikat tersebut; mohon ditetapkan pejabat penggantinya. Berdasarkan impor tanggal 20 November 2026; naskah yang tidak diekspor atau dibuat sesudahnya tidak termasuk.')
    expect(new Set(asked)).toEqual(new Set(['DINDIK']))
  })

  it('nothing is said without an import', async () => {
    const here = (office = await openLetterOffice({ sandbox: { faults: 'none' } }))
    const leaf = await here.issue()
    await here.put('surat', letterRow({ alasan: 'mutasi', nama: 'Surya Wibisana', sertifikat: leaf.certificatePem }), await letterPdf('Permohonan'))
    await here.letters.receive()
    const [{ id } = { id: '' }] = await here.desk.list()
    expect(await here.letters.waiting(id)).toBeUndefined()
  })
})
