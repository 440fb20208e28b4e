import { namesMatch, parseName } from '@cabut/pki/name'
import type { WireCertificate, WireRevocation } from '../wire/ams.js'
import type { AmsCertificate, AmsCertificateAddress, AmsRevocation } from './port.js'
import { lookUp, type AmsProfile } from './profile.js'

/** A certificate of AMS in our words; what the profile does not know stays raw. */
export function certificateFrom(wire: WireCertificate, profile: AmsProfile): AmsCertificate {
  const { id, username, subjectDn, issuerDn, serial, notBefore, notAfter, status } = wire
  return {
    id,
    username,
    subjectDn,
    issuerDn,
    serial,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(notAfter === undefined ? {} : { notAfter }),
    status: lookUp(profile.certificateStatuses, status) ?? 'other',
    rawStatus: status,
  }
}

type Read<T> = { readonly data: T } | { readonly fault: string }

/** A revocation record of AMS in our words. */
export function revocationFrom(wire: { readonly data: WireRevocation }, profile: AmsProfile): { readonly data: AmsRevocation }
export function revocationFrom(wire: Read<WireRevocation>, profile: AmsProfile): Read<AmsRevocation>
export function revocationFrom(wire: Read<WireRevocation>, profile: AmsProfile): Read<AmsRevocation> {
  if ('fault' in wire) return wire
  const { id, certificate, username, reason, status, filedBy, filedAt, decidedBy, decidedAt, revokedAt, refusal, letters, idempotencyKey } = wire.data
  const record: AmsRevocation = {
    id,
    certificate: {
      issuerDn: certificate.issuerDn,
      serial: certificate.serial,
      ...(certificate.subjectDn === undefined ? {} : { subjectDn: certificate.subjectDn }),
    },
    username,
    reason,
    status: lookUp(profile.revocationStatuses, status) ?? 'other',
    rawStatus: status,
    ...(filedBy === undefined ? {} : { filedBy }),
    ...(filedAt === undefined ? {} : { filedAt }),
    ...(decidedBy === undefined ? {} : { decidedBy }),
    ...(decidedAt === undefined ? {} : { decidedAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
    ...(refusal === undefined || refusal === null ? {} : { refusal }),
    letters: letters.map((letter) => ({
      letterId: letter.letterId,
      ...(letter.sha256 === undefined ? {} : { sha256: letter.sha256 }),
      ...(letter.size === undefined ? {} : { size: letter.size }),
    })),
    ...(idempotencyKey === undefined || idempotencyKey === null ? {} : { idempotencyKey }),
  }
  return { data: record }
}

/**
 * Whether AMS speaks of the certificate we meant: same serial, and issuer names that match by RFC 5280 7.1. Where AMS's text of the issuer
 * cannot be read, the serial (20 random octets) decides.
 */
export function namesTheSame(said: AmsCertificateAddress, meant: AmsCertificateAddress): boolean {
  if (said.serial !== meant.serial.toLowerCase().replace(/^0+(?=.)/, '')) return false
  try {
    const name = parseName(said.issuerDn)
    const expected = parseName(meant.issuerDn)
    // The two BSrE authorities encode RDNs in opposite orders, and tools print either order.
    return namesMatch(name, expected) || namesMatch({ rdns: [...name.rdns].reverse() }, expected)
  } catch {
    return true
  }
}
