import { CabutError } from '@cabut/sdk'
import type { Store } from '@cabut/sdk/store'
import { statuses, type CaseState, type Status } from '@cabut/sdk/workflow'
import type { Database, Row } from '../database.js'
import { caseSubject, subjectOf } from '../privacy/whose.js'
import type { Vault } from '../privacy/vault.js'
import { erasedValue } from '../store/split.js'

/** One rule of an office's schedule (Jadwal Retensi Arsip). The first rule that fits a case counts; a case no rule fits is kept. */
export interface RetentionRule {
  /** Names the rule, such as the entry of the schedule. */
  readonly id: string
  /** Why: the decree and its entry. */
  readonly ground: string
  /** Final statuses it is about. */
  readonly statuses: readonly Status[]
  /** Reasons of revocation it is about. @default all */
  readonly reasons?: readonly string[]
  /** Years after the end of the case when it may be archived. */
  readonly archiveAfterYears: number
  /** Years after the end of the case when, once archived, its personal values may be erased here; absent: never. */
  readonly eraseAfterYears?: number
}

/** An office's schedule of retention, as data: which cases are kept for how many years. */
export interface RetentionPolicy { readonly kind: 'cabut-retention'; readonly rules: readonly RetentionRule[] }

/** What a rule says of a case, and since when. */
export interface RetentionDue {
  readonly id: string
  readonly status: Status
  readonly endedAt: string
  readonly rule: RetentionRule
  readonly archiveFrom: string
  readonly eraseFrom?: string
  readonly mayArchive: boolean
  readonly mayErase: boolean
}

/**
 * Reads a schedule of retention: rules with an id, a ground, final statuses, and whole years from 0 to 100.
 *
 * @throws CabutError `archiveInvalid` naming the place, such as `rules[0].statuses`
 * @example
 * ```ts
 * readRetentionPolicy(JSON.parse(JSON.stringify(policy))).rules[0]?.archiveAfterYears // 2
 * readRetentionPolicy({ kind: 'cabut-retention', rules: [{ ...policy.rules[0], statuses: ['submitted'] }] }) // throws archiveInvalid
 * ```
 */
export function readRetentionPolicy(value: unknown): RetentionPolicy {
  const bad = (at: string): CabutError => new CabutError('archiveInvalid', { at, detail: 'no schedule of retention' })
  const policy = value as Partial<RetentionPolicy> | null
  if (policy?.kind !== 'cabut-retention' || !Array.isArray(policy.rules)) throw bad('kind')
  for (const [index, rule] of (policy.rules as readonly Partial<RetentionRule>[]).entries()) {
    const at = `rules[${index}]`
    const text = (field: unknown): boolean => typeof field === 'string' && field !== ''
    if (!text(rule.id) || !text(rule.ground)) throw bad(`${at}.ground`)
    if (!Array.isArray(rule.statuses) || rule.statuses.length === 0) throw bad(`${at}.statuses`)
    for (const status of rule.statuses as readonly string[]) if (!Object.hasOwn(statuses, status) || !statuses[status as Status].final) throw bad(`${at}.statuses`)
    const years = (field: unknown): boolean => typeof field === 'number' && Number.isInteger(field) && field >= 0 && field <= 100
    if (!years(rule.archiveAfterYears)) throw bad(`${at}.archiveAfterYears`)
    if (rule.eraseAfterYears !== undefined && (!years(rule.eraseAfterYears) || rule.eraseAfterYears < (rule.archiveAfterYears ?? 0))) throw bad(`${at}.eraseAfterYears`)
    if (rule.reasons !== undefined && !(Array.isArray(rule.reasons) && rule.reasons.every(text))) throw bad(`${at}.reasons`)
  }
  return policy as RetentionPolicy
}

/**
 * What the schedule says of one case now; `undefined`: it is kept. Years count from when the case came to its final status.
 *
 * @example
 * ```ts
 * const { store } = await openOffice()
 * const stored = await store.load('all', 'P-2026-0001')
 * const due = stored && retentionOf(stored.state, policy, new Date('2029-01-02T02:00:00Z'))
 * due?.archiveFrom // '2028-11-24T02:00:00.000Z'
 * due?.mayErase // false
 * ```
 */
export function retentionOf(state: CaseState, policy: RetentionPolicy, now: Date): RetentionDue | undefined {
  const rule = policy.rules.find(each => each.statuses.includes(state.status) && (each.reasons === undefined || each.reasons.includes(state.reason)))
  if (rule === undefined || !statuses[state.status].final) return undefined
  // `since`, not `updatedAt`: the after-watch of a closed case goes on without beginning the years anew.
  const from = (years: number): string => yearsLater(state.since, years)
  const archiveFrom = from(rule.archiveAfterYears)
  const eraseFrom = rule.eraseAfterYears === undefined ? undefined : from(rule.eraseAfterYears)
  return {
    id: state.id, status: state.status, endedAt: state.since, rule, archiveFrom, ...(eraseFrom === undefined ? {} : { eraseFrom }),
    mayArchive: archiveFrom <= now.toISOString(), mayErase: eraseFrom !== undefined && eraseFrom <= now.toISOString(),
  }
}

/**
 * Every case the schedule lets be archived now, with its rule.
 *
 * @example
 * ```ts
 * const { store } = await openOffice()
 * const due: string[] = []
 * for await (const { id, rule } of dueForArchive(store, policy, new Date('2029-01-02T02:00:00Z'))) due.push(`${id} ${rule.id}`)
 * due // ['P-2026-0001 JRA-4', 'P-2026-0002 JRA-4']
 * ```
 */
export async function* dueForArchive(store: Store, policy: RetentionPolicy, now: Date): AsyncGenerator<RetentionDue> {
  const wanted = [...new Set(policy.rules.flatMap(rule => rule.statuses))]
  for (let after: string | undefined; ;) {
    const page = await store.list('all', { status: wanted, limit: 200, ...(after === undefined ? {} : { after }) })
    for (const state of page) {
      const due = retentionOf(state, policy, now)
      if (due?.mayArchive === true) yield due
    }
    after = page.at(-1)?.id
    if (page.length < 200 || after === undefined) return
  }
}

/** What {@link retireCase} needs. */
export interface RetireOptions { readonly policy: RetentionPolicy; readonly by: string; readonly at: Date; /** Where values are kept sealed. */ readonly vault?: Vault }

/**
 * Erases the personal values of one case that was archived whole, when the schedule allows it. Its chain, its proof and its letters stay; views show
 * "dihapus". Values of the same people in other cases are not touched.
 *
 * @returns `false` when it was retired before
 * @throws CabutError `requestNotFound`; `archiveNotDue`: no rule allows it yet, or the archive does not hold the case as it is now; `subjectHeld`
 * @example
 * ```ts
 * const { database, store } = await openOffice()
 * await openSigned()
 * const order = { policy, by: 'arsiparis.dinkominfo', at: new Date('2032-01-02T02:00:00Z') }
 * await retireCase(database, store, 'P-2026-0002', order) // true
 * await retireCase(database, store, 'P-2026-0002', order) // false
 * await retireCase(database, store, 'P-2026-0001', { ...order, at: new Date('2029-01-02T02:00:00Z') }) // throws archiveNotDue
 * ```
 */
export async function retireCase(database: Database, store: Store, id: string, options: RetireOptions): Promise<boolean> {
  const { policy, by, at, vault } = options
  const stored = await store.load('all', id)
  if (stored === undefined) throw new CabutError('requestNotFound', { at: id })
  const due = retentionOf(stored.state, policy, at)
  if (due?.mayErase !== true) throw new CabutError('archiveNotDue', { at: id, detail: due?.eraseFrom === undefined ? 'no rule allows it' : `not before ${due.eraseFrom.slice(0, 10)}` })
  const [archived] = await database.query<Row & { manifest: string }>('select manifest from cabut.archived where case_id = $1 and seq = $2 and head = $3 limit 1', [id, stored.head.seq, stored.head.digest])
  if (archived === undefined) throw new CabutError('archiveNotDue', { at: id, detail: 'no archive holds it as it is now' })
  const people = [subjectOf('applicant', stored.state), subjectOf('holder', stored.state)]
  const [hold] = await database.query<Row & { ground: string }>('select ground from cabut.subject_holds where subject = any ($1::text[]) and lifted_at is null limit 1', [people])
  if (hold !== undefined) throw new CabutError('subjectHeld', { at: id, detail: hold.ground })
  const retired = await database.transaction(async transaction => {
    // The version is compared: a case that was reopened meanwhile is not over.
    const [row] = await transaction.query<{ personal: Readonly<Record<string, string>> | null }>('select personal from cabut.cases where id = $1 and version = $2 for update', [id, stored.head.seq])
    if (row === undefined) throw new CabutError('archiveNotDue', { at: id, detail: 'it has changed meanwhile' })
    const marks = Object.fromEntries(Object.keys(row.personal ?? {}).map(field => [field, erasedValue]))
    await transaction.query('update cabut.cases set personal = $2::json where id = $1', [id, JSON.stringify(marks)])
    await transaction.query('delete from cabut.personal where case_id = $1', [id])
    const done = await transaction.query('insert into cabut.retired (case_id, at, rule, ground, by_actor, manifest) values ($1, $2::timestamptz, $3, $4, $5, $6) on conflict do nothing returning case_id',
      [id, at.toISOString(), due.rule.id, due.rule.ground, by, archived.manifest])
    return done.length === 1
  })
  // After it, and again when it is repeated: the free text of the case, in backups as well.
  await vault?.keys.destroy(caseSubject(id))
  vault?.forget()
  return retired
}

function yearsLater(instant: string, years: number): string {
  const date = new Date(instant)
  const month = date.getUTCMonth()
  date.setUTCFullYear(date.getUTCFullYear() + years)
  // 29 February in a year without one: the day after, never before.
  if (date.getUTCMonth() !== month) date.setUTCDate(1)
  return date.toISOString()
}
