// The approval path: five durable transitions through the desk, beside the very same statements with no workflow code, and DBOS with five steps.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createSqlStore } from '@cabut/postgres'
import { openBenchDesk } from './office.mjs'
import { createMemoryStore } from '@cabut/sdk/store'
import { aim, median, rate, round, table } from './measure.mjs'

const peers = createRequire(new URL('peers/', import.meta.url))

export async function benchApproval(name, database, { cases, clients, dbos, rounds = 3 }) {
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
  await office.file('P-capture')
  capturing = true
  await office.approvalPath('P-capture')
  capturing = false
  const [{ values: first }] = captured
  const bareCase = async (id) => {
    for (const { sql, values } of captured) {
      const [{ written }] = await database.within(JSON.stringify({ all: true }), (inner) => inner.query(sql, [id, ...values.slice(1)]))
      if (!written) throw new Error('a bare statement wrote nothing')
    }
  }
  /** Cases as they stand before the path. Those of the bare statements stand on the head that the captured ones follow. */
  const prepare = async (name, count) => {
    for (let n = 0; n < count; n++) await office.file(`P-${name}-${n}`)
    if (!name.startsWith('desk')) await database.query('update cabut.cases set head = $1 where id like $2', [first[13], `P-${name}-%`])
  }
  const memory = await openBenchDesk(createMemoryStore())
  const sides = {
    desk: (n) => office.approvalPath(n),
    bare: (n) => bareCase(n),
    // What the desk does beside those statements: it reads each case before it decides, and it decides, seals and writes JSON.
    loads: async (n) => { for (let k = 0; k < captured.length; k++) await store.load('all', n.replace('loads', 'bare')) },
    memory: (n) => memory.approvalPath(n),
  }
  if (dbos) {
    const { DBOS } = peers('@dbos-inc/dbos-sdk')
    DBOS.setConfig({ name: 'bench', systemDatabaseUrl: dbos, runAdminServer: false, logLevel: 'error' })
    const flow = DBOS.registerWorkflow(async (id) => {
      for (const [step, { sql, values }] of captured.entries()) await DBOS.runStep(() => database.within(JSON.stringify({ all: true }), (inner) => inner.query(sql, [id, ...values.slice(1)])).then(([{ written }]) => written), { name: `step${step}` })
    }, { name: 'approval' })
    await DBOS.launch()
    sides.dbos = async (id) => { await (await DBOS.startWorkflow(flow)(id)).getResult() }
  }
  // In turns, on cases of their own; the first round warms up and is not counted.
  const rates = Object.fromEntries(Object.keys(sides).map((side) => [side, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const side of ['desk', 'bare', ...(dbos ? ['dbos'] : [])]) await prepare(`${side}-${round}`, cases)
    for (let n = 0; n < cases; n++) await memory.file(`P-memory-${round}-${n}`)
    for (const [side, run] of Object.entries(sides)) {
      const reached = await rate(cases, clients, (n) => run(`P-${side}-${round}-${n}`))
      if (round > 0) rates[side].push(reached)
    }
  }
  await memory.close()
  if (dbos) await peers('@dbos-inc/dbos-sdk').DBOS.shutdown()
  const [desk, bare, loads, alone, theirs] = ['desk', 'bare', 'loads', 'memory', 'dbos'].map((side) => rates[side] === undefined ? undefined : median(rates[side]))
  const rows = [
    ['desk: five transitions', desk, 'cases/s', `${captured.length} appends each, ${clients} client(s)`],
    ['bare SQL: the same statements, same rows', bare, 'cases/s', 'one by one, each its own transaction'],
    ['bare / desk', bare / desk, 'x', 'aim <= 1.5'],
    ['part: the reading before each append', loads, 'cases/s', `${captured.length} readings each`], ['part: deciding and sealing, store in memory', alone, 'cases/s'],
  ]
  if (dbos) rows.push([`DBOS ${JSON.parse(readFileSync(new URL('peers/node_modules/@dbos-inc/dbos-sdk/package.json', import.meta.url), 'utf8')).version}: five steps, the same statements`, theirs, 'cases/s'], ['desk / DBOS', desk / theirs, 'x', 'aim >= 5'])
  await office.close()
  table(`Approval path on ${name} (${cases} cases a round, medians of ${rounds} rounds in turns)`, rows)
  const ms = (perSecond) => `${round(1000 / perSecond)} ms`
  aim(`approval path on ${name}: bare SQL over the desk`, bare / desk, { most: 1.5, unit: ' x' },
    `a case takes ${ms(desk)} at ${clients} client(s); the same statements alone ${ms(bare)}, reading the case before each ${ms(loads)}, deciding and sealing without any database ${ms(alone)}`)
  if (dbos) aim(`approval path on ${name}: the desk over DBOS`, desk / theirs, { least: 5, unit: ' x' })
}
