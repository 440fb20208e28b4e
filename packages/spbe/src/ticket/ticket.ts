import { statuses, type Status } from '@cabut/sdk'
import type { RequestView } from '@cabut/sdk/desk'
import { z } from '@hono/zod-openapi'
import type { Language } from '../problem/language.js'

/** The neutral form for portals that only keep tickets. No personal data: `requester` is an office or an opaque id. */
export interface Ticket {
  /** Register number once there is one, else the id of the request. */
  readonly code: string
  readonly service_id: string
  readonly requester: string
  readonly status: string
  readonly status_label: string
  /** What happened so far, oldest first. */
  readonly timeline: readonly TicketStep[]
  /** ISO 8601 UTC; `null` before the clock starts. */
  readonly due_at: string | null
}

/** One thing that happened. */
export interface TicketStep {
  /** ISO 8601 UTC. */
  readonly at: string
  readonly event: string
  readonly label: string
}

/** Schema of a ticket. */
export const ticketSchema: z.ZodType<Ticket> = z.object({
  code: z.string(), service_id: z.string(), requester: z.string(), status: z.string(), status_label: z.string(),
  timeline: z.array(z.object({ at: z.iso.datetime(), event: z.string(), label: z.string() })),
  due_at: z.iso.datetime().nullable(),
}).openapi('Ticket', { description: 'Neutral projection for portals that only keep tickets.' })

/** Words of a timeline. Events that say nothing to an applicant (writes, reads, evidence) have none and are left out. */
const words: Readonly<Record<string, { readonly id: string; readonly en: string }>> = {
  filed: { id: 'Permohonan dicatat', en: 'Request recorded' },
  submitted: { id: 'Permohonan diajukan', en: 'Request submitted' },
  received: { id: 'Permohonan diterima dan dibaca', en: 'Request received and read' },
  letterAttached: { id: 'Surat dilampirkan', en: 'Letter attached' },
  amended: { id: 'Permohonan diubah', en: 'Request changed' },
  disposed: { id: 'Didisposisikan', en: 'Disposed to an officer' },
  dispositionCancelled: { id: 'Disposisi dibatalkan', en: 'Disposition cancelled' },
  verified: { id: 'Diperiksa', en: 'Checked' },
  returned: { id: 'Dikembalikan untuk perbaikan', en: 'Returned for correction' },
  approved: { id: 'Disetujui', en: 'Approved' },
  rejected: { id: 'Ditolak', en: 'Rejected' },
  withdrawn: { id: 'Ditarik oleh pemohon', en: 'Withdrawn' },
  expedited: { id: 'Dipercepat', en: 'Expedited' },
  executionStarted: { id: 'Mulai dikerjakan di AMS', en: 'Being entered in AMS' },
  proven: { id: 'Terbukti', en: 'Proven' },
  contradicted: { id: 'Bukti bertentangan, perlu diperiksa', en: 'Evidence contradicts itself' },
  expired: { id: 'Sertifikat kedaluwarsa', en: 'Certificate expired' },
  informed: { id: 'Pemberitahuan dikirim', en: 'Informed' },
  answered: { id: 'Surat jawaban dikirim', en: 'Answered by letter' },
  closed: { id: 'Selesai', en: 'Closed' },
  reopened: { id: 'Dibuka kembali', en: 'Reopened' },
}

interface TimelineEvent { readonly type: string; readonly time: string; readonly data: object }

/** An answer of AMS matters to the applicant where it leads on: then the step is named by the status it led to. */
function step(event: TimelineEvent, before: string | undefined, language: Language): TicketStep | undefined {
  const { type, time } = event
  const word = words[type]
  if (word !== undefined) return { at: time, event: type, label: word[language] }
  const to = leadsTo(event)
  return type !== 'amsAnswered' || to === undefined || to === before ? undefined : { at: time, event: type, label: statuses[to][language] }
}

function leadsTo({ type, data }: TimelineEvent): Status | undefined {
  if (type === 'executionStarted') return 'executing'
  const to = (data as { to?: unknown }).to
  return typeof to === 'string' && Object.hasOwn(statuses, to) ? (to as Status) : undefined
}

/** Projects a request and its events onto a ticket. */
export function toTicket(view: RequestView, events: readonly TimelineEvent[], serviceId: string, language: Language): Ticket {
  const timeline: TicketStep[] = []
  let before: string | undefined
  for (const event of events) {
    const told = step(event, before, language)
    if (told !== undefined) timeline.push(told)
    before = leadsTo(event) ?? before
  }
  return {
    code: view.register ?? view.id, service_id: serviceId, requester: view.state.parties.opdOrigin, status: view.status, status_label: view.label[language],
    timeline, due_at: view.clock.deadline?.due ?? null,
  }
}
