import { html } from 'hono/html'
import { findReason } from '@cabut/sdk'
import { letterKinds, type CommandName } from '@cabut/sdk/standard'
import type { RequestJson } from '../back.js'
import { letterWords, roleTitle } from '../words.js'
import { hidden, type Piece, type View } from './layout.js'

/** One field of a command's form. */
interface Field {
  readonly name: string
  readonly label: string
  readonly kind: 'text' | 'lines' | 'long' | 'date' | 'person' | 'letter' | 'choice'
  readonly required?: boolean
  readonly choices?: readonly (readonly [string, string])[]
  readonly hint?: string
}

/** A command as a form: where it goes, what it asks. What is allowed, and to whom, the interface says. */
interface CommandForm {
  /** Path of the interface below the request. */
  readonly path: string
  readonly title: string
  readonly button: string
  readonly fields: readonly Field[]
  readonly tone?: 'bahaya' | 'sunyi'
  /** Shown on a page of its own. */
  readonly elsewhere?: 'verifikasi' | 'ams'
}

const note: Field = { name: 'note', label: 'Catatan', kind: 'long' }
const reasons: Field = { name: 'reasons', label: 'Alasan', kind: 'lines', required: true, hint: 'satu baris satu alasan; dibaca oleh pemohon' }
const findings: readonly Field[] = [
  { name: 'data', label: 'Data pemohon', kind: 'choice', required: true, choices: [['match', 'Sesuai'], ['mismatch', 'Tidak sesuai']] },
  { name: 'completeness', label: 'Kelengkapan surat', kind: 'choice', required: true, choices: [['complete', 'Lengkap'], ['incomplete', 'Belum lengkap']] },
  { name: 'subjectDn', label: 'Subject DN', kind: 'choice', required: true, choices: [['match', 'Sama'], ['mismatch', 'Berbeda'], ['unchecked', 'Belum diperiksa']] },
]

/** Every command people give, in the order in which it is offered. */
export const commandForms: Readonly<Partial<Record<CommandName, CommandForm>>> = {
  submit: { path: 'submit', title: 'Ajukan', button: 'Ajukan sekarang', fields: [] },
  receive: { path: 'receive', title: 'Terima surat', button: 'Terima dan baca', fields: [] },
  dispose: { path: 'dispose', title: 'Disposisi', button: 'Disposisikan', fields: [{ name: 'to', label: 'Kepada', kind: 'person', required: true }, note] },
  verify: { path: 'verify', title: 'Verifikasi', button: 'Catat temuan', fields: findings, elsewhere: 'verifikasi' },
  approve: { path: 'approve', title: 'Setujui', button: 'Setujui', fields: findings, elsewhere: 'verifikasi' },
  execute: { path: 'execute', title: 'Laksanakan', button: 'Laksanakan sekarang', fields: [] },
  recordAmsAnswer: {
    path: 'record-ams', title: 'Catat dari AMS', button: 'Catat', elsewhere: 'ams', fields: [
      { name: 'id', label: 'Nomor yang ditampilkan AMS', kind: 'text', required: true },
      { name: 'status', label: 'Keadaan di AMS', kind: 'choice', required: true, choices: [['waitingBsre', 'Terkirim, menunggu BSrE'], ['revoked', 'AMS menampilkan dicabut'], ['returned', 'Dikembalikan'], ['refused', 'Ditolak BSrE']] },
    ],
  },
  resume: {
    path: 'resume', title: 'Hasil pemeriksaan di AMS', button: 'Catat hasil', elsewhere: 'ams', fields: [
      { name: 'found', label: 'Di AMS', kind: 'choice', required: true, choices: [['record', 'Ada catatannya'], ['nothing', 'Tidak ada apa-apa']] },
      { name: 'recordId', label: 'Nomor di AMS', kind: 'text' }, note,
    ],
  },
  answer: { path: 'answer', title: 'Surat jawaban', button: 'Kirim surat jawaban', fields: [{ name: 'letter', label: 'Surat jawaban (PDF)', kind: 'letter', required: true }] },
  notify: { path: 'notify', title: 'Beri tahu pemohon', button: 'Catat pemberitahuan', tone: 'sunyi', fields: [{ name: 'channel', label: 'Lewat', kind: 'text', required: true, hint: 'misalnya telepon, surat, WhatsApp dinas' }] },
  close: { path: 'finish', title: 'Tutup permohonan', button: 'Tutup', tone: 'sunyi', fields: [] },
  redispose: { path: 'redispose', title: 'Disposisi ulang', button: 'Teruskan', tone: 'sunyi', fields: [{ name: 'to', label: 'Kepada', kind: 'person', required: true }, note] },
  cancelDisposition: { path: 'cancel-disposition', title: 'Batalkan disposisi', button: 'Batalkan disposisi', tone: 'sunyi', fields: [] },
  attach: { path: 'letters', title: 'Lampirkan surat', button: 'Lampirkan', tone: 'sunyi', fields: [{ name: 'letter', label: 'Surat (PDF)', kind: 'letter', required: true }] },
  amend: { path: 'amend', title: 'Ubah permohonan', button: 'Simpan perubahan', tone: 'sunyi', fields: [{ name: 'effectiveDate', label: 'Tanggal berlaku (TMT)', kind: 'date' }, { name: 'note', label: 'Keterangan', kind: 'long' }] },
  expedite: { path: 'expedite', title: 'Percepat', button: 'Percepat (kunci bocor)', tone: 'sunyi', fields: [] },
  ratify: {
    path: 'ratify', title: 'Pengesahan tindakan darurat', button: 'Putuskan', tone: 'sunyi',
    fields: [{ name: 'decision', label: 'Putusan', kind: 'choice', required: true, choices: [['ratified', 'Disahkan'], ['refused', 'Tidak disahkan']] }, note],
  },
  resolve: { path: 'resolve', title: 'Selesaikan pertentangan bukti', button: 'Putuskan', fields: [{ name: 'outcome', label: 'Putusan', kind: 'choice', required: true, choices: [['continue', 'Tunggu bukti lagi'], ['fail', 'Nyatakan gagal']] }, note] },
  resumeCertificate: { path: 'resume-certificate', title: 'Aktifkan kembali sertifikat', button: 'Aktifkan kembali', fields: [note] },
  park: { path: 'park', title: 'Tunda untuk diperiksa di AMS', button: 'Tunda', tone: 'sunyi', fields: [{ name: 'detail', label: 'Sebab', kind: 'text' }] },
  return: { path: 'return', title: 'Kembalikan', button: 'Kembalikan untuk perbaikan', tone: 'sunyi', fields: [reasons] },
  reject: { path: 'reject', title: 'Tolak', button: 'Tolak permohonan', tone: 'bahaya', fields: [reasons] },
  withdraw: { path: 'withdraw', title: 'Tarik permohonan', button: 'Tarik permohonan', tone: 'bahaya', fields: [note] },
  reopen: { path: 'reopen', title: 'Buka kembali', button: 'Buka kembali', tone: 'sunyi', fields: [{ name: 'complaint', label: 'Nomor pengaduan', kind: 'text', required: true }] },
}

/** Commands this person may give now, in the order of the table. */
export function offered({ session }: View, request: RequestJson): readonly CommandName[] {
  if (session === undefined) return []
  const mine = request.allowed.filter(({ roles, persons }) => roles.includes(session.role) && (persons === undefined || persons.includes(session.person.id))).map(({ command }) => command)
  // Only a compromised key is expedited; the interface would refuse the rest.
  const urgent = findReason(request.reason)?.urgent === true && !request.expedited
  return (Object.keys(commandForms) as CommandName[]).filter((name) => mine.includes(name) && (name !== 'expedite' || urgent))
}

/** The form of one command. */
export function commandForm(view: View, request: RequestJson, name: CommandName): Piece {
  const form = commandForms[name]
  if (form === undefined) return html``
  const upload = form.fields.some(({ kind }) => kind === 'letter')
  return html`<form method="post" action="/permohonan/${request.id}/perintah/${name}" ${upload ? html`enctype="multipart/form-data"` : ''}>${hidden(view, request.version)}
${form.fields.map((field) => fieldOf(view, name, field))}<button class="${form.tone ?? ''}">${form.button}</button></form>`
}

/** The fields of verification, shared by two buttons. */
export const findingFields = (view: View): Piece => html`${findings.map((field) => fieldOf(view, 'verify', field))}`

function fieldOf(view: View, command: string, { name, label, kind, required, choices, hint }: Field): Piece {
  const id = `${command}-${name}`
  const must = required === true ? 'required' : ''
  const help = hint === undefined ? '' : html`<span class="bantu">${hint}</span>`
  switch (kind) {
    case 'choice':
      return html`<fieldset><legend>${label}</legend>${choices?.map(([value, words]) => html`<label><input type="radio" name="${name}" value="${value}" ${must}>${words}</label>`)}</fieldset>`
    case 'person': {
      const { people, settings: { standard } } = view.office
      const wanted = people.flatMap((person) => person.roles.filter((role) => role === 'verifier' || role === 'coordinator').map((role) => [person, role] as const))
      return html`<div class="isian"><label for="${id}">${label}${help}</label><select id="${id}" name="${name}" ${must}>${wanted.map(([person, role]) => html`<option value="${person.id}">${person.name}, ${roleTitle(standard, role)}</option>`)}</select></div>`
    }
    case 'letter':
      return html`<div class="isian"><label for="${id}">${label}${help}</label><input type="file" id="${id}" name="${name}" accept="application/pdf,.pdf" ${must} data-periksa="surat"><div class="lapor" id="lapor-${id}" aria-live="polite"></div></div>
${command === 'attach' ? html`<div class="isian"><label for="${id}-jenis">Jenis surat</label><select id="${id}-jenis" name="kind">${letterKinds.filter((one) => one !== 'answerLetter').map((one) => html`<option value="${one}">${letterWords[one] ?? one}</option>`)}</select></div>` : html`<input type="hidden" name="kind" value="answerLetter">`}
<div class="dua"><div class="isian"><label for="${id}-nomor">Nomor surat</label><input type="text" id="${id}-nomor" name="number" maxlength="100"></div><div class="isian"><label for="${id}-tanggal">Tanggal surat</label><input type="date" id="${id}-tanggal" name="date"></div></div>`
    case 'lines':
    case 'long':
      return html`<div class="isian"><label for="${id}">${label}${help}</label><textarea id="${id}" name="${name}" maxlength="2000" ${must}></textarea></div>`
    default:
      return html`<div class="isian"><label for="${id}">${label}${help}</label><input type="${kind === 'date' ? 'date' : 'text'}" id="${id}" name="${name}" maxlength="200" ${must}></div>`
  }
}

/** What a submitted form sends to the interface: only the fields of its command, empty ones left out. */
export function bodyOf(name: CommandName, given: Readonly<Record<string, unknown>>): Record<string, unknown> | FormData {
  const form = commandForms[name]
  const text = (field: string): string | undefined => {
    const value = given[field]
    return typeof value === 'string' && value.trim() !== '' ? value.replace(/\r\n/g, '\n').trim() : undefined
  }
  const letter = given['letter']
  if (letter instanceof File) {
    const out = new FormData()
    out.append('request', JSON.stringify({ letter: { part: 'surat', kind: text('kind') ?? 'other', ...some({ number: text('number'), date: text('date') }) } }))
    out.append('surat', new Blob([letter], { type: 'application/pdf' }), 'surat.pdf')
    return out
  }
  const body = some(Object.fromEntries((form?.fields ?? []).map((field) => [field.name, field.kind === 'lines' ? text(field.name)?.split('\n').map((line) => line.trim()).filter((line) => line !== '') : text(field.name)])))
  if (name === 'verify' || name === 'approve') return { findings: body }
  if (name === 'recordAmsAnswer') return { record: { ...body, rawStatus: `dicatat petugas: ${String(body['status'])}` } }
  return body
}

function some(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}
