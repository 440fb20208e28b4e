/**
 * The closed registry of guards. A step of a standard may name any of them; there is no expression language, and an unknown name is a
 * validation error. Those marked `always` hold whatever the standard says: they make a revocation lawful and provable. The others hold
 * where a step names them.
 *
 * @example
 * ```ts
 * guards.fourEyes // { id: 'pemeriksaan oleh dua orang', en: 'four eyes: nobody decides on what they filed', always: true }
 * ```
 */
export const guards = {
  fourEyes: { id: 'pemeriksaan oleh dua orang', en: 'four eyes: nobody decides on what they filed', always: true },
  lettersComplete: { id: 'surat yang disyaratkan terlampir', en: 'the letters the reason calls for are attached', always: true },
  findingsComplete: { id: 'hasil pemeriksaan lengkap dan sesuai', en: 'every finding is recorded and none is a mismatch', always: true },
  effectiveDateReached: { id: 'TMT sudah tiba', en: 'the effective date has come', always: true },
  certificateActive: { id: 'sertifikat belum kedaluwarsa', en: 'the certificate has not expired', always: true },
  evidenceProves: { id: 'terbukti dengan CRL atau OCSP', en: "proven by the certificate authority's own CRL or OCSP answer", always: true },
  isHolder: { id: 'pemilik sertifikat sendiri', en: 'the actor is the holder of the certificate', always: false },
  isOpdHead: { id: 'kepala OPD atau UPT asal', en: 'the actor heads the OPD of origin', always: false },
  isDisposedTo: { id: 'penerima disposisi', en: 'the actor is the one it was disposed to', always: false },
  ownOffice: { id: 'pelaku dari OPD pemohon', en: 'the actor belongs to the OPD of origin, or filed it', always: true },
  unread: { id: 'disposisi belum dibaca', en: 'the disposition is still unread', always: true },
  applicantInformed: { id: 'pemohon sudah diberi tahu', en: 'the applicant has been informed of the outcome', always: true },
  answered: { id: 'surat jawaban sudah dikirim (bila standar memintanya)', en: 'the answer letter was sent, where the standard asks for one', always: true },
  nothingOwed: { id: 'surat menyusul dan pengesahan atasan sudah ada', en: 'letters to follow have come and an emergency act was put to the superior', always: true },
  compromise: { id: 'alasan kunci bocor', en: 'the reason is one the standard expedites', always: true },
  noOpenWrite: { id: 'tidak ada penulisan AMS yang belum diketahui hasilnya', en: 'no write to AMS is under way or unknown', always: true },
} as const

/** One guard of the closed registry. */
export type GuardName = keyof typeof guards
