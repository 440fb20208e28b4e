import { createHash, hash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '@cabut/sdk/store'
import type { Database } from '../src/database.js'
import { createSqlStore, verifyAudit } from '../src/index.js'
import { openOffice, type Office } from './office.js'
import { people } from './people.js'
import { emptyDatabase, serverBinaries, skipLine, type Server } from './server.js'

const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)
const mebibyte = 1_048_576
const large = new Uint8Array(25_000_003).map((_, place) => (place * 131 + (place >> 7)) & 255)
const sha256 = hash('sha256', large)

for (const kind of ['PGlite', 'PostgreSQL'] as const) {
  describe.skipIf(kind === 'PostgreSQL' && binaries === undefined)(`evidence of 25 MB on ${kind}`, () => {
    let server: Server | undefined
    let database: Database
    let store: Store
    let office: Office
    beforeAll(async () => {
      ;({ database, server } = await emptyDatabase(kind))
      store = await createSqlStore(database)
      office = await openOffice(store)
      await office.file('P-besar-1')
      await database.asOwner(async (owner) => {
        await owner.query('insert into cabut.evidence (sha256, media_type, bytes) values ($1, $2, $3)', [sha256, 'application/pkix-crl', large])
        await owner.query('insert into cabut.case_evidence (case_id, sha256, opd) select id, $1, opd from cabut.cases', [sha256])
      })
    })
    afterAll(async () => {
      await office.close()
      await database.close()
      server?.stop()
    })
    const asOwner = (sql: string): Promise<void> => database.asOwner(owner => owner.script(`set local session_replication_role = replica; ${sql}`))

    test('is read in pieces: the octets that were stored, and no more memory than a few pieces', async () => {
      const opened = await store.openEvidence({ opds: [people.opd.opd] }, sha256)
      expect(opened).toMatchObject({ sha256, mediaType: 'application/pkix-crl', size: large.length })
      const digest = createHash('sha256')
      let [pieces, most] = [0, 0]
      const before = process.memoryUsage().arrayBuffers
      for await (const piece of opened?.pieces() ?? []) {
        digest.update(piece)
        pieces += 1
        expect(piece.length).toBeLessThanOrEqual(mebibyte)
        most = Math.max(most, process.memoryUsage().arrayBuffers - before)
      }
      expect(digest.digest('hex')).toBe(sha256)
      expect(pieces).toBe(Math.ceil(large.length / mebibyte))
      console.info(`${kind}: 25 MB read in ${pieces} pieces, at most ${(most / mebibyte).toFixed(0)} MiB of buffers at a time`)
    })

    test('what goes away while it is read is no whole file', async () => {
      const pieces = (await store.openEvidence('all', sha256))?.pieces()[Symbol.asyncIterator]()
      await pieces?.next()
      await asOwner(`create table kept as select * from cabut.evidence where sha256 = '${sha256}'; delete from cabut.evidence where sha256 = '${sha256}'`)
      try {
        await expect(pieces?.next()).rejects.toMatchObject({ code: 'storeUnavailable', at: sha256 })
      } finally {
        await asOwner('insert into cabut.evidence select * from kept; drop table kept')
      }
    })

    test('the audit reads it in parts, and finds one octet changed at its very end', async () => {
      const evidence = (await verifyAudit(database)).findings.filter(({ code }) => code.startsWith('evidence'))
      expect(evidence).toEqual([])
      const change = `update cabut.evidence set bytes = set_byte(bytes, ${large.length - 1}, get_byte(bytes, ${large.length - 1}) # 1) where sha256 = '${sha256}'`
      await asOwner(change)
      try {
        expect((await verifyAudit(database)).findings).toContainEqual(expect.objectContaining({ code: 'evidenceChanged', detail: `sha256 ${sha256}` }))
      } finally {
        await asOwner(change)
      }
    })
  })
}
