import { describe, expect, it } from 'vitest'
import { allowLoopback, createEvidenceFetcher, type EvidenceFetcherOptions, type FetchOutcome } from './index.js'

type Answer = Response | Error | (() => Response | Promise<Response>)
interface Asked { readonly url: string; readonly init: RequestInit; readonly headers: Record<string, string> }

const body = (octets: number, fill = 1): Uint8Array<ArrayBuffer> => new Uint8Array(octets).fill(fill)
const said = (outcome: FetchOutcome): string => (outcome.outcome === 'fetched' ? `fetched ${outcome.bytes.length}` : `${outcome.outcome} ${outcome.detail}`)
/** Fails rather than waits for ever. */
async function soon<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('no answer')), 3000) })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** A fetcher over answers by address; what it asks is kept. */
function over(answers: Record<string, Answer> | ((asked: Asked) => Answer), options: EvidenceFetcherOptions = {}) {
  const asked: Asked[] = []
  const inject = (async (url: string, init: RequestInit) => {
    const one = { url, init, headers: init.headers as Record<string, string> }
    asked.push(one)
    const answer = typeof answers === 'function' ? answers(one) : answers[url]
    if (answer instanceof Error) throw answer
    if (answer === undefined) return new Response('', { status: 404 })
    return typeof answer === 'function' ? answer() : typeof answers === 'function' ? answer : answer.clone()
  }) as typeof fetch
  const fetcher = createEvidenceFetcher({ fetch: inject, ...options })
  return { asked, get: async (url = 'http://contoh.test/a') => said(await soon(fetcher.get(url))), post: async (url = 'http://contoh.test/a') => said(await soon(fetcher.post(url, body(3), 'application/ocsp-request'))), fetcher }
}
const redirect = (location: string, status = 302): Response => new Response(null, { status, headers: { location } })

describe('what is asked', () => {
  it('GET and POST, each with its own headers', async () => {
    const { asked, get, post } = over(() => new Response(body(5)))
    expect([await get(), await post()]).toEqual(['fetched 5', 'fetched 5'])
    expect(asked.map(({ url, init }) => [url, init.method, init.redirect, init.body ?? null])).toEqual([['http://contoh.test/a', 'GET', 'manual', null], ['http://contoh.test/a', 'POST', 'manual', body(3)]])
    expect(asked.map(({ headers }) => headers)).toEqual([{ accept: '*/*', 'accept-encoding': 'identity' }, { accept: '*/*', 'accept-encoding': 'identity', 'content-type': 'application/ocsp-request' }])
    expect(asked.every(({ init }) => init.signal instanceof AbortSignal)).toBe(true)
  })
  it('with a time limit, 15 seconds where none is given', async () => {
    const { timeout } = AbortSignal
    const limits: number[] = []
    AbortSignal.timeout = (milliseconds) => {
      limits.push(milliseconds)
      return timeout.call(AbortSignal, milliseconds)
    }
    try {
      await over(() => new Response('x')).get()
      await over(() => new Response('x'), { timeout: 777 }).get()
    } finally {
      AbortSignal.timeout = timeout
    }
    expect(limits).toEqual([15_000, 777])
  })
  it('an answer without a body is empty', async () => {
    expect(await over(() => new Response(null)).get()).toBe('fetched 0')
  })
})

describe('RFC 9111: what is kept', () => {
  const start = 1_700_000_000_000
  /** How many seconds an answer with these headers is used again; `undefined`: more than 10000. */
  const kept = async (headers: Record<string, string>, options: EvidenceFetcherOptions = {}): Promise<string> => {
    let now = start
    const { asked, get } = over(() => new Response('x', { headers }), { clock: () => now, ...options })
    await get()
    const edges: string[] = []
    for (const seconds of [0, 1, 59.999, 60, 119.999, 120, 299.999, 300, 9999]) {
      now = start + seconds * 1000
      const before = asked.length
      await get()
      if (asked.length > before) return edges.at(-1) ?? 'never'
      edges.push(`${seconds}`)
    }
    return 'long'
  }
  const expires = (seconds: number): string => new Date(start + seconds * 1000).toUTCString()
  it.each<[string, Record<string, string>, EvidenceFetcherOptions, string]>([
    ['nothing said', {}, {}, 'never'], ['max-age', { 'cache-control': 'max-age=60' }, {}, '59.999'], ['max-age among others, in capitals', { 'cache-control': 'public, Max-Age=120, must-revalidate' }, {}, '119.999'],
    ['max-age before Expires', { 'cache-control': 'max-age=60', expires: expires(120) }, {}, '59.999'], ['Expires', { expires: expires(120) }, {}, '119.999'], ['Expires in the past', { expires: expires(-120) }, {}, 'never'], ['no date', { expires: '0' }, {}, 'never'],
    ['no-store', { 'cache-control': 'no-store, max-age=60' }, {}, 'never'], ['no-cache, in capitals', { 'cache-control': 'max-age=60, No-Cache' }, {}, 'never'], ['not longer than 300 seconds', { 'cache-control': 'max-age=999999999' }, {}, '299.999'],
    ['not longer than allowed', { 'cache-control': 'max-age=120' }, { maxFresh: 60 }, '59.999'], ['longer where allowed', { 'cache-control': 'max-age=99999' }, { maxFresh: 20_000 }, 'long'], ['never where nothing is allowed', { 'cache-control': 'max-age=120' }, { maxFresh: 0 }, 'never'],
    ['max-age of zero before Expires', { 'cache-control': 'max-age=0', expires: expires(120) }, {}, 'never'], ['a max-age that is none', { 'cache-control': 'max-age=x' }, {}, 'never'], ['an age of shared caches', { 'cache-control': 's-maxage=60' }, {}, 'never'],
  ])('%s', async (_, headers, options, until) => {
    expect(await kept(headers, options)).toBe(until)
  })

  it('by the clock of the machine where no other is given', async () => {
    const { asked, get } = over(() => new Response('x', { headers: { 'cache-control': 'max-age=60' } }))
    await get()
    await get()
    expect(asked).toHaveLength(1)
  })

  it.each<[string, Record<string, string>]>([['both', { etag: '"1"', 'last-modified': 'Mon, 01 Jan 2026 00:00:00 GMT' }], ['an etag', { etag: '"1"' }], ['a date', { 'last-modified': 'Mon, 01 Jan 2026 00:00:00 GMT' }], ['neither', {}]])('asks again on the conditions given: %s', async (_, headers) => {
    let now = start
    let number = 0
    const { asked, get } = over(() => (++number === 1 ? new Response('first', { headers: { ...headers, 'cache-control': 'max-age=60' } }) : new Response(null, { status: 304, headers: { 'cache-control': 'max-age=120' } })), { clock: () => now })
    expect(await get()).toBe('fetched 5')
    now += 60_000
    expect(await get()).toBe('fetched 5')
    const { etag, 'last-modified': date } = headers
    expect(asked[1]!.headers).toEqual({ accept: '*/*', 'accept-encoding': 'identity', ...(etag !== undefined && { 'if-none-match': etag }), ...(date !== undefined && { 'if-modified-since': date }) })
    now += 119_999
    expect(await get()).toBe('fetched 5')
    expect(asked).toHaveLength(2)
    now += 1
    expect(await get()).toBe('fetched 5')
    expect(asked[2]!.headers).toEqual(asked[1]!.headers)
  })

  it('takes the new answer where the old one holds no longer, and no place from a 304', async () => {
    let number = 0
    const { get, asked } = over(() => {
      number += 1
      return number === 3 ? new Response(null, { status: 304, headers: { location: 'http://lain.test/' } }) : number === 4 ? new Response('x', { status: 500 }) : new Response('x'.repeat(number), { headers: { etag: `"${number}"` } })
    })
    expect([await get(), await get(), await get(), await get(), await get()]).toEqual(['fetched 1', 'fetched 2', 'fetched 2', 'failed HTTP 500', 'fetched 5'])
    expect(asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"', '"2"', '"2"', '"2"'])
  })

  it('304 for what nobody has is a failure', async () => {
    const { get, fetcher } = over(() => new Response(null, { status: 304 }))
    expect(await get()).toBe('failed HTTP 304')
    expect(await fetcher.post('http://contoh.test/a', body(1), 'x/y')).toEqual({ outcome: 'failed', detail: 'HTTP 304', status: 304 })
  })

  it('no more octets than allowed; the oldest go first', async () => {
    const { asked, get } = over(({ url }) => new Response(body(Number(new URL(url).pathname.slice(2))), { headers: { 'cache-control': 'max-age=60' } }), { cacheBytes: 10 })
    const again = async (name: string): Promise<boolean> => {
      const before = asked.length
      expect(await get(`http://contoh.test/${name}`)).toBe(`fetched ${name.slice(1)}`)
      return asked.length > before
    }
    expect([await again('a4'), await again('b6'), await again('a4'), await again('b6')]).toEqual([true, true, false, false])
    // One octet more than fits: a goes, b stays.
    expect([await again('c1'), await again('b6'), await again('c1')]).toEqual([true, false, false])
    expect([await again('a4'), await again('c1'), await again('b6')]).toEqual([true, false, true])
    // Larger than everything that is kept: it is not kept, and nothing goes for it.
    expect([await again('d11'), await again('d11'), await again('b6')]).toEqual([true, true, false])
    expect([await again('e10'), await again('e10'), await again('b6')]).toEqual([true, false, true])
  })

  it('what comes anew takes the place of the old, and becomes the youngest', async () => {
    let now = start
    const { asked, get } = over(({ url }) => new Response(body(Number(new URL(url).pathname.slice(2))), { headers: { 'cache-control': 'max-age=60' } }), { cacheBytes: 10, clock: () => now })
    const again = async (name: string): Promise<boolean> => {
      const before = asked.length
      await get(`http://contoh.test/${name}`)
      return asked.length > before
    }
    await again('a5')
    now += 30_000
    await again('b5')
    now += 30_000
    expect([await again('a5'), await again('b5')]).toEqual([true, false])
    expect([await again('c5'), await again('a5'), await again('b5')]).toEqual([true, false, true])
  })

  it('failures and answers to POST are not kept', async () => {
    const { asked, get, post } = over(({ init }) => new Response('x', { status: init.method === 'GET' ? 503 : 200, headers: { 'cache-control': 'max-age=60' } }))
    expect([await get(), await get(), await post(), await post(), await get()]).toEqual(['failed HTTP 503', 'failed HTTP 503', 'fetched 1', 'fetched 1', 'failed HTTP 503'])
    expect(asked).toHaveLength(5)
  })

  it('one question at a time for an address, and the next after its answer', async () => {
    const { asked, get, post } = over(() => new Response('x'))
    await Promise.all([get(), get(), get('http://contoh.test/b')])
    expect(asked).toHaveLength(2)
    await get()
    expect(asked).toHaveLength(3)
    await Promise.all([post(), post()])
    expect(asked).toHaveLength(5)
  })
})

describe('what is taken', () => {
  it('status 200 alone', async () => {
    for (const status of [201, 203, 206, 400, 401, 404, 405, 500]) {
      const { fetcher } = over(() => new Response('x', { status, headers: { location: 'http://contoh.test/b' } }))
      expect(await fetcher.get('http://contoh.test/a')).toEqual({ outcome: 'failed', detail: `HTTP ${status}`, status })
    }
  })
  it.each([['gzip', 'failed content-encoding'], ['identity', 'fetched 1'], ['', 'fetched 1'], ['br', 'failed content-encoding']])('content-encoding %j', async (encoding, outcome) => {
    expect(await over(() => new Response('x', { headers: { 'content-encoding': encoding } })).get()).toBe(outcome)
  })
  it('bodies within the limit, announced or not', async () => {
    const announced = (octets: number): Response => new Response('x', { headers: { 'content-length': `${octets}` } })
    expect(await over(() => announced(67_108_864)).get()).toBe('fetched 1')
    expect(await over(() => announced(67_108_865)).get()).toBe('failed body too large')
    expect(await over(() => announced(11), { maxBytes: 10 }).get()).toBe('failed body too large')
    expect(await over(() => announced(10), { maxBytes: 10 }).get()).toBe('fetched 1')
    expect(await over(() => new Response(body(10)), { maxBytes: 10 }).get()).toBe('fetched 10')
    expect(await over(() => new Response(body(11)), { maxBytes: 10 }).get()).toBe('failed body too large')
  })
  it('a body of several pieces, in order', async () => {
    const pieces = [body(2, 1), body(3, 2), body(1, 3)]
    const stream = (): Response => new Response(new ReadableStream({ pull: (controller) => { const next = pieces.shift(); if (next === undefined) controller.close(); else controller.enqueue(next) } }))
    expect(await over(stream).fetcher.get('http://contoh.test/a')).toEqual({ outcome: 'fetched', bytes: Uint8Array.of(1, 1, 2, 2, 2, 3) })
  })
  it('nothing more of a body that is not wanted', async () => {
    const endless = (init: ResponseInit): [() => Response, () => boolean] => {
      let cancelled = false
      return [() => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(body(100)), cancel: () => { cancelled = true } }), init), () => cancelled]
    }
    for (const [init, outcome] of [
      [{ status: 404 }, 'failed HTTP 404'], [{ headers: { 'content-encoding': 'gzip' } }, 'failed content-encoding'], [{ headers: { 'content-length': '5000' } }, 'failed body too large'], [{}, 'failed body too large'],
      [{ status: 302, headers: { location: 'http://lain.test/' } }, 'refused redirect to another host'],
    ] as const) {
      const [answer, isCancelled] = endless(init)
      expect(await over(answer, { maxBytes: 1000 }).get()).toBe(outcome)
      expect(isCancelled(), outcome).toBe(true)
    }
  })
})

describe('a body that somebody else has a share in', () => {
  it('is given up without waiting for the other', async () => {
    const shared: Response[] = []
    const answer = (): Response => {
      const response = new Response(body(100), { status: 404 })
      shared.push(response.clone())
      return response
    }
    expect(await over(answer, { timeout: 2000 }).get()).toBe('failed HTTP 404')
    expect((await shared[0]!.arrayBuffer()).byteLength).toBe(100)
  })
})

describe('redirects', () => {
  it.each<[string, Record<string, Answer>, string, string?]>([
    ['to a place on the same host', { 'http://contoh.test/a': redirect('b'), 'http://contoh.test/b': new Response('xy') }, 'fetched 2'],
    ['of every kind', Object.fromEntries([300, 301, 303, 308].map((status, i) => [`http://contoh.test/a${i === 0 ? '' : i}`, i < 3 ? redirect(`/a${i + 1}`, status) : new Response('xyz')])), 'fetched 3'],
    ['three times', { 'http://contoh.test/a': redirect('b'), 'http://contoh.test/b': redirect('c'), 'http://contoh.test/c': redirect('d'), 'http://contoh.test/d': new Response('xy') }, 'fetched 2'],
    ['four times', { 'http://contoh.test/a': redirect('b'), 'http://contoh.test/b': redirect('c'), 'http://contoh.test/c': redirect('d'), 'http://contoh.test/d': redirect('e'), 'http://contoh.test/e': new Response('xy') }, 'failed too many redirects'],
    ['of other kinds', { 'http://contoh.test/a': redirect('b', 302), 'http://contoh.test/b': redirect('c', 307), 'http://contoh.test/c': redirect('d', 399), 'http://contoh.test/d': new Response('xy') }, 'fetched 2'],
    ['to another host', { 'http://contoh.test/a': redirect('http://lain.test/b'), 'http://lain.test/b': new Response('xy') }, 'refused redirect to another host'],
    ['to another port', { 'http://contoh.test/a': redirect('http://contoh.test:8080/a'), 'http://contoh.test:8080/a': new Response('xy') }, 'refused redirect to another host'],
    ['from http to https', { 'http://contoh.test/a': redirect('https://contoh.test/b'), 'https://contoh.test/b': new Response('xy') }, 'fetched 2'],
    ['from https to https', { 'https://contoh.test/a': redirect('/b'), 'https://contoh.test/b': new Response('xy') }, 'fetched 2', 'https://contoh.test/a'],
    ['from https to http', { 'https://contoh.test/a': redirect('http://contoh.test/b'), 'http://contoh.test/b': new Response('xy') }, 'refused redirect to another host', 'https://contoh.test/a'],
    ['to another protocol', { 'http://contoh.test/a': redirect('ftp://contoh.test/b') }, 'refused neither http nor https'],
    ['with credentials', { 'http://contoh.test/a': redirect('http://orang@contoh.test/b') }, 'refused credentials in the address'],
    ['without a place', { 'http://contoh.test/a': new Response(null, { status: 302 }) }, 'failed HTTP 302'],
    ['to no address', { 'http://contoh.test/a': redirect('http://') }, 'failed ERR_INVALID_URL'],
  ])('%s', async (_, answers, outcome, url) => {
    expect(await over(answers).get(url)).toBe(outcome)
  })
  it('are not followed with a POST, and are not what is kept', async () => {
    const { asked, post, get } = over({ 'http://contoh.test/a': redirect('/b'), 'http://contoh.test/b': new Response('xy', { headers: { 'cache-control': 'max-age=60' } }) })
    expect(await post()).toBe('refused redirect of a POST')
    expect([await get(), await get(), await get('http://contoh.test/b')]).toEqual(['fetched 2', 'fetched 2', 'fetched 2'])
    expect(asked.map(({ url }) => url.at(-1))).toEqual(['a', 'a', 'b', 'b'])
  })
})

describe('which addresses are refused', () => {
  const outcome = (url: string, options: EvidenceFetcherOptions = {}): Promise<string> => over(() => new Response('x'), options).get(url)
  const forbidden = 'refused address not permitted'
  it.each<[string, EvidenceFetcherOptions, string]>([
    ['https://contoh.test/', {}, 'fetched 1'], ['ftp://contoh.test/', {}, 'refused neither http nor https'], ['data:,x', {}, 'refused neither http nor https'], ['http://orang@contoh.test/', {}, 'refused credentials in the address'],
    ['http://:sandi@contoh.test/', {}, 'refused credentials in the address'], ['no address', {}, 'failed ERR_INVALID_URL'],
    ['http://contoh.test/', { allowHosts: ['lain.test', 'CONTOH.test'] }, 'fetched 1'], ['http://CONTOH.test:99/', { allowHosts: ['contoh.test'] }, 'fetched 1'], ['http://a.contoh.test/', { allowHosts: ['contoh.test'] }, 'refused host not on the list'],
    ['http://contoh.test/', { allowHosts: [] }, 'refused host not on the list'],
    ['http://8.8.8.8/', {}, 'fetched 1'], ['http://10.0.0.1/', {}, forbidden], ['http://10.0.0.1/', { allowHosts: ['10.0.0.1'] }, 'fetched 1'], ['http://10.0.0.1/', { allow: [allowLoopback] }, forbidden],
    ['http://127.0.0.1/', {}, forbidden], ['http://127.0.0.1/', { allow: [] }, forbidden], ['http://127.0.0.1/', { allowHosts: ['127.0.0.1'] }, forbidden], ['http://127.0.0.1/', { allow: [allowLoopback] }, 'fetched 1'],
    ['http://127.0.0.1/', { allow: [{ permits: 'lain' } as never] }, forbidden], ['http://127.0.0.1/', { allow: [{ permits: 'lain' } as never, allowLoopback] }, 'fetched 1'],
    ['http://169.254.169.254/', { allowHosts: ['169.254.169.254'], allow: [allowLoopback] }, forbidden], ['http://[::1]/', {}, forbidden], ['http://[fe80::1]/', { allow: [allowLoopback] }, forbidden],
    ['http://localhost/', {}, forbidden], ['http://a.localhost/', {}, forbidden], ['http://localhost./', {}, forbidden], ['http://localhost/', { allowHosts: ['localhost'] }, forbidden], ['http://localhost/', { allow: [allowLoopback] }, 'fetched 1'],
    ['http://bukanlocalhost/', {}, 'fetched 1'], ['http://localhost.contoh.test/', {}, 'fetched 1'],
  ])('%s %j', async (url, options, expected) => {
    expect(await outcome(url, options)).toBe(expected)
  })
  it('nothing is asked then', async () => {
    const { asked, get, post } = over(() => new Response('x'))
    expect([await get('http://127.0.0.1/'), await post('http://localhost/')]).toEqual([forbidden, forbidden])
    expect(asked).toEqual([])
  })
})

describe('what went wrong', () => {
  const named = (name: string, cause?: unknown): Error => Object.assign(new Error('x', { cause }), { name })
  const coded = (code: unknown): Error => Object.assign(new Error('x'), { code })
  const nested = (depth: number, inner: Error): Error => (depth === 0 ? inner : new Error('x', { cause: nested(depth - 1, inner) }))
  it.each<[string, Error, string]>([
    ['the address is refused', named('AddressRefused'), 'refused address not permitted'], ['the time is over', named('TimeoutError'), 'failed timeout'], ['it was ended', named('AbortError'), 'failed timeout'], ['a code', coded('ECONNREFUSED'), 'failed ECONNREFUSED'],
    ['a code that is no text', coded(7), 'failed network'], ['a type error', new TypeError('x'), 'failed network or address'], ['anything else', new Error('x'), 'failed network'],
    ['a cause', new TypeError('x', { cause: coded('ENOTFOUND') }), 'failed ENOTFOUND'], ['a refusal as cause', new TypeError('x', { cause: named('AddressRefused') }), 'refused address not permitted'],
    ['a cause four deep', nested(4, coded('EPIPE')), 'failed EPIPE'], ['a cause too deep', nested(5, coded('EPIPE')), 'failed network'],
  ])('%s', async (_, error, expected) => {
    expect(await over(() => error).get()).toBe(expected)
  })
  it('what is thrown is no error', async () => {
    const thrown: unknown = 'x'
    const fetcher = createEvidenceFetcher({ fetch: () => Promise.resolve().then(() => { throw thrown }) })
    expect(said(await soon(fetcher.get('http://contoh.test/a')))).toBe('failed network')
  })
  it('a body that breaks off', async () => {
    let piece = 0
    const broken = (): Response => new Response(new ReadableStream({ pull: (controller) => { if (piece++ === 0) controller.enqueue(body(1)); else controller.error(coded('ECONNRESET')) } }))
    expect(await over(broken).get()).toBe('failed ECONNRESET')
  })
})

describe('how many at a time', () => {
  it.each([[undefined, 6], [1, 1], [3, 3]])('%s: at most %i, the longest waiting first', async (concurrency, most) => {
    const open: (() => void)[] = []
    const { asked, fetcher } = over(() => () => new Promise<Response>((resolve) => open.push(() => resolve(new Response('x')))), concurrency === undefined ? {} : { concurrency })
    const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
    const all = Array.from({ length: most + 2 }, (_, i) => fetcher.post(`http://contoh.test/${i}`, body(1), 'x/y'))
    await rest()
    expect(asked).toHaveLength(most)
    open.shift()!()
    for (let i = 0; i < 5; i++) await rest()
    expect(asked.map(({ url }) => url.at(-1))).toEqual(Array.from({ length: most + 1 }, (_, i) => `${i}`))
    for (let i = 0; i < 10; i++) {
      while (open.length > 0) open.shift()!()
      await rest()
    }
    expect((await soon(Promise.all(all))).every((outcome) => outcome.outcome === 'fetched')).toBe(true)
    const after = Array.from({ length: most + 1 }, (_, i) => fetcher.post(`http://contoh.test/${i}`, body(1), 'x/y'))
    await rest()
    expect(open).toHaveLength(most)
    for (let i = 0; i < 10; i++) {
      while (open.length > 0) open.shift()!()
      await rest()
    }
    await soon(Promise.all(after))
  })
})
