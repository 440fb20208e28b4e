import { PDFDocument, rgb, StandardFonts, type PDFFont, type PDFPage } from 'pdf-lib'
import { encode } from 'uqr'
import type { RequestJson } from './back.js'
import type { Office } from './office.js'
import { caReason, grouped, moment } from './words.js'

const [LEFT, RIGHT, TOP] = [64, 531, 770]
const ink = rgb(0.09, 0.13, 0.17)
const faint = rgb(0.3, 0.35, 0.41)

/** What the standard fonts of PDF can write; anything else would stop the sheet. */
const writable = (text: string): string => text.replace(/[–—]/g, '-').replace(/[^\x20-\x7e\u00a0-\u00ff]/g, '?')

/** Breaks a text into lines of a width; a word wider than the line is cut. */
function lines(text: string, font: PDFFont, size: number, width: number): string[] {
  const out: string[] = []
  let line = ''
  for (const word of writable(text).split(' ').flatMap((one) => one.match(/.{1,70}/g) ?? [])) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && font.widthOfTextAtSize(longer, size) > width) { out.push(line); line = word } else line = longer
  }
  return [...out, line]
}

/**
 * The proof on one sheet, for files on paper: what the public form says, in words, with the QR code. It is no receipt by itself; it says where the
 * receipt is and how to check it.
 */
export async function proofSheet(office: Office, request: RequestJson & { readonly proof: NonNullable<RequestJson['proof']> }): Promise<Uint8Array> {
  const { proof, certificate } = request
  const { standard } = office.settings
  const document = await PDFDocument.create()
  document.setTitle(`Bukti pencabutan ${request.register ?? request.id}`)
  document.setLanguage('id')
  const [plain, bold, mono] = await Promise.all([StandardFonts.Helvetica, StandardFonts.HelveticaBold, StandardFonts.Courier].map((name) => document.embedFont(name))) as [PDFFont, PDFFont, PDFFont]
  const page = document.addPage([595, 842])
  let y = TOP
  const write = (text: string, given: { readonly font?: PDFFont; readonly size?: number; readonly color?: typeof ink; readonly x?: number; readonly width?: number; readonly gap?: number } = {}): void => {
    const { font = plain, size = 10.5, color = ink, x = LEFT, gap = 4 } = given
    for (const line of lines(text, font, size, given.width ?? RIGHT - x)) {
      page.drawText(line, { x, y, size, font, color })
      y -= size + gap
    }
  }
  const rule = (): void => {
    page.drawLine({ start: { x: LEFT, y: y + 6 }, end: { x: RIGHT, y: y + 6 }, thickness: 0.7, color: rgb(0.79, 0.82, 0.85) })
    y -= 10
  }
  write(standard.office.id, { size: 10, color: faint })
  y -= 8
  write('Bukti pencabutan sertifikat elektronik', { font: bold, size: 18, gap: 8 })
  write(`Permohonan ${request.register ?? request.id}`, { size: 11, color: faint })
  if (office.sandbox !== undefined) write('SANDBOX: penerbit sertifikat ini rekaan. Lembar ini bukan bukti dari BSrE.', { font: bold, size: 10, color: rgb(0.64, 0.14, 0.1) })
  y -= 8
  rule()
  write(proof.source === 'crl' ? 'Sertifikat di bawah ini tercantum dalam Daftar Sertifikat Dicabut (CRL) yang ditandatangani penerbitnya.' : 'Penerbit sertifikat di bawah ini menjawab (OCSP), dengan tanda tangannya, bahwa sertifikat itu telah dicabut.', { font: bold, size: 11.5 })
  write('Ini pencabutan tetap, bukan penangguhan.')
  y -= 10
  const rows: readonly (readonly [string, string, PDFFont?])[] = [
    ['Nomor seri sertifikat', grouped(certificate.serial ?? '-'), mono], ['Penerbit', certificate.issuerDn ?? '-'], ['Dicabut pada', moment(proof.revocationDate, standard.zone)],
    ['Alasan menurut penerbit', caReason(proof.reason)], ['Sumber bukti', `${proof.source === 'crl' ? 'CRL' : 'OCSP'}${proof.crlNumber === undefined ? '' : ` nomor ${proof.crlNumber}`}, keadaan per ${moment(proof.thisUpdate, standard.zone)}`],
    ['Sidik bukti (SHA-256)', grouped(proof.sha256), mono], ['Akar yang dipercaya (SHA-256)', grouped(proof.anchorSha256), mono], ['Nomor permohonan', request.id, mono],
  ]
  for (const [term, value, font] of rows) {
    const from = y
    write(term, { color: faint, size: 9.5, width: 140 })
    const below = y
    y = from
    write(value, { x: LEFT + 155, size: font === undefined ? 10.5 : 9, ...(font === undefined ? {} : { font }) })
    y = Math.min(y, below) - 6
  }
  rule()
  drawCode(page, `CABUT ${request.id} ${proof.sha256}`, LEFT, y, 118)
  const from = y - 6
  y = from
  const beside = { x: LEFT + 140, size: 9.5 }
  write('Cara memeriksa', { ...beside, font: bold, size: 10.5 })
  write('1. Minta Bukti pencabutan bentuk publik (.zip) untuk nomor permohonan di atas.', beside)
  write('2. Periksa di halaman "Periksa bukti" portal ini (di peramban, tidak ada yang dikirim), atau dengan OpenSSL saja menurut VERIFY.md di dalamnya.', beside)
  write('3. Sidik bukti pada hasilnya harus sama dengan yang tercetak di sini dan di dalam kode QR.', beside)
  write('Lembar ini ringkasan; yang membuktikan adalah berkas yang ditandatangani penerbit di dalam Bukti pencabutan.', { ...beside, color: faint })
  return document.save()
}

/** The code as squares: number of the request and digest of the proof, no name, no link. */
function drawCode(page: PDFPage, text: string, x: number, top: number, side: number): void {
  const { data, size } = encode(text, { border: 2 })
  const dot = side / size
  data.forEach((row, down) => row.forEach((dark, along) => {
    if (dark) page.drawRectangle({ x: x + along * dot, y: top - (down + 1) * dot, width: dot, height: dot, color: ink })
  }))
}
