import { describe, expect, it } from 'vitest'
import { createMemoryIdempotencyStore } from '../idempotency/memory.js'
import { preferredLanguage } from '../problem/language.js'
import { toProblem } from '../problem/problem.js'
import { CabutError } from '@cabut/sdk'
import { readCursor, writeCursor } from './cursor.js'
import { checkCors, corsHeaders, createRateLimiter } from './protection.js'

describe('Accept-Language (RFC 9110 12.5.4)', () => {
  it.each([
    [null, 'id'], ['', 'id'], ['id', 'id'], ['en', 'en'], ['en-GB,en;q=0.9', 'en'], ['id,en;q=0.9', 'id'], ['en;q=0.5, id;q=0.6', 'id'], ['en;q=0', 'id'],
    ['jv, en;q=0.3', 'en'], ['*', 'id'], ['in-ID', 'id'], [`${'x,'.repeat(100_000)}en`, 'id'], ['en;q=9', 'id'],
  ] as const)('%s', (header, language) => expect(preferredLanguage(header)).toBe(language))
})

describe('problem+json (RFC 9457)', () => {
  it('what is no error of ours says nothing of itself', () => {
    const { problem } = toProblem(new TypeError('rahasia di /etc/x 9999010101800001'), 'id')
    expect(problem).toEqual({ type: 'urn:cabut:error:spbeInternal', title: 'Kesalahan pada layanan', status: 500, code: 'spbeInternal', retryable: true })
  })
  it('title by language, detail and place', () => {
    const error = new CabutError('requestInvalid', { at: 'applicant.nik', detail: 'nik 9999010101800001' })
    expect(toProblem(error, 'en').problem).toMatchObject({ title: 'The request is not valid', status: 422, at: 'applicant.nik', detail: 'nik [nomor identitas]' })
  })
})

describe('cursors', () => {
  it('go round; anything else is refused', () => {
    expect(readCursor(writeCursor('P-0001 ü'))).toBe('P-0001 ü')
    for (const bad of ['', '!!', 'AAAA', btoa('2:x'), btoa('1:'), btoa('1:a\n'), btoa(`1:${'x'.repeat(300)}`)]) expect(() => readCursor(bad), bad).toThrow(CabutError)
  })
})

describe('rate limit', () => {
  it('a bucket per person that refills; Retry-After says when', () => {
    let now = 0
    const limit = createRateLimiter({ requests: 3, per: 3_000 }, () => now)
    for (let time = 0; time < 3; time++) limit('a')
    expect(() => limit('a')).toThrow(expect.objectContaining({ code: 'spbeTooManyRequests', extras: { headers: { 'Retry-After': '1' } } }) as Error)
    limit('b')
    now = 1_000
    limit('a')
    expect(() => limit('a')).toThrow(CabutError)
    now = 0 // a clock that steps back gives nothing away
    expect(() => limit('a')).toThrow(CabutError)
  })
  it('refuses nonsense at construction', () => {
    for (const bad of [{ requests: 0, per: 1 }, { requests: 1, per: 0 }, { requests: NaN, per: 1 }]) expect(() => createRateLimiter(bad, Date.now)).toThrow(TypeError)
  })
})

describe('CORS by list', () => {
  const from = (origin: string, method = 'GET'): Request => new Request('https://api.contoh.go.id/', { method, headers: { origin } })
  const cors = { origins: ['https://portal.contoh.go.id'] }
  it('a listed origin may, another may not, and credentials are never allowed', () => {
    expect(corsHeaders(from('https://portal.contoh.go.id'), cors)).toMatchObject({ 'Access-Control-Allow-Origin': 'https://portal.contoh.go.id', Vary: 'Origin' })
    for (const origin of ['https://jahat.invalid', 'null', 'https://portal.contoh.go.id.jahat.invalid', 'http://portal.contoh.go.id']) {
      expect(corsHeaders(from(origin), cors)).toEqual({ Vary: 'Origin' })
    }
    expect(corsHeaders(from('https://portal.contoh.go.id'), undefined)).toEqual({})
    expect(corsHeaders(from('https://portal.contoh.go.id', 'OPTIONS'), cors)).not.toHaveProperty('Access-Control-Allow-Credentials')
  })
  it.each(['*', 'null', 'https://a.id/', 'https://a.id/x', 'a.id'])('refuses %s at construction', (origin) => expect(() => checkCors({ origins: [origin] })).toThrow(TypeError))
})

describe('answers kept for Idempotency-Key', () => {
  const answer = { status: 201, headers: {}, body: '{}' }
  it('claimed, in use, answered, reused, released', async () => {
    const store = createMemoryIdempotencyStore()
    expect(await store.claim('k', 'f')).toEqual({ outcome: 'claimed' })
    expect(await store.claim('k', 'f')).toEqual({ outcome: 'inUse' })
    expect(await store.claim('k', 'g')).toEqual({ outcome: 'reused' })
    await store.release('k')
    expect(await store.claim('k', 'g')).toEqual({ outcome: 'claimed' })
    await store.finish('k', answer)
    await store.release('k')
    expect(await store.claim('k', 'g')).toEqual({ outcome: 'answered', answer })
  })
  it('forgets with time and beyond its limit, the oldest first; what is under way stays', async () => {
    let now = 0
    const store = createMemoryIdempotencyStore({ keep: 100, limit: 2, now: () => now })
    await store.claim('under way', 'f')
    await store.claim('a', 'f')
    await store.finish('a', answer)
    await store.claim('b', 'f')
    expect(await store.claim('a', 'f')).toEqual({ outcome: 'claimed' })
    expect(await store.claim('under way', 'f')).toEqual({ outcome: 'inUse' })
    now = 100
    expect(await store.claim('under way', 'g')).toEqual({ outcome: 'claimed' })
  })
})
