// Races with kill -9; scripts/races.mjs starts it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createSqlStore } from '../../src/index.js'
import { openPglite } from '../../src/pglite/index.js'
import { serverBinaries, skipLine, startServer } from '../server.js'
import { bundleWorker } from './bundle.js'
import { race, randomKills, seeded, type RaceResult } from './races.js'

const { values } = parseArgs({ options: {
  races: { type: 'string', default: '500' }, from: { type: 'string', default: '0' }, reopens: { type: 'string', default: '50' }, seed: { type: 'string' }, processes: { type: 'string', default: '4' }, batch: { type: 'string', default: '125' },
} })
const seed = values.seed ?? String(Date.now() % 1_000_000)
const started = performance.now()
const worker = await bundleWorker()
const replay = `node scripts/races.mjs --races ${values.races} --reopens ${values.reopens} --processes ${values.processes} --batch ${values.batch} --seed ${seed}`
// A batch is drawn from the seed and its place alone: a long run that was broken off goes on with `--from`, a multiple of the batch.
const from = Number(values.from)
if (from % Number(values.batch) !== 0) throw new TypeError(`--from ${values.from} is not where a batch of ${values.batch} begins`)
console.log(`races: seed ${seed}\nreplay: ${replay}`)
let failed = false

function report(title: string, result: RaceResult): void {
  const points = [...result.hits].sort((a, b) => b[1] - a[1]).map(([point, count]) => `${point} ${count}`).join(', ')
  console.log(`${title}: ${result.kills} kills, ${result.cases} requests ${JSON.stringify(result.statuses)}, ${result.events} events, ${result.broken.length} broken promises (${((performance.now() - started) / 1000).toFixed(0)} s)`)
  console.log(`  died at: ${points}`)
  for (const line of result.broken) console.error(`  BROKEN ${line}`)
  if (result.broken.length > 0) failed = true
}

/** Desks on a real server, as many at once as asked; a fresh database for each batch. */
async function onPostgres(total: number): Promise<void> {
  if (total === 0) return
  if (serverBinaries() === undefined) return console.warn(skipLine)
  const server = startServer(['max_connections=80'])
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { server.stop(); process.exit(130) })
  try {
    console.log(server.version)
    for (let done = from; done < total; done += Number(values.batch)) {
      const count = Math.min(Number(values.batch), total - done)
      const name = await server.createDatabase()
      const database = await server.connect(name)
      await createSqlStore(database)
      // Now and then the server dies as well: kill -9, or an immediate restart.
      const random = seeded(`${seed}-${done} server`)
      const outages = new Set([1 + random(count), 1 + random(count)])
      report(`PostgreSQL, ${values.processes} desks, races ${done + 1}-${done + count}`, await race({
        seed: `${seed}-${done}`, worker, processes: Number(values.processes), kills: randomKills(`${seed}-${done}`, count),
        database: { host: server.socket, user: server.user, database: name }, open: async () => server.connect(name),
        onKill: kills => {
          if (!outages.has(kills)) return
          if (kills % 2 === 0) server.restart()
          else {
            server.crash()
            server.start()
          }
        },
      }))
      await database.close()
    }
  } finally {
    server.stop()
  }
}

/** One desk on one directory, which has to be opened again after each kill. */
async function onPglite(reopens: number): Promise<void> {
  if (reopens === 0) return
  const directory = mkdtempSync(join(tmpdir(), 'cabut-races-pglite-'))
  try {
    report('PGlite, one desk, killed and opened again', await race({
      seed: `${seed}-pglite`, worker, processes: 1, kills: randomKills(`${seed}-pglite`, reopens, 40), database: { directory }, open: () => openPglite({ directory }),
    }))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

// At the same time: while the one waits for a process to start, the other works.
await Promise.all([onPostgres(Number(values.races)), onPglite(Number(values.reopens))])
console.log(failed ? `races: FAILED, seed ${seed}` : 'races: 0 double revocations, 0 lost requests, 0 "revoked" without proof, all chains verify')
process.exitCode = failed ? 1 : 0
