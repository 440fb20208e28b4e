import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, hash, sign } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyReceipt } from '@cabut/sdk/receipt'
import type { Store } from '@cabut/sdk/store'
import type { Database } from '../src/database.js'
import {
  createSqlStore, dueForArchive, exportArchive, extendRegister, importArchive, openArchive, readOfficeKey, readRetentionPolicy, readSigningKey, retireCase, verifyAudit, type Archived,
} from '../src/index.js'
import { openPglite } from '../src/pglite/index.js'
import { openOffice, type Office } from './office.js'
import { serverBinaries, skipLine, startServer, type Server } from './server.js'

const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)
const pair = generateKeyPairSync('ed25519')
const signer = readSigningKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }) as string
const officeKey = readOfficeKey(publicPem)
const ids = ['P-arsip-1', 'P-arsip-2'] as const
const at = new Date(Date.UTC(2027, 0, 4, 2))

test('only Ed25519 keys sign or check an archive', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  for (const pem of ['', 'x', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string]) expect(() => readSigningKey(pem)).toThrow(expect.objectContaining({ code: 'archiveKeyInvalid' }) as Error)
  expect(() => readOfficeKey(rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string)).toThrow(expect.objectContaining({ code: 'archiveKeyInvalid' }) as Error)
})

for (const kind of ['PGlite', 'PostgreSQL'] as const) {
  describe.skipIf(kind === 'PostgreSQL' && binaries === undefined)(`archive on ${kind}`, () => {
    let server: Server | undefined
    let database: Database
    let elsewhere: Database
    let store: Store
    let office: Office
    let folder: string
    let archived: Archived
    const made: string[] = []
    const place = async (): Promise<string> => {
      const path = await mkdtemp(join(tmpdir(), 'cabut-archive-'))
      made.push(path)
      return path
    }

    beforeAll(async () => {
      if (kind === 'PGlite') {
        database = await openPglite()
        elsewhere = await openPglite()
      } else {
        server = startServer()
        database = await server.connect(await server.createDatabase())
        elsewhere = await server.connect(await server.createDatabase())
      }
      store = await createSqlStore(database, { closeDatabase: false })
      office = await openOffice(store)
      for (const id of ids) {
        await office.file(id)
        await office.approve(id)
      }
      await office.pass(3_600_000)
      await office.file('P-arsip-open')
      folder = await place()
      archived = await exportArchive(store, { cases: ids, folder, key: signer, office: 'Dinkominfo Contoh', ground: 'JRA 2026 butir 4', at, database })
    })
    afterAll(async () => {
      await office.close()
      await database.close()
      await elsewhere.close()
      server?.stop()
      for (const path of made) await rm(path, { recursive: true, force: true })
    })

    test('anybody checks it with sha256sum and openssl', async () => {
      expect(archived).toMatchObject({ cases: 2 })
      const key = join(await place(), 'kantor.pem')
      await writeFile(key, publicPem)
      expect(execFileSync('sha256sum', ['--strict', '-c', 'MANIFEST'], { cwd: folder, encoding: 'utf8' })).toContain('archive.json: OK')
      expect(execFileSync('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', 'MANIFEST', '-sigfile', 'MANIFEST.sig'], { cwd: folder, encoding: 'utf8' })).toContain('Verified Successfully')
      expect(archived.manifest).toBe(hash('sha256', await readFile(join(folder, 'MANIFEST'))))
    })

    test('imported elsewhere: the same events, proven from them anew, and an audit that is green', async () => {
      const other = await createSqlStore(elsewhere, { closeDatabase: false })
      expect(await importArchive(other, await openArchive(folder, officeKey))).toEqual({ imported: [...ids], known: [] })
      for (const id of ids) {
        expect(await other.events('all', id)).toEqual(await store.events('all', id))
        expect((await other.load('all', id))?.state).toEqual((await store.load('all', id))?.state)
        expect(await other.effects('all', id)).toEqual([])
      }
      await extendRegister(elsewhere, at)
      expect(await verifyAudit(elsewhere)).toMatchObject({ valid: true, cases: 2 })
      const { desk } = office.reopen(other)
      expect(await verifyReceipt(await desk.receipt(ids[0]), { anchors: office.sandbox.anchors })).toMatchObject({ valid: true })
      expect(await importArchive(other, await openArchive(folder, officeKey))).toEqual({ imported: [], known: [...ids] })
    })

    test('a case that is there with another history is refused, and nothing of the archive comes in', async () => {
      const third = await openPglite()
      const other = await createSqlStore(third)
      const { events, state } = await (await openArchive(folder, officeKey)).read(ids[1])
      const [first] = events
      if (first === undefined) throw new Error('no event')
      await other.append('all', { caseId: ids[1], expectedVersion: 0, events: [{ ...first, digest: 'x' }], state: { ...state, version: 1 }, effects: [] })
      await expect(importArchive(other, await openArchive(folder, officeKey))).rejects.toMatchObject({ code: 'archiveConflict', at: ids[1] })
      expect(await other.load('all', ids[0])).toBeUndefined()
      await other.close()
    })

    const change = async (path: string, from: string, to: string): Promise<void> => {
      const text = await readFile(path, 'utf8')
      if (!text.includes(from)) throw new Error(`${from} is not there`)
      await writeFile(path, text.replace(from, to))
    }
    /** The office's own key over what was changed: only the chains stand against it. */
    const resign = async (copy: string): Promise<void> => {
      const lines = (await readFile(join(copy, 'MANIFEST'), 'utf8')).trimEnd().split('\n').map(line => line.slice(66))
      const manifest = Buffer.from((await Promise.all(lines.map(async path => `${hash('sha256', await readFile(join(copy, path)))}  ${path}\n`))).join(''))
      await writeFile(join(copy, 'MANIFEST'), manifest)
      await writeFile(join(copy, 'MANIFEST.sig'), sign(null, manifest, signer))
    }
    const evidenceOf = async (copy: string): Promise<string> => join('evidence', (await readdir(join(copy, 'evidence')))[0] ?? '')
    const first = `cases/${ids[0]}.jsonl`
    const cases: readonly (readonly [string, (copy: string) => Promise<void>, object])[] = [
      ['a word of an event', copy => change(join(copy, first), '"mutasi"', '"mutasl"'), { code: 'archiveInvalid', at: first }],
      ['a personal value', copy => change(join(copy, first), 'Laras', 'Lara5'), { code: 'archiveInvalid', at: first }],
      ['one byte of evidence', async copy => { const path = join(copy, await evidenceOf(copy)); const bytes = await readFile(path); bytes[9] = (bytes[9] ?? 0) ^ 1; await writeFile(path, bytes) }, { code: 'archiveInvalid', at: expect.stringContaining('evidence/') as string }],
      ['a file more', copy => writeFile(join(copy, 'cases/P-tambahan.jsonl'), ''), { code: 'archiveInvalid', at: 'cases/P-tambahan.jsonl' }],
      ['a file less', copy => rm(join(copy, first)), { code: 'archiveInvalid', at: first }],
      ['a symbolic link', async copy => { await rm(join(copy, first)); await symlink('/etc/hostname', join(copy, first)) }, { code: 'archiveInvalid', at: first }],
      ['a line of the manifest', copy => change(join(copy, 'MANIFEST'), 'archive.json', 'archivf.json'), { code: 'archiveSignature' }],
      ['the signature', copy => writeFile(join(copy, 'MANIFEST.sig'), Buffer.alloc(64)), { code: 'archiveSignature' }],
      ['no manifest at all', copy => rm(join(copy, 'MANIFEST')), { code: 'archiveInvalid', at: 'MANIFEST' }],
      ['a word of an event, signed again', async copy => { await change(join(copy, first), '"mutasi"', '"mutasl"'); await resign(copy) }, { code: 'historyBroken', at: `${ids[0]}#1` }],
      ['a personal value, signed again', async copy => { await change(join(copy, first), 'Laras', 'Lara5'); await resign(copy) }, { code: 'historyBroken', at: `${ids[0]}#1` }],
      ['the last event cut off, signed again', async copy => {
        const lines = (await readFile(join(copy, first), 'utf8')).trimEnd().split('\n')
        await writeFile(join(copy, first), `${lines.slice(0, -1).join('\n')}\n`)
        await resign(copy)
      }, { code: 'historyBroken', at: `${ids[0]}#18`, detail: 'head' }],
      ['evidence exchanged, signed again', async copy => { await writeFile(join(copy, await evidenceOf(copy)), 'x'); await resign(copy) }, { code: 'archiveInvalid', detail: 'not the bytes of its name' }],
    ]
    test.each(cases)('a change is refused and placed: %s', async (_what, damage, refusal) => {
      const copy = await place()
      await cp(folder, copy, { recursive: true })
      await damage(copy)
      await expect(openArchive(copy, officeKey)).rejects.toMatchObject(refusal)
    })

    test('signed by somebody else: refused', async () => {
      await expect(openArchive(folder, readOfficeKey(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string))).rejects.toMatchObject({ code: 'archiveSignature' })
    })

    test('without personal values: no name in any case file, every chain holds', async () => {
      const bare = await place()
      await exportArchive(store, { cases: ids, folder: bare, key: signer, office: 'Dinkominfo Contoh', ground: 'permintaan salinan', at, withoutPersonal: true })
      expect(await readFile(join(bare, first), 'utf8')).not.toMatch(/Laras|Surya Wibisana/)
      expect((await openArchive(bare, officeKey)).head.personal).toBe(false)
      await expect(exportArchive(store, { cases: ids, folder: bare, key: signer, office: 'x', ground: 'x', at })).rejects.toMatchObject({ code: 'archiveInvalid' })
    })

    test('retention: by rule and years, archived before erased, the ground on record; the chain holds', async () => {
      const policy = readRetentionPolicy({ kind: 'cabut-retention', rules: [{ id: 'JRA-4', ground: 'Perbup 12/2026 lampiran II butir 4', statuses: ['closed'], archiveAfterYears: 2, eraseAfterYears: 5 }] })
      const due = async (year: number): Promise<readonly string[]> => {
        const found = []
        for await (const each of dueForArchive(store, policy, new Date(Date.UTC(year, 11, 1)))) found.push(each.id)
        return found
      }
      expect(await due(2027)).toEqual([])
      expect(await due(2028)).toEqual([...ids])
      const erase = (id: string, year: number): Promise<boolean> => retireCase(database, store, id, { policy, by: 'arsiparis', at: new Date(Date.UTC(year, 11, 1)) })
      await expect(erase(ids[0], 2030)).rejects.toMatchObject({ code: 'archiveNotDue', detail: 'not before 2031-11-24' })
      await expect(erase('P-arsip-open', 2090)).rejects.toMatchObject({ code: 'archiveNotDue' })
      const alone = await place()
      expect(await erase(ids[0], 2032)).toBe(true)
      expect(await erase(ids[0], 2032)).toBe(false)
      const state = (await store.load('all', ids[0]))?.state
      expect(state?.absent).toMatchObject({ holder: 'erased', applicant: 'erased' })
      expect(state?.personal).toEqual({})
      expect((await store.load('all', ids[1]))?.state.personal['holder']).toBe('Laras Kinanti')
      expect(await verifyAudit(database)).toMatchObject({ valid: true })
      // What is erased is not archived as if it were whole, and is still a sound chain.
      await exportArchive(store, { cases: [ids[0]], folder: alone, key: signer, office: 'x', ground: 'x', at })
      expect((await openArchive(alone, officeKey)).head.cases).toHaveLength(1)
      const rows = await database.query<{ ground: string }>('select ground from cabut.retired')
      expect(rows).toEqual([{ ground: 'Perbup 12/2026 lampiran II butir 4' }])
    })

    test('retention: never without an archive of the case as it is now', async () => {
      const policy = readRetentionPolicy({ kind: 'cabut-retention', rules: [{ id: 'x', ground: 'x', statuses: ['closed'], archiveAfterYears: 0, eraseAfterYears: 0 }] })
      await database.asOwner(owner => owner.script(`set local session_replication_role = replica; update cabut.archived set seq = seq - 1 where case_id = '${ids[1]}'`))
      await expect(retireCase(database, store, ids[1], { policy, by: 'arsiparis', at })).rejects.toMatchObject({ code: 'archiveNotDue', detail: 'no archive holds it as it is now' })
    })
  })
}

test.each([
  [{}, 'kind'], [{ kind: 'cabut-retention', rules: [{ id: 'a', ground: '', statuses: ['closed'], archiveAfterYears: 1 }] }, 'rules[0].ground'],
  [{ kind: 'cabut-retention', rules: [{ id: 'a', ground: 'b', statuses: ['verifying'], archiveAfterYears: 1 }] }, 'rules[0].statuses'],
  [{ kind: 'cabut-retention', rules: [{ id: 'a', ground: 'b', statuses: ['closed'], archiveAfterYears: 5, eraseAfterYears: 2 }] }, 'rules[0].eraseAfterYears'],
])('a schedule of retention that is none is refused: %#', (policy, place) => {
  expect(() => readRetentionPolicy(policy)).toThrow(expect.objectContaining({ code: 'archiveInvalid', at: place }) as Error)
})
