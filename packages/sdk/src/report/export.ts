import type { Complaint } from '../complaint/complaint.js'
import type { Desk } from '../desk/desk.js'
import { CabutError } from '../errors.js'
import { verifyHistory, type ChainHead } from '../history/index.js'
import type { StoredEvent } from '../store/index.js'
import type { DatedSurveyAnswer, SurveyAnswer } from './survey.js'

/** First line of an export. */
const format = 'cabut-desk/1'

/** What beside the requests goes into an export. */
export interface DeskExport {
  readonly complaints?: readonly Complaint[]
  readonly survey?: readonly (SurveyAnswer | DatedSurveyAnswer)[]
}

/** An export as read back. */
export interface ExportedDesk {
  readonly standard: { readonly id: string; readonly version: string }
  readonly histories: readonly (readonly StoredEvent[])[]
  readonly complaints: readonly Complaint[]
  readonly survey: readonly (SurveyAnswer | DatedSurveyAnswer)[]
}

/**
 * A desk as lines of JSON: one that names the standard, then for each request its head and its sealed events, then complaints and survey
 * answers. Personal values kept beside the events stay at the desk; a report needs none. Each line ends without a line feed.
 *
 * @example
 * ```ts
 * const lines: string[] = []
 * for await (const line of exportDesk(await openFiledDesk(), { complaints: [complaint] })) lines.push(line)
 * lines[0] // '{"export":"cabut-desk/1","standard":{"id":"kabupaten-purbalingga","version":"1"}}'
 * // The standard, the head of one request and its 12 events, one complaint.
 * lines.length // 15
 * ```
 */
export async function* exportDesk(desk: Pick<Desk, 'standard' | 'list' | 'history'>, more: DeskExport = {}): AsyncGenerator<string> {
  const { id, version } = desk.standard
  yield JSON.stringify({ export: format, standard: { id, version } })
  const limit = 500
  for (let after: string | undefined; ; ) {
    const page = await desk.list({ limit, ...(after === undefined ? {} : { after }) })
    for (const { id: caseId } of page) {
      const events = await desk.history(caseId)
      const last = events.at(-1)
      if (last === undefined) continue
      yield JSON.stringify({ case: { id: caseId, head: { seq: last.seq, digest: last.digest } } })
      for (const { personal: _, ...event } of events) yield JSON.stringify({ event })
    }
    after = page.at(-1)?.id
    if (page.length < limit) break
  }
  for (const { reporter, ...complaint } of more.complaints ?? []) yield JSON.stringify({ complaint: { ...complaint, reporter: { visibility: reporter.visibility } } })
  for (const survey of more.survey ?? []) yield JSON.stringify({ survey })
}

/**
 * Reads an export, and recomputes the chain of every request: an export that was edited or cut off is no ground for a report.
 *
 * @param lines with or without their line feeds; empty ones are passed over
 * @throws CabutError `reportExportInvalid` at `line N`; `historyBroken` at the request
 * @example
 * ```ts
 * const lines: string[] = []
 * for await (const line of exportDesk(await openFiledDesk())) lines.push(line)
 * const read = await readExport(lines)
 * read.histories[0]?.at(-1)?.type // 'answered'
 * readExport(lines.map((line) => line.replace('mutasi', 'pensiun'))) // throws historyBroken
 * readExport(['{}']) // throws reportExportInvalid
 * ```
 */
export async function readExport(lines: Iterable<string> | AsyncIterable<string>): Promise<ExportedDesk> {
  let standard: ExportedDesk['standard'] | undefined
  const heads = new Map<string, ChainHead>()
  const histories = new Map<string, StoredEvent[]>()
  const complaints: Complaint[] = []
  const survey: (SurveyAnswer | DatedSurveyAnswer)[] = []
  let number = 0
  for await (const line of lines) {
    number += 1
    if (line.trim() === '') continue
    const wrong = (): CabutError => new CabutError('reportExportInvalid', { at: `line ${number}` })
    const row = parse(line)
    if (row === undefined) throw wrong()
    if (standard === undefined) {
      if (row['export'] !== format || !isNamed(row['standard'])) throw wrong()
      standard = row['standard']
    } else if (isCase(row['case'])) {
      heads.set(row['case'].id, row['case'].head)
    } else if (isEvent(row['event'])) {
      const { event } = row as { readonly event: StoredEvent }
      const known = histories.get(event.caseId)
      if (known === undefined) histories.set(event.caseId, [event])
      else known.push(event)
    } else if (isComplaint(row['complaint'])) {
      complaints.push(row['complaint'])
    } else if (isScores(row['survey'])) {
      survey.push(row['survey'])
    } else if (isObject(row['survey']) && typeof row['survey']['at'] === 'string' && isScores(row['survey']['scores'])) {
      survey.push({ at: row['survey']['at'], scores: row['survey']['scores'] })
    } else throw wrong()
  }
  if (standard === undefined) throw new CabutError('reportExportInvalid', { at: 'line 1' })
  for (const id of new Set([...heads.keys(), ...histories.keys()])) {
    const verdict = await verifyHistory(histories.get(id) ?? [], heads.get(id) ?? { seq: 0, digest: '' })
    if (!verdict.valid) throw new CabutError('historyBroken', { at: id, detail: verdict.fault })
  }
  return { standard, histories: [...histories.values()], complaints, survey }
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNamed(value: unknown): value is ExportedDesk['standard'] {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['version'] === 'string'
}

function isCase(value: unknown): value is { readonly id: string; readonly head: ChainHead } {
  return isObject(value) && typeof value['id'] === 'string' && isObject(value['head']) && typeof value['head']['digest'] === 'string'
}

function isEvent(value: unknown): value is StoredEvent {
  return isObject(value) && typeof value['caseId'] === 'string' && typeof value['time'] === 'string' && typeof value['type'] === 'string' && isObject(value['actor'])
}

function isScores(value: unknown): value is SurveyAnswer {
  return Array.isArray(value) && value.length === 9
}

function isComplaint(value: unknown): value is Complaint {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['filedAt'] === 'string' && typeof value['class'] === 'string' && Array.isArray(value['events'])
}
