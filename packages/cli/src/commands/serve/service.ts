import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Logger } from 'pino'
import { createSpbeHandler, type TokenIssuer } from '@cabut/spbe'
import type { DailyCheckpoints } from '../../checkpoint/daily.js'
import { dailyOf } from '../../checkpoint/of-desk.js'
import { InputError } from '../../input.js'
import { openDesk, type OpenDesk } from '../desk/open.js'
import { errorFacts } from './log.js'
import { observedAms, observedDesk, type Telemetry } from './telemetry.js'

/** A running service: desk, worker and HTTP in one process. */
export interface Service {
  /** Where it answers, with the path it is mounted under. */
  readonly url: string
  readonly office: OpenDesk
  /** Takes no more requests, lets what runs end, and closes the store. Safe to call twice. */
  stop(reason: string): Promise<void>
}

/** What a service writes to. */
export interface ServiceParts {
  readonly log: Logger
  readonly telemetry: Telemetry
  /** Milliseconds between two looks at the queue. @default 60000 */
  readonly lookEvery?: number
}

/**
 * Starts the desk of a directory as one service by its one configuration file.
 *
 * @throws InputError for a wrong configuration; CabutError `storeLocked` while another process has the desk's directory
 */
export async function startService(options: Readonly<Record<string, unknown>>, { log, telemetry, lookEvery = 60_000 }: ServiceParts): Promise<Service> {
  const office = await openDesk(options, { worker: true, observeAms: (ams) => observedAms(ams, telemetry) })
  const { host, port, basePath, issuers, grace } = office.configuration.serve
  const stopListening = office.desk.onChange(({ id, status, version }) => {
    telemetry.change(status)
    log.info({ requestId: id, status, version }, 'request changed')
  })
  const streams = new Set<{ destroy(): unknown }>()
  let stopping: Promise<void> | undefined
  let server: Server
  let checkpoints: DailyCheckpoints | undefined
  try {
    checkpoints = await dailyOf(office, {
      onWritten: (path, { year, n, digest }) => { log.info({ path, year, n, digest }, 'checkpoint') },
      onStamped: (path) => { log.info({ path }, 'checkpoint stamped') },
      onWarning: (warning) => { log.warn(errorFacts(warning), 'checkpoint not complete') },
    })
    const portal = issuers.length === 0 ? undefined : createSpbeHandler({
      desk: observedDesk(office.desk, telemetry), basePath, issuers: issuers as unknown as [TokenIssuer, ...TokenIssuer[]],
      audit: ({ operation, status, person, role, opd, vouchedBy, requestId, code }) => {
        log[status >= 500 ? 'error' : 'info']({ operation, status, person, role, opd, vouchedBy, requestId, code }, 'portal')
      },
    })
    const answer = async (request: Request): Promise<Response> => {
      const { pathname } = new URL(request.url)
      // A proxy is told first, so that it sends nothing to a service that is about to end.
      if (stopping !== undefined && pathname === `${basePath}/health/ready`) return Response.json({ status: 'stopping' }, { status: 503 })
      if (portal !== undefined) return portal.fetch(request)
      if (pathname === `${basePath}/health/live`) return Response.json({ status: 'ok' })
      if (pathname === `${basePath}/health/ready`) return office.desk.list({ limit: 1 }).then(() => Response.json({ status: 'ok' }), () => Response.json({ status: 'unavailable' }, { status: 503 }))
      return new Response(null, { status: 404 })
    }
    const listener = getRequestListener(async (request, { outgoing }) => {
      const begun = performance.now()
      const operation = `${request.method} ${shapeOf(new URL(request.url).pathname)}`
      const response = await telemetry.span(`cabut.http ${operation}`, { 'http.request.method': request.method }, () => answer(request), ({ status }) => ({ 'http.response.status_code': status }))
      telemetry.request(operation, response.status, performance.now() - begun)
      if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
        streams.add(outgoing)
        outgoing.once('close', () => { streams.delete(outgoing) })
      }
      return response
    })
    server = createServer((incoming, outgoing) => { void listener(incoming, outgoing) })
    await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, host, resolve) })
  } catch (error) {
    stopListening()
    await office.close()
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' || code === 'EACCES') throw new InputError({ id: `${host}:${port}: porta tidak dapat dipakai`, en: `${host}:${port}: the port cannot be used` }, { cause: error })
    if (error instanceof TypeError) throw new InputError({ id: `serve: ${error.message}`, en: `serve: ${error.message}` }, { cause: error })
    throw error
  }
  const queue = async (): Promise<{ readonly waiting: number; readonly parked: number; readonly oldestDueSeconds: number }> => {
    const effects = await office.desk.effects()
    const due = effects.filter(({ status }) => status === 'waiting').map(({ dueAt }) => Date.parse(dueAt))
    return {
      waiting: due.length, parked: effects.filter(({ status }) => status === 'parked').length,
      oldestDueSeconds: Math.max(0, (Date.now() - due.reduce((oldest, one) => Math.min(oldest, one), Date.now())) / 1_000),
    }
  }
  telemetry.watchQueue(queue)
  const timer = setInterval(() => { void queue().then((facts) => log[facts.parked > 0 ? 'warn' : 'info'](facts, 'queue'), (error: unknown) => log.error(errorFacts(error), 'the store cannot be read')) }, lookEvery)
  timer.unref()
  void checkpoints?.tend()
  const daily = setInterval(() => { void checkpoints?.tend() }, lookEvery)
  daily.unref()
  const { port: listening } = server.address() as AddressInfo
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${listening}${basePath}`
  log.info({ url, standard: office.standard.id, database: office.database.kind, ams: office.ams.kind, portal: issuers.length > 0 }, 'started')
  return {
    url, office,
    stop(reason) {
      stopping ??= (async () => {
        log.info({ reason }, 'stopping')
        clearInterval(timer)
        clearInterval(daily)
        const ended = new Promise<void>((resolve) => { server.close(() => resolve()) })
        server.closeIdleConnections()
        // A live stream has no end of its own; its reader connects again, to whoever answers then.
        for (const stream of streams) stream.destroy()
        const forced = setTimeout(() => { server.closeAllConnections() }, grace)
        forced.unref()
        await ended
        clearTimeout(forced)
        stopListening()
        await checkpoints?.settled()
        await office.close()
        log.info('stopped')
      })()
      return stopping
    },
  }
}

/** A path without the ids in it: what is counted must not grow with the requests. */
function shapeOf(pathname: string): string {
  return pathname.split('/').map((part) => (/\d/.test(part) && !/^v\d+$/.test(part) || part.length > 32 ? ':id' : part)).join('/')
}
