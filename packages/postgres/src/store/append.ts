import type { Append, TenantScope } from '@cabut/sdk/store'
import type { Row } from '../database.js'
import { opdsOf } from './scope.js'
import { splitEvent, splitState } from './split.js'

/** SQL and its parameters. */
export interface AppendStatement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** What became of an append. */
export interface AppendRow extends Row {
  readonly written: boolean
  /** The lease it was given under still holds. */
  readonly held: boolean
}

/** How a case is woken when it is in the queue already: not while something of it runs. */
export const wakeAgain = 'next_at = case when known.running is null then least(known.next_at, excluded.next_at) else known.next_at end'

/** How an effect is asked for that is open already: the earlier time counts; one that runs is run again after it. */
export const askAgain = `again_at = case when known.status = 'running' then least(known.again_at, excluded.due_at) end,
  due_at = case known.status when 'running' then known.due_at when 'parked' then excluded.due_at else least(known.due_at, excluded.due_at) end,
  attempt = case when known.status = 'running' then known.attempt else 0 end,
  status = case when known.status = 'running' then 'running' else 'waiting' end`

/** Statements by shape: few, so that the server plans each once for each connection. */
const shapes = new Map<string, string>()

/** One append as one statement: compare-and-set on version and head, events, projection, effects and evidence; all of it or nothing. */
export function appendStatement(scope: TenantScope, write: Append): AppendStatement {
  const { state, personal } = splitState(write.state)
  const last = write.events.at(-1) ?? write.events[0]
  const events = write.events.map(splitEvent)
  const beside = events.flatMap(({ personal: value }, index) => (value === undefined ? [] : [{ seq: write.expectedVersion + index + 1, value }]))
  const evidence = new Map((write.evidence ?? []).map(item => [item.sha256, item]))
  const parameters: unknown[] = [
    write.caseId, write.expectedVersion, write.state.parties.opdOrigin, opdsOf(scope), write.state.version, last.digest, write.state.status,
    write.state.certificate.issuerDn ?? null, write.state.certificate.serial ?? null, state, personal, events.map(each => each.digest), events.map(each => each.body),
    write.events[0].previous,
  ]
  const at = (value: unknown): string => `$${parameters.push(value)}`
  const filing = write.expectedVersion === 0
  const { lease } = write
  const shape = [filing ? 'file' : 'append', lease === undefined ? '' : 'lease', beside.length > 0 ? 'personal' : '', write.effects.length > 0 ? 'effects' : '', evidence.size].join(' ')
  const placeholders = {
    lease: lease === undefined ? undefined : [at(lease.caseId), at(lease.kind), at(lease.token)],
    personal: beside.length === 0 ? undefined : [at(beside.map(each => each.seq)), at(beside.map(each => each.value))],
    effects: write.effects.length === 0 ? undefined : [at(write.effects.map(each => each.kind)), at(write.effects.map(each => each.notBefore ?? last.time))],
    evidence: [...evidence.values()].map(item => [at(item.sha256), at(item.mediaType), at(item.bytes)] as const),
  }
  let sql = shapes.get(shape)
  if (sql === undefined) shapes.set(shape, sql = build(filing, placeholders))
  return { sql, parameters }
}

interface Placeholders {
  readonly lease: readonly string[] | undefined
  readonly personal: readonly string[] | undefined
  readonly effects: readonly string[] | undefined
  readonly evidence: readonly (readonly [string, string, string])[]
}

function build(filing: boolean, { lease, personal, effects, evidence }: Placeholders): string {
  const held = lease === undefined ? '' : `and exists (select 1 from held)`
  const parts = [
    lease === undefined ? '' : `held as materialized (select 1 from cabut.queue where case_id = ${lease[0]} and running = ${lease[1]} and token = ${lease[2]})`,
    filing
      ? `written as (
          insert into cabut.cases (id, opd, version, head, status, issuer_dn, serial, state, personal)
          select $1, $3, $5::integer, $6, $7, $8, $9, $10::json, $11::json where $2::integer = 0 and $14::text is null and ($4::text[] is null or $3 = any ($4::text[])) ${held}
          on conflict (id) do nothing returning id, opd)`
      : `written as (
          update cabut.cases set version = $5::integer, head = $6, status = $7, issuer_dn = $8, serial = $9, state = $10::json, personal = $11::json
          where id = $1 and version = $2::integer and head = $14 and opd = $3 and ($4::text[] is null or opd = any ($4::text[])) ${held}
          returning id, opd)`,
    `events as (
      insert into cabut.events (case_id, seq, opd, digest, body)
      select written.id, $2::integer + each.n, written.opd, each.digest, each.body::json
      from written, unnest($12::text[], $13::text[]) with ordinality as each (digest, body, n))`,
    personal === undefined ? '' : `beside as (
      insert into cabut.personal (case_id, seq, opd, body)
      select written.id, each.seq, written.opd, each.body::json from written, unnest(${personal[0]}::integer[], ${personal[1]}::text[]) as each (seq, body))`,
    effects === undefined ? '' : `woken as (
      insert into cabut.queue as known (case_id, opd, next_at)
      select written.id, written.opd, (select min(asked) from unnest(${effects[1]}::timestamptz[]) as asked) from written
      on conflict (case_id) do update set ${wakeAgain}
      returning case_id, opd),
    asked as (
      insert into cabut.effects as known (case_id, kind, opd, due_at)
      select woken.case_id, each.kind, woken.opd, each.at from woken, unnest(${effects[0]}::text[], ${effects[1]}::timestamptz[]) as each (kind, at)
      on conflict (case_id, kind) do update set ${askAgain})`,
    evidence.length === 0 ? '' : `brought (sha256, media_type, bytes) as (values ${evidence.map(([sha256, mediaType, bytes]) => `(${sha256}, ${mediaType}, ${bytes}::bytea)`).join(', ')}),
    kept as materialized (select cabut.keep(brought.sha256, brought.media_type, brought.bytes) from written, brought),
    named as (
      insert into cabut.case_evidence (case_id, sha256, opd)
      select written.id, brought.sha256, written.opd from written, brought on conflict (case_id, sha256) do nothing)`,
  ]
  return `with ${parts.filter(part => part !== '').join(',\n')}
    select exists (select 1 from written) as written, ${lease === undefined ? 'true' : 'exists (select 1 from held)'} as held${evidence.length === 0 ? '' : ', (select count(*) from kept)::integer as kept'}`
}

/** @throws TypeError when numbers do not follow, or the state is not the one after the events: a caller's mistake */
export function checkAppend(write: Append): void {
  for (const [index, event] of write.events.entries()) {
    if (event.caseId !== write.caseId || event.seq !== write.expectedVersion + index + 1) throw new TypeError('events must follow the expected version without gaps')
  }
  if (write.state.version !== write.expectedVersion + write.events.length) throw new TypeError('the state is not the one after the events')
}
