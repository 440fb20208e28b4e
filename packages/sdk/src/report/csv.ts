import { checkpointWords, type ComplaintTally, type Report, type Tally } from './report.js'

type Cell = string | number | null

/**
 * The report as CSV that Excel opens right under an Indonesian locale: UTF-8 with a byte order mark, semicolons, decimal comma, CRLF.
 * Text that a spreadsheet would run as a formula is disarmed with an apostrophe.
 *
 * @example
 * ```ts
 * const lines = reportCsv(await quarterReport()).split('\r\n')
 * lines[1] // 'Periode;2026-10-01;sampai;2026-12-31'
 * lines.find((line) => line.startsWith('SKM')) // 'SKM;Responden;2;Indeks;90,28;Mutu;A'
 * ```
 */
export function reportCsv(report: Report): string {
  const { total, byMonth, byOpd, byReason, byOfficer, byStandard, complaints, survey } = report
  const rows: Cell[][] = [
    ['Standar', report.standard.id, 'versi', report.standard.version],
    ['Periode', report.period.from, 'sampai', report.period.to],
    ['Per', report.asOf, 'kalender', report.basis.calendar],
    ['Sidik riwayat (SHA-256)', report.basis.headsSha256],
    ...(report.basis.checkpoint === undefined ? [] : [['Titik periksa', checkpointWords(report.basis.checkpoint), 'per', report.basis.checkpoint.at]]),
    ['Register', report.basis.register?.first ?? '-', 'sampai', report.basis.register?.last ?? '-'],
    [],
    [
      'Kelompok',
      'Kunci',
      'Diajukan',
      'Dikembalikan',
      'Ditolak',
      'Ditarik',
      'Dicabut menurut AMS',
      'Terbukti',
      'Bertentangan',
      'Gagal',
      'Berjalan',
      'Tepat waktu',
      'Terlambat',
      'Median (menit)',
      'P90 (menit)',
      'Terlama (menit)',
      'Median menuju bukti (menit)',
      'P90 menuju bukti (menit)',
      'Terlama menuju bukti (menit)',
    ],
    line('Semua', total),
    ...byMonth.map((one) => line('Bulan', one)),
    ...byOpd.map((one) => line('OPD', one)),
    ...byReason.map((one) => line('Alasan', one)),
    ...byOfficer.map((one) => line('Petugas', one)),
    ...byStandard.map((one) => line('Standar', one)),
    [],
    ['Pengaduan', 'Kelas', 'Masuk', 'Dijawab', 'Terbuka', 'Tepat waktu', 'Terlambat', 'Dieskalasi', 'Median (menit)', 'P90 (menit)', 'Terlama (menit)'],
    complaintLine('Semua', complaints.total),
    ...complaints.byClass.map((one) => complaintLine('Kelas', one)),
    [],
    ['SKM', 'Responden', survey.answers, 'Indeks', survey.index ?? survey.label.id, 'Mutu', survey.band ?? '-'],
    [],
    ['Permohonan terlambat', 'Batas waktu', 'Menit layanan'],
    ...report.breachedRequests.map(({ id, due, minutes }) => [id, due, minutes]),
    [],
    ['Pengaduan terlambat'],
    ...complaints.breached.map((number) => [number]),
  ]
  return `\uFEFF${rows.map((row) => row.map(cell).join(';')).join('\r\n')}\r\n`
}

function line(group: string, one: Tally): Cell[] {
  return [
    group,
    one.key,
    one.filed,
    one.returned,
    one.rejected,
    one.withdrawn,
    one.revoked,
    one.proven,
    one.contradicted,
    one.failed,
    one.open,
    one.kept,
    one.breached,
    one.service.median,
    one.service.p90,
    one.service.worst,
    one.proof.median,
    one.proof.p90,
    one.proof.worst,
  ]
}

function complaintLine(group: string, one: ComplaintTally): Cell[] {
  return [group, one.key, one.filed, one.answered, one.open, one.kept, one.breached, one.escalated, one.service.median, one.service.p90, one.service.worst]
}

function cell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(Math.round(value * 100) / 100).replace('.', ',')
  const disarmed = /^[=+\-@\t\r]/.test(value) && value !== '-' ? `'${value}` : value
  return /[";\r\n]/.test(disarmed) ? `"${disarmed.replace(/"/g, '""')}"` : disarmed
}
