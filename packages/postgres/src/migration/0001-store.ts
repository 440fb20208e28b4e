/**
 * The first schema. Notes that belong to it:
 * - `collate "C"`: ids sort by bytes, the same everywhere, whatever the locale of the server.
 * - `json`, not `jsonb`: the text is kept as it was written; member order survives.
 * - `opd` stands in every table of a case, so that row-level security needs no join. It never changes.
 * - `queue` has one row for each case: whoever locks it owns everything that runs on the case. Locks are always taken in the order
 *   cases, queue, effects.
 */
export const storeSchema = `
create table cabut.cases (
  id text collate "C" primary key,
  opd text not null,
  version integer not null check (version > 0),
  head text not null,
  registered integer not null default 0,
  status text not null,
  issuer_dn text,
  serial text,
  state json not null,
  personal json
);
create index cases_certificate on cabut.cases (serial, issuer_dn);
create index cases_status on cabut.cases (status, id);
create index cases_opd on cabut.cases (opd, id);
create index cases_unregistered on cabut.cases (id) where version > registered;

create table cabut.events (
  case_id text collate "C" not null references cabut.cases (id),
  seq integer not null check (seq > 0),
  opd text not null,
  digest text not null,
  body json not null,
  primary key (case_id, seq)
);

create table cabut.personal (
  case_id text collate "C" not null,
  seq integer not null,
  opd text not null,
  body json not null,
  primary key (case_id, seq),
  foreign key (case_id, seq) references cabut.events (case_id, seq)
);

create table cabut.evidence (
  sha256 text primary key,
  media_type text not null,
  bytes bytea not null
);
alter table cabut.evidence alter column bytes set storage external;

create table cabut.case_evidence (
  case_id text collate "C" not null references cabut.cases (id),
  sha256 text not null references cabut.evidence (sha256),
  opd text not null,
  primary key (case_id, sha256)
);
create index case_evidence_sha256 on cabut.case_evidence (sha256);

create table cabut.queue (
  case_id text collate "C" primary key references cabut.cases (id),
  opd text not null,
  next_at timestamptz,
  running text,
  token text
);
create index queue_due on cabut.queue (next_at) where next_at is not null;

create table cabut.effects (
  case_id text collate "C" not null references cabut.queue (case_id),
  kind text not null,
  opd text not null,
  due_at timestamptz not null,
  attempt integer not null default 0,
  status text not null default 'waiting' check (status in ('waiting', 'running', 'parked')),
  again_at timestamptz,
  note text,
  primary key (case_id, kind)
);
create sequence cabut.claims;

create table cabut.numbers (
  book text primary key,
  last integer not null
);

create table cabut.register (
  year integer not null,
  n integer not null check (n > 0),
  case_id text collate "C" not null,
  seq integer not null,
  head text not null,
  at timestamptz not null,
  previous text,
  digest text not null,
  primary key (year, n)
);
create index register_case on cabut.register (case_id, seq);

create table cabut.checkpoints (
  at timestamptz primary key,
  body json not null
);

create function cabut.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'table %.% is append-only', tg_table_schema, tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
create trigger append_only before update or delete on cabut.events for each row execute function cabut.refuse_change();
create trigger append_only_all before truncate on cabut.events for each statement execute function cabut.refuse_change();
create trigger append_only before update or delete on cabut.evidence for each row execute function cabut.refuse_change();
create trigger append_only_all before truncate on cabut.evidence for each statement execute function cabut.refuse_change();
create trigger append_only before update or delete on cabut.register for each row execute function cabut.refuse_change();
create trigger append_only_all before truncate on cabut.register for each statement execute function cabut.refuse_change();
create trigger append_only before update or delete on cabut.checkpoints for each row execute function cabut.refuse_change();

-- Claims due cases, earliest first; of each, its earliest effect. Statements of a volatile function see what was committed before they
-- started: what is read about a case is read after its queue row was locked. (A single statement would read effects by an older snapshot.)
create function cabut.claim(p_now timestamptz, p_until timestamptz, p_limit integer)
returns table (case_id text, kind text, token text, opd text, attempt integer, due_at timestamptz) language plpgsql as $$
#variable_conflict use_column
declare
  due record;
  taken record;
  fresh text;
begin
  for due in select q.case_id, q.opd, q.running from cabut.queue q where q.next_at <= p_now order by q.next_at limit p_limit for update skip locked loop
    if due.running is not null then
      update cabut.effects e set status = 'waiting' where e.case_id = due.case_id and e.status = 'running';
    end if;
    update cabut.effects e set status = 'running', attempt = e.attempt + 1
      where e.case_id = due.case_id and e.kind = (
        select w.kind from cabut.effects w where w.case_id = due.case_id and w.status = 'waiting' and w.due_at <= p_now
        order by w.due_at, array_position(array['notify', 'execute', 'ams', 'proof', 'answer', 'close', 'watch'], w.kind) limit 1)
      returning e.kind, e.attempt, e.due_at into taken;
    if not found then
      update cabut.queue q set running = null, token = null,
        next_at = (select min(w.due_at) from cabut.effects w where w.case_id = due.case_id and w.status = 'waiting')
        where q.case_id = due.case_id;
      continue;
    end if;
    fresh := nextval('cabut.claims')::text;
    update cabut.queue q set running = taken.kind, token = fresh, next_at = p_until where q.case_id = due.case_id;
    case_id := due.case_id; kind := taken.kind; token := fresh; opd := due.opd; attempt := taken.attempt; due_at := taken.due_at;
    return next;
  end loop;
end $$;

-- Ends a claim: over (p_at null), again at a time, or parked. An effect asked for while it ran is run again.
create function cabut.release(p_case text, p_kind text, p_token text, p_at timestamptz, p_note text, p_park boolean, p_calm boolean)
returns boolean language plpgsql as $$
declare
  again timestamptz;
  due timestamptz;
begin
  perform 1 from cabut.queue q where q.case_id = p_case and q.running = p_kind and q.token = p_token for update;
  if not found then
    return false;
  end if;
  select e.again_at into again from cabut.effects e where e.case_id = p_case and e.kind = p_kind;
  due := least(again, p_at);
  if due is not null then
    update cabut.effects e set status = 'waiting', due_at = due, again_at = null,
      note = case when p_at is not null or p_park then p_note else e.note end,
      attempt = case when again is null and not p_calm then e.attempt else 0 end
      where e.case_id = p_case and e.kind = p_kind;
  elsif p_park then
    update cabut.effects e set status = 'parked', note = p_note where e.case_id = p_case and e.kind = p_kind;
  else
    delete from cabut.effects e where e.case_id = p_case and e.kind = p_kind;
  end if;
  update cabut.queue q set running = null, token = null,
    next_at = (select min(w.due_at) from cabut.effects w where w.case_id = p_case and w.status = 'waiting')
    where q.case_id = p_case;
  return true;
end $$;

-- Second wall: a role that owns nothing sees only rows of the scope set for its transaction; unset means nothing at all.
create function cabut.scope() returns jsonb language sql stable as $$
  select coalesce(nullif(current_setting('cabut.scope', true), ''), '{}')::jsonb
$$;
alter table cabut.cases enable row level security;
alter table cabut.events enable row level security;
alter table cabut.personal enable row level security;
alter table cabut.case_evidence enable row level security;
alter table cabut.queue enable row level security;
alter table cabut.effects enable row level security;
alter table cabut.evidence enable row level security;
create policy scope on cabut.cases using ((select cabut.scope() ? 'all') or (select cabut.scope() -> 'opds') ? opd);
create policy scope on cabut.events using ((select cabut.scope() ? 'all') or (select cabut.scope() -> 'opds') ? opd);
create policy scope on cabut.personal using ((select cabut.scope() ? 'all') or (select cabut.scope() -> 'opds') ? opd);
create policy scope on cabut.case_evidence using ((select cabut.scope() ? 'all') or (select cabut.scope() -> 'opds') ? opd);
create policy scope on cabut.queue using ((select cabut.scope() ? 'all') or (select cabut.scope() -> 'opds') ? opd);
create policy scope on cabut.effects using ((select cabut.scope() ? 'all') or (select cabut.scope() -> 'opds') ? opd);
create policy scope on cabut.evidence for select using (
  (select cabut.scope() ? 'all') or exists (select 1 from cabut.case_evidence c where c.sha256 = evidence.sha256));

-- Bytes are kept before a case names them, when nobody may see them yet: the one thing the desk does with its owner's right.
create function cabut.keep(p_sha256 text, p_media_type text, p_bytes bytea) returns void language sql security definer set search_path = pg_catalog as $$
  insert into cabut.evidence (sha256, media_type, bytes) values (p_sha256, p_media_type, p_bytes) on conflict (sha256) do nothing
$$;
revoke all on function cabut.keep from public;
`

/** What the desk's role may do: append and read; no change of history, no ownership. `:role` is replaced by the quoted name. */
export const grants = `
grant usage on schema cabut to :role;
grant execute on function cabut.keep to :role;
grant select on cabut.evidence to :role;
grant select, insert on cabut.events, cabut.case_evidence, cabut.register, cabut.checkpoints to :role;
grant select, insert, update on cabut.cases, cabut.queue, cabut.numbers to :role;
grant select, insert, delete on cabut.personal to :role;
grant select, insert, update, delete on cabut.effects to :role;
grant usage on sequence cabut.claims to :role;
grant select on cabut.schema_migrations to :role;
`
