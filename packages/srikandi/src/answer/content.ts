import type { Proof } from '@cabut/sdk'
import { writeLetterDate, writeLetterTime, type LetterZone } from '../letter/date.js'
import type { AnsweredLetter } from './answered-letter.js'
import type { OutgoingLetter, Tujuan } from '../letter/letter.js'
import type { Letterhead, LetterDeskOptions, RequestView } from '../intake/letter-desk.js'
import type { Office } from '../letter/office.js'

/**
 * Srikandi's variables as its DOCX templates write them: filled in by Srikandi at numbering and signing, never by us. Which names an
 * installation knows is its own matter; these are the usual ones.
 */
export interface LetterVariables {
  /** @default '${nomor_naskah}' */
  readonly number: string
  /** @default '${tanggal_naskah}' */
  readonly date: string
  /** @default '${ttd_pengirim}' */
  readonly signature: string
}

/**
 * The usual names of Srikandi's variables.
 *
 * @example
 * ```ts
 * usualVariables // { number: '${nomor_naskah}', date: '${tanggal_naskah}', signature: '${ttd_pengirim}' }
 * ```
 */
export const usualVariables: LetterVariables = { number: '${nomor_naskah}', date: '${tanggal_naskah}', signature: '${ttd_pengirim}' }

/** One certificate in an answer. */
export interface AnswerRow {
  readonly holder: string
  /** Serial number, lower-case hex; empty when it was not known. */
  readonly serial: string
  /** Outcome in words; "Dicabut, terbukti" only with a proof. */
  readonly outcome: string
  /** When and by what, in local time; or why not. */
  readonly detail: string
  /** The receipt that goes with the letter. */
  readonly receipt?: { readonly name: string; readonly sha256: string; /** Octets. */ readonly size: number }
}

/** An answer or return letter before it takes a form: the same content becomes data, PDF and DOCX. */
export interface AnswerContent {
  readonly letter: OutgoingLetter
  readonly letterhead: Letterhead
  readonly addressee: readonly string[]
  readonly opening: string
  readonly rows: readonly AnswerRow[]
  readonly closing: readonly string[]
  readonly signatory: { readonly jabatan: string; readonly nama: string }
  readonly variables: LetterVariables
  /** SHA-256 of the file `bukti.sha256` that lists the receipts; in the QR code. */
  readonly receiptsSha256?: string
  /** `true`: the certificate authority is a sandbox's. */
  readonly sandbox: boolean
}

/**
 * Under every QR code, so that nobody takes it for a signature.
 *
 * @example
 * ```ts
 * qrCaption // 'Bukti pencabutan - bukan tanda tangan elektronik'
 * ```
 */
export const qrCaption = 'Bukti pencabutan - bukan tanda tangan elektronik'

/** A row for one request as it stands. */
export function answerRow(request: RequestView, reasons: readonly string[], receipt: AnswerRow['receipt'], zone: LetterZone): AnswerRow {
  const { state, label } = request
  const { holder = '', subjectDn = '' } = state.personal
  return {
    holder: holder !== '' ? holder : /(?:^|,)CN=((?:[^,\\]|\\.)+)/.exec(subjectDn)?.[1]?.replace(/\\(.)/g, '$1') ?? '-',
    serial: state.certificate.serial ?? '',
    outcome: outcomeWords(request) ?? label.id,
    detail: detailOf(request, reasons, zone),
    ...(receipt === undefined ? {} : { receipt }),
  }
}

function outcomeWords({ status, state }: RequestView): string | undefined {
  return status === 'closed' && state.proof !== undefined && state.cameFrom === 'revoked' ? 'Dicabut, terbukti' : undefined
}

function detailOf({ status, state, label }: RequestView, reasons: readonly string[], zone: LetterZone): string {
  const outcome = status === 'closed' ? state.cameFrom : status
  if (state.proof !== undefined && (outcome === 'revoked' || outcome === 'suspended')) return proofWords(state.proof, zone)
  if (outcome === 'awaitingProof' && state.ams.revokedAt !== undefined) return `Menurut AMS ${writeLetterTime(state.ams.revokedAt, zone)}; bukti menyusul`
  return reasons.length > 0 ? reasons.join('; ') : label.id
}

/** How a proof is told in a letter. */
export function proofWords(proof: Proof, zone: LetterZone): string {
  const source = proof.source === 'crl' ? `CRL${proof.crlNumber === undefined ? '' : ` nomor ${proof.crlNumber}`}` : 'OCSP'
  return `Dicabut ${writeLetterTime(proof.revocationDate, zone)}, terbukti dengan ${source} tanggal ${writeLetterTime(proof.thisUpdate, zone)}`
}

/** What a letter is composed from. */
export interface ComposeInput {
  readonly options: Pick<LetterDeskOptions, 'letterhead' | 'signatory' | 'verifiers' | 'classification' | 'offices' | 'copies'>
  readonly kind: OutgoingLetter['kind']
  readonly answered: AnsweredLetter
  readonly rows: readonly AnswerRow[]
  readonly receiptsSha256?: string
  readonly sandbox: boolean
  readonly variables?: LetterVariables
  /** With a notice: the office it goes to. */
  readonly to?: Office
  /** Letters that wait for a holder whose certificate is revoked now. */
  readonly waiting?: { readonly letters: number; readonly notice: string }
}

const subjects: Readonly<Record<OutgoingLetter['kind'], string>> = {
  answer: 'Jawaban Permohonan Pencabutan Sertifikat Elektronik',
  return: 'Pengembalian Permohonan Pencabutan Sertifikat Elektronik',
  notice: 'Pemberitahuan Pencabutan Sertifikat Elektronik',
}

/**
 * Composes an answer, return or notice in the house form of an official letter. Its number and date stay Srikandi's variables.
 *
 * @throws {@link CabutError} `letterDateInvalid` when `answered.tanggal` is not `YYYY-MM-DD`
 * @example
 * ```ts
 * const answered = { identity: { office: 'DINDIK', number: '800/15/DINDIK', year: 2026 }, nomor: '800/15/DINDIK', tanggal: '2026-11-23' }
 * const { letter, addressee } = composeAnswer({ options: { offices, letterhead, signatory }, kind: 'return', answered, rows: [], sandbox: false })
 * letter.hal // 'Pengembalian Permohonan Pencabutan Sertifikat Elektronik'
 * letter.nomor // '${nomor_naskah}'
 * addressee // ['Yth. Kepala Dinas Pendidikan', 'di Tempat']
 * ```
 */
export function composeAnswer({ options, kind, answered, rows, receiptsSha256, sandbox, variables = usualVariables, to, waiting }: ComposeInput): AnswerContent {
  const { identity, nomor, tanggal } = answered
  const sender = options.offices.find(({ code }) => code === identity.office)
  const writer = answered.jabatan ?? `Kepala ${sender?.name ?? identity.office}`
  const jabatan = to === undefined ? writer : `Kepala ${to.name}`
  const receipts = rows.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]))
  const hal = subjects[kind]
  const tujuan: Tujuan = { lingkup: 'eksternalSrikandi', nama: jabatan, unit: to?.code ?? identity.office }
  const letter: OutgoingLetter = {
    kind, jenisNaskah: 'Surat Dinas', sifat: 'Biasa', tingkatUrgensi: 'Biasa', hal, nomor: variables.number, tanggal: variables.date, state: 'konsep', isiRingkas: `${hal}: ${rows.length} sertifikat`,
    tujuan: [tujuan], tembusan: options.copies ?? [], verifikator: options.verifiers ?? [], penandatangan: [options.signatory],
    lampiran: receipts.map(({ name, sha256, size }) => ({ nama: name, mediaType: 'application/zip', sha256, size })), menjawab: { identity, nomor, tanggal },
    ...(options.classification === undefined ? {} : { klasifikasi: options.classification }),
  }
  const letterWords = `nomor ${nomor} tanggal ${writeLetterDate(tanggal)} perihal permohonan pencabutan sertifikat elektronik`
  return {
    letter, letterhead: options.letterhead, rows, variables, sandbox, addressee: [`Yth. ${jabatan}`, 'di Tempat'],
    opening: to === undefined
      ? `Menjawab surat Saudara ${letterWords}, dengan hormat disampaikan hasilnya sebagai berikut:`
      : `Menindaklanjuti surat ${writer} ${letterWords}, dengan hormat diberitahukan hasilnya bagi pegawai pada ${to.name} sebagai berikut:`,
    closing: [
      ...(receipts.length > 0 ? ['Bukti pencabutan terlampir dapat diperiksa siapa pun tanpa akses ke sistem kami, dengan perintah OpenSSL dalam berkas VERIFY.md di dalamnya.'] : []),
      ...(waiting === undefined ? [] : [`${waiting.letters} naskah di Srikandi masih menunggu pemilik sertifikat tersebut; mohon ditetapkan pejabat penggantinya. ${waiting.notice}.`]),
      ...(kind === 'return' ? ['Permohonan yang dikembalikan dapat diajukan kembali dengan surat baru sesudah diperbaiki.'] : []),
      'Demikian disampaikan, atas perhatian dan kerja sama Saudara diucapkan terima kasih.',
    ],
    signatory: { jabatan: options.signatory.jabatan ?? '', nama: options.signatory.nama },
    ...(receiptsSha256 === undefined ? {} : { receiptsSha256 }),
  }
}

/** Text of `bukti.sha256`, as `sha256sum -c` reads it. */
export function receiptList(receipts: readonly { readonly name: string; readonly sha256: string }[]): string {
  return [...receipts].sort((left, right) => (left.name < right.name ? -1 : 1)).map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')
}
