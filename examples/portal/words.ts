import { findReason, roles, type ServiceStandard } from '@cabut/sdk'
import type { ComponentName } from '@cabut/sdk/standard'
import type { DifferenceHint, NameDifference } from '@cabut/pki/name'

const zones = { WIB: 'Asia/Jakarta', WITA: 'Asia/Makassar', WIT: 'Asia/Jayapura' } as const
type Zone = keyof typeof zones

/** "Senin, 23 November 2026 pukul 14.00 WIB" */
export function moment(iso: string | undefined, zone: Zone): string {
  if (iso === undefined) return '–'
  const at = new Date(iso)
  const day = new Intl.DateTimeFormat('id-ID', { timeZone: zones[zone], weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(at)
  const time = new Intl.DateTimeFormat('id-ID', { timeZone: zones[zone], hour: '2-digit', minute: '2-digit', hour12: false }).format(at)
  return `${day} pukul ${time} ${zone}`
}

/** "23 November 2026" of a `YYYY-MM-DD`. */
export function day(date: string | undefined): string {
  return date === undefined ? '–' : new Intl.DateTimeFormat('id-ID', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(`${date.slice(0, 10)}T00:00:00Z`))
}

/** "2 jam 50 menit" */
export function minutes(count: number): string {
  const whole = Math.max(0, Math.floor(count))
  const [hours, rest] = [Math.floor(whole / 60), whole % 60]
  if (hours === 0) return `${rest} menit`
  return rest === 0 ? `${hours} jam` : `${hours} jam ${rest} menit`
}

/** "November 2026" of a `YYYY-MM`. */
export const month = (key: string): string => new Intl.DateTimeFormat('id-ID', { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(new Date(`${key}-01T00:00:00Z`))

/** "34 KiB" */
export const octets = (size: number): string => size < 1_048_576 ? `${Math.ceil(size / 1024)} KiB` : `${(size / 1_048_576).toFixed(1).replace('.', ',')} MiB`

/** A digest or serial in groups of four, for eyes. */
export const grouped = (hex: string): string => hex.replace(/(.{4})(?=.)/g, '$1 ')

export const letterWords: Readonly<Record<string, string>> = {
  requestLetter: 'Surat permohonan', reasonStatement: 'Surat keterangan alasan pencabutan', deathCertificate: 'Akta kematian', transferDecree: 'SK mutasi atau jabatan',
  retirementDecree: 'SK pensiun', dismissalDecree: 'SK pemberhentian', institutionDecision: 'Keputusan instansi', incidentReport: 'Laporan kejadian',
  answerLetter: 'Surat jawaban', other: 'Surat lain',
}

export const componentWords: Readonly<Record<ComponentName, string>> = {
  requirements: 'Persyaratan', procedure: 'Sistem, mekanisme, dan prosedur', timeLimit: 'Jangka waktu penyelesaian', fee: 'Biaya/tarif', product: 'Produk pelayanan',
  complaints: 'Penanganan pengaduan, saran, dan masukan', legalBasis: 'Dasar hukum', facilities: 'Sarana, prasarana, dan/atau fasilitas', competence: 'Kompetensi pelaksana',
  supervision: 'Pengawasan internal', headcount: 'Jumlah pelaksana', guarantee: 'Jaminan pelayanan', safety: 'Jaminan keamanan dan keselamatan pelayanan', evaluation: 'Evaluasi kinerja pelaksana',
}

export const channelWords: Readonly<Record<string, string>> = {
  faceToFace: 'Tatap muka', letterBox: 'Kotak pengaduan', srikandi: 'Srikandi', phone: 'Telepon', whatsapp: 'WhatsApp', email: 'Surel', website: 'Situs web', lapor: 'SP4N-LAPOR!',
  socialMedia: 'Media sosial', officer: 'Pejabat pengaduan',
}

export const limitWords = (limit: { readonly kind: string; readonly amount: number } | null): string => {
  if (limit === null) return 'tidak disebut dalam standar'
  switch (limit.kind) {
    case 'workingMinutes': return limit.amount % 60 === 0 ? `${limit.amount / 60} jam kerja` : `${limit.amount} menit kerja`
    case 'wallHours': return `${limit.amount} jam, siang malam`
    case 'workingDays': return `${limit.amount} hari kerja`
    case 'calendarDays': return `${limit.amount} hari kalender`
    default: return `${limit.amount} (${limit.kind})`
  }
}

export const startWords: Readonly<Record<string, string>> = {
  submission: 'saat permohonan lengkap diajukan', receipt: 'saat surat diterima', completeness: 'saat dinyatakan lengkap', authentication: 'saat pemohon diautentikasi',
  notification: 'saat pemohon diberi tahu', answerLetter: 'saat surat jawaban diberikan', revocation: 'saat AMS menyatakan dicabut',
}

const reasonsOfCa: Readonly<Record<string, string>> = {
  keyCompromise: 'kunci diketahui pihak lain', affiliationChanged: 'perubahan jabatan, unit, atau data', cessationOfOperation: 'tidak lagi bertugas', superseded: 'diganti sertifikat baru',
  privilegeWithdrawn: 'wewenang dicabut', unspecified: 'tidak disebutkan', certificateHold: 'ditangguhkan',
}
/** The reason as the certificate authority publishes it. */
export const caReason = (reason: string | undefined): string => reason === undefined ? 'tidak disebutkan oleh penerbit' : `${reasonsOfCa[reason] ?? reason} (${reason})`

export const reasonTitle = (code: string): string => findReason(code)?.title.id ?? code

/** The role as this standard calls it. */
export function roleTitle(standard: ServiceStandard, role: string): string {
  return standard.roles.find((one) => one.role === role)?.title.id ?? (Object.hasOwn(roles, role) ? roles[role as keyof typeof roles].id : role)
}

export const clockWords: Readonly<Record<string, string>> = { notStarted: 'belum berjalan', running: 'berjalan', paused: 'berhenti sementara, menunggu pemohon', stopped: 'selesai' }

export const differenceWords: Readonly<Record<NameDifference['kind'], string>> = {
  missing: 'tidak ada di sertifikat', extra: 'hanya ada di sertifikat', differs: 'berbeda', order: 'urutan berbeda', grouping: 'susunan berbeda', equivalent: 'penulisan berbeda, artinya sama',
}
const hints: Readonly<Record<DifferenceHint, string>> = {
  case: 'besar-kecil huruf', whitespace: 'spasi', homoglyph: 'huruf yang mirip tetapi bukan huruf yang sama', bidi: 'karakter pengubah arah tulisan', invisible: 'karakter tak tampak', control: 'karakter kendali',
  diacritics: 'tanda diakritik', punctuation: 'tanda baca', spacing: 'jarak antarhuruf', wordOrder: 'urutan kata', prefix: 'salah satu terpotong', otherType: 'tercantum pada isian lain', reversed: 'urutan terbalik',
  compatibility: 'bentuk huruf lain yang setara',
}
export const hintWords = (list: readonly DifferenceHint[]): string => list.map((hint) => hints[hint]).join(', ')

export const attributeWords: Readonly<Record<string, string>> = {
  '2.5.4.3': 'Nama (CN)', '2.5.4.10': 'Instansi (O)', '2.5.4.11': 'Unit (OU)', '2.5.4.6': 'Negara (C)', '2.5.4.7': 'Kota (L)', '2.5.4.8': 'Provinsi (ST)', '2.5.4.13': 'Keterangan (description)',
  '1.2.840.113549.1.9.1': 'Surel (E)', '2.5.4.5': 'Nomor seri subjek', '2.5.4.12': 'Jabatan (T)',
}
