import { qrCaption, type AnswerContent } from '../answer/content.js'

/** What a template's placeholders `{{name}}` and loops `{{#name}}...{{/name}}` stand for. */
export interface DocxFields {
  readonly kop: readonly { readonly baris: string }[]
  readonly alamat: string
  readonly tempat: string
  readonly nomor: string
  readonly tanggal: string
  readonly sifat: string
  readonly lampiran: string
  readonly hal: string
  readonly tujuan: readonly { readonly baris: string }[]
  readonly pembuka: string
  readonly sertifikat: readonly { readonly no: string; readonly pemilik: string; readonly nomor_seri: string; readonly hasil: string; readonly keterangan: string }[]
  readonly penutup: readonly { readonly paragraf: string }[]
  readonly jabatan_penandatangan: string
  readonly nama_penandatangan: string
  readonly tanda_tangan: string
  readonly tembusan: readonly { readonly baris: string }[]
  readonly bukti: readonly { readonly no: string; readonly nama: string; readonly sha256: string }[]
  /** Empty list when there is no proof: the block is left out. */
  readonly daftar_bukti: readonly { readonly sha256: string; readonly keterangan_qr: string }[]
  readonly sandbox: readonly { readonly catatan: string }[]
}

/**
 * The fields of an answer. Srikandi's variables enter only where they belong: no name of a person can smuggle one in.
 *
 * @example
 * ```ts
 * const { nomor, lampiran, sertifikat } = docxFields(answer)
 * nomor // '${nomor_naskah}'
 * lampiran // '1 bukti pencabutan'
 * sertifikat.map(({ no, pemilik, hasil }) => [no, pemilik, hasil]) // [['1.', 'Laras Kinanti', 'Dicabut, terbukti']]
 * docxFields({ ...answer, opening: '${ttd_pengirim}' }).pembuka // '$ {ttd_pengirim}'
 * ```
 */
export function docxFields({ letter, letterhead, addressee, opening, rows, closing, signatory, variables, receiptsSha256, sandbox }: AnswerContent): DocxFields {
  const receipts = rows.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]))
  return {
    kop: letterhead.lines.map((line) => ({ baris: plain(line) })), alamat: plain(letterhead.address ?? ''), tempat: plain(letterhead.place),
    nomor: letter.nomor, tanggal: letter.tanggal, sifat: letter.sifat ?? '-', lampiran: receipts.length === 0 ? '-' : `${receipts.length} bukti pencabutan`, hal: plain(letter.hal),
    tujuan: addressee.map((line) => ({ baris: plain(line) })), pembuka: plain(opening),
    sertifikat: rows.map(({ holder, serial, outcome, detail }, index) => ({ no: `${index + 1}.`, pemilik: plain(holder), nomor_seri: serial === '' ? '-' : plain(serial), hasil: plain(outcome), keterangan: plain(detail) })),
    penutup: closing.map((text) => ({ paragraf: plain(text) })),
    jabatan_penandatangan: plain(signatory.jabatan), nama_penandatangan: plain(signatory.nama), tanda_tangan: variables.signature,
    tembusan: letter.tembusan.map(({ jabatan, nama }, index) => ({ baris: plain(`${index + 1}. ${jabatan ?? nama}`) })),
    bukti: receipts.map(({ name, sha256 }, index) => ({ no: `${index + 1}.`, nama: name, sha256 })),
    daftar_bukti: receiptsSha256 === undefined ? [] : [{ sha256: receiptsSha256, keterangan_qr: qrCaption }],
    sandbox: sandbox ? [{ catatan: 'SANDBOX: percobaan, bukan pencabutan sungguhan' }] : [],
  }
}

function plain(text: string): string {
  // Control characters are no XML 1.0; `${` would become a variable of Srikandi.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ' ').replaceAll('${', '$ {')
}
