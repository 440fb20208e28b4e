import { chainDigest, commitmentOf, contentOf } from './seal.js'
import type { ChainHead, PublicEvent, SealedEvent } from './event.js'

/** What is wrong with the first broken event. */
export type HistoryFault =
  /** An event is missing, doubled or out of order. */
  | 'sequence'
  /** `previous` is not the digest of the event before. */
  | 'link'
  /** The event belongs to another case. */
  | 'case'
  /** The digest does not fit case, type, time, standard or content. */
  | 'digest'
  /** Actor, data or a commitment was changed. */
  | 'content'
  /** A personal value does not fit its commitment, or has none. */
  | 'personal'
  /** The last event is not the expected head: events were cut off or added. */
  | 'head'
  /** The value is no event at all. */
  | 'shape'

/** Verdict over a chain; the first broken event is named by its place in the list and its sequence number. */
export type HistoryVerdict =
  | { readonly valid: true; readonly head: ChainHead | null; readonly erased: number }
  | { readonly valid: false; readonly fault: HistoryFault; readonly index: number; readonly seq: number | null; readonly field?: string }

/**
 * Recomputes a chain from its first event and names the first broken one.
 *
 * Proves that the events are the ones that were sealed, in this order, none missing before the head. It does not prove who wrote
 * them; and only a head kept elsewhere (`expected`: register, receipt) shows that the end was not cut off or rewritten as a whole.
 *
 * @param events - sealed events, or the public form of them, of one case from `seq` 1 on
 * @param expected - the head known from elsewhere
 * @returns `erased` counts personal values no longer kept, which is no fault; never throws for what the events hold
 * @example
 * ```ts
 * const whole = await verifyHistory(chain, chain[2])
 * whole.valid // true
 * await verifyHistory([chain[0], { ...chain[1], time: '2026-11-24T03:00:00.000Z' }]) // { valid: false, fault: 'digest', index: 1, seq: 2 }
 * await verifyHistory([chain[0], chain[2]]) // { valid: false, fault: 'sequence', index: 1, seq: 3 }
 * await verifyHistory([chain[0], chain[1]], chain[2]) // { valid: false, fault: 'head', index: 1, seq: 2 }
 * ```
 */
export async function verifyHistory(
  events: readonly (SealedEvent<string, object> | PublicEvent)[],
  expected?: ChainHead,
): Promise<HistoryVerdict> {
  let head: ChainHead | null = null
  let erased = 0
  const broken = (fault: HistoryFault, index: number, field?: string): HistoryVerdict => {
    const seq: unknown = (events[index] as { seq?: unknown } | undefined)?.seq
    return { valid: false, fault, index, seq: typeof seq === 'number' ? seq : null, ...(field === undefined ? {} : { field }) }
  }
  for (const [index, event] of events.entries()) {
    if (!isEvent(event)) return broken('shape', index)
    if (event.caseId !== events[0]?.caseId) return broken('case', index)
    if (event.seq !== index + 1) return broken('sequence', index)
    if (event.previous !== (head?.digest ?? null)) return broken('link', index)
    if ('salt' in event) {
      if (event.content !== (await quietly(() => contentOf(event)))) return broken('content', index)
      for (const [field, value] of Object.entries(event.personal ?? {})) {
        const committed = Object.hasOwn(event.commitments, field) ? event.commitments[field] : undefined
        if (committed === undefined || committed !== (await quietly(() => commitmentOf(field, value)))) return broken('personal', index, field)
      }
      erased += Object.keys(event.commitments).filter((field) => !Object.hasOwn(event.personal ?? {}, field)).length
    }
    if (event.digest !== (await quietly(() => chainDigest(event)))) return broken('digest', index)
    head = { seq: event.seq, digest: event.digest }
  }
  if (expected !== undefined && (head?.seq !== expected.seq || head.digest !== expected.digest)) return broken('head', Math.max(0, events.length - 1))
  return { valid: true, head, erased }
}

/** A chain read from a file may hold anything: what cannot be canonicalised has no digest. */
async function quietly(compute: () => Promise<string>): Promise<string | undefined> {
  try {
    return await compute()
  } catch {
    return undefined
  }
}

function isEvent(value: unknown): value is SealedEvent<string, object> | PublicEvent {
  if (typeof value !== 'object' || value === null) return false
  const { caseId, seq, standard, previous, digest, commitments, personal } = value as Partial<Record<keyof SealedEvent, unknown>>
  return (
    typeof caseId === 'string' &&
    typeof seq === 'number' &&
    typeof digest === 'string' &&
    isObject(standard) &&
    (previous === null || typeof previous === 'string') &&
    // An event with actor or data but no salt would pass unchecked: it is either whole or in its public form.
    ('salt' in value ? isObject(commitments) : !('actor' in value || 'data' in value || 'commitments' in value || personal !== undefined)) &&
    (personal === undefined || (isObject(personal) && Object.values(personal).every(isObject)))
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
