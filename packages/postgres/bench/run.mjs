// npm run bench -- desk [queue|approval|history|bulk|workers|ams]... [--write]: the durable desk beside its peers, on PostgreSQL and on PGlite, in one run.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectPostgres } from '@cabut/postgres/pg'
import { openPglite } from '@cabut/postgres/pglite'
import { benchAms } from './ams.mjs'
import { benchApproval } from './approval.mjs'
import { benchBulk, benchWorkers } from './bulk.mjs'
import { benchHistory } from './history.mjs'
import { benchQueue } from './queue.mjs'
import { writePage } from './page.mjs'
import { startServer } from './server.mjs'

const peers = fileURLToPath(new URL('peers', import.meta.url))
if (!existsSync(join(peers, 'node_modules'))) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: peers, stdio: 'inherit' })
const option = (name, otherwise) => Number(process.argv.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
const asked = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
const wanted = (part) => asked.length === 0 || asked.includes(part)
const machine = [`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), load ${loadavg()[0].toFixed(1)} at the start`]
console.log(machine[0])

const server = startServer()
if (server === undefined) console.log('SKIP: no PostgreSQL server binaries on this machine')
else {
  try {
    const admin = await connectPostgres({ host: server.socket, user: server.user, database: 'postgres', connections: 1, secondWall: false })
    const settings = await admin.query(`select string_agg(name || '=' || setting, ', ' order by name) as all from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_connections')`)
    machine.push(`${server.version}: ${settings[0].all}; unix socket; row-level security on, role cabut_desk`)
    console.log(machine[1])
    const fresh = async (name, connections) => {
      await admin.query(`create database ${name}`)
      return connectPostgres({ host: server.socket, user: server.user, database: name, connections })
    }
    if (wanted('queue')) { const database = await fresh('queue', 20); await benchQueue('PostgreSQL', database, option('jobs', 4_000), { host: server.socket, user: server.user, database: 'queue' }); await database.close() }
    if (wanted('approval')) {
      const database = await fresh('approval', 40)
      await admin.query('create database dbos')
      await benchApproval('PostgreSQL', database, { cases: option('cases', 400), clients: 40, dbos: `postgresql://${server.user}@localhost/dbos?host=${encodeURIComponent(server.socket)}` })
      await database.close()
    }
    const bare = async (name) => { await admin.query(`create database ${name}`); return { host: server.socket, user: server.user, database: name } }
    if (wanted('bulk')) await benchBulk(server, bare, { small: option('small', 1_000), rows: option('rows', 10_000), large: option('large', 50_000) })
    if (wanted('workers')) await benchWorkers(bare, { rows: option('queue', 1_000) })
    if (wanted('history')) { const database = await fresh('history', 4); await benchHistory('PostgreSQL', database, { events: option('events', 1_000_000) }); await database.close() }
    await admin.close()
  } finally {
    server.stop()
  }
}
for (const part of ['queue', 'approval']) {
  if (!wanted(part)) continue
  const directory = mkdtempSync(join(tmpdir(), 'cabut-bench-pglite-'))
  const database = await openPglite({ directory })
  if (part === 'queue') await benchQueue('PGlite', database, option('jobs', 4_000))
  else await benchApproval('PGlite', database, { cases: option('cases', 400), clients: 1, dbos: undefined })
  await database.close()
  rmSync(directory, { recursive: true, force: true })
}
if (wanted('ams')) await benchAms({ requests: option('requests', 300), rounds: option('rounds', 9) })
machine.push(`load ${loadavg()[0].toFixed(1)} at the end`)
console.log(`\n${machine.at(-1)}`)
if (process.argv.includes('--write')) writePage(machine)
