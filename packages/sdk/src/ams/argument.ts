import { CabutError } from '../errors.js'
import type { AmsWrite } from './port.js'

/** @throws TypeError when the key is not 8 to 128 visible ASCII characters, or nobody acts */
export function checkWrite(write: AmsWrite): void {
  if (typeof write.idempotencyKey !== 'string' || !/^[\x21-\x7e]{8,128}$/.test(write.idempotencyKey)) {
    throw new TypeError('idempotencyKey must be 8 to 128 visible ASCII characters')
  }
}

/**
 * The query of a reading. It travels in a URL, which servers log: identity numbers and mail addresses are refused (UU 27/2022).
 *
 * @throws {@link CabutError} `transportPersonalDataInUrl`; `TypeError` for an empty query
 */
export function checkQuery(query: Readonly<Record<string, string | undefined>> | object): URLSearchParams {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query as Record<string, unknown>)) {
    if (value === undefined) continue
    if (typeof value !== 'string' || value === '') throw new TypeError(`${name} must be a text`)
    // A serial is hex and may hold long runs of digits; only free-text conditions can carry an identity number by mistake.
    if (name !== 'serial' && name !== 'idempotencyKey' && looksPersonal(value)) throw new CabutError('transportPersonalDataInUrl', { at: name })
    search.set(name, value)
  }
  if (search.size === 0) throw new TypeError('a query needs at least one condition')
  return search
}

/** A description of BSrE's may by chance be 16 digits, but `_Tanda Tangan ...` follows them. */
function looksPersonal(value: string): boolean {
  return /(?<!\d)(?:\d{16}|\d{18})(?![\d_])/.test(value) || /[^\s@=,]+@[^\s@=,]+\.[a-z]{2,}/i.test(value)
}
