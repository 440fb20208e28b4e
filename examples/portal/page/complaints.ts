import { html } from 'hono/html'
import { applicantSide } from '../people.js'
import type { Problem } from '../back.js'
import { channelWords, limitWords, moment, roleTitle } from '../words.js'
import { problemBox } from './filing.js'
import { badge, facts, hidden, layout, notice, personName, type Piece, type View } from './layout.js'

/** A complaint as the interface shows it. */
export interface ComplaintJson {
  readonly id: string
  readonly number: string
  readonly status: string
  readonly statusLabel: string
  readonly channel: string
  readonly class: string
  readonly text: string
  readonly filedAt: string
  readonly dueAt?: string
  readonly answer?: string
  readonly requestId?: string
  readonly reporter: { readonly id?: string; readonly visibility: 'open' | 'secret' | 'anonymous' }
  readonly events: readonly { readonly type: string; readonly time: string; readonly role?: string; readonly note?: string }[]
  readonly removed?: readonly { readonly message: string }[]
  readonly key?: string
}

/** Channels, and the complaints this person may see. */
export function complaintsPage(view: View, complaints: readonly ComplaintJson[]): Piece {
  const { office: { settings: { standard } }, session } = view
  return layout(view, 'Pengaduan', html`
<div class="deret"><a class="tombol" href="/pengaduan/baru">Sampaikan pengaduan</a><a class="tombol sunyi" href="/pengaduan/lihat">Lihat pengaduan anonim saya</a></div>
${session === undefined ? '' : complaints.length === 0 ? html`<div class="kosong"><p><b>Belum ada pengaduan.</b></p><p>Pengaduan yang Anda sampaikan, atau yang menjadi tugas Anda, tampil di sini.</p></div>` : html`<div class="gulir" tabindex="0" role="region" aria-label="Pengaduan"><table class="tumpuk"><thead><tr><th scope="col">Nomor</th><th scope="col">Status</th><th scope="col">Kelas</th><th scope="col">Masuk</th><th scope="col">Batas waktu</th></tr></thead><tbody>${complaints.map((one) => html`<tr><td class="utuh"><a href="/pengaduan/${one.id}">${one.number}</a></td><td>${badge(tone(one.status), one.statusLabel)}</td><td data-judul="Kelas">${classTitle(view, one.class)}</td><td data-judul="Masuk">${moment(one.filedAt, standard.zone)}</td><td data-judul="Batas">${one.dueAt === undefined ? '–' : moment(one.dueAt, standard.zone)}</td></tr>`)}</tbody></table></div>`}
<section><h2>Saluran lain</h2><ul>${standard.complaints.channels.map(({ kind, value }) => html`<li>${channelWords[kind] ?? kind}${value === undefined ? '' : `: ${value}`}</li>`)}</ul></section>`)
}

const tone = (status: string): string => ({ answered: 'closed', closed: 'closed', refused: 'rejected', filed: 'submitted' })[status] ?? status
const classTitle = ({ office }: View, id: string): string => office.settings.standard.complaints.classes.find((one) => one.id === id)?.title.id ?? id

/** The form of a new complaint; also for visitors, who then are anonymous. */
export function newComplaintPage(view: View, entered: Readonly<Record<string, string>> = {}, problem?: Problem): Piece {
  const { office: { settings: { standard } }, session } = view
  return layout(view, 'Sampaikan pengaduan', html`${problem === undefined ? '' : problemBox(problem)}
<form method="post" action="/pengaduan">${hidden(view)}
<div class="isian"><label for="kelas">Jenis pengaduan</label><select id="kelas" name="kelas">${standard.complaints.classes.map(({ id, title, limit }) => html`<option value="${id}" ${entered['kelas'] === id ? 'selected' : ''}>${title.id} (dijawab dalam: ${limitWords(limit)})</option>`)}</select></div>
<div class="isian"><label for="uraian">Uraian<span class="bantu">jangan menulis NIK, nomor telepon, atau kata sandi; yang terlanjur ditulis disamarkan</span></label><textarea id="uraian" name="uraian" maxlength="8000" required>${entered['uraian'] ?? ''}</textarea></div>
${session === undefined ? notice('info', 'Anda tidak masuk: pengaduan ini anonim. Simpan nomor dan kuncinya untuk melihat jawabannya.') : html`<div class="isian"><label for="permohonan">Nomor permohonan <small>(bila ada)</small></label><input type="text" id="permohonan" name="permohonan" maxlength="60" value="${entered['permohonan'] ?? ''}"></div>
<fieldset><legend>Identitas saya</legend><label><input type="radio" name="sifat" value="open" checked>Terbuka</label><label><input type="radio" name="sifat" value="secret">Rahasia (hanya penangan yang tahu)</label><label><input type="radio" name="sifat" value="anonymous">Anonim</label></fieldset>`}
<button>Kirim pengaduan</button></form>`)
}

const acts: Readonly<Record<string, { readonly path: string; readonly title: string; readonly field?: 'note' | 'text' | 'class'; readonly from: readonly string[] }>> = {
  take: { path: 'take', title: 'Tangani', from: ['filed', 'escalated'] },
  answer: { path: 'answer', title: 'Jawab', field: 'text', from: ['handled'] },
  classify: { path: 'classify', title: 'Golongkan', field: 'class', from: ['filed', 'handled', 'escalated'] },
  passToBsre: { path: 'pass-to-bsre', title: 'Teruskan ke BSrE', field: 'note', from: ['handled'] },
  recordBsreAnswer: { path: 'bsre-answer', title: 'Catat jawaban BSrE', field: 'text', from: ['atBsre'] },
  escalate: { path: 'escalate', title: 'Teruskan ke atasan', field: 'note', from: ['filed', 'handled', 'atBsre', 'escalated'] },
  refuse: { path: 'refuse', title: 'Tolak dengan alasan', field: 'text', from: ['filed', 'handled', 'escalated'] },
  close: { path: 'close', title: 'Tutup', from: ['answered'] },
  reopen: { path: 'reopen', title: 'Belum puas: buka kembali', field: 'text', from: ['answered', 'refused', 'closed'] },
}
/** What may be done with a complaint: path of the interface and the field it takes. */
export const complaintActs = acts

/** One complaint. */
export function complaintPage(view: View, complaint: ComplaintJson, more: { readonly problem?: Problem; readonly isNew?: boolean } = {}): Piece {
  const { office: { settings: { standard } }, session } = view
  const officer = session !== undefined && !applicantSide.has(session.role)
  return layout(view, `Pengaduan ${complaint.number}`, html`
${more.problem === undefined ? '' : problemBox(more.problem)}
${complaint.key === undefined ? '' : notice('awas', html`<p><b>Simpan nomor dan kunci ini; tidak akan ditampilkan lagi.</b></p>${facts([['Nomor', html`<code>${complaint.id}</code>`], ['Kunci', html`<code>${complaint.key}</code>`]])}`)}
${complaint.removed === undefined ? '' : notice('info', html`<ul>${complaint.removed.map(({ message }) => html`<li>${message}</li>`)}</ul>`)}
<p>${badge(tone(complaint.status), complaint.statusLabel)}</p>
<div class="kartu verbatim">${complaint.text}</div>
${facts([['Jenis', classTitle(view, complaint.class)], ['Masuk', moment(complaint.filedAt, standard.zone)], ['Batas waktu', complaint.dueAt === undefined ? 'tidak disebut dalam standar' : moment(complaint.dueAt, standard.zone)],
    ['Pelapor', complaint.reporter.visibility === 'anonymous' ? 'anonim' : personName(view, complaint.reporter.id) ?? 'dirahasiakan'], complaint.requestId === undefined ? undefined : ['Permohonan', html`<a href="/permohonan/${complaint.requestId}">${complaint.requestId}</a>`]])}
${complaint.answer === undefined ? '' : html`<h2>Jawaban</h2><div class="kartu verbatim">${complaint.answer}</div>`}
<h2>Perjalanan</h2><ol class="garis">${complaint.events.map(({ type, time, role, note }) => html`<li><b>${eventWords[type] ?? type}</b>${role === undefined ? '' : ` oleh ${roleTitle(standard, role)}`}<small>${moment(time, standard.zone)}</small>${note === undefined ? '' : html`<div class="verbatim">${note}</div>`}</li>`)}</ol>
${session === undefined ? '' : html`<h2 class="tanpa-cetak">Tindakan</h2>${Object.entries(acts).filter(([name, { from }]) => from.includes(complaint.status) && (officer || name === 'reopen')).map(([name, { title, field }]) => html`<details><summary>${title}</summary><form method="post" action="/pengaduan/${complaint.id}/${name}">${hidden(view)}
${field === undefined ? '' : field === 'class' ? html`<div class="isian"><label for="k-${name}">Kelas</label><select id="k-${name}" name="class">${standard.complaints.classes.map((one) => html`<option value="${one.id}">${one.title.id}</option>`)}</select></div>` : html`<div class="isian"><label for="k-${name}">${field === 'text' ? 'Isi' : 'Catatan'}</label><textarea id="k-${name}" name="${field}" maxlength="2000"></textarea></div>`}<button class="kecil">${title}</button></form></details>`)}`}`)
}

const eventWords: Readonly<Record<string, string>> = {
  filed: 'Disampaikan', taken: 'Ditangani', classified: 'Digolongkan', passedToBsre: 'Diteruskan ke BSrE', bsreAnswered: 'BSrE menjawab', escalated: 'Diteruskan ke atasan', answered: 'Dijawab', refused: 'Ditolak', closed: 'Ditutup', reopened: 'Dibuka kembali',
}

/** Opens an anonymous complaint by its key. */
export function complaintKeyPage(view: View, problem?: Problem): Piece {
  return layout(view, 'Lihat pengaduan anonim', html`${problem === undefined ? '' : problemBox(problem)}<form method="post" action="/pengaduan/lihat">${hidden(view)}<div class="isian"><label for="id">Nomor</label><input type="text" id="id" name="id" maxlength="60" required autocomplete="off"></div><div class="isian"><label for="kode">Kunci</label><input type="text" id="kode" name="kode" maxlength="64" required autocomplete="off"></div><button>Lihat</button></form>`)
}
