import { describe, expect, it } from 'vitest'
import { CabutError } from '../errors.js'
import { allowPlainHttp, readBaseUrl } from './base-url.js'

const code = (run: () => unknown): string => {
  try {
    run()
    return 'none'
  } catch (error) {
    return error instanceof CabutError ? error.code : String(error)
  }
}

describe('base URL (DESIGN section 3: no default host)', () => {
  it.each([
    ['https://ams.contoh.go.id', 'https://ams.contoh.go.id'], ['https://gw.contoh.go.id/t/dinas/ams/1.0/', 'https://gw.contoh.go.id/t/dinas/ams/1.0'],
    ['http://127.0.0.1:8080/ams', 'http://127.0.0.1:8080/ams'], ['http://localhost:1', 'http://localhost:1'], ['http://[::1]:1/x', 'http://[::1]:1/x'],
    ['http://ams.localhost', 'http://ams.localhost'],
  ])('takes %s', (given, kept) => expect(readBaseUrl(given)).toBe(kept))

  it.each([
    ['', 'transportBaseUrl'], ['ams.contoh.go.id', 'transportBaseUrl'], ['/ams', 'transportBaseUrl'], ['ftp://ams.contoh.go.id', 'transportBaseUrl'],
    ['file:///etc/passwd', 'transportBaseUrl'], ['https://user:pass@ams.contoh.go.id', 'transportBaseUrl'], ['https://ams.contoh.go.id/?x=1', 'transportBaseUrl'],
    ['https://ams.contoh.go.id/?', 'transportBaseUrl'], ['https://ams.contoh.go.id/#a', 'transportBaseUrl'], ['http://ams.contoh.go.id', 'transportPlainHttp'],
    ['http://127.0.0.1.contoh.go.id', 'transportPlainHttp'], ['http://localhost.contoh.go.id', 'transportPlainHttp'], ['http://10.0.0.1', 'transportPlainHttp'],
  ])('refuses %j with %s', (given, expected) => expect(code(() => readBaseUrl(given))).toBe(expected))

  it('refuses nothing at all with a typed error, not a crash', () => {
    expect(code(() => readBaseUrl(undefined as never))).toBe('transportBaseUrl')
    expect(code(() => readBaseUrl(42 as never))).toBe('transportBaseUrl')
  })

  it('plain http off loopback only with the option imported by name', () => {
    expect(readBaseUrl('http://esign.dinas.local', [allowPlainHttp])).toBe('http://esign.dinas.local')
    expect(code(() => readBaseUrl('http://esign.dinas.local', [Symbol('allowPlainHttp') as never]))).toBe('transportPlainHttp')
  })

  it('never puts a credential of the URL into the message', () => {
    try {
      readBaseUrl('https://admin:rahasia@ams.contoh.go.id')
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toContain('rahasia')
    }
  })
})
