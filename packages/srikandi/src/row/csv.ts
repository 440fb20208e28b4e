import { CabutError } from '@cabut/sdk'

/** The most rows and columns one export may have. */
const rowLimit = 10_000
const columnLimit = 200

/**
 * Reads a CSV export: BOM or none, comma, semicolon or tab, LF or CRLF, quoted cells with line breaks and doubled quotes (RFC 4180).
 * The first line names the fields; they are folded to the names of the row (`Status Baca` -> `status_baca`).
 * Empty lines are left out; a line with more cells than the head is refused, since a cell of it would be lost. At most 10,000 rows and 200 columns.
 *
 * @throws {@link CabutError} `letterRowUnreadable`; `at` names the row (`rows[0]` is the head)
 * @example
 * ```ts
 * readCsv('Nomor,Status Baca\n800/15/DINDIK,"Sudah ""dibaca"""\n') // [{ nomor: '800/15/DINDIK', status_baca: 'Sudah "dibaca"' }]
 * readCsv('Nomor;Hal\n800/15/DINDIK;Permohonan;lebih\n') // throws letterRowUnreadable
 * ```
 */
export function readCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const body = text.replace(/^\uFEFF/, '')
  const [head, ...lines] = parseCells(body, separatorOf(body))
  if (head === undefined || head.every((cell) => cell.trim() === '')) throw new CabutError('letterRowUnreadable', { at: 'rows[0]', detail: 'no head' })
  const names = head.map((cell) => cell.normalize('NFKC').trim().toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, ''))
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index)
  if (twice !== undefined) throw new CabutError('letterRowUnreadable', { at: 'rows[0]', detail: `two columns of one name` })
  return lines.flatMap((cells, index) => {
    if (cells.every((cell) => cell.trim() === '')) return []
    if (cells.length > names.length && cells.slice(names.length).some((cell) => cell !== '')) throw new CabutError('letterRowUnreadable', { at: `rows[${index + 1}]`, detail: 'more cells than the head' })
    return [Object.fromEntries(names.flatMap((name, column) => (name === '' ? [] : [[name, unneutralise(cells[column] ?? '')]])))]
  })
}

/**
 * Writes CSV for a spreadsheet: semicolons (the Indonesian setting), CRLF, BOM. A cell that a spreadsheet would take for a formula
 * is led by an apostrophe, so that an exported letter can never run anything; {@link readCsv} takes it back.
 *
 * @param names the columns in their order; a field that is not among them is left out, one that a row lacks is an empty cell
 * @example
 * ```ts
 * writeCsv([{ nomor: '800/15/DINDIK', hal: '=1+1' }], ['nomor', 'hal']) // '\uFEFFnomor;hal\r\n800/15/DINDIK;\'=1+1\r\n'
 * readCsv(writeCsv([{ hal: '=1+1' }], ['hal'])) // [{ hal: '=1+1' }]
 * ```
 */
export function writeCsv(rows: readonly Readonly<Record<string, string>>[], names: readonly string[]): string {
  const cell = (text: string): string => {
    const safe = /^[=+\-@\t\r|%]/.test(text.replace(/^\s+/, '')) || /^[\t\r\n]/.test(text) ? `'${text}` : text
    return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return `\uFEFF${[names, ...rows.map((row) => names.map((name) => row[name] ?? ''))].map((cells) => cells.map(cell).join(';')).join('\r\n')}\r\n`
}

/** Takes back what {@link writeCsv} put before a formula, so that a round trip changes nothing. */
function unneutralise(text: string): string {
  return /^'\s*[=+\-@\t\r|%]/.test(text) ? text.slice(1) : text
}

/** The separator that stands most often outside quotes in the first line. */
function separatorOf(text: string): string {
  const line = (/^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text.slice(0, 20_000))?.[0] ?? '').replace(/"(?:[^"]|"")*"/g, '')
  const count = (separator: string): number => line.split(separator).length
  return [';', ',', '\t'].reduce((best, separator) => (count(separator) > count(best) ? separator : best), ';')
}

function parseCells(text: string, separator: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  let wasQuoted = false
  const bad = (detail: string): CabutError => new CabutError('letterRowUnreadable', { at: `rows[${rows.length}]`, detail })
  const endCell = (): void => {
    row.push(cell)
    cell = ''
    wasQuoted = false
    if (row.length > columnLimit) throw bad('too many cells')
  }
  const endRow = (): void => {
    endCell()
    rows.push(row)
    row = []
    if (rows.length > rowLimit) throw bad('too many rows')
  }
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (quoted) {
      if (character !== '"') cell += character
      else if (text[at + 1] === '"') { cell += '"'; at += 1 } else quoted = false
    } else if (character === separator) endCell()
    else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[at + 1] === '\n') at += 1
      endRow()
    } else if (character === '"' && cell === '' && !wasQuoted) { quoted = true; wasQuoted = true }
    else if (wasQuoted) throw bad('text after a closing quote')
    else cell += character
  }
  if (quoted) throw bad('a quote is not closed')
  if (cell !== '' || row.length > 0) endRow()
  return rows
}
