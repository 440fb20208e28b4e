import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../src/database.js'
import { migrate } from '../src/index.js'
import { createSqlIdempotencyStore, createSqlSessionStore, createSqlWebhookQueue } from '../src/portal/index.js'
import { openPglite } from '../src/pglite/index.js'
import { serverBinaries, skipLine, startServer, type Server } from './server.js'

const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)
const answer = { status: 201, headers: { 'content-type': 'application/json', etag: '"1"' }, body: '{"id":"P-1"}' }

for (const kind of ['PGlite', 'PostgreSQL'] as const) {
  describe.skipIf(kind === 'PostgreSQL' && binaries === undefined)(`what a portal keeps, on ${kind}`, () => {
    let server: Server | undefined
    let folder: string
    let database: Database
    let open: () => Promise<Database>
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'cabut-portal-'))
      if (kind === 'PostgreSQL') {
        server = startServer()
        const name = await server.createDatabase()
        open = () => (server as Server).connect(name)
      } else open = () => openPglite({ directory: join(folder, 'data') })
      database = await open()
      await migrate(database)
      await database.close()
      // From here on as the desk's own role, without ownership: what the grants leave out fails.
      database = await open()
    })
    afterAll(async () => {
      await database.close()
      server?.stop()
      await rm(folder, { recursive: true, force: true })
    })

    test('a key is claimed once, answered the same ever after, across a restart, and free again when it is old', async () => {
      const clock = { now: Date.UTC(2026, 10, 24) }
      const make = () => createSqlIdempotencyStore(database, { now: () => clock.now, keep: 10_000, lease: 1_000 })
      const store = make()
      const claims = await Promise.all(Array.from({ length: 8 }, () => make().claim('k1', 'f1')))
      expect(claims.map(({ outcome }) => outcome).sort()).toEqual(['claimed', ...Array(7).fill('inUse')])
      expect(await store.claim('k1', 'f2')).toEqual({ outcome: 'reused' })
      await store.finish('k1', answer)
      await database.close()
      database = await open()
      expect(await make().claim('k1', 'f1')).toEqual({ outcome: 'answered', answer })
      expect(await make().claim('k1', 'f2')).toEqual({ outcome: 'reused' })
      await make().release('k1')
      expect(await make().claim('k1', 'f1')).toMatchObject({ outcome: 'answered' })
      clock.now += 10_001
      expect(await make().claim('k1', 'f2')).toEqual({ outcome: 'claimed' })
    })

    test('a process that died holding a key: the same request may go on after the lease, another never', async () => {
      const clock = { now: Date.UTC(2026, 10, 25) }
      const store = createSqlIdempotencyStore(database, { now: () => clock.now, lease: 1_000 })
      await store.claim('k2', 'f1')
      clock.now += 1_000
      expect(await store.claim('k2', 'f1')).toEqual({ outcome: 'inUse' })
      clock.now += 1
      expect(await store.claim('k2', 'lain')).toEqual({ outcome: 'reused' })
      expect(await store.claim('k2', 'f1')).toEqual({ outcome: 'claimed' })
      expect(await store.claim('k2', 'f1')).toEqual({ outcome: 'inUse' })
      await store.release('k2')
      expect(await store.claim('k2', 'lain')).toEqual({ outcome: 'claimed' })
    })

    test('a webhook is put in once, held by one worker, handed on when its lease ends, and never told again once delivered', async () => {
      const queue = createSqlWebhookQueue(database)
      expect(await queue.nextAt()).toBeUndefined()
      expect(await queue.add({ id: 'msg_1', endpoint: 'a', body: '{}' }, 1_000)).toBe(true)
      expect(await queue.add({ id: 'msg_1', endpoint: 'a', body: '{"lain":1}' }, 1_000)).toBe(false)
      expect(await queue.add({ id: 'msg_1', endpoint: 'b', body: '{}' }, 2_000)).toBe(true)
      expect(await queue.nextAt()).toBe(1_000)
      expect(await queue.claim(999, 5_000, 10)).toEqual([])
      const [first] = await queue.claim(1_000, 5_000, 10)
      expect(first).toMatchObject({ id: 'msg_1', endpoint: 'a', body: '{}', attempt: 1 })
      expect(await queue.claim(1_000, 5_000, 10)).toEqual([])
      // The worker died; another takes it, and the first may no longer say what became of it.
      await database.close()
      database = await open()
      const after = createSqlWebhookQueue(database)
      const claimed = await after.claim(5_000, 9_000, 10)
      expect(claimed.map(({ endpoint, attempt }) => [endpoint, attempt]).sort()).toEqual([['a', 2], ['b', 1]])
      await after.finish(first as NonNullable<typeof first>)
      const [a, b] = ['a', 'b'].map((name) => claimed.find(({ endpoint }) => endpoint === name)) as [typeof claimed[number], typeof claimed[number]]
      await after.retry(a, 20_000, 'HTTP 500')
      await after.park(b, 'HTTP 410')
      expect(await after.nextAt()).toBe(20_000)
      expect(await after.parked()).toEqual([{ id: 'msg_1', endpoint: 'b', body: '{}', attempt: 1, note: 'HTTP 410' }])
      const [again] = await after.claim(20_000, 30_000, 10)
      await after.finish(again as NonNullable<typeof again>)
      expect(await after.nextAt()).toBeUndefined()
      expect(await after.add({ id: 'msg_1', endpoint: 'a', body: '{}' }, 1)).toBe(false)
    })

    test('many workers share the queue: every delivery is claimed once', async () => {
      const queue = createSqlWebhookQueue(database)
      for (let n = 0; n < 30; n++) await queue.add({ id: `msg_b${n}`, endpoint: 'a', body: '{}' }, n)
      const claimed = (await Promise.all(Array.from({ length: 6 }, () => createSqlWebhookQueue(database).claim(100, 1_000, 7)))).flat()
      const rest = await queue.claim(100, 1_000, 100)
      expect(new Set([...claimed, ...rest].map(({ id }) => id)).size).toBe(30)
      expect(claimed.length + rest.length).toBe(30)
    })

    test('a session is found until it ends, replaced whole, taken by one caller only', async () => {
      const store = createSqlSessionStore(database)
      await store.put('s1', 'satu', 1_000)
      expect([await store.get('s1', 999), await store.get('s1', 1_000), await store.get('s2', 0)]).toEqual(['satu', undefined, undefined])
      await store.put('s1', 'dua', 2_000)
      const taken = await Promise.all([store.take('s1', 0), store.take('s1', 0), store.take('s1', 0)])
      expect(taken.filter((one) => one !== undefined)).toEqual(['dua'])
      await store.put('s1', 'tiga', 500)
      expect(await store.take('s1', 500)).toBeUndefined()
    })
  })
}
