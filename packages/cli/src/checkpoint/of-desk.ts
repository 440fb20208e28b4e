import type { OpenDesk } from '../commands/desk/open.js'
import { beside } from '../commands/desk/configuration.js'
import { dailyCheckpoints, type DailyCheckpoints, type DailyOptions } from './daily.js'

/** The daily checkpoints a desk's configuration asks for; undefined when it asks for none. */
export function dailyOf({ folder, configuration, standard, database }: OpenDesk, hear: Pick<DailyOptions, 'onWritten' | 'onWarning'>): DailyCheckpoints | undefined {
  if (configuration.checkpoint === undefined) return undefined
  return dailyCheckpoints({ database, folder: beside(folder, configuration.checkpoint.folder), zone: standard.zone, ...hear })
}
