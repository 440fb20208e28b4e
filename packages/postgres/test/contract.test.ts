import { afterAll, beforeAll, describe, test } from 'vitest'
import { storeContract } from '@cabut/sdk/store'
import type { Database } from '../src/database.js'
import { createSqlStore } from '../src/index.js'
import { openPglite } from '../src/pglite/index.js'
import { serverBinaries, skipLine, startServer, type Server } from './server.js'

const tables = 'cabut.effects, cabut.queue, cabut.case_evidence, cabut.personal, cabut.events, cabut.evidence, cabut.cases, cabut.numbers, cabut.register, cabut.checkpoints'

/** Contract cases want an empty store; one schema emptied by its owner is quicker than a new database each time. */
async function emptied(database: Database): Promise<Database> {
  await database.asOwner(owner => owner.script(`set local session_replication_role = replica; truncate ${tables}`))
  return database
}

describe('store contract on PGlite', () => {
  let database: Database
  beforeAll(async () => {
    database = await openPglite()
    await createSqlStore(database)
  })
  afterAll(() => database.close())
  for (const { name, run } of storeContract(async () => createSqlStore(await emptied(database), { closeDatabase: false }))) test(name, run)
})

const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)

describe.skipIf(binaries === undefined)('store contract on PostgreSQL', () => {
  let server: Server
  let database: Database
  beforeAll(async () => {
    server = startServer()
    database = await server.connect(await server.createDatabase())
    await createSqlStore(database)
    console.log(`PostgreSQL under test: ${server.version}`)
  })
  afterAll(async () => {
    await database.close()
    server.stop()
  })
  for (const { name, run } of storeContract(async () => createSqlStore(await emptied(database), { closeDatabase: false }))) test(name, run)
})
