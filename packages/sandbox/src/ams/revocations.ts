import { sha256Hex } from '../authority/authority.js'
import { findReason, isSuspension } from '../people.js'
import type { Person, RevocationRecord } from '../state.js'
import type { World } from '../world.js'
import { demandRole, maySee, type Caller } from './access.js'
import { Refusal } from './envelope.js'
import { certificateAt, type AgencyDecision, type Filing, type RevocationQuery } from './input.js'

/** A record and whether it repeats an earlier answer. */
export interface Outcome {
  readonly record: RevocationRecord
  readonly replayed: boolean
}

const person = ({ username, role }: Caller): Person => ({ username, role })

/** Answers a repeated key with what it made before. Throws `Refusal` IDEMPOTENCY_KEY_REUSED. */
function once(world: World, caller: Caller, key: string, operation: string, body: unknown, run: () => RevocationRecord): Outcome {
  if (world.options.idempotency === false) return { record: run(), replayed: false }
  const fingerprint = sha256Hex(Buffer.from(JSON.stringify([operation, body])))
  const slot = `${caller.username} ${key}`
  const before = world.state.answered[slot]
  if (before !== undefined) {
    if (before.fingerprint !== fingerprint) throw new Refusal('IDEMPOTENCY_KEY_REUSED')
    return { record: world.revocations.get(before.revocation) as RevocationRecord, replayed: true }
  }
  const record = run()
  world.state.answered[slot] = { fingerprint, revocation: record.id }
  return { record, replayed: false }
}

export function fileRevocation(world: World, caller: Caller, key: string, filing: Filing): Outcome {
  demandRole(caller, 'Pengguna', 'Verifikator', 'RA')
  return once(world, caller, key, 'file', filing, () => {
    const certificate = certificateAt(world, caller, filing.certificate.issuerDn, filing.certificate.serial)
    if (certificate === undefined) throw new Refusal('CERTIFICATE_NOT_FOUND')
    if (certificate.username !== filing.username) throw new Refusal('USERNAME_MISMATCH')
    if (certificate.status === 'revoked' && world.options.pendingCheck !== false) throw new Refusal('CERTIFICATE_ALREADY_REVOKED')
    if (world.amsNow() > certificate.notAfter) throw new Refusal('CERTIFICATE_EXPIRED')
    if (isSuspension(filing.reason)) throw new Refusal('SUSPENSION_NOT_REVOCATION')
    if (world.options.reasons === 'strict' && findReason(world.reasons.items, filing.reason) === undefined)
      throw new Refusal('REASON_UNKNOWN')
    if (filing.letterIds.some((id) => world.letters.get(id)?.owner !== caller.username)) throw new Refusal('LETTER_NOT_FOUND')
    if (world.options.pendingCheck !== false && hasPending(world, certificate.id)) throw new Refusal('REVOCATION_PENDING')
    const at = world.amsNow()
    const byOwner = caller.role === 'Pengguna'
    const record: RevocationRecord = {
      id: world.nextId('rev'),
      certificateId: certificate.id,
      username: filing.username,
      agency: certificate.agency,
      reason: filing.reason,
      ...(filing.note === undefined ? {} : { note: filing.note }),
      letterIds: filing.letterIds,
      ...(world.options.idempotency === false ? {} : { idempotencyKey: key }),
      filedBy: person(caller),
      filedAt: at,
      status: byOwner ? 'WAITING_VERIFICATION' : 'WAITING_BSRE',
      ...(byOwner ? {} : { atBsreSince: world.now() }),
      history: [{ at, event: 'FILED', by: person(caller) }],
    }
    world.revocations.add(record)
    world.log('REVOCATION_FILED', { serial: certificate.serial, revocation: record.id, by: caller.username })
    world.webhooks.tell(record)
    return record
  })
}

function hasPending(world: World, certificateId: string): boolean {
  return world.revocations
    .having(`certificate ${certificateId}`)
    .some((one) => one.status === 'WAITING_BSRE' || one.status === 'WAITING_VERIFICATION')
}

export function readRevocation(world: World, caller: Caller, id: string): RevocationRecord {
  const record = world.revocations.get(id)
  if (record === undefined || !maySee(caller, record)) throw new Refusal('REVOCATION_NOT_FOUND')
  return record
}

export function findRevocations(world: World, caller: Caller, query: Omit<RevocationQuery, 'page' | 'size'>): RevocationRecord[] {
  const { issuerDn, serial, idempotencyKey } = query
  const certificate = issuerDn === undefined || serial === undefined ? undefined : certificateAt(world, caller, issuerDn, serial)
  if (issuerDn !== undefined && serial !== undefined && certificate === undefined) return []
  const pool =
    certificate !== undefined
      ? world.revocations.having(`certificate ${certificate.id}`)
      : world.revocations.having(`key ${idempotencyKey}`)
  return pool
    .filter(
      (one) =>
        maySee(caller, one) &&
        (certificate === undefined || one.certificateId === certificate.id) &&
        (idempotencyKey === undefined || one.idempotencyKey === idempotencyKey),
    )
    .reverse()
}

const OUTCOMES = {
  FORWARD: { status: 'WAITING_BSRE', event: 'FORWARDED' },
  RETURN: { status: 'RETURNED', event: 'RETURNED' },
  REJECT: { status: 'REFUSED', event: 'REJECTED' },
} as const

export function decideRevocation(world: World, caller: Caller, id: string, key: string, decision: AgencyDecision): Outcome {
  demandRole(caller, 'Verifikator', 'RA')
  const record = readRevocation(world, caller, id)
  return once(world, caller, key, `decide ${id}`, decision, () => {
    if (decision.decision !== 'FORWARD' && (decision.note ?? '').trim() === '') throw new Refusal('NOTE_REQUIRED')
    if (record.status !== 'WAITING_VERIFICATION' || record.filedBy.username === caller.username) throw new Refusal('DECISION_NOT_ALLOWED')
    const at = world.amsNow()
    const { status, event } = OUTCOMES[decision.decision]
    Object.assign(record, { status, decidedBy: person(caller), decidedAt: at })
    if (status === 'WAITING_BSRE') record.atBsreSince = world.now()
    else record.refusal = { by: 'AGENCY', message: decision.note as string }
    record.history.push({ at, event, by: person(caller), ...(decision.note === undefined ? {} : { note: decision.note }) })
    world.log('REVOCATION_DECIDED', { revocation: id, by: caller.username, data: { decision: decision.decision } })
    world.webhooks.tell(record)
    return record
  })
}
