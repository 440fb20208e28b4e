import { CabutError } from '@cabut/sdk'
import * as oidc from 'openid-client'
import { readPerson, type ClaimMapping, type Person } from '../identity/claims.js'
import { keyAddress } from '../identity/issuer.js'

/** The identity provider people log in at (OpenID Connect, code flow with PKCE). */
export interface LoginProvider {
  /** Its issuer identifier: https, or http on loopback. */
  readonly issuer: string
  readonly clientId: string
  /** Absent: a public client. */
  readonly clientSecret?: string
  /** `<origin><basePath>/session/callback`, as registered there. */
  readonly redirectUri: string
  /** Where it sends people after logging out there. @default the origin */
  readonly postLogoutRedirectUri?: string
  /** @default 'openid profile' */
  readonly scope?: string
  /** Reads claims from the userinfo endpoint as well. @default false */
  readonly userinfo?: boolean
  readonly claims: ClaimMapping
}

/** What a login began with; kept until the browser comes back. */
export interface LoginAttempt {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly back: string
}

/** Somebody who has logged in. */
export interface LoggedIn extends Person {
  /** For display only. */
  readonly name?: string
}

/** The provider's side of a login. Discovery happens at the first login and again after a failure, so that a portal starts while its provider is down. */
export function createLogin(provider: LoginProvider, fetch: typeof globalThis.fetch): {
  begin(back: string): Promise<{ readonly url: string; readonly attempt: LoginAttempt }>
  finish(url: URL, attempt: LoginAttempt): Promise<LoggedIn>
  /** Address that ends the session at the provider, where it has one. */
  end(): Promise<string | undefined>
} {
  const issuer = keyAddress(provider.issuer)
  let known: Promise<oidc.Configuration> | undefined
  const configuration = async (): Promise<oidc.Configuration> => {
    known ??= oidc.discovery(issuer, provider.clientId, undefined, provider.clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(provider.clientSecret), {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out: `keyAddress` has let plain http through on loopback only
      timeout: 5, [oidc.customFetch]: fetch as oidc.CustomFetch, ...(issuer.protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {}),
    })
    try {
      return await known
    } catch (error) {
      known = undefined
      throw new CabutError('spbeIssuerUnavailable', { cause: error })
    }
  }
  return {
    async begin(back) {
      const config = await configuration()
      const attempt = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier(), back }
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: provider.redirectUri, scope: provider.scope ?? 'openid profile', state: attempt.state, nonce: attempt.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier), code_challenge_method: 'S256',
      })
      return { url: url.href, attempt }
    },
    async finish(url, attempt) {
      const config = await configuration()
      // The registered address with what came back: behind a proxy the address seen here is another.
      const current = new URL(provider.redirectUri)
      current.search = url.search
      let claims: Record<string, unknown>
      try {
        const tokens = await oidc.authorizationCodeGrant(config, current, {
          expectedState: attempt.state, expectedNonce: attempt.nonce, pkceCodeVerifier: attempt.verifier, idTokenExpected: true,
        })
        const identity = tokens.claims() as Record<string, unknown> & { readonly sub: string }
        claims = provider.userinfo === true ? { ...(await oidc.fetchUserInfo(config, tokens.access_token, identity.sub)), ...identity } : identity
      } catch (error) {
        // What the provider or the browser said is not repeated: it may hold the code.
        throw new CabutError('spbeLoginFailed', { cause: error, detail: 'the identity provider did not confirm the login' })
      }
      const person = await readPerson(claims, provider.claims)
      const name = claims['name']
      return { ...person, ...(typeof name === 'string' && name.length <= 200 ? { name } : {}) }
    },
    async end() {
      const config = await configuration().catch(() => undefined)
      if (config?.serverMetadata().end_session_endpoint === undefined) return undefined
      return oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: provider.postLogoutRedirectUri ?? new URL(provider.redirectUri).origin }).href
    },
  }
}
