import { afterEach, describe, expect, test } from 'vitest'
import { createAssistedAms } from '../src/ams/index.js'
import { createDesk, type Desk } from '../src/desk/index.js'
import { createRecent } from '../src/desk/recent.js'
import { createMemoryStore, type Store, type StoredCase } from '../src/store/index.js'
import { findings, offices, people, type Office } from './office.js'

const office = offices()
const desks: Desk[] = []
afterEach(async () => { for (const desk of desks.splice(0)) await desk.close() })

/** Two desks over one store, as two processes are; each remembers the cases it worked on. `loads` counts readings of cases. */
async function pair(): Promise<{ readonly first: Office; readonly second: Desk; readonly id: string; readonly loads: () => number }> {
  const memory = createMemoryStore()
  let loads = 0
  const store: Store = { ...memory, load: (...given) => { loads += 1; return memory.load(...given) } }
  const first = await office('kabupaten-purbalingga', { desk: { store } })
  const { sandbox } = first
  const second = createDesk({ standard: 'kabupaten-purbalingga', store, anchors: sandbox.anchors, fetch: false, worker: false, sandbox: true, clock: () => new Date(first.clock.now), ams: createAssistedAms() })
  desks.push(second)
  const leaf = await first.issue('laras.kinanti')
  const { opd } = people.purbalingga
  const { id } = await first.desk.file({
    certificate: leaf.der, reason: 'mutasi', as: opd, applicant: { id: opd.id, opd: opd.opd, name: 'Surya Wibisana' }, holder: { id: 'laras.kinanti', name: 'Laras Kinanti' },
    letters: [await first.letter('requestLetter'), await first.letter('reasonStatement')],
  })
  return { first, second, id, loads: () => loads }
}

const { head, verifier, second: other } = people.purbalingga

describe('two desks on one store', () => {
  test('a desk that goes on with its own case does not read it again', async () => {
    const { first: { desk }, id, loads } = await pair()
    const before = loads()
    await desk.dispose(id, { as: head, to: verifier })
    await desk.receive(id, { as: verifier })
    expect(loads()).toBe(before)
  })

  test('what the other desk did meanwhile counts: refused and allowed on the case as it is', async () => {
    const { first: { desk }, second, id } = await pair()
    await desk.dispose(id, { as: head, to: verifier })
    await second.redispose(id, { as: head, to: other })
    // The first desk remembers it as disposed to the first verifier.
    await expect(desk.receive(id, { as: verifier })).rejects.toMatchObject({ code: 'workflowRefused' })
    expect((await desk.receive(id, { as: other })).status).toBe('verifying')
    await second.return(id, { as: other, reasons: ['Surat tidak terbaca'] })
    await expect(desk.approve(id, { as: other, findings })).rejects.toMatchObject({ code: 'workflowRefused' })
  })

  test('two at once at one desk: one wins, the other gets a conflict, whether the winner ends the case or not', async () => {
    for (const status of ['approved', 'rejected'] as const) {
      const { first: { desk }, id } = await pair()
      await desk.dispose(id, { as: head, to: verifier })
      const act = (): Promise<unknown> => (status === 'approved' ? desk.approve(id, { as: verifier, findings }) : desk.reject(id, { as: verifier, reasons: ['Tidak lengkap'] }))
      const outcomes = await Promise.allSettled([act(), act()])
      expect(outcomes.map(each => each.status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(outcomes.find(each => each.status === 'rejected')).toMatchObject({ reason: { code: 'requestConflict', status } })
    }
  })

  test('a named version is compared with the case as it is', async () => {
    const { first: { desk }, second, id } = await pair()
    const disposed = await desk.dispose(id, { as: head, to: verifier })
    const received = await second.receive(id, { as: verifier })
    await expect(desk.approve(id, { as: verifier, findings, ifVersion: disposed.version })).rejects.toMatchObject({ code: 'requestConflict', version: received.version })
    expect((await desk.approve(id, { as: verifier, findings, ifVersion: received.version })).status).toBe('approved')
  })

  test('a view somebody wrote on changes nothing that is remembered', async () => {
    const { first: { desk }, id } = await pair()
    const view = await desk.dispose(id, { as: head, to: verifier });
    (view.state.filers as string[]).splice(0);
    (view.state.parties as { opdOrigin: string }).opdOrigin = 'dinkes'
    const after = await desk.receive(id, { as: verifier })
    expect(after.state.filers).toEqual([people.purbalingga.opd.id])
    expect(after.state.parties.opdOrigin).toBe('dindik')
  })
})

describe('recent cases', () => {
  const stored = (id: string, status = 'submitted', opdOrigin = 'dindik'): StoredCase => ({ state: { id, status, parties: { opdOrigin } }, head: { seq: 1, digest: id } }) as unknown as StoredCase

  test('the longest untouched goes first', () => {
    const recent = createRecent(2)
    for (const id of ['K-1', 'K-2', 'K-1', 'K-3']) recent.keep(stored(id))
    expect(['K-1', 'K-2', 'K-3'].map(id => recent.recall('all', id)?.head.digest)).toEqual(['K-1', undefined, 'K-3'])
  })

  test('a case that is over is not kept, nor one forgotten', () => {
    const recent = createRecent()
    recent.keep(stored('K-1'))
    recent.keep(stored('K-1', 'closed'))
    recent.keep(stored('K-2'))
    recent.forget(stored('K-2'))
    expect(recent.recall('all', 'K-1')).toBeUndefined()
    expect(recent.recall('all', 'K-2')).toBeUndefined()
  })

  test('what has moved on since is known, and not forgotten for the sake of what was recalled', () => {
    const recent = createRecent()
    const later = (status: string): StoredCase => ({ ...stored('K-1', status), head: { seq: 2, digest: 'later' } })
    recent.keep(stored('K-1'))
    expect(recent.hasMoved(stored('K-1'))).toBe(false)
    recent.keep(later('verifying'))
    expect(recent.hasMoved(stored('K-1'))).toBe(true)
    recent.forget(stored('K-1'))
    expect(recent.recall('all', 'K-1')?.head.digest).toBe('later')
    recent.keep(later('rejected'))
    expect(recent.hasMoved(stored('K-1'))).toBe(true)
    expect(recent.hasMoved(stored('K-2'))).toBe(false)
  })

  test('outside its OPD it is not there', () => {
    const recent = createRecent()
    recent.keep(stored('K-1'))
    expect(recent.recall({ opds: ['dinkes'] }, 'K-1')).toBeUndefined()
    expect(recent.recall({ opds: ['dindik'] }, 'K-1')?.head.seq).toBe(1)
  })
})
