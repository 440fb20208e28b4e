import { randomUUID } from 'node:crypto'
import { copyFile, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { CabutError } from '@cabut/sdk'

/** Who holds a directory. */
export interface LockHolder {
  readonly id: string
  readonly pid: number
  readonly host: string
  /** When the process was started, as the system counts; tells a reused process number apart. */
  readonly born: string
  readonly since: string
}

/** A held directory. */
export interface DirectoryLock {
  readonly holder: LockHolder
  release(): Promise<void>
}

/**
 * Takes a directory for this process. PGlite itself lets two processes open one directory and destroy it, so a file names the first.
 * A file left by a process that is gone (kill -9, power cut) is taken over.
 *
 * @throws CabutError `storeLocked`, naming process and host of the first
 */
export async function lockDirectory(directory: string, now: Date = new Date()): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, 'cabut.lock')
  const holder: LockHolder = { id: randomUUID(), pid: process.pid, host: hostname(), born: bornOf(process.pid) ?? '', since: now.toISOString() }
  const own = `${path}.${holder.id}`
  await writeFile(own, JSON.stringify(holder), { mode: 0o600 })
  try {
    await take(directory, path, own, 0)
    return held(path, holder)
  } finally {
    await rm(own, { force: true })
  }
}

/** A file that stands for holding: made by `link`, which fails when the name exists, so that of many processes one succeeds and the file is whole at once. */
async function take(directory: string, path: string, own: string, depth: number): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await link(own, path).then(() => true, refuseUnless('EEXIST'))) return
    const text = await readFile(path, 'utf8').catch(refuseUnless('ENOENT'))
    if (text === false) continue
    const first = readHolder(text)
    if (first === undefined || isAlive(first) || depth > 2) throw locked(directory, first)
    if (await takeOver(directory, path, own, text, first, depth)) return
  }
  throw locked(directory, undefined)
}

/**
 * Replaces a dead process's file. Only who holds the file named after that dead process may do so, and only while its content still stands: so a slow
 * process never removes what a faster one has put there. Who dies holding it is succeeded in the same way.
 */
async function takeOver(directory: string, path: string, own: string, text: string, first: LockHolder, depth: number): Promise<boolean> {
  const right = `${path}.after-${first.id}`
  await take(directory, right, own, depth + 1)
  const copy = `${right}.${basename(own)}`
  try {
    if (await readFile(path, 'utf8').catch(refuseUnless('ENOENT')) !== text) return false
    await copyFile(own, copy)
    await rename(copy, path)
    return true
  } finally {
    await rm(copy, { force: true })
    await rm(right, { force: true })
  }
}

function held(path: string, holder: LockHolder): DirectoryLock {
  return {
    holder,
    async release() {
      const text = await readFile(path, 'utf8').catch(refuseUnless('ENOENT'))
      if (text !== false && readHolder(text)?.id === holder.id) await rm(path, { force: true })
    },
  }
}

function isAlive(first: LockHolder): boolean {
  // Another machine's processes cannot be seen from here: a directory shared over the network is never taken over.
  if (first.host !== hostname()) return true
  if (first.pid === process.pid && first.born === bornOf(process.pid)) return true
  try {
    process.kill(first.pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const born = bornOf(first.pid)
  return born === undefined || first.born === '' || born === first.born
}

/** Start time of a process in clock ticks since boot, with the boot's own id; undefined where the system does not tell. */
function bornOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks ?? ''}`
  } catch {
    return undefined
  }
}

function readHolder(text: string): LockHolder | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockHolder>
    return typeof value.pid === 'number' && typeof value.host === 'string' && typeof value.id === 'string' && /^[\w-]{1,64}$/.test(value.id) ? value as LockHolder : undefined
  } catch {
    return undefined
  }
}

function locked(directory: string, first: LockHolder | undefined): CabutError {
  const who = first === undefined ? `an unreadable ${join(directory, 'cabut.lock')}` : `process ${first.pid} on ${first.host}, since ${first.since}`
  return new CabutError('storeLocked', { detail: `held by ${who}` })
}

function refuseUnless(code: string): (error: unknown) => false {
  return error => {
    if ((error as NodeJS.ErrnoException).code === code) return false
    throw error
  }
}
