/**
 * Where sessions are kept, by a digest of what the browser holds: who reads the store cannot act as anybody. A port: {@link createMemorySessionStore}
 * serves one process, `createSqlSessionStore` of `@cabut/postgres/portal` many. Values are JSON text; times milliseconds since 1970.
 */
export interface SessionStore {
  /** `undefined` once `until` has passed. */
  get(key: string, now: number): Promise<string | undefined>
  /** Makes or replaces. */
  put(key: string, value: string, until: number): Promise<void>
  /** Gives the value to one caller only, and forgets it. */
  take(key: string, now: number): Promise<string | undefined>
}

/** Sessions kept at most; those made first go first. */
const LIMIT = 50_000

/**
 * Keeps sessions in this process: they end with it. At most 50,000; those made first go first.
 *
 * @example
 * ```ts
 * const store = createMemorySessionStore()
 * await store.put('digest', '{"person":"surya.wibisana"}', Date.now() + 60_000)
 * await store.take('digest', Date.now()) // '{"person":"surya.wibisana"}'
 * await store.take('digest', Date.now()) // undefined
 * ```
 */
export function createMemorySessionStore(): SessionStore {
  const entries = new Map<string, { readonly value: string; readonly until: number }>()
  const get = (key: string, now: number): string | undefined => {
    const entry = entries.get(key)
    return entry === undefined || entry.until <= now ? undefined : entry.value
  }
  return {
    get: async (key, now) => get(key, now),
    async put(key, value, until) {
      entries.delete(key)
      entries.set(key, { value, until })
      if (entries.size > LIMIT) entries.delete(entries.keys().next().value as string)
    },
    async take(key, now) {
      const value = get(key, now)
      entries.delete(key)
      return value
    },
  }
}
