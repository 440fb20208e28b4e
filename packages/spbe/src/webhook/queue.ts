/** One message for one endpoint. */
export interface WebhookDelivery {
  /** Message id: the same for every endpoint and every attempt. */
  readonly id: string
  readonly endpoint: string
  /** JSON text, fixed when the status changed. */
  readonly body: string
  /** Attempts made. */
  readonly attempt: number
}

/** A delivery somebody works on now. Valid until its lease ends; afterwards another worker may take it. */
export interface ClaimedDelivery extends WebhookDelivery {
  readonly token: string
}

/**
 * Where deliveries wait. A port: {@link createMemoryWebhookQueue} serves one process; a database serves many and survives a crash.
 * Times are milliseconds since 1970.
 */
export interface WebhookQueue {
  /** Puts a delivery in once. `false`: message and endpoint are known already, whatever became of them. */
  add(delivery: Omit<WebhookDelivery, 'attempt'>, dueAt: number): Promise<boolean>
  /** Takes what is due, earliest first, and counts an attempt. */
  claim(now: number, until: number, limit: number): Promise<readonly ClaimedDelivery[]>
  finish(claimed: ClaimedDelivery): Promise<void>
  retry(claimed: ClaimedDelivery, at: number, note: string): Promise<void>
  /** Given up; a person may look. */
  park(claimed: ClaimedDelivery, note: string): Promise<void>
  /** When something is due next. */
  nextAt(): Promise<number | undefined>
  /** What was given up, and why. */
  parked(): Promise<readonly (WebhookDelivery & { readonly note: string })[]>
}

interface Entry { readonly id: string; readonly endpoint: string; body: string; attempt: number; status: 'waiting' | 'running' | 'done' | 'parked'; at: number; token: string; note: string }

/** Finished messages remembered at most, so that a change of status is told once. */
const REMEMBERED = 100_000

/**
 * A queue in this process. What waits is lost with it; {@link Webhooks.sweep} makes good what the last status needs.
 *
 * @example
 * ```ts
 * const queue = createMemoryWebhookQueue()
 * await queue.add({ id: 'msg_1', endpoint: 'portal', body: '{}' }, 0) // true
 * await queue.add({ id: 'msg_1', endpoint: 'portal', body: '{}' }, 0) // false
 * const [claimed] = await queue.claim(1_000, 31_000, 10)
 * claimed?.attempt // 1
 * await queue.claim(1_000, 31_000, 10) // []
 * ```
 */
export function createMemoryWebhookQueue(): WebhookQueue {
  const entries = new Map<string, Entry>()
  let claims = 0
  const held = ({ id, endpoint, token }: ClaimedDelivery): Entry | undefined => {
    const entry = entries.get(`${id} ${endpoint}`)
    return entry?.status === 'running' && entry.token === token ? entry : undefined
  }
  const settle = (claimed: ClaimedDelivery, change: Partial<Entry>): void => {
    const entry = held(claimed)
    if (entry !== undefined) Object.assign(entry, change)
  }
  return {
    async add({ id, endpoint, body }, dueAt) {
      const key = `${id} ${endpoint}`
      if (entries.has(key)) return false
      entries.set(key, { id, endpoint, body, attempt: 0, status: 'waiting', at: dueAt, token: '', note: '' })
      if (entries.size > REMEMBERED) for (const [known, entry] of entries) if (entry.status === 'done') { entries.delete(known); break }
      return true
    },
    async claim(now, until, limit) {
      const due = [...entries.values()].filter(({ status, at }) => (status === 'waiting' || status === 'running') && at <= now).sort((left, right) => left.at - right.at)
      return due.slice(0, limit).map((entry) => {
        Object.assign(entry, { status: 'running', at: until, attempt: entry.attempt + 1, token: String(++claims) })
        const { id, endpoint, body, attempt, token } = entry
        return { id, endpoint, body, attempt, token }
      })
    },
    finish: async (claimed) => settle(claimed, { status: 'done', body: '' }),
    retry: async (claimed, at, note) => settle(claimed, { status: 'waiting', at, note }),
    park: async (claimed, note) => settle(claimed, { status: 'parked', note }),
    async nextAt() {
      let next: number | undefined
      for (const { status, at } of entries.values()) if ((status === 'waiting' || status === 'running') && (next === undefined || at < next)) next = at
      return next
    },
    parked: async () => [...entries.values()].filter(({ status }) => status === 'parked').map(({ id, endpoint, body, attempt, note }) => ({ id, endpoint, body, attempt, note })),
  }
}
