// Measures what one case costs on PostgreSQL: cases a second through filing and five transitions, and octets in the database for each.
// Prints JSON; `node scripts/simulate-scale.mjs --measure` writes it into docs/scale-inputs.json. Exit 77: no PostgreSQL here.
import { cpus, loadavg } from 'node:os'
import { connectPostgres } from '@cabut/postgres/pg'
import { createSqlStore } from '@cabut/postgres'
import { rate } from './measure.mjs'
import { openBenchDesk } from './office.mjs'
import { startServer } from './server.mjs'

const cases = Number(process.argv[2] ?? 400)
const clients = 16
const server = startServer()
if (server === undefined) {
  console.error('SKIP: no PostgreSQL server binaries on this machine')
  process.exit(77)
}
try {
  const admin = await connectPostgres({ host: server.socket, user: server.user, database: 'postgres', connections: 1, secondWall: false })
  await admin.query('create database scale')
  const database = await connectPostgres({ host: server.socket, user: server.user, database: 'scale', connections: clients })
  const office = await openBenchDesk(await createSqlStore(database, { closeDatabase: false }))
  const one = async (id) => { await office.file(id); await office.approvalPath(id) }
  for (let n = 0; n < 20; n += 1) await one(`P-warm-${n}`)
  const size = async () => Number((await admin.query('select pg_database_size(\'scale\') as octets'))[0].octets)
  const before = await size()
  const perSecond = await rate(cases, clients, (n) => one(`P-scale-${n}`))
  const octets = (await size() - before) / cases
  await office.close()
  await database.close()
  await admin.close()
  console.log(JSON.stringify({ cases, clients, casesPerSecond: Math.round(perSecond * 10) / 10, octetsPerCase: Math.round(octets), machine: `${cpus().length} x ${cpus()[0]?.model.trim()}`, node: process.version, postgres: server.version, load: Math.round(loadavg()[0] * 10) / 10, at: new Date().toISOString().slice(0, 10) }))
} finally {
  server.stop()
}
