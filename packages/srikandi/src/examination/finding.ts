/** How grave a finding is. None of them decides anything: the verifier does. */
export type FindingLevel = 'info' | 'warning' | 'alarm'

/**
 * Everything an examination may tell the verifier, in one table.
 *
 * @example
 * ```ts
 * letterFindings.signerRevoked.level // 'alarm'
 * letterFindings.numberDiffers.en // 'the number in the PDF differs from the one typed in'
 * ```
 */
export const letterFindings = {
  aboveAmsLimit: { level: 'warning', id: 'berkas lebih dari 1 MB, batas unggah AMS menurut catatan perubahannya; jangan dicetak ulang atau dikompres karena tanda tangan elektronik akan rusak', en: 'the file is above 1 MB, the upload limit of AMS by its change log; do not print or compress it, that destroys signatures' },
  attachments: { level: 'warning', id: 'PDF membawa berkas lampiran di dalamnya; isinya tidak diperiksa', en: 'the PDF carries attached files; what is in them was not examined' },
  contentChanged: { level: 'alarm', id: 'isi PDF diubah sesudah ditandatangani; yang terbaca sekarang mungkin bukan yang ditandatangani', en: 'the PDF was changed after it was signed; what is read today may not be what was signed' },
  dateDiffers: { level: 'warning', id: 'tanggal pada PDF berbeda dari tanggal yang diisikan', en: 'the date in the PDF differs from the one typed in' },
  empty: { level: 'warning', id: 'PDF tidak memuat teks maupun gambar', en: 'the PDF holds neither text nor pictures' },
  lettersWait: { level: 'warning', id: 'naskah di Srikandi masih menunggu pemilik sertifikat ini; tetapkan penggantinya sebelum sertifikat dicabut, sesudahnya penandatanganan gagal dengan pesan "pengguna tidak terdaftar"', en: 'letters in Srikandi still wait for the holder of this certificate; name somebody else before it is revoked, afterwards signing fails with the message "pengguna tidak terdaftar"' },
  notRead: { level: 'warning', id: 'isi PDF tidak dapat dibaca dalam batas waktu dan memori; baca sendiri', en: 'the PDF could not be read within the limits of time and memory; read it yourself' },
  numberDiffers: { level: 'warning', id: 'nomor pada PDF berbeda dari nomor yang diisikan', en: 'the number in the PDF differs from the one typed in' },
  printout: { level: 'warning', id: 'teksnya menyatakan ditandatangani secara elektronik, tetapi PDF tidak memuat tanda tangan: cetakan; minta berkas aslinya', en: 'the text says it was signed electronically, but the PDF holds no signature: a printout; ask for the original file' },
  readLimited: { level: 'info', id: 'hanya sebagian PDF yang dibaca', en: 'only a part of the PDF was read' },
  scanned: { level: 'info', id: 'hasil pindai tanpa tanda tangan elektronik: periksa tanda tangan basah dan cap', en: 'a scan without electronic signature: look for wet ink and stamp' },
  senderDiffers: { level: 'warning', id: 'kop surat pada PDF milik kantor lain daripada pengirim yang diisikan', en: "the PDF's letterhead is of another office than the sender typed in" },
  signatureBroken: { level: 'alarm', id: 'tanda tangan elektronik tidak utuh', en: 'an electronic signature is not intact' },
  signatureRemoved: { level: 'warning', id: 'PDF memuat tanda tangan yang tidak ditampilkan lagi', en: 'the PDF holds a signature that is no longer shown' },
  signatureUnreadable: { level: 'warning', id: 'tanda tangan elektronik di dalam PDF tidak dapat dinilai', en: "the PDF's electronic signatures cannot be judged" },
  signatureUnsupported: { level: 'warning', id: 'jenis tanda tangan elektronik tidak didukung', en: 'the kind of electronic signature is not supported' },
  signaturesNotJudged: { level: 'info', id: 'tanda tangan elektronik tidak diperiksa: jangkar kepercayaan belum dipasang pada meja surat', en: 'electronic signatures were not examined: the letter desk has no trust anchors' },
  signed: { level: 'info', id: 'ditandatangani secara elektronik, utuh, sertifikat penanda tangan berlaku', en: "signed electronically, intact, the signer's certificate in good standing" },
  signedActing: { level: 'info', id: 'ditandatangani bukan oleh pejabat definitif; periksa surat perintah atau pelimpahan wewenangnya', en: 'signed by someone acting for the holder of the position; look at the order that gives the authority' },
  signerDiffers: { level: 'warning', id: 'pemilik sertifikat penanda tangan bukan nama pada blok tanda tangan', en: "the owner of the signer's certificate is not the name in the signature block" },
  signerExpired: { level: 'warning', id: 'sertifikat penanda tangan sudah kedaluwarsa dan tidak ada stempel waktu yang membuktikan saat penandatanganan', en: "the signer's certificate has expired, and no timestamp proves when it was signed" },
  signerNotListed: { level: 'warning', id: 'penanda tangan tidak ada dalam daftar pejabat yang berwenang menandatangani surat kantor ini', en: 'the signer is not among those who may sign letters of this office' },
  signerNotYetValid: { level: 'warning', id: 'sertifikat penanda tangan belum berlaku', en: "the signer's certificate is not valid yet" },
  signerRevoked: { level: 'alarm', id: 'sertifikat penanda tangan sudah dicabut dan tidak ada stempel waktu yang membuktikan surat ditandatangani sebelum dicabut', en: "the signer's certificate is revoked, and no timestamp proves that the letter was signed before" },
  signerRevokedAfter: { level: 'info', id: 'sertifikat penanda tangan dicabut sesudah surat ditandatangani (menurut stempel waktu)', en: "the signer's certificate was revoked after the letter was signed (by the timestamp)" },
  signerRevokedBefore: { level: 'alarm', id: 'surat ditandatangani SESUDAH sertifikat penanda tangan dicabut (menurut stempel waktu)', en: "the letter was signed AFTER its signer's certificate was revoked (by the timestamp)" },
  signerSuspended: { level: 'alarm', id: 'sertifikat penanda tangan sedang ditangguhkan', en: "the signer's certificate is suspended" },
  signerUnderRevocation: { level: 'alarm', id: 'surat ditandatangani dengan sertifikat yang dimohonkan dicabut; permohonan tidak dapat mengesahkan dirinya sendiri, perlu penanda tangan lain yang berwenang', en: 'signed with the very certificate to be revoked; a request cannot authorise itself, another authorised signer is needed' },
  signerUnderRevocationToo: { level: 'info', id: 'salah satu tanda tangan memakai sertifikat yang dimohonkan dicabut; penanda tangan lain berdiri sendiri', en: 'one signature uses the certificate to be revoked; another signer stands on their own' },
  signerUnknown: { level: 'warning', id: 'status sertifikat penanda tangan tidak dapat dipastikan', en: "the status of the signer's certificate cannot be told" },
  signerUntrusted: { level: 'alarm', id: 'sertifikat penanda tangan tidak terhubung ke jangkar kepercayaan', en: "no path leads from the signer's certificate to a trust anchor" },
  tableDiffers: { level: 'warning', id: 'daftar pemegang pada PDF berbeda dari yang diisikan', en: 'the holders in the PDF differ from those typed in' },
  tableUnclear: { level: 'warning', id: 'tabel pemegang pada PDF tidak utuh (sel kosong atau digabung); bandingkan sendiri', en: 'the table of holders in the PDF is not whole (empty or merged cells); compare it yourself' },
  unsigned: { level: 'warning', id: 'PDF tidak memuat tanda tangan elektronik; periksa tanda tangan basah dan cap pada aslinya', en: 'the PDF holds no electronic signature; look for wet ink and stamp on the original' },
} as const

// The shape of every row is checked here: `satisfies` on an export does not go with isolatedDeclarations.
const rows: Readonly<Record<LetterFindingCode, { readonly level: FindingLevel; readonly id: string; readonly en: string }>> = letterFindings

/** A code of {@link letterFindings}. */
export type LetterFindingCode = keyof typeof letterFindings

/** Something the verifier should know of a letter. Names places and codes, never a person. */
export interface LetterFinding {
  readonly code: LetterFindingCode
  readonly level: FindingLevel
  /** Where: `halaman 1 baris 4`, a signature field, a row of the table. */
  readonly at?: string
  readonly id: string
  readonly en: string
}

/** Makes a finding of the table. */
export function finding(code: LetterFindingCode, at?: string): LetterFinding {
  const { level, id, en } = rows[code]
  return { code, level, id, en, ...(at === undefined ? {} : { at }) }
}
