import { CabutError } from '@cabut/sdk'
import { readLetterDate } from '../letter/date.js'
import { readLetterNumber, type LetterNumber } from '../letter/number.js'
import { findOffice, type Office, type OfficeDirectory } from '../letter/office.js'
import { placeOf, type Confidence, type ReadFact } from './fact.js'
import type { Line } from './line.js'

const labels = /^(?:nomor|nomer|no\.?|sifat|lampiran|lamp\.?|hal|perihal|tanggal|yth\.?|kepada)\b/i
const datePiece = /(?:^|,\s*|\s)((?:(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad),\s)?\d{1,2}\s+[\p{L}]{3,9}\s+\d{4})\s*$/iu

interface Candidate<Value> { readonly value: Value; readonly text: string; readonly line: Line; readonly confidence: Confidence }

/** The best candidate; a rival of the same rank lowers its confidence. */
function choose<Value>(candidates: readonly Candidate<Value>[]): ReadFact<Value> | undefined {
  const rank = { high: 0, medium: 1, low: 2 }
  const sorted = [...candidates].sort((left, right) => rank[left.confidence] - rank[right.confidence])
  const [best] = sorted
  if (best === undefined) return undefined
  const others = [...new Set(sorted.slice(1).map(({ text }) => text).filter((text) => text !== best.text))]
  const rival = sorted.some((one) => one !== best && one.text !== best.text && one.confidence === best.confidence)
  return { value: best.value, text: best.text, confidence: rival && best.confidence === 'high' ? 'medium' : best.confidence, place: placeOf(best.line), others }
}

/** Finds `Nomor : ...`. */
export function findNumber(lines: readonly Line[]): ReadFact<LetterNumber> | undefined {
  const candidates: Candidate<LetterNumber>[] = []
  for (const line of lines) {
    const labelled = labelledValue(line, /^(?:nomor|nomer|no)\b\.?\s*/i)
    if (labelled === undefined) continue
    try {
      const value = readLetterNumber(labelled.value.replace(/[.,;]+$/, ''), 'pdf')
      const heading = line.page === 1 && line.depth < 0.5
      // "Undang-Undang Nomor 11 Tahun 2008" cites a law: without a colon only a number in the heading, with separators and without words, is one.
      if (!labelled.colon && (!heading || !/^[^\s]*\/[^\s]*$/.test(value.text))) continue
      candidates.push({ value, text: value.text, line, confidence: !heading ? 'low' : labelled.colon ? 'high' : 'medium' })
    } catch (error) {
      if (!(error instanceof CabutError)) throw error
    }
  }
  return choose(candidates)
}

/** Finds the date: beside a place (`Contoh, 19 November 2026`), after `Tanggal :`, or after `pada tanggal`. */
export function findDate(lines: readonly Line[]): ReadFact<string> | undefined {
  const candidates: Candidate<string>[] = []
  for (const line of lines) {
    for (const piece of line.pieces) {
      const match = datePiece.exec(piece.text)
      if (match === null) continue
      const text = (match[1] ?? '').trim()
      try {
        const value = readLetterDate(text, 'pdf')
        const before = piece.text.slice(0, piece.text.length - match[0].length)
        const placed = /^[\p{L}][\p{L} .'-]{2,39}$/u.test(before.trim()) && /^,/.test(match[0].trim()) || /^(?:pada )?tanggal\s*:?$/i.test(before.trim())
        const alone = before.trim() === '' && line.pieces.some(({ text: label }) => /^(?:pada )?tanggal\s*:?$/i.test(label))
        candidates.push({ value, text, line, confidence: (placed || alone) && line.page === 1 && line.depth < 0.5 ? 'high' : placed || alone ? 'medium' : 'low' })
      } catch (error) {
        if (!(error instanceof CabutError)) throw error
      }
    }
  }
  return choose(candidates)
}

/** Finds `Hal : ...` with the lines it goes on over. */
export function findSubject(lines: readonly Line[]): ReadFact<string> | undefined {
  const candidates: Candidate<string>[] = []
  for (const [index, line] of lines.entries()) {
    const labelled = labelledValue(line, /^(?:hal|perihal)\b\s*/i)
    if (labelled === undefined || !labelled.colon || line.page !== 1) continue
    const parts = [labelled.value]
    for (const next of lines.slice(index + 1, index + 4)) {
      const [piece] = next.pieces
      // It goes on only where its own column goes on.
      if (next.page !== line.page || next.gap > 2.2 || piece === undefined || piece.x < labelled.x - 6 || piece.x > labelled.x + 16 || labels.test(piece.text)) break
      parts.push(piece.text)
    }
    const text = parts.join(' ').trim()
    if (text.length >= 3) candidates.push({ value: text, text, line, confidence: line.depth < 0.5 ? 'high' : 'low' })
  }
  return choose(candidates)
}

/** The sending office: from the letterhead, looked up in the directory; without a directory only its words. */
export function findSender(lines: readonly Line[], offices: OfficeDirectory): ReadFact<Office | undefined> | undefined {
  const first = lines.findIndex((line) => line.page === 1 && /^(?:nomor|nomer|hal|perihal|yth|kepada|surat)\b/i.test(line.text))
  const head = lines.slice(0, first < 0 ? 8 : first).filter(({ page, depth }) => page === 1 && depth < 0.35)
  const names = head.filter(({ text }) => /\p{L}{3}/u.test(text) && !/\d{5}|jalan|jl\.|telp|telepon|laman|pos-?el|surel|@|https?:/i.test(text))
  for (const line of [...names].reverse()) {
    try {
      return { value: findOffice(offices, [line.text], 'pdf'), text: line.text, confidence: 'high', place: placeOf(line), others: [] }
    } catch (error) {
      if (!(error instanceof CabutError)) throw error
    }
  }
  const likely = [...names].reverse().find(({ text }) => /^(?:dinas|badan|kantor|inspektorat|sekretariat|kecamatan|kelurahan|bagian|upt|upt?d|rumah sakit|rsud|puskesmas|satuan)\b/i.test(text))
  return likely === undefined ? undefined : { value: undefined, text: likely.text, confidence: offices.length === 0 ? 'medium' : 'low', place: placeOf(likely), others: [] }
}

/** The value beside a label: behind the colon, without what stands apart at the right margin. */
function labelledValue(line: Line, label: RegExp): { readonly value: string; readonly colon: boolean; readonly x: number } | undefined {
  const [first, ...more] = line.pieces
  if (first === undefined || !label.test(first.text)) return undefined
  let rest = first.text.replace(label, '').trim()
  let x = first.x
  let colon = rest.startsWith(':')
  rest = rest.replace(/^:\s*/, '')
  // `Nomor`, `:` and the value may be three pieces.
  while (rest === '' && more.length > 0) {
    const next = more.shift()
    colon ||= next?.text.startsWith(':') === true
    rest = next?.text.replace(/^:\s*/, '') ?? ''
    x = next?.x ?? x
  }
  return rest === '' ? undefined : { value: rest, colon, x }
}
