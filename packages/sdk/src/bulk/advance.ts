import type { By, Desk, LetterInput, RequestView } from '../desk/index.js'
import { AlreadyRevokedError, RequestConflictError, RequestRefusedError } from '../desk/index.js'
import { CabutError } from '../errors.js'
import { statuses, type Actor, type CommandName, type Findings } from '../workflow/index.js'
import { requestIdOf, type RowOutcome, type RowResult, type RowVerdict } from './verdict.js'

/**
 * Who does what for a list. Each is a person's own word: four eyes are counted as everywhere, so filing and deciding are never one person's.
 * What is absent is left for somebody else, who runs the same list.
 */
export interface BulkHands {
  /** Files the rows that are ready. */
  readonly file?: Actor
  /** Disposes what waits for the head. */
  readonly dispose?: { readonly as: Actor; readonly to: Actor | string; readonly note?: string }
  /** Approves, with what was found for every row of the list. Where no certificate was at hand the Subject DN is `unchecked`, whatever is said here. */
  readonly decide?: { readonly as: Actor; readonly findings: Findings }
}

/** What a row of a list is carried on with: the desk, the letters at hand, and who acts. */
export interface AdvanceOptions {
  readonly desk: Desk
  /** SHA-256 of the list, lower-case hex. */
  readonly sha256: string
  /** Go with every row. */
  readonly letters: readonly LetterInput[]
  readonly hands: BulkHands
  /** Called before each filing: for a rate limit. */
  readonly beforeFiling?: () => Promise<void>
}

/**
 * Brings one row as far as these hands can. Safe to repeat at any point: what is done already is seen and not done again. What the desk refuses is the
 * outcome `refused`; a filing that may succeed later is `notFiled`, with the code of the error.
 *
 * @example
 * ```ts
 * const { plan, run } = await openList()
 * for await (const verdict of plan()) await advanceRow(verdict, { ...run, hands: { file: staff.officer } })
 * const [first] = await all(plan())
 * const { outcome, status } = await advanceRow(first!, { ...run, hands: { dispose: { as: staff.head, to: staff.verifier } } })
 * outcome // 'waiting'
 * status // 'disposed'
 * ```
 */
export async function advanceRow(verdict: RowVerdict, options: AdvanceOptions): Promise<RowResult> {
  const { desk, sha256 } = options
  const id = requestIdOf(sha256, verdict.row)
  let view = await find(desk, id)
  if (view === undefined) {
    if (verdict.finding !== 'ready' || verdict.request === undefined) return leftOut(verdict)
    if (options.hands.file === undefined) return { ...addressOf(verdict), outcome: 'notFiled' }
    await options.beforeFiling?.()
    const filed = await file(verdict, id, options, options.hands.file)
    if ('outcome' in filed) return filed
    view = filed
  }
  for (let step = 0; step < 6; step += 1) {
    const act = nextAct(view, options)
    if (act === undefined) break
    try {
      view = await act
    } catch (error) {
      if (error instanceof RequestConflictError) {
        view = await desk.get(id)
        continue
      }
      if (!(error instanceof RequestRefusedError)) throw error
      return { ...resultOf(verdict.row, await desk.get(id)), outcome: 'refused', detail: error.refusal.refused }
    }
  }
  return resultOf(verdict.row, view)
}

/**
 * How a row stands, without doing anything. A row whose certificate was filed is told by its request, any other by what its check found.
 *
 * @example
 * ```ts
 * const { plan, run } = await openList()
 * const [first, , third] = await all(plan())
 * await lookAtRow(first!, run).then(({ outcome }) => outcome) // 'notFiled'
 * await lookAtRow(third!, run) // { row: 3, outcome: 'skipped', detail: 'duplicate: row 1' }
 * ```
 */
export async function lookAtRow(verdict: RowVerdict, { desk, sha256 }: Pick<AdvanceOptions, 'desk' | 'sha256'>): Promise<RowResult> {
  const view = await find(desk, requestIdOf(sha256, verdict.row))
  if (view !== undefined) return resultOf(verdict.row, view)
  return verdict.finding === 'ready' ? { ...addressOf(verdict), outcome: 'notFiled' } : leftOut(verdict)
}

/** The request of a row, where it was filed. */
export function findRow({ row }: RowVerdict, { desk, sha256 }: Pick<AdvanceOptions, 'desk' | 'sha256'>): Promise<RequestView | undefined> {
  return find(desk, requestIdOf(sha256, row))
}

async function find(desk: Desk, id: string): Promise<RequestView | undefined> {
  try {
    return await desk.get(id)
  } catch (error) {
    if (error instanceof CabutError && error.code === 'requestNotFound') return undefined
    throw error
  }
}

async function file(verdict: RowVerdict, id: string, { desk, letters }: AdvanceOptions, as: Actor): Promise<RequestView | RowResult> {
  if (verdict.request === undefined) return leftOut(verdict)
  try {
    return await desk.file({ ...verdict.request, letters, id, as })
  } catch (error) {
    // A run that was killed, or another one at the same time, filed it already.
    const known = error instanceof CabutError && error.code === 'requestConflict' ? await find(desk, id) : undefined
    if (known !== undefined) return known
    if (error instanceof AlreadyRevokedError) return { ...addressOf(verdict), outcome: 'alreadyRevoked', detail: error.code, proof: error.proof }
    if (error instanceof RequestRefusedError) return { ...addressOf(verdict), outcome: 'refused', detail: error.refusal.refused }
    if (error instanceof CabutError) return { ...addressOf(verdict), outcome: error.retryable ? 'notFiled' : 'refused', detail: error.code }
    throw error
  }
}

function nextAct({ id, status, allowed, state }: RequestView, { desk, hands }: AdvanceOptions): Promise<RequestView> | undefined {
  const may = (command: CommandName, actor: Actor | undefined): actor is Actor =>
    actor !== undefined && allowed.some((one) => one.command === command && one.roles.includes(actor.role))
  const by = (as: Actor): By => ({ as, ifVersion: state.version })
  if (status === 'submitted' && hands.dispose !== undefined && may('dispose', hands.dispose.as)) {
    const { as, to, note } = hands.dispose
    return desk.dispose(id, { ...by(as), to, ...(note === undefined ? {} : { note }) })
  }
  if ((status === 'submitted' || status === 'disposed' || status === 'verifying') && hands.decide !== undefined && may('approve', hands.decide.as)) {
    const { as, findings } = hands.decide
    return desk.approve(id, { ...by(as), findings: state.certificate.sha256 === undefined ? { ...findings, subjectDn: 'unchecked' } : findings })
  }
  return undefined
}

/** A request as the result of its row. */
export function resultOf(row: number, view: RequestView): RowResult {
  const { id, status, statusReason, register, proof, state: { certificate: { issuerDn, serial } } } = view
  return {
    row, requestId: id, status, outcome: outcomeOf(view),
    ...(statusReason === undefined ? {} : { detail: statusReason }), ...(register === undefined ? {} : { register }),
    ...(issuerDn === undefined ? {} : { issuerDn }), ...(serial === undefined ? {} : { serial }), ...(proof === undefined ? {} : { proof }),
  }
}

function outcomeOf({ status, proof, state }: RequestView): RowOutcome {
  switch (status) {
    case 'revoked': return 'proven'
    case 'suspended': return 'held'
    case 'closed': return state.cameFrom === 'revoked' && proof !== undefined ? 'proven' : state.cameFrom === 'suspended' ? 'held' : 'ended'
    case 'rejected':
    case 'withdrawn':
    case 'failed': return 'ended'
    case 'parked':
    case 'contradicted':
    case 'returned':
    case 'draft': return 'attention'
    default: return statuses[status].final ? 'ended' : 'waiting'
  }
}

function leftOut(verdict: RowVerdict): RowResult {
  const { finding, detail } = verdict
  return { ...addressOf(verdict), outcome: finding === 'alreadyRevoked' ? 'alreadyRevoked' : 'skipped', detail: detail === undefined ? finding : `${finding}: ${detail}` }
}

function addressOf({ row, issuerDn, serial }: RowVerdict): Pick<RowResult, 'row' | 'issuerDn' | 'serial'> {
  return { row, ...(issuerDn === undefined ? {} : { issuerDn }), ...(serial === undefined ? {} : { serial }) }
}
