import { CabutError } from '@cabut/sdk'
import type { RoleName } from '@cabut/sdk/standard'

/** Path of member names into the claims, such as `['realm_access', 'roles']`. An array, because names may hold dots. */
export type ClaimPath = readonly [string, ...string[]]

/**
 * How the claims of an issuer name person, role and office. Data, so that another identity provider is configuration and not code.
 *
 * @example Keycloak
 * { roles: [['realm_access', 'roles']], roleNames: { 'cabut-verifikator': 'verifier', 'cabut-opd': 'opdOfficer' }, opd: ['opd'] }
 */
export interface ClaimMapping {
  /** Opaque id of the person. @default ['sub'] */
  readonly person?: ClaimPath
  /**
   * Where the person id would be an identity number (16 or 18 digits): a secret of at least 32 characters under which it is replaced by an HMAC.
   * Without it such a token is refused, since ids end up in histories that are kept for decades (UU 27/2022).
   */
  readonly pseudonymKey?: string
  /** Code of the person's office. */
  readonly opd?: ClaimPath
  /** Office codes of the issuer to those of the desk; with it, an unlisted office is refused. */
  readonly opdNames?: Readonly<Record<string, string>>
  /** Where role values stand: a string, a space-separated string, or an array of strings. */
  readonly roles: readonly [ClaimPath, ...ClaimPath[]]
  /** Role values of the issuer to roles of the standard. Order decides which role holds when the caller chooses none. */
  readonly roleNames: Readonly<Record<string, RoleName>>
}

/** Who asks, as far as a verified token says. */
export interface Person {
  /** Opaque id. */
  readonly id: string
  /** Every role the token gives, in the order of the mapping. */
  readonly roles: readonly [RoleName, ...RoleName[]]
  readonly opd?: string
}

const IDENTITY_NUMBER = /^(?:\d{16}|\d{18})$/
const ID = /^[^\u0000-\u0020\u007f-\u009f]{1,128}$/

/** Checks a mapping against the roles of the standard. @throws TypeError for misuse */
export function checkMapping(mapping: ClaimMapping, known: readonly RoleName[]): void {
  const entries = Object.entries(mapping.roleNames)
  if (entries.length === 0) throw new TypeError('claims.roleNames maps no role')
  for (const [value, role] of entries) {
    // The desk itself and the certificate authority never log in here.
    if (role === 'system' || role === 'bsre') throw new TypeError(`claims.roleNames: ${JSON.stringify(value)} may not become ${role}`)
    if (!known.includes(role)) throw new TypeError(`claims.roleNames: the standard has no role ${role as string}`)
  }
  if (!Array.isArray(mapping.roles) || mapping.roles.length === 0) throw new TypeError('claims.roles names no path')
  if (mapping.pseudonymKey !== undefined && mapping.pseudonymKey.length < 32) throw new TypeError('claims.pseudonymKey is shorter than 32 characters')
}

/**
 * Reads person, roles and office from verified claims.
 *
 * @throws {@link CabutError} `spbePersonUnmapped`; `at` names the claim, never its value
 */
export async function readPerson(claims: Readonly<Record<string, unknown>>, mapping: ClaimMapping): Promise<Person> {
  const personPath = mapping.person ?? ['sub']
  const unmapped = (path: ClaimPath, detail: string): CabutError => new CabutError('spbePersonUnmapped', { at: path.join('.'), detail })
  const raw = claimAt(claims, personPath)
  if (typeof raw !== 'string' || !ID.test(raw)) throw unmapped(personPath, 'no usable person id')
  const given = new Set(mapping.roles.flatMap((path) => words(claimAt(claims, path))))
  const roles = [...new Set(Object.entries(mapping.roleNames).filter(([value]) => given.has(value)).map(([, role]) => role))]
  const [first, ...others] = roles
  if (first === undefined) throw unmapped(mapping.roles[0], 'no role of this service')
  const opd = mapping.opd === undefined ? undefined : readOffice(claims, mapping.opd, mapping.opdNames, unmapped)
  return { id: await personId(raw, mapping, unmapped), roles: [first, ...others], ...(opd === undefined ? {} : { opd }) }
}

function readOffice(
  claims: Readonly<Record<string, unknown>>,
  path: ClaimPath,
  names: Readonly<Record<string, string>> | undefined,
  unmapped: (path: ClaimPath, detail: string) => CabutError,
): string | undefined {
  const value = claimAt(claims, path)
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || !ID.test(value)) throw unmapped(path, 'no usable office code')
  if (names === undefined) return value
  if (!Object.hasOwn(names, value)) throw unmapped(path, 'an office that is not listed')
  return names[value]
}

async function personId(raw: string, mapping: ClaimMapping, unmapped: (path: ClaimPath, detail: string) => CabutError): Promise<string> {
  if (!IDENTITY_NUMBER.test(raw)) return raw
  if (mapping.pseudonymKey === undefined) throw unmapped(mapping.person ?? ['sub'], 'the person id is an identity number and no pseudonymKey is set')
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(mapping.pseudonymKey), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(raw)))
  return `p-${Array.from(mac.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** Own members only: a path never walks into a prototype. */
function claimAt(claims: unknown, path: ClaimPath): unknown {
  let value: unknown = claims
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

function words(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '')
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : []
}
