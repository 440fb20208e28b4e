import type { AmsOutcome, AmsReading, AmsRevocation } from '../ams/index.js'
import { namesTheSame } from '../ams/from-wire.js'
import type { ClaimedEffect } from '../store/index.js'
import {
  amsActor, filesAt, nextWrite, recordOpen, systemActor, writeKey, type AmsOperation, type AmsRecordWord, type CaseState, type Command,
} from '../workflow/index.js'
import { backoff, type EffectEnd } from './effect-end.js'
import { errorTable } from '../errors.js'
import { plus, type Office } from './office.js'

/**
 * Brings AMS and one request together: writes what the request owes AMS, reconciles a write nobody knows the outcome of by reading, and
 * reads what waits for somebody in AMS. Level-triggered: whatever happened before, it looks at both sides and does the next thing.
 *
 * A write that may have happened is never repeated blindly: with an honoured key it is repeated under the same key, without one it is
 * waited for until `settleAfter` and then parked for a person.
 */
export async function driveAms(office: Office, effect: ClaimedEffect, before: CaseState): Promise<EffectEnd> {
  let state = before
  for (let step = 0; step < 8; step++) {
    const next = await advance(office, effect, state)
    if (!('state' in next)) return next.end
    state = next.state
  }
  return { again: plus(office.now(), office.pace.retry) }
}

type Step = { readonly state: CaseState } | { readonly end: EffectEnd }
const end = (of: EffectEnd): Step => ({ end: of })

async function advance(office: Office, effect: ClaimedEffect, state: CaseState): Promise<Step> {
  const open = state.ams.write
  if (open !== undefined) return state.status === 'parked' ? end('done') : reconcile(office, effect, state, open)
  const owed = nextWrite(office.rules, state)
  if (owed !== undefined) return write(office, effect, state, owed)
  return follow(office, effect, state)
}

// --- writing -----------------------------------------------------------------------------------------------------------

async function write(office: Office, effect: ClaimedEffect, state: CaseState, operation: AmsOperation): Promise<Step> {
  const { ams } = office
  if (operation === 'file' && ams.readsBack) {
    // Read before writing: a record that is there already (filed in AMS by hand, or by a desk restored from a backup) is taken over.
    const found = await openRecord(office, state, undefined)
    if (found.outcome === 'unavailable') return end({ again: backoff(office, effect.attempt, found.retryAfterMs), note: found.note })
    if (found.record !== undefined) {
      return record(office, effect, state.id, [
        { type: 'startWrite', operation, key: writeKey(state, operation) },
        { type: 'recordAmsAnswer', operation, outcome: 'accepted', record: wordOf(found.record, operation, office, state) },
      ])
    }
  }
  // Whoever appends this may write: the version and the lease refuse a second worker and one that slept.
  const key = writeKey(state, operation)
  const begun = office.now()
  const started = await office.journal.write({ caseId: state.id, actor: systemActor, commands: [{ type: 'startWrite', operation, key }], lease: effect })
  if (started.outcome === 'conflict') return end({ again: office.now() })
  if (started.outcome !== 'written') return end('done')
  return settle(office, effect, started.state, operation, await send(office, started.state, operation, key, begun))
}

async function send(office: Office, state: CaseState, operation: AmsOperation, key: string, begun: string): Promise<AmsOutcome> {
  const { ams } = office
  const as = amsActor(office.rules, state, operation)
  const call = { as, idempotencyKey: key }
  if (operation !== 'file') {
    if (ams.decideRevocation === undefined) return notDone('this AMS installation offers no decision by the agency')
    const reasons = state.personal['decisionReasons']?.replaceAll('\n', '; ')
    const note = operation === 'forward' ? {} : { note: reasons ?? (operation === 'return' ? 'Dikembalikan untuk perbaikan' : 'Ditolak') }
    if (slept(office, begun)) return paused
    return ams.decideRevocation({ revocationId: state.ams.recordId ?? '', decision: operation, ...note }, call)
  }
  const { issuerDn, serial } = state.certificate
  const username = state.personal['username'] ?? await usernameInAms(office, state)
  if (issuerDn === undefined || serial === undefined || username === undefined) return notDone('issuer, serial or AMS username is not known')
  const letters = []
  for (const letter of state.letters) {
    const stored = await office.store.evidence('all', letter.sha256)
    if (stored !== undefined) letters.push({ bytes: stored.bytes, sha256: letter.sha256 })
  }
  const subjectDn = state.personal['subjectDn']
  if (slept(office, begun)) return paused
  return ams.fileRevocation({
    username, certificate: { issuerDn, serial, ...(subjectDn === undefined ? {} : { subjectDn }) }, reason: state.reason, letters,
    ...(state.personal['note'] === undefined ? {} : { note: state.personal['note'] }),
  }, call)
}

/**
 * A computer that slept between "I write" and the writing wakes up with a lease long given to others, who may have come to an end without it. What it was
 * about to send is not sent. (Sleeping in the very instant after this look cannot be seen from here; the key, where AMS honours it, then stands for it.)
 */
function slept(office: Office, begun: string): boolean {
  return office.now() > plus(begun, office.pace.lease / 2)
}

const paused: AmsOutcome = { outcome: 'notDone', cause: { code: 'amsUnavailable', detail: 'this process was paused before it wrote; nothing was sent' } }

function notDone(detail: string): AmsOutcome {
  return { outcome: 'notDone', cause: { code: 'requestInvalid', detail } }
}

async function usernameInAms(office: Office, state: CaseState): Promise<string | undefined> {
  const { issuerDn, serial } = state.certificate
  if (issuerDn === undefined || serial === undefined || !office.ams.readsBack) return undefined
  const found = await office.ams.findCertificate({ issuerDn, serial }, { as: amsActor(office.rules, state, 'file') })
  return found.outcome === 'answered' && found.value.length === 1 ? found.value[0]?.username : undefined
}

async function settle(office: Office, effect: ClaimedEffect, state: CaseState, operation: AmsOperation, outcome: AmsOutcome): Promise<Step> {
  switch (outcome.outcome) {
    case 'accepted':
      return record(office, effect, state.id, [{ type: 'recordAmsAnswer', operation, outcome: 'accepted', record: wordOf(outcome.revocation, operation, office, state) }])
    case 'refused': {
      // "Pending", "already revoked", "not waiting": AMS may be speaking of our own earlier write. Look before believing.
      if (office.ams.readsBack) {
        const found = operation === 'file' ? await openRecord(office, state, state.ams.write?.key) : await decidedRecord(office, state)
        if (found.outcome === 'unavailable') {
          return again(office, effect, state, operation, 'unknown', { code: outcome.code }, backoff(office, effect.attempt, found.retryAfterMs), found.note)
        }
        if (found.record !== undefined) {
          return record(office, effect, state.id, [{ type: 'recordAmsAnswer', operation, outcome: 'accepted', record: wordOf(found.record, operation, office, state) }])
        }
      }
      return record(office, effect, state.id, [{ type: 'recordAmsAnswer', operation, outcome: 'refused', code: outcome.code }])
    }
    case 'notDone': {
      const { cause } = outcome
      if (!errorTable[cause.code].retryable && effect.attempt >= 3 && (state.status === 'executing' || state.status === 'submitted')) {
        return record(office, effect, state.id, [
          { type: 'recordAmsAnswer', operation, outcome: 'notDone', code: cause.code }, { type: 'park', detail: `${cause.code}: ${cause.detail}` },
        ])
      }
      return again(office, effect, state, operation, 'notDone', { code: cause.code }, backoff(office, effect.attempt, cause.retryAfterMs), cause.detail)
    }
    case 'unknown':
      return again(office, effect, state, operation, 'unknown', { code: outcome.cause.code }, backoff(office, effect.attempt, outcome.cause.retryAfterMs), outcome.cause.detail)
  }
}

async function again(
  office: Office, effect: ClaimedEffect, state: CaseState, operation: AmsOperation, outcome: 'notDone' | 'unknown', why: { readonly code: string }, at: string, note: string,
): Promise<Step> {
  const written = await office.journal.write({
    caseId: state.id, actor: systemActor, lease: effect, commands: [{ type: 'recordAmsAnswer', operation, outcome, code: why.code }],
  })
  return end(written.outcome === 'stale' ? 'done' : { again: at, note })
}

// --- reconciling -------------------------------------------------------------------------------------------------------

async function reconcile(office: Office, effect: ClaimedEffect, state: CaseState, open: NonNullable<CaseState['ams']['write']>): Promise<Step> {
  const { ams, pace } = office
  const now = office.now()
  if (!open.unknown) {
    // A worker died (or sleeps) between "I write" and the answer: from here on it counts as unknown.
    const marked = await office.journal.write({
      caseId: state.id, actor: systemActor, lease: effect, commands: [{ type: 'recordAmsAnswer', operation: open.operation, outcome: 'unknown', code: 'interrupted' }],
    })
    return marked.outcome === 'written' ? { state: marked.state } : end(marked.outcome === 'conflict' ? { again: now } : 'done')
  }
  if (ams.readsBack) {
    const found = open.operation === 'file' ? await openRecord(office, state, open.key) : await decidedRecord(office, state)
    if (found.outcome === 'unavailable') {
      if (plus(open.since, pace.settleAfter) <= now && canPark(state)) return park(office, effect, state, `AMS cannot be read: ${found.note}`)
      return end({ again: backoff(office, effect.attempt, found.retryAfterMs), note: found.note })
    }
    if (found.record !== undefined) {
      return record(office, effect, state.id, [{ type: 'recordAmsAnswer', operation: open.operation, outcome: 'accepted', record: wordOf(found.record, open.operation, office, state) }])
    }
    if (ams.honoursIdempotencyKey) {
      const begun = office.now()
      const started = await office.journal.write({
        caseId: state.id, actor: systemActor, lease: effect, commands: [{ type: 'startWrite', operation: open.operation, key: open.key }],
      })
      if (started.outcome === 'conflict') return end({ again: now })
      if (started.outcome !== 'written') return end('done')
      return settle(office, effect, started.state, open.operation, await send(office, started.state, open.operation, open.key, begun))
    }
  }
  // No key, or nothing to read: never repeated. A person looks after `settleAfter`; proof may settle it before.
  if (plus(open.since, pace.settleAfter) <= now) {
    // A decision the case has moved past cannot stop the case; its errand waits for the person who looks in AMS and records the answer.
    return canPark(state) ? park(office, effect, state, `${open.operation}: no trace in AMS`) : end({ park: `${open.operation}: no trace in AMS; look there and record its answer` })
  }
  return end({ wait: earlier(plus(now, Math.min(pace.ams, pace.settleAfter)), plus(open.since, pace.settleAfter), now), note: 'outcome unknown, not repeated' })
}

function canPark(state: CaseState): boolean {
  return state.status === 'submitted' || state.status === 'executing' || state.status === 'atBsre'
}

function earlier(left: string, right: string, now: string): string {
  return right > now && right < left ? right : left
}

async function park(office: Office, effect: ClaimedEffect, state: CaseState, detail: string): Promise<Step> {
  const written = await office.journal.write({ caseId: state.id, actor: systemActor, lease: effect, commands: [{ type: 'park', detail }] })
  return end(written.outcome === 'conflict' ? { again: office.now() } : 'done')
}

// --- reading -----------------------------------------------------------------------------------------------------------

async function follow(office: Office, effect: ClaimedEffect, state: CaseState): Promise<Step> {
  const { ams, pace } = office
  const { recordId } = state.ams
  const waits = state.status === 'atBsre' || (recordOpen(state) && (state.status === 'verifying' || state.status === 'disposed' || state.status === 'approved'))
    || (state.status === 'executing' && recordOpen(state))
  if (!waits || recordId === undefined || !ams.readsBack) return end('done')
  const reading = await ams.readRevocation(recordId, { as: amsActor(office.rules, state, 'read') })
  if (reading.outcome === 'unavailable') return end({ again: backoff(office, effect.attempt, retryAfterOf(reading)), note: reading.cause.detail })
  if (reading.outcome === 'refused') return lost(office, effect, state, reading.code)
  if (!isOurs(state, reading.value)) return lost(office, effect, state, otherCertificate)
  const word = wordOf(reading.value, 'read', office, state)
  if (word.status !== state.ams.recordStatus || word.rawStatus !== state.ams.rawStatus || state.ams.lostSince !== undefined) {
    return record(office, effect, state.id, [{ type: 'recordAmsAnswer', operation: 'read', outcome: 'accepted', record: word }])
  }
  return end({ wait: plus(office.now(), pace.ams), note: `AMS: ${word.rawStatus}` })
}

/** AMS answers, but not with our record: it vanished, or stands for another certificate. Noted at once; after `settleAfter` a person looks there. */
async function lost(office: Office, effect: ClaimedEffect, state: CaseState, why: string): Promise<Step> {
  const { lostSince } = state.ams
  if (lostSince === undefined) {
    const noted = await office.journal.write({
      caseId: state.id, actor: systemActor, lease: effect, commands: [{ type: 'recordAmsAnswer', operation: 'read', outcome: 'refused', code: 'amsRecordLost' }],
    })
    if (noted.outcome === 'stale') return end('done')
  } else if (plus(lostSince, office.pace.settleAfter) <= office.now() && canPark(state)) {
    return park(office, effect, state, `the record in AMS is lost: ${why}`)
  }
  return end({ again: backoff(office, effect.attempt), note: why })
}

const otherCertificate = 'the record in AMS names another certificate: a person must look there'

function isOurs({ certificate: { issuerDn, serial } }: CaseState, record: AmsRevocation): boolean {
  return issuerDn === undefined || serial === undefined || namesTheSame(record.certificate, { issuerDn, serial })
}

function retryAfterOf(reading: AmsReading<unknown>): number {
  return reading.outcome === 'unavailable' ? reading.cause.retryAfterMs ?? 0 : 0
}

type Found =
  | { readonly outcome: 'read'; readonly record: AmsRevocation | undefined }
  | { readonly outcome: 'unavailable'; readonly note: string; readonly retryAfterMs: number }

/**
 * The record of this request in AMS: by its key where keys are kept, else the newest one for the certificate that is still open and is not
 * one this request closed before.
 */
async function openRecord(office: Office, state: CaseState, key: string | undefined): Promise<Found> {
  const { issuerDn, serial } = state.certificate
  if (issuerDn === undefined || serial === undefined) return { outcome: 'read', record: undefined }
  const reading = await office.ams.findRevocations({ issuerDn, serial }, { as: amsActor(office.rules, state, 'file') })
  if (reading.outcome !== 'answered') {
    return { outcome: 'unavailable', note: reading.outcome === 'refused' ? reading.code : reading.cause.detail, retryAfterMs: retryAfterOf(reading) }
  }
  // Whatever AMS puts into its answer: a record of another certificate is never taken for ours.
  const ours = reading.value.filter(one => namesTheSame(one.certificate, { issuerDn, serial }))
  const keyed = key === undefined ? undefined : ours.find(one => one.idempotencyKey === key)
  const live = ours.find(one => one.status !== 'returned' && one.status !== 'refused')
  return { outcome: 'read', record: keyed ?? live }
}

/** The record once somebody decided on it; `undefined` while it still waits for the agency. */
async function decidedRecord(office: Office, state: CaseState): Promise<Found> {
  const id = state.ams.recordId
  if (id === undefined) return { outcome: 'read', record: undefined }
  const reading = await office.ams.readRevocation(id, { as: amsActor(office.rules, state, 'read') })
  if (reading.outcome !== 'answered') {
    return { outcome: 'unavailable', note: reading.outcome === 'refused' ? reading.code : reading.cause.detail, retryAfterMs: retryAfterOf(reading) }
  }
  if (!isOurs(state, reading.value)) return { outcome: 'unavailable', note: otherCertificate, retryAfterMs: 0 }
  return { outcome: 'read', record: reading.value.status === 'waitingVerification' ? undefined : reading.value }
}

// --- recording ---------------------------------------------------------------------------------------------------------

async function record(office: Office, effect: ClaimedEffect, caseId: string, commands: readonly Command[]): Promise<Step> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const written = await office.journal.write({ caseId, actor: systemActor, commands, lease: effect })
    if (written.outcome === 'written') return { state: written.state }
    // Somebody attached a letter meanwhile: what AMS said is still true, so it is recorded on the case as it is now.
    if (written.outcome !== 'conflict') return end(written.outcome === 'refused' ? { park: `AMS answered, refused as ${written.refusal.refused}` } : 'done')
  }
  return end({ again: office.now() })
}

/**
 * AMS's record as the workflow takes it. A word we do not know, in the answer to an accepted write, stands for what the write does by the
 * contract (an officer's confirmation by hand is such a word); in a reading it stays unknown and moves nothing.
 */
function wordOf(revocation: AmsRevocation, operation: AmsOperation | 'read', office: Office, state: CaseState): AmsRecordWord {
  const waits = office.rules.decidesInAms && filesAt(office.rules, state) === 'submit'
  const byContract = { file: waits ? 'waitingVerification' : 'waitingBsre', forward: 'waitingBsre', return: 'returned', reject: 'refused', read: 'other' } as const
  return {
    id: revocation.id,
    status: revocation.status === 'other' ? byContract[operation] : revocation.status,
    rawStatus: revocation.rawStatus,
    ...(revocation.revokedAt === undefined ? {} : { revokedAt: revocation.revokedAt.toISOString() }),
  }
}
