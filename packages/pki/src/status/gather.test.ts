import { describe, expect, it } from 'vitest'
import { later, makeParty, type Party } from '../../test/build/certificate.js'
import { makeCrl } from '../../test/build/crl.js'
import { directory, explicit, extension, oid, rdn, seq, tlv, uri } from '../../test/build/der.js'
import { makeOcsp } from '../../test/build/ocsp.js'
import { buildOcspRequest, ocspGetUrl } from '../ocsp/index.js'
import { checkStatus, type EvidenceFetcher, type FetchOutcome, type StatusOptions, type StatusVerdict } from './index.js'

const root = makeParty({ subject: 'CN=Akar Contoh', ca: true, notAfter: later(900) })
const ca = makeParty({ subject: 'CN=CA Contoh', ca: true, issuer: root, notAfter: later(800) })
const host = 'http://contoh.test'

const access = (method: 1 | 2, ...urls: readonly string[]): Buffer => extension('1.3.6.1.5.5.7.1.1', seq(...urls.map((url) => seq(oid(`1.3.6.1.5.5.7.48.${method}`), uri(url)))))
const point = (...names: readonly Buffer[]): Buffer => seq(explicit(0, explicit(0, ...names)))
const points = (...list: readonly Buffer[]): Buffer => extension('2.5.29.31', seq(...list))
const freshest = (...urls: readonly string[]): Buffer => extension('2.5.29.46', seq(...urls.map((url) => point(uri(url)))))
const leafWith = (...extensions: readonly Buffer[]): Party => makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2', extensions })
const good = (plan: { serial?: string; nonce?: Uint8Array } = {}): Buffer => makeOcsp({ signer: ca, singles: [{ serial: plan.serial ?? 'a1b2', issuer: ca, nextUpdate: later(5) }], ...(plan.nonce && { nonce: plan.nonce }) })

const fetched = (bytes: Uint8Array): FetchOutcome => ({ outcome: 'fetched', bytes })
const failed = (status: number): FetchOutcome => ({ outcome: 'failed', detail: `HTTP ${status}`, status })

/** A fetcher over answers by `GET url` or `POST url`; whatever else is asked for fails. */
function fetcherOver(answers: Record<string, Uint8Array | FetchOutcome>): EvidenceFetcher & { readonly asked: string[]; readonly bodies: Uint8Array[] } {
  const asked: string[] = []
  const bodies: Uint8Array[] = []
  const answer = (key: string): Promise<FetchOutcome> => {
    asked.push(key)
    const found = answers[key]
    return Promise.resolve(found === undefined ? failed(404) : found instanceof Uint8Array ? fetched(found) : found)
  }
  return { asked, bodies, get: (url) => answer(`GET ${url}`), post: (url, body) => { bodies.push(body); return answer(`POST ${url}`) } }
}
const check = (subject: Party, fetch: StatusOptions['fetch'], options: Partial<StatusOptions> = {}): Promise<StatusVerdict> =>
  checkStatus(subject.der, { anchors: [root.der], intermediates: [ca.der], at: later(0.5), checkIssuers: false, ...(fetch !== undefined && { fetch }), ...options })

describe('RFC 6960: responders', () => {
  it('are asked one after the other, to the first that answers', async () => {
    const fetcher = fetcherOver({ [`POST HTTP://contoh.test/2`]: good() })
    const verdict = await check(leafWith(access(1, 'ldap://contoh.test/0', 'ldap://contoh.test/http://contoh.test/', `${host}/1`, 'HTTP://contoh.test/2', `${host}/3`)), fetcher)
    expect(fetcher.asked).toEqual([`POST ${host}/1`, 'POST HTTP://contoh.test/2'])
    expect(verdict).toMatchObject({ status: 'good', evidence: [{ origin: 'HTTP://contoh.test/2' }] })
    // Also in a copy, such as JSON.
    expect({ ...verdict.evidence[0] }).toHaveProperty('origin', 'HTTP://contoh.test/2')
    expect(verdict.problems).toEqual([{ reason: 'fetchFailed', detail: 'HTTP 404', url: `${host}/1` }])
  })
  it('of no protocol that is fetched are said; no responder is no problem', async () => {
    const fetcher = fetcherOver({})
    const verdict = await check(leafWith(access(1, 'ldap://contoh.test/0')), fetcher)
    expect([verdict.status, verdict.reason, verdict.problems]).toEqual(['unknown', 'unsupportedLocation', [{ reason: 'unsupportedLocation', detail: 'ocsp' }]])
    expect((await check(leafWith(), fetcher)).problems).toEqual([])
    expect(fetcher.asked).toEqual([])
  })
  it('are not asked twice for a certificate, but for each', async () => {
    const fetcher = fetcherOver({})
    const shared = makeParty({ subject: 'CN=CA Contoh', key: ca.key, ca: true, issuer: root, notAfter: later(800), ocspUrl: `${host}/ocsp` })
    await check(leafWith(access(1, `${host}/ocsp`, `${host}/ocsp`)), fetcher, { intermediates: [shared.der], checkIssuers: true })
    expect(fetcher.asked).toEqual([`POST ${host}/ocsp`, `POST ${host}/ocsp`])
  })
  it('that refuse POST are asked by GET, without a nonce', async () => {
    const leaf = leafWith(access(1, `${host}/ocsp`))
    const get = ocspGetUrl(`${host}/ocsp`, await buildOcspRequest({ certificate: leaf.certificate, issuer: ca.certificate }))!
    for (const answer of [good(), good({ nonce: Buffer.alloc(32, 7) })]) {
      const fetcher = fetcherOver({ [`POST ${host}/ocsp`]: failed(405), [`GET ${get}`]: answer })
      expect(await check(leaf, fetcher)).toMatchObject({ status: 'good', problems: [] })
      expect(fetcher.asked).toEqual([`POST ${host}/ocsp`, `GET ${get}`])
    }
    // To a question by POST the same answer is the answer to somebody else.
    expect(await check(leaf, fetcherOver({ [`POST ${host}/ocsp`]: good({ nonce: Buffer.alloc(32, 7) }) }))).toMatchObject({ status: 'unknown', reason: 'nonceMismatch' })
    expect(await check(leaf, fetcherOver({ [`POST ${host}/ocsp`]: good() }))).toMatchObject({ status: 'good' })
  })
  it('are asked by GET for no other failure, and not where the address would be too long', async () => {
    for (const outcome of [failed(404), failed(500), { outcome: 'failed', detail: 'timeout' }, { outcome: 'refused', detail: 'x', status: 405 }] as FetchOutcome[]) {
      const fetcher = fetcherOver({ [`POST ${host}/ocsp`]: outcome })
      await check(leafWith(access(1, `${host}/ocsp`)), fetcher)
      expect(fetcher.asked).toHaveLength(1)
    }
    const long = `${host}/${'x'.repeat(300)}`
    const fetcher = fetcherOver({ [`POST ${long}`]: failed(405) })
    expect((await check(leafWith(access(1, long)), fetcher)).problems).toEqual([{ reason: 'fetchFailed', detail: 'HTTP 405', url: long }])
    expect(fetcher.asked).toHaveLength(1)
  })
  it('get a fresh nonce of 32 octets each time', async () => {
    const fetcher = fetcherOver({})
    await check(leafWith(access(1, `${host}/1`, `${host}/2`)), fetcher)
    const nonces = fetcher.bodies.map((body) => Buffer.from(body).toString('hex').split('06092b060105050730010204220420')[1])
    expect(nonces.map((nonce) => nonce?.length)).toEqual([64, 64])
    expect(nonces[0]).not.toBe(nonces[1])
  })
  it('whose answer cannot be read are named', async () => {
    const verdict = await check(leafWith(access(1, `${host}/ocsp`)), fetcherOver({ [`POST ${host}/ocsp`]: Buffer.from('<html>') }))
    expect([verdict.status, verdict.reason, verdict.problems]).toEqual(['unknown', 'malformed', [{ reason: 'malformed', detail: 'ocsp: derTag at 0', url: `${host}/ocsp` }]])
  })
})

describe('RFC 5280 4.2.1.13: CRLs', () => {
  const crl = makeCrl({ issuer: ca })
  const revokes = makeCrl({ issuer: ca, entries: [{ serial: 'a1b2', reason: 1 }] })

  it('come from the first address of each point that gives a readable one', async () => {
    const fetcher = fetcherOver({ [`GET ${host}/1`]: Buffer.from('<html>'), [`GET ${host}/2`]: { outcome: 'refused', detail: 'x' }, [`GET ${host}/3`]: crl, [`GET ${host}/5`]: revokes })
    const verdict = await check(leafWith(points(point(uri('ldap://contoh.test/0'), uri(`${host}/1`), uri(`${host}/2`), uri(`${host}/3`), uri(`${host}/4`)), point(uri(`${host}/5`)))), fetcher)
    expect(fetcher.asked).toEqual([1, 2, 3, 5].map((number) => `GET ${host}/${number}`))
    expect(verdict.status).toBe('revoked')
    expect(verdict.evidence.map(({ origin }) => origin)).toEqual([`${host}/3`, `${host}/5`])
    expect(verdict.problems).toEqual([{ reason: 'malformed', detail: 'crl: derTag', url: `${host}/1` }, { reason: 'fetchRefused', detail: 'x', url: `${host}/2` }])
  })
  it('are not fetched twice from an address', async () => {
    const fetcher = fetcherOver({ [`GET ${host}/1`]: crl })
    expect((await check(leafWith(points(point(uri(`${host}/1`)), point(uri(`${host}/1`), uri(`${host}/2`)))), fetcher)).status).toBe('good')
    expect(fetcher.asked).toEqual([`GET ${host}/1`, `GET ${host}/2`])
  })
  it.each([
    ['a name relative to the issuer', seq(explicit(0, tlv(0xa1, rdn('CN', 'Daftar').subarray(2))))], ['a directory name', point(directory(root.name))], ['no name', seq(tlv(0xa2, directory(root.name)))], ['another protocol', point(uri('ldap://contoh.test/x'))],
    ['a host name that looks like an address', point(tlv(0x82, Buffer.from(`${host}/x`)))],
  ])('have no address that is fetched: %s', async (_, where) => {
    const fetcher = fetcherOver({})
    const verdict = await check(leafWith(points(where)), fetcher)
    expect([verdict.status, verdict.reason, verdict.problems]).toEqual(['unknown', 'unsupportedLocation', [{ reason: 'unsupportedLocation', detail: 'crl' }]])
    expect(fetcher.asked).toEqual([])
  })
  it('of which one point fails count by the others', async () => {
    expect(await check(leafWith(points(point(uri('ldap://contoh.test/x')), point(uri(`${host}/1`)))), fetcherOver({ [`GET ${host}/1`]: crl }))).toMatchObject({ status: 'good', problems: [{ reason: 'unsupportedLocation', detail: 'crl' }] })
    expect(await check(leafWith(points(point(uri(`${host}/1`)))), fetcherOver({}))).toMatchObject({ status: 'unknown', reason: 'fetchFailed', problems: [{ reason: 'fetchFailed', detail: 'HTTP 404', url: `${host}/1` }] })
  })
  it('bring their deltas, named in the CRL or in the certificate (4.2.1.15, 5.2.6)', async () => {
    const delta = makeCrl({ issuer: ca, number: 2, base: 1, entries: [{ serial: 'a1b2', reason: 1 }] })
    const naming = makeCrl({ issuer: ca, extensions: [freshest(`${host}/delta`)] })
    const inCrl = fetcherOver({ [`GET ${host}/1`]: naming, [`GET ${host}/delta`]: delta })
    expect((await check(leafWith(points(point(uri(`${host}/1`)))), inCrl)).status).toBe('revoked')
    expect(inCrl.asked).toEqual([`GET ${host}/1`, `GET ${host}/delta`])
    const inCertificate = fetcherOver({ [`GET ${host}/1`]: crl, [`GET ${host}/delta`]: delta })
    expect((await check(leafWith(points(point(uri(`${host}/1`))), freshest(`${host}/delta`)), inCertificate)).status).toBe('revoked')
    // The base is at hand: only the delta comes.
    const alone = fetcherOver({ [`GET ${host}/delta`]: delta })
    expect((await check(leafWith(freshest(`${host}/delta`)), alone, { crls: [crl], exhaustive: true })).status).toBe('revoked')
    expect(alone.asked).toEqual([`GET ${host}/delta`])
  })
  it('a fetcher that brings no octets is a mistake in the program, not a finding', async () => {
    await expect(check(leafWith(points(point(uri(`${host}/1`)))), fetcherOver({ [`GET ${host}/1`]: { outcome: 'fetched', bytes: undefined as never } }))).rejects.toThrow(TypeError)
  })
})

describe('RFC 5280 4.2.2.1: issuers', () => {
  /** A chain below the root, each naming where its issuer is; the last is the certificate in question. */
  function chain(length: number): Party[] {
    const list: Party[] = [root]
    for (let i = 1; i <= length; i++) list.push(makeParty({ subject: `CN=Tingkat ${i}`, ca: i < length, issuer: list.at(-1)!, extensions: i === 1 ? [] : [access(2, `${host}/${i - 1}`)] }))
    return list
  }
  const find = (list: readonly Party[], fetch: StatusOptions['fetch'], options: Partial<StatusOptions> = {}): Promise<StatusVerdict> =>
    check(list.at(-1)!, fetch, { intermediates: [], fetchIssuers: true, crls: [makeCrl({ issuer: list.at(-2)! })], ...options })
  const answersOf = (list: readonly Party[]): Record<string, Uint8Array> => Object.fromEntries(list.slice(1, -1).map(({ der }, i) => [`GET ${host}/${i + 1}`, der]))

  it('are fetched step by step, four at most', async () => {
    const five = chain(5)
    const fetcher = fetcherOver(answersOf(five))
    expect(await find(five, fetcher)).toMatchObject({ status: 'good', problems: [] })
    expect(fetcher.asked).toEqual([4, 3, 2, 1].map((number) => `GET ${host}/${number}`))
    const six = chain(6)
    const again = fetcherOver(answersOf(six))
    expect(await find(six, again)).toMatchObject({ status: 'unknown', reason: 'issuerNotPinned' })
    expect(again.asked).toEqual([5, 4, 3, 2].map((number) => `GET ${host}/${number}`))
  })
  it('only where the caller wants it, and only where no path is at hand', async () => {
    const three = chain(3)
    for (const options of [{ fetchIssuers: false }, { fetchIssuers: undefined as never }, { intermediates: three.slice(1, -1).map(({ der }) => der) }]) {
      const fetcher = fetcherOver(answersOf(three))
      expect((await find(three, fetcher, options)).status).toBe('intermediates' in options ? 'good' : 'unknown')
      expect(fetcher.asked).toEqual([])
    }
    expect(await find(three, false)).toMatchObject({ status: 'unknown', reason: 'issuerNotPinned' })
  })
  it('come as a bundle too', async () => {
    const three = chain(4)
    const pem = three.slice(1, -1).reverse().map(({ der }) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`).join('')
    const fetcher = fetcherOver({ [`GET ${host}/3`]: Buffer.from(pem) })
    expect(await find(three, fetcher)).toMatchObject({ status: 'good' })
  })
  it('from the next address where one fails; an address only once', async () => {
    const between = makeParty({ subject: 'CN=Antara', ca: true, issuer: root, extensions: [access(2, `${host}/1`)] })
    const below = makeParty({ subject: 'CN=Bawah', issuer: between, extensions: [access(2, 'ldap://contoh.test/', `${host}/1`, `${host}/2`, `${host}/3`)] })
    const fetcher = fetcherOver({ [`GET ${host}/2`]: Buffer.of(0x30, 1, 0), [`GET ${host}/3`]: between.der })
    const verdict = await find([root, between, below], fetcher)
    expect(verdict.status).toBe('good')
    expect(fetcher.asked).toEqual([1, 2, 3].map((number) => `GET ${host}/${number}`))
    expect(verdict.problems).toEqual([{ reason: 'fetchFailed', detail: 'HTTP 404', url: `${host}/1` }, { reason: 'malformed', detail: 'issuer: derTag', url: `${host}/2` }])
    // A path at hand, but none that is enough: issuers are not what is missing.
    const other = fetcherOver({})
    expect((await find([root, between, below], other, { intermediates: [between.der], crls: [] })).status).toBe('unknown')
    expect(other.asked).toEqual([])
  })
  it('that cannot be had are said, and the check goes on', async () => {
    const three = chain(3)
    const verdict = await find(three, fetcherOver({}))
    expect([verdict.status, verdict.reason]).toEqual(['unknown', 'issuerNotPinned'])
    expect(verdict.problems).toEqual([{ reason: 'issuerNotPinned', detail: 'issuerNotFound', index: 0 }, { reason: 'fetchFailed', detail: 'HTTP 404', url: `${host}/2` }])
    const empty = await find(three, fetcherOver({ [`GET ${host}/2`]: Buffer.from('no certificate here') }))
    expect(empty.problems).toEqual([{ reason: 'issuerNotPinned', detail: 'issuerNotFound', index: 0 }])
  })
})

describe('what fetches', () => {
  const leaf = leafWith(points(point(uri(`${host}/crl`))))
  const serving = (): { fetch: typeof fetch; asked: string[] } => {
    const asked: string[] = []
    return { asked, fetch: ((url: string) => { asked.push(url); return Promise.resolve(new Response(new Uint8Array(makeCrl({ issuer: ca })), { headers: { 'cache-control': 'max-age=60' } })) }) as typeof fetch }
  }
  it('a function: what it has brought serves the next check too', async () => {
    const { fetch, asked } = serving()
    expect([(await check(leaf, fetch)).status, (await check(leaf, fetch)).status]).toEqual(['good', 'good'])
    expect(asked).toEqual([`${host}/crl`])
    const other = serving()
    expect((await check(leaf, other.fetch)).status).toBe('good')
    expect(other.asked).toEqual([`${host}/crl`])
  })
  it('a function, for the hosts of a list', async () => {
    const { fetch, asked } = serving()
    const refused = { status: 'unknown', reason: 'fetchRefused', problems: [{ reason: 'fetchRefused', detail: 'host not on the list', url: `${host}/crl` }] }
    expect(await check(leaf, fetch, { allowHosts: ['lain.test'] })).toMatchObject(refused)
    expect(asked).toEqual([])
    expect((await check(leaf, fetch, { allowHosts: ['contoh.test'] })).status).toBe('good')
    expect(asked).toHaveLength(1)
    expect(await check(leaf, undefined, { allowHosts: ['lain.test'] })).toMatchObject(refused)
  })
  it('nothing, or the default, which refuses the own machine', async () => {
    expect(await check(leaf, false)).toMatchObject({ status: 'unknown', reason: 'noEvidence', problems: [] })
    expect(await check(leaf, false, { allowHosts: ['contoh.test'] })).toMatchObject({ status: 'unknown', reason: 'noEvidence', problems: [] })
    const own = leafWith(points(point(uri('http://127.0.0.1:9/crl'))))
    expect(await check(own, undefined)).toMatchObject({ status: 'unknown', reason: 'fetchRefused', problems: [{ detail: 'address not permitted' }] })
  })
})

describe('what is handed in', () => {
  it('as text or octets, readable or not', async () => {
    const pem = (label: string, bytes: Buffer): string => `-----BEGIN ${label}-----\n${bytes.toString('base64')}\n-----END ${label}-----\n`
    expect((await check(leafWith(), false, { crls: [pem('X509 CRL', makeCrl({ issuer: ca }))] })).status).toBe('good')
    expect((await check(leafWith(), false, { crls: ['x'], ocsp: [Buffer.from('<html>'), good()] })).problems).toEqual([{ reason: 'malformed', detail: 'crl: pemMalformed at 0' }, { reason: 'malformed', detail: 'ocsp: derTag at 0' }])
  })
})
