/** Languages of the components. */
export type Language = 'id' | 'en'

/** The language an element speaks: its own `lang`, else that of the nearest ancestor, else Indonesian. */
export function languageOf(element: Element): Language {
  const said = element.closest('[lang]')?.getAttribute('lang') ?? 'id'
  return said.toLowerCase().startsWith('en') ? 'en' : 'id'
}

type Word =
  | 'loading' | 'unreachable' | 'again' | 'certificate' | 'certificateHint' | 'certificateUnreadable' | 'subject' | 'issuer' | 'serial'
  | 'until' | 'expired' | 'sameName' | 'otherName' | 'nothing' | 'username' | 'usernameHint' | 'holder' | 'reason' | 'choose' | 'urgent' | 'note'
  | 'noteHint' | 'letters' | 'mandatory' | 'advised' | 'file' | 'number' | 'date' | 'notPdf' | 'truncated' | 'tooLarge' | 'aboveAms' | 'looksFine'
  | 'send' | 'sending' | 'filed' | 'keepNumber' | 'lost' | 'due' | 'provisional' | 'breached' | 'clock' | 'notStarted' | 'running'
  | 'paused' | 'stopped' | 'used' | 'toProof' | 'timeline' | 'earlier'

interface Sentence { readonly id: string; readonly en: string }

const words: Readonly<Record<Word, Sentence>> = {
  loading: { id: 'Memuat …', en: 'Loading …' },
  unreachable: { id: 'Layanan tidak dapat dihubungi. Coba lagi.', en: 'The service cannot be reached. Try again.' },
  again: { id: 'Coba lagi', en: 'Try again' },
  certificate: { id: 'Sertifikat', en: 'Certificate' },
  certificateHint: { id: 'Berkas .cer, .crt, atau .pem; dibaca di peramban ini', en: 'A .cer, .crt or .pem file; read in this browser' },
  certificateUnreadable: { id: 'Berkas ini bukan sertifikat yang dapat dibaca.', en: 'This file is no certificate that can be read.' },
  subject: { id: 'Subject DN', en: 'Subject DN' },
  issuer: { id: 'Penerbit', en: 'Issuer' },
  serial: { id: 'Nomor seri', en: 'Serial number' },
  until: { id: 'Berlaku sampai', en: 'Valid until' },
  expired: { id: 'Sertifikat ini sudah kedaluwarsa.', en: 'This certificate has expired.' },
  sameName: { id: 'Subject DN sama dengan yang diharapkan.', en: 'The Subject DN is the expected one.' },
  otherName: { id: 'Subject DN berbeda dari yang diharapkan:', en: 'The Subject DN differs from the expected one:' },
  nothing: { id: 'tidak ada', en: 'nothing' },
  username: { id: 'Nama pengguna di AMS', en: 'Username in AMS' },
  usernameHint: { id: 'Bukan NIK dan bukan surel', en: 'No identity number and no e-mail address' },
  holder: { id: 'Nama pemilik sertifikat', en: "Holder's name" },
  reason: { id: 'Alasan pencabutan', en: 'Reason' },
  choose: { id: 'Pilih alasan', en: 'Choose a reason' },
  urgent: { id: 'Didahulukan, juga di luar jam layanan. Hentikan pemakaian sertifikat sekarang.', en: 'Handled first, outside service hours too. Stop using the certificate now.' },
  note: { id: 'Keterangan', en: 'Note' },
  noteHint: { id: 'Jangan menulis passphrase atau NIK', en: 'No passphrase and no identity number' },
  letters: { id: 'Surat', en: 'Letters' },
  mandatory: { id: 'wajib', en: 'required' },
  advised: { id: 'disarankan', en: 'advised' },
  file: { id: 'Berkas PDF', en: 'PDF file' },
  number: { id: 'Nomor surat', en: 'Number' },
  date: { id: 'Tanggal surat', en: 'Date' },
  notPdf: { id: 'Berkas ini bukan PDF.', en: 'This file is no PDF.' },
  truncated: { id: 'PDF ini terpotong; unggah berkas yang utuh.', en: 'This PDF is cut off; choose the whole file.' },
  tooLarge: { id: 'Berkas lebih dari 20 MiB.', en: 'The file is larger than 20 MiB.' },
  aboveAms: { id: 'Lebih dari 1 MiB, batas AMS. Jangan dikompres atau dicetak ulang: tanda tangannya akan rusak.', en: "Above AMS's 1 MiB. Do not compress or re-print it: that would destroy its signatures." },
  looksFine: { id: 'PDF utuh.', en: 'A whole PDF.' },
  send: { id: 'Ajukan permohonan', en: 'File the request' },
  sending: { id: 'Mengirim …', en: 'Sending …' },
  filed: { id: 'Permohonan tercatat', en: 'The request is recorded' },
  keepNumber: { id: 'Simpan nomor ini.', en: 'Keep this number.' },
  lost: { id: 'Sambungan terputus sebelum ada jawaban. Kirim lagi: permohonan tidak akan tercatat dua kali.', en: 'The connection was lost before an answer came. Send again: the request will not be recorded twice.' },
  due: { id: 'Batas waktu layanan', en: 'Service limit' },
  provisional: { id: 'sementara', en: 'provisional' },
  breached: { id: 'Melewati batas.', en: 'Past the limit.' },
  clock: { id: 'Jam layanan', en: 'Service clock' },
  notStarted: { id: 'belum berjalan', en: 'not started' },
  running: { id: 'berjalan', en: 'running' },
  paused: { id: 'berhenti sementara, menunggu pemohon', en: 'paused, waiting for the applicant' },
  stopped: { id: 'selesai', en: 'finished' },
  used: { id: 'terpakai {0} menit', en: '{0} minutes used' },
  toProof: { id: 'Waktu menuju bukti, dihitung terpisah: {0} menit', en: 'Time to proof, counted apart: {0} minutes' },
  timeline: { id: 'Perjalanan', en: 'Timeline' },
  earlier: { id: '{0} langkah sebelumnya', en: '{0} earlier steps' },
}

/** One of the sentences above, with its inserts. */
export function say(language: Language, word: Word, ...inserts: readonly string[]): string {
  return words[word][language].replace(/\{(\d)\}/g, (_, at: string) => inserts[Number(at)] ?? '')
}

const letters: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  requestLetter: { id: 'Surat permohonan', en: 'Request letter' }, reasonStatement: { id: 'Surat keterangan alasan pencabutan', en: 'Letter stating the reason' },
  deathCertificate: { id: 'Akta kematian', en: 'Death certificate' }, transferDecree: { id: 'SK mutasi atau jabatan', en: 'Transfer decree' }, retirementDecree: { id: 'SK pensiun', en: 'Retirement decree' },
  dismissalDecree: { id: 'SK pemberhentian', en: 'Dismissal decree' }, institutionDecision: { id: 'Keputusan instansi', en: 'Decision of the agency' }, incidentReport: { id: 'Laporan kejadian', en: 'Incident report' },
}

/** A kind of letter in words; a kind not known here is shown raw. */
export function letterWords(language: Language, kind: string): string {
  return Object.hasOwn(letters, kind) ? letters[kind]?.[language] ?? kind : kind
}

/** An instant as people write it: "23 November 2026 pukul 14.00 WIB". */
export function instantWords(language: Language, iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat(language === 'id' ? 'id-ID' : 'en-GB', { timeZone, dateStyle: 'long', timeStyle: 'long' }).format(new Date(iso)).replace(/(\d\d[.:]\d\d)[.:]\d\d/, '$1')
}
