import { CabutError, type CabutErrorCode } from './errors.js'

/** Wording of one issue; `{0}` and `{1}` take limits and names of places, never values a person entered. */
interface Wording {
  readonly id: string
  readonly en: string
}

/**
 * Every issue a request or a standard can have, in one table: code -> words in Indonesian and English. `{0}` and `{1}` take limits and names of places.
 *
 * @example
 * ```ts
 * issueTable.nikForm // { id: 'NIK harus tepat 16 digit', en: 'NIK must be exactly 16 digits' }
 * issueTable.letterMissing.en // 'a mandatory letter is missing: {0}'
 * ```
 */
export const issueTable = {
  // form of any input
  required: { id: 'wajib diisi', en: 'is required' },
  unknownField: { id: 'bidang tidak dikenal: {0}', en: 'unknown field: {0}' },
  wrongType: { id: 'jenis nilai salah, seharusnya {0}', en: 'wrong type, expected {0}' },
  wrongForm: { id: 'bentuk nilai tidak sah', en: 'is not well-formed' },
  unknownName: { id: 'nama tidak dikenal dalam daftar tertutup', en: 'names nothing in the closed list' },
  tooShort: { id: 'terlalu pendek atau kurang dari {0}', en: 'is too short or less than {0}' },
  tooLong: { id: 'terlalu panjang atau lebih dari {0}', en: 'is too long or more than {0}' },
  secretRefused: {
    id: 'passphrase, kata sandi, dan kode TOTP tidak pernah diterima di sini',
    en: 'passphrases, passwords and TOTP codes are never accepted here',
  },
  // identifiers
  nikNotString: {
    id: 'NIK harus berupa teks, bukan angka (16 digit melampaui 2^53)',
    en: 'NIK must be a string, not a number (16 digits exceed 2^53)',
  },
  nikForm: { id: 'NIK harus tepat 16 digit', en: 'NIK must be exactly 16 digits' },
  nikImplausible: {
    id: 'tanggal atau kode wilayah dalam NIK tampak tidak wajar',
    en: 'the date or region code in the NIK looks implausible',
  },
  nipForm: {
    id: 'NIP harus 18 digit: tanggal lahir, bulan pengangkatan, jenis kelamin, nomor urut',
    en: 'NIP must be 18 digits: birth date, month of appointment, sex, sequence',
  },
  nipNotString: { id: 'NIP harus berupa teks, bukan angka', en: 'NIP must be a string, not a number' },
  nipImplausible: { id: 'tanggal dalam NIP tampak tidak wajar', en: 'a date in the NIP looks implausible' },
  niPppkForm: {
    id: 'NI PPPK harus 18 digit dengan bilangan kontrak mulai 21',
    en: 'NI PPPK must be 18 digits with a contract count from 21',
  },
  emailForm: {
    id: 'surel dinas harus huruf kecil dan berakhiran domain dinas (.go.id)',
    en: 'the official e-mail must be lower-case and end in an official domain (.go.id)',
  },
  letterNumberForm: {
    id: 'nomor surat: 3-100 karakter, memuat angka, tanpa karakter kendali',
    en: 'letter number: 3-100 characters, a digit, no control characters',
  },
  dateForm: { id: 'tanggal harus YYYY-MM-DD dan ada di kalender', en: 'the date must be YYYY-MM-DD and exist' },
  timeForm: { id: 'jam harus HH:MM antara 00:00 dan 24:00', en: 'the time must be HH:MM between 00:00 and 24:00' },
  // certificate
  certificateMissing: {
    id: 'rujukan sertifikat kosong: beri sertifikat, penerbit + nomor seri, atau username + Subject DN',
    en: 'no certificate reference: give the certificate, issuer + serial, or username + Subject DN',
  },
  certificateUnreadable: { id: 'sertifikat tidak dapat dibaca', en: 'the certificate cannot be read' },
  certificateMismatch: { id: 'rujukan sertifikat saling bertentangan', en: 'the parts of the certificate reference contradict each other' },
  serialForm: {
    id: 'nomor seri harus heksadesimal atau desimal, paling panjang 20 oktet',
    en: 'the serial number must be hexadecimal or decimal, at most 20 octets',
  },
  serialAmbiguous: {
    id: 'nomor seri hanya berisi angka: sebutkan heksadesimal atau desimal',
    en: 'the serial number has digits only: say whether it is hexadecimal or decimal',
  },
  dnForm: { id: 'Subject DN tidak dapat dibaca', en: 'the Subject DN cannot be read' },
  dnNotChecked: { id: 'Subject DN belum diperiksa: sertifikat tidak ada di tangan', en: 'Subject DN not checked: no certificate at hand' },
  // letters
  letterEmpty: { id: 'berkas surat kosong', en: 'the letter file is empty' },
  letterNotPdf: { id: 'berkas surat bukan PDF', en: 'the letter file is not a PDF' },
  letterTruncated: { id: 'berkas PDF terpotong (tanpa %%EOF)', en: 'the PDF file is cut short (no %%EOF)' },
  letterTooLarge: { id: 'berkas surat melebihi batas 20 MB', en: 'the letter file exceeds the limit of 20 MB' },
  letterAboveAmsLimit: {
    id: 'berkas melebihi batas unggah AMS 1 MB; berkas asli disimpan. Jangan memampatkan atau mencetak ulang: PDF bertanda tangan elektronik kehilangan tanda tangannya',
    en: 'the file exceeds the 1 MB upload limit of AMS; the original is kept. Do not compress or re-print: a signed PDF loses its signature',
  },
  letterMissing: { id: 'surat yang diwajibkan belum dilampirkan: {0}', en: 'a mandatory letter is missing: {0}' },
  letterAdvised: { id: 'dokumen ini sebaiknya dilampirkan: {0}', en: 'this document should be attached: {0}' },
  letterUnsigned: {
    id: 'surat tidak bertanda tangan elektronik: periksa tanda tangan basah dan cap pada aslinya',
    en: 'the letter carries no electronic signature: look for wet ink and stamp on the original',
  },
  letterPrintout: {
    id: 'ini cetakan surat bertanda tangan elektronik, tanda tangannya tidak ada di dalam berkas: minta berkas PDF aslinya',
    en: 'this is a printout of an e-signed letter, the signature is not in the file: ask for the original PDF',
  },
  letterSignatureBroken: { id: 'tanda tangan elektronik rusak, atau isi surat berubah sesudah ditandatangani', en: 'an electronic signature is broken, or the letter changed after signing' },
  letterSignerDoubtful: { id: 'sertifikat penanda tangan surat tidak dapat dipastikan baik', en: "the standing of the signer's certificate could not be made sure" },
  letterSignatureUnreadable: { id: 'tanda tangan di dalam surat tidak dapat diperiksa', en: 'the signatures in the letter could not be examined' },
  letterKeyUnderRevocation: {
    id: 'surat ditandatangani dengan sertifikat yang diminta dicabut: tidak berlaku sebagai permohonan; pejabat berwenang lain harus menandatangani',
    en: 'the letter is signed with the certificate it asks to revoke: it authorises nothing; another authorised official must sign',
  },
  // reason
  reasonUnknown: { id: 'alasan pencabutan tidak dikenal', en: 'unknown reason' },
  reasonNotOffered: { id: 'alasan ini tidak ditawarkan oleh standar pelayanan', en: 'the service standard does not offer this reason' },
  reasonAdvice: { id: '{0}', en: '{1}' },
  reasonNeedsNote: { id: 'alasan ini perlu keterangan', en: 'this reason needs a note' },
  holderDeceasedContact: {
    id: 'pemilik meninggal dunia: tidak boleh ada alamat untuk menghubunginya',
    en: 'the holder is deceased: no address to contact them may be given',
  },
  // standard
  zoneUnknown: { id: 'zona waktu tidak dikenal: hanya WIB, WITA, WIT', en: 'unknown time zone: only WIB, WITA, WIT' },
  componentMissing: { id: 'komponen standar pelayanan tidak ada: {0}', en: 'component of the service standard missing: {0}' },
  duplicate: { id: 'tertulis dua kali', en: 'stands twice' },
  roleNotDefined: { id: 'peran tidak ada dalam daftar peran standar ini', en: 'the role is not among the roles of this standard' },
  stepUnknown: { id: 'menunjuk langkah yang tidak ada', en: 'points to a step that does not exist' },
  stepUnreachable: { id: 'langkah tidak dapat dicapai dari langkah pertama', en: 'the step cannot be reached from the first step' },
  stepCycle: { id: 'langkah membentuk lingkaran', en: 'the steps form a cycle' },
  stepCommandMissing: { id: 'tidak ada langkah yang memberi perintah {0}', en: 'no step gives the command {0}' },
  stepDeadEnd: { id: 'langkah berakhir sebelum penutupan', en: 'the step ends before closing' },
  amsStepWrong: {
    id: 'langkah pengajuan di AMS tidak sesuai dengan langkah yang ditunjuk',
    en: 'the step that files in AMS does not agree with the step it names',
  },
  clockStepMissing: { id: 'tidak ada langkah yang memulai atau menghentikan jam layanan', en: 'no step starts or stops the service clock' },
  hoursOverlap: { id: 'jam layanan atau istirahat bertumpang tindih', en: 'opening hours or breaks overlap' },
  hoursOrder: { id: 'jam tutup harus sesudah jam buka', en: 'closing must be after opening' },
  breakOutside: {
    id: 'istirahat di luar jam buka atau lebih panjang daripada hari layanan',
    en: 'a break lies outside the opening hours or is longer than the day',
  },
  hoursEmpty: { id: 'tidak ada jam layanan sama sekali', en: 'there are no service hours at all' },
  amountWrong: { id: 'besaran tidak cocok dengan jenis batas waktu', en: 'the amount does not fit the kind of limit' },
} as const

const wordings: Readonly<Record<IssueCode, Wording>> = issueTable

/** Code of an issue. */
export type IssueCode = keyof typeof issueTable

/** One thing wrong (or worth a warning) in an input: where, what, and what people read. Never carries the value. */
export interface Issue {
  /** Dotted path in the input, such as `letters[0].bytes`; empty for the whole. */
  readonly path: string
  readonly code: IssueCode
  readonly id: string
  readonly en: string
}

/** Makes an issue from the table. */
export function issue(path: string, code: IssueCode, ...inserts: readonly string[]): Issue {
  const wording = wordings[code]
  const fill = (text: string): string => text.replace(/\{(\d)\}/g, (_, index: string) => inserts[Number(index)] ?? '')
  return { path, code, id: fill(wording.id), en: fill(wording.en) }
}

/**
 * An input that is not valid, with every issue found. The first issue is the one to show first.
 * Its code is `requestInvalid`, `standardInvalid` or `calendarInvalid`.
 *
 * @example
 * ```ts
 * const filed = openDesk().file({ certificate: certificate.der, reason: 'rotasi', letters: [requestLetter], applicant: { ...applicant, nik: '123' } })
 * const error = await filed.catch((thrown: unknown) => thrown)
 * error instanceof InvalidInputError ? error.issues.map(({ path, code }) => `${path}: ${code}`) : [] // ['applicant.nik: nikForm', 'reason: reasonUnknown']
 * ```
 */
export class InvalidInputError extends CabutError {
  override readonly name: string = 'InvalidInputError'
  readonly issues: readonly Issue[]

  constructor(code: CabutErrorCode, issues: readonly Issue[], cause?: unknown) {
    const first = issues[0]
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
    super(code, {
      ...(cause === undefined ? {} : { cause }),
      ...(first === undefined ? {} : { detail: `${first.en}${more}`, at: first.path }),
    })
    this.issues = issues
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), issues: this.issues }
  }
}

/** Joins path segments: `['letters', 0, 'bytes']` becomes `letters[0].bytes`. */
export function joinPath(segments: readonly PropertyKey[]): string {
  return segments.reduce<string>(
    (path, segment) => (typeof segment === 'number' ? `${path}[${segment}]` : path === '' ? String(segment) : `${path}.${String(segment)}`),
    '',
  )
}
