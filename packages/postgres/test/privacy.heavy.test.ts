import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyHistory } from '@cabut/sdk/history'
import { verifyReceipt } from '@cabut/sdk/receipt'
import { storeContract, type Store } from '@cabut/sdk/store'
import type { Database } from '../src/database.js'
import {
  createSqlStore, extendRegister, keysInDirectory, openSubjects, openVault, readKeyEncryptionKey, verifyAudit, type PrivacyOptions, type Subjects, type Vault,
} from '../src/index.js'
import { openPglite } from '../src/pglite/index.js'
import { openOffice, type Office } from './office.js'
import { people } from './people.js'
import { serverBinaries, skipLine, startServer, type Server } from './server.js'

const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)
const key = readKeyEncryptionKey('0f'.repeat(16) + 'a1'.repeat(16))
const other = readKeyEncryptionKey(Buffer.from('another key of thirty-two octets').toString('base64'))
const order = (minute: number, ground: string): { by: string; ground: string; at: Date } => ({ by: 'dewi.larasati', ground, at: new Date(Date.UTC(2026, 11, 1, 3, minute)) })
const applicant = 'surya.wibisana'
const holder = 'laras.kinanti'

describe('a key-encryption key', () => {
  test.each(['', 'secret', '00'.repeat(32), 'ab'.repeat(31), '%'.repeat(44)])('%j is refused', text => {
    expect(() => readKeyEncryptionKey(text)).toThrow(expect.objectContaining({ code: 'privacyKeyInvalid' }) as Error)
  })
  test('hex and base64 of the same octets are the same key; its name does not tell it', () => {
    const hex = '0123456789abcdef'.repeat(4)
    expect(readKeyEncryptionKey(`${hex}\n`).id).toBe(readKeyEncryptionKey(Buffer.from(hex, 'hex').toString('base64')).id)
    expect(hex).not.toContain(readKeyEncryptionKey(hex).id)
  })
})

for (const kind of ['PGlite', 'PostgreSQL'] as const) {
  describe.skipIf(kind === 'PostgreSQL' && binaries === undefined)(`personal values on ${kind}`, () => {
    let server: Server | undefined
    let database: Database
    let store: Store
    let office: Office
    let vault: Vault
    let subjects: Subjects
    let directory: string
    let privacy: PrivacyOptions
    const ids = ['P-priv-1', 'P-priv-2'] as const

    beforeAll(async () => {
      if (kind === 'PGlite') database = await openPglite()
      else {
        server = startServer()
        database = await server.connect(await server.createDatabase())
      }
      directory = await mkdtemp(join(tmpdir(), 'cabut-keys-'))
      // PGlite keeps them in a directory, PostgreSQL beside: both places are tried.
      privacy = kind === 'PGlite' ? { key, keys: keysInDirectory(directory), cacheFor: 0 } : { key, cacheFor: 0 }
      store = await createSqlStore(database, { privacy, closeDatabase: false })
      vault = await openVault(database, privacy)
      subjects = await openSubjects(database, vault)
      office = await openOffice(store)
      await office.file(ids[0], { note: 'Pindah tugas ke kecamatan' })
      await office.file(ids[1], { holder: { id: 'bima.anggara', name: 'Bima Anggara', email: 'bima.anggara@example.go.id' } })
    })
    afterAll(async () => {
      await office.close()
      await database.close()
      server?.stop()
      await rm(directory, { recursive: true, force: true })
    })

    /** Everything the database holds of personal values, as text. */
    async function stored(): Promise<string> {
      const rows = await database.query<{ text: string }>(`select coalesce(string_agg(t, ' '), '') as text from (
        select personal::text as t from cabut.cases union all select state::text from cabut.cases union all select body::text from cabut.personal union all select body::text from cabut.events
        union all select tag || subject from cabut.subject_lookups) all_of_it (t)`)
      return rows[0]?.text ?? ''
    }
    const changed = (sql: string): Promise<void> => database.asOwner(owner => owner.script(`set local session_replication_role = replica; ${sql}`))
    const history = async (id: string): Promise<unknown> => verifyHistory(await store.events('all', id))

    test('in clear for the desk, unreadable in the tables', async () => {
      const { state } = await office.desk.get(ids[0])
      expect(state.personal['holder']).toBe('Laras Kinanti')
      expect(state.personal['applicant']).toBe('Surya Wibisana')
      expect(state.personal['note']).toBe('Pindah tugas ke kecamatan')
      expect((await store.list('all'))[0]?.personal['holder']).toBe('Laras Kinanti')
      const text = await stored()
      for (const word of ['Laras', 'Kinanti', 'Surya W', 'kecamatan', 'Bima Anggara', 'example.go.id']) expect(text, word).not.toContain(word)
      expect(text).toContain('cabut:1:')
      expect(await history(ids[0])).toMatchObject({ valid: true, erased: 0 })
    })

    test('not without the key, and not with another', async () => {
      await expect(createSqlStore(database)).rejects.toMatchObject({ code: 'privacyKeyMissing' })
      await expect(createSqlStore(database, { privacy: { ...privacy, key: other } })).rejects.toMatchObject({ code: 'privacyKeyWrong' })
    })

    test('looked up by keyed digest, whatever the case', async () => {
      expect(await subjects.find('bima.anggara@EXAMPLE.go.id')).toEqual(['bima.anggara'])
      expect(await subjects.find('surya.wibisana')).toEqual(expect.arrayContaining([holder]))
      expect(await subjects.find('tidak.ada@example.go.id')).toEqual([])
    })

    test('the second wall: an OPD reads nothing of the tables of subjects', async () => {
      if (kind === 'PGlite') return
      const seen = await database.within('{"opds":["dindik"]}', inner => inner.query<{ n: number }>(`select ((select count(*) from cabut.subject_cases) + (select count(*) from cabut.subject_lookups)
        + (select count(*) from cabut.subject_keys))::integer as n`))
      expect(seen[0]?.n).toBe(0)
    })

    test('audit: green with the key, silent about values without it, and a changed or moved value is named with it', async () => {
      await extendRegister(database, new Date(office.clock.now))
      expect(await verifyAudit(database, { vault })).toMatchObject({ valid: true, sealed: 0, erased: 0 })
      const blind = await verifyAudit(database)
      expect(blind).toMatchObject({ valid: true, erased: 0 })
      expect(blind.sealed).toBeGreaterThan(5)
      await changed('create table kept as table cabut.personal; create table kept_cases as table cabut.cases')
      const restore = (): Promise<void> => changed('delete from cabut.personal; insert into cabut.personal select * from kept; update cabut.cases c set personal = k.personal from kept_cases k where k.id = c.id')
      // Another holder's sealed value put in its place: same key store, sound encryption, wrong place.
      await changed(`update cabut.personal p set body = (select json_build_object('holder', q.body -> 'holder') from cabut.personal q where q.case_id = '${ids[1]}' and q.seq = 1) where p.case_id = '${ids[0]}' and p.seq = 1`)
      expect((await verifyAudit(database, { vault })).findings).toMatchObject([{ code: 'eventBroken', caseId: ids[0], seq: 1, detail: 'personal holder' }])
      await expect(store.events('all', ids[0])).rejects.toMatchObject({ code: 'privacyValueBroken' })
      await restore()
      await changed(`update cabut.cases c set personal = (select d.personal from cabut.cases d where d.id = '${ids[1]}') where c.id = '${ids[0]}'`)
      expect((await verifyAudit(database, { vault })).findings).toMatchObject([{ code: 'projectionDiffers', caseId: ids[0], detail: 'personal' }])
      await restore()
      await changed('drop table kept; drop table kept_cases')
      expect(await verifyAudit(database, { vault })).toMatchObject({ valid: true })
    })

    test('nothing is taken from a request that is under way', async () => {
      await expect(subjects.erase(holder, order(1, 'permohonan'))).rejects.toMatchObject({ code: 'subjectBusy', detail: ids[0] })
      await expect(subjects.restrict(holder, order(1, 'permohonan'))).rejects.toMatchObject({ code: 'subjectBusy' })
      await expect(subjects.erase('tidak.ada', order(1, 'permohonan'))).rejects.toMatchObject({ code: 'subjectUnknown' })
      for (const id of ids) await office.approve(id)
      await office.pass(3_600_000)
      for (const id of ids) expect((await office.desk.get(id)).status).toBe('closed')
    })

    test('UU 27/2022 art. 7: a copy of one\'s own data, without the other person\'s', async () => {
      const copy = await subjects.export(holder, new Date(office.clock.now))
      expect(copy.cases).toHaveLength(1)
      expect(copy.cases[0]).toMatchObject({ id: ids[0], parts: ['holder'], status: 'closed', personal: { holder: 'Laras Kinanti', note: 'Pindah tugas ke kecamatan' } })
      expect(JSON.stringify(copy)).not.toMatch(/"applicant\w*":/)
      expect((await subjects.export(applicant, new Date())).cases.map(each => each.id)).toEqual([...ids])
    })

    test('UU 27/2022 art. 11: restricted data is kept, and nobody reads it until it is lifted', async () => {
      await subjects.restrict(holder, order(2, 'sengketa keakuratan'))
      const reader = await createSqlStore(database, { privacy, closeDatabase: false })
      const state = (await reader.load('all', ids[0]))?.state
      expect(state?.absent).toMatchObject({ holder: 'restricted', username: 'restricted' })
      expect(state?.personal['holder']).toBeUndefined()
      expect(state?.personal['applicant']).toBe('Surya Wibisana')
      expect((await reader.events('all', ids[0]))[0]?.personal?.['holder']).toBeUndefined()
      // An event after it loses nothing of what its writer could not see.
      expect((await office.reopen(reader).desk.reopen(ids[0], { as: people.head, complaint: 'A-1' })).status).not.toBe('closed')
      expect(await subjects.lift(holder)).toBe(true)
      expect(await subjects.lift(holder)).toBe(false)
      const again = await createSqlStore(database, { privacy, closeDatabase: false })
      expect((await again.load('all', ids[0]))?.state.personal['holder']).toBe('Laras Kinanti')
      expect(await verifyAudit(database, { vault })).toMatchObject({ valid: true })
    })

    test('UU 27/2022 art. 15: a legal hold forbids erasing and states its ground', async () => {
      await subjects.hold('bima.anggara', order(3, 'Penyidikan LP/12/2026'))
      await expect(subjects.erase('bima.anggara', order(4, 'permohonan'))).rejects.toMatchObject({ code: 'subjectHeld', detail: expect.stringContaining('Penyidikan LP/12/2026') as string })
      expect((await store.load('all', ids[1]))?.state.personal['holder']).toBe('Bima Anggara')
      expect(await subjects.release('bima.anggara', 'dewi.larasati', new Date(Date.UTC(2026, 11, 1, 4)))).toBe(1)
    })

    test('erased: gone here and in a backup, every chain, the audit and the receipt still hold', async () => {
      const writer = await store.load('all', ids[1])
      await changed('create table backup_personal as table cabut.personal; create table backup_cases as table cabut.cases')
      expect(await subjects.erase('bima.anggara', order(5, 'permohonan pemilik data'))).toMatchObject({ cases: [ids[1]], keys: expect.any(Number) as number })
      const look = async (): Promise<void> => {
        const fresh = await createSqlStore(database, { privacy, closeDatabase: false })
        const state = (await fresh.load('all', ids[1]))?.state
        expect(state?.absent).toMatchObject({ holder: 'erased', holderEmail: 'erased' })
        expect(Object.keys(state?.personal ?? {})).toEqual(['applicant'])
        expect(await verifyHistory(await fresh.events('all', ids[1]))).toMatchObject({ valid: true, erased: Object.keys(state?.absent ?? {}).length })
        expect((await fresh.load('all', ids[0]))?.state.personal['holder']).toBe('Laras Kinanti')
      }
      await look()
      expect(await subjects.find('bima.anggara@example.go.id')).toEqual([])
      expect((await subjects.export('bima.anggara', new Date())).cases[0]?.personal).toMatchObject({ holder: null, holderEmail: null })
      for (const with_ of [{ vault }, {}]) expect(await verifyAudit(database, with_)).toMatchObject({ valid: true })
      expect((await verifyAudit(database, { vault })).erased).toBeGreaterThan(2)
      // The tables come back from a backup made before; the keys do not.
      await changed('delete from cabut.personal; insert into cabut.personal select * from backup_personal; update cabut.cases c set personal = k.personal from backup_cases k where k.id = c.id')
      await look()
      await changed('drop table backup_personal; drop table backup_cases')
      for (const form of ['full', 'public'] as const) {
        const receipt = await office.desk.receipt(ids[1], { form })
        expect(await verifyReceipt(receipt, { anchors: office.sandbox.anchors })).toMatchObject({ valid: true })
        for (const bytes of receipt.values()) expect(Buffer.from(bytes).toString('latin1')).not.toContain('Bima Anggara')
      }
      expect(await subjects.erase('bima.anggara', order(6, 'diulang'))).toMatchObject({ keys: 0 })
      expect(writer?.state.personal['holder']).toBe('Bima Anggara')
    })

    test('a later request of the same person has a new key; what was erased stays so', async () => {
      await office.file('P-priv-3', { holder: { id: 'bima.anggara', name: 'Bima Anggara' } })
      expect((await office.desk.get('P-priv-3')).state.personal['holder']).toBe('Bima Anggara')
      expect((await store.load('all', ids[1]))?.state.absent?.['holder']).toBe('erased')
      expect(await verifyAudit(database, { vault })).toMatchObject({ valid: true })
    })

    test('another key-encryption key: every key is wrapped anew, the former one opens nothing', async () => {
      const both = await openVault(database, { ...privacy, key: [other, key] })
      expect(await both.rewrap()).toBeGreaterThan(3)
      await expect(openVault(database, privacy)).rejects.toMatchObject({ code: 'privacyKeyWrong' })
      const next = await createSqlStore(database, { privacy: { ...privacy, key: other }, closeDatabase: false })
      expect((await next.load('all', ids[0]))?.state.personal['holder']).toBe('Laras Kinanti')
    })
  })
}

describe('the store contract over sealed values', () => {
  let database: Database
  beforeAll(async () => {
    database = await openPglite()
    await createSqlStore(database)
  })
  afterAll(() => database.close())
  const tables = 'cabut.effects, cabut.queue, cabut.case_evidence, cabut.personal, cabut.events, cabut.evidence, cabut.cases, cabut.numbers'
  for (const { name, run } of storeContract(async () => {
    await database.asOwner(owner => owner.script(`set local session_replication_role = replica; truncate ${tables}`))
    return createSqlStore(database, { closeDatabase: false, migrate: false, privacy: { key } })
  })) test(name, run)
})
