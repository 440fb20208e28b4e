import { spawn, spawnSync } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterEach, describe, expect, it } from 'vitest'
import { openPortal, people, type Portal } from './portal.js'

let portal: Portal
let server: Server
const sockets = new Set<Socket>()
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  server.closeAllConnections()
  await new Promise<void>((done) => server.close(() => done()))
  await portal.close()
})

async function listen(made: Portal, options: Parameters<typeof createServer>[0] = {}): Promise<number> {
  portal = made
  server = createServer(options, getRequestListener(portal.handler.fetch))
  await new Promise<void>((done) => server.listen({ port: 0, host: '127.0.0.1', backlog: 2_000 }, done))
  return (server.address() as AddressInfo).port
}

/** A connection spoken by hand: everything that came back, and whether the other side has ended it. */
function speak(port: number): { socket: Socket; heard: () => string; ended: Promise<void> } {
  const socket = connect(port, '127.0.0.1')
  sockets.add(socket)
  let text = ''
  socket.on('data', (chunk: Buffer) => { text += chunk.toString('latin1') }).on('error', () => {})
  const ended = new Promise<void>((done) => { socket.on('close', () => done()).on('end', () => done()) })
  return { socket, heard: () => text, ended }
}
const statusesOf = (text: string): readonly number[] => [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))

/** In a process of its own, because both ends of 10,000 connections are more than one may have open: connects, and tells the statuses once every connection has one. */
const crowd = `
const { connect } = require('node:net')
const [port, path, authorization, count] = process.argv.slice(1)
const statuses = []
let begun = 0
// So many at a time as a listening socket queues; they all stay open.
const open = () => {
  if (begun++ >= Number(count)) return
  const socket = connect(Number(port), '127.0.0.1', () => socket.write('GET ' + path + ' HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: ' + authorization + '\\r\\n\\r\\n'))
  socket.on('error', (error) => console.log('error ' + error.code))
  socket.once('data', (chunk) => {
    statuses.push([String(chunk).slice(9, 12), /retry-after: 30/i.test(String(chunk))])
    if (statuses.length === Number(count)) console.log(JSON.stringify(statuses))
    open()
  })
}
for (let at = 0; at < 200; at++) open()
`

const descriptors = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim()
const enough = descriptors === 'unlimited' || Number(descriptors) >= 12_000
if (!enough) console.warn(`SKIPPED 10,000 connections: a process may have ${descriptors} files open here`)

describe('10,000 open SSE connections', () => {
  it.skipIf(!enough)('as many as are allowed stay open, the rest are told when to come again, and the service goes on; who leaves makes room', async () => {
    const [count, allowed] = [10_000, 500]
    const port = await listen(await openPortal({ portal: { live: { streams: allowed, heartbeat: 600_000, lifetime: 600_000 } } }))
    const { id } = await portal.filed()
    const authorization = `Bearer ${await portal.token(people.opd)}`
    const child = spawn(process.execPath, ['-e', crowd, String(port), `/v1/requests/${id}/live`, authorization, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const line = await new Promise<string>((done) => { let text = ''; child.stdout.on('data', (chunk: Buffer) => { text += String(chunk); if (text.includes('\n')) done(text) }) })
      const statuses = JSON.parse(line) as [string, boolean][]
      expect([statuses.length, statuses.filter(([status]) => status === '200').length, statuses.filter(([status, later]) => status === '429' && later).length]).toEqual([count, allowed, count - allowed])
      // All of them still there: an ordinary request is answered, and no further stream.
      expect((await fetch(`http://127.0.0.1:${port}/v1/requests/${id}`, { headers: { authorization } })).status).toBe(200)
      expect((await portal.call('GET', `/v1/requests/${id}/live`, { as: people.opd })).status).toBe(429)
    } finally {
      child.kill('SIGKILL')
    }
    await expect.poll(async () => {
      const again = await portal.call('GET', `/v1/requests/${id}/live`, { as: people.opd })
      await again.body?.cancel()
      return again.status
    }, { timeout: 60_000 }).toBe(200)
  }, 300_000)

  it('a thousand readers of one request each hear of a change once, and none is left behind when they go', async () => {
    const many = 1_000
    await listen(await openPortal({ portal: { live: { streams: many, heartbeat: 600_000, lifetime: 600_000 } } }))
    const { id } = await portal.filed()
    const leave = Array.from({ length: many }, () => new AbortController())
    const heard = leave.map(() => '')
    const token = await portal.token(people.head)
    const readers = await Promise.all(leave.map(async ({ signal }, at) => {
      const answer = await portal.handler.fetch(new Request(`https://x.invalid/v1/requests/${id}/live`, { headers: { authorization: `Bearer ${token}` }, signal }))
      expect(answer.status).toBe(200)
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
      const ended = (async () => {
        for (;;) {
          const { done, value } = await reader.read()
          if (done) return
          heard[at] = `${heard[at] ?? ''}${new TextDecoder().decode(value)}`
        }
      })()
      return { ended }
    }))
    expect((await portal.call('GET', `/v1/requests/${id}/live`, { as: people.head })).status).toBe(429)
    await portal.call('POST', `/v1/requests/${id}/dispose`, { as: people.head, json: { to: 'tegar.maulana' }, ifMatch: '*' })
    await expect.poll(() => heard.filter((text) => text.split('"status":"disposed"').length === 2).length, { timeout: 120_000 }).toBe(many)
    for (const one of leave) one.abort()
    await Promise.all(readers.map(({ ended }) => ended))
    const again = await portal.call('GET', `/v1/requests/${id}/live`, { as: people.head })
    expect(again.status).toBe(200)
    await again.body?.cancel()
  }, 300_000)
})

describe('slow loris', () => {
  it('headers and bodies that drip keep nobody else waiting, and are cut off when their time is up', async () => {
    const port = await listen(await openPortal(), { headersTimeout: 600_000, requestTimeout: 600_000, connectionsCheckingInterval: 200 })
    const authorization = `Bearer ${await portal.token(people.opd)}`
    const slow = Array.from({ length: 500 }, (_, at) => {
      const one = speak(port)
      one.socket.write(at % 2 === 0 ? 'GET /v1/requests HTTP/1.1\r\nHost: x\r\nX-A: ' : `POST /v1/requests HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nIdempotency-Key: kunci-lambat-${at}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\n`)
      return one
    })
    const drip = setInterval(() => { for (const { socket } of slow) if (!socket.destroyed) socket.write('a') }, 100)
    await expect.poll(() => new Promise((done) => { server.getConnections((_, count) => { done(count) }) }), { timeout: 30_000 }).toBe(500)
    // With all of them still dripping somebody else is answered.
    expect((await fetch(`http://127.0.0.1:${port}/v1/requests`, { headers: { authorization } })).status).toBe(200)
    expect(slow.every(({ socket }) => !socket.destroyed)).toBe(true)
    Object.assign(server, { headersTimeout: 500, requestTimeout: 500 })
    await Promise.all(slow.map(({ ended }) => ended))
    clearInterval(drip)
    // Told so, or hung up on; never taken for a request.
    expect(slow.flatMap(({ heard }) => statusesOf(heard())).filter((status) => status !== 408 && status !== 400)).toEqual([])
    expect(await portal.desk.list()).toEqual([])
  }, 400_000)
})

describe('request smuggling', () => {
  const inner = 'GET /v1/requests HTTP/1.1\r\nHost: x\r\n\r\n'
  it.each([
    ['length and chunks', `Content-Length: ${inner.length + 5}\r\nTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${inner}`],
    ['two lengths', `Content-Length: 0\r\nContent-Length: ${inner.length}\r\n`, inner],
    ['two lengths in one', `Content-Length: 0, ${inner.length}\r\n`, inner],
    ['a length with a sign', `Content-Length: +${inner.length}\r\n`, inner],
    ['an unknown coding', 'Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${inner}`],
    ['chunked that is not last', 'Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${inner}`],
    ['a blank before the colon', `Content-Length : ${inner.length}\r\n`, inner],
    ['a folded header', `X-A: b\r\n Content-Length: ${inner.length}\r\nContent-Length : 0\r\n`, inner],
    ['a bare carriage return', `X-A: b\rTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${inner}`],
    ['a chunk length that is none', 'Transfer-Encoding: chunked\r\n', `zz\r\n${inner}\r\n0\r\n\r\n`],
  ])('%s: refused with the connection, and what hides behind it is never a request', async (_, headers, body) => {
    const port = await listen(await openPortal())
    const authorization = `Bearer ${await portal.token(people.opd)}`
    const { socket, heard, ended } = speak(port)
    socket.write(`POST /v1/complaints HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nIdempotency-Key: kunci-selundup\r\nContent-Type: application/json\r\n${headers}\r\n${body}`)
    await ended
    expect(statusesOf(heard())).toEqual([400])
    // Nobody asked for the list, not even without a right to it.
    expect(portal.trail.filter(({ operation }) => operation === 'listRequests')).toEqual([])
  })
})

describe('2 GB that are not announced', () => {
  it('are cut off soon after the limit, whatever goes on coming', async () => {
    const limit = 1_000_000
    const port = await listen(await openPortal({ portal: { limits: { letter: limit, form: limit } } }))
    const authorization = `Bearer ${await portal.token(people.opd)}`
    const { socket, heard, ended } = speak(port)
    socket.write(`POST /v1/requests HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nIdempotency-Key: kunci-tanpa-batas\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n`)
    const chunk = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
    socket.write(chunk(Buffer.from('--b\r\nContent-Disposition: form-data; name="surat"; filename="s.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\n')))
    const piece = chunk(Buffer.alloc(65_536, 0x20))
    let sent = 0
    let over = false
    void ended.then(() => { over = true })
    while (!over && statusesOf(heard()).length === 0 && sent < 2_147_483_648) {
      const flows = socket.write(piece)
      sent += piece.length
      if (!flows) await Promise.race([ended, new Promise((done) => { socket.once('drain', done) }), new Promise((done) => { socket.once('data', done) })])
    }
    await expect.poll(() => statusesOf(heard()), { timeout: 10_000 }).toEqual([413])
    // What lies in the buffers of both ends, and no more.
    expect(sent).toBeLessThan(limit + 40_000_000)
    expect(await portal.desk.list()).toEqual([])
  }, 400_000)
})
