import { plus, type Office } from './office.js'

/** What a handler says of its effect. */
export type EffectEnd =
  /** Over. */
  | 'done'
  /** Nothing is wrong: it looks again at that time, and its failures are forgotten. */
  | { readonly wait: string; readonly note?: string }
  /** It did not work: it is tried again then. */
  | { readonly again: string; readonly note?: string }
  /** For a person to see. */
  | { readonly park: string }

/** When to try again after the n-th failure: doubled, capped, spread, and never before the other side said. */
export function backoff(office: Office, attempt: number, retryAfterMs = 0): string {
  const { retry, retryMax } = office.pace
  const pause = Math.min(retryMax, retry * 2 ** Math.min(attempt - 1, 20))
  // Spread from the attempt and the clock, no randomness needed: workers of one outage do not come back in step.
  const spread = 0.75 + ((Date.parse(office.now()) + attempt * 7919) % 500) / 1000
  return plus(office.now(), Math.max(retryAfterMs, Math.round(pause * spread)))
}
