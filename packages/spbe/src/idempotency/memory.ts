import type { IdempotencyStore, StoredAnswer } from './port.js'

/** Durations in milliseconds. */
export interface MemoryIdempotencyOptions {
  /** How long an answer is kept. @default 86400000 (24 hours) */
  readonly keep?: number
  /** Keys kept at most; the oldest finished ones go first. @default 10000 */
  readonly limit?: number
  /** @default Date.now */
  readonly now?: () => number
}

interface Entry { readonly fingerprint: string; readonly since: number; answer?: StoredAnswer }

/**
 * Keeps answers in this process. After a restart a repeated filing meets the desk's own check of the same key.
 *
 * @throws TypeError unless `keep` and `limit` are positive
 * @example
 * ```ts
 * const store = createMemoryIdempotencyStore({ keep: 3_600_000 })
 * await store.claim('surya.wibisana kunci-1', 'ab12') // { outcome: 'claimed' }
 * await store.claim('surya.wibisana kunci-1', 'ab12') // { outcome: 'inUse' }
 * await store.claim('surya.wibisana kunci-1', 'ff00') // { outcome: 'reused' }
 * ```
 */
export function createMemoryIdempotencyStore(options: MemoryIdempotencyOptions = {}): IdempotencyStore {
  const keep = options.keep ?? 86_400_000
  const limit = options.limit ?? 10_000
  const now = options.now ?? Date.now
  if (!(keep > 0) || !(limit > 0)) throw new TypeError('keep and limit must be positive')
  const entries = new Map<string, Entry>()
  const forget = (): void => {
    // Insertion order is age: stop at the first entry that is young enough.
    for (const [key, entry] of entries) {
      if (now() - entry.since < keep && entries.size < limit) break
      if (entry.answer !== undefined || now() - entry.since >= keep) entries.delete(key)
    }
  }
  return {
    async claim(key, fingerprint) {
      forget()
      const entry = entries.get(key)
      if (entry === undefined) {
        entries.set(key, { fingerprint, since: now() })
        return { outcome: 'claimed' }
      }
      if (entry.fingerprint !== fingerprint) return { outcome: 'reused' }
      return entry.answer === undefined ? { outcome: 'inUse' } : { outcome: 'answered', answer: entry.answer }
    },
    async finish(key, answer) {
      const entry = entries.get(key)
      if (entry !== undefined) entry.answer = answer
    },
    async release(key) {
      if (entries.get(key)?.answer === undefined) entries.delete(key)
    },
  }
}
