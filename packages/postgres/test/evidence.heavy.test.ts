import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EvidenceFetcher, FetchOutcome } from '@cabut/pki/status'
import { createSqlStore, shareEvidence, type Database } from '../src/index.js'
import { openPglite } from '../src/pglite/index.js'
import { serverBinaries, skipLine, startServer, type Server } from './server.js'

const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)

/** A host that counts. */
class Host implements EvidenceFetcher {
  calls = 0
  bytes = new Uint8Array([1, 2, 3])
  answer: 'well' | 'failed' | 'never' = 'well'
  async get(): Promise<FetchOutcome> {
    this.calls += 1
    if (this.answer === 'never') return new Promise(() => {})
    await new Promise(resolve => setTimeout(resolve, 30))
    return this.answer === 'failed' ? { outcome: 'failed', detail: 'HTTP 503', status: 503 } : { outcome: 'fetched', bytes: this.bytes }
  }
  post(): Promise<FetchOutcome> { return this.get() }
}

for (const kind of ['PGlite', 'PostgreSQL'] as const) {
  describe.skipIf(kind === 'PostgreSQL' && binaries === undefined)(`evidence shared by all workers, ${kind}`, () => {
    let server: Server | undefined
    /** Each worker's own connection; on PGlite there is one process and one database. */
    const databases: Database[] = []
    beforeAll(async () => {
      if (kind === 'PGlite') {
        const database = await openPglite()
        databases.push(database, database, database, database)
      } else {
        server = startServer()
        const name = await server.createDatabase()
        for (let n = 0; n < 4; n++) databases.push(await server.connect(name, { connections: 2 }))
      }
      const [first] = databases
      if (first !== undefined) await createSqlStore(first, { closeDatabase: false })
    }, 400_000)
    afterAll(async () => {
      for (const database of new Set(databases)) await database.close()
      server?.stop()
    })
    const workers = (host: Host, options: Parameters<typeof shareEvidence>[2] = {}): readonly EvidenceFetcher[] => databases.map(database => shareEvidence(database, host, options))

    test('ten thousand requests of four workers against one CRL fetch it once', async () => {
      const host = new Host()
      const four = workers(host)
      const answers = await Promise.all(Array.from({ length: 10_000 }, async (_, n) => four[n % 4]?.get('http://crl.test/many.crl')))
      expect(host.calls).toBe(1)
      expect(answers.every(each => each?.outcome === 'fetched' && [...each.bytes].join() === '1,2,3')).toBe(true)
      // A worker that starts later finds it in the database.
      expect(await workers(host)[0]?.get('http://crl.test/many.crl')).toMatchObject({ outcome: 'fetched' })
      expect(host.calls).toBe(1)
    })

    test('no longer fresh it is fetched again by one of them; a changed file replaces the former one', async () => {
      const host = new Host()
      const four = workers(host, { freshFor: 1_500 })
      const all = async (): Promise<readonly string[]> => (await Promise.all(four.map(each => each.get('http://crl.test/fresh.crl')))).map(each => (each.outcome === 'fetched' ? [...each.bytes].join() : each.detail))
      expect(await all()).toEqual(['1,2,3', '1,2,3', '1,2,3', '1,2,3'])
      host.bytes = new Uint8Array([4])
      await expect.poll(all, { timeout: 20_000, interval: 100 }).toEqual(['4', '4', '4', '4'])
      const before = host.calls
      await new Promise(resolve => setTimeout(resolve, 1_600))
      expect(await all()).toEqual(['4', '4', '4', '4'])
      expect(host.calls).toBe(before + 1)
    })

    test('a host that fails is asked once, and not again for a while; nobody takes the failure for a CRL', async () => {
      const host = new Host()
      host.answer = 'failed'
      const four = workers(host)
      const answers = await Promise.all(four.map(each => each.get('http://crl.test/away.crl')))
      expect(answers).toEqual(answers.map(() => expect.objectContaining({ outcome: 'failed', detail: 'HTTP 503' })))
      expect(host.calls).toBe(1)
    })

    test('a worker that dies while fetching holds the others up until its lease ends', async () => {
      const host = new Host()
      host.answer = 'never'
      const [dying, next] = workers(host, { lease: 500 })
      void dying?.get('http://crl.test/dead.crl')
      await expect.poll(() => host.calls, { interval: 10 }).toBe(1)
      host.answer = 'well'
      expect(await next?.get('http://crl.test/dead.crl')).toMatchObject({ outcome: 'fetched' })
      expect(host.calls).toBe(2)
    })

    test('questions of their own pass through', async () => {
      const host = new Host()
      const [one] = workers(host)
      await one?.post('http://ocsp.test/', new Uint8Array(), 'x/y')
      await one?.post('http://ocsp.test/', new Uint8Array(), 'x/y')
      expect(host.calls).toBe(2)
    })
  })
}
