import { CabutError } from '../errors.js'
import { splitCsv, withoutApostrophe } from './csv.js'

/**
 * What a column may tell of one certificate to revoke, and under which headings (folded to lower case and underscores).
 *
 * @example
 * ```ts
 * bulkColumns.serial // ['seri', 'nomor_seri', 'serial', 'serial_number']
 * ```
 */
export const bulkColumns = {
  issuer: ['penerbit', 'issuer', 'issuer_dn', 'dn_penerbit'],
  serial: ['seri', 'nomor_seri', 'serial', 'serial_number'],
  serialDecimal: ['seri_desimal', 'serial_decimal'],
  certificate: ['sertifikat', 'certificate'],
  nik: ['nik'],
  email: ['surel', 'email', 'e_mail'],
  signed: ['surat_bertanda_tangan', 'signed_pdf', 'pdf'],
  subjectDn: ['subject_dn', 'dn'],
  username: ['username', 'pengguna', 'nama_pengguna'],
  name: ['nama', 'name'],
  holder: ['pemilik', 'holder', 'id_pemilik'],
  opd: ['opd', 'kode_opd'],
  reason: ['alasan', 'reason'],
  effectiveDate: ['tmt', 'effective_date', 'tanggal_efektif'],
  invalidityDate: ['tidak_dipercaya_sejak', 'invalidity_date'],
  note: ['keterangan', 'catatan', 'note'],
} as const

/** A column of a list; {@link bulkColumns} has the headings it is known by. */
export type BulkField = keyof typeof bulkColumns

/** One row as written. Holds personal data: not for logs. */
export interface BulkRow {
  /** 1 for the first row behind the head, or the first line of JSON. */
  readonly row: number
  readonly fields: Readonly<Partial<Record<BulkField, string>>>
  /** The row itself cannot be read. */
  readonly broken?: 'form' | 'cells'
}

/** How a list is read. */
export interface ReadRowsOptions {
  /** @default 'csv' */
  readonly format?: 'csv' | 'jsonl'
  /** Told once: the columns nobody reads here, so that a mistyped heading is seen. */
  readonly onIgnored?: (headings: readonly string[]) => void
}

const fieldOf: ReadonlyMap<string, BulkField> = new Map(
  Object.entries(bulkColumns).flatMap(([field, headings]) => headings.map((heading): [string, BulkField] => [heading, field as BulkField])),
)
const secret = /^(?:passphrase|password|kata_sandi|sandi|pin|otp|totp|kunci_privat|private_key)$/
const addressing: readonly BulkField[] = ['serial', 'serialDecimal', 'certificate', 'nik', 'email', 'signed', 'username']
const longestLine = 1_048_576

/**
 * Reads a list as it arrives, row by row: CSV or JSON lines, the same names of columns for both. Memory does not grow with the list.
 *
 * @throws {@link CabutError} `bulkUnreadable`: not UTF-8, no head, no column that names a certificate, two columns for one thing, a column of secrets
 * @example
 * ```ts
 * const list = new TextEncoder().encode('No;Nomor Seri;Alasan\r\n1;0x4D2A;pensiun\r\n')
 * const ignored: string[] = []
 * await all(readRows(pieces(list), { onIgnored: (headings) => ignored.push(...headings) })) // [{ row: 1, fields: { serial: '0x4D2A', reason: 'pensiun' } }]
 * ignored // ['no']
 * await all(readRows(pieces(new TextEncoder().encode('nik;passphrase\n')))) // throws bulkUnreadable
 * ```
 */
export async function* readRows(bytes: AsyncIterable<Uint8Array>, options: ReadRowsOptions = {}): AsyncGenerator<BulkRow> {
  const text = decode(bytes)
  yield* options.format === 'jsonl' ? fromJsonLines(text, options) : fromCsv(text, options)
}

async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError) throw new CabutError('bulkUnreadable', { detail: 'not UTF-8: save the list as "CSV UTF-8"', cause: error })
    throw error
  }
}

async function* fromCsv(text: AsyncIterable<string>, options: ReadRowsOptions): AsyncGenerator<BulkRow> {
  let columns: readonly (BulkField | undefined)[] | undefined
  for await (const { row, cells, broken } of splitCsv(text)) {
    if (columns === undefined) {
      columns = readHead(cells, options)
      continue
    }
    const fields: Partial<Record<BulkField, string>> = {}
    for (const [index, field] of columns.entries()) {
      const value = withoutApostrophe((cells[index] ?? '').trim())
      if (field !== undefined && value !== '') fields[field] = value
    }
    const lost = cells.length > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== '')
    yield { row, fields, ...(broken === true ? { broken: 'form' as const } : lost ? { broken: 'cells' as const } : {}) }
  }
  if (columns === undefined) throw new CabutError('bulkUnreadable', { at: 'rows[0]', detail: 'the list is empty' })
}

function readHead(cells: readonly string[], { onIgnored }: ReadRowsOptions): readonly (BulkField | undefined)[] {
  const headings = cells.map(fold)
  const columns = headings.map((heading) => fieldOf.get(heading))
  if (headings.some((heading) => secret.test(heading))) throw new CabutError('bulkUnreadable', { at: 'rows[0]', detail: 'the list has a column of secrets; remove it and change them' })
  for (const field of columns) {
    if (field !== undefined && columns.indexOf(field) !== columns.lastIndexOf(field)) throw new CabutError('bulkUnreadable', { at: 'rows[0]', detail: `two columns for ${field}` })
  }
  if (!columns.some((field) => field !== undefined && addressing.includes(field))) {
    throw new CabutError('bulkUnreadable', { at: 'rows[0]', detail: `no column names a certificate: ${addressing.map((field) => bulkColumns[field][0]).join(', ')}` })
  }
  const ignored = headings.filter((heading, index) => columns[index] === undefined && heading !== '')
  if (ignored.length > 0) onIgnored?.(ignored)
  return columns
}

async function* fromJsonLines(text: AsyncIterable<string>, options: ReadRowsOptions): AsyncGenerator<BulkRow> {
  const ignored = new Set<string>()
  let row = 0
  for await (const line of linesOf(text)) {
    if (line.trim() === '') continue
    row += 1
    const value = parse(line)
    if (value === undefined) {
      yield { row, fields: {}, broken: 'form' }
      continue
    }
    const fields: Partial<Record<BulkField, string>> = {}
    let broken = false
    for (const [name, given] of Object.entries(value)) {
      const heading = fold(name.replace(/([a-z])([A-Z])/g, '$1_$2'))
      if (secret.test(heading)) throw new CabutError('bulkUnreadable', { at: `rows[${row}]`, detail: 'the list holds secrets; remove them and change them' })
      const field = fieldOf.get(heading)
      if (field === undefined) {
        if (ignored.size < 100) ignored.add(heading)
      } else if (given !== null && given !== '') {
        // A NIK as a number has lost digits already.
        if (typeof given !== 'string' || fields[field] !== undefined) broken = true
        else fields[field] = given.trim()
      }
    }
    yield { row, fields, ...(broken ? { broken: 'form' as const } : {}) }
  }
  if (row === 0) throw new CabutError('bulkUnreadable', { at: 'rows[0]', detail: 'the list is empty' })
  if (ignored.size > 0) options.onIgnored?.([...ignored])
}

/** Lines of a text that arrives in pieces. */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of text) {
    const lines = (rest + chunk).replace(/^\uFEFF/, '').split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) throw new CabutError('bulkUnreadable', { detail: 'a line is too long' })
    yield* lines
  }
  if (rest !== '') yield rest
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : undefined
  } catch {
    return undefined
  }
}

function fold(heading: string): string {
  return heading.normalize('NFKC').trim().toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '')
}
