import { CabutError } from '../errors.js'

/** One record of a CSV file. `row` counts records after the head, from 1. */
export interface CsvRecord {
  readonly row: number
  readonly cells: readonly string[]
  /** The record cannot be read as RFC 4180 writes it: text behind a closing quote, or a quote that is never closed. */
  readonly broken?: true
}

/** Octets-like characters one record may have; a quote never closed would otherwise swallow the file. */
const longestRecord = 1_048_576

/**
 * Splits CSV (RFC 4180) as it arrives: BOM or none, comma, semicolon or tab (told from the head), LF, CRLF or CR, quoted cells with line breaks
 * and doubled quotes. Holds one record at a time, however long the file is. Empty lines are left out. The head comes first, as row 0.
 *
 * @throws {@link CabutError} `bulkUnreadable`: a record too long
 */
export async function* splitCsv(text: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const splitter = new Splitter()
  let head = ''
  for await (const chunk of text) {
    if (splitter.separator !== undefined) {
      yield* splitter.push(chunk)
      continue
    }
    // The separator is told from the whole head: nothing is split before its line has ended.
    head += chunk
    const told = separatorOf(head.replace(/^\uFEFF/, ''), false)
    if (told === undefined) continue
    splitter.separator = told
    yield* splitter.push(head.replace(/^\uFEFF/, ''))
    head = ''
  }
  if (splitter.separator === undefined) {
    const rest = head.replace(/^\uFEFF/, '')
    splitter.separator = separatorOf(rest, true) ?? ';'
    yield* splitter.push(rest)
  }
  yield* splitter.end()
}

/** The separator that stands most often outside quotes in the first line; `undefined` while the line has not ended. */
function separatorOf(text: string, ended: boolean): string | undefined {
  let quoted = false
  const counts = new Map([[';', 0], [',', 0], ['\t', 0]])
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string
    if (character === '"') quoted = !quoted
    else if (!quoted && (character === '\n' || character === '\r')) {
      if ([...counts.values()].some((count) => count > 0) || at > 0) return most(counts)
    } else if (!quoted && counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  if (text.length > longestRecord) throw new CabutError('bulkUnreadable', { at: 'rows[0]', detail: 'the head is too long' })
  return ended ? most(counts) : undefined
}

function most(counts: ReadonlyMap<string, number>): string {
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}

class Splitter {
  separator: string | undefined
  #row = 0
  #cells: string[] = []
  #cell = ''
  #size = 0
  #broken = false
  /** `start` of a cell, inside `plain` or `quoted` text, or just behind a `closed` quote (which a second one doubles). */
  #place: 'start' | 'plain' | 'quoted' | 'closed' = 'start'
  #afterReturn = false

  #take(text: string, from: number, to: number): void {
    if (to <= from) return
    this.#cell += text.slice(from, to)
    this.#size += to - from
    if (this.#size > longestRecord) throw new CabutError('bulkUnreadable', { at: `rows[${this.#row}]`, detail: 'the record is too long; is a quote never closed?' })
  }

  #endCell(): void {
    this.#cells.push(this.#cell)
    this.#cell = ''
    this.#place = 'start'
  }

  * push(text: string): Generator<CsvRecord> {
    let from = 0
    for (let at = 0; at < text.length; at += 1) {
      const character = text[at] as string
      if (this.#afterReturn) {
        this.#afterReturn = false
        if (character === '\n') { from = at + 1; continue }
      }
      if (this.#place === 'quoted') {
        if (character !== '"') continue
        this.#take(text, from, at)
        from = at + 1
        this.#place = 'closed'
        continue
      }
      if (character === '"') {
        if (this.#place === 'start') this.#place = 'quoted'
        else if (this.#place === 'closed') { this.#cell += '"'; this.#place = 'quoted' }
        else { this.#broken = true; continue }
        from = at + 1
      } else if (character === this.separator) {
        this.#take(text, from, at)
        this.#endCell()
        from = at + 1
      } else if (character === '\n' || character === '\r') {
        this.#take(text, from, at)
        this.#afterReturn = character === '\r'
        from = at + 1
        yield* this.#endRecord()
      } else if (this.#place === 'closed') this.#broken = true
      else this.#place = 'plain'
    }
    this.#take(text, from, text.length)
  }

  * end(): Generator<CsvRecord> {
    if (this.#place === 'quoted') this.#broken = true
    yield* this.#endRecord()
  }

  * #endRecord(): Generator<CsvRecord> {
    this.#endCell()
    const cells = this.#cells
    const broken = this.#broken
    this.#cells = []
    this.#size = 0
    this.#broken = false
    if (!broken && cells.every((cell) => cell.trim() === '')) return
    yield { row: this.#row, cells, ...(broken ? { broken: true as const } : {}) }
    this.#row += 1
  }
}

/**
 * One line of CSV for a spreadsheet: semicolons (the Indonesian setting), CRLF. A cell a spreadsheet would take for a formula is led by an
 * apostrophe, so that a name in a list can never run anything.
 *
 * @example
 * ```ts
 * csvLine([1, 'Ratna; Pertiwi', '=1+1', undefined]) // '1;"Ratna; Pertiwi";\'=1+1;\r\n'
 * ```
 */
export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell) => csvCell(cell === undefined ? '' : String(cell))).join(';')}\r\n`
}

function csvCell(text: string): string {
  const safe = /^\s*[=+\-@|%]/.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Takes back the apostrophe {@link csvLine} put before a formula. */
export function withoutApostrophe(text: string): string {
  return /^'(?:\s*[=+\-@|%]|[\t\r\n])/.test(text) ? text.slice(1) : text
}
