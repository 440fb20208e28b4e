import { hash } from 'node:crypto'
import { canonicalJson } from '@cabut/sdk/history'
import type { Database, Queryable, Row } from '../database.js'

/** One line of the register: the head a case had when the line was written. Lines of all years form one chain. */
export interface RegisterEntry {
  /** Calendar year of the line in UTC+7 (WIB). */
  readonly year: number
  /** 1, 2, 3, ... within the year, without gaps. */
  readonly n: number
  readonly caseId: string
  /** Number of events the line covers; the chain of the case covers those before. */
  readonly seq: number
  /** Digest of that event. */
  readonly head: string
  /** ISO UTC. */
  readonly at: string
  /** Digest of the line before, also across years; `null` for the first. */
  readonly previous: string | null
  readonly digest: string
}

/**
 * SHA-256 over the canonical JSON (RFC 8785) of all fields but the digest, lower-case hex.
 *
 * @example
 * ```ts
 * const line = { year: 2026, n: 1, caseId: 'P-2026-0001', seq: 4, head: 'ab'.repeat(32), at: '2026-11-24T02:00:00.000Z', previous: null }
 * registerDigest(line) // 'f697dc574cc557b32e37cbc9cee8455d1b074fb8a0de949cb2aac6397d85953b'
 * ```
 */
export function registerDigest(entry: Omit<RegisterEntry, 'digest'>): string {
  const { year, n, caseId, seq, head, at, previous } = entry
  return hash('sha256', canonicalJson({ year, n, caseId, seq, head, at, previous }))
}

const batch = 1_000

/**
 * Enters every case that changed since its last line. Many processes may call it; one writes at a time. Cheap when nothing changed: an
 * index holds exactly the cases that wait.
 *
 * What it adds to the chains of the cases: a case deleted whole, or a chain rewritten whole with new digests, no longer fits its lines.
 *
 * @returns how many lines were written
 * @example
 * ```ts
 * const { database } = await openOffice()
 * await extendRegister(database, new Date('2026-11-25T02:00:00Z'))
 * await extendRegister(database, new Date('2026-11-26T02:00:00Z')) // 0
 * ```
 */
export async function extendRegister(database: Database, now: Date): Promise<number> {
  let written = 0
  for (;;) {
    const count = await database.transaction(transaction => extendOnce(transaction, now))
    written += count
    if (count < batch) return written
  }
}

async function extendOnce(transaction: Queryable, now: Date): Promise<number> {
  await transaction.query('select pg_advisory_xact_lock(hashtext($1))', ['cabut.register'])
  const waiting = await transaction.query<{ id: string; version: number; head: string }>(
    'select id, version, head from cabut.cases where version > registered order by id limit $1 for update', [batch])
  if (waiting.length === 0) return 0
  const [last] = await transaction.query<{ year: number; n: number; digest: string }>('select year, n, digest from cabut.register order by year desc, n desc limit 1')
  // A clock that steps back over New Year does not reopen a closed book.
  const year = Math.max(new Date(now.getTime() + 7 * 3_600_000).getUTCFullYear(), last?.year ?? 0)
  let n = last?.year === year ? last.n : 0
  let previous = last?.digest ?? null
  const entries = waiting.map(({ id, version, head }): RegisterEntry => {
    const entry = { year, n: ++n, caseId: id, seq: version, head, at: now.toISOString(), previous }
    previous = registerDigest(entry)
    return { ...entry, digest: previous }
  })
  await transaction.query(
    `insert into cabut.register (year, n, case_id, seq, head, at, previous, digest)
     select $1, each.n, each.case_id, each.seq, each.head, $2::timestamptz, each.previous, each.digest
     from unnest($3::integer[], $4::text[], $5::integer[], $6::text[], $7::text[], $8::text[]) as each (n, case_id, seq, head, previous, digest)`,
    [year, now.toISOString(), entries.map(e => e.n), entries.map(e => e.caseId), entries.map(e => e.seq), entries.map(e => e.head), entries.map(e => e.previous), entries.map(e => e.digest)])
  await transaction.query(
    'update cabut.cases set registered = each.seq from unnest($1::text[], $2::integer[]) as each (id, seq) where cases.id = each.id',
    [entries.map(e => e.caseId), entries.map(e => e.seq)])
  return entries.length
}

/** The end of the register at one moment. Kept outside the database (file, mail, print) it shows whether everything up to it still stands. */
export interface Checkpoint {
  readonly kind: 'cabut-checkpoint'
  readonly at: string
  /** Last line of the register; 0 and `null` when it is empty. */
  readonly year: number
  readonly n: number
  readonly digest: string | null
  readonly cases: number
}

/**
 * Extends the register and takes its end as a checkpoint; also kept in the database. Keep it outside as well, for `verifyAudit`.
 *
 * @example
 * ```ts
 * const { database } = await openOffice()
 * const { year, n, cases } = await takeCheckpoint(database, new Date('2026-11-25T02:00:00Z'))
 * year // 2026
 * n // 2
 * cases // 2
 * ```
 */
export async function takeCheckpoint(database: Database, now: Date): Promise<Checkpoint> {
  await extendRegister(database, now)
  const [last] = await database.query<{ year: number; n: number; digest: string }>('select year, n, digest from cabut.register order by year desc, n desc limit 1')
  const [count] = await database.query<{ cases: number }>('select count(*)::integer as cases from cabut.cases')
  const checkpoint: Checkpoint = { kind: 'cabut-checkpoint', at: now.toISOString(), year: last?.year ?? 0, n: last?.n ?? 0, digest: last?.digest ?? null, cases: count?.cases ?? 0 }
  await database.query('insert into cabut.checkpoints (at, body) values ($1::timestamptz, $2::json) on conflict (at) do nothing', [checkpoint.at, JSON.stringify(checkpoint)])
  return checkpoint
}

/** Lines of the register in order, after a place. */
export async function readRegister(queryable: Queryable, after: { readonly year: number; readonly n: number }, limit: number): Promise<readonly (RegisterEntry & { readonly found: string | null })[]> {
  const rows = await queryable.query<RegisterRow>(
    `select r.year, r.n, r.case_id, r.seq, r.head, r.at, r.previous, r.digest, e.digest as found
     from cabut.register r left join cabut.events e on e.case_id = r.case_id and e.seq = r.seq
     where (r.year, r.n) > ($1, $2) order by r.year, r.n limit $3`, [after.year, after.n, limit])
  return rows.map(row => ({
    year: row.year, n: row.n, caseId: row.case_id, seq: row.seq, head: row.head, at: row.at.toISOString(), previous: row.previous, digest: row.digest, found: row.found,
  }))
}

interface RegisterRow extends Row {
  readonly year: number; readonly n: number; readonly case_id: string; readonly seq: number; readonly head: string; readonly at: Date
  readonly previous: string | null; readonly digest: string; readonly found: string | null
}
