/**
 * What a portal keeps beside the cases: answers to Idempotency-Key, webhooks on their way, sessions. None of it belongs to an office, and all of it
 * goes again: answers and sessions by age, webhooks by being delivered. No personal value is in answers or webhooks; sessions hold who is logged in.
 */
export const portalSchema = `
create table cabut.portal_answers (
  key text collate "C" primary key,
  fingerprint text not null,
  since timestamptz not null,
  status integer,
  headers json,
  body text
);
create index portal_answers_since on cabut.portal_answers (since);
create table cabut.portal_deliveries (
  id text collate "C" not null,
  endpoint text collate "C" not null,
  body text not null,
  attempt integer not null default 0,
  status text not null default 'waiting' check (status in ('waiting', 'running', 'done', 'parked')),
  due_at timestamptz not null,
  token text,
  note text not null default '',
  primary key (id, endpoint)
);
create index portal_deliveries_due on cabut.portal_deliveries (due_at) where status in ('waiting', 'running');
create table cabut.portal_sessions (
  key text collate "C" primary key,
  value text not null,
  until timestamptz not null
);
create index portal_sessions_until on cabut.portal_sessions (until);
alter table cabut.portal_answers enable row level security;
alter table cabut.portal_deliveries enable row level security;
alter table cabut.portal_sessions enable row level security;
create policy service on cabut.portal_answers using ((select cabut.scope() ? 'all'));
create policy service on cabut.portal_deliveries using ((select cabut.scope() ? 'all'));
create policy service on cabut.portal_sessions using ((select cabut.scope() ? 'all'));
`

/** What the desk's role may do with it. */
export const portalGrants = `
grant select, insert, update, delete on cabut.portal_answers, cabut.portal_deliveries, cabut.portal_sessions to :role;
`
