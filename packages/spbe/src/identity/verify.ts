import { CabutError } from '@cabut/sdk'
import type { RoleName } from '@cabut/sdk/standard'
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import { checkMapping, readPerson, type Person } from './claims.js'
import { EMBED_TYPE, type EmbedScope, type EmbedTokens } from './embed.js'
import { createIntrospector, type Introspection } from './introspection.js'
import { checkIssuer, defaultAlgorithms, PORTAL_MAX_AGE, type TokenIssuer } from './issuer.js'
import { issuerKeys } from './keys.js'

/** A person with the issuer that vouches for them. */
export interface Principal extends Person {
  /** Value of `iss`. */
  readonly issuer: string
  /** `portal`: the person is asserted by a portal's own session, not authenticated by an identity provider. `development`: an invented person. */
  readonly vouchedBy: 'oidc' | 'portal' | 'development'
  /** Set where the token opens one request only. */
  readonly embed?: EmbedScope
}

const TOKEN = /^[A-Za-z0-9_-]{1,4096}\.[A-Za-z0-9_-]{1,12288}\.[A-Za-z0-9_-]{1,2048}$/
/** Header types of access tokens (RFC 7519 5.1, RFC 9068 2.1). */
const headerTypes = new Set(['jwt', 'at+jwt', 'application/at+jwt', 'application/jwt'])
/** Keycloak marks what a token is in its claims; only access tokens open doors. */
const refusedKinds = new Set(['ID', 'Refresh', 'Offline', 'Logout'])

/**
 * Verifies `Authorization: Bearer <JWT>` (RFC 6750, RFC 7519, RFC 8725): signature by a key of the issuer and an allow-listed algorithm, issuer,
 * audience, expiry with a bounded skew. Then person, roles and office are read by the issuer's mapping.
 *
 * @throws {@link CabutError} `spbeTokenMissing`, `spbeTokenInvalid`, `spbeTokenExpired`, `spbeIssuerUnavailable`, `spbePersonUnmapped`
 */
export function createTokenVerifier(
  issuers: readonly TokenIssuer[],
  settings: {
    readonly roles: readonly RoleName[]; readonly now: () => Date; readonly fetch: typeof globalThis.fetch
    readonly introspection?: Introspection | undefined; readonly embed?: EmbedTokens | undefined
    /** Other ways to come in exist: no issuer is no mistake. */
    readonly others?: boolean
  },
): (authorization: string | null) => Promise<Principal> {
  const introspect = settings.introspection === undefined ? undefined : createIntrospector(settings.introspection, settings)
  if (issuers.length === 0 && introspect === undefined && settings.others !== true) throw new TypeError('issuers: at least one expected')
  const known = new Map<string, { readonly issuer: TokenIssuer; readonly keys: JWTVerifyGetKey }>()
  for (const issuer of issuers) {
    checkIssuer(issuer)
    checkMapping(issuer.claims, settings.roles)
    if (known.has(issuer.issuer)) throw new TypeError(`issuers: ${JSON.stringify(issuer.issuer)} stands there twice`)
    known.set(issuer.issuer, { issuer, keys: issuerKeys(issuer, settings.fetch, () => settings.now().getTime()) })
  }
  return async (authorization) => {
    const token = bearerToken(authorization)
    const signed = TOKEN.test(token)
    if (settings.embed !== undefined && signed && headerType(token) === EMBED_TYPE) return settings.embed.read(token)
    // Opaque tokens, and signed ones of nobody known here, are for the server that is asked about them.
    if (introspect !== undefined && (!signed || !known.has(unverifiedIssuer(token)))) return introspect(token)
    if (!signed) throw new CabutError('spbeTokenInvalid', { detail: 'not a signed JWT in compact form' })
    const found = known.get(unverifiedIssuer(token))
    if (found === undefined) throw new CabutError('spbeTokenInvalid', { detail: 'the issuer is not known here' })
    const claims = await verify(token, found.issuer, found.keys, settings.now())
    const person = await readPerson(claims, found.issuer.claims)
    return { ...person, issuer: found.issuer.issuer, vouchedBy: found.issuer.kind ?? 'oidc' }
  }
}

function bearerToken(authorization: string | null): string {
  if (authorization === null || authorization.trim() === '') throw new CabutError('spbeTokenMissing')
  const match = /^Bearer +(\S+)$/i.exec(authorization.trim())
  if (match?.[1] === undefined) throw new CabutError('spbeTokenMissing', { detail: 'the scheme is not Bearer' })
  return match[1]
}

function headerType(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).typ
  } catch {
    return undefined
  }
}

/** Only chooses among the configured issuers; nothing else is believed before the signature is. */
function unverifiedIssuer(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch {
    throw new CabutError('spbeTokenInvalid', { detail: 'the claims cannot be read' })
  }
}

async function verify(token: string, issuer: TokenIssuer, keys: JWTVerifyGetKey, currentDate: Date): Promise<JWTPayload> {
  const maxAge = issuer.maxAge ?? (issuer.kind === 'portal' ? PORTAL_MAX_AGE : undefined)
  let result
  try {
    result = await jwtVerify(token, keys, {
      algorithms: [...(issuer.algorithms ?? defaultAlgorithms)],
      issuer: issuer.issuer,
      audience: typeof issuer.audience === 'string' ? issuer.audience : [...issuer.audience],
      clockTolerance: issuer.clockSkew ?? 30,
      requiredClaims: ['exp'],
      currentDate,
      ...(maxAge === undefined ? {} : { maxTokenAge: maxAge }),
    })
  } catch (error) {
    if (error instanceof CabutError) throw error
    if (error instanceof errors.JWTExpired) throw new CabutError('spbeTokenExpired')
    // The code of the check that failed, never a claim's value.
    const detail = error instanceof errors.JWTClaimValidationFailed ? `claim ${error.claim}` : error instanceof errors.JOSEError ? error.code : 'unusable key'
    throw new CabutError('spbeTokenInvalid', { cause: error, detail })
  }
  const { typ } = result.protectedHeader
  if (typ !== undefined && !headerTypes.has(typ.toLowerCase())) throw new CabutError('spbeTokenInvalid', { detail: 'not an access token' })
  if (typeof result.payload['typ'] === 'string' && refusedKinds.has(result.payload['typ'])) throw new CabutError('spbeTokenInvalid', { detail: 'not an access token' })
  return result.payload
}
