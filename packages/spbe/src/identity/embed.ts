import { CabutError } from '@cabut/sdk'
import { roleNames, type RoleName } from '@cabut/sdk/standard'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Principal } from './verify.js'

/** What an embed token opens: one request, to be read, or to be filed and followed. */
export interface EmbedScope {
  readonly scope: 'read' | 'file'
  readonly requestId: string
}

/** Tokens for the web components in a portal's own pages. */
export interface EmbedOptions {
  /** At least 32 characters each; signed with the first, believed under each: put a new one in front, drop the old after an hour. */
  readonly secrets: readonly [string, ...string[]]
}

/** Header type: neither taken for an issuer's token nor made from one (RFC 8725 3.11). */
export const EMBED_TYPE = 'cabut-embed+jwt'
const ISSUER = 'urn:cabut:embed'
/** Seconds. */
export const EMBED_LIFETIME = { default: 600, longest: 3_600 } as const

/** Makes and reads embed tokens: HS256 under a secret of this service alone; nothing to look up, nothing to revoke, soon over. */
export interface EmbedTokens {
  mint(principal: Principal, role: RoleName, what: EmbedScope, seconds: number): Promise<{ readonly token: string; readonly expiresAt: string }>
  /** @throws CabutError `spbeTokenInvalid`, `spbeTokenExpired` */
  read(token: string): Promise<Principal>
}

/** @throws TypeError for a short secret */
export function createEmbedTokens(options: EmbedOptions, now: () => Date): EmbedTokens {
  if (options.secrets.length === 0 || options.secrets.some((secret) => secret.length < 32)) throw new TypeError('embed.secrets: secrets of 32 characters at least expected')
  const [first, ...others] = options.secrets.map((secret) => new TextEncoder().encode(secret)) as [Uint8Array, ...Uint8Array[]]
  return {
    async mint(principal, role, { scope, requestId }, seconds) {
      const issued = Math.floor(now().getTime() / 1_000)
      const token = await new SignJWT({ portal: principal.issuer, role, scope, case: requestId, ...(principal.opd === undefined ? {} : { opd: principal.opd }) })
        .setProtectedHeader({ alg: 'HS256', typ: EMBED_TYPE }).setIssuer(ISSUER).setAudience(ISSUER).setSubject(principal.id).setIssuedAt(issued).setExpirationTime(issued + seconds)
        .sign(first)
      return { token, expiresAt: new Date((issued + seconds) * 1_000).toISOString() }
    },
    async read(token) {
      let refused: unknown
      for (const secret of [first, ...others]) {
        try {
          const { payload } = await jwtVerify(token, secret, {
            algorithms: ['HS256'], typ: EMBED_TYPE, issuer: ISSUER, audience: ISSUER, currentDate: now(), maxTokenAge: EMBED_LIFETIME.longest, requiredClaims: ['exp', 'sub', 'case'],
          })
          const role = roleNames.find((one) => one === payload['role']) as RoleName
          return {
            id: payload.sub as string, roles: [role], ...(typeof payload['opd'] === 'string' ? { opd: payload['opd'] } : {}), issuer: payload['portal'] as string, vouchedBy: 'portal',
            embed: { scope: payload['scope'] as EmbedScope['scope'], requestId: payload['case'] as string },
          }
        } catch (error) {
          if (error instanceof errors.JWTExpired) throw new CabutError('spbeTokenExpired')
          refused = error
        }
      }
      throw new CabutError('spbeTokenInvalid', { cause: refused, detail: refused instanceof errors.JOSEError ? refused.code : 'unusable' })
    },
  }
}
