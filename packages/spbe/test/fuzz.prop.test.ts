import fc from 'fast-check'
import { errorTable } from '@cabut/sdk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { routes } from '../src/route/index.js'
import { findings, openPortal, people, type Filed, type Portal } from './portal.js'

let portal: Portal
let filed: Filed
let complaint: string
beforeAll(async () => {
  portal = await openPortal({ sandbox: { faults: 'none' }, portal: { live: { lifetime: 5, heartbeat: 5 } } })
  filed = await portal.filed()
  complaint = ((await (await portal.call('POST', '/v1/complaints', { as: people.opd, json: { channel: 'srikandi', class: 'ringan', text: 'x' } })).json()) as { id: string }).id
})
afterAll(async () => portal.close())

/** More of it: CABUT_FUZZ=20000. */
const runs = Number(process.env['CABUT_FUZZ'] ?? '1500')

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('', '../../etc/passwd', '%00', '\u0000', '__proto__', 'constructor', "'; DROP TABLE cases; --", '<script>alert(1)</script>', 'x'.repeat(5_000), '9999010101800001'),
)
const scalar = fc.oneof(nasty, fc.double(), fc.boolean(), fc.constant(null), fc.integer())
const words = fc.constantFrom('to', 'reasons', 'findings', 'note', 'letter', 'letters', 'reason', 'certificate', 'applicant', 'holder', 'part', 'kind', 'text', 'class', 'channel', 'decision', 'outcome', 'found', 'emergency', 'effectiveDate', 'visibility', 'about', '__proto__')
const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.oneof(words, nasty), tie('value'), { maxKeys: 6 })),
})).value
/** Bodies that come close to being right go deeper than noise does. */
const close = fc.oneof(
  fc.record({ to: fc.oneof(fc.constant('tegar.maulana'), nasty), note: nasty }, { requiredKeys: [] }),
  fc.record({ findings: fc.oneof(fc.constant(findings), json) }, { requiredKeys: [] }),
  fc.record({ reasons: fc.array(nasty, { maxLength: 3 }) }),
  fc.record({ reason: fc.oneof(fc.constant('pensiun'), nasty), effectiveDate: fc.oneof(fc.constant('2026-12-31'), nasty), note: nasty }, { requiredKeys: [] }),
  fc.record({ text: nasty, class: fc.constantFrom('ringan', 'normatif'), channel: fc.constant('srikandi'), visibility: fc.constantFrom('open', 'secret', 'anonymous'), about: fc.array(nasty, { maxLength: 2 }) }, { requiredKeys: [] }),
  fc.record({
    certificate: fc.oneof(fc.constant({ part: 'sertifikat' }), fc.record({ issuerDn: nasty, serial: fc.oneof(nasty, fc.record({ hex: nasty })), subjectDn: nasty, username: nasty }, { requiredKeys: [] })),
    reason: fc.oneof(fc.constant('mutasi'), nasty), letters: fc.constant([{ part: 'surat', kind: 'requestLetter' }]), applicant: fc.oneof(fc.constant({ name: 'Surya' }), json), holder: json, onBehalf: fc.constantFrom('deceased', 'lain'),
  }, { requiredKeys: ['certificate', 'reason'] }),
  json,
)
const files = fc.array(fc.tuple(fc.constantFrom('surat', 'sertifikat', 'crl', 'ocsp', 'lain'), fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(new TextEncoder().encode('%PDF-1.4\n%%EOF\n')))), { maxLength: 3 })

it(`whatever is sent: an answer of the document, never a 5xx, never a stack or a personal value (${runs} requests)`, async () => {
  const seen = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes), fc.constantFrom('real', 'complaint', 'invented', 'nasty'), nasty, fc.constantFrom(...Object.values(people)), close, files, nasty, fc.boolean(), fc.boolean(),
      async (row, which, weird, as, body, parts, query, formOrJson, fits) => {
        const id = which === 'real' ? filed.id : which === 'complaint' ? complaint : which === 'invented' ? 'P-tidakada' : weird
        const safe = (text: string): string => { try { return encodeURIComponent(text) } catch { return '%ff' } }
        const path = `${row.path.replace('{id}', safe(id)).replace('{sha256}', safe(weird))}${fits ? '' : `?limit=${safe(query)}&cursor=${safe(query)}&status=${safe(query)}&form=${safe(query)}`}`
        let text = 'null'
        try { text = JSON.stringify(body) } catch { /* not JSON: send null */ }
        const form = new FormData()
        form.append('request', text)
        for (const [name, bytes] of parts) form.append(name, new Blob([bytes], { type: 'application/pdf' }), 'x')
        const useForm = fits ? row.body?.media === 'form' : formOrJson
        const send = row.method === 'get' ? {} : useForm ? { form } : { json: JSON.parse(text) as unknown }
        const answer = await portal.call(row.method.toUpperCase(), path, { as, ifMatch: '*', ...send })
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
        const said = answer.headers.get('content-type') === 'application/zip' ? '' : await answer.text()
        expect(answer.status, `${row.operationId} ${path} ${text} ${said}`).toBeLessThan(500)
        expect(said, row.operationId).not.toMatch(/node_modules|\.ts:\d|at async |TypeError|ZodError/)
        if (row.operationId !== 'readPersonal') expect(said).not.toMatch(/Surya Wibisana/)
        if (answer.status >= 400) {
          expect(answer.headers.get('content-type')).toBe('application/problem+json')
          const problem = JSON.parse(said) as { code: keyof typeof errorTable; status: number }
          expect(errorTable[problem.code].httpStatus).toBe(problem.status)
        }
      },
    ),
    { numRuns: runs },
  )
  // A fuzzer that is stopped at the door tests nothing.
  expect(seen.get(200) ?? 0).toBeGreaterThan(runs / 50)
  expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 404, 409, 422]))
}, Math.max(600_000, runs * 90))
