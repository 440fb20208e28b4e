import { randomBytes } from 'node:crypto'
import type { RevocationReason } from '../authority/crl.js'
import type { BsreDecision } from '../options.js'
import { findReason } from '../people.js'
import type { CertificateRecord, Person, RevocationRecord } from '../state.js'
import type { World } from '../world.js'

const OFFICER: Person = { username: 'petugas.bsre', role: 'BSrE' }

/** Lets BSrE decide whatever has waited long enough, by the sandbox's rule. Called before every request. */
export function settleBsre(world: World): void {
  const { decide = 'auto', delay = 0 } = world.options.bsre ?? {}
  if (decide === 'manual') return
  for (const record of waitingAtBsre(world)) {
    if (world.now() < (record.atBsreSince ?? 0) + delay) continue
    const decision: BsreDecision | undefined = decide === 'auto' ? { decision: 'APPROVE' } : decide(record)
    if (decision !== undefined) decideAtBsre(world, record, decision)
  }
}

const scans = new WeakMap<World, { from: number }>()

/** Records are final once they left BSrE, so the scan starts after the last prefix that is wholly final. */
function waitingAtBsre(world: World): RevocationRecord[] {
  const all = world.revocations.all
  const scan = scans.get(world) ?? { from: 0 }
  scans.set(world, scan)
  while (scan.from < all.length && isFinal(all[scan.from] as RevocationRecord)) scan.from += 1
  return all.slice(scan.from).filter((record) => record.status === 'WAITING_BSRE')
}

const isFinal = (record: RevocationRecord): boolean => record.status !== 'WAITING_BSRE' && record.status !== 'WAITING_VERIFICATION'

/** BSrE's own act. Throws `TypeError` where the record does not wait for BSrE. */
export function decideAtBsre(world: World, record: RevocationRecord, decision: BsreDecision): void {
  if (record.status !== 'WAITING_BSRE') throw new TypeError(`revocation ${record.id} does not wait for BSrE (${record.status})`)
  const at = world.amsNow()
  record.decidedBy = OFFICER
  record.decidedAt = at
  if (decision.decision === 'REFUSE') {
    record.status = 'REFUSED'
    record.refusal = { by: 'BSRE', message: decision.message }
    record.history.push({ at, event: 'REFUSED', by: OFFICER, note: decision.message })
    world.log('BSRE_REFUSED', { revocation: record.id, by: OFFICER.username })
    world.webhooks.tell(record)
    return
  }
  record.status = 'REVOKED'
  record.revokedAt = at
  record.history.push({ at, event: 'APPROVED', by: OFFICER })
  revoke(world, record, world.certificates.get(record.certificateId) as CertificateRecord)
  world.webhooks.tell(record)
}

/** AMS believes that its certificate is revoked; what the authority really did depends on the faults drawn. */
function revoke(world: World, record: RevocationRecord, certificate: CertificateRecord): void {
  certificate.status = 'revoked'
  const drawn = world.faults.drawDomain('bsre.approve')
  const wrong = drawn.some((rule) => rule.kind === 'wrongCertificate')
  const withheld = drawn.some((rule) => rule.kind === 'notPublished')
  const changed = drawn.find((rule) => rule.kind === 'reasonChanged')
  const mapped = findReason(world.reasons.items, record.reason)?.rfc5280
  const reason: RevocationReason | undefined = changed === undefined ? mapped : (changed.to ?? 'unspecified')
  const serial = wrong ? otherSerial(world, certificate) : certificate.serial
  world.publication.revoke({
    serial,
    revokedAt: Math.floor(world.now() / 1000) * 1000,
    ...(reason === undefined || reason === 'unspecified' ? {} : { reason }),
    ...(withheld ? { withheld } : {}),
  })
  world.log('CERTIFICATE_REVOKED', {
    serial,
    revocation: record.id,
    by: OFFICER.username,
    ...(wrong ? { data: { meant: certificate.serial } } : {}),
  })
}

function otherSerial(world: World, certificate: CertificateRecord): string {
  const other = world.certificates.all.find((one) => one !== certificate && one.status === 'active')
  return other?.serial ?? randomBytes(19).toString('hex').replace(/^0+/, '')
}
