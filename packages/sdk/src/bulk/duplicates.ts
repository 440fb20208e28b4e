import { CabutError } from '../errors.js'
import { readSerial } from '../request/index.js'
import type { BulkRow } from './row.js'

/** Keys held at a time; a longer list is read more often instead. */
const keysAtATime = 100_000
const mostDuplicates = 10_000

/**
 * Rows that name the same certificate or person as an earlier one, by what is written: row -> earlier row. Reads the list once for each
 * 100,000 rows of it, so that memory does not grow with the list.
 *
 * @throws {@link CabutError} `bulkUnreadable`: more than 10,000 duplicates; that is another list
 */
export async function findDuplicates(rows: () => AsyncIterable<BulkRow>, keys: number = keysAtATime): Promise<{ readonly rows: number; readonly earlier: ReadonlyMap<number, number> }> {
  const earlier = new Map<number, number>()
  let count = 0
  let parts = 1
  for (let part = 0; part < parts; part += 1) {
    const first = new Map<string, number>()
    for await (const row of rows()) {
      if (part === 0) count += 1
      const key = keyOf(row)
      if (key === undefined || (parts > 1 && bucketOf(key) % parts !== part)) continue
      // Only while the size of the list is not known yet: then it is read again, in parts.
      if (part === 0 && parts === 1 && first.size >= keys) continue
      const before = first.get(key)
      if (before === undefined) first.set(key, row.row)
      else earlier.set(row.row, before)
      if (earlier.size > mostDuplicates) throw new CabutError('bulkUnreadable', { at: `rows[${row.row}]`, detail: `more than ${mostDuplicates} duplicates` })
    }
    if (part === 0 && parts === 1 && count > keys) {
      parts = Math.ceil(count / keys)
      part = -1
      count = 0
      earlier.clear()
    }
  }
  return { rows: count, earlier }
}

/** What a row names, canonically; `undefined` where nothing can be told from the words alone. */
function keyOf({ fields: { issuer, serial, serialDecimal, nik, email, certificate, signed } }: BulkRow): string | undefined {
  if (serial !== undefined || serialDecimal !== undefined) {
    const read = readSerial(serialDecimal === undefined ? serial as string : { decimal: serialDecimal }, 'serial')
    // Issuers are written in many ways; one list with one serial from two issuers is the rarer thing, and its rows are told apart later.
    if (read.serial !== undefined) return `s ${read.serial} ${issuer?.replace(/\s+/g, '').toLowerCase() ?? ''}`
  }
  if (certificate !== undefined) return `c ${certificate.replace(/\s+/g, '')}`
  if (nik !== undefined) return `n ${nik}`
  if (email !== undefined) return `e ${email.toLowerCase()}`
  return signed === undefined ? undefined : `f ${signed}`
}

/** FNV-1a over UTF-16 units. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
