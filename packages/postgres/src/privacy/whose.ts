import type { CaseState } from '@cabut/sdk/workflow'

/** Parts a person has in a case. */
export type Part = 'applicant' | 'holder'

/**
 * Whose a personal field is: the subject under whose key it is sealed. Free text (note, remarks, reasons of a decision) may speak of
 * anybody in the case: it has the key of the case, which is destroyed with the holder's.
 */
export function whoseField(field: string, state: Pick<CaseState, 'id' | 'parties'>): string {
  if (field.startsWith('applicant')) return subjectOf('applicant', state)
  return field === 'username' || field === 'subjectDn' || field.startsWith('holder') ? subjectOf('holder', state) : caseSubject(state.id)
}

/** The person's id in the office's directory; a holder who has none is a subject of that case alone. */
export function subjectOf(part: Part, { id, parties }: Pick<CaseState, 'id' | 'parties'>): string {
  return part === 'applicant' ? parties.applicant.id : parties.holder.id ?? `berkas:${id}:pemilik`
}

export function caseSubject(caseId: string): string {
  return `berkas:${caseId}`
}

/** Fields a person can be looked up by. */
export const lookupFields: ReadonlySet<string> = new Set(['username', 'holderEmail', 'applicantEmail', 'holderNik', 'applicantNik', 'holderNip', 'applicantNip'])

/** What a lookup compares: mail and user names without regard to case, numbers without spaces and dots. */
export function lookupText(value: string): string {
  const text = value.normalize('NFKC').trim().toLowerCase()
  return /^[\d .-]+$/.test(text) ? text.replaceAll(/[ .-]/g, '') : text
}
