import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { later, makeParty } from '../../test/build/certificate.js'
import { makeCrl } from '../../test/build/crl.js'
import { makeOcsp } from '../../test/build/ocsp.js'
import { allowLoopback, checkStatus, createEvidenceFetcher, type EvidenceFetcherOptions } from './index.js'

type Handler = (request: IncomingMessage, response: ServerResponse) => void
const seen: string[] = []
let handler: Handler = (_, response) => void response.end()
let server: Server
let origin: string
beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}${request.headers['if-none-match'] === undefined ? '' : ` ${request.headers['if-none-match']}`}`)
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise<void>((resolve) => {
  server.closeAllConnections()
  server.close(() => resolve())
}))

const loopback = (options: EvidenceFetcherOptions = {}): ReturnType<typeof createEvidenceFetcher> => createEvidenceFetcher({ allow: [allowLoopback], ...options })
const serve = (next: Handler): void => {
  handler = next
  seen.length = 0
}

describe('the guarded fetcher on Node', () => {
  it('refuses loopback, private, link-local and metadata addresses, by literal and by name', async () => {
    serve((_, response) => void response.end('secret'))
    const fetcher = createEvidenceFetcher({ timeout: 3000 })
    const port = new URL(origin).port
    for (const url of [origin, `http://localhost:${port}`, `http://x.localhost:${port}`, `http://[::1]:${port}`, `http://0x7f.1:${port}`, `http://[::ffff:127.0.0.1]:${port}`, 'http://169.254.169.254/latest', 'http://10.0.0.1/', 'http://2130706433/']) {
      expect(await fetcher.get(url), url).toEqual({ outcome: 'refused', detail: 'address not permitted' })
    }
    expect(seen).toEqual([])
  })

  it('connects by name where every rule permits it', async () => {
    serve((_, response) => void response.end('here'))
    expect(await loopback().get(`http://localhost:${new URL(origin).port}/`)).toMatchObject({ outcome: 'fetched' })
  })

  it('checks the address again when the connection is made: a public name that resolves to loopback', async () => {
    // The name of the own machine resolves to an address of its own, which is never public.
    serve((_, response) => void response.end('secret'))
    const { hostname } = await import('node:os')
    const outcome = await createEvidenceFetcher({ timeout: 3000 }).get(`http://${hostname()}:${new URL(origin).port}/`)
    expect(['refused', 'failed']).toContain(outcome.outcome)
    expect(seen).toEqual([])
  })

  it('refuses other protocols, credentials, hosts off the list', async () => {
    const fetcher = loopback({ allowHosts: ['va.contoh.test'] })
    expect(await fetcher.get('ftp://va.contoh.test/x')).toMatchObject({ outcome: 'refused', detail: 'neither http nor https' })
    expect(await fetcher.get('file:///etc/passwd')).toMatchObject({ outcome: 'refused' })
    expect(await fetcher.get('http://user:pw@va.contoh.test/')).toMatchObject({ outcome: 'refused', detail: 'credentials in the address' })
    expect(await fetcher.get(origin)).toMatchObject({ outcome: 'refused', detail: 'host not on the list' })
    expect(await fetcher.get('no address')).toMatchObject({ outcome: 'failed' })
  })

  it.each(['maxBytes', 'timeout', 'concurrency', 'maxFresh', 'cacheBytes'] as const)('has no %s that is no number', (name) => {
    for (const value of [Number.NaN, -1, '5' as unknown as number]) expect(() => createEvidenceFetcher({ [name]: value }), String(value)).toThrow(new TypeError(`\`${name}\` is a number from ${name === 'concurrency' ? 1 : 0}`))
    const least = name === 'concurrency' ? 1 : 0
    expect(() => createEvidenceFetcher({ [name]: least })).not.toThrow()
    expect(() => createEvidenceFetcher({ [name]: least - 0.5 })).toThrow(TypeError)
  })

  it('follows redirects on the same host only, and not for ever', async () => {
    serve((request, response) => {
      const target = { '/same': '/there', '/other': 'http://va.contoh.test/x', '/loop': '/loop' }[request.url ?? '']
      if (target === undefined) response.end('here')
      else response.writeHead(302, { location: target }).end()
    })
    expect(await loopback().get(`${origin}/same`)).toMatchObject({ outcome: 'fetched' })
    expect(await loopback().get(`${origin}/other`)).toEqual({ outcome: 'refused', detail: 'redirect to another host' })
    expect(await loopback().get(`${origin}/loop`)).toEqual({ outcome: 'failed', detail: 'too many redirects' })
    expect(await loopback().post(`${origin}/same`, new Uint8Array(3), 'x/y')).toMatchObject({ outcome: 'refused' })
  })

  it('caps size (announced or not) and time', async () => {
    serve((request, response) => {
      if (request.url === '/slow') return
      if (request.url === '/announced') response.setHeader('content-length', 2000)
      response.write(Buffer.alloc(1000))
      response.end(Buffer.alloc(1000))
    })
    expect(await loopback({ maxBytes: 1999 }).get(`${origin}/announced`)).toEqual({ outcome: 'failed', detail: 'body too large' })
    expect(await loopback({ maxBytes: 1999 }).get(`${origin}/chunked`)).toEqual({ outcome: 'failed', detail: 'body too large' })
    expect(await loopback({ maxBytes: 2000 }).get(`${origin}/chunked`)).toMatchObject({ outcome: 'fetched' })
    expect(await loopback({ timeout: 100 }).get(`${origin}/slow`)).toEqual({ outcome: 'failed', detail: 'timeout' })
  })

  it('ends at the time limit when octets drip', async () => {
    const timers: NodeJS.Timeout[] = []
    serve((_, response) => {
      response.write('x')
      timers.push(setInterval(() => response.write('x'), 20))
    })
    expect(await loopback({ timeout: 200 }).get(`${origin}/drip`)).toEqual({ outcome: 'failed', detail: 'timeout' })
    for (const timer of timers) clearInterval(timer)
  })

  it('asks again with conditions, keeps what is fresh, and flies once', async () => {
    let now = 1_000_000
    serve((request, response) => {
      response.setHeader('etag', '"1"').setHeader('cache-control', 'max-age=60')
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end()
      else response.end('body')
    })
    const fetcher = loopback({ clock: () => now })
    const results = await Promise.all([1, 2, 3].map(() => fetcher.get(`${origin}/c`)))
    expect(results.every((result) => result.outcome === 'fetched' && Buffer.from(result.bytes).toString() === 'body')).toBe(true)
    expect(seen).toEqual(['GET /c'])
    now += 59_000
    await fetcher.get(`${origin}/c`)
    expect(seen).toHaveLength(1)
    now += 2_000
    expect(await fetcher.get(`${origin}/c`)).toMatchObject({ outcome: 'fetched' })
    expect(seen).toEqual(['GET /c', 'GET /c "1"'])
  })

  it('does at most so many requests at a time', async () => {
    let running = 0
    let most = 0
    serve((_, response) => {
      most = Math.max(most, ++running)
      setTimeout(() => {
        running--
        response.end('x')
      }, 20)
    })
    const fetcher = loopback({ concurrency: 2 })
    await Promise.all(Array.from({ length: 8 }, (_, i) => fetcher.get(`${origin}/${i}`)))
    expect(most).toBe(2)
  })
})

describe('an injected fetch', () => {
  it('gets URL and allow-list checks, and no redirects', async () => {
    const asked: [string, RequestInit | undefined][] = []
    const inject = (async (url: string, init?: RequestInit) => {
      asked.push([url, init])
      return new Response('x')
    }) as typeof fetch
    const fetcher = createEvidenceFetcher({ fetch: inject, allowHosts: ['va.contoh.test'] })
    expect(await fetcher.get('http://va.contoh.test/a')).toMatchObject({ outcome: 'fetched' })
    expect(await fetcher.get('http://lain.test/a')).toMatchObject({ outcome: 'refused' })
    expect(await createEvidenceFetcher({ fetch: inject }).get('http://127.0.0.1/')).toMatchObject({ outcome: 'refused' })
    expect(asked.map(([url, init]) => [url, init?.redirect])).toEqual([['http://va.contoh.test/a', 'manual']])
  })

  it('that never answers and heeds no signal ends at the time limit, and its place is free again', async () => {
    let deaf = true
    const inject = (() => (deaf ? new Promise(() => undefined) : Promise.resolve(new Response('x')))) as typeof fetch
    const fetcher = createEvidenceFetcher({ fetch: inject, timeout: 50, concurrency: 1 })
    expect(await fetcher.get('http://va.contoh.test/a')).toEqual({ outcome: 'failed', detail: 'timeout' })
    deaf = false
    expect(await fetcher.get('http://va.contoh.test/a')).toMatchObject({ outcome: 'fetched' })
  })

  it('is never asked more often at a time than allowed, whoever comes while a place changes hands', async () => {
    let running = 0
    let most = 0
    const inject = (async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      return new Response('x')
    }) as typeof fetch
    const fetcher = createEvidenceFetcher({ fetch: inject, concurrency: 1 })
    // Each answer brings the next question at once, in the very moment in which the place is handed on.
    const chain = async (name: string): Promise<void> => { for (let i = 0; i < 20; i++) await fetcher.get(`http://va.contoh.test/${name}${i}`) }
    await Promise.all(['a', 'b', 'c'].map(chain))
    expect(most).toBe(1)
  })
})

describe('checkStatus with fetching', () => {
  const setUp = async (): Promise<{ leaf: ReturnType<typeof makeParty>; root: ReturnType<typeof makeParty>; ca: ReturnType<typeof makeParty>; responder: ReturnType<typeof makeParty> }> => {
    const root = makeParty({ subject: 'CN=Akar Contoh', ca: true })
    const ca = makeParty({ subject: 'CN=CA Contoh', ca: true, issuer: root, crlUrls: [`${origin}/root.crl`] })
    const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2', crlUrls: ['ldap://contoh.test/x', `${origin}/ca.crl`], ocspUrl: `${origin}/ocsp` })
    const responder = makeParty({ subject: 'CN=Penjawab', issuer: ca, purposes: ['1.3.6.1.5.5.7.3.9'], noCheck: true })
    return { root, ca, leaf, responder }
  }
  const nonceOf = (body: Buffer): Buffer => {
    const at = body.indexOf(Buffer.from('06092b0601050507300102', 'hex')) + 13
    return body.subarray(at + 2, at + 2 + body[at + 1]!)
  }

  it('asks the responder with a nonce, falls back to the CRL, and names where the evidence came from', async () => {
    const { root, ca, leaf, responder } = await setUp()
    let mode: 'right' | 'replay' | 'down' = 'right'
    serve((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        if (request.url === '/root.crl') response.end(makeCrl({ issuer: root }))
        else if (request.url === '/ca.crl') response.end(makeCrl({ issuer: ca, entries: [{ serial: 'a1b2', reason: 4 }] }))
        else if (mode === 'down') response.writeHead(503).end('<html>')
        else response.end(makeOcsp({ signer: responder, send: [responder], singles: [{ serial: 'a1b2', issuer: ca }], nonce: mode === 'right' ? nonceOf(Buffer.concat(chunks)) : Buffer.alloc(32, 1) }))
      })
    })
    const check = (): ReturnType<typeof checkStatus> => checkStatus(leaf.der, { anchors: [root.der], intermediates: [ca.der], at: later(0.5), fetch: loopback() })
    const good = await check()
    expect(good).toMatchObject({ status: 'good', evidence: [{ source: 'ocsp', verdict: 'notRevoked', origin: `${origin}/ocsp` }] })
    mode = 'replay'
    const replayed = await check()
    expect(replayed).toMatchObject({ status: 'revoked', evidence: [{ source: 'ocsp', verdict: 'unknown', reason: 'nonceMismatch' }, { source: 'crl', verdict: 'revoked', origin: `${origin}/ca.crl` }] })
    mode = 'down'
    expect(await check()).toMatchObject({ status: 'revoked', problems: [{ reason: 'fetchFailed', detail: 'HTTP 503', url: `${origin}/ocsp` }] })
  })

  it('what cannot be had is said: refused addresses, ldap only, failures', async () => {
    const { root, ca, leaf } = await setUp()
    serve((_, response) => void response.writeHead(404).end())
    const options = { anchors: [root.der] as const, intermediates: [ca.der], at: later(0.5), checkIssuers: false }
    expect(await checkStatus(leaf.der, options)).toMatchObject({ status: 'unknown', reason: 'fetchRefused' })
    expect(await checkStatus(leaf.der, { ...options, fetch: loopback() })).toMatchObject({ status: 'unknown', reason: 'fetchFailed' })
    const ldapOnly = makeParty({ subject: 'CN=Ldap', issuer: ca, crlUrls: ['ldap://contoh.test/x'] })
    expect(await checkStatus(ldapOnly.der, { ...options, fetch: loopback() })).toMatchObject({ status: 'unknown', reason: 'unsupportedLocation' })
  })
})
