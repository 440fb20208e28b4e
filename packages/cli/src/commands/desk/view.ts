import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { absentWords, statuses, statusReasons, type Label, type RequestView, type RoleName, type ServiceStandard } from '@cabut/sdk'
import type { Console } from '../../console.js'
import { InputError } from '../../input.js'
import { wholeMinutes } from '../../wording/instant.js'
import { limitWords } from '../standard-summary.js'
import { roleTitle } from './refusal.js'

/** A request as JSON for scripts: personal values withheld, by the request's own protection. */
export function documentOf(view: RequestView): object {
  const { id, register, status, label, statusReason, version, state, allowed, blocked, clock, proof, warnings } = view
  return { id, register, status, label, statusReason, version, turn: statuses[status].turn, state, allowed, blocked, clock, proof, warnings }
}

/** One line of a list. */
export function listLine(console: Console, { id, register, status, clock, state }: RequestView): string {
  const due = clock.deadline === undefined ? '' : `${clock.breached ? '!' : ' '}${localTime(clock.deadline.due)}`
  return [(register ?? '-').padEnd(10), id.padEnd(34), console.say(statuses[status]).padEnd(42), due.padEnd(18), state.reason, state.parties.opdOrigin].join('  ').trimEnd()
}

/** A request for people; who looks at a Subject DN or a name asks for it, and that is noted. */
export function sayView(console: Console, view: RequestView, standard: ServiceStandard, personal: boolean): void {
  const { id, register, status, statusReason, version, state, clock, proof, blocked, warnings } = view
  const row = (label: Label, value: string | undefined): void => { if (value !== undefined && value !== '') console.line(`  ${console.say(label).padEnd(20)} ${value}`) }
  console.line(`${register ?? '-'}  ${id}`)
  row({ id: 'Keadaan', en: 'Status' }, `${console.say(statuses[status])}${statusReason === undefined ? '' : ` (${console.say(statusReasons[statusReason])})`}`)
  row({ id: 'Giliran', en: 'Turn' }, statuses[status].turn.map((role: RoleName | 'ca') => roleTitle(console, role)).join(', '))
  row({ id: 'Versi', en: 'Version' }, String(version))
  row({ id: 'Alasan', en: 'Reason' }, `${state.reason}${state.expedited ? console.say({ id: ' (dipercepat)', en: ' (expedited)' }) : ''}`)
  row({ id: 'Sertifikat', en: 'Certificate' }, [state.certificate.issuerDn, state.certificate.serial].filter((part) => part !== undefined).join('  '))
  row({ id: 'Pemohon', en: 'Applicant' }, `${state.parties.applicant.id} (${state.parties.applicant.opd ?? state.parties.opdOrigin})`)
  row({ id: 'Disposisi', en: 'Disposed to' }, state.disposition?.to)
  row({ id: 'TMT', en: 'Effective from' }, state.effectiveDate === undefined ? undefined : localTime(state.effectiveDate))
  row({ id: 'Tidak dipercaya sejak', en: 'Not trusted since' }, state.invalidityDate)
  for (const letter of state.letters) row({ id: 'Surat', en: 'Letter' }, `${letter.kind} ${letter.number ?? ''} ${letter.sha256.slice(0, 16)}... ${letter.size} B`)
  row({ id: 'Catatan AMS', en: 'Record in AMS' }, state.ams.recordId === undefined ? undefined : `${state.ams.recordId} (${state.ams.rawStatus ?? state.ams.recordStatus ?? '-'})`)
  row({ id: 'Jam layanan', en: 'Service clock' }, `${wholeMinutes(clock.elapsedMinutes, clock.breached)} ${console.say({ id: 'menit dari', en: 'minutes of' })} ${console.say(limitWords(standard.timeLimit))}${clock.deadline === undefined ? '' : `, ${console.say({ id: 'batas', en: 'due' })} ${localTime(clock.deadline.due)}`}${clock.breached ? console.say({ id: ' TERLAMPAUI', en: ' BREACHED' }) : ''}`)
  row({ id: 'Bukti', en: 'Proof' }, proof === undefined ? undefined : `${proof.source.toUpperCase()} ${proof.thisUpdate}, ${console.say({ id: 'dicabut', en: 'revoked' })} ${proof.revocationDate}, sha256 ${proof.sha256}`)
  for (const [field, value] of Object.entries(state.personal)) row({ id: `  ${field}`, en: `  ${field}` }, personal ? value : console.say({ id: '[dirahasiakan; --personal]', en: '[withheld; --personal]' }))
  for (const [field, why] of Object.entries(state.absent ?? {})) row({ id: `  ${field}`, en: `  ${field}` }, console.say(absentWords[why]))
  for (const warning of warnings) console.line(`  ! ${warning.path}: ${console.say(warning)}`)
  if (blocked !== undefined) console.line(`  ! ${console.say(blocked.advice)}`)
}

/** Times as an officer reads them: in the zone of this machine, minutes. */
export function localTime(iso: string): string {
  const at = new Date(iso)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}.${two(at.getMinutes())}`
}

/** File of the desk directory that notes every look at personal values. */
export const accessFile = 'access.jsonl'

/**
 * Notes that somebody looks at personal values (PP 71/2019 art. 22), before they are shown: what cannot be noted is not shown. Field names only.
 *
 * @throws InputError when the note cannot be written
 */
export async function noteAccess(folder: string, person: string, requestId: string, fields: readonly string[], why: string): Promise<void> {
  const note = `${JSON.stringify({ at: new Date().toISOString(), person, requestId, fields, why })}\n`
  try {
    await appendFile(join(folder, accessFile), note, { mode: 0o600, flush: true })
  } catch (error) {
    throw new InputError({ id: 'catatan akses tidak dapat ditulis; data pribadi tidak ditampilkan', en: 'the access note cannot be written; personal data is not shown' }, { cause: error })
  }
}
