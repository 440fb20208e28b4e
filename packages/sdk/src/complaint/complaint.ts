import type { Deadline } from '../calendar/index.js'
import type { ComplaintChannel } from '../standard/service-standard.js'
import type { Actor } from '../workflow/role.js'
import type { RoleName } from '../standard/vocabulary.js'

/**
 * Where a complaint stands, in words people read. Comments say whose turn it is.
 *
 * @example
 * ```ts
 * complaintStatuses.atBsre // { id: 'Diteruskan ke BSrE', en: 'Passed to BSrE' }
 * ```
 */
export const complaintStatuses = {
  /** The office's turn: nobody has taken it yet. */
  filed: { id: 'Diterima, belum ditangani', en: 'Received' },
  /** The handler's turn. */
  handled: { id: 'Sedang ditangani', en: 'Being handled' },
  /** BSrE's turn; the handler asks after it. */
  atBsre: { id: 'Diteruskan ke BSrE', en: 'Passed to BSrE' },
  /** The turn of the next in the chain. */
  escalated: { id: 'Diteruskan ke pejabat di atasnya', en: 'Passed to the superior' },
  /** The complainant's turn: satisfied, or again. */
  answered: { id: 'Sudah dijawab', en: 'Answered' },
  /** Over. */
  closed: { id: 'Selesai', en: 'Closed' },
  /** Over: not a complaint about this service. */
  refused: { id: 'Tidak dapat ditindaklanjuti', en: 'Refused with reasons' },
} as const
/** Status of a complaint. */
export type ComplaintStatus = keyof typeof complaintStatuses

/** Who complains. `anonymous`: not known to us either. `secret`: known to the handler and the superior only. */
export interface Reporter {
  readonly id?: string
  readonly visibility: 'open' | 'secret' | 'anonymous'
  /** Way to answer; personal data, absent for anonymous reporters. */
  readonly contact?: { readonly channel: 'email' | 'phone' | 'letter' | 'srikandi'; readonly to: string }
}

/** One act on a complaint. Texts are guarded before they are kept. */
export interface ComplaintEvent {
  readonly type:
    | 'filed'
    | 'taken'
    | 'classified'
    | 'passedToBsre'
    | 'bsreAnswered'
    | 'escalated'
    | 'answered'
    | 'closed'
    | 'reopened'
    | 'refused'
    | 'linked'
    | 'laporStarted'
    | 'laporEnded'
    | 'sentToLapor'
  /** ISO 8601 UTC. */
  readonly time: string
  readonly actor: Actor
  readonly note?: string
  readonly data?: Readonly<Record<string, string>>
}

/** A complaint as its events left it; plain JSON. */
export interface Complaint {
  readonly id: string
  /** Number people quote. */
  readonly number: string
  readonly version: number
  readonly standard: { readonly id: string; readonly version: string }
  readonly channel: ComplaintChannel['kind']
  /** Class of the standard's component 6. */
  readonly class: string
  readonly text: string
  readonly status: ComplaintStatus
  readonly reporter: Reporter
  /** Persons complained about, by id: none of them handles it. */
  readonly about: readonly string[]
  /** The request it concerns. */
  readonly requestId?: string
  readonly handler?: { readonly id: string; readonly role: RoleName }
  /** Where in the chain it lies: index into the roles of {@link escalationChain}. */
  readonly level: number
  readonly deadline?: Deadline
  readonly filedAt: string
  readonly answeredAt?: string
  readonly answer?: string
  /** SP4N-LAPOR's tracking number, once it was sent or came from there. */
  readonly laporTicket?: string
  /** It is being sent to SP4N-LAPOR, or nobody knows whether it arrived: it is not sent again until somebody has looked there. */
  readonly laporPending?: 'sending' | 'unknown'
  readonly events: readonly ComplaintEvent[]
}

/** What a complainant hands in. */
export interface ComplaintInput {
  readonly channel: ComplaintChannel['kind']
  readonly class: string
  readonly text: string
  readonly reporter: Reporter
  readonly about?: readonly string[]
  readonly requestId?: string
  readonly laporTicket?: string
}
