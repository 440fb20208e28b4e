import { createHash, randomBytes } from 'node:crypto'
import { makeToken } from '../ams/access.js'
import type { Route } from '../http/router.js'
import type { World } from '../world.js'

/** The only client this login knows. */
export const LOGIN_CLIENT = 'cabut-sandbox'

/** A login as management made it: nobody types a password anywhere. */
interface PendingCode {
  readonly username: string
  readonly challenge: string | undefined
  readonly expiresAt: number
}

export interface LoginPeer {
  /** A one-time code for `username`, as the login page would hand it to the client. `challenge` is PKCE S256. */
  code(username: string, challenge?: string): string
  readonly routes: Route[]
}

/** A Keycloak-like token endpoint: authorization codes and refresh tokens for the sandbox client; the password grant is refused. */
export function createLogin(world: World): LoginPeer {
  const codes = new Map<string, PendingCode>()
  const refresh = new Map<string, string>()
  const issuer = `${world.baseUrl}/login/realms/ams`
  const failure = (error: string, status = 400): Response => Response.json({ error }, { status, headers: { 'cache-control': 'no-store' } })

  function tokens(username: string): Response {
    const user = world.findUser(username)
    if (user === undefined) return failure('invalid_grant')
    const lifetime = 300_000
    const refreshToken = randomBytes(24).toString('base64url')
    refresh.set(refreshToken, username)
    return Response.json(
      {
        access_token: makeToken(world, user, lifetime),
        expires_in: lifetime / 1000,
        refresh_token: refreshToken,
        token_type: 'Bearer',
        scope: 'openid profile',
      },
      { headers: { 'cache-control': 'no-store' } },
    )
  }

  return {
    code(username, challenge) {
      if (world.findUser(username) === undefined) throw new TypeError('no such user in this sandbox')
      const code = randomBytes(24).toString('base64url')
      codes.set(code, { username, challenge, expiresAt: world.now() + 60_000 })
      return code
    },
    routes: [
      {
        method: 'GET',
        path: '/login/realms/ams/.well-known/openid-configuration',
        endpoint: 'login.configuration',
        handle: () =>
          Response.json({
            issuer,
            token_endpoint: `${issuer}/protocol/openid-connect/token`,
            grant_types_supported: ['authorization_code', 'refresh_token'],
            code_challenge_methods_supported: ['S256'],
          }),
      },
      {
        method: 'POST',
        path: '/login/realms/ams/protocol/openid-connect/token',
        endpoint: 'login.token',
        handle({ body }) {
          const form = new URLSearchParams(Buffer.from(body).toString('utf8'))
          if (form.get('client_id') !== LOGIN_CLIENT) return failure('invalid_client', 401)
          switch (form.get('grant_type')) {
            case 'authorization_code': {
              const code = form.get('code') ?? ''
              const pending = codes.get(code)
              codes.delete(code)
              if (pending === undefined || world.now() >= pending.expiresAt) return failure('invalid_grant')
              const verifier = form.get('code_verifier')
              if (
                pending.challenge !== undefined &&
                (verifier === null || createHash('sha256').update(verifier).digest('base64url') !== pending.challenge)
              )
                return failure('invalid_grant')
              return tokens(pending.username)
            }
            case 'refresh_token': {
              const given = form.get('refresh_token') ?? ''
              const username = refresh.get(given)
              refresh.delete(given)
              return username === undefined ? failure('invalid_grant') : tokens(username)
            }
            default:
              return failure('unsupported_grant_type')
          }
        },
      },
    ],
  }
}
