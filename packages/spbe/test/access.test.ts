import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../src/route/index.js'
import { badAuthorizations } from './forged.js'
import { openPortal, people, type Filed, type Portal } from './portal.js'

let portal: Portal
let filed: Filed
beforeAll(async () => {
  portal = await openPortal()
  filed = await portal.filed()
})
afterAll(async () => portal.close())

const guarded = routes.filter(({ access }) => access === 'bearer')
const pathOf = (path: string): string => path.replace('{id}', filed.id).replace('{sha256}', 'a'.repeat(64))

describe('who may come in', () => {
  it('public is exactly what anybody may read of the service', () => {
    expect(routes.filter(({ access }) => access === 'public').map(({ method, path }) => `${method} ${path}`)).toEqual([
      'get /health/live', 'get /health/ready', 'get /openapi.json', 'get /v1/standard', 'get /v1/reasons',
    ])
    expect(guarded).toHaveLength(routes.length - 5)
  })

  it('public routes answer without a token, in both languages', async () => {
    for (const { path } of routes.filter(({ access }) => access === 'public')) expect((await portal.call('GET', path)).status, path).toBe(200)
    const standard = async (language: string): Promise<unknown> => (await portal.call('GET', '/v1/standard', { headers: { 'accept-language': language } })).json()
    expect(await standard('id')).toMatchObject({ title: 'Standar Pelayanan Pencabutan Sertifikat Elektronik', components: { length: 14 } })
    expect(await standard('en')).toMatchObject({ title: 'Service standard for the revocation of electronic certificates' })
    const { reasons } = await (await portal.call('GET', '/v1/reasons')).json() as { reasons: { code: string; advice?: string }[] }
    expect(reasons.find(({ code }) => code === 'lupaPassphrase')?.advice).toMatch(/reset passphrase/)
    // The standard offers no suspension, so none is offered here.
    expect(reasons.map(({ code }) => code)).not.toContain('penangguhan')
  })

  it(`every one of ${guarded.length} guarded routes refuses every bad token`, async () => {
    const bad = await badAuthorizations(portal.issuer, { opd: 'dindik', realm_access: { roles: ['opd'] } }, portal.clock.now)
    let refused = 0
    const before = await portal.desk.get(filed.id)
    for (const { method, path } of guarded) {
      for (const [name, authorization, code] of bad) {
        const headers = authorization === undefined ? {} : { authorization }
        const answer = await portal.call(method.toUpperCase(), pathOf(path), { headers, ifMatch: '*' })
        const problem = await answer.json() as { code: string }
        expect([answer.status, problem.code], `${name} at ${method} ${path}`).toEqual([code === 'spbePersonUnmapped' ? 403 : 401, code])
        if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
        refused++
      }
    }
    expect(refused).toBe(guarded.length * bad.length)
    expect((await portal.desk.get(filed.id)).version).toBe(before.version)
  })

  it('across OPDs every route answers as if the request did not exist', async () => {
    const byRequest = guarded.filter(({ path, tag }) => path.includes('{id}') && tag !== 'complaints')
    for (const { method, path } of byRequest) {
      const real = await portal.call(method.toUpperCase(), pathOf(path), { as: people.stranger, ifMatch: '*' })
      const invented = await portal.call(method.toUpperCase(), pathOf(path).replace(filed.id, 'P-tidakada'), { as: people.stranger, ifMatch: '*' })
      const [one, other] = [await real.json(), await invented.json()]
      expect([path, real.status, one]).toEqual([path, 404, other])
      expect(one).toMatchObject({ code: 'requestNotFound' })
    }
    expect(byRequest.length).toBeGreaterThan(25)
    expect(await (await portal.call('GET', '/v1/requests', { as: people.stranger })).json()).toEqual({ items: [], next: null })
  })

  it('nobody files for another office, or as another person', async () => {
    for (const change of [{ opdOrigin: 'dinkes' }, { applicant: { id: 'orang.lain' } }, { applicant: { opd: 'dinkes' } }]) {
      const answer = await portal.call('POST', '/v1/requests', { as: people.opd, form: await portal.filing(filed.leaf, change) })
      expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'spbeForbidden' }])
    }
  })

  it('a role is chosen among those of the token, and no other', async () => {
    const both = { ...people.verifier, roles: ['verifikator', 'kepala'] }
    const dispose = async (role: string): Promise<Response> => portal.call('POST', `/v1/requests/${filed.id}/expedite`, { as: both, json: {}, ifMatch: '*', headers: { 'cabut-role': role } })
    const refused = await dispose('supervisor')
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'spbeForbidden', at: 'Cabut-Role', roles: ['head', 'verifier'] }])
    await portal.call('GET', `/v1/requests/${filed.id}`, { as: both, headers: { 'cabut-role': 'verifier' } })
    expect(portal.trail.at(-1)).toMatchObject({ role: 'verifier' })
    await portal.call('GET', `/v1/requests/${filed.id}`, { as: both })
    expect(portal.trail.at(-1)).toMatchObject({ role: 'head', vouchedBy: 'https://sso.contoh.go.id/realms/daerah', operation: 'readRequest', requestId: filed.id, status: 200 })
  })

  it('an office role without an office sees nothing at all', async () => {
    const answer = await portal.call('GET', '/v1/requests', { as: { sub: 'tanpa.opd', roles: ['opd'] } })
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'spbePersonUnmapped' }])
  })

  it('JWKS down: 503 on every guarded route', async () => {
    const dark = await openPortal()
    dark.issuer.down = 'reset'
    for (const { method, path } of guarded) {
      const answer = await dark.call(method.toUpperCase(), pathOf(path), { as: people.opd, ifMatch: '*' })
      expect([path, answer.status, (await answer.json() as { code: string }).code]).toEqual([path, 503, 'spbeIssuerUnavailable'])
    }
    await dark.close()
  })

  it('a portal that asserts its own session is named in the trail', async () => {
    const { testIssuer } = await import('./issuer.js')
    const laravel = await testIssuer('https://portal.contoh.go.id', 'RS256', () => portal.clock.now)
    const { mapping } = await import('./portal.js')
    const other = await openPortal({ portal: { issuers: [{ kind: 'portal', issuer: laravel.issuer, audience: 'cabut', keys: { jwks: laravel.keys }, claims: mapping }] } })
    const answer = await other.call('GET', '/v1/requests', { headers: { authorization: `Bearer ${await laravel.sign({ sub: 'surya.wibisana', opd: 'dindik', realm_access: { roles: ['opd'] } })}` } })
    expect(answer.status).toBe(200)
    expect(other.trail.at(-1)).toMatchObject({ person: 'surya.wibisana', vouchedBy: 'asserted by portal https://portal.contoh.go.id' })
    await other.close()
  })

  it('unknown addresses and methods are problems too', async () => {
    for (const [method, path, status, code] of [
      ['GET', '/', 404, 'spbeRouteUnknown'], ['GET', '/v1/requests/', 404, 'spbeRouteUnknown'], ['GET', '/v1/../v1/lain', 404, 'spbeRouteUnknown'],
      ['PUT', '/v1/requests', 405, 'spbeMethodNotAllowed'], ['DELETE', `/v1/requests/${filed.id}`, 405, 'spbeMethodNotAllowed'], ['GET', `/v1/requests/${filed.id}/approve`, 405, 'spbeMethodNotAllowed'],
    ] as const) {
      const answer = await portal.call(method, path, { as: people.opd })
      expect([method, path, answer.status, answer.headers.get('content-type'), (await answer.json() as { code: string }).code]).toEqual([method, path, status, 'application/problem+json', code])
      if (status === 405) expect(answer.headers.get('allow')).toMatch(/^(GET|POST)/)
    }
  })
})
