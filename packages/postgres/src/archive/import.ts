import { hash, type KeyObject } from 'node:crypto'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { CabutError } from '@cabut/sdk'
import type { Evidence, Store, StoredEvent } from '@cabut/sdk/store'
import type { CaseState } from '@cabut/sdk/workflow'
import { findChainFault } from '../audit/chain.js'
import { digestsOf, stateAfter } from '../audit/check-case.js'
import { caseFile, evidenceFile, largestFile, names, readManifest, signedBy, type ArchiveHead } from './format.js'

/** An archive that was read and found whole. */
export interface OpenArchive {
  readonly head: ArchiveHead
  /** SHA-256 of the MANIFEST. */
  readonly manifest: string
  /** A case as its events say; verified. */
  read(id: string): Promise<{ readonly state: CaseState; readonly events: readonly StoredEvent[]; readonly evidence: readonly Evidence[] }>
}

/**
 * Reads an archive and checks everything in it: the office's signature, the digest of every file, no file more or less, the chain of every
 * case to the head that was signed, the bytes every case names. Any change is refused, with its place.
 *
 * @param key the office's public key, known from elsewhere; see `readOfficeKey`
 * @throws CabutError `archiveInvalid`, `archiveSignature`, `historyBroken`
 * @example
 * ```ts
 * const folder = await openSigned()
 * const { head, read } = await openArchive(folder, readOfficeKey(officePem))
 * head.office // 'Dinkominfo Contoh'
 * const { state } = await read('P-2026-0001')
 * state.status // 'closed'
 * await openArchive(openFolder(), readOfficeKey(officePem)) // throws archiveInvalid
 * ```
 */
export async function openArchive(folder: string, key: KeyObject): Promise<OpenArchive> {
  const files = await list(folder)
  const manifest = await readOne(folder, names.manifest)
  if (!signedBy(manifest, await readOne(folder, names.signature), key)) throw new CabutError('archiveSignature', { at: names.signature })
  const digests = readManifest(manifest)
  for (const path of files) if (!digests.has(path) && path !== names.manifest && path !== names.signature) throw new CabutError('archiveInvalid', { at: path, detail: 'not in the manifest' })
  const read = async (path: string): Promise<Uint8Array> => {
    const bytes = await readOne(folder, path)
    // Digested again at each reading: what is imported is what was checked.
    if (hash('sha256', bytes) !== digests.get(path)) throw new CabutError('archiveInvalid', { at: path, detail: 'its digest is not the one in the manifest' })
    return bytes
  }
  const head = headOf(await read(names.head))
  for (const path of digests.keys()) if (!path.startsWith('cases/') && !path.startsWith('evidence/')) await read(path)
  const wanted = new Set<string>([names.head, names.guide, ...head.cases.map(({ id }) => caseFile(id)), ...Object.keys(head.evidence).map(evidenceFile)])
  for (const path of digests.keys()) if (!wanted.has(path)) throw new CabutError('archiveInvalid', { at: path, detail: 'named by no case' })

  const archive: OpenArchive = {
    head, manifest: hash('sha256', manifest),
    async read(id) {
      const entry = head.cases.find(each => each.id === id)
      if (entry === undefined) throw new CabutError('requestNotFound', { at: id })
      const events = linesOf(await read(caseFile(id)), caseFile(id))
      const fault = findChainFault(id, events)
      if (fault !== undefined) throw new CabutError('historyBroken', { at: `${id}#${fault.seq}`, detail: fault.fault })
      const last = events.at(-1)
      if (last?.seq !== entry.seq || last.digest !== entry.head) throw new CabutError('historyBroken', { at: `${id}#${last?.seq ?? 0}`, detail: 'head' })
      const state = stateAfter(id, events)
      if (state === undefined || state.status !== entry.status || state.parties.opdOrigin !== entry.opd) throw new CabutError('historyBroken', { at: id, detail: 'its events do not lead there' })
      const evidence: Evidence[] = []
      for (const sha256 of new Set(digestsOf(state))) {
        const bytes = await read(evidenceFile(sha256))
        if (hash('sha256', bytes) !== sha256) throw new CabutError('archiveInvalid', { at: evidenceFile(sha256), detail: 'not the bytes of its name' })
        evidence.push({ sha256, mediaType: head.evidence[sha256] ?? 'application/octet-stream', bytes })
      }
      return { state, events, evidence }
    },
  }
  for (const { id } of head.cases) await archive.read(id)
  return archive
}

/** What an import did. */
export interface Imported { readonly imported: readonly string[]; /** There already, event for event. */ readonly known: readonly string[] }

/**
 * Takes every case of an archive into a store: events as they were sealed, states computed anew from them, effects none (an archived case is
 * not worked on; its after-watch stays with the desk it came from).
 *
 * @throws CabutError `archiveConflict` for a case that is here with another history; nothing of the archive is then imported
 * @example
 * ```ts
 * const archive = await openArchive(await openSigned(), readOfficeKey(officePem))
 * const store = createMemoryStore()
 * await importArchive(store, archive) // { imported: ['P-2026-0001', 'P-2026-0002'], known: [] }
 * await importArchive(store, archive) // { imported: [], known: ['P-2026-0001', 'P-2026-0002'] }
 * ```
 */
export async function importArchive(store: Store, archive: OpenArchive, onProgress?: (done: number, total: number) => void): Promise<Imported> {
  const known = new Set<string>()
  for (const { id, seq, head } of archive.head.cases) {
    const here = await store.events('all', id)
    if (here.length === 0 && await store.load('all', id) === undefined) continue
    if (here[seq - 1]?.digest !== head) throw new CabutError('archiveConflict', { at: id })
    known.add(id)
  }
  const imported: string[] = []
  for (const { id } of archive.head.cases) {
    if (known.has(id)) continue
    const { state, events, evidence } = await archive.read(id)
    const outcome = await store.append('all', { caseId: id, expectedVersion: 0, events: events as [StoredEvent, ...StoredEvent[]], state, effects: [], evidence })
    if (outcome.outcome !== 'appended') throw new CabutError('archiveConflict', { at: id })
    imported.push(id)
    onProgress?.(imported.length, archive.head.cases.length - known.size)
  }
  return { imported, known: [...known] }
}

async function list(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new CabutError('archiveInvalid', { detail: 'the folder cannot be read', cause: error })
  })
  return entries.filter(entry => !entry.isDirectory()).map(entry => {
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')
    if (!entry.isFile()) throw new CabutError('archiveInvalid', { at: path, detail: 'not a regular file' })
    return path
  })
}

async function readOne(folder: string, path: string): Promise<Uint8Array> {
  try {
    const file = join(folder, path)
    const { size } = await lstat(file)
    if (size > largestFile) throw new CabutError('archiveInvalid', { at: path, detail: 'too large' })
    return await readFile(file)
  } catch (error) {
    if (error instanceof CabutError) throw error
    throw new CabutError('archiveInvalid', { at: path, detail: 'missing or not readable', cause: error })
  }
}

/** The signature stands for who wrote it, not for its form. */
function headOf(bytes: Uint8Array): ArchiveHead {
  try {
    const head = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<ArchiveHead>
    const cases = Array.isArray(head.cases) && (head.cases as readonly Partial<ArchiveHead['cases'][number]>[]).every(each => typeof each.id === 'string' && typeof each.head === 'string' && Number.isInteger(each.seq))
    const evidence = typeof head.evidence === 'object' && head.evidence !== null && Object.values(head.evidence).every(each => typeof each === 'string')
    if (head.kind === 'cabut-archive' && head.version === 1 && cases && evidence) return head as ArchiveHead
  } catch { /* told below */ }
  throw new CabutError('archiveInvalid', { at: names.head, detail: 'not an archive of this version' })
}

function linesOf(bytes: Uint8Array, path: string): readonly StoredEvent[] {
  return Buffer.from(bytes).toString('utf8').split('\n').slice(0, -1).map((line, index) => {
    try {
      return JSON.parse(line) as StoredEvent
    } catch {
      throw new CabutError('archiveInvalid', { at: `${path}:${index + 1}`, detail: 'no JSON' })
    }
  })
}
