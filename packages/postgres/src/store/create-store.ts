import { CabutError } from '@cabut/sdk'
import type { Append, AppendOutcome, CaseFilter, ClaimedEffect, EffectLease, EffectView, Evidence, Store, StoredCase, TenantScope } from '@cabut/sdk/store'
import type { CaseState, EffectKind } from '@cabut/sdk/workflow'
import type { Database, Queryable, Row } from '../database.js'
import { migrate } from '../migration/migrate.js'
import { createPrivateStore } from '../privacy/private-store.js'
import { openVault, readMarker, type PrivacyOptions } from '../privacy/vault.js'
import { appendStatement, checkAppend, type AppendRow, type AppendStatement } from './append.js'
import { appendGroupStatement, mayShare } from './append-group.js'
import { gather } from './gather.js'
import { inScope, opdsOf, wallOf } from './scope.js'
import { joinEvent, joinState } from './split.js'
import { steadily } from './steadily.js'

/** How a store over a database is made. */
export interface SqlStoreOptions {
  /** Bring the schema up to date first. `false`: somebody with the right to it does (the user here may not own the schema). @default true */
  readonly migrate?: boolean
  /** Close the database with the store. @default true */
  readonly closeDatabase?: boolean
  /** How often a call is repeated when the database is away or asks for it (deadlock, restart). @default 5 */
  readonly attempts?: number
  /** Keep personal values sealed, each under the key of its subject. Once a database was opened so, it opens only so. */
  readonly privacy?: PrivacyOptions
  /** Give personal values as they are kept, sealed: for maintenance that brings a vault of its own. @default false */
  readonly sealed?: boolean
}

/** `($n is null or opd = any($n))`: no query of a case goes without it. */
const visible = (column: string, place: string): string => `(${place}::text[] is null or ${column} = any (${place}::text[]))`

/** Evidence $1, where a case of the OPDs $2 names it. */
const named = `v.sha256 = $1 and exists (select 1 from cabut.case_evidence c where c.sha256 = v.sha256 and ${visible('c.opd', '$2')})`
/** Octets of evidence read at a time. Its column is stored uncompressed, so that a piece is found without what lies before it. */
const piece = 1_048_576
/** Octets up to which evidence is read together with other evidence. */
const small = 262_144

/**
 * The store port on SQL: cases, events, evidence and effects in one database, one transaction for each append. Brings the schema up to
 * date first.
 *
 * @throws CabutError `storeMigration`; `privacyKeyMissing`, `privacyKeyWrong`: personal values are sealed under a key that was not given
 * @example
 * ```ts
 * const { database } = await openOffice()
 * const store = await createSqlStore(database, { closeDatabase: false })
 * const stored = await store.load('all', 'P-2026-0001')
 * stored?.state.status // 'closed'
 * const sealed = await openPrivateOffice()
 * await createSqlStore(sealed.database) // throws privacyKeyMissing
 * ```
 */
export async function createSqlStore(database: Database, options: SqlStoreOptions = {}): Promise<Store> {
  // A server that is just starting is waited for, as it is later: each of these calls may be repeated.
  const patiently = <T>(call: () => Promise<T>): Promise<T> => steadily(database, options.attempts ?? 5, call)
  if (options.migrate ?? true) await patiently(() => migrate(database))
  const store = storeOver(database, options)
  const { privacy } = options
  if (privacy !== undefined) return createPrivateStore(store, database, await patiently(() => openVault(database, privacy)), privacy.cacheFor === undefined ? {} : { cacheFor: privacy.cacheFor })
  if (options.sealed !== true && await patiently(() => readMarker(database)) !== undefined) throw new CabutError('privacyKeyMissing', { detail: 'this database keeps personal values sealed' })
  return store
}

function storeOver(database: Database, options: SqlStoreOptions): Store {
  const attempts = options.attempts ?? 5
  const run = <R extends Row>(scope: TenantScope, sql: string, parameters: readonly unknown[]): Promise<readonly R[]> =>
    steadily(database, attempts, () => database.within(wallOf(scope), (queryable: Queryable) => queryable.query<R>(sql, parameters)))

  // What every worker does to every case, again and again, shares its ways to the database.
  const lanes = { lanes: 2, most: 64 }

  const loadShared = gather<string, StoredCase | undefined>(lanes, async ids => {
    const rows = await run<CaseRow>('all', 'select id, version, head, state, personal from cabut.cases where id = any ($1)', [[...new Set(ids)]])
    const found = new Map(rows.map(row => [row.id, row]))
    return ids.map(id => asStored(found.get(id)))
  })

  async function load(scope: TenantScope, caseId: string): Promise<StoredCase | undefined> {
    if (scope === 'all') return loadShared(caseId)
    const [row] = await run<CaseRow>(scope, `select id, version, head, state, personal from cabut.cases where id = $1 and ${visible('opd', '$2')}`, [caseId, opdsOf(scope)])
    return asStored(row)
  }

  const releaseShared = gather<Release, boolean>(lanes, async given => {
    const column = <T>(of: (release: Release) => T): readonly T[] => given.map(of)
    const rows = await run<{ released: boolean }>('all',
      `with released as materialized (
        select n, cabut.release(case_id, kind, token, at, note, park, calm) as released
        from (select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::boolean[], $7::boolean[])
          with ordinality as each (case_id, kind, token, at, note, park, calm, n) order by case_id collate "C" offset 0) ordered)
       select released from released order by n`,
      [column(each => each.caseId), column(each => each.kind), column(each => each.token), column(each => each.at), column(each => each.note), column(each => each.park), column(each => each.calm)])
    return rows.map(row => row.released)
  })

  const release = ({ caseId, kind, token }: EffectLease, at: string | null, note: string | null, park: boolean, calm = false): Promise<boolean> =>
    releaseShared({ caseId, kind, token, at, note: note?.replaceAll('\0', '') ?? null, park, calm })

  async function write(scope: TenantScope, { sql, parameters }: AppendStatement): Promise<readonly Written[]> {
    let lost = false
    const rows = await steadily(database, attempts, () => database.within(wallOf(scope), queryable => queryable.query<AppendRow>(sql, parameters)), () => { lost = true })
    return rows.map(({ written, held }) => ({ written, held, lost }))
  }

  async function writeAlone(scope: TenantScope, one: Append): Promise<Written> {
    const [row] = await write(scope, appendStatement(scope, one))
    return row ?? { written: false, held: true, lost: false }
  }

  const writeShared = gather<Append, Written | { readonly failure: unknown }>(lanes, async writes => {
    const eachAlone = (): Promise<readonly (Written | { readonly failure: unknown })[]> =>
      Promise.all(writes.map(one => writeAlone('all', one).catch((failure: unknown) => ({ failure }))))
    if (writes.length === 1) return eachAlone()
    try {
      return await write('all', appendGroupStatement(writes))
    } catch (failure) {
      // What the database refuses of one must not take the others with it.
      return failure instanceof CabutError ? writes.map(() => ({ failure })) : eachAlone()
    }
  })

  async function append(scope: TenantScope, given: Append): Promise<AppendOutcome> {
    checkAppend(given)
    if (!inScope(scope, given.state.parties.opdOrigin)) return given.lease === undefined || await holds(given.lease) ? conflict(scope, given) : { outcome: 'stale' }
    const done = scope === 'all' && mayShare(given) ? await writeShared(given) : await writeAlone(scope, given)
    if ('failure' in done) throw done.failure
    // The connection may have broken while this very append was being committed: the chain then ends, or went on, with our events.
    if (done.written || (done.lost && await wroteIt(given))) return { outcome: 'appended' }
    return done.held ? conflict(scope, given) : { outcome: 'stale' }
  }

  /** Letters, certificates and answers; not what would fill the memory by the dozen. */
  const smallEvidence = gather<string, Evidence | 'large' | undefined>(lanes, async digests => {
    const rows = await run<SmallEvidenceRow>('all',
      `select v.sha256, v.media_type, case when octet_length(v.bytes) <= $2::integer then v.bytes end as bytes
       from cabut.evidence v where v.sha256 = any ($1) and exists (select 1 from cabut.case_evidence c where c.sha256 = v.sha256)`, [[...new Set(digests)], small])
    const found = new Map(rows.map(row => [row.sha256, row]))
    return digests.map(digest => {
      const row = found.get(digest)
      return row === undefined ? undefined : row.bytes === null ? 'large' : asEvidence(row, row.bytes)
    })
  })

  async function wroteIt(write: Append): Promise<boolean> {
    const last = write.events.at(-1) ?? write.events[0]
    const [row] = await run<{ digest: string }>('all', 'select digest from cabut.events where case_id = $1 and seq = $2', [write.caseId, last.seq])
    return row?.digest === last.digest
  }

  async function holds({ caseId, kind, token }: EffectLease): Promise<boolean> {
    return (await run('all', 'select 1 from cabut.queue where case_id = $1 and running = $2 and token = $3', [caseId, kind, token])).length === 1
  }

  async function conflict(scope: TenantScope, write: Append): Promise<AppendOutcome> {
    return { outcome: 'conflict', current: await load(scope, write.caseId) }
  }

  return {
    append,
    load,
    async events(scope, caseId, after = 0) {
      const rows = await run<{ body: unknown; personal: unknown }>(scope,
        `select e.body, p.body as personal from cabut.events e left join cabut.personal p on p.case_id = e.case_id and p.seq = e.seq
         where e.case_id = $1 and e.seq > $2 and ${visible('e.opd', '$3')} order by e.seq`, [caseId, after, opdsOf(scope)])
      return rows.map(row => joinEvent(row.body, row.personal))
    },
    async list(scope, filter = {}) {
      const rows = await run<CaseRow>(scope, listStatement, listParameters(scope, filter))
      return rows.map((row): CaseState => joinState(row.state, row.personal))
    },
    async evidence(scope, sha256) {
      const shared = scope === 'all' ? await smallEvidence(sha256) : 'large'
      if (shared !== 'large') return shared
      const [row] = await run<EvidenceRow>(scope, `select v.sha256, v.media_type, v.bytes from cabut.evidence v where ${named}`, [sha256, opdsOf(scope)])
      return row === undefined ? undefined : asEvidence(row, row.bytes)
    },
    async openEvidence(scope, sha256) {
      const [row] = await run<{ media_type: string; size: number }>(scope, `select v.media_type, octet_length(v.bytes) as size from cabut.evidence v where ${named}`, [sha256, opdsOf(scope)])
      if (row === undefined) return undefined
      return {
        sha256, mediaType: row.media_type, size: row.size,
        async *pieces() {
          for (let from = 0; from < row.size; from += piece) {
            const [part] = await run<{ bytes: Uint8Array }>(scope, `select substring(v.bytes from $3::integer for $4::integer) as bytes from cabut.evidence v where ${named}`, [sha256, opdsOf(scope), from + 1, piece])
            if (part === undefined || part.bytes.length !== Math.min(piece, row.size - from)) throw new CabutError('storeUnavailable', { at: sha256, detail: `evidence ends after ${from} of ${row.size} octets` })
            yield Uint8Array.from(part.bytes)
          }
        },
      }
    },
    async nextNumber(book) {
      const [row] = await run<{ last: number }>('all',
        'insert into cabut.numbers as known (book, last) values ($1, 1) on conflict (book) do update set last = known.last + 1 returning last', [book])
      if (row === undefined) throw new CabutError('storeUnavailable', { detail: 'no number came back' })
      return row.last
    },
    async claim(now, until, limit) {
      const rows = await run<ClaimRow>('all', 'select * from cabut.claim($1::timestamptz, $2::timestamptz, $3)', [now, until, limit])
      return rows.map((row): ClaimedEffect => ({
        caseId: row.case_id, kind: row.kind, token: row.token, opd: row.opd, attempt: row.attempt, dueAt: row.due_at.toISOString(),
      }))
    },
    finish: lease => release(lease, null, null, false),
    wait: (lease, at, note) => release(lease, at, note ?? null, false, true),
    retry: (lease, at, note) => release(lease, at, note ?? null, false),
    park: (lease, note) => release(lease, null, note, true),
    async hasten(caseId, kinds, at) {
      const [row] = await run<{ hastened: number }>('all', hastenStatement, [caseId, kinds, at])
      return row !== undefined && row.hastened > 0
    },
    async effects(scope, caseId) {
      const rows = await run<EffectRow>(scope,
        `select case_id, kind, due_at, attempt, status, note from cabut.effects
         where ($1::text is null or case_id = $1) and ${visible('opd', '$2')} order by due_at, case_id, kind`, [caseId ?? null, opdsOf(scope)])
      return rows.map((row): EffectView => ({
        caseId: row.case_id, kind: row.kind, dueAt: row.due_at.toISOString(), attempt: row.attempt, status: row.status, ...(row.note === null ? {} : { note: row.note }),
      }))
    },
    async nextEffectAt() {
      const [row] = await run<{ at: Date | null }>('all', 'select min(next_at) as at from cabut.queue where next_at is not null', [])
      return row?.at?.toISOString()
    },
    async close() {
      if (options.closeDatabase ?? true) await database.close()
    },
  }
}

/** Rows are locked as everywhere: queue, then effects. */
const hastenStatement = `with locked as materialized (select case_id, running from cabut.queue where case_id = $1 for update),
  hastened as (
    update cabut.effects e set due_at = case when e.status = 'waiting' then least(e.due_at, $3::timestamptz) else e.due_at end,
      again_at = case when e.status = 'running' then least(e.again_at, $3::timestamptz) else e.again_at end
    from locked where e.case_id = locked.case_id and e.kind = any ($2::text[]) and (e.status = 'running' or (e.status = 'waiting' and e.attempt = 0))
    returning e.kind),
  woken as (
    update cabut.queue q set next_at = least(q.next_at, $3::timestamptz) from locked
    where q.case_id = locked.case_id and locked.running is null and exists (select 1 from hastened))
  select count(*)::integer as hastened from hastened`

const listStatement = `select id, version, head, state, personal from cabut.cases
  where ${visible('opd', '$1')} and ($2::text[] is null or status = any ($2::text[])) and ($3::text is null or serial = $3)
    and ($4::text is null or issuer_dn = $4) and ($5::text is null or id > $5) order by id limit $6`

function listParameters(scope: TenantScope, filter: CaseFilter): readonly unknown[] {
  const { status, serial, issuerDn, after, limit } = filter
  const statuses = status === undefined ? null : typeof status === 'string' ? [status] : [...status]
  return [opdsOf(scope), statuses, serial ?? null, issuerDn ?? null, after ?? null, Math.min(limit ?? 100, 1000)]
}

/** An append as it was written, or not. */
interface Written extends AppendRow { readonly lost: boolean }

interface Release extends EffectLease { readonly at: string | null; readonly note: string | null; readonly park: boolean; readonly calm: boolean }

function asStored(row: CaseRow | undefined): StoredCase | undefined {
  return row === undefined ? undefined : { state: joinState(row.state, row.personal), head: { seq: row.version, digest: row.head } }
}

/** With bytes of its own: the driver's may be part of a larger buffer. */
function asEvidence({ sha256, media_type: mediaType }: SmallEvidenceRow, bytes: Uint8Array): Evidence {
  return { sha256, mediaType, bytes: Uint8Array.from(bytes) }
}

interface SmallEvidenceRow extends Row { readonly sha256: string; readonly media_type: string; readonly bytes: Uint8Array | null }
interface EvidenceRow extends SmallEvidenceRow { readonly bytes: Uint8Array }
interface CaseRow extends Row { readonly id: string; readonly version: number; readonly head: string; readonly state: unknown; readonly personal: unknown }
interface ClaimRow extends Row {
  readonly case_id: string; readonly kind: EffectKind; readonly token: string; readonly opd: string; readonly attempt: number; readonly due_at: Date
}
interface EffectRow extends Row {
  readonly case_id: string; readonly kind: EffectKind; readonly due_at: Date; readonly attempt: number; readonly status: EffectView['status']; readonly note: string | null
}
