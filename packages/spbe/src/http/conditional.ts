import { HttpProblem } from '../problem/problem.js'

/** Strong validator of a request's version (RFC 9110 8.8.3). */
export function entityTag(version: number): string {
  return `"${version}"`
}

/** What a client must know to go on: where the request stands now. */
export interface Standing {
  readonly version: number
  readonly status: string
  readonly statusLabel: string
}

/**
 * Checks `If-Match` (RFC 9110 13.1.1) against the version as it is. Required: who decides says what they saw.
 *
 * @throws HttpProblem `spbePreconditionRequired`, `spbePreconditionFailed` with the present standing and its ETag
 */
export function checkIfMatch(header: string | null, now: Standing): void {
  if (header === null || header.trim() === '') throw new HttpProblem('spbePreconditionRequired', standing(now))
  if (header.trim() === '*') return
  const given = header.slice(0, 1_000).split(',').map((tag) => tag.trim())
  // Weak tags never match here (strong comparison).
  if (!given.includes(entityTag(now.version))) throw new HttpProblem('spbePreconditionFailed', standing(now))
}

/** Members and headers that tell the present standing: `status`, `version`, ETag. */
export function standing(now: Standing): { readonly members: Record<string, unknown>; readonly headers: Record<string, string> } {
  return {
    members: { current: { version: now.version, status: now.status, statusLabel: now.statusLabel } },
    headers: { ETag: entityTag(now.version) },
  }
}
