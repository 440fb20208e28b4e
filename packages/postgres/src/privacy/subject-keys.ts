import { hash, randomBytes } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Queryable, Row } from '../database.js'

/** A wrapped key, or that there was one and it is gone for ever. */
export type KeptKey = Uint8Array | 'destroyed'

/**
 * Where the keys of subjects lie, each wrapped by the key-encryption key. Their place decides how far an erasure reaches: backups that hold
 * no keys cannot be read after it. So the keys lie apart from the data, and their own backup is replaced, never collected.
 *
 * A subject has one living key at most. After an erasure the next value makes a new one, of the next generation.
 */
export interface SubjectKeys {
  readonly place: 'database' | 'directory'
  /** Keys by id; ids nobody knows are left out. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, KeptKey>>
  /** The last key of each subject, by subject: living or destroyed. */
  last(subjects: readonly string[]): Promise<ReadonlyMap<string, { readonly id: string; readonly kept: KeptKey }>>
  /** Keeps a new key. `false`: the id is taken, somebody was faster. */
  add(id: string, wrapped: Uint8Array): Promise<boolean>
  /** Puts a living key into another wrapping. `false`: it was destroyed meanwhile. */
  replace(id: string, wrapped: Uint8Array): Promise<boolean>
  /** Destroys every key of a subject; says how many lived. */
  destroy(subject: string): Promise<number>
  /** Every id with its key, for audit and for wrapping anew. */
  all(): Promise<ReadonlyMap<string, KeptKey>>
}

/** `<digest of the subject>.<generation>`: tells nothing about a person to who does not know the id already. */
export function keyId(subject: string, generation: number): string {
  return `${subjectDigest(subject)}.${generation}`
}

export function generationOf(id: string): number {
  return Number(id.slice(id.indexOf('.') + 1))
}

function subjectDigest(subject: string): string {
  return hash('sha256', `cabut.subject\n${subject}`).slice(0, 32)
}

/**
 * Keys in a database: the desk's own (simple; a backup of it then holds wrapped keys), or better one of their own that any desk and worker
 * reaches. The database must be migrated.
 *
 * @example
 * ```ts
 * const keys = keysInDatabase(await openDatabase())
 * const id = `${'ab'.repeat(16)}.1`
 * const wrapped = readKeyEncryptionKey(keyText).wrap(new Uint8Array(32).fill(7), id)
 * await keys.add(id, wrapped) // true
 * await keys.add(id, wrapped) // false
 * ```
 */
export function keysInDatabase(database: Queryable): SubjectKeys {
  const kept = (row: KeyRow): KeptKey => row.wrapped === null ? 'destroyed' : Uint8Array.from(row.wrapped)
  return {
    place: 'database',
    async read(ids) {
      const rows = await database.query<KeyRow>('select id, wrapped from cabut.subject_keys where id = any ($1::text[])', [ids])
      return new Map(rows.map(row => [row.id, kept(row)]))
    },
    async last(subjects) {
      const bySubject = new Map(subjects.map(subject => [subjectDigest(subject), subject]))
      const rows = await database.query<KeyRow & { subject: string }>(
        'select distinct on (subject) subject, id, wrapped from cabut.subject_keys where subject = any ($1::text[]) order by subject, generation desc', [[...bySubject.keys()]])
      return new Map(rows.map(row => [bySubject.get(row.subject) ?? '', { id: row.id, kept: kept(row) }]))
    },
    async add(id, wrapped) {
      const rows = await database.query('insert into cabut.subject_keys (id, subject, generation, wrapped) values ($1, $2, $3, $4) on conflict (id) do nothing returning id',
        [id, id.slice(0, id.indexOf('.')), generationOf(id), wrapped])
      return rows.length === 1
    },
    async replace(id, wrapped) {
      return (await database.query('update cabut.subject_keys set wrapped = $2 where id = $1 and wrapped is not null returning id', [id, wrapped])).length === 1
    },
    async destroy(subject) {
      const rows = await database.query('update cabut.subject_keys set wrapped = null where subject = $1 and wrapped is not null returning id', [subjectDigest(subject)])
      return rows.length
    },
    async all() {
      return new Map((await database.query<KeyRow>('select id, wrapped from cabut.subject_keys')).map(row => [row.id, kept(row)]))
    },
  }
}

interface KeyRow extends Row { readonly id: string; readonly wrapped: Uint8Array | null }

/**
 * Keys as files of one directory: for an office with one machine. Keep it out of the backups that are collected.
 *
 * @param directory made with the first key, for its owner alone
 * @example
 * ```ts
 * const keys = keysInDirectory(openFolder())
 * const [id, kek] = [`${'ab'.repeat(16)}.1`, readKeyEncryptionKey(keyText)]
 * await keys.add(id, kek.wrap(new Uint8Array(32).fill(7), id)) // true
 * const kept = (await keys.read([id])).get(id)
 * kept instanceof Uint8Array && kek.unwrap(kept, id)[0] // 7
 * ```
 */
export function keysInDirectory(directory: string): SubjectKeys {
  const path = (id: string): string => join(directory, id)
  async function kept(id: string): Promise<KeptKey | undefined> {
    try {
      const bytes = await readFile(path(id))
      return bytes.length === 0 ? 'destroyed' : Uint8Array.from(bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }
  async function generations(subject: string): Promise<readonly string[]> {
    const ids: string[] = []
    for (let generation = 1; ; generation++) {
      const id = keyId(subject, generation)
      if (await kept(id) === undefined) return ids
      ids.push(id)
    }
  }
  /** A file whole and on the disk, under a name that nobody reads. */
  async function draft(id: string, bytes: Uint8Array): Promise<string> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const name = `${path(id)}.${randomBytes(6).toString('hex')}`
    await writeFile(name, bytes, { mode: 0o600, flush: true })
    return name
  }
  async function settled(): Promise<void> {
    const folder = await open(directory, 'r')
    await folder.sync().finally(() => folder.close())
  }
  async function some(ids: readonly string[]): Promise<ReadonlyMap<string, KeptKey>> {
    const found = new Map<string, KeptKey>()
    for (const id of ids) {
      const one = /^[0-9a-f]{32}\.\d{1,6}$/.test(id) ? await kept(id) : undefined
      if (one !== undefined) found.set(id, one)
    }
    return found
  }
  return {
    place: 'directory',
    read: some,
    async last(subjects) {
      const found = new Map<string, { id: string; kept: KeptKey }>()
      for (const subject of subjects) {
        const id = (await generations(subject)).at(-1)
        const one = id === undefined ? undefined : await kept(id)
        if (id !== undefined && one !== undefined) found.set(subject, { id, kept: one })
      }
      return found
    },
    async add(id, wrapped) {
      // Whole and on the disk before it has its name: a value sealed under a key that a power cut takes away would be lost.
      const name = await draft(id, wrapped)
      try {
        await link(name, path(id))
        await settled()
        return true
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
        throw error
      } finally {
        await rm(name, { force: true })
      }
    },
    async replace(id, wrapped) {
      const before = await kept(id)
      if (before === undefined || before === 'destroyed') return false
      await rename(await draft(id, wrapped), path(id))
      await settled()
      return true
    },
    async destroy(subject) {
      let destroyed = 0
      for (const id of await generations(subject)) {
        if (await kept(id) === 'destroyed') continue
        // In place, so that the file system has no second copy under the name; then emptied: the empty file says there was a key.
        const file = await open(path(id), 'r+')
        try {
          await file.write(randomBytes((await file.stat()).size), 0, undefined, 0)
          await file.sync()
          await file.truncate(0)
          await file.sync()
        } finally {
          await file.close()
        }
        destroyed += 1
      }
      return destroyed
    },
    async all() {
      const names = await readdir(directory).catch(() => [])
      return some(names)
    },
  }
}
