import { createHash } from 'node:crypto'
import { CabutError } from '@cabut/sdk'
import type { Database } from '../database.js'
import { grants, storeSchema } from './0001-store.js'
import { privacyGrants, privacySchema } from './0002-privacy.js'
import { archiveGrants, archiveSchema } from './0003-archive.js'
import { portalGrants, portalSchema } from './0004-portal.js'
import { fetchedGrants, fetchedSchema } from './0005-fetched.js'

/** `grants`: what the desk's role may do with it; run again after every migration. */
interface Migration { readonly id: number; readonly name: string; readonly sql: string; readonly grants: string }

/** In order, for ever: a migration that was released is never edited, only followed by another. */
const migrations: readonly Migration[] = [
  { id: 1, name: 'store', sql: storeSchema, grants },
  { id: 2, name: 'privacy', sql: privacySchema, grants: privacyGrants },
  { id: 3, name: 'archive', sql: archiveSchema, grants: archiveGrants },
  { id: 4, name: 'portal', sql: portalSchema, grants: portalGrants },
  { id: 5, name: 'fetched', sql: fetchedSchema, grants: fetchedGrants },
]

/**
 * Name of the role without ownership that desks use on PostgreSQL.
 *
 * @example
 * ```ts
 * deskRole // 'cabut_desk'
 * ```
 */
export const deskRole = 'cabut_desk'

/** What {@link migrate} did. */
export interface Migrated {
  readonly applied: readonly string[]
  readonly version: number
}

/**
 * Brings the schema up to date: forward only, one transaction, one process at a time. A migration that ran before must still have the
 * text it had then. On PostgreSQL it also makes {@link deskRole} and grants it what a desk needs.
 *
 * @throws CabutError `storeMigration`: a migration was edited after it ran, or the schema is newer than this software
 * @example
 * ```ts
 * await migrate(await openDatabase()) // { applied: [], version: 5 }
 * ```
 */
export async function migrate(database: Database): Promise<Migrated> {
  return database.asOwner(async owner => {
    await owner.query('select pg_advisory_xact_lock(hashtext($1))', ['cabut.schema_migrations'])
    await owner.script(`create schema if not exists cabut;
      create table if not exists cabut.schema_migrations (id integer primary key, name text not null, sha256 text not null, at timestamptz not null default now());`)
    const done = await owner.query<{ id: number; name: string; sha256: string }>('select id, name, sha256 from cabut.schema_migrations order by id')
    for (const row of done) {
      const known = migrations.find(({ id }) => id === row.id)
      if (known === undefined) throw new CabutError('storeMigration', { detail: `the schema has migration ${row.id} (${row.name}), which this version does not know` })
      if (checksum(known) !== row.sha256) throw new CabutError('storeMigration', { detail: `migration ${row.id} (${row.name}) is not the one that ran` })
    }
    const applied: string[] = []
    for (const migration of migrations.slice(done.length)) {
      await owner.script(migration.sql)
      await owner.query('insert into cabut.schema_migrations (id, name, sha256) values ($1, $2, $3)', [migration.id, migration.name, checksum(migration)])
      applied.push(migration.name)
    }
    if (applied.length > 0 && database.kind === 'postgres') {
      // A role belongs to the whole server: another database of it may have it already, or be making it this moment.
      await owner.script(`do $$ begin create role ${deskRole} nologin; exception when duplicate_object or unique_violation then null; end $$;
        grant ${deskRole} to current_user; ${migrations.map(migration => migration.grants).join('').replaceAll(':role', deskRole)}`)
    }
    return { applied, version: migrations.at(-1)?.id ?? 0 }
  })
}

function checksum({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex')
}
