import { printName } from '../authority/name.js'
import type { CertificateRecord, LetterRecord, RevocationRecord } from '../state.js'
import type { World } from '../world.js'

/** AMS's local time: always GMT+7, whole seconds, e.g. `2026-05-26T14:00:00+07:00`. */
export function amsTime(at: number): string {
  return `${new Date(at + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`
}

export function certificateView(world: World, record: CertificateRecord): Record<string, unknown> {
  const expired = world.amsNow() > record.notAfter
  return {
    id: record.id,
    username: record.username,
    subjectDn: record.subjectDn,
    issuerDn: printName(world.authority.issuingName),
    serial: record.serial,
    notBefore: amsTime(record.notBefore),
    notAfter: amsTime(record.notAfter),
    status: record.status === 'revoked' ? 'DICABUT' : expired ? 'KEDALUWARSA' : record.status === 'held' ? 'DITANGGUHKAN' : 'AKTIF',
  }
}

export function letterView({ letterId, sha256, size }: LetterRecord): Record<string, unknown> {
  return { letterId, sha256, size }
}

export function revocationView(world: World, record: RevocationRecord): Record<string, unknown> {
  const certificate = world.certificates.get(record.certificateId) as CertificateRecord
  return {
    id: record.id,
    certificate: {
      id: certificate.id,
      issuerDn: printName(world.authority.issuingName),
      serial: certificate.serial,
      subjectDn: certificate.subjectDn,
    },
    username: record.username,
    reason: record.reason,
    ...(record.note === undefined ? {} : { note: record.note }),
    status: record.status,
    filedBy: record.filedBy,
    filedAt: amsTime(record.filedAt),
    ...(record.decidedBy === undefined ? {} : { decidedBy: record.decidedBy }),
    ...(record.decidedAt === undefined ? {} : { decidedAt: amsTime(record.decidedAt) }),
    ...(record.revokedAt === undefined ? {} : { revokedAt: amsTime(record.revokedAt) }),
    ...(record.refusal === undefined ? {} : { refusal: record.refusal }),
    letters: record.letterIds.map((id) => letterView(world.letters.get(id) as LetterRecord)),
    ...(record.idempotencyKey === undefined ? {} : { idempotencyKey: record.idempotencyKey }),
  }
}

export function historyView(record: RevocationRecord): Record<string, unknown> {
  return {
    items: record.history.map(({ at, event, by, note }) => ({ at: amsTime(at), event, by, ...(note === undefined ? {} : { note }) })),
  }
}
