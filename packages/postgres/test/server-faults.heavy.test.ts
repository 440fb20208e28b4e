import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryStore, storeContract, type Append, type Store } from '@cabut/sdk/store'
import { createSqlStore, takeCheckpoint, verifyAudit, type Database } from '../src/index.js'
import { openPglite } from '../src/pglite/index.js'
import { openOffice } from './office.js'
import { serverBinaries, skipLine, startServer, type Server } from './server.js'

const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)

/** A real first append of the contract, to make others from. */
async function template(): Promise<Append> {
  let seen: Append | undefined
  await storeContract(async () => {
    const inner = createMemoryStore()
    return { ...inner, append: (scope, write) => { seen ??= write; return inner.append(scope, write) } } satisfies Store
  }).find(({ name }) => name.startsWith('scope'))?.run()
  if (seen === undefined) throw new Error('no template')
  return seen
}

function writeOf(first: Append, caseId: string, version: number): Append {
  const [event] = first.events
  return {
    caseId, expectedVersion: version, effects: [], state: { ...first.state, id: caseId, version: version + 1 },
    events: [{ ...event, caseId, seq: version + 1, previous: version === 0 ? null : `${caseId}-${version}`, digest: `${caseId}-${version + 1}` }],
    ...(version === 0 ? { evidence: [{ sha256: `e-${caseId}`, mediaType: 'x/y', bytes: new Uint8Array([1, 2, 3]) }] } : {}),
  }
}

/** A trigger that fails as the server would, so many times. */
const failing = (table: string, code: string, times: number): string => `
  create sequence if not exists cabut.faults; select setval('cabut.faults', 1, false); grant usage on sequence cabut.faults to public;
  create or replace function cabut.fault() returns trigger language plpgsql as $$ begin
    if nextval('cabut.faults') <= ${times} then raise exception 'as the server reports it' using errcode = '${code}'; end if; return new; end $$;
  create or replace trigger fault before insert on cabut.${table} for each row execute function cabut.fault();`

for (const kind of ['PGlite', 'PostgreSQL'] as const) {
  describe.skipIf(kind === 'PostgreSQL' && binaries === undefined)(`what the database reports, ${kind}`, () => {
    let server: Server | undefined
    let database: Database
    let first: Append
    beforeAll(async () => {
      first = await template()
      if (kind === 'PGlite') database = await openPglite()
      else {
        server = startServer()
        database = await server.connect(await server.createDatabase())
      }
      await createSqlStore(database, { closeDatabase: false })
    }, 400_000)
    afterAll(async () => {
      await database.close()
      server?.stop()
    })

    for (const [code, what] of [['40001', 'a serialization failure'], ['40P01', 'a deadlock']] as const) {
      test(`${what} is repeated, and the append is there once`, async () => {
        const store = await createSqlStore(database, { closeDatabase: false, migrate: false })
        await database.asOwner(owner => owner.script(failing('events', code, 3)))
        // (The sequence does not roll back: each attempt is counted.)
        expect(await store.append('all', writeOf(first, `K-${code}`, 0))).toEqual({ outcome: 'appended' })
        expect((await store.events('all', `K-${code}`)).length).toBe(1)
        await database.asOwner(owner => owner.script('drop trigger fault on cabut.events'))
      })
    }

    test('no room on the disk while evidence is written: a typed error, nothing of the append is there; with room again it goes on', async () => {
      const store = await createSqlStore(database, { closeDatabase: false, migrate: false })
      await database.asOwner(owner => owner.script(failing('evidence', '53100', 2)))
      const write = writeOf(first, 'K-full', 0)
      for (let n = 0; n < 2; n++) await expect(store.append('all', write)).rejects.toMatchObject({ code: 'storeUnavailable' })
      expect([await store.load('all', 'K-full'), await store.events('all', 'K-full'), await store.evidence('all', 'e-K-full')]).toEqual([undefined, [], undefined])
      expect(await store.append('all', write)).toEqual({ outcome: 'appended' })
      expect([...(await store.evidence('all', 'e-K-full'))?.bytes ?? []]).toEqual([1, 2, 3])
      await database.asOwner(owner => owner.script('drop trigger fault on cabut.evidence'))
    })

    test('a disk that stays full for hours while proofs are awaited: no effect is put aside; with room again every case is proven', async () => {
      const store = await createSqlStore(database, { closeDatabase: false, migrate: false })
      const office = await openOffice(store)
      const { serial } = await office.file('P-full-disk')
      await office.approve('P-full-disk')
      await office.pass(5 * 60_000)
      await database.asOwner(owner => owner.script(failing('evidence', '53100', 1_000_000)))
      await office.pass(6 * 3_600_000, 600_000)
      const held = (await office.desk.effects('P-full-disk')).map(each => each.status)
      expect([(await office.desk.get('P-full-disk')).status, held.includes('parked'), held.length > 0]).toEqual(['awaitingProof', false, true])
      await database.asOwner(owner => owner.script('drop trigger fault on cabut.evidence'))
      await office.pass(3_600_000, 300_000)
      expect((await office.desk.get('P-full-disk')).status).toBe('closed')
      expect(office.sandbox.manage.timesRevoked(serial)).toBe(1)
      await office.close()
    }, 400_000)
  })
}

describe.skipIf(binaries === undefined)('the server itself', () => {
  let server: Server
  let first: Append
  beforeAll(async () => {
    first = await template()
    server = startServer(['max_connections=60'])
  }, 400_000)
  afterAll(() => server.stop())

  test('connections cut in the middle of transactions, and a restart: each append is there exactly once', async () => {
    const name = await server.createDatabase()
    const database = await server.connect(name)
    const store = await createSqlStore(database, { attempts: 12 })
    const admin = await server.connect('postgres', { connections: 1, secondWall: false })
    let working = true
    const lanes = Array.from({ length: 8 }, async (_, lane) => {
      let version = 0
      for (; working || version < 3; version++) expect(await store.append('all', writeOf(first, `K-cut-${lane}`, version))).toEqual({ outcome: 'appended' })
      return version
    })
    for (let cut = 0; cut < 15; cut++) {
      await new Promise(resolve => setTimeout(resolve, 40))
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
    }
    await admin.close()
    server.restart()
    await new Promise(resolve => setTimeout(resolve, 100))
    working = false
    const versions = await Promise.all(lanes)
    for (const [lane, version] of versions.entries()) {
      expect((await store.events('all', `K-cut-${lane}`)).map(each => each.seq)).toEqual(Array.from({ length: version }, (_, n) => n + 1))
    }
    await store.close()
  }, 400_000)

  for (const workers of [2, 4, 8]) {
    test(`${workers} workers on one queue: every effect to one of them, each certificate revoked once`, async () => {
      const name = await server.createDatabase()
      const store = await createSqlStore(await server.connect(name))
      const office = await openOffice(store)
      const serials = []
      for (let n = 0; n < 8; n++) {
        serials.push((await office.file(`P-many-${n}`)).serial)
        await office.approve(`P-many-${n}`)
      }
      const others = []
      for (let n = 1; n < workers; n++) others.push(office.reopen(await createSqlStore(await server.connect(name, { connections: 2 }), { migrate: false })))
      for (let gone = 0; gone < 3_600_000; gone += 300_000) {
        office.clock.now += 300_000
        await Promise.all([office, ...others].map(({ desk }) => desk.runEffects()))
      }
      expect((await office.desk.list()).map(each => each.status)).toEqual(Array(8).fill('closed'))
      expect(serials.map(serial => office.sandbox.manage.timesRevoked(serial))).toEqual(Array(8).fill(1))
      for (const { desk } of others) await desk.close()
      await office.close()
    }, 400_000)
  }
})

describe.skipIf(binaries === undefined)('a backup, tried', () => {
  test('point-in-time recovery of PostgreSQL: base backup and WAL, back to a moment; the audit and the checkpoint of that moment hold', async () => {
    const archive = mkdtempSync(join(tmpdir(), 'cabut-wal-'))
    execFileSync('chmod', ['777', archive])
    const server = startServer(['archive_mode=on', `archive_command='cp %p ${archive}/%f'`, 'wal_level=replica', 'max_wal_senders=2'])
    const name = await server.createDatabase()
    const database = await server.connect(name)
    const office = await openOffice(await createSqlStore(database, { closeDatabase: false }))
    await office.file('P-before-backup')
    const asServer = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : []
    const run = (program: string, ...args: string[]): void => {
      const [command = '', ...rest] = [...asServer, join(binaries ?? '', program), ...args]
      execFileSync(command, rest, { cwd: archive, stdio: 'pipe', env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } })
    }
    const base = join(archive, 'base')
    run('pg_basebackup', '-h', server.socket, '-U', server.user, '-D', base, '-X', 'none', '--checkpoint=fast')
    await office.file('P-after-backup')
    const checkpoint = await takeCheckpoint(database, new Date(office.clock.now))
    const [moment] = await database.query<{ at: string }>('select clock_timestamp()::text as at')
    await new Promise(resolve => setTimeout(resolve, 50))
    // What must not come back: somebody deletes what they may not.
    await office.file('P-too-late-x')
    await database.asOwner(owner => owner.script('select pg_switch_wal()'))
    await expect.poll(() => existsSync(archive) && execFileSync('ls', [archive], { encoding: 'utf8' }).split('\n').filter(file => /^[0-9A-F]{24}$/.test(file)).length, { timeout: 20_000 }).toBeGreaterThan(1)
    await office.close()
    await database.close()
    server.stop()

    const socket = mkdtempSync(join(tmpdir(), 'cabut-pitr-'))
    execFileSync('chmod', ['777', socket])
    writeFileSync(join(base, 'postgresql.auto.conf'), `${readFileSync(join(base, 'postgresql.auto.conf'), 'utf8')}\nrestore_command = 'cp ${archive}/%f %p'\nrecovery_target_time = '${moment?.at ?? ''}'\nrecovery_target_action = 'promote'\narchive_mode = off\n`)
    writeFileSync(join(base, 'recovery.signal'), '')
    execFileSync('chown', ['-R', `--reference=${join(base, 'PG_VERSION')}`, base])
    run('pg_ctl', '-D', base, '-s', '-w', '-t', '60', '-l', join(archive, 'log'), '-o', `-k ${socket} -c listen_addresses=`, 'start')
    try {
      const { connectPostgres } = await import('../src/pg/index.js')
      const restored = await connectPostgres({ host: socket, user: 'cabut', database: name })
      await expect.poll(async () => (await restored.query<{ waits: boolean }>('select pg_is_in_recovery() as waits'))[0]?.waits, { timeout: 30_000 }).toBe(false)
      const store = await createSqlStore(restored, { closeDatabase: false })
      expect((await store.list('all')).map(each => each.id)).toEqual(['P-after-backup', 'P-before-backup'])
      expect(await verifyAudit(restored, { checkpoints: [checkpoint] })).toMatchObject({ valid: true, cases: 2 })
      await restored.close()
    } finally {
      run('pg_ctl', '-D', base, '-s', '-w', '-m', 'immediate', 'stop')
      rmSync(archive, { recursive: true, force: true })
      rmSync(socket, { recursive: true, force: true })
    }
  }, 400_000)

  test('a PGlite directory copied while nobody has it open: another machine goes on with it, and the checkpoint holds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cabut-copy-'))
    const database = await openPglite({ directory: join(folder, 'data') })
    const office = await openOffice(await createSqlStore(database, { closeDatabase: false }))
    await office.file('P-in-the-copy')
    const checkpoint = await takeCheckpoint(database, new Date(office.clock.now))
    await database.close()
    execFileSync('cp', ['-a', join(folder, 'data'), join(folder, 'copy')])
    const copy = await openPglite({ directory: join(folder, 'copy') })
    const there = office.reopen(await createSqlStore(copy, { closeDatabase: false }))
    expect(await verifyAudit(copy, { checkpoints: [checkpoint] })).toMatchObject({ valid: true, cases: 1 })
    await there.approve('P-in-the-copy')
    await there.pass(3_600_000, 300_000)
    expect((await there.desk.get('P-in-the-copy')).status).toBe('closed')
    await there.desk.close()
    await copy.close()
    await office.sandbox.close()
    rmSync(folder, { recursive: true, force: true })
  }, 400_000)
})
