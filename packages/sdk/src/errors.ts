import { redact } from './redaction.js'

/** One row of the error table: what a person reads, what HTTP says, and whether trying again later can help. */
export interface ErrorRow {
  /** Title in Indonesian. Names the place of the problem, never the value. */
  readonly id: string
  /** Title in English. */
  readonly en: string
  /** Status an HTTP adapter answers with (RFC 9457 problem+json). */
  readonly httpStatus: number
  /** `true` when the same call may succeed later without anything being changed. */
  readonly retryable: boolean
}

/**
 * Every error code of the SDK, in one table, alphabetical by area prefix.
 * A new code is a new row here: the type {@link CabutErrorCode}, the HTTP status and the documentation anchor follow from it.
 *
 * @example
 * ```ts
 * errorTable.requestConflict // { id: 'Permintaan sudah diubah petugas lain', en: 'Another officer has changed the request meanwhile', httpStatus: 409, retryable: true }
 * ```
 */
export const errorTable = {
  // ams: the certificate management application
  amsAuthentication: { id: 'AMS menolak kredensial', en: 'AMS refused the credentials', httpStatus: 502, retryable: false },
  amsContract: { id: 'Jawaban AMS tidak sesuai kontrak', en: 'AMS answered outside its contract', httpStatus: 502, retryable: true },
  amsLetterTooLarge: { id: 'Surat melebihi batas ukuran AMS', en: 'A letter is larger than AMS takes', httpStatus: 413, retryable: false },
  amsNoReadBack: { id: 'AMS tidak dapat dibaca oleh perangkat lunak; hanya bukti yang menunjukkan hasilnya', en: 'AMS cannot be read back here; only proof shows the effect', httpStatus: 409, retryable: false },
  amsOfficerPending: { id: 'Menunggu petugas bertindak di AMS', en: 'Waiting for the officer to act in AMS', httpStatus: 409, retryable: true },
  amsRedirected: { id: 'AMS mengalihkan ke alamat lain; tidak diikuti', en: 'AMS redirects to another address, which is not followed', httpStatus: 502, retryable: false },
  amsRefused: { id: 'AMS menolak permintaan', en: 'AMS refused the request', httpStatus: 422, retryable: false },
  amsThrottled: { id: 'AMS membatasi jumlah permintaan', en: 'AMS throttles requests', httpStatus: 503, retryable: true },
  amsUnavailable: { id: 'AMS tidak dapat dihubungi', en: 'AMS cannot be reached', httpStatus: 503, retryable: true },
  // bulk: lists of many certificates
  bulkUnreadable: { id: 'Daftar massal tidak dapat dibaca', en: 'The bulk list cannot be read', httpStatus: 422, retryable: false },
  // archive: signed folders of whole cases
  archiveConflict: { id: 'Berkas ini sudah ada dengan riwayat lain', en: 'This case is here already, with another history', httpStatus: 409, retryable: false },
  archiveInvalid: { id: 'Arsip tidak lengkap atau berubah', en: 'The archive is incomplete or was changed', httpStatus: 422, retryable: false },
  archiveKeyInvalid: { id: 'Kunci arsip bukan PEM Ed25519', en: 'The key of the archive is no Ed25519 PEM', httpStatus: 422, retryable: false },
  archiveNotDue: { id: 'Berkas ini belum boleh dihapus menurut jadwal retensi', en: 'The schedule of retention does not yet allow erasing this case', httpStatus: 409, retryable: false },
  archiveSignature: { id: 'Tanda tangan arsip bukan milik kantor yang disebut', en: 'The signature of the archive is not the named office\'s', httpStatus: 422, retryable: false },
  // calendar
  calendarInvalid: { id: 'Kalender kerja tidak sah', en: 'Working calendar is not valid', httpStatus: 500, retryable: false },
  calendarUnknownZone: { id: 'Zona waktu tidak dikenal (hanya WIB, WITA, WIT)', en: 'Unknown time zone (WIB, WITA and WIT only)', httpStatus: 500, retryable: false },
  // certificate
  certificateAlreadyRevoked: { id: 'Sertifikat sudah dicabut; bukti tersedia', en: 'The certificate is already revoked; the evidence is offered', httpStatus: 409, retryable: false },
  certificateExpired: { id: 'Sertifikat sudah kedaluwarsa', en: 'The certificate has expired', httpStatus: 409, retryable: false },
  certificateIssuerNotPinned: { id: 'Penerbit sertifikat bukan jangkar kepercayaan yang dipasang', en: 'The issuer of the certificate leads to no pinned anchor', httpStatus: 422, retryable: false },
  certificateIssuerUnavailable: { id: 'Sertifikat penerbit tidak dapat diambil', en: 'The issuing certificate cannot be fetched', httpStatus: 503, retryable: true },
  certificateUnreadable: { id: 'Sertifikat tidak dapat dibaca', en: 'The certificate cannot be read', httpStatus: 422, retryable: false },
  // checkpoint: the end of the register, kept outside the database
  checkpointUnreadable: { id: 'Titik periksa hari ini ada, tetapi tidak terbaca', en: 'The checkpoint of the day is there, but cannot be read', httpStatus: 500, retryable: true },
  checkpointUnwritable: { id: 'Folder titik periksa tidak dapat ditulisi', en: 'The folder for checkpoints cannot be written to', httpStatus: 500, retryable: true },
  // complaint
  complaintConflict: { id: 'Pengaduan sudah diubah petugas lain', en: 'Another officer has changed the complaint meanwhile', httpStatus: 409, retryable: true },
  complaintInvalid: { id: 'Isi pengaduan tidak sah', en: 'The complaint is not valid', httpStatus: 422, retryable: false },
  complaintNotFound: { id: 'Pengaduan tidak ditemukan', en: 'No such complaint', httpStatus: 404, retryable: false },
  complaintRefused: { id: 'Tindakan pada pengaduan tidak diperbolehkan', en: 'The action on the complaint is not allowed', httpStatus: 409, retryable: false },
  // desk and workflow
  deskClosed: { id: 'Meja layanan sudah ditutup', en: 'The desk is closed', httpStatus: 503, retryable: false },
  requestConflict: { id: 'Permintaan sudah diubah petugas lain', en: 'Another officer has changed the request meanwhile', httpStatus: 409, retryable: true },
  requestInvalid: { id: 'Isi permintaan tidak sah', en: 'The request is not valid', httpStatus: 422, retryable: false },
  requestNotFound: { id: 'Permintaan tidak ditemukan', en: 'No such request', httpStatus: 404, retryable: false },
  requestNotProven: { id: 'Pencabutan tidak terbukti', en: 'The revocation is not proven', httpStatus: 409, retryable: false },
  workflowRefused: { id: 'Tindakan tidak diperbolehkan pada keadaan ini', en: 'The action is not allowed in this state', httpStatus: 409, retryable: false },
  // esign
  esignAuthentication: { id: 'e-Sign menolak kredensial', en: 'e-Sign refused the credentials', httpStatus: 502, retryable: false },
  esignContract: { id: 'Jawaban e-Sign tidak sesuai panduan', en: 'e-Sign answered outside its guide', httpStatus: 502, retryable: true },
  esignNotFound: { id: 'e-Sign tidak mengenal data yang diminta', en: 'e-Sign does not know what was asked for', httpStatus: 404, retryable: false },
  esignUnavailable: { id: 'Layanan e-Sign tidak dapat dihubungi', en: 'The e-Sign service cannot be reached', httpStatus: 503, retryable: true },
  // history
  historyBroken: { id: 'Rantai riwayat terputus', en: 'The chain of events is broken', httpStatus: 500, retryable: false },
  historyNotJson: { id: 'Isi riwayat tidak dapat disegel sebagai JSON', en: 'The event cannot be sealed as JSON', httpStatus: 500, retryable: false },
  // letter: Srikandi letters and their transports
  letterBatchNotOffered: { id: 'Standar pelayanan ini menerima satu permohonan untuk satu sertifikat; ajukan satu baris untuk setiap pemegang, surat yang sama boleh dilampirkan pada masing-masing', en: 'This service standard takes one request for one certificate; hand in one row for each holder, the same letter may go with each', httpStatus: 422, retryable: false },
  letterCertificateForeign: { id: 'Sertifikat ini milik instansi lain menurut Subject DN-nya (O); OPD pengirim tidak dapat memohonkan pencabutannya', en: 'By its Subject DN (O) this certificate belongs to another agency; the sending office cannot ask for its revocation', httpStatus: 422, retryable: false },
  letterChanged: { id: 'Surat dengan nomor ini sudah diimpor dengan isi lain', en: 'A letter of this number was imported with other content', httpStatus: 409, retryable: false },
  letterClaimLost: { id: 'Surat ini sudah diambil alih proses lain', en: 'Another process has taken this letter over', httpStatus: 409, retryable: true },
  letterDateInvalid: { id: 'Tanggal surat tidak ada di kalender atau tidak terbaca', en: 'The date of the letter does not exist or cannot be read', httpStatus: 422, retryable: false },
  letterDetailsMissing: { id: 'Surat belum menyebut sertifikat dan alasan dalam bentuk data', en: 'The letter does not yet state certificate and reason as data', httpStatus: 422, retryable: false },
  letterDispositionUnknown: { id: 'Penerima atau pemberi disposisi tidak dikenal meja layanan', en: 'The desk does not know who disposed or to whom', httpStatus: 422, retryable: false },
  letterFieldInvalid: { id: 'Isian surat tidak sah', en: 'A field of the letter is not valid', httpStatus: 422, retryable: false },
  letterHolderRepeated: { id: 'Sertifikat yang sama disebut lebih dari sekali dalam satu surat', en: 'One letter names the same certificate more than once', httpStatus: 422, retryable: false },
  letterNameUnsafe: { id: 'Nama berkas tidak aman (jalur keluar folder, tautan simbolik, atau bukan berkas)', en: 'The file name is not safe (leaves the folder, symbolic link, or not a file)', httpStatus: 422, retryable: false },
  letterNumberInvalid: { id: 'Nomor surat tidak sah: 3-100 karakter, memuat angka, tanpa karakter kendali', en: 'The letter number is not valid: 3-100 characters, a digit, no control characters', httpStatus: 422, retryable: false },
  letterOfficeMismatch: { id: 'Nomor surat milik OPD lain', en: 'The letter number belongs to another office', httpStatus: 422, retryable: false },
  letterOfficeUnknown: { id: 'OPD pengirim surat tidak dikenal', en: 'The sending office of the letter is not known', httpStatus: 422, retryable: false },
  letterPdfActive: { id: 'PDF surat memuat isi aktif (skrip, perintah, atau formulir yang mengirim data); minta PDF biasa', en: 'The PDF of the letter carries active content (scripts, commands, or forms that send data); ask for a plain PDF', httpStatus: 422, retryable: false },
  letterPdfDamaged: { id: 'PDF surat terpotong atau rusak; minta dikirim ulang', en: 'The PDF of the letter is cut short or damaged; ask for it again', httpStatus: 422, retryable: false },
  letterPdfEncrypted: { id: 'PDF surat dienkripsi atau dikunci kata sandi; minta berkas tanpa kunci', en: 'The PDF of the letter is encrypted or locked by a password; ask for it without', httpStatus: 422, retryable: false },
  letterPdfMissing: { id: 'Surat datang tanpa berkas PDF-nya', en: 'The letter came without its PDF', httpStatus: 422, retryable: false },
  letterPdfTooComplex: { id: 'PDF surat terlalu besar atau terlalu rumit untuk dibaca dalam batas waktu dan memori', en: 'The PDF of the letter is too large or too intricate to be read within the limits of time and memory', httpStatus: 413, retryable: false },
  letterPdfUnsafe: { id: 'Berkas PDF tidak dapat diterima', en: 'The PDF cannot be accepted', httpStatus: 422, retryable: false },
  letterRowUnreadable: { id: 'Baris surat tidak dapat dibaca', en: 'The row of the letter cannot be read', httpStatus: 422, retryable: false },
  letterTableInvalid: { id: 'Tabel pemegang sertifikat tidak lengkap; tidak ada yang diajukan', en: 'The table of holders is incomplete; nothing was filed', httpStatus: 422, retryable: false },
  letterTemplateInvalid: { id: 'Templat naskah tidak dapat dipakai', en: 'The letter template cannot be used', httpStatus: 422, retryable: false },
  letterTransportUnavailable: { id: 'Saluran surat tidak dapat dihubungi', en: 'The letter transport cannot be reached', httpStatus: 503, retryable: true },
  // privacy: personal values sealed under keys of their subjects
  privacyKeyInvalid: { id: 'Kunci enkripsi data pribadi tidak sah (32 oktet, heksadesimal atau base64)', en: 'The key for personal data is not valid (32 octets, hex or base64)', httpStatus: 500, retryable: false },
  privacyKeyMissing: { id: 'Data pribadi tersegel dan kuncinya tidak diberikan atau hilang', en: 'Personal data is sealed, and its key was not given or is lost', httpStatus: 500, retryable: false },
  privacyKeyWrong: { id: 'Kunci data pribadi bukan kunci basis data ini', en: 'The key for personal data is not the one of this database', httpStatus: 500, retryable: false },
  privacyValueBroken: { id: 'Nilai pribadi yang tersegel telah berubah', en: 'A sealed personal value was changed', httpStatus: 500, retryable: false },
  // receipt
  receiptInvalid: { id: 'Bukti pencabutan tidak sah', en: 'The receipt is not valid', httpStatus: 422, retryable: false },
  receiptInput: { id: 'Bahan bukti pencabutan tidak sah', en: 'The receipt cannot be written from this input', httpStatus: 422, retryable: false },
  // spbe: the portal side's HTTP interface
  spbeBodyInvalid: { id: 'Isi kiriman tidak dapat dibaca', en: 'The body cannot be read', httpStatus: 400, retryable: false },
  spbeBodyTooLarge: { id: 'Isi kiriman melebihi batas', en: 'The body exceeds the limit', httpStatus: 413, retryable: false },
  spbeBodyTruncated: { id: 'Kiriman terputus sebelum selesai', en: 'The upload was cut off before its end', httpStatus: 400, retryable: true },
  spbeChannelFailed: { id: 'Pemberitahuan belum terkirim', en: 'The notice was not sent yet', httpStatus: 502, retryable: true },
  spbeCsrf: { id: 'Kiriman ini tidak berasal dari halaman portal', en: 'The post does not come from a page of the portal', httpStatus: 403, retryable: false },
  spbeCursorInvalid: { id: 'Penanda halaman tidak sah', en: 'The cursor is not valid', httpStatus: 400, retryable: false },
  spbeForbidden: { id: 'Tidak berwenang', en: 'Not authorised', httpStatus: 403, retryable: false },
  spbeIdempotencyKeyInUse: { id: 'Permintaan dengan Idempotency-Key ini masih diproses', en: 'A request with this Idempotency-Key is still under way', httpStatus: 409, retryable: true },
  spbeIdempotencyKeyInvalid: { id: 'Header Idempotency-Key wajib ada (8-128 karakter ASCII)', en: 'The Idempotency-Key header is required (8-128 ASCII characters)', httpStatus: 400, retryable: false },
  spbeIdempotencyKeyReused: { id: 'Idempotency-Key sudah dipakai untuk kiriman lain', en: 'The Idempotency-Key was used for another request', httpStatus: 422, retryable: false },
  spbeInternal: { id: 'Kesalahan pada layanan', en: 'The service failed', httpStatus: 500, retryable: true },
  spbeIssuerUnavailable: { id: 'Kunci penerbit token tidak dapat diambil', en: "The token issuer's keys cannot be fetched", httpStatus: 503, retryable: true },
  spbeLoginFailed: { id: 'Masuk tidak berhasil, ulangi dari awal', en: 'The login did not succeed, start again', httpStatus: 400, retryable: false },
  spbeMediaTypeUnsupported: { id: 'Jenis isi kiriman tidak didukung', en: 'The media type is not supported', httpStatus: 415, retryable: false },
  spbeMethodNotAllowed: { id: 'Metode tidak berlaku di alamat ini', en: 'The method does not apply here', httpStatus: 405, retryable: false },
  spbePersonUnmapped: { id: 'Token tidak memuat orang, peran, atau OPD yang dikenal', en: 'The token names no known person, role or office', httpStatus: 403, retryable: false },
  spbePreconditionFailed: { id: 'Versi permintaan sudah berubah', en: 'The version of the request has changed', httpStatus: 412, retryable: true },
  spbePreconditionRequired: { id: 'Header If-Match wajib ada', en: 'The If-Match header is required', httpStatus: 428, retryable: false },
  spbeRouteUnknown: { id: 'Alamat tidak dikenal', en: 'No such address', httpStatus: 404, retryable: false },
  spbeSessionExpired: { id: 'Sesi sudah berakhir, masuk kembali', en: 'The session has ended, log in again', httpStatus: 401, retryable: false },
  spbeSessionMissing: { id: 'Belum masuk', en: 'Nobody is logged in', httpStatus: 401, retryable: false },
  spbeTokenExpired: { id: 'Token sudah kedaluwarsa', en: 'The token has expired', httpStatus: 401, retryable: false },
  spbeTokenInvalid: { id: 'Token tidak sah', en: 'The token is not valid', httpStatus: 401, retryable: false },
  spbeTokenMissing: { id: 'Token akses diperlukan', en: 'An access token is required', httpStatus: 401, retryable: false },
  spbeTooManyRequests: { id: 'Terlalu banyak permintaan', en: 'Too many requests', httpStatus: 429, retryable: true },
  spbeWebhookInvalid: { id: 'Webhook tidak sah', en: 'The webhook is not valid', httpStatus: 400, retryable: false },
  // report
  reportChartsMissing: { id: 'Pustaka grafik (echarts) belum terpasang', en: 'The chart library (echarts) is not installed', httpStatus: 500, retryable: false },
  reportExportInvalid: { id: 'Berkas ekspor tidak sah', en: 'The export is not valid', httpStatus: 422, retryable: false },
  reportInvalid: { id: 'Laporan tidak dapat dibuat', en: 'The report cannot be made', httpStatus: 422, retryable: false },
  // standard
  standardInvalid: { id: 'Standar pelayanan tidak sah', en: 'The service standard is not valid', httpStatus: 500, retryable: false },
  standardUnknown: { id: 'Standar pelayanan tidak dikenal', en: 'Unknown service standard', httpStatus: 500, retryable: false },
  // store
  storeConflict: { id: 'Versi berkas sudah berubah', en: 'The stored version has changed', httpStatus: 409, retryable: true },
  storeLocked: { id: 'Direktori data sedang dipakai proses lain', en: 'Another process has the data directory open', httpStatus: 503, retryable: true },
  storeMigration: { id: 'Skema basis data tidak cocok dengan versi perangkat lunak ini', en: 'The database schema does not fit this version', httpStatus: 500, retryable: false },
  storeUnavailable: { id: 'Basis data tidak dapat dihubungi', en: 'The database cannot be reached', httpStatus: 503, retryable: true },
  // subject: rights of the people whose data is kept
  subjectBusy: { id: 'Permohonan orang ini belum selesai', en: 'A request of this person is not over', httpStatus: 409, retryable: true },
  subjectHeld: { id: 'Penghapusan dilarang oleh penahanan hukum', en: 'A legal hold forbids erasing', httpStatus: 409, retryable: false },
  subjectUnknown: { id: 'Tidak ada permohonan orang ini', en: 'No request of this person is kept', httpStatus: 404, retryable: false },
  // timestamp: tokens of a timestamp authority (RFC 3161)
  timestampInvalid: { id: 'Jawaban penanda waktu tidak sah', en: 'The answer of the timestamp authority does not hold', httpStatus: 502, retryable: true },
  timestampRefused: { id: 'Penanda waktu menolak permintaan', en: 'The timestamp authority refused the request', httpStatus: 502, retryable: true },
  timestampUnavailable: { id: 'Penanda waktu tidak dapat dihubungi', en: 'The timestamp authority cannot be reached', httpStatus: 503, retryable: true },
  // transport: base addresses and archives
  transportBaseUrl: { id: 'Alamat dasar layanan tidak sah', en: 'The base URL is not valid', httpStatus: 500, retryable: false },
  transportPersonalDataInUrl: { id: 'Nomor identitas atau surel tidak boleh berada dalam URL', en: 'An identity number or mail address must not travel in a URL', httpStatus: 422, retryable: false },
  transportPlainHttp: { id: 'Alamat dasar memakai http tanpa enkripsi', en: 'The base URL is plain http, which must be allowed by name', httpStatus: 500, retryable: false },
} as const

// The shape of every row is checked here: `satisfies` on an export does not go with isolatedDeclarations.
const rows: Record<CabutErrorCode, ErrorRow> = errorTable

/** A stable code of the SDK. */
export type CabutErrorCode = keyof typeof errorTable

/** Extra facts of an error. None of them may carry personal data: name the place, not the value. */
export interface CabutErrorOptions {
  readonly cause?: unknown
  /** What went wrong in this very case; English, after the title. Identity numbers, mail and phone are blanked in any case. */
  readonly detail?: string
  /** Where in the input: a dotted path such as `letters[0].bytes`. */
  readonly at?: string
}

/**
 * The one base class of every error the SDK throws. Beside it there are `TypeError` for arguments of the wrong kind, and pki's `PkiError` where a
 * certificate handed to a function of proof or receipt cannot be read.
 *
 * @example
 * ```ts
 * await openDesk().get('P-tidak-ada') // throws requestNotFound
 * const error = new CabutError('requestNotFound', { at: 'id', detail: 'asked for by ratna@pekalongan.contoh.go.id' })
 * error.message // 'No such request: asked for by [surel] (at id)'
 * error.httpStatus // 404
 * error.docs // 'docs/errors.md#requestnotfound'
 * ```
 */
export class CabutError extends Error {
  override readonly name: string = 'CabutError'
  readonly code: CabutErrorCode
  /** Dotted path of the offending value in the input. */
  readonly at: string | undefined
  readonly detail: string | undefined

  constructor(code: CabutErrorCode, options: CabutErrorOptions = {}) {
    const detail = options.detail === undefined ? undefined : redact(options.detail)
    super(`${errorTable[code].en}${detail === undefined ? '' : `: ${detail}`}${options.at === undefined ? '' : ` (at ${options.at})`}`, {
      cause: options.cause,
    })
    this.code = code
    this.detail = detail
    this.at = options.at
  }

  /** Title in Indonesian and English, HTTP status, retryable. */
  get row(): ErrorRow {
    return rows[this.code]
  }

  /** Anchor in the documentation, relative to its root. */
  get docs(): string {
    return `docs/errors.md#${this.code.toLowerCase()}`
  }

  get httpStatus(): number {
    return rows[this.code].httpStatus
  }

  get retryable(): boolean {
    return rows[this.code].retryable
  }

  /** What may be logged or sent: no cause, no stack, no personal data. */
  toJSON(): Record<string, unknown> {
    const { id, en, httpStatus, retryable } = this.row
    return {
      name: this.name,
      code: this.code,
      title: { id, en },
      httpStatus,
      retryable,
      docs: this.docs,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(this.at === undefined ? {} : { at: this.at }),
    }
  }

  // Node's `util.inspect` and `console.log`: the message only; a cause is named by its class, never printed.
  static {
    Object.defineProperty(this.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      enumerable: false,
      value(this: CabutError): string {
        const cause = this.cause === undefined ? '' : ` [cause: ${this.cause instanceof Error ? this.cause.name : typeof this.cause}]`
        return `${this.name} [${this.code}]: ${this.message}${cause}`
      },
    })
  }
}

/**
 * Brings an error of `@cabut/pki` under the table: the code of pki and the byte offset stay in `detail`.
 * Anything that is not a `PkiError` is returned as it is; nothing is thrown here.
 *
 * @param at - dotted path of the input that could not be read
 * @param code - row of the table the error comes under
 * @example
 * ```ts
 * const read = (pem: string) => { try { return readCertificate(pem) } catch (error) { throw mapPkiError(error, 'certificate') } }
 * read('no certificate') // throws certificateUnreadable
 * String(mapPkiError(new PkiError('derTruncated', 12), 'certificate')) // 'CabutError: The certificate cannot be read: derTruncated at byte 12 (at certificate)'
 * ```
 */
export function mapPkiError(error: unknown, at?: string, code: CabutErrorCode = 'certificateUnreadable'): unknown {
  if (!isPkiError(error)) return error
  const offset = error.offset === undefined ? '' : ` at byte ${error.offset}`
  return new CabutError(code, { cause: error, detail: `${error.code}${offset}`, ...(at === undefined ? {} : { at }) })
}

/** By shape, not by class: ESM and CJS copies of pki may live side by side in one process, and this file stays free of imports. */
function isPkiError(error: unknown): error is Error & { readonly code: string; readonly offset?: number } {
  return error instanceof Error && error.name === 'PkiError' && typeof (error as { code?: unknown }).code === 'string'
}
