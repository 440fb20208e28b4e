import { hash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EvidenceFetcher, FetchOutcome } from '@cabut/pki/status'
import type { Database, Row } from '../database.js'
import { openWall } from '../store/scope.js'

/** How evidence is shared. Milliseconds. */
export interface SharedEvidenceOptions {
  /** How old a CRL may be before it is fetched again. A revocation shows that much later at most. @default 60000 */
  readonly freshFor?: number
  /** How long one process may take to fetch before another one tries. @default 30000 */
  readonly lease?: number
  /** How long nobody tries an address again that failed. @default 5000 */
  readonly failedFor?: number
}

/** What one process remembers: as many addresses as there are authorities, and a few more. */
const remembered = 16

interface Local { readonly sha256: string; readonly bytes: Uint8Array; readonly until: number }

/**
 * One fetcher for every worker of a database: a CRL is fetched once by whoever comes first, the others wait for it and read it from the database, where
 * it outlives them all. So ten thousand requests against one CRL, on any number of machines, fetch it once while it is fresh. Ages are told by the
 * clock of the database. Questions of their own (OCSP by POST) pass through.
 *
 * @example
 * ```ts
 * const { database, sandbox } = await openOffice()
 * let fetches = 0
 * const inner = createEvidenceFetcher({ maxFresh: 0, fetch: (input, init) => { fetches += 1; return sandbox.fetch(input, init) } })
 * await shareEvidence(database, inner).get(sandbox.urls.crl)
 * const { outcome } = await shareEvidence(database, inner).get(sandbox.urls.crl)
 * outcome // 'fetched'
 * fetches // 1
 * ```
 */
export function shareEvidence(database: Database, inner: EvidenceFetcher, options: SharedEvidenceOptions = {}): EvidenceFetcher {
  const { freshFor = 60_000, lease = 30_000, failedFor = 5_000 } = options
  const known = new Map<string, Local>()
  const flights = new Map<string, Promise<FetchOutcome>>()
  const query = <R extends Row>(sql: string, parameters: readonly unknown[]): Promise<readonly R[]> => database.within(openWall, inner => inner.query<R>(sql, parameters))

  function remember(url: string, sha256: string, bytes: Uint8Array, age: number): FetchOutcome {
    known.delete(url)
    known.set(url, { sha256, bytes, until: performance.now() + freshFor - age })
    for (const oldest of known.keys()) if (known.size > remembered) known.delete(oldest)
    return { outcome: 'fetched', bytes }
  }

  async function fetchFor(url: string, token: string): Promise<FetchOutcome> {
    let outcome: FetchOutcome = { outcome: 'failed', detail: 'interrupted' }
    try {
      outcome = await inner.get(url)
    } finally {
      if (outcome.outcome !== 'fetched') {
        await query(`update cabut.fetched set token = null, failed = $3, lease_until = clock_timestamp() + $4 * interval '1 millisecond' where url = $1 and token = $2`, [url, token, outcome.detail, failedFor])
      }
    }
    if (outcome.outcome !== 'fetched') return outcome
    const sha256 = hash('sha256', outcome.bytes)
    // The same file as before: its octets need not travel again.
    const [same] = await query('update cabut.fetched set fetched_at = clock_timestamp(), token = null, lease_until = null, failed = null where url = $1 and token = $2 and sha256 = $3 returning 1 as n', [url, token, sha256])
    if (same === undefined) {
      await query('update cabut.fetched set sha256 = $3, bytes = $4::bytea, fetched_at = clock_timestamp(), token = null, lease_until = null, failed = null where url = $1 and token = $2', [url, token, sha256, outcome.bytes])
    }
    return remember(url, sha256, outcome.bytes, 0)
  }

  async function get(url: string): Promise<FetchOutcome> {
    const deadline = performance.now() + 2 * lease
    while (performance.now() < deadline) {
      const local = known.get(url)
      const [row] = await query<FetchedRow>(
        `select sha256, case when sha256 is distinct from $2 then bytes end as bytes, (extract(epoch from clock_timestamp() - fetched_at) * 1000)::float8 as age,
           failed, lease_until > clock_timestamp() as held from cabut.fetched where url = $1`, [url, local?.sha256 ?? null])
      if (row !== undefined && row.sha256 !== null && row.age !== null && row.age < freshFor) return remember(url, row.sha256, row.bytes ?? local?.bytes ?? new Uint8Array(), row.age)
      if (row?.held === true && row.failed !== null) return { outcome: 'failed', detail: row.failed }
      if (row?.held !== true) {
        const token = randomUUID()
        const [mine] = await query(
          `insert into cabut.fetched as known (url, token, lease_until) values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
           on conflict (url) do update set token = excluded.token, lease_until = excluded.lease_until, failed = null
           where (known.lease_until is null or known.lease_until <= clock_timestamp()) and (known.fetched_at is null or known.fetched_at <= clock_timestamp() - $4 * interval '1 millisecond')
           returning 1 as n`, [url, token, lease, freshFor])
        if (mine !== undefined) return fetchFor(url, token)
      }
      await sleep(50)
    }
    return inner.get(url)
  }

  return {
    get(url) {
      const local = known.get(url)
      if (local !== undefined && local.until > performance.now()) return Promise.resolve({ outcome: 'fetched', bytes: local.bytes })
      let flight = flights.get(url)
      if (flight === undefined) flights.set(url, flight = get(url).finally(() => flights.delete(url)))
      return flight
    },
    post: (url, body, type) => inner.post(url, body, type),
  }
}

interface FetchedRow extends Row {
  readonly sha256: string | null; readonly bytes: Uint8Array | null; readonly age: number | null; readonly failed: string | null; readonly held: boolean | null
}
