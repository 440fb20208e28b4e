import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Database } from '@cabut/postgres'
import { InputError } from './input.js'

/** Options of every command that opens a desk's store. */
export const locationOptions = [
  { flags: '--data <folder>', text: { id: 'direktori data meja layanan (PGlite)', en: 'data directory of the desk (PGlite)' } },
  { flags: '--database <url>', text: { id: 'alamat PostgreSQL, atau CABUT_DATABASE', en: 'PostgreSQL address, or CABUT_DATABASE' } },
] as const

/** Opens the store the command line names: a directory that is there, or a server. */
export async function openLocation(options: Readonly<Record<string, unknown>>): Promise<Database> {
  const { data, database = process.env['CABUT_DATABASE'] } = options
  if (typeof data === 'string') {
    const directory = resolve(data)
    // Auditing or listing must not make an empty desk out of a mistyped name.
    if (!existsSync(directory)) throw new InputError({ id: `${directory}: tidak ada`, en: `${directory}: does not exist` })
    return (await import('@cabut/postgres/pglite')).openPglite({ directory })
  }
  if (typeof database === 'string' && database !== '') return (await import('@cabut/postgres/pg')).connectPostgres({ url: database })
  throw new InputError({ id: 'sebutkan --data atau --database', en: 'name --data or --database' })
}
