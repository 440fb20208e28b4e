import { CabutError } from '@cabut/sdk'
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { keyAddress, type TokenIssuer } from './issuer.js'

/** After a failed fetch the issuer is left in peace for so long; tokens meanwhile get `spbeIssuerUnavailable`. Milliseconds. */
const REST_AFTER_FAILURE = 5_000

/**
 * The keys of one issuer. A key that is not known is looked for once more, at most every 30 seconds: that is how a rotation is noticed.
 * When the keys cannot be had the answer is "unavailable" and never "valid".
 */
export function issuerKeys(issuer: TokenIssuer, fetch: typeof globalThis.fetch, now: () => number): JWTVerifyGetKey {
  if (!('url' in issuer.keys)) return createLocalJWKSet(issuer.keys.jwks as unknown as JSONWebKeySet)
  const remote = createRemoteJWKSet(keyAddress(issuer.keys.url), {
    timeoutDuration: 5_000,
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
    [customFetch]: (url, options) => fetch(url, options),
  })
  let failedAt = Number.NEGATIVE_INFINITY
  return async (header, token) => {
    if (now() - failedAt < REST_AFTER_FAILURE && !remote.fresh) throw new CabutError('spbeIssuerUnavailable')
    try {
      return await remote(header, token)
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys || error instanceof errors.JOSENotSupported) throw error
      failedAt = now()
      throw new CabutError('spbeIssuerUnavailable', { cause: error })
    }
  }
}
