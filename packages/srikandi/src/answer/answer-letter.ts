import { CabutError } from '@cabut/sdk'
import { RequestRefusedError, wordsOf } from '@cabut/sdk/desk'
import { zipReceipt } from '@cabut/sdk/receipt'
import type { LetterDeskParts, RequestView } from '../intake/letter-desk.js'
import { identitySlug, sha256Hex } from '../letter/identity.js'
import type { IncomingLetter } from '../letter/letter.js'
import type { Office } from '../letter/office.js'
import type { SendingFile, Sent } from '../transport/port.js'
import { countWaiting } from '../waiting/waiting-for.js'
import { writeAnswerPdf } from './answer-pdf.js'
import { letterOf, type AnsweredLetter } from './answered-letter.js'
import { answerRow, composeAnswer, receiptList, type AnswerContent, type AnswerRow, type LetterVariables } from './content.js'

/** How answers look. */
export interface AnswerForms {
  readonly variables?: LetterVariables
  /** Another form beside the PDF, such as a DOCX for Srikandi. */
  readonly forms?: readonly ((content: AnswerContent) => Promise<SendingFile>)[]
}

/** One answer, return or notice that went out. */
export interface Answered {
  /** Key of the sending. */
  readonly key: string
  readonly kind: AnswerContent['letter']['kind']
  readonly requests: readonly string[]
  readonly content: AnswerContent
  /** It had gone out before; only the desk did not know yet. */
  readonly repeated: boolean
}

type Parts = LetterDeskParts & AnswerForms

/** Statuses whose answer sends the letter back. */
const returning: ReadonlySet<RequestView['status']> = new Set(['returned', 'rejected'])
const pdfName = 'jawaban.pdf'

/** One request as the letter tells of it. */
interface Part {
  readonly request: RequestView
  readonly row: AnswerRow
  readonly milestone: string
  readonly receipt?: SendingFile
  readonly sandbox: boolean
}

/**
 * Answers one letter: to the office that wrote it, with all its holders; and, where some of them belong to other offices, a notice to each of
 * those with its own holders only. Notices go first: a process that dies in between sends what is missing, each once.
 */
export async function answerLetter(parts: Parts, slug: string, { requests, open }: { readonly requests: readonly RequestView[]; readonly open: readonly RequestView[] }): Promise<readonly Answered[]> {
  const living = requests.filter(({ status }) => status !== 'withdrawn')
  const answered = await letterOf(slug, living)
  const told: Part[] = []
  for (const request of living) told.push(await tell(parts, request))
  const sendings: Answered[] = []
  for (const office of parts.offices) {
    const own = told.filter(({ request }) => request.state.parties.opdOrigin === office.code)
    if (office.code === answered.identity.office || !own.some(({ request }) => open.includes(request))) continue
    sendings.push((await send(parts, { slug, answered, kind: 'notice', told: own, to: office })).answered)
  }
  const kind = open.every(({ status }) => returning.has(status)) ? 'return' : 'answer'
  const { answered: answer, sent } = await send(parts, { slug, answered, kind, told })
  await record(parts, open, answer.key, sent)
  return [...sendings, { ...answer, requests: open.map(({ id }) => id) }]
}

/** Tells the office at once which certificates of its letter nothing is filed for, and why: once per letter and version. */
export async function sendRefusals(parts: Parts, { identity, nomor, tanggal, pengirim }: IncomingLetter, rows: readonly AnswerRow[], sha256: string): Promise<void> {
  const answered = { identity, nomor: nomor.text, tanggal, ...(pengirim.jabatan === undefined ? {} : { jabatan: pengirim.jabatan }) }
  const content = composeAnswer({ options: parts, kind: 'return', answered, rows, sandbox: false, ...looks(parts) })
  await parts.transport.send({ key: `pengembalian-${await identitySlug(identity)}-${sha256.slice(0, 12)}`, letter: content.letter, files: await written(parts, content) })
}

async function tell({ desk, zone }: Parts, request: RequestView): Promise<Part> {
  const { id, state, status } = request
  const events = await desk.history(id)
  const outcome = status === 'closed' ? state.cameFrom ?? status : status
  const reasons = events.filter(({ type }) => type === 'returned' || type === 'rejected').flatMap(wordsOf)
  const milestone = `${id} ${outcome} ${state.returns} ${events.filter(({ type }) => type === 'reopened').length}`
  const wordsFor = outcome === 'returned' || outcome === 'rejected' ? reasons : []
  if (outcome !== 'revoked' || state.proof === undefined) return { request, milestone, row: answerRow(request, wordsFor, undefined, zone), sandbox: false }
  const files = await desk.receipt(id)
  const bytes = zipReceipt(files)
  const name = `bukti-${state.proof.certificate.serial}.zip`
  return {
    request, milestone, receipt: { name, mediaType: 'application/zip', bytes }, sandbox: saysSandbox(files),
    row: answerRow(request, wordsFor, { name, sha256: await sha256Hex(bytes), size: bytes.length }, zone),
  }
}

async function send(
  parts: Parts, { slug, answered, kind, told, to }: { readonly slug: string; readonly answered: AnsweredLetter; readonly kind: Answered['kind']; readonly told: readonly Part[]; readonly to?: Office },
): Promise<{ readonly answered: Answered; readonly sent: Sent }> {
  const rows = told.map(({ row }) => row)
  const receipts = told.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]))
  const list = new TextEncoder().encode(receiptList(rows.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]))))
  const waiting = await countWaiting(parts, told.filter(({ receipt }) => receipt !== undefined).map(({ request }) => request.state))
  const content = composeAnswer({
    options: parts, kind, answered, rows, sandbox: told.some(({ sandbox }) => sandbox), ...(to === undefined ? {} : { to }), ...(waiting === undefined ? {} : { waiting }),
    ...(receipts.length === 0 ? {} : { receiptsSha256: await sha256Hex(list) }), ...looks(parts),
  })
  const milestones = (await sha256Hex(new TextEncoder().encode(told.map(({ milestone }) => milestone).sort().join('\n')))).slice(0, 12)
  const key = to === undefined ? `jawaban-${slug}-${milestones}` : `pemberitahuan-${slug}-${to.code.slice(0, 24)}-${milestones}`
  const files = [...(await written(parts, content)), ...receipts, ...(receipts.length === 0 ? [] : [{ name: 'bukti.sha256', mediaType: 'text/plain', bytes: list }])]
  const sent = await parts.transport.send({ key, letter: content.letter, files })
  return { sent, answered: { key, kind, requests: told.map(({ request }) => request.id), content, repeated: sent.repeated } }
}

/** What went out is what is recorded, though this process may have died between the two and composed it anew. */
async function record({ desk, officer }: Parts, open: readonly RequestView[], key: string, sent: Sent): Promise<void> {
  const pdf = sent.files.find(({ name }) => name === pdfName)
  if (pdf === undefined) throw new CabutError('letterPdfMissing', { at: key })
  for (const { id } of open) {
    await desk.answer(id, { as: officer, letter: { kind: 'answerLetter', bytes: pdf.bytes, ...(sent.nomor === undefined ? {} : { number: sent.nomor }) } })
    try {
      await desk.notify(id, { as: officer, channel: 'srikandi', reference: key })
    } catch (error) {
      // The desk told the applicant by its own way already, or has closed the request.
      if (!(error instanceof RequestRefusedError)) throw error
    }
  }
}

function saysSandbox(receipt: ReadonlyMap<string, Uint8Array>): boolean {
  const file = receipt.get('receipt.json')
  return file !== undefined && (JSON.parse(new TextDecoder().decode(file)) as { readonly sandbox?: boolean }).sandbox === true
}

async function written({ forms = [] }: Parts, content: AnswerContent): Promise<readonly SendingFile[]> {
  return [{ name: pdfName, mediaType: 'application/pdf', bytes: await writeAnswerPdf(content) }, ...(await Promise.all(forms.map((form) => form(content))))]
}

function looks({ variables }: Parts): { readonly variables?: LetterVariables } {
  return variables === undefined ? {} : { variables }
}
