/**
 * Personal values under keys of their subjects. Notes that belong to it:
 * - `privacy` has one row once the store was opened with a key: from then on it does not open without.
 * - `subject_keys` is used where keys lie in this database (or in one of their own, with the same schema). `wrapped` null: destroyed.
 * - The tables of subjects are read by the service only, never by an OPD: row-level security lets them show nothing in a narrower scope.
 */
export const privacySchema = `
create table cabut.privacy (
  one boolean primary key default true check (one),
  key_id text not null,
  keys_in text not null
);

create table cabut.subject_keys (
  id text collate "C" primary key,
  subject text collate "C" not null,
  generation integer not null check (generation > 0),
  wrapped bytea,
  unique (subject, generation)
);

create table cabut.subject_cases (
  subject text collate "C" not null,
  case_id text collate "C" not null,
  part text not null check (part in ('applicant', 'holder')),
  primary key (subject, case_id, part)
);

create table cabut.subject_lookups (
  tag text not null,
  subject text collate "C" not null,
  primary key (tag, subject)
);
create index subject_lookups_subject on cabut.subject_lookups (subject);

create table cabut.subject_restrictions (
  subject text collate "C" primary key,
  ground text not null,
  by_actor text not null,
  since timestamptz not null
);

create table cabut.subject_holds (
  subject text collate "C" not null,
  since timestamptz not null,
  ground text not null,
  by_actor text not null,
  lifted_at timestamptz,
  lifted_by text,
  primary key (subject, since)
);

create table cabut.subject_erasures (
  subject text collate "C" not null,
  at timestamptz not null,
  ground text not null,
  by_actor text not null,
  cases integer not null,
  primary key (subject, at)
);
create trigger append_only before update or delete on cabut.subject_erasures for each row execute function cabut.refuse_change();
create trigger append_only_all before truncate on cabut.subject_erasures for each statement execute function cabut.refuse_change();

alter table cabut.subject_keys enable row level security;
alter table cabut.subject_cases enable row level security;
alter table cabut.subject_lookups enable row level security;
alter table cabut.subject_restrictions enable row level security;
alter table cabut.subject_holds enable row level security;
alter table cabut.subject_erasures enable row level security;
create policy service on cabut.subject_keys using ((select cabut.scope() ? 'all'));
create policy service on cabut.subject_cases using ((select cabut.scope() ? 'all'));
create policy service on cabut.subject_lookups using ((select cabut.scope() ? 'all'));
create policy service on cabut.subject_restrictions using ((select cabut.scope() ? 'all'));
create policy service on cabut.subject_holds using ((select cabut.scope() ? 'all'));
create policy service on cabut.subject_erasures using ((select cabut.scope() ? 'all'));
`

/** What the desk's role may do with it. Erasures are recorded for good. */
export const privacyGrants = `
grant select, insert, update on cabut.privacy, cabut.subject_keys, cabut.subject_holds to :role;
grant select, insert on cabut.subject_cases, cabut.subject_erasures to :role;
grant select, insert, delete on cabut.subject_lookups, cabut.subject_restrictions to :role;
`
