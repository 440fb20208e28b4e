import { pino, type DestinationStream, type Logger } from 'pino'
import { redact } from '@cabut/sdk'

/** Fields that hold personal values wherever they turn up. A second wall: nothing here writes them in the first place. */
const personal = ['personal', 'nik', 'nip', 'niPppk', 'email', 'phone', 'name', 'username', 'subjectDn', 'note', 'authorization', 'cookie', 'token', 'password']

/**
 * Structured log of a service, one JSON object a line (pino). Personal fields are withheld by name, and whatever looks like an identity number,
 * a telephone number or a mail address is blanked in the written line (UU 27/2022).
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level, base: { service: 'cabut' }, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message',
    redact: { paths: personal.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[dirahasiakan]' },
    hooks: { streamWrite: (line: string) => redact(line) },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** An error as a log may hold it: code and place, never its cause or values. */
export function errorFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: 'unknown' }
  return { error: error.name, ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}), detail: error.message }
}
