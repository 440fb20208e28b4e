import type { Language } from './language.js'

/** Gives the bearer token for the next call; `undefined`: the page's own session cookie speaks. */
export type Authorize = () => Promise<string | undefined>

/** A refusal as the interface words it (RFC 9457). */
export interface Problem {
  readonly status: number
  readonly title: string
  readonly detail?: string
  readonly issues?: readonly { readonly message?: string }[]
}

/** The interface of a portal (`@cabut/spbe`) as a component talks to it. */
export interface Connection {
  readonly endpoint: string
  readonly language: Language
  readonly authorize: Authorize
}

/**
 * One call. The token is asked for each time: it is short-lived, and never kept by the component.
 *
 * @throws TypeError when the network fails
 */
export async function call({ endpoint, language, authorize }: Connection, path: string, init: RequestInit = {}): Promise<Response> {
  const token = await authorize()
  const headers = new Headers(init.headers)
  headers.set('accept-language', language)
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  return fetch(`${endpoint.replace(/\/$/, '')}/v1${path}`, { ...init, headers, credentials: token === undefined ? 'same-origin' : 'omit' })
}

/** What went wrong, whatever the server sent. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => undefined) as Partial<Problem> | undefined
  return { ...body, status: response.status, title: typeof body?.title === 'string' ? body.title : `HTTP ${response.status}` }
}

/** Asks the host page for a one-case token: `{"token": "..."}` from an address of its own. */
export function tokenFrom(source: string): Authorize {
  return async () => {
    const response = await fetch(source, { credentials: 'same-origin', headers: { accept: 'application/json' }, cache: 'no-store' })
    const { token } = await response.json() as { token?: unknown }
    return response.ok && typeof token === 'string' ? token : undefined
  }
}

/** Messages of an event stream (WHATWG HTML 9.2.6), as far as the interface uses it. */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<{ readonly event: string; readonly data: string }> {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    rest += value
    // Longer than any message of ours: no event stream of this interface.
    if (rest.length > 65_536) throw new RangeError('event too long')
    const blocks = rest.split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const field = (name: string): string => block.split(/\r?\n/).filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).replace(/^ /, '')).join('\n')
      yield { event: field('event') || (block.startsWith(':') || field('data') === '' ? 'alive' : 'message'), data: field('data') }
    }
  }
}
