import { DOMParser, XMLSerializer, type Document, type Element } from '@xmldom/xmldom'
import PizZip from 'pizzip'
import { CabutError } from '@cabut/sdk'

const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'
/** Octets of a template, and of all its parts together. */
const limit = 8 * 1024 * 1024
const unpackedLimit = 64 * 1024 * 1024

/** Parts that hold text people see. */
export const textParts: RegExp = /^word\/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml$/
const variable = /\$\{[^{}$]{1,80}\}/g

/**
 * Opens a DOCX template and refuses what is none: a file with macros, embedded objects, or parts that lie outside; a decompression bomb.
 *
 * @throws {@link CabutError} `letterTemplateInvalid`
 */
export function openTemplate(bytes: Uint8Array): PizZip {
  const bad = (detail: string, cause?: unknown): CabutError => new CabutError('letterTemplateInvalid', { at: 'template', detail, ...(cause === undefined ? {} : { cause }) })
  if (bytes.length > limit) throw bad(`more than ${limit} octets`)
  let zip: PizZip
  try {
    zip = new PizZip(bytes)
  } catch (error) {
    throw bad('not a DOCX file', error)
  }
  const parts = Object.values(zip.files)
  const size = (part: object): number => (part as { readonly _data?: { readonly uncompressedSize?: number } })._data?.uncompressedSize ?? 0
  if (parts.length > 2_000 || parts.reduce((sum, part) => sum + size(part), 0) > unpackedLimit) throw bad('too large when unpacked')
  if (parts.some(({ name }) => name.startsWith('/') || name.split(/[\\/]/).includes('..'))) throw bad('a part has an unsafe name')
  const types = zip.file('[Content_Types].xml')?.asText()
  if (types === undefined || zip.file('word/document.xml') === null) throw bad('not a DOCX file')
  if (/macroEnabled|vbaProject/i.test(types) || parts.some(({ name }) => /vba(?:Project|Data)|\.bin$|\/activeX\//i.test(name))) throw bad('it carries macros')
  if (parts.some(({ name }) => /^word\/embeddings\//i.test(name))) throw bad('it carries embedded objects')
  for (const part of parts) {
    if (!/\.rels$/i.test(part.name)) continue
    for (const relation of part.asText().match(/<Relationship\b[^>]*>/g) ?? []) {
      if (/TargetMode\s*=\s*["']External["']/i.test(relation) && !/\/hyperlink["']/i.test(relation)) throw bad('it loads something from outside')
    }
  }
  return zip
}

/**
 * Refuses a DOCX file that is no template: one with macros, embedded objects, or parts that lie outside; a decompression bomb.
 *
 * @param bytes at most 8 MiB, 64 MiB unpacked
 * @throws {@link CabutError} `letterTemplateInvalid`
 * @example
 * ```ts
 * checkTemplate(houseTemplate()) // undefined
 * checkTemplate(pdf) // throws letterTemplateInvalid
 * ```
 */
export function checkTemplate(bytes: Uint8Array): void {
  openTemplate(bytes)
}

/**
 * Srikandi's variables `${...}` in a DOCX file, in order of appearance, and whether each stands unsplit within one run.
 *
 * @throws {@link CabutError} `letterTemplateInvalid`
 * @example
 * ```ts
 * const [first] = srikandiVariables(await writeAnswerDocx(answer))
 * first // { name: '${tanggal_naskah}', whole: true }
 * srikandiVariables(pdf) // throws letterTemplateInvalid
 * ```
 */
export function srikandiVariables(bytes: Uint8Array): readonly SrikandiVariable[] {
  return variablesOf(openTemplate(bytes))
}

/** A variable Srikandi fills: `whole` when no word processor has split it over several runs, so that Srikandi finds it. */
export interface SrikandiVariable { readonly name: string; readonly whole: boolean }

export function variablesOf(zip: PizZip): readonly SrikandiVariable[] {
  return textPartsOf(zip).flatMap(({ document }) =>
    paragraphsOf(document).flatMap((texts) => {
      const joined = texts.map((text) => text.textContent ?? '').join('')
      const whole = texts.flatMap((text) => (text.textContent ?? '').match(variable) ?? [])
      return (joined.match(variable) ?? []).map((name) => {
        const place = whole.indexOf(name)
        if (place >= 0) whole.splice(place, 1)
        return { name, whole: place >= 0 }
      })
    }))
}

/**
 * Joins every `${...}` that a word processor has split over several runs into the first of them, so that Srikandi finds it.
 * The formatting of the first run counts.
 */
export function joinVariables(zip: PizZip): void {
  for (const { name, document } of textPartsOf(zip)) {
    let changed = false
    for (const texts of paragraphsOf(document)) changed = joinWithin(texts) || changed
    if (changed) zip.file(name, new XMLSerializer().serializeToString(document))
  }
}

function joinWithin(texts: readonly Element[]): boolean {
  const pieces = texts.map((text) => text.textContent ?? '')
  let changed = false
  for (const match of pieces.join('').matchAll(variable)) {
    const [start, end] = [match.index, match.index + match[0].length]
    let at = 0
    const touched = pieces.flatMap((piece, index) => {
      const from = at
      at += piece.length
      return from < end && at > start ? [{ index, from }] : []
    })
    const [first, ...others] = touched
    if (first === undefined || others.length === 0) continue
    // The whole paragraph keeps its text and its length: later matches keep their places.
    for (const { index, from } of others) pieces[index] = (pieces[index] ?? '').slice(Math.max(0, end - from))
    pieces[first.index] = (pieces[first.index] ?? '').slice(0, start - first.from) + match[0]
    changed = true
  }
  if (changed) {
    for (const [index, text] of texts.entries()) {
      text.textContent = pieces[index] ?? ''
      text.setAttributeNS(xmlNamespace, 'xml:space', 'preserve')
    }
  }
  return changed
}

function textPartsOf(zip: PizZip): readonly { readonly name: string; readonly document: Document }[] {
  return Object.keys(zip.files).filter((name) => textParts.test(name)).map((name) => {
    try {
      // A document type could declare entities; OOXML has none.
      const xml = zip.file(name)?.asText() ?? ''
      if (/<!DOCTYPE/i.test(xml)) throw new TypeError('a document type')
      return { name, document: new DOMParser().parseFromString(xml, 'text/xml') }
    } catch (error) {
      throw new CabutError('letterTemplateInvalid', { at: name, detail: 'not XML', cause: error })
    }
  })
}

/** The text nodes (`w:t`) of each paragraph; those of a paragraph within a text box belong to that one. */
function paragraphsOf(document: Document): readonly (readonly Element[])[] {
  const paragraphs = new Map<unknown, Element[]>()
  const texts = document.getElementsByTagNameNS(word, 't')
  for (let index = 0; index < texts.length; index += 1) {
    const text = texts.item(index)
    if (text === null) continue
    let parent: unknown = text.parentNode
    while (parent !== null && (parent as Element).localName !== 'p') parent = (parent as Element).parentNode
    paragraphs.set(parent, [...(paragraphs.get(parent) ?? []), text])
  }
  return [...paragraphs.values()]
}
