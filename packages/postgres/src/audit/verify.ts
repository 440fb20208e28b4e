import { createHash, hash } from 'node:crypto'
import type { Database, Queryable, Row } from '../database.js'
import type { Vault } from '../privacy/vault.js'
import { readRegister, registerDigest, type Checkpoint } from '../register/register.js'
import type { AuditKeys, CaseCheck, CaseText } from './check-case.js'
import { hireCrew, type Crew } from './crew.js'
import type { AuditFinding } from './finding.js'

/** What was looked at and what was found; `findings` is empty when everything holds. */
export interface AuditReport {
  readonly valid: boolean
  /** At most {@link AuditOptions.findings}, in the order they were met; the first of each case only. */
  readonly findings: readonly AuditFinding[]
  readonly cases: number
  readonly events: number
  readonly evidence: number
  readonly register: number
  /** Cases that changed since the register was last extended: only their own chain protects them. */
  readonly unregistered: number
  /** Personal values no longer kept (erased), which is no fault. */
  readonly erased: number
  /** Personal values sealed under keys that were not given: nothing is said about them. */
  readonly sealed: number
}

/** What an audit compares with, and how much of the machine it may use. */
export interface AuditOptions {
  /** Checkpoints that left the database. */
  readonly checkpoints?: readonly Checkpoint[]
  /** Stop after so many findings. @default 100 */
  readonly findings?: number
  /** Opens personal values kept sealed, so that they are checked as well. Without it they are counted as `sealed`. */
  readonly vault?: Vault
  /** Threads that recompute; 0: none but this one. The report does not depend on it. @default as many as there are processors */
  readonly threads?: number
  /** Code of such a thread, where it is not this package's own build. */
  readonly threadFile?: URL
  /** Called now and then with the number of events done. */
  readonly onProgress?: (events: number) => void
}

/**
 * Recomputes everything that can be recomputed: the chain of every case, the state its events lead to, every byte of evidence, the
 * register, and whether it still fits the checkpoints. Reads one snapshot; the desk may go on working.
 *
 * It proves that nothing was changed since the last line of the register (or the last checkpoint, against somebody who can rewrite the
 * register as well). It does not prove who wrote the events.
 *
 * @example
 * ```ts
 * const { database } = await openOffice()
 * const checkpoint = await takeCheckpoint(database, new Date('2026-11-25T02:00:00Z'))
 * const { valid, cases } = await verifyAudit(database, { checkpoints: [checkpoint] })
 * valid // true
 * const { findings } = await verifyAudit(database, { checkpoints: [{ ...checkpoint, digest: 'ab'.repeat(32) }] })
 * findings.map(({ code }) => code) // ['checkpointDiffers']
 * ```
 */
export async function verifyAudit(database: Database, options: AuditOptions = {}): Promise<AuditReport> {
  const limit = options.findings ?? 100
  return database.transaction(async transaction => {
    await transaction.query('set transaction isolation level repeatable read read only')
    const [{ cases } = { cases: 0 }] = await transaction.query<{ cases: number }>('select count(*)::integer as cases from cabut.cases')
    // Read after the snapshot was taken: no value in it has a key that came later.
    const keys: AuditKeys = await options.vault?.allKeys(transaction)
    const crew = cases < smallest && options.threadFile === undefined ? hireCrew(keys, 0) : hireCrew(keys, options.threads, options.threadFile)
    try {
      const audit = new Audit(transaction, crew, limit, options.onProgress ?? (() => {}))
      await audit.cases()
      await audit.orphans()
      await audit.evidence()
      await audit.register(options.checkpoints ?? [])
      return audit.report()
    } finally {
      await crew.dismiss()
    }
  })
}

/** Cases read at a time. */
const page = 200
/** Below so many cases threads take longer to start than they save. */
const smallest = 500
/** Octets of evidence read at a time; a larger item in parts. */
const evidencePage = 8 * 1024 * 1024

class Audit {
  readonly #transaction: Queryable
  readonly #crew: Crew
  readonly #limit: number
  readonly #onProgress: (events: number) => void
  readonly #findings: AuditFinding[] = []
  readonly #counts = { cases: 0, events: 0, evidence: 0, register: 0, unregistered: 0, erased: 0, sealed: 0 }

  constructor(transaction: Queryable, crew: Crew, limit: number, onProgress: (events: number) => void) {
    this.#transaction = transaction
    this.#crew = crew
    this.#limit = limit
    this.#onProgress = onProgress
  }

  report(): AuditReport {
    return { valid: this.#findings.length === 0, findings: this.#findings, ...this.#counts }
  }

  #find(finding: AuditFinding): void {
    if (this.#findings.length < this.#limit) this.#findings.push(finding)
  }

  /** Pages are read while others are being checked; their results are taken in the order of the cases, whoever was done first. */
  async cases(): Promise<void> {
    const open: { readonly rows: readonly CaseText[]; readonly checks: Promise<readonly CaseCheck[]> }[] = []
    const settle = async (): Promise<void> => {
      const oldest = open.shift()
      if (oldest !== undefined) await this.#take(oldest.rows, await oldest.checks)
    }
    for (let after: string | undefined = ''; after !== undefined;) {
      const rows: readonly CaseText[] = await this.#transaction.query<CaseText & Row>(casesPage, [after, page])
      after = rows.length < page ? undefined : rows.at(-1)?.id
      const checks = this.#crew.check(rows)
      // Its failure is met when it is taken.
      checks.catch(() => {})
      open.push({ rows, checks })
      while (open.length > 2 * this.#crew.threads) await settle()
    }
    while (open.length > 0) await settle()
  }

  async #take(rows: readonly CaseText[], checks: readonly CaseCheck[]): Promise<void> {
    const named = new Map<string, string>()
    for (const [index, row] of rows.entries()) {
      const check = checks[index]
      if (check === undefined) throw new Error('a case was not checked')
      this.#counts.cases += 1
      this.#counts.events += check.events
      this.#counts.erased += check.erased
      this.#counts.sealed += check.sealed
      if (row.version > row.registered) this.#counts.unregistered += 1
      if (check.finding !== undefined) this.#find(check.finding)
      for (const sha256 of check.digests) named.set(sha256, row.id)
    }
    await this.#evidenceNamed(named)
    this.#onProgress(this.#counts.events)
  }

  /** Every digest the states name must be there. */
  async #evidenceNamed(named: ReadonlyMap<string, string>): Promise<void> {
    if (named.size === 0) return
    const missing = await this.#transaction.query<{ sha256: string }>(
      'select each.sha256 from unnest($1::text[]) as each (sha256) where not exists (select 1 from cabut.evidence v where v.sha256 = each.sha256)', [[...named.keys()]])
    for (const { sha256 } of missing) this.#find({ code: 'evidenceMissing', caseId: named.get(sha256) ?? '', detail: `sha256 ${sha256}` })
  }

  async orphans(): Promise<void> {
    const rows = await this.#transaction.query<{ case_id: string }>(
      'select distinct e.case_id from cabut.events e where not exists (select 1 from cabut.cases c where c.id = e.case_id) limit $1', [this.#limit])
    for (const row of rows) this.#find({ code: 'eventsWithoutCase', caseId: row.case_id, detail: 'the case itself is gone' })
  }

  async evidence(): Promise<void> {
    for (let after = ''; ;) {
      const sizes = await this.#transaction.query<{ sha256: string; size: number }>(
        'select sha256, octet_length(bytes) as size from cabut.evidence where sha256 > $1 order by sha256 limit 500', [after])
      for (const { sha256, size } of sizes) if (size > evidencePage) this.#judgeEvidence(sha256, await this.#digestOfLarge(sha256, size))
      for (const group of groupBySize(sizes.filter(({ size }) => size <= evidencePage))) {
        const rows = await this.#transaction.query<{ sha256: string; bytes: Uint8Array }>('select sha256, bytes from cabut.evidence where sha256 = any ($1::text[])', [group])
        for (const { sha256, bytes } of rows) this.#judgeEvidence(sha256, hash('sha256', bytes))
      }
      const last = sizes.at(-1)
      if (sizes.length < 500 || last === undefined) return
      after = last.sha256
    }
  }

  #judgeEvidence(sha256: string, found: string): void {
    this.#counts.evidence += 1
    if (found !== sha256) this.#find({ code: 'evidenceChanged', detail: `sha256 ${sha256}` })
  }

  async #digestOfLarge(sha256: string, size: number): Promise<string> {
    const digest = createHash('sha256')
    for (let from = 1; from <= size; from += evidencePage) {
      const [part] = await this.#transaction.query<{ bytes: Uint8Array }>('select substring(bytes from $2::integer for $3::integer) as bytes from cabut.evidence where sha256 = $1', [sha256, from, evidencePage])
      if (part !== undefined) digest.update(part.bytes)
    }
    return digest.digest('hex')
  }

  async register(checkpoints: readonly Checkpoint[]): Promise<void> {
    // Days without a change end at the same line: each of their checkpoints is compared, none stands in for another.
    const wanted = new Map<string, Checkpoint[]>()
    for (const each of checkpoints) if (each.digest !== null) wanted.set(`${each.year}/${each.n}`, [...wanted.get(`${each.year}/${each.n}`) ?? [], each])
    let place = { year: 0, n: 0 }
    let previous: string | null = null
    for (;;) {
      const entries = await readRegister(this.#transaction, place, 1_000)
      for (const { found, ...entry } of entries) {
        this.#counts.register += 1
        const name = `${entry.year}/${entry.n}`
        const follows = entry.year === place.year ? entry.n === place.n + 1 : entry.n === 1
        const broken = !follows ? 'a line is missing before' : entry.previous !== previous ? 'does not follow' : registerDigest(entry) !== entry.digest ? 'was changed:' : undefined
        if (broken !== undefined) this.#find({ code: 'registerBroken', detail: `${broken} line ${name}` })
        if (found === null) this.#find({ code: 'caseDeleted', caseId: entry.caseId, seq: entry.seq, detail: `line ${name} of the register` })
        else if (found !== entry.head) this.#find({ code: 'chainRewritten', caseId: entry.caseId, seq: entry.seq, detail: `line ${name} of the register` })
        for (const checkpoint of wanted.get(name) ?? []) {
          if (checkpoint.digest !== entry.digest) this.#find({ code: 'checkpointDiffers', detail: `line ${name}, checkpoint of ${checkpoint.at}` })
        }
        wanted.delete(name)
        place = { year: entry.year, n: entry.n }
        previous = entry.digest
      }
      if (entries.length < 1_000) break
    }
    for (const [name, gone] of wanted) for (const { at } of gone) this.#find({ code: 'checkpointDiffers', detail: `line ${name} of the checkpoint of ${at} is gone` })
  }
}

/** Events travel as the text of one JSON array for each case: one row, one parse, in the thread that checks it. */
const casesPage = `
  with page as (select id, opd, version, head, registered, status, issuer_dn, serial, state, personal from cabut.cases where id > $1 order by id limit $2)
  select page.id, page.opd, page.version, page.head, page.registered, page.status, page.issuer_dn as "issuerDn", page.serial, page.state::text as state, page.personal::text as personal, (
    select json_agg(json_build_array(e.seq, e.digest, e.opd, e.body, b.body) order by e.seq)::text
    from cabut.events e left join cabut.personal b on b.case_id = e.case_id and b.seq = e.seq where e.case_id = page.id) as events
  from page order by id`

function groupBySize(sizes: readonly { readonly sha256: string; readonly size: number }[]): readonly (readonly string[])[] {
  const groups: string[][] = []
  let left = 0
  for (const { sha256, size } of sizes) {
    if (size > left || groups.length === 0) {
      groups.push([])
      left = evidencePage
    }
    groups.at(-1)?.push(sha256)
    left -= size
  }
  return groups
}
