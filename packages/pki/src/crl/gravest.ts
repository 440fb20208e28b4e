import type { CrlEntry } from './entry.js'

/**
 * Of several entries for one certificate the one that counts: a final revocation before a hold before a removal. RFC 5280 forbids duplicates within a CRL;
 * where they occur, only this order cannot turn a revocation into nothing.
 */
export function gravest(entries: readonly CrlEntry[]): CrlEntry | undefined {
  let best: CrlEntry | undefined
  for (const entry of entries) if (best === undefined || gravity(entry) > gravity(best)) best = entry
  return best
}

function gravity(entry: CrlEntry): number {
  return entry.reason === 'removeFromCRL' ? 0 : entry.reason === 'certificateHold' ? 1 : 2
}
