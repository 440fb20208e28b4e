import { createReadStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Report } from '@cabut/sdk/report'
import type { ServiceStandard } from '@cabut/sdk/standard'
import { readCheckpoints } from '../checkpoint/checkpoint-file.js'
import { exitCodes } from '../exit-codes.js'
import { InputError, readInstant } from '../input.js'
import type { CommandSpec } from '../program.js'
import type { Sample } from '../report/sample.js'
import { many } from './desk/run.js'
import { findStandard } from './standard.js'

const formats = ['json', 'csv', 'html', 'docx'] as const
type Format = (typeof formats)[number]

/** `cabut report EXPORT|--sample N`: the evaluation of a period, from a desk's export. */
export const report: CommandSpec = {
  usage: 'report [export]',
  summary: { id: 'buat laporan evaluasi dari ekspor meja layanan (JSON, CSV, HTML, DOCX)', en: 'make the evaluation report from a desk\'s export (JSON, CSV, HTML, DOCX)' },
  options: [
    { flags: '--period <period>', text: { id: 'triwulan 2026-Q3, bulan 2026-07, tahun 2026, atau 2026-07-01..2026-09-30 (bawaan: triwulan yang terakhir selesai)', en: 'quarter 2026-Q3, month 2026-07, year 2026, or 2026-07-01..2026-09-30 (default: the last quarter that is over)' } },
    { flags: '--as-of <time>', text: { id: 'keadaan pada waktu itu; yang terjadi kemudian tidak dihitung (bawaan: sekarang)', en: 'as things stood then; nothing later is counted (default: now)' } },
    { flags: '--standard <id-or-file>', text: { id: 'standar pelayanan (bawaan: yang disebut ekspor)', en: 'service standard (default: the one the export names)' } },
    { flags: '--format <format>', text: { id: `json, csv, html, docx (bawaan: semua)`, en: 'json, csv, html, docx (default: all)' }, many: true },
    { flags: '--out <folder>', text: { id: 'folder hasil (bawaan: folder ini)', en: 'where the files go (default: this folder)' } },
    { flags: '--sample <count>', text: { id: 'tanpa ekspor: sekian permohonan rekaan', en: 'without an export: so many invented requests' } },
    { flags: '--checkpoint <path>', text: { id: 'titik periksa register, berkas atau folder; yang terakhir dicantumkan', en: 'checkpoints of the register, files or folders; the last one is printed' }, many: true },
    { flags: '--seed <number>', text: { id: 'benih contoh (bawaan 1)', en: 'seed of the sample (default 1)' } },
  ],
  async run(console, [path], options) {
    const given = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined)
    const wanted = readFormats(options['format'])
    const asOf = given('asOf') === undefined ? new Date() : readInstant(given('asOf') as string)
    if ((path === undefined) === (given('sample') === undefined)) throw new InputError({ id: 'sebutkan berkas ekspor atau --sample, salah satu', en: 'name an export or --sample, one of them' })
    const period = readPeriod(given('period') ?? quarterBefore(asOf))
    const sources = path === undefined ? await invented(given('standard'), count('sample', given('sample')), count('seed', given('seed') ?? '1'), period) : await exported(path, given('standard'))
    const { makeReport, reportCsv, reportDocx, reportHtml } = await import('@cabut/sdk/report')
    const checkpoints = (await Promise.all(many(options, 'checkpoint').map(readCheckpoints))).flat().map(({ checkpoint }) => checkpoint)
    const started = performance.now()
    const made = await makeReport({ ...sources, period, asOf: asOf.toISOString(), checkpoints })
    const took = performance.now() - started

    const folder = resolve(given('out') ?? '.')
    await mkdir(folder, { recursive: true })
    const files: string[] = []
    const writers: Readonly<Record<Format, () => Promise<string | Uint8Array>>> = {
      json: async () => `${JSON.stringify(made, undefined, 2)}\n`,
      csv: async () => reportCsv(made),
      html: () => reportHtml(made),
      docx: async () => reportDocx(made),
    }
    for (const format of wanted) {
      const file = join(folder, `laporan-${made.standard.id}-${period.from}-${period.to}.${format}`)
      await writeFile(file, await writers[format]())
      files.push(file)
    }
    console.document({ report: made, files, milliseconds: Math.round(took) })
    for (const line of summary(made)) console.line(console.say(line))
    for (const file of files) console.line(`  ${file}`)
    console.line(console.say({
      id: `${made.basis.requests} permohonan, ${made.basis.events} kejadian dihitung dalam ${Math.round(took)} ms.`,
      en: `${made.basis.requests} requests, ${made.basis.events} events counted in ${Math.round(took)} ms.`,
    }))
    return exitCodes.good
  },
}

interface Sources extends Sample { readonly standard: ServiceStandard }

async function exported(path: string, standard: string | undefined): Promise<Sources> {
  const { readExport } = await import('@cabut/sdk/report')
  const stream = createReadStream(path, 'utf8')
  const opened = await new Promise<boolean>((done) => stream.once('open', () => done(true)).once('error', () => done(false)))
  if (!opened) throw new InputError({ id: `${path}: tidak dapat dibaca`, en: `${path}: cannot be read` })
  const { standard: named, ...rest } = await readExport(createInterface({ input: stream, crlfDelay: Infinity }))
  const found = await findStandard(standard ?? named.id)
  // Another version may count by other limits: the office says so by naming the file.
  if (standard === undefined && found.version !== named.version) {
    throw new InputError({ id: `ekspor menyebut ${named.id} versi ${named.version}, yang tersedia versi ${found.version}; sebutkan --standard`, en: `the export names ${named.id} version ${named.version}, at hand is ${found.version}; name one with --standard` })
  }
  if (found.id !== named.id) throw new InputError({ id: `ekspor ini dari standar ${named.id}`, en: `this export is of the standard ${named.id}` })
  return { standard: found, ...rest }
}

async function invented(which: string | undefined, size: number, seed: number, period: { readonly from: string; readonly to: string }): Promise<Sources> {
  const { inventSample } = await import('../report/sample.js')
  const standard = await findStandard(which ?? 'kabupaten-purbalingga')
  const offset = { WIB: '+07:00', WITA: '+08:00', WIT: '+09:00' }[standard.zone]
  const end = Date.parse(`${period.to}T00:00:00${offset}`) + 86_400_000
  return { standard, ...await inventSample(standard, size, seed, Date.parse(`${period.from}T00:00:00${offset}`), end) }
}

function readFormats(value: unknown): readonly Format[] {
  if (!Array.isArray(value) || value.length === 0) return formats
  return value.map((one) => {
    const known = formats.find((format) => format === one)
    if (known === undefined) throw new InputError({ id: `bentuk "${String(one)}" tidak dikenal (${formats.join(', ')})`, en: `unknown format "${String(one)}" (${formats.join(', ')})` })
    return known
  })
}

function count(name: string, text = ''): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InputError({ id: `--${name} harus bilangan bulat positif`, en: `--${name} must be a positive whole number` })
  return Number(text)
}

/** A period in words people use; the dates are checked by the report. */
function readPeriod(text: string): { readonly from: string; readonly to: string } {
  const quarter = /^(\d{4})-Q([1-4])$/.exec(text)
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text)
  const span = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text)
  if (quarter !== null) return months(Number(quarter[1]), Number(quarter[2]) * 3 - 2, 3)
  if (month !== null) return months(Number(month[1]), Number(month[2]), 1)
  if (/^\d{4}$/.test(text)) return months(Number(text), 1, 12)
  if (span !== null) return { from: span[1] as string, to: span[2] as string }
  throw new InputError({ id: `"${text}" bukan periode (contoh: 2026-Q3, 2026-07, 2026-07-01..2026-09-30)`, en: `"${text}" is no period (for example 2026-Q3, 2026-07, 2026-07-01..2026-09-30)` })
}

function months(year: number, first: number, many: number): { readonly from: string; readonly to: string } {
  return { from: `${year}-${String(first).padStart(2, '0')}-01`, to: new Date(Date.UTC(year, first - 1 + many, 0)).toISOString().slice(0, 10) }
}

function quarterBefore(instant: Date): string {
  const at = new Date(instant.getTime() + 7 * 3_600_000)
  const quarter = Math.floor(at.getUTCMonth() / 3)
  return quarter === 0 ? `${at.getUTCFullYear() - 1}-Q4` : `${at.getUTCFullYear()}-Q${quarter}`
}

function summary({ total, period, complaints, survey, basis: { checkpoint } }: Report): readonly { readonly id: string; readonly en: string }[] {
  return [
    { id: `Periode ${period.from} s.d. ${period.to}`, en: `Period ${period.from} to ${period.to}` },
    { id: `  diajukan ${total.filed}, terbukti dicabut ${total.proven}, ditolak ${total.rejected}, berjalan ${total.open}`, en: `  filed ${total.filed}, proven revoked ${total.proven}, rejected ${total.rejected}, open ${total.open}` },
    { id: `  tepat waktu ${total.kept}, terlambat ${total.breached}`, en: `  in time ${total.kept}, late ${total.breached}` },
    { id: `  pengaduan ${complaints.total.filed}, terlambat ${complaints.total.breached}`, en: `  complaints ${complaints.total.filed}, late ${complaints.total.breached}` },
    survey.index === undefined ? { id: '  survei: belum ada data', en: '  survey: no data yet' } : { id: `  indeks SKM ${survey.index} (${survey.band ?? ''})`, en: `  survey index ${survey.index} (${survey.band ?? ''})` },
    ...(checkpoint === undefined ? [] : [{
      id: `  titik periksa register ${checkpoint.year}/${checkpoint.n} ${checkpoint.digest ?? '-'} (${checkpoint.at})`, en: `  checkpoint of the register ${checkpoint.year}/${checkpoint.n} ${checkpoint.digest ?? '-'} (${checkpoint.at})`,
    }]),
  ]
}
