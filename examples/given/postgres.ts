// What the examples of @cabut/postgres stand on: two databases in memory, each with two requests of an invented office that are over; made once and shared.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { createSqlStore, exportArchive, migrate, openVault, readKeyEncryptionKey, readSigningKey, type Database, type RetentionPolicy, type Vault } from '@cabut/postgres'
import { openPglite } from '@cabut/postgres/pglite'
import { createSandbox, type Sandbox } from '@cabut/sandbox'
import { allowPlainHttp, bearer, createDesk, createHttpAms, type Store } from '@cabut/sdk'

const pair = generateKeyPairSync('ed25519')
/** The office's signing key, PEM, as `openssl genpkey -algorithm ed25519` writes it. */
export const signingPem: string = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
/** The office's public key, PEM, as `openssl pkey -pubout` writes it. */
export const officePem: string = pair.publicKey.export({ type: 'spki', format: 'pem' }) as string

/** A key-encryption key as `openssl rand -hex 32` prints one. */
export const keyText: string = '0123456789abcdef'.repeat(4)

/** A schedule of retention with one rule: archived after two years, personal values erased after five. */
export const policy: RetentionPolicy = { kind: 'cabut-retention', rules: [{ id: 'JRA-4', ground: 'jadwal contoh, butir 4', statuses: ['closed'], archiveAfterYears: 2, eraseAfterYears: 5 }] }

/** A new folder in a temporary place, removed when the process ends. */
export function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cabut-contoh-'))
  process.once('exit', () => { rmSync(folder, { recursive: true, force: true }) })
  return folder
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

/** A migrated database in memory; the one of {@link openOffice}. */
export const openDatabase: () => Promise<Database> = once(async () => {
  const database = await openPglite()
  await migrate(database)
  return database
})

/** A database with requests `P-2026-0001` and `P-2026-0002`, both closed on 2026-11-24, and the store over it. */
export const openOffice: () => Promise<{ readonly database: Database; readonly store: Store; readonly sandbox: Sandbox }> = once(async () => {
  const database = await openDatabase()
  const store = await createSqlStore(database, { closeDatabase: false })
  return { database, store, sandbox: await work(store) }
})

/** The same, with personal values sealed under {@link keyText}. */
export const openPrivateOffice: () => Promise<{ readonly database: Database; readonly vault: Vault }> = once(async () => {
  const database = await openPglite()
  const privacy = { key: readKeyEncryptionKey(keyText) }
  await work(await createSqlStore(database, { closeDatabase: false, privacy }))
  return { database, vault: await openVault(database, privacy) }
})

/** A folder with the archive of both requests of {@link openOffice}, signed with {@link signingPem}. */
export const openSigned: () => Promise<string> = once(async () => {
  const { database, store } = await openOffice()
  const folder = openFolder()
  await exportArchive(store, { cases: ['P-2026-0001', 'P-2026-0002'], folder, key: readSigningKey(signingPem), office: 'Dinkominfo Contoh', ground: 'JRA-4', at: new Date('2029-01-02T02:00:00Z'), database })
  return folder
})

/** Files both requests and sees them through: approved, revoked by the sandbox, proven, answered. */
async function work(store: Store): Promise<Sandbox> {
  const clock = { now: Date.parse('2026-11-24T02:00:00Z') }
  const sandbox = await createSandbox({ seed: 'postgres', faults: 'none', reuseKeys: true, now: () => clock.now, publication: { delay: 0 } })
  const document = await PDFDocument.create()
  document.addPage([595, 842])
  const bytes = await document.save()
  const desk = createDesk({
    standard: 'kabupaten-purbalingga', store, anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], fetch: sandbox.fetch, clock: () => new Date(clock.now), worker: false, sandbox: true,
    ams: createHttpAms({ baseUrl: sandbox.urls.ams, fetch: sandbox.fetch, allow: [allowPlainHttp], credential: bearer(({ id }) => sandbox.manage.token(id)), honoursIdempotencyKey: true }),
    notify: async () => ({ channel: 'portal' }), answer: async () => ({ kind: 'answerLetter', bytes, number: '000.8.3.3/16/DINKOMINFO', date: '2026-11-24' }),
  })
  const [head, verifier] = [{ id: 'kepala.dinkominfo', role: 'head', opd: 'dinkominfo' }, { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' }] as const
  for (const id of ['P-2026-0001', 'P-2026-0002']) {
    const leaf = await sandbox.manage.issue({ username: 'laras.kinanti', key: 'shared' })
    await desk.file({
      id, certificate: { certificate: leaf.certificatePem, username: 'laras.kinanti' }, reason: 'mutasi', applicant: { id: 'surya.wibisana', opd: 'dindik', name: 'Surya Wibisana' }, holder: { id: 'laras.kinanti', name: 'Laras Kinanti' },
      letters: [{ kind: 'requestLetter', bytes, number: '800/15/DINDIK', date: '2026-11-23' }],
    })
    await desk.dispose(id, { as: head, to: verifier })
    await desk.approve(id, { as: verifier, findings: { data: 'match', completeness: 'complete', subjectDn: 'match' } })
  }
  for (let minutes = 0; minutes < 60; minutes += 10, clock.now += 600_000) while (await desk.runEffects() > 0) { /* effects call for further effects */ }
  return sandbox
}
