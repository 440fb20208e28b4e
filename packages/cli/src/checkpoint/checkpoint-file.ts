import { randomUUID } from 'node:crypto'
import { access, constants, link, open, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Checkpoint } from '@cabut/postgres/audit'
import { InputError, readInput } from '../input.js'

/** A checkpoint as it left the database: the octets of the file are what a timestamp is over. */
export interface CheckpointFile {
  readonly path: string
  readonly octets: Uint8Array
  readonly checkpoint: Checkpoint
}

/** Octets a checkpoint may have; ours have some 250. */
const largestCheckpoint = 65_536

/** How checkpoints are written, whoever takes them. */
export function checkpointText(checkpoint: Checkpoint): string {
  return `${JSON.stringify(checkpoint, null, 2)}\n`
}

/** Reads one checkpoint file. @throws InputError when it cannot be read, or is none */
export async function readCheckpoint(path: string): Promise<CheckpointFile> {
  const octets = await readInput(path)
  try {
    const value: unknown = octets.length > largestCheckpoint ? undefined : JSON.parse(new TextDecoder().decode(octets))
    if (isCheckpoint(value)) return { path, octets, checkpoint: value }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new InputError({ id: `${path}: bukan titik periksa`, en: `${path}: not a checkpoint` })
}

/** Reads a checkpoint file, or every `*.json` of a folder by name. @throws InputError also for a folder that holds none: nothing would be compared */
export async function readCheckpoints(path: string): Promise<readonly CheckpointFile[]> {
  const isFolder = await stat(path).then((found) => found.isDirectory(), () => false)
  if (!isFolder) return [await readCheckpoint(path)]
  const names = (await readdir(path)).filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort()
  if (names.length === 0) throw new InputError({ id: `${path}: tidak ada titik periksa (*.json) di folder ini`, en: `${path}: there is no checkpoint (*.json) in this folder` })
  const files: CheckpointFile[] = []
  for (const name of names) files.push(await readCheckpoint(join(path, name)))
  return files
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== 'object' || value === null) return false
  const { kind, at, year, n, digest, cases } = value as Partial<Record<keyof Checkpoint, unknown>>
  return kind === 'cabut-checkpoint' && typeof at === 'string' && Number.isSafeInteger(year) && Number.isSafeInteger(n) && Number.isSafeInteger(cases)
    && (digest === null || (typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest)))
}

/**
 * Writes a file whole or not at all, and never over another one: of several processes one succeeds.
 *
 * @returns false when the file is there already
 */
export async function writeOnce(path: string, octets: Uint8Array | string): Promise<boolean> {
  const draft = join(dirname(path), `.${randomUUID()}.new`)
  try {
    await writeNew(draft, octets)
    return await succeeds(link(draft, path))
  } catch (error) {
    // Folders of other machines and old disks may know no links.
    if (!noLinks.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    return await succeeds(writeNew(path, octets))
  } finally {
    await rm(draft, { force: true })
  }
}

const noLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'])

async function succeeds(work: Promise<void>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function writeNew(path: string, octets: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(octets)
    await file.sync()
  } catch (error) {
    // Half a checkpoint would stand for the day.
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** Whether a folder is there and can be written to. It is never made: in place of a disk that is not mounted, it would hold the checkpoints beside the database. */
export async function requireFolder(folder: string): Promise<void> {
  if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' })
  await access(folder, constants.W_OK)
}
