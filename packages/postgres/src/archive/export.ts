import { createHash, hash, type KeyObject } from 'node:crypto'
import { mkdir, open, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CabutError } from '@cabut/sdk'
import { canonicalJson, type Json } from '@cabut/sdk/history'
import type { Store } from '@cabut/sdk/store'
import type { Database } from '../database.js'
import { findChainFault } from '../audit/chain.js'
import { digestsOf } from '../audit/check-case.js'
import { archivePath, caseFile, evidenceFile, guide, manifestOf, names, signManifest, type ArchiveHead } from './format.js'

/** What goes into an archive, and whose key signs it. */
export interface ArchiveExportOptions {
  /** Cases to archive, by id. */
  readonly cases: readonly string[]
  /** Folder to make; must not exist, or be empty. */
  readonly folder: string
  /** The office's Ed25519 key; see `readSigningKey`. */
  readonly key: KeyObject
  readonly office: string
  readonly ground: string
  readonly at: Date
  /** Leave personal values out. @default false */
  readonly withoutPersonal?: boolean
  /** Where it is noted which cases left in which archive; retention asks there. */
  readonly database?: Database
  readonly onProgress?: (done: number, total: number) => void
}

/** What was written. `manifest` names the archive: SHA-256 of its MANIFEST. */
export interface Archived { readonly manifest: string; readonly cases: number; readonly files: number; readonly bytes: number }

/**
 * Writes cases with all their evidence as a signed folder. The events of one case are held in memory, and of its evidence one piece. A case whose chain
 * does not hold is not archived as if it did.
 *
 * @throws CabutError `requestNotFound`, `historyBroken`, `archiveInvalid` (the folder is in use)
 * @example
 * ```ts
 * const { store } = await openOffice()
 * const options = { cases: ['P-2026-0001'], folder: openFolder(), key: readSigningKey(signingPem), office: 'Dinkominfo Contoh', ground: 'JRA-4', at: new Date('2029-01-02T02:00:00Z') }
 * const { cases } = await exportArchive(store, options)
 * cases // 1
 * await exportArchive(store, options) // throws archiveInvalid
 * ```
 */
export async function exportArchive(store: Store, options: ArchiveExportOptions): Promise<Archived> {
  const { folder, key, office, ground, at, onProgress } = options
  await mkdir(join(folder, 'cases'), { recursive: true, mode: 0o700 })
  await mkdir(join(folder, 'evidence'), { mode: 0o700 }).catch(() => {})
  if ((await readdir(folder, { recursive: true })).length > 2) throw new CabutError('archiveInvalid', { detail: 'the folder is not empty' })
  const digests = new Map<string, string>()
  let size = 0
  const put = async (path: string, bytes: Uint8Array | string): Promise<void> => {
    if (!archivePath.test(path)) throw new CabutError('archiveInvalid', { at: path.slice(0, 140) })
    await writeFile(join(folder, path), bytes, { flag: 'wx', mode: 0o600, flush: true })
    digests.set(path, hash('sha256', bytes))
    size += bytes.length
  }

  /** Writes what may be large as it is read, and gives its digest. */
  const copy = async (path: string, pieces: AsyncIterable<Uint8Array>): Promise<string> => {
    const digest = createHash('sha256')
    const file = await open(join(folder, path), 'wx', 0o600)
    try {
      for await (const piece of pieces) {
        digest.update(piece)
        await file.writeFile(piece)
        size += piece.length
      }
      await file.sync()
    } finally {
      await file.close()
    }
    const found = digest.digest('hex')
    digests.set(path, found)
    return found
  }

  const entries: ArchiveHead['cases'][number][] = []
  const evidence: Record<string, string> = {}
  for (const id of new Set(options.cases)) {
    const stored = await store.load('all', id)
    if (stored === undefined) throw new CabutError('requestNotFound', { at: id })
    const events = (await store.events('all', id)).slice(0, stored.head.seq)
    const fault = findChainFault(id, events)
    if (fault !== undefined || events.at(-1)?.digest !== stored.head.digest) throw new CabutError('historyBroken', { at: `${id}#${fault?.seq ?? stored.head.seq}` })
    const lines = events.map(({ personal, ...event }) => canonicalJson((options.withoutPersonal === true || personal === undefined ? event : { ...event, personal }) as unknown as Json))
    await put(caseFile(id), `${lines.join('\n')}\n`)
    for (const sha256 of digestsOf(stored.state)) {
      if (evidence[sha256] !== undefined) continue
      const found = await store.openEvidence('all', sha256)
      if (found === undefined || await copy(evidenceFile(sha256), found.pieces()) !== sha256) throw new CabutError('historyBroken', { at: id, detail: `evidence ${sha256}` })
      evidence[sha256] = found.mediaType
    }
    entries.push({ id, opd: stored.state.parties.opdOrigin, status: stored.state.status, seq: stored.head.seq, head: stored.head.digest })
    onProgress?.(entries.length, options.cases.length)
  }

  const head: ArchiveHead = {
    kind: 'cabut-archive', version: 1, office, createdAt: at.toISOString(), ground, personal: options.withoutPersonal !== true,
    cases: entries.sort((a, b) => (a.id < b.id ? -1 : 1)), evidence,
  }
  await put(names.head, `${canonicalJson(head as unknown as Json)}\n`)
  await put(names.guide, guide)
  const manifest = manifestOf(digests)
  // Last: an archive without them was interrupted, and no import takes it.
  await writeFile(join(folder, names.manifest), manifest, { flag: 'wx', mode: 0o600, flush: true })
  await writeFile(join(folder, names.signature), signManifest(manifest, key), { flag: 'wx', mode: 0o600, flush: true })
  const name = hash('sha256', manifest)
  await options.database?.query(
    `insert into cabut.archived (case_id, manifest, seq, head, at) select each.id, $1, each.seq, each.head, $2::timestamptz
     from unnest($3::text[], $4::integer[], $5::text[]) as each (id, seq, head) on conflict do nothing`,
    [name, at.toISOString(), entries.map(each => each.id), entries.map(each => each.seq), entries.map(each => each.head)])
  return { manifest: name, cases: entries.length, files: digests.size + 2, bytes: size }
}
