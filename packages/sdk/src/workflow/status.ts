import type { RoleName } from './role.js'

/** What a status means to people and to the clock. */
export interface StatusRow {
  /** Label in Indonesian. */
  readonly id: string
  readonly en: string
  /** Whose turn it is; `applicant` stands for whoever may file, `ca` for the publication of the CRL or OCSP answer, empty for nobody: the case is over. */
  readonly turn: readonly (RoleName | 'ca')[]
  /** Nothing more is owed; only `reopen`, lifting a suspension, or the after-watch lead out of it. */
  readonly final: boolean
  /** To whom time spent here is attributed. `decider` time is Dinkominfo's. */
  readonly time: 'applicant' | 'dinkominfo' | 'bsre' | 'ams' | 'publication' | 'none'
}

/**
 * Every status of a request. The comment at each says whose turn it is and what ends it.
 *
 * @example
 * ```ts
 * // Never called revoked before CRL or OCSP says so.
 * statuses.awaitingProof.id // 'Dicabut menurut AMS, menunggu bukti'
 * statuses.awaitingProof.turn // ['ca']
 * ```
 */
export const statuses = {
  /** The applicant's turn: letters, certificate or reason are still missing. */
  draft: { id: 'Konsep, belum diajukan', en: 'Draft', turn: ['applicant'], final: false, time: 'applicant' },
  /** Dinkominfo's turn: the head disposes, or the officer takes it up. Where the owner files in AMS at submission: that filing is under way. */
  submitted: { id: 'Diajukan', en: 'Submitted', turn: ['head', 'verifier', 'system'], final: false, time: 'dinkominfo' },
  /** The officer's turn: the disposition lies there, unread; it can still be cancelled. */
  disposed: { id: 'Didisposisikan, belum dibaca', en: 'Disposed, unread', turn: ['verifier'], final: false, time: 'dinkominfo' },
  /** The officer's turn: data, completeness and Subject DN are checked, then somebody who did not file decides. */
  verifying: { id: 'Diverifikasi', en: 'Under verification', turn: ['verifier', 'supervisor'], final: false, time: 'dinkominfo' },
  /** The applicant's turn: a new letter or corrected data is needed. The clock is paused. */
  returned: { id: 'Dikembalikan untuk perbaikan', en: 'Returned for correction', turn: ['applicant'], final: false, time: 'applicant' },
  /** The desk's turn, not before the effective date (TMT): then it is executed. */
  approved: { id: 'Disetujui, menunggu pelaksanaan', en: 'Approved, awaiting execution', turn: ['system', 'verifier'], final: false, time: 'dinkominfo' },
  /** The desk's turn: the write to AMS is under way or being reconciled by reading. */
  executing: { id: 'Sedang dimasukkan ke AMS', en: 'Being entered in AMS', turn: ['system'], final: false, time: 'ams' },
  /** BSrE's turn: it decides and revokes. */
  atBsre: { id: 'Menunggu BSrE', en: 'Waiting for BSrE', turn: ['bsre'], final: false, time: 'bsre' },
  /** The CA's turn: AMS says revoked, its signed CRL or OCSP does not yet. Not revoked. */
  awaitingProof: { id: 'Dicabut menurut AMS, menunggu bukti', en: 'Revoked according to AMS, awaiting proof', turn: ['ca'], final: false, time: 'publication' },
  /** Dinkominfo's turn: proven; the applicant must be informed, and answered by letter where the standard says so. */
  revoked: { id: 'Dicabut, terbukti', en: 'Revoked, proven', turn: ['system', 'verifier'], final: false, time: 'dinkominfo' },
  /** Dinkominfo's turn: the certificate is on hold, proven; it can be resumed. Never called revoked. */
  suspended: { id: 'Ditangguhkan (diblokir)', en: 'Suspended (on hold)', turn: ['system', 'verifier'], final: false, time: 'dinkominfo' },
  /** The officer's turn in AMS, then the CA's: the end of the suspension is awaited in CRL or OCSP. */
  resuming: { id: 'Pengaktifan kembali, menunggu bukti', en: 'Resuming, awaiting proof', turn: ['verifier', 'ca'], final: false, time: 'publication' },
  /** Dinkominfo's turn: the certificate is active again, proven; inform the applicant. */
  resumed: { id: 'Aktif kembali, terbukti', en: 'Active again, proven', turn: ['system', 'verifier'], final: false, time: 'dinkominfo' },
  /** Dinkominfo's turn: inform the applicant of the refusal and its reason. */
  rejected: { id: 'Ditolak', en: 'Rejected', turn: ['system', 'verifier'], final: false, time: 'dinkominfo' },
  /** Dinkominfo's turn: it cannot be done this way (refused by BSrE, expired before proof, ...): return it or inform and close. */
  failed: { id: 'Gagal', en: 'Failed', turn: ['verifier', 'supervisor'], final: false, time: 'dinkominfo' },
  /** A person's turn: what AMS did is unknown; look in AMS and say what is there. Nothing is repeated until then. */
  parked: { id: 'Perlu diperiksa di AMS', en: 'Parked: look in AMS', turn: ['verifier', 'supervisor'], final: false, time: 'ams' },
  /** A person's turn: two pieces of evidence deny each other. */
  contradicted: { id: 'Bukti bertentangan, perlu diperiksa', en: 'Evidence contradicts itself', turn: ['verifier', 'supervisor'], final: false, time: 'dinkominfo' },
  /** Over: the applicant took it back. */
  withdrawn: { id: 'Ditarik oleh pemohon', en: 'Withdrawn', turn: [], final: true, time: 'none' },
  /** Over: the applicant was informed. Later CRLs are still watched, and a suspension can be lifted. */
  closed: { id: 'Selesai', en: 'Closed', turn: [], final: true, time: 'none' },
} as const

/** Where a request stands; each status says whose turn it is ({@link statuses}). `suspended` is never called `revoked`. */
export type Status = keyof typeof statuses

/**
 * Why a request is `failed`, `parked` or `contradicted`, in Indonesian and English. `returned` may have one too: AMS or BSrE handed it back.
 *
 * @example
 * ```ts
 * statusReasons.refusedByBsre // { id: 'BSrE menolak pencabutan', en: 'BSrE refused the revocation' }
 * ```
 */
export const statusReasons = {
  refusedByBsre: { id: 'BSrE menolak pencabutan', en: 'BSrE refused the revocation' },
  refusedByAms: { id: 'AMS menolak pengajuan', en: 'AMS refused the filing' },
  expiredBeforeProof: { id: 'Sertifikat kedaluwarsa sebelum pencabutan terbukti', en: 'The certificate expired before the revocation was proven' },
  revokedOutside: { id: 'Sudah dicabut di luar layanan ini sebelum dilaksanakan', en: 'Revoked outside this service before it was executed' },
  revokedInstead: { id: 'Dicabut, padahal diminta ditangguhkan', en: 'Revoked although a suspension was requested' },
  heldInstead: { id: 'Ditangguhkan, padahal diminta dicabut', en: 'Put on hold although a revocation was requested' },
  evidenceDenies: { id: 'CRL atau OCSP menyangkal', en: 'CRL or OCSP denies it' },
  outcomeUnknown: { id: 'Jawaban AMS tidak diketahui', en: 'The outcome in AMS is unknown' },
  resumedOutside: { id: 'Diaktifkan kembali di luar layanan ini', en: 'Resumed outside this service' },
} as const

/** Why a request stands in `failed`, `parked` or another status that has more than one cause; see {@link statusReasons}. */
export type StatusReason = keyof typeof statusReasons
