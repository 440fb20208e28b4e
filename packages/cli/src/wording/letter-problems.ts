import { letterProblemTitles, type LetterProblemCode } from '@cabut/pki/letter'
import type { Text } from '../language.js'

const words: Readonly<Partial<Record<LetterProblemCode, string>>> = {
  digestMismatch: 'isi berkas tidak cocok dengan yang ditandatangani', signatureInvalid: 'tanda tangan tidak cocok dengan kunci penandatangan', essMismatch: 'sertifikat penandatangan ditukar',
  byteRangeGap: 'ada bagian berkas yang tidak ikut ditandatangani', byteRangeEnd: 'yang ditandatangani tidak berakhir di akhir suatu revisi', byteRangeShape: 'ByteRange tidak sah',
  signatureRemoved: 'berkas memuat tanda tangan yang tidak ditampilkan kolom mana pun', timestampPath: 'penanda waktu tidak sampai ke jangkar kepercayaan', timestampImprint: 'penanda waktu atas data lain',
  timestampMalformed: 'penanda waktu tidak berbentuk RFC 3161', timestampNonce: 'penanda waktu menjawab permintaan lain', timestampSignature: 'tanda tangan pada penanda waktu tidak cocok',
  timestampPurpose: 'sertifikatnya bukan khusus untuk menandai waktu', algorithmUnsupported: 'algoritmanya tidak didukung',
  timestampStatusUnknown: 'status sertifikat penanda waktu tidak diketahui', claimedOutsideValidity: 'waktu yang diakui di luar masa berlaku sertifikat', subFilterUnsupported: 'jenis tanda tangan tidak didukung',
  certificationBreached: 'perubahan yang dilarang tanda tangan sertifikasi', objectUnreadable: 'sebagian berkas tidak terbaca', textLimit: 'teks terlalu banyak untuk ditelusuri seluruhnya',
}

/** What is wrong with a signature or a timestamp, in words. */
export function letterProblemWords(code: LetterProblemCode): Text {
  return { id: words[code] ?? letterProblemTitles[code], en: letterProblemTitles[code] }
}
