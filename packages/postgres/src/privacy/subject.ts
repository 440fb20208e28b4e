import { CabutError } from '@cabut/sdk'
import type { Store } from '@cabut/sdk/store'
import { statuses, type CaseState } from '@cabut/sdk/workflow'
import type { Database, Row } from '../database.js'
import { createSqlStore } from '../store/create-store.js'
import { createPrivateStore } from './private-store.js'
import { caseSubject, subjectOf, whoseField, type Part } from './whose.js'
import type { Vault } from './vault.js'

/** Who orders something about a person's data, and on what ground; kept with the order. No personal data in the ground. */
export interface SubjectOrder {
  /** Id of the officer. */
  readonly by: string
  /** Why: the application and its letter, the article of law, the case before a court. */
  readonly ground: string
  readonly at: Date
}

/** A ban on erasing (UU 27/2022 art. 15: law enforcement, public interest in the administration of the state). */
export interface LegalHold { readonly since: string; readonly ground: string; readonly by: string; readonly liftedAt?: string; readonly liftedBy?: string }

/** Everything kept about one person, and only about them (UU 27/2022 art. 7: a copy of one's data). */
export interface SubjectExport {
  readonly kind: 'cabut-subject'
  readonly subject: string
  readonly exportedAt: string
  readonly restricted?: { readonly since: string; readonly ground: string }
  readonly holds: readonly LegalHold[]
  readonly erasures: readonly { readonly at: string; readonly ground: string }[]
  readonly cases: readonly SubjectCase[]
}

/** A case that concerns a person (UU 27/2022, right of access). */
export interface SubjectCase {
  readonly id: string
  readonly parts: readonly Part[]
  readonly status: string
  readonly register?: string
  readonly filedAt: string
  readonly certificate: { readonly issuerDn?: string; readonly serial?: string }
  /** Values of this person; `null`: erased. */
  readonly personal: Readonly<Record<string, string | null>>
  /** What happened, with the values each event brought; where the person is the holder, free text as well. */
  readonly events: readonly { readonly seq: number; readonly type: string; readonly time: string; readonly personal: Readonly<Record<string, unknown>> }[]
  readonly letters: readonly { readonly kind: string; readonly sha256: string; readonly number?: string; readonly date?: string }[]
}

/** What a person's data went through. */
export interface Erasure { readonly subject: string; readonly at: string; readonly cases: readonly string[]; readonly keys: number }

/** Rights of the people whose data the desk keeps. Works on the desk's database, beside desks at work. */
export interface Subjects {
  /** Ids of the people a user name, mail address or number belongs to, by keyed digest: nothing is decrypted. */
  find(value: string): Promise<readonly string[]>
  /** @throws CabutError `subjectUnknown` */
  export(subject: string, at: Date): Promise<SubjectExport>
  /**
   * Keeps the data and lets nobody read it (UU 27/2022 art. 11: restriction of processing), until {@link lift}.
   *
   * @throws CabutError `subjectUnknown`, `subjectBusy`: a request of theirs is not over
   */
  restrict(subject: string, order: SubjectOrder): Promise<void>
  lift(subject: string): Promise<boolean>
  /** Forbids erasing. */
  hold(subject: string, order: SubjectOrder): Promise<void>
  release(subject: string, by: string, at: Date): Promise<number>
  /**
   * Destroys the person's keys: every value of theirs is gone, here and in every backup that holds no keys. Where they are the holder, the
   * free text of the request goes as well. Chains and receipts still verify. Repeating it finishes what a crash interrupted.
   *
   * @throws CabutError `subjectUnknown`, `subjectHeld` with the ground, `subjectBusy`: a request of theirs is not over
   */
  erase(subject: string, order: SubjectOrder): Promise<Erasure>
}

/**
 * Opens the rights of people over a desk's database.
 *
 * @param vault the vault the desk's store was opened with
 * @example
 * ```ts
 * const { database, vault } = await openPrivateOffice()
 * const subjects = await openSubjects(database, vault)
 * const order = { by: 'petugas.pdp', ground: 'perkara contoh 12/2026', at: new Date('2026-12-01T02:00:00Z') }
 * const { cases } = await subjects.export('surya.wibisana', order.at)
 * cases[0]?.personal // { applicant: 'Surya Wibisana' }
 * await subjects.hold('surya.wibisana', order)
 * await subjects.erase('surya.wibisana', order) // throws subjectHeld
 * ```
 */
export async function openSubjects(database: Database, vault: Vault): Promise<Subjects> {
  const inner = await createSqlStore(database, { migrate: false, closeDatabase: false, sealed: true })
  const whole: Store = createPrivateStore(inner, database, vault, { honourRestrictions: false })

  /** Cases the person really is in: an entry is written before its case, which then may never come to be. */
  async function casesOf(subject: string): Promise<readonly { readonly state: CaseState; readonly parts: readonly Part[] }[]> {
    const rows = await database.query<{ case_id: string }>('select distinct case_id from cabut.subject_cases where subject = $1 order by case_id', [subject])
    const found = []
    for (const { case_id } of rows) {
      const state = (await whole.load('all', case_id))?.state
      const parts = state === undefined ? [] : (['applicant', 'holder'] as const).filter(part => subjectOf(part, state) === subject)
      if (state !== undefined && parts.length > 0) found.push({ state, parts })
    }
    if (found.length === 0) throw new CabutError('subjectUnknown')
    return found
  }

  /** A request that is under way needs its data; only what is over may be taken from it. */
  function refuseOpen(cases: readonly { readonly state: CaseState }[]): void {
    const open = cases.filter(({ state }) => !statuses[state.status].final).map(({ state }) => state.id)
    if (open.length > 0) throw new CabutError('subjectBusy', { detail: open.slice(0, 5).join(', ') })
  }

  async function holdsOf(subject: string): Promise<readonly LegalHold[]> {
    const rows = await database.query<HoldRow>('select since, ground, by_actor, lifted_at, lifted_by from cabut.subject_holds where subject = $1 order by since', [subject])
    return rows.map(row => ({
      since: row.since.toISOString(), ground: row.ground, by: row.by_actor,
      ...(row.lifted_at === null ? {} : { liftedAt: row.lifted_at.toISOString() }), ...(row.lifted_by === null ? {} : { liftedBy: row.lifted_by }),
    }))
  }

  async function caseOf(subject: string, state: CaseState, parts: readonly Part[]): Promise<SubjectCase> {
    const theirs = (field: string): boolean => {
      const owner = whoseField(field, state)
      return owner === subject || (parts.includes('holder') && owner === caseSubject(state.id))
    }
    const fields = [...Object.entries(state.personal), ...Object.keys(state.absent ?? {}).map(field => [field, null] as const)]
    const events = await whole.events('all', state.id)
    const { register, certificate } = state
    return {
      id: state.id, parts, status: state.status, ...(register === undefined ? {} : { register }), filedAt: state.filedAt,
      certificate: { ...(certificate.issuerDn === undefined ? {} : { issuerDn: certificate.issuerDn }), ...(certificate.serial === undefined ? {} : { serial: certificate.serial }) },
      personal: Object.fromEntries(fields.filter(([field]) => theirs(field))),
      events: events.map(({ seq, type, time, personal, commitments }) => ({
        seq, type, time, personal: Object.fromEntries(Object.keys(commitments).filter(theirs).map(field => [field, personal?.[field]?.value ?? null])),
      })),
      letters: state.letters.map(({ kind, sha256, number, date }) => ({ kind, sha256, ...(number === undefined ? {} : { number }), ...(date === undefined ? {} : { date }) })),
    }
  }

  return {
    async find(value) {
      const rows = await database.query<{ subject: string }>('select subject from cabut.subject_lookups where tag = $1 order by subject', [await vault.lookupTag(value)])
      return rows.map(row => row.subject)
    },
    async export(subject, at) {
      const cases = await casesOf(subject)
      const [restriction] = await database.query<{ since: Date; ground: string }>('select since, ground from cabut.subject_restrictions where subject = $1', [subject])
      const erasures = await database.query<{ at: Date; ground: string }>('select at, ground from cabut.subject_erasures where subject = $1 order by at', [subject])
      return {
        kind: 'cabut-subject', subject, exportedAt: at.toISOString(), ...(restriction === undefined ? {} : { restricted: { since: restriction.since.toISOString(), ground: restriction.ground } }),
        holds: await holdsOf(subject), erasures: erasures.map(each => ({ at: each.at.toISOString(), ground: each.ground })),
        cases: await Promise.all(cases.map(({ state, parts }) => caseOf(subject, state, parts))),
      }
    },
    async restrict(subject, { ground, by, at }) {
      refuseOpen(await casesOf(subject))
      await database.query('insert into cabut.subject_restrictions (subject, ground, by_actor, since) values ($1, $2, $3, $4::timestamptz) on conflict (subject) do nothing', [subject, ground, by, at.toISOString()])
    },
    lift: async subject => (await database.query('delete from cabut.subject_restrictions where subject = $1 returning subject', [subject])).length === 1,
    async hold(subject, { ground, by, at }) {
      await casesOf(subject)
      await database.query('insert into cabut.subject_holds (subject, since, ground, by_actor) values ($1, $2::timestamptz, $3, $4) on conflict (subject, since) do nothing', [subject, at.toISOString(), ground, by])
    },
    async release(subject, by, at) {
      return (await database.query('update cabut.subject_holds set lifted_at = $2::timestamptz, lifted_by = $3 where subject = $1 and lifted_at is null returning since', [subject, at.toISOString(), by])).length
    },
    async erase(subject, { ground, by, at }) {
      const cases = await casesOf(subject)
      const hold = (await holdsOf(subject)).find(each => each.liftedAt === undefined)
      if (hold !== undefined) throw new CabutError('subjectHeld', { detail: `${hold.ground} (since ${hold.since.slice(0, 10)})` })
      refuseOpen(cases)
      // The order is on record before anything is gone.
      await database.query('insert into cabut.subject_erasures (subject, at, ground, by_actor, cases) values ($1, $2::timestamptz, $3, $4, $5) on conflict (subject, at) do nothing',
        [subject, at.toISOString(), ground, by, cases.length])
      let keys = await vault.keys.destroy(subject)
      for (const { state, parts } of cases) if (parts.includes('holder')) keys += await vault.keys.destroy(caseSubject(state.id))
      vault.forget()
      await database.query('delete from cabut.subject_lookups where subject = $1', [subject])
      return { subject, at: at.toISOString(), cases: cases.map(({ state }) => state.id), keys }
    },
  }
}

interface HoldRow extends Row { readonly since: Date; readonly ground: string; readonly by_actor: string; readonly lifted_at: Date | null; readonly lifted_by: string | null }
