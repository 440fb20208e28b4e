import { csvLine } from './csv.js'
import { rowOutcomes, type RowOutcome, type RowResult, type RowVerdict, type RowFinding } from './verdict.js'

/** How many rows have each finding or outcome. */
export type Tally<Word extends string> = Readonly<Partial<Record<Word, number>>>

/**
 * Counts findings or outcomes while they pass by. `counts` holds a word as soon as it was met.
 *
 * @example
 * ```ts
 * const tally = createTally<RowFinding>()
 * for await (const { finding } of (await openList()).plan()) tally.add(finding)
 * tally.counts // { ready: 2, duplicate: 1 }
 * tally.rows // 3
 * ```
 */
export function createTally<Word extends string>(): { add(word: Word): void; readonly counts: Tally<Word>; readonly rows: number } {
  const counts: Partial<Record<Word, number>> = {}
  let rows = 0
  return {
    counts,
    get rows() { return rows },
    add(word) {
      counts[word] = (counts[word] ?? 0) + 1
      rows += 1
    },
  }
}

/** How many rows have each finding. */
export type FindingTally = Tally<RowFinding>
/** How many rows ended in each outcome. */
export type OutcomeTally = Tally<RowOutcome>

const headings = ['baris', 'hasil', 'uraian', 'keterangan', 'permohonan', 'register', 'keadaan', 'penerbit', 'nomor_seri', 'dicabut_pada', 'bukti', 'bukti_berlaku_sejak', 'bukti_sha256']

/**
 * The result file, as text that arrives in pieces: a verdict for each row with its proof or its reason. CSV with BOM and semicolons, formulas
 * disarmed, or JSON lines. Without personal data.
 *
 * @example
 * ```ts
 * const text = await all(writeResults(pieces({ row: 3, outcome: 'skipped', detail: 'duplicate: row 1' } as const)))
 * text[1] // '3;skipped;tidak diajukan;duplicate: row 1;;;;;;;;;\r\n'
 * await all(writeResults(pieces({ row: 1, outcome: 'notFiled' } as const), 'jsonl')) // ['{"row":1,"outcome":"notFiled"}\n']
 * ```
 */
export async function* writeResults(results: AsyncIterable<RowResult>, format: 'csv' | 'jsonl' = 'csv'): AsyncGenerator<string> {
  if (format === 'jsonl') {
    for await (const result of results) yield `${JSON.stringify(result)}\n`
    return
  }
  yield `\uFEFF${csvLine(headings)}`
  for await (const { row, outcome, detail, requestId, register, status, issuerDn, serial, proof } of results) {
    yield csvLine([
      row, outcome, rowOutcomes[outcome].id, detail, requestId, register, status, issuerDn,
      // A spreadsheet would turn a long number into 1,18E+40.
      serial === undefined ? undefined : `0x${serial}`,
      proof?.revocationDate, proof?.source, proof?.thisUpdate, proof?.sha256,
    ])
  }
}

/**
 * What a person is told of a row to look at before the list is run, without the values of the row: of the candidates their number only.
 *
 * @example
 * ```ts
 * remarkOf({ row: 3, finding: 'duplicate', detail: 'row 1', issuerDn: 'CN=CA Contoh', serial: '4d2a' }) // { row: 3, finding: 'duplicate', detail: 'row 1' }
 * ```
 */
export function remarkOf({ row, finding, detail, candidates }: RowVerdict): { readonly row: number; readonly finding: RowFinding; readonly detail?: string; readonly candidates?: number } {
  return { row, finding, ...(detail === undefined ? {} : { detail }), ...(candidates === undefined ? {} : { candidates: candidates.length }) }
}
