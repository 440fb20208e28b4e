import { findReason } from '@cabut/sdk/request'
import type { LetterKind, ServiceStandard } from '@cabut/sdk/standard'
import type { Text } from '../language.js'

const letters: Readonly<Record<LetterKind, Text>> = {
  requestLetter: { id: 'Surat permohonan', en: 'Request letter' },
  reasonStatement: { id: 'Surat keterangan alasan', en: 'Statement of the reason' },
  deathCertificate: { id: 'Surat atau akta kematian', en: 'Death certificate' },
  transferDecree: { id: 'SK mutasi', en: 'Transfer decree' },
  retirementDecree: { id: 'SK pensiun', en: 'Retirement decree' },
  dismissalDecree: { id: 'SK pemberhentian', en: 'Dismissal decree' },
  institutionDecision: { id: 'Keputusan instansi', en: 'Decision of the agency' },
  incidentReport: { id: 'Laporan kejadian', en: 'Incident report' },
  answerLetter: { id: 'Surat jawaban', en: 'Answer letter' },
  other: { id: 'Surat lain', en: 'Other letter' },
}
const days = { monday: { id: 'Senin', en: 'Mon' }, tuesday: { id: 'Selasa', en: 'Tue' }, wednesday: { id: 'Rabu', en: 'Wed' }, thursday: { id: 'Kamis', en: 'Thu' }, friday: { id: 'Jumat', en: 'Fri' }, saturday: { id: 'Sabtu', en: 'Sat' }, sunday: { id: 'Minggu', en: 'Sun' } } as const
const starts: Readonly<Record<ServiceStandard['timeLimit']['start'], Text>> = {
  submission: { id: 'sejak permohonan lengkap diajukan', en: 'from complete submission' },
  receipt: { id: 'sejak surat diterima', en: 'from receipt of the letter' },
  completeness: { id: 'sejak dinyatakan lengkap', en: 'from being found complete' },
  authentication: { id: 'sejak pemohon terautentikasi', en: 'from authentication of the applicant' },
}
const stops: Readonly<Record<ServiceStandard['timeLimit']['stop'], Text>> = {
  notification: { id: 'sampai pemohon diberi tahu', en: 'until the applicant is told' },
  answerLetter: { id: 'sampai surat jawaban', en: 'until the answer letter' },
  revocation: { id: 'sampai dicabut menurut AMS', en: 'until revoked according to AMS' },
}

type Limit = NonNullable<ServiceStandard['complaints']['classes'][number]['limit']>

/** A span of time in words. */
export function limitWords({ kind, amount }: Limit): Text {
  switch (kind) {
    case 'workingMinutes': return amount % 60 === 0 ? { id: `${amount / 60} jam kerja`, en: `${amount / 60} working hours` } : { id: `${amount} menit kerja`, en: `${amount} working minutes` }
    case 'wallHours': return { id: `${amount} jam`, en: `${amount} hours` }
    case 'calendarDays': return { id: `${amount} hari kalender`, en: `${amount} calendar days` }
    case 'workingDays': return { id: `${amount} hari kerja`, en: `${amount} working day${amount === 1 ? '' : 's'}` }
    case 'sameDay': return amount === 0 ? { id: 'hari itu juga', en: 'the same day' } : { id: `${amount} menit kerja, hari itu juga`, en: `${amount} working minutes, the same day` }
  }
}

/** Days with the same hours on one line: `Senin-Kamis 08.00-15.45 (istirahat 12.00-13.00)`. */
function hoursWords(week: ServiceStandard['serviceHours']['weekly'], language: keyof Text): readonly string[] {
  const clock = (time: string): string => (language === 'id' ? time.replace(':', '.') : time)
  const groups: { hours: string; first: string; last: string }[] = []
  for (const [day, name] of Object.entries(days)) {
    const hours = week[day as keyof typeof days]
    if (hours === undefined) continue
    const breaks = hours.breaks.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(', ')
    const text = `${clock(hours.open)}-${clock(hours.close)}${breaks === '' ? '' : ` (${language === 'id' ? 'istirahat' : 'break'} ${breaks})`}`
    const before = groups.at(-1)
    if (before?.hours === text) before.last = name[language]
    else groups.push({ hours: text, first: name[language], last: name[language] })
  }
  return groups.map(({ hours, first, last }) => `${first === last ? first : `${first}-${last}`} ${hours}`)
}

/** What a citizen asks first, answered from the data: who files, with what, when, how long, at what cost, where to complain. Label and lines. */
export function summaryOf(standard: ServiceStandard, language: keyof Text): readonly (readonly [string, readonly string[]])[] {
  const say = (text: Text): string => text[language]
  const title = (role: string): string => standard.roles.find((one) => one.role === role)?.title[language] ?? role
  const { filing, timeLimit, fee, complaints, serviceHours } = standard
  const signed = (by: readonly string[]): string => (by.length === 0 ? '' : ` (${say({ id: 'ditandatangani', en: 'signed by' })} ${by.map(title).join(say({ id: ' atau ', en: ' or ' }))})`)
  const reasonsOf = (codes: readonly string[] | undefined): string =>
    codes === undefined ? '' : `, ${say({ id: 'bila', en: 'for' })} ${codes.map((code) => { const known = findReason(code)?.title; return known === undefined ? code : say(known).toLowerCase() }).join(', ')}`
  const letterLines = standard.letters.map(({ kind, signedBy, reasons, demand, within }) =>
    `${say(letters[kind])}${signed(signedBy)}${reasonsOf(reasons)}${within === undefined ? '' : `, ${say({ id: 'boleh di dalam', en: 'may stand inside the' })} ${say(letters[within]).toLowerCase()}`}${demand === 'advised' ? `, ${say({ id: 'dianjurkan', en: 'advised' })}` : ''}`)
  return [
    [say({ id: 'Siapa mengajukan', en: 'Who files' }), [`${title(filing.role)}${filing.by === 'owner' ? say({ id: ', sendiri di AMS', en: ', in AMS' }) : say({ id: ', dengan surat', en: ', by letter' })}`]],
    [say({ id: 'Surat', en: 'Letters' }), letterLines],
    [say({ id: 'Jam layanan', en: 'Service hours' }), [
      ...hoursWords(serviceHours.weekly, language).map((line, at) => (at === 0 ? `${line} ${standard.zone}` : line)),
      ...(serviceHours.ramadan === undefined ? [] : hoursWords(serviceHours.ramadan, language).map((line) => `Ramadan: ${line}`)),
    ]],
    [say({ id: 'Waktu', en: 'Time' }), [`${say(limitWords(timeLimit))}, ${say(starts[timeLimit.start])} ${say(stops[timeLimit.stop])}`]],
    [say({ id: 'Biaya', en: 'Fee' }), [fee.amount === 0 ? say({ id: 'Gratis', en: 'Free' }) : `Rp${fee.amount}`]],
    [say({ id: 'Penangguhan', en: 'Suspension' }), [standard.suspensionOffered ? say({ id: 'Dilayani', en: 'Offered' }) : say({ id: 'Tidak dilayani', en: 'Not offered' })]],
    [say({ id: 'Pengaduan', en: 'Complaints' }), complaints.classes.map(({ title: name, limit }) =>
      `${say(name)}: ${limit === null ? say({ id: 'tanpa batas waktu', en: 'no time limit' }) : say(limitWords(limit))}`)],
  ]
}
