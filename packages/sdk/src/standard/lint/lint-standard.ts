import { InvalidInputError } from '../../issues.js'
import { loadStandard } from '../load.js'
import type { ServiceStandard } from '../service-standard.js'
import { completenessFindings, complaintFindings, contactFindings, privacyFindings, serviceFindings } from './document-rules.js'
import { finding, type Finding, type Severity } from './finding.js'
import { lawFindings } from './law-rules.js'
import { lawStatusTable, type LawStatus } from './law-table.js'
import { actorFindings, limitFindings, requirementFindings } from './procedure-rules.js'

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 }

/**
 * Reads a service standard critically: contradictions, gaps, laws that have changed, addresses that cannot be right. The rules are
 * general; nothing in them knows a region. Worst first, then in the order of the components.
 *
 * A standard that cannot run at all is not linted further: its schema issues come back as findings `invalid`.
 *
 * @param source id of a standard that ships, or the parsed data
 * @param options.laws the table of laws to judge by; default {@link lawStatusTable}
 * @throws CabutError `standardUnknown`
 * @example
 * ```ts
 * const worst = lintStandard('kabupaten-purbalingga')[0]
 * worst?.clause // 'Service Delivery 1'
 * worst?.en // 'the procedure demands a statement of the reason, but the requirements do not name it'
 * lintStandard({})[0]?.code // 'invalid'
 * ```
 */
export function lintStandard(source: string | object, options: { readonly laws?: readonly LawStatus[] } = {}): readonly Finding[] {
  let standard: ServiceStandard
  try {
    standard = loadStandard(source)
  } catch (error) {
    if (error instanceof InvalidInputError) return error.issues.map(({ path, id, en }) => finding('invalid', '-', path, id, en))
    throw error
  }
  const findings = [
    ...requirementFindings(standard),
    ...actorFindings(standard),
    ...limitFindings(standard),
    ...serviceFindings(standard),
    ...contactFindings(standard),
    ...complaintFindings(standard),
    ...lawFindings(standard, options.laws ?? lawStatusTable),
    ...completenessFindings(standard),
    ...privacyFindings(standard),
  ]
  return findings
    .map((one, index) => ({ one, index }))
    .sort((a, b) => rank[a.one.severity] - rank[b.one.severity] || a.index - b.index)
    .map(({ one }) => one)
}
