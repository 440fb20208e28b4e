import { roleNames } from '@cabut/sdk/standard'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIntrospector, type Introspection } from '../src/identity/introspection.js'
import { openPortal } from './portal.js'
import { portalClient, startProvider, type TestProvider } from './provider.js'

const claims = { person: ['username'], opd: ['opd'], roles: [['peran']], roleNames: { opd: 'opdOfficer' } } as const
const active = { active: true, username: 'surya.wibisana', opd: 'dindik', peran: 'opd', exp: 2_000, aud: 'cabut', iss: 'https://sso.contoh.go.id', scope: 'openid cabut' }
const token = 'buram-0123456789abcdef'

function introspector(answer: unknown, change: Partial<Introspection> = {}, clock = { now: 1_000_000 }) {
  const asked: Request[] = []
  const read = createIntrospector({ issuer: 'https://sso.contoh.go.id', url: 'https://sso.contoh.go.id/introspect', clientId: 'portal', clientSecret: 'a b&c', audience: 'cabut', claims, ...change }, {
    roles: roleNames, now: () => new Date(clock.now),
    fetch: (async (url: string, init: RequestInit) => {
      asked.push(new Request(url, init))
      const now = typeof answer === 'function' ? (answer as () => unknown)() : answer
      return now instanceof Response ? now : Response.json(now)
    }) as typeof fetch,
  })
  return { read, asked, clock }
}

describe('token introspection (RFC 7662)', () => {
  it('asks with its own credentials, reads the person by the mapping, believes the answer for 30 s', async () => {
    const { read, asked, clock } = introspector(active)
    expect(await read(token)).toEqual({ id: 'surya.wibisana', roles: ['opdOfficer'], opd: 'dindik', issuer: 'https://sso.contoh.go.id', vouchedBy: 'oidc' })
    expect(asked[0]?.headers.get('authorization')).toBe(`Basic ${btoa('portal:a+b%26c')}`)
    expect(await asked[0]?.text()).toBe(`token=${token}&token_type_hint=access_token`)
    clock.now += 29_999
    await read(token)
    expect(asked).toHaveLength(1)
    clock.now += 1
    await read(token)
    expect(asked).toHaveLength(2)
  })

  it.each([
    ['inactive', { active: false }, 'spbeTokenInvalid'], ['"true"', { ...active, active: 'true' }, 'spbeTokenInvalid'], ['no word', {}, 'spbeTokenInvalid'],
    ['expired', { ...active, exp: 969 }, 'spbeTokenExpired'], ['expiry as text', { ...active, exp: '9999' }, 'spbeTokenExpired'], ['not yet valid', { ...active, nbf: 1_031 }, 'spbeTokenInvalid'],
    ['another issuer', { ...active, iss: 'https://lain.invalid' }, 'spbeTokenInvalid'], ['another audience', { ...active, aud: ['lain'] }, 'spbeTokenInvalid'],
    ['no audience', { ...active, aud: undefined }, 'spbeTokenInvalid'], ['no role', { ...active, peran: 'raja' }, 'spbePersonUnmapped'],
    ['an array', [active], 'spbeIssuerUnavailable'], ['no JSON', new Response('<html>'), 'spbeIssuerUnavailable'], ['an error', new Response('x', { status: 401 }), 'spbeIssuerUnavailable'],
    ['a flood', new Response(' '.repeat(70_000)), 'spbeIssuerUnavailable'],
  ])('%s is refused', async (_, answer, code) => {
    await expect(introspector(answer).read(token)).rejects.toMatchObject({ code })
  })

  it('skew within 30 s; a scope where one is asked for; a cached answer expires with its token', async () => {
    await expect(introspector({ ...active, exp: 971 }).read(token)).resolves.toBeDefined()
    await expect(introspector(active, { scope: 'cabut' }).read(token)).resolves.toBeDefined()
    await expect(introspector({ ...active, scope: 'cabutan' }, { scope: 'cabut' }).read(token)).rejects.toMatchObject({ code: 'spbeTokenInvalid', detail: 'claim scope' })
    const short = introspector({ ...active, exp: 1_001 }, { clockSkew: 0 })
    await short.read(token)
    short.clock.now += 1_000
    await expect(short.read(token)).rejects.toMatchObject({ code: 'spbeTokenExpired' })
    expect(short.asked).toHaveLength(1)
  })

  it.each(['', 'pendek', 'a b'.repeat(9), 'x'.repeat(5_000)])('does not ask about what is no token', async (text) => {
    const { read, asked } = introspector(active)
    await expect(read(text)).rejects.toMatchObject({ code: 'spbeTokenInvalid' })
    expect(asked).toHaveLength(0)
  })

  it.each([{ url: 'http://sso.contoh.go.id/introspect' }, { clientSecret: '' }, { cache: 301 }, { clockSkew: -1 }, { claims: { ...claims, roleNames: { x: 'system' } } }])('refuses at construction: %j', (change) => {
    expect(() => introspector(active, change as Partial<Introspection>)).toThrow(TypeError)
  })
})

describe('against a real OAuth 2.0 server', () => {
  let provider: TestProvider
  beforeAll(async () => { provider = await startProvider() })
  afterAll(async () => provider.close())

  it('an opaque token opens the interface, a revoked and an invented one do not', async () => {
    const basic = `Basic ${btoa(`${portalClient.id}:${portalClient.secret}`)}`
    const ask = (path: string, form: Record<string, string>): Promise<Response> => fetch(`${provider.issuer}${path}`, { method: 'POST', headers: { authorization: basic }, body: new URLSearchParams(form) })
    const { access_token } = await (await ask('/token', { grant_type: 'client_credentials', scope: 'cabut' })).json() as { access_token: string }
    const portal = await openPortal({
      portal: {
        issuers: [], fetch: globalThis.fetch,
        introspection: { issuer: provider.issuer, url: `${provider.issuer}/token/introspection`, clientId: portalClient.id, clientSecret: portalClient.secret, scope: 'cabut', cache: 0, claims: { ...claims, person: ['person'] } },
      },
    })
    portal.clock.now = Date.now()
    const list = async (bearer: string): Promise<unknown> => {
      const answer = await portal.call('GET', '/v1/requests', { headers: { authorization: `Bearer ${bearer}` } })
      return [answer.status, (await answer.json() as { code?: string }).code]
    }
    expect(await list(access_token)).toEqual([200, undefined])
    expect(portal.trail.at(-1)).toMatchObject({ person: 'surya.wibisana', opd: 'dindik', role: 'opdOfficer', vouchedBy: provider.issuer })
    expect(await list('sama-sekali-bukan-token')).toEqual([401, 'spbeTokenInvalid'])
    expect(await list('eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.eA')).toEqual([401, 'spbeTokenInvalid'])
    await provider.close()
    expect(await list(access_token)).toEqual([503, 'spbeIssuerUnavailable'])
    await portal.close()
  })
})
