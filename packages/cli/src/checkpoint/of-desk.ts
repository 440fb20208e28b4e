import { allowLoopback, createEvidenceFetcher } from '@cabut/pki/status'
import { beside, type DeskConfiguration } from '../commands/desk/configuration.js'
import type { OpenDesk } from '../commands/desk/open.js'
import { readCertificates } from '../input.js'
import { dailyCheckpoints, type DailyCheckpoints, type DailyOptions } from './daily.js'
import type { TimestampAuthority } from './timestamp.js'

/** The daily checkpoints a desk's configuration asks for; undefined when it asks for none. @throws InputError for an anchor that cannot be read */
export async function dailyOf(
  { folder, configuration, standard, database }: OpenDesk, hear: Pick<DailyOptions, 'onWritten' | 'onStamped' | 'onWarning'>,
): Promise<DailyCheckpoints | undefined> {
  if (configuration.checkpoint === undefined) return undefined
  const authority = await authorityOf(folder, configuration)
  return dailyCheckpoints({ database, folder: beside(folder, configuration.checkpoint.folder), zone: standard.zone, ...(authority === undefined ? {} : { authority }), ...hear })
}

async function authorityOf(folder: string, { checkpoint, evidence, intermediates }: DeskConfiguration): Promise<TimestampAuthority | undefined> {
  const url = checkpoint?.timestampAuthority
  if (checkpoint === undefined || url === undefined) return undefined
  const read = (paths: readonly string[]): ReturnType<typeof readCertificates> => readCertificates(paths.map((path) => beside(folder, path)))
  return {
    url, anchors: await read(checkpoint.timestampAnchors), intermediates: await read(intermediates),
    // The guarded fetcher of all evidence, for this host alone: named by the office, it may stand in the intranet.
    fetcher: createEvidenceFetcher({ allowHosts: [new URL(url).hostname], maxBytes: 1_048_576, ...(evidence.loopback ? { allow: [allowLoopback] } : {}) }),
  }
}
