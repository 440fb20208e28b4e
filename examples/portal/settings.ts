import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ClaimMapping } from '@cabut/spbe'
import { loadStandard, type ServiceStandard } from '@cabut/sdk/standard'

/** How the portal runs, read from the environment once. */
export interface Settings {
  readonly standard: ServiceStandard
  readonly port: number
  /** Everything this portal keeps. */
  readonly data: string
  /** `postgres://...`; absent: a PGlite directory inside `data`. */
  readonly database?: string
  /** `http`: the sandbox's AMS answers by itself. `assisted`: an officer acts in the AMS page. */
  readonly ams: 'http' | 'assisted'
  /** Pinned roots (PEM). Absent: the sandbox with its own invented authority. */
  readonly anchors?: readonly [string, ...string[]]
  /** Where people reach the portal, when another server stands before it. */
  readonly origin?: string
  /** Where people log in; absent: the development login with invented people. */
  readonly login?: { readonly issuer: string; readonly clientId: string; readonly clientSecret?: string; readonly claims: ClaimMapping }
  /** Milliseconds the sandbox's BSrE and its publication take. */
  readonly sandboxDelay: number
}

/**
 * @throws TypeError naming the variable that cannot be used
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const named = env['CABUT_STANDARD'] ?? 'kabupaten-purbalingga'
  const standard = named.endsWith('.json') ? loadStandard(JSON.parse(readFileSync(named, 'utf8')) as object) : loadStandard(named)
  const ams = env['CABUT_AMS'] ?? 'http'
  if (ams !== 'http' && ams !== 'assisted') throw new TypeError('CABUT_AMS: http or assisted expected')
  const anchors = env['CABUT_ANCHORS'] === undefined ? undefined : certificatesOf(readFileSync(env['CABUT_ANCHORS'], 'utf8'))
  if (anchors !== undefined && ams === 'http') throw new TypeError('CABUT_AMS: with real anchors only assisted is offered; AMS has no public interface')
  const origin = env['CABUT_ORIGIN']
  if (origin !== undefined && new URL(origin).origin !== origin) throw new TypeError('CABUT_ORIGIN: an origin such as https://cabut.contoh.go.id expected')
  const login = loginOf(env)
  if (login !== undefined && origin === undefined) throw new TypeError('CABUT_ORIGIN: needed beside CABUT_OIDC_ISSUER')
  return {
    standard, ams, port: numberOf('CABUT_PORT', env['CABUT_PORT'], 8700), data: resolve(env['CABUT_DATA'] ?? `.cache/portal/${standard.id}-${ams}`),
    sandboxDelay: numberOf('CABUT_SANDBOX_DELAY', env['CABUT_SANDBOX_DELAY'], 6_000),
    ...(env['CABUT_DATABASE_URL'] === undefined ? {} : { database: env['CABUT_DATABASE_URL'] }),
    ...(anchors === undefined ? {} : { anchors }), ...(origin === undefined ? {} : { origin }), ...(login === undefined ? {} : { login }),
  }
}

/** The identity provider and, as a JSON file, how its claims name person, role and office. */
function loginOf(env: Readonly<Record<string, string | undefined>>): Settings['login'] {
  const issuer = env['CABUT_OIDC_ISSUER']
  if (issuer === undefined) return undefined
  const [clientId, claims, clientSecret] = ['CABUT_OIDC_CLIENT_ID', 'CABUT_OIDC_CLAIMS', 'CABUT_OIDC_CLIENT_SECRET'].map((name) => env[name])
  if (clientId === undefined || claims === undefined) throw new TypeError('CABUT_OIDC_CLIENT_ID and CABUT_OIDC_CLAIMS: needed beside CABUT_OIDC_ISSUER')
  return { issuer, clientId, claims: JSON.parse(readFileSync(claims, 'utf8')) as ClaimMapping, ...(clientSecret === undefined ? {} : { clientSecret }) }
}

function numberOf(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  if (!/^\d{1,6}$/.test(text)) throw new TypeError(`${name}: a whole number expected`)
  return Number(text)
}

function certificatesOf(pem: string): readonly [string, ...string[]] {
  const [first, ...others] = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  if (first === undefined) throw new TypeError('CABUT_ANCHORS: a file with PEM certificates expected')
  return [first, ...others]
}
