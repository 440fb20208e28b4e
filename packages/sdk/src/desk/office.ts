import type { Certificate } from '@cabut/pki/certificate'
import { equalBytes } from '@cabut/pki/der'
import type { StatusVerdict } from '@cabut/pki/status'
import type { AmsPort } from '../ams/index.js'
import type { WorkingCalendar } from '../calendar/index.js'
import { collectEvidence, type EvidenceOptions, type ProofPolicy } from '../proof/index.js'
import type { ReasonCatalogue } from '../request/index.js'
import type { ServiceStandard } from '../standard/index.js'
import type { Store } from '../store/index.js'
import type { Rules } from '../workflow/index.js'
import type { Journal } from './journal.js'
import type { DeskOptions, Pace } from './options.js'

/** Everything a running desk is made of; handed to its parts. */
export interface Office {
  readonly standard: ServiceStandard
  readonly rules: Rules
  readonly store: Store
  readonly journal: Journal
  readonly ams: AmsPort
  readonly calendar: WorkingCalendar
  readonly reasons: ReasonCatalogue
  readonly anchors: readonly [Certificate, ...Certificate[]]
  readonly intermediates: readonly Certificate[]
  /** Authorities between, met in valid paths. */
  readonly learned: Certificate[]
  readonly fetch: DeskOptions['fetch']
  readonly policy: ProofPolicy
  readonly pace: Pace
  readonly options: DeskOptions
  readonly salts: () => string
  /** ISO UTC with milliseconds. */
  readonly now: () => string
}

/**
 * Collects signed evidence with what the desk trusts. Authorities between, once they stood in a valid path to a pinned anchor, are kept: the
 * next check does not depend on their being served again.
 */
export async function collect(office: Office, certificate: Certificate | Uint8Array, more: Partial<EvidenceOptions> = {}): Promise<StatusVerdict> {
  const found = await collectEvidence(certificate, evidenceOptions(office, { exhaustive: true, ...more }))
  if (found.status !== 'unknown') {
    for (const authority of found.chain.slice(1, -1)) {
      if (office.learned.length < 64 && !office.learned.some(known => equalBytes(known.der, authority.der))) office.learned.push(authority)
    }
  }
  return found
}

/** How signed evidence is collected now: pinned anchors, the desk's own fetch. */
export function evidenceOptions(office: Office, more: Partial<EvidenceOptions> = {}): EvidenceOptions {
  return {
    anchors: office.anchors, intermediates: [...office.intermediates, ...office.learned], at: new Date(office.now()), fetchIssuers: true,
    ...(office.fetch === undefined ? {} : { fetch: office.fetch }),
    ...more,
  }
}

/** An ISO instant some milliseconds later. */
export function plus(instant: string, milliseconds: number): string {
  return new Date(Date.parse(instant) + milliseconds).toISOString()
}
