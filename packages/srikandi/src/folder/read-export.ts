import { CabutError } from '@cabut/sdk'
import type { Json } from '../letter/letter.js'
import { readCsv } from '../row/csv.js'

/** Rows of one export: a JSON object is one letter, a JSON list or a CSV file is many. */
export interface Export {
  readonly rows: readonly Json[]
  readonly many: boolean
}

/**
 * Reads an export as a user saved it: CSV where the name ends in `.csv`, JSON otherwise. UTF-8, with or without BOM.
 *
 * @throws {@link CabutError} `letterRowUnreadable`: not UTF-8, not JSON, or what {@link readCsv} refuses
 * @example
 * ```ts
 * const bytes = new TextEncoder().encode('Nomor;Hal\r\n800/15/DINDIK;Permohonan\r\n')
 * readExport(bytes, 'ekspor.csv').rows // [{ nomor: '800/15/DINDIK', hal: 'Permohonan' }]
 * readExport(bytes, 'ekspor.json') // throws letterRowUnreadable
 * ```
 */
export function readExport(bytes: Uint8Array, name: string): Export {
  let text
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CabutError('letterRowUnreadable', { detail: 'not UTF-8' })
  }
  if (/\.csv$/i.test(name)) return { rows: readCsv(text), many: true }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new CabutError('letterRowUnreadable', { detail: 'not JSON' })
  }
  return Array.isArray(value) ? { rows: value as readonly Json[], many: true } : { rows: [value as Json], many: false }
}
