import { CabutError } from '@cabut/sdk'
import type { Json } from '../letter/letter.js'
import type { LetterReading } from './read-letter-pdf.js'

/**
 * The table of a letter's PDF as rows of `permohonan.pemegang`, for a person to check and hand in. A table that is not whole proposes nothing.
 *
 * @returns empty when the letter has no table
 * @throws {@link CabutError} `letterTableInvalid`; `at` names the row and column, such as `pdf.tabel[2].nomor_seri`
 * @example
 * ```ts
 * proposeHolders(await readLetterPdf(pdf)) // [{ nama: 'Laras Kinanti', nomor_seri: '1f2e3d' }]
 * const broken = { columns: [], rows: [], problems: [{ row: 2, code: 'cellMissing', column: 'nomor_seri', place: { page: 1, line: 9 } }] } as const
 * proposeHolders({ table: broken }) // throws letterTableInvalid
 * ```
 */
export function proposeHolders({ table }: Pick<LetterReading, 'table'>): readonly Readonly<Record<string, Json>>[] {
  const [problem] = table?.problems ?? []
  if (problem !== undefined) throw new CabutError('letterTableInvalid', { at: `pdf.tabel[${problem.row}]${problem.column === undefined ? '' : `.${problem.column}`}`, detail: problem.code })
  return (table?.rows ?? []).map(({ cells }) => Object.fromEntries(Object.entries(cells).filter(([name]) => name !== 'no')))
}
