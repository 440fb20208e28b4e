import { CabutError } from '@cabut/sdk'
import { roleNames, type RoleName } from '@cabut/sdk/standard'
import { checkMapping } from '../identity/claims.js'
import type { Principal } from '../identity/verify.js'
import { randomToken, readCookie, sameToken, storeKey, writeCookie, type CookieOptions } from './cookie.js'
import { createLogin, type LoggedIn, type LoginAttempt, type LoginProvider } from './provider.js'
import { createMemorySessionStore, type SessionStore } from './store.js'

/** An invented person for development. */
export interface DevelopmentPerson {
  readonly id: string
  readonly name: string
  readonly roles: readonly [RoleName, ...RoleName[]]
  readonly opd?: string
}

/** Sessions of the portal's own pages. Durations in milliseconds. */
export interface SessionOptions {
  /** Exact origin of the portal, such as `https://portal.contoh.go.id`: posts from elsewhere are refused. */
  readonly origin: string
  /** Where people log in. */
  readonly provider?: LoginProvider
  /** Lets anybody choose one of these invented people. Never beside a provider. */
  readonly developmentLogin?: { readonly people: readonly [DevelopmentPerson, ...DevelopmentPerson[]] }
  /** @default in memory */
  readonly store?: SessionStore
  readonly cookie?: CookieOptions
  /** Ends when unused for so long. @default 1800000 (30 minutes) */
  readonly idle?: number
  /** Ends after so long in any case. @default 28800000 (8 hours) */
  readonly absolute?: number
  /** The cookie gets a new value after so long. @default 900000 (15 minutes) */
  readonly rotate?: number
}

/** A session as pages see it. */
export interface SessionView {
  readonly person: string
  readonly name?: string
  /** The role acted in. */
  readonly role: RoleName
  readonly roles: readonly RoleName[]
  readonly opd?: string
  /** For the header `Cabut-CSRF` of every post. */
  readonly csrf: string
  /** ISO 8601 UTC. */
  readonly idleUntil: string
  /** ISO 8601 UTC. */
  readonly until: string
  readonly vouchedBy: Principal['vouchedBy']
}

/** A session somebody came with, and the cookie to answer with where it got a new value. */
export interface OpenSession {
  readonly principal: Principal
  readonly role: RoleName
  readonly view: SessionView
  readonly setCookie?: string
}

interface Kept {
  readonly principal: Principal
  readonly name?: string
  readonly role: RoleName
  readonly csrf: string
  readonly made: number
  readonly rotated: number
  readonly seen: number
  readonly until: number
  /** Replaced by a newer value; good for a moment, for requests already under way. */
  readonly replaced?: true
}

const MINUTE = 60_000
/** How long a replaced cookie is still good. */
const GRACE = 10_000
/** How long somebody may take to log in at the provider. */
const LOGIN_TIME = 10 * MINUTE
/** The time of the last use is written at most so often. */
const TOUCH = MINUTE

/** Sessions, without HTTP: made, opened, ended. `routes.ts` beside it gives them addresses. */
export interface Sessions {
  readonly origin: string
  readonly development: readonly DevelopmentPerson[]
  /** Opens the session of a request. @throws CabutError `spbeSessionMissing`, `spbeSessionExpired` */
  open(request: Request): Promise<OpenSession>
  /** Looks at the session without renewing its cookie. @throws as `open` */
  peek(request: Request): Promise<SessionView>
  /** Whether the request comes with a cookie of ours. */
  carries(request: Request): boolean
  /** Refuses a post of another site. @throws CabutError `spbeCsrf` */
  checkOrigin(request: Request): void
  /** Refuses a post without the session's token. @throws CabutError `spbeCsrf` */
  checkCsrf(request: Request, session: OpenSession): void
  beginLogin(back: string): Promise<{ readonly url: string; readonly setCookie: string }>
  finishLogin(request: Request): Promise<{ readonly back: string; readonly setCookies: readonly string[] }>
  enterAs(person: string, request: Request): Promise<{ readonly view: SessionView; readonly setCookie: string }>
  chooseRole(request: Request, role: string): Promise<{ readonly view: SessionView; readonly setCookie: string }>
  end(request: Request): Promise<{ readonly redirect: string | undefined; readonly setCookie: string }>
}

/** @throws TypeError for misuse */
export function createSessions(options: SessionOptions, settings: { readonly now: () => number; readonly fetch: typeof globalThis.fetch }): Sessions {
  const { origin, provider, developmentLogin } = options
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) throw new TypeError('session.origin: an exact origin expected, such as https://portal.contoh.go.id')
  if ((provider === undefined) === (developmentLogin === undefined)) throw new TypeError('session: either provider or developmentLogin expected')
  const secure = options.cookie?.secure ?? true
  if (!secure && new URL(origin).protocol === 'https:') throw new TypeError('session.cookie.secure may be off only where origin is http')
  const name = options.cookie?.name ?? (secure ? '__Host-cabut' : 'cabut')
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) throw new TypeError('session.cookie.name: letters, digits, - and _ expected')
  const [idle, absolute, rotate] = [options.idle ?? 30 * MINUTE, options.absolute ?? 480 * MINUTE, options.rotate ?? 15 * MINUTE]
  if (!(idle >= MINUTE && absolute >= idle && rotate > 0)) throw new TypeError('session: idle of a minute at least, absolute not below idle, rotate above 0 expected')
  if (provider !== undefined) checkMapping(provider.claims, roleNames)
  for (const { roles } of developmentLogin?.people ?? []) if (roles.some((role) => !roleNames.includes(role) || role === 'system' || role === 'bsre')) throw new TypeError('session.developmentLogin: an unknown role')
  const login = provider === undefined ? undefined : createLogin(provider, settings.fetch)
  const store = options.store ?? createMemorySessionStore()
  const loginName = `${name}-login`
  const { now } = settings

  const viewOf = ({ principal, name: shown, role, csrf, seen, until }: Kept): SessionView => ({
    person: principal.id, ...(shown === undefined ? {} : { name: shown }), role, roles: principal.roles, ...(principal.opd === undefined ? {} : { opd: principal.opd }), csrf,
    idleUntil: new Date(Math.min(seen + idle, until)).toISOString(), until: new Date(until).toISOString(), vouchedBy: principal.vouchedBy,
  })
  const keep = async (key: string, kept: Kept): Promise<void> => store.put(key, JSON.stringify(kept), Math.min(kept.seen + idle, kept.until))

  async function start(person: LoggedIn, by: Pick<Principal, 'issuer' | 'vouchedBy'>, request: Request): Promise<{ kept: Kept; setCookie: string }> {
    // Whatever session the browser had ends: nobody's session is carried into another person's (session fixation).
    const before = readCookie(request.headers.get('cookie'), name)
    if (before !== undefined) await store.take(await storeKey(before), now())
    const { name: shown, ...who } = person
    const at = now()
    const kept: Kept = { principal: { ...who, ...by }, ...(shown === undefined ? {} : { name: shown }), role: who.roles[0], csrf: randomToken(), made: at, rotated: at, seen: at, until: at + absolute }
    const value = randomToken()
    await keep(await storeKey(value), kept)
    return { kept, setCookie: writeCookie(name, value, secure, absolute / 1_000) }
  }

  async function find(request: Request): Promise<{ key: string; kept: Kept }> {
    const value = readCookie(request.headers.get('cookie'), name)
    if (value === undefined) throw new CabutError('spbeSessionMissing')
    const key = await storeKey(value)
    const text = await store.get(key, now())
    if (text === undefined) throw new CabutError('spbeSessionExpired')
    return { key, kept: JSON.parse(text) as Kept }
  }

  /** The same session under a new value. */
  async function replace(key: string, kept: Kept): Promise<string> {
    const value = randomToken()
    await keep(await storeKey(value), kept)
    await store.put(key, JSON.stringify({ ...kept, replaced: true }), Math.min(now() + GRACE, kept.until))
    return writeCookie(name, value, secure, (kept.until - now()) / 1_000)
  }

  return {
    origin,
    development: developmentLogin?.people ?? [],
    carries: (request) => readCookie(request.headers.get('cookie'), name) !== undefined,
    async peek(request) {
      const { key, kept } = await find(request)
      if (kept.replaced !== true && now() - kept.seen >= Math.min(TOUCH, idle / 4)) await keep(key, { ...kept, seen: now() })
      return viewOf(kept)
    },
    async open(request) {
      const { key, kept } = await find(request)
      const at = now()
      let current = kept
      let setCookie: string | undefined
      if (kept.replaced !== true && at - kept.rotated >= rotate) {
        current = { ...kept, seen: at, rotated: at }
        setCookie = await replace(key, current)
      } else if (kept.replaced !== true && at - kept.seen >= Math.min(TOUCH, idle / 4)) {
        current = { ...kept, seen: at }
        await keep(key, current)
      }
      return { principal: current.principal, role: current.role, view: viewOf(current), ...(setCookie === undefined ? {} : { setCookie }) }
    },
    checkOrigin(request) {
      const from = request.headers.get('origin')
      const site = request.headers.get('sec-fetch-site')
      if ((from !== null && from !== origin) || (from === null && site !== null && site !== 'same-origin')) throw new CabutError('spbeCsrf', { at: 'Origin', detail: 'the post comes from another site' })
    },
    checkCsrf(request, { view }) {
      this.checkOrigin(request)
      const token = request.headers.get('cabut-csrf')
      if (token === null || !sameToken(view.csrf, token)) throw new CabutError('spbeCsrf', { at: 'Cabut-CSRF' })
    },
    async beginLogin(back) {
      if (login === undefined) throw new CabutError('spbeRouteUnknown')
      const { url, attempt } = await login.begin(back)
      const value = randomToken()
      await store.put(await storeKey(value), JSON.stringify(attempt), now() + LOGIN_TIME)
      return { url, setCookie: writeCookie(loginName, value, secure, LOGIN_TIME / 1_000) }
    },
    async finishLogin(request) {
      if (login === undefined || provider === undefined) throw new CabutError('spbeRouteUnknown')
      const value = readCookie(request.headers.get('cookie'), loginName)
      // Taken, not read: what came back serves once, and only the browser that set out.
      const text = value === undefined ? undefined : await store.take(await storeKey(value), now())
      if (text === undefined) throw new CabutError('spbeLoginFailed', { detail: 'no login was under way in this browser' })
      const attempt = JSON.parse(text) as LoginAttempt
      const { setCookie } = await start(await login.finish(new URL(request.url), attempt), { issuer: provider.issuer, vouchedBy: 'oidc' }, request)
      return { back: attempt.back, setCookies: [setCookie, writeCookie(loginName, '', secure, 0)] }
    },
    async enterAs(id, request) {
      this.checkOrigin(request)
      const person = developmentLogin?.people.find((one) => one.id === id)
      if (person === undefined) throw new CabutError('spbeLoginFailed', { detail: 'nobody of that id may log in here' })
      const { kept, setCookie } = await start(person, { issuer: 'urn:cabut:development', vouchedBy: 'development' }, request)
      return { view: viewOf(kept), setCookie }
    },
    async chooseRole(request, role) {
      const { key, kept } = await find(request)
      const chosen = kept.principal.roles.find((one) => one === role)
      if (chosen === undefined) throw new CabutError('spbeForbidden', { at: 'role', detail: 'the login does not give this role' })
      const at = now()
      const next: Kept = { principal: kept.principal, ...(kept.name === undefined ? {} : { name: kept.name }), role: chosen, csrf: randomToken(), made: kept.made, rotated: at, seen: at, until: kept.until }
      return { view: viewOf(next), setCookie: await replace(key, next) }
    },
    async end(request) {
      const { key } = await find(request)
      await store.take(key, now())
      return { redirect: await login?.end(), setCookie: writeCookie(name, '', secure, 0) }
    },
  }
}
