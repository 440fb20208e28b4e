// The "Laporan Evaluasi" in LibreOffice: it opens, becomes a PDF of a few pages, and every part of it can be read there.
// Without LibreOffice or poppler it says SKIP and exits with 77. The PDF is left in .cache/report-page.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const folder = join(root, '.cache/report-page')
const run = (command, args) => spawnSync(command, args, { cwd: root, encoding: 'utf8', timeout: 180_000, maxBuffer: 1 << 26 })
for (const command of ['soffice', 'pdftotext']) {
  if (run(command, [command === 'soffice' ? '--version' : '-v']).error !== undefined) {
    console.log(`SKIP: no ${command}; the Laporan Evaluasi was not opened`)
    process.exit(77)
  }
}
mkdirSync(folder, { recursive: true })
const made = run(process.execPath, [
  'node_modules/tsx/dist/cli.mjs', '--conditions=@cabut/source', 'packages/cli/src/bin.ts',
  'report', '--sample', '300', '--period', '2026-Q3', '--as-of', '2026-10-14T00:00:00Z', '--out', folder, '--format', 'docx', '--json',
])
if (made.status !== 0) throw new Error(made.stderr)
const [letter] = JSON.parse(made.stdout).files
const pdf = letter.replace(/docx$/, 'pdf')
rmSync(pdf, { force: true })
const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`
run('soffice', [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, letter])
const { status, stdout: text } = run('pdftotext', ['-layout', pdf, '-'])
const problems = []
const must = (fact, words) => { if (!fact) problems.push(words) }
must(status === 0, 'LibreOffice made no PDF')
for (const words of [
  'DINAS KOMUNIKASI DAN INFORMATIKA', 'LAPORAN EVALUASI TRIWULAN III TAHUN 2026', 'Periode 1 Juli 2026 sampai 30 September 2026', '1. Hasil pelayanan', '2. Menurut bulan, OPD, dan alasan',
  '3. Penyebab keterlambatan', 'Nomor permohonan', '4. Pengaduan', '5. Survei kepuasan masyarakat', '6. Tindak lanjut', 'Diajukan', 'Terlambat', 'Halaman 1 dari',
]) must(text.includes(words), `"${words}" cannot be read`)
const pages = text.split('\f').length - 1
must(pages >= 2 && pages <= 4, `${pages} pages`)
for (const problem of problems) console.error(`report letter: ${problem}`)
console.log(problems.length === 0 ? `report letter: ${pages} pages in LibreOffice, every part readable` : `report letter: ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
