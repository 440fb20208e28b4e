import { html } from 'hono/html'
import type { Ticket } from '@cabut/spbe'
import type { Problem, RequestJson } from '../back.js'
import { applicantSide } from '../people.js'
import { clockWords, day, grouped, letterWords, minutes, moment, octets, reasonTitle, roleTitle } from '../words.js'
import { commandForm, commandForms, offered } from './commands.js'
import { problemBox } from './filing.js'
import { badge, facts, hidden, layout, notice, officeName, personName, type Piece, type View } from './layout.js'

/** Requests this person may see: their own, or the inbox of their role with what waits for them first. */
export function listPage(view: View, requests: readonly RequestJson[], closed: boolean): Piece {
  const { office: { settings: { standard } }, session } = view
  const mine = (one: RequestJson): boolean => offered(view, one).some((command) => !['attach', 'notify', 'park', 'expedite', 'withdraw', 'amend', 'close'].includes(command))
  const waiting = requests.filter(mine)
  const rest = requests.filter((one) => !mine(one))
  const outside = session !== undefined && applicantSide.has(session.role)
  const table = (rows: readonly RequestJson[], caption: string): Piece => html`<div class="gulir" tabindex="0" role="region" aria-label="${caption}"><table class="tumpuk"><caption>${caption}</caption><thead><tr><th scope="col">Nomor</th><th scope="col">Status</th><th scope="col">Alasan</th><th scope="col">OPD</th><th scope="col">Batas waktu</th></tr></thead><tbody>${rows.map((one) => html`<tr>
<td class="utuh"><a href="/permohonan/${one.id}">${one.register ?? one.id}</a>${one.expedited ? html` <span class="status" data-nada="buruk">Didahulukan</span>` : ''}</td><td>${badge(one.status, one.statusLabel)}</td><td data-judul="Alasan">${reasonTitle(one.reason)}</td><td data-judul="OPD">${officeName(view, one.parties.opdOrigin)}</td>
<td data-judul="Batas">${one.clock.dueAt === undefined ? '–' : moment(one.clock.dueAt, standard.zone)}${one.clock.breached ? html` <span class="status" data-nada="buruk">Terlambat</span>` : one.clock.warned ? html` <span class="status" data-nada="awas">Hampir habis</span>` : ''}</td></tr>`)}</tbody></table></div>`
  return layout(view, outside ? 'Permohonan' : 'Kotak masuk', html`
${outside ? html`<div class="deret"><a class="tombol" href="/permohonan/baru">Ajukan pencabutan</a>${session.role === 'opdOfficer' ? html`<a class="tombol sunyi" href="/permohonan/massal">Satu surat, banyak pemilik</a>` : ''}</div>` : ''}
${requests.length === 0 ? html`<div class="kosong"><p><b>Belum ada permohonan.</b></p><p>${outside ? 'Siapkan berkas sertifikat dan suratnya, lalu ajukan. Perkembangannya terlihat di halaman ini.' : 'Permohonan yang masuk dari OPD akan tampil di sini, yang menunggu Anda paling atas.'}</p></div>` : ''}
${waiting.length === 0 ? (requests.length === 0 || outside ? '' : notice('baik', 'Tidak ada yang menunggu Anda.')) : table(waiting, `Menunggu Anda (${waiting.length})`)}
${rest.length === 0 ? '' : table(rest, outside ? 'Permohonan' : `Lainnya (${rest.length})`)}
<p>${closed ? html`<a href="/permohonan">Sembunyikan yang selesai</a>` : html`<a href="/permohonan?selesai=1">Tampilkan yang selesai</a>`}</p>`)
}

/** Personal values of a request, where the interface gives them to this person. */
export type Personal = Readonly<Record<string, string>> | undefined

/** One request: where it stands, what comes next, and what this person may do. */
export function requestPage(view: View, request: RequestJson, ticket: Ticket, personal: Personal, more: { readonly problem?: Problem; readonly said?: string } = {}): Piece {
  const { office, session } = view
  const { standard } = office.settings
  const mine = offered(view, request)
  const direct = mine.filter((name) => commandForms[name]?.elsewhere === undefined && !(mine.includes('verify') && (name === 'return' || name === 'reject')))
  const [first, ...others] = direct.filter((name) => !['attach', 'notify', 'park', 'expedite', 'withdraw', 'amend', 'close', 'reject', 'reopen', 'redispose', 'cancelDisposition', 'ratify'].includes(name))
  const side = direct.filter((name) => name !== first && !others.includes(name))
  const nameOf = (id: string | undefined): string => personName(view, id) ?? '–'
  const byHand = office.ams.kind === 'assisted' && (mine.includes('recordAmsAnswer') || mine.includes('resume')) && ['executing', 'atBsre', 'parked', 'submitted'].includes(request.status)
  const steps = ticket.timeline.filter(({ label }, at, all) => label !== all[at - 1]?.label).map(({ at, label }) => html`<li><b>${label}</b><small>${moment(at, standard.zone)}</small></li>`).reverse()
  const earlier = steps.splice(4)
  return layout(view, `Permohonan ${request.register ?? ''}`.trim(), html`
<p class="anak">${reasonTitle(request.reason)} · ${officeName(view, request.parties.opdOrigin)}${request.expedited ? html` · <span class="status" data-nada="buruk">Didahulukan</span>` : ''}</p>
${more.said === undefined ? '' : notice('baik', more.said, 'status')}${more.problem === undefined ? '' : problemBox(more.problem)}
<div class="berdua"><section class="samping" aria-label="Status permohonan"><cabut-status endpoint="/api" request="${request.id}" data-version="${request.version}" lang="id"><p>${badge(request.status, request.statusLabel)}</p>${clockBox(view, request)}
<h2>Perjalanan</h2><ol class="garis">${steps}</ol>${earlier.length === 0 ? '' : html`<details><summary>${earlier.length} langkah sebelumnya</summary><ol class="garis">${earlier}</ol></details>`}</cabut-status></section>
<div>${request.proof === undefined ? '' : html`<div class="deret"><a class="tombol" href="/permohonan/${request.id}/bukti">Lihat bukti pencabutan</a></div>`}
${request.status === 'awaitingProof' ? notice('awas', html`<p>AMS menyatakan dicabut, tetapi penerbit belum membuktikannya. Sertifikat <b>belum dianggap dicabut</b>. CRL dan OCSP diperiksa sendiri secara berkala.</p><p><a href="/permohonan/${request.id}/bukti">Serahkan CRL atau jawaban OCSP yang Anda ambil sendiri</a></p>`) : ''}
${mine.includes('verify') || mine.includes('approve') ? html`<div class="deret"><a class="tombol" href="/permohonan/${request.id}/verifikasi">Periksa dan putuskan</a></div>` : ''}
${byHand ? html`<div class="deret"><a class="tombol" href="/permohonan/${request.id}/ams">Kerjakan di AMS</a></div>` : ''}
${first === undefined ? '' : html`<section class="kartu"><h2>${commandForms[first]?.title ?? first}</h2>${commandForm(view, request, first)}</section>`}
${others.map((name) => html`<section class="kartu"><h2>${commandForms[name]?.title ?? name}</h2>${commandForm(view, request, name)}</section>`)}
${request.status === 'closed' && session?.person.id === request.parties.applicant.id && office.survey.open(office.survey.ticketOf(request.id)) ? notice('info', html`<p>Permohonan selesai. <a href="/survei/${office.survey.ticketOf(request.id)}">Isi survei kepuasan</a> (sembilan pertanyaan, anonim).</p>`) : ''}
<section><h2>Permohonan</h2>${facts([
    ['Nomor', html`${request.register ?? '–'} <small>${request.id}</small>`], ['Alasan', reasonTitle(request.reason)], ['Jenis', request.kind === 'suspension' ? 'Penangguhan' : 'Pencabutan'],
    ['Pemohon', `${nameOf(request.parties.applicant.id)}, ${officeName(view, request.parties.opdOrigin)}`],
    personal?.['holder'] === undefined ? undefined : ['Pemilik sertifikat', personal['holder']], personal?.['username'] === undefined ? undefined : ['Nama pengguna AMS', personal['username']],
    personal?.['subjectDn'] === undefined ? undefined : ['Subject DN', personal['subjectDn']], personal?.['note'] === undefined ? undefined : ['Keterangan', personal['note']],
    request.effectiveDate === undefined ? undefined : ['Berlaku mulai (TMT)', moment(request.effectiveDate, standard.zone)],
    ['Nomor seri sertifikat', request.certificate.serial === undefined ? 'belum diketahui' : html`<code>${grouped(request.certificate.serial)}</code>`], ['Penerbit', request.certificate.issuerDn ?? '–'],
    ['Berlaku sampai', moment(request.certificate.notAfter, standard.zone)],
    request.disposition === undefined ? undefined : ['Disposisi', `${nameOf(request.disposition.by)} kepada ${nameOf(request.disposition.to)}, ${request.disposition.read ? 'sudah dibaca' : 'belum dibaca'}`],
    request.approval === undefined ? undefined : ['Disetujui', `${nameOf(request.approval.by)}, ${moment(request.approval.at, standard.zone)}`],
    request.ams.recordId === undefined ? undefined : ['Nomor di AMS', request.ams.recordId],
  ])}</section>
<section><h2>Surat</h2>${request.letters.length === 0 ? html`<p>Belum ada surat.</p>` : html`<ul>${request.letters.map((letter) => html`<li><a href="/permohonan/${request.id}/berkas/${letter.sha256}">${letterWords[letter.kind] ?? letter.kind}</a>${letter.number === undefined ? '' : html`, nomor ${letter.number}`}${letter.date === undefined ? '' : html`, ${day(letter.date)}`} <small>(PDF, ${octets(letter.size)})</small></li>`)}</ul>`}</section>
${request.warnings.length === 0 ? '' : notice('awas', html`<ul>${request.warnings.map(({ message }) => html`<li>${message}</li>`)}</ul>`)}
${side.length === 0 ? '' : html`<section class="tanpa-cetak"><h2>Tindakan lain</h2>${side.map((name) => html`<details><summary>${commandForms[name]?.title ?? name}</summary>${commandForm(view, request, name)}</details>`)}</section>`}
<p class="tanpa-cetak">${session !== undefined && !applicantSide.has(session.role) ? html`<small>Anda bertindak sebagai ${roleTitle(standard, session.role)}. Setiap tindakan tercatat dan tersegel.</small>` : ''}</p></div></div>`, ['status', 'ajuan'])
}

/** The service clock in words, and the time to proof apart from it. */
export function clockBox({ office: { settings: { standard } } }: View, { clock }: RequestJson): Piece {
  const tone = clock.breached ? 'buruk' : clock.warned ? 'awas' : 'info'
  return notice(tone, html`<p><b>Jam layanan ${clockWords[clock.state] ?? clock.state}</b>${clock.state === 'notStarted' ? '' : html`, terpakai ${minutes(clock.elapsedMinutes)} waktu layanan`}.
${clock.dueAt === undefined ? '' : html` Batas: ${moment(clock.dueAt, standard.zone)}${clock.provisional ? ' (sementara, menunggu kalender resmi)' : ''}.`}${clock.breached ? html` <b>Melewati batas.</b>` : ''}</p>
${clock.timeToProof === undefined ? '' : html`<p><small>Waktu menuju bukti, dihitung terpisah: ${minutes(clock.timeToProof.minutes)}${clock.timeToProof.until === undefined ? ', masih berjalan' : ''}.</small></p>`}`)
}

/** Asks for a file with hidden fields; used where a page has its own upload. */
export function uploadForm(view: View, action: string, version: number, fields: Piece, button: string): Piece {
  return html`<form method="post" action="${action}" enctype="multipart/form-data">${hidden(view, version)}${fields}<button>${button}</button></form>`
}
