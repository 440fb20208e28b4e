import { describe, expect, it, vi } from 'vitest'
import { bearer, createHttpAms, splpApiKey, splpAuthorization, type AmsFiling, type AmsPort, type HttpAmsOptions } from './index.js'

const KEY = 'kunci-ajuan-0001'
const as = { id: 'petugas-1', role: 'verifier' }
const write = { as, idempotencyKey: KEY }
const letter = { bytes: new TextEncoder().encode('%PDF-1.4 contoh'), sha256: 'ab'.repeat(32) }
const filing: AmsFiling = { username: 'surya.wibisana', certificate: { issuerDn: 'CN=CA,O=Contoh,C=ID', serial: '0a1b2c' }, reason: 'mutasi', letters: [] }
const record = {
  id: 'R-1', certificate: { id: 'c1', issuerDn: 'CN=CA,O=Contoh,C=ID', serial: 'a1b2c', subjectDn: 'CN=X' }, username: 'surya.wibisana', reason: 'mutasi',
  status: 'WAITING_BSRE', filedBy: { username: 'tegar', role: 'Verifikator' }, filedAt: '2026-05-26T14:00:00+07:00', letters: [], idempotencyKey: KEY,
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
const ok = (data: unknown): Response => json({ success: true, data })
const html = (status: number): Response => new Response('<!DOCTYPE html><title>masuk</title>', { status, headers: { 'content-type': 'text/html' } })
const failure = (code: string): TypeError => new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })

type Answer = (request: Request) => Response | Promise<Response>

function port(answer: Answer, more: Partial<HttpAmsOptions> = {}): { ams: AmsPort; seen: Request[] } {
  const seen: Request[] = []
  const fake: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    seen.push(request.clone())
    return answer(request)
  }
  return { ams: createHttpAms({ baseUrl: 'https://ams.contoh.go.id/api', credential: bearer('token-petugas'), fetch: fake, ...more }), seen }
}

describe('AMS over HTTP: one filing, what became of it', () => {
  const table: [string, Answer, object][] = [
    ['accepted', () => ok(record), { outcome: 'accepted', replayed: false, revocation: { id: 'R-1', status: 'waitingBsre', rawStatus: 'WAITING_BSRE', filedBy: 'tegar' } }],
    ['accepted again for the same key', () => json({ success: true, data: record }, 200, { 'idempotency-replayed': 'true' }), { outcome: 'accepted', replayed: true }],
    ['a status AMS has not had yet', () => ok({ ...record, status: 'MENUNGGU_KOORDINATOR' }), { outcome: 'accepted', revocation: { status: 'other', rawStatus: 'MENUNGGU_KOORDINATOR' } }],
    ['a status called like a member of Object', () => ok({ ...record, status: 'constructor' }), { outcome: 'accepted', revocation: { status: 'other', rawStatus: 'constructor' } }],
    ['HTTP 200 with success:false', () => json({ success: false, code: 'CERTIFICATE_EXPIRED', message: 'Sudah kedaluwarsa' }), { outcome: 'refused', code: 'CERTIFICATE_EXPIRED', message: 'Sudah kedaluwarsa', httpStatus: 200 }],
    ['an unknown refusal code stays raw', () => json({ success: false, code: 'KODE_BARU_480', message: 'x' }), { outcome: 'refused', code: 'KODE_BARU_480' }],
    ['a refusal without code or message', () => json({ success: false }), { outcome: 'refused', code: 'UNSPECIFIED', message: '' }],
    ['422 with the envelope', () => json({ success: false, code: 'BAD', message: 'm' }, 422), { outcome: 'refused', code: 'BAD', httpStatus: 422 }],
    ['403 with the envelope', () => json({ success: false, code: 'ROLE', message: 'm' }, 403), { outcome: 'refused', code: 'ROLE', httpStatus: 403 }],
    ['401', () => json({ success: false, code: 'TOKEN', message: 'm' }, 401), { outcome: 'notDone', cause: { code: 'amsAuthentication', httpStatus: 401 } }],
    ['403 of a gateway', () => html(403), { outcome: 'notDone', cause: { code: 'amsAuthentication', httpStatus: 403 } }],
    ['404 page', () => html(404), { outcome: 'notDone', cause: { code: 'amsContract', httpStatus: 404 } }],
    ['429 surfaces Retry-After', () => json({ success: false, code: 'SLOW', message: 'm' }, 429, { 'retry-after': '120' }), { outcome: 'notDone', cause: { code: 'amsThrottled', retryAfterMs: 120_000 } }],
    ['500', () => html(500), { outcome: 'unknown', cause: { code: 'amsUnavailable', httpStatus: 500 } }],
    ['503 surfaces Retry-After', () => new Response('', { status: 503, headers: { 'retry-after': '30' } }), { outcome: 'unknown', cause: { code: 'amsUnavailable', retryAfterMs: 30_000 } }],
    ['408', () => html(408), { outcome: 'unknown', cause: { code: 'amsUnavailable', httpStatus: 408 } }],
    ['HTML with 200', () => html(200), { outcome: 'unknown', cause: { code: 'amsContract', detail: 'HTML instead of JSON' } }],
    ['an empty body', () => new Response('', { status: 200 }), { outcome: 'unknown', cause: { code: 'amsContract', detail: 'an empty body' } }],
    ['invalid JSON', () => new Response('{"success":true,', { status: 200 }), { outcome: 'unknown', cause: { code: 'amsContract', detail: 'invalid JSON' } }],
    ['bytes that are not UTF-8', () => new Response(new Uint8Array([0x22, 0xff, 0x22])), { outcome: 'unknown', cause: { code: 'amsContract' } }],
    ['JSON without the envelope', () => json({ id: 'R-1' }), { outcome: 'unknown', cause: { code: 'amsContract' } }],
    ['success as text', () => json({ success: 'true', data: record }), { outcome: 'unknown', cause: { code: 'amsContract' } }],
    ['data of another shape', () => ok({ id: 'R-1' }), { outcome: 'unknown', cause: { code: 'amsContract', detail: expect.stringContaining('certificate') as string } }],
    ['a record about another certificate', () => ok({ ...record, certificate: { ...record.certificate, serial: 'ffff' } }), { outcome: 'unknown', cause: { code: 'amsContract' } }],
    ['a record of another issuer', () => ok({ ...record, certificate: { ...record.certificate, issuerDn: 'CN=CA Lain,O=Contoh,C=ID' } }), { outcome: 'unknown', cause: { code: 'amsContract' } }],
    ['the same issuer in the other order and case', () => ok({ ...record, certificate: { ...record.certificate, issuerDn: 'C=id, O=contoh, CN=ca' } }), { outcome: 'accepted' }],
    ['a redirect to another host', () => new Response(null, { status: 302, headers: { location: 'https://login.lain.invalid/' } }), { outcome: 'unknown', cause: { code: 'amsRedirected', detail: 'redirected to another host (login.lain.invalid)' } }],
    ['307: asked to go elsewhere', () => new Response(null, { status: 307, headers: { location: '/baru' } }), { outcome: 'notDone', cause: { code: 'amsRedirected' } }],
    ['connection refused', () => { throw failure('ECONNREFUSED') }, { outcome: 'notDone', cause: { code: 'amsUnavailable' } }],
    ['unknown host', () => { throw failure('ENOTFOUND') }, { outcome: 'notDone', cause: { code: 'amsUnavailable' } }],
    ['an expired TLS certificate', () => { throw failure('CERT_HAS_EXPIRED') }, { outcome: 'notDone', cause: { code: 'amsUnavailable' } }],
    ['two addresses, both refused', () => { throw new TypeError('fetch failed', { cause: new AggregateError([Object.assign(new Error('a'), { code: 'ECONNREFUSED' }), Object.assign(new Error('b'), { code: 'ENETUNREACH' })]) }) }, { outcome: 'notDone' }],
    ['two addresses, one reset after sending', () => { throw new TypeError('fetch failed', { cause: new AggregateError([Object.assign(new Error('a'), { code: 'ECONNREFUSED' }), Object.assign(new Error('b'), { code: 'ECONNRESET' })]) }) }, { outcome: 'unknown' }],
    ['a reset', () => { throw failure('ECONNRESET') }, { outcome: 'unknown', cause: { code: 'amsUnavailable', detail: 'the connection failed (ECONNRESET)' } }],
    ['a browser\'s bare network error', () => { throw new TypeError('Failed to fetch') }, { outcome: 'unknown', cause: { code: 'amsUnavailable' } }],
    ['a body that breaks off', () => new Response(new ReadableStream({ start(c) { c.enqueue(new Uint8Array([0x7b])); c.error(failure('ECONNRESET')) } })), { outcome: 'unknown', cause: { code: 'amsUnavailable' } }],
    ['a body above the cap', () => new Response('x'.repeat(5000)), { outcome: 'unknown', cause: { code: 'amsContract', detail: 'the answer exceeds 4096 octets' } }],
    ['a body announced above the cap', () => new Response('x', { headers: { 'content-length': '999999' } }), { outcome: 'unknown', cause: { code: 'amsContract' } }],
    ['a body without end', () => new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(1024)) } })), { outcome: 'unknown', cause: { code: 'amsContract' } }],
    ['no answer ever, with a fetch that ignores its signal', () => new Promise<Response>(() => undefined), { outcome: 'unknown', cause: { code: 'amsUnavailable', detail: 'no complete answer within 150 ms' } }],
    ['headers, then silence', () => new Response(new ReadableStream({ start(c) { c.enqueue(new Uint8Array([0x7b])) } })), { outcome: 'unknown', cause: { code: 'amsUnavailable' } }],
  ]

  it.each(table)('%s', async (_what, answer, expected) => {
    const { ams, seen } = port(answer, { timeoutMs: 150, answerLimit: 4096 })
    expect(await ams.fileRevocation(filing, write)).toMatchObject(expected)
    // Whatever happened: sent once, never repeated by the client.
    expect(seen).toHaveLength(1)
    expect(seen[0]?.headers.get('idempotency-key')).toBe(KEY)
    expect(seen[0]?.redirect).toBe('manual')
  })
})

describe('AMS over HTTP: requests', () => {
  it('addresses the certificate, maps the reason, carries the key; URL below the configured path', async () => {
    const { ams, seen } = port(() => ok(record), { profile: { reasons: { mutasi: 'PINDAH_TUGAS' } } })
    await ams.fileRevocation({ ...filing, note: 'pindah' }, write)
    expect(seen[0]?.url).toBe('https://ams.contoh.go.id/api/revocations')
    expect(await seen[0]?.json()).toEqual({
      username: 'surya.wibisana', certificate: { issuerDn: 'CN=CA,O=Contoh,C=ID', serial: '0a1b2c' }, reason: 'PINDAH_TUGAS', note: 'pindah', letterIds: [],
    })
  })

  it('uploads letters first, repeating those safely, then files once', async () => {
    let uploads = 0
    const { ams, seen } = port((request) => {
      if (!request.url.endsWith('/letters')) return ok(record)
      uploads++
      if (uploads === 1) throw failure('ECONNRESET')
      return ok({ letterId: 'L-9', sha256: letter.sha256, size: letter.bytes.byteLength })
    })
    expect(await ams.fileRevocation({ ...filing, letters: [letter] }, write)).toMatchObject({ outcome: 'accepted' })
    expect(seen.map((request) => new URL(request.url).pathname)).toEqual(['/api/letters', '/api/letters', '/api/revocations'])
    expect(seen[1]?.headers.get('content-type')).toBe('application/pdf')
    expect(seen[1]?.headers.get('idempotency-key')).toBe(`letter-${letter.sha256}`)
    expect(await seen[2]?.json()).toMatchObject({ letterIds: ['L-9'] })
  })

  it.each([
    ['upload lost', () => { throw failure('ECONNRESET') }, { outcome: 'notDone', cause: { code: 'amsUnavailable', detail: expect.stringContaining('letters[0]') as string } }],
    ['upload refused', () => json({ success: false, code: 'LETTER_NOT_PDF', message: 'm' }, 422), { outcome: 'refused', code: 'LETTER_NOT_PDF' }],
    ['other octets stored', () => ok({ letterId: 'L', sha256: 'cd'.repeat(32), size: 1 }), { outcome: 'notDone', cause: { code: 'amsContract' } }],
  ] as [string, Answer, object][])('nothing is filed when the letter does not arrive: %s', async (_what, answer, expected) => {
    const { ams, seen } = port(answer, { retries: 0 })
    expect(await ams.fileRevocation({ ...filing, letters: [letter] }, write)).toMatchObject(expected)
    expect(seen.every((request) => request.url.endsWith('/letters'))).toBe(true)
  })

  it('a letter above AMS\'s limit is not sent', async () => {
    const { ams, seen } = port(() => ok(record), { profile: { letterLimit: 10 } })
    expect(await ams.fileRevocation({ ...filing, letters: [letter] }, write)).toMatchObject({ outcome: 'notDone', cause: { code: 'amsLetterTooLarge' } })
    expect(seen).toHaveLength(0)
  })

  it('SPLP: the gateway\'s credential beside the acting person\'s, asked anew for each call', async () => {
    const token = vi.fn((holder: { id: string }) => `token-${holder.id}`)
    const { ams, seen } = port(() => ok(record), { credential: [splpApiKey('kunci-layanan'), splpAuthorization(() => 'gerbang'), bearer(token)] })
    await ams.readRevocation('R-1', { as })
    await ams.readRevocation('R-1', { as: { id: 'pemilik', role: 'owner' } })
    expect(seen.map((request) => [request.headers.get('apikey'), request.headers.get('authorizationsplp'), request.headers.get('authorization')])).toEqual([
      ['kunci-layanan', 'Bearer gerbang', 'Bearer token-petugas-1'], ['kunci-layanan', 'Bearer gerbang', 'Bearer token-pemilik'],
    ])
    expect(token).toHaveBeenNthCalledWith(1, { id: 'petugas-1', role: 'verifier' })
  })

  it.each([
    ['throws', () => { throw new Error('token rahasia') }], ['is empty', () => ''], ['ends the header line', () => 'a\r\nx: y'],
  ] as [string, () => string][])('nothing is sent when the credential %s, and it never shows', async (_what, value) => {
    const { ams, seen } = port(() => ok(record), { credential: bearer(value) })
    const outcome = await ams.fileRevocation(filing, write)
    expect(outcome).toMatchObject({ outcome: 'notDone', cause: { code: 'amsAuthentication' } })
    expect(JSON.stringify(outcome)).not.toMatch(/rahasia|x: y/)
    expect(seen).toHaveLength(0)
  })

  it('an aborted call: before sending nothing was done, after it nobody knows', async () => {
    const { ams, seen } = port(() => new Promise<Response>(() => undefined))
    expect(await ams.fileRevocation(filing, { ...write, signal: AbortSignal.abort() })).toMatchObject({ outcome: 'notDone' })
    expect(seen).toHaveLength(0)
    expect(await ams.fileRevocation(filing, { ...write, signal: AbortSignal.timeout(20) })).toMatchObject({ outcome: 'unknown' })
  })

  it('misuse is a TypeError: short key, no key, two credentials in one header, no credential', async () => {
    const { ams } = port(() => ok(record))
    await expect(ams.fileRevocation(filing, { as, idempotencyKey: 'pendek' })).rejects.toThrow(TypeError)
    await expect(ams.fileRevocation(filing, { as, idempotencyKey: 'dengan spasi di sini' })).rejects.toThrow(TypeError)
    expect(() => port(() => ok(record), { credential: [bearer('a'), bearer('b')] })).toThrow(TypeError)
    expect(() => port(() => ok(record), { credential: [] })).toThrow(TypeError)
    expect(() => port(() => ok(record), { timeoutMs: 0 })).toThrow(TypeError)
  })
})

describe('AMS over HTTP: reading', () => {
  it('repeats a reading, and waits as long as Retry-After says', async () => {
    let calls = 0
    const started = Date.now()
    const { ams } = port(() => (++calls === 1 ? new Response('', { status: 503, headers: { 'retry-after': '1' } }) : ok(record)))
    expect(await ams.readRevocation('R-1', { as })).toMatchObject({ outcome: 'answered', value: { id: 'R-1' } })
    expect(Date.now() - started).toBeGreaterThanOrEqual(990)
  })

  it('surfaces a Retry-After that does not fit into the time left, at once', async () => {
    const { ams, seen } = port(() => json({ success: false, code: 'SLOW', message: '' }, 429, { 'retry-after': '3600' }))
    expect(await ams.readRevocation('R-1', { as })).toMatchObject({ outcome: 'unavailable', cause: { code: 'amsThrottled', retryAfterMs: 3_600_000 } })
    expect(seen).toHaveLength(1)
  })

  it('collects all pages', async () => {
    const { ams, seen } = port((request) => {
      const page = Number(new URL(request.url).searchParams.get('page'))
      return ok({ items: Array.from({ length: page === 3 ? 50 : 100 }, (_, n) => ({ ...record, id: `R-${page}-${n}` })), total: 250, page, size: 100 })
    })
    const reading = await ams.findRevocations({ issuerDn: 'CN=CA', serial: 'ab' }, { as })
    expect(reading.outcome === 'answered' && reading.value.length).toBe(250)
    expect(seen).toHaveLength(3)
  })

  it('without a total a full page is followed by the next; endless pages end', async () => {
    const rows = (count: number): unknown[] => Array.from({ length: count }, (_, n) => ({ ...record, id: `R-${n}` }))
    const short = port((request) => ok({ items: rows(new URL(request.url).searchParams.get('page') === '1' ? 100 : 3) }))
    const reading = await short.ams.findRevocations({ issuerDn: 'CN=CA', serial: 'ab' }, { as })
    expect(reading.outcome === 'answered' && reading.value.length).toBe(103)
    const endless = port(() => ok({ items: rows(100), total: 1_000_000 }))
    expect(await endless.ams.findRevocations({ issuerDn: 'CN=CA', serial: 'ab' }, { as })).toMatchObject({ outcome: 'unavailable', cause: { code: 'amsContract' } })
    expect(endless.seen).toHaveLength(20)
  })

  it('an empty page is an answer; a refusal and a broken body are told apart', async () => {
    expect(await port(() => ok({ items: [], total: 0 })).ams.findCertificate({ username: 'x' }, { as })).toEqual({ outcome: 'answered', value: [] })
    expect(await port(() => json({ success: false, code: 'NO', message: 'm' })).ams.readRevocation('R', { as })).toMatchObject({ outcome: 'refused', code: 'NO' })
    expect(await port(() => html(200)).ams.readRevocation('R', { as })).toMatchObject({ outcome: 'unavailable', cause: { code: 'amsContract' } })
    expect(await port(() => ok({ ...record, id: 'R-2' })).ams.readRevocation('R-1', { as })).toMatchObject({ outcome: 'unavailable', cause: { code: 'amsContract' } })
  })

  it('reads serials, times and unknown words tolerantly', async () => {
    const items = [
      { id: 7, username: 'u', subjectDn: 'CN=x', issuerDn: 'CN=CA', serial: '00AB', notBefore: '2026-01-01 07:00:00', notAfter: 'kapan-kapan', status: 'DIBEKUKAN', baru: true },
    ]
    const reading = await port(() => ok({ items, total: 1 })).ams.findCertificate({ serial: '00AB', issuerDn: 'CN=CA' }, { as })
    expect(reading).toEqual({ outcome: 'answered', value: [{
      id: '7', username: 'u', subjectDn: 'CN=x', issuerDn: 'CN=CA', serial: 'ab', notBefore: new Date('2026-01-01T00:00:00Z'), status: 'other', rawStatus: 'DIBEKUKAN',
    }] })
  })

  it.each(['9999010101800001', 'budi@dinas.contoh.go.id', '199001012020011001'])('refuses to put %s into a URL (UU 27/2022)', async (username) => {
    const { ams, seen } = port(() => ok({ items: [] }))
    const failed = ams.findCertificate({ username }, { as })
    await expect(failed).rejects.toMatchObject({ code: 'transportPersonalDataInUrl', at: 'username' })
    await failed.catch((error: unknown) => expect((error as Error).message).not.toContain(username))
    expect(seen).toHaveLength(0)
  })

  it('a DN whose description happens to be 16 digits is no identity number', async () => {
    const { ams } = port(() => ok({ items: [] }))
    expect(await ams.findCertificate({ subjectDn: 'description=5170591234567890_Tanda Tangan Elektronik,CN=X' }, { as })).toMatchObject({ outcome: 'answered' })
  })
})
