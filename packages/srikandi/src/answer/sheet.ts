import { PDFDocument, rgb, StandardFonts, type PDFFont, type PDFPage } from 'pdf-lib'

/** A4 in points, with the margins of an official letter. */
const width = 595.28
const height = 841.89
const margin = { left: 71, right: 57, top: 50, bottom: 57 }
const ink = rgb(0, 0, 0)
/** Height of a line, in sizes of its font. */
const leading = 1.3

/** Faces of the standard 14 fonts: nothing is embedded, every reader has them. */
export type Face = 'plain' | 'bold' | 'fixed'

/** One column of a table; widths are shares of the line. */
export interface Column {
  readonly head: string
  readonly share: number
  readonly face?: Face
}

/**
 * A growing letter: text, tables and rules from top to bottom, new pages as needed. The same calls give the same octets:
 * the document carries no time of its making.
 */
export class Sheet {
  readonly #document: PDFDocument
  readonly #fonts: Readonly<Record<Face, PDFFont>>
  #page: PDFPage
  #y: number

  private constructor(document: PDFDocument, fonts: Readonly<Record<Face, PDFFont>>) {
    this.#document = document
    this.#fonts = fonts
    this.#page = document.addPage([width, height])
    this.#y = height - margin.top
  }

  static async open(title: string): Promise<Sheet> {
    const document = await PDFDocument.create()
    document.setTitle(title)
    document.setProducer('Cabut')
    document.setCreator('Cabut')
    document.setLanguage('id-ID')
    document.setCreationDate(new Date(0))
    document.setModificationDate(new Date(0))
    return new Sheet(document, {
      plain: await document.embedFont(StandardFonts.Helvetica), bold: await document.embedFont(StandardFonts.HelveticaBold), fixed: await document.embedFont(StandardFonts.Courier),
    })
  }

  get lineWidth(): number {
    return width - margin.left - margin.right
  }

  /** Makes sure that `needed` points are left on the page. */
  room(needed: number): void {
    if (this.#y - needed >= margin.bottom) return
    this.#page = this.#document.addPage([width, height])
    this.#y = height - margin.top
  }

  space(points: number): void {
    this.#y -= points
  }

  text(text: string, { face = 'plain', size = 11, align = 'left', indent = 0, at }: { readonly face?: Face; readonly size?: number; readonly align?: 'left' | 'center' | 'both'; readonly indent?: number; readonly at?: number } = {}): void {
    const left = margin.left + (at ?? 0)
    const wide = this.lineWidth - (at ?? 0)
    const font = this.#fonts[face]
    const lines = this.#wrap(text, face, size, wide, indent)
    for (const [index, line] of lines.entries()) {
      this.room(size * leading)
      this.#y -= size * leading
      const begin = index === 0 ? indent : 0
      const spare = wide - begin - font.widthOfTextAtSize(line, size)
      const words = align === 'both' && index < lines.length - 1 ? line.split(' ') : [line]
      let x = left + (align === 'center' ? spare / 2 : begin)
      for (const word of words) {
        this.#page.drawText(word, { x, y: this.#y, size, font, color: ink })
        x += font.widthOfTextAtSize(`${word} `, size) + spare / Math.max(1, words.length - 1)
      }
    }
  }

  /** A label, a colon and its value: `Nomor : ...`. */
  field(label: string, value: string, size: number = 11): void {
    const top = this.#y
    this.text(label, { size })
    this.#y = top
    this.text(':', { size, at: 58 })
    this.#y = top
    this.text(value, { size, at: 66 })
  }

  /** Two thicknesses below a letterhead. */
  rule(): void {
    this.#y -= 6
    for (const [offset, thickness] of [[0, 2], [3, 0.5]] as const) {
      this.#page.drawLine({ start: { x: margin.left, y: this.#y - offset }, end: { x: width - margin.right, y: this.#y - offset }, thickness, color: ink })
    }
    this.#y -= 6
  }

  table(columns: readonly Column[], rows: readonly (readonly string[])[], size: number = 9): void {
    const pad = 4
    const total = columns.reduce((sum, { share }) => sum + share, 0)
    const widths = columns.map(({ share }) => (this.lineWidth * share) / total)
    const draw = (cells: readonly string[], head: boolean): void => {
      const lines = cells.map((cell, column) => {
        const face = head ? 'bold' : columns[column]?.face ?? 'plain'
        return { face, lines: this.#wrap(cell, face, size, (widths[column] ?? 0) - 2 * pad) }
      })
      const tall = Math.max(...lines.map(({ lines: some }) => some.length)) * size * 1.25 + 2 * pad
      const before = this.#page
      this.room(tall)
      if (this.#page !== before && !head) draw(columns.map(({ head: title }) => title), true)
      let x = margin.left
      for (const [column, { face, lines: some }] of lines.entries()) {
        const wide = widths[column] ?? 0
        this.#page.drawRectangle({ x, y: this.#y - tall, width: wide, height: tall, borderColor: ink, borderWidth: 0.5 })
        for (const [index, line] of some.entries()) this.#page.drawText(line, { x: x + pad, y: this.#y - pad - size - index * size * 1.25 + 1, size, font: this.#fonts[face], color: ink })
        x += wide
      }
      this.#y -= tall
    }
    draw(columns.map(({ head }) => head), true)
    for (const cells of rows) draw(cells, false)
  }

  /** A QR code at the left margin, `side` points wide, with lines of text beside it. */
  matrix(dark: readonly (readonly boolean[])[], side: number, beside: () => void): void {
    this.room(side + 4)
    const top = this.#y
    const cell = side / dark.length
    for (const [line, cells] of dark.entries()) {
      for (const [column, on] of cells.entries()) {
        if (on) this.#page.drawRectangle({ x: margin.left + column * cell, y: top - (line + 1) * cell, width: cell + 0.05, height: cell + 0.05, color: ink })
      }
    }
    this.#y -= 10
    beside()
    this.#y = Math.min(this.#y, top - side) - 4
  }

  /** Numbers every page but the first, as letters do. */
  #number(): void {
    const font = this.#fonts.plain
    for (const [index, page] of this.#document.getPages().entries()) {
      const text = `- ${index + 1} -`
      if (index > 0) page.drawText(text, { x: (width - font.widthOfTextAtSize(text, 9)) / 2, y: height - 30, size: 9, font, color: ink })
    }
  }

  async save(): Promise<Uint8Array> {
    this.#number()
    return this.#document.save({ addDefaultPage: false })
  }

  /** Breaks a text into lines; a word longer than a line is broken too. What the font cannot show becomes `?`. */
  #wrap(text: string, face: Face, size: number, limit: number, indent: number = 0): readonly string[] {
    const font = this.#fonts[face]
    const fits = (line: string, first: boolean): boolean => font.widthOfTextAtSize(line, size) <= limit - (first ? indent : 0)
    const lines: string[] = []
    let line = ''
    for (const word of this.#showable(text, font).split(/\s+/).filter((one) => one !== '')) {
      const longer = line === '' ? word : `${line} ${word}`
      if (fits(longer, lines.length === 0)) { line = longer; continue }
      if (line !== '') lines.push(line)
      line = ''
      for (const character of word) {
        if (line !== '' && !fits(line + character, lines.length === 0)) { lines.push(line); line = '' }
        line += character
      }
    }
    lines.push(line)
    return lines
  }

  #showable(text: string, font: PDFFont): string {
    const known = new Set(font.getCharacterSet())
    return Array.from(text.normalize('NFC').replace(/[‐‑]/g, '-'), (character) => (/\s/.test(character) || known.has(character.codePointAt(0) ?? 0) ? character : '?')).join('')
  }
}
