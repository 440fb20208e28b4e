import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryStore, storeContract, type Append, type Store } from '@cabut/sdk/store'
import type { Database } from '../src/database.js'
import { createSqlStore, migrate } from '../src/index.js'
import { openPglite } from '../src/pglite/index.js'
import { serverBinaries, skipLine, startServer, type Server } from './server.js'

/** Some real appends: what the contract writes, caught on its way. */
async function sampleAppends(): Promise<readonly Append[]> {
  const seen: Append[] = []
  const scopeCase = storeContract(async () => {
    const inner = createMemoryStore()
    const spy: Store = { ...inner, append: (scope, write) => { seen.push(write); return inner.append(scope, write) } }
    return spy
  }).find(({ name }) => name.startsWith('scope:'))
  await scopeCase?.run()
  return seen
}

const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)

for (const kind of ['PGlite', 'PostgreSQL'] as const) {
  describe.skipIf(kind === 'PostgreSQL' && binaries === undefined)(`walls on ${kind}`, () => {
    let server: Server | undefined
    let database: Database
    let name = ''
    beforeAll(async () => {
      if (kind === 'PGlite') database = await openPglite()
      else {
        server = startServer()
        name = await server.createDatabase()
        database = await server.connect(name)
      }
      const store = await createSqlStore(database)
      const [first] = await sampleAppends()
      if (first === undefined) throw new Error('no sample')
      expect(await store.append('all', first)).toEqual({ outcome: 'appended' })
    })
    afterAll(async () => {
      await database.close()
      server?.stop()
    })

    test.each(['update cabut.events set digest = digest', 'delete from cabut.events', 'truncate cabut.events cascade', 'update cabut.evidence set media_type = media_type', 'delete from cabut.evidence'])(
      'PP 71/2019 art. 22: even the owner cannot %s', async sql => {
        await expect(database.asOwner(owner => owner.query(sql))).rejects.toMatchObject({ message: expect.stringContaining('append-only') as string })
      })

    test('migrations run once, and know when one was edited or is from the future', async () => {
      expect(await migrate(database)).toMatchObject({ applied: [] })
      await database.asOwner(owner => owner.query(`update cabut.schema_migrations set sha256 = 'x' || sha256 where id = 1`))
      await expect(migrate(database)).rejects.toMatchObject({ code: 'storeMigration' })
      await database.asOwner(owner => owner.query(`update cabut.schema_migrations set sha256 = substr(sha256, 2) where id = 1`))
      await database.asOwner(owner => owner.query(`insert into cabut.schema_migrations (id, name, sha256) values (999, 'later', '')`))
      await expect(migrate(database)).rejects.toMatchObject({ code: 'storeMigration' })
      await database.asOwner(owner => owner.query('delete from cabut.schema_migrations where id = 999'))
      expect(await migrate(database)).toMatchObject({ applied: [] })
    })

    // PGlite has one role, which owns everything: the second wall stands on PostgreSQL alone.
    if (kind === 'PGlite') return

    test('second wall: a query that forgets the tenant still sees only the scope, and nothing without one', async () => {
      const count = (scope: string): Promise<unknown> => database.within(scope, async queryable => (await queryable.query(
        `select (select count(*) from cabut.cases)::integer as cases, (select count(*) from cabut.events)::integer as events,
           (select count(*) from cabut.evidence)::integer as evidence, (select count(*) from cabut.effects)::integer as effects`))[0])
      expect(await count('{"opds":["opd-a"]}')).toEqual({ cases: 1, events: 1, evidence: 1, effects: 1 })
      expect(await count('{"opds":["opd-b"]}')).toEqual({ cases: 0, events: 0, evidence: 0, effects: 0 })
      expect(await count('{"opds":["all", "*"]}')).toEqual({ cases: 0, events: 0, evidence: 0, effects: 0 })
      expect(await count('{}')).toEqual({ cases: 0, events: 0, evidence: 0, effects: 0 })
      await expect(database.within('{"opds":["opd-b"]}', queryable => queryable.query(
        `insert into cabut.cases (id, opd, version, head, status, state) values ('K-9', 'opd-a', 1, '', '', '{}')`))).rejects.toMatchObject({ code: '42501' })
    })

    test('the role of the desk owns nothing: it cannot change history, drop the wall or remove the triggers', async () => {
      for (const sql of ['delete from cabut.events', 'update cabut.events set seq = 9', 'alter table cabut.cases disable row level security', 'drop trigger append_only on cabut.events',
        'delete from cabut.cases', `update cabut.schema_migrations set sha256 = ''`]) {
        await expect(database.query(sql), sql).rejects.toMatchObject({ code: '42501' })
      }
    })
  })
}
