import type { Text } from '../service-standard.js'

/** `error`: the standard contradicts itself or the law; `warning`: a gap somebody must fill; `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note'

interface Wording {
  readonly severity: Severity
  readonly id: string
  readonly en: string
  readonly proposal: Text
}

/**
 * Every finding the linter can make, in one table: severity, wording and proposal in Indonesian and English. `{0}`, `{1}` take words of the
 * standard itself; it is a published document.
 *
 * @example
 * ```ts
 * findingTable.lawRepealed.severity // 'error'
 * findingTable.lawRepealed.en // '{0} is repealed by {1}'
 * ```
 */
export const findingTable = {
  invalid: {
    severity: 'error',
    id: 'data tidak sah: {0}',
    en: 'the data is not valid: {1}',
    proposal: { id: 'Perbaiki data pada tempat yang ditunjuk', en: 'Repair the data at the place named' },
  },
  requirementMissing: {
    severity: 'error',
    id: 'prosedur menuntut {0}, tetapi persyaratan tidak menyebutnya',
    en: 'the procedure demands {1}, but the requirements do not name it',
    proposal: { id: 'Tambahkan {0} pada komponen Persyaratan', en: 'Add {1} to the requirements' },
  },
  applicantVerifies: {
    severity: 'error',
    id: 'pemohon memeriksa permohonannya sendiri',
    en: 'the applicant verifies the applicant',
    proposal: { id: 'Baca: petugas yang memeriksa', en: 'Read: the officer verifies' },
  },
  stepWithoutActor: {
    severity: 'warning',
    id: 'langkah tanpa pelaku',
    en: 'a step without an actor',
    proposal: { id: 'Sebutkan pelakunya; dibaca: {0}', en: 'Name who acts; read as: {1}' },
  },
  timeLimitTwice: {
    severity: 'error',
    id: 'jangka waktu menyebut beberapa besaran: {0}',
    en: 'the time limit names several amounts: {0}',
    proposal: { id: 'Pisahkan hari layanan dari durasi penyelesaian; dibaca: {1}', en: 'Tell opening days from duration; read as: {2}' },
  },
  limitWithoutStart: {
    severity: 'warning',
    id: 'batas waktu tanpa saat mulai',
    en: 'a time limit without a start',
    proposal: { id: 'Sebutkan peristiwa yang memulai jam; dibaca: {0}', en: 'Name the event that starts the clock; read as: {1}' },
  },
  limitWithoutStop: {
    severity: 'warning',
    id: 'batas waktu tanpa saat berhenti',
    en: 'a time limit without a stop',
    proposal: { id: 'Sebutkan peristiwa yang menghentikan jam; dibaca: {0}', en: 'Name the event that stops the clock; read as: {1}' },
  },
  limitWithoutHours: {
    severity: 'warning',
    id: 'batas waktu kerja tanpa jam layanan',
    en: 'a working-time limit without service hours',
    proposal: { id: 'Sebutkan hari, jam, dan istirahat layanan', en: 'State days, hours and breaks' },
  },
  limitKindUnstated: {
    severity: 'warning',
    id: 'tidak jelas dihitung sebagai waktu kerja atau waktu kalender: {0}',
    en: 'working or calendar time is not said: {0}',
    proposal: { id: 'Tulis "kerja" atau "kalender"', en: 'Write "kerja" or "kalender"' },
  },
  ramadanSilent: {
    severity: 'note',
    id: 'tidak ada jam layanan bulan Ramadan',
    en: 'no service hours for Ramadan',
    proposal: {
      id: 'Tetapkan jam Ramadan (Perpres 21/2023); sementara itu jam biasa',
      en: 'Set hours for Ramadan (Perpres 21/2023); ordinary hours meanwhile',
    },
  },
  contactInvalid: {
    severity: 'error',
    id: 'alamat tidak sah: {0}',
    en: 'an invalid address: {0}',
    proposal: { id: 'Perbaiki alamatnya', en: 'Correct the address' },
  },
  whatsappLandline: {
    severity: 'error',
    id: 'nomor WhatsApp adalah telepon tetap',
    en: 'the WhatsApp number is a landline',
    proposal: { id: 'Sebutkan nomor WhatsApp dinas yang benar, atau hapus', en: 'Give the right official number, or remove it' },
  },
  contactUnencrypted: {
    severity: 'note',
    id: 'situs tanpa HTTPS',
    en: 'a website without HTTPS',
    proposal: { id: 'Gunakan alamat https://', en: 'Use an https:// address' },
  },
  lawRepealed: {
    severity: 'error',
    id: '{0} sudah dicabut oleh {1}',
    en: '{0} is repealed by {1}',
    proposal: { id: 'Ganti dengan {1}', en: 'Put {1} in its place' },
  },
  lawMistyped: {
    severity: 'error',
    id: '{0} salah tulis: peraturan itu adalah {1}',
    en: '{0} is mistyped: that law is {1}',
    proposal: { id: 'Tulis {1}', en: 'Write {1}' },
  },
  lawAmendmentMissing: {
    severity: 'warning',
    id: '{0} telah diubah dengan {1}, yang tidak disebut',
    en: '{0} is amended by {1}, which is not named',
    proposal: { id: 'Tambahkan "sebagaimana diubah dengan {1}"', en: 'Add "as amended by {1}"' },
  },
  lawStatusDiffers: {
    severity: 'error',
    id: 'status {0} dalam data tidak sesuai dengan tabel peraturan',
    en: 'the status of {0} in the data differs from the table of laws',
    proposal: { id: 'Samakan dengan tabel peraturan', en: 'Follow the table of laws' },
  },
  lawStatusUnknown: {
    severity: 'note',
    id: 'status {0} belum diketahui',
    en: 'the status of {0} is not known',
    proposal: { id: 'Periksa pada JDIH, lalu tambahkan ke tabel peraturan', en: 'Look it up at the JDIH and add it to the table of laws' },
  },
  otherService: {
    severity: 'error',
    id: 'menyebut layanan lain ("{0}") pada layanan pencabutan',
    en: 'names another service ("{0}") in a revocation service',
    proposal: { id: 'Baca: pencabutan', en: 'Read: revocation' },
  },
  complaintClassesOverlap: {
    severity: 'warning',
    id: 'kelas aduan bertumpang tindih: {0}',
    en: 'complaint classes overlap: {0}',
    proposal: { id: 'Bedakan kelas menurut satu ukuran', en: 'Tell the classes apart by one measure' },
  },
  complaintLimitMissing: {
    severity: 'warning',
    id: 'aduan tanpa batas waktu: {0}',
    en: 'complaints without a limit: {0}',
    proposal: { id: 'Tetapkan batas waktu untuk setiap kelas', en: 'Set a limit for every class' },
  },
  complaintAboutSelf: {
    severity: 'warning',
    id: 'aduan ditangani oleh pelaksana layanan sendiri, tanpa eskalasi',
    en: 'complaints are handled by those complained about, without escalation',
    proposal: { id: 'Teruskan ke atasan bila menyangkut pelaksana', en: 'Pass complaints about officers to their superior' },
  },
  headcountBelowFourEyes: {
    severity: 'warning',
    id: 'satu pelaksana tidak cukup untuk pemeriksaan oleh dua orang',
    en: 'one officer is not enough for four eyes',
    proposal: {
      id: 'Atasan (komponen 10) memutus bila pelaksana sendiri yang mengajukan',
      en: 'The supervisor (component 10) decides where the officer filed',
    },
  },
  privateNumberPublished: {
    severity: 'error',
    id: 'nomor pribadi diumumkan ({0})',
    en: 'a private number is published ({0})',
    proposal: { id: 'Ganti dengan nomor dinas; di sini dihilangkan', en: 'Give an office number; omitted here' },
  },
  personNamed: {
    severity: 'warning',
    id: 'nama orang diumumkan ({0})',
    en: 'a person is named ({0})',
    proposal: { id: 'Sebutkan jabatannya saja; di sini diganti peran', en: 'Name the office only; replaced by the role here' },
  },
  componentSilent: {
    severity: 'warning',
    id: 'komponen kosong: {0}',
    en: 'an empty component: {0}',
    proposal: { id: 'Isi komponennya (UU 25/2009 pasal 21)', en: 'Fill it in (UU 25/2009 art. 21)' },
  },
  componentUnknown: {
    severity: 'warning',
    id: 'komponen tidak terbaca: {0}',
    en: 'a component that could not be read: {0}',
    proposal: { id: 'Baca kembali sumbernya', en: 'Read the source again' },
  },
  decreeMissing: {
    severity: 'note',
    id: 'tidak ada nomor keputusan penetapan',
    en: 'no decree that sets the standard',
    proposal: { id: 'Cantumkan nomor dan tanggal keputusan', en: 'State number and date of the decree' },
  },
} as const

const wordings: Readonly<Record<FindingCode, Wording>> = findingTable

/** Code of a finding. */
export type FindingCode = keyof typeof findingTable

/** Something to mend in a published standard. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  /** Clause of the source. */
  readonly clause: string
  /** Dotted path in the data. */
  readonly path: string
  readonly id: string
  readonly en: string
  /** What to write, or how it is read meanwhile. */
  readonly proposal: Text
}

/** Makes a finding from the table. */
export function finding(code: FindingCode, clause: string, path: string, ...inserts: readonly string[]): Finding {
  const { severity, id, en, proposal }: Wording = wordings[code]
  const fill = (text: string): string => text.replace(/\{(\d)\}/g, (_, index: string) => inserts[Number(index)] ?? '')
  return { code, severity, clause, path, id: fill(id), en: fill(en), proposal: { id: fill(proposal.id), en: fill(proposal.en) } }
}
