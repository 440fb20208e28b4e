import { csvLine } from './csv.js'
import { rowOutcomes, type RowOutcome, type RowResult, type RowVerdict, type RowFinding } from './verdict.js'

/** How many rows have each finding or outcome. */
export type Tally<Word extends string> = Readonly<Partial<Record<Word, number>>>

/** Counts findings or outcomes while they pass by. */
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

/** Rows a person must look at before the list is run: everything but `ready`, without the values of the row. */
export function remarkOf({ row, finding, detail, candidates }: RowVerdict): { readonly row: number; readonly finding: RowFinding; readonly detail?: string; readonly candidates?: number } {
  return { row, finding, ...(detail === undefined ? {} : { detail }), ...(candidates === undefined ? {} : { candidates: candidates.length }) }
}
