import type { Proof, ProofFinding } from '../proof/verdict.js'
import type { AmsRevocationStatus } from '../ams/port.js'
import type { CaseCertificate, CaseLetter, CaseParties, Findings, NoticeSubject } from './state.js'
import type { StatusReason } from './status.js'

/**
 * The fixed command table: a step of a standard names one of these, a role and guards. What each does, in Indonesian and English;
 * {@link CommandData} says what it carries.
 *
 * @example
 * ```ts
 * commands.approve // { id: 'menyetujui', en: 'approve' }
 * ```
 */
export const commands = {
  file: { id: 'mencatat permohonan', en: 'file' },
  amend: { id: 'mengubah permohonan', en: 'amend' },
  attach: { id: 'melampirkan surat', en: 'attach a letter' },
  submit: { id: 'mengajukan', en: 'submit' },
  receive: { id: 'menerima dan membaca', en: 'receive and read' },
  dispose: { id: 'mendisposisikan', en: 'dispose' },
  redispose: { id: 'mendisposisikan ulang', en: 'dispose again' },
  cancelDisposition: { id: 'membatalkan disposisi', en: 'cancel the disposition' },
  verify: { id: 'memverifikasi', en: 'verify' },
  return: { id: 'mengembalikan untuk perbaikan', en: 'return for correction' },
  approve: { id: 'menyetujui', en: 'approve' },
  reject: { id: 'menolak', en: 'reject' },
  withdraw: { id: 'menarik permohonan', en: 'withdraw' },
  expedite: { id: 'mempercepat (kunci bocor)', en: 'expedite (key compromise)' },
  execute: { id: 'melaksanakan', en: 'execute' },
  ratify: { id: 'mengesahkan tindakan darurat', en: 'ratify an emergency act' },
  startWrite: { id: 'mulai menulis ke AMS', en: 'start a write to AMS' },
  recordAmsAnswer: { id: 'mencatat jawaban AMS', en: "record AMS's answer" },
  park: { id: 'menunda untuk diperiksa di AMS', en: 'park' },
  resume: { id: 'mencatat hasil pemeriksaan di AMS', en: 'record what was found in AMS' },
  recordEvidence: { id: 'mencatat bukti', en: 'record evidence' },
  prove: { id: 'membuktikan', en: 'prove' },
  contradict: { id: 'mencatat bukti bertentangan', en: 'contradict' },
  resolve: { id: 'menyelesaikan pertentangan', en: 'resolve a contradiction' },
  expire: { id: 'mencatat kedaluwarsa', en: 'record the expiry' },
  resumeCertificate: { id: 'mengaktifkan kembali sertifikat', en: 'resume the certificate' },
  notify: { id: 'memberi tahu', en: 'inform' },
  answer: { id: 'menjawab dengan surat', en: 'answer by letter' },
  close: { id: 'menutup', en: 'close' },
  reopen: { id: 'membuka kembali karena pengaduan', en: 'reopen by complaint' },
} as const

/** One command of the fixed table. */
export type CommandName = keyof typeof commands

/** What each command carries. */
export interface CommandData {
  /** Records a request. With everything required attached it is submitted at once, unless `draft`. */
  file: {
    readonly caseId: string
    readonly kind: 'revocation' | 'suspension'
    readonly reason: string
    readonly certificate: CaseCertificate
    readonly parties: CaseParties
    readonly letters: readonly CaseLetter[]
    /** TMT: start of the effective day, ISO UTC. */
    readonly effectiveDate?: string
    readonly invalidityDate?: string
    readonly onBehalf?: 'deceased' | 'unreachable' | 'incapacitated'
    readonly register?: string
    readonly draft?: boolean
    /** Personal values, kept beside the chain by field name. */
    readonly personal?: Readonly<Record<string, string>>
  }
  /** Changes the request; voids findings and approval. */
  amend: {
    readonly reason?: string
    readonly certificate?: CaseCertificate
    readonly effectiveDate?: string | null
    readonly invalidityDate?: string | null
    readonly personal?: Readonly<Record<string, string>>
  }
  attach: { readonly letter: CaseLetter }
  submit: { readonly register?: string }
  receive: object
  dispose: { readonly to: string; readonly note?: string }
  redispose: { readonly to: string; readonly note?: string }
  cancelDisposition: object
  verify: { readonly findings: Findings }
  return: { readonly reasons: readonly string[] }
  approve: { readonly findings?: Findings; /** One person alone; needs the superior's ratification. */ readonly emergency?: boolean }
  reject: { readonly reasons: readonly string[] }
  withdraw: { readonly note?: string }
  expedite: object
  execute: object
  /** The superior's word on an emergency act, afterwards. */
  ratify: { readonly decision: 'ratified' | 'refused'; readonly note?: string }
  /** The desk is about to write to AMS; whoever appends this may write, nobody else. */
  startWrite: { readonly operation: AmsOperation; readonly key: string }
  recordAmsAnswer: {
    readonly operation: AmsOperation | 'read'
    readonly outcome: 'accepted' | 'refused' | 'notDone' | 'unknown'
    readonly record?: AmsRecordWord
    /** AMS's own code or ours; never personal data. */
    readonly code?: string
    readonly message?: string
  }
  park: { readonly detail?: string }
  /** What a person found in AMS about a parked request. */
  resume: { readonly found: 'record' | 'nothing'; readonly recordId?: string; readonly note?: string }
  recordEvidence: { readonly evidence: CaseEvidence }
  prove: { readonly proof: ProofClaim }
  contradict: { readonly reason: StatusReason; readonly findings: readonly ProofFinding[] }
  resolve: { readonly outcome: 'continue' | 'fail'; readonly note?: string }
  /** The certificate ran out before a proof. */
  expire: object
  resumeCertificate: { readonly note?: string }
  notify: { readonly subject: NoticeSubject; readonly channel: string; readonly party?: 'applicant' | 'holder'; readonly reference?: string }
  answer: { readonly letter: CaseLetter }
  close: object
  reopen: { readonly complaint: string }
}

/** A revocation record of AMS, as far as the workflow needs it. */
export interface AmsRecordWord {
  readonly id: string
  readonly status: AmsRevocationStatus
  /** AMS's own word. */
  readonly rawStatus: string
  /** ISO UTC: when AMS says it was revoked. */
  readonly revokedAt?: string
}

/** A write to AMS: filing a revocation, forwarding it to BSrE, handing it back to who filed, refusing it (Kota Pekalongan 2.3 and 2.6, Kabupaten Purbalingga 2.4). */
export type AmsOperation = 'file' | 'forward' | 'return' | 'reject'

/** A CRL or OCSP answer at hand; the bytes are stored by digest. */
export interface CaseEvidence {
  readonly sha256: string
  readonly source: 'crl' | 'ocsp'
  readonly verdict: 'revoked' | 'onHold' | 'notRevoked' | 'unknown'
  readonly thisUpdate?: string
}

/** What evidence is said to prove. `revoked` and `held` name a positive listing, `active` an authentic later answer without one. */
export type ProofClaim =
  | { readonly of: 'revoked'; readonly proof: Proof; /** SHA-256 of the certificates from issuer to anchor, stored as evidence. */ readonly chain?: readonly string[] }
  | { readonly of: 'held' | 'active'; readonly sha256: string; readonly thisUpdate: string; readonly serial: string }

/** One command with its data. */
export type Command = { [Name in CommandName]: { readonly type: Name } & CommandData[Name] }[CommandName]
