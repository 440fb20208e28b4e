import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CabutError, type Desk } from '@cabut/sdk'
import { createSpbeHandler } from '../src/index.js'
import { mapping, openPortal, people, type Portal, type TestPerson } from './portal.js'

let portal: Portal
beforeAll(async () => { portal = await openPortal({ sandbox: { faults: 'none' } }) })
afterAll(async () => portal.close())

/** Looks of the streams' own handler at its desk, and how many listen there. */
const watched = { loads: 0, listening: 0, before: async (_person: string | undefined): Promise<void> => undefined, after: async (): Promise<void> => undefined }
function watchedDesk(desk: Desk): Desk {
  return {
    ...desk,
    async get(id, reader) {
      watched.loads++
      await watched.before(reader?.as?.id)
      const view = await desk.get(id, reader)
      await watched.after()
      return view
    },
    onChange(listener) {
      watched.listening++
      const stop = desk.onChange(listener)
      return () => { watched.listening--; stop() }
    },
  }
}

/** As long as a slow machine may take. */
const soon = (what: () => unknown) => expect.poll(what, { timeout: 20_000 })

interface Stream { text: string; ended: boolean; leave(): void }
let streams: Stream[] = []
afterEach(async () => {
  watched.before = async () => undefined
  watched.after = async () => undefined
  for (const one of streams) one.leave()
  await soon(() => streams.every(({ ended }) => ended)).toBe(true)
  streams = []
  // The last has gone: nothing listens for anybody.
  expect(watched.listening).toBe(0)
})

/** Opens streams through a handler of their own, so that only their looks are counted; what changes the request goes by `portal.call`. */
async function open(id: string, whos: readonly TestPerson[]): Promise<Stream[]> {
  const handler = createSpbeHandler({
    desk: watchedDesk(portal.desk), clock: () => new Date(portal.clock.now), fetch: portal.issuer.fetch, rateLimit: false, live: { heartbeat: 600_000, lifetime: 600_000 },
    issuers: [{ issuer: portal.issuer.issuer, audience: 'cabut', keys: { url: portal.issuer.jwksUrl }, claims: mapping }],
  })
  const made = await Promise.all(whos.map(async (who) => {
    const leave = new AbortController()
    const answer = await handler.fetch(new Request(`https://portal.contoh.go.id/v1/requests/${id}/live`, { headers: { authorization: `Bearer ${await portal.token(who)}` }, signal: leave.signal }))
    expect(answer.status).toBe(200)
    const stream: Stream = { text: '', ended: false, leave: () => leave.abort() }
    void (async () => {
      const decoder = new TextDecoder()
      for await (const chunk of answer.body as ReadableStream<Uint8Array>) stream.text += decoder.decode(chunk, { stream: true })
      stream.ended = true
    })()
    return stream
  }))
  streams.push(...made)
  return made
}

const times = (count: number, who: (at: number) => TestPerson): TestPerson[] => Array.from({ length: count }, (_, at) => who(at))
const officers = (count: number): TestPerson[] => times(count, (at) => ({ sub: `petugas.${at}`, opd: 'dinkominfo', roles: [['head', 'verifier', 'supervisor'][at % 3] as string] }))
const change = async (id: string): Promise<number> => {
  const answer = await portal.call('POST', `/v1/requests/${id}/notify`, { as: people.head, json: { channel: 'telepon' }, ifMatch: '*' })
  if (answer.ok) return (await answer.json() as { version: number }).version
  throw new Error(await answer.text())
}
const dispose = async (id: string): Promise<void> => { expect((await portal.call('POST', `/v1/requests/${id}/dispose`, { as: people.head, json: { to: 'tegar.maulana' }, ifMatch: '*' })).status).toBe(200) }
const told = ({ text }: Stream): number[] => [...text.matchAll(/^id: (\d+)$/gm)].map(([, version]) => Number(version))
const hasHeard = (version: number) => (stream: Stream): boolean => told(stream).includes(version)

describe('live streams of one request', () => {
  it('50 of the service, 10 of one officer of the OPD and 5 of the holder look three times per change, not 65 times', async () => {
    const { id } = await portal.filed()
    const holder: TestPerson = { sub: 'surya.wibisana', opd: 'dindik', roles: ['holder'] }
    const all = await open(id, [...officers(50), ...times(10, () => people.opd), ...times(5, () => holder)])
    expect(all).toHaveLength(65)
    expect(watched.listening).toBe(1)
    for (const act of [async () => change(id), async () => { await dispose(id); return (await portal.desk.get(id)).version }]) {
      watched.loads = 0
      const version = await act()
      await soon(() => all.filter(hasHeard(version)).length).toBe(all.length)
      expect(watched.loads).toBe(3)
    }
    // Each was told each version once, in order.
    for (const stream of all) expect(told(stream)).toEqual([...new Set(told(stream))].sort((left, right) => left - right))
  })

  it('people whose rights differ never share a look: the same id in another role or another office asks for itself', async () => {
    const { id } = await portal.filed()
    const one: TestPerson = { sub: 'surya.wibisana', opd: 'dindik', roles: ['opdOfficer'] }
    const whos = [one, { ...one, roles: ['opdHead'] }, { ...one, roles: ['holder'] }, { ...one, roles: ['applicant'] }, { ...one, roles: ['personnelOffice'] }, { ...one, roles: ['head'] }, people.neighbour]
    const all = await open(id, whos)
    watched.loads = 0
    const version = await change(id)
    await soon(() => all.every(hasHeard(version))).toBe(true)
    expect(watched.loads).toBe(whos.length)
  })

  it('rights withdrawn between two changes end the streams without a word, and only those', async () => {
    const { id } = await portal.filed()
    const theirs = await open(id, times(20, () => people.opd))
    const others = await open(id, [...officers(20), people.neighbour])
    const before = await change(id)
    await soon(() => [...theirs, ...others].every(hasHeard(before))).toBe(true)
    const known = theirs.map(({ text }) => text)
    watched.before = async (person) => { if (person === people.opd.sub) throw new CabutError('requestNotFound') }
    await dispose(id)
    await soon(() => others.every(({ text }) => text.includes('"status":"disposed"'))).toBe(true)
    await soon(() => theirs.every(({ ended }) => ended)).toBe(true)
    expect(theirs.map(({ text }) => text)).toEqual(known)
    expect(others.some(({ ended }) => ended)).toBe(false)
    // Nobody looks for those who have gone.
    watched.loads = 0
    const after = await portal.call('POST', `/v1/requests/${id}/receive`, { as: people.verifier, json: {}, ifMatch: '*' })
    await soon(() => others.every(({ text }) => text.includes('"status":"verifying"'))).toBe(true)
    expect([after.status, watched.loads]).toEqual([200, 2])
  })

  it('changes that come during a look are answered by one more, which tells the newest', async () => {
    const { id } = await portal.filed()
    const all = await open(id, officers(50))
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => { release = resolve })
    watched.after = () => held
    watched.loads = 0
    await change(id)
    await dispose(id)
    expect((await portal.call('POST', `/v1/requests/${id}/receive`, { as: people.verifier, json: {}, ifMatch: '*' })).status).toBe(200)
    expect(watched.loads).toBe(1)
    release()
    await soon(() => all.every(({ text }) => text.includes('"status":"verifying"'))).toBe(true)
    expect(watched.loads).toBe(2)
  })

  it('a change between the first look and the stream is told all the same', async () => {
    const { id } = await portal.filed()
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => { release = resolve })
    watched.after = () => held
    watched.loads = 0
    const opening = open(id, [people.head])
    await soon(() => watched.loads).toBe(1)
    watched.after = async () => undefined
    await dispose(id)
    release()
    const [stream] = await opening
    await soon(() => stream?.text).toMatch(/"status":"disposed"/)
  })

  it('who may not see the request is refused, and leaves nobody listening', async () => {
    const { id } = await portal.filed()
    await expect(open(id, [people.stranger])).rejects.toThrow()
    expect(watched.listening).toBe(0)
  })
})
