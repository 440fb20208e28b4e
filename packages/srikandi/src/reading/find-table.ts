import { placeOf, type ReadPlace } from './fact.js'
import type { Line, Piece } from './line.js'

/** Columns a table of holders may have; names are those of a row of `permohonan.pemegang`. */
export type HolderColumn = 'no' | 'nama' | 'nip' | 'jabatan' | 'username' | 'penerbit' | 'nomor_seri' | 'subject_dn' | 'alasan' | 'tmt' | 'keterangan'

/** One row of the table, as read. Cells may hold personal data: not for logs. */
export interface HolderRow {
  /** Its number in the table. */
  readonly number: number
  readonly place: ReadPlace
  readonly cells: Readonly<Partial<Record<HolderColumn, string>>>
}

/** Why a row cannot be used. The row is named by its number, never by what stands in it. */
export interface TableProblem {
  readonly row: number
  readonly code: 'cellMissing' | 'cellMerged' | 'rowMissing'
  readonly column?: HolderColumn
  readonly place: ReadPlace
}

/** A table of holders found in a letter. With one problem nothing of it may be used. */
export interface HolderTable {
  readonly columns: readonly HolderColumn[]
  readonly rows: readonly HolderRow[]
  readonly problems: readonly TableProblem[]
}

const headings: readonly (readonly [HolderColumn, RegExp])[] = [
  ['no', /^(?:no|nomor|nomor urut)\.?$/i], ['nama', /^nama(?: (?:lengkap|pemegang|pegawai|pemilik))?$/i], ['nip', /^(?:nip|nip\/nik|nik|nrp)$/i], ['jabatan', /^jabatan$/i],
  ['username', /^(?:username|nama pengguna|akun)$/i], ['penerbit', /^(?:penerbit|issuer(?: dn)?)$/i], ['nomor_seri', /^(?:nomor seri|no\.? seri|serial(?: number)?)$/i],
  ['subject_dn', /^subject dn$/i], ['alasan', /^alasan(?: pencabutan)?$/i], ['tmt', /^tmt$/i], ['keterangan', /^(?:keterangan|ket\.?)$/i],
]
/** Cells a row may leave empty. */
const optional: ReadonlySet<HolderColumn> = new Set(['nip', 'jabatan', 'keterangan', 'tmt'])

/**
 * Finds the table of holders: a line of known headings that begins with `No` and names holders, then rows numbered 1, 2, 3, ... A line without a
 * number continues the row above. Text carries no ruled lines, so a cell that reaches into the next column is taken as merged, and whatever
 * does not fit makes its row a problem: a person types such a table in.
 */
export function findTable(lines: readonly Line[]): HolderTable | undefined {
  for (const [index, line] of lines.entries()) {
    const columns = line.pieces.map((piece) => ({ piece, name: headings.find(([, form]) => form.test(piece.text))?.[0] }))
    if (columns[0]?.name !== 'no' || columns.length < 3 || columns.some(({ name }) => name === undefined) || !columns.some(({ name }) => name === 'nama')) continue
    if (new Set(columns.map(({ name }) => name)).size !== columns.length) continue
    return readRows(lines.slice(index + 1), columns as readonly { piece: Piece; name: HolderColumn }[])
  }
  return undefined
}

function readRows(lines: readonly Line[], columns: readonly { readonly piece: Piece; readonly name: HolderColumn }[]): HolderTable {
  const rows: { number: number; place: ReadPlace; cells: Partial<Record<HolderColumn, string>> }[] = []
  const problems: TableProblem[] = []
  const isHeading = (line: Line): boolean => line.pieces.length === columns.length && line.pieces.every(({ text }, index) => text === columns[index]?.piece.text)
  let page = lines[0]?.page
  for (const line of lines) {
    // The heading is repeated on a new page.
    const turned = line.page !== page
    page = line.page
    if (isHeading(line)) continue
    const first = line.pieces[0]
    const numbered = first !== undefined && columnOf(first, columns) === 'no' ? /^(\d{1,3})[.)]?$/.exec(first.text) : null
    if (numbered === null && (rows.length === 0 || (line.gap > 2.4 && !turned) || first === undefined || first.x < (columns[1]?.piece.x ?? 0) - 8)) break
    if (numbered !== null) {
      const number = Number(numbered[1])
      const expected = (rows.at(-1)?.number ?? 0) + 1
      if (number !== expected) problems.push({ row: expected, code: 'rowMissing', place: placeOf(line) })
      rows.push({ number, place: placeOf(line), cells: {} })
    }
    const row = rows.at(-1)
    if (row === undefined) break
    for (const piece of line.pieces) {
      const name = columnOf(piece, columns)
      const next = columns[columns.findIndex((column) => column.name === name) + 1]
      if (name === undefined || (next !== undefined && piece.end > next.piece.x + 2)) problems.push({ row: row.number, code: 'cellMerged', ...(name === undefined ? {} : { column: name }), place: placeOf(line) })
      else if (name !== 'no') row.cells[name] = join(row.cells[name], piece.text, name)
    }
  }
  for (const { number, cells, place } of rows) {
    for (const { name } of columns) if (name !== 'no' && !optional.has(name) && (cells[name] ?? '') === '') problems.push({ row: number, code: 'cellMissing', column: name, place })
  }
  return { columns: columns.map(({ name }) => name), rows, problems }
}

/** The column whose heading begins where the piece does; headings are set flush left, and numbers may be set a little to the right. */
function columnOf({ x }: Piece, columns: readonly { readonly piece: Piece; readonly name: HolderColumn }[]): HolderColumn | undefined {
  return [...columns].reverse().find(({ piece }) => x >= piece.x - 3)?.name
}

/** Serial numbers are broken anywhere; words at blanks. */
function join(before: string | undefined, text: string, column: HolderColumn): string {
  return before === undefined ? text : `${before}${column === 'nomor_seri' ? '' : ' '}${text}`
}
