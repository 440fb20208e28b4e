import { createHash } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import type { Database, Owner, Queryable, Row } from '../database.js'
import { deskRole } from '../migration/migrate.js'
import { openWall } from '../store/scope.js'

/** How a PostgreSQL server is reached. PostgreSQL 15 or newer. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, or a socket directory as `host` in {@link PostgresOptions.host}. */
  readonly url?: string
  /** Host name, or the directory of a unix socket. */
  readonly host?: string
  readonly port?: number
  readonly database?: string
  readonly user?: string
  readonly password?: string
  /** Connections kept. @default 10 */
  readonly connections?: number
  /** Milliseconds to wait for a connection. @default 10000 */
  readonly connectTimeout?: number
  /**
   * Work as the role without ownership (`cabut_desk`), so that row-level security stands behind every query. Off, the tenant is kept by
   * the queries alone. @default true
   */
  readonly secondWall?: boolean
}

/** SQLSTATE classes and socket errors after which nobody knows whether the statement was carried out. */
const lostCodes: ReadonlySet<string> = new Set([
  'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENOENT', 'ETIMEDOUT', '57P01', '57P02', '57P03', '08000', '08003', '08006', '08001', '08004', '08007',
])

/**
 * Connects to PostgreSQL: any number of desks and workers on any number of machines. The first query connects; where no server answers, that query fails
 * with the error of the socket or of the server, and `lost` says whether it may have been carried out all the same.
 *
 * @example
 * ```ts
 * const database = await connectPostgres({ host: openFolder(), database: 'cabut', user: 'cabut' })
 * database.kind // 'postgres'
 * await database.query('select 1') // throws ENOENT
 * await database.close()
 * ```
 */
export async function connectPostgres(options: PostgresOptions = {}): Promise<Database> {
  const pg = await import('pg')
  const { Pool: PoolOf } = pg.default ?? pg
  const { url, host, port, database, user, password } = options
  const pool: Pool = new PoolOf({
    ...(url === undefined ? {} : { connectionString: url }), ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }),
    ...(database === undefined ? {} : { database }), ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }),
    max: options.connections ?? 10, connectionTimeoutMillis: options.connectTimeout ?? 10_000, application_name: 'cabut', keepAlive: true,
  })
  // A connection that dies while idle is replaced; the error belongs to nobody's call.
  pool.on('error', () => {})
  // One that dies while in use also says so by an event of its own, which nobody else hears: the call fails by itself.
  pool.on('connect', client => client.on('error', () => {}))
  const wall = options.secondWall ?? true
  const ready = new WeakSet<PoolClient>()

  async function withClient<T>(run: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      if (wall && !ready.has(client)) {
        await client.query(`set role ${deskRole}; set cabut.scope = '${openWall}'`)
        ready.add(client)
      }
      return await run(client)
    } catch (error) {
      if (isLost(error)) broken = error as Error
      throw error
    } finally {
      client.release(broken)
    }
  }

  async function inTransaction<T>(client: PoolClient, begin: string, run: () => Promise<T>): Promise<T> {
    await client.query(begin)
    let result: T
    try {
      result = await run()
    } catch (error) {
      await client.query('rollback').catch(() => {})
      throw error
    }
    await client.query('commit')
    return result
  }

  return {
    kind: 'postgres',
    query: (sql, parameters) => withClient(client => over(client).query(sql, parameters)),
    async asOwner(run) {
      const client = await pool.connect()
      ready.delete(client)
      try {
        return await inTransaction(client, 'reset role; begin', () => run({ ...over(client), script: async sql => { await client.query(sql) } } satisfies Owner))
      } finally {
        client.release()
      }
    },
    transaction: run => withClient(client => inTransaction(client, 'begin', () => run(over(client)))),
    within(scope, run) {
      if (scope === openWall || !wall) return withClient(client => run(over(client)))
      return withClient(client => inTransaction(client, 'begin', async () => {
        await client.query('select set_config($1, $2, true)', ['cabut.scope', scope])
        return run(over(client))
      }))
    },
    lost: isLost,
    close: () => pool.end(),
  }
}

function isLost(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return (typeof code === 'string' && lostCodes.has(code))
    || (typeof message === 'string' && /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(message))
}

/** Statements are prepared once for each connection, under a name made from their text. */
const names = new Map<string, string>()

function nameOf(sql: string): string {
  let name = names.get(sql)
  if (name === undefined) names.set(sql, name = `c${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`)
  return name
}

function over(client: PoolClient): Queryable {
  return {
    query: async <R extends Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await client.query<R>({ name: nameOf(sql), text: sql, values: parameters.map(asBuffer) })).rows,
  }
}

/** `pg` takes bytes as Buffer only. */
function asBuffer(value: unknown): unknown {
  return value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}
