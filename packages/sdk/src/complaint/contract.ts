import type { ContractCase } from '../store/index.js'
import type { Complaint } from './complaint.js'
import type { ComplaintStore } from './complaint-store.js'

function complaint(id: string, version: number, filedAt = '2026-11-20T03:00:00.000Z'): Complaint {
  return {
    id,
    number: `ADU-2026-${id}`,
    version,
    standard: { id: 'contract', version: '1' },
    channel: 'phone',
    class: 'ringan',
    text: `versi ${version}`,
    status: 'filed',
    reporter: { visibility: 'anonymous' },
    about: [],
    level: 0,
    filedAt,
    events: Array.from({ length: version }, () => ({ type: 'filed' as const, time: filedAt, actor: { id: 'anonim', role: 'applicant' as const } })),
  }
}

function same(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (left !== right) throw new Error(`${what}: expected ${right}, got ${left}`)
}

/**
 * What every {@link ComplaintStore} must keep, as cases for any test runner. Each case gets a fresh store; `run` rejects with an Error that
 * says what was expected.
 *
 * @example
 * ```ts
 * const cases = complaintStoreContract(async () => createMemoryComplaintStore())
 * for (const { run } of cases) await run()
 * cases[2]?.name // 'of writers at once exactly one wins'
 * ```
 */
export function complaintStoreContract(createStore: () => Promise<ComplaintStore>): readonly ContractCase[] {
  const on = (name: string, body: (store: ComplaintStore) => Promise<void>): ContractCase => ({ name, run: async () => body(await createStore()) })
  return [
    on('keeps a complaint as it was, and knows no other', async (store) => {
      same(await store.save(complaint('a', 1), 0), true, 'save')
      // By JSON: a database may give keys in another order, so each is compared by itself.
      const kept = await store.load('a')
      for (const [key, value] of Object.entries(complaint('a', 1))) same(kept?.[key as keyof Complaint], value, key)
      same(await store.load('b'), undefined, 'unknown')
    }),
    on('a stale version changes nothing', async (store) => {
      await store.save(complaint('a', 1), 0)
      same(await store.save({ ...complaint('a', 1), text: 'lain' }, 0), false, 'a second first version')
      same(await store.save(complaint('a', 2), 1), true, 'the next version')
      same(await store.save({ ...complaint('a', 2), text: 'lain' }, 1), false, 'the same version again')
      same(await store.save(complaint('b', 2), 1), false, 'a version of what was never there')
      same((await store.load('a'))?.text, 'versi 2', 'text')
      same(await store.load('b'), undefined, 'never there')
    }),
    on('of writers at once exactly one wins', async (store) => {
      await store.save(complaint('a', 1), 0)
      const won = await Promise.all(Array.from({ length: 20 }, (_, index) => store.save({ ...complaint('a', 2), text: String(index) }, 1)))
      same(won.filter(Boolean).length, 1, 'winners')
      same((await store.load('a'))?.text, String(won.indexOf(true)), 'text of the winner')
    }),
    on('lists oldest first, then by id', async (store) => {
      for (const [id, day] of [['c', '22'], ['b', '21'], ['d', '21'], ['a', '23']] as const) await store.save(complaint(id, 1, `2026-11-${day}T03:00:00.000Z`), 0)
      same((await store.list()).map(({ id }) => id), ['b', 'd', 'c', 'a'], 'order')
    }),
    on('what a caller does to what it got changes nothing', async (store) => {
      const mine = complaint('a', 1)
      await store.save(mine, 0)
      ;(mine as { text: string }).text = 'diubah'
      const got = await store.load('a')
      if (got !== undefined) (got as { text: string }).text = 'diubah'
      same((await store.load('a'))?.text, 'versi 1', 'text')
    }),
    on('numbers each book from 1 without a duplicate, also at once', async (store) => {
      const numbers = await Promise.all(Array.from({ length: 30 }, () => store.nextNumber('2026')))
      same(new Set(numbers).size, 30, 'distinct')
      same(Math.min(...numbers), 1, 'first')
      same(await store.nextNumber('2027'), 1, 'another book')
    }),
  ]
}
