import { inspect } from 'node:util'
import { roleNames } from '@cabut/sdk/standard'
import { beforeAll, describe, expect, it } from 'vitest'
import { badAuthorizations } from '../../test/forged.js'
import { testIssuer, type TestIssuer } from '../../test/issuer.js'
import type { ClaimMapping } from './claims.js'
import type { TokenIssuer } from './issuer.js'
import { createTokenVerifier } from './verify.js'

const mapping: ClaimMapping = {
  roles: [['realm_access', 'roles'], ['roles']],
  roleNames: { 'cabut-kepala': 'head', 'cabut-verifikator': 'verifier', 'cabut-opd': 'opdOfficer' },
  opd: ['opd'],
}
const claims = { opd: '3.27.01', realm_access: { roles: ['offline_access', 'cabut-verifikator'] } }
const start = Date.parse('2026-11-23T01:00:00.000Z')

function verifier(peer: TestIssuer, change: Partial<TokenIssuer> = {}, now: () => number = Date.now): (token: string | undefined) => Promise<unknown> {
  const verify = createTokenVerifier([{ issuer: peer.issuer, audience: 'cabut', keys: { url: peer.jwksUrl }, claims: mapping, ...change }], {
    roles: roleNames, now: () => new Date(now()), fetch: peer.fetch,
  })
  return (token) => verify(token === undefined ? null : `Bearer ${token}`)
}

describe('bearer tokens (RFC 6750, RFC 7519, RFC 8725)', () => {
  let peer: TestIssuer
  beforeAll(async () => { peer = await testIssuer('https://sso.contoh.go.id/realms/daerah') })

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('%s: person, role and office by the mapping', async (algorithm) => {
    const one = await testIssuer('https://sso.contoh.go.id', algorithm)
    expect(await verifier(one)(await one.sign(claims))).toEqual({ id: 'p-1', roles: ['verifier'], opd: '3.27.01', issuer: 'https://sso.contoh.go.id', vouchedBy: 'oidc' })
  })

  it('every bad token is refused with its code, and no error repeats it', async () => {
    for (const [name, authorization, code] of await badAuthorizations(peer, claims)) {
      const verify = createTokenVerifier([{ issuer: peer.issuer, audience: 'cabut', keys: { url: peer.jwksUrl }, claims: mapping }], {
        roles: roleNames, now: () => new Date(), fetch: peer.fetch,
      })
      const error: unknown = await verify(authorization ?? null).then(() => undefined, (reason: unknown) => reason)
      expect(error, name).toMatchObject({ code })
      const printed = inspect(error) + JSON.stringify(error)
      expect(printed, name).not.toMatch(/9999010101800001/)
      if (authorization !== undefined && authorization.length > 20) expect(printed, name).not.toContain(authorization.slice(7, 60))
    }
  })

  it('skew: 30 seconds by default, settable, bounded', async () => {
    const token = await peer.sign(claims, { at: start, expires: 60 })
    const at = (seconds: number) => (): number => start + seconds * 1_000
    await expect(verifier(peer, {}, at(89))(token)).resolves.toMatchObject({ id: 'p-1' })
    await expect(verifier(peer, {}, at(90))(token)).rejects.toMatchObject({ code: 'spbeTokenExpired' })
    await expect(verifier(peer, { clockSkew: 0 }, at(60))(token)).rejects.toMatchObject({ code: 'spbeTokenExpired' })
    await expect(verifier(peer, { clockSkew: 120 }, at(179))(token)).resolves.toMatchObject({ id: 'p-1' })
    expect(() => verifier(peer, { clockSkew: 301 })).toThrow(TypeError)
  })

  it('rotation: a new key is fetched once its kid shows up, an old one still verifies while it is listed', async () => {
    const one = await testIssuer('https://putar.contoh.go.id')
    let now = Date.now()
    const verify = verifier(one, {}, () => now)
    const old = await one.sign(claims)
    await verify(old)
    expect(one.fetched).toBe(1)
    await one.rotate()
    const fresh = await one.sign(claims)
    // Within jose's cooldown of 30 s an unknown kid does not trigger a fetch: strangers cannot make us hammer the issuer.
    await expect(verify(fresh)).rejects.toMatchObject({ code: 'spbeTokenInvalid' })
    expect(one.fetched).toBe(1)
    const later = verifier(one, {}, () => now)
    await later(fresh)
    await later(old)
    one.keys.keys.shift()
    now += 1
    const afterwards = verifier(one, {}, () => now)
    await expect(afterwards(old)).rejects.toMatchObject({ code: 'spbeTokenInvalid' })
  })

  it.each(['reset', '500', 'html'] as const)('JWKS down (%s): unavailable, never valid, and the issuer is left in peace', async (down) => {
    const one = await testIssuer('https://mati.contoh.go.id')
    let now = Date.now()
    const verify = verifier(one, {}, () => now)
    one.down = down
    const token = await one.sign(claims)
    for (let time = 0; time < 10; time++) await expect(verify(token)).rejects.toMatchObject({ code: 'spbeIssuerUnavailable', httpStatus: 503, retryable: true })
    expect(one.fetched).toBe(1)
    one.down = false
    now += 5_001
    await expect(verify(token)).resolves.toMatchObject({ id: 'p-1' })
  })

  it('JWKS down after it was read: tokens verify on the keys at hand', async () => {
    const one = await testIssuer('https://sebentar.contoh.go.id')
    const verify = verifier(one)
    await verify(await one.sign(claims))
    one.down = 'reset'
    await expect(verify(await one.sign(claims))).resolves.toMatchObject({ id: 'p-1' })
  })

  it('two issuers: each with its own keys, audience and mapping; a token of one never passes as the other', async () => {
    const other = await testIssuer('https://inapas.contoh.go.id', 'EdDSA')
    const fetch = (async (url: string) => (url.startsWith(other.issuer) ? other.fetch(url) : peer.fetch(url))) as typeof globalThis.fetch
    const verify = createTokenVerifier([
      { issuer: peer.issuer, audience: 'cabut', keys: { url: peer.jwksUrl }, claims: mapping },
      { issuer: other.issuer, audience: 'cabut', keys: { jwks: other.keys }, claims: { roles: [['peran']], roleNames: { ops: 'opdOfficer' } } },
    ], { roles: roleNames, now: () => new Date(), fetch })
    expect(await verify(`Bearer ${await other.sign({ peran: 'baca ops' })}`)).toMatchObject({ roles: ['opdOfficer'], issuer: other.issuer })
    await expect(verify(`Bearer ${await other.sign({ ...claims, iss: peer.issuer })}`)).rejects.toMatchObject({ code: 'spbeTokenInvalid' })
  })

  it('a portal asserts its own session: short tokens only, and it says so', async () => {
    const portal = await testIssuer('https://portal.contoh.go.id', 'RS256', () => start)
    const verify = verifier(portal, { kind: 'portal' }, () => start + 200_000)
    expect(await verify(await portal.sign(claims, { expires: 250 }))).toMatchObject({ vouchedBy: 'portal' })
    const late = verifier(portal, { kind: 'portal' }, () => start + 331_000)
    await expect(late(await portal.sign(claims, { expires: 9_999 }))).rejects.toMatchObject({ code: 'spbeTokenExpired' })
    await expect(late(await portal.sign({ ...claims, iat: undefined }, { expires: 9_999 }))).rejects.toMatchObject({ code: 'spbeTokenInvalid' })
  })

  it('identity numbers become pseudonyms, stable under one key', async () => {
    const pseudonymKey = 'x'.repeat(32)
    const token = await peer.sign({ ...claims, sub: '9999010101800001' })
    const person = await verifier(peer, { claims: { ...mapping, pseudonymKey } })(token) as { id: string }
    expect(person.id).toMatch(/^p-[0-9a-f]{32}$/)
    expect(await verifier(peer, { claims: { ...mapping, pseudonymKey } })(token)).toEqual(person)
    expect(await verifier(peer, { claims: { ...mapping, pseudonymKey: 'y'.repeat(32) } })(token)).not.toEqual(person)
  })

  it('offices: mapped by a list, an unlisted one refused, never read from a prototype', async () => {
    const list = { claims: { ...mapping, opdNames: { '3.27.01': 'dinkes' } } }
    expect(await verifier(peer, list)(await peer.sign(claims))).toMatchObject({ opd: 'dinkes' })
    for (const opd of ['lain', 'constructor', '__proto__', 7, ['3.27.01'], 'a b']) {
      await expect(verifier(peer, list)(await peer.sign({ ...claims, opd })), String(opd)).rejects.toMatchObject({ code: 'spbePersonUnmapped', at: 'opd' })
    }
    expect(await verifier(peer, { claims: { ...mapping, roles: [['constructor', 'name'], ['realm_access', 'roles']] } })(await peer.sign(claims))).toMatchObject({ roles: ['verifier'] })
  })

  it('several roles keep the order of the mapping', async () => {
    expect(await verifier(peer)(await peer.sign({ ...claims, roles: 'cabut-opd cabut-kepala' }))).toMatchObject({ roles: ['head', 'verifier', 'opdOfficer'] })
  })

  it.each([
    ['an HMAC algorithm', { algorithms: ['HS256'] }], ['alg none', { algorithms: ['none'] }], ['no algorithm', { algorithms: [] }],
    ['no audience', { audience: [] }], ['an empty audience', { audience: '' }], ['plain http', { keys: { url: 'http://sso.contoh.go.id/certs' } }],
    ['no keys', { keys: { jwks: { keys: [] } } }], ['a portal with long tokens', { kind: 'portal', maxAge: 3_600 }],
    ['the system as role', { claims: { ...mapping, roleNames: { a: 'system' } } }], ['BSrE as role', { claims: { ...mapping, roleNames: { a: 'bsre' } } }],
    ['an unknown role', { claims: { ...mapping, roleNames: { a: 'raja' } } }], ['no roles', { claims: { ...mapping, roleNames: {} } }],
    ['a short pseudonym key', { claims: { ...mapping, pseudonymKey: 'pendek' } }],
  ] as [string, Record<string, unknown>][])('refuses at construction: %s', (_, change) => {
    expect(() => verifier(peer, change as Partial<TokenIssuer>)).toThrow(TypeError)
  })
})
