// A desk in a process of its own: takes a list from file to receipts, or only works the queue. Told by its parent, tells what it took.
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { allowLoopback, createEvidenceFetcher } from '@cabut/pki/status'
import { allowPlainHttp, bearer, createDesk, createHttpAms } from '@cabut/sdk'
import { checkRows, executeList, planLine, readPlan, readRows, requestIdOf, untilEnded } from '@cabut/sdk/bulk'
import { createSqlStore, shareEvidence } from '@cabut/postgres'
import { connectPostgres } from '@cabut/postgres/pg'
import { openPglite } from '@cabut/postgres/pglite'
import { findings, head, letterBytes, verifier } from './office.mjs'

const clerk = { id: 'surya.wibisana', role: 'opdOfficer', opd: 'dindik' }
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms) })
const letter = (kind) => ({ kind, bytes: letterBytes, number: '800/15/DINDIK', date: '2026-11-19' })

process.once('message', async ({ database: where, amsUrl, anchors, intermediates, tokens, list, plan, sha256, parts, concurrency }) => {
  const database = where.directory === undefined ? await connectPostgres(where) : await openPglite(where)
  const calls = {}
  const appends = []
  const count = (key) => { calls[key] = (calls[key] ?? 0) + 1 }
  const sql = await createSqlStore(database, { closeDatabase: false })
  const append = async (scope, write) => {
    count('append')
    const done = await sql.append(scope, write)
    if (done.outcome === 'appended' && write.caseId === requestIdOf(sha256, 1)) appends.push(write)
    return done
  }
  const store = { ...sql, append, load: (...given) => { count('load'); return sql.load(...given) }, claim: (...given) => { count('claim'); return sql.claim(...given) } }
  let filed
  const fetcher = createEvidenceFetcher({ allow: [allowLoopback], maxFresh: 0, concurrency: 16 })
  const counted = { get: (url) => { count('GET crl'); return fetcher.get(url) }, post: (...given) => { count('POST ocsp'); return fetcher.post(...given) } }
  const desk = createDesk({
    standard: 'kabupaten-purbalingga', store, anchors, intermediates, sandbox: true, concurrency, worker: parts.includes('work'), fetch: shareEvidence(database, counted, { freshFor: 500 }),
    ams: createHttpAms({
      baseUrl: amsUrl, allow: [allowPlainHttp], credential: bearer((actor) => tokens[actor.id] ?? ''), honoursIdempotencyKey: true,
      fetch: (input, init) => {
        const request = new Request(input, init)
        const path = new URL(request.url).pathname.replace(/^\/ams/, '').replace(/\/revocations\/[^/]+/, '/revocations/:id')
        count(`${request.method} ${path}`)
        if (filed === undefined && request.method === 'POST' && path.endsWith('/revocations')) filed = request.clone().text()
        return fetch(request)
      },
    }),
    pace: { ams: 100, proof: 700, retry: 50 }, notify: async (notice) => ({ channel: 'portal', reference: notice.key }), answer: async () => letter('answerLetter'),
  })
  const seconds = {}
  const timed = async (name, run) => { const from = performance.now(); await run(); seconds[name] = (performance.now() - from) / 1000 }
  const open = () => readPlan(createReadStream(plan, 'utf8'))
  const shared = { desk, sha256, letters: [letter('requestLetter'), letter('reasonStatement')], wait: (ms) => sleep(Math.min(ms, 50)), now: () => performance.now(), lookEvery: 50, concurrency: 16 }
  let bytes = 0
  if (parts.includes('check')) {
    await timed('check', () => pipeline(async function* () {
      for await (const verdict of checkRows(() => readRows(createReadStream(list)), { standard: desk.standard, desk, applicant: { id: clerk.id, opd: clerk.opd }, reason: 'pensiun', letters: ['requestLetter', 'reasonStatement'], now: new Date() })) yield planLine(verdict)
    }, createWriteStream(plan)))
  }
  if (parts.includes('file')) {
    // Without a worker AMS takes nothing: the list is then filed and approved only.
    const chunk = parts.includes('work') ? 100 : 1_000_000
    await timed('file and approve', async () => {
      for await (const { outcome, detail } of executeList(open(), { ...shared, chunk, ...(parts.includes('work') ? {} : { settleWithin: 0 }), hands: { file: clerk, dispose: { as: head, to: verifier }, decide: { as: verifier, findings } } })) {
        if (!['waiting', 'proven'].includes(outcome)) throw new Error(`${outcome} ${detail}`)
      }
    })
  }
  if (parts.includes('work')) await timed('until proven', async () => { if (!await untilEnded(open, 3_600_000, { ...shared, lookEvery: 200 })) throw new Error('not ended') })
  if (parts.includes('receipt')) {
    await timed('receipts', async () => {
      const rows = open()
      const one = async () => { for (let next = await rows.next(); !next.done; next = await rows.next()) for (const file of (await desk.receipt(requestIdOf(sha256, next.value.row))).values()) bytes += file.length }
      await Promise.all(Array.from({ length: 8 }, one))
    })
  }
  await desk.close()
  await database.close()
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  process.send({ seconds, calls, appends, filed: await filed, bytes, peakMb: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 }, () => process.exit(0))
})
