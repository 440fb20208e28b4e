import type { Exchange } from '../transport/index.js'
import { readEnvelope } from '../wire/ams.js'
import type { AmsCause, AmsOutcome, AmsReading, AmsRevocation } from './port.js'

/** An exchange read as the contract's envelope. `sent` says whether a write may have happened all the same. */
export type Answer =
  | { readonly kind: 'data'; readonly data: unknown; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly httpStatus: number }
  | { readonly kind: 'nothing'; readonly sent: boolean; readonly cause: AmsCause }

type Read<T> = { readonly data: T } | { readonly fault: string }

/**
 * Reads an exchange by the rules of docs/openapi/ams.yaml:
 * 2xx with an envelope decides; 401, and 403 without an envelope, is a matter of credentials; other 4xx did nothing; 429 is surfaced with its
 * Retry-After; 408, 5xx, and a 2xx that cannot be understood may have done it.
 */
export function readAnswer(answer: Exchange, parse: (body: Uint8Array) => { readonly json: unknown } | { readonly fault: string }): Answer {
  if (answer.kind === 'failure') {
    const code = answer.failure === 'redirect' ? 'amsRedirected' : answer.failure === 'tooLarge' ? 'amsContract' : 'amsUnavailable'
    return nothing(answer.sent && !certainlyRefused(answer.status), { code, detail: answer.detail, ...(answer.status === undefined ? {} : { httpStatus: answer.status }) })
  }
  const { status } = answer
  const parsed = parse(answer.body)
  const envelope = 'json' in parsed ? readEnvelope(parsed.json) : undefined
  const facts = { httpStatus: status, ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }) }
  const said = envelope?.success === false ? ` (${envelope.code.slice(0, 64)})` : ''
  if (status === 429) return nothing(false, { code: 'amsThrottled', detail: `throttled${said}`, ...facts })
  if (status === 401) return nothing(false, { code: 'amsAuthentication', detail: `the credential was not accepted${said}`, ...facts })
  if (status >= 500 || status === 408) return nothing(true, { code: 'amsUnavailable', detail: `HTTP ${status}`, ...facts })
  if (status >= 400) {
    if (envelope?.success === false) return { kind: 'refused', code: envelope.code, message: envelope.message, httpStatus: status }
    if (status === 403) return nothing(false, { code: 'amsAuthentication', detail: 'forbidden, by something before AMS', ...facts })
    return nothing(false, { code: 'amsContract', detail: `HTTP ${status} without the contract's envelope`, ...facts })
  }
  if (envelope?.success === false) return { kind: 'refused', code: envelope.code, message: envelope.message, httpStatus: status }
  if (envelope?.success === true) return { kind: 'data', data: envelope.data, replayed: answer.headers.get('idempotency-replayed') === 'true' }
  return nothing(true, { code: 'amsContract', detail: 'fault' in parsed ? parsed.fault : 'JSON without the envelope', ...facts })
}

/** A write's outcome; an accepted answer that cannot be understood is unknown, not an error: AMS may have done it. */
export function writeOutcome(answer: Answer, read: (data: unknown) => Read<AmsRevocation>): AmsOutcome {
  if (answer.kind === 'refused') return { outcome: 'refused', code: answer.code, message: answer.message, httpStatus: answer.httpStatus }
  if (answer.kind === 'nothing') return answer.sent ? { outcome: 'unknown', cause: answer.cause } : { outcome: 'notDone', cause: answer.cause }
  const result = read(answer.data)
  if ('fault' in result) return { outcome: 'unknown', cause: { code: 'amsContract', detail: result.fault } }
  return { outcome: 'accepted', revocation: result.data, replayed: answer.replayed }
}

export function readingOf<T>(answer: Answer, read: (data: unknown) => Read<T>): AmsReading<T> {
  if (answer.kind === 'refused') return { outcome: 'refused', code: answer.code, message: answer.message, httpStatus: answer.httpStatus }
  if (answer.kind === 'nothing') return { outcome: 'unavailable', cause: answer.cause }
  const result = read(answer.data)
  return 'fault' in result ? { outcome: 'unavailable', cause: { code: 'amsContract', detail: result.fault } } : { outcome: 'answered', value: result.data }
}

/** The status line alone says that nothing was done, even where the body was lost or too large. */
function certainlyRefused(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408
}

function nothing(sent: boolean, cause: AmsCause): Answer {
  return { kind: 'nothing', sent, cause }
}
