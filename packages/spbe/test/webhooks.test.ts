import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { createMemoryWebhookQueue, createWebhooks, newWebhookSecret, type WebhookMessage, type Webhooks } from '../src/index.js'
import { findings, openPortal, people, type Portal } from './portal.js'

let portal: Portal
let webhooks: Webhooks | undefined
let server: Server | undefined
afterEach(async () => {
  await webhooks?.close()
  await portal.close()
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())))
  server = undefined
})

interface Received { readonly id: string; readonly message: WebhookMessage }

/** A real receiver that verifies with the reference library; `answers` are its first status codes, then 204. */
async function receiver(secret: string, answers: number[] = [], now: () => number = Date.now): Promise<{ url: string; received: Received[]; attempts: () => number }> {
  const received: Received[] = []
  let attempts = 0
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => { body += String(chunk) })
    request.on('end', () => {
      attempts++
      const status = answers.shift() ?? 204
      if (status === 0) return void request.socket.destroy()
      if (status >= 300) return void response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/lain' } : {}).end('gangguan')
      // The library reads the clock itself, so its window is judged against the test's clock here.
      expect(Math.abs(now() / 1_000 - Number(request.headers['webhook-timestamp']))).toBeLessThan(300)
      const verifier = new Webhook(secret)
      expect(verifier.sign(String(request.headers['webhook-id']), new Date(Number(request.headers['webhook-timestamp']) * 1_000), body).split(' ')).toEqual([String(request.headers['webhook-signature']).split(' ')[0]])
      received.push({ id: String(request.headers['webhook-id']), message: JSON.parse(body) as WebhookMessage })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received, attempts: () => attempts }
}

describe('webhooks', () => {
  it('one signed message for every change of status, in the whole service with faults on, none of them personal', async () => {
    portal = await openPortal()
    const secret = newWebhookSecret()
    const { url, received } = await receiver(secret, [], () => portal.clock.now)
    webhooks = createWebhooks({ desk: portal.desk, endpoints: [{ id: 'portal', url, secrets: [secret] }], clock: () => new Date(portal.clock.now), worker: false, link: (id) => `https://portal.contoh.go.id/p/${id}` })
    const changes: string[] = []
    let last = ''
    portal.desk.onChange(({ status }) => { if (status !== last) changes.push(last = status) })
    const { id } = await portal.filed()
    await portal.pass(0)
    await portal.call('POST', `/v1/requests/${id}/dispose`, { as: people.head, json: { to: 'tegar.maulana' }, ifMatch: '*' })
    await portal.call('POST', `/v1/requests/${id}/approve`, { as: people.verifier, json: { findings }, ifMatch: '*' })
    await portal.pass(4 * 3_600_000, 600_000)
    await webhooks.settled()
    await webhooks.deliverDue()
    const told = [...received].sort((left, right) => left.message.data.version - right.message.data.version)
    expect(told.map(({ message }) => message.data.status)).toEqual(changes)
    expect(changes).toEqual(expect.arrayContaining(['submitted', 'disposed', 'approved', 'awaitingProof', 'revoked', 'closed']))
    expect(new Set(told.map((one) => one.id)).size).toBe(changes.length)
    expect(told.at(-1)?.message).toEqual({
      type: 'request.status', timestamp: expect.stringMatching(/Z$/) as string,
      data: { code: expect.stringMatching(/^\d{4}\/2026$/) as string, service_id: 'pencabutan-sertifikat-elektronik', request_id: id, version: expect.any(Number) as number, status: 'closed', status_label: { id: 'Selesai', en: 'Closed' }, url: `https://portal.contoh.go.id/p/${id}` },
    })
    expect(JSON.stringify(told)).not.toMatch(/surya|Surya|mutasi|CN=|dindik/)
    // Swept or told again, nothing is told twice.
    expect([await webhooks.sweep(), await webhooks.deliverDue(), received.length]).toEqual([0, 0, changes.length])
  })

  it('fails and tries again with growing pauses, the same id, a fresh timestamp; redirects are not followed', async () => {
    portal = await openPortal()
    const secret = newWebhookSecret()
    const { url, received, attempts } = await receiver(secret, [500, 0, 302, 429], () => portal.clock.now)
    webhooks = createWebhooks({ desk: portal.desk, endpoints: [{ id: 'portal', url, secrets: [secret] }], clock: () => new Date(portal.clock.now), worker: false })
    await portal.filed()
    await webhooks.settled()
    expect([await webhooks.deliverDue(), attempts()]).toEqual([1, 1])
    for (const [pause, count] of [[4_999, 1], [1, 2], [300_000, 3], [1_800_000, 4], [7_200_000, 5]] as const) {
      portal.clock.now += pause
      await webhooks.deliverDue()
      expect(attempts()).toBe(count)
    }
    expect(received.map(({ message }) => message.data.status)).toEqual(['submitted'])
  })

  it('gives up after the last pause, at once on 410 Gone, and keeps what it gave up', async () => {
    for (const [answers, expected] of [[[500, 500, 500], 3], [[410], 1]] as const) {
      portal = await openPortal()
      const secret = newWebhookSecret()
      const queue = createMemoryWebhookQueue()
      const { url, attempts } = await receiver(secret, [...answers], () => portal.clock.now)
      const hooks = createWebhooks({ desk: portal.desk, queue, endpoints: [{ id: 'portal', url, secrets: [secret] }], clock: () => new Date(portal.clock.now), worker: false, pauses: [0, 10, 20] })
      await portal.filed()
      await hooks.settled()
      for (let time = 0; time < 6; time++) {
        await hooks.deliverDue()
        portal.clock.now += 1_000
      }
      expect(attempts()).toBe(expected)
      expect(await queue.parked()).toMatchObject([{ endpoint: 'portal', attempt: expected, note: `HTTP ${answers.at(-1)}` }])
      await hooks.close()
      await portal.close()
      await new Promise<void>((resolve) => server?.close(() => resolve()))
      server = undefined
    }
    portal = await openPortal()
  })

  it('a worker of its own delivers without being asked; a sweep tells what happened before it started', async () => {
    portal = await openPortal()
    await portal.filed()
    const secret = newWebhookSecret()
    const { url, received } = await receiver(secret, [], () => portal.clock.now)
    webhooks = createWebhooks({ desk: portal.desk, endpoints: [{ id: 'portal', url, secrets: [secret, newWebhookSecret()] }], clock: () => new Date(portal.clock.now) })
    expect(await webhooks.sweep()).toBe(1)
    await expect.poll(() => received.length, { timeout: 5_000 }).toBe(1)
  })

  it.each([
    ['plain http', { id: 'a', url: 'http://portal.contoh.go.id', secrets: [newWebhookSecret()] }],
    ['credentials in the address', { id: 'a', url: 'https://a:b@portal.contoh.go.id', secrets: [newWebhookSecret()] }],
    ['a short secret', { id: 'a', url: 'https://portal.contoh.go.id', secrets: ['whsec_plJ3nmyCDGBKInavdOK15jsl'] }],
    ['a bad name', { id: 'a b', url: 'https://portal.contoh.go.id', secrets: [newWebhookSecret()] }],
  ] as const)('refuses %s at construction', async (_, endpoint) => {
    portal = await openPortal()
    webhooks = undefined
    expect(() => createWebhooks({ desk: portal.desk, endpoints: [endpoint as never] })).toThrow(TypeError)
  })
})
