import { canonicalJson, type Json } from '@cabut/sdk/history'
import type { StoredEvent } from '@cabut/sdk/store'
import { evolve, type CaseState, type WorkflowEvent } from '@cabut/sdk/workflow'
import { openBeside, openValue } from '../privacy/private-store.js'
import { sealedUnder } from '../privacy/vault.js'
import { joinEvent } from '../store/split.js'
import { findChainFault } from './chain.js'
import type { AuditFinding } from './finding.js'

/** A case as it lies in the database; JSON as text, so that whoever checks it also reads it. */
export interface CaseText {
  readonly id: string
  readonly opd: string
  readonly version: number
  readonly head: string
  readonly registered: number
  readonly status: string
  readonly issuerDn: string | null
  readonly serial: string | null
  readonly state: string
  readonly personal: string | null
  /** JSON array of `[seq, digest, opd, body, personal]`, ascending; `null` without events. */
  readonly events: string | null
}

export interface CaseCheck {
  readonly finding: AuditFinding | undefined
  readonly events: number
  readonly erased: number
  /** Values under a key that was not given: neither right nor wrong. */
  readonly sealed: number
  /** Digests of bytes its state names. */
  readonly digests: readonly string[]
}

/** Opened keys of subjects by id; `undefined`: none were given. */
export type AuditKeys = ReadonlyMap<string, Uint8Array | 'destroyed'> | undefined

type EventCells = readonly [seq: number, digest: string, opd: string, body: unknown, personal: unknown]

/** Recomputes one case from its own row: chain, columns, end, projection. Pure, so that any thread may do it. */
export function checkCase(row: CaseText, keys: AuditKeys): CaseCheck {
  const stored = row.events === null ? [] : JSON.parse(row.events) as readonly EventCells[]
  const state = JSON.parse(row.state) as CaseState
  const counts = { events: stored.length, erased: 0, sealed: 0, digests: digestsOf(state) }
  const wrong = (code: AuditFinding['code'], detail: string, seq?: number): CaseCheck =>
    ({ ...counts, finding: { code, caseId: row.id, detail, ...(seq === undefined ? {} : { seq }) } })
  const events: StoredEvent[] = []
  for (const [seq, , , body, personal] of stored) {
    const event = joinEvent(body, personal)
    try {
      events.push(openEvent(event, keys, counts))
    } catch (error) {
      return wrong('eventBroken', `personal ${fieldOf(error)}`, seq)
    }
  }
  const fault = findChainFault(row.id, events)
  if (fault !== undefined) return wrong('eventBroken', fault.field === undefined ? fault.fault : `${fault.fault} ${fault.field}`, fault.seq)
  for (const [index, [seq, digest, opd]] of stored.entries()) {
    if (seq !== index + 1 || digest !== events[index]?.digest || opd !== row.opd) return wrong('columnDiffers', 'seq, digest or opd of an event', index + 1)
  }
  const last = events.at(-1)
  if (last === undefined || last.seq !== row.version || last.digest !== row.head) return wrong('headDiffers', `the chain ends at ${last?.seq ?? 0}, the case says ${row.version}`)
  let lacking = 0
  for (const event of events) lacking += Object.keys(event.commitments).length - Object.keys(event.personal ?? {}).length
  counts.erased = lacking - counts.sealed
  const difference = projectionDifference(row, state, events, lacking > 0, keys)
  return difference === undefined ? { ...counts, finding: undefined } : wrong('projectionDiffers', difference)
}

/** The event with its values in clear; those whose key is destroyed are left out, those whose key was not given as well, and counted. */
function openEvent(event: StoredEvent, keys: AuditKeys, counts: { sealed: number }): StoredEvent {
  const { personal, ...rest } = event
  if (personal === undefined || !Object.values(personal).some(({ salt }) => salt === '')) return event
  const opened: Record<string, NonNullable<StoredEvent['personal']>[string]> = {}
  for (const [field, beside] of Object.entries(personal)) {
    const id = beside.salt === '' ? sealedUnder(beside.value) : undefined
    if (beside.salt === '' && id === undefined) throw new UnreadableValue(field)
    if (id !== undefined && keys === undefined) counts.sealed += 1
    else if (id !== undefined && keys?.has(id) !== true) throw new UnreadableValue(field)
    else {
      let one
      try {
        one = openBeside(keys ?? none, event, field, beside)
      } catch {
        throw new UnreadableValue(field)
      }
      if (one !== undefined) opened[field] = one
    }
  }
  return Object.keys(opened).length === 0 ? rest : { ...rest, personal: opened }
}

const none: ReadonlyMap<string, Uint8Array | 'destroyed'> = new Map()

/** A sealed value that does not open: changed, moved, or under a key nobody ever destroyed and nobody has. */
class UnreadableValue extends Error {
  readonly field: string
  constructor(field: string) {
    super('unreadable value')
    this.field = field
  }
}

function fieldOf(error: unknown): string {
  return error instanceof UnreadableValue ? error.field : 'value'
}

function projectionDifference(row: CaseText, stored: CaseState, events: readonly StoredEvent[], lacking: boolean, keys: AuditKeys): string | undefined {
  const state = stateAfter(row.id, events)
  if (state === undefined) return 'the events lead to no state'
  const { personal, ...rest } = state
  // A projection has no `undefined`: what is left out here is left out there.
  if (plain(rest) !== plain(stored)) return 'state'
  // Personal values may have been erased beside the chain; what is kept must be what the events brought.
  if (row.personal !== null && !lacking && plain(personal) !== plain(openPersonal(row.id, row.personal, keys))) return 'personal'
  const columns = [row.status === state.status, row.opd === state.parties.opdOrigin, row.serial === (state.certificate.serial ?? null), row.issuerDn === (state.certificate.issuerDn ?? null)]
  return columns.every(Boolean) ? undefined : 'a column of the case'
}

/** The state events lead to; `undefined` when they lead to none. */
export function stateAfter(caseId: string, events: readonly StoredEvent[]): CaseState | undefined {
  let state: CaseState | undefined
  try {
    for (const event of events) state = evolve(state, workflowEventOf(event), caseId, event.standard)
  } catch {
    return undefined
  }
  return state
}

function openPersonal(caseId: string, text: string, keys: AuditKeys): unknown {
  const values = JSON.parse(text) as Readonly<Record<string, string>>
  if (keys === undefined) return values
  try {
    return Object.fromEntries(Object.entries(values).flatMap(([field, value]) => {
      const opened = openValue(keys, caseId, field, value)
      return opened === undefined ? [] : [[field, opened]]
    }))
  } catch {
    return undefined
  }
}

function plain(value: unknown): string | undefined {
  try {
    return canonicalJson(value as Json)
  } catch {
    return undefined
  }
}

function workflowEventOf({ type, actor, time, data, personal }: StoredEvent): WorkflowEvent {
  const beside = personal === undefined ? {} : { personal: Object.fromEntries(Object.entries(personal).map(([field, { value }]) => [field, typeof value === 'string' ? value : JSON.stringify(value)])) }
  return { type, actor, time, data, ...beside } as WorkflowEvent
}

/** Digests of bytes a state names. */
export function digestsOf(state: CaseState): readonly string[] {
  const { certificate, letters, evidence, proofChain = [] } = state
  return [...(certificate?.sha256 === undefined ? [] : [certificate.sha256]), ...letters.map(letter => letter.sha256), ...evidence, ...proofChain]
}
