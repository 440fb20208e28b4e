// The approval path: five durable transitions through the desk, beside the very same statements with no workflow code, and DBOS with five steps.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createSqlStore } from '@cabut/postgres'
import { openBenchDesk } from './office.mjs'
import { createMemoryStore } from '@cabut/sdk/store'
import { aim, rate, round, table } from './measure.mjs'

const peers = createRequire(new URL('peers/', import.meta.url))

export async function benchApproval(name, database, { cases, clients, dbos }) {
  const captured = []
  let capturing = false
  const spy = {
    ...database,
    within: (scope, run) => database.within(scope, (inner) => run({ query: (sql, values) => {
      if (capturing && /insert into cabut\.events/.test(sql)) captured.push({ sql, values })
      return inner.query(sql, values)
    } })),
  }
  const store = await createSqlStore(spy, { closeDatabase: false })
  const office = await openBenchDesk(store)
  for (let n = 0; n < cases; n++) await office.file(`P-desk-${n}`)
  await office.file('P-capture')
  capturing = true
  await office.approvalPath('P-capture')
  capturing = false
  const bareCase = async (id) => {
    for (const { sql, values } of captured) await database.within(JSON.stringify({ all: true }), (inner) => inner.query(sql, [id, ...values.slice(1)]))
  }
  for (let n = 0; n < cases; n++) { await office.file(`P-bare-${n}`); if (dbos) await office.file(`P-dbos-${n}`) }
  // Both warmed up on cases of their own, then in turns; the better of each counts.
  await office.file('P-warming'); await office.approvalPath('P-warming')
  const desk = await rate(cases, clients, (n) => office.approvalPath(`P-desk-${n}`))
  const bare = await rate(cases, clients, (n) => bareCase(`P-bare-${n}`))
  // What the desk does beside those statements: it reads each case before it decides, and it decides, seals and writes JSON.
  const loads = await rate(cases, clients, async (n) => { for (let k = 0; k < captured.length; k++) await store.load('all', `P-bare-${n}`) })
  const memory = await openBenchDesk(createMemoryStore())
  for (let n = 0; n < cases; n++) await memory.file(`P-memory-${n}`)
  const alone = await rate(cases, clients, (n) => memory.approvalPath(`P-memory-${n}`))
  await memory.close()
  const rows = [
    ['desk: five transitions', desk, 'cases/s', `${captured.length} appends each, ${clients} client(s)`],
    ['bare SQL: the same statements, same rows', bare, 'cases/s'],
    ['bare / desk', bare / desk, 'x', 'aim <= 1.5'],
    ['part: the reading before each append', loads, 'cases/s', `${captured.length} selects each`], ['part: deciding and sealing, store in memory', alone, 'cases/s'],
  ]
  if (dbos) {
    const { DBOS } = peers('@dbos-inc/dbos-sdk')
    DBOS.setConfig({ name: 'bench', systemDatabaseUrl: dbos, runAdminServer: false, logLevel: 'error' })
    const flow = DBOS.registerWorkflow(async (id) => {
      for (const [step, { sql, values }] of captured.entries()) await DBOS.runStep(() => database.within(JSON.stringify({ all: true }), (inner) => inner.query(sql, [id, ...values.slice(1)])).then(() => null), { name: `step${step}` })
    }, { name: 'approval' })
    await DBOS.launch()
    const theirs = await rate(Math.min(cases, 200), clients, async (n) => { await (await DBOS.startWorkflow(flow)(`P-dbos-${n}`)).getResult() })
    await DBOS.shutdown()
    rows.push([`DBOS ${JSON.parse(readFileSync(new URL('peers/node_modules/@dbos-inc/dbos-sdk/package.json', import.meta.url), 'utf8')).version}: five steps, the same statements`, theirs, 'cases/s'], ['desk / DBOS', desk / theirs, 'x', 'aim >= 5'])
  }
  await office.close()
  table(`Approval path on ${name} (${cases} cases)`, rows)
  const ms = (perSecond) => `${round(1000 / perSecond)} ms`
  aim(`approval path on ${name}: bare SQL over the desk`, bare / desk, { most: 1.5, unit: ' x' },
    `a case takes ${ms(desk)} at ${clients} client(s); the same statements alone ${ms(bare)}, reading the case before each ${ms(loads)}, deciding and sealing without any database ${ms(alone)}`)
  const theirs = rows.find(([what]) => what === 'desk / DBOS')
  if (theirs !== undefined) aim(`approval path on ${name}: the desk over DBOS`, theirs[1], { least: 5, unit: ' x' })
}
