import {
  checkCredentials,
  credentialHeaders,
  exchange,
  parseJson,
  readBaseUrl,
  type Credential,
  type CredentialHolder,
  type Exchange,
  type TransportAllowance,
} from '../transport/index.js'
import { guardText } from './guard-text.js'
import type { LaporFollowup, LaporOutcome, LaporPort, LaporReading } from './lapor.js'

/** How to reach SP4N-LAPOR through an SPLP gateway. */
export interface HttpLaporOptions {
  /** Absolute address up to the version, such as `https://<gateway>/t/<tenant>/lapor/3.0.0`. There is no default. */
  readonly baseUrl: string | URL
  /** The gateway's credential and LAPOR's own two headers, stacked. */
  readonly credential: readonly Credential[]
  /** @default the global `fetch` at the time of each call */
  readonly fetch?: typeof fetch
  /** Milliseconds for one exchange with its retries. @default 30000 */
  readonly timeoutMs?: number
  readonly allow?: readonly TransportAllowance[]
}

/**
 * LAPOR's own headers behind the gateway: `auth` and `token`; a function is asked at each call. The gateway's own credential comes before them.
 *
 * @example
 * ```ts
 * laporCredentials('auth-of-the-office', async () => 'token-of-today').map(({ header }) => header) // ['auth', 'token']
 * ```
 */
export function laporCredentials(
  auth: string | (() => string | Promise<string>),
  token: string | (() => string | Promise<string>),
): readonly Credential[] {
  const value = (source: typeof auth) => (): string | Promise<string> => (typeof source === 'string' ? source : source())
  return [
    { header: 'auth', value: value(auth) },
    { header: 'token', value: value(token) },
  ]
}

/** Pages read of one ticket's answers. */
const pageLimit = 50

/**
 * SP4N-LAPOR over SPLP (`lapor/3.0.0`). Writes are sent once; one that brought no usable answer is `unknown`. Arrays travel as strings.
 * The guard runs again here, so that no caller can forget it.
 *
 * @throws CabutError at construction: `transportBaseUrl`, `transportPlainHttp`
 * @example
 * ```ts
 * const { manage: { splp, lapor: peer }, fetch } = await openSandbox()
 * const credential = [splpApiKey(splp.key('lapor')), ...laporCredentials(peer.auth, peer.token)]
 * const lapor = createHttpLapor({ baseUrl: splp.url('lapor'), credential, fetch, allow: [allowPlainHttp] })
 * const outcome = await lapor.send(toLapor(complaint, '1102').lapor, tegar)
 * outcome.outcome // 'accepted'
 * createHttpLapor({ baseUrl: 'http://splp.example/t/dinkominfo/lapor/3.0.0', credential }) // throws transportPlainHttp
 * ```
 */
export function createHttpLapor(options: HttpLaporOptions): LaporPort {
  const baseUrl = readBaseUrl(options.baseUrl, options.allow)
  const credentials = checkCredentials(options.credential)

  async function call(
    method: 'GET' | 'POST',
    path: string,
    as: CredentialHolder,
    fields?: Readonly<Record<string, string>>,
  ): Promise<Exchange | undefined> {
    const proofs = await credentialHeaders(credentials, as)
    if (proofs === undefined) return undefined
    const body = fields === undefined ? {} : { body: new URLSearchParams(fields).toString() }
    const type = fields === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    const settings = {
      fetch: options.fetch ?? globalThis.fetch,
      timeoutMs: options.timeoutMs ?? 30_000,
      answerLimit: 1_048_576,
      retries: method === 'GET' ? 2 : 0,
    }
    return exchange(settings, {
      method,
      url: `${baseUrl}${path}`,
      headers: { accept: 'application/json', ...type, ...proofs },
      repeatable: method === 'GET',
      ...body,
    })
  }

  async function write(
    path: string,
    as: CredentialHolder,
    fields: Readonly<Record<string, string>>,
    ticketOf: (data: Record<string, unknown>) => string | undefined,
  ): Promise<LaporOutcome> {
    const answer = await call('POST', path, as, fields)
    if (answer === undefined) return { outcome: 'refused', status: 401, message: 'no usable credential' }
    if (answer.kind === 'failure')
      return answer.sent ? { outcome: 'unknown', detail: answer.detail } : { outcome: 'refused', status: 0, message: answer.detail }
    const body = objectOf(answer.body)
    if (answer.status >= 500 || body === undefined) return { outcome: 'unknown', detail: `answer ${answer.status} without a usable body` }
    if (answer.status >= 400 || body['status'] === false)
      return { outcome: 'refused', status: answer.status, message: guardText(textOf(body['message'])).text.slice(0, 300) }
    const ticket = ticketOf(body)
    return ticket === undefined ? { outcome: 'unknown', detail: 'accepted without a tracking number' } : { outcome: 'accepted', ticket }
  }

  async function read<T>(path: string, as: CredentialHolder, valueOf: (body: Record<string, unknown>) => T): Promise<LaporReading<T>> {
    const answer = await call('GET', path, as)
    if (answer === undefined) return { outcome: 'unavailable', detail: 'no usable credential' }
    const body = answer.kind === 'answer' && answer.status < 400 ? objectOf(answer.body) : undefined
    if (body === undefined) return { outcome: 'unavailable', detail: answer.kind === 'answer' ? `answer ${answer.status}` : answer.detail }
    return { outcome: 'read', value: valueOf(body) }
  }

  return {
    send: (complaint, as) =>
      write(
        '/complaints/complaint',
        as,
        {
          title: guardText(complaint.title).text,
          content: guardText(complaint.content).text,
          institution_id: complaint.institutionId,
          classification: complaint.classification,
          is_anonymous: complaint.anonymous ? '1' : '0',
          is_secret: complaint.secret ? '1' : '0',
          attachments: JSON.stringify([]),
          tags: JSON.stringify(['sertifikat elektronik']),
        },
        ({ data }) => ticketText((data as Record<string, unknown> | undefined)?.['tracking_id']),
      ),

    async followups(ticket, as) {
      const items: LaporFollowup[] = []
      let status = ''
      for (let page = 1; page <= pageLimit; page += 1) {
        const part = await read(`/complaints/${encodeURIComponent(ticket)}/followups?page=${page}`, as, (body) => body)
        if (part.outcome !== 'read') return part
        const {
          data,
          meta,
          complaint_status: told,
        } = part.value as { data?: unknown; meta?: { last_page?: unknown }; complaint_status?: unknown }
        status = textOf(told)
        for (const item of Array.isArray(data) ? (data as Record<string, unknown>[]) : [])
          items.push({ at: textOf(item['created_at']), by: textOf(item['institution_name']), content: textOf(item['content']) })
        if (page >= Number(meta?.last_page ?? 1)) break
      }
      return { outcome: 'read', value: { status, items } }
    },

    reject: (ticket, reason, as) =>
      write(`/complaints/process/${encodeURIComponent(ticket)}/reject`, as, { reason: guardText(reason).text }, () => ticket),

    institutions: (as) =>
      read('/masters/institutions/external', as, ({ data }) =>
        (Array.isArray(data) ? (data as Record<string, unknown>[]) : []).map((one) => ({
          id: textOf(one['id']),
          name: textOf(one['name']),
        })),
      ),
  }
}

function objectOf(body: Uint8Array): Record<string, unknown> | undefined {
  const parsed = parseJson(body)
  const value = 'json' in parsed ? parsed.json : undefined
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function ticketText(value: unknown): string | undefined {
  const text = textOf(value)
  return /^[A-Za-z0-9-]{1,40}$/.test(text) ? text : undefined
}
