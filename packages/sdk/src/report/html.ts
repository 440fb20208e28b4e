import { findReason } from '../request/reason.js'
import { loadCharts, type Chart, type ChartRenderer } from './chart.js'
import { style } from './html-style.js'
import { checkpointWords, type Report, type Tally } from './report.js'
import { surveyElements } from './survey.js'
import {
  dateWords as date,
  decimalWords as decimal,
  escapeMarkup as escape,
  instantWords,
  minuteWords as minutes,
  monthWords,
  shareWords as share,
  waitingWords as waiting,
} from './words.js'

/** The late requests that took longest; all of them are in the report's data. */
export function slowest({ breachedRequests }: Report, most: number): Report['breachedRequests'] {
  return [...breachedRequests].sort((a, b) => b.minutes - a.minutes || (a.id < b.id ? -1 : 1)).slice(0, most)
}

/** The words of a reason, where the catalogue knows it; AMS's own codes are kept raw. */
export const reasonWords = (code: string): string => findReason(code)?.title.id ?? code

/**
 * The report as one HTML page in Indonesian: printable, no script, no network, readable on a telephone.
 *
 * @param options.chart how charts are drawn
 * @default Apache ECharts, which the application installs beside the SDK
 * @throws CabutError `reportChartsMissing` without `echarts` and without a renderer
 * @example
 * ```ts
 * const page = await reportHtml(await quarterReport(), { chart: ({ title }) => `<svg role="img" aria-label="${title}"></svg>` })
 * page.includes('<title>Laporan evaluasi Kabupaten Purbalingga 2026-10-01 s.d. 2026-12-31</title>') // true
 * ```
 */
export async function reportHtml(report: Report, options: { readonly chart?: ChartRenderer } = {}): Promise<string> {
  const draw = options.chart ?? (await loadCharts())
  const { total, survey, complaints, attribution, basis } = report
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Laporan evaluasi ${escape(report.standard.name)} ${escape(report.period.from)} s.d. ${escape(report.period.to)}</title>
<style>${style}</style></head><body><main>
<header><p>${escape(report.standard.office)}</p><h1>Laporan evaluasi pelayanan pencabutan sertifikat elektronik</h1>
<p>Periode ${date(report.period.from)} sampai ${date(report.period.to)}, keadaan per ${instantWords(report.asOf, report.standard.zone)}</p></header>
<dl class="figures">${[
    ['Permohonan diajukan', decimal(total.filed)],
    ['Terbukti dicabut (CRL/OCSP)', decimal(total.proven)],
    ['Tepat waktu', share(total.kept, total.kept + total.breached)],
    ['Waktu layanan, median', minutes(total.service.median)],
    ['Waktu menuju bukti, median', minutes(total.proof.median)],
    ['Indeks kepuasan (SKM)', survey.index === undefined ? survey.label.id : `${decimal(survey.index)} (${survey.band ?? ''})`],
  ]
    .map(([label, value]) => `<div><dt>${escape(label as string)}</dt><dd>${escape(value as string)}</dd></div>`)
    .join('')}</dl>
${tallySection('bulan', 'Bulan', report.byMonth, monthWords, draw)}
${tallySection('OPD', 'OPD', report.byOpd, (key) => key, draw)}
${tallySection('alasan', 'Alasan', report.byReason, reasonWords, draw)}
<section><h2>Menurut petugas</h2>${table(report.byOfficer, 'Petugas', (key) => key)}</section>
${report.byStandard.length < 2 ? '' : `<section><h2>Menurut standar</h2>${table(report.byStandard, 'Standar dan versi', (key) => key)}</section>`}
<section><h2>Waktu siapa</h2><p>Jumlah jam semua permohonan menurut pihak yang sedang memegangnya, dihitung menurut jam dinding.</p>${
    total.filed === 0
      ? nothing
      : figure(draw, 'Waktu tunggu menurut pihak, dalam jam', [{ name: 'jam', color: '#1f5fa8' }], Object.entries(attribution).map(([key, value]) => ({
          label: waiting[key as keyof typeof waiting],
          values: [Math.round(value / 60)],
        })))
  }</section>
<section class="long"><h2>Permohonan terlambat (${decimal(report.breachedRequests.length)})</h2>${
    report.breachedRequests.length === 0
      ? '<p>Tidak ada.</p>'
      : `<p>Waktu layanan yang terpakai, bukan jam dinding${report.breachedRequests.length > mostLate ? `; ${mostLate} yang terlama, selebihnya dalam berkas CSV` : ''}.</p><ul class="late">${slowest(report, mostLate)
          .map(({ id, minutes: used }) => `<li>${escape(id)}: ${minutes(used)}</li>`)
          .join('')}</ul>`
  }${report.emergencies.length === 0 ? '' : `<p>Tindakan darurat oleh satu petugas: ${report.emergencies.map(escape).join(', ')}.</p>`}</section>
<section><h2>Pengaduan</h2>${complaintTable(complaints)}</section>
<section><h2>Survei kepuasan masyarakat</h2>${
    survey.index === undefined
      ? `<p>${sentence(escape(survey.label.id))}</p>`
      : `<p>Indeks ${decimal(survey.index)}, mutu ${survey.band ?? ''} (${escape(survey.label.id)}), ${decimal(survey.answers)} responden.</p>${figure(draw, 'Nilai rata-rata setiap unsur, dari 1 sampai 4', [{ name: 'nilai', color: '#1f5fa8' }], survey.means.map((value, index) => ({
          label: surveyElements[index]?.id ?? '',
          values: [Math.round(value * 100) / 100],
        })))}`
  }</section>
<footer><p>Standar ${escape(report.standard.id)} versi ${escape(report.standard.version)}; kalender ${escape(basis.calendar)}; ${decimal(basis.requests)} permohonan, ${decimal(basis.events)} kejadian${basis.provisional > 0 ? `; ${decimal(basis.provisional)} batas waktu masih sementara` : ''}.</p>
<p>Sidik riwayat (SHA-256) ${basis.headsSha256}</p>${basis.checkpoint === undefined ? '' : `<p>Titik periksa register ${escape(checkpointWords(basis.checkpoint))}, per ${escape(basis.checkpoint.at)}</p>`}</footer>
</main></body></html>
`
}

const nothing = '<p>Belum ada data.</p>'
const outcomes = [
  { name: 'Tepat waktu', color: '#1f5fa8' },
  { name: 'Terlambat', color: '#b3402a' },
  { name: 'Masih berjalan', color: '#a9b1ba' },
] as const
const mostLate = 60
/** Bars of one chart; the rest is one bar. */
const most = 12

function tallySection(by: string, column: string, rows: readonly Tally[], words: (key: string) => string, draw: ChartRenderer): string {
  const counts = ({ filed, kept, breached }: Tally): number[] => [kept, breached, Math.max(0, filed - kept - breached)]
  const shown = rows.length <= most ? rows : rows.slice(0, most - 1)
  const rest = rows.slice(shown.length)
  const bars = shown.map((row) => ({ label: words(row.key), values: counts(row) }))
  if (rest.length > 0) bars.push({ label: `${rest.length} lainnya`, values: outcomes.map((_, at) => rest.reduce((sum, row) => sum + (counts(row)[at] ?? 0), 0)) })
  return `<section><h2>Menurut ${by}</h2>${rows.length === 0 ? nothing : `${figure(draw, `Permohonan menurut ${by}`, outcomes, bars)}${table(rows, column, words)}`}</section>`
}

/** One drawing for telephones and one for everything wider: text in a drawing scales with it, and would be too small to read. */
function figure(draw: ChartRenderer, title: string, series: Chart['series'], rows: Chart['rows']): string {
  const key = series.length < 2 ? '' : `<ul class="key">${series.map(({ name, color }) => `<li><i style="background:${color}"></i>${name}</li>`).join('')}</ul>`
  return `<figure><figcaption>${escape(title)}</figcaption>${key}<div class="wide">${draw({ title, width: 760, series, rows })}</div><div class="narrow">${draw({ title, width: 328, series, rows })}</div></figure>`
}

const columns: readonly (readonly [string, (row: Tally) => number | null])[] = [
  ['Diajukan', ({ filed }) => filed],
  ['Dikembali&shy;kan', ({ returned }) => returned],
  ['Ditolak', ({ rejected }) => rejected],
  ['Dicabut (AMS)', ({ revoked }) => revoked],
  ['Terbukti', ({ proven }) => proven],
  ['Berten&shy;tangan', ({ contradicted }) => contradicted],
  ['Tepat waktu', ({ kept }) => kept],
  ['Terlambat', ({ breached }) => breached],
  ['Median (menit)', ({ service }) => service.median],
  ['P90 (menit)', ({ service }) => service.p90],
  ['Terlama (menit)', ({ service }) => service.worst],
]

function table(rows: readonly Tally[], title: string, words: (key: string) => string): string {
  if (rows.length === 0) return nothing
  return scrolling(
    [title, ...columns.map(([name]) => name)],
    rows.map((row) => [escape(words(row.key)), ...columns.map(([, of]) => rounded(of(row)))]),
  )
}

const rounded = (value: number | null): string => (value === null ? '–' : decimal(Math.round(value)))

function complaintTable({ total, byClass, breached }: Report['complaints']): string {
  if (total.filed === 0) return '<p>Tidak ada pengaduan.</p>'
  const rows = [...byClass, { ...total, key: 'Semua' }]
  return `${scrolling(
    ['Kelas', 'Masuk', 'Dijawab', 'Terbuka', 'Tepat waktu', 'Terlambat', 'Diteruskan ke atasan', 'Median (menit)', 'P90 (menit)', 'Terlama (menit)'],
    rows.map((row) => [
      escape(row.title ?? row.key), ...[row.filed, row.answered, row.open, row.kept, row.breached, row.escalated].map(decimal),
      ...[row.service.median, row.service.p90, row.service.worst].map(rounded),
    ]),
  )}${breached.length === 0 ? '' : `<p>Terlambat: ${breached.map(escape).join(', ')}.</p>`}`
}

function scrolling(heads: readonly string[], body: readonly (readonly string[])[]): string {
  const row = ([first = '', ...others]: readonly string[]): string => `<tr><th scope="row">${first}</th>${others.map((value) => `<td>${value}</td>`).join('')}</tr>`
  return `<div class="scroll" tabindex="0" role="region" aria-label="Tabel"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${body.map(row).join('')}</tbody></table></div>`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
