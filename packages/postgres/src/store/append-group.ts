import type { Append } from '@cabut/sdk/store'
import { askAgain, wakeAgain, type AppendStatement } from './append.js'
import { splitEvent, splitState } from './split.js'

/** Whether an append may go with others: a filing, or one that brings bytes, goes alone. */
export function mayShare({ expectedVersion, evidence = [] }: Append): boolean {
  return expectedVersion > 0 && evidence.length === 0
}

/**
 * Appends to several cases as one statement, within all OPDs. Each for itself has its compare-and-set, its lease and its rows: all of it or nothing,
 * whatever becomes of the others. Rows come back in the order given.
 *
 * @param writes such as {@link mayShare}
 */
export function appendGroupStatement(writes: readonly Append[]): AppendStatement {
  const of = <T>(value: (write: Append) => T): readonly T[] => writes.map(value)
  const lastOf = ({ events }: Append): Append['events'][0] => events.at(-1) ?? events[0]
  const states = of(({ state }) => splitState(state))
  const events = writes.flatMap(({ events: each, expectedVersion }, n) => each.map((event, index) => ({ n: n + 1, seq: expectedVersion + index + 1, ...splitEvent(event) })))
  const beside = events.filter(({ personal }) => personal !== undefined)
  const effects = writes.flatMap((write, n) => write.effects.map(({ kind, notBefore }) => ({ n: n + 1, kind, at: notBefore ?? lastOf(write).time })))
  return {
    sql,
    parameters: [
      of(({ caseId }) => caseId), of(({ expectedVersion }) => expectedVersion), of(write => write.events[0].previous), of(({ state }) => state.parties.opdOrigin), of(({ state }) => state.version),
      of(write => lastOf(write).digest), of(({ state }) => state.status), of(({ state }) => state.certificate.issuerDn ?? null), of(({ state }) => state.certificate.serial ?? null),
      states.map(({ state }) => state), states.map(({ personal }) => personal), of(({ lease }) => lease?.kind ?? null), of(({ lease }) => lease?.token ?? null),
      events.map(({ n }) => n), events.map(({ seq }) => seq), events.map(({ digest }) => digest), events.map(({ body }) => body),
      beside.map(({ n }) => n), beside.map(({ seq }) => seq), beside.map(({ personal }) => personal),
      effects.map(({ n }) => n), effects.map(({ kind }) => kind), effects.map(({ at }) => at),
    ],
  }
}

/** Rows are locked in the order of the cases' ids, so that groups of several workers never wait for each other in a ring. */
const sql = `with given as materialized (
    select * from unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::integer[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[])
      with ordinality as each (id, expected, previous, opd, version, head, status, issuer_dn, serial, state, personal, running, token, n) order by id collate "C"),
  held as materialized (
    select n from given where token is null or exists (select 1 from cabut.queue q where q.case_id = given.id and q.running = given.running and q.token = given.token)),
  written as (
    update cabut.cases known set version = given.version, head = given.head, status = given.status, issuer_dn = given.issuer_dn, serial = given.serial,
      state = given.state::json, personal = given.personal::json
    from given where known.id = given.id and known.version = given.expected and known.head = given.previous and known.opd = given.opd and given.n in (select n from held)
    returning known.id, known.opd, given.n),
  events as (
    insert into cabut.events (case_id, seq, opd, digest, body)
    select written.id, each.seq, written.opd, each.digest, each.body::json
    from unnest($14::integer[], $15::integer[], $16::text[], $17::text[]) as each (n, seq, digest, body) join written on written.n = each.n),
  beside as (
    insert into cabut.personal (case_id, seq, opd, body)
    select written.id, each.seq, written.opd, each.body::json
    from unnest($18::integer[], $19::integer[], $20::text[]) as each (n, seq, body) join written on written.n = each.n),
  wanted as (
    select written.id, written.opd, each.kind, each.at
    from unnest($21::integer[], $22::text[], $23::timestamptz[]) as each (n, kind, at) join written on written.n = each.n),
  woken as (
    insert into cabut.queue as known (case_id, opd, next_at) select id, opd, min(at) from wanted group by id, opd order by id
    on conflict (case_id) do update set ${wakeAgain}
    returning case_id),
  asked as (
    insert into cabut.effects as known (case_id, kind, opd, due_at)
    select wanted.id, wanted.kind, wanted.opd, wanted.at from wanted join woken on woken.case_id = wanted.id
    on conflict (case_id, kind) do update set ${askAgain})
  select exists (select 1 from written where written.n = given.n) as written, exists (select 1 from held where held.n = given.n) as held from given order by n`
