import { PkiError } from '../errors.js'
import { fieldText } from './field.js'
import type { PdfDocument } from './pdf/document.js'
import { pageNumbers } from './pdf/page.js'
import { isSpace, PdfParser } from './pdf/parse.js'
import { dictionaryOf, isKind, nameText, type PdfDictionary, type PdfString, type PdfValue } from './pdf/value.js'
import { readCharacterMap, type CharacterMap } from './charactermap.js'

/** What is drawn on the pages. */
export interface PageFindings {
  readonly pages: number
  readonly images: number
  /** Characters shown, those that cannot be read included. */
  readonly characters: number
  /** Characters drawn visibly: text recognised in a scan is drawn invisibly over the picture. */
  readonly visibleCharacters: number
  /** The text that could be read, in the order it is drawn. */
  readonly text: string
  /** Object numbers that could not be read. */
  readonly unreadable: readonly number[]
  readonly limited: boolean
}

const maxText = 2_000_000
const maxFormDepth = 8
const maxForms = 5_000

/** Walks over the content of every page. Best effort: what cannot be read is counted, never thrown. */
export function readPages(document: PdfDocument): PageFindings {
  const reader = new PageReader(document)
  let pages: number[] = []
  try {
    pages = pageNumbers(document)
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    reader.unreadable.push(0)
  }
  for (const page of pages) reader.page(page)
  return {
    pages: pages.length, images: reader.images, characters: reader.characters, visibleCharacters: reader.visible, text: reader.text.join(''),
    unreadable: reader.unreadable, limited: reader.limited,
  }
}

interface Font {
  readonly map?: CharacterMap
  /** Octets a character has when nothing else is said: 2 with composite fonts. */
  readonly width: 1 | 2
}

class PageReader {
  readonly text: string[] = []
  readonly unreadable: number[] = []
  images = 0
  characters = 0
  visible = 0
  limited = false
  readonly #document: PdfDocument
  readonly #fonts = new Map<PdfDictionary, Font>()
  #forms = 0
  #size = 0

  constructor(document: PdfDocument) {
    this.#document = document
  }

  page(number: number): void {
    this.#guard(number, () => {
      const page = this.#document.dictionary({ kind: 'reference', number, generation: 0 })
      if (page === undefined) return
      const contents = this.#document.resolve(page.entries.get('Contents'))
      const parts = isKind(contents, 'array') ? contents.items.map((item) => this.#document.resolve(item)) : [contents]
      const octets: Uint8Array[] = []
      for (const part of parts) this.#guard(number, () => void (isKind(part, 'stream') && octets.push(this.#document.decode(part))))
      this.#run(join(octets), this.#inherited(page, 'Resources'), 0)
      this.#put('\n')
    })
  }

  #guard(number: number, work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      if (error.code === 'pdfTooLarge') this.limited = true
      else if (this.unreadable.length < 100) this.unreadable.push(number)
    }
  }

  /** Resources may stand in the page tree above the page (ISO 32000-1 section 7.7.3.4). */
  #inherited(page: PdfDictionary, key: string): PdfDictionary | undefined {
    let node: PdfDictionary | undefined = page
    for (let depth = 0; node !== undefined && depth < 64; depth++) {
      const found = this.#document.dictionary(node.entries.get(key))
      if (found !== undefined) return found
      node = this.#document.dictionary(node.entries.get('Parent'))
    }
    return undefined
  }

  #put(text: string): void {
    this.#size += text.length
    if (this.#size > maxText) this.limited = true
    else this.text.push(text)
  }

  /** Runs a content stream as far as text and pictures go (ISO 32000-1 section 8.8, 9.4). */
  #run(content: Uint8Array, resources: PdfDictionary | undefined, depth: number): void {
    const document = this.#document
    const parser = new PdfParser(content, 0, content.length, false)
    const fonts = document.dictionary(resources?.entries.get('Font'))
    const objects = document.dictionary(resources?.entries.get('XObject'))
    let operands: PdfValue[] = []
    let font: Font = plainFont
    let invisible = false
    for (parser.skipSpace(); parser.at < parser.end; parser.skipSpace()) {
      const token = parser.valueOrWord()
      if (typeof token !== 'object' || token === null || token.kind !== 'word') {
        operands.push(token)
        if (operands.length > 1_000) operands = []
        continue
      }
      const last = operands.at(-1)
      switch (token.value) {
        case 'Tf': font = this.#font(document.dictionary(fonts?.entries.get(nameText(operands[0]) ?? ''))); break
        case 'Tr': invisible = last === 3; break
        case 'Tj': case "'": case '"': this.#show(last, font, invisible); break
        case 'TJ': if (isKind(last, 'array')) {
          // A wide gap between two pieces is how many writers draw a space; phrases are compared without spaces.
          for (const item of last.items) this.#show(item, font, invisible)
        } break
        case 'Td': case 'TD': case 'T*': case 'Tm': case 'ET': this.#put(' '); break
        case 'Do': this.#object(document.resolve(objects?.entries.get(nameText(last) ?? '')), resources, depth); break
        case 'BI': this.#inlineImage(parser); break
        default:
      }
      operands = []
    }
  }

  #show(value: PdfValue | undefined, font: Font, invisible: boolean): void {
    if (!isKind(value, 'string')) return
    const { text, count } = decode(value, font)
    this.characters += count
    if (!invisible) this.visible += count
    this.#put(text)
  }

  #object(value: PdfValue, resources: PdfDictionary | undefined, depth: number): void {
    if (!isKind(value, 'stream')) return
    const kind = nameText(value.dictionary.entries.get('Subtype'))
    if (kind === 'Image') this.images++
    if (kind !== 'Form') return
    if (depth >= maxFormDepth || ++this.#forms > maxForms) {
      this.limited = true
      return
    }
    this.#guard(0, () => this.#run(this.#document.decode(value), this.#document.dictionary(value.dictionary.entries.get('Resources')) ?? resources, depth + 1))
  }

  /** Steps over `BI ... ID octets EI`. */
  #inlineImage(parser: PdfParser): void {
    this.images++
    const { bytes, end } = parser
    for (let at = parser.at; at + 2 < end; at++) {
      if (bytes[at] !== 0x45 || bytes[at + 1] !== 0x49 || !isSpace(bytes[at - 1]) || !isSpace(bytes[at + 2])) continue
      parser.at = at + 2
      return
    }
    parser.at = end
  }

  #font(dictionary: PdfDictionary | undefined): Font {
    if (dictionary === undefined) return plainFont
    let font = this.#fonts.get(dictionary)
    if (font === undefined) {
      const composite = nameText(dictionary.entries.get('Subtype')) === 'Type0'
      font = composite ? wideFont : plainFont
      this.#fonts.set(dictionary, font)
      this.#guard(0, () => {
        const stream = this.#document.resolve(dictionary.entries.get('ToUnicode'))
        if (dictionaryOf(stream) === undefined || !isKind(stream, 'stream')) return
        font = { width: composite ? 2 : 1, map: readCharacterMap(this.#document.decode(stream)) }
        this.#fonts.set(dictionary, font)
      })
    }
    return font
  }
}

const plainFont: Font = { width: 1 }
const wideFont: Font = { width: 2 }

function decode(string: PdfString, font: Font): { text: string; count: number } {
  const { bytes } = string
  if (font.map === undefined) {
    if (font.width === 1) return { text: fieldText(string), count: bytes.length }
    return { text: '', count: bytes.length >> 1 }
  }
  let text = ''
  let count = 0
  for (let at = 0; at < bytes.length; at += font.width, count++) {
    const code = font.width === 1 ? bytes[at]! : bytes[at]! * 256 + (bytes[at + 1] ?? 0)
    text += font.map.get(code) ?? (font.width === 1 ? String.fromCharCode(code) : '')
  }
  return { text, count }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 1, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
    out[at++] = 0x0a
  }
  return out
}

/** Text as phrases are looked for: compatibility forms folded, lower case, without white space. */
export function searchForm(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[\s\u00ad\u200b-\u200d\ufeff]+/g, '')
}
