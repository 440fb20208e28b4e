import { hash } from 'node:crypto'
import { canonicalJson, type HistoryFault, type Json } from '@cabut/sdk/history'
import type { StoredEvent } from '@cabut/sdk/store'

/** What is wrong with a chain, and where. */
export interface ChainFault { readonly fault: HistoryFault; readonly seq: number; readonly field?: string }

/**
 * Recomputes one chain: the same verdict as `verifyHistory` of the SDK (a property test holds them together), without a promise for each
 * digest. A million events are a million times two digests.
 */
export function findChainFault(caseId: string, events: readonly StoredEvent[]): ChainFault | undefined {
  let previous: string | null = null
  for (const [index, event] of events.entries()) {
    const seq = typeof event.seq === 'number' ? event.seq : index + 1
    if (typeof event !== 'object' || typeof event.commitments !== 'object' || typeof event.standard !== 'object') return { fault: 'shape', seq: index + 1 }
    if (event.caseId !== caseId) return { fault: 'case', seq }
    if (event.seq !== index + 1) return { fault: 'sequence', seq }
    if (event.previous !== previous) return { fault: 'link', seq }
    const { actor, commitments, data, salt } = event
    if (event.content !== digestOf({ actor, commitments, data, salt } as unknown as Json)) return { fault: 'content', seq }
    if (event.personal !== undefined) {
      for (const [field, beside] of Object.entries(event.personal)) {
        const committed = Object.hasOwn(commitments, field) ? commitments[field] : undefined
        if (committed === undefined || committed !== digestOf({ field, salt: beside.salt, value: beside.value })) return { fault: 'personal', seq, field }
      }
    }
    const { content, standard, time, type } = event
    const digest = digestOf({ caseId, content, previous: event.previous, seq: event.seq, standard: { id: standard.id, version: standard.version }, time, type })
    if (event.digest !== digest) return { fault: 'digest', seq }
    previous = digest
  }
  return undefined
}

function digestOf(value: Json): string | undefined {
  try {
    return hash('sha256', canonicalJson(value))
  } catch {
    return undefined
  }
}
