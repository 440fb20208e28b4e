import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { openPortal, people, type Portal } from './portal.js'

let portal: Portal
let server: Server | undefined
afterEach(async () => {
  await new Promise<void>((resolve) => { if (server === undefined) resolve(); else { server.close(() => resolve()); server.closeAllConnections() } })
  server = undefined
  await portal.close()
})

async function listen(started: Server): Promise<string> {
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`
}

/** Files over the wire, reads it back, and is refused without a token. */
async function works(base: string, fetch: (request: Request) => Promise<Response> = (request) => globalThis.fetch(request)): Promise<void> {
  const leaf = await portal.issue('surya.wibisana')
  const authorization = `Bearer ${await portal.token(people.opd)}`
  const filed = await fetch(new Request(`${base}/v1/requests`, { method: 'POST', body: await portal.filing(leaf), headers: { authorization, 'idempotency-key': `kunci-${base.length}-${leaf.serial}` } }))
  const { id } = await filed.json() as { id: string }
  expect(filed.status).toBe(201)
  const location = filed.headers.get('location') as string
  expect(new URL(location, base).href).toBe(`${base}/v1/requests/${id}`)
  const read = await fetch(new Request(new URL(location, base), { headers: { authorization } }))
  expect([read.status, read.headers.get('etag')]).toEqual([200, filed.headers.get('etag')])
  expect((await fetch(new Request(new URL(location, base)))).status).toBe(401)
  expect(await (await fetch(new Request(`${base}/openapi.json`))).json()).toMatchObject({ openapi: '3.1.1' })
  expect((await fetch(new Request(`${base}/lain`))).status).toBe(404)
}

describe('one handler, mounted everywhere', () => {
  it('Hono', async () => {
    portal = await openPortal({ portal: { basePath: '/layanan/cabut' } })
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- portals mount so today; Hono 5 will not have it
    const app = new Hono().mount('/luar', () => new Response('lain')).all('/layanan/cabut/*', (context) => portal.handler.fetch(context.req.raw))
    await works('https://portal.contoh.go.id/layanan/cabut', async (request) => app.fetch(request))
    expect(await (await app.fetch(new Request('https://portal.contoh.go.id/luar'))).text()).toBe('lain')
  })

  it('plain node:http', async () => {
    portal = await openPortal()
    await works(await listen(createServer(getRequestListener(portal.handler.fetch))))
  })

  it('plain node:http below a path', async () => {
    portal = await openPortal({ portal: { basePath: '/layanan/cabut' } })
    const base = await listen(createServer(getRequestListener(portal.handler.fetch)))
    await works(`${base}/layanan/cabut`)
    expect((await fetch(`${base}/v1/standard`)).status).toBe(404)
    expect((await fetch(`${base}/layanan/cabutan/v1/standard`)).status).toBe(404)
  })

  it('Express, beside pages of its own', async () => {
    // Express takes the mount path off the address, so the handler needs to know it for Location only.
    portal = await openPortal({ portal: { basePath: '/layanan/cabut' } })
    const app = express()
    const listener = getRequestListener(portal.handler.fetch)
    app.use((request, response, next) => { if (request.originalUrl.startsWith('/layanan/cabut/')) void listener(request, response); else next() })
    app.get('/', (_request, response) => { response.send('portal') })
    const base = await listen(createServer(app))
    await works(`${base}/layanan/cabut`)
    expect(await (await fetch(base)).text()).toBe('portal')
  })

  it('a Next.js route handler is the same function (in Next.js itself: scripts/portal-next.mjs)', async () => {
    portal = await openPortal({ portal: { basePath: '/api/cabut' } })
    const route = { GET: portal.handler.fetch, POST: portal.handler.fetch }
    await works('https://portal.contoh.go.id/api/cabut', (request) => route[request.method as 'GET' | 'POST'](request))
  })

  it.each(['x', '/a/', '/a b', '//', '/a?b'])('refuses the base path %s', async (basePath) => {
    portal = await openPortal()
    await expect(openPortal({ portal: { basePath } })).rejects.toThrow(TypeError)
  })

  it('security headers on every answer, CORS for listed origins, preflight without a token', async () => {
    portal = await openPortal({ portal: { cors: { origins: ['https://depan.contoh.go.id'] } } })
    const preflight = await portal.call('OPTIONS', '/v1/requests', { headers: { origin: 'https://depan.contoh.go.id', 'access-control-request-method': 'POST' } })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/Idempotency-Key/)
    for (const path of ['/v1/standard', '/v1/requests', '/tidak/ada']) {
      const answer = await portal.call('GET', path, { headers: { origin: 'https://jahat.invalid' } })
      expect(Object.fromEntries(answer.headers)).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', vary: 'Origin' })
      expect(answer.headers.has('access-control-allow-origin')).toBe(false)
    }
  })

  it('rate limit per person', async () => {
    portal = await openPortal({ portal: { rateLimit: { requests: 3, per: 60_000 } } })
    const statuses = []
    for (let time = 0; time < 4; time++) statuses.push((await portal.call('GET', '/v1/requests', { as: people.opd })).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    const refused = await portal.call('GET', '/v1/requests', { as: people.opd })
    expect([refused.headers.get('retry-after'), (await refused.json() as { code: string }).code]).toEqual(['20', 'spbeTooManyRequests'])
    expect((await portal.call('GET', '/v1/requests', { as: people.head })).status).toBe(200)
    portal.clock.now += 20_000
    expect((await portal.call('GET', '/v1/requests', { as: people.opd })).status).toBe(200)
  })

  it('live status: where it stands at once, every change, nothing when nothing changed; gone when the reader goes', async () => {
    portal = await openPortal({ portal: { live: { streams: 1, heartbeat: 20, lifetime: 60_000 } } })
    const { id, etag } = await portal.filed()
    const path = `/v1/requests/${id}/live`
    const leave = new AbortController()
    const answer = await portal.call('GET', path, { as: people.opd, signal: leave.signal })
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    const full = await portal.call('GET', path, { as: people.head })
    expect([full.status, full.headers.get('retry-after')]).toEqual([429, '30'])
    let text = ''
    const reading = (async () => {
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        text += new TextDecoder().decode(value)
      }
    })()
    await portal.pass(0)
    await portal.call('POST', `/v1/requests/${id}/dispose`, { as: people.head, json: { to: 'tegar.maulana' }, ifMatch: '*' })
    await expect.poll(() => text, { timeout: 5_000 }).toMatch(/"status":"disposed"/)
    await expect.poll(() => text, { timeout: 5_000 }).toMatch(/: hidup/)
    expect(text).toMatch(new RegExp(`^retry: 5000\\n\\nid: ${etag.replaceAll('"', '')}\\nevent: status\\ndata: \\{"version":\\d+,"status":"submitted","statusLabel":"Diajukan"\\}\\n\\n`))
    const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, version]) => Number(version))
    expect(ids).toEqual([...new Set(ids)].sort((left, right) => left - right))
    leave.abort()
    await reading
    const version = String((await portal.desk.get(id)).version)
    const again = await portal.call('GET', path, { as: people.opd, headers: { 'last-event-id': version } })
    const reader = (again.body as ReadableStream<Uint8Array>).getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('retry: 5000\n\n')
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(': hidup\n\n')
    await reader.cancel()
    expect((await portal.call('GET', path, { as: people.opd })).status).toBe(200)
  })

  it('live status: a reader who leaves while a change is being loaded for them ends nothing but their own stream', async () => {
    portal = await openPortal({ portal: { live: { streams: 1, heartbeat: 600_000, lifetime: 600_000 } } })
    const { id } = await portal.filed()
    const path = `/v1/requests/${id}/live`
    const leave = new AbortController()
    const failures: unknown[] = []
    const fail = (reason: unknown): void => { failures.push(reason) }
    process.on('unhandledRejection', fail)
    try {
      await portal.call('GET', path, { as: people.opd, signal: leave.signal })
      // Hears of the change after the stream does, and before the stream has loaded it.
      portal.desk.onChange(() => { leave.abort() })
      await portal.call('POST', `/v1/requests/${id}/dispose`, { as: people.head, json: { to: 'tegar.maulana' }, ifMatch: '*' })
      await portal.pass(0)
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(failures).toEqual([])
      expect((await portal.call('GET', path, { as: people.opd })).status).toBe(200)
    } finally {
      process.off('unhandledRejection', fail)
    }
  })
})
