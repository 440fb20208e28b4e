import { randomBytes } from 'node:crypto'
import type { CertificateRecord, RevocationRecord, Role, SandboxUser } from '../state.js'
import type { World } from '../world.js'
import { Refusal } from './envelope.js'

/** Who is calling. */
export interface Caller {
  readonly username: string
  readonly role: Role
  readonly agency: string
}

/** Makes a bearer token for one user. Tokens come from management only: the sandbox knows no passwords. */
export function makeToken(world: World, user: SandboxUser, lifetime?: number): string {
  const token = `sandbox-${randomBytes(24).toString('base64url')}`
  world.state.tokens[token] = {
    username: user.username,
    role: user.role,
    expiresAt: world.now() + (lifetime ?? world.options.tokenLifetime ?? 12 * 3_600_000),
  }
  world.touched += 1
  return token
}

/** Throws `Refusal` UNAUTHORIZED. */
export function callerOf(world: World, request: Request): Caller {
  const token = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const known = token === undefined || !Object.hasOwn(world.state.tokens, token) ? undefined : world.state.tokens[token]
  const user = known === undefined ? undefined : world.findUser(known.username)
  if (known === undefined || user === undefined || world.now() >= known.expiresAt) throw new Refusal('UNAUTHORIZED')
  return { username: user.username, role: known.role, agency: user.agency }
}

/** A Pengguna sees own certificates, a Verifikator or RA the own agency's, BSrE all. */
export function maySee(caller: Caller, record: Pick<CertificateRecord | RevocationRecord, 'username' | 'agency'>): boolean {
  if (record.username === '') return false
  if (caller.role === 'BSrE') return true
  return caller.role === 'Pengguna' ? record.username === caller.username : record.agency === caller.agency
}

export function demandRole(caller: Caller, ...roles: readonly Role[]): void {
  if (!roles.includes(caller.role)) throw new Refusal('ROLE_NOT_ALLOWED')
}
