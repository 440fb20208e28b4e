import type { Database } from '../database.js'

/** One message for one endpoint, as the webhooks of `@cabut/spbe` know it. */
export interface Delivery {
  readonly id: string
  readonly endpoint: string
  readonly body: string
  readonly attempt: number
}

/** A delivery somebody works on, until its lease ends. */
export interface HeldDelivery extends Delivery {
  readonly token: string
}

/** Webhooks on their way in a table: shared by every process, alive after a restart. Times are milliseconds since 1970. */
export interface SqlWebhookQueue {
  add(delivery: Omit<Delivery, 'attempt'>, dueAt: number): Promise<boolean>
  claim(now: number, until: number, limit: number): Promise<readonly HeldDelivery[]>
  finish(claimed: HeldDelivery): Promise<void>
  retry(claimed: HeldDelivery, at: number, note: string): Promise<void>
  park(claimed: HeldDelivery, note: string): Promise<void>
  nextAt(): Promise<number | undefined>
  parked(): Promise<readonly (Delivery & { readonly note: string })[]>
}

/**
 * Makes the queue over a migrated database. A message that was delivered stays known without its body, so that it is never told twice.
 *
 * @example
 * ```ts
 * const queue = createSqlWebhookQueue(await openDatabase())
 * await queue.add({ id: 'msg_1', endpoint: 'portal', body: '{}' }, 0) // true
 * const [claimed] = await queue.claim(1_000, 31_000, 10)
 * claimed && await queue.finish(claimed)
 * await queue.add({ id: 'msg_1', endpoint: 'portal', body: '{}' }, 0) // false
 * ```
 */
export function createSqlWebhookQueue(database: Database): SqlWebhookQueue {
  /** Only who still holds the lease may say what became of it. */
  const settle = async ({ id, endpoint, token }: HeldDelivery, change: string, ...values: readonly unknown[]): Promise<void> => {
    await database.query(`update cabut.portal_deliveries set ${change} where id = $1 and endpoint = $2 and token = $3 and status = 'running'`, [id, endpoint, token, ...values])
  }
  return {
    async add({ id, endpoint, body }, dueAt) {
      const added = await database.query('insert into cabut.portal_deliveries (id, endpoint, body, due_at) values ($1, $2, $3, $4) on conflict do nothing returning id', [id, endpoint, body, new Date(dueAt)])
      return added.length > 0
    },
    async claim(now, until, limit) {
      const token = crypto.randomUUID()
      return database.query<{ id: string; endpoint: string; body: string; attempt: number; token: string }>(
        `with due as (
           select id, endpoint from cabut.portal_deliveries where status in ('waiting', 'running') and due_at <= $1 order by due_at limit $3 for update skip locked)
         update cabut.portal_deliveries d set status = 'running', due_at = $2, attempt = d.attempt + 1, token = $4
         from due where d.id = due.id and d.endpoint = due.endpoint
         returning d.id, d.endpoint, d.body, d.attempt, d.token`, [new Date(now), new Date(until), limit, token])
    },
    finish: (claimed) => settle(claimed, "status = 'done', body = ''"),
    retry: (claimed, at, note) => settle(claimed, "status = 'waiting', due_at = $4, note = $5", new Date(at), note),
    park: (claimed, note) => settle(claimed, "status = 'parked', note = $4", note),
    async nextAt() {
      const [row] = await database.query<{ at: Date | null }>("select min(due_at) as at from cabut.portal_deliveries where status in ('waiting', 'running')")
      return row?.at?.getTime()
    },
    async parked() {
      return database.query<{ id: string; endpoint: string; body: string; attempt: number; note: string }>(
        "select id, endpoint, body, attempt, note from cabut.portal_deliveries where status = 'parked' order by due_at, id, endpoint")
    },
  }
}
