import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SessionView } from '../src/index.js'
import { freshKey, mapping, openPortal, type Portal } from './portal.js'
import { portalClient, redirectUri, startProvider, type TestProvider } from './provider.js'

const origin = 'https://portal.contoh.go.id'
const people = [
  { id: 'surya.wibisana', name: 'Surya Wibisana (rekaan)', roles: ['opdOfficer', 'opdHead'], opd: 'dindik' },
  { id: 'orang.opd.lain', name: 'Orang Lain (rekaan)', roles: ['opdOfficer'], opd: 'dinkes' },
] as const

/** What a browser does with cookies, as far as it matters here. */
function browser(portal: Portal) {
  let cookies = new Map<string, string>()
  return {
    cookies: () => cookies,
    with(value: Map<string, string>) { cookies = new Map(value) },
    async go(method: string, path: string, { json, headers = {}, form }: { json?: unknown; headers?: Record<string, string>; form?: FormData } = {}): Promise<Response> {
      const all = new Headers({ cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...headers })
      if (method === 'POST' && !all.has('idempotency-key')) all.set('idempotency-key', freshKey())
      if (json !== undefined) all.set('content-type', 'application/json')
      const body = form ?? (json === undefined ? undefined : JSON.stringify(json))
      const answer = await portal.handler.fetch(new Request(`${origin}${path}`, { method, headers: all, ...(body === undefined ? {} : { body }) }))
      for (const cookie of answer.headers.getSetCookie()) {
        const [pair, ...attributes] = cookie.split('; ') as [string, ...string[]]
        const [name, value] = pair.split('=') as [string, string]
        expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'SameSite=Lax', 'Secure']))
        if (attributes.includes('Max-Age=0')) cookies.delete(name)
        else cookies.set(name, value)
      }
      return answer
    },
  }
}

const problem = async (answer: Response): Promise<unknown[]> => [answer.status, ((await answer.json()) as { code: string }).code]

describe('sessions of invented people', () => {
  let portal: Portal
  beforeAll(async () => { portal = await openPortal({ portal: { issuers: [], session: { origin, developmentLogin: { people } } } }) })
  afterAll(async () => portal.close())
  const enter = async (person = 'surya.wibisana') => {
    const page = browser(portal)
    const view = await (await page.go('POST', '/session/development', { json: { person } })).json() as SessionView
    return { page, view }
  }

  it('somebody enters, files with the CSRF token, is seen in the trail, and leaves', async () => {
    expect((await (await browser(portal).go('GET', '/session/development')).json() as { people: unknown[] }).people).toHaveLength(2)
    const { page, view } = await enter()
    expect(view).toMatchObject({ person: 'surya.wibisana', role: 'opdOfficer', roles: ['opdOfficer', 'opdHead'], opd: 'dindik', vouchedBy: 'development' })
    expect([...page.cookies().keys()]).toEqual(['__Host-cabut'])
    const form = await portal.filing(await portal.issue('surya.wibisana'))
    const filed = await page.go('POST', '/v1/requests', { form, headers: { 'cabut-csrf': view.csrf, origin } })
    expect(filed.status).toBe(201)
    const { id } = await filed.json() as { id: string }
    expect(portal.trail.at(-1)).toMatchObject({ operation: 'fileRequest', person: 'surya.wibisana', vouchedBy: 'development login', status: 201 })
    const other = await enter('orang.opd.lain')
    expect(await problem(await other.page.go('GET', `/v1/requests/${id}`))).toEqual([404, 'requestNotFound'])
    expect(await portal.handler.session(new Request(origin, { headers: { cookie: `__Host-cabut=${page.cookies().get('__Host-cabut') as string}` } }))).toMatchObject({ person: 'surya.wibisana' })

    const kept = page.cookies().get('__Host-cabut') as string
    expect(await problem(await page.go('POST', '/session/logout'))).toEqual([403, 'spbeCsrf'])
    expect(await (await page.go('POST', '/session/logout', { headers: { 'cabut-csrf': view.csrf } })).json()).toEqual({ redirect: null })
    expect(page.cookies().size).toBe(0)
    page.with(new Map([['__Host-cabut', kept]]))
    expect(await problem(await page.go('GET', '/v1/requests'))).toEqual([401, 'spbeSessionExpired'])
    expect(await portal.handler.session(new Request(origin))).toBeUndefined()
  })

  it('CSRF: a post by cookie needs the token of that session and no other site; a read needs neither; a bearer token is judged by itself', async () => {
    const { page, view } = await enter()
    const second = await enter()
    const before = await portal.desk.list()
    for (const headers of [{}, { 'cabut-csrf': 'x' }, { 'cabut-csrf': second.view.csrf }, { 'cabut-csrf': view.csrf, origin: 'https://jahat.invalid' }, { 'cabut-csrf': view.csrf, origin: 'null' }, { 'cabut-csrf': view.csrf, 'sec-fetch-site': 'cross-site' }, { 'cabut-csrf': view.csrf, 'sec-fetch-site': 'same-site' }]) {
      const form = await portal.filing(await portal.issue('surya.wibisana'))
      expect(await problem(await page.go('POST', '/v1/requests', { form, headers }))).toEqual([403, 'spbeCsrf'])
    }
    expect(await portal.desk.list()).toHaveLength(before.length)
    expect((await page.go('GET', '/v1/requests')).status).toBe(200)
    expect(await problem(await page.go('GET', '/v1/requests', { headers: { authorization: 'Bearer a.b.c' } }))).toEqual([401, 'spbeTokenInvalid'])
    expect(await problem(await browser(portal).go('POST', '/session/development', { json: { person: 'surya.wibisana' }, headers: { origin: 'https://jahat.invalid' } }))).toEqual([403, 'spbeCsrf'])
  })

  it('the cookie changes at login, with a chosen role and every 15 minutes; the old one is good for a moment and then never', async () => {
    const { page, view } = await enter()
    const first = new Map(page.cookies())
    const chosen = await (await page.go('POST', '/session/role', { json: { role: 'opdHead' }, headers: { 'cabut-csrf': view.csrf } })).json() as SessionView
    expect([chosen.role, chosen.csrf === view.csrf, page.cookies().get('__Host-cabut') === first.get('__Host-cabut')]).toEqual(['opdHead', false, false])
    expect(await problem(await page.go('POST', '/session/role', { json: { role: 'head' }, headers: { 'cabut-csrf': chosen.csrf } }))).toEqual([403, 'spbeForbidden'])
    await page.go('GET', '/v1/requests')
    expect(portal.trail.at(-1)).toMatchObject({ role: 'opdHead' })
    const old = browser(portal)
    old.with(first)
    expect((await old.go('GET', '/v1/requests')).status).toBe(200)
    expect(old.cookies()).toEqual(first)
    portal.clock.now += 10_001
    expect(await problem(await old.go('GET', '/v1/requests'))).toEqual([401, 'spbeSessionExpired'])
    const second = page.cookies().get('__Host-cabut')
    portal.clock.now += 15 * 60_000
    const answer = await page.go('GET', '/v1/requests')
    expect([answer.status, page.cookies().get('__Host-cabut') === second]).toEqual([200, false])
    expect((await page.go('GET', '/v1/requests')).headers.getSetCookie()).toEqual([])
    // Entering again ends what the browser had: no session is carried into another person's.
    const carried = new Map(page.cookies())
    await page.go('POST', '/session/development', { json: { person: 'orang.opd.lain' } })
    page.with(carried)
    expect(await problem(await page.go('GET', '/session'))).toEqual([401, 'spbeSessionExpired'])
  })

  it('idle for 30 minutes ends it; use keeps it alive, until 8 hours are over', async () => {
    const idle = (await enter()).page
    const busy = (await enter()).page
    for (let minutes = 0; minutes < 480; minutes += 20) {
      expect((await busy.go('GET', '/session')).status, `after ${minutes} minutes`).toBe(200)
      portal.clock.now += 20 * 60_000
      if (minutes === 20) expect(await problem(await idle.go('GET', '/session'))).toEqual([401, 'spbeSessionExpired'])
    }
    expect(await problem(await busy.go('GET', '/session'))).toEqual([401, 'spbeSessionExpired'])
  })

  it.each([
    ['another origin form', { origin: `${origin}/` }], ['neither provider nor development', { developmentLogin: undefined }], ['plain cookies on https', { cookie: { secure: false } }],
    ['both ways to log in', { provider: { issuer: 'https://sso.contoh.go.id', clientId: 'x', redirectUri, claims: mapping } }], ['no idle time', { idle: 0 }],
    ['the desk itself logging in', { developmentLogin: { people: [{ id: 'x', name: 'x', roles: ['system'] }] } }],
  ] as [string, Record<string, unknown>][])('refuses at construction: %s', async (_, change) => {
    await expect(openPortal({ portal: { session: { origin, developmentLogin: { people }, ...change } } })).rejects.toThrow(TypeError)
  })

  it('without a session configured there are no such addresses, and development login is off beside a provider', async () => {
    const plain = await openPortal()
    expect(await problem(await plain.call('GET', '/session'))).toEqual([404, 'spbeRouteUnknown'])
    await plain.close()
  })
})

describe('login at a real identity provider: code flow with PKCE (RFC 7636, OpenID Connect Core)', () => {
  let provider: TestProvider
  let portal: Portal
  beforeAll(async () => {
    provider = await startProvider()
    portal = await openPortal({
      portal: {
        issuers: [], fetch: globalThis.fetch,
        session: {
          origin,
          provider: { issuer: provider.issuer, clientId: portalClient.id, clientSecret: portalClient.secret, redirectUri, claims: { opd: ['opd'], roles: [['peran']], roleNames: { opd: 'opdOfficer', verifikator: 'verifier' } } },
        },
      },
    })
  })
  afterAll(async () => {
    await portal.close()
    await provider.close()
  })
  const begin = async (back = '/') => {
    const page = browser(portal)
    const start = await page.go('GET', `/session/login?return=${encodeURIComponent(back)}`)
    expect(start.status).toBe(302)
    return { page, url: start.headers.get('location') as string }
  }

  it('from the login to a request of theirs and out again', async () => {
    const { page, url } = await begin('/permohonan?halaman=2')
    const asked = new URL(url).searchParams
    expect([asked.get('code_challenge_method'), asked.get('response_type')]).toEqual(['S256', 'code'])
    const callback = await provider.browse(url, 'surya.wibisana')
    const done = await page.go('GET', `${callback.pathname}${callback.search}`)
    expect([done.status, done.headers.get('location')]).toEqual([303, '/permohonan?halaman=2'])
    expect([...page.cookies().keys()]).toEqual(['__Host-cabut'])
    const view = await (await page.go('GET', '/session')).json() as SessionView
    expect(view).toMatchObject({ person: 'surya.wibisana', roles: ['opdOfficer', 'verifier'], opd: 'dindik', name: 'Surya <b>Wibisana</b>', vouchedBy: 'oidc' })
    await page.go('GET', '/v1/requests')
    expect(portal.trail.at(-1)).toMatchObject({ person: 'surya.wibisana', vouchedBy: provider.issuer })
    // The code and the login serve once.
    expect(await problem(await page.go('GET', `${callback.pathname}${callback.search}`))).toEqual([400, 'spbeLoginFailed'])
    const out = await (await page.go('POST', '/session/logout', { headers: { 'cabut-csrf': view.csrf } })).json() as { redirect: string }
    expect(new URL(out.redirect).origin).toBe(provider.issuer)
  })

  it('nobody without a role of this service comes in', async () => {
    const { page, url } = await begin()
    const callback = await provider.browse(url, 'tanpa.peran')
    expect(await problem(await page.go('GET', `${callback.pathname}${callback.search}`))).toEqual([403, 'spbePersonUnmapped'])
    expect(page.cookies().has('__Host-cabut')).toBe(false)
  })

  it('another browser, another state, a foreign code, a refusal at the provider: no login, and nothing of it is repeated', async () => {
    const one = await begin()
    const callback = await provider.browse(one.url, 'surya.wibisana')
    expect(await problem(await browser(portal).go('GET', `${callback.pathname}${callback.search}`))).toEqual([400, 'spbeLoginFailed'])
    const swapped = await begin()
    expect(await problem(await swapped.page.go('GET', `${callback.pathname}${callback.search}`))).toEqual([400, 'spbeLoginFailed'])
    const state = async (): Promise<{ page: ReturnType<typeof browser>; state: string }> => {
      const { page, url } = await begin()
      return { page, state: new URL(url).searchParams.get('state') as string }
    }
    const foreign = await state()
    const answer = await foreign.page.go('GET', `/session/callback?code=${callback.searchParams.get('code') as string}&state=${foreign.state}&iss=${encodeURIComponent(provider.issuer)}`)
    const text = await answer.text()
    expect([answer.status, text.includes(callback.searchParams.get('code') as string)]).toEqual([400, false])
    const denied = await state()
    expect(await problem(await denied.page.go('GET', `/session/callback?error=access_denied&error_description=%3Cscript%3E&state=${denied.state}&iss=${encodeURIComponent(provider.issuer)}`))).toEqual([400, 'spbeLoginFailed'])
  })

  it.each(['https://jahat.invalid/', '//jahat.invalid/x', '/\\jahat.invalid', 'javascript:alert(1)', '/%0d%0aSet-Cookie:x'])('never sends people elsewhere: %s', async (back) => {
    const { page, url } = await begin(back)
    const callback = await provider.browse(url, 'surya.wibisana')
    const to = (await page.go('GET', `${callback.pathname}${callback.search}`)).headers.get('location') as string
    expect(new URL(to, origin).origin).toBe(origin)
    expect(to).toMatch(/^\/(?![/\\])/)
  })

  it('provider down: 503, and the login works once it is back', async () => {
    const dark = await openPortal({ portal: { issuers: [], session: { origin, provider: { issuer: 'http://127.0.0.1:9', clientId: 'x', redirectUri, claims: mapping } }, fetch: globalThis.fetch } })
    expect(await problem(await dark.call('GET', '/session/login'))).toEqual([503, 'spbeIssuerUnavailable'])
    expect(await problem(await dark.call('GET', '/session/development'))).toEqual([404, 'spbeRouteUnknown'])
    await dark.close()
  })
})
