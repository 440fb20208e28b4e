import { absentWords, CabutError } from '@cabut/sdk'
import type { RequestView } from '@cabut/sdk/desk'
import { z } from '@hono/zod-openapi'
import { checkIfMatch, entityTag } from '../http/conditional.js'
import { readCursor, writeCursor } from '../http/cursor.js'
import { route, type Answer, type Call, type Route } from '../http/route.js'
import { ticketSchema, toTicket } from '../ticket/ticket.js'
import { load, mayRead, standingOf } from './access.js'
import { filingSchema, letterReference, readFiling, readLetter, refuseUnused, type Filing } from './filing.js'
import { requestSchema, viewOf } from './view.js'

const PAGE = 50
const LARGEST_PAGE = 200

/** The request with its ETag. */
export function answerWith(call: Call, view: RequestView, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, json: viewOf(view, call.language, call.caller), headers: { ETag: entityTag(view.version), ...headers } }
}

/** Case ids follow from person and Idempotency-Key, so that a repeated filing meets itself even after a restart. */
export async function filingId(issuer: string, person: string, key: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify([issuer, person, key]))))
  return `P-${Array.from(bytes.subarray(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

async function file(call: Call<Filing>): Promise<Answer> {
  const { service, caller, principal } = call
  // An embed token files the one request it was made for.
  const id = principal.embed?.requestId ?? await filingId(principal.issuer, principal.id, call.idempotencyKey)
  const location = (view: RequestView): Record<string, string> => ({ Location: `${service.basePath}/v1/requests/${encodeURIComponent(view.id)}` })
  let view
  try {
    view = await service.desk.file(readFiling(call, id))
  } catch (error) {
    // The id is taken, by the same person under the same key: the earlier answer was lost with the store of answers, so what was filed is the answer.
    if (!(error instanceof CabutError) || (error.code !== 'requestConflict' && error.code !== 'workflowRefused')) throw error
    view = await load(service, caller, id).catch(() => undefined)
    if (view === undefined) throw error
    return answerWith(call, view, 200, { ...location(view), 'Idempotent-Replayed': 'true' })
  }
  return answerWith(call, view, 201, location(view))
}

const letterSchema = z.strictObject({ letter: letterReference }).openapi('Attachment')

/** One letter at a time: it is attached whole or not at all. */
function withLetter(give: 'attach' | 'answer') {
  return async (call: Call<z.infer<typeof letterSchema>>): Promise<Answer> => {
    const { service, caller, body, files } = call
    const view = await load(service, caller, call.params['id'] as string)
    checkIfMatch(call.request.headers.get('if-match'), standingOf(view, call.language))
    const used = new Set<string>()
    const letter = readLetter(files, body.letter, used, 'request.letter.part')
    refuseUnused(files, used)
    return answerWith(call, await service.desk[give](view.id, { as: caller.actor, ifVersion: view.version, letter }))
  }
}

const listQuery = z.object({
  status: z.string().max(200).optional().openapi({ description: 'One or more, separated by commas' }),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(PAGE).optional(),
})

async function list(call: Call): Promise<Answer> {
  const { service, caller, query } = call
  const limit = Math.min(Number(query['limit'] ?? PAGE), LARGEST_PAGE)
  const status = query['status']?.split(',').filter((one) => one !== '')
  const items: RequestView[] = []
  let after = query['cursor'] === undefined ? undefined : readCursor(query['cursor'])
  let more = true
  // Pages of what the desk shows, less what is not this person's, until the page is full.
  while (items.length < limit && more) {
    const wanted = limit - items.length
    const page = await service.desk.list({ ...(status === undefined ? {} : { status: status as never }), ...(after === undefined ? {} : { after }), limit: wanted }, caller.reader)
    items.push(...page.filter((view) => mayRead(view, caller)))
    after = page.at(-1)?.id ?? after
    more = page.length === wanted
  }
  return { status: 200, json: { items: items.map((view) => viewOf(view, call.language, caller)), next: more && after !== undefined ? writeCursor(after) : null } }
}

const historySchema = z.object({
  items: z.array(z.object({
    seq: z.int(), type: z.string(), time: z.iso.datetime(), actor: z.object({ id: z.string(), role: z.string(), opd: z.string().optional() }),
    data: z.record(z.string(), z.unknown()), previous: z.string().nullable(), digest: z.string(),
  })),
}).openapi('History', { description: 'Sealed events, oldest first. Personal values are not in it.' })

async function history(call: Call): Promise<Answer> {
  const view = await load(call.service, call.caller, call.params['id'] as string)
  const events = await call.service.desk.history(view.id, call.caller.reader)
  return {
    status: 200,
    headers: { ETag: entityTag(view.version) },
    json: { items: events.map(({ seq, type, time, actor, data, previous, digest }) => ({ seq, type, time, actor: { id: actor.id, role: actor.role, ...(actor.opd === undefined ? {} : { opd: actor.opd }) }, data, previous, digest })) },
  }
}

async function ticket(call: Call): Promise<Answer> {
  const view = await load(call.service, call.caller, call.params['id'] as string)
  const events = await call.service.desk.history(view.id, call.caller.reader)
  return { status: 200, headers: { ETag: entityTag(view.version) }, json: toTicket(view, events, call.service.serviceId, call.language) }
}

const personalSchema = z.object({ values: z.record(z.string(), z.string()) }).openapi('Personal', { description: 'Personal values by field. Every look is recorded.' })

/** Personal values: to the people of the request, and to an officer while something of theirs is to be done with it. */
async function personal(call: Call): Promise<Answer> {
  const { caller } = call
  const view = await load(call.service, caller, call.params['id'] as string)
  const { applicant, holder } = view.state.parties
  const concerned = applicant.id === caller.actor.id || holder.id === caller.actor.id
  const due = caller.ofService && view.allowed.some(({ command, roles, persons }) =>
    (command === 'verify' || command === 'approve') && roles.includes(caller.actor.role) && (persons === undefined || persons.includes(caller.actor.id)))
  if (!concerned && !due) throw new CabutError('spbeForbidden', { detail: 'no step of yours needs it now' })
  const gone = Object.entries(view.state.absent ?? {}).map(([field, why]) => [field, absentWords[why].id])
  return { status: 200, json: { values: { ...Object.fromEntries(gone) as Record<string, string>, ...view.state.personal } } }
}

const one = { status: 200, description: 'The request', schema: requestSchema, headers: ['ETag'] } as const

/** Filing and reading. */
export const requestRoutes: readonly Route[] = [
  route<Filing>({
    operationId: 'fileRequest', method: 'post', path: '/v1/requests', tag: 'requests', access: 'bearer', embed: 'file', writes: true,
    summary: { id: 'Mengajukan permohonan pencabutan dengan surat', en: 'File a request with its letters' },
    body: { media: 'form', schema: filingSchema, files: 'Letters (PDF) and the certificate, each under the name the request gives it' },
    answers: { status: 201, description: 'Recorded; submitted at once when everything required is attached', schema: requestSchema, headers: ['ETag', 'Location'] },
    problems: ['requestInvalid', 'certificateAlreadyRevoked', 'certificateExpired', 'certificateIssuerNotPinned', 'certificateUnreadable', 'workflowRefused'], handle: file,
  }),
  route({
    operationId: 'listRequests', method: 'get', path: '/v1/requests', tag: 'requests', access: 'bearer',
    summary: { id: 'Daftar permohonan yang boleh dilihat', en: 'Requests the caller may see' }, query: listQuery,
    answers: { status: 200, description: 'A page, by id', schema: z.object({ items: z.array(requestSchema), next: z.string().nullable() }).openapi('RequestPage') },
    problems: ['spbeCursorInvalid'], handle: list,
  }),
  route({
    operationId: 'readRequest', method: 'get', path: '/v1/requests/{id}', tag: 'requests', access: 'bearer', embed: 'read',
    summary: { id: 'Membaca satu permohonan', en: 'Read one request' }, answers: one,
    handle: async (call) => answerWith(call, await load(call.service, call.caller, call.params['id'] as string)),
  }),
  route({
    operationId: 'readTicket', method: 'get', path: '/v1/requests/{id}/ticket', tag: 'requests', access: 'bearer', embed: 'read',
    summary: { id: 'Permohonan sebagai tiket', en: 'The request as a ticket' },
    answers: { status: 200, description: 'The ticket', schema: ticketSchema, headers: ['ETag'] }, handle: ticket,
  }),
  route({
    operationId: 'readHistory', method: 'get', path: '/v1/requests/{id}/history', tag: 'requests', access: 'bearer',
    summary: { id: 'Riwayat tersegel', en: 'Sealed history' },
    answers: { status: 200, description: 'Events, oldest first', schema: historySchema, headers: ['ETag'] }, handle: history,
  }),
  route({
    operationId: 'readPersonal', method: 'get', path: '/v1/requests/{id}/personal', tag: 'requests', access: 'bearer',
    summary: { id: 'Data pribadi, bila langkahnya memerlukan', en: 'Personal values, where a step needs them' },
    answers: { status: 200, description: 'Values by field', schema: personalSchema }, problems: ['spbeForbidden'], handle: personal,
  }),
  route<z.infer<typeof letterSchema>>({
    operationId: 'attachLetter', method: 'post', path: '/v1/requests/{id}/letters', tag: 'requests', access: 'bearer', embed: 'file', writes: true, ifMatch: true,
    summary: { id: 'Melampirkan surat', en: 'Attach a letter' }, body: { media: 'form', schema: letterSchema, files: 'The letter (PDF), under the name the request gives it' },
    answers: one, problems: ['requestInvalid', 'workflowRefused', 'requestConflict'], handle: withLetter('attach'),
  }),
  route<z.infer<typeof letterSchema>>({
    operationId: 'answerRequest', method: 'post', path: '/v1/requests/{id}/answer', tag: 'decisions', access: 'bearer', writes: true, ifMatch: true,
    summary: { id: 'Menjawab dengan surat', en: 'Answer by letter' }, body: { media: 'form', schema: letterSchema, files: 'The answer letter (PDF), under the name the request gives it' },
    answers: one, problems: ['requestInvalid', 'workflowRefused', 'requestConflict'], handle: withLetter('answer'),
  }),
]
