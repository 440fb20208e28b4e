// Effects: our claims (SKIP LOCKED, one row for each case) beside pg-boss, on the same database in the same run.
import { createRequire } from 'node:module'
import { createSqlStore } from '@cabut/postgres'
import { median, now, rate, table } from './measure.mjs'

const peers = createRequire(new URL('peers/', import.meta.url))
const iso = (ms = 0) => new Date(Date.now() + ms).toISOString()
const caseId = (n) => `K-${String(n).padStart(6, '0')}`

/** A store's smallest append: one event, one effect. */
function write(n, version) {
  const id = caseId(n)
  const time = iso()
  return {
    caseId: id, expectedVersion: version, effects: [{ kind: 'ams' }],
    events: [{ caseId: id, seq: version + 1, type: 'x', actor: { id: 'p', role: 'system' }, time, standard: { id: 's', version: '1' }, data: {}, commitments: {}, salt: '00', content: 'c', previous: version === 0 ? null : `${id}-${version}`, digest: `${id}-${version + 1}` }],
    state: { id, version: version + 1, status: 'submitted', certificate: {}, parties: { opdOrigin: 'a' }, personal: {} },
  }
}

export async function benchQueue(name, database, jobs, connection) {
  const store = await createSqlStore(database, { closeDatabase: false })
  const ours = {}
  ours.enqueue = await rate(jobs, database.kind === 'pglite' ? 1 : 16, (n) => store.append('all', write(n, 0)))
  const drain = async () => {
    let count = 0
    for (;;) {
      const claimed = await store.claim(iso(), iso(60_000), 100)
      if (claimed.length === 0) return count
      await Promise.all(claimed.map((each) => store.finish(each)))
      count += claimed.length
    }
  }
  let started = now()
  const done = (await Promise.all([drain(), drain()])).reduce((a, b) => a + b, 0)
  ours.drain = done / ((now() - started) / 1000)
  const waits = []
  for (let n = 0; n < 50; n++) {
    const from = now()
    await store.append('all', write(n, 1))
    const [claimed] = await store.claim(iso(1), iso(60_000), 10)
    waits.push(now() - from)
    await store.finish(claimed)
  }
  ours.latency = median(waits)

  const PgBoss = peers('pg-boss')
  // On PostgreSQL with a pool of its own, as it comes; on PGlite through its `db` option.
  const executeSql = async (text, values) => {
    if (values !== undefined && values.length > 0) return { rows: await database.query(text, values) }
    if (/^\s*(select|with)/i.test(text)) return { rows: await database.query(text) }
    await database.asOwner((owner) => owner.script(text))
    return { rows: [] }
  }
  const quiet = { supervise: false, schedule: false }
  const boss = new PgBoss(database.kind === 'pglite' ? { db: { executeSql }, ...quiet } : { ...connection, max: 20, ...quiet })
  boss.on('error', (error) => console.error('pg-boss:', error.message))
  await boss.start()
  await boss.createQueue('effects')
  const theirs = {}
  theirs.enqueue = await rate(jobs, database.kind === 'pglite' ? 1 : 16, (n) => boss.send('effects', { caseId: caseId(n) }))
  started = now()
  const drainBoss = async () => {
    let count = 0
    for (;;) {
      const fetched = await boss.fetch('effects', { batchSize: 100 })
      if (fetched === null || fetched.length === 0) return count
      await Promise.all(fetched.map(({ id }) => boss.complete('effects', id)))
      count += fetched.length
    }
  }
  theirs.drain = (await Promise.all([drainBoss(), drainBoss()])).reduce((a, b) => a + b, 0) / ((now() - started) / 1000)
  // Its own worker, tuned: shortest polling it allows, large batches.
  for (let n = 0; n < jobs; n += 1000) await boss.insert(Array.from({ length: Math.min(1000, jobs - n) }, (_, k) => ({ name: 'effects', data: { n: n + k } })))
  started = now()
  let handled = 0
  await new Promise((resolve) => {
    void boss.work('effects', { batchSize: 500, pollingIntervalSeconds: 0.5 }, async (batch) => { handled += batch.length; if (handled >= jobs) resolve() })
  })
  theirs.polled = handled / ((now() - started) / 1000)
  const bossWaits = []
  for (let n = 0; n < 9; n++) {
    const from = now()
    const seen = new Promise((resolve) => { handled = 0; const look = setInterval(() => { if (handled > 0) { clearInterval(look); resolve() } }, 1) })
    await boss.send('effects', { n })
    await seen
    bossWaits.push(now() - from)
  }
  theirs.latency = median(bossWaits)
  await boss.stop({ graceful: false, wait: false })
  table(`Effects on ${name} (${jobs} jobs, one JavaScript process)`, [
    ['ours: append with one effect, one transaction', ours.enqueue, '/s', 'case + event + projection + effect'],
    ['pg-boss: send alone', theirs.enqueue, '/s', 'the job only, no case, no event'],
    ['ours: claim 100 + finish each, two drains', ours.drain, '/s', 'one effect for each case at a time, leases'],
    ['pg-boss: fetch 100 + complete each, two drains', theirs.drain, '/s'],
    ['pg-boss: work(), batch 500, polling 0.5 s', theirs.polled, '/s', 'whole batches completed at once'],
    ['ours: from append to claimed, idle', ours.latency, 'ms', 'the worker is woken by the append'],
    ['pg-boss: from send to handler, idle', theirs.latency, 'ms', 'polling'],
  ])
}
