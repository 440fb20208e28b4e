import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../src/route/index.js'
import { testIssuer, type TestIssuer } from './issuer.js'
import { mapping, openPortal, people, type Portal } from './portal.js'

const secret = 'rahasia-token-sematan-untuk-uji-0001'
let portal: Portal
let laravel: TestIssuer
beforeAll(async () => {
  const clock = { now: Date.UTC(2026, 10, 24, 2) }
  laravel = await testIssuer('https://portal.contoh.go.id', 'RS256', () => portal?.clock.now ?? clock.now)
  portal = await openPortal({
    portal: {
      embed: { secrets: [secret, 'rahasia-lama-yang-sebentar-lagi-pergi'] },
      issuers: [{ kind: 'portal', issuer: laravel.issuer, audience: 'cabut', keys: { jwks: laravel.keys }, claims: mapping }],
    },
  })
})
afterAll(async () => portal.close())

const asPortal = async (person: { sub: string; opd?: string; roles: readonly string[] } = people.opd): Promise<Record<string, string>> =>
  ({ authorization: `Bearer ${await laravel.sign({ sub: person.sub, opd: person.opd, realm_access: { roles: person.roles } })}` })
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })
interface Minted { token: string; requestId: string; expiresAt: string }
const mint = async (json: unknown, person?: Parameters<typeof asPortal>[0], key?: string): Promise<Response> =>
  portal.call('POST', '/v1/embed-tokens', { json, headers: await asPortal(person), ...(key === undefined ? {} : { key }) })
const codeOf = async (answer: Response): Promise<unknown[]> => [answer.status, (await answer.json() as { code?: string }).code]

describe('embed tokens: one person, one request, short', () => {
  it('files exactly one request, follows it, and is named in the trail', async () => {
    const minted = await mint({ scope: 'file' }, people.opd, 'kunci-sematan-1')
    const { token, requestId, expiresAt } = await minted.json() as Minted
    expect([minted.status, expiresAt]).toEqual([201, new Date(portal.clock.now + 600_000).toISOString()])
    const again = await (await mint({ scope: 'file' }, people.opd, 'kunci-sematan-1')).json() as Minted
    expect(again.requestId).toBe(requestId)

    const filed = await portal.call('POST', '/v1/requests', { form: await portal.filing(await portal.issue('surya.wibisana')), headers: bearer(token) })
    expect([filed.status, (await filed.json() as { id: string }).id]).toEqual([201, requestId])
    expect(portal.trail.at(-1)).toMatchObject({ operation: 'fileRequest', person: 'surya.wibisana', vouchedBy: 'asserted by portal https://portal.contoh.go.id, embed token (file)' })
    // Another filing under the token meets the first one.
    const second = await portal.call('POST', '/v1/requests', { form: await portal.filing(await portal.issue('surya.wibisana')), headers: bearer(token) })
    expect([second.status, (await second.json() as { id: string }).id]).toEqual([200, requestId])
    expect(await portal.desk.list()).toHaveLength(1)

    const read = await (await mint({ scope: 'read', requestId, lifetimeSeconds: 60 })).json() as Minted
    for (const path of ['', '/ticket', '/live']) {
      const answer = await portal.call('GET', `/v1/requests/${requestId}${path}`, { headers: bearer(read.token) })
      expect(answer.status, path).toBe(200)
      await answer.body?.cancel()
    }
  })

  it('opens nothing else: every route for every scope, as the table says', async () => {
    const other = await portal.call('POST', '/v1/requests', { form: await portal.filing(await portal.issue('surya.wibisana')), headers: await asPortal() })
    const { id } = await other.json() as { id: string }
    const file = await (await mint({ scope: 'file' })).json() as Minted
    const read = await (await mint({ scope: 'read', requestId: id })).json() as Minted
    let refused = 0
    for (const row of routes.filter(({ access }) => access === 'bearer')) {
      for (const [scope, { token, requestId }] of [['file', file], ['read', read]] as const) {
        const open = row.embed === 'read' || (row.embed === 'file' && scope === 'file')
        if (open) {
          // Open, but not for another request.
          if (!row.path.includes('{id}')) continue
          const foreign = requestId === id ? file.requestId : id
          expect(await codeOf(await portal.call(row.method.toUpperCase(), row.path.replace('{id}', foreign), { headers: bearer(token), ifMatch: '*' })), `${scope} ${row.operationId}`).toEqual([403, 'spbeForbidden'])
        } else {
          const path = row.path.replace('{id}', requestId).replace('{sha256}', 'a'.repeat(64))
          expect(await codeOf(await portal.call(row.method.toUpperCase(), path, { headers: bearer(token), ifMatch: '*' })), `${scope} ${row.operationId}`).toEqual([403, 'spbeForbidden'])
        }
        refused++
      }
    }
    expect(refused).toBeGreaterThan(80)
    expect(routes.filter(({ embed }) => embed !== undefined).map(({ operationId }) => operationId).sort()).toEqual(['amendRequest', 'attachLetter', 'fileRequest', 'readRequest', 'readTicket', 'submitRequest', 'watchRequest'])
  })

  it('only a registered portal makes them, for people who see the request', async () => {
    const { requestId } = await (await mint({ scope: 'file' })).json() as Minted
    expect(await codeOf(await mint({ scope: 'read', requestId }))).toEqual([404, 'requestNotFound'])
    const [{ id }] = await portal.desk.list() as unknown as [{ id: string }]
    expect(await codeOf(await mint({ scope: 'read', requestId: id }, people.stranger))).toEqual([404, 'requestNotFound'])
    expect(await codeOf(await mint({ scope: 'read' }))).toEqual([400, 'spbeBodyInvalid'])
    expect(await codeOf(await mint({ scope: 'file', lifetimeSeconds: 3_601 }))).toEqual([422, 'requestInvalid'])
    expect(await codeOf(await mint({ scope: 'admin' }))).toEqual([422, 'requestInvalid'])
    const { token } = await (await mint({ scope: 'file' })).json() as Minted
    expect(await codeOf(await portal.call('POST', '/v1/embed-tokens', { json: { scope: 'file' }, headers: bearer(token) }))).toEqual([403, 'spbeForbidden'])
    const oidc = await openPortal({ portal: { embed: { secrets: [secret] } } })
    expect(await codeOf(await oidc.call('POST', '/v1/embed-tokens', { as: people.opd, json: { scope: 'file' } }))).toEqual([403, 'spbeForbidden'])
    await oidc.close()
    await expect(openPortal({ portal: { embed: { secrets: ['pendek'] } } })).rejects.toThrow(TypeError)
  })

  it('expired, altered, signed by others, or an issuer token under this type: refused', async () => {
    const { token, requestId } = await (await mint({ scope: 'file', lifetimeSeconds: 30 })).json() as Minted
    const path = `/v1/requests/${requestId}`
    const [header, payload, signature] = token.split('.') as [string, string, string]
    const wider = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()) as object, role: 'head' })).toString('base64url')
    const seconds = Math.floor(portal.clock.now / 1_000)
    const forged = (key: string, typ: string, alg = 'HS256'): Promise<string> => new SignJWT({ portal: 'x', role: 'head', scope: 'read', case: requestId })
      .setProtectedHeader({ alg, typ }).setIssuer('urn:cabut:embed').setAudience('urn:cabut:embed').setSubject('x').setIssuedAt(seconds).setExpirationTime(seconds + 60).sign(new TextEncoder().encode(key))
    for (const bad of [`${header}.${wider}.${signature}`, await forged('r'.repeat(36), 'cabut-embed+jwt'), await forged(secret, 'JWT'), await forged(secret.padEnd(64, 'x'), 'cabut-embed+jwt', 'HS512'), await laravel.sign({ sub: 'x' }, { header: { typ: 'cabut-embed+jwt' } })]) {
      expect(await codeOf(await portal.call('GET', path, { headers: bearer(bad) }))).toEqual([401, 'spbeTokenInvalid'])
    }
    portal.clock.now += 30_000
    expect(await codeOf(await portal.call('GET', path, { headers: bearer(token) }))).toEqual([401, 'spbeTokenExpired'])
    expect((await portal.call('GET', '/v1/requests/tidak-ada', { headers: bearer(await forged('rahasia-lama-yang-sebentar-lagi-pergi', 'cabut-embed+jwt')) })).status).toBe(403)
  })
})
