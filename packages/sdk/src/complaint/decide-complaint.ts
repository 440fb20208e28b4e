import { deadlineFor, type WorkingCalendar } from '../calendar/index.js'
import { CabutError } from '../errors.js'
import type { ServiceStandard } from '../standard/service-standard.js'
import type { RoleName } from '../standard/vocabulary.js'
import type { Actor } from '../workflow/role.js'
import type { Complaint, ComplaintEvent, ComplaintInput, ComplaintStatus } from './complaint.js'
import { guardText, type RemovedData } from './guard-text.js'

/** What may be done to a complaint. Texts pass the guard before they are kept. */
export type ComplaintCommand =
  | { readonly type: 'take' }
  | { readonly type: 'classify'; readonly class: string; readonly note?: string }
  | { readonly type: 'passToBsre'; readonly note?: string }
  | { readonly type: 'recordBsreAnswer'; readonly text: string }
  | { readonly type: 'escalate'; readonly note?: string }
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'close' }
  | { readonly type: 'reopen'; readonly text: string }
  | { readonly type: 'refuse'; readonly text: string }
  | { readonly type: 'link'; readonly requestId: string }
  /** Whoever appends this may send it to SP4N-LAPOR, nobody else. */
  | { readonly type: 'startLapor' }
  /** It did not arrive there (`notSent`, also what a person found by looking), or nobody knows. */
  | { readonly type: 'endLapor'; readonly outcome: 'notSent' | 'unknown' }
  | { readonly type: 'recordLapor'; readonly ticket: string }

/** Why a command was refused. */
export type ComplaintRefusal =
  | 'notInThisState'
  | 'wrongRole'
  | 'complaintAboutSelf'
  | 'notTheHandler'
  | 'notTheReporter'
  | 'endOfChain'
  | 'unknownClass'
  | 'alreadyAtLapor'
  | 'laporPending'
  | 'nothingPending'
  | 'inThePast'

/** A refusal names what would be allowed. */
export type ComplaintDecision =
  | { readonly outcome: 'done'; readonly complaint: Complaint; readonly removed: readonly RemovedData[] }
  | { readonly outcome: 'refused'; readonly reason: ComplaintRefusal; readonly roles: readonly RoleName[] }

/** What deciding needs: the standard with its chain and classes, and the office's clock. */
export interface ComplaintOffice {
  readonly standard: ServiceStandard
  readonly calendar: WorkingCalendar
}

/**
 * Who handles complaints, in order: the stations of component 6, then the supervisor of component 10, then the head of the office.
 *
 * @example
 * ```ts
 * escalationChain(purbalingga) // ['verifier', 'supervisor', 'head']
 * escalationChain(pekalongan) // ['verifier', 'complaintOfficer', 'supervisor', 'head']
 * ```
 */
export function escalationChain({ complaints, supervision }: ServiceStandard): readonly RoleName[] {
  const stations = complaints.flow
    .filter(({ role, act }) => act !== 'submit' && act !== 'receiveAnswer' && role !== 'bsre')
    .map(({ role }) => role)
  return [...new Set<RoleName>([...stations, supervision.role, 'head'])]
}

const from: Readonly<Record<ComplaintCommand['type'], readonly ComplaintStatus[]>> = {
  take: ['filed', 'escalated'],
  classify: ['filed', 'handled', 'escalated'],
  passToBsre: ['handled'],
  recordBsreAnswer: ['atBsre'],
  escalate: ['filed', 'handled', 'atBsre', 'escalated'],
  answer: ['handled'],
  close: ['answered'],
  reopen: ['answered', 'closed'],
  refuse: ['handled'],
  link: ['filed', 'handled', 'atBsre', 'escalated'],
  startLapor: ['filed', 'handled', 'atBsre', 'escalated'],
  endLapor: ['filed', 'handled', 'atBsre', 'escalated', 'answered', 'closed', 'refused'],
  recordLapor: ['filed', 'handled', 'atBsre', 'escalated', 'answered', 'closed', 'refused'],
}

/**
 * Records a complaint. Its deadline runs from now on the clock of its class. The text passes {@link guardText}; an anonymous reporter leaves
 * neither id nor contact.
 *
 * @param fresh.now ISO 8601 UTC
 * @throws CabutError `complaintInvalid` for a class or channel the standard does not have, or an empty text
 * @example
 * ```ts
 * const fresh = { id: 'c-1', number: 'ADU-2026-00001', now: '2026-11-20T03:00:00.000Z' }
 * const input = { channel: 'phone', class: 'ringan', text: 'Sertifikat saya belum dicabut', reporter: { visibility: 'anonymous' } } as const
 * // Friday 10.00 WIB, 180 working minutes, a break from 11.30 to 13.00.
 * fileComplaint(input, wulan, complaintOffice, fresh).complaint.deadline?.due // '2026-11-20T07:30:00.000Z'
 * fileComplaint(input, wulan, complaintOffice, fresh).complaint.reporter // { visibility: 'anonymous' }
 * fileComplaint({ ...input, class: 'gawat' }, wulan, complaintOffice, fresh) // throws complaintInvalid
 * ```
 */
export function fileComplaint(
  input: ComplaintInput,
  by: Actor,
  { standard, calendar }: ComplaintOffice,
  fresh: { readonly id: string; readonly number: string; readonly now: string },
): { readonly complaint: Complaint; readonly removed: readonly RemovedData[] } {
  if (!standard.complaints.channels.some(({ kind }) => kind === input.channel)) throw new CabutError('complaintInvalid', { at: 'channel' })
  if (input.text.trim() === '') throw new CabutError('complaintInvalid', { at: 'text' })
  const { text, removed } = guardText(input.text)
  const deadline = deadlineOf(standard, calendar, input.class, fresh.now)
  if (deadline === undefined) throw new CabutError('complaintInvalid', { at: 'class' })
  const anonymous = input.reporter.visibility === 'anonymous'
  return {
    removed,
    complaint: {
      id: fresh.id,
      number: fresh.number,
      version: 1,
      standard: { id: standard.id, version: standard.version },
      channel: input.channel,
      class: input.class,
      text,
      status: 'filed',
      reporter: anonymous ? { visibility: 'anonymous' } : input.reporter,
      about: input.about ?? [],
      level: 0,
      filedAt: fresh.now,
      ...(input.requestId === undefined ? {} : { requestId: input.requestId }),
      ...(deadline === null ? {} : { deadline }),
      ...(input.laporTicket === undefined ? {} : { laporTicket: input.laporTicket }),
      // An anonymous reporter leaves no id in the history either.
      events: [
        { type: 'filed', time: fresh.now, actor: anonymous ? { id: 'anonim', role: 'applicant' } : by, data: { class: input.class } },
      ],
    },
  }
}

/**
 * Decides one command on a complaint. Pure: time and person come in. What is refused changes nothing.
 *
 * @param now ISO 8601 UTC; before the last event it is refused with `inThePast`
 * @example
 * ```ts
 * const taken = decideComplaint(complaint, { type: 'take' }, tegar, complaintOffice, '2026-11-20T03:10:00.000Z')
 * taken.outcome === 'done' && taken.complaint.status // 'handled'
 * // Nobody handles a complaint about themselves.
 * const own = decideComplaint({ ...complaint, about: [tegar.id] }, { type: 'take' }, tegar, complaintOffice, '2026-11-20T03:10:00.000Z')
 * own.outcome === 'refused' && own.reason // 'complaintAboutSelf'
 * own.outcome === 'refused' && own.roles // ['verifier', 'supervisor', 'head']
 * ```
 */
export function decideComplaint(
  complaint: Complaint,
  command: ComplaintCommand,
  by: Actor,
  office: ComplaintOffice,
  now: string,
): ComplaintDecision {
  const chain = escalationChain(office.standard)
  const refuse = (reason: ComplaintRefusal): ComplaintDecision => ({ outcome: 'refused', reason, roles: chain.slice(complaint.level) })
  if (!from[command.type].includes(complaint.status)) return refuse('notInThisState')
  if (now < (complaint.events.at(-1)?.time ?? '')) return refuse('inThePast')
  const done: Done = (change, event, { removed = [], drop = [] } = {}) => {
    const kept: Complaint = { ...complaint }
    for (const field of drop) Reflect.deleteProperty(kept, field)
    return {
      outcome: 'done',
      removed,
      complaint: { ...kept, ...change, version: complaint.version + 1, events: [...complaint.events, { ...event, time: now, actor: by }] },
    }
  }
  if (command.type === 'reopen' || command.type === 'close') {
    const reporter = complaint.reporter.id !== undefined && complaint.reporter.id === by.id
    if (!reporter && command.type === 'reopen') return refuse('notTheReporter')
    if (!reporter && !chain.includes(by.role) && by.role !== 'system') return refuse('wrongRole')
    if (command.type === 'close') return done({ status: 'closed' }, { type: 'closed' })
    const { text, removed } = guardText(command.text)
    // Not satisfied: one step higher than whoever answered.
    return done(
      { status: 'escalated', level: Math.min(complaint.level + 1, chain.length - 1) },
      { type: 'reopened', note: text },
      { removed, drop: ['handler'] },
    )
  }
  // What became of a sending is recorded by the desk, whoever has the complaint by then.
  if (by.role === 'system' && (command.type === 'endLapor' || command.type === 'recordLapor')) return laporCommand(complaint, command, done, refuse)
  if (complaint.about.includes(by.id)) return refuse('complaintAboutSelf')
  if (command.type === 'escalate' && by.role === 'system') return escalate(complaint, command.note, chain, done, refuse)
  if (!chain.slice(command.type === 'take' ? complaint.level : 0).includes(by.role)) return refuse('wrongRole')
  if (command.type === 'take')
    return done(
      { status: 'handled', handler: { id: by.id, role: by.role }, level: Math.max(complaint.level, chain.indexOf(by.role)) },
      { type: 'taken' },
    )
  if (complaint.handler !== undefined && complaint.handler.id !== by.id && chain.indexOf(by.role) <= chain.indexOf(complaint.handler.role))
    return refuse('notTheHandler')
  switch (command.type) {
    case 'classify': {
      const deadline = deadlineOf(office.standard, office.calendar, command.class, complaint.filedAt)
      if (deadline === undefined) return refuse('unknownClass')
      const change = { class: command.class, ...(deadline === null ? {} : { deadline }) }
      return done(change, { type: 'classified', data: { class: command.class }, ...noted(command.note) }, { drop: ['deadline'] })
    }
    case 'passToBsre':
      return done({ status: 'atBsre' }, { type: 'passedToBsre', ...noted(command.note) })
    case 'recordBsreAnswer': {
      const { text, removed } = guardText(command.text)
      return done({ status: 'handled' }, { type: 'bsreAnswered', note: text }, { removed })
    }
    case 'escalate':
      return escalate(complaint, command.note, chain, done, refuse)
    case 'answer': {
      const { text, removed } = guardText(command.text)
      return done({ status: 'answered', answer: text, answeredAt: now }, { type: 'answered', note: text }, { removed })
    }
    case 'refuse': {
      const { text, removed } = guardText(command.text)
      return done({ status: 'refused', answer: text, answeredAt: now }, { type: 'refused', note: text }, { removed })
    }
    case 'link':
      return done({ requestId: command.requestId }, { type: 'linked', data: { requestId: command.requestId } })
    case 'startLapor':
    case 'endLapor':
    case 'recordLapor':
      return laporCommand(complaint, command, done, refuse)
  }
}

function laporCommand(
  complaint: Complaint,
  command: Extract<ComplaintCommand, { readonly type: 'startLapor' | 'endLapor' | 'recordLapor' }>,
  done: Done,
  refuse: (reason: ComplaintRefusal) => ComplaintDecision,
): ComplaintDecision {
  switch (command.type) {
    case 'startLapor':
      if (complaint.laporTicket !== undefined) return refuse('alreadyAtLapor')
      return complaint.laporPending === undefined ? done({ laporPending: 'sending' }, { type: 'laporStarted' }) : refuse('laporPending')
    case 'endLapor': {
      if (complaint.laporPending === undefined) return refuse('nothingPending')
      const event = { type: 'laporEnded', data: { outcome: command.outcome } } as const
      return command.outcome === 'unknown' ? done({ laporPending: 'unknown' }, event) : done({}, event, { drop: ['laporPending'] })
    }
    case 'recordLapor':
      if (complaint.laporTicket !== undefined && complaint.laporTicket !== command.ticket) return refuse('alreadyAtLapor')
      return done({ laporTicket: command.ticket }, { type: 'sentToLapor', data: { ticket: command.ticket } }, { drop: ['laporPending'] })
  }
}

type Done = (
  change: Partial<Complaint>,
  event: Omit<ComplaintEvent, 'time' | 'actor'>,
  more?: { readonly removed?: readonly RemovedData[]; readonly drop?: readonly ('handler' | 'deadline' | 'laporPending')[] },
) => ComplaintDecision

function escalate(
  complaint: Complaint,
  note: string | undefined,
  chain: readonly RoleName[],
  done: Done,
  refuse: (reason: ComplaintRefusal) => ComplaintDecision,
): ComplaintDecision {
  if (complaint.level >= chain.length - 1) return refuse('endOfChain')
  return done(
    { status: 'escalated', level: complaint.level + 1 },
    { type: 'escalated', data: { to: chain[complaint.level + 1] as string }, ...noted(note) },
    { drop: ['handler'] },
  )
}

function noted(note: string | undefined): { readonly note?: string } {
  return note === undefined ? {} : { note: guardText(note).text }
}

/** Deadline of a class from an instant; `null` where the class has no limit, `undefined` for an unknown class. */
function deadlineOf(
  { complaints }: ServiceStandard,
  calendar: WorkingCalendar,
  id: string,
  start: string,
): ReturnType<typeof deadlineFor> | null | undefined {
  const found = complaints.classes.find((one) => one.id === id)
  if (found === undefined) return undefined
  return found.limit === null ? null : deadlineFor(found.limit, new Date(start), calendar)
}

/**
 * Until when a complaint may lie where it lies, ISO 8601 UTC: its own deadline first, then one more limit of its class for every station it was
 * passed to for being late. The deadline promised to the complainant never moves. `undefined`: no limit, or nobody above.
 *
 * @example
 * ```ts
 * escalationDue(complaint, complaintOffice) // '2026-11-20T07:30:00.000Z'
 * const passed = decideComplaint(complaint, { type: 'escalate' }, systemActor, complaintOffice, '2026-11-20T08:00:00.000Z')
 * // Another 180 working minutes from 15.00 WIB: 90 on Friday, 90 on Monday.
 * passed.outcome === 'done' && escalationDue(passed.complaint, complaintOffice) // '2026-11-23T02:00:00.000Z'
 * ```
 */
export function escalationDue(complaint: Complaint, { standard, calendar }: ComplaintOffice): string | undefined {
  if (complaint.deadline === undefined || complaint.level >= escalationChain(standard).length - 1) return undefined
  const passed = complaint.events.filter(({ type }) => type === 'escalated' || type === 'reopened').at(-1)
  if (passed === undefined || passed.time <= complaint.deadline.due) return complaint.deadline.due
  return deadlineOf(standard, calendar, complaint.class, passed.time)?.due
}

/**
 * Whether a complaint is open and later than promised.
 *
 * @param now ISO 8601 UTC
 * @example
 * ```ts
 * isOverdue(complaint, '2026-11-20T07:30:00.000Z') // false
 * isOverdue(complaint, '2026-11-20T07:30:01.000Z') // true
 * isOverdue({ ...complaint, status: 'answered' }, '2026-11-23T03:00:00.000Z') // false
 * ```
 */
export function isOverdue(complaint: Complaint, now: string): boolean {
  const open =
    complaint.status === 'filed' || complaint.status === 'handled' || complaint.status === 'atBsre' || complaint.status === 'escalated'
  return open && complaint.deadline !== undefined && now > complaint.deadline.due
}
