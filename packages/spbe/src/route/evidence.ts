import { CabutError } from '@cabut/sdk'
import { zipReceipt } from '@cabut/sdk/receipt'
import { z } from '@hono/zod-openapi'
import { checkIfMatch } from '../http/conditional.js'
import { route, type Answer, type Call, type Route } from '../http/route.js'
import type { FormPart } from '../upload/multipart.js'
import { load, standingOf } from './access.js'
import { answerWith } from './requests.js'
import { requestSchema } from './view.js'

/** Media types given out again as they are; anything else leaves as octets. */
const plainTypes: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf', 'application/pkix-crl': 'crl', 'application/ocsp-response': 'ors', 'application/pkix-cert': 'cer',
}

/** A download: never shown in place of a page, named by us. */
function download(body: BodyInit, size: number, mediaType: string, name: string): Response {
  return new Response(body, { headers: { 'Content-Type': mediaType, 'Content-Length': String(size), 'Content-Disposition': `attachment; filename="${name}"` } })
}

/** Read as fast as it is taken: however large it is, one piece of it is in memory. What ends early is cut off, short of its Content-Length. */
function streamed(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const reading = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await reading.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() { await reading.return?.() },
  }, { highWaterMark: 0 })
}

async function evidence(call: Call): Promise<Answer> {
  const { service, caller, params } = call
  const view = await load(service, caller, params['id'] as string)
  const sha256 = params['sha256'] as string
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new CabutError('requestNotFound', { at: 'sha256' })
  const found = await service.desk.openEvidence(view.id, sha256, caller.reader)
  const extension = plainTypes[found.mediaType]
  return download(streamed(found.pieces()), found.size, extension === undefined ? 'application/octet-stream' : found.mediaType, `${sha256}.${extension ?? 'bin'}`)
}

const receiptQuery = z.object({ form: z.enum(['full', 'public']).default('full').optional() })

async function receipt(call: Call): Promise<Answer> {
  const { service, caller } = call
  const view = await load(service, caller, call.params['id'] as string)
  const form = call.query['form'] === 'public' ? 'public' : 'full'
  const files = await service.desk.receipt(view.id, { ...caller.reader, form })
  const zip = zipReceipt(files)
  return download(zip as Uint8Array<ArrayBuffer>, zip.length, 'application/zip', `bukti-pencabutan-${view.id.replace(/[^A-Za-z0-9._-]/g, '_')}${form === 'public' ? '-publik' : ''}.zip`)
}

const examineSchema = z.strictObject({}).openapi('Examination')

/** A CRL or OCSP answer somebody fetched by hand: judged like one the desk fetched. */
async function examine(call: Call): Promise<Answer> {
  const { service, caller, files } = call
  const view = await load(service, caller, call.params['id'] as string)
  checkIfMatch(call.request.headers.get('if-match'), standingOf(view, call.language))
  const named = (name: string): readonly Uint8Array[] => files.filter((file: FormPart) => file.name === name).map(({ bytes }) => bytes)
  const [crls, ocsp] = [named('crl'), named('ocsp')]
  if (crls.length + ocsp.length === 0 || crls.length + ocsp.length !== files.length) throw new CabutError('spbeBodyInvalid', { detail: 'parts named crl or ocsp expected' })
  return answerWith(call, await service.desk.examine(view.id, { as: caller.actor, ifVersion: view.version, crls, ocsp }))
}

/** Bytes behind a request, and its receipt. */
export const evidenceRoutes: readonly Route[] = [
  route({
    operationId: 'downloadEvidence', method: 'get', path: '/v1/requests/{id}/evidence/{sha256}', tag: 'evidence', access: 'bearer',
    summary: { id: 'Mengunduh surat, sertifikat, CRL, atau jawaban OCSP', en: 'Download a letter, certificate, CRL or OCSP answer' },
    answers: { status: 200, description: 'The bytes as they were received', media: 'application/octet-stream' }, handle: evidence,
  }),
  route({
    operationId: 'downloadReceipt', method: 'get', path: '/v1/requests/{id}/receipt', tag: 'evidence', access: 'bearer',
    summary: { id: 'Mengunduh bukti pencabutan', en: 'Download the receipt of proof' }, query: receiptQuery,
    answers: { status: 200, description: 'A zip with receipt.json, evidence and VERIFY.md; `public` without letters, names and reason', media: 'application/zip' },
    problems: ['requestNotProven'], handle: receipt,
  }),
  route({
    operationId: 'examineEvidence', method: 'post', path: '/v1/requests/{id}/evidence', tag: 'evidence', access: 'bearer', writes: true, ifMatch: true,
    summary: { id: 'Menyerahkan CRL atau jawaban OCSP yang diambil sendiri', en: 'Hand in a CRL or OCSP answer fetched by hand' },
    body: { media: 'form', schema: examineSchema, files: 'CRLs under the name `crl`, OCSP answers under the name `ocsp` (DER)' },
    answers: { status: 200, description: 'The request after it', schema: requestSchema, headers: ['ETag'] },
    problems: ['workflowRefused', 'requestConflict'], handle: examine,
  }),
]
