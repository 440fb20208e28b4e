// The lane for Next.js: builds examples/next with Next.js itself, starts it, and files a request through it. Exit 77: its packages could not be had.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const app = join(root, 'examples', 'next')
const from = createRequire(join(root, 'examples', 'package.json'))
if (spawnSync(process.execPath, ['scripts/build.mjs', '--if-needed'], { cwd: root, stdio: 'inherit' }).status !== 0) process.exit(1)
if (!existsSync(join(app, 'node_modules', 'next')) && spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'], { cwd: app, stdio: 'inherit' }).status !== 0) {
  console.log('SKIP: Next.js could not be installed; the mount is not tried')
  process.exit(77)
}
// By the condition `import`: as Next.js itself loads them.
const load = async (name) => import(pathToFileURL(from.resolve(name).replace(/\.cjs$/, '.js')).href)
const { exportJWK, generateKeyPair, SignJWT } = await load('jose')
const { createSandbox } = await load('@cabut/sandbox')
const { PDFDocument } = await load('pdf-lib')

let passed = 0
const failed = []
const check = (title, holds, detail = '') => { if (holds) passed++; else { failed.push(title); console.log(`FAILED: ${title} ${detail}`) } }

const sandbox = await createSandbox({ seed: 'next', faults: 'none' })
const leaf = await sandbox.manage.issue({ username: 'surya.wibisana' })
const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
const issuer = 'https://sso.contoh.go.id'
const token = (sub, opd) => new SignJWT({ opd, peran: 'opd' }).setProtectedHeader({ alg: 'ES256', kid: 'k' }).setIssuer(issuer).setAudience('cabut').setSubject(sub).setIssuedAt().setExpirationTime('10m').sign(privateKey)
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CABUT: JSON.stringify({ anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], issuer, keys: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] } }) }
const next = join(app, 'node_modules', 'next', 'dist', 'bin', 'next')
execFileSync(process.execPath, [next, 'build', '--webpack'], { cwd: app, env, stdio: ['ignore', 'ignore', 'inherit'] })

const port = await new Promise((done) => { const free = createServer().listen(0, '127.0.0.1', () => { const { port: found } = free.address(); free.close(() => done(found)) }) })
const child = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', String(port)], { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'] })
let output = ''
const gone = new Promise((done) => child.once('exit', done))
await new Promise((ready, fail) => {
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output += chunk; if (/Ready in/.test(output)) ready() })
  void gone.then((code) => fail(new Error(`next start ended with ${code}: ${output}`)))
})
try {
  const origin = `http://127.0.0.1:${port}`
  const base = `${origin}/api/cabut`
  check('the page beside it', /<h1>Portal<\/h1>/.test(await (await fetch(origin)).text()))
  check('the document', (await (await fetch(`${base}/openapi.json`)).json()).openapi === '3.1.1')
  const document = await PDFDocument.create()
  document.addPage([595, 842]).drawText('Mohon dicabut.', { x: 72, y: 760, size: 11 })
  const authorization = `Bearer ${await token('surya.wibisana', 'dindik')}`
  const send = async () => {
    const form = new FormData()
    form.append('request', JSON.stringify({ certificate: { part: 'sertifikat' }, reason: 'mutasi', applicant: { name: 'Surya Wibisana' }, letters: [{ part: 'surat', kind: 'requestLetter', number: '800/15/DINDIK', date: '2026-11-19' }] }))
    form.append('surat', new Blob([await document.save()], { type: 'application/pdf' }), 'surat.pdf')
    form.append('sertifikat', new Blob([leaf.certificatePem]), 'sertifikat.pem')
    return fetch(`${base}/v1/requests`, { method: 'POST', body: form, headers: { authorization, 'idempotency-key': 'kunci-next-0001' } })
  }
  const filed = await send()
  const { id, statusLabel } = await filed.json()
  check('files', filed.status === 201 && statusLabel === 'Diajukan', `${filed.status}`)
  check('Location leads to it', filed.headers.get('location') === `/api/cabut/v1/requests/${id}`, filed.headers.get('location'))
  check('once', (await send()).headers.get('idempotent-replayed') === 'true')
  const read = await fetch(`${base}/v1/requests/${id}`, { headers: { authorization } })
  check('reads it back with its ETag', read.status === 200 && read.headers.get('etag') !== null && read.headers.get('x-content-type-options') === 'nosniff', `${read.status}`)
  check('refuses without a token', (await fetch(`${base}/v1/requests/${id}`)).status === 401)
  check('hides it from another office', (await fetch(`${base}/v1/requests/${id}`, { headers: { authorization: `Bearer ${await token('galih.nugraha', 'dinkes')}` } })).status === 404)
  check('an unknown address is a problem', (await (await fetch(`${base}/lain`)).json()).code === 'spbeRouteUnknown')
  const leave = new AbortController()
  const live = await fetch(`${base}/v1/requests/${id}/live`, { headers: { authorization }, signal: leave.signal })
  const { value } = await live.body.getReader().read()
  check('streams the status', live.headers.get('content-type')?.startsWith('text/event-stream') === true && /retry: 5000/.test(new TextDecoder().decode(value)))
  leave.abort()
} finally {
  child.kill('SIGTERM')
  await gone
  await sandbox.close()
}
console.log(`Next.js: ${passed} checks passed, ${failed.length} failed`)
process.exit(failed.length === 0 ? 0 : 1)
