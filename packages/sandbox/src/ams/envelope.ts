/** Why AMS refuses. */
export type RefusalCode =
  | 'CERTIFICATE_NOT_FOUND'
  | 'CERTIFICATE_ALREADY_REVOKED'
  | 'CERTIFICATE_EXPIRED'
  | 'USERNAME_MISMATCH'
  | 'REASON_UNKNOWN'
  | 'SUSPENSION_NOT_REVOCATION'
  | 'LETTER_NOT_FOUND'
  | 'REVOCATION_PENDING'
  | 'REVOCATION_NOT_FOUND'
  | 'DECISION_NOT_ALLOWED'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'QUERY_INVALID'
  | 'BODY_INVALID'
  | 'JSON_INVALID'
  | 'CONTENT_TYPE_INVALID'
  | 'BODY_TOO_LARGE'
  | 'IDEMPOTENCY_KEY_REQUIRED'
  | 'LETTER_EMPTY'
  | 'LETTER_NOT_PDF'
  | 'LETTER_TOO_LARGE'
  | 'NOTE_REQUIRED'
  | 'UNAUTHORIZED'
  | 'ROLE_NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'

/** Messages people see, by refusal code. `status` is the HTTP status where it is not 200. */
const REFUSALS: Readonly<Record<RefusalCode, { message: string; status?: number }>> = {
  CERTIFICATE_NOT_FOUND: { message: 'Sertifikat tidak ditemukan.' },
  CERTIFICATE_ALREADY_REVOKED: { message: 'Sertifikat sudah dicabut.' },
  CERTIFICATE_EXPIRED: { message: 'Sertifikat sudah kedaluwarsa.' },
  USERNAME_MISMATCH: { message: 'Username tidak sesuai dengan pemilik sertifikat.' },
  REASON_UNKNOWN: { message: 'Alasan pencabutan tidak dikenal.' },
  SUSPENSION_NOT_REVOCATION: { message: 'Penangguhan bukan pencabutan.' },
  LETTER_NOT_FOUND: { message: 'Surat tidak ditemukan.' },
  REVOCATION_PENDING: { message: 'Masih ada permohonan pencabutan untuk sertifikat ini.' },
  REVOCATION_NOT_FOUND: { message: 'Permohonan pencabutan tidak ditemukan.' },
  DECISION_NOT_ALLOWED: { message: 'Permohonan tidak sedang menunggu verifikasi, atau diajukan oleh Anda sendiri.' },
  IDEMPOTENCY_KEY_REUSED: { message: 'Idempotency-Key sudah dipakai untuk permintaan lain.' },
  QUERY_INVALID: { message: 'Parameter pencarian tidak lengkap atau tidak sah.', status: 400 },
  BODY_INVALID: { message: 'Isi permintaan tidak sah.', status: 422 },
  JSON_INVALID: { message: 'Isi permintaan bukan JSON yang sah.', status: 400 },
  CONTENT_TYPE_INVALID: { message: 'Content-Type tidak didukung.', status: 415 },
  BODY_TOO_LARGE: { message: 'Isi permintaan terlalu besar.', status: 413 },
  IDEMPOTENCY_KEY_REQUIRED: { message: 'Idempotency-Key wajib diisi dengan 8 sampai 128 karakter.', status: 400 },
  LETTER_EMPTY: { message: 'Berkas surat kosong.', status: 400 },
  LETTER_NOT_PDF: { message: 'Berkas surat bukan PDF.', status: 422 },
  LETTER_TOO_LARGE: { message: 'Berkas surat melebihi 1 MB.', status: 413 },
  NOTE_REQUIRED: { message: 'Catatan wajib diisi untuk pengembalian atau penolakan.', status: 422 },
  UNAUTHORIZED: { message: 'Token tidak ada, tidak dikenal, atau sudah kedaluwarsa.', status: 401 },
  ROLE_NOT_ALLOWED: { message: 'Peran Anda tidak berwenang melakukan tindakan ini.', status: 403 },
  NOT_FOUND: { message: 'Alamat tidak ditemukan.', status: 404 },
  METHOD_NOT_ALLOWED: { message: 'Metode tidak didukung.', status: 405 },
}

/** Thrown inside AMS, answered as `{success: false, code, message}`. */
export class Refusal extends Error {
  constructor(readonly code: RefusalCode) {
    super(code)
  }

  answer(): Response {
    const row = REFUSALS[this.code]
    const headers: Record<string, string> = row.status === 401 ? { 'www-authenticate': 'Bearer realm="ams-sandbox"' } : {}
    return Response.json({ success: false, code: this.code, message: row.message }, { status: row.status ?? 200, headers })
  }
}

export function answer(data: unknown, headers: Record<string, string> = {}): Response {
  return Response.json({ success: true, data }, { headers })
}
