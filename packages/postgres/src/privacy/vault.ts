import { createHmac, randomBytes } from 'node:crypto'
import { CabutError } from '@cabut/sdk'
import type { Database, Queryable, Row } from '../database.js'
import { decrypt, encrypt, keyBytes, type KeyEncryptionKey } from './key-encryption.js'
import { generationOf, keyId, keysInDatabase, type KeptKey, type SubjectKeys } from './subject-keys.js'
import { lookupText } from './whose.js'

/** How personal values are kept. */
export interface PrivacyOptions {
  /** From configuration or the environment, never from the database; after a change of keys, the former ones follow the present one. */
  readonly key: KeyEncryptionKey | readonly [KeyEncryptionKey, ...KeyEncryptionKey[]]
  /** Where the keys of subjects lie. @default the desk's own database */
  readonly keys?: SubjectKeys
  /** How long an opened key is used without asking again, milliseconds: how long another process may still read what was erased here. @default 5000 */
  readonly cacheFor?: number
}

/** A key ready for use. */
export interface OpenKey { readonly id: string; readonly key: Uint8Array }

/** Seals and opens personal values, each under the key of its subject. */
export interface Vault {
  readonly keys: SubjectKeys
  /** The living key of each subject. `make`: asked of the store anew, and made where there is none; else those without one are left out. */
  keysFor(subjects: readonly string[], make: boolean): Promise<ReadonlyMap<string, OpenKey>>
  /** Keys by id. @throws CabutError `privacyKeyMissing` for one that was never destroyed and is not there */
  keysById(ids: Iterable<string>): Promise<ReadonlyMap<string, Uint8Array | 'destroyed'>>
  /** Every key there is, read within a transaction where they lie in the same database (PGlite serves nobody else meanwhile). */
  allKeys(within: Queryable): Promise<ReadonlyMap<string, Uint8Array | 'destroyed'>>
  /** Keyed digest of a value somebody may be looked up by. */
  lookupTag(value: string): Promise<string>
  /** Forgets a subject's keys here at once. */
  forget(): void
  /** Wraps every living key by the present key-encryption key; says how many. The former one may then be destroyed. */
  rewrap(): Promise<number>
}

const form = /^cabut:1:([0-9a-f]{32}\.\d{1,6}):([A-Za-z0-9_-]+)$/

/** `cabut:1:<key id>:<nonce, ciphertext, tag in base64url>` */
export function sealText({ id, key }: OpenKey, text: string, about: string): string {
  return `cabut:1:${id}:${encrypt(key, text, about).toString('base64url')}`
}

/** Id of the key a text is sealed under; `undefined` for a text that is not sealed. */
export function sealedUnder(text: unknown): string | undefined {
  return typeof text === 'string' ? form.exec(text)?.[1] : undefined
}

/** @throws when the key is another, or the text was changed or moved */
export function openText(key: Uint8Array, sealed: string, about: string): string {
  return decrypt(key, Buffer.from(form.exec(sealed)?.[2] ?? '', 'base64url'), about).toString('utf8')
}

const lookupSubject = 'cabut:lookup'

/**
 * Opens the vault of a database. The first opening marks the database as private: from then on no store opens it without the key.
 *
 * @throws CabutError `privacyKeyWrong`: another key-encryption key or another place of keys than the one in use
 * @example
 * ```ts
 * const { database } = await openPrivateOffice()
 * const { keys } = await openVault(database, { key: readKeyEncryptionKey(keyText) })
 * keys.place // 'database'
 * await openVault(database, { key: readKeyEncryptionKey('fedcba9876543210'.repeat(4)) }) // throws privacyKeyWrong
 * ```
 */
export async function openVault(database: Database, options: PrivacyOptions): Promise<Vault> {
  const { keys = keysInDatabase(database), cacheFor = 5_000 } = options
  const [present, ...former] = Array.isArray(options.key) ? options.key as [KeyEncryptionKey, ...KeyEncryptionKey[]] : [options.key as KeyEncryptionKey]
  const byId = new Map<string, { readonly key: Uint8Array | 'destroyed'; readonly until: number }>()
  const bySubject = new Map<string, { readonly open: OpenKey | undefined; readonly until: number }>()
  let lookup: Promise<Uint8Array> | undefined

  function unwrap(id: string, kept: KeptKey): Uint8Array | 'destroyed' {
    if (kept === 'destroyed') return kept
    for (const each of [present, ...former]) {
      try {
        return each.unwrap(kept, id)
      } catch { /* wrapped by another of them */ }
    }
    throw new CabutError('privacyKeyWrong', { detail: 'a key of a subject was wrapped by another key-encryption key' })
  }

  async function make(subject: string, after: string | undefined): Promise<OpenKey> {
    for (let generation = after === undefined ? 1 : generationOf(after) + 1; ; generation++) {
      const id = keyId(subject, generation)
      const key = randomBytes(keyBytes)
      if (await keys.add(id, present.wrap(key, id))) return { id, key }
      const kept = (await keys.read([id])).get(id)
      const key2 = kept === undefined ? undefined : unwrap(id, kept)
      if (key2 !== undefined && key2 !== 'destroyed') return { id, key: key2 }
    }
  }

  async function keysFor(subjects: readonly string[], making: boolean): Promise<ReadonlyMap<string, OpenKey>> {
    const now = performance.now()
    const found = new Map<string, OpenKey>()
    const asked: string[] = []
    for (const subject of new Set(subjects)) {
      const known = making ? undefined : bySubject.get(subject)
      if (known === undefined || known.until < now) asked.push(subject)
      else if (known.open !== undefined) found.set(subject, known.open)
    }
    const last = asked.length === 0 ? new Map<string, never>() : await keys.last(asked)
    for (const subject of asked) {
      const known = last.get(subject)
      const key = known === undefined ? 'destroyed' : unwrap(known.id, known.kept)
      const open = key !== 'destroyed' && known !== undefined ? { id: known.id, key } : making ? await make(subject, known?.id) : undefined
      bySubject.set(subject, { open, until: now + cacheFor })
      if (open === undefined) continue
      found.set(subject, open)
      byId.set(open.id, { key: open.key, until: now + cacheFor })
    }
    trim()
    return found
  }

  async function keysById(ids: Iterable<string>): Promise<ReadonlyMap<string, Uint8Array | 'destroyed'>> {
    const now = performance.now()
    const found = new Map<string, Uint8Array | 'destroyed'>()
    const asked: string[] = []
    for (const id of new Set(ids)) {
      const known = byId.get(id)
      if (known !== undefined && (known.until >= now || known.key === 'destroyed')) found.set(id, known.key)
      else asked.push(id)
    }
    if (asked.length === 0) return found
    const read = await keys.read(asked)
    for (const id of asked) {
      const kept = read.get(id)
      if (kept === undefined) throw new CabutError('privacyKeyMissing', { detail: `no key ${id} in the ${keys.place} of keys` })
      const key = unwrap(id, kept)
      found.set(id, key)
      byId.set(id, { key, until: now + cacheFor })
    }
    trim()
    return found
  }

  /** Memory does not grow with the number of people. */
  function trim(): void {
    for (const cache of [byId, bySubject]) if (cache.size > 10_000) cache.clear()
  }

  await database.query('insert into cabut.privacy (key_id, keys_in) values ($1, $2) on conflict (one) do nothing', [present.id, keys.place])
  const marker = await readMarker(database)
  if (marker !== undefined && (marker.keysIn !== keys.place || ![present, ...former].some(({ id }) => id === marker.keyId))) {
    throw new CabutError('privacyKeyWrong', { detail: `this database uses key ${marker.keyId}, keys in the ${marker.keysIn}` })
  }

  return {
    keys, keysFor, keysById,
    async allKeys(within) {
      const found = new Map<string, Uint8Array | 'destroyed'>()
      for (const [id, kept] of await (options.keys ?? keysInDatabase(within)).all()) found.set(id, unwrap(id, kept))
      return found
    },
    async lookupTag(value) {
      lookup ??= keysFor([lookupSubject], true).then(found => found.get(lookupSubject)?.key ?? new Uint8Array())
      lookup.catch(() => { lookup = undefined })
      return createHmac('sha256', await lookup).update(lookupText(value)).digest('hex')
    },
    forget() {
      byId.clear()
      bySubject.clear()
    },
    async rewrap() {
      let count = 0
      for (const [id, kept] of await keys.all()) {
        const key = unwrap(id, kept)
        if (key !== 'destroyed' && await keys.replace(id, present.wrap(key, id))) count += 1
      }
      await database.query('update cabut.privacy set key_id = $1', [present.id])
      return count
    },
  }
}

/**
 * Whether personal values of this database are sealed, under which key, and where their keys lie. `undefined`: they are not.
 *
 * @example
 * ```ts
 * const sealed = await openPrivateOffice()
 * await readMarker(sealed.database) // { keyId: '7db03a883c4865c3', keysIn: 'database' }
 * await readMarker(await openDatabase()) // undefined
 * ```
 */
export async function readMarker(database: Pick<Database, 'query'>): Promise<{ readonly keyId: string; readonly keysIn: SubjectKeys['place'] } | undefined> {
  const [row] = await database.query<Row & { key_id: string; keys_in: SubjectKeys['place'] }>('select key_id, keys_in from cabut.privacy')
  return row === undefined ? undefined : { keyId: row.key_id, keysIn: row.keys_in }
}
