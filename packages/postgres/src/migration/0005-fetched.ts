/**
 * CRLs as they were fetched last, for all workers together: one row for each address, and who is fetching it now. Whoever dies doing so loses the lease.
 * Nothing of a case is in it.
 */
export const fetchedSchema = `
create table cabut.fetched (
  url text collate "C" primary key,
  sha256 text,
  bytes bytea,
  fetched_at timestamptz,
  token text,
  lease_until timestamptz,
  failed text
);
alter table cabut.fetched alter column bytes set storage external;
alter table cabut.fetched enable row level security;
create policy service on cabut.fetched using ((select cabut.scope() ? 'all'));
`

/** What the desk's role may do with it. */
export const fetchedGrants = `
grant select, insert, update on cabut.fetched to :role;
`
