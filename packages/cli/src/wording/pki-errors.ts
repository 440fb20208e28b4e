import { parseName, pkiErrorTitles, type PkiError, type PkiErrorCode } from '@cabut/pki'
import type { Text } from '../language.js'

const indonesian: Readonly<Record<PkiErrorCode, string>> = {
  certificateMalformed: 'Bentuk sertifikat tidak sesuai RFC 5280 bagian 4.1',
  certificateTooLarge: 'Sertifikat melebihi batas ukuran',
  cmsMalformed: 'Bentuk pesan CMS tidak sesuai RFC 5652',
  crlMalformed: 'Bentuk CRL tidak sesuai RFC 5280 bagian 5.1',
  crlTooLarge: 'CRL melebihi batas ukuran',
  derBoolean: 'Nilai BOOLEAN bukan 00 atau FF (X.690 11.1)',
  derBitString: 'BIT STRING memuat bit sisa yang salah (X.690 11.2)',
  derInteger: 'INTEGER kosong, terlalu panjang, atau tidak minimal (X.690 8.3.2)',
  derIndefiniteLength: 'Panjang tak tentu (BER), yang dilarang DER (X.690 10.1)',
  derLength: 'Panjang tidak ditulis minimal (X.690 10.1)',
  derNull: 'NULL memuat isi (X.690 8.8.2)',
  derOid: 'OBJECT IDENTIFIER kosong, tidak minimal, atau terlalu panjang (X.690 8.19)',
  derString: 'Teks tidak sesuai jenisnya',
  derTag: 'Bukan berkas DER yang diharapkan di sini (tag lain)',
  derTime: 'Waktu tidak ditulis menurut RFC 5280 bagian 4.1.2.5',
  derTooDeep: 'Susunan terlalu dalam',
  derTrailing: 'Ada bita tambahan sesudah akhir berkas',
  derTruncated: 'Berkas terpotong',
  nameSyntax: 'Teks ini bukan DN dalam bentuk yang dipilih',
  nameTooLarge: 'DN melebihi batas ukuran',
  ocspMalformed: 'Bentuk pesan OCSP tidak sesuai RFC 6960',
  ocspTooLarge: 'Pesan OCSP melebihi batas ukuran',
  pdfEncrypted: 'PDF dienkripsi; minta berkas tanpa kata sandi',
  pdfMalformed: 'Berkas ini bukan PDF yang utuh; minta dikirim ulang',
  pdfStream: 'Sebagian isi PDF tidak dapat dibuka',
  pdfTooLarge: 'PDF melebihi batas ukuran',
  pemMalformed: 'Teks PEM tidak memuat blok yang utuh dan sesuai',
  timestampMalformed: 'Bentuk stempel waktu tidak sesuai RFC 3161',
  unsupportedAlgorithm: 'Algoritma tidak didukung di sini',
}

/** What a parser refused, and where, in words. The place is an octet, or in a DN a character. */
export function pkiErrorWords({ code, offset, message }: PkiError): Text {
  const place = offset === undefined ? '' : code === 'nameSyntax' ? ` (pada karakter ke-${offset + 1})` : ` (pada bita ${offset})`
  return { id: `${indonesian[code] ?? pkiErrorTitles[code]}${place}`, en: message }
}

const forms = ['rfc4514', 'openssl-oneline', 'openssl-slash', 'rfc1779'] as const

/** Names another form in which a text is a DN: people copy what OpenSSL or a page printed. */
export function otherForm(text: string): (typeof forms)[number] | undefined {
  return forms.find((form) => {
    try {
      return parseName(text, { form }).rdns.length > 0
    } catch {
      return false
    }
  })
}
