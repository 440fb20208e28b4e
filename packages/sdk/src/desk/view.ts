import { protectPersonal, type Issue } from '../request/index.js'
import { statuses, allowedNow, blockedBy, serviceClock, type CaseState } from '../workflow/index.js'
import type { StoredEvent } from '../store/index.js'
import type { RequestView } from './desk.js'
import type { Office } from './office.js'

/** A request as it is handed out. Personal values are read by name; logs and JSON show that they are withheld. */
export function viewOf(office: Office, state: CaseState, warnings: readonly Issue[] = []): RequestView {
  const { rules, standard, calendar } = office
  const blocked = blockedBy(rules, state)
  const { id, en } = statuses[state.status]
  return {
    id: state.id, status: state.status, label: { id, en }, version: state.version, state: { ...state, personal: withheldIn(state.personal) }, allowed: allowedNow(rules, state), warnings,
    clock: serviceClock(standard, calendar, state.passage, state.expedited, office.now()),
    ...(state.statusReason === undefined ? {} : { statusReason: state.statusReason }),
    ...(state.register === undefined ? {} : { register: state.register }),
    ...(blocked === undefined ? {} : { blocked }),
    ...(state.proof === undefined ? {} : { proof: state.proof }),
  }
}

/** An event as it is handed out: as stored, its personal values withheld from logs and JSON. */
export function shown(event: StoredEvent): StoredEvent {
  return event.personal === undefined ? event : { ...event, personal: withheldIn(event.personal) }
}

/**
 * The reasons of a return or rejection, else the remark of whoever acted; empty where nothing was said or it has been erased.
 *
 * @example
 * ```ts
 * const { desk, id } = await openRequest()
 * await desk.dispose(id, { as: staff.head, to: staff.verifier })
 * await desk.return(id, { as: staff.verifier, reasons: ['Surat belum ditandatangani'] })
 * const events = await desk.history(id)
 * events.map((event) => wordsOf(event).join('; ')).filter((words) => words !== '') // ['Surat belum ditandatangani']
 * ```
 */
export function wordsOf(event: StoredEvent): readonly string[] {
  const { decisionReasons, remark } = event.personal ?? {}
  const said = decisionReasons?.value ?? remark?.value
  return typeof said === 'string' && said !== '' ? said.split('\n') : []
}

function withheldIn<T extends Readonly<Record<string, unknown>>>(personal: T): T {
  return protectPersonal({ ...personal }, Object.keys(personal))
}
