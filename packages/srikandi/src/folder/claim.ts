import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Disk } from './disk.js'
import { systemCode } from './disk.js'

/** Claims this very process holds; a claim that carries our process id and is not here belongs to a process before us. */
const live = new Set<string>()
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

/** A folder below `claimed/` that belongs to one process until it is settled: `<stem>~<host>-<pid>-<nonce>`. */
export interface Claim {
  readonly stem: string
  readonly path: string
  readonly name: string
}

/** Names a new claim of ours. */
export function nameClaim(root: string, stem: string): Claim {
  const name = `${stem}~${host}-${process.pid}-${randomBytes(6).toString('hex')}`
  live.add(name)
  return { stem, name, path: join(root, name) }
}

/** Gives a claim up: it is settled, or lost. */
export function forgetClaim(claim: Claim): void {
  live.delete(claim.name)
}

/** Name under which anybody may take a claim at once. */
export function freeClaimName(stem: string): string {
  return `${stem}~free-0-${randomBytes(6).toString('hex')}`
}

/** The stem a claim's name carries. */
export function stemOfClaim(name: string): string {
  const mark = name.lastIndexOf('~')
  return mark > 0 ? name.slice(0, mark) : name
}

/**
 * Whether the owner of a claim is gone: set free, a dead process of this machine, or nothing heard for `lease` ms. The last is a guess;
 * an owner that merely slept finds its claim lost and settles nothing.
 */
export async function isAbandoned(disk: Disk, root: string, name: string, lease: number, now: number): Promise<boolean> {
  const found = await disk.kind(join(root, name))
  if (found === undefined) return false
  // A claim of ours that nobody settled within the lease was forgotten by its taker.
  if (live.has(name)) return now - found.changed > lease
  const owner = /~([0-9a-f]{8}|free)-(\d+)-[0-9a-f]{12}$/.exec(name)
  if (owner === null || owner[1] === 'free') return true
  if (owner[1] === host && !isRunning(Number(owner[2]))) return true
  return now - found.changed > lease
}

/** Takes an abandoned claim over by one rename. `undefined`: another process was quicker. */
export async function takeOver(disk: Disk, root: string, name: string): Promise<Claim | undefined> {
  const claim = nameClaim(root, stemOfClaim(name))
  let taken = false
  try {
    taken = await disk.moveIfThere(join(root, name), claim.path)
  } finally {
    if (!taken) forgetClaim(claim)
  }
  return taken ? claim : undefined
}

function isRunning(pid: number): boolean {
  // Our own process id without a live claim: an earlier process had the same number (containers restart as process 1).
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}
