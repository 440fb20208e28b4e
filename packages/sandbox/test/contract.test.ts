import { describe, expect, test } from 'vitest'
import { validateExchange, type RecordedExchange } from './contract.js'

/** The judge itself must be able to say no. */
const good: RecordedExchange = {
  method: 'GET',
  path: '/reasons',
  requestHeaders: new Headers({ authorization: 'Bearer x' }),
  status: 200,
  responseHeaders: new Headers({ 'content-type': 'application/json' }),
  responseBody: JSON.stringify({ success: true, data: { version: '1', items: [{ code: 'mutasi', label: 'Mutasi' }] } }),
}
const filing: RecordedExchange = {
  ...good,
  method: 'POST',
  path: '/revocations',
  requestHeaders: new Headers({ authorization: 'Bearer x', 'content-type': 'application/json', 'idempotency-key': 'key-00000001' }),
  requestBody: JSON.stringify({ username: 'a', certificate: { issuerDn: 'CN=x', serial: 'ab' }, reason: 'mutasi', letterIds: ['let-1'] }),
  responseBody: JSON.stringify({ success: false, code: 'CERTIFICATE_NOT_FOUND', message: 'Sertifikat tidak ditemukan.' }),
}

describe('docs/openapi/ams.yaml judges both sides', () => {
  test('exchanges that keep the contract pass', () => {
    expect(validateExchange(good)).toEqual([])
    expect(validateExchange(filing)).toEqual([])
    expect(
      validateExchange({ ...good, status: 502, responseHeaders: new Headers({ 'content-type': 'text/html' }), responseBody: '<html>' }),
    ).toEqual([])
  })

  const breaches: [string, Partial<RecordedExchange>, RecordedExchange, RegExp][] = [
    ['an unknown path', { path: '/nothing' }, good, /no operation GET \/nothing/],
    ['no bearer token', { requestHeaders: new Headers() }, good, /authorization/],
    ['a query parameter that is not in the contract', { path: '/reasons?x=1' }, good, /query x/],
    ['a missing field in the answer', { responseBody: '{"success":true,"data":{"version":"1"}}' }, good, /response/],
    ['an extra field in the answer', { responseBody: '{"success":true,"data":{"version":"1","items":[]},"more":1}' }, good, /response/],
    [
      'a time in another zone',
      { responseBody: JSON.stringify({ success: true, data: { id: 'r', filedAt: '2026-01-01T00:00:00Z' } }) },
      filing,
      /response/,
    ],
    ['an answer that is no JSON', { responseBody: '{"success":' }, good, /response: not JSON/],
    ['an undeclared status', { status: 204, responseBody: '' }, good, /status 204/],
    [
      '429 without Retry-After',
      { status: 429, responseBody: '{"success":false,"code":"TOO_MANY","message":"x"}' },
      good,
      /retry-after: required/i,
    ],
    [
      'no idempotency key',
      { requestHeaders: new Headers({ authorization: 'Bearer x', 'content-type': 'application/json' }) },
      filing,
      /Idempotency-Key: required/,
    ],
    [
      'a decimal serial with a sign',
      { requestBody: (filing.requestBody as string).replace('"ab"', '"-12"') },
      filing,
      /request\/certificate\/serial/,
    ],
    [
      'an extra field in the request',
      { requestBody: (filing.requestBody as string).replace('{"username"', '{"nik":"x","username"') },
      filing,
      /request/,
    ],
    [
      'the wrong media type',
      { requestHeaders: new Headers({ authorization: 'Bearer x', 'content-type': 'text/plain', 'idempotency-key': 'key-00000001' }) },
      filing,
      /content-type text\/plain/,
    ],
  ]
  test.each(breaches)('%s is a problem', (_name, change, base, problem) => {
    expect(validateExchange({ ...base, ...change }).join('\n')).toMatch(problem)
  })
})
