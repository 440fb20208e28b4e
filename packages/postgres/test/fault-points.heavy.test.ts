import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSqlStore } from '../src/index.js'
import { bundleWorker } from './races/bundle.js'
import { faultPoints } from './races/points.js'
import { race } from './races/races.js'
import { serverBinaries, skipLine, startServer, type Server } from './server.js'

const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)

// Every place where state is touched, each with a kill -9 at its first passage and at a later one; two desks at work. What survives must
// finish every request, with each certificate revoked exactly once by the sandbox's own log.
describe.skipIf(binaries === undefined)('kill -9 at every fault point, PostgreSQL', () => {
  let server: Server
  let worker: string
  beforeAll(async () => {
    worker = await bundleWorker()
    server = startServer()
  })
  afterAll(() => server.stop())

  test('every point is hit, and nothing is lost, doubled or called revoked without proof', async () => {
    const name = await server.createDatabase()
    const database = await server.connect(name)
    await createSqlStore(database)
    const kills = faultPoints.flatMap(point => [{ point, nth: 1 }, { point, nth: 2 }])
    const result = await race({
      // AMS is away now and then, or no effect would ever have to be tried again.
      seed: 'points', worker, processes: 2, kills, faults: [{ kind: 'throttle', on: 'ams.fileRevocation', probability: 0.5 }], patience: 15_000,
      database: { host: server.socket, user: server.user, database: name }, open: async () => server.connect(name),
    })
    await database.close()
    expect(result.broken).toEqual([])
    expect(result.kills).toBe(kills.length)
    expect(faultPoints.filter(point => !result.hits.has(point))).toEqual([])
  }, 300_000)
})
