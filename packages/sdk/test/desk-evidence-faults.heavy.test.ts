import { describe, expect, test } from 'vitest'
import type { FaultRule } from '@cabut/sandbox'
import { allowPlainHttp, bearer, createHttpAms } from '../src/ams/index.js'
import { createDesk } from '../src/desk/index.js'
import { createMemoryStore, type Store } from '../src/store/index.js'
import { findings, offices, people, type Office } from './office.js'

const minute = 60_000
const hour = 60 * minute
const { opd, head, verifier } = people.purbalingga
const openOffice = offices()
const open = (more: NonNullable<Parameters<typeof openOffice>[1]> = {}): Promise<Office> => openOffice('kabupaten-purbalingga', { ...more, sandbox: { reuseKeys: true, ...more.sandbox } })

async function approved(here: Office, id?: string): Promise<{ readonly id: string; readonly serial: string }> {
  const leaf = await here.issue(opd.id)
  const request = await here.desk.file({
    ...(id === undefined ? {} : { id }), certificate: { certificate: leaf.certificatePem, username: opd.id }, reason: 'mutasi', letters: [await here.letter('requestLetter')], applicant: { id: opd.id, opd: opd.opd },
  })
  await here.desk.dispose(request.id, { as: head, to: verifier })
  await here.desk.approve(request.id, { as: verifier, findings })
  return { id: request.id, serial: leaf.serial }
}

const statusOf = async (here: Office, id: string): Promise<string> => (await here.desk.get(id)).status

describe('the place of the CRL', () => {
  // OCSP is away in all of them: the CRL alone decides.
  const noOcsp: FaultRule = { kind: 'reset', on: 'ca.ocsp' }
  const bad: readonly (readonly [string, readonly FaultRule[]])[] = [
    ['down', [{ kind: 'reset', on: 'ca.crl' }]], ['serving yesterday\'s file', [{ kind: 'staleCrl', age: 24 * hour }]], ['truncated in the middle of the body', [{ kind: 'truncate', on: 'ca.crl' }]],
    ['answering 503', [{ kind: 'status', on: 'ca.crl', status: 503 }]], ['answering with a page', [{ kind: 'html', on: 'ca.crl' }]],
  ]
  for (const [what, rules] of bad) {
    test(`${what}: nothing is called revoked, nothing is lost; proven once it is well again`, async () => {
      const here = await open()
      const request = await approved(here)
      here.sandbox.manage.faults.set([noOcsp, ...rules])
      await here.pass(6 * hour, 20 * minute)
      expect(await statusOf(here, request.id)).toBe('awaitingProof')
      here.sandbox.manage.faults.set([noOcsp])
      await here.pass(2 * hour, 10 * minute)
      expect(await statusOf(here, request.id)).toBe('closed')
      expect((await here.desk.get(request.id)).proof?.source).toBe('crl')
      expect(here.sandbox.manage.timesRevoked(request.serial)).toBe(1)
    }, 60_000)
  }

  test('answering with 50 MB of something: refused as what it is, and proven afterwards', async () => {
    let flood = true
    let floods = 0
    const here = await open({
      desk: sandbox => ({
        fetch: (async (input: string | URL | Request, init?: RequestInit) => {
          if (!flood || !new Request(input, init).url.endsWith('.crl')) return sandbox.fetch(input, init)
          floods += 1
          return new Response(new Uint8Array(50_000_000).fill(0x30))
        }),
      }),
    })
    const request = await approved(here)
    here.sandbox.manage.faults.set([noOcsp])
    await here.pass(2 * hour, hour)
    expect(floods).toBeGreaterThan(0)
    expect(await statusOf(here, request.id)).toBe('awaitingProof')
    flood = false
    await here.pass(2 * hour, 10 * minute)
    expect(await statusOf(here, request.id)).toBe('closed')
  }, 60_000)
})

describe('after the proof', () => {
  test('the entry disappears: contradicted, with the evidence that shows it', async () => {
    const here = await open({ desk: { pace: { watch: 24 * hour } } })
    const request = await approved(here)
    await here.pass(2 * hour, 5 * minute)
    expect(await statusOf(here, request.id)).toBe('closed')
    here.sandbox.manage.faults.set([{ kind: 'unrevoke' }])
    await here.pass(5 * 24 * hour, 12 * hour)
    await contradictedBy(here, request.id, 'notListed')
  }, 60_000)

  test('publication stops: the same CRL is served long after its end: contradicted as stale', async () => {
    let frozen: Uint8Array | undefined
    let freezing = false
    const here = await open({
      desk: sandbox => ({
        pace: { watch: 24 * hour },
        fetch: (async (input: string | URL | Request, init?: RequestInit) => {
          const { url } = new Request(input, init)
          if (!freezing) return sandbox.fetch(input, init)
          if (!url.endsWith('.crl')) throw new TypeError('fetch failed')
          // Those of root and issuing authority alike: each at its place.
          if (url.includes('root')) return sandbox.fetch(input, init)
          frozen ??= new Uint8Array(await (await sandbox.fetch(input, init)).arrayBuffer())
          return new Response(frozen.slice())
        }),
      }),
    })
    const request = await approved(here)
    await here.pass(2 * hour, 5 * minute)
    expect(await statusOf(here, request.id)).toBe('closed')
    freezing = true
    await here.pass(6 * 24 * hour, 12 * hour)
    await contradictedBy(here, request.id, 'stale')
  }, 60_000)

  test('an older CRL is served again: it is older than the proof and denies nothing; before a proof it proves nothing', async () => {
    const here = await open({ desk: { pace: { watch: 24 * hour } } })
    const first = await approved(here)
    await here.pass(2 * hour, 5 * minute)
    expect(await statusOf(here, first.id)).toBe('closed')
    here.sandbox.manage.faults.set([{ kind: 'crlRollback' }, { kind: 'reset', on: 'ca.ocsp' }])
    const second = await approved(here)
    await here.pass(2 * hour, 20 * minute)
    expect([await statusOf(here, first.id), await statusOf(here, second.id)]).toEqual(['closed', 'awaitingProof'])
    here.sandbox.manage.faults.set([])
    await here.pass(2 * hour, 20 * minute)
    expect(await statusOf(here, second.id)).toBe('closed')
  }, 60_000)
})

async function contradictedBy(here: Office, id: string, kind: string): Promise<void> {
  const { status, statusReason } = await here.desk.get(id)
  expect([status, statusReason]).toEqual(['contradicted', 'evidenceDenies'])
  const last = (await here.desk.history(id)).filter(event => event.type === 'contradicted').at(-1)
  const findings = (last?.data as { readonly findings?: readonly { readonly sha256: string; readonly kind: string }[] } | undefined)?.findings ?? []
  expect(findings.map(each => each.kind)).toContain(kind)
  // Both sides are kept: what proved it, and what denies it.
  const { proof } = await here.desk.get(id)
  for (const sha256 of [proof?.sha256 ?? '', ...findings.map(each => each.sha256)]) expect((await here.desk.evidence(id, sha256)).bytes.length).toBeGreaterThan(0)
}

describe('AMS that lies', () => {
  test('another certificate was revoked: ours is never called revoked, and a person is shown it', async () => {
    const here = await open({ sandbox: { faults: [{ kind: 'wrongCertificate', times: 1 }] }, desk: { pace: { proof: hour } } })
    await here.issue(opd.id)
    const request = await approved(here)
    const seen = new Set<string>()
    here.desk.onChange(state => seen.add(state.status))
    await here.pass(24 * hour, 2 * hour)
    expect(await statusOf(here, request.id)).toBe('awaitingProof')
    await here.pass(30 * hour, 2 * hour)
    expect(await statusOf(here, request.id)).toBe('contradicted')
    expect(seen.has('revoked')).toBe(false)
  }, 60_000)

  test('another reason is published: revoked all the same, the receipt says which reason the authority gave', async () => {
    const here = await open({ sandbox: { faults: [{ kind: 'reasonChanged', to: 'superseded' }] } })
    const request = await approved(here)
    await here.pass(3 * hour, 10 * minute)
    expect(await statusOf(here, request.id)).toBe('closed')
    expect((await here.desk.get(request.id)).proof?.reason).toBe('superseded')
  }, 60_000)

  for (const ms of [hour, -hour]) {
    test(`its clock is ${ms > 0 ? 'an hour ahead' : 'an hour behind'}: proven by the time of the certificate authority`, async () => {
      const here = await open({ sandbox: { faults: [{ kind: 'clockSkew', ms }] } })
      const request = await approved(here)
      await here.pass(5 * hour, 10 * minute)
      expect(await statusOf(here, request.id)).toBe('closed')
      expect(here.sandbox.manage.timesRevoked(request.serial)).toBe(1)
    }, 60_000)
  }
})

describe('the computer of a worker', () => {
  test('sleeps for a day between "I write" and the writing: it sends nothing when it wakes, another one has done it', async () => {
    let asleep: (() => void) | undefined
    let wake = (): void => {}
    const shared = createMemoryStore()
    const sleeper: Store = {
      ...shared,
      async append(scope, write) {
        const outcome = await shared.append(scope, write)
        if (asleep !== undefined && write.events.some(event => event.type === 'amsWriteStarted')) {
          const told = asleep
          asleep = undefined
          const awake = new Promise<void>(resolve => { wake = resolve })
          told()
          await awake
        }
        return outcome
      },
    }
    const here = await open({ desk: { store: sleeper }, sandbox: { idempotency: false, pendingCheck: false }, ams: { honoursIdempotencyKey: false } })
    const fell = new Promise<void>(resolve => { asleep = resolve })
    const request = await approved(here)
    const run = here.desk.runEffects()
    await fell
    // A day passes; another worker looks after the case, a person finds nothing in AMS, and it is entered.
    const second = createDesk({
      standard: 'kabupaten-purbalingga', store: shared, anchors: here.sandbox.anchors, fetch: here.sandbox.fetch, clock: () => new Date(here.clock.now), worker: false, sandbox: true,
      ams: createHttpAms({ baseUrl: here.sandbox.urls.ams, fetch: here.sandbox.fetch, allow: [allowPlainHttp], credential: bearer(actor => here.sandbox.manage.token(actor.id)), honoursIdempotencyKey: false, retries: 0 }),
    })
    for (let gone = 0; gone < 2 * hour; gone += 10 * minute) {
      here.clock.now += 10 * minute
      await second.runEffects()
    }
    expect((await second.get(request.id)).status).toBe('parked')
    await second.resume(request.id, { as: verifier, found: 'nothing' })
    for (let gone = 0; gone < 22 * hour; gone += hour) {
      here.clock.now += hour
      await second.runEffects()
    }
    expect(here.sandbox.manage.timesRevoked(request.serial)).toBe(1)
    wake()
    await run
    await here.pass(2 * hour, 20 * minute)
    expect(here.sandbox.manage.timesRevoked(request.serial)).toBe(1)
    expect(here.sandbox.manage.log().filter(entry => entry.type === 'REVOCATION_FILED')).toHaveLength(1)
    await second.close()
  }, 60_000)
})
