import { encode } from 'uqr'
import { qrCaption, type AnswerContent } from './content.js'
import { Sheet } from './sheet.js'

/**
 * What the QR code says: which file proves it. No address: nothing is promised to be online.
 *
 * @param receiptsSha256 of `bukti.sha256`, lower-case hex
 * @example
 * ```ts
 * qrText('ab'.repeat(32)) // 'bukti.sha256 SHA-256 abababababababababababababababababababababababababababababababab'
 * ```
 */
export function qrText(receiptsSha256: string): string {
  return `bukti.sha256 SHA-256 ${receiptsSha256}`
}

/**
 * Writes an answer as PDF for reading, in the house form of an official letter. Number, date and signature stay Srikandi's variables.
 * The same content gives the same octets. A character the font does not know becomes a question mark.
 *
 * @example
 * ```ts
 * const bytes = await writeAnswerPdf(answer)
 * const { number, subject } = await readLetterPdf(bytes)
 * number?.value.provisional // true
 * subject?.value // 'Jawaban Permohonan Pencabutan Sertifikat Elektronik'
 * ```
 */
export async function writeAnswerPdf(content: AnswerContent): Promise<Uint8Array> {
  const { letter, letterhead, addressee, opening, rows, closing, signatory, variables, receiptsSha256, sandbox } = content
  const sheet = await Sheet.open(letter.hal)
  for (const [index, line] of letterhead.lines.entries()) sheet.text(line, { face: 'bold', size: index === letterhead.lines.length - 1 ? 15 : 13, align: 'center' })
  if (letterhead.address !== undefined) sheet.text(letterhead.address, { size: 9, align: 'center' })
  sheet.rule()
  if (sandbox) sheet.text('SANDBOX: percobaan, bukan pencabutan sungguhan', { face: 'bold', size: 10, align: 'center' })
  sheet.text(`${letterhead.place}, ${letter.tanggal}`, { at: sheet.lineWidth / 2 })
  sheet.field('Nomor', letter.nomor)
  sheet.field('Sifat', letter.sifat ?? '-')
  const receipts = rows.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]))
  sheet.field('Lampiran', receipts.length === 0 ? '-' : `${receipts.length} bukti pencabutan`)
  sheet.field('Hal', letter.hal)
  sheet.space(8)
  for (const line of addressee) sheet.text(line)
  sheet.space(8)
  sheet.text(opening, { indent: 28, align: 'both' })
  sheet.space(6)
  sheet.table(
    [{ head: 'No.', share: 5 }, { head: 'Pemilik', share: 21 }, { head: 'Nomor seri', share: 26, face: 'fixed' }, { head: 'Hasil', share: 17 }, { head: 'Keterangan', share: 31 }],
    rows.map(({ holder, serial, outcome, detail }, index) => [`${index + 1}.`, holder, serial === '' ? '-' : serial, outcome, detail]),
  )
  sheet.space(6)
  for (const paragraph of closing) sheet.text(paragraph, { indent: 28, align: 'both' })
  sheet.space(10)
  sheet.room(110)
  const half = sheet.lineWidth / 2
  sheet.text(`${signatory.jabatan},`, { at: half })
  sheet.space(18)
  sheet.text(variables.signature, { at: half })
  sheet.space(18)
  sheet.text(signatory.nama, { at: half, face: 'bold' })
  if (letter.tembusan.length > 0) {
    sheet.space(10)
    sheet.text('Tembusan:', { size: 10 })
    for (const [index, copy] of letter.tembusan.entries()) sheet.text(`${index + 1}. ${copy.jabatan ?? copy.nama}`, { size: 10 })
  }
  if (receiptsSha256 !== undefined) {
    sheet.space(12)
    const side = 84
    sheet.matrix(encode(qrText(receiptsSha256), { ecc: 'M', border: 2 }).data, side, () => {
      const at = side + 8
      sheet.text(qrCaption, { size: 9, face: 'bold', at })
      sheet.text('SHA-256 berkas bukti.sha256, yang mendaftar bukti di bawah ini:', { size: 8, at })
      sheet.text(receiptsSha256, { size: 7, face: 'fixed', at })
    })
    sheet.table(
      [{ head: 'No.', share: 6 }, { head: 'Berkas bukti pencabutan', share: 34, face: 'fixed' }, { head: 'SHA-256', share: 60, face: 'fixed' }],
      receipts.map(({ name, sha256 }, index) => [`${index + 1}.`, name, sha256]), 6.5,
    )
  }
  return sheet.save()
}
