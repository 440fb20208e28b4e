import type { ServiceStandard } from '../standard/service-standard.js'
import type { Actor } from '../workflow/role.js'
import { complaintStatuses, type Complaint, type ComplaintEvent } from './complaint.js'
import { escalationChain } from './decide-complaint.js'

/** A complaint as one person may see it. */
export interface ComplaintView {
  readonly number: string
  readonly status: Complaint['status']
  readonly label: { readonly id: string; readonly en: string }
  readonly channel: Complaint['channel']
  readonly class: string
  readonly text: string
  readonly filedAt: string
  readonly due?: string
  readonly answer?: string
  readonly reporter: Complaint['reporter'] | { readonly visibility: 'secret' | 'anonymous' }
  /** Only for those who may know that the request exists: its parties and the office. */
  readonly requestId?: string
  readonly events: readonly (Omit<ComplaintEvent, 'actor'> & { readonly actor?: { readonly role: Actor['role']; readonly id?: string } })[]
}

/**
 * What a viewer may see. The handler and those above see the reporter of a secret complaint; nobody sees an anonymous one. The person
 * complained about sees nothing at all. Third parties learn nothing of a holder's request: the reporter sees the link only when they are
 * a party to that request.
 *
 * @param viewer.parties ids of the persons who are parties to the linked request
 * @returns undefined where the viewer may not see the complaint
 * @example
 * ```ts
 * viewComplaint(complaint, purbalingga, { actor: wulan })?.label.en // 'Received'
 * viewComplaint(complaint, purbalingga, { actor: wulan })?.requestId // undefined
 * viewComplaint(complaint, purbalingga, { actor: wulan, parties: [wulan.id] })?.requestId // 'P-2026-0001'
 * viewComplaint({ ...complaint, about: [tegar.id] }, purbalingga, { actor: tegar }) // undefined
 * ```
 */
export function viewComplaint(
  complaint: Complaint,
  standard: ServiceStandard,
  viewer: { readonly actor: Actor; readonly parties?: readonly string[] },
): ComplaintView | undefined {
  const { actor, parties = [] } = viewer
  const reporter = complaint.reporter.id !== undefined && complaint.reporter.id === actor.id
  const chain = escalationChain(standard)
  const office = chain.includes(actor.role) || actor.role === 'system'
  if (complaint.about.includes(actor.id) || (!reporter && !office)) return undefined
  const trusted = reporter || complaint.handler?.id === actor.id || chain.indexOf(actor.role) >= chain.indexOf(standard.supervision.role)
  const { visibility } = complaint.reporter
  const sees = visibility === 'open' || (visibility === 'secret' && trusted)
  return {
    number: complaint.number,
    status: complaint.status,
    label: complaintStatuses[complaint.status],
    channel: complaint.channel,
    class: complaint.class,
    text: complaint.text,
    filedAt: complaint.filedAt,
    reporter: sees ? complaint.reporter : { visibility },
    ...(complaint.deadline === undefined ? {} : { due: complaint.deadline.due }),
    ...(complaint.answer === undefined ? {} : { answer: complaint.answer }),
    ...(complaint.requestId !== undefined && (office || parties.includes(actor.id)) ? { requestId: complaint.requestId } : {}),
    events: complaint.events.map(({ actor: by, ...event }) => {
      const hidden = by.id === complaint.reporter.id && !sees
      // Officers are named to the public by role only.
      return { ...event, actor: { role: by.role, ...(office && !hidden ? { id: by.id } : {}) } }
    }),
  }
}

/**
 * Draft of an answer, in Indonesian, for a person to finish. A reporter who is no party to the request is told what the office did, never a
 * holder's status or reason.
 *
 * @param request the linked request as the public knows it: its status in words
 * @example
 * ```ts
 * draftAnswer(complaint, undefined).split('\n')[1] // 'Pengaduan nomor ADU-2026-00001 telah kami terima dan tindak lanjuti.'
 * draftAnswer(complaint, { label: { id: 'Dicabut, terbukti' }, parties: [wulan.id] }).split('\n')[2] // 'Status permohonan Saudara saat ini: Dicabut, terbukti.'
 * draftAnswer(complaint, { label: { id: 'Dicabut, terbukti' }, parties: ['laras.kinanti'] }).includes('Dicabut, terbukti') // false
 * ```
 */
export function draftAnswer(
  complaint: Complaint,
  request: { readonly label: { readonly id: string }; readonly parties: readonly string[] } | undefined,
): string {
  const opening = `Yth. Pelapor,\nPengaduan nomor ${complaint.number} telah kami terima dan tindak lanjuti.`
  const party = complaint.reporter.id !== undefined && (request?.parties.includes(complaint.reporter.id) ?? false)
  const middle =
    request === undefined
      ? ''
      : party
        ? `\nStatus permohonan Saudara saat ini: ${request.label.id}.`
        : '\nKeterangan tentang sertifikat elektronik seseorang hanya kami berikan kepada para pihak permohonan itu.'
  return `${opening}${middle}\nBila jawaban ini belum memadai, pengaduan dapat dibuka kembali dan diteruskan kepada pejabat di atasnya.`
}
