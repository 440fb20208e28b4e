import { PDFDocument, StandardFonts, type PDFFont } from 'pdf-lib'

/** An official letter of the invented offices in the demo. */
export interface LetterText {
  /** Letterhead lines, the office first. */
  readonly letterhead: readonly string[]
  readonly number: string
  /** Place and date as written, for example `Purbalingga, 20 November 2026`. */
  readonly placeAndDate: string
  readonly subject: string
  readonly addressee: string
  readonly paragraphs: readonly string[]
  readonly signatory: { readonly position: string; readonly name: string }
  /** Creation time, so that the same letter has the same bytes. */
  readonly createdAt: Date
}

const margin = 72
const pageSize: [number, number] = [595, 842]

/** Makes a one-page A4 letter in the house form: kop, nomor, hal, tujuan, isi, penandatangan. */
export async function makeLetterPdf(letter: LetterText): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.setTitle(letter.subject)
  document.setProducer('Cabut demo')
  document.setCreationDate(letter.createdAt)
  document.setModificationDate(letter.createdAt)
  const plain = await document.embedFont(StandardFonts.TimesRoman)
  const bold = await document.embedFont(StandardFonts.TimesRomanBold)
  const page = document.addPage(pageSize)
  const width = pageSize[0] - 2 * margin
  let y = pageSize[1] - margin
  const write = (text: string, font: PDFFont = plain, size = 11, x: number = margin): void => {
    page.drawText(text, { x, y, size, font })
    y -= size * 1.5
  }
  for (const [index, line] of letter.letterhead.entries()) {
    const font = index === 0 ? bold : plain
    const size = index === 0 ? 14 : 10
    write(line, font, size, (pageSize[0] - font.widthOfTextAtSize(line, size)) / 2)
  }
  page.drawLine({ start: { x: margin, y }, end: { x: pageSize[0] - margin, y }, thickness: 1.5 })
  y -= 28
  write(letter.placeAndDate, plain, 11, pageSize[0] - margin - plain.widthOfTextAtSize(letter.placeAndDate, 11))
  write(`Nomor : ${letter.number}`)
  write(`Hal   : ${letter.subject}`)
  y -= 8
  write('Yth.')
  write(letter.addressee)
  y -= 8
  for (const paragraph of letter.paragraphs) {
    for (const line of wrap(paragraph, plain, 11, width)) write(line)
    y -= 6
  }
  y -= 20
  const right = pageSize[0] / 2 + 20
  write(letter.signatory.position, plain, 11, right)
  y -= 48
  write(letter.signatory.name, bold, 11, right)
  return document.save({ useObjectStreams: false })
}

function wrap(text: string, font: PDFFont, size: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (font.widthOfTextAtSize(longer, size) <= width) line = longer
    else { lines.push(line); line = word }
  }
  return line === '' ? lines : [...lines, line]
}
