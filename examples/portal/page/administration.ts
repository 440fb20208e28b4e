import { html } from 'hono/html'
import { lintStandard, loadStandard, standardIds, type Finding } from '@cabut/sdk/standard'
import type { Report } from '@cabut/sdk/report'
import { minutes, reasonTitle } from '../words.js'
import { facts, hidden, layout, notice, officeName, type Piece, type View } from './layout.js'

const severities = { error: 'Kesalahan', warning: 'Peringatan', note: 'Catatan' } as const

function findings(list: readonly Finding[], of: string): Piece {
  if (list.length === 0) return notice('baik', 'Tidak ada temuan.')
  return html`<div class="gulir" tabindex="0" role="region" aria-label="Temuan: ${of}"><table class="tumpuk"><thead><tr><th scope="col">Tingkat</th><th scope="col">Butir</th><th scope="col">Temuan</th><th scope="col">Usul</th></tr></thead><tbody>${list.map((one) => html`<tr><td><span class="status" data-nada="${one.severity === 'error' ? 'buruk' : one.severity === 'warning' ? 'awas' : 'redup'}">${severities[one.severity]}</span></td><td data-judul="Butir">${one.clause}</td><td>${one.id}</td><td data-judul="Usul">${one.proposal.id}</td></tr>`)}</tbody></table></div>`
}

/** Standards: the one in force and what the linter says of it; a region's own file examined before anybody uses it. */
export function administrationPage(view: View, examined?: { readonly name: string; readonly found: readonly Finding[] | string }): Piece {
  const { settings: { standard } } = view.office
  return layout(view, 'Standar pelayanan: administrasi', html`
${examined === undefined ? '' : html`<section><h2>Hasil pemeriksaan: ${examined.name}</h2>${typeof examined.found === 'string' ? notice('buruk', examined.found, 'alert') : findings(examined.found, examined.name)}</section>`}
<section><h2>Yang berlaku di portal ini</h2>${facts([['Standar', `${standard.id}, versi ${standard.version}`], ['Daerah', standard.region.name], ['Tersedia', standardIds.map((id) => loadStandard(id).region.name).join(', ')]])}
<p>Perubahan standar tidak berlaku surut: setiap permohonan tetap menyebut versi standarnya. Berkas baru dipakai dengan <code>CABUT_STANDARD=berkas.json</code> sesudah disahkan.</p>${findings(lintStandard(standard), standard.id)}</section>
<section class="kartu"><h2>Periksa berkas standar</h2><form method="post" action="/administrasi/periksa" enctype="multipart/form-data">${hidden(view)}<div class="isian"><label for="berkas">Berkas standar (JSON)<span class="bantu">diperiksa saja, tidak dipasang</span></label><input type="file" id="berkas" name="berkas" accept=".json,application/json" required></div><button>Periksa</button></form></section>`)
}

/** The evaluation report: figures, charts as pictures with the numbers beside, downloads. */
export function reportPage(view: View, report: Report, charts: readonly { readonly key: string; readonly title: string }[], query: string): Piece {
  const { total, survey, period, complaints } = report
  const share = total.kept + total.breached === 0 ? 'belum ada data' : `${Math.round((total.kept / (total.kept + total.breached)) * 100)} %`
  const median = total.service.median
  return layout(view, 'Laporan evaluasi', html`
<form method="get" action="/laporan" class="tanpa-cetak"><div class="dua"><div class="isian"><label for="dari">Dari</label><input type="date" id="dari" name="dari" value="${period.from}" required></div><div class="isian"><label for="sampai">Sampai</label><input type="date" id="sampai" name="sampai" value="${period.to}" required></div></div><button class="sunyi">Tampilkan</button></form>
${figures([['Permohonan diajukan', `${total.filed}`], ['Terbukti dicabut', `${total.proven}`], ['Tepat waktu', share], ['Waktu layanan, median', median === null ? 'belum ada data' : minutes(median)], ['Pengaduan', `${complaints.total.filed}`], ['Indeks kepuasan (SKM)', survey.index === undefined ? survey.label.id : html`${survey.index.toFixed(2).replace('.', ',')} <small>${survey.label.id}, ${survey.answers} responden</small>`]])}
${charts.length === 0 ? '' : html`<p><small>Warna pada bagan: biru tepat waktu, merah terlambat, abu-abu masih berjalan.</small></p>`}
${charts.map(({ key, title }) => html`<section><h2>${title}</h2><picture><source media="(max-width:34rem)" srcset="/laporan/grafik/${key}.svg?${query}&lebar=340"><img class="grafik" src="/laporan/grafik/${key}.svg?${query}" alt="${title}; angkanya ada dalam tabel di bawah"></picture></section>`)}
<section><h2>Menurut alasan</h2>${tally(report.byReason, 'Alasan', reasonTitle)}</section><section><h2>Menurut OPD</h2>${tally(report.byOpd, 'OPD', (key) => officeName(view, key))}</section>
<section class="tanpa-cetak"><h2>Unduh</h2><div class="deret"><a class="tombol sunyi" href="/laporan/unduh/laporan.html?${query}" download>Halaman lengkap (HTML)</a><a class="tombol sunyi" href="/laporan/unduh/laporan.docx?${query}" download>Dokumen (DOCX)</a><a class="tombol sunyi" href="/laporan/unduh/laporan.csv?${query}" download>Angka (CSV)</a></div></section>
<p><small>Sidik riwayat (SHA-256) <code>${report.basis.headsSha256}</code>: laporan ini dapat dihitung ulang dari riwayat yang tersegel.</small></p>`)
}

/** The few numbers a head of office looks for first. */
function figures(rows: readonly (readonly [string, Piece | string])[]): Piece {
  return html`<dl class="tolok">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`
}

function tally(rows: Report['byOpd'], title: string, words: (key: string) => string): Piece {
  if (rows.length === 0) return html`<p>Belum ada data.</p>`
  return html`<div class="gulir" tabindex="0" role="region" aria-label="Menurut ${title}"><table><thead><tr><th scope="col">${title}</th>${['Diajukan', 'Dikembalikan', 'Ditolak', 'Terbukti', 'Tepat waktu', 'Terlambat'].map((head) => html`<th scope="col" class="kanan">${head}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr><th scope="row">${words(row.key)}</th>${[row.filed, row.returned, row.rejected, row.proven, row.kept, row.breached].map((count) => html`<td class="kanan">${count}</td>`)}</tr>`)}</tbody></table></div>`
}
