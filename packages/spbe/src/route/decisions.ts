import type { Desk, RequestView } from '@cabut/sdk/desk'
import { z } from '@hono/zod-openapi'
import { checkIfMatch } from '../http/conditional.js'
import { route, type Call, type Route } from '../http/route.js'
import { load, standingOf } from './access.js'
import { answerWith } from './requests.js'
import { requestSchema } from './view.js'

type By = { readonly as: Call['caller']['actor']; readonly ifVersion: number }

const nothing = z.strictObject({})
const note = z.string().max(2_000)
const person = z.string().min(1).max(128).openapi({ description: 'Opaque id of the person it is disposed to' })
const findings = z.strictObject({
  data: z.enum(['match', 'mismatch']), completeness: z.enum(['complete', 'incomplete']), subjectDn: z.enum(['match', 'mismatch', 'unchecked']),
}).openapi('Findings')
const reasons = z.strictObject({ reasons: z.array(z.string().min(1).max(2_000)).min(1).max(20) })

/** A command of the desk as a route: what it is called, what it carries. Who may, and when, is the workflow's business alone. */
function command<S extends z.ZodType>(
  operationId: string, path: string, summary: Route['summary'], schema: S, run: (desk: Desk, id: string, body: z.infer<S>, by: By) => Promise<RequestView>, embed?: 'file',
): Route {
  return route<z.infer<S>>({
    operationId, method: 'post', path: `/v1/requests/{id}/${path}`, tag: 'decisions', access: 'bearer', writes: true, ifMatch: true, summary,
    body: { media: 'json', schema }, ...(embed === undefined ? {} : { embed }),
    answers: { status: 200, description: 'The request after it', schema: requestSchema, headers: ['ETag'] },
    problems: ['requestInvalid', 'workflowRefused', 'requestConflict'],
    async handle(call) {
      const { service, caller } = call
      const view = await load(service, caller, call.params['id'] as string)
      checkIfMatch(call.request.headers.get('if-match'), standingOf(view, call.language))
      return answerWith(call, await run(service.desk, view.id, call.body, { as: caller.actor, ifVersion: view.version }))
    },
  })
}

/** Every command of the desk that people give through a portal. */
export const decisionRoutes: readonly Route[] = [
  command('amendRequest', 'amend', { id: 'Mengubah permohonan', en: 'Amend' },
    z.strictObject({ reason: z.string().min(1).max(60).optional(), effectiveDate: z.iso.date().nullable().optional(), invalidityDate: z.iso.date().nullable().optional(), note: note.optional() }),
    (desk, id, body, by) => desk.amend(id, { ...body, ...by } as Parameters<Desk['amend']>[1]), 'file'),
  command('submitRequest', 'submit', { id: 'Mengajukan konsep', en: 'Submit a draft' }, nothing, (desk, id, _body, by) => desk.submit(id, by), 'file'),
  command('receiveRequest', 'receive', { id: 'Menerima dan membaca', en: 'Receive and read' }, nothing, (desk, id, _body, by) => desk.receive(id, by)),
  command('disposeRequest', 'dispose', { id: 'Mendisposisikan', en: 'Dispose' }, z.strictObject({ to: person, note: note.optional() }),
    (desk, id, body, by) => desk.dispose(id, { ...body, ...by } as Parameters<Desk['dispose']>[1])),
  command('redisposeRequest', 'redispose', { id: 'Mendisposisikan ulang', en: 'Dispose again' }, z.strictObject({ to: person, note: note.optional() }),
    (desk, id, body, by) => desk.redispose(id, { ...body, ...by } as Parameters<Desk['redispose']>[1])),
  command('cancelDisposition', 'cancel-disposition', { id: 'Membatalkan disposisi yang belum dibaca', en: 'Cancel an unread disposition' }, nothing,
    (desk, id, _body, by) => desk.cancelDisposition(id, by)),
  command('verifyRequest', 'verify', { id: 'Mencatat hasil pemeriksaan', en: 'Record findings' }, z.strictObject({ findings }),
    (desk, id, body, by) => desk.verify(id, { ...body, ...by })),
  command('returnRequest', 'return', { id: 'Mengembalikan untuk perbaikan', en: 'Return for correction' }, reasons, (desk, id, body, by) => desk.return(id, { ...body, ...by })),
  command('approveRequest', 'approve', { id: 'Menyetujui', en: 'Approve' }, z.strictObject({ findings: findings.optional(), emergency: z.boolean().optional() }),
    (desk, id, body, by) => desk.approve(id, { ...body, ...by } as Parameters<Desk['approve']>[1])),
  command('rejectRequest', 'reject', { id: 'Menolak', en: 'Reject' }, reasons, (desk, id, body, by) => desk.reject(id, { ...body, ...by })),
  command('withdrawRequest', 'withdraw', { id: 'Menarik permohonan', en: 'Withdraw' }, z.strictObject({ note: note.optional() }),
    (desk, id, body, by) => desk.withdraw(id, { ...body, ...by } as Parameters<Desk['withdraw']>[1])),
  command('expediteRequest', 'expedite', { id: 'Mempercepat (kunci bocor)', en: 'Expedite (key compromise)' }, nothing, (desk, id, _body, by) => desk.expedite(id, by)),
  command('executeRequest', 'execute', { id: 'Melaksanakan', en: 'Execute' }, nothing, (desk, id, _body, by) => desk.execute(id, by)),
  command('ratifyRequest', 'ratify', { id: 'Mengesahkan tindakan darurat', en: 'Ratify an emergency act' }, z.strictObject({ decision: z.enum(['ratified', 'refused']), note: note.optional() }),
    (desk, id, body, by) => desk.ratify(id, { ...body, ...by } as Parameters<Desk['ratify']>[1])),
  command('parkRequest', 'park', { id: 'Menunda untuk diperiksa di AMS', en: 'Park until somebody looked in AMS' }, z.strictObject({ detail: z.string().max(500).optional() }),
    (desk, id, body, by) => desk.park(id, { ...body, ...by } as Parameters<Desk['park']>[1])),
  command('recordAms', 'record-ams', { id: 'Mencatat yang dilakukan atau dilihat di AMS', en: 'Record what was done or seen in AMS' },
    z.strictObject({ record: z.strictObject({ id: z.string().min(1).max(200), status: z.enum(['waitingVerification', 'waitingBsre', 'revoked', 'returned', 'refused', 'other']), rawStatus: z.string().min(1).max(200), revokedAt: z.iso.datetime().optional() }) }),
    (desk, id, body, by) => desk.recordAms(id, { ...body, ...by } as Parameters<Desk['recordAms']>[1])),
  command('resumeRequest', 'resume', { id: 'Mencatat hasil pemeriksaan di AMS', en: 'Record what was found in AMS' },
    z.strictObject({ found: z.enum(['record', 'nothing']), recordId: z.string().min(1).max(200).optional(), note: note.optional() }),
    (desk, id, body, by) => desk.resume(id, { ...body, ...by } as Parameters<Desk['resume']>[1])),
  command('resolveRequest', 'resolve', { id: 'Menyelesaikan pertentangan bukti', en: 'Resolve a contradiction' }, z.strictObject({ outcome: z.enum(['continue', 'fail']), note: note.optional() }),
    (desk, id, body, by) => desk.resolve(id, { ...body, ...by } as Parameters<Desk['resolve']>[1])),
  command('resumeCertificate', 'resume-certificate', { id: 'Mengaktifkan kembali sertifikat', en: 'Resume the certificate' }, z.strictObject({ note: note.optional() }),
    (desk, id, body, by) => desk.resumeCertificate(id, { ...body, ...by } as Parameters<Desk['resumeCertificate']>[1])),
  command('notifyParty', 'notify', { id: 'Mencatat pemberitahuan', en: 'Record that somebody was told' },
    z.strictObject({ channel: z.string().min(1).max(60), party: z.enum(['applicant', 'holder']).optional(), reference: z.string().max(200).optional() }),
    (desk, id, body, by) => desk.notify(id, { ...body, ...by } as Parameters<Desk['notify']>[1])),
  command('finishRequest', 'finish', { id: 'Menutup permohonan', en: 'Close the request' }, nothing, (desk, id, _body, by) => desk.finish(id, by)),
  command('reopenRequest', 'reopen', { id: 'Membuka kembali karena pengaduan', en: 'Reopen by complaint' }, z.strictObject({ complaint: z.string().min(1).max(60) }),
    (desk, id, body, by) => desk.reopen(id, { ...body, ...by })),
]
