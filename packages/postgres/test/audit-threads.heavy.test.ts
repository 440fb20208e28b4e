import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'tsup'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store, StoredEvent } from '@cabut/sdk/store'
import type { Database } from '../src/database.js'
import { createSqlStore, extendRegister, openVault, readKeyEncryptionKey, verifyAudit, type AuditReport, type Vault } from '../src/index.js'
import { openPglite } from '../src/pglite/index.js'
import { openOffice } from './office.js'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const key = readKeyEncryptionKey('7b'.repeat(16) + '11'.repeat(16))
let database: Database
let vault: Vault
let threadFile: URL

/** Tests run on sources, threads on a file: the thread is bundled from the same sources. */
async function bundleThread(): Promise<URL> {
  const outDir = join(root, 'node_modules/.cache/audit')
  mkdirSync(outDir, { recursive: true })
  await build({
    config: false, entry: { thread: join(root, 'src/audit/thread.ts') }, outDir, format: 'esm', target: 'node20', platform: 'node', silent: true, dts: false, clean: false, splitting: false,
    noExternal: [/./], outExtension: () => ({ js: '.mjs' }), esbuildOptions(options) { options.conditions = ['@cabut/source', 'node'] },
  })
  return pathToFileURL(join(outDir, 'thread.mjs'))
}

beforeAll(async () => {
  threadFile = await bundleThread()
  database = await openPglite()
  const privacy = { key, cacheFor: 0 }
  const store = await createSqlStore(database, { privacy, closeDatabase: false })
  vault = await openVault(database, privacy)
  const office = await openOffice(store)
  await office.file('P-template')
  await office.close()
  await copies(store, 450)
  await extendRegister(database, new Date(Date.UTC(2026, 10, 24, 5)))
})
afterAll(() => database.close())

/** The template under other ids: the same events sealed anew by the store's own reader and writer would take long; chains are made sound by hand. */
async function copies(store: Store, count: number): Promise<void> {
  const { chainDigest } = await import('@cabut/sdk/history')
  const template = await store.events('all', 'P-template')
  const state = (await store.load('all', 'P-template'))?.state
  if (state === undefined) throw new Error('no template')
  for (let n = 0; n < count; n++) {
    const id = `P-copy-${String(n).padStart(4, '0')}`
    const events: StoredEvent[] = []
    for (const event of template) {
      const moved = { ...event, caseId: id, previous: events.at(-1)?.digest ?? null }
      events.push({ ...moved, digest: await chainDigest(moved) })
    }
    await store.append('all', { caseId: id, expectedVersion: 0, events: events as [StoredEvent, ...StoredEvent[]], state: { ...state, id }, effects: [] })
  }
}

const audits = (): Promise<readonly AuditReport[]> => Promise.all([0, 1, 2, 4].map(async threads => verifyAudit(database, threads === 0 ? { vault, threads } : { vault, threads, threadFile })))

test('the report is the same with no thread, one, two and four: sound, and with many things wrong at once', async () => {
  const [alone, ...others] = await audits()
  expect(alone).toMatchObject({ valid: true, cases: 451, sealed: 0, erased: 0 })
  for (const each of others) expect(each).toEqual(alone)
  // Wrong at both ends, in the middle and in neighbouring pages: found in the order of the cases, whoever met it first.
  await database.asOwner(owner => owner.script(`set local session_replication_role = replica;
    update cabut.events set body = replace(body::text, 'mutasi', 'pensiun')::json where case_id in ('P-copy-0449', 'P-copy-0201', 'P-copy-0003') and seq = 1;
    update cabut.personal set body = (select body from cabut.personal where case_id = 'P-copy-0011' and seq = 1) where case_id = 'P-copy-0199' and seq = 1;
    update cabut.cases set status = 'closed' where id = 'P-copy-0200';
    update cabut.cases set head = 'x' where id = 'P-template'`))
  const [broken, ...same] = await audits()
  expect(broken?.findings.map(each => [each.code, each.caseId, each.seq])).toEqual([
    ['eventBroken', 'P-copy-0003', 1], ['eventBroken', 'P-copy-0199', 1], ['projectionDiffers', 'P-copy-0200', undefined], ['eventBroken', 'P-copy-0201', 1], ['eventBroken', 'P-copy-0449', 1],
    ['headDiffers', 'P-template', undefined],
  ])
  for (const each of same) expect(each).toEqual(broken)
})

test('a thread that dies ends the audit with an error, not with a verdict', async () => {
  const dies = new URL('data:text/javascript,process.exit(3)')
  await expect(verifyAudit(database, { threads: 2, threadFile: dies })).rejects.toThrow('a thread of the audit ended')
})
