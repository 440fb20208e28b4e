import { exitCodes } from '../../exit-codes.js'
import { InputError } from '../../input.js'
import type { CommandSpec } from '../../program.js'
import { deskOptions } from '../desk/open.js'
import { maybe } from '../desk/run.js'
import { createLog, errorFacts } from './log.js'
import { startService } from './service.js'
import { openTelemetry } from './telemetry.js'

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** `cabut serve`: desk, worker and portal interface as one service, until SIGTERM or Ctrl-C. */
export const serve: CommandSpec = {
  usage: 'serve',
  summary: { id: 'jalankan meja layanan, pekerja, dan antarmuka portal sebagai satu layanan', en: 'run desk, worker and portal interface as one service' },
  options: [{ flags: '--log-level <level>', text: { id: 'fatal, error, warn, info (bawaan), debug', en: 'fatal, error, warn, info (default), debug' } }, ...deskOptions],
  async run(_console, _args, options) {
    const level = maybe(options, 'logLevel') ?? 'info'
    if (!levels.includes(level)) throw new InputError({ id: `--log-level: salah satu dari ${levels.join(', ')}`, en: `--log-level: one of ${levels.join(', ')}` })
    const log = createLog(level)
    // Heard from the first moment: a service told to stop while it starts stops.
    let heard: string | undefined
    let hear: (signal: string) => void = (signal) => { heard = signal }
    const onSignal = (signal: NodeJS.Signals): void => hear(signal)
    process.once('SIGTERM', onSignal).once('SIGINT', onSignal)
    try {
      const service = await startService(options, { log, telemetry: await openTelemetry() })
      const reason = heard ?? await new Promise<string>((resolve) => { hear = resolve })
      await service.stop(reason)
      return exitCodes.good
    } catch (error) {
      log.fatal(errorFacts(error), 'the service ends')
      throw error
    } finally {
      process.off('SIGTERM', onSignal).off('SIGINT', onSignal)
    }
  },
}
