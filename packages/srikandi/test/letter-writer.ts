import { PDFDocument, StandardFonts } from 'pdf-lib'

/** A letter in the house form, to be drawn. */
export interface WrittenLetter {
  readonly head?: readonly string[]
  readonly nomor?: string
  readonly hal?: readonly string[]
  readonly tanggal?: string
  readonly body?: readonly string[]
  /** Headings and rows; a cell `undefined` is left empty. */
  readonly table?: { readonly columns: readonly (readonly [string, number])[]; readonly rows: readonly (readonly (string | undefined)[])[] }
  readonly position?: readonly string[]
  readonly electronic?: boolean
  readonly name?: string
  readonly nip?: boolean
  readonly tembusan?: readonly string[]
}

/** Draws a letter as a word processor would: labels, colons and values apart, the date at the right margin, the signature at the right. */
export async function writeLetter(letter: WrittenLetter = {}, more: (document: PDFDocument) => Promise<void> | void = () => undefined): Promise<Uint8Array> {
  const { head = ['PEMERINTAH KABUPATEN CONTOH', 'DINAS PENDIDIKAN', 'Jalan Contoh Nomor 1 Contoh 53311'], nomor = '000.8.3.3/15/DINDIK', hal = ['Permohonan Pencabutan', 'Sertifikat Elektronik'], tanggal = 'Contoh, 23 November 2026' } = letter
  const { body = ['Bersama ini kami mohon pencabutan sertifikat elektronik sebagaimana Undang-Undang', 'Nomor 11 Tahun 2008 karena mutasi terhitung 1 November 2026 atas nama pegawai berikut.'] } = letter
  const { position = ['Kepala Dinas Pendidikan,'], electronic = false, name = 'Sri Wahyuni, S.Pd., M.M.', nip = true, tembusan = [] } = letter
  const document = await PDFDocument.create()
  document.setCreationDate(new Date(0))
  document.setModificationDate(new Date(0))
  const font = await document.embedFont(StandardFonts.TimesRoman)
  let page = document.addPage([595, 842])
  let y = 800
  const put = (text: string, x: number, size = 11): void => { page.drawText(text, { x, y, size, font }) }
  const down = (by = 14): void => {
    y -= by
    if (y > 60) return
    page = document.addPage([595, 842])
    y = 780
  }
  for (const line of head) { put(line, 297 - font.widthOfTextAtSize(line, 12) / 2, 12); down() }
  down(20)
  put('Nomor', 72); put(':', 130); put(nomor, 138); put(tanggal, 380); down()
  put('Sifat', 72); put(':', 130); put('Biasa', 138); down()
  hal.forEach((line, index) => { if (index === 0) { put('Hal', 72); put(':', 130) } put(line, 138); down() })
  down(14)
  put('Yth. Kepala Dinas Komunikasi dan Informatika', 72); down(24)
  for (const line of body) { put(line, 72); down() }
  if (letter.table !== undefined) {
    down(8)
    let at = 72
    const places = letter.table.columns.map(([, wide]) => (at += wide) - wide)
    letter.table.columns.forEach(([title], column) => { put(title, places[column] ?? 0, 9) })
    down(13)
    for (const cells of letter.table.rows) {
      const lines = cells.map((cell) => (cell ?? '').split('\n'))
      for (let part = 0; part < Math.max(...lines.map(({ length }) => length)); part += 1) {
        lines.forEach((cell, column) => { if ((cell[part] ?? '') !== '') put(cell[part] ?? '', places[column] ?? 0, 9) })
        down(12)
      }
    }
  }
  down(30)
  for (const line of position) { put(line, 330); down() }
  down(14)
  if (electronic) { put('Ditandatangani secara elektronik', 330, 9); down(14) }
  down(14)
  put(name, 330); down()
  if (nip) { put('Pembina Utama Muda, IV/c', 330); down(); put('NIP 999901011980011001', 330); down() }
  if (tembusan.length > 0) { down(20); put('Tembusan:', 72); down(); for (const line of tembusan) { put(line, 72); down() } }
  await more(document)
  return document.save()
}
