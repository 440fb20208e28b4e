import { describe, expect, test } from 'vitest'
import { sealEvent } from '@cabut/sdk/history'
import type { Append } from '@cabut/sdk/store'
import { createSqlStore } from '../src/index.js'
import { openPglite } from '../src/pglite/index.js'
import { gather } from '../src/store/gather.js'

const turn = (): Promise<void> => new Promise(resolve => { setImmediate(resolve) })

/** Groups that are answered when the test says so. */
function held(lanes: number, most = 64) {
  const groups: { readonly items: readonly number[]; answer(): void; fail(error: Error): void }[] = []
  const call = gather<number, string>({ lanes, most }, items => new Promise((resolve, reject) => {
    groups.push({ items, answer: () => resolve(items.map(item => `<${item}>`)), fail: reject })
  }))
  return { groups, call }
}

describe('gathered calls', () => {
  test('one alone goes in the same turn; what comes while the lanes are busy goes together, in order', async () => {
    const { groups, call } = held(1)
    const first = call(1)
    await turn()
    expect(groups.map(group => group.items)).toEqual([[1]])
    const others = [2, 3, 4].map(call)
    await turn()
    expect(groups.length).toBe(1)
    groups[0]?.answer()
    expect(await first).toBe('<1>')
    await turn()
    expect(groups.map(group => group.items)).toEqual([[1], [2, 3, 4]])
    groups[1]?.answer()
    expect(await Promise.all(others)).toEqual(['<2>', '<3>', '<4>'])
  })

  test('calls of one turn share a group; no more than fit, and no more groups than lanes', async () => {
    const { groups, call } = held(2, 3)
    const all = Promise.all([1, 2, 3, 4, 5, 6, 7].map(call))
    await turn()
    expect(groups.map(group => group.items)).toEqual([[1, 2, 3], [4, 5, 6]])
    groups[1]?.answer()
    await turn()
    expect(groups.map(group => group.items).at(2)).toEqual([7])
    groups[2]?.answer()
    groups[0]?.answer()
    expect(await all).toEqual([1, 2, 3, 4, 5, 6, 7].map(item => `<${item}>`))
  })

  test('a group that fails fails its own calls only, and the lane is free again', async () => {
    const { groups, call } = held(1)
    const lost = [1, 2].map(item => call(item).catch((error: unknown) => (error as Error).message))
    await turn()
    const later = call(3)
    groups[0]?.fail(new Error('away'))
    expect(await Promise.all(lost)).toEqual(['away', 'away'])
    await turn()
    groups[1]?.answer()
    expect(await later).toBe('<3>')
  })
})

test('an append the database refuses takes none of those with it that go along', async () => {
  const store = await createSqlStore(await openPglite())
  const ids = ['K-1', 'K-2', 'K-3', 'K-4']
  const event = (caseId: string, seq: number, head: { seq: number; digest: string } | null) =>
    sealEvent({ caseId, type: 'filed', actor: { id: 'p', role: 'system' }, time: `2026-12-01T01:00:0${seq}.000Z`, standard: { id: 's', version: '1' }, data: {} }, head, () => 'ab'.repeat(16))
  const append = async (caseId: string, version: number): Promise<Append> => {
    const head = version === 0 ? null : (await store.load('all', caseId))?.head ?? null
    return {
      caseId, expectedVersion: version, events: [await event(caseId, version + 1, head)], effects: [{ kind: 'notify' }],
      state: { id: caseId, version: version + 1, status: 'submitted', certificate: {}, parties: { opdOrigin: 'a' }, personal: {} } as unknown as Append['state'],
    }
  }
  for (const id of ids) await store.append('all', await append(id, 0))
  const writes = await Promise.all(ids.map(id => append(id, 1)))
  const broken = { ...writes[2], effects: [{ kind: null }] } as unknown as Append
  const settled = await Promise.allSettled([writes[0], writes[1], broken, writes[3]].map(write => store.append('all', write as Append)))
  expect(settled.map(each => each.status === 'fulfilled' ? each.value.outcome : (each.reason as { code: string }).code)).toEqual(['appended', 'appended', '23502', 'appended'])
  expect(await Promise.all(ids.map(async id => (await store.load('all', id))?.head.seq))).toEqual([2, 2, 1, 2])
  await store.close()
})
