/**
 * Which cases left in which archive, and what was then erased on what ground. Both for good: who archives again adds a line.
 */
export const archiveSchema = `
create table cabut.archived (
  case_id text collate "C" not null,
  manifest text not null,
  seq integer not null,
  head text not null,
  at timestamptz not null,
  primary key (case_id, manifest)
);
create table cabut.retired (
  case_id text collate "C" primary key,
  at timestamptz not null,
  rule text not null,
  ground text not null,
  by_actor text not null,
  manifest text not null
);
create trigger append_only before update or delete on cabut.archived for each row execute function cabut.refuse_change();
create trigger append_only_all before truncate on cabut.archived for each statement execute function cabut.refuse_change();
create trigger append_only before update or delete on cabut.retired for each row execute function cabut.refuse_change();
create trigger append_only_all before truncate on cabut.retired for each statement execute function cabut.refuse_change();
alter table cabut.archived enable row level security;
alter table cabut.retired enable row level security;
create policy service on cabut.archived using ((select cabut.scope() ? 'all'));
create policy service on cabut.retired using ((select cabut.scope() ? 'all'));
`

/** What the desk's role may do with it. */
export const archiveGrants = `
grant select, insert on cabut.archived, cabut.retired to :role;
`
