import { CabutError } from '../errors.js'

/**
 * Permits plain `http:` to a host that is not loopback. Import it by name and pass it in `allow`: credentials and letters then
 * travel readable. An e-Sign server inside the office network is the one known use.
 *
 * @example
 * ```ts
 * const options = { baseUrl: 'http://ams.contoh.go.id', credential: bearer('token') }
 * createHttpAms(options) // throws transportPlainHttp
 * createHttpAms({ ...options, allow: [allowPlainHttp] }).kind // 'http'
 * ```
 */
export const allowPlainHttp: unique symbol = Symbol('allowPlainHttp')

/** Dangerous variants, each imported by name. */
export type TransportAllowance = typeof allowPlainHttp

/**
 * Checks a configured base address once, at construction. There is no default host.
 *
 * @throws {@link CabutError} `transportBaseUrl` (not absolute, another scheme, user info, query or fragment), `transportPlainHttp`
 */
export function readBaseUrl(value: string | URL, allow: readonly TransportAllowance[] = []): string {
  const bad = (detail: string): CabutError => new CabutError('transportBaseUrl', { at: 'baseUrl', detail })
  if (typeof value !== 'string' && !(value instanceof URL)) throw bad('missing: there is no default host')
  let url: URL
  try {
    url = new URL(value)
  } catch {
    throw bad('not an absolute URL')
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw bad('neither https nor http')
  if (url.username !== '' || url.password !== '') throw bad('credentials do not belong into a URL')
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(url.href)) throw bad('a query or fragment does not belong here')
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allow.includes(allowPlainHttp)) throw new CabutError('transportPlainHttp', { at: 'baseUrl' })
  return url.href.replace(/\/+$/, '')
}

/** The host is this machine by name or number (RFC 6761 6.3, RFC 5735, RFC 4291). */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
}
