import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bearer, createHttpAms, type AmsFiling } from './index.js'

const as = { id: 'petugas-1', role: 'verifier' }
const filing: AmsFiling = { username: 'u', certificate: { issuerDn: 'CN=CA', serial: 'ab' }, reason: 'mutasi', letters: [] }
const record = { id: 'R-1', certificate: { issuerDn: 'CN=CA', serial: 'ab' }, status: 'WAITING_BSRE' }

/** Bodies from far off to almost right: the envelope and the record with any member replaced or missing. */
const almost = fc.record({
  success: fc.oneof(fc.boolean(), fc.jsonValue()),
  data: fc.oneof(
    fc.jsonValue(),
    fc.record({ id: fc.oneof(fc.constant('R-1'), fc.jsonValue()), certificate: fc.oneof(fc.constant(record.certificate), fc.jsonValue()), status: fc.oneof(fc.constant('REVOKED'), fc.jsonValue()) }, { requiredKeys: [] }),
    fc.constant(record),
  ),
  code: fc.jsonValue(),
  message: fc.jsonValue(),
}, { requiredKeys: [] }).map((body) => JSON.stringify(body))
const body = fc.oneof(almost, fc.json(), fc.string(), fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')))
const status = fc.oneof(fc.constant(200), fc.constantFrom(200, 201, 202, 301, 302, 307, 308, 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 599))

describe('AMS over HTTP, properties', () => {
  it('any answer gives one of four outcomes, after one request; accepted only for a 2xx that says success and names our certificate', async () => {
    await fc.assert(fc.asyncProperty(status, body, async (code, text) => {
      let calls = 0
      const ams = createHttpAms({
        baseUrl: 'https://ams.contoh.go.id', credential: bearer('t'), timeoutMs: 1000,
        fetch: async () => {
          calls++
          return new Response(text, { status: code, headers: { 'content-type': 'application/json' } })
        },
      })
      const result = await ams.fileRevocation(filing, { as, idempotencyKey: 'kunci-0001' })
      expect(calls).toBe(1)
      expect(['accepted', 'refused', 'notDone', 'unknown']).toContain(result.outcome)
      if (result.outcome === 'accepted') {
        const said = JSON.parse(text) as { success: unknown; data: { certificate: { serial: string } } }
        expect(code).toBeLessThan(300)
        expect(said.success).toBe(true)
        expect(said.data.certificate.serial).toBe('ab')
      }
      // What may have happened must never be called not done.
      if (code >= 500 || code === 408) expect(result.outcome).toBe('unknown')
      if (code < 300 && result.outcome !== 'refused') expect(['accepted', 'unknown']).toContain(result.outcome)
    }), { numRuns: 1000 })
  })

  it('any answer to a reading is a value too', async () => {
    await fc.assert(fc.asyncProperty(status, body, async (code, text) => {
      const ams = createHttpAms({ baseUrl: 'https://ams.contoh.go.id', credential: bearer('t'), timeoutMs: 1000, retries: 0, fetch: async () => new Response(text, { status: code }) })
      for (const reading of [await ams.readRevocation('R-1', { as }), await ams.findRevocations({ idempotencyKey: 'kunci-0001' }, { as }), await ams.findCertificate({ serial: 'ab' }, { as })]) {
        expect(['answered', 'refused', 'unavailable']).toContain(reading.outcome)
        if (reading.outcome === 'answered') expect(code).toBeLessThan(300)
      }
    }), { numRuns: 300 })
  })
})
