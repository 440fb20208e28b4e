import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { nationalCalendar } from '../../src/calendar/index.js'
import { createComplaintDesk, createMemoryComplaintStore } from '../../src/complaint/index.js'
import { makeReport, reportCsv, reportDocx, reportHtml, surveyIndex, type SurveyAnswer } from '../../src/report/index.js'
import { loadStandard } from '../../src/standard/index.js'
import { instant, inventRequest, randomFrom } from './histories.js'

const standard = loadStandard('kabupaten-purbalingga')
const day = 1440
const quarterBegin = (31 + 28 + 31) * day
const seed = 20_260_701
const random = randomFrom(seed)
const invented = Array.from({ length: 10_000 }, (_, index) => inventRequest(index, random, quarterBegin, 91))
const period = { from: '2026-04-01', to: '2026-06-30' }
const asOfMinute = (31 + 28 + 31 + 91 + 14) * day
const options = { standard, period, asOf: instant(asOfMinute), histories: invented.map(({ events }) => events) }

/** The independent judge: open minutes of 2026 by asking every minute, summed; knows nothing of the calendar's code. */
const worked = (() => {
  const closed = new Set(nationalCalendar.decrees.flatMap(({ closes }) => closes.map(({ date }) => date)))
  const sums = new Int32Array(366 * day)
  let sum = 0
  for (let minute = 0; minute < 365 * day; minute += 1) {
    const local = new Date(Date.UTC(2026, 0, 1) + minute * 60_000)
    const [weekday, time] = [local.getUTCDay(), minute % day]
    const open =
      weekday >= 1 &&
      weekday <= 5 &&
      !closed.has(local.toISOString().slice(0, 10)) &&
      time >= 450 &&
      (weekday === 5 ? time < 990 && (time < 690 || time >= 780) : time < 960 && (time < 720 || time >= 780))
    if (open) sum += 1
    sums[minute + 1] = sum
  }
  return (from: number, to: number): number => (sums[Math.min(to, 365 * day)] as number) - (sums[from] as number)
})()
const plans = invented.map(({ plan }) => plan)
const minutesOf = (plan: (typeof plans)[number]): number =>
  plan.running.reduce((sum, [from, to]) => sum + worked(from, Math.min(to, asOfMinute)), 0)
const nearestRank = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] as number

describe(`10,000 invented requests (seed ${seed})`, async () => {
  const [begin, cpu] = [performance.now(), process.cpuUsage()]
  const report = await makeReport(options)
  const took = performance.now() - begin
  const { user } = process.cpuUsage(cpu)
  console.log(
    `report on ${plans.length} requests, ${report.basis.events} events: ${took.toFixed(0)} ms on the wall, ${(user / 1000).toFixed(0)} ms of processor`,
  )

  // Processor time: the wall belongs to whatever else the machine is doing.
  it('takes less than 2 seconds', () => {
    expect(user).toBeLessThan(2_000_000)
  })

  it('agrees with an independent count', () => {
    const count = (test: (plan: (typeof plans)[number]) => boolean): number => plans.filter(test).length
    expect(report.total).toMatchObject({
      filed: 10_000,
      returned: count(({ returned }) => returned),
      rejected: count(({ outcome }) => outcome === 'rejected'),
      revoked: count(({ outcome }) => outcome === 'closed' || outcome === 'awaiting'),
      proven: count(({ outcome }) => outcome === 'closed'),
      open: count(({ outcome }) => outcome === 'awaiting' || outcome === 'waiting'),
      withdrawn: 0,
      contradicted: 0,
      failed: 0,
    })
    for (const [key, group] of [
      ['byOpd', 'opd'],
      ['byReason', 'reason'],
    ] as const) {
      for (const tally of report[key]) expect(tally.filed, tally.key).toBe(count((plan) => plan[group] === tally.key))
      expect(report[key].reduce((sum, { filed }) => sum + filed, 0)).toBe(10_000)
    }
    for (const tally of report.byOfficer) expect(tally.filed).toBe(count(({ officer }) => officer === tally.key))
  })

  it('measures the service clock and the time to proof as a minute-stepper does', () => {
    const stopped = plans.filter(({ outcome }) => outcome !== 'waiting')
    const minutes = stopped.map(minutesOf)
    expect(report.total.service).toEqual({
      count: stopped.length,
      median: nearestRank(minutes, 0.5),
      p90: nearestRank(minutes, 0.9),
      worst: Math.max(...minutes),
    })
    const proofs = plans.flatMap(({ proofMinutes }) => (proofMinutes === null ? [] : [proofMinutes]))
    expect(report.total.proof).toEqual({
      count: proofs.length,
      median: nearestRank(proofs, 0.5),
      p90: nearestRank(proofs, 0.9),
      worst: Math.max(...proofs),
    })
  })

  it('names the requests that were late: still running after the instant at which 170 working minutes were over', () => {
    const isLate = (plan: (typeof plans)[number]): boolean => {
      let left = 170
      for (const [from, until] of plan.running) {
        const to = Math.min(until, asOfMinute)
        if (worked(from, to) < left) {
          left -= worked(from, to)
          continue
        }
        // Steps to the due instant minute by minute: due at closing means late in the evening, although no working minute has passed since.
        let due = from
        while (worked(from, due) < left) due += 1
        return to > due || plan.running.at(-1)?.[0] !== from
      }
      return false
    }
    const late = plans
      .filter(isLate)
      .map(({ id }) => id)
      .sort()
    expect(late.length).toBeGreaterThan(500)
    expect(report.breachedRequests.map(({ id }) => id).sort()).toEqual(late)
    expect(report.total.kept).toBe(plans.filter((plan) => plan.outcome !== 'waiting' && !isLate(plan)).length)
  })

  it('is the same years later: by the calendar and the events of then', async () => {
    const later = await makeReport({ ...options, histories: [...options.histories].reverse() })
    expect(later).toEqual(report)
    expect(report.basis).toMatchObject({
      calendar: 'id-national@2025-09-19#3',
      requests: 10_000,
      headsSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
    const earlier = await makeReport({ ...options, asOf: instant(quarterBegin + 30 * day) })
    expect(earlier.total.filed).toBeLessThan(10_000)
    expect(earlier.basis.headsSha256).not.toBe(report.basis.headsSha256)
  })

  it('as CSV opens right in Excel with an Indonesian locale', () => {
    const lines = reportCsv(report).split('\r\n')
    expect(lines[0]).toBe('\uFEFFStandar;kabupaten-purbalingga;versi;1')
    expect(
      lines
        .find((line) => line.startsWith('Semua;'))
        ?.split(';')
        .slice(2, 4),
    ).toEqual(['10000', String(report.total.returned)])
  })

  it('as HTML is one page without script, network or personal data', async () => {
    const html = await reportHtml(report)
    expect(html).not.toMatch(/<script|https?:\/\/|src=|url\(/i)
    expect(html).toContain('<html lang="id">')
    expect(html).toContain('1 April 2026 sampai 30 Juni 2026')
    expect(html).toContain('belum ada data')
    // Months, OPDs, reasons and waiting: each for telephones and for everything wider.
    expect(html.match(/<svg/g)?.length).toBe(8)
    expect(await reportHtml(report)).toBe(html)
  })
})

describe('Laporan Evaluasi Triwulan as DOCX', async () => {
  const report = await makeReport({ ...options, histories: options.histories.slice(0, 200), survey: [[4, 4, 4, 4, 4, 4, 4, 3, 3]] })
  const bytes = reportDocx(report, {
    letterhead: ['PEMERINTAH KABUPATEN CONTOH', 'DINAS KOMUNIKASI DAN INFORMATIKA'],
    followUp: ['Menambah petugas <Jumat> & menata "antrean"\u0007'],
    signature: { place: 'Contoh', date: '2026-07-10', office: 'Kepala Dinas', name: 'Nama Rekaan', rank: 'Pembina' },
  })
  const parts = unzipSync(bytes)
  const document = new TextDecoder().decode(parts['word/document.xml'])

  it('has the parts a word processor needs, the types first, every element closed', () => {
    expect(Object.keys(parts)).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'word/document.xml',
      'word/_rels/document.xml.rels',
      'word/styles.xml',
      'word/footer1.xml',
    ])
    for (const part of Object.values(parts)) {
      const open: string[] = []
      for (const [, closing, name, own] of new TextDecoder()
        .decode(part)
        .replace(/<\?xml.*?\?>/, '')
        .matchAll(/<(\/?)([\w:]+)(?:\s[^<>]*?)?(\/?)>/g)) {
        if (closing === '/') expect(open.pop()).toBe(name)
        else if (own !== '/') open.push(name as string)
      }
      expect(open).toEqual([])
    }
  })

  it('has letterhead, results, causes of delay, follow-up and signature block, with text escaped', () => {
    for (const words of [
      'PEMERINTAH KABUPATEN CONTOH',
      'LAPORAN EVALUASI TRIWULAN II TAHUN 2026',
      '1. Hasil pelayanan',
      '3. Penyebab keterlambatan',
      'Penerbitan CRL/OCSP',
      'Menambah petugas &#60;Jumat&#62; &#38; menata &#34;antrean&#34;',
      'Contoh, 10 Juli 2026',
      'Nama Rekaan',
      'Indeks 94,44, mutu A',
      report.basis.headsSha256,
    ]) {
      expect(document).toContain(words)
    }
    expect(document).not.toContain('\u0007')
  })

  it('gives the same bytes for the same report', () => {
    expect(reportDocx(report)).toEqual(reportDocx(structuredClone(report)))
  })
})

describe('edges', () => {
  it('names the newest checkpoint up to its moment, in the DOCX as well', async () => {
    const checkpoint = { at: options.asOf, year: 2026, n: 7, digest: 'ab'.repeat(32) }
    const checkpoints = [{ ...checkpoint, n: 8, at: '2999-01-01T00:00:00.000Z' }, checkpoint, { ...checkpoint, n: 6, at: '2020-01-01T00:00:00.000Z' }, { ...checkpoint, n: 9, at: '<b>' }]
    const report = await makeReport({ ...options, histories: [], checkpoints })
    expect(report.basis.checkpoint).toEqual({ ...checkpoint, at: new Date(checkpoint.at).toISOString() })
    expect(new TextDecoder().decode(unzipSync(reportDocx(report))['word/document.xml'])).toContain(`titik periksa register 2026/7 ${checkpoint.digest} per`)
    expect((await makeReport({ ...options, histories: [] })).basis).not.toHaveProperty('checkpoint')
  })

  it('an empty period is a report too', async () => {
    const report = await makeReport({ ...options, histories: [] })
    expect(report.total).toMatchObject({ filed: 0, service: { count: 0, median: null, p90: null, worst: null } })
    expect(await reportHtml(report)).toContain('Belum ada data')
    expect(report.survey).toEqual({ answers: 0, means: [], label: { id: 'belum ada data', en: 'no data yet' } })
  })

  it('refuses a period that is none', async () => {
    for (const wrong of [
      { from: '2026-06-31', to: '2026-07-01' },
      { from: '2026-07-01', to: '2026-06-01' },
    ]) {
      await expect(makeReport({ ...options, period: wrong })).rejects.toMatchObject({ code: 'reportInvalid', at: 'period' })
    }
    await expect(makeReport({ ...options, asOf: 'besok' })).rejects.toMatchObject({ code: 'reportInvalid', at: 'asOf' })
  })

  it('counts a request filed at local midnight in the new quarter (WIB)', async () => {
    const at = (minute: number): Parameters<typeof makeReport>[0]['histories'] => [inventRequest(1, randomFrom(1), minute, 0).events]
    expect((await makeReport({ ...options, histories: at(quarterBegin) })).total.filed).toBe(1)
    expect((await makeReport({ ...options, histories: at(quarterBegin - 1) })).total.filed).toBe(0)
    expect((await makeReport({ ...options, histories: at(quarterBegin + 91 * day - 1) })).total.filed).toBe(1)
    expect((await makeReport({ ...options, histories: at(quarterBegin + 91 * day) })).total.filed).toBe(0)
  })

  it('disarms formulas and escapes markup', async () => {
    const { events } = inventRequest(1, randomFrom(1), quarterBegin, 1)
    const evil = events.map((event, index) =>
      index > 0
        ? event
        : { ...event, data: { ...event.data, parties: { applicant: { id: 'x' }, holder: {}, opdOrigin: '=HYPERLINK("http://x";"<b>")' } } },
    ) as typeof events
    const report = await makeReport({ ...options, histories: [evil] })
    expect(reportCsv(report)).toContain('OPD;"\'=HYPERLINK(""http://x"";""<b>"")"')
    expect(await reportHtml(report)).not.toContain('<b>"')
  })

  it('counts complaints, kept and late, with their numbers', async () => {
    let now = instant(quarterBegin + 10 * day + 600)
    let id = 0
    const desk = createComplaintDesk({ standard, store: createMemoryComplaintStore(), now: () => now, ids: () => String((id += 1)) })
    const officer = { id: 'p-1', role: 'verifier' } as const
    const filed = []
    for (let count = 0; count < 3; count += 1)
      filed.push(
        (await desk.file({ channel: 'phone', class: 'ringan', text: 'lambat', reporter: { visibility: 'anonymous' } }, { as: officer }))
          .complaint,
      )
    await desk.perform('1', { type: 'take' }, { as: officer })
    await desk.perform('1', { type: 'answer', text: 'sudah' }, { as: officer })
    now = instant(quarterBegin + 20 * day + 600)
    await desk.escalateOverdue()
    await desk.perform('2', { type: 'take' }, { as: { id: 'p-9', role: 'supervisor' } })
    await desk.perform('2', { type: 'answer', text: 'maaf' }, { as: { id: 'p-9', role: 'supervisor' } })
    const report = await makeReport({ ...options, histories: [], complaints: await desk.all() })
    // Filed on Saturday, answered at once and on the Tuesday of the week after next: 2,250 + 450 + 150 working minutes.
    const service = { count: 2, median: 0, p90: 2_850, worst: 2_850 }
    expect(report.complaints.total).toEqual({ key: '', filed: 3, answered: 2, open: 1, kept: 1, breached: 2, escalated: 2, service })
    expect(reportCsv(report)).toContain('Semua;;3;2;1;1;2;2;0;2850;2850')
    expect(new TextDecoder().decode(unzipSync(reportDocx(report))['word/document.xml'])).toContain('Pengaduan terlambat: ADU-2026-00002, ADU-2026-00003.')
    expect(report.complaints.breached).toEqual(['ADU-2026-00002', 'ADU-2026-00003'])
    const before = await makeReport({
      ...options,
      histories: [],
      complaints: await desk.all(),
      asOf: instant(quarterBegin + 10 * day + 601),
    })
    expect(before.complaints.total).toMatchObject({ filed: 3, answered: 1, open: 2, breached: 0, escalated: 0 })
  })

  it('remembers the class a complaint had then, with its limit', async () => {
    let now = instant(quarterBegin + 5 * day + 600)
    const desk = createComplaintDesk({ standard, store: createMemoryComplaintStore(), now: () => now, ids: () => '1' })
    const officer = { id: 'p-1', role: 'verifier' } as const
    await desk.file({ channel: 'phone', class: 'ringan', text: 'lambat', reporter: { visibility: 'anonymous' } }, { as: officer })
    const signed = { ...options, histories: [], asOf: instant(quarterBegin + 6 * day + 900) }
    const then = await makeReport({ ...signed, complaints: await desk.all() })
    expect(then.complaints).toMatchObject({ byClass: [{ key: 'ringan', breached: 1 }], breached: ['ADU-2026-00001'] })
    now = instant(quarterBegin + 7 * day)
    await desk.perform('1', { type: 'take' }, { as: officer })
    await desk.perform('1', { type: 'classify', class: 'berkadarPengawasan' }, { as: officer })
    expect(await makeReport({ ...signed, complaints: await desk.all() })).toEqual(then)
    const later = await makeReport({ ...signed, asOf: now, complaints: await desk.all() })
    expect(later.complaints).toMatchObject({ byClass: [{ key: 'berkadarPengawasan', breached: 0 }], breached: [] })
  })

  it('counts survey answers of the period, not those given after the report', async () => {
    const all = (score: number): SurveyAnswer => Array.from({ length: 9 }, () => score) as unknown as SurveyAnswer
    const survey = [
      { at: instant(quarterBegin - 1), scores: all(1) }, { at: instant(quarterBegin), scores: all(4) }, { at: instant(quarterBegin + 91 * day - 1), scores: all(2) },
      { at: instant(quarterBegin + 91 * day), scores: all(1) },
    ]
    expect((await makeReport({ ...options, histories: [], survey })).survey).toMatchObject({ answers: 2, index: 75 })
    expect((await makeReport({ ...options, histories: [], survey, asOf: instant(quarterBegin + day) })).survey).toMatchObject({ answers: 1, index: 100 })
  })

  it('tells versions of the standard apart, and the register numbers it rests on', async () => {
    const some = options.histories.slice(0, 3).map((events, at) => events.map((event) => ({ ...event, standard: { ...event.standard, version: at === 0 ? '2' : '1' } })))
    const report = await makeReport({ ...options, histories: some })
    expect(report.byStandard.map(({ key, filed }) => [key, filed])).toEqual([['kabupaten-purbalingga 1', 2], ['kabupaten-purbalingga 2', 1]])
    expect(await reportHtml(report)).toContain('Menurut standar')
    const inOrder = some.map((events) => events[0]).sort((a, b) => ((a?.time ?? '') < (b?.time ?? '') ? -1 : 1)).map((event) => String(Number(event?.caseId.slice(2))))
    expect(report.basis.register).toEqual({ first: inOrder[0], last: inOrder[2] })
  })
})

describe('SKM (Permenpan RB 14/2017)', () => {
  const all = (score: number): SurveyAnswer => Array.from({ length: 9 }, () => score) as unknown as SurveyAnswer
  it('weighs every element exactly 1/9: all fours are 100, not 99', () => {
    expect(surveyIndex([all(4), all(4)])).toMatchObject({ index: 100, band: 'A', answers: 2 })
    expect(surveyIndex([all(1)])).toMatchObject({ index: 25, band: 'D' })
    expect(surveyIndex([all(3)])).toMatchObject({ index: 75, band: 'C' })
  })
  it.each([
    [[4, 4, 4, 4, 4, 4, 4, 3, 3], 94.44, 'A'],
    [[4, 4, 4, 3, 3, 3, 3, 3, 3], 83.33, 'B'],
    [[3, 3, 3, 3, 3, 3, 3, 2, 2], 69.44, 'C'],
    [[3, 2, 2, 2, 2, 3, 3, 3, 3], 63.89, 'D'],
  ] as const)('%j is %d (%s)', (scores, index, band) => {
    expect(surveyIndex([scores as unknown as SurveyAnswer])).toMatchObject({ index, band })
  })
  it('refuses answers out of range', () => {
    for (const wrong of [all(5), all(0), all(2.5), [1, 2] as unknown as SurveyAnswer]) expect(() => surveyIndex([wrong])).toThrow(TypeError)
  })
})
