// A portal that is killed while people use it: answers to Idempotency-Key and webhooks wait in the database, so nothing is lost and nothing doubled.
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { allowLoopback, createEvidenceFetcher } from '@cabut/pki'
import { createSqlStore } from '@cabut/postgres'
import { openPglite } from '@cabut/postgres/pglite'
import { createSqlIdempotencyStore, createSqlWebhookQueue } from '@cabut/postgres/portal'
import { createAssistedAms, createDesk } from '@cabut/sdk'
import { createSpbeHandler, createWebhooks, newWebhookSecret, verifyWebhook, type IdempotencyStore, type WebhookMessage, type WebhookQueue, type WebhookSecret } from '@cabut/spbe'
import { openOffice } from './office.js' // a sandbox on loopback and invented officers

interface Settings { readonly directory: string; readonly anchors: readonly [string, ...string[]]; readonly intermediates: readonly string[]; readonly keys: object; readonly receiver: string; readonly secret: WebhookSecret }
const issuer = 'https://sso.contoh.go.id/realms/daerah'

if (process.argv[2] === 'serve') await serve(JSON.parse(process.env['PORTAL'] as string) as Settings)
else await main()

/** The portal's process. Everything that must outlive it is in the database. */
async function serve({ directory, anchors, intermediates, keys, receiver, secret }: Settings): Promise<void> {
  const database = await openPglite({ directory })
  const store = await createSqlStore(database, { closeDatabase: false })
  const idempotency: IdempotencyStore = createSqlIdempotencyStore(database, { lease: 1_000 })
  const queue: WebhookQueue = createSqlWebhookQueue(database)
  const desk = createDesk({ standard: 'kabupaten-purbalingga', ams: createAssistedAms({}), anchors, intermediates, fetch: createEvidenceFetcher({ allow: [allowLoopback] }), store, sandbox: true })
  const webhooks = createWebhooks({ desk, queue, endpoints: [{ id: 'tiket', url: receiver, secrets: [secret] }], pauses: [0, 200, 200, 200, 200, 200], timeout: 500 })
  // What was committed in the moment of the crash, before it was queued.
  await webhooks.sweep()
  const portal = createSpbeHandler({
    desk, idempotency,
    issuers: [{ issuer, audience: 'cabut', keys: { jwks: keys as { keys: object[] } }, claims: { opd: ['opd'], roles: [['peran']], roleNames: { opd: 'opdOfficer', kepala: 'head' } } }],
  })
  const server = createServer(getRequestListener(portal.fetch))
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}

async function main(): Promise<void> {
  const office = await openOffice()
  const directory = await mkdtemp(join(tmpdir(), 'cabut-survives-'))
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const token = (sub: string, opd: string, peran: string): Promise<string> => new SignJWT({ opd, peran }).setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .setIssuer(issuer).setAudience('cabut').setSubject(sub).setIssuedAt().setExpirationTime('10m').sign(privateKey)
  const [opd, head] = [await token('surya.wibisana', 'dindik', 'opd'), await token('kepala.dinkominfo', 'dinkominfo', 'kepala')]

  // The receiver of webhooks: what came, by message.
  const secret = newWebhookSecret()
  const told = new Map<string, WebhookMessage>()
  let deliveries = 0
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      verifyWebhook([secret], request.headers as Record<string, string>, Buffer.concat(chunks).toString()).then(
        (message) => { deliveries++; told.set(request.headers['webhook-id'] as string, message as WebhookMessage); response.writeHead(204).end() }, () => response.writeHead(400).end())
    })
  })
  await new Promise<void>((resolve) => { receiver.listen(0, '127.0.0.1', resolve) })

  // The portal, in a process of its own.
  const settings: Settings = {
    directory, anchors: office.anchors, intermediates: office.intermediates, secret, receiver: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
    keys: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] },
  }
  let process_: ChildProcess
  let base = ''
  const start = async (): Promise<void> => {
    process_ = fork(fileURLToPath(import.meta.url), ['serve'], { env: { ...process.env, PORTAL: JSON.stringify(settings) }, execArgv: process.execArgv })
    base = await new Promise((resolve, reject) => {
      process_.once('message', (port) => resolve(`http://127.0.0.1:${port as number}`))
      process_.once('exit', (code) => reject(new Error(`the portal ended with ${String(code)}`)))
    })
  }
  let kills = 0
  let answers = 0
  let restarting: Promise<void> = start()
  await restarting
  const answered = (): void => {
    answers++
    if (![2, 6, 9].includes(answers)) return
    kills++
    // One death after another: answers on their way when it died may be enough for the next.
    restarting = restarting.then(async () => {
      const dead = new Promise<void>((resolve) => { process_.once('exit', () => resolve()) })
      process_.kill('SIGKILL')
      await dead
      await start()
    })
  }

  /** A patient client: the same key until there is an answer, however often the portal dies meanwhile. */
  const send = async (path: string, key: string, authorization: string, body: () => FormData | string): Promise<{ status: number; json: { id: string; status: string; current?: { status: string } } }> => {
    for (;;) {
      await restarting
      try {
        const content = body()
        const response = await fetch(`${base}${path}`, {
          method: 'POST', body: content, headers: { authorization: `Bearer ${authorization}`, 'idempotency-key': key, 'if-match': '*', ...(typeof content === 'string' ? { 'content-type': 'application/json' } : {}) },
        })
        const json = await response.json() as { id: string; status: string; code?: string; current?: { status: string } }
        if (response.status < 500 && json.code !== 'spbeIdempotencyKeyInUse') {
          answered()
          return { status: response.status, json }
        }
      } catch { /* killed meanwhile */ }
      await pause(100)
    }
  }

  const people = await Promise.all(Array.from({ length: 6 }, async (_, index) => {
    const leaf = await office.sandbox.manage.issue({ username: 'laras.kinanti' })
    const filed = await send('/v1/requests', `kunci-ajuan-${index}`, opd, () => {
      const form = new FormData()
      form.append('request', JSON.stringify({ certificate: { part: 'sertifikat' }, reason: 'mutasi', applicant: { name: 'Surya Wibisana' }, letters: [{ part: 'surat', kind: 'requestLetter', number: '800/15/DINDIK', date: '2026-11-19' }] }))
      form.append('surat', new Blob([office.letter.bytes as Uint8Array<ArrayBuffer>], { type: 'application/pdf' }), 'surat.pdf')
      form.append('sertifikat', new Blob([leaf.certificatePem]), 'sertifikat.pem')
      return form
    })
    const disposed = await send(`/v1/requests/${filed.json.id}/dispose`, `kunci-disposisi-${index}`, head, () => JSON.stringify({ to: 'tegar.maulana' }))
    return { id: filed.json.id, filed: filed.status, disposed: disposed.status }
  }))
  await restarting

  // What is there now, asked over HTTP.
  const get = async (path: string): Promise<{ items: { id: string; status: string; type: string }[] }> => (await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${head}` } })).json() as never
  const { items } = await get('/v1/requests')
  const doubled = (await Promise.all(items.map(async ({ id }) => (await get(`/v1/requests/${id}/history`)).items.map(({ type }) => type))))
    .filter((types) => types.filter((type) => type === 'filed').length !== 1 || types.filter((type) => type === 'disposed').length !== 1).length
  const untold = (): number => items.filter(({ id, status }) => ![...told.values()].some(({ data }) => data.request_id === id && data.status === status)).length
  for (let waited = 0; untold() > 0 && waited < 10_000; waited += 100) await pause(100)
  console.log(`${people.length} people filed and were disposed while the portal was killed ${kills} times`)
  console.log(`requests: ${items.length}, lost: ${people.filter(({ id }) => !items.some((one) => one.id === id)).length}, doubled: ${doubled}`)
  console.log(`webhooks: last status of ${items.length - untold()} of ${items.length} told; ${told.size} messages in ${deliveries} deliveries`)

  process_!.removeAllListeners('exit')
  process_!.kill()
  receiver.close()
  await office.close()
  await rm(directory, { recursive: true, force: true })
}
