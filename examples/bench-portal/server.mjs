// One server process of the bench: `portal` (the whole interface) or `plain` (a bare Hono handler over the same store). Everything that must outlive it is in PostgreSQL.
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createAssistedAms, createDesk } from '@cabut/sdk'
import { createSqlStore } from '@cabut/postgres'
import { connectPostgres } from '@cabut/postgres/pg'
import { createSqlIdempotencyStore } from '@cabut/postgres/portal'
import { createSpbeHandler } from '@cabut/spbe'
import { Hono } from 'hono'

const { kind, socket, user, database: name, port, anchors, jwk, migrated } = JSON.parse(process.env['BENCH'])
const connected = await connectPostgres({ host: socket, user, database: name, connections: 20 })
let statements = 0
/** The same database, counting what is asked of it. */
const database = {
  ...connected,
  query: (...given) => { statements++; return connected.query(...given) },
  within: (wall, run) => connected.within(wall, (queryable) => run({ ...queryable, query: (...given) => { statements++; return queryable.query(...given) } })),
}
const store = await createSqlStore(database, { migrate: !migrated })
// So long a key without an answer waits for the process that took it; a killed one never comes back.
const idempotency = createSqlIdempotencyStore(database, { lease: 1_000 })

function portal() {
  const desk = createDesk({ standard: 'kabupaten-purbalingga', store, anchors, fetch: false, worker: false, ams: createAssistedAms({}) })
  return createSpbeHandler({
    desk, idempotency, rateLimit: false,
    issuers: [{ issuer: 'https://sso.contoh.go.id', audience: 'cabut', keys: { jwks: { keys: [jwk] } }, claims: { opd: ['opd'], roles: [['peran']], roleNames: { opd: 'opdOfficer', kepala: 'head' } } }],
  }).fetch
}

/** What a handler would be that asks the same of the database and does nothing else: no identity, no rights, no schema, no decision, no words, no seal. */
function plain() {
  const app = new Hono()
  app.get('/v1/requests', async (c) => c.json({ items: await store.list('all', { limit: Number(c.req.query('limit')) }) }))
  app.get('/v1/requests/:id', async (c) => {
    const found = await store.load('all', c.req.param('id'))
    return c.json(found.state, 200, { ETag: `"${found.head.seq}"` })
  })
  app.get('/v1/requests/:id/ticket', async (c) => {
    const found = await store.load('all', c.req.param('id'))
    return c.json({ state: found.state, timeline: await store.events('all', c.req.param('id')) })
  })
  app.post('/v1/requests/:id/redispose', async (c) => {
    const [id, key, { to }] = [c.req.param('id'), c.req.header('idempotency-key'), await c.req.json()]
    await idempotency.claim(key, createHash('sha256').update(id).digest('hex'))
    const { state, head } = await store.load('all', id)
    const [last] = await store.events('all', id, head.seq - 1)
    const [seq, time] = [head.seq + 1, new Date().toISOString()]
    const event = { ...last, type: 'disposed', data: { to }, time, seq, previous: head.digest, digest: randomBytes(32).toString('hex') }
    const next = { ...state, version: seq, updatedAt: time, disposition: { ...state.disposition, to, at: time } }
    await store.append('all', { caseId: id, expectedVersion: head.seq, events: [event], state: next, effects: [] })
    const answer = JSON.stringify(next)
    await idempotency.finish(key, { status: 200, headers: { ETag: `"${seq}"` }, body: answer })
    return c.body(answer, 200, { 'content-type': 'application/json', ETag: `"${seq}"` })
  })
  return app.fetch
}

const listener = getRequestListener(kind === 'portal' ? portal() : plain())
// Longer than an officer thinks: a connection closed in the moment it is used again would be the bench's own error.
createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  // Not part of either: what the bench asks between its rounds.
  if (request.url === '/bench/statements') { response.end(String(statements)); return }
  void listener(request, response)
}).listen(port, '127.0.0.1', () => process.send({ ready: true }))
