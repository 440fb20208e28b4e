import { statuses } from '@cabut/sdk'
import type { Desk } from '@cabut/sdk/desk'
import { createMemoryWebhookQueue, type ClaimedDelivery, type WebhookQueue } from './queue.js'
import { secretBytes, signWebhook, type WebhookSecret } from './sign.js'

/** Who is told. */
export interface WebhookEndpoint {
  /** Name in the queue; stays the same when address or secret change. */
  readonly id: string
  /** https, or http on loopback. */
  readonly url: string
  /** Newest first. Two while one is being rotated: deliveries are signed under both. */
  readonly secrets: readonly [WebhookSecret, ...WebhookSecret[]]
}

/** Body of a message. Code, status and link: never a name, number, DN or reason. */
export interface WebhookMessage {
  readonly type: 'request.status'
  /** When the status changed, ISO 8601 UTC. */
  readonly timestamp: string
  readonly data: {
    readonly code: string
    readonly service_id: string
    readonly request_id: string
    /** Grows with every change: a receiver ignores what is older than what it has. */
    readonly version: number
    readonly status: string
    readonly status_label: { readonly id: string; readonly en: string }
    readonly url?: string
  }
}

/** Durations in milliseconds. */
export interface WebhookOptions {
  readonly desk: Desk
  readonly endpoints: readonly WebhookEndpoint[]
  /** @default in memory */
  readonly queue?: WebhookQueue
  readonly serviceId?: string
  /** Address where people see the request. */
  readonly link?: (requestId: string) => string
  /** @default the global fetch */
  readonly fetch?: typeof globalThis.fetch
  /** @default the time of this computer */
  readonly clock?: () => Date
  /** Pauses before each attempt; afterwards it is given up. @default 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h (Standard Webhooks) */
  readonly pauses?: readonly [number, ...number[]]
  /** @default 15000 */
  readonly timeout?: number
  /** Delivers by itself until `close()`. `false`: somebody calls `deliverDue`. @default true */
  readonly worker?: boolean
}

/** Webhooks of a desk. */
export interface Webhooks {
  /** Delivers what is due; says how many attempts were made. */
  deliverDue(): Promise<number>
  /** Queues the present status of every request, where it was not told yet: after a restart, or when this process did not make the change. */
  sweep(): Promise<number>
  /** Waits until every change seen so far is queued. */
  settled(): Promise<void>
  close(): Promise<void>
}

const SECOND = 1_000
const pausesByDefault: readonly [number, ...number[]] = [0, 5 * SECOND, 300 * SECOND, 1_800 * SECOND, 7_200 * SECOND, 18_000 * SECOND, 36_000 * SECOND, 50_400 * SECOND, 72_000 * SECOND, 86_400 * SECOND]
const LONGEST_PAUSE = 86_400 * SECOND

type State = Parameters<Parameters<Desk['onChange']>[0]>[0]

/**
 * Tells endpoints of every change of status, once, signed by Standard Webhooks, and tries again with growing pauses.
 *
 * @throws TypeError for a wrong address or secret, or two endpoints of one id
 * @example
 * ```ts
 * const told: string[] = []
 * const fetch = async (_url: unknown, init?: RequestInit) => { told.push((JSON.parse(String(init?.body)) as WebhookMessage).data.status); return new Response() }
 * const webhooks = createWebhooks({ desk: await openDesk(), endpoints: [{ id: 'portal', url: 'https://portal.contoh.go.id/webhook', secrets: [secret] }], fetch, worker: false })
 * await webhooks.sweep() // 1
 * await webhooks.deliverDue() // 1
 * told // ['submitted']
 * ```
 */
export function createWebhooks(options: WebhookOptions): Webhooks {
  const { desk, endpoints } = options
  endpoints.forEach(checkEndpoint)
  if (new Set(endpoints.map(({ id }) => id)).size !== endpoints.length) throw new TypeError('endpoints: two have the same id')
  const queue = options.queue ?? createMemoryWebhookQueue()
  const clock = options.clock ?? ((): Date => new Date())
  const fetch = options.fetch ?? ((input, init): Promise<Response> => globalThis.fetch(input, init))
  const pauses = options.pauses ?? pausesByDefault
  const timeout = options.timeout ?? 15_000
  let closed = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let queued: Promise<unknown> = Promise.resolve()
  const running = new Set<Promise<unknown>>()

  async function tell(state: State): Promise<number> {
    const id = await messageId(state)
    const body = JSON.stringify(messageOf(state, options))
    const added = await Promise.all(endpoints.map(({ id: endpoint }) => queue.add({ id, endpoint, body }, clock().getTime() + pauses[0])))
    if (added.includes(true)) wake(0)
    return added.filter(Boolean).length
  }

  async function deliver(claimed: ClaimedDelivery): Promise<void> {
    const endpoint = endpoints.find(({ id }) => id === claimed.endpoint)
    if (endpoint === undefined) return queue.park(claimed, 'the endpoint is not configured any more')
    const outcome = await attempt(endpoint, claimed)
    if (outcome.done) return queue.finish(claimed)
    const pause = pauses[claimed.attempt]
    if (outcome.gone === true || pause === undefined) return queue.park(claimed, outcome.note)
    return queue.retry(claimed, clock().getTime() + Math.max(pause, outcome.after ?? 0), outcome.note)
  }

  async function attempt(endpoint: WebhookEndpoint, { id, body }: ClaimedDelivery): Promise<{ done: boolean; note: string; gone?: boolean; after?: number }> {
    // Signed anew at each attempt: the timestamp is the attempt's, so that a late delivery is no replay.
    const headers = await signWebhook(endpoint.secrets, { id, at: clock(), body })
    try {
      const response = await fetch(endpoint.url, {
        method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(timeout), headers: { 'Content-Type': 'application/json', 'User-Agent': 'cabut-webhooks', ...headers },
      })
      await response.body?.cancel().catch(() => undefined)
      if (response.status >= 200 && response.status < 300) return { done: true, note: '' }
      const after = Number(response.headers.get('retry-after') ?? '0') * SECOND
      return { done: false, note: `HTTP ${response.status}`, gone: response.status === 410, after: Number.isFinite(after) ? Math.min(Math.max(after, 0), LONGEST_PAUSE) : 0 }
    } catch (error) {
      return { done: false, note: error instanceof Error ? error.name : 'unknown' }
    }
  }

  async function deliverDue(): Promise<number> {
    let count = 0
    for (;;) {
      const now = clock().getTime()
      const claimed = await queue.claim(now, now + 4 * timeout, 16)
      if (claimed.length === 0) return count
      count += claimed.length
      await Promise.all(claimed.map(deliver))
    }
  }

  function wake(delay: number): void {
    if (closed || options.worker === false) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      const work = deliverDue().then(() => queue.nextAt()).then(
        (next) => { if (next !== undefined) wake(Math.min(Math.max(next - clock().getTime(), 100), 60_000)) },
        () => wake(5_000),
      )
      running.add(work)
      void work.finally(() => running.delete(work))
    }, delay)
  }

  // A listener of the desk must not throw and must not wait; changes are queued one after the other.
  const stop = desk.onChange((state) => {
    queued = queued.then(() => tell(state)).catch(() => undefined)
  })
  wake(0)

  return {
    deliverDue,
    async sweep() {
      let told = 0
      let after: string | undefined
      for (;;) {
        const page = await desk.list({ limit: 200, ...(after === undefined ? {} : { after }) })
        for (const { state } of page) told += await tell(state)
        after = page.at(-1)?.id
        if (page.length < 200 || after === undefined) return told
      }
    },
    async settled() {
      await queued
    },
    async close() {
      closed = true
      stop()
      clearTimeout(timer)
      await queued
      await Promise.all(running)
    },
  }
}

/** One id per change: request, status, and when that status began. Repetitions of any kind meet the same id. */
async function messageId(state: State): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify([state.id, state.status, state.since]))))
  return `msg_${Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

function messageOf(state: State, { serviceId, link }: WebhookOptions): WebhookMessage {
  const { id, en } = statuses[state.status]
  return {
    type: 'request.status',
    timestamp: state.since,
    data: {
      code: state.register ?? state.id, service_id: serviceId ?? 'pencabutan-sertifikat-elektronik', request_id: state.id, version: state.version, status: state.status,
      status_label: { id, en }, ...(link === undefined ? {} : { url: link(state.id) }),
    },
  }
}

function checkEndpoint({ id, url, secrets }: WebhookEndpoint): void {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw new TypeError('endpoints[].id: letters, digits, - and _ expected')
  checkAddress(`endpoint ${id}`, url)
  // New secrets have 24 octets at least (Standard Webhooks).
  for (const secret of secrets) secretBytes(secret, 24)
}

/** Where signed messages may go: https, or http on this very machine. @throws TypeError */
export function checkAddress(name: string, url: string): void {
  const address = new URL(url)
  const loopback = address.hostname === 'localhost' || address.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(address.hostname)
  if (address.protocol !== 'https:' && !(address.protocol === 'http:' && loopback)) throw new TypeError(`${name}: https expected (http on loopback only)`)
  if (address.username !== '' || address.password !== '') throw new TypeError(`${name}: credentials do not belong into a URL`)
}
