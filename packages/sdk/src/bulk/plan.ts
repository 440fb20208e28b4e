import { CabutError } from '../errors.js'
import { linesOf } from './row.js'
import type { RowVerdict } from './verdict.js'

/**
 * One checked row as a line of JSON. What was checked is what is filed: an interrupted run goes on with this plan, so that a person is not
 * looked up again and, by then, found with another certificate. Holds personal data: keep it where the list is kept.
 *
 * @example
 * ```ts
 * planLine({ row: 3, finding: 'duplicate', detail: 'row 1' }) // '{"row":3,"finding":"duplicate","detail":"row 1"}\n'
 * ```
 */
export function planLine(verdict: RowVerdict): string {
  return `${JSON.stringify(verdict, (_key, value: unknown) => (value instanceof Uint8Array ? { base64: base64(value) } : typeof value === 'bigint' ? { decimal: value.toString() } : value))}\n`
}

/**
 * Reads a plan as it arrives.
 *
 * @param text - in pieces that may end anywhere, also inside a line
 * @throws {@link CabutError} `bulkUnreadable`: a line is not one of a plan; `at` names it
 * @example
 * ```ts
 * const line = planLine({ row: 3, finding: 'duplicate', detail: 'row 1' })
 * await all(readPlan(pieces(line.slice(0, 9), line.slice(9)))) // [{ row: 3, finding: 'duplicate', detail: 'row 1' }]
 * await all(readPlan(pieces(line.slice(0, 9)))) // throws bulkUnreadable
 * ```
 */
export async function* readPlan(text: AsyncIterable<string>): AsyncGenerator<RowVerdict> {
  let line = 0
  for await (const one of linesOf(text)) {
    line += 1
    if (one === '') continue
    let verdict: unknown
    try {
      verdict = JSON.parse(one, (_key, value: unknown) => (isBytes(value) ? Uint8Array.from(atob(value.base64), (character) => character.charCodeAt(0)) : value))
    } catch (error) {
      throw new CabutError('bulkUnreadable', { at: `plan[${line}]`, detail: 'the plan is damaged; check the list again', cause: error })
    }
    yield verdict as RowVerdict
  }
}

function isBytes(value: unknown): value is { readonly base64: string } {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 1 && 'base64' in value && typeof value.base64 === 'string'
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(binary)
}
