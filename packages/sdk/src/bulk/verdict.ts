import type { Issue } from '../issues.js'
import type { Proof } from '../proof/index.js'
import type { RequestInput } from '../request/index.js'
import type { Status } from '../workflow/index.js'

/**
 * What checking a row can find, in both languages. Only `ready` rows are filed.
 *
 * @example
 * ```ts
 * rowFindings.ambiguous.en // 'more than one certificate: a person must pick'
 * ```
 */
export const rowFindings = {
  ready: { id: 'siap diajukan', en: 'ready to be filed' },
  unreadable: { id: 'baris tidak terbaca', en: 'the row cannot be read' },
  invalid: { id: 'isi baris tidak sah', en: 'the row is not valid' },
  duplicate: { id: 'ganda: sertifikat yang sama sudah ada di baris lain', en: 'duplicate: another row names the same certificate' },
  ambiguous: { id: 'lebih dari satu sertifikat: petugas harus memilih', en: 'more than one certificate: a person must pick' },
  unresolved: { id: 'sertifikat belum dapat dicari', en: 'the certificate could not be looked up' },
  noCertificate: { id: 'tidak ada sertifikat untuk orang ini', en: 'this person has no certificate' },
  alreadyRevoked: { id: 'sertifikat sudah dicabut', en: 'the certificate is revoked already' },
  expired: { id: 'sertifikat sudah kedaluwarsa', en: 'the certificate has expired' },
  alreadyFiled: { id: 'sudah ada permohonan yang berjalan untuk sertifikat ini', en: 'a request for this certificate is under way' },
} as const

/** What the check of a row found; each has its words in both languages in {@link rowFindings}. */
export type RowFinding = keyof typeof rowFindings

/** One certificate among several. Subject DN is personal data. */
export interface Candidate {
  readonly issuerDn: string
  readonly serial: string
  readonly subjectDn: string
  readonly notBefore: string
  readonly notAfter: string
}

/** What is filed for a row. Holds personal data: a plan is kept like the list itself. */
export type RowRequest = Omit<RequestInput, 'letters'>

/** A checked row. */
export interface RowVerdict {
  readonly row: number
  readonly finding: RowFinding
  /** Codes of issues, or the row or request meant; never a value of the row. */
  readonly detail?: string
  readonly issues?: readonly Issue[]
  readonly candidates?: readonly Candidate[]
  /** Canonical; present as soon as they are known. */
  readonly issuerDn?: string
  readonly serial?: string
  /** Only with `ready`. */
  readonly request?: RowRequest
}

/**
 * How a row of an executed list stands, in both languages. Only `waiting` goes on by itself.
 *
 * @example
 * ```ts
 * rowOutcomes.proven // { id: 'dicabut, terbukti', en: 'revoked, proven' }
 * ```
 */
export const rowOutcomes = {
  proven: { id: 'dicabut, terbukti', en: 'revoked, proven' },
  held: { id: 'ditangguhkan, terbukti', en: 'on hold, proven' },
  alreadyRevoked: { id: 'sudah dicabut sebelum diajukan', en: 'revoked before it was filed' },
  waiting: { id: 'berjalan', en: 'under way' },
  notFiled: { id: 'belum diajukan', en: 'not filed' },
  skipped: { id: 'tidak diajukan', en: 'left out' },
  refused: { id: 'ditolak meja layanan', en: 'refused by the desk' },
  ended: { id: 'berakhir tanpa pencabutan', en: 'ended without a revocation' },
  attention: { id: 'perlu diperiksa petugas', en: 'needs a person' },
} as const

/** What became of a row; each has its words in both languages in {@link rowOutcomes}. */
export type RowOutcome = keyof typeof rowOutcomes

/** A row and what became of it: the proof, or why there is none. Without personal data. */
export interface RowResult {
  readonly row: number
  readonly outcome: RowOutcome
  /** Why: a finding, a refusal or an error by code, or the status reason. */
  readonly detail?: string
  readonly requestId?: string
  readonly register?: string
  readonly status?: Status
  readonly issuerDn?: string
  readonly serial?: string
  readonly proof?: Proof
}

/**
 * Nothing more will happen to the row by itself: waiting for it is in vain.
 *
 * @example
 * ```ts
 * hasEnded({ row: 1, outcome: 'attention' }) // true
 * hasEnded({ row: 1, outcome: 'waiting' }) // false
 * ```
 */
export function hasEnded({ outcome }: RowResult): boolean {
  return outcome !== 'waiting'
}

/**
 * Id of the request of one row: the same for each run of the same list, so that the store itself refuses to file a row twice, whenever a run was
 * killed. By number of the row, not by its content: an identity number must not be guessable from an id.
 *
 * @param sha256 - lower-case hex of the list's octets
 * @param row - from 1
 * @returns `B-`, the first 24 digits of the digest and the row in at least six
 * @throws TypeError when either is not of this form
 * @example
 * ```ts
 * requestIdOf('0123456789abcdef'.repeat(4), 7) // 'B-0123456789abcdef01234567-000007'
 * requestIdOf('0123456789abcdef'.repeat(4), 0) // throws TypeError
 * ```
 */
export function requestIdOf(sha256: string, row: number): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('sha256: lower-case hex of 32 octets expected')
  if (!Number.isSafeInteger(row) || row < 1) throw new TypeError('row: whole number from 1 expected')
  return `B-${sha256.slice(0, 24)}-${String(row).padStart(6, '0')}`
}
