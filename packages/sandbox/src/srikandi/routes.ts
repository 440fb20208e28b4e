import * as z from 'zod'
import type { Exchange, Route } from '../http/router.js'
import { amsTime } from '../ams/views.js'
import { LetterRefusal, type LetterCopy, type LetterPeer } from './letters.js'

const office = z.string().min(1).max(200)
const sendBody = z.strictObject({
  nama_pengirim: z.string().min(1).max(200),
  jabatan_pengirim: z.string().min(1).max(200),
  tujuan: z.array(office).min(1).max(100),
  tembusan: z.array(office).max(100).default([]),
  nomor: z.string().min(3).max(100),
  tanggal: z.iso.date(),
  hal: z.string().min(1).max(500),
  ringkasan: z.string().max(5000).default(''),
  jenis: z.string().min(1).max(100),
  sifat: z.enum(['Biasa', 'Terbatas', 'Rahasia', 'Sangat Rahasia']),
  klasifikasi: z.string().max(50).optional(),
  file: z.base64(),
})
const disposeBody = z.strictObject({
  dari: z.string().min(1).max(200),
  kepada: z.string().min(1).max(200),
  instruksi: z.string().min(1).max(2000),
})

/**
 * A Srikandi-like peer. **ASSUMED**: Srikandi publishes no API; this is what an agency with an SPLP agreement might get.
 * Bearer token per office. Rows carry the fields third parties have seen (`status_baca`, `status_tindak`, `hash_value`).
 */
export function srikandiRoutes(peer: LetterPeer, officeOf: (token: string) => string | undefined): Route[] {
  const route = (
    method: string,
    path: string,
    name: string,
    handle: (exchange: Exchange, office: string) => unknown,
  ): Route => ({
    method,
    path: `/srikandi${path}`,
    endpoint: `srikandi.${name}`,
    limit: 32 * 1024 * 1024,
    handle(exchange) {
      const token = /^Bearer (.+)$/i.exec(exchange.request.headers.get('authorization') ?? '')?.[1] ?? ''
      const own = officeOf(token)
      if (own === undefined) return Response.json({ status: 'error', message: 'Unauthenticated.' }, { status: 401 })
      try {
        const value = handle(exchange, own)
        return value instanceof Response ? value : Response.json({ status: 'success', data: value })
      } catch (error) {
        if (error instanceof LetterRefusal)
          return Response.json({ status: 'error', code: error.code, message: error.message }, { status: error.status })
        if (error instanceof z.ZodError || error instanceof SyntaxError)
          return Response.json({ status: 'error', code: 'TIDAK_SAH', message: 'Isi permintaan tidak sah.' }, { status: 422 })
        throw error
      }
    },
  })
  const id = ({ params }: Exchange): string => params['id'] as string
  const paged = (letters: LetterCopy[], { url }: Exchange, own: string): unknown => {
    const page = Math.max(1, Number(url.searchParams.get('page') ?? 1) || 1)
    return { rows: letters.slice((page - 1) * 50, page * 50).map((one) => row(one, own)), total: letters.length, page }
  }

  return [
    route('POST', '/v1/letters', 'send', ({ body }, own) => {
      const { file, ...draft } = sendBody.parse(JSON.parse(Buffer.from(body).toString('utf8')))
      const pdf = new Uint8Array(Buffer.from(file, 'base64'))
      if (Buffer.from(pdf.subarray(0, 5)).toString('latin1') !== '%PDF-')
        throw new LetterRefusal(422, 'BUKAN_PDF', 'Berkas surat bukan PDF.')
      return row(peer.send(own, draft, pdf), own)
    }),
    route('GET', '/v1/inbox', 'inbox', (exchange, own) => paged(peer.inbox(own), exchange, own)),
    route('GET', '/v1/outbox', 'outbox', (exchange, own) => paged(peer.outbox(own), exchange, own)),
    route('GET', '/v1/letters/:id', 'read', (exchange, own) => row(peer.read(own, id(exchange)), own)),
    route(
      'GET',
      '/v1/letters/:id/file',
      'file',
      (exchange, own) => new Response(new Uint8Array(peer.file(own, id(exchange))), { headers: { 'content-type': 'application/pdf' } }),
    ),
    route('POST', '/v1/letters/:id/read', 'markRead', (exchange, own) => row(peer.markRead(own, id(exchange)), own)),
    route('POST', '/v1/letters/:id/settle', 'settle', (exchange, own) => row(peer.settle(own, id(exchange)), own)),
    route('POST', '/v1/letters/:id/dispositions', 'dispose', (exchange, own) => {
      const { dari, kepada, instruksi } = disposeBody.parse(JSON.parse(Buffer.from(exchange.body).toString('utf8')))
      return row(peer.dispose(own, id(exchange), dari, kepada, instruksi), own)
    }),
    route('POST', '/v1/letters/:id/dispositions/:disposition/read', 'openDisposition', (exchange, own) =>
      row(peer.openDisposition(own, id(exchange), exchange.params['disposition'] as string), own),
    ),
    route('DELETE', '/v1/letters/:id/dispositions/:disposition', 'cancelDisposition', (exchange, own) =>
      row(peer.cancelDisposition(own, id(exchange), exchange.params['disposition'] as string), own),
    ),
  ]
}

function row(letter: LetterCopy, own: string): Record<string, unknown> {
  const { status, at, klasifikasi, ...fields } = letter
  const mine = status[own]
  const readBy = Object.entries(status)
    .filter(([, one]) => one.dibaca)
    .map(([name]) => name)
  return {
    ...fields,
    ...(klasifikasi === undefined ? {} : { klasifikasi }),
    dikirim: amsTime(at),
    ...(letter.pengirim === own ? { dibaca_oleh: readBy } : {}),
    ...(mine === undefined
      ? {}
      : {
          status_baca: mine.dibaca ? 'SUDAH' : 'BELUM',
          status_tindak: mine.tindak,
          status_berkas: 'BELUM',
          disposisi: mine.disposisi.map(({ at: when, ...one }) => ({ ...one, tanggal: amsTime(when) })),
        }),
  }
}
