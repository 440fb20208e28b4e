import { connect } from 'node:net'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Leaf } from '@cabut/sandbox'
import { openPortal, people, type Portal } from './portal.js'

let portal: Portal
let leaf: Leaf
let server: Server
beforeAll(async () => {
  portal = await openPortal({ portal: { limits: { letter: 200_000, parts: 5, form: 500_000 } } })
  leaf = await portal.issue('surya.wibisana')
  server = createServer(getRequestListener(portal.handler.fetch))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await new Promise<void>((resolve) => { server.close(() => resolve()); server.closeAllConnections() })
  await portal.close()
})

const request = (change: Record<string, unknown> = {}): string => JSON.stringify({
  certificate: { part: 'sertifikat', username: 'surya.wibisana' }, reason: 'mutasi', letters: [{ part: 'surat', kind: 'requestLetter' }], ...change,
})
const whole = '%PDF-1.4\nisi\n%%EOF\n'

function form(letter: BlobPart, options: { type?: string; name?: string; json?: string; more?: (form: FormData) => void } = {}): FormData {
  const made = new FormData()
  made.append('request', options.json ?? request())
  made.append('surat', new Blob([letter], { type: options.type ?? 'application/pdf' }), options.name ?? 'surat.pdf')
  made.append('sertifikat', new Blob([leaf.certificatePem]), 'c.pem')
  options.more?.(made)
  return made
}

describe('uploads', () => {
  it.each([
    ['an empty letter', () => form(''), 422, 'requestInvalid'],
    ['not a PDF', () => form('<html>'), 422, 'requestInvalid'],
    ['a polyglot: HTML before the PDF header', () => form(`<script>alert(1)</script>${whole}`), 422, 'requestInvalid'],
    ['a polyglot: a GIF that is a PDF', () => form(`GIF89a${whole}`), 422, 'requestInvalid'],
    ['a polyglot: a zip behind the PDF', () => form(`${whole}PK\x03\x04${'x'.repeat(2_000)}`), 422, 'requestInvalid'],
    ['a PDF cut short', () => form('%PDF-1.4\nisi'), 422, 'requestInvalid'],
    ['a letter that says it is a page', () => form(whole, { type: 'text/html' }), 415, 'spbeMediaTypeUnsupported'],
    ['a letter above its limit', () => form(whole.padEnd(200_001, ' ')), 413, 'spbeBodyTooLarge'],
    ['a form above its limit', () => form(whole.padEnd(190_000), { more: (made) => { for (const name of ['a', 'b']) made.append(name, new Blob(['x'.repeat(190_000)])) } }), 413, 'spbeBodyTooLarge'],
    ['too many parts', () => form(whole, { more: (made) => { for (let part = 0; part < 3; part++) made.append(`p${part}`, 'x') } }), 413, 'spbeBodyTooLarge'],
    ['a part nobody names', () => form(whole, { more: (made) => made.append('lain', new Blob([whole])) }), 400, 'spbeBodyInvalid'],
    ['two parts of one name', () => form(whole, { more: (made) => made.append('surat', new Blob([whole])) }), 400, 'spbeBodyInvalid'],
    ['a part that is not there', () => form(whole, { json: request({ letters: [{ part: 'hilang', kind: 'requestLetter' }] }) }), 400, 'spbeBodyInvalid'],
    ['one part named twice', () => form(whole, { json: request({ letters: [{ part: 'surat', kind: 'requestLetter' }, { part: 'surat', kind: 'other' }] }) }), 400, 'spbeBodyInvalid'],
    ['the request twice', () => form(whole, { more: (made) => made.append('request', '{}') }), 400, 'spbeBodyInvalid'],
    ['a request that is not JSON', () => form(whole, { json: '{' }), 400, 'spbeBodyInvalid'],
    ['an unknown field', () => form(whole, { json: request({ passphrase: 'x' }) }), 422, 'requestInvalid'],
    ['a passphrase inside the applicant', () => form(whole, { json: request({ applicant: { passphrase: 'x' } }) }), 422, 'requestInvalid'],
    ['NIK as a number', () => form(whole, { json: request({ applicant: { nik: 9999010101800001 } }) }), 422, 'requestInvalid'],
    ['an unknown reason', () => form(whole, { json: request({ reason: 'iseng' }) }), 422, 'requestInvalid'],
    ['a date that does not exist', () => form(whole, { json: request({ effectiveDate: '2026-02-30' }) }), 422, 'requestInvalid'],
    ['a forgotten passphrase', () => form(whole, { json: request({ reason: 'lupaPassphrase' }) }), 422, 'requestInvalid'],
    ['a prototype in the JSON', () => form(whole, { json: request().replace('{', '{"__proto__":{"x":1},') }), 422, 'requestInvalid'],
  ] as [string, () => FormData, number, string][])('%s', async (_, made, status, code) => {
    const answer = await portal.call('POST', '/v1/requests', { as: people.opd, form: made() })
    const problem = await answer.json() as Record<string, unknown>
    expect([answer.status, problem['code'], JSON.stringify(problem)]).toEqual([status, code, expect.not.stringMatching(/9999010101800001|iseng/) as string])
    expect((await portal.desk.list()).length).toBe(0)
  })

  it('issues name their place and say it in the language asked for', async () => {
    const made = form(whole, { json: request({ reason: 'lupaPassphrase', applicant: { nik: '12' } }) })
    const { issues } = await (await portal.call('POST', '/v1/requests', { as: people.opd, form: made })).json() as { issues: { at: string; code: string; message: string }[] }
    expect(issues).toEqual(expect.arrayContaining([
      { at: 'applicant.nik', code: 'nikForm', message: 'NIK harus tepat 16 digit' },
      { at: 'reason', code: 'reasonAdvice', message: expect.stringMatching(/reset passphrase/) as string },
    ]))
  })

  it.each([['application/json', '{}'], ['text/plain', 'x'], ['application/x-www-form-urlencoded', 'a=b']])('another media type: %s', async (type, body) => {
    const headers = { authorization: `Bearer ${await portal.token(people.opd)}`, 'content-type': type, 'idempotency-key': 'kunci-lain-1' }
    const answer = await portal.handler.fetch(new Request('https://x.invalid/v1/requests', { method: 'POST', headers, body }))
    expect([answer.status, (await answer.json() as { code: string }).code]).toEqual([415, 'spbeMediaTypeUnsupported'])
  })

  it('JSON commands: too large, not JSON, of another type, unknown fields', async () => {
    const filed = await openPortal()
    const { id } = await filed.filed()
    const headers = { authorization: `Bearer ${await filed.token(people.head)}`, 'if-match': '*', 'content-type': 'application/json' }
    for (const [index, [body, type, status]] of ([
      [`{"to":"${'x'.repeat(300_000)}"}`, 'application/json', 413], ['{', 'application/json', 400], ['\xff', 'application/json', 400], ['{"to":"a"}', 'text/plain', 415],
      ['{"to":"a","lain":1}', 'application/json', 422], ['{"to":1}', 'application/json', 422], ['[]', 'application/json', 422], ['null', 'application/json', 422],
    ] as const).entries()) {
      const answer = await filed.handler.fetch(new Request(`https://x.invalid/v1/requests/${id}/dispose`, {
        method: 'POST', headers: { ...headers, 'content-type': type, 'idempotency-key': `kunci-json-${index}` }, body: body === '\xff' ? new Uint8Array([255]) : body,
      }))
      expect([index, answer.status]).toEqual([index, status])
    }
    await filed.close()
  })

  it('a download is octets with a name of ours, never a page', async () => {
    const other = await openPortal()
    const { id, json } = await other.filed()
    const [letter] = json['letters'] as { sha256: string }[]
    const answer = await other.call('GET', `/v1/requests/${id}/evidence/${letter?.sha256}`, { as: people.opd })
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${letter?.sha256}.pdf"`, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining('sandbox') as string,
    })
    for (const sha256 of ['../../../etc/passwd', '%2e%2e%2fetc', 'a'.repeat(64), 'A'.repeat(64), '']) {
      expect((await other.call('GET', `/v1/requests/${id}/evidence/${sha256}`, { as: people.opd })).status, sha256).toBe(404)
    }
    await other.close()
  })

  /** Speaks HTTP by hand, so that the connection can end where it likes. */
  async function raw(head: string, body: string, end: 'half' | 'destroy'): Promise<string> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => { answer += String(chunk) })
    socket.write(head + body)
    await new Promise((resolve) => setTimeout(resolve, 50))
    if (end === 'destroy') socket.destroy()
    else socket.end()
    await new Promise<void>((resolve) => { socket.on('close', () => resolve()); socket.on('error', () => resolve()) })
    return answer
  }

  it('over a real connection: an upload cut off half-way files nothing', async () => {
    const authorization = `Bearer ${await portal.token(people.opd)}`
    const head = (length: number): string => `POST /v1/requests HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nIdempotency-Key: kunci-putus-1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${length}\r\n\r\n`
    const begun = `--b\r\nContent-Disposition: form-data; name="request"\r\n\r\n${request()}\r\n--b\r\nContent-Disposition: form-data; name="surat"; filename="s.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4 sete`
    for (const end of ['half', 'destroy'] as const) await raw(head(begun.length + 1_000), begun, end)
    expect(await portal.desk.list()).toEqual([])
    // Ended properly as HTTP, but not as a form: the caller is told.
    expect(await raw(head(begun.length), begun, 'half')).toMatch(/^HTTP\/1\.1 400[\s\S]*spbeBodyTruncated/)
    // And the very same key may be used for the whole form.
    const answer = await portal.call('POST', '/v1/requests', { as: people.opd, form: await portal.filing(leaf), key: 'kunci-putus-1' })
    expect(answer.status).toBe(201)
  })

  it('over a real connection: 2 GB announced is refused before it comes', async () => {
    const authorization = `Bearer ${await portal.token(people.opd)}`
    const answer = await raw(`POST /v1/requests HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nIdempotency-Key: kunci-besar-1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 2147483648\r\n\r\n`, '--b\r\n', 'half')
    expect(answer).toMatch(/^HTTP\/1\.1 413[\s\S]*spbeBodyTooLarge/)
  })

  it('over a real connection: a stranger uploads nothing to a request that is not theirs', async () => {
    const authorization = `Bearer ${await portal.token(people.stranger)}`
    const answer = await raw(`POST /v1/requests/P-1234/letters HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nIdempotency-Key: kunci-asing-1\r\nIf-Match: *\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 400000\r\n\r\n`, '--b\r\n', 'half')
    expect(answer).toMatch(/^HTTP\/1\.1 404/)
  })
})
