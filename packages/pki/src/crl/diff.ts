import type { GeneralName } from '../certificate/index.js'
import { namesMatch } from '../name/index.js'
import type { Crl } from './crl.js'
import type { CrlEntry } from './entry.js'
import { gravest } from './gravest.js'

/** How a later CRL differs from an earlier one of the same issuer and scope (RFC 5280 section 5). */
export interface CrlDifference {
  /** Entries only the later one has. */
  readonly added: readonly CrlEntry[]
  /** Entries only the earlier one has: certificates that expired, holds taken back, or a revocation undone, which RFC 5280 does not know. */
  readonly removed: readonly CrlEntry[]
  /** Entries whose date, reason or invalidity date differ. */
  readonly changed: readonly { readonly before: CrlEntry; readonly after: CrlEntry }[]
  /** True when the later CRL has a lower number, or the same number or none and an earlier thisUpdate: an old CRL served again. */
  readonly rolledBack: boolean
}

/**
 * Compares two CRLs entry by entry (RFC 5280 section 5.2.3 on numbers). Neither is judged: do that first.
 *
 * @example
 * ```ts
 * const { added, removed, rolledBack } = diffCrl(readCrl(earlierCrl), readCrl(crl))
 * added.map(({ serial }) => serial) // ['5c01ab7d']
 * rolledBack // false
 * diffCrl(readCrl(crl), readCrl(earlierCrl)).rolledBack // true
 * ```
 */
export function diffCrl(before: Crl, after: Crl): CrlDifference {
  const added: CrlEntry[] = []
  const removed: CrlEntry[] = []
  const changed: { before: CrlEntry; after: CrlEntry }[] = []
  for (const entry of once(before)) {
    const counterpart = sameCertificate(after, entry)
    if (counterpart === undefined) removed.push(entry)
    else if (!sameFacts(entry, counterpart)) changed.push({ before: entry, after: counterpart })
  }
  for (const entry of once(after)) if (sameCertificate(before, entry) === undefined) added.push(entry)
  return { added, removed, changed, rolledBack: isRolledBack(before, after) }
}

/** Every certificate's gravest entry, once. */
function* once(crl: Crl): Iterable<CrlEntry> {
  const repeated = new Set<string>()
  for (const entry of crl.entries()) {
    const all = crl.findAll(entry.serial)
    if (all.length === 1) {
      yield entry
      continue
    }
    if (repeated.has(entry.serial)) continue
    repeated.add(entry.serial)
    const groups: CrlEntry[][] = []
    for (const one of all) {
      const group = groups.find(([first]) => sameIssuer(first!.certificateIssuer, one.certificateIssuer))
      if (group === undefined) groups.push([one])
      else group.push(one)
    }
    for (const group of groups) yield gravest(group)!
  }
}

function sameCertificate(crl: Crl, entry: CrlEntry): CrlEntry | undefined {
  return gravest(crl.findAll(entry.serial).filter((other) => sameIssuer(other.certificateIssuer, entry.certificateIssuer)))
}

function sameIssuer(a: readonly GeneralName[] | undefined, b: readonly GeneralName[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.some((left) => left.kind === 'directoryName' && b.some((right) => right.kind === 'directoryName' && namesMatch(left.name, right.name)))
}

function sameFacts(a: CrlEntry, b: CrlEntry): boolean {
  return a.revocationDate.getTime() === b.revocationDate.getTime() && a.reason === b.reason && a.invalidityDate?.getTime() === b.invalidityDate?.getTime()
}

function isRolledBack(before: Crl, after: Crl): boolean {
  if (before.crlNumber !== undefined && after.crlNumber !== undefined && before.crlNumber !== after.crlNumber) return after.crlNumber < before.crlNumber
  return after.thisUpdate < before.thisUpdate
}
