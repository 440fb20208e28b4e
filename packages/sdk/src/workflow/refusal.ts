import type { CommandName } from './command.js'
import type { Label, RoleName } from './role.js'
import type { Status } from './status.js'

/**
 * Why a command is refused, as people read it in Indonesian and English.
 *
 * @example
 * ```ts
 * refusalCodes.effectiveDateNotReached // { id: 'TMT belum tiba', en: 'The effective date has not come' }
 * ```
 */
export const refusalCodes = {
  alreadyFiled: { id: 'Permohonan dengan nomor itu sudah ada', en: 'A request with that id exists already' },
  notFiled: { id: 'Permohonan belum ada', en: 'There is no such request yet' },
  notInThisStatus: { id: 'Tindakan ini tidak berlaku pada keadaan sekarang', en: 'The command does not apply to the present status' },
  notYourRole: { id: 'Bukan kewenangan peran ini', en: 'Not for this role' },
  notYourOffice: { id: 'Bukan permohonan OPD ini', en: 'Not a request of this office' },
  notHolder: { id: 'Hanya pemilik sertifikat', en: 'Only the holder of the certificate' },
  notDisposedTo: { id: 'Disposisi ditujukan kepada petugas lain', en: 'It was disposed to another officer' },
  fourEyes: { id: 'Pemohon tidak boleh memutus permohonannya sendiri (pemeriksaan oleh dua orang)', en: 'Nobody decides on what they filed (four eyes)' },
  supervisorAsFallback: { id: 'Atasan memutus hanya bila tidak ada petugas lain', en: 'The supervisor decides only where nobody else is eligible' },
  assigneeFiled: { id: 'Penerima disposisi ikut mengajukan permohonan ini', en: 'The assignee took part in filing' },
  dispositionRead: { id: 'Disposisi sudah dibaca, tidak dapat dibatalkan', en: 'The disposition has been read and cannot be cancelled' },
  noDisposition: { id: 'Standar ini tidak mengenal disposisi', en: 'This standard has no disposition' },
  lettersMissing: { id: 'Surat yang disyaratkan belum terlampir', en: 'Required letters are missing' },
  alreadyAttached: { id: 'Surat yang sama sudah terlampir', en: 'The same letter is attached already' },
  findingsMissing: { id: 'Hasil pemeriksaan belum dicatat', en: 'Findings are missing' },
  findingMismatch: { id: 'Hasil pemeriksaan tidak sesuai', en: 'A finding is a mismatch' },
  reasonsMissing: { id: 'Alasan wajib diisi', en: 'Reasons are required' },
  effectiveDateNotReached: { id: 'TMT belum tiba', en: 'The effective date has not come' },
  timeBackwards: { id: 'Waktu mundur dari peristiwa terakhir', en: 'The time lies before the last event' },
  timeInvalid: { id: 'Waktu tidak sah', en: 'The time is not valid' },
  inTheFuture: { id: 'Waktu di masa depan', en: 'The time lies in the future' },
  amsHoldsRecord: { id: 'Pengajuan sudah tercatat di AMS; kembalikan dahulu', en: 'AMS holds the filing; return it first' },
  amsWriteOpen: { id: 'Penulisan ke AMS belum diketahui hasilnya', en: 'A write to AMS is under way or unknown' },
  amsRecordMissing: { id: 'Nomor catatan AMS wajib diisi', en: 'The id of the AMS record is required' },
  nothingOwed: { id: 'Tidak ada yang harus ditulis ke AMS', en: 'Nothing is to be written to AMS' },
  notProven: { id: 'Belum terbukti dengan CRL atau OCSP', en: 'Not proven by CRL or OCSP' },
  wrongCertificate: { id: 'Bukti untuk sertifikat lain', en: 'The evidence is about another certificate' },
  notApproved: { id: 'Belum disetujui', en: 'Not approved' },
  certificateExpired: { id: 'Sertifikat sudah kedaluwarsa', en: 'The certificate has expired' },
  certificateNotExpired: { id: 'Sertifikat belum kedaluwarsa', en: 'The certificate has not expired' },
  notInformed: { id: 'Pemohon belum diberi tahu', en: 'The applicant has not been informed' },
  holderNotMessaged: { id: 'Pemilik sertifikat tidak dapat diberi tahu (meninggal atau tidak terjangkau)', en: 'The holder is deceased or unreachable and is not messaged' },
  notAnswered: { id: 'Surat jawaban belum dikirim', en: 'The answer letter has not been sent' },
  letterOwed: { id: 'Surat menyusul belum diterima', en: 'The letter to follow has not come' },
  ratificationOwed: { id: 'Tindakan darurat belum disahkan atasan', en: 'The emergency act awaits the word of the superior' },
  nothingToRatify: { id: 'Tidak ada tindakan darurat yang harus disahkan', en: 'There is no emergency act to ratify' },
  emergencyNotAllowed: { id: 'Tindakan darurat hanya untuk permohonan yang dipercepat dan bila standar mengizinkan', en: 'Emergency acts are for expedited requests, where the standard allows them' },
  notExpeditable: { id: 'Alasan ini tidak dipercepat', en: 'This reason is not expedited' },
  alreadyExpedited: { id: 'Sudah dipercepat', en: 'Already expedited' },
  reasonNotOffered: { id: 'Alasan ini tidak ditawarkan oleh standar', en: 'The standard does not offer this reason' },
  suspensionNotOffered: { id: 'Standar ini tidak menawarkan penangguhan', en: 'This standard does not offer suspension' },
  alreadyInformed: { id: 'Sudah diberitahukan', en: 'Already told' },
  onBehalfNotAllowed: { id: 'Tidak boleh mengajukan atas nama pemilik dengan alasan itu', en: 'Filing on behalf of the holder is not allowed on that ground' },
  subjectMismatch: { id: 'Isi pemberitahuan tidak sesuai dengan keadaan', en: 'The notice does not tell the present status' },
  complaintMissing: { id: 'Nomor pengaduan wajib diisi', en: 'The complaint is required' },
  outcomeDecided: { id: 'Hasilnya sudah diketahui', en: 'The outcome is known already' },
} as const

/** Why a command is refused; each has an Indonesian and an English title in {@link refusalCodes}. */
export type RefusalCode = keyof typeof refusalCodes

/** One thing that would be allowed now, and to whom. */
export interface AllowedCommand {
  readonly command: CommandName
  readonly roles: readonly RoleName[]
  /** People of the roster who may; absent without a roster. */
  readonly persons?: readonly string[]
}

/** A refused command. Nothing happened. */
export interface Refusal {
  readonly refused: RefusalCode
  readonly command: CommandName
  readonly status: Status | 'none'
  /** What is missing or wrong: letter kinds, finding names, ids of persons. Never personal data. */
  readonly missing?: readonly string[]
  readonly allowed: readonly AllowedCommand[]
  /** What to do where nobody may. */
  readonly advice?: Label
}

/**
 * Tells a refusal from the events of a decision.
 *
 * @example
 * ```ts
 * const decision = decide(rules, requestAt('approved'), { type: 'approve' }, tegar, instantOf('09:50'))
 * isRefusal(decision) // true
 * isRefusal(decision) && refusalCodes[decision.refused].en // 'The command does not apply to the present status'
 * ```
 */
export function isRefusal(decision: readonly unknown[] | Refusal): decision is Refusal {
  return !Array.isArray(decision)
}
