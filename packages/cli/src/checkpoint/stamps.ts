import { formatName, type Certificate } from '@cabut/pki'
import type { TimestampReport } from '@cabut/pki/timestamp'
import type { Console } from '../console.js'
import { letterProblemWords } from '../wording/letter-problems.js'
import type { CheckpointFile } from './checkpoint-file.js'
import { stampOf } from './timestamp.js'

/** A token beside a checkpoint, as the audit tells it. */
export interface Stamp {
  readonly file: string
  /** Intact, and of a path to an anchor where anchors were given. */
  readonly sound: boolean
  readonly integrity: TimestampReport['integrity']
  readonly path: TimestampReport['path']
  /** ISO UTC: when the checkpoint existed. Only of a token that is intact. */
  readonly time?: string
  /** Subject of the authority's certificate. Only of a token that is intact. */
  readonly by?: string
  readonly problems: TimestampReport['problems']
}

/** The tokens beside checkpoint files, in the order of the files. */
export async function readStamps(files: readonly CheckpointFile[], anchors: readonly Certificate[]): Promise<readonly Stamp[]> {
  const stamps: Stamp[] = []
  for (const { path: checkpoint, octets } of files) {
    const report = await stampOf(checkpoint, octets, anchors)
    if (report === undefined) continue
    const { file, integrity, path, time, authority, problems } = report
    const isIntact = integrity === 'intact' && time !== undefined && authority !== undefined
    stamps.push({ file, sound: isIntact && path !== 'invalid', integrity, path, ...(isIntact ? { time: time.toISOString(), by: formatName(authority.subject) } : {}), problems })
  }
  return stamps
}

/** Says by whom and when the newest checkpoint was stamped, and every token that does not hold. */
export function sayStamps(console: Console, checkpoints: number, stamps: readonly Stamp[]): void {
  if (checkpoints === 0) return
  console.line(console.say({ id: `${checkpoints} titik periksa dibandingkan, ${stamps.length} dengan penanda waktu`, en: `${checkpoints} checkpoints compared, ${stamps.length} with a timestamp` }))
  const newest = stamps.filter(({ sound }) => sound).sort((a, b) => (a.time ?? '').localeCompare(b.time ?? '')).at(-1)
  if (newest !== undefined) {
    const path = newest.path === 'valid' ? '' : console.say({ id: ' (jalur ke jangkar tidak diperiksa: --timestamp-anchors)', en: ' (its path to an anchor was not checked: --timestamp-anchors)' })
    console.line(`  ${newest.file}: ${console.say({ id: `ditandai ${newest.time ?? ''} oleh ${newest.by ?? ''}`, en: `stamped ${newest.time ?? ''} by ${newest.by ?? ''}` })}${path}`)
  }
  for (const { file, problems } of stamps.filter(({ sound }) => !sound)) {
    const what = problems.map(({ code }) => `${console.say(letterProblemWords(code))} [${code}]`)
    console.line(`  ! ${file}: ${console.say({ id: 'penanda waktu tidak sah', en: 'the timestamp does not hold' })}: ${what.join('; ')}`)
  }
}
