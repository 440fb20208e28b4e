// A portal: one handler mounted in an Express app and in a plain node:http server. Three people file, decide and fetch the receipt over HTTP.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createDesk } from '@cabut/sdk'
import { unzipReceipt, verifyReceipt } from '@cabut/sdk/receipt'
import { createSpbeHandler, createWebhooks, newWebhookSecret, verifyWebhook, type WebhookMessage } from '@cabut/spbe'
import { openOffice } from './office.js' // a sandbox on loopback and invented officers

const { ams, anchors, intermediates, fetch: evidence, certificate, letter, close } = await openOffice()
const desk = createDesk({
  standard: 'kabupaten-purbalingga', ams, anchors, intermediates, fetch: evidence, pace: { ams: 200, proof: 200 }, sandbox: true,
  notify: async () => ({ channel: 'portal' }),
})

// 1. The region's identity provider: in this script a key pair whose public half is served as a key set.
const issuer = 'https://sso.contoh.go.id/realms/daerah'
const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
const keySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'kunci-1', alg: 'ES256', use: 'sig' }] }
const token = (sub: string, opd: string, role: string): Promise<string> =>
  new SignJWT({ opd, realm_access: { roles: [role] } }).setProtectedHeader({ alg: 'ES256', kid: 'kunci-1' })
    .setIssuer(issuer).setAudience('cabut').setSubject(sub).setIssuedAt().setExpirationTime('5m').sign(privateKey)
const keys = await listen(createServer((_request, response) => { response.setHeader('content-type', 'application/json').end(JSON.stringify(keySet)) }))

// 2. One handler. Roles and offices are a mapping of claims: data, not code.
const portal = createSpbeHandler({
  desk, basePath: '/layanan/cabut',
  issuers: [{
    issuer, audience: 'cabut', keys: { url: keys.url },
    claims: { opd: ['opd'], roles: [['realm_access', 'roles']], roleNames: { 'cabut-opd': 'opdOfficer', 'cabut-kepala': 'head', 'cabut-verifikator': 'verifier' } },
  }],
})
const listener = getRequestListener(portal.fetch)

// 3. Mounted twice: in an Express app beside its own pages (before any body parser), and in a server with nothing else.
const app = express()
app.use((request, response, next) => { if (request.originalUrl.startsWith('/layanan/cabut/')) void listener(request, response); else next() })
app.get('/', (_request, response) => { response.send('Portal Kabupaten Contoh') })
const inExpress = await listen(createServer(app))
const inNode = await listen(createServer(listener))

// 4. A portal that only keeps tickets is told by signed webhooks.
const secret = newWebhookSecret()
const told: string[] = []
const receiver = await listen(createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
    verifyWebhook([secret], request.headers as Record<string, string>, Buffer.concat(chunks).toString('utf8')).then(
      (message) => { told.push((message as WebhookMessage).data.status); response.writeHead(204).end() },
      () => response.writeHead(400).end(),
    )
  })
}))
const webhooks = createWebhooks({ desk, endpoints: [{ id: 'tiket', url: receiver.url, secrets: [secret] }] })

// 5. Three people, each with their own token; the key makes a repeated call harmless, the version says what the person saw.
const opd = await token('surya.wibisana', 'dindik', 'cabut-opd')
const head = await token('kepala.dinkominfo', 'dinkominfo', 'cabut-kepala')
const verifier = await token('tegar.maulana', 'dinkominfo', 'cabut-verifikator')

interface Permohonan { readonly id: string; readonly register: string; readonly status: string; readonly statusLabel: string }
async function call(base: string, path: string, bearer: string, send: { body?: FormData | string; version?: string } = {}): Promise<{ answer: Response; version: string }> {
  const answer = await fetch(`${base}/layanan/cabut/v1${path}`, {
    method: send.body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${bearer}`, 'accept-language': 'id',
      ...(send.body === undefined ? {} : { 'idempotency-key': crypto.randomUUID() }),
      ...(typeof send.body === 'string' ? { 'content-type': 'application/json' } : {}),
      ...(send.version === undefined ? {} : { 'if-match': send.version }),
    },
    ...(send.body === undefined ? {} : { body: send.body }),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return { answer, version: answer.headers.get('etag') ?? '' }
}

const form = new FormData()
form.append('request', JSON.stringify({
  certificate: { part: 'sertifikat', username: 'laras.kinanti' }, reason: 'mutasi', applicant: { name: 'Surya Wibisana' },
  holder: { id: 'laras.kinanti', name: 'Laras Kinanti', username: 'laras.kinanti' },
  letters: [{ part: 'surat', kind: 'requestLetter', number: '800/15/DINDIK', date: '2026-11-19' }],
}))
form.append('surat', new Blob([letter.bytes as Uint8Array<ArrayBuffer>], { type: 'application/pdf' }), 'surat.pdf')
form.append('sertifikat', new Blob([certificate as Uint8Array<ArrayBuffer>]), 'sertifikat.cer')

const filed = await call(inExpress.base, '/requests', opd, { body: form })
const request = await filed.answer.json() as Permohonan
console.log(`1. OPD mengajukan lewat Express: ${request.register}, ${request.statusLabel}`)

const seen = await call(inNode.base, `/requests/${request.id}`, head)
const disposed = await call(inNode.base, `/requests/${request.id}/dispose`, head, { body: JSON.stringify({ to: 'tegar.maulana' }), version: seen.version })
console.log(`2. Kepala mendisposisikan lewat node:http: ${(await disposed.answer.json() as Permohonan).statusLabel}`)

const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' }
const approved = await call(inExpress.base, `/requests/${request.id}/approve`, verifier, { body: JSON.stringify({ findings }), version: disposed.version })
console.log(`3. Verifikator menyetujui lewat Express: ${(await approved.answer.json() as Permohonan).statusLabel}`)

await desk.proven(request.id, { signal: AbortSignal.timeout(90_000) })
const ticket = await (await call(inNode.base, `/requests/${request.id}/ticket`, opd)).answer.json() as { code: string; status_label: string; timeline: { label: string }[] }
console.log(`4. Tiket ${ticket.code}: ${ticket.status_label}; ${ticket.timeline.map(({ label }) => label).join(' > ')}`)

const download = await call(inNode.base, `/requests/${request.id}/receipt?form=full`, opd)
const receipt = unzipReceipt(new Uint8Array(await download.answer.arrayBuffer()))
const { valid } = await verifyReceipt(receipt, { anchors })
console.log(`5. Bukti pencabutan: ${receipt.size} berkas, valid: ${valid}`)

for (let wait = 0; wait < 100 && !told.includes('revoked'); wait++) await new Promise((resolve) => setTimeout(resolve, 100))
console.log(`6. Webhook bertanda tangan: ${[...new Set(told)].join(', ')}`)
if (!valid || !told.includes('revoked')) process.exitCode = 1

await webhooks.close()
await desk.close()
await Promise.all([keys, inExpress, inNode, receiver].map((server) => server.close()))
await close()

async function listen(server: Server): Promise<{ base: string; url: string; close(): Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { base, url: `${base}/`, close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections() }) }
}
