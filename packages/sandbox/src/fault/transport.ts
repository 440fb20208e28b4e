import type { FaultEngine } from './engine.js'
import type { FaultRule } from './rules.js'

/** What the transport needs beside the rules. */
export interface TransportSettings {
  readonly engine: FaultEngine
  /** Milliseconds an answer that never comes is held. */
  readonly hang: number
  /** Fires when the sandbox closes. */
  readonly closing: AbortSignal
}

/** Rejects the way fetch does, so that clients see what a broken connection looks like. */
export function connectionError(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(`sandbox fault: ${code}`), { code }) })
}

/** Runs one request through the faults drawn for its endpoint. */
export async function withFaults(
  settings: TransportSettings,
  endpoint: string,
  request: Request,
  run: () => Promise<Response>,
): Promise<Response> {
  const drawn = settings.engine.drawTransport(endpoint)
  for (const rule of drawn) if (rule.kind === 'latency') await latency(rule.ms, settings, request.signal)
  const rule = drawn.find((one) => one.kind !== 'latency')
  if (rule === undefined) return run()
  if (!commits(rule)) return before(rule, settings, request)
  const response = await run()
  return after(rule, settings, request, response)
}

function commits(rule: FaultRule): boolean {
  switch (rule.kind) {
    case 'resetAfterCommit':
    case 'timeoutAfterCommit':
      return true
    case 'empty':
    case 'invalidJson':
    case 'truncate':
      return rule.commit !== false
    case 'status':
    case 'html':
      return rule.commit === true
    default:
      return false
  }
}

async function before(rule: FaultRule, settings: TransportSettings, request: Request): Promise<Response> {
  switch (rule.kind) {
    case 'reset':
      throw connectionError('ECONNRESET')
    case 'timeout':
      return never(settings, request.signal)
    case 'throttle':
      return Response.json(
        { success: false, code: 'TOO_MANY_REQUESTS', message: 'Terlalu banyak permintaan. Coba lagi nanti.' },
        { status: 429, headers: { 'retry-after': String(rule.seconds ?? 1) } },
      )
    case 'refuse':
      return Response.json({
        success: false,
        code: rule.code ?? 'GENERAL_ERROR',
        message: rule.message ?? 'Permintaan tidak dapat diproses.',
      })
    case 'redirect':
      return new Response(null, { status: 302, headers: { location: rule.to ?? 'http://login.lain.invalid/' } })
    default:
      return broken(rule, '{"success":true,"data":{}}')
  }
}

async function after(rule: FaultRule, settings: TransportSettings, request: Request, response: Response): Promise<Response> {
  switch (rule.kind) {
    case 'resetAfterCommit':
      throw connectionError('ECONNRESET')
    case 'timeoutAfterCommit':
      return never(settings, request.signal)
    case 'truncate':
      return truncated(response)
    default:
      return broken(rule, await response.text())
  }
}

function broken(rule: FaultRule, text: string): Response {
  const page =
    '<!DOCTYPE html><html><head><title>Sedang pemeliharaan</title></head><body><h1>Layanan sedang dalam pemeliharaan</h1></body></html>'
  switch (rule.kind) {
    case 'html':
      return new Response(page, { status: rule.status ?? 200, headers: { 'content-type': 'text/html; charset=utf-8' } })
    case 'empty':
      return new Response('', { status: 200, headers: { 'content-type': 'application/json' } })
    case 'invalidJson':
      return new Response(text.slice(0, Math.max(1, Math.floor(text.length / 2))), {
        status: 200,
        headers: { 'content-type': 'application/json' },
      })
    default:
      return new Response('upstream connect error\n', {
        status: rule.kind === 'status' ? (rule.status ?? 503) : 500,
        headers: { 'content-type': 'text/plain' },
      })
  }
}

/** Announces the whole length, sends half of it, then the connection breaks. An answer without a body (304) has nothing to cut. */
async function truncated(response: Response): Promise<Response> {
  if (response.body === null) return response
  const bytes = new Uint8Array(await response.arrayBuffer())
  const headers = new Headers(response.headers)
  headers.set('content-length', String(bytes.length))
  let sent = false
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (sent) return controller.error(connectionError('ECONNRESET'))
        sent = true
        controller.enqueue(bytes.subarray(0, Math.max(1, bytes.length >> 1)))
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { status: response.status, headers })
}

async function latency(ms: number | readonly [number, number], settings: TransportSettings, signal: AbortSignal): Promise<void> {
  const amount = typeof ms === 'number' ? ms : settings.engine.amounts.between(ms[0], ms[1])
  await pause(amount, [signal, settings.closing])
}

async function never(settings: TransportSettings, signal: AbortSignal): Promise<never> {
  await pause(settings.hang, [signal, settings.closing])
  if (signal.aborted) throw signal.reason
  throw connectionError('ECONNRESET')
}

/** Waits, or returns early where a signal fires. Leaves no timer and no listener behind. */
function pause(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    for (const signal of signals) {
      if (signal.aborted) done()
      else signal.addEventListener('abort', done, { once: true })
    }
  })
}
