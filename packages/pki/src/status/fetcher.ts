import { defaultTransport } from '#transport'
import { addressKind } from './address.js'
import { concatBytes } from '../der/writer.js'
import type { AddressRefusedName, Transport, TransportResponse } from './transport.js'

/** A permission for fetching (RFC 5280 section 8 warns of addresses in certificates) that is dangerous enough to be imported by name. */
export interface FetchPermission {
  readonly permits: 'loopback'
}

/**
 * Lets the default fetcher connect to the own machine (RFC 1122 section 3.2.1.3 (g)): for a sandbox, never for certificates of strangers.
 *
 * @example
 * ```ts
 * const careful = await createEvidenceFetcher().get('http://127.0.0.1:9/ca.crl')
 * careful.outcome // 'refused'
 * // Nobody listens there.
 * const tried = await createEvidenceFetcher({ allow: [allowLoopback] }).get('http://127.0.0.1:9/ca.crl')
 * tried.outcome // 'failed'
 * ```
 */
export const allowLoopback: FetchPermission = { permits: 'loopback' }

/** What came of a request (RFC 9110). Nothing is thrown: an unreachable responder is an ordinary case. */
export type FetchOutcome =
  | { readonly outcome: 'fetched'; readonly bytes: Uint8Array }
  /** The rules forbid the address. */
  | { readonly outcome: 'refused'; readonly detail: string }
  | { readonly outcome: 'failed'; readonly detail: string; readonly status?: number }

/**
 * Fetches evidence: CRLs (RFC 5280 section 4.2.1.13) and OCSP answers (RFC 6960 Appendix A). Make one with {@link createEvidenceFetcher} and share it: it
 * holds the cache.
 */
export interface EvidenceFetcher {
  /** GET, from the cache while it is fresh (RFC 9111). */
  get(url: string): Promise<FetchOutcome>
  /** POST of an OCSP request (RFC 6960 Appendix A.1); `type` is the media type of the body. */
  post(url: string, body: Uint8Array, type: string): Promise<FetchOutcome>
}

/** Limits and rules of {@link createEvidenceFetcher} (RFC 5280 section 8: addresses in certificates lead anywhere). */
export interface EvidenceFetcherOptions {
  /** Used instead of the guarded default. Then only the URL and `allowHosts` are checked: where it connects is its own matter. */
  readonly fetch?: typeof globalThis.fetch
  /** Hosts (names, without port) that may be reached; they may then be private addresses of an intranet. @default any public host */
  readonly allowHosts?: readonly string[]
  /** Permissions imported by name, such as {@link allowLoopback}. @default [] */
  readonly allow?: readonly FetchPermission[]
  /** Largest accepted body, octets. @default 67108864 (64 MiB) */
  readonly maxBytes?: number
  /** For the whole exchange, milliseconds. @default 15000 */
  readonly timeout?: number
  /** Requests at the same time. @default 6 */
  readonly concurrency?: number
  /** Longest time an answer is used again without asking, seconds, whatever the server allows: a new revocation should show. @default 300 */
  readonly maxFresh?: number
  /** Octets kept in the cache. @default 134217728 (128 MiB) */
  readonly cacheBytes?: number
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number
}

interface Cached {
  readonly bytes: Uint8Array
  readonly etag?: string
  readonly lastModified?: string
  readonly freshUntil: number
}

const maxRedirects = 3

/**
 * A fetcher of CRLs and OCSP answers (RFC 5280 section 4.2.1.13, RFC 6960 Appendix A) with a cache (conditional requests, single flight) and caps. The default on Node connects
 * by itself and refuses private, loopback, link-local and metadata addresses at connection time; hosts of `allowHosts` may be private. No redirect to another host is followed.
 * Throws `TypeError` where the platform has no default (browsers) and no `fetch` is given, and for a limit that is no number from 0 (`concurrency`: from 1).
 *
 * @example
 * ```ts
 * const fetcher = createEvidenceFetcher({ fetch: network, allowHosts: ['sandbox.cabut.invalid'], timeout: 5000 })
 * const { outcome } = await fetcher.get('http://169.254.169.254/latest/meta-data/')
 * outcome // 'refused'
 * const { status } = await checkStatus(pem, { anchors: [rootPem], intermediates: [issuing], at, purposes: documentSigningPurposes, fetch: fetcher })
 * status // 'good'
 * ```
 */
export function createEvidenceFetcher(options: EvidenceFetcherOptions = {}): EvidenceFetcher {
  const transport = options.fetch === undefined ? defaultTransport : transportOver(options.fetch)
  if (transport === undefined) throw new TypeError('this platform has no default fetcher: pass `fetch`')
  // Every comparison with NaN is false: a limit of an unset environment variable would be none.
  for (const [name, least] of [['maxBytes', 0], ['timeout', 0], ['concurrency', 1], ['maxFresh', 0], ['cacheBytes', 0]] as const) {
    const value: unknown = options[name]
    if (value !== undefined && !(typeof value === 'number' && value >= least)) throw new TypeError(`\`${name}\` is a number from ${least}`)
  }
  return new GuardedFetcher(transport, options)
}

class GuardedFetcher implements EvidenceFetcher {
  readonly #transport: Transport
  readonly #options: EvidenceFetcherOptions
  readonly #cache = new Map<string, Cached>()
  readonly #inFlight = new Map<string, Promise<FetchOutcome>>()
  #cachedBytes = 0
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(transport: Transport, options: EvidenceFetcherOptions) {
    this.#transport = transport
    this.#options = options
  }

  get(url: string): Promise<FetchOutcome> {
    const cached = this.#cache.get(url)
    if (cached !== undefined && cached.freshUntil > this.#now()) return Promise.resolve({ outcome: 'fetched', bytes: cached.bytes })
    let flight = this.#inFlight.get(url)
    if (flight === undefined) {
      flight = this.#limited(() => this.#exchange(url, 'GET', cached)).finally(() => this.#inFlight.delete(url))
      this.#inFlight.set(url, flight)
    }
    return flight
  }

  post(url: string, body: Uint8Array, type: string): Promise<FetchOutcome> {
    return this.#limited(() => this.#exchange(url, 'POST', undefined, body, type))
  }

  #now(): number {
    return (this.#options.clock ?? Date.now)()
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= (this.#options.concurrency ?? 6)) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running++
    try {
      return await work()
    } finally {
      // The place goes to whoever waits longest; given back first, a newcomer could take it too.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }

  /** Ends at the time limit also when an injected fetch does not heed the signal. */
  #exchange(text: string, method: 'GET' | 'POST', cached?: Cached, body?: Uint8Array, type?: string): Promise<FetchOutcome> {
    const signal = AbortSignal.timeout(this.#options.timeout ?? 15_000)
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => resolve({ outcome: 'failed', detail: 'timeout' }), { once: true })
      this.#converse(signal, text, method, cached, body, type).then(resolve, reject)
    })
  }

  async #converse(signal: AbortSignal, text: string, method: 'GET' | 'POST', cached?: Cached, body?: Uint8Array, type?: string): Promise<FetchOutcome> {
    try {
      let url = new URL(text)
      for (let redirects = 0; redirects <= maxRedirects; redirects++) {
        const refusal = this.#whyRefused(url)
        if (refusal !== undefined) return { outcome: 'refused', detail: refusal }
        const response = await this.#transport({
          url, method, signal, mayConnect: (address) => this.#mayConnect(address), ...(body && { body }),
          headers: {
            accept: '*/*', 'accept-encoding': 'identity', ...(type !== undefined && { 'content-type': type }),
            ...(cached?.etag !== undefined && { 'if-none-match': cached.etag }), ...(cached?.lastModified !== undefined && { 'if-modified-since': cached.lastModified }),
          },
        })
        const location = response.status >= 300 && response.status < 400 && response.status !== 304 ? response.header('location') : undefined
        if (location === undefined) return await this.#receive(text, method, response, cached)
        await discard(response)
        const target = new URL(location, url)
        if (method === 'POST') return { outcome: 'refused', detail: 'redirect of a POST' }
        if (target.host !== url.host || (url.protocol === 'https:' && target.protocol !== 'https:')) return { outcome: 'refused', detail: 'redirect to another host' }
        url = target
      }
      return { outcome: 'failed', detail: 'too many redirects' }
    } catch (error) {
      return asOutcome(error)
    }
  }

  async #receive(key: string, method: 'GET' | 'POST', response: TransportResponse, cached: Cached | undefined): Promise<FetchOutcome> {
    if (response.status === 304 && cached !== undefined) {
      await discard(response)
      this.#keep(key, { ...cached, freshUntil: this.#freshUntil(response) })
      return { outcome: 'fetched', bytes: cached.bytes }
    }
    if (response.status !== 200) {
      await discard(response)
      return { outcome: 'failed', detail: `HTTP ${response.status}`, status: response.status }
    }
    const encoding = response.header('content-encoding')
    if (encoding !== undefined && encoding !== 'identity' && encoding !== '') {
      await discard(response)
      return { outcome: 'failed', detail: 'content-encoding' }
    }
    const bytes = await readBody(response, this.#options.maxBytes ?? 67_108_864)
    if (bytes === undefined) return { outcome: 'failed', detail: 'body too large' }
    if (method === 'GET') {
      const etag = response.header('etag')
      const lastModified = response.header('last-modified')
      this.#keep(key, { bytes, freshUntil: this.#freshUntil(response), ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) })
    }
    return { outcome: 'fetched', bytes }
  }

  /** RFC 9111 section 4.2.1: max-age before Expires; never longer than `maxFresh`. */
  #freshUntil(response: TransportResponse): number {
    const now = this.#now()
    const control = response.header('cache-control') ?? ''
    if (/\bno-(?:store|cache)\b/i.test(control)) return now
    const age = /\bmax-age=(\d{1,9})\b/i.exec(control)?.[1]
    const expires = Date.parse(response.header('expires') ?? '')
    const seconds = age !== undefined ? Number(age) : Number.isNaN(expires) ? 0 : (expires - now) / 1000
    return now + Math.max(0, Math.min(seconds, this.#options.maxFresh ?? 300)) * 1000
  }

  #keep(key: string, entry: Cached): void {
    const limit = this.#options.cacheBytes ?? 134_217_728
    const old = this.#cache.get(key)
    if (old !== undefined) this.#cachedBytes -= old.bytes.length
    this.#cache.delete(key)
    if (entry.bytes.length > limit) return
    this.#cache.set(key, entry)
    this.#cachedBytes += entry.bytes.length
    // Oldest first: a Map keeps the order of insertion.
    for (const [oldest, { bytes }] of this.#cache) {
      if (this.#cachedBytes <= limit) break
      this.#cache.delete(oldest)
      this.#cachedBytes -= bytes.length
    }
  }

  #whyRefused(url: URL): string | undefined {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'neither http nor https'
    if (url.username !== '' || url.password !== '') return 'credentials in the address'
    const { allowHosts } = this.#options
    if (allowHosts !== undefined && !allowHosts.some((host) => host.toLowerCase() === url.hostname)) return 'host not on the list'
    // A literal address is never looked up, so it is judged here; "localhost" is loopback whatever it resolves to.
    if (addressKind(url.hostname) !== undefined && !this.#mayConnect(url.hostname)) return 'address not permitted'
    if (/(?:^|\.)localhost\.?$/.test(url.hostname) && !this.#permitsLoopback()) return 'address not permitted'
    return undefined
  }

  #permitsLoopback(): boolean {
    return this.#options.allow?.some(({ permits }) => permits === 'loopback') ?? false
  }

  #mayConnect(address: string): boolean {
    switch (addressKind(address)) {
      case 'public': return true
      // Whoever puts a host on the list means it, also inside the intranet.
      case 'private': return this.#options.allowHosts !== undefined
      case 'loopback': return this.#permitsLoopback()
      default: return false
    }
  }
}

function asOutcome(error: unknown): FetchOutcome {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause.name === ('AddressRefused' satisfies AddressRefusedName)) return { outcome: 'refused', detail: 'address not permitted' }
    if (cause.name === 'TimeoutError' || cause.name === 'AbortError') return { outcome: 'failed', detail: 'timeout' }
    const code = (cause as { code?: unknown }).code
    if (typeof code === 'string') return { outcome: 'failed', detail: code }
  }
  return { outcome: 'failed', detail: error instanceof TypeError ? 'network or address' : 'network' }
}

async function readBody(response: TransportResponse, limit: number): Promise<Uint8Array | undefined> {
  const announced = Number(response.header('content-length') ?? Number.NaN)
  if (announced > limit) {
    await discard(response)
    return undefined
  }
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of response.body) {
    size += piece.length
    if (size > limit) return undefined
    pieces.push(piece)
  }
  return concatBytes(pieces)
}

/** Ends a body that is not wanted: leaving the loop closes it. */
async function discard(response: TransportResponse): Promise<void> {
  for await (const _piece of response.body) break
}

function transportOver(inject: typeof globalThis.fetch): Transport {
  return async ({ url, method, headers, body, signal }) => {
    const response = await inject(url.href, { method, headers: { ...headers }, signal, redirect: 'manual', ...(body && { body: body as BodyInit }) })
    return { status: response.status, header: (name) => response.headers.get(name) ?? undefined, body: bodyOf(response) }
  }
}

async function* bodyOf(response: Response): AsyncIterable<Uint8Array> {
  if (response.body === null) return
  const reader = response.body.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    reader.cancel().catch(() => undefined)
  }
}
