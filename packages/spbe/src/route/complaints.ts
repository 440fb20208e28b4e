import { CabutError } from '@cabut/sdk'
import type { ComplaintCommand, ComplaintInput, ComplaintView, RemovedData } from '@cabut/sdk/complaint'
import { z } from '@hono/zod-openapi'
import type { Caller } from '../http/caller.js'
import { route, type Answer, type Call, type Route } from '../http/route.js'
import type { Service } from '../http/service.js'
import type { Language } from '../problem/language.js'
import { load } from './access.js'
import { clean } from './view.js'

const time = z.iso.datetime()
const text = z.string().min(1).max(10_000)
const inputSchema = z.strictObject({
  channel: z.string().min(1).max(60).openapi({ description: 'A channel of the standard', example: 'website' }),
  class: z.string().min(1).max(60).openapi({ description: 'A class of the standard' }),
  text, requestId: z.string().min(1).max(60).optional(), about: z.array(z.string().min(1).max(128)).max(20).optional(),
  visibility: z.enum(['open', 'secret', 'anonymous']).default('open'),
}).openapi('ComplaintInput')

const complaintSchema = z.object({
  id: z.string(), number: z.string(), status: z.string(), statusLabel: z.string(), channel: z.string(), class: z.string(), text: z.string(), filedAt: time, dueAt: time.optional(),
  answer: z.string().optional(), reporter: z.object({ id: z.string().optional(), visibility: z.enum(['open', 'secret', 'anonymous']) }), requestId: z.string().optional(),
  events: z.array(z.object({ type: z.string(), time, role: z.string().optional(), note: z.string().optional() })),
  removed: z.array(z.object({ kind: z.string(), count: z.int(), message: z.string() })).optional().openapi({ description: 'What the guard took out of the text' }),
  key: z.string().optional().openapi({ description: 'Only in the answer to an anonymous filing: in the header Complaint-Key it opens the complaint again' }),
}).openapi('Complaint')

/** The reporter of an anonymous complaint is nobody; what they hold is the key to it. */
async function keyOf(service: Service, id: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(service.anonymousSecret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(id)))
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Both are MACs of the same length: compared without telling by time where they differ. */
function same(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  for (let at = 0; at < left.length; at++) difference |= left.charCodeAt(at) ^ right.charCodeAt(at % Math.max(1, right.length))
  return difference === 0
}

function show(id: string, view: ComplaintView, language: Language, removed: readonly RemovedData[] = []): object {
  const { number, status, label, channel, class: classId, filedAt, due, answer, reporter, requestId, events } = view
  return clean({
    id, number, status, statusLabel: label[language], channel, class: classId, text: view.text, filedAt, dueAt: due, answer, requestId,
    reporter: clean({ id: 'id' in reporter ? reporter.id : undefined, visibility: reporter.visibility }),
    events: events.map(({ type, time: at, actor, note }) => clean({ type, time: at, role: actor?.role, note })),
    removed: removed.length === 0 ? undefined : removed.map((one) => ({ kind: one.kind, count: one.count, message: one[language] })),
  })
}

async function file(call: Call<z.infer<typeof inputSchema>>): Promise<Answer> {
  const { body: { visibility, requestId, about, ...rest }, caller, service, language } = call
  // Nobody learns by a complaint that somebody else's request exists.
  if (requestId !== undefined) await load(service, caller, requestId)
  const anonymous = visibility === 'anonymous'
  const input = clean({ ...rest, requestId, about, reporter: anonymous ? { visibility } : { id: caller.actor.id, visibility } }) as unknown as ComplaintInput
  const { complaint, removed } = await service.complaints.file(input, { as: caller.actor })
  if (!anonymous) return { status: 201, json: show(complaint.id, await service.complaints.get(complaint.id, { as: caller.actor }), language, removed) }
  return { status: 201, json: { ...show(complaint.id, await asNobody(service, complaint.id), language, removed), key: await keyOf(service, complaint.id) } }
}

/** What the reporter of an anonymous complaint sees: their own text, where it stands and the answer. */
async function asNobody(service: Service, id: string): Promise<ComplaintView> {
  const { requestId: _link, events, ...view } = await service.complaints.get(id, { as: { id: 'system', role: 'system' } })
  return { ...view, events: events.map(({ type, time: at, actor }) => ({ type, time: at, ...(actor === undefined ? {} : { actor: { role: actor.role } }) })) }
}

async function find(service: Service, caller: Caller, id: string, key: string | null): Promise<ComplaintView> {
  if (key !== null && same(await keyOf(service, id), key)) {
    const view = await asNobody(service, id)
    if (view.reporter.visibility === 'anonymous') return view
  }
  return service.complaints.get(id, { as: caller.actor })
}

async function list(call: Call): Promise<Answer> {
  const { service, caller, language } = call
  const seen = await Promise.all((await service.complaints.all()).map(async ({ id }) => {
    try {
      return show(id, await service.complaints.get(id, { as: caller.actor }), language)
    } catch (error) {
      if (error instanceof CabutError && error.code === 'complaintNotFound') return undefined
      throw error
    }
  }))
  return { status: 200, json: { items: seen.filter((one) => one !== undefined) } }
}

const noted = z.strictObject({ note: z.string().max(2_000).optional() })
const nothing = z.strictObject({})

/** A command of the complaint desk as a route. Who may, and when, is the desk's business. */
function command<S extends z.ZodType>(operationId: string, path: string, summary: Route['summary'], schema: S, make: (body: z.infer<S>) => ComplaintCommand): Route {
  return route<z.infer<S>>({
    operationId, method: 'post', path: `/v1/complaints/{id}/${path}`, tag: 'complaints', access: 'bearer', writes: true, summary, body: { media: 'json', schema },
    answers: { status: 200, description: 'The complaint after it', schema: complaintSchema }, problems: ['complaintNotFound', 'complaintRefused', 'complaintConflict'],
    async handle({ service, caller, params, body, language }) {
      const id = params['id'] as string
      // Seen first, so that who may not see it does not learn by a refusal that it exists.
      await service.complaints.get(id, { as: caller.actor })
      const { removed } = await service.complaints.perform(id, make(body), { as: caller.actor })
      return { status: 200, json: show(id, await service.complaints.get(id, { as: caller.actor }), language, removed) }
    },
  })
}

/** Complaints (component 6): filed, seen by those who may, handled. */
export const complaintRoutes: readonly Route[] = [
  route<z.infer<typeof inputSchema>>({
    operationId: 'fileComplaint', method: 'post', path: '/v1/complaints', tag: 'complaints', access: 'bearer', writes: true,
    summary: { id: 'Menyampaikan pengaduan', en: 'File a complaint' }, body: { media: 'json', schema: inputSchema },
    answers: { status: 201, description: 'Recorded', schema: complaintSchema }, problems: ['complaintInvalid', 'requestNotFound'], handle: file,
  }),
  route({
    operationId: 'listComplaints', method: 'get', path: '/v1/complaints', tag: 'complaints', access: 'bearer',
    summary: { id: 'Pengaduan yang boleh dilihat', en: 'Complaints the caller may see' },
    answers: { status: 200, description: 'Oldest first', schema: z.object({ items: z.array(complaintSchema) }).openapi('ComplaintList') }, handle: list,
  }),
  route({
    operationId: 'readComplaint', method: 'get', path: '/v1/complaints/{id}', tag: 'complaints', access: 'bearer',
    summary: { id: 'Membaca pengaduan', en: 'Read a complaint' }, answers: { status: 200, description: 'The complaint', schema: complaintSchema }, problems: ['complaintNotFound'],
    async handle({ service, caller, params, request, language }) {
      const id = params['id'] as string
      return { status: 200, json: show(id, await find(service, caller, id, request.headers.get('complaint-key')), language) }
    },
  }),
  command('takeComplaint', 'take', { id: 'Menangani pengaduan', en: 'Take it up' }, nothing, () => ({ type: 'take' })),
  command('classifyComplaint', 'classify', { id: 'Menggolongkan', en: 'Classify' }, z.strictObject({ class: z.string().min(1).max(60), note: z.string().max(2_000).optional() }), (body) => clean({ type: 'classify', ...body }) as ComplaintCommand),
  command('passComplaintToBsre', 'pass-to-bsre', { id: 'Meneruskan ke BSrE', en: 'Pass to BSrE' }, noted, (body) => clean({ type: 'passToBsre', ...body }) as ComplaintCommand),
  command('recordBsreAnswer', 'bsre-answer', { id: 'Mencatat jawaban BSrE', en: "Record BSrE's answer" }, z.strictObject({ text }), (body) => ({ type: 'recordBsreAnswer', ...body })),
  command('escalateComplaint', 'escalate', { id: 'Meneruskan ke atasan', en: 'Escalate' }, noted, (body) => clean({ type: 'escalate', ...body }) as ComplaintCommand),
  command('answerComplaint', 'answer', { id: 'Menjawab pengaduan', en: 'Answer' }, z.strictObject({ text }), (body) => ({ type: 'answer', ...body })),
  command('refuseComplaint', 'refuse', { id: 'Menolak dengan alasan', en: 'Refuse with reasons' }, z.strictObject({ text }), (body) => ({ type: 'refuse', ...body })),
  command('closeComplaint', 'close', { id: 'Menutup pengaduan', en: 'Close' }, nothing, () => ({ type: 'close' })),
  command('reopenComplaint', 'reopen', { id: 'Belum puas: membuka kembali', en: 'Not satisfied: reopen' }, z.strictObject({ text }), (body) => ({ type: 'reopen', ...body })),
]
