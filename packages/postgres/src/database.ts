/** A row as both drivers give it: `json` parsed, `timestamptz` as `Date`, `bytea` as bytes; no 8-byte integers (queries cast them to text). */
export type Row = Readonly<Record<string, unknown>>

/** Something SQL can be sent to: the database, or one transaction of it. */
export interface Queryable {
  /** Runs one statement with parameters `$1, $2, ...` and gives its rows. */
  query<R extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly R[]>
}

/**
 * The small port under the store. Two drivers: `openPglite` (a directory, one process) and `connectPostgres` (any number of machines).
 * The SQL that goes through it is the same for both, and no newer than PostgreSQL 15.
 */
export interface Database extends Queryable {
  readonly kind: 'pglite' | 'postgres'
  /** Runs SQL of several statements, as the owner of the schema; for migrations and maintenance. */
  asOwner<T>(run: (owner: Owner) => Promise<T>): Promise<T>
  /** One transaction (read committed). Rolled back when `run` throws. */
  transaction<T>(run: (transaction: Queryable) => Promise<T>): Promise<T>
  /**
   * Runs with row-level security narrowed to the scope, as `wallOf` writes it. Where the driver keeps no second wall
   * (PGlite: one process, one user) this is a plain call.
   */
  within<T>(scope: string, run: (queryable: Queryable) => Promise<T>): Promise<T>
  /** Whether a failed call may have been carried out all the same: the connection was lost, the server went down. */
  lost(error: unknown): boolean
  close(): Promise<void>
}

/** A transaction of the schema's owner. */
export interface Owner extends Queryable {
  /** Several statements at once, without parameters. */
  script(sql: string): Promise<void>
}
