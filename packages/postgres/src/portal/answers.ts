import type { Database } from '../database.js'

/** A finished answer. The shapes here are those of `@cabut/spbe`'s ports, which this package does not import; example 10 puts one into the other. */
export interface KeptAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What is known of a key. */
export type AnswerClaim = { readonly outcome: 'claimed' | 'inUse' | 'reused' } | { readonly outcome: 'answered'; readonly answer: KeptAnswer }

/** Answers to `Idempotency-Key` in a table: shared by every process, alive after a restart. */
export interface SqlIdempotencyStore {
  claim(key: string, fingerprint: string): Promise<AnswerClaim>
  finish(key: string, answer: KeptAnswer): Promise<void>
  release(key: string): Promise<void>
}

/** Durations in milliseconds. */
export interface SqlIdempotencyOptions {
  /** How long an answer is kept. @default 86400000 (24 hours) */
  readonly keep?: number
  /**
   * After so long a key without an answer may be claimed again by the same request: its process died. What that process had committed is met by the
   * desk's own checks (the id of a filing follows from its key, a decision names the version it was made on). @default 120000
   */
  readonly lease?: number
  /** @default Date.now */
  readonly now?: () => number
}

/** How many claims pass between two removals of what is too old. */
const TIDY = 500

/**
 * Makes the store over a migrated database.
 *
 * @throws TypeError unless `keep` and `lease` are positive
 * @example
 * ```ts
 * const store = createSqlIdempotencyStore(await openDatabase())
 * await store.claim('surya.wibisana kunci-1', 'ab12') // { outcome: 'claimed' }
 * await store.finish('surya.wibisana kunci-1', { status: 201, headers: {}, body: '{}' })
 * await store.claim('surya.wibisana kunci-1', 'ab12') // { outcome: 'answered', answer: { status: 201, headers: {}, body: '{}' } }
 * await store.claim('surya.wibisana kunci-1', 'ff00') // { outcome: 'reused' }
 * ```
 */
export function createSqlIdempotencyStore(database: Database, options: SqlIdempotencyOptions = {}): SqlIdempotencyStore {
  const [keep, lease, now] = [options.keep ?? 86_400_000, options.lease ?? 120_000, options.now ?? Date.now]
  if (!(keep > 0) || !(lease > 0)) throw new TypeError('keep and lease must be positive')
  let claims = 0
  return {
    async claim(key, fingerprint) {
      const time = now()
      const [young, dead] = [new Date(time - keep), new Date(time - lease)]
      if (++claims % TIDY === 0) await database.query('delete from cabut.portal_answers where since < $1', [young])
      for (;;) {
        // One atomic statement: of two processes one gets the row.
        const taken = await database.query(
          `insert into cabut.portal_answers as a (key, fingerprint, since) values ($1, $2, $3)
           on conflict (key) do update set fingerprint = excluded.fingerprint, since = excluded.since, status = null, headers = null, body = null
             where a.since < $4 or (a.status is null and a.since < $5 and a.fingerprint = excluded.fingerprint)
           returning key`, [key, fingerprint, new Date(time), young, dead])
        if (taken.length > 0) return { outcome: 'claimed' }
        const [row] = await database.query<{ fingerprint: string; status: number | null; headers: Record<string, string> | null; body: string | null }>(
          'select fingerprint, status, headers, body from cabut.portal_answers where key = $1', [key])
        // Released meanwhile: try again.
        if (row === undefined) continue
        if (row.fingerprint !== fingerprint) return { outcome: 'reused' }
        return row.status === null ? { outcome: 'inUse' } : { outcome: 'answered', answer: { status: row.status, headers: row.headers ?? {}, body: row.body ?? '' } }
      }
    },
    async finish(key, { status, headers, body }) {
      await database.query('update cabut.portal_answers set status = $2, headers = $3::json, body = $4 where key = $1', [key, status, JSON.stringify(headers), body])
    },
    async release(key) {
      await database.query('delete from cabut.portal_answers where key = $1 and status is null', [key])
    },
  }
}
