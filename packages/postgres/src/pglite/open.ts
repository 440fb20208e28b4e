import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite, Transaction } from '@electric-sql/pglite'
import type { Database, Owner, Queryable, Row } from '../database.js'
import { lockDirectory, type DirectoryLock } from './lock.js'

/** How an embedded database is opened. */
export interface PgliteOptions {
  /** A directory for this database alone; made when it is not there. Absent: in memory, for tests. */
  readonly directory?: string
}

/**
 * Opens an embedded PostgreSQL in a directory: nothing to install, one process at a time. Takes about two seconds and 450-700 MB.
 *
 * @throws CabutError `storeLocked` when another process has the directory open, or this one already; it names that process
 * @example
 * ```ts
 * const directory = openFolder()
 * const database = await openPglite({ directory })
 * await database.query('select 1 + 1 as sum') // [{ sum: 2 }]
 * await openPglite({ directory }) // throws storeLocked
 * await database.close()
 * ```
 */
export async function openPglite(options: PgliteOptions = {}): Promise<Database> {
  const { directory } = options
  let lock: DirectoryLock | undefined
  if (directory !== undefined) lock = await lockDirectory(directory)
  try {
    const { PGlite: Engine } = await import('@electric-sql/pglite')
    const path = directory === undefined ? undefined : join(directory, 'pg')
    if (path !== undefined) await mkdir(path, { recursive: true, mode: 0o700 })
    const engine = await Engine.create(path === undefined ? {} : { dataDir: path })
    return databaseOf(engine, lock)
  } catch (error) {
    await lock?.release()
    throw error
  }
}

function databaseOf(engine: PGlite, lock: DirectoryLock | undefined): Database {
  const over = (inner: Pick<PGlite | Transaction, 'query'>): Queryable => ({
    query: async <R extends Row>(sql: string, parameters: readonly unknown[] = []) => (await inner.query<R>(sql, [...parameters])).rows,
  })
  const self = over(engine)
  let closed: Promise<void> | undefined
  return {
    kind: 'pglite',
    query: (sql, parameters) => self.query(sql, parameters),
    asOwner: run => engine.transaction(inner => run({ ...over(inner), script: async sql => { await inner.exec(sql) } } satisfies Owner)),
    transaction: run => engine.transaction(inner => run(over(inner))),
    // One process and one user: nobody else is connected whom a second wall would keep out.
    within: (_scope, run) => run(self),
    lost: () => false,
    close() {
      closed ??= engine.close().finally(() => lock?.release())
      return closed
    },
  }
}
