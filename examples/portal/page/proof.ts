import { html } from 'hono/html'
import type { Problem, RequestJson } from '../back.js'
import { caReason, grouped, moment } from '../words.js'
import { problemBox } from './filing.js'
import { badge, facts, layout, notice, type Piece, type View } from './layout.js'
import { uploadForm } from './request.js'

/** One CRL or OCSP answer recorded, as far as its bytes tell. */
export interface ExhibitFacts {
  readonly sha256: string
  readonly source: 'crl' | 'ocsp' | 'unknown'
  readonly words: string
  readonly thisUpdate?: string
  readonly nextUpdate?: string
}

/** The proof in plain words, with everything needed to look it up oneself. */
export function proofPage(view: View, request: RequestJson, exhibits: readonly ExhibitFacts[], problem?: Problem): Piece {
  const { office } = view
  const { zone } = office.settings.standard
  const { proof } = request
  const mayUpload = proof === undefined && request.allowed.some(({ command, roles }) => command === 'recordEvidence' && view.session !== undefined && roles.includes(view.session.role))
  return layout(view, 'Bukti pencabutan', html`
<p class="tanpa-cetak"><a href="/permohonan/${request.id}">Kembali ke permohonan</a></p>
${problem === undefined ? '' : problemBox(problem)}
<p class="anak">Permohonan ${request.register ?? request.id} ${badge(request.status, request.statusLabel)}</p>
${office.sandbox === undefined ? '' : notice('awas', html`<b>SANDBOX.</b> Bukti ini dari penerbit rekaan, bukan BSrE.`)}
${proof === undefined ? notice('awas', html`<p><b>Belum terbukti.</b> ${request.status === 'awaitingProof' ? 'AMS menyatakan dicabut, tetapi CRL dan OCSP belum menunjukkannya.' : 'Permohonan belum sampai pada pencabutan.'}</p>`) : html`
${notice('baik', html`<p>${proof.source === 'crl'
      ? html`Sertifikat dengan nomor seri <code>${grouped(request.certificate.serial ?? '')}</code> <b>tercantum dalam Daftar Sertifikat Dicabut (CRL)</b>${proof.crlNumber === undefined ? '' : ` nomor ${proof.crlNumber}`} yang diterbitkan dan ditandatangani ${request.certificate.issuerDn ?? 'penerbitnya'} pada ${moment(proof.thisUpdate, zone)}.`
      : html`Layanan status (OCSP) penerbit menjawab, dengan tanda tangannya, bahwa sertifikat bernomor seri <code>${grouped(request.certificate.serial ?? '')}</code> <b>telah dicabut</b>; keadaan per ${moment(proof.thisUpdate, zone)}.`}</p>
<p>Menurut penerbit, dicabut pada <b>${moment(proof.revocationDate, zone)}</b>, alasan: ${caReason(proof.reason)}. Ini pencabutan tetap, bukan penangguhan.</p>`)}
${facts([
      ['Sumber', proof.source === 'crl' ? 'CRL (daftar sertifikat dicabut)' : 'OCSP (jawaban status)'], ['Keadaan per', moment(proof.thisUpdate, zone)], proof.nextUpdate === undefined ? undefined : ['Terbitan berikutnya', moment(proof.nextUpdate, zone)],
      proof.producedAt === undefined ? undefined : ['Jawaban dibuat', moment(proof.producedAt, zone)], ['Pertama kali kami lihat', moment(proof.seenAt, zone)],
      ['Dicabut menurut AMS', moment(request.ams.revokedAt, zone)], ['Sidik bukti (SHA-256)', html`<code>${grouped(proof.sha256)}</code>`], ['Akar yang dipercaya (SHA-256)', html`<code>${grouped(proof.anchorSha256)}</code>`],
    ])}
<div class="petak"><section class="kartu"><h2>Unduh</h2><div class="deret"><a class="tombol" href="/permohonan/${request.id}/bukti/publik.zip" download>Bentuk publik</a><a class="tombol sunyi" href="/permohonan/${request.id}/bukti/lengkap.zip" download>Bentuk lengkap (internal)</a><a class="tombol sunyi" href="/permohonan/${request.id}/bukti.pdf" download>Lembar PDF</a></div>
<p><small>Bentuk publik tidak memuat surat, nama, dan alasan; boleh diberikan kepada siapa pun. Bentuk lengkap memuat data pribadi: simpan di kantor. Keduanya dapat diperiksa dengan OpenSSL saja, bertahun-tahun kemudian (VERIFY.md), atau di <a href="/periksa">halaman pemeriksaan</a>. Lembar PDF adalah ringkasan untuk arsip kertas.</small></p></section>
<section class="kartu"><h2>Kode untuk dicetak</h2><img class="qr" src="/permohonan/${request.id}/qr.svg" alt="Kode QR: nomor permohonan dan sidik bukti" width="176" height="176"><p><small>Berisi nomor <code>${request.id}</code> dan sidik bukti; tanpa nama dan tanpa tautan.</small></p></section></div>`}
${exhibits.length === 0 ? '' : html`<section><h2>Semua bukti yang pernah dicatat</h2><div class="gulir" tabindex="0" role="region" aria-label="Bukti yang dicatat"><table class="tumpuk"><thead><tr><th scope="col">Bukti</th><th scope="col">Isi</th><th scope="col">Keadaan per</th><th scope="col">Sidik</th></tr></thead><tbody>${exhibits.map((one) => html`<tr><td><a href="/permohonan/${request.id}/berkas/${one.sha256}">${one.source === 'crl' ? 'CRL' : one.source === 'ocsp' ? 'Jawaban OCSP' : 'Berkas'}</a></td><td>${one.words}</td><td data-judul="Keadaan per">${moment(one.thisUpdate, zone)}</td><td data-judul="Sidik"><code>${one.sha256.slice(0, 16)}…</code></td></tr>`)}</tbody></table></div></section>`}
${!mayUpload ? '' : html`<section class="tanpa-cetak"><h2>Serahkan bukti yang diambil sendiri</h2><p>Bila portal tidak dapat menjangkau BSrE, unduh CRL atau jawaban OCSP dari komputer lain dan serahkan di sini. Tanda tangannya diperiksa seperti yang diambil sendiri oleh portal; siapa yang menyerahkan tidak mengubah hasilnya.</p>
${uploadForm(view, `/permohonan/${request.id}/bukti`, request.version, html`<div class="isian"><label for="bukti">CRL atau jawaban OCSP (DER)</label><input type="file" id="bukti" name="bukti" required></div><fieldset><legend>Jenis</legend><label><input type="radio" name="jenis" value="crl" checked>CRL</label><label><input type="radio" name="jenis" value="ocsp">Jawaban OCSP</label></fieldset>`, 'Periksa dan catat')}</section>`}`)
}
