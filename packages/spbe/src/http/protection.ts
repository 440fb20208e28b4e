import { HttpProblem } from '../problem/problem.js'

/** Headers of every answer: it is data, never a page, a script or a frame, and nobody keeps it. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-site',
  'Strict-Transport-Security': 'max-age=31536000',
  'Cache-Control': 'no-store',
}

/** Which pages of other origins may call: a list, never a wildcard, because tokens travel. */
export interface CorsOptions {
  /** Exact origins such as `https://portal.contoh.go.id`. */
  readonly origins: readonly string[]
}

const METHODS = 'GET, POST'
const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-Match, Accept-Language, Cabut-Role, Last-Event-ID'
const EXPOSED = 'ETag, Location, Retry-After, Content-Disposition, Idempotent-Replayed'

/** Checks the list at construction. @throws TypeError for misuse */
export function checkCors(cors: CorsOptions | undefined): void {
  for (const origin of cors?.origins ?? []) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) throw new TypeError('cors.origins: exact origins expected, such as https://portal.contoh.go.id')
  }
}

/** CORS headers for a request; empty for an origin that is not listed, so that its browser keeps the answer to itself. */
export function corsHeaders(request: Request, cors: CorsOptions | undefined): Readonly<Record<string, string>> {
  if (cors === undefined) return {}
  const origin = request.headers.get('origin')
  if (origin === null || !cors.origins.includes(origin)) return { Vary: 'Origin' }
  const preflight = request.method === 'OPTIONS'
    ? { 'Access-Control-Allow-Methods': METHODS, 'Access-Control-Allow-Headers': REQUEST_HEADERS, 'Access-Control-Max-Age': '600' }
    : { 'Access-Control-Expose-Headers': EXPOSED }
  return { Vary: 'Origin', 'Access-Control-Allow-Origin': origin, ...preflight }
}

/** How often one person may call. */
export interface RateLimit {
  readonly requests: number
  /** Milliseconds. */
  readonly per: number
}

/** People remembered at most; the ones not seen for longest are forgotten first. */
const REMEMBERED = 10_000

/**
 * A token bucket per person in this process: smooth, and the memory is bounded. Several processes each grant the limit.
 *
 * @returns a check that throws `spbeTooManyRequests` with Retry-After
 */
export function createRateLimiter(limit: RateLimit, now: () => number): (key: string) => void {
  if (!(limit.requests >= 1) || !(limit.per > 0)) throw new TypeError('rateLimit: requests >= 1 and per > 0 expected')
  const buckets = new Map<string, { level: number; at: number }>()
  const refill = limit.requests / limit.per
  return (key) => {
    const time = now()
    const known = buckets.get(key)
    buckets.delete(key)
    const level = Math.min(limit.requests, known === undefined ? limit.requests : known.level + Math.max(0, time - known.at) * refill)
    buckets.set(key, { level: level < 1 ? level : level - 1, at: time })
    if (buckets.size > REMEMBERED) buckets.delete(buckets.keys().next().value as string)
    if (level < 1) {
      throw new HttpProblem('spbeTooManyRequests', { headers: { 'Retry-After': String(Math.max(1, Math.ceil((1 - level) / refill / 1_000))) } })
    }
  }
}
