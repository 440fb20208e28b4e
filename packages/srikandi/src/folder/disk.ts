import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, rename, rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { CabutError } from '@cabut/sdk'

/** Called before every change on disk with its name; a test kills the process there. */
export type StepHook = (step: string) => void | Promise<void>

/** Errors of the platform that say "directories cannot be opened or synchronised here" (Windows, some network shares). */
const noDirectorySync: ReadonlySet<string> = new Set(['EISDIR', 'EPERM', 'EINVAL', 'EACCES', 'ENOTSUP', 'EBADF'])

/** Code of a system error. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}

/**
 * The few operations on files the folder transport needs, each either done whole or not at all after a crash:
 * a file is written beside its place, flushed, and renamed into it; a folder is moved by one rename.
 */
export class Disk {
  readonly #step: StepHook

  constructor(step: StepHook = () => undefined) {
    this.#step = step
  }

  /** Makes a folder; fails when it exists. */
  async make(path: string): Promise<void> {
    await this.#step(`make ${path}`)
    await mkdir(path, { mode: 0o700 })
  }

  /** Makes a folder unless it exists. */
  async ensure(path: string): Promise<void> {
    await mkdir(path, { recursive: true, mode: 0o700 })
  }

  /** Writes a file so that it is there whole or not at all. `name` must be safe. */
  async write(folder: string, name: string, bytes: Uint8Array | string): Promise<void> {
    const temporary = join(folder, `.${name}.${process.pid}.tmp`)
    await this.#step(`write ${temporary}`)
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await this.move(temporary, join(folder, name))
    await this.sync(folder)
  }

  /** One rename. Never follows a symbolic link: the link itself moves. */
  async move(from: string, to: string): Promise<void> {
    await this.#step(`move ${from} -> ${to}`)
    await rename(from, to)
  }

  /** Moves when the source is still there. `false`: somebody else took it. */
  async moveIfThere(from: string, to: string): Promise<boolean> {
    try {
      await this.move(from, to)
      return true
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false
      throw error
    }
  }

  /** Flushes a folder's entries, where the platform can. */
  async sync(folder: string): Promise<void> {
    let handle
    try {
      handle = await open(folder, constants.O_RDONLY)
      await handle.sync()
    } catch (error) {
      if (!noDirectorySync.has(systemCode(error) ?? '') && systemCode(error) !== 'ENOENT') throw error
    } finally {
      await handle?.close()
    }
  }

  /** Names in a folder; empty when it does not exist. Names that begin with a dot are ours or nobody's. */
  async names(folder: string): Promise<readonly string[]> {
    try {
      return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort()
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return []
      throw error
    }
  }

  /** What stands at a path itself, links not followed. */
  async kind(path: string): Promise<{ readonly kind: 'file' | 'folder' | 'other'; readonly size: number; readonly changed: number } | undefined> {
    try {
      const found = await lstat(path)
      return { kind: found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other', size: found.size, changed: found.mtimeMs }
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined
      throw error
    }
  }

  /**
   * Reads a plain file up to `limit` octets, never through a symbolic link and never blocking on a pipe.
   *
   * @throws {@link CabutError} `letterNameUnsafe` (a link, pipe, device or folder), `letterFieldInvalid` (above the limit)
   */
  async read(path: string, limit: number, at: string): Promise<Uint8Array> {
    let file
    try {
      file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    } catch (error) {
      if (systemCode(error) === 'ELOOP' || systemCode(error) === 'ENXIO') throw new CabutError('letterNameUnsafe', { at, detail: 'not a plain file' })
      throw error
    }
    try {
      const found = await file.stat()
      if (!found.isFile()) throw new CabutError('letterNameUnsafe', { at, detail: 'not a plain file' })
      if (found.size > limit) throw new CabutError('letterFieldInvalid', { at, detail: `more than ${limit} octets` })
      const bytes = new Uint8Array(await file.readFile())
      // A file that grew while it was read is no letter yet.
      if (bytes.length > limit) throw new CabutError('letterFieldInvalid', { at, detail: `more than ${limit} octets` })
      return bytes
    } finally {
      await file.close()
    }
  }

  /** The last octets of a plain file; `undefined` when there is none. */
  async tail(path: string, length: number): Promise<Uint8Array | undefined> {
    if ((await this.kind(path))?.kind !== 'file') return undefined
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      const { size } = await file.stat()
      const bytes = new Uint8Array(Math.min(length, size))
      await file.read(bytes, 0, bytes.length, Math.max(0, size - length))
      return bytes
    } finally {
      await file.close()
    }
  }

  async remove(path: string): Promise<void> {
    await this.#step(`remove ${path}`)
    await rm(path, { recursive: true, force: true })
  }

  async unlink(path: string): Promise<void> {
    await this.#step(`unlink ${path}`)
    await unlink(path)
  }
}
