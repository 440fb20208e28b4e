import type { AmsCertificateStatus, AmsRevocationStatus } from './port.js'

/**
 * What differs between installations and versions of AMS, as data. The real lists are not public and have changed twice
 * (AMS 4.5.0 and 4.8.0), so every value not listed here survives raw.
 */
export interface AmsProfile {
  /** Octets a letter may have. @default 1048576 (AMS changelog: at most 1 MB) */
  readonly letterLimit: number
  /** Rows AMS takes at a time. @default 100 (AMS changelog: batches of at most 100 rows) */
  readonly batchLimit: number
  /** AMS's words for the state of a revocation record. */
  readonly revocationStatuses: Readonly<Record<string, AmsRevocationStatus>>
  /** AMS's words for the state of a certificate. */
  readonly certificateStatuses: Readonly<Record<string, AmsCertificateStatus>>
  /** Our reason ids to the values of AMS's list; a reason not listed is sent as it is. */
  readonly reasons: Readonly<Record<string, string>>
  /** Labels of the reasons on AMS's page, for the officer; by the value sent. */
  readonly reasonLabels: Readonly<Record<string, string>>
}

/**
 * The profile of the assumed contract (docs/openapi/ams.yaml). Limits in octets and rows.
 *
 * @example
 * ```ts
 * assumedAmsProfile.revocationStatuses // { WAITING_VERIFICATION: 'waitingVerification', WAITING_BSRE: 'waitingBsre', REVOKED: 'revoked', RETURNED: 'returned', REFUSED: 'refused' }
 * assumedAmsProfile.batchLimit // 100
 * ```
 */
export const assumedAmsProfile: AmsProfile = {
  letterLimit: 1_048_576,
  batchLimit: 100,
  revocationStatuses: {
    WAITING_VERIFICATION: 'waitingVerification',
    WAITING_BSRE: 'waitingBsre',
    REVOKED: 'revoked',
    RETURNED: 'returned',
    REFUSED: 'refused',
  },
  certificateStatuses: { AKTIF: 'active', DICABUT: 'revoked', DITANGGUHKAN: 'suspended', KEDALUWARSA: 'expired' },
  reasons: {},
  reasonLabels: {},
}

/** Looks a raw word up without being fooled by `constructor` and the like; `undefined` when the profile does not know it. */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}
