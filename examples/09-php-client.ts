// A portal in plain PHP with its own sessions: it signs short tokens, files a request, and verifies the webhook. Needs `php` on the PATH.
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { createDesk } from '@cabut/sdk'
import { createSpbeHandler, createWebhooks, newWebhookSecret, type AuditEntry } from '@cabut/spbe'
import { openOffice } from './office.js' // a sandbox on loopback and invented officers

const servers: Server[] = []
const client = fileURLToPath(new URL('./09-php-client/client.php', import.meta.url))
const { ams, anchors, intermediates, fetch: evidence, certificate, letter, close } = await openOffice()
const desk = createDesk({ standard: 'kabupaten-purbalingga', ams, anchors, intermediates, fetch: evidence })

// The portal keeps its private key; only the public half is registered here.
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const folder = await mkdtemp(join(tmpdir(), 'portal-php-'))
const files = { key: join(folder, 'portal.pem'), certificate: join(folder, 'sertifikat.cer'), letter: join(folder, 'surat.pdf') }
await writeFile(files.key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
await writeFile(files.certificate, certificate)
await writeFile(files.letter, letter.bytes)

const trail: AuditEntry[] = []
const portal = createSpbeHandler({
  desk,
  issuers: [{
    kind: 'portal', issuer: 'https://portal.contoh.go.id', audience: 'cabut',
    keys: { jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'portal-1', alg: 'RS256', use: 'sig' }] } },
    claims: { opd: ['opd'], roles: [['roles']], roleNames: { opd: 'opdOfficer' } },
  }],
  audit: (entry) => { trail.push(entry) },
})
const api = await listen(createServer(getRequestListener(portal.fetch)))

const secret = newWebhookSecret()
const verdicts: string[] = []
const receiver = await listen(createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
    const header = (name: string): string => String(request.headers[name])
    const environment = { WEBHOOK_SECRET: secret, WEBHOOK_ID: header('webhook-id'), WEBHOOK_TIMESTAMP: header('webhook-timestamp'), WEBHOOK_SIGNATURE: header('webhook-signature') }
    const body = Buffer.concat(chunks).toString('utf8')
    Promise.all([php(['verify'], environment, body), php(['verify'], environment, body.replace('submitted', 'revoked')), php(['verify'], { ...environment, WEBHOOK_TIMESTAMP: '1' }, body)])
      .then((answers) => { verdicts.push(...answers.map(({ output }) => output)); response.writeHead(answers[0]?.code === 0 ? 204 : 400).end() }, () => response.writeHead(500).end())
  })
}))
const webhooks = createWebhooks({ desk, endpoints: [{ id: 'php', url: receiver, secrets: [secret] }] })

const filed = await php(['file', api, files.key, files.certificate, files.letter])
console.log(`PHP mengajukan: ${filed.output}`)
console.log(`Jejak audit: ${trail[0]?.operation} oleh ${trail[0]?.person}, ${trail[0]?.vouchedBy}`)
for (let wait = 0; wait < 150 && verdicts.length < 3; wait++) await new Promise((resolve) => setTimeout(resolve, 100))
console.log(`PHP memeriksa webhook: ${verdicts[0]}; diubah: ${verdicts[1]}; diputar ulang: ${verdicts[2]}`)
if (filed.code !== 0 || verdicts[0] !== 'sah' || verdicts[1] !== 'tidak sah' || verdicts[2] !== 'tidak sah') process.exitCode = 1

await webhooks.close()
await desk.close()
await close()
await rm(folder, { recursive: true })
servers.forEach((server) => { server.close(); server.closeAllConnections() })

function php(command: readonly string[], environment: Record<string, string> = {}, input = ''): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('php', [client, ...command], { env: { ...process.env, ...environment } })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString() })
    child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString() })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output: output.trim() }))
    child.stdin.end(input)
  })
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
