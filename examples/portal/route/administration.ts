import { lintStandard, type Finding } from '@cabut/sdk/standard'
import { loadCharts, makeReport, reportCsv, reportDocx, reportHtml, type Report } from '@cabut/sdk/report'
import type { StoredEvent } from '@cabut/sdk/store'
import { files, requireSession, viewOf, type Portal, type Rooms, type Visit } from '../visit.js'
import type { Office } from '../office.js'
import { administrationPage, reportPage } from '../page/administration.js'
import { problemPage } from '../page/public.js'
import { applicantSide } from '../people.js'
import { month, reasonTitle } from '../words.js'

const largestFile = 1_048_576

/** Reports and standards, for the service's own people. Neither shows personal data. */
export function administrationRoutes(app: Portal, { office }: Rooms): void {
  const officer = (c: Visit): Response | undefined | Promise<Response> => {
    const session = requireSession(c)
    if (session instanceof Response) return session
    return applicantSide.has(session.role) ? c.html(problemPage(viewOf(office, c), 'Bukan untuk peran ini', 'Halaman ini untuk petugas layanan.'), 403) : undefined
  }

  app.get('/laporan', async (c) => {
    const other = await officer(c)
    if (other !== undefined) return other
    const report = await reportOf(office, c)
    if (report === undefined) return c.html(problemPage(viewOf(office, c), 'Periode tidak sah', 'Tanggal mulai harus sebelum tanggal akhir.'), 400)
    const query = `dari=${report.period.from}&sampai=${report.period.to}`
    return c.html(reportPage(viewOf(office, c), report, Object.entries(charts).filter(([, of]) => of.rows(report).length > 0).map(([key, { title }]) => ({ key, title })), query))
  })
  app.get('/laporan/grafik/:key{(?:bulan|alasan|opd)\\.svg}', async (c) => {
    const other = await officer(c)
    if (other !== undefined) return other
    const chart = charts[c.req.param('key').slice(0, -4) as keyof typeof charts]
    const report = await reportOf(office, c)
    if (report === undefined || chart === undefined) return c.notFound()
    const rows = chart.rows(report).slice(0, 12).map(({ key, filed, kept, breached }) => ({ label: chart.words(key, office), values: [kept, breached, Math.max(0, filed - kept - breached)] }))
    const svg = (await loadCharts())({ title: chart.title, width: c.req.query('lebar') === '340' ? 340 : 920, rows, series: [{ name: 'Tepat waktu', color: '#1f5fa8' }, { name: 'Terlambat', color: '#b3402a' }, { name: 'Masih berjalan', color: '#a9b1ba' }] })
    // As a picture it takes no font from the page.
    return c.body(svg.replace('<svg', `<svg font-family="system-ui, sans-serif"${svg.includes('xmlns=') ? '' : ' xmlns="http://www.w3.org/2000/svg"'}`), 200, { 'Content-Type': 'image/svg+xml', 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'" })
  })
  app.get('/laporan/unduh/:name{laporan\\.(?:html|csv|docx)}', async (c) => {
    const other = await officer(c)
    if (other !== undefined) return other
    const report = await reportOf(office, c)
    if (report === undefined) return c.notFound()
    const name = c.req.param('name')
    const [type, body] = name.endsWith('.csv') ? ['text/csv; charset=utf-8', reportCsv(report)] as const
      : name.endsWith('.docx') ? ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', reportDocx(report)] as const
        : ['text/html; charset=utf-8', await reportHtml(report)] as const
    return new Response(body as BodyInit, { headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"`, 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" } })
  })

  app.get('/administrasi', async (c) => await officer(c) ?? c.html(administrationPage(viewOf(office, c))))
  app.post('/administrasi/periksa', async (c) => {
    const other = await officer(c)
    if (other !== undefined) return other
    const [file] = files(c.get('form'), 'berkas')
    const name = file?.name.slice(0, 120) ?? 'tanpa berkas'
    return c.html(administrationPage(viewOf(office, c), { name, found: file === undefined || file.size > largestFile ? 'Pilih berkas JSON yang tidak lebih dari 1 MiB.' : examine(await file.text()) }))
  })
}

function examine(text: string): readonly Finding[] | string {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return 'Berkas ini bukan JSON yang dapat dibaca.'
  }
  return typeof data === 'object' && data !== null ? lintStandard(data) : 'Berkas ini tidak memuat standar pelayanan.'
}

const charts = {
  bulan: { title: 'Permohonan menurut bulan', rows: ({ byMonth }: Report) => byMonth, words: month },
  alasan: { title: 'Permohonan menurut alasan', rows: ({ byReason }: Report) => byReason, words: reasonTitle },
  opd: { title: 'Permohonan menurut OPD', rows: ({ byOpd }: Report) => byOpd, words: (key: string, office: Office) => office.people.find(({ opd }) => opd === key)?.office ?? key },
} as const

/** The report of the period in the query; the present quarter without one. `undefined`: no period. */
async function reportOf(office: Office, c: Visit): Promise<Report | undefined> {
  const now = new Date()
  const today = new Date(now.getTime() + 7 * 3_600_000).toISOString().slice(0, 10)
  const quarter = `${today.slice(0, 5)}${String(Math.floor((Number(today.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`
  const period = { from: c.req.query('dari') ?? quarter, to: c.req.query('sampai') ?? today }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(period.from) || !/^\d{4}-\d{2}-\d{2}$/.test(period.to) || period.from > period.to) return undefined
  const histories: (readonly StoredEvent[])[] = []
  for (let after: string | undefined; ; ) {
    const page = await office.desk.list({ limit: 200, ...(after === undefined ? {} : { after }) })
    for (const { id } of page) histories.push(await office.desk.history(id))
    after = page.at(-1)?.id
    if (page.length < 200) break
  }
  return makeReport({ standard: office.settings.standard, period, asOf: now.toISOString(), histories, complaints: await office.complaints.all(), survey: office.survey.answers() })
}
