import type { StoredEvent } from '@cabut/sdk/store'
import type { CaseState } from '@cabut/sdk/workflow'

/**
 * Personal values live in columns of their own: events are append-only and never forget, personal values must be erasable. The salted
 * commitments inside the events keep the chain provable without them.
 */
export interface SplitEvent {
  readonly digest: string
  /** The sealed event as JSON, without personal values. */
  readonly body: string
  readonly personal: string | undefined
}

export function splitEvent(event: StoredEvent): SplitEvent {
  const { personal, ...body } = event
  return { digest: event.digest, body: JSON.stringify(body), personal: personal === undefined ? undefined : JSON.stringify(personal) }
}

export function joinEvent(body: unknown, personal: unknown): StoredEvent {
  return (personal === null || personal === undefined ? body : { ...(body as object), personal }) as StoredEvent
}

export function splitState(state: CaseState): { readonly state: string; readonly personal: string } {
  const { personal, absent: _absent, ...rest } = state
  return { state: JSON.stringify(rest), personal: JSON.stringify(personal) }
}

/** Stands in a projection for a value that was erased on the spot. */
export const erasedValue = 'cabut:0'

export function joinState(state: unknown, personal: unknown): CaseState {
  const values = (personal ?? {}) as Readonly<Record<string, string>>
  if (!Object.values(values).includes(erasedValue)) return { ...(state as object), personal: values } as CaseState
  const kept = Object.entries(values).filter(([, value]) => value !== erasedValue)
  const absent = Object.fromEntries(Object.entries(values).filter(([, value]) => value === erasedValue).map(([field]) => [field, 'erased']))
  return { ...(state as object), personal: Object.fromEntries(kept), absent } as CaseState
}
