import { diffCrl, type Crl, type CrlEntry } from '@cabut/pki/crl'
import { assumedAmsProfile, type AmsProfile } from '../ams/index.js'
import type { Desk, RequestView } from '../desk/index.js'
import { CabutError } from '../errors.js'
import { findReason, reasonCatalogue, type ReasonCatalogue } from '../request/index.js'
import type { Actor } from '../workflow/index.js'
import { lookAtRow } from './advance.js'
import type { RowVerdict } from './verdict.js'

/** One certificate to revoke in the AMS page by hand. Username and Subject DN are personal data: show them, do not log them. */
export interface WorkItem {
  readonly row: number
  readonly requestId: string
  readonly version: number
  readonly username?: string
  readonly subjectDn?: string
  readonly issuerDn: string
  /** Lower-case hex, as AMS's page shows it; compare digit by digit. */
  readonly serial: string
  readonly serialDecimal: string
  /** What AMS's list of reasons calls it, as far as the profile knows; else our own words. */
  readonly reasonLabel: string
}

/** How a list is cut into worklists for an officer who acts in the AMS page (at most 100 rows a batch there). */
export interface WorklistOptions {
  readonly desk: Desk
  /** SHA-256 of the list. */
  readonly sha256: string
  readonly profile?: Partial<AmsProfile>
  readonly reasons?: ReasonCatalogue
}

/**
 * What an officer has still to enter in AMS, in the order of the list. The desk remembers what is done, so that the work goes on after any
 * interruption with the next row.
 *
 * @example
 * ```ts
 * const { plan, run } = await openList(createAssistedAms())
 * await all(executeList(plan(), run))
 * const items = await all(worklist(plan(), run))
 * items.map(({ row, username, reasonLabel }) => `${row} ${username} ${reasonLabel}`) // ['1 laras.kinanti Pensiun', '2 laras.kinanti Pensiun']
 * ```
 */
export async function* worklist(plan: AsyncIterable<RowVerdict>, options: WorklistOptions): AsyncGenerator<WorkItem> {
  for await (const verdict of plan) {
    if (verdict.finding !== 'ready') continue
    const { requestId } = await lookAtRow(verdict, options)
    if (requestId === undefined) continue
    const view = await options.desk.get(requestId)
    const item = isOwed(view) ? itemOf(verdict.row, view, options) : undefined
    if (item !== undefined) yield item
  }
}

/**
 * The officer says that the row was entered and sent in AMS. A claim; the certificate authority's CRL or OCSP proves it, or denies it. Said twice it
 * changes nothing the second time.
 *
 * @throws {@link CabutError} `requestConflict` when another officer was faster, `workflowRefused` when this one may not say so
 * @example
 * ```ts
 * const { plan, run } = await openList(createAssistedAms())
 * await all(executeList(plan(), run))
 * const [item] = await all(worklist(plan(), run))
 * await recordDone(run.desk, item!, { as: staff.officer }) // throws workflowRefused
 * await recordDone(run.desk, item!, { as: staff.verifier, reference: 'AMS-0001' })
 * await all(worklist(plan(), run)).then((left) => left.map(({ row }) => row)) // [2]
 * ```
 */
export async function recordDone(desk: Desk, item: WorkItem, { as, reference }: { readonly as: Actor; readonly reference?: string }): Promise<void> {
  const id = reference ?? `assisted-${item.requestId}`
  const view = await desk.get(item.requestId)
  if (!isOwed(view)) return
  if (view.status === 'parked') await desk.resume(item.requestId, { as, ifVersion: view.version, found: 'record', recordId: id })
  else await desk.recordAms(item.requestId, { as, ifVersion: view.version, record: { id, status: 'waitingBsre', rawStatus: 'assisted' } })
}

/** AMS has no interface here, and nobody has said yet that the row was entered. */
function isOwed({ status, state }: RequestView): boolean {
  return (status === 'executing' || status === 'parked') && state.ams.write?.operation === 'file' && state.ams.recordId === undefined
}

function itemOf(row: number, { id, version, state }: RequestView, { profile, reasons }: WorklistOptions): WorkItem | undefined {
  const { issuerDn, serial } = state.certificate
  if (issuerDn === undefined || serial === undefined) return undefined
  const { reasons: values, reasonLabels } = { ...assumedAmsProfile, ...profile }
  const value = Object.hasOwn(values, state.reason) ? values[state.reason] as string : state.reason
  const { username, subjectDn } = state.personal
  return {
    row, requestId: id, version, issuerDn, serial, serialDecimal: BigInt(`0x${serial}`).toString(),
    reasonLabel: Object.hasOwn(reasonLabels, value) ? reasonLabels[value] as string : findReason(state.reason, reasons ?? reasonCatalogue)?.title.id ?? value,
    ...(username === undefined ? {} : { username }), ...(subjectDn === undefined ? {} : { subjectDn }),
  }
}

/** What a CRL says of work done by hand. */
export type CrlDiscrepancy =
  /** Said to be entered, and not on the list: skipped, mistyped, or not yet decided by BSrE. */
  | { readonly kind: 'notListed'; readonly row: number; readonly requestId: string; readonly serial: string }
  /** Still to be entered. */
  | { readonly kind: 'notEntered'; readonly row: number; readonly requestId: string; readonly serial: string }
  /** Newly listed, a certificate of this agency, and nobody asked for it: the wrong one was revoked. */
  | { readonly kind: 'wrongCertificate'; readonly serial: string; readonly revokedAt: string; readonly reason?: string }
  /** Newly listed, not asked for here, and not known to be this agency's: perhaps another agency's business, perhaps a wrong certificate. */
  | { readonly kind: 'unexplained'; readonly serial: string; readonly revokedAt: string; readonly reason?: string }

/** What an officer's finished worklist is compared with. */
export interface ReconcileOptions {
  readonly desk: Desk
  readonly sha256: string
  /** The CRL after the work; already judged authentic and fresh. */
  readonly after: Crl
  /** The CRL before the work. Without it, what was revoked since `since` counts as new. */
  readonly before?: Crl
  readonly since?: Date
  /** Issuer of the CRL, as requests name it (RFC 4514). */
  readonly issuerDn: string
  /** Whether the certificate is one of this agency's: from its inventory. */
  readonly isOwn?: (serial: string) => boolean | Promise<boolean>
}

/**
 * Compares a list that was worked through by hand with the next CRL: names every row skipped, and every certificate revoked that nobody asked for.
 *
 * @throws {@link CabutError} `bulkUnreadable`: the later CRL is older than the earlier one
 * @example
 * ```ts
 * const { plan, run } = await openList(createAssistedAms())
 * await all(executeList(plan(), run))
 * const lists = { before: readCrl(earlierCrl), after: readCrl(crl), issuerDn: sandbox.ca.issuerDn }
 * const found = await all(reconcileWithCrl(plan(), { ...run, ...lists, isOwn: (serial) => serial === '1e240' }))
 * found.map(({ kind, serial }) => (kind === 'notEntered' ? kind : `${kind} ${serial}`)) // ['notEntered', 'notEntered', 'wrongCertificate 1e240']
 * ```
 */
export async function* reconcileWithCrl(plan: AsyncIterable<RowVerdict>, options: ReconcileOptions): AsyncGenerator<CrlDiscrepancy> {
  const { desk, after, before, issuerDn } = options
  for await (const verdict of plan) {
    const { requestId, status, serial } = await lookAtRow(verdict, options)
    if (requestId === undefined || serial === undefined || after.find(serial) !== undefined) continue
    if (status === 'executing' || status === 'parked') yield { kind: 'notEntered', row: verdict.row, requestId, serial }
    else if (status === 'atBsre' || status === 'awaitingProof' || status === 'contradicted') yield { kind: 'notListed', row: verdict.row, requestId, serial }
  }
  const difference = before === undefined ? undefined : diffCrl(before, after)
  if (difference?.rolledBack === true) throw new CabutError('bulkUnreadable', { at: 'crl', detail: 'the later CRL is older than the earlier one' })
  for (const { serial, revocationDate, reason } of difference?.added ?? since(after, options.since)) {
    if ((await desk.list({ issuerDn, serial, limit: 1 })).length > 0) continue
    const facts = { serial, revokedAt: revocationDate.toISOString(), ...(reason === undefined ? {} : { reason }) }
    yield { kind: await options.isOwn?.(serial) === true ? 'wrongCertificate' : 'unexplained', ...facts }
  }
}

function* since(crl: Crl, from: Date | undefined): Generator<CrlEntry> {
  if (from === undefined) return
  for (const entry of crl.entries()) if (entry.revocationDate >= from) yield entry
}
