import type { Text } from './language.js'

/** Exit codes of `cabut`, stable across versions; printed by `cabut --help`. */
export const exitCodes = {
  /** Done; a status is `good`; a receipt holds. */
  good: 0,
  /** A step failed for a reason that is not the input's: the network, a refused action, a bug. */
  failed: 1,
  /** The command line or a file given on it is wrong. */
  badInput: 2,
  revoked: 10,
  suspended: 11,
  expired: 12,
  notYetValid: 13,
  unknown: 14,
  /** A receipt does not hold: changed, incomplete, or under another root. */
  receiptInvalid: 20,
  /** Two names differ. */
  namesDiffer: 21,
  /** A service standard has findings of severity `error`. */
  standardDefective: 22,
  /** A letter is signed, and a signature is broken, its signer not in good standing, the content changed afterwards, or none counts against `--revoking`. */
  letterDoubtful: 23,
  /** A letter carries no electronic signature. */
  letterUnsigned: 24,
  /** The later of two CRLs is the older one. */
  crlRolledBack: 25,
  /** The stored desk is not intact: an event, a state, evidence or the register was changed. */
  auditBroken: 26,
  /** The desk refuses the command: not in this status, not for this person, something missing. What would be allowed is printed. */
  refused: 30,
  /** Somebody else changed the request meanwhile: look again. */
  conflict: 31,
  /** There is no such request, or it is none of this person's. */
  notFound: 32,
  /** The revocation is not proven (yet): no receipt, no end. */
  notProven: 33,
  /** Something waits for a person: a parked job, a breach, a contradiction, a stale CRL. */
  attention: 34,
  /** Rows of a list cannot be filed. */
  rowsNotReady: 40,
  /** Rows of a list have no proof yet, or ended without one. */
  rowsNotProven: 41,
} as const

/** What each code means, for `--help` and the documentation. */
export const exitCodeTexts: Readonly<Record<keyof typeof exitCodes, Text>> = {
  good: { id: 'baik', en: 'good' },
  failed: { id: 'gagal', en: 'failed' },
  badInput: { id: 'masukan salah', en: 'bad input' },
  revoked: { id: 'dicabut', en: 'revoked' },
  suspended: { id: 'ditangguhkan', en: 'suspended' },
  expired: { id: 'kedaluwarsa', en: 'expired' },
  notYetValid: { id: 'belum berlaku', en: 'not yet valid' },
  unknown: { id: 'tidak diketahui', en: 'unknown' },
  receiptInvalid: { id: 'bukti tidak sah', en: 'receipt not valid' },
  namesDiffer: { id: 'nama berbeda', en: 'names differ' },
  standardDefective: { id: 'standar bercacat', en: 'standard defective' },
  letterDoubtful: { id: 'surat meragukan', en: 'letter doubtful' },
  letterUnsigned: { id: 'surat tanpa tanda tangan elektronik', en: 'letter not signed' },
  crlRolledBack: { id: 'CRL mundur', en: 'CRL rolled back' },
  auditBroken: { id: 'data tidak utuh', en: 'stored desk not intact' },
  refused: { id: 'ditolak meja layanan', en: 'refused by the desk' },
  conflict: { id: 'sudah diubah petugas lain', en: 'changed by somebody else meanwhile' },
  notFound: { id: 'permohonan tidak ditemukan', en: 'no such request' },
  notProven: { id: 'belum terbukti', en: 'not proven' },
  attention: { id: 'perlu perhatian petugas', en: 'needs a person' },
  rowsNotReady: { id: 'ada baris yang tidak dapat diajukan', en: 'rows that cannot be filed' },
  rowsNotProven: { id: 'ada baris tanpa bukti', en: 'rows without a proof' },
}

/** A code `cabut` can exit with. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
