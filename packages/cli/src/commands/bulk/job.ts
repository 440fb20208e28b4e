import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { LetterInput } from '@cabut/sdk'
import { planLine, readPlan, readRows, type BulkRow, type RowVerdict } from '@cabut/sdk/bulk'
import { InputError } from '../../input.js'

/** What was said when a list was first run; a later run of it says the same, or is refused. */
export interface JobSettings {
  readonly list: string
  readonly sha256: string
  readonly rows: number
  readonly applicant: { readonly id: string; readonly opd: string }
  readonly reason?: string
  readonly effectiveDate?: string
  readonly invalidityDate?: string
  readonly onBehalf?: 'deceased' | 'unreachable' | 'incapacitated'
  readonly incident: boolean
  readonly letters: readonly (Omit<LetterInput, 'bytes'> & { readonly sha256: string })[]
  readonly beganAt: string
}

/** A list, known by the digest of its octets. */
export interface ListFile {
  readonly path: string
  readonly sha256: string
  readonly format: 'csv' | 'jsonl'
}

/** Digests a list without holding it. */
export async function openList(path: string, format?: 'csv' | 'jsonl'): Promise<ListFile> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  } catch (error) {
    throw new InputError({ id: `${path}: tidak dapat dibaca`, en: `${path}: cannot be read` }, { cause: error })
  }
  return { path, sha256: hash.digest('hex'), format: format ?? (/^\.(?:jsonl|ndjson)$/i.test(extname(path)) ? 'jsonl' : 'csv') }
}

/** The rows of a list, from its beginning. */
export function rowsOf({ path, format }: ListFile, onIgnored?: (headings: readonly string[]) => void): AsyncIterable<BulkRow> {
  return readRows(createReadStream(path), { format, ...(onIgnored === undefined ? {} : { onIgnored }) })
}

/** A run of one list, kept in the desk's directory under the digest of the list. */
export interface Job {
  readonly folder: string
  readonly settings: JobSettings
  plan(): AsyncIterable<RowVerdict>
  letters(): Promise<readonly LetterInput[]>
}

const folderOf = (desk: string, sha256: string): string => join(desk, 'bulk', sha256.slice(0, 24))

/** The job of a list, if it was begun: its plan is whole, because it is renamed into place last. */
export async function findJob(desk: string, sha256: string): Promise<Job | undefined> {
  const folder = folderOf(desk, sha256)
  if (!existsSync(join(folder, 'job.json'))) return undefined
  const settings = JSON.parse(await readFile(join(folder, 'job.json'), 'utf8')) as JobSettings
  if (settings.sha256 !== sha256) throw new InputError({ id: `${folder}: milik daftar lain`, en: `${folder}: belongs to another list` })
  return {
    folder, settings,
    plan: () => readPlan(createReadStream(join(folder, 'plan.jsonl'), 'utf8')),
    async letters() {
      return Promise.all(settings.letters.map(async ({ sha256: digest, ...letter }) => {
        const bytes = new Uint8Array(await readFile(join(folder, `${digest}.pdf`)))
        if (createHash('sha256').update(bytes).digest('hex') !== digest) throw new InputError({ id: `${folder}: surat berubah`, en: `${folder}: a letter was changed` })
        return { ...letter, bytes }
      }))
    },
  }
}

/** Keeps a checked list: plan and letters first, the settings last. Killed in between, the list counts as not begun. */
export async function beginJob(desk: string, settings: Omit<JobSettings, 'letters'>, letters: readonly LetterInput[], verdicts: AsyncIterable<RowVerdict>): Promise<Job> {
  const folder = folderOf(desk, settings.sha256)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeWhole(join(folder, 'plan.jsonl'), (async function* () { for await (const verdict of verdicts) yield planLine(verdict) })())
  const kept = []
  for (const { bytes, ...letter } of letters) {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await writeWhole(join(folder, `${sha256}.pdf`), bytes)
    kept.push({ ...letter, sha256 })
  }
  await writeWhole(join(folder, 'job.json'), `${JSON.stringify({ ...settings, letters: kept }, null, 2)}\n`)
  return (await findJob(desk, settings.sha256)) as Job
}

/** Writes a file whole or not at all: beside it first, onto the disk, then into its place. */
export async function writeWhole(path: string, content: string | Uint8Array | AsyncIterable<string>): Promise<void> {
  const beside = `${path}.new-${process.pid}`
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) await writeFile(beside, content, { mode: 0o600, flush: true })
    else await pipeline(Readable.from(content, { objectMode: true, highWaterMark: 16 }), createWriteStream(beside, { mode: 0o600, flush: true }))
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}
