import { describe, expect, test } from 'vitest'
import { Circuit, guardAms, guardEvidence } from '../src/desk/circuit.js'
import { findings, offices, people, type Office } from './office.js'

const minute = 60_000
const hour = 60 * minute
const open = offices()

async function approved(here: Office): Promise<{ readonly id: string; readonly serial: string }> {
  const { opd, head, verifier } = people.purbalingga
  const leaf = await here.issue(opd.id)
  const { id } = await here.desk.file({
    certificate: { certificate: leaf.certificatePem, username: opd.id }, reason: 'mutasi', letters: [await here.letter('requestLetter')], applicant: { id: opd.id, opd: opd.opd },
  })
  await here.desk.dispose(id, { as: head, to: verifier })
  await here.desk.approve(id, { as: verifier, findings })
  return { id, serial: leaf.serial }
}

describe('an outage of AMS', () => {
  test('twelve hours: AMS is called now and then, not by every request; afterwards each certificate is revoked once', async () => {
    const here = await open('kabupaten-purbalingga', { sandbox: { faults: [{ kind: 'reset', on: 'ams.*' }], reuseKeys: true } })
    const requests = [await approved(here), await approved(here), await approved(here), await approved(here)]
    const before = here.sandbox.manage.log().length
    await here.pass(12 * hour, minute)
    const calls = here.sandbox.manage.log().length - before
    // Four requests asking every ten minutes would be 288 calls and more.
    console.log(`12 h outage, 4 requests: ${calls} calls`)
    expect(calls).toBeGreaterThan(10)
    expect(calls).toBeLessThan(150)
    here.sandbox.manage.faults.set([])
    for (const { id } of requests) {
      const { status, statusReason } = await here.desk.get(id)
      // Whoever could not be read for long waits for a person, who finds nothing there.
      if (status === 'parked') await here.desk.resume(id, { as: people.purbalingga.verifier, found: 'nothing' })
      else expect([status, statusReason]).toEqual(['executing', undefined])
    }
    await here.pass(4 * hour, 5 * minute)
    for (const { id, serial } of requests) {
      expect((await here.desk.get(id)).status).toBe('closed')
      expect(here.sandbox.manage.timesRevoked(serial)).toBe(1)
    }
  }, 120_000)

  test('a storm of 429: one answer with Retry-After holds everybody back until then', async () => {
    const here = await open('kabupaten-purbalingga', { sandbox: { faults: [{ kind: 'throttle', on: 'ams.*', seconds: 600 }], reuseKeys: true }, desk: { concurrency: 1 } })
    const requests = [await approved(here), await approved(here), await approved(here)]
    const before = here.sandbox.manage.log().length
    await here.pass(9 * minute, 10_000)
    expect(here.sandbox.manage.log().length - before).toBe(1)
    here.sandbox.manage.faults.set([])
    await here.pass(4 * hour, 5 * minute)
    for (const { id, serial } of requests) {
      expect((await here.desk.get(id)).status).toBe('closed')
      expect(here.sandbox.manage.timesRevoked(serial)).toBe(1)
    }
  }, 60_000)
})

describe('the breaker', () => {
  const make = (): { circuit: Circuit; clock: { now: number } } => {
    const clock = { now: 0 }
    return { clock, circuit: new Circuit(() => clock.now, { retry: 1_000, retryMax: 60_000 }) }
  }
  const call = (circuit: Circuit, host: string, ill: boolean, after?: number): Promise<string> =>
    circuit.run<string>(host, async () => 'called', () => (ill ? { ill: true, ...(after === undefined ? {} : { retryAfterMs: after }) } : 'well'), () => 'left alone')

  test('opens after five failures in a row, lets one try after the pause, doubles the pause, closes on an answer; each host for itself', async () => {
    const { circuit, clock } = make()
    for (let n = 0; n < 4; n++) expect(await call(circuit, 'a', true)).toBe('called')
    expect(await call(circuit, 'a', false)).toBe('called')
    for (let n = 0; n < 5; n++) expect(await call(circuit, 'a', true)).toBe('called')
    expect(await call(circuit, 'a', true)).toBe('left alone')
    expect(await call(circuit, 'b', true)).toBe('called')
    clock.now = 4_000
    expect(await Promise.all([call(circuit, 'a', true), call(circuit, 'a', true)])).toEqual(['called', 'left alone'])
    clock.now = 11_999
    expect(await call(circuit, 'a', true)).toBe('left alone')
    clock.now = 12_000
    expect(await call(circuit, 'a', false)).toBe('called')
    expect(await call(circuit, 'a', true)).toBe('called')
  })

  test('Retry-After alone opens it; a call that throws counts as a failure and frees the place', async () => {
    const { circuit, clock } = make()
    expect(await call(circuit, 'a', true, 30_000)).toBe('called')
    expect(circuit.restOf('a')).toBe(30_000)
    clock.now = 30_000
    for (let n = 0; n < 4; n++) await expect(circuit.run('a', async () => { throw new Error('x') }, () => 'well', () => undefined)).rejects.toThrow('x')
    expect(await call(circuit, 'a', false)).toBe('left alone')
    clock.now += 4_000
    await expect(circuit.run('a', async () => { throw new Error('x') }, () => 'well', () => undefined)).rejects.toThrow('x')
    clock.now += 8_000
    expect(await call(circuit, 'a', false)).toBe('called')
  })

  test('AMS: a refusal and a wrong credential are answers, not an outage; while open a write is certainly not done', async () => {
    const { circuit } = make()
    let outcome: unknown = { outcome: 'refused', code: 'X', message: '', httpStatus: 200 }
    let calls = 0
    const answer = async (): Promise<never> => { calls += 1; return outcome as never }
    const ams = guardAms({ kind: 'http', honoursIdempotencyKey: true, readsBack: true, letterLimit: 1, findCertificate: answer, fileRevocation: answer, readRevocation: answer, findRevocations: answer }, circuit)
    const write = (): Promise<unknown> => ams.fileRevocation({} as never, {} as never)
    for (let n = 0; n < 9; n++) await write()
    outcome = { outcome: 'notDone', cause: { code: 'amsAuthentication', detail: '' } }
    for (let n = 0; n < 9; n++) await write()
    expect(calls).toBe(18)
    outcome = { outcome: 'unknown', cause: { code: 'amsUnavailable', detail: '' } }
    for (let n = 0; n < 9; n++) await write()
    expect(calls).toBe(23)
    expect(await write()).toMatchObject({ outcome: 'notDone', cause: { code: 'amsUnavailable', retryAfterMs: 4_000 } })
    expect(await ams.readRevocation('x', {} as never)).toMatchObject({ outcome: 'unavailable', cause: { retryAfterMs: 4_000 } })
  })

  test('evidence: by host; 404 is an answer, 503 and silence are not; an injected fetch is guarded as well', async () => {
    const { circuit } = make()
    const seen: string[] = []
    const fetcher = guardEvidence({
      async get(url) { seen.push(url); return url.includes('//there') ? { outcome: 'failed', detail: 'HTTP 404', status: 404 } : { outcome: 'failed', detail: 'HTTP 503', status: 503 } },
      async post() { return { outcome: 'failed', detail: 'no connection' } },
    }, circuit)
    if (typeof fetcher !== 'object') throw new Error('a fetcher is expected')
    for (let n = 0; n < 9; n++) { await fetcher.get('http://away/crl'); await fetcher.get('http://there/crl') }
    expect([seen.filter(url => url.includes('away')).length, seen.filter(url => url.includes('there')).length]).toEqual([5, 9])
    expect(await fetcher.post('http://away/ocsp', new Uint8Array(), 'x/y')).toMatchObject({ outcome: 'failed', detail: 'left alone after failures' })
    let calls = 0
    const bare = guardEvidence(async () => { calls += 1; return new Response(null, { status: 503 }) }, make().circuit)
    if (typeof bare !== 'function') throw new Error('a fetch is expected')
    for (let n = 0; n < 9; n++) expect((await bare('http://away/crl')).status).toBe(503)
    expect(calls).toBe(5)
  })
})
