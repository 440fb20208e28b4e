import { createWorkingCalendar, type HolidayCalendar, type WorkingCalendar } from '../calendar/index.js'
import { CabutError } from '../errors.js'
import { loadStandard } from '../standard/load.js'
import type { ServiceStandard } from '../standard/service-standard.js'
import { systemActor, type Actor } from '../workflow/role.js'
import type { Complaint, ComplaintInput } from './complaint.js'
import type { ComplaintStore } from './complaint-store.js'
import { decideComplaint, escalationDue, fileComplaint, isOverdue, type ComplaintCommand, type ComplaintRefusal } from './decide-complaint.js'
import type { RemovedData } from './guard-text.js'
import { toLapor, type LaporOutcome, type LaporPort } from './lapor.js'
import { draftAnswer, viewComplaint, type ComplaintView } from './view-complaint.js'

/**
 * A refused act on a complaint (code `complaintRefused`): why, and the roles that could do it, from where the complaint lies upwards.
 *
 * @example
 * ```ts
 * const error = new ComplaintRefusedError('wrongRole', ['supervisor', 'head'])
 * error.code // 'complaintRefused'
 * error.toJSON().reason // 'wrongRole'
 * ```
 */
export class ComplaintRefusedError extends CabutError {
  override readonly name: string = 'ComplaintRefusedError'
  readonly reason: ComplaintRefusal
  readonly roles: readonly string[]

  constructor(reason: ComplaintRefusal, roles: readonly string[]) {
    super('complaintRefused', { detail: reason })
    this.reason = reason
    this.roles = roles
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), reason: this.reason, roles: this.roles }
  }
}

/** What a complaint desk is made of. */
export interface ComplaintDeskOptions {
  readonly standard: string | ServiceStandard
  readonly store: ComplaintStore
  /** ISO 8601 UTC. */
  readonly now: () => string
  readonly ids: () => string
  /** @default nationalCalendar */
  readonly holidays?: HolidayCalendar
  readonly lapor?: LaporPort
  /** Opens a request again (`desk.reopen`); called by {@link ComplaintDesk.reopenRequest}. */
  readonly reopenRequest?: (requestId: string, complaint: string, as: Actor) => Promise<unknown>
  /** What a linked request's parties may be told: its status in words, and who its parties are. */
  readonly describeRequest?: (
    requestId: string,
  ) => Promise<{ readonly label: { readonly id: string; readonly en: string }; readonly parties: readonly string[] } | undefined>
}

/** What a command did, and what the guard took out of its text. */
export interface ComplaintResult {
  readonly complaint: Complaint
  readonly removed: readonly RemovedData[]
}

/** The complaint service of component 6. */
export interface ComplaintDesk {
  readonly standard: ServiceStandard
  /** @throws CabutError `complaintInvalid` */
  file(input: ComplaintInput, by: { readonly as: Actor }): Promise<ComplaintResult>
  /** @throws ComplaintRefusedError; CabutError `complaintNotFound`, `complaintConflict` */
  perform(id: string, command: ComplaintCommand, by: { readonly as: Actor; readonly ifVersion?: number }): Promise<ComplaintResult>
  /** As this person may see it. @throws CabutError `complaintNotFound`, also where they may not */
  get(id: string, reader: { readonly as: Actor }): Promise<ComplaintView>
  /** All this person may see, oldest first. */
  list(reader: { readonly as: Actor }): Promise<readonly ComplaintView[]>
  /** Whole complaints, for reports. */
  all(): Promise<readonly Complaint[]>
  /** Passes what is overdue to the next in the chain, and again when it lies there for another limit of its class; says how many. */
  escalateOverdue(): Promise<number>
  /** A text to answer with, that tells third parties nothing. */
  draft(id: string): Promise<string>
  /**
   * Sends it to SP4N-LAPOR, or says what a person does there. Sent once: not while another sends it, and not again while nobody knows whether it
   * arrived; then somebody looks there and gives `recordLapor` or `endLapor`.
   *
   * @throws ComplaintRefusedError `alreadyAtLapor`, `laporPending`, and what keeps this person from acting on it
   */
  sendToLapor(
    id: string,
    by: { readonly as: Actor; readonly institutionId: string },
  ): Promise<LaporOutcome & { readonly removed: readonly RemovedData[] }>
  /** Opens the linked request again. */
  reopenRequest(id: string, by: { readonly as: Actor }): Promise<void>
}

/**
 * Makes the complaint desk of a standard (component 6): its channels, classes and flow, deadlines on the service's own clock.
 *
 * @throws CabutError `standardUnknown` for the id of a standard that does not ship
 * @example
 * ```ts
 * const complaints = createComplaintDesk({ standard: 'kabupaten-purbalingga', store: createMemoryComplaintStore(), now: () => '2026-11-20T03:00:00.000Z', ids: () => 'c-1' })
 * const input = { channel: 'phone', class: 'ringan', text: 'NIK saya 3303014101900001', reporter: { id: wulan.id, visibility: 'open' } } as const
 * const filed = await complaints.file(input, { as: wulan })
 * filed.complaint.number // 'ADU-2026-00001'
 * filed.complaint.text // 'NIK saya [nomor identitas dihapus]'
 * complaints.perform('c-1', { type: 'take' }, { as: wulan }) // throws complaintRefused
 * ```
 */
export function createComplaintDesk(options: ComplaintDeskOptions): ComplaintDesk {
  const standard = typeof options.standard === 'string' ? loadStandard(options.standard) : options.standard
  const calendar: WorkingCalendar = createWorkingCalendar({
    zone: standard.zone,
    hours: standard.serviceHours,
    ...(options.holidays === undefined ? {} : { holidays: options.holidays }),
  })
  const { store, now, ids } = options
  const office = { standard, calendar }

  async function load(id: string): Promise<Complaint> {
    const complaint = await store.load(id)
    if (complaint === undefined) throw new CabutError('complaintNotFound')
    return complaint
  }

  async function save(complaint: Complaint, before: number): Promise<Complaint> {
    if (!(await store.save(complaint, before))) throw new CabutError('complaintConflict')
    return complaint
  }

  async function perform(
    id: string,
    command: ComplaintCommand,
    { as, ifVersion }: { readonly as: Actor; readonly ifVersion?: number },
  ): Promise<ComplaintResult> {
    const complaint = await load(id)
    if (ifVersion !== undefined && ifVersion !== complaint.version) throw new CabutError('complaintConflict')
    const decision = decideComplaint(complaint, command, as, office, now())
    if (decision.outcome === 'refused') throw new ComplaintRefusedError(decision.reason, decision.roles)
    return { complaint: await save(decision.complaint, complaint.version), removed: decision.removed }
  }

  /** The outcome of a sending must not be lost because somebody else changed the complaint meanwhile. */
  async function settleLapor(id: string, command: ComplaintCommand): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await perform(id, command, { as: systemActor })
        return
      } catch (error) {
        if (tries >= 10 || !(error instanceof CabutError) || error.code !== 'complaintConflict') throw error
      }
    }
  }

  async function view(complaint: Complaint, actor: Actor): Promise<ComplaintView | undefined> {
    const request = complaint.requestId === undefined ? undefined : await options.describeRequest?.(complaint.requestId)
    return viewComplaint(complaint, standard, { actor, ...(request === undefined ? {} : { parties: request.parties }) })
  }

  return {
    standard,
    perform,
    async file(input, { as }) {
      const at = now()
      // A number people can read over the telephone: year and running number.
      const number = `ADU-${at.slice(0, 4)}-${String(await store.nextNumber(at.slice(0, 4))).padStart(5, '0')}`
      const { complaint, removed } = fileComplaint(input, as, office, { id: ids(), number, now: at })
      return { complaint: await save(complaint, 0), removed }
    },
    async get(id, { as }) {
      const seen = await view(await load(id), as)
      if (seen === undefined) throw new CabutError('complaintNotFound')
      return seen
    },
    async list({ as }) {
      const views = await Promise.all((await store.list()).map((complaint) => view(complaint, as)))
      return views.filter((seen) => seen !== undefined)
    },
    all: () => store.list(),
    async escalateOverdue() {
      let count = 0
      for (const complaint of await store.list()) {
        const due = isOverdue(complaint, now()) ? escalationDue(complaint, office) : undefined
        if (due === undefined || now() <= due) continue
        const decision = decideComplaint(complaint, { type: 'escalate', note: 'Batas waktu terlampaui' }, systemActor, office, now())
        if (decision.outcome === 'done' && (await store.save(decision.complaint, complaint.version))) count += 1
      }
      return count
    },
    async draft(id) {
      const complaint = await load(id)
      return draftAnswer(complaint, complaint.requestId === undefined ? undefined : await options.describeRequest?.(complaint.requestId))
    },
    async sendToLapor(id, { as, institutionId }) {
      if (options.lapor === undefined) throw new TypeError('this complaint desk was made without a LAPOR port')
      // Noted before it is sent: two officers, or one who tries again after a crash, must not send it twice.
      const { complaint } = await perform(id, { type: 'startLapor' }, { as })
      const { lapor, removed } = toLapor(complaint, institutionId)
      const outcome = await options.lapor.send(lapor, as).catch(async (error: unknown) => {
        await settleLapor(id, { type: 'endLapor', outcome: 'unknown' })
        throw error
      })
      await settleLapor(id, outcome.outcome === 'accepted' ? { type: 'recordLapor', ticket: outcome.ticket } : { type: 'endLapor', outcome: outcome.outcome === 'unknown' ? 'unknown' : 'notSent' })
      return { ...outcome, removed }
    },
    async reopenRequest(id, { as }) {
      const { requestId, number, about } = await load(id)
      if (requestId === undefined) throw new CabutError('complaintInvalid', { at: 'requestId' })
      if (about.includes(as.id)) throw new ComplaintRefusedError('complaintAboutSelf', [])
      if (options.reopenRequest === undefined) throw new TypeError('this complaint desk was made without reopenRequest')
      await options.reopenRequest(requestId, number, as)
    },
  }
}
