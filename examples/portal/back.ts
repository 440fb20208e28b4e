import { interfacePath, type Office } from './office.js'
import type { Session } from './session.js'

/** What went wrong, as the HTTP interface says it (RFC 9457). */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail?: string
  readonly issues?: readonly { readonly at?: string; readonly message?: string }[]
  readonly current?: { readonly statusLabel?: string }
  readonly refusal?: { readonly code?: string; readonly message?: string }
  readonly [member: string]: unknown
}

/** An answer of the interface. */
export type Answer<T> =
  | { readonly ok: true; readonly status: number; readonly value: T; readonly etag: string | null; readonly response: Response }
  | { readonly ok: false; readonly status: number; readonly problem: Problem }

/** A request as the interface shows it; only what the pages read. */
export interface RequestJson {
  readonly id: string
  readonly register?: string
  readonly version: number
  readonly status: string
  readonly statusLabel: string
  readonly statusReason?: string
  readonly since: string
  readonly kind: 'revocation' | 'suspension'
  readonly reason: string
  readonly expedited: boolean
  readonly effectiveDate?: string
  readonly certificate: { readonly issuerDn?: string; readonly serial?: string; readonly sha256?: string; readonly notBefore?: string; readonly notAfter?: string }
  readonly parties: { readonly applicant: { readonly id: string; readonly opd?: string }; readonly holder: { readonly id?: string }; readonly opdOrigin: string }
  readonly letters: readonly { readonly kind: string; readonly sha256: string; readonly size: number; readonly number?: string; readonly date?: string }[]
  readonly disposition?: { readonly by: string; readonly to: string; readonly at: string; readonly read: boolean }
  readonly findings?: { readonly data: string; readonly completeness: string; readonly subjectDn: string; readonly by: string; readonly at: string }
  readonly approval?: { readonly by: string; readonly at: string; readonly emergency: boolean }
  readonly ams: { readonly recordId?: string; readonly recordStatus?: string; readonly revokedAt?: string }
  readonly evidence: readonly string[]
  readonly proof?: {
    readonly source: 'crl' | 'ocsp'; readonly sha256: string; readonly thisUpdate: string; readonly nextUpdate?: string; readonly producedAt?: string
    readonly crlNumber?: string; readonly revocationDate: string; readonly reason?: string; readonly anchorSha256: string; readonly seenAt: string
  }
  readonly clock: {
    readonly state: 'notStarted' | 'running' | 'paused' | 'stopped'; readonly startedAt?: string; readonly stoppedAt?: string; readonly elapsedMinutes: number
    readonly dueAt?: string; readonly provisional: boolean; readonly breached: boolean; readonly warned: boolean
    readonly timeToProof?: { readonly from: string; readonly until?: string; readonly minutes: number }
  }
  readonly filedAt: string
  readonly allowed: readonly { readonly command: string; readonly roles: readonly string[]; readonly persons?: readonly string[] }[]
  readonly warnings: readonly { readonly at: string; readonly code: string; readonly message: string }[]
}

/** What a call sends. */
export interface Send {
  readonly json?: unknown
  readonly form?: FormData
  /** Version the person saw. */
  readonly version?: string
  /** Makes a repeated form harmless. */
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Calls the HTTP interface in this process, as the logged-in person: the pages hold no right of their own, and see what that person may see.
 */
export async function ask<T>(office: Office, session: Pick<Session, 'person' | 'role'>, path: string, send?: Send): Promise<Answer<T>> {
  const response = await forward(office, session, path, send)
  if (!response.ok) return { ok: false, status: response.status, problem: await response.json() as Problem }
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return { ok: true, status: response.status, value: (isJson ? await response.json() : undefined) as T, etag: response.headers.get('etag'), response }
}

/** The same, with the bare response: downloads and streams. */
export async function forward(office: Office, session: Pick<Session, 'person' | 'role'>, path: string, send?: Send, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { authorization: `Bearer ${await office.asserts(session.person, session.role)}`, 'accept-language': 'id', ...send?.headers }
  const writes = send?.json !== undefined || send?.form !== undefined
  if (writes) headers['idempotency-key'] = send?.key ?? crypto.randomUUID()
  if (send?.version !== undefined) headers['if-match'] = `"${send.version}"`
  if (send?.json !== undefined) headers['content-type'] = 'application/json'
  return office.handler.fetch(new Request(`http://portal.local${interfacePath}/v1${path}`, {
    method: writes ? 'POST' : 'GET', headers, ...(signal === undefined ? {} : { signal }),
    ...(send?.form !== undefined ? { body: send.form } : send?.json !== undefined ? { body: JSON.stringify(send.json) } : {}),
  }))
}
