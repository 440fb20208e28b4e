import { html } from 'hono/html'
import { findReason } from '@cabut/sdk'
import type { Component } from '@cabut/sdk/standard'
import { channelWords, componentWords, letterWords, limitWords, roleTitle, startWords } from '../words.js'
import { facts, hidden, layout, notice, type Piece, type View } from './layout.js'

/** The first page: what the service is, for whom, how long, and where to begin. */
export function homePage(view: View): Piece {
  const { settings: { standard } } = view.office
  const required = standard.letters.filter(({ demand, reasons }) => demand === 'mandatory' && reasons === undefined)
  return layout(view, 'Pencabutan sertifikat elektronik', html`
<p class="pembuka">${standard.title.id}, ${standard.region.name}. Sertifikat dinyatakan <b>dicabut</b> hanya bila penerbitnya (BSrE) membuktikannya dalam CRL atau OCSP yang ditandatangani; Anda menerima <b>Bukti pencabutan</b> yang dapat diperiksa siapa pun, kapan pun.</p>
<div class="deret"><a class="tombol" href="/permohonan/baru">Ajukan pencabutan</a><a class="tombol sunyi" href="/periksa">Periksa bukti pencabutan</a></div>
${notice('awas', html`<p><b>Lupa passphrase?</b> ${findReason('lupaPassphrase')?.advice?.id ?? ''}.</p><p><b>Passphrase atau kunci diketahui orang lain?</b> Ajukan sekarang dengan alasan itu: permohonan didahulukan, juga di luar jam layanan.</p>`)}
<div class="petak"><section class="kartu"><h2>Yang perlu disiapkan</h2><ul>
<li>Sertifikat (berkas .cer atau .pem), atau PDF yang pernah ditandatangani dengannya.</li>
${required.map(({ kind, within }) => html`<li>${letterWords[kind] ?? kind}${within === undefined ? '' : html` (boleh tercantum dalam ${(letterWords[within] ?? within).toLowerCase()})`}, berkas PDF asli.</li>`)}
<li>Yang mengajukan: ${roleTitle(standard, standard.filing.role)}.</li></ul></section>
<section class="kartu"><h2>Waktu dan biaya</h2>${facts([
    ['Batas waktu layanan', `${limitWords(standard.timeLimit)}, mulai ${startWords[standard.timeLimit.start] ?? ''}, berakhir ${startWords[standard.timeLimit.stop] ?? ''}`],
    ['Waktu menuju bukti', 'dihitung terpisah: bergantung pada terbitnya CRL atau OCSP oleh BSrE'],
    ['Biaya', standard.fee.amount === 0 ? 'Gratis' : `Rp${standard.fee.amount}`],
  ])}</section></div>
<section><h2>Langkah</h2><ol class="langkah bersebelahan">${standard.steps.filter(({ name }) => name !== 'close').map(({ title, actor, clause }) => html`<li><b>${title.id}</b><br><small>${roleTitle(standard, actor)}${clause === '-' ? '' : html` · butir ${clause}`}</small></li>`)}</ol></section>
<section><h2>Maklumat pelayanan</h2>${pledge(view)}</section>`)
}

function pledge({ office: { settings: { standard } } }: View): Piece {
  return html`<blockquote class="kartu"><p>Dengan ini kami menyatakan sanggup menyelenggarakan pelayanan sesuai standar pelayanan yang telah ditetapkan, dan apabila tidak menepati janji ini, kami siap menerima sanksi sesuai peraturan perundang-undangan.</p><p><small>${standard.office.id}. Jaminan menurut standar: ${standard.guarantee.says === 'stated' ? standard.guarantee.items.join('; ') : 'tidak disebut'}.</small></p></blockquote>`
}

/** The service standard itself: 14 components as published, our reading beside the words. */
export function standardPage(view: View): Piece {
  const { settings: { standard } } = view.office
  const part = (title: string, from: number, to: number): Piece => html`<h2>${title}</h2>${standard.components.slice(from, to).map(componentSection)}`
  return layout(view, 'Standar pelayanan', html`
<p>${standard.title.id}. ${standard.office.id}. Teks di bawah ini sebagaimana dipublikasikan; <i>dibaca</i> adalah pembacaan portal ini bila teksnya sendiri belum menentukan.</p>
${part('Penyampaian pelayanan (service delivery)', 0, 6)}${part('Pengelolaan pelayanan (manufacturing)', 6, 14)}
<h2>Maklumat pelayanan</h2>${pledge(view)}
<h2 id="pengaduan">Saluran pengaduan</h2>
<ul>${standard.complaints.channels.map(({ kind, value }) => html`<li>${channelWords[kind] ?? kind}${value === undefined ? '' : `: ${value}`}</li>`)}</ul>
<h3>Kelas pengaduan dan batas waktunya</h3><ul>${standard.complaints.classes.map(({ title, limit }) => html`<li>${title.id}: ${limitWords(limit)}</li>`)}</ul>
<div class="deret"><a class="tombol" href="/pengaduan/baru">Sampaikan pengaduan</a></div>`)
}

function componentSection({ name, clause, says, verbatim, reading, omitted }: Component): Piece {
  return html`<details open><summary>${componentWords[name]} <small>(${clause})</small></summary>
${says === 'stated' ? '' : html`<p><small>${says === 'silent' ? 'Standar yang dipublikasikan tidak menyebutkannya.' : 'Sumbernya tidak dapat dibaca.'}</small></p>`}
${verbatim.length === 0 ? '' : html`<div class="verbatim">${verbatim.join('\n')}</div>`}
${reading === undefined ? '' : html`<p><i>Dibaca:</i> ${reading.id}</p>`}
${omitted === undefined ? '' : html`<p><small>Nama dan nomor pribadi tidak ditampilkan; peranlah yang disebut.</small></p>`}</details>`
}

/** Checks a receipt in the browser. The page may connect nowhere (its Content-Security-Policy says so): nothing is uploaded. */
export function checkPage(view: View): Piece {
  const { office } = view
  return layout(view, 'Periksa bukti pencabutan', html`
<p>Pilih atau seret berkas <b>Bukti pencabutan</b> (.zip). Pemeriksaan berlangsung di peramban Anda; berkas <b>tidak dikirim</b> ke mana pun.</p>
<form id="periksa" class="isian"><label for="bukti">Bukti pencabutan (.zip)<span class="bantu">bentuk lengkap atau publik</span></label><input type="file" id="bukti" accept=".zip,application/zip"></form>
<div id="hasil" aria-live="polite"></div>
<pre id="jangkar" hidden>${office.anchors.join('\n')}</pre>
<noscript>${notice('info', 'Tanpa JavaScript, bukti tetap dapat diperiksa: buka zip-nya dan ikuti VERIFY.md dengan OpenSSL.')}</noscript>
<section><h2>Yang diperiksa</h2><ul><li>setiap berkas terhadap daftar sidiknya (MANIFEST);</li><li>tanda tangan penerbit pada CRL atau jawaban OCSP, sampai ke akar yang dipercaya portal ini${office.sandbox === undefined ? '' : ' (akar rekaan)'};</li><li>bahwa sertifikat itu tercantum dicabut, bukan ditangguhkan;</li><li>rantai riwayat permohonan.</li></ul>
<p>Cocokkan pula <b>sidik bukti</b> pada hasil dengan yang tercetak di bawah kode QR.</p></section>`, ['periksa'])
}

/** Development login: invented people. Real portals log in by their own identity provider. */
export function loginPage(view: View, next: string, problem?: string): Piece {
  const { office } = view
  const { standard } = office.settings
  return layout(view, 'Masuk', html`
${problem === undefined ? '' : notice('buruk', problem, 'alert')}
${notice('info', 'Login pengembangan: orang-orang ini rekaan. Portal sungguhan memakai SSO daerah.')}
<form method="post" action="/masuk">${hidden(view)}<input type="hidden" name="lanjut" value="${next}">
<fieldset><legend>Masuk sebagai</legend>${office.people.flatMap((person, at) => person.roles.map((role, which) => html`<label><input type="radio" name="siapa" value="${person.id} ${role}" ${at === 0 && which === 0 ? 'checked' : ''}>${person.name}, ${roleTitle(standard, role)} <small>(${person.office})</small></label>`))}</fieldset>
<button>Masuk</button></form>`)
}

/** Something went wrong, in words, with a way on. */
export function problemPage(view: View, title: string, body: Piece | string): Piece {
  return layout(view, title, html`${notice('buruk', html`<p>${body}</p>`, 'alert')}<p><a href="/">Kembali ke beranda</a></p>`)
}

/** After logging out here; the identity provider has a session of its own. */
export function loggedOutPage(view: View, provider?: string): Piece {
  return layout(view, 'Anda sudah keluar', html`<p>Sesi di portal ini berakhir.</p>${provider === undefined ? '' : html`<p><a href="${provider}">Keluar juga dari SSO</a></p>`}`)
}
