import { describe, expect, test } from 'vitest'
import type { FaultRule } from '@cabut/sandbox'
import { RequestConflictError } from '../src/desk/index.js'
import { verifyHistory } from '../src/history/index.js'
import { createMemoryStore, type Store } from '../src/store/index.js'
import { verifyReceipt } from '../src/receipt/index.js'
import { findings, offices, people, type Office } from './office.js'

const open = offices()

const hour = 3_600_000
const minute = 60_000
const pekalongan = people.pekalongan
const purbalingga = people.purbalingga

interface Filed { readonly id: string; readonly serial: string; readonly pem: string }

async function filed({ desk, issue, letter }: Office, more: object = {}): Promise<Filed> {
  const owner = desk.standard.id === 'kota-pekalongan'
  const username = owner ? 'ratna.pertiwi' : 'surya.wibisana'
  const leaf = await issue(username)
  const request = await desk.file({
    certificate: { certificate: leaf.certificatePem, username }, reason: 'mutasi', letters: [await letter(owner ? 'reasonStatement' : 'requestLetter')],
    applicant: owner ? { id: pekalongan.owner.id, opd: 'disdik' } : { id: purbalingga.opd.id, opd: 'dindik' }, ...more,
  })
  return { id: request.id, serial: leaf.serial, pem: leaf.certificatePem }
}

async function approved(of: Office, request: Filed): Promise<void> {
  if (of.desk.standard.id === 'kota-pekalongan') {
    await of.pass(10 * minute)
    await of.desk.approve(request.id, { as: pekalongan.verifier, findings })
  } else {
    await of.desk.dispose(request.id, { as: purbalingga.head, to: purbalingga.verifier })
    await of.desk.approve(request.id, { as: purbalingga.verifier, findings })
  }
}

const standards = ['kota-pekalongan', 'kabupaten-purbalingga'] as const
const writes = ['ams.uploadLetter', 'ams.fileRevocation', 'ams.decideRevocation'] as const

describe('timeout after commit on every write: revoked exactly once, the log of the sandbox is the witness', () => {
  for (const standard of standards) {
    for (const honoured of [true, false]) {
      test(`${standard}, idempotency key ${honoured ? 'honoured' : 'ignored'}`, async () => {
        const here = await open(standard, {
          sandbox: { faults: [{ kind: 'timeoutAfterCommit', on: [...writes] }], idempotency: honoured, pendingCheck: honoured },
          ams: { honoursIdempotencyKey: honoured, timeoutMs: 150 },
        })
        const request = await filed(here)
        // Uploads are repeated by content; after the second one the fault on them ends, or nothing would ever be filed.
        here.sandbox.manage.faults.set([{ kind: 'timeoutAfterCommit', on: 'ams.uploadLetter', times: 1 }, { kind: 'timeoutAfterCommit', on: ['ams.fileRevocation', 'ams.decideRevocation'] }])
        await approved(here, request)
        await here.pass(2 * hour, 5 * minute)
        expect((await here.desk.get(request.id)).status).toBe('closed')
        expect(here.sandbox.manage.timesRevoked(request.serial)).toBe(1)
        const log = here.sandbox.manage.log()
        expect(log.filter(entry => entry.type === 'REVOCATION_FILED')).toHaveLength(1)
        expect(log.some(entry => entry.type === 'FAULT')).toBe(true)
        const history = await here.desk.history(request.id)
        expect(history.filter(event => event.type === 'amsAnswered' && (event.data as { outcome: string }).outcome === 'unknown').length).toBeGreaterThan(0)
        expect(await verifyHistory(history)).toMatchObject({ valid: true })
      })
    }
  }
})

describe('a timeout before the commit', () => {
  test('with an honoured key the same write is repeated under the same key', async () => {
    const here = await open('kabupaten-purbalingga', { sandbox: { faults: [{ kind: 'timeout', on: 'ams.fileRevocation', times: 2 }] }, ams: { timeoutMs: 150 } })
    const request = await filed(here)
    await approved(here, request)
    await here.pass(2 * hour, 5 * minute)
    expect((await here.desk.get(request.id)).status).toBe('closed')
    const keys = (await here.desk.history(request.id)).filter(event => event.type === 'amsWriteStarted').map(event => (event.data as { key: string }).key)
    expect(keys.length).toBe(3)
    expect(new Set(keys).size).toBe(1)
    expect(here.sandbox.manage.timesRevoked(request.serial)).toBe(1)
  })

  test('without one it is never repeated: parked after settleAfter, a person looks, a new key follows', async () => {
    const here = await open('kabupaten-purbalingga', {
      sandbox: { faults: [{ kind: 'timeout', on: 'ams.fileRevocation', times: 1 }], idempotency: false }, ams: { honoursIdempotencyKey: false, timeoutMs: 150 },
    })
    const request = await filed(here)
    await approved(here, request)
    await here.pass(10 * minute)
    expect((await here.desk.get(request.id)).status).toBe('executing')
    await here.pass(10 * minute)
    expect(await here.desk.get(request.id)).toMatchObject({ status: 'parked', statusReason: 'outcomeUnknown' })
    expect(here.sandbox.manage.revocations()).toHaveLength(0)
    await here.desk.resume(request.id, { as: purbalingga.verifier, found: 'nothing' })
    await here.pass(2 * hour, 5 * minute)
    expect((await here.desk.get(request.id)).status).toBe('closed')
    const keys = (await here.desk.history(request.id)).filter(event => event.type === 'amsWriteStarted').map(event => (event.data as { key: string }).key)
    expect(new Set(keys).size).toBe(2)
    expect(here.sandbox.manage.timesRevoked(request.serial)).toBe(1)
  })
})

describe('the default mixture of faults', () => {
  for (const standard of standards) {
    test(`${standard}: three requests, each revoked exactly once and proven`, async () => {
      const here = await open(standard, { sandbox: { faults: 'default', seed: `mixture-${standard}` }, ams: { timeoutMs: 200 } })
      const requests = [await filed(here), await filed(here), await filed(here)]
      for (const request of requests) await approved(here, request)
      await here.pass(4 * hour, 5 * minute)
      for (const request of requests) {
        expect((await here.desk.get(request.id)).status).toBe('closed')
        expect(here.sandbox.manage.timesRevoked(request.serial)).toBe(1)
      }
    })
  }

  const each: readonly FaultRule[] = [
    { kind: 'throttle', on: 'ams.*', times: 3, seconds: 2 }, { kind: 'html', on: 'ams.*', times: 3 }, { kind: 'empty', on: 'ams.*', times: 2 },
    { kind: 'invalidJson', on: 'ams.*', times: 2 }, { kind: 'redirect', on: 'ams.*', times: 2 }, { kind: 'resetAfterCommit', on: 'ams.*', times: 3 },
    { kind: 'status', on: 'ams.*', times: 3, status: 500, commit: true }, { kind: 'truncate', on: 'ams.*', times: 2 },
    { kind: 'status', on: 'ca.*', times: 3, status: 503 }, { kind: 'staleOcsp', times: 3 },
  ]
  for (const rule of each) {
    test(`${rule.kind} on ${String(rule.on ?? 'its place')}`, async () => {
      const here = await open('kabupaten-purbalingga', { ams: { timeoutMs: 200 } })
      const request = await filed(here)
      await approved(here, request)
      here.sandbox.manage.faults.set([rule])
      await here.pass(4 * hour, 10 * minute)
      expect((await here.desk.get(request.id)).status).toBe('closed')
      expect(here.sandbox.manage.timesRevoked(request.serial)).toBe(1)
    })
  }
})

describe('AMS says revoked, the certificate authority does not', () => {
  test('accepted but not published never reaches revoked, however long AMS says so', async () => {
    const here = await open('kota-pekalongan', { sandbox: { faults: [{ kind: 'notPublished' }] }, desk: { pace: { proof: hour } } })
    const request = await filed(here)
    await approved(here, request)
    const seen = new Set<string>()
    here.desk.onChange(state => seen.add(state.status))
    await here.pass(24 * hour, 2 * hour)
    expect(await here.desk.get(request.id)).toMatchObject({ status: 'awaitingProof' })
    expect(here.sandbox.manage.revocations()).toMatchObject([{ status: 'REVOKED' }])
    // Past the publication grace the certificate authority's newer evidence denies it: a person must look.
    await here.pass(30 * hour, 2 * hour)
    expect(await here.desk.get(request.id)).toMatchObject({ status: 'contradicted', statusReason: 'evidenceDenies' })
    await here.pass(30 * 24 * hour, 5 * 24 * hour)
    expect(seen.has('revoked')).toBe(false)
    await expect(here.desk.receipt(request.id)).rejects.toMatchObject({ code: 'requestNotProven' })
  })

  test('it is published after all: resolved by a person, then proven', async () => {
    const here = await open('kota-pekalongan', { sandbox: { faults: [{ kind: 'notPublished' }] }, desk: { pace: { proof: hour } } })
    const request = await filed(here)
    await approved(here, request)
    await here.pass(54 * hour, 3 * hour)
    expect((await here.desk.get(request.id)).status).toBe('contradicted')
    here.sandbox.manage.publish({ withheld: true })
    await here.desk.resolve(request.id, { as: pekalongan.verifier, outcome: 'continue' })
    await here.pass(2 * hour, hour)
    expect((await here.desk.get(request.id)).status).toBe('closed')
  })

  test('BSrE refuses: failed, not revoked; the officer returns it for a new letter', async () => {
    const here = await open('kabupaten-purbalingga', { sandbox: { bsre: { decide: () => ({ decision: 'REFUSE', message: 'Surat tidak terbaca' }) } } })
    const request = await filed(here)
    await approved(here, request)
    await here.pass(5 * minute)
    expect(await here.desk.get(request.id)).toMatchObject({ status: 'failed', statusReason: 'refusedByBsre' })
    expect((await here.desk.return(request.id, { as: purbalingga.verifier, reasons: ['Surat tidak terbaca'] })).status).toBe('returned')
    expect(here.sandbox.manage.timesRevoked(request.serial)).toBe(0)
  })

  test('un-revocation after the proof is found by the after-watch', async () => {
    const here = await open('kabupaten-purbalingga', { desk: { pace: { watch: 24 * hour } } })
    const request = await filed(here)
    await approved(here, request)
    await here.pass(2 * hour, 5 * minute)
    expect((await here.desk.get(request.id)).status).toBe('closed')
    here.sandbox.manage.faults.set([{ kind: 'unrevoke' }])
    await here.pass(5 * 24 * hour, 12 * hour)
    expect(await here.desk.get(request.id)).toMatchObject({ status: 'contradicted', statusReason: 'evidenceDenies' })
  })
})

describe('before anything is filed', () => {
  test('already revoked: refused with the evidence, a receipt is offered', async () => {
    const here = await open('kabupaten-purbalingga')
    const leaf = await here.issue('surya.wibisana')
    here.sandbox.manage.revokeAtAuthority(leaf.serial, 'keyCompromise')
    here.sandbox.manage.publish()
    const refusal = await here.desk.file({
      certificate: leaf.certificatePem, reason: 'mutasi', letters: [await here.letter('requestLetter')], applicant: { id: 'surya.wibisana', opd: 'dindik' },
    }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'certificateAlreadyRevoked', proof: { certificate: { serial: leaf.serial }, reason: 'keyCompromise' } })
    const receipt = await (refusal as { receipt(): Promise<Map<string, Uint8Array>> }).receipt()
    expect(await verifyReceipt(receipt, { anchors: here.sandbox.anchors })).toMatchObject({ valid: true })
    expect(await here.desk.list()).toEqual([])
  })

  test('a certificate of another authority: refused, issuer not pinned', async () => {
    const here = await open('kabupaten-purbalingga')
    const stranger = await open('kabupaten-purbalingga')
    const leaf = await stranger.issue('surya.wibisana')
    await expect(here.desk.file({
      certificate: leaf.certificatePem, reason: 'mutasi', letters: [await here.letter('requestLetter')], applicant: { id: 'surya.wibisana', opd: 'dindik' },
    })).rejects.toMatchObject({ code: 'certificateIssuerNotPinned', at: 'certificate' })
  })

  test('lupa passphrase: nothing is filed, the advice is to reset', async () => {
    const here = await open('kabupaten-purbalingga')
    const leaf = await here.issue('surya.wibisana')
    await expect(here.desk.file({
      certificate: leaf.certificatePem, reason: 'lupaPassphrase', letters: [], applicant: { id: 'surya.wibisana', opd: 'dindik' },
    })).rejects.toMatchObject({ code: 'requestInvalid', issues: [{ path: 'reason', code: 'reasonAdvice' }] })
  })
})

describe('two officers', () => {
  test('at once: one wins, the other gets a conflict naming the new state', async () => {
    const here = await open('kabupaten-purbalingga')
    const request = await filed(here)
    await here.desk.dispose(request.id, { as: purbalingga.head, to: purbalingga.verifier })
    const outcomes = await Promise.allSettled([
      here.desk.approve(request.id, { as: purbalingga.verifier, findings }), here.desk.reject(request.id, { as: purbalingga.verifier, reasons: ['Tidak lengkap'] }),
    ])
    expect(outcomes.map(each => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    const error = (outcomes.find(each => each.status === 'rejected') as PromiseRejectedResult).reason as RequestConflictError
    const { status, version } = await here.desk.get(request.id)
    expect(error).toBeInstanceOf(RequestConflictError)
    expect(error).toMatchObject({ code: 'requestConflict', status, version, httpStatus: 409 })
    expect(error.allowed.map(one => one.command)).toContain(status === 'approved' ? 'execute' : 'close')
  })

  test('an officer is not told of another one where only a notice went out meanwhile', async () => {
    let release = (): void => {}
    const held = new Promise<void>(resolve => { release = resolve })
    let meet = (): void => {}
    const store = createMemoryStore()
    // The officer's append waits until the desk has noted that the applicant was told.
    const slow: Store = {
      ...store,
      async append(scope, write) {
        if (write.events.some(event => event.type === 'disposed')) {
          meet()
          await held
        }
        return store.append(scope, write)
      },
    }
    const here = await open('kabupaten-purbalingga', { desk: { store: slow } })
    const request = await filed(here)
    const reached = new Promise<void>(resolve => { meet = resolve })
    const disposing = here.desk.dispose(request.id, { as: purbalingga.head, to: purbalingga.verifier })
    await reached
    await here.desk.runEffects()
    expect(here.notices.length).toBeGreaterThan(0)
    release()
    expect((await disposing).status).toBe('disposed')
    expect(await verifyHistory(await here.desk.history(request.id))).toMatchObject({ valid: true })
  })

  test('one decided on an older version', async () => {
    const here = await open('kabupaten-purbalingga')
    const request = await filed(here)
    const before = await here.desk.get(request.id)
    await here.desk.dispose(request.id, { as: purbalingga.head, to: purbalingga.verifier })
    await expect(here.desk.cancelDisposition(request.id, { as: purbalingga.head, ifVersion: before.version })).rejects.toMatchObject({ code: 'requestConflict', status: 'disposed' })
  })
})

describe('expired before the proof', () => {
  test('its own path: failed, the applicant is told', async () => {
    const here = await open('kabupaten-purbalingga', { sandbox: { bsre: { decide: 'manual' } } })
    const leaf = await here.sandbox.manage.issue({ username: 'surya.wibisana', notAfter: new Date(here.clock.now + 3 * hour) })
    const request = await here.desk.file({
      certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'mutasi', letters: [await here.letter('requestLetter')],
      applicant: { id: 'surya.wibisana', opd: 'dindik' },
    })
    await approved(here, { id: request.id, serial: leaf.serial, pem: leaf.certificatePem })
    await here.pass(hour, 10 * minute)
    expect((await here.desk.get(request.id)).status).toBe('atBsre')
    // A CRL made after the end may still list it (RFC 5280 3.3): only past the grace of publication is it over.
    await here.pass(3 * hour, 10 * minute)
    expect((await here.desk.get(request.id)).status).toBe('atBsre')
    await here.pass(48 * hour, hour)
    expect(await here.desk.get(request.id)).toMatchObject({ status: 'failed', statusReason: 'expiredBeforeProof' })
    expect(here.notices.at(-1)).toMatchObject({ subject: 'failed', party: 'applicant' })
  })
})
