import { zipSync, type Zippable } from 'fflate'
import { heading, paragraph, rule, table, wordParts } from './docx-parts.js'
import { reasonWords, slowest } from './html.js'
import { checkpointWords, type Report, type Tally } from './report.js'
import { dateWords, decimalWords, instantWords, minuteWords, monthWords, shareWords, waitingWords } from './words.js'

/** What an office adds to the numbers: its letterhead, what it will do about them, who signs. */
export interface ReportDocumentOptions {
  /** Lines of the letterhead (kop), the largest first. @default the office of the standard */
  readonly letterhead?: readonly string[]
  /** Follow-up (tindak lanjut) decided by the office. */
  readonly followUp?: readonly string[]
  /** @default lines of dots to fill in by hand */
  readonly signature?: {
    readonly place: string
    readonly date: string
    readonly office: string
    readonly name: string
    readonly rank?: string
  }
}

/**
 * The quarterly evaluation ("Laporan Evaluasi") as a DOCX in Indonesian: letterhead, results, causes of delay by whose time it was, late
 * requests, complaints, survey, follow-up, signature block. The same report gives the same bytes.
 *
 * @example
 * ```ts
 * const document = reportDocx(await quarterReport(), { followUp: ['Menambah satu verifikator'] })
 * // A DOCX is a ZIP.
 * String.fromCharCode(...document.slice(0, 2)) // 'PK'
 * ```
 */
export function reportDocx(report: Report, options: ReportDocumentOptions = {}): Uint8Array {
  const parts = wordParts(body(report, options))
  const entries: Zippable = {}
  // A time made of local parts is written as the same text everywhere, so the same report gives the same bytes.
  for (const [path, text] of Object.entries(parts)) entries[path] = [new TextEncoder().encode(text), { mtime: new Date(1980, 0, 1) }]
  return zipSync(entries, { level: 6 })
}

const number = (value: number): string => decimalWords(value)
const mostLate = 20
const dots = '........................................'

/** `Triwulan` only for three whole months that are a quarter. */
function title({ from, to }: Report['period']): string {
  const month = Number(from.slice(5, 7))
  const last = new Date(Date.UTC(Number(from.slice(0, 4)), month + 2, 0)).toISOString().slice(0, 10)
  return from.endsWith('-01') && month % 3 === 1 && to === last ? `LAPORAN EVALUASI TRIWULAN ${['I', 'II', 'III', 'IV'][(month - 1) / 3] ?? ''} TAHUN ${from.slice(0, 4)}` : 'LAPORAN EVALUASI'
}

function body(report: Report, { letterhead = [report.standard.office.toUpperCase()], followUp = [], signature }: ReportDocumentOptions): string {
  const { total, complaints, survey, attribution, period } = report
  const whole = Object.values(attribution).reduce((sum, one) => sum + one, 0)
  return [
    ...letterhead.map((line, index) => paragraph(line, { align: 'center', bold: index === 0, size: index === 0 ? 28 : 22, after: 0 })),
    rule,
    paragraph(title(period), { align: 'center', bold: true, size: 26, after: 0 }),
    paragraph('PELAYANAN PENCABUTAN SERTIFIKAT ELEKTRONIK', { align: 'center', bold: true, size: 24 }),
    paragraph(`Periode ${dateWords(period.from)} sampai ${dateWords(period.to)}`, { align: 'center', after: 160 }),
    heading('1. Hasil pelayanan'),
    table(
      [
        ['Permohonan diajukan', number(total.filed)],
        ['Dikembalikan untuk perbaikan', number(total.returned)],
        ['Ditolak', number(total.rejected)],
        ['Dicabut menurut AMS', number(total.revoked)],
        ['Terbukti dicabut (CRL/OCSP)', number(total.proven)],
        ['Bukti bertentangan', number(total.contradicted)],
        ['Masih berjalan', number(total.open)],
        ['Tepat waktu', `${number(total.kept)} (${shareWords(total.kept, total.kept + total.breached)})`],
        ['Terlambat', number(total.breached)],
        ['Waktu layanan: median / P90 / terlama', durations(total.service)],
        ['Waktu menuju bukti: median / P90 / terlama', durations(total.proof)],
      ],
      { widths: [5, 5], numbers: false },
    ),
    heading('2. Menurut bulan, OPD, dan alasan'),
    tallies('Bulan', report.byMonth, monthWords),
    paragraph(''),
    tallies('OPD', report.byOpd, (key) => key),
    paragraph(''),
    tallies('Alasan', report.byReason, reasonWords),
    heading('3. Penyebab keterlambatan'),
    paragraph('Waktu tunggu seluruh permohonan menurut pihak yang memegangnya:', { next: true }),
    table(
      Object.entries(attribution).map(([key, value]) => [
        waitingWords[key as keyof typeof waitingWords],
        minuteWords(value),
        shareWords(value, whole),
      ]),
      { widths: [4, 4, 2] },
    ),
    ...late(report),
    ...(report.emergencies.length === 0 ? [] : [paragraph(`Tindakan darurat oleh satu petugas: ${report.emergencies.join(', ')}.`)]),
    heading('4. Pengaduan'),
    paragraph(
      complaints.total.filed === 0
        ? 'Tidak ada pengaduan.'
        : `Masuk ${number(complaints.total.filed)}, dijawab ${number(complaints.total.answered)}, tepat waktu ${number(complaints.total.kept)}, terlambat ${number(complaints.total.breached)}, diteruskan kepada atasan ${number(complaints.total.escalated)}.`,
    ),
    ...(complaints.total.service.count === 0 ? [] : [paragraph(`Waktu sampai jawaban pertama (median / P90 / terlama): ${durations(complaints.total.service)}.`)]),
    ...(complaints.breached.length === 0 ? [] : [paragraph(`Pengaduan terlambat: ${complaints.breached.slice(0, mostLate).join(', ')}${complaints.breached.length > mostLate ? ', selebihnya pada lampiran CSV' : ''}.`)]),
    heading('5. Survei kepuasan masyarakat'),
    paragraph(
      survey.index === undefined
        ? 'Belum ada data.'
        : `Indeks ${decimalWords(survey.index)}, mutu ${survey.band ?? ''} (${survey.label.id}), ${number(survey.answers)} responden.`,
    ),
    heading('6. Tindak lanjut'),
    ...(followUp.length === 0 ? [paragraph(`1. ${dots}${dots}`), paragraph(`2. ${dots}${dots}`)] : followUp.map((line, index) => paragraph(`${index + 1}. ${line}`))),
    paragraph(''),
    ...signatureBlock(signature),
    paragraph(
      `Dasar: standar ${report.standard.id} versi ${report.standard.version}; kalender ${report.basis.calendar}; keadaan per ${instantWords(report.asOf, report.standard.zone)}; ${report.basis.register === undefined ? '' : `register ${report.basis.register.first} sampai ${report.basis.register.last}; `}sidik riwayat (SHA-256) ${report.basis.headsSha256}${report.basis.checkpoint === undefined ? '' : `; titik periksa register ${checkpointWords(report.basis.checkpoint)} per ${instantWords(report.basis.checkpoint.at, report.standard.zone)}`}.`,
      { size: 14 },
    ),
  ].join('')
}

function durations({ median, p90, worst }: Tally['service']): string {
  return median === null ? 'Belum ada data' : [median, p90, worst].map(minuteWords).join(' / ')
}

/** The block stays on one page: a signature alone on a sheet could be laid under any report. */
function signatureBlock(signature: ReportDocumentOptions['signature']): readonly string[] {
  const { place, date, office, name, rank } = signature ?? { place: dots.slice(0, 20), date: undefined, office: dots, name: dots, rank: undefined }
  const at = { indent: 4_800, next: true, after: 0 }
  return [
    paragraph(`${place}, ${date === undefined ? dots.slice(0, 20) : dateWords(date)}`, at),
    paragraph(office, at),
    paragraph('', at),
    paragraph('', at),
    paragraph('', at),
    paragraph(name, { ...at, bold: true }),
    ...(rank === undefined ? [] : [paragraph(rank, at)]),
    paragraph('', { next: true }),
  ]
}

function late(report: Report): readonly string[] {
  const { breachedRequests, standard } = report
  if (breachedRequests.length === 0) return [paragraph(''), paragraph('Tidak ada permohonan yang terlambat.')]
  return [
    paragraph(''),
    paragraph(
      `Permohonan terlambat: ${number(breachedRequests.length)}${breachedRequests.length > mostLate ? `. Yang terlama ${mostLate}; selebihnya pada lampiran CSV` : ''}.`,
      { next: true },
    ),
    table(
      [['Nomor permohonan', 'Batas waktu', 'Waktu layanan'], ...slowest(report, mostLate).map(({ id, due, minutes }) => [id, instantWords(due, standard.zone), minuteWords(minutes)])],
      { widths: [4, 4, 3], head: true },
    ),
  ]
}

function tallies(title: string, rows: readonly Tally[], words: (key: string) => string): string {
  return rows.length === 0
    ? paragraph('Belum ada data.')
    : table(
        [
          [title, 'Diajukan', 'Terbukti', 'Tepat waktu', 'Terlambat', 'Median'],
          ...rows.map((row) => [words(row.key), number(row.filed), number(row.proven), number(row.kept), number(row.breached), minuteWords(row.service.median)]),
        ],
        { widths: [8, 4, 4, 4, 4, 4], head: true },
      )
}
