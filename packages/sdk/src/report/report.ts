import { digest, toHex } from '@cabut/pki/crypto'
import { calendarAsOf, createWorkingCalendar, deadlineFor, nationalCalendar, workingTimeBetween, type HolidayCalendar, type WorkingCalendar } from '../calendar/index.js'
import type { Zone } from '../calendar/service-hours.js'
import { dayOfDate, zoneOffset } from '../calendar/zone.js'
import { isOverdue } from '../complaint/decide-complaint.js'
import type { Complaint } from '../complaint/complaint.js'
import { CabutError } from '../errors.js'
import type { ServiceStandard } from '../standard/service-standard.js'
import type { StoredEvent } from '../store/index.js'
import { durationsOf, grouped, type Durations } from './measure.js'
import { requestFacts, type RequestFacts } from './request-facts.js'
import { surveyIndex, type DatedSurveyAnswer, type SurveyAnswer, type SurveyResult } from './survey.js'

/** Counts of a group of requests. */
export interface Tally {
  readonly key: string
  readonly filed: number
  readonly returned: number
  readonly rejected: number
  readonly withdrawn: number
  /** AMS said revoked. */
  readonly revoked: number
  /** Proven by the certificate authority's own evidence. */
  readonly proven: number
  readonly contradicted: number
  readonly failed: number
  readonly open: number
  readonly kept: number
  readonly breached: number
  /** Minutes on the service clock, of requests whose clock has stopped. */
  readonly service: Durations
  /** Minutes on the wall from AMS's word to the proof. */
  readonly proof: Durations
}

/** Complaints of the period. */
export interface ComplaintTally {
  readonly key: string
  /** Words of the class, from the standard. */
  readonly title?: string
  readonly filed: number
  readonly answered: number
  readonly open: number
  readonly kept: number
  readonly breached: number
  readonly escalated: number
  /** Working minutes from filing to the first answer, of those answered. */
  readonly service: Durations
}

/** The end of the register of a store at one moment, as it left the database. */
export interface ReportCheckpoint {
  /** ISO 8601 UTC. */
  readonly at: string
  /** The last line: its year, and its number within it. */
  readonly year: number
  readonly n: number
  /** Digest of that line, lower-case hex; `null` while the register is empty. */
  readonly digest: string | null
}

/** An evaluation report (components 12-14): plain data, no personal data. The same inputs and `asOf` give the same report, years later. */
export interface Report {
  readonly format: 'cabut-report/1'
  readonly standard: { readonly id: string; readonly version: string; readonly name: string; readonly office: string; readonly zone: Zone }
  readonly period: { readonly from: string; readonly to: string }
  /** ISO 8601 UTC: nothing that happened later was counted. */
  readonly asOf: string
  /** What the numbers rest on: enough to reproduce and to compare them. */
  readonly basis: {
    readonly calendar: string
    readonly requests: number
    readonly events: number
    readonly headsSha256: string
    readonly provisional: number
    /** First and last register number among the requests, in order of filing. */
    readonly register?: { readonly first: string; readonly last: string }
    /** The newest checkpoint of the store's register up to `asOf`, where one was given: who keeps the report can hold it against the database later. */
    readonly checkpoint?: ReportCheckpoint
  }
  readonly total: Tally
  /** By the local month of filing, `2026-04`, in order of time. */
  readonly byMonth: readonly Tally[]
  readonly byOpd: readonly Tally[]
  readonly byReason: readonly Tally[]
  readonly byOfficer: readonly Tally[]
  /** By the standard under which a request was filed, as `id version`: a standard may change within a period. */
  readonly byStandard: readonly Tally[]
  readonly breachedRequests: readonly { readonly id: string; readonly due: string; readonly minutes: number }[]
  readonly emergencies: readonly string[]
  /** Minutes on the wall, summed by whose time it was. */
  readonly attribution: RequestFacts['attribution']
  readonly complaints: { readonly total: ComplaintTally; readonly byClass: readonly ComplaintTally[]; readonly breached: readonly string[] }
  readonly survey: SurveyResult
}

/** What a report is made from. */
export interface ReportOptions {
  readonly standard: ServiceStandard
  /** Local dates, both inclusive: requests filed in between. */
  readonly period: { readonly from: string; readonly to: string }
  /** ISO 8601 UTC. */
  readonly asOf: string
  /** Sealed events of each request. */
  readonly histories: Iterable<readonly StoredEvent[]>
  readonly complaints?: readonly Complaint[]
  /** Dated answers count where they were given in the period, and not after `asOf`; the others always. */
  readonly survey?: readonly (SurveyAnswer | DatedSurveyAnswer)[]
  /** Checkpoints of the register; the newest up to `asOf` is printed. @default none */
  readonly checkpoints?: readonly ReportCheckpoint[]
  /** @default nationalCalendar; decrees decided after `asOf` are left out */
  readonly holidays?: HolidayCalendar
}

/** Only what the report prints of it. */
function newestOf(checkpoints: readonly ReportCheckpoint[], asOf: string): ReportCheckpoint | undefined {
  const until = checkpoints.filter(({ at }) => Date.parse(at) <= Date.parse(asOf)).sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const newest = until.at(-1)
  if (newest === undefined) return undefined
  const { at, year, n, digest: line } = newest
  return { at: new Date(at).toISOString(), year, n, digest: line }
}

/** How a checkpoint is printed: `2026/123 sha256`. */
export function checkpointWords({ year, n, digest: line }: ReportCheckpoint): string {
  return `${year}/${n} ${line ?? '-'}`
}

/**
 * Makes the report of a period: what was filed in it, as it stood at `asOf`.
 *
 * @throws CabutError `reportInvalid` for a period that is none (at `period`), or an `asOf` that is no time (at `asOf`)
 * @example
 * ```ts
 * const period = { from: '2026-10-01', to: '2026-12-31' }
 * const report = await makeReport({ standard: purbalingga, period, asOf: '2027-01-04T02:00:00.000Z', histories: [await sealedHistory()] })
 * report.total.filed // 1
 * // Working minutes.
 * report.total.service.median // 105
 * makeReport({ standard: purbalingga, period: { from: '2026-12-31', to: '2026-10-01' }, asOf: report.asOf, histories: [] }) // throws reportInvalid
 * ```
 */
export async function makeReport(options: ReportOptions): Promise<Report> {
  const { standard, period, asOf } = options
  const [from, to] = [dayOfDate(period.from), dayOfDate(period.to)]
  if (Number.isNaN(from) || Number.isNaN(to) || from > to) throw new CabutError('reportInvalid', { at: 'period' })
  if (Number.isNaN(Date.parse(asOf))) throw new CabutError('reportInvalid', { at: 'asOf' })
  const offset = zoneOffset[standard.zone]
  const [begin, end] = [from, to + 1].map((day) => new Date(day * 86_400_000 - offset).toISOString()) as [string, string]
  const holidays = calendarAsOf(options.holidays ?? nationalCalendar, new Date(Date.parse(asOf) + offset).toISOString().slice(0, 10))
  const calendar = createWorkingCalendar({ zone: standard.zone, hours: standard.serviceHours, holidays })

  const requests: RequestFacts[] = []
  for (const events of options.histories) {
    const first = events[0]
    if (first === undefined || first.time < begin || first.time >= end) continue
    const facts = requestFacts(events, standard, calendar, asOf)
    if (facts !== undefined) requests.push(facts)
  }
  requests.sort((a, b) => (a.filedAt < b.filedAt ? -1 : a.filedAt > b.filedAt ? 1 : a.id < b.id ? -1 : 1))
  const complaints = (options.complaints ?? [])
    .filter(({ filedAt }) => filedAt >= begin && filedAt < end && filedAt <= asOf)
    .map((complaint) => complaintAsOf(complaint, asOf, standard, calendar))
  const numbers = requests.flatMap(({ register }) => (register === undefined ? [] : [register]))
  const breached = requests.filter((one) => one.breached)
  const checkpoint = newestOf(options.checkpoints ?? [], asOf)
  return {
    format: 'cabut-report/1',
    standard: { id: standard.id, version: standard.version, name: standard.region.name, office: standard.office.id, zone: standard.zone },
    period,
    asOf,
    basis: {
      calendar: holidays.version,
      requests: requests.length,
      events: requests.reduce((sum, { events }) => sum + events, 0),
      headsSha256: toHex(await digest('SHA-256', new TextEncoder().encode(requests.map(({ id, head }) => `${id} ${head}\n`).join('')))),
      provisional: requests.filter(({ provisional }) => provisional).length,
      ...(numbers.length === 0 ? {} : { register: { first: numbers[0] as string, last: numbers.at(-1) as string } }),
      ...(checkpoint === undefined ? {} : { checkpoint }),
    },
    total: tally('', requests),
    byMonth: grouped(requests, ({ filedAt }) => [new Date(Date.parse(filedAt) + offset).toISOString().slice(0, 7)])
      .map(([key, rows]) => tally(key, rows))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
    byOpd: grouped(requests, ({ opd }) => [opd]).map(([key, rows]) => tally(key, rows)),
    byReason: grouped(requests, ({ reason }) => [reason]).map(([key, rows]) => tally(key, rows)),
    byOfficer: grouped(requests, ({ officers }) => officers).map(([key, rows]) => tally(key, rows)),
    byStandard: grouped(requests, ({ standard: filedUnder }) => [filedUnder]).map(([key, rows]) => tally(key, rows)),
    breachedRequests: breached.map(({ id, due = '', serviceMinutes }) => ({ id, due, minutes: serviceMinutes })),
    emergencies: requests.filter(({ emergency }) => emergency).map(({ id }) => id),
    attribution: sumAttribution(requests),
    complaints: {
      total: complaintTally('', complaints, asOf, calendar),
      byClass: grouped(complaints, (one) => [one.class]).map(([key, rows]) => ({
        ...complaintTally(key, rows, asOf, calendar),
        title: standard.complaints.classes.find(({ id }) => id === key)?.title.id ?? key,
      })),
      breached: complaints.filter((one) => late(one, asOf)).map(({ number }) => number),
    },
    survey: surveyIndex(
      (options.survey ?? []).flatMap((one) => {
        if (!('scores' in one)) return [one]
        return one.at >= begin && one.at < end && one.at <= asOf ? [one.scores] : []
      }),
    ),
  }
}

function tally(key: string, rows: readonly RequestFacts[]): Tally {
  const count = (test: (row: RequestFacts) => boolean): number => rows.reduce((sum, row) => sum + (test(row) ? 1 : 0), 0)
  const stopped = rows.filter(({ clock }) => clock === 'stopped')
  return {
    key,
    filed: rows.length,
    returned: count(({ returned }) => returned > 0),
    rejected: count(({ rejected }) => rejected),
    withdrawn: count(({ withdrawn }) => withdrawn),
    revoked: count(({ revoked }) => revoked),
    proven: count(({ proven }) => proven),
    contradicted: count(({ contradicted }) => contradicted),
    failed: count(({ failed }) => failed),
    open: count(({ status }) => status !== 'closed' && status !== 'withdrawn'),
    kept: stopped.reduce((sum, { breached }) => sum + (breached ? 0 : 1), 0),
    breached: count(({ breached }) => breached),
    service: durationsOf(stopped.map(({ serviceMinutes }) => serviceMinutes)),
    proof: durationsOf(rows.flatMap(({ proofMinutes }) => (proofMinutes === undefined ? [] : [proofMinutes]))),
  }
}

function sumAttribution(rows: readonly RequestFacts[]): RequestFacts['attribution'] {
  const sum = { applicant: 0, dinkominfo: 0, bsre: 0, ams: 0, publication: 0 }
  for (const { attribution } of rows) for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += attribution[key] / 60_000
  return sum
}

const answered: ReadonlySet<Complaint['status']> = new Set(['answered', 'closed', 'refused'])

/** Events that leave the status as it is. */
const besideTheWay: ReadonlySet<Complaint['events'][number]['type']> = new Set(['classified', 'linked', 'laporStarted', 'laporEnded', 'sentToLapor'])

/** What was known of a complaint then: later events are forgotten, and with them a later class and its limit. */
function complaintAsOf(complaint: Complaint, asOf: string, standard: ServiceStandard, calendar: WorkingCalendar): Complaint {
  const events = complaint.events.filter(({ time }) => time <= asOf)
  if (events.length === complaint.events.length) return complaint
  const last = events.filter(({ type }) => !besideTheWay.has(type)).at(-1)?.type ?? 'filed'
  const status = (
    {
      filed: 'filed',
      taken: 'handled',
      passedToBsre: 'atBsre',
      bsreAnswered: 'handled',
      escalated: 'escalated',
      answered: 'answered',
      closed: 'closed',
      reopened: 'escalated',
      refused: 'refused',
    } as const
  )[last as 'filed']
  const classThen = events.filter(({ type }) => type === 'filed' || type === 'classified').at(-1)?.data?.['class'] ?? complaint.class
  if (classThen === complaint.class) return { ...complaint, events, status }
  const { deadline: _later, ...rest } = complaint
  const limit = standard.complaints.classes.find(({ id }) => id === classThen)?.limit ?? null
  return {
    ...rest,
    events,
    status,
    class: classThen,
    ...(limit === null ? {} : { deadline: deadlineFor(limit, new Date(complaint.filedAt), calendar) }),
  }
}

function firstAnswer(events: Complaint['events']): string | undefined {
  return events.find(({ type }) => type === 'answered' || type === 'refused')?.time
}

/** First answer after the deadline, or none and the deadline gone. */
function late(complaint: Complaint, asOf: string): boolean {
  const first = firstAnswer(complaint.events)
  return first === undefined ? isOverdue(complaint, asOf) : complaint.deadline !== undefined && first > complaint.deadline.due
}

function complaintTally(key: string, rows: readonly Complaint[], asOf: string, calendar: WorkingCalendar): ComplaintTally {
  const done = rows.filter(({ status }) => answered.has(status))
  const breached = rows.filter((one) => late(one, asOf)).length
  return {
    key,
    filed: rows.length,
    answered: done.length,
    open: rows.length - done.length,
    breached,
    kept: done.filter((one) => one.deadline !== undefined && !late(one, asOf)).length,
    escalated: rows.filter(({ events }) => events.some(({ type }) => type === 'escalated')).length,
    service: durationsOf(
      rows.flatMap(({ filedAt, events }) => {
        const first = firstAnswer(events)
        return first === undefined ? [] : [workingTimeBetween(new Date(filedAt), new Date(first), calendar)]
      }),
    ),
  }
}
