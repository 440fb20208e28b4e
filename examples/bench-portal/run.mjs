// npm run bench -- portal [--write] [--officers=500] [--seconds=15]: the interface on PostgreSQL under many officers, beside a plain Hono handler with the same
// queries; then killed and started again under load. `--write` renews docs/bench-portal.md.
import { execFileSync, fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createSqlStore } from '@cabut/postgres'
import { connectPostgres } from '@cabut/postgres/pg'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createSandbox } from '@cabut/sandbox'
import { openBenchDesk } from '../../packages/postgres/bench/office.mjs'
import { startServer } from '../../packages/postgres/bench/server.mjs'
import { createClient, officer, percentile, work } from './officers.mjs'
import { benchPage } from './page.mjs'

const option = (name, otherwise) => Number(process.argv.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
const [officers, seconds, pace, kills] = [option('officers', 500), option('seconds', 15), option('pace', 5_000), option('kills', 3)]
const postgres = startServer()
if (postgres === undefined) { console.log('SKIP: no PostgreSQL server binaries on this machine'); process.exit(77) }
const load = [loadavg()]
const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }
const token = (sub) => new SignJWT({ opd: 'dinkominfo', peran: 'kepala' }).setProtectedHeader({ alg: 'ES256', kid: 'k' }).setIssuer('https://sso.contoh.go.id').setAudience('cabut').setSubject(sub).setIssuedAt().setExpirationTime('2h').sign(privateKey)
const sandbox = await createSandbox({ faults: 'none', reuseKeys: true })
const { anchors } = sandbox
await sandbox.close()
const tokens = await Promise.all(Array.from({ length: officers }, (_, at) => token(`kepala.${at}`)))

/** A database with one disposed case for each officer, and a server over it. */
async function open(kind) {
  const admin = await connectPostgres({ host: postgres.socket, user: postgres.user, database: 'postgres', connections: 1, secondWall: false })
  await admin.query(`create database ${kind}`)
  await admin.close()
  const store = await createSqlStore(await connectPostgres({ host: postgres.socket, user: postgres.user, database: kind, connections: 10 }))
  const office = await openBenchDesk(store)
  const ids = Array.from({ length: officers }, (_, at) => `P-${String(at).padStart(6, '0')}`)
  for (let at = 0; at < ids.length; at += 25) {
    await Promise.all(ids.slice(at, at + 25).map(async (id, next) => {
      await office.file(id)
      await office.desk.dispose(id, { as: { id: `kepala.${at + next}`, role: 'head', opd: 'dinkominfo' }, to: { id: 'tegar.maulana', role: 'verifier', opd: 'dinkominfo' } })
    }))
  }
  const before = new Map(await Promise.all(ids.map(async (id) => [id, (await store.events('all', id)).length])))
  const port = await new Promise((done) => { const free = createServer().listen(0, '127.0.0.1', () => { const { port: found } = free.address(); free.close(() => done(found)) }) })
  let child
  const start = () => new Promise((ready, fail) => {
    child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), { env: { ...process.env, BENCH: JSON.stringify({ kind, socket: postgres.socket, user: postgres.user, database: kind, port, jwk, anchors, migrated: true }) } })
    child.once('message', () => ready())
    child.once('exit', (code) => fail(new Error(`the server ended with ${code}`)))
  })
  await start()
  const client = createClient(port, officers)
  const people = ids.map((id, at) => officer({ client, id, token: tokens[at], others: ids, seed: at }))
  return {
    people, client, store, ids, before,
    statements: async () => Number((await client.call('GET', '/bench/statements')).body),
    kill: async () => { child.removeAllListeners('exit'); const gone = new Promise((done) => child.once('exit', done)); child.kill('SIGKILL'); await gone; await start() },
    async close() { child.removeAllListeners('exit'); child.kill('SIGKILL'); client.close(); await office.close(); await store.close() },
  }
}

const rows = []
async function measure(kind) {
  const side = await open(kind)
  // Statements of each act, alone.
  const statements = {}
  for (const _ of [0, 1, 2, 3, 0, 1, 2, 3]) {
    const from = await side.statements()
    const { what, answer } = await side.people[0].act()
    if (answer.status !== 200) throw new Error(`${kind}: ${what} answered ${answer.status} ${answer.body}`)
    statements[what] = await side.statements() - from
  }
  await work(side.people, { seconds: 3, pace: 0 })
  for (const [load_, given] of [['at once', { seconds, pace: 0 }], [`one act every ${pace / 1_000} s`, { seconds, pace }]]) {
    const { taken, all, errors, rate } = await work(side.people, given)
    const row = { kind, load: load_, acts: all.length, rate, p50: percentile(all, 0.5), p99: percentile(all, 0.99), errors, byAct: Object.fromEntries(Object.entries(taken).map(([name, times]) => [name, percentile(times, 0.99)])), statements }
    rows.push(row)
    console.log(`${kind}, ${officers} officers ${load_}: ${rate.toFixed(0)} acts/s, p50 ${row.p50.toFixed(1)} ms, p99 ${row.p99.toFixed(1)} ms, errors ${errors} of ${all.length}; statements ${JSON.stringify(statements)}`)
  }
  return side
}

/** Killed and started again while everybody works: what was answered is there, once. */
async function survive(side) {
  const from = side.people.map((one) => one.disposed())
  const start = new Map(await Promise.all(side.ids.map(async (id) => [id, (await side.store.events('all', id)).length])))
  let working = true
  let acts = 0
  const busy = Promise.all(side.people.map(async (one) => { while (working) { await one.act(true).then(() => { acts++ }, () => new Promise((done) => setTimeout(done, 100))) } }))
  for (let count = 0; count < kills; count++) {
    await new Promise((done) => setTimeout(done, 4_000))
    await side.kill()
  }
  await new Promise((done) => setTimeout(done, 4_000))
  working = false
  await busy
  let [lost, doubled, done] = [0, 0, 0]
  for (const [at, one] of side.people.entries()) {
    const written = (await side.store.events('all', one.id)).length - start.get(one.id)
    const told = one.disposed() - from[at]
    done += told
    lost += Math.max(0, told - written)
    doubled += Math.max(0, written - told)
  }
  console.log(`killed ${kills} times under load: ${acts} acts, ${done} dispositions answered, lost ${lost}, doubled ${doubled}`)
  return { kills, acts, done, lost, doubled }
}

let failed = false
try {
  const plain = await measure('plain')
  await plain.close()
  const portal = await measure('portal')
  const survived = await survive(portal)
  await portal.close()
  load.push(loadavg())
  failed = survived.lost + survived.doubled > 0 || rows.some(({ errors }) => errors > 0)
  const text = benchPage({
    rows, survived, officers, seconds, pace, version: postgres.version, load, node: process.version,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(), cpu: `${cpus().length} x ${cpus()[0]?.model.trim()}`, memory: Math.round(totalmem() / 2 ** 30),
  })
  console.log(`\n${text}`)
  if (process.argv.includes('--write')) writeFileSync(new URL('../../docs/bench-portal.md', import.meta.url), text)
} finally {
  postgres.stop()
}
process.exit(failed ? 1 : 0)
