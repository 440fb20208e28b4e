import type { Attributes, Meter, Span, SpanStatusCode, Tracer } from '@opentelemetry/api'
import { CabutError, type AmsPort, type Desk } from '@cabut/sdk'

/** Spans and metrics of a service, by whatever OpenTelemetry SDK the office registers; nothing without one. */
export interface Telemetry {
  /** Runs an act inside a span; its failure is recorded by code alone. */
  span<T>(name: string, attributes: Attributes, run: () => Promise<T>, outcome?: (result: T) => Attributes): Promise<T>
  /** Counts a request of the service and its duration, milliseconds. */
  request(operation: string, status: number, milliseconds: number): void
  /** Counts a change of a request. */
  change(status: string): void
  /** Tells, whenever metrics are collected, how the queue stands. */
  watchQueue(read: () => Promise<{ readonly waiting: number; readonly parked: number; readonly oldestDueSeconds: number }>): void
}

const silent: Telemetry = { span: (_name, _attributes, run) => run(), request() {}, change() {}, watchQueue() {} }

/** Uses `@opentelemetry/api` where it is installed (an optional peer). */
export async function openTelemetry(): Promise<Telemetry> {
  const api = await import('@opentelemetry/api').catch(() => undefined)
  return api === undefined ? silent : telemetryOver(api.trace.getTracer('cabut'), api.metrics.getMeter('cabut'), api.SpanStatusCode.ERROR)
}

export function telemetryOver(tracer: Tracer, meter: Meter, failed: SpanStatusCode.ERROR): Telemetry {
  const requests = meter.createCounter('cabut.http.requests', { description: 'Answered requests' })
  const durations = meter.createHistogram('cabut.http.duration', { unit: 'ms', description: 'Time to answer' })
  const changes = meter.createCounter('cabut.request.changes', { description: 'Changes of revocation requests, by the status they led to' })
  return {
    span: (name, attributes, run, outcome) => tracer.startActiveSpan(name, { attributes }, async (span: Span) => {
      try {
        const result = await run()
        if (outcome !== undefined) span.setAttributes(outcome(result))
        return result
      } catch (error) {
        span.setStatus({ code: failed })
        // A message may name a place; a code never tells more than itself.
        span.setAttribute('error.type', error instanceof CabutError ? error.code : error instanceof Error ? error.name : 'unknown')
        throw error
      } finally {
        span.end()
      }
    }),
    request(operation, status, milliseconds) {
      requests.add(1, { operation, status })
      durations.record(milliseconds, { operation })
    },
    change: (status) => { changes.add(1, { status }) },
    watchQueue(read) {
      const gauges = [meter.createObservableGauge('cabut.queue.waiting'), meter.createObservableGauge('cabut.queue.parked'), meter.createObservableGauge('cabut.queue.oldest_due', { unit: 's' })] as const
      meter.addBatchObservableCallback(async (result) => {
        const { waiting, parked, oldestDueSeconds } = await read().catch(() => ({ waiting: Number.NaN, parked: Number.NaN, oldestDueSeconds: Number.NaN }))
        const values = [waiting, parked, oldestDueSeconds]
        gauges.forEach((gauge, index) => { if (!Number.isNaN(values[index])) result.observe(gauge, values[index] ?? 0) })
      }, [...gauges])
    },
  }
}

const looks: ReadonlySet<string> = new Set(['effects', 'onChange', 'close', 'proven', 'standard', 'runEffects'])

/** A desk whose acts are spans: `cabut.desk.approve` with the request's id and what it led to. */
export function observedDesk(desk: Desk, telemetry: Telemetry): Desk {
  return new Proxy(desk, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function' || typeof name !== 'string' || looks.has(name)) return member
      return (...given: unknown[]) => telemetry.span(
        `cabut.desk.${name}`, typeof given[0] === 'string' ? { 'cabut.request.id': given[0] } : {}, () => (member as (...given: unknown[]) => Promise<unknown>).apply(target, given),
        (result) => (isView(result) ? { 'cabut.request.id': result.id, 'cabut.request.status': result.status } : {}),
      )
    },
  })
}

/** An AMS whose calls are spans: `cabut.ams.fileRevocation` with its outcome. */
export function observedAms(ams: AmsPort, telemetry: Telemetry): AmsPort {
  return new Proxy(ams, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function' || typeof name !== 'string') return member
      return (...given: unknown[]) => telemetry.span(
        `cabut.ams.${name}`, { 'cabut.ams.kind': target.kind }, () => (member as (...given: unknown[]) => Promise<{ readonly outcome: string }>).apply(target, given),
        (result) => ({ 'cabut.ams.outcome': result.outcome }),
      )
    },
  })
}

function isView(value: unknown): value is { readonly id: string; readonly status: string } {
  return typeof value === 'object' && value !== null && 'id' in value && 'status' in value && typeof value.id === 'string' && typeof value.status === 'string'
}
