import type { ServiceStandard, Step } from '../service-standard.js'
import type { ClockStart, ClockStop, ComponentName, LetterKind } from '../vocabulary.js'
import { finding, type Finding } from './finding.js'

/** Words by which published standards call the letters. */
const letterWords: readonly [LetterKind, RegExp, string, string][] = [
  ['requestLetter', /surat\s+permohonan/i, 'surat permohonan', 'a request letter'],
  ['reasonStatement', /keterangan\s+alasan/i, 'keterangan alasan', 'a statement of the reason'],
  ['deathCertificate', /surat\s+kematian|akta\s+kematian/i, 'surat kematian', 'a death certificate'],
]

const startWords: Readonly<Record<ClockStart, [string, string]>> = {
  submission: ['pengajuan lengkap', 'complete submission'],
  receipt: ['surat diterima', 'receipt of the letter'],
  completeness: ['dinyatakan lengkap', 'found complete'],
  authentication: ['pemohon terautentikasi', 'applicant authenticated'],
}
const stopWords: Readonly<Record<ClockStop, [string, string]>> = {
  notification: ['pemohon diberi tahu', 'the applicant is notified'],
  answerLetter: ['surat jawaban', 'the answer letter'],
  revocation: ['dicabut menurut AMS', 'revoked according to AMS'],
}

/** The words of a component, as printed. */
export function wordsOf(
  { components }: ServiceStandard,
  name: ComponentName,
): { readonly clause: string; readonly text: string; readonly path: string } {
  const index = components.findIndex((component) => component.name === name)
  return { clause: components[index]?.clause ?? '-', text: components[index]?.verbatim.join('\n') ?? '', path: `components[${index}]` }
}

/** What the source says of a datum: the entry nearest to it. */
export function sayingOf({ provenance }: ServiceStandard, path: string): { readonly says: string; readonly clause: string } {
  const nearest = [...provenance]
    .filter((entry) => path === entry.path || path.startsWith(`${entry.path}.`))
    .sort((a, b) => b.path.length - a.path.length)[0]
  return nearest ?? { says: 'unknown', clause: '-' }
}

/** A letter the procedure, or our reading of it, demands and the requirements do not name. */
export function requirementFindings(standard: ServiceStandard): Finding[] {
  const requirements = wordsOf(standard, 'requirements')
  const procedure = wordsOf(standard, 'procedure')
  return letterWords.flatMap(([kind, words, id, en]) => {
    const demanded =
      words.test(procedure.text) ||
      standard.letters.some(
        (letter) => letter.kind === kind && letter.demand === 'mandatory' && letter.says === 'stated' && letter.reasons === undefined,
      )
    return demanded && !words.test(requirements.text) ? [finding('requirementMissing', requirements.clause, requirements.path, id, en)] : []
  })
}

const deciding: ReadonlySet<Step['command']> = new Set(['verify', 'approve', 'reject', 'return'] as const)

/** Applicants who verify themselves; clauses of the procedure in which nobody acts. */
export function actorFindings(standard: ServiceStandard): Finding[] {
  const partyOf = new Map(standard.roles.map(({ role, party }) => [role, party]))
  const titleOf = new Map(standard.roles.map(({ role, title }) => [role, title]))
  const findings: Finding[] = []
  const silent = new Set<string>()
  for (const [index, step] of standard.steps.entries()) {
    const printed = partyOf.get(step.printedActor ?? step.actor)
    if (deciding.has(step.command) && (printed === 'applicant' || printed === 'holder'))
      findings.push(finding('applicantVerifies', step.clause, `steps[${index}]`))
    const named = standard.steps.some((other) => other.clause === step.clause && other.actorSays === 'stated')
    if (step.clause === '-' || named || silent.has(step.clause)) continue
    silent.add(step.clause)
    const title = titleOf.get(step.actor)
    findings.push(finding('stepWithoutActor', step.clause, `steps[${index}]`, title?.id ?? step.actor, title?.en ?? step.actor))
  }
  return findings
}

const amount = /(\d+)\s*(?:\([^)]*\)\s*)?(menit|jam|hari|minggu|bulan)(\s+(?:kerja|kalender))?/gi

/** Amounts of time in a text; clock times such as 08.00 are none. */
function amountsIn(
  text: string,
): readonly { readonly words: string; readonly count: number; readonly unit: string; readonly qualified: boolean }[] {
  return [...text.matchAll(amount)].map((match) => ({
    words: match[0].replace(/\s+/g, ' ').trim(),
    count: Number(match[1]),
    unit: (match[2] as string).toLowerCase(),
    qualified: match[3] !== undefined,
  }))
}

/** A limit that is given twice, has no start, stop or hours, or does not say what clock it runs on. */
export function limitFindings(standard: ServiceStandard): Finding[] {
  const { clause, text, path } = wordsOf(standard, 'timeLimit')
  const { timeLimit } = standard
  const amounts = amountsIn(text)
  const findings: Finding[] = []
  if (new Set(amounts.map(({ count, unit }) => `${count} ${unit}`)).size > 1) {
    findings.push(
      finding(
        'timeLimitTwice',
        clause,
        path,
        amounts.map(({ words }) => `"${words}"`).join(', '),
        `${timeLimit.amount} ${unitWords[timeLimit.kind][0]}`,
        `${timeLimit.amount} ${unitWords[timeLimit.kind][1]}`,
      ),
    )
  }
  const [start, stop] = [startWords[timeLimit.start], stopWords[timeLimit.stop]]
  if (sayingOf(standard, 'timeLimit.start').says !== 'stated')
    findings.push(finding('limitWithoutStart', clause, 'timeLimit.start', ...start))
  if (sayingOf(standard, 'timeLimit.stop').says !== 'stated') findings.push(finding('limitWithoutStop', clause, 'timeLimit.stop', ...stop))
  if (timeLimit.kind !== 'wallHours' && timeLimit.kind !== 'calendarDays' && sayingOf(standard, 'serviceHours.weekly').says !== 'stated') {
    findings.push(finding('limitWithoutHours', clause, 'serviceHours'))
  }
  // "2 x 24 jam" says its clock by itself.
  for (const { words, qualified } of amounts) {
    if (!qualified && !new RegExp(`x\\s*${words}`, 'i').test(text)) findings.push(finding('limitKindUnstated', clause, path, `"${words}"`))
  }
  const complaints = wordsOf(standard, 'complaints')
  for (const { words, qualified } of amountsIn(complaints.text))
    if (!qualified) findings.push(finding('limitKindUnstated', complaints.clause, complaints.path, `"${words}"`))
  if (standard.serviceHours.ramadan === undefined)
    findings.push(finding('ramadanSilent', sayingOf(standard, 'serviceHours.weekly').clause, 'serviceHours.ramadan'))
  return findings
}

const unitWords = {
  workingMinutes: ['menit kerja', 'working minutes'],
  wallHours: ['jam', 'wall hours'],
  calendarDays: ['hari kalender', 'calendar days'],
  workingDays: ['hari kerja', 'working days'],
  sameDay: ['menit kerja pada hari yang sama', 'working minutes the same day'],
} as const
