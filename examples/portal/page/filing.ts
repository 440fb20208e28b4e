import { html } from 'hono/html'
import { reasonCatalogue, type ServiceStandard } from '@cabut/sdk'
import type { LetterKind } from '@cabut/sdk/standard'
import type { Problem } from '../back.js'
import { letterWords } from '../words.js'
import { hidden, layout, notice, type Piece, type View } from './layout.js'

/** What was entered before, so that a refused form comes back filled (files cannot). */
export type Entered = Readonly<Record<string, string>>

/** Letters this standard may ask for, mandatory ones first. */
export function letterKindsOf(standard: ServiceStandard): readonly LetterKind[] {
  const asked = standard.letters.filter(({ kind }) => kind !== 'answerLetter')
  return [...new Set([...asked.filter(({ demand }) => demand === 'mandatory'), ...asked.filter(({ demand }) => demand !== 'mandatory')].map(({ kind }) => kind))]
}

/** Form of a new request. Everything works without script; with it the certificate is read in the page and letters are checked while they upload. */
export function filingPage(view: View, entered: Entered = {}, problem?: Problem): Piece {
  const { settings: { standard } } = view.office
  const owner = standard.filing.by === 'owner'
  const offered = reasonCatalogue.reasons.filter(({ code, kind }) => kind === 'advice'
    || ((standard.reasons.offered === 'all' || standard.reasons.offered.includes(code)) && (kind !== 'suspension' || standard.suspensionOffered)))
  const value = (name: string): string => entered[name] ?? ''
  return layout(view, 'Ajukan pencabutan', html`
${problem === undefined ? '' : problemBox(problem)}
<form method="post" action="/permohonan" enctype="multipart/form-data" id="ajuan">${hidden(view)}
<h2>1. Sertifikat</h2>
<div class="isian"><label for="sertifikat">Sertifikat, atau PDF yang ditandatangani dengannya<span class="bantu">.cer, .crt, .pem, atau .pdf; seret ke sini atau pilih</span></label><input type="file" id="sertifikat" name="sertifikat" accept=".cer,.crt,.pem,.der,.pdf" required data-periksa="sertifikat"><div class="lapor" id="lapor-sertifikat" aria-live="polite"></div></div>
<div class="isian"><label for="dn">Subject DN menurut AMS <small>(bila ada)</small><span class="bantu">salin dari halaman AMS; dibandingkan dengan sertifikat, bukan sekadar teksnya</span></label><input type="text" id="dn" name="dn" value="${value('dn')}" maxlength="2000" autocomplete="off" spellcheck="false"></div>
${owner ? '' : html`<div class="dua"><div class="isian"><label for="pemilik">Nama pemilik sertifikat</label><input type="text" id="pemilik" name="pemilik" value="${value('pemilik')}" maxlength="200" required></div>`}
<div class="isian"><label for="pengguna">Nama pengguna di AMS<span class="bantu">bukan NIK dan bukan surel</span></label><input type="text" id="pengguna" name="pengguna" value="${entered['pengguna'] ?? (owner ? view.session?.person.id ?? '' : '')}" maxlength="200" required autocomplete="off"></div>${owner ? '' : html`</div>`}
<h2>2. Alasan</h2>
<div class="isian"><label for="alasan">Alasan pencabutan</label><select id="alasan" name="alasan" required><option value="">Pilih alasan</option>${offered.map(({ code, title }) => html`<option value="${code}" ${value('alasan') === code ? 'selected' : ''}>${title.id}</option>`)}</select>
<div class="lapor" id="nasihat" aria-live="polite"></div></div>
${offered.filter(({ advice, urgent, needsNote }) => advice !== undefined || urgent || needsNote).map(({ code, kind, advice, urgent, needsNote }) => html`<template data-nasihat="${code}" data-nada="${kind === 'advice' ? 'buruk' : 'awas'}" data-hanya="${kind === 'advice' ? 'nasihat' : ''}">${advice === undefined ? '' : `${advice.id}. `}${urgent ? 'Didahulukan, juga di luar jam layanan. Segera hentikan pemakaian sertifikat. ' : ''}${needsNote ? 'Jelaskan pada kolom keterangan.' : ''}</template>`)}
<div class="isian"><label for="keterangan">Keterangan <small>(bila perlu)</small><span class="bantu">jangan menulis passphrase atau NIK</span></label><textarea id="keterangan" name="keterangan" maxlength="2000">${value('keterangan')}</textarea></div>
<div class="isian"><label for="berlaku">Tanggal berlaku (TMT) <small>(bila pencabutan menunggu tanggal tertentu)</small></label><input type="date" id="berlaku" name="berlaku" value="${value('berlaku')}"></div>
<h2>3. Surat</h2>
${letterKindsOf(standard).map((kind) => letterField(standard, kind, entered))}
<div class="deret"><button>Ajukan permohonan</button><span id="kirim" role="status"></span></div></form>`, ['ajuan'])
}

function letterField(standard: ServiceStandard, kind: LetterKind, entered: Entered): Piece {
  const rule = standard.letters.find((one) => one.kind === kind)
  const inside = rule?.within === undefined ? '' : `; kosongkan bila tercantum dalam ${(letterWords[rule.within] ?? rule.within).toLowerCase()}`
  const must = rule?.demand === 'mandatory' && rule.within === undefined && rule.reasons === undefined
  const hint = rule?.demand === 'mandatory' ? `wajib${inside}` : 'disarankan, tidak pernah menjadi alasan penolakan'
  return html`<fieldset data-alasan="${rule?.reasons?.join(' ') ?? ''}"><legend>${letterWords[kind] ?? kind}</legend>
<label for="surat-${kind}">Berkas PDF<span class="bantu">${hint}</span></label><input type="file" id="surat-${kind}" name="surat-${kind}" accept="application/pdf,.pdf" ${must ? 'required' : ''} data-periksa="surat"><div class="lapor" id="lapor-surat-${kind}" aria-live="polite"></div>
<div class="dua"><div><label for="nomor-${kind}">Nomor surat</label><input type="text" id="nomor-${kind}" name="nomor-${kind}" value="${entered[`nomor-${kind}`] ?? ''}" maxlength="100"></div><div><label for="tanggal-${kind}">Tanggal surat</label><input type="date" id="tanggal-${kind}" name="tanggal-${kind}" value="${entered[`tanggal-${kind}`] ?? ''}"></div></div></fieldset>`
}

/** One letter, many holders: where the standard offers it. */
export function batchPage(view: View, results: readonly { readonly name: string; readonly id?: string; readonly words: string }[] = [], problem?: Problem): Piece {
  const { settings: { standard } } = view.office
  const { batch } = standard.filing
  const most = Math.min(batch.maxHolders ?? 100, 100)
  const kind = letterKindsOf(standard)[0] ?? 'requestLetter'
  return layout(view, 'Satu surat, banyak pemilik', html`
${problem === undefined ? '' : problemBox(problem)}
${results.length === 0 ? '' : html`<section><h2>Hasil</h2><div class="gulir" tabindex="0" role="region" aria-label="Hasil"><table><thead><tr><th scope="col">Berkas</th><th scope="col">Hasil</th></tr></thead><tbody>${results.map(({ name, id, words }) => html`<tr><td>${name}</td><td>${id === undefined ? words : html`<a href="/permohonan/${id}">${words}</a>`}</td></tr>`)}</tbody></table></div></section>`}
${batch.offered ? '' : notice('info', 'Standar pelayanan ini tidak menyebut surat kolektif. Setiap sertifikat tetap dicatat sebagai permohonan tersendiri, dengan surat yang sama terlampir pada masing-masing.')}
<form method="post" action="/permohonan/massal" enctype="multipart/form-data">${hidden(view)}<input type="hidden" name="jenis" value="${kind}">
<div class="isian"><label for="surat">${letterWords[kind] ?? kind}<span class="bantu">satu PDF untuk semua</span></label><input type="file" id="surat" name="surat" accept="application/pdf,.pdf" required></div>
<div class="dua"><div class="isian"><label for="nomor">Nomor surat</label><input type="text" id="nomor" name="nomor" maxlength="100" required></div><div class="isian"><label for="tanggal">Tanggal surat</label><input type="date" id="tanggal" name="tanggal" required></div></div>
<div class="isian"><label for="alasan">Alasan untuk semua</label><select id="alasan" name="alasan" required>${reasonCatalogue.reasons.filter(({ kind: of, needsNote }) => of === 'revocation' && !needsNote).map(({ code, title }) => html`<option value="${code}">${title.id}</option>`)}</select></div>
<div class="isian"><label for="sertifikat">Sertifikat para pemilik<span class="bantu">beberapa berkas sekaligus, paling banyak ${most}; nama berkas = nama pengguna AMS, misalnya <code>laras.kinanti.cer</code></span></label><input type="file" id="sertifikat" name="sertifikat" accept=".cer,.crt,.pem,.der" multiple required></div>
<button>Ajukan semua</button></form>`)
}

/** A refusal of the interface, with every issue it names. */
export function problemBox({ title, detail, issues, current, refusal, code }: Problem): Piece {
  return notice('buruk', html`<p><b>${title}</b></p>${detail === undefined ? '' : html`<p>${detail}</p>`}
${issues === undefined || issues.length === 0 ? '' : html`<ul>${issues.map(({ message, at }) => html`<li>${message ?? 'tidak sah'}${at === undefined || at === '' ? '' : html` <small>(${at})</small>`}</li>`)}</ul>`}
${current?.statusLabel === undefined ? '' : html`<p>Keadaan sekarang: <b>${current.statusLabel}</b>. Muat ulang halaman, lalu putuskan lagi.</p>`}
${refusal?.message === undefined ? '' : html`<p>${refusal.message}</p>`}<p><small>Kode: ${code}</small></p>`, 'alert')
}
