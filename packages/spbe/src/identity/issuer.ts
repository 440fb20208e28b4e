import type { ClaimMapping } from './claims.js'

/** Signature algorithms a token may use. Asymmetric only: `none` and every HMAC are refused at construction, which rules out key confusion. */
export type SignatureAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA' | 'Ed25519'

const algorithms: readonly string[] = [
  'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519',
] satisfies readonly SignatureAlgorithm[]

/** What is accepted when an issuer names no algorithms: Keycloak signs with RS256, INApas with ES256. */
export const defaultAlgorithms: readonly SignatureAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']

/**
 * Somebody whose tokens are believed.
 *
 * - `oidc`: an identity provider (Keycloak, INApas, ...) that authenticated the person itself.
 * - `portal`: a portal with its own sessions and no identity provider. It signs a short token with its registered key that asserts person,
 *   role and office; every act is recorded as asserted by that portal.
 */
export interface TokenIssuer {
  /** @default 'oidc' */
  readonly kind?: 'oidc' | 'portal'
  /** Exact value of `iss`. */
  readonly issuer: string
  /** Accepted values of `aud`. A token for somebody else is refused. */
  readonly audience: string | readonly [string, ...string[]]
  /** Where the public keys are: an https address (http on loopback only), or the key set itself (RFC 7517). */
  readonly keys: { readonly url: string } | { readonly jwks: { readonly keys: readonly object[] } }
  /** @default RS256, PS256, ES256, EdDSA */
  readonly algorithms?: readonly [SignatureAlgorithm, ...SignatureAlgorithm[]]
  /** Tolerance between clocks, seconds, at most 300. @default 30 */
  readonly clockSkew?: number
  /** Longest age since `iat`, seconds. @default none for `oidc`, 300 for `portal` */
  readonly maxAge?: number
  readonly claims: ClaimMapping
}

/** Longest age of a token a portal signs for its own session, seconds. */
export const PORTAL_MAX_AGE = 300

/** Checks one issuer at construction. @throws TypeError for misuse */
export function checkIssuer(given: TokenIssuer): void {
  const at = `issuer ${JSON.stringify(given.issuer)}`
  if (typeof given.issuer !== 'string' || given.issuer === '') throw new TypeError('issuers[].issuer: the exact value of iss expected')
  const audience = typeof given.audience === 'string' ? [given.audience] : given.audience
  if (!Array.isArray(audience) || audience.length === 0 || audience.some((one) => typeof one !== 'string' || one === '')) {
    throw new TypeError(`${at}: audience must name at least one recipient`)
  }
  for (const algorithm of given.algorithms ?? defaultAlgorithms) {
    if (!algorithms.includes(algorithm)) throw new TypeError(`${at}: algorithm ${algorithm} is not accepted`)
  }
  if (given.algorithms?.length === (0 as number)) throw new TypeError(`${at}: algorithms is empty`)
  const skew = given.clockSkew ?? 0
  if (!Number.isFinite(skew) || skew < 0 || skew > 300) throw new TypeError(`${at}: clockSkew is 0 to 300 seconds`)
  if (given.maxAge !== undefined && !(Number.isFinite(given.maxAge) && given.maxAge > 0)) throw new TypeError(`${at}: maxAge is a positive number of seconds`)
  if (given.kind === 'portal' && (given.maxAge ?? 0) > PORTAL_MAX_AGE) throw new TypeError(`${at}: a portal's token lives at most ${PORTAL_MAX_AGE} seconds`)
  if ('url' in given.keys) keyAddress(given.keys.url)
  else if (!Array.isArray(given.keys.jwks?.keys) || given.keys.jwks.keys.length === 0) throw new TypeError(`${at}: jwks holds no key`)
}

/** The address of a key set: https, or http on this very machine. */
export function keyAddress(text: string): URL {
  const url = new URL(text)
  const loopback = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) throw new TypeError('keys.url: https expected (http on loopback only)')
  if (url.username !== '' || url.password !== '') throw new TypeError('keys.url: credentials do not belong into a URL')
  return url
}
