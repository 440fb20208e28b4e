import { CabutError } from '@cabut/sdk'
import type { RoleName } from '@cabut/sdk/standard'
import { readBytes } from '../upload/body.js'
import { checkMapping, readPerson, type ClaimMapping } from './claims.js'
import { keyAddress } from './issuer.js'
import type { Principal } from './verify.js'

/** A plain OAuth 2.0 server whose tokens are opaque: it is asked about each one (RFC 7662). */
export interface Introspection {
  /** Name of the server in the audit trail; what it says as `iss`, where it says any, must equal it. */
  readonly issuer: string
  /** Introspection endpoint: https, or http on loopback. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** Accepted values of `aud`. Absent only for servers that name none: then any token of theirs opens this door. */
  readonly audience?: string
  /** Scope the token must hold, such as `cabut`. */
  readonly scope?: string
  readonly claims: ClaimMapping
  /** How long an answer is believed, seconds, at most 300: so long a token outlives its revocation. @default 30 */
  readonly cache?: number
  /** Tolerance between clocks, seconds, at most 300. @default 30 */
  readonly clockSkew?: number
}

/** Form of a bearer token (RFC 6750 2.1), bounded. */
const TOKEN = /^[A-Za-z0-9._~+/-]{16,4096}=*$/
const REMEMBERED = 10_000
const ANSWER_LIMIT = 65_536

/** @throws TypeError for misuse */
export function createIntrospector(
  given: Introspection, settings: { readonly roles: readonly RoleName[]; readonly now: () => Date; readonly fetch: typeof globalThis.fetch },
): (token: string) => Promise<Principal> {
  const url = keyAddress(given.url)
  checkMapping(given.claims, settings.roles)
  if (given.issuer === '' || given.clientId === '' || given.clientSecret === '') throw new TypeError('introspection: issuer, clientId and clientSecret expected')
  const cache = given.cache ?? 30
  const skew = given.clockSkew ?? 30
  if (!(cache >= 0 && cache <= 300) || !(skew >= 0 && skew <= 300)) throw new TypeError('introspection: cache and clockSkew are 0 to 300 seconds')
  const form = (text: string): string => encodeURIComponent(text).replace(/%20/g, '+')
  const authorization = `Basic ${btoa(`${form(given.clientId)}:${form(given.clientSecret)}`)}`
  const known = new Map<string, { readonly claims: Record<string, unknown>; readonly until: number }>()

  async function ask(token: string): Promise<Record<string, unknown>> {
    let answer: unknown
    try {
      const response = await settings.fetch(url.href, {
        method: 'POST', redirect: 'error', signal: AbortSignal.timeout(5_000), body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
        headers: { Authorization: authorization, Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
      })
      // Some servers call a token they cannot even read a bad request.
      if (response.status === 400) return { active: false }
      if (response.status !== 200) {
        await response.body?.cancel()
        throw new Error(`HTTP ${response.status}`)
      }
      answer = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readBytes(response, ANSWER_LIMIT)))
    } catch (error) {
      throw new CabutError('spbeIssuerUnavailable', { cause: error })
    }
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw new CabutError('spbeIssuerUnavailable', { detail: 'the introspection endpoint answered something else' })
    return answer as Record<string, unknown>
  }

  return async (token) => {
    if (!TOKEN.test(token)) throw new CabutError('spbeTokenInvalid', { detail: 'not a bearer token' })
    const time = settings.now().getTime()
    const key = await sha256(token)
    const remembered = known.get(key)
    const claims = remembered !== undefined && remembered.until > time ? remembered.claims : await ask(token)
    // Exactly true: "true" or 1 is no consent (RFC 7662 2.2).
    if (claims['active'] !== true) throw new CabutError('spbeTokenInvalid', { detail: 'the issuer says it is not active' })
    const seconds = time / 1_000
    const { exp, nbf, iss, aud, scope } = claims as { readonly exp?: unknown; readonly nbf?: unknown; readonly iss?: unknown; readonly aud?: unknown; readonly scope?: unknown }
    if (exp !== undefined && (typeof exp !== 'number' || exp + skew <= seconds)) throw new CabutError('spbeTokenExpired')
    if (nbf !== undefined && (typeof nbf !== 'number' || nbf - skew > seconds)) throw new CabutError('spbeTokenInvalid', { detail: 'claim nbf' })
    if (iss !== undefined && iss !== given.issuer) throw new CabutError('spbeTokenInvalid', { detail: 'claim iss' })
    if (given.audience !== undefined && !(Array.isArray(aud) ? aud : [aud]).includes(given.audience)) throw new CabutError('spbeTokenInvalid', { detail: 'claim aud' })
    if (given.scope !== undefined && !(typeof scope === 'string' && scope.split(' ').includes(given.scope))) throw new CabutError('spbeTokenInvalid', { detail: 'claim scope' })
    if (remembered?.claims !== claims && cache > 0) {
      known.delete(key)
      known.set(key, { claims, until: time + cache * 1_000 })
      if (known.size > REMEMBERED) known.delete(known.keys().next().value as string)
    }
    return { ...(await readPerson(claims, given.claims)), issuer: given.issuer, vouchedBy: 'oidc' }
  }
}

async function sha256(text: string): Promise<string> {
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))))
}
