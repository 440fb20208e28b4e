import type { ServiceStandard } from '../service-standard.js'
import { finding, type Finding } from './finding.js'
import { lawName, lawsCited, sameLaw, type LawReference, type LawStatus } from './law-table.js'

/** Laws repealed, mistyped, amended without saying so, or with another status than the table's. */
export function lawFindings({ legalBasis }: ServiceStandard, table: readonly LawStatus[]): Finding[] {
  const cited = legalBasis.flatMap((basis) => [basis, ...(basis.amendedBy ?? []), ...lawsCited(basis.verbatim)])
  return legalBasis.flatMap((basis, index) => {
    const path = `legalBasis[${index}]`
    const known = table.find((law) => sameLaw(law, basis))
    const findings = mistyped(basis.verbatim, table).map(([wrong, right]) =>
      finding('lawMistyped', basis.clause, path, lawName(wrong), lawName(right)),
    )
    if (known === undefined) return [...findings, finding('lawStatusUnknown', basis.clause, path, lawName(basis))]
    if (basis.status !== known.status) findings.push(finding('lawStatusDiffers', basis.clause, path, lawName(basis)))
    if (known.repealedBy !== undefined) findings.push(finding('lawRepealed', basis.clause, path, lawName(basis), lawName(known.repealedBy)))
    for (const amendment of known.amendedBy ?? []) {
      if (!cited.some((law) => sameLaw(law, amendment)))
        findings.push(finding('lawAmendmentMissing', basis.clause, path, lawName(basis), lawName(amendment)))
    }
    return findings
  })
}

/** A citation whose title is that of a known law with the same number but of another year. */
function mistyped(text: string, table: readonly LawStatus[]): readonly (readonly [LawReference, LawReference])[] {
  return lawsCited(text).flatMap((law) => {
    if (law.title === undefined || table.some((known) => sameLaw(known, law))) return []
    const meant = table.find(
      (known) => known.form === law.form && known.number === law.number && fold(law.title as string).startsWith(fold(known.title)),
    )
    return meant === undefined ? [] : [[law, meant] as const]
  })
}

function fold(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim()
}
