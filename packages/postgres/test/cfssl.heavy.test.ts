import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allowLoopback, createEvidenceFetcher } from '@cabut/pki/status'
import { readCertificate } from '@cabut/pki/certificate'
import { createDesk, type Desk } from '@cabut/sdk'
import { createSqlStore } from '../src/index.js'
import { cfsslVersion, startAuthority, type Authority, type Leaf, type Written } from './cfssl/authority.js'
import { createCfsslAms, type Mishap } from './cfssl/cfssl-ams.js'
import { smallPdf } from './office.js'
import { findings, people } from './people.js'
import { serverBinaries, skipLine, startServer, type Server } from './server.js'

const version = cfsslVersion()
const missing = version === undefined ? 'SKIP: no cfssl (Debian: golang-cfssl) on this machine; no certificate authority that repeats what it did was tried' : serverBinaries() === undefined ? skipLine : undefined
if (missing !== undefined) console.warn(missing)

/** RFC 5280 5.3.1, as CFSSL numbers them. */
const affiliationChanged = 3
const superseded = 4

describe.skipIf(missing !== undefined)('a certificate authority that is not idempotent: CFSSL', () => {
  let server: Server
  let authority: Authority
  /** By serial in lower-case hex, as the desk knows it. */
  const leaves = new Map<string, Leaf>()
  const mishaps = new Map<string, Mishap[]>()
  const desks: Desk[] = []
  let name = ''

  beforeAll(async () => {
    server = startServer(['max_connections=60'])
    authority = await startAuthority(server, version ?? '')
    console.log(`CFSSL under test: ${authority.version}`)
    name = await server.createDatabase()
  }, 400_000)
  afterAll(async () => {
    for (const desk of desks) await desk.close()
    await authority?.close()
    server?.stop()
  })

  /** Another desk on the same database: a worker of its own. */
  async function openDesk(): Promise<Desk> {
    const store = await createSqlStore(await server.connect(name, { connections: 4 }))
    const desk = createDesk({
      standard: 'kabupaten-purbalingga', store, anchors: [authority.rootPem], sandbox: true, concurrency: 4,
      ams: createCfsslAms(authority, leaves, serial => mishaps.get(serial)?.shift()), fetch: createEvidenceFetcher({ allow: [allowLoopback], maxFresh: 0 }),
      pace: { ams: 100, proof: 150, retry: 50, retryMax: 500, lease: 20_000, settleAfter: 1_500 },
      notify: async notice => ({ channel: 'portal', reference: notice.key }),
      answer: async () => ({ kind: 'answerLetter', bytes: await smallPdf(), number: '000.8.3.3/16/DINKOMINFO', date: '2026-11-24' }),
    })
    desks.push(desk)
    return desk
  }

  async function issued(...fate: Mishap[]): Promise<Leaf & { readonly hex: string }> {
    const leaf = await authority.issue(`Pejabat Rekaan ${leaves.size + 1}`)
    const hex = readCertificate(leaf.pem).serial
    leaves.set(hex, leaf)
    mishaps.set(hex, fate)
    return { ...leaf, hex }
  }

  async function approved(desk: Desk, id: string, leaf: Leaf): Promise<void> {
    const bytes = await smallPdf()
    await desk.file({
      id, certificate: { certificate: leaf.pem, username: people.opd.id }, reason: 'mutasi', as: people.opd,
      applicant: { id: people.opd.id, opd: people.opd.opd, name: 'Surya Wibisana' }, holder: { id: 'laras.kinanti', name: 'Laras Kinanti' },
      letters: [{ kind: 'requestLetter', bytes, number: '800/15/DINDIK', date: '2026-11-20' }, { kind: 'reasonStatement', bytes, number: '800/16/DINDIK', date: '2026-11-20' }],
    })
    await desk.dispose(id, { as: people.head, to: people.verifier })
    await desk.approve(id, { as: people.verifier, findings })
  }

  const status = async (desk: Desk, id: string): Promise<string> => (await desk.get(id)).status
  const writtenOn = async ({ serial }: Leaf): Promise<readonly Written[]> => (await authority.written()).filter(each => each.serial === serial)
  const until = (what: () => Promise<unknown>, expected: unknown): Promise<void> => expect.poll(what, { timeout: 60_000, interval: 100 }).toEqual(expected)

  test('the peer is what it is said to be: a second call overwrites reason and time of the first', async () => {
    const leaf = await issued()
    for (const reason of ['affiliationchanged', 'superseded']) {
      await fetch(`${authority.api}/revoke`, { method: 'POST', body: JSON.stringify({ serial: leaf.serial, authority_key_id: leaf.aki, reason }) })
    }
    const [first, second, ...more] = await writtenOn(leaf)
    expect([first?.reason, second?.reason, more.length]).toEqual([affiliationChanged, superseded, 0])
    expect(second?.at).not.toBe(first?.at)
  })

  test('accepted at once: revoked once, and called revoked only when the OCSP answer says so', async () => {
    const leaf = await issued()
    await authority.publish()
    const desk = await openDesk()
    await approved(desk, 'P-cfssl-1', leaf)
    await until(() => status(desk, 'P-cfssl-1'), 'awaitingProof')
    // CFSSL serves the answer it signed before: it has been asked several times by now, and says "good".
    await new Promise(resolve => setTimeout(resolve, 1_000))
    expect(await status(desk, 'P-cfssl-1')).toBe('awaitingProof')
    expect((await writtenOn(leaf)).length).toBe(1)
    await authority.publish()
    await until(() => status(desk, 'P-cfssl-1'), 'closed')
    const { proof } = await desk.get('P-cfssl-1')
    expect(proof).toMatchObject({ source: 'ocsp', reason: 'affiliationChanged', certificate: { serial: leaf.hex } })
    expect((await writtenOn(leaf)).map(({ reason }) => reason)).toEqual([affiliationChanged])
    await desk.close()
  }, 400_000)

  test('the answer is lost after CFSSL did it: never called again, parked, settled by the proof', async () => {
    const leaf = await issued('lostAfter')
    await authority.publish()
    const desk = await openDesk()
    await approved(desk, 'P-cfssl-2', leaf)
    await until(async () => (await desk.get('P-cfssl-2')).statusReason, 'outcomeUnknown')
    expect(await status(desk, 'P-cfssl-2')).toBe('parked')
    await authority.publish()
    await until(() => status(desk, 'P-cfssl-2'), 'closed')
    expect((await writtenOn(leaf)).map(({ reason }) => reason)).toEqual([affiliationChanged])
    await desk.close()
  }, 400_000)

  test('the call is lost before CFSSL heard it: not repeated by itself; a person looks there, then it is made once', async () => {
    const leaf = await issued('lostBefore')
    await authority.publish()
    const desk = await openDesk()
    await approved(desk, 'P-cfssl-3', leaf)
    await until(() => status(desk, 'P-cfssl-3'), 'parked')
    expect(await writtenOn(leaf)).toEqual([])
    await desk.resume('P-cfssl-3', { as: people.verifier, found: 'nothing' })
    await until(() => status(desk, 'P-cfssl-3'), 'awaitingProof')
    await authority.publish()
    await until(() => status(desk, 'P-cfssl-3'), 'closed')
    expect((await writtenOn(leaf)).length).toBe(1)
    await desk.close()
  }, 400_000)

  test('twelve requests, three desks on one queue, every second answer lost: each certificate revoked once', async () => {
    const batch: Leaf[] = []
    for (let n = 0; n < 12; n++) batch.push(await issued(n % 2 === 0 ? undefined : 'lostAfter'))
    await authority.publish()
    const [first, second, third] = [await openDesk(), await openDesk(), await openDesk()]
    await Promise.all(batch.map((leaf, n) => approved([first, second, third][n % 3] ?? first, `P-cfssl-many-${n}`, leaf)))
    await until(async () => (await Promise.all(batch.map(writtenOn))).filter(each => each.length > 0).length, 12)
    await authority.publish()
    await until(async () => (await first.list()).filter(each => each.id.startsWith('P-cfssl-many') && each.status === 'closed').length, 12)
    expect((await Promise.all(batch.map(writtenOn))).map(each => each.map(({ reason }) => reason))).toEqual(batch.map(() => [affiliationChanged]))
  }, 400_000)
})
