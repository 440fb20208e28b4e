import type { Database } from '../database.js'

/** Sessions in a table: shared by every process, alive after a restart. Keys are digests of cookies; times milliseconds since 1970. */
export interface SqlSessionStore {
  get(key: string, now: number): Promise<string | undefined>
  put(key: string, value: string, until: number): Promise<void>
  take(key: string, now: number): Promise<string | undefined>
}

/** How many writes pass between two removals of what has ended. */
const TIDY = 500

/**
 * Makes the store over a migrated database.
 *
 * @param now for the removal of sessions that have ended
 * @example
 * ```ts
 * const store = createSqlSessionStore(await openDatabase())
 * await store.put('digest', '{"person":"surya.wibisana"}', Date.now() + 60_000)
 * await store.take('digest', Date.now()) // '{"person":"surya.wibisana"}'
 * await store.take('digest', Date.now()) // undefined
 * ```
 */
export function createSqlSessionStore(database: Database, now: () => number = Date.now): SqlSessionStore {
  let writes = 0
  return {
    async get(key, time) {
      const [row] = await database.query<{ value: string }>('select value from cabut.portal_sessions where key = $1 and until > $2', [key, new Date(time)])
      return row?.value
    },
    async put(key, value, until) {
      if (++writes % TIDY === 0) await database.query('delete from cabut.portal_sessions where until <= $1', [new Date(now())])
      await database.query(
        'insert into cabut.portal_sessions (key, value, until) values ($1, $2, $3) on conflict (key) do update set value = excluded.value, until = excluded.until', [key, value, new Date(until)])
    },
    async take(key, time) {
      const [row] = await database.query<{ value: string; until: Date }>('delete from cabut.portal_sessions where key = $1 returning value, until', [key])
      return row === undefined || row.until.getTime() <= time ? undefined : row.value
    },
  }
}
