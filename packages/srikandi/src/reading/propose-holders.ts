import { CabutError } from '@cabut/sdk'
import type { Json } from '../letter/letter.js'
import type { LetterReading } from './read-letter-pdf.js'

/**
 * The table of a letter's PDF as rows of `permohonan.pemegang`, for a person to check and hand in. A table that is not whole proposes nothing.
 *
 * @throws {@link CabutError} `letterTableInvalid`; `at` names the row and column, such as `pdf.tabel[2].nomor_seri`
 */
export function proposeHolders({ table }: Pick<LetterReading, 'table'>): readonly Readonly<Record<string, Json>>[] {
  const [problem] = table?.problems ?? []
  if (problem !== undefined) throw new CabutError('letterTableInvalid', { at: `pdf.tabel[${problem.row}]${problem.column === undefined ? '' : `.${problem.column}`}`, detail: problem.code })
  return (table?.rows ?? []).map(({ cells }) => Object.fromEntries(Object.entries(cells).filter(([name]) => name !== 'no')))
}
