// A list from file to receipts: certificates of a sandbox on loopback, filed, approved, entered in its AMS, proven by its CRL and OCSP. The desk is a
// process of its own; beside it, in the same run, what each row cannot do without: the sandbox's HTTP alone, and the store's appends alone.
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildOcspRequest, readCertificate } from '@cabut/pki'
import { startSandbox } from '@cabut/sandbox'
import { createSqlStore } from '@cabut/postgres'
import { connectPostgres } from '@cabut/postgres/pg'
import { letterBytes } from './office.mjs'
import { aim, rate, round, table } from './measure.mjs'

const file = fileURLToPath(new URL('bulk-desk.mjs', import.meta.url))

/** `--heap=96`: the desk's process with so many MB of heap for what lives long, as on a small machine (docs/operations.md). */
const limit = process.argv.find((arg) => arg.startsWith('--heap='))?.split('=')[1]
const heap = limit === undefined ? [] : [`--max-old-space-size=${limit}`, '--max-semi-space-size=2']

/** Starts a desk and gives what it tells at its end. */
function run(message) {
  const child = fork(file, [], { serialization: 'advanced', execArgv: ['--no-warnings', ...heap, ...(process.env.CABUT_BENCH_PROFILE === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${process.env.CABUT_BENCH_PROFILE}`])] })
  child.send(message)
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => { if (code !== 0) reject(new Error(`the desk ended with code ${code}`)) })
  })
}

/** A sandbox with so many fresh certificates, listed in a file. */
async function prepare(rows, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cabut-bench-bulk-'))
  const sandbox = await startSandbox({ seed: 'bench', faults: 'none', reuseKeys: true, publication: { delay: 0 }, ...options })
  const leaves = []
  const lines = ['No;Sertifikat']
  for (let n = 1; n <= rows; n++) {
    const leaf = await sandbox.manage.issue({ username: 'laras.kinanti', key: 'shared' })
    leaves.push(leaf.serial)
    lines.push(`${n};${Buffer.from(leaf.der).toString('base64')}`)
  }
  const text = `${lines.join('\r\n')}\r\n`
  const list = join(folder, 'list.csv')
  writeFileSync(list, text)
  return {
    sandbox, leaves,
    message: {
      amsUrl: sandbox.urls.ams, anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], list, plan: join(folder, 'plan.jsonl'), sha256: createHash('sha256').update(text).digest('hex'), concurrency: 16,
      tokens: Object.fromEntries(sandbox.users.map(({ username }) => [username, sandbox.manage.token(username)])),
    },
    async close() { await sandbox.close(); rmSync(folder, { recursive: true, force: true }) },
  }
}

/** The same calls of each row, by fetch alone: letters, the record, one reading, one OCSP question. As many as the desk made, no more. */
async function bareHttp(rows, calls, filed, of) {
  const { sandbox } = await prepare(0)
  const token = sandbox.manage.token('tegar.maulana')
  const leaves = []
  for (let n = 0; n < rows; n++) leaves.push(await sandbox.manage.issue({ username: 'laras.kinanti', key: 'shared' }))
  const issuer = readCertificate(sandbox.ca.issuingPem)
  const template = JSON.parse(filed)
  const each = (key) => Math.max(0, Math.round(Object.entries(calls).reduce((sum, [name, count]) => sum + (name.endsWith(key) ? count : 0), 0) / of))
  const send = async (path, init) => {
    const response = await fetch(`${sandbox.urls.ams}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init?.headers } })
    const { success, data, ...rest } = await response.json()
    if (success !== true) throw new Error(JSON.stringify(rest))
    return data
  }
  const [letters, named, found, read, ocsp] = [each('POST /letters'), each('GET /certificates'), each('GET /revocations'), each('/revocations/:id'), each('POST ocsp')]
  const perSecond = await rate(rows, 16, async (n) => {
    const { serial, der } = leaves[n]
    const letterIds = []
    for (let k = 0; k < letters; k++) letterIds.push((await send('/letters', { method: 'POST', body: letterBytes, headers: { 'content-type': 'application/pdf', 'idempotency-key': `letter-bench-${n}-${k}` } })).letterId)
    for (let k = 0; k < named; k++) await send(`/certificates?${new URLSearchParams({ issuerDn: template.certificate.issuerDn, serial, page: '1', size: '100' })}`)
    for (let k = 0; k < found; k++) await send(`/revocations?${new URLSearchParams({ issuerDn: template.certificate.issuerDn, serial, page: '1', size: '100' })}`)
    const record = await send('/revocations', { method: 'POST', body: JSON.stringify({ ...template, certificate: { ...template.certificate, serial }, letterIds }), headers: { 'content-type': 'application/json', 'idempotency-key': `bench-${n}-${serial}` } })
    for (let k = 0; k < read; k++) await send(`/revocations/${record.id}`)
    const certificate = readCertificate(der)
    for (let k = 0; k < ocsp; k++) await (await fetch(certificate.ocspUrls[0], { method: 'POST', body: await buildOcspRequest({ certificate, issuer }), headers: { 'content-type': 'application/ocsp-request' } })).arrayBuffer()
  })
  await sandbox.close()
  return { perSecond, calls: letters + named + found + 1 + read + ocsp }
}

/** The appends of one row, again and again under other ids: no workflow, no effects, no claims, no reading. */
async function bareSql(rows, appends, where) {
  const database = await connectPostgres({ ...where, connections: 16 })
  const store = await createSqlStore(database, { closeDatabase: false })
  const perSecond = await rate(rows, 16, async (n) => {
    const caseId = `P-bare-${n}`
    for (const { lease: _lease, ...write } of appends) {
      const { outcome } = await store.append('all', { ...write, caseId, effects: [], events: write.events.map((event) => ({ ...event, caseId, digest: `${event.digest}-${n}`, previous: event.previous === null ? null : `${event.previous}-${n}` })), state: { ...write.state, id: caseId } })
      if (outcome !== 'appended') throw new Error(outcome)
    }
  })
  await database.close()
  return perSecond
}

export async function benchBulk(server, fresh, { rows, large, small }) {
  const peaks = new Map()
  let main
  for (const count of [...new Set([small, rows, large])].filter((one) => one > 0).sort((a, b) => a - b)) {
    const office = await prepare(count)
    const where = await fresh(`bulk_${count}`)
    const told = await run({ ...office.message, database: where, parts: ['check', 'file', 'work', 'receipt'] })
    const once = office.leaves.every((serial) => office.sandbox.manage.timesRevoked(serial) === 1)
    if (!once) throw new Error('a certificate was not revoked exactly once')
    peaks.set(count, told.peakMb)
    const seconds = Object.values(told.seconds).reduce((a, b) => a + b, 0)
    if (count === rows) main = { ...told, total: seconds }
    table(`Bulk on PostgreSQL, ${count.toLocaleString('en')} certificates, one desk, each revoked exactly once`, [
      ...Object.entries(told.seconds).map(([name, value]) => [name, value, 's']), ['all', seconds, 's'], ['sustained', count / seconds, 'rows/s'],
      ['CPU of the desk', told.cpu / count * 1000, 'ms/row'], ['peak RSS of the desk', told.peakMb, 'MB'],
      ['calls a row', Object.entries(told.calls).map(([name, value]) => `${name} ${(value / count).toFixed(2)}`).join(', ')],
    ])
    await office.close()
  }
  const sample = Math.min(rows, 1_000)
  const http = await bareHttp(sample, main.calls, main.filed, rows)
  const sql = await bareSql(sample, main.appends, await fresh('bulk_bare'))
  const slowest = Math.min(http.perSecond, sql)
  const share = 100 * rows / main.total / slowest
  table(`Beside it, ${sample.toLocaleString('en')} rows each`, [
    ['bare sandbox HTTP: the same calls by fetch alone', http.perSecond, 'rows/s', `${http.calls} calls a row, 16 at a time`], ['bare SQL: the same appends by the store alone', sql, 'rows/s', `${main.appends.length} appends a row, 16 at a time`],
    ['bulk / slowest of them', share, '%', 'aim >= 60'],
  ])
  const perRow = (value) => `${round(value * 1000)} ms`
  aim(`bulk of ${rows.toLocaleString('en')}: share of the slowest bare component`, share, { least: 60, unit: ' %' },
    `a row takes ${perRow(main.total / rows)} in all: ${Object.entries(main.seconds).map(([name, value]) => `${name} ${perRow(value / rows)}`).join(', ')}; bare HTTP ${perRow(1 / http.perSecond)} and bare SQL ${perRow(1 / sql)} come one after the other in it, on cores that sandbox, database and desk share; CPU of the desk alone ${perRow(main.cpu / rows)}`)
  aim(`peak RSS of the desk, ${rows.toLocaleString('en')} rows on PostgreSQL`, peaks.get(rows), { most: 250, unit: ' MB' })
  const [least, most] = [peaks.get(small), peaks.get(large) ?? peaks.get(rows)]
  if (small > 0) aim(`peak RSS at ${(large || rows).toLocaleString('en')} rows over that at ${small.toLocaleString('en')}`, most / least, { most: 1.2, unit: ' x' })
}

/** The same queue drained by one worker and by two, with an AMS that answers at once and with one that takes its time. */
export async function benchWorkers(fresh, { rows }) {
  for (const ms of [0, 100]) {
    const rates = []
    for (const workers of [1, 2]) {
      const office = await prepare(rows, ms === 0 ? {} : { faults: [{ kind: 'latency', on: 'ams.*', ms }] })
      const where = await fresh(`workers_${ms}_${workers}`)
      await run({ ...office.message, database: where, parts: ['check', 'file'] })
      const from = performance.now()
      const before = process.cpuUsage()
      const told = await Promise.all(Array.from({ length: workers }, () => run({ ...office.message, database: where, parts: ['work'], concurrency: 8 })))
      const spent = process.cpuUsage(before)
      // From the moment a worker is open: starting a process is no part of its work.
      rates.push({ perSecond: rows / Math.max(...told.map(({ seconds }) => seconds['until proven'])), cpu: told.reduce((sum, { cpu }) => sum + cpu, 0), sandbox: (spent.user + spent.system) / 1e6, seconds: (performance.now() - from) / 1000 })
      await office.close()
    }
    const [one, two] = rates
    table(`Two workers on one queue, ${rows.toLocaleString('en')} approved requests to proof, AMS answers ${ms === 0 ? 'at once' : `in ${ms} ms`}`, [
      ['one worker, 8 at a time', one.perSecond, '/s'], ['two workers, 8 at a time each', two.perSecond, '/s'], ['two / one', two.perSecond / one.perSecond, 'x', 'aim >= 1.5'],
      ['CPU of workers and sandbox, cores in use, one worker', (one.cpu + one.sandbox) / one.seconds, 'of 2', `workers ${round(one.cpu)} s, sandbox ${round(one.sandbox)} s of ${round(one.seconds)} s; PostgreSQL not counted`],
    ])
    aim(`two workers over one, AMS answers ${ms === 0 ? 'at once' : `in ${ms} ms`}`, two.perSecond / one.perSecond, { least: 1.5, unit: ' x' },
      `with one worker ${round((one.cpu + one.sandbox) / one.seconds)} of 2 cores are busy with worker and sandbox; PostgreSQL comes on top, on the same two cores`)
  }
}
