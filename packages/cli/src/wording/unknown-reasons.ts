import { unknownReasonTitles, type RevocationReason, type UnknownReason } from '@cabut/pki/status'
import type { Text } from '../language.js'

const indonesian: Readonly<Record<UnknownReason, string>> = {
  issuerRevoked: 'CA di atas sertifikat ini sudah dicabut',
  expiredAnchor: 'jangkar kepercayaan sudah kedaluwarsa, sehingga status di bawahnya tidak dapat ditentukan lagi hari ini',
  issuerNotPinned: 'tidak ada rantai dari sertifikat ini ke jangkar kepercayaan yang diberikan',
  pathInvalid: 'rantai ke jangkar kepercayaan tidak sah (RFC 5280 bagian 6)',
  isAnchor: 'sertifikat ini sendiri jangkar kepercayaan: tidak ada yang di atasnya yang dapat menjamin statusnya',
  signatureInvalid: 'CRL atau OCSP tidak ditandatangani oleh kunci yang disebutnya',
  signerNotAuthorised: 'penanda tangan CRL atau OCSP tidak berwenang menandatanganinya',
  signerNotTrusted: 'penanda tangan CRL atau OCSP tidak diterbitkan oleh CA ini, atau rantainya tidak sah',
  signerOutOfDate: 'sertifikat penanda tangan CRL atau OCSP tidak berlaku pada waktu itu',
  signerRevoked: 'sertifikat penanda tangan CRL atau OCSP sudah dicabut',
  signerStatusUnknown: 'status sertifikat penanda tangan CRL atau OCSP sendiri tidak diketahui',
  otherCertificate: 'CRL atau OCSP itu tentang sertifikat atau penerbit lain',
  issuerMismatch: 'CRL atau OCSP diterbitkan pihak lain',
  nonceMismatch: 'nonce jawaban OCSP berbeda dari yang dikirim',
  nonceMissing: 'jawaban OCSP tidak memuat nonce yang diminta',
  unknownCriticalExtension: 'ada ekstensi kritis yang tidak dikenal',
  responderUnknown: 'penjawab OCSP tidak mengenal sertifikat ini',
  responderError: 'penjawab OCSP menjawab dengan galat',
  wrongScope: 'CRL itu untuk sertifikat lain, bukan yang ini',
  reasonsNotCovered: 'CRL yang ada tidak mencakup semua alasan pencabutan',
  deltaWithoutBase: 'CRL delta tanpa CRL lengkap yang menjadi dasarnya',
  expiredBeforeEvidence: 'sertifikat sudah kedaluwarsa ketika CRL dibuat; sertifikat kedaluwarsa dikeluarkan dari CRL',
  stale: 'CRL atau OCSP terlalu lama untuk waktu itu',
  noNextUpdate: 'CRL atau OCSP tidak menyebut sampai kapan berlaku',
  notYetValid: 'CRL atau OCSP dibuat sesudah waktu itu',
  unsupportedAlgorithm: 'algoritma tanda tangan tidak didukung atau tidak diizinkan',
  malformed: 'CRL atau OCSP tidak dapat dibaca',
  issuerStatusUnknown: 'status CA di atas sertifikat ini tidak diketahui',
  fetchRefused: 'alamat di dalam sertifikat tidak boleh diambil',
  fetchFailed: 'CRL atau OCSP tidak dapat diambil',
  unsupportedLocation: 'sertifikat hanya menyebut alamat yang tidak dapat diambil, misalnya ldap',
  noEvidence: 'tidak ada CRL maupun jawaban OCSP sama sekali',
}

/** Why a status is unknown, in words; an unheard-of reason is shown as it is. */
export function unknownReasonWords(reason: UnknownReason): Text {
  return { id: indonesian[reason] ?? reason, en: unknownReasonTitles[reason] ?? reason }
}

const byHand: Text = {
  id: 'unduh CRL lewat peramban lalu ulangi dengan --crl BERKAS; CRL setiap CA di rantainya diperlukan',
  en: 'fetch the CRL with a browser and repeat with --crl FILE; the CRL of every authority in the chain is needed',
}

const advice: Readonly<Partial<Record<UnknownReason, Text>>> = {
  issuerNotPinned: {
    id: 'beri CA antaranya dengan --intermediates PEM, atau periksa apakah --anchors memang akar penerbitnya',
    en: 'give the intermediate authority with --intermediates PEM, or check whether --anchors is the root of its issuer',
  },
  issuerStatusUnknown: byHand, fetchFailed: byHand, noEvidence: byHand, stale: { id: 'ambil CRL atau jawaban OCSP yang baru', en: 'fetch a new CRL or OCSP answer' },
  fetchRefused: { id: 'untuk sandbox di mesin ini: --allow-loopback; selain itu unduh sendiri lalu --crl BERKAS', en: 'for a sandbox on this machine: --allow-loopback; else fetch it yourself and give --crl FILE' },
  pathInvalid: { id: 'sertifikat berkegunaan kritis lain: izinkan dengan --purpose OID (lihat `cabut certificate show`)', en: 'a certificate with another critical purpose: allow it with --purpose OID (see `cabut certificate show`)' },
  expiredAnchor: { id: 'periksa pada waktu lampau dengan --at WAKTU dan CRL dari waktu itu', en: 'check as of an earlier time with --at TIME and a CRL of that time' },
}

/** What a person can do about it, where something can be done. */
export function unknownReasonAdvice(reason: UnknownReason): Text | undefined {
  return advice[reason]
}

const reasons: Readonly<Partial<Record<RevocationReason, Text>>> = {
  unspecified: { id: 'tidak disebut', en: 'unspecified' },
  keyCompromise: { id: 'kunci diketahui pihak lain', en: 'key compromise' },
  cACompromise: { id: 'kunci CA diketahui pihak lain', en: 'CA compromise' },
  affiliationChanged: { id: 'jabatan, unit atau data berubah', en: 'affiliation changed' },
  superseded: { id: 'diganti sertifikat baru', en: 'superseded' },
  cessationOfOperation: { id: 'tidak bertugas lagi', en: 'cessation of operation' },
  certificateHold: { id: 'ditangguhkan', en: 'on hold' },
  privilegeWithdrawn: { id: 'hak dicabut', en: 'privilege withdrawn' },
}

/** A reason of RFC 5280 5.3.1 with its code: `diganti sertifikat baru [superseded]`. */
export function revocationReasonWords(reason: RevocationReason | undefined): Text {
  if (reason === undefined) return { id: 'tidak disebut', en: 'not stated' }
  const words = reasons[reason]
  return words === undefined ? { id: reason, en: reason } : { id: `${words.id} [${reason}]`, en: `${words.en} [${reason}]` }
}
