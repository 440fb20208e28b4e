import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { takeCheckpoint, type Checkpoint } from '@cabut/postgres/audit'
import type { Database } from '@cabut/postgres'
import { CabutError, zoneOffset, type ServiceStandard } from '@cabut/sdk'
import { InputError } from '../input.js'
import { checkpointText, readCheckpoint, requireFolder, writeOnce } from './checkpoint-file.js'
import { isStamped, stamp, tokenPath, type TimestampAuthority } from './timestamp.js'

/** What daily checkpoints need. Durations in milliseconds. */
export interface DailyOptions {
  readonly database: Database
  /** Where `YYYY-MM-DD.json` goes: another machine's disk, or whatever is mailed from. It must be there already. */
  readonly folder: string
  /** Whose calendar day counts. */
  readonly zone: ServiceStandard['zone']
  /** Who stamps the files; absent: nobody. */
  readonly authority?: TimestampAuthority
  /** How long after a failure it is tried again. @default 600000 */
  readonly retryAfter?: number
  readonly clock?: () => Date
  readonly onWritten?: (path: string, checkpoint: Checkpoint) => void
  readonly onStamped?: (path: string) => void
  /** `checkpointUnwritable`, `checkpointUnreadable`, `timestampUnavailable`, `timestampRefused`, `timestampInvalid`, or whatever the database says. Nothing is thrown: a service goes on without its checkpoint, and says so. */
  readonly onWarning?: (warning: unknown) => void
}

/** Takes the checkpoint of each calendar day. */
export interface DailyCheckpoints {
  /** Does what is due; call it often. Cheap once the day has its checkpoint. Never rejects. */
  tend(): Promise<void>
  /** Resolves when nothing of it runs any more. */
  settled(): Promise<void>
}

/**
 * A checkpoint of the register leaves the database once a calendar day, on start and then daily, as `YYYY-MM-DD.json`. A day that has its file gets no other one: neither by a
 * restart nor by another process. With an authority the file is stamped; it stands without its token until the authority answers.
 */
export function dailyCheckpoints(options: DailyOptions): DailyCheckpoints {
  const { zone, retryAfter = 600_000, clock = () => new Date() } = options
  let done: string | undefined
  let notBefore = 0
  let running: Promise<void> | undefined

  async function once(): Promise<void> {
    const now = clock()
    const day = dayIn(zone, now)
    if (done === day || now.getTime() < notBefore) return
    try {
      await leave(options, day, now)
      await stampRecent(options, day)
      done = day
    } catch (error) {
      notBefore = now.getTime() + retryAfter
      options.onWarning?.(error)
    }
  }

  return {
    tend: () => running ??= once().finally(() => { running = undefined }),
    settled: async () => running,
  }
}

async function leave({ database, folder, onWritten }: DailyOptions, day: string, now: Date): Promise<void> {
  // Looked at before the register is touched: a folder that is away for a week must not fill the database.
  await unlessUnwritable(folder, requireFolder(folder))
  const path = join(folder, `${day}.json`)
  if (existsSync(path)) {
    await readCheckpoint(path).catch((error: unknown) => {
      throw error instanceof InputError ? new CabutError('checkpointUnreadable', { detail: path, cause: error }) : error
    })
    return
  }
  const checkpoint = await takeCheckpoint(database, now)
  if (await unlessUnwritable(folder, writeOnce(path, checkpointText(checkpoint)))) onWritten?.(path, checkpoint)
}

/** Days behind that are still stamped when the authority was away. What is older is covered by the newer: the lines of the register form one chain. */
const daysBehind = 7

async function stampRecent({ folder, authority, onStamped }: DailyOptions, day: string): Promise<void> {
  if (authority === undefined) return
  const today = Date.parse(`${day}T00:00:00Z`)
  for (let behind = 0; behind <= daysBehind; behind += 1) {
    const path = join(folder, `${new Date(today - behind * 86_400_000).toISOString().slice(0, 10)}.json`)
    if (!existsSync(path) || isStamped(path)) continue
    const token = await stamp((await readCheckpoint(path)).octets, authority)
    if (await unlessUnwritable(folder, writeOnce(tokenPath(path), token))) onStamped?.(tokenPath(path))
  }
}

async function unlessUnwritable<T>(folder: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new CabutError('checkpointUnwritable', { detail: `${folder}: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`, cause: error })
  }
}

/** `YYYY-MM-DD` of an instant in a zone. */
export function dayIn(zone: ServiceStandard['zone'], instant: Date): string {
  return new Date(instant.getTime() + zoneOffset[zone]).toISOString().slice(0, 10)
}
