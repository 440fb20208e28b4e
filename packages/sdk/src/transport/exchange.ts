import ky, { HTTPError } from 'ky'
import { readCapped } from './body.js'
import { certainlyNotSent } from './not-sent.js'
import { retryAfterMs } from './retry-after.js'

/** Settings of one client. */
export interface ExchangeSettings {
  readonly fetch: typeof fetch
  /** Milliseconds for a whole exchange: waiting, retries and body. */
  readonly timeoutMs: number
  /** Octets an answer may have. */
  readonly answerLimit: number
  /** Repetitions of a repeatable request. */
  readonly retries: number
}

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST'
  /** Absolute. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | FormData
  /** Repeating it changes nothing (a reading, an upload by content). A request that is not repeatable is sent once. */
  readonly repeatable: boolean
  readonly signal?: AbortSignal
  /** Overrides {@link ExchangeSettings.timeoutMs}. */
  readonly timeoutMs?: number
}

/** What came back, or why nothing usable did. `sent: false` only where the request certainly never reached the peer. */
export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly body: Uint8Array; readonly retryAfterMs?: number }
  | { readonly kind: 'failure'; readonly failure: 'network' | 'timeout' | 'aborted' | 'tooLarge' | 'redirect'; readonly sent: boolean; readonly detail: string; readonly status?: number }

const REPEATABLE_STATUS = [408, 429, 502, 503, 504]

/**
 * One HTTP exchange over an injected `fetch`. Never follows a redirect (credentials would travel along), reads at most
 * `answerLimit` octets, repeats only repeatable requests and only while `Retry-After` fits into the time left.
 */
export async function exchange(settings: ExchangeSettings, request: ExchangeRequest): Promise<Exchange> {
  if (request.signal?.aborted === true) return { kind: 'failure', failure: 'aborted', sent: false, detail: 'the call was aborted before it was sent' }
  const timeoutMs = request.timeoutMs ?? settings.timeoutMs
  const deadline = Date.now() + timeoutMs
  const controller = new AbortController()
  const outcome = withResolvers<Exchange>()
  const stop = (failure: 'timeout' | 'aborted', detail: string): void => {
    // Settled before the abort: an injected fetch that ignores its signal must not keep the caller waiting.
    outcome.resolve({ kind: 'failure', failure, sent: true, detail })
    controller.abort()
  }
  const timer = setTimeout(() => stop('timeout', `no complete answer within ${timeoutMs} ms`), timeoutMs)
  const onAbort = (): void => stop('aborted', 'the call was aborted after it was sent')
  request.signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([outcome.promise, send(settings, request, controller.signal, deadline)])
  } finally {
    clearTimeout(timer)
    request.signal?.removeEventListener('abort', onAbort)
  }
}

async function send(settings: ExchangeSettings, request: ExchangeRequest, signal: AbortSignal, deadline: number): Promise<Exchange> {
  let response: Response
  try {
    response = await ky(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body as BodyInit }),
      fetch: settings.fetch,
      signal,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      timeout: false,
      throwHttpErrors: (status) => request.repeatable && REPEATABLE_STATUS.includes(status),
      retry: {
        limit: request.repeatable ? settings.retries : 0,
        methods: request.repeatable ? ['get', 'post'] : [],
        statusCodes: REPEATABLE_STATUS,
        afterStatusCodes: [429, 503],
        backoffLimit: 2_000,
        jitter: true,
        shouldRetry: ({ error }) => {
          if (signal.aborted) return false
          if (!(error instanceof HTTPError)) return undefined
          const wait = retryAfterMs(error.response.headers, Date.now())
          // Shortening what the peer asked for would be rude, waiting past the deadline useless: then it is surfaced.
          return wait !== undefined && Date.now() + wait >= deadline ? false : undefined
        },
      },
    })
  } catch (error) {
    if (!(error instanceof HTTPError)) return networkFailure(error)
    response = error.response
  }
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel().catch(() => undefined)
    // 307 and 308 ask for the same request elsewhere (RFC 9110 15.4.8): it was not carried out here.
    const sent = response.status !== 307 && response.status !== 308
    return { kind: 'failure', failure: 'redirect', sent, detail: redirectDetail(request.url, response), status: response.status }
  }
  let body: Uint8Array | undefined
  try {
    body = await readCapped(response, settings.answerLimit)
  } catch (error) {
    return { kind: 'failure', failure: 'network', sent: true, detail: `the answer broke off (${nameOf(error)})`, status: response.status }
  }
  if (body === undefined) return { kind: 'failure', failure: 'tooLarge', sent: true, detail: `the answer exceeds ${settings.answerLimit} octets`, status: response.status }
  const wait = retryAfterMs(response.headers, Date.now())
  return { kind: 'answer', status: response.status, headers: response.headers, body, ...(wait === undefined ? {} : { retryAfterMs: wait }) }
}

function networkFailure(error: unknown): Exchange {
  const sent = !certainlyNotSent(error)
  return { kind: 'failure', failure: 'network', sent, detail: sent ? `the connection failed (${nameOf(error)})` : `no connection (${nameOf(error)})` }
}

/** A code such as ECONNRESET, else the class; a message could carry the URL. */
function nameOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const code: unknown = (cause as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : cause instanceof Error ? cause.name : 'unknown'
}

function redirectDetail(from: string, response: Response): string {
  const location = response.headers.get('location')
  if (location === null) return 'redirected'
  try {
    const to = new URL(location, from)
    return to.host === new URL(from).host ? 'redirected within the same host' : `redirected to another host (${to.host})`
  } catch {
    return 'redirected to something that is no URL'
  }
}

/** Promise.withResolvers is not in Node 20. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
