import type { SandboxUser } from '../state.js'
import type { World } from '../world.js'

/** The nine user-level statuses of the e-Sign Client Service. Key on these, never on the numbers. */
export type EsignStatus =
  | 'ISSUE'
  | 'EXPIRED'
  | 'RENEW'
  | 'WAITING_FOR_VERIFICATION'
  | 'NEW'
  | 'NO_CERTIFICATE'
  | 'NOT_REGISTERED'
  | 'SUSPEND'
  | 'REVOKE'

/** Numbers and sentences. The numbers are ours where sources conflict. */
export const ESIGN_STATUSES: Readonly<Record<EsignStatus, { code: number; message: string }>> = {
  ISSUE: { code: 1111, message: 'User memiliki sertifikat aktif' },
  NOT_REGISTERED: { code: 1110, message: 'User tidak terdaftar' },
  NO_CERTIFICATE: { code: 2011, message: 'User belum memiliki sertifikat' },
  EXPIRED: { code: 2021, message: 'Sertifikat sudah kedaluwarsa' },
  RENEW: { code: 2022, message: 'Sertifikat dalam proses pembaruan' },
  WAITING_FOR_VERIFICATION: { code: 2031, message: 'User menunggu verifikasi' },
  NEW: { code: 2032, message: 'User baru, belum aktivasi' },
  SUSPEND: { code: 2041, message: 'Sertifikat ditangguhkan' },
  REVOKE: { code: 2042, message: 'Sertifikat sudah dicabut' },
}

/** What e-Sign says about a person. It follows AMS's word, not the CRL, and speaks of the user, not of one certificate. */
export function esignStatus(world: World, user: SandboxUser | undefined, forced: ReadonlyMap<string, EsignStatus>): EsignStatus {
  if (user === undefined) return 'NOT_REGISTERED'
  const told = forced.get(user.username)
  if (told !== undefined) return told
  const own = world.certificates.having(user.username)
  const now = world.now()
  if (own.some((one) => one.status === 'active' && now <= one.notAfter)) return 'ISSUE'
  if (own.some((one) => one.status === 'held')) return 'SUSPEND'
  const last = own.at(-1)
  if (last === undefined) return 'NO_CERTIFICATE'
  return last.status === 'revoked' ? 'REVOKE' : 'EXPIRED'
}
