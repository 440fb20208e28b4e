import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { RoleName } from '@cabut/sdk'
import type { Person } from './people.js'

/** Somebody logged in, acting in one of their roles. */
export interface Session {
  readonly person: Person
  readonly role: RoleName
  /** Must come back with every form (beside the SameSite cookie and the check of Sec-Fetch-Site). */
  readonly csrf: string
}

/** Sessions of this process: a restart logs everybody out. */
export interface Sessions {
  /** The value of the Set-Cookie header. */
  open(person: Person, role: RoleName): string
  read(cookies: string | undefined): Session | undefined
  /** Ends the session; the value of the Set-Cookie header. */
  end(cookies: string | undefined): string
}

const NAME = 'cabut_sesi'
const LIFETIME = 8 * 3_600_000
const MOST = 10_000

/** Whether two secrets are the same, without telling by time where they differ. */
export function sameSecret(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** @param secure the portal is reached by https only: the cookie says so */
export function createSessions(secure: boolean, now: () => number = Date.now): Sessions {
  const kept = new Map<string, { readonly session: Session; readonly until: number }>()
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  const idOf = (cookies: string | undefined): string | undefined => new RegExp(`(?:^|;\\s*)${NAME}=([0-9a-f]{64})(?:;|$)`).exec(cookies ?? '')?.[1]
  return {
    open(person, role) {
      for (const [id, { until }] of kept) if (until < now() || kept.size >= MOST) kept.delete(id)
      const id = randomBytes(32).toString('hex')
      kept.set(id, { session: { person, role, csrf: randomBytes(32).toString('hex') }, until: now() + LIFETIME })
      return `${NAME}=${id}; ${attributes}; Max-Age=${LIFETIME / 1000}`
    },
    read(cookies) {
      const found = kept.get(idOf(cookies) ?? '')
      return found === undefined || found.until < now() ? undefined : found.session
    },
    end(cookies) {
      kept.delete(idOf(cookies) ?? '')
      return `${NAME}=; ${attributes}; Max-Age=0`
    },
  }
}
