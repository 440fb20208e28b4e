import { CabutError } from '@cabut/sdk'
import { AlreadyRevokedError, RequestConflictError, RequestRefusedError } from '@cabut/sdk/desk'
import { checkPdf, InvalidInputError, readRequest, type CertificateReference, type RequestInput } from '@cabut/sdk/request'
import { senderOffice } from '../answer/answered-letter.js'
import type { AnswerRow } from '../answer/content.js'
import { writeLetterTime } from '../letter/date.js'
import type { IncomingLetter, Json } from '../letter/letter.js'
import { examineLetter, type LetterExamination } from '../examination/examine-letter.js'
import { finding, type LetterFinding } from '../examination/finding.js'
import { findOffice, type Office } from '../letter/office.js'
import { checkOrganization } from '../letter/organization.js'
import { readRow } from '../row/read-row.js'
import type { ArrivedFile } from '../transport/port.js'
import { findWaiting } from '../waiting/find-waiting.js'
import { caseId } from './case-id.js'
import { readDetails, type RequestDetails } from './details.js'
import { followDispositions, type DispositionProblem } from './disposition.js'
import type { LetterDeskParts, Person, RequestView } from './letter-desk.js'

/** What became of one certificate of a letter. */
export interface TakenRequest {
  /** Place in the row. */
  readonly at: string
  /**
   * - `filed`: a new request
   * - `unchanged`: known with this very PDF
   * - `changed`: known; the letter is a new version, attached, and approvals are void
   * - `resubmitted`: the letter answers a return
   * - `tooLate`: known; the letter is a new version, but the desk takes no change any more
   * - `refused`: the desk files nothing for this certificate
   */
  readonly outcome: 'filed' | 'unchanged' | 'changed' | 'resubmitted' | 'tooLate' | 'refused'
  readonly request?: string
  /** Error or refusal code. */
  readonly code?: string
  readonly id?: string
  readonly en?: string
}

/** What became of a letter. */
export interface TakenLetter {
  readonly letter: IncomingLetter
  readonly requests: readonly TakenRequest[]
  /** Requests of the letter's earlier version whose certificate it names no more; withdrawn where the desk allows it. */
  readonly dropped: readonly TakenRequest[]
  readonly problems: readonly DispositionProblem[]
  /** What was found in the PDF, for the verifier; absent when no PDF came. */
  readonly examination?: LetterExamination
  /** Certificates the desk files nothing for, as rows of the letter that says so. Names a holder: not for logs. */
  readonly refusals: readonly AnswerRow[]
  /** Why, when not one certificate of the letter could be filed. */
  readonly failure?: CabutError
}

/**
 * Takes one letter: reads its row, files a request for every certificate it names, or - when it is known - brings what is new.
 * Taking the same letter again, under whatever file name, changes nothing.
 *
 * @throws {@link CabutError} what {@link readRow} and {@link readDetails} throw, `letterPdfMissing`, `letterPdfActive`, `letterPdfEncrypted`,
 *   `letterPdfDamaged`, `letterDetailsMissing`, `letterBatchNotOffered`, and `requestInvalid` when one of its requests is not valid; then none is filed
 */
export async function takeLetter(parts: LetterDeskParts, row: unknown, pdf: ArrivedFile | undefined): Promise<TakenLetter> {
  const letter = readRow(row, parts)
  const known = await parts.requestsOf(letter.identity)
  if (pdf === undefined) {
    if (known.length === 0) throw new CabutError('letterPdfMissing')
    return { letter, requests: known.map(({ id }) => ({ at: '', outcome: 'unchanged', request: id })), dropped: [], problems: await follow(parts, letter, known.map(({ id }) => id)), refusals: [] }
  }
  checkLetterPdf(pdf.bytes)
  const stated = readDetails(letter.unknown)
  // The file is looked at before anybody is asked about it.
  const reading = stated.length > 0 ? undefined : (await examineLetter(pdf.bytes, { offices: parts.offices })).reading
  const details = stated.length > 0 ? stated : await parts.describe?.(letter, pdf.bytes, reading)
  if (details === undefined || details.length === 0) throw new CabutError('letterDetailsMissing', { at: 'permohonan' })
  const { batch } = parts.desk.standard.filing
  if (details.length > 1 && !batch.offered) throw new CabutError('letterBatchNotOffered', { at: 'permohonan.pemegang' })
  if (batch.maxHolders !== undefined && details.length > batch.maxHolders) throw new CabutError('letterTableInvalid', { at: 'permohonan.pemegang', detail: `more than ${batch.maxHolders} rows` })
  const inputs = await readAll(parts, letter, pdf, details)
  const examination = await examineLetter(pdf.bytes, {
    offices: parts.offices,
    stated: { number: letter.nomor.text, date: letter.tanggal, office: findOffice(parts.offices, [letter.pengirim.unit]), certificates: inputs.map(({ reference }) => reference) },
    ...(parts.signatures === undefined ? {} : { signatures: { ...parts.signatures, at: parts.now() } }),
  })

  const waiting = await warnOfWaiting(parts, inputs)
  const requests: TakenRequest[] = []
  for (const input of inputs) requests.push(await takeOne(parts, letter, pdf, input))
  const named = new Set(requests.map(({ request }) => request))
  const dropped: TakenRequest[] = []
  // Where one request is for one certificate, a row speaks for its own only; and another row of the very same PDF takes nothing back.
  if (batch.offered) for (const { id, state } of known) if (!named.has(id) && !state.letters.some(({ sha256 }) => sha256 === pdf.sha256)) dropped.push(await drop(parts, letter, id))
  const living = requests.flatMap(({ request, outcome }) => (request === undefined || outcome === 'refused' ? [] : [request]))
  const failed = inputs.flatMap(({ failure, details, certificate }) => (failure === undefined ? [] : [{ failure, row: refusalRow(details, certificate.serial, failure, parts) }]))
  const [first] = failed
  return {
    letter, requests, dropped, problems: await follow(parts, letter, living), examination: { ...examination, findings: [...examination.findings, ...waiting] }, refusals: failed.map(({ row }) => row),
    ...(first === undefined || failed.length < inputs.length || known.length > 0 ? {} : { failure: first.failure }),
  }
}

/** Before anybody approves: letters that wait for a holder, by the last import of the holder's office. */
async function warnOfWaiting({ waiting, zone }: LetterDeskParts, inputs: readonly Prepared[]): Promise<readonly LetterFinding[]> {
  const findings: LetterFinding[] = []
  for (const { details: { at, holder }, office } of inputs) {
    const imported = holder?.name === undefined ? undefined : await waiting?.(office.code)
    if (imported === undefined) continue
    const { letters, notice } = findWaiting({ ...imported, zone: imported.zone ?? zone }, { nama: holder?.name ?? '', ...(holder?.position === undefined ? {} : { jabatan: holder.position }) })
    if (letters.length > 0) findings.push(finding('lettersWait', `${at}: ${letters.length} naskah. ${notice.id}`))
  }
  return findings
}

function refusalRow({ holder, at }: RequestDetails, serial: string | undefined, failure: CabutError, { zone }: LetterDeskParts): AnswerRow {
  const since = failure instanceof AlreadyRevokedError ? `: sejak ${writeLetterTime(failure.proof.revocationDate, zone)}` : ''
  return { holder: holder?.name ?? at, serial: serial ?? '', outcome: 'Tidak diajukan', detail: `${failure.row.id}${since}` }
}

/** What is kept beside an accepted letter. Names places and codes, never values. */
export function resultOf({ letter, requests, dropped, problems, examination }: Pick<TakenLetter, 'letter' | 'requests' | 'dropped' | 'problems' | 'examination'>): Json {
  return { findings: examination?.findings ?? [], warnings: letter.warnings.map(({ code, at }) => ({ code, at })), requests, dropped, problems } as unknown as Json
}

interface Prepared {
  readonly details: RequestDetails
  readonly id: string
  readonly input: RequestInput
  readonly certificate: { readonly serial?: string; readonly issuerDn?: string }
  readonly reference: CertificateReference
  /** The holder's own office; the sender's unless the letter says otherwise. */
  readonly office: Office
  failure?: CabutError
}

/** Reads every request of the letter before any is filed: a letter with one bad row files nothing. */
async function readAll(parts: LetterDeskParts, letter: IncomingLetter, pdf: ArrivedFile, details: readonly RequestDetails[]): Promise<readonly Prepared[]> {
  const prepared: Prepared[] = []
  const seen = new Map<string, string>()
  for (const one of details) {
    const office = findOffice(parts.offices, [one.office ?? letter.pengirim.unit], `${one.at}.opd_pemegang`)
    const input = requestInput(letter, pdf, one, office)
    let request
    try {
      request = await readRequest(input, { standard: parts.desk.standard })
    } catch (error) {
      throw error instanceof InvalidInputError ? new InvalidInputError('requestInvalid', error.issues.map((found) => ({ ...found, path: found.path === '' ? one.at : `${one.at}.${found.path}` })), error) : error
    }
    const id = await caseId(letter.identity, request.certificate)
    if (seen.has(id)) throw new CabutError('letterHolderRepeated', { at: one.at, detail: `as ${seen.get(id) ?? ''}` })
    seen.set(id, one.at)
    const { serial, issuerDn } = request.certificate
    prepared.push({ details: one, id, input, office, reference: request.certificate, certificate: { ...(serial === undefined ? {} : { serial }), ...(issuerDn === undefined ? {} : { issuerDn }) } })
  }
  return prepared
}

function requestInput(letter: IncomingLetter, pdf: ArrivedFile, { certificate, reason, note, holder, effectiveDate, onBehalf }: RequestDetails, office: Office): RequestInput {
  const { nama, jabatan, unit } = letter.pengirim
  return {
    certificate, reason, opdOrigin: office.code,
    letters: [{ kind: 'requestLetter', bytes: pdf.bytes, number: letter.nomor.text, date: letter.tanggal }],
    applicant: { id: senderOf(unit), opd: unit, ...(nama === undefined ? {} : { name: nama }), ...(jabatan === undefined ? {} : { position: jabatan }) },
    ...(note === undefined ? {} : { note }),
    ...(holder === undefined ? {} : { holder }),
    ...(effectiveDate === undefined ? {} : { effectiveDate }),
    ...(onBehalf === undefined ? {} : { onBehalf }),
  }
}

async function takeOne(parts: LetterDeskParts, letter: IncomingLetter, pdf: ArrivedFile, prepared: Prepared): Promise<TakenRequest> {
  const { desk } = parts
  const { details: { at }, id, input, certificate, reference, office } = prepared
  const known = await sameRequest(parts, letter, pdf, prepared)
  if (known !== undefined) return bringNews(parts, letter, pdf, at, known)
  try {
    checkOrganization(office, reference, at)
    const returned = certificate.serial === undefined ? undefined : (await desk.list({ ...certificate, status: 'returned' }, { as: senderActor(parts, letter, office.code) })).at(0)
    if (returned !== undefined) return await bringNews(parts, letter, pdf, at, returned)
    await desk.file({ ...input, id })
  } catch (error) {
    // Another process filed it between our look and our filing.
    if (error instanceof RequestConflictError || (error instanceof RequestRefusedError && error.refusal.refused === 'alreadyFiled')) return bringNews(parts, letter, pdf, at, await desk.get(id))
    if (!(error instanceof CabutError) || error.retryable) throw error
    prepared.failure = error
    const { code, row } = error
    return { at, outcome: 'refused', code, id: row.id, en: error instanceof AlreadyRevokedError ? error.message : row.en }
  }
  await receive(parts, id)
  return { at, outcome: 'filed', request: id }
}

/** The request this letter made for this certificate before: by its id, or - the letter being registered under another number - by the very same PDF. */
async function sameRequest({ desk }: LetterDeskParts, letter: IncomingLetter, pdf: ArrivedFile, { id, certificate }: Prepared): Promise<RequestView | undefined> {
  try {
    return await desk.get(id)
  } catch (error) {
    if (!(error instanceof CabutError) || error.code !== 'requestNotFound') throw error
  }
  if (certificate.serial === undefined) return undefined
  const others = await desk.list(certificate)
  return others.find(({ state }) => senderOffice(state) === letter.identity.office && state.letters.some(({ sha256 }) => sha256 === pdf.sha256))
}

/**
 * Attaches a new version of the letter, then gives the change that voids what was decided on the old one, or submits again what was returned.
 * A process that died between the two is caught up with: the history shows which is missing.
 */
async function bringNews(parts: LetterDeskParts, letter: IncomingLetter, pdf: ArrivedFile, at: string, { id, state }: RequestView): Promise<TakenRequest> {
  const { desk } = parts
  const as = senderActor(parts, letter, state.parties.opdOrigin)
  try {
    let since = await eventsSince(parts, id, pdf.sha256)
    if (since === undefined) {
      await desk.attach(id, { as, letter: { kind: 'requestLetter', bytes: pdf.bytes, number: letter.nomor.text, date: letter.tanggal } })
      since = []
    }
    const settled = since === 'filedWithIt' || since.some((type) => type === 'amended' || type === 'submitted')
    const { allowed } = await desk.get(id)
    if (settled) {
      await receive(parts, id)
      return { at, outcome: 'unchanged', request: id }
    }
    const again = allowed.some(({ command }) => command === 'submit')
    await (again ? desk.submit(id, { as }) : desk.amend(id, { as }))
    return { at, outcome: again ? 'resubmitted' : 'changed', request: id }
  } catch (error) {
    if (!(error instanceof RequestRefusedError)) throw error
    return { at, outcome: 'tooLate', request: id, code: error.refusal.refused, id: error.row.id, en: error.message }
  }
}

/** Types of the events after a PDF was attached; `undefined` when it never was. */
async function eventsSince({ desk }: LetterDeskParts, id: string, sha256: string): Promise<'filedWithIt' | readonly string[] | undefined> {
  interface Letters { readonly letters?: readonly { readonly sha256?: string }[]; readonly letter?: { readonly sha256?: string } }
  const events = await desk.history(id)
  const names = (data: object): boolean => (data as Letters).letter?.sha256 === sha256
  const last = events.map(({ type, data }) => type === 'letterAttached' && names(data)).lastIndexOf(true)
  if (last >= 0) return events.slice(last + 1).map(({ type }) => type)
  return events.some(({ type, data }) => type === 'filed' && ((data as Letters).letters ?? []).some((letter) => letter.sha256 === sha256)) ? 'filedWithIt' : undefined
}

/** The letter's arrival in the office, once. */
async function receive({ desk, registrar }: LetterDeskParts, id: string): Promise<void> {
  if (registrar === undefined) return
  const { allowed } = await desk.get(id)
  if (!allowed.some(({ command }) => command === 'receive') || (await desk.history(id)).some(({ type }) => type === 'received' || type === 'disposed')) return
  await desk.receive(id, { as: registrar })
}

async function drop(parts: LetterDeskParts, letter: IncomingLetter, id: string): Promise<TakenRequest> {
  const { desk } = parts
  const { status, state } = await desk.get(id)
  if (status === 'withdrawn') return { at: '', outcome: 'unchanged', request: id }
  try {
    await desk.withdraw(id, { as: senderActor(parts, letter, state.parties.opdOrigin) })
    return { at: '', outcome: 'changed', request: id }
  } catch (error) {
    if (!(error instanceof RequestRefusedError)) throw error
    return { at: '', outcome: 'tooLate', request: id, code: error.refusal.refused, en: error.message }
  }
}

async function follow(parts: LetterDeskParts, letter: IncomingLetter, requests: readonly string[]): Promise<readonly DispositionProblem[]> {
  const problems: DispositionProblem[] = []
  for (const id of requests) problems.push(...(await followDispositions(parts, await parts.desk.get(id), letter.disposisi)))
  return problems
}

/**
 * The sending office acts as one person of the desk's directory: its letters are signed by its head, its requests are its own. A request it
 * filed for a holder of another office lies with that office (`opd`); the desk knows the sender there as who filed it.
 */
function senderActor({ desk }: LetterDeskParts, letter: IncomingLetter, opd: string): Person {
  return { id: senderOf(letter.pengirim.unit), role: desk.standard.filing.role, opd }
}

function senderOf(unit: string): string {
  return `opd.${unit}`
}

function checkLetterPdf(bytes: Uint8Array): void {
  const { issues } = checkPdf(bytes, 'pdf')
  if (issues.length > 0) throw new InvalidInputError('requestInvalid', issues)
}
