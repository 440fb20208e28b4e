import type { EvidenceFetcher, FetchOutcome } from '@cabut/pki/status'
import type { AmsCause, AmsOutcome, AmsPort, AmsReading } from '../ams/index.js'
import type { DeskOptions, Pace } from './options.js'

/** What a call told about its host: it answers, it does not (and wishes to be left alone for a while), or nothing either way. */
export type Health = 'well' | 'neutral' | { readonly ill: true; readonly retryAfterMs?: number }

/** Failures in a row after which a host is left alone. */
const threshold = 5

interface Line {
  failures: number
  /** Times it was left alone in a row: each pause is twice the one before. */
  pauses: number
  until: number
  probing: boolean
}

/**
 * One breaker for each host. After five failures in a row, or when a host says `Retry-After`, nobody calls it until the pause is over; then one call
 * tries, and the others wait for how it went. So an outage of twelve hours costs the other side a call now and then, whatever the number of requests.
 */
export class Circuit {
  readonly #lines = new Map<string, Line>()
  constructor(readonly now: () => number, readonly pace: Pick<Pace, 'retry' | 'retryMax'>) {}

  /** Milliseconds the host is still left alone; 0: call it. */
  restOf(host: string): number {
    const line = this.#lines.get(host)
    if (line === undefined) return 0
    const rest = line.until - this.now()
    return rest > 0 ? rest : line.probing ? this.pace.retry : 0
  }

  /** Calls, or says for how long not to. */
  async run<T>(host: string, call: () => Promise<T>, judge: (result: T) => Health, refuse: (restMs: number) => T): Promise<T> {
    const rest = this.restOf(host)
    if (rest > 0) return refuse(rest)
    let line = this.#lines.get(host)
    if (line === undefined) this.#lines.set(host, line = { failures: 0, pauses: 0, until: 0, probing: false })
    const probe = line.failures >= threshold
    if (probe) line.probing = true
    let health: Health = { ill: true }
    try {
      const result = await call()
      health = judge(result)
      return result
    } finally {
      if (probe) line.probing = false
      this.#note(line, health)
    }
  }

  #note(line: Line, health: Health): void {
    if (health === 'neutral') return
    if (health === 'well') {
      line.failures = 0
      line.pauses = 0
      return
    }
    line.failures += 1
    if (health.retryAfterMs !== undefined) line.until = Math.max(line.until, this.now() + health.retryAfterMs)
    if (line.failures < threshold) return
    const { retry, retryMax } = this.pace
    line.until = Math.max(line.until, this.now() + Math.min(retryMax, retry * 2 ** Math.min(line.pauses + 2, 20)))
    line.pauses += 1
  }
}

const resting = (restMs: number): AmsCause => ({ code: 'amsUnavailable', detail: 'AMS failed again and again and is left alone for a while', retryAfterMs: restMs })

/** AMS behind a breaker: while it is open nothing is sent, so a write is `notDone` and a reading `unavailable`. A person behind the port is never kept waiting by one. */
export function guardAms(ams: AmsPort, circuit: Circuit): AmsPort {
  if (ams.kind === 'assisted') return ams
  const host = 'ams'
  const reading = <T>(call: () => Promise<AmsReading<T>>): Promise<AmsReading<T>> =>
    circuit.run<AmsReading<T>>(host, call, healthOf, restMs => ({ outcome: 'unavailable', cause: resting(restMs) }))
  const write = (call: () => Promise<AmsOutcome>): Promise<AmsOutcome> =>
    circuit.run<AmsOutcome>(host, call, healthOf, restMs => ({ outcome: 'notDone', cause: resting(restMs) }))
  const decide = ams.decideRevocation?.bind(ams)
  return {
    kind: ams.kind, honoursIdempotencyKey: ams.honoursIdempotencyKey, readsBack: ams.readsBack, letterLimit: ams.letterLimit,
    findCertificate: (...given) => reading(() => ams.findCertificate(...given)),
    fileRevocation: (...given) => write(() => ams.fileRevocation(...given)),
    readRevocation: (...given) => reading(() => ams.readRevocation(...given)),
    findRevocations: (...given) => reading(() => ams.findRevocations(...given)),
    ...(decide === undefined ? {} : { decideRevocation: (...given: Parameters<typeof decide>) => write(() => decide(...given)) }),
  }
}

function healthOf(result: AmsOutcome | AmsReading<unknown>): Health {
  if (!('cause' in result)) return 'well'
  const { code, retryAfterMs } = result.cause
  if (code !== 'amsUnavailable' && code !== 'amsThrottled') return 'neutral'
  return { ill: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/** Hosts of CRL and OCSP behind a breaker each. */
export function guardEvidence(fetch: DeskOptions['fetch'], circuit: Circuit): DeskOptions['fetch'] {
  if (fetch === undefined || fetch === false) return fetch
  if (typeof fetch === 'object') {
    const guarded = (url: string, call: () => Promise<FetchOutcome>): Promise<FetchOutcome> =>
      circuit.run<FetchOutcome>(hostOf(url), call, ({ outcome, ...rest }) => (outcome !== 'failed' ? 'well' : illness('status' in rest ? rest.status : undefined)), () => ({ outcome: 'failed', detail: 'left alone after failures' }))
    return { get: url => guarded(url, () => fetch.get(url)), post: (url, body, type) => guarded(url, () => fetch.post(url, body, type)) } satisfies EvidenceFetcher
  }
  return (input, init) => circuit.run(
    hostOf(input instanceof Request ? input.url : String(input)), () => fetch(input, init), ({ status }) => (status >= 500 || status === 429 ? illness(status) : 'well'),
    () => new Response(null, { status: 503 }),
  )
}

/** A host that answers 404 is there. */
function illness(status: number | undefined): Health {
  return status === undefined || status >= 500 || status === 429 ? { ill: true } : 'well'
}

function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}
