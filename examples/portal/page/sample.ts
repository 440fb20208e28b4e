import { html } from 'hono/html'
import { hidden, layout, notice, type Piece, type View } from './layout.js'

/** Files to try the portal with. Only where the authority is the sandbox's. */
export function samplePage(view: View): Piece {
  const { office } = view
  return layout(view, 'Berkas percobaan', html`
${notice('awas', 'Semua di halaman ini rekaan dan hanya ada di portal percobaan.')}
<section><h2>Sertifikat</h2><ul>${office.people.filter(({ roles }) => roles.includes('holder')).map(({ id, name }) => html`<li><a href="/rekaan/${id}.cer" download>${name} (.cer)</a>, nama pengguna AMS <code>${id}</code></li>`)}</ul></section>
<section><h2>Surat</h2><ul><li><a href="/rekaan/surat-permohonan.pdf" download>Surat permohonan (PDF)</a></li><li><a href="/rekaan/surat-keterangan.pdf" download>Surat keterangan alasan (PDF)</a></li><li><a href="/rekaan/surat-jawaban.pdf" download>Surat jawaban (PDF)</a></li></ul></section>
<section><h2>CRL penerbit rekaan</h2><p><a href="/rekaan/penerbit.crl" download>CRL terbaru</a>, untuk mencoba penyerahan bukti yang diambil sendiri.</p></section>
<p><a href="/rekaan/ams">AMS tiruan</a></p>`)
}

/** A stand-in for the AMS page: an officer types in what the assisted page says. The real AMS is not open to the public and looks otherwise. */
export function sampleAmsPage(view: View, said?: { readonly words: string; readonly record?: string }): Piece {
  return layout(view, 'AMS tiruan', html`
${notice('awas', 'Bukan AMS. Halaman percobaan ini menggantikan halaman AMS, yang tidak terbuka untuk umum dan berbeda tampilannya.')}
${said === undefined ? '' : notice(said.record === undefined ? 'buruk' : 'baik', html`<p>${said.words}</p>${said.record === undefined ? '' : html`<p>Nomor: <code id="nomor-ams">${said.record}</code></p>`}`, 'status')}
<form method="post" action="/rekaan/ams">${hidden(view)}
<div class="isian"><label for="pengguna">Nama pengguna</label><input type="text" id="pengguna" name="pengguna" required maxlength="200"></div>
<div class="isian"><label for="seri">Nomor seri (heksadesimal)</label><input type="text" id="seri" name="seri" required maxlength="80"></div>
<div class="isian"><label for="penerbit">Penerbit</label><input type="text" id="penerbit" name="penerbit" required maxlength="2000"></div>
<div class="isian"><label for="alasan">Alasan</label><input type="text" id="alasan" name="alasan" required maxlength="80"></div>
<div class="isian"><p>Surat dianggap terunggah.</p></div>
<button>Cabut</button></form>`)
}

/** Somebody else's page with the components in it: a global style sheet and old scripts that mean no harm and do a lot of it. */
export function foreignPage(view: View, request: string | undefined, lang: 'id' | 'en'): Piece {
  return html`<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Halaman portal lain</title><link rel="icon" href="/aset/ikon.svg"><link rel="stylesheet" href="/aset/asing.css"><script src="/aset/asing-lama.js"></script><script type="module" src="/aset/asing.js"></script></head><body>
<main><h1>Portal lain</h1><cabut-permohonan endpoint="/layanan/cabut" token-src="/cabut/token" username="${view.session?.person.id ?? ''}"><a href="/permohonan/baru">Ajukan pencabutan</a></cabut-permohonan>
${request === undefined ? '' : html`<cabut-status endpoint="/layanan/cabut" token-src="/cabut/token?permohonan=${request}" request="${request}"><a href="/permohonan/${request}">Lihat status</a></cabut-status>`}</main></body></html>`
}
