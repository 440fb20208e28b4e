import type { Exchange, Route } from '../http/router.js'
import { amsTime } from '../ams/views.js'
import type { World } from '../world.js'

/** One complaint as the SP4N-LAPOR peer keeps it. */
export interface ComplaintRecord {
  readonly ticket: string
  readonly title: string
  readonly content: string
  readonly institution: string
  readonly classification: string
  readonly anonymous: boolean
  readonly secret: boolean
  readonly at: number
  status: 'BARU' | 'DITOLAK' | 'PROSES' | 'SELESAI'
  readonly followups: { readonly at: number; readonly by: string; readonly content: string }[]
}

/** The credentials behind the gateway: two headers of LAPOR's own. */
export interface LaporCredentials {
  readonly auth: string
  readonly token: string
}

/** What management does with the peer. */
export interface LaporPeer {
  readonly credentials: LaporCredentials
  complaints(): readonly Readonly<ComplaintRecord>[]
  /** An answer by the institution. */
  answer(ticket: string, by: string, content: string, status?: ComplaintRecord['status']): void
  readonly routes: Route[]
}

const PAGE = 10
const TEXT_LIMIT = 10_000
const INSTITUTIONS = [
  { id: '1101', name: 'Pemerintah Kota Pekalongan' },
  { id: '1102', name: 'Pemerintah Kabupaten Purbalingga' },
  { id: '1001', name: 'Badan Siber dan Sandi Negara' },
]

/**
 * SP4N-LAPOR as reached through SPLP `lapor/3.0.0`: headers `auth` and `token`, form or JSON bodies in which **arrays travel as strings**
 * (`"[\"a\",\"b\"]"`). Paths are documented in public code; bodies are ASSUMED.
 */
export function createLapor(world: World, credentials: LaporCredentials): LaporPeer {
  const complaints = (world.state.peers['lapor'] ??= []) as ComplaintRecord[]
  const find = (ticket: string): ComplaintRecord | undefined => complaints.find((one) => one.ticket === ticket)
  const failure = (status: number, message: string): Response => Response.json({ status: false, message }, { status })

  const route = (method: string, path: string, name: string, handle: (exchange: Exchange) => Response): Route => ({
    method,
    path: `/lapor${path}`,
    endpoint: `lapor.${name}`,
    handle(exchange) {
      const { headers } = exchange.request
      if (headers.get('auth') !== credentials.auth || headers.get('token') !== credentials.token)
        return failure(401, 'Kredensial tidak sah')
      return handle(exchange)
    },
  })

  return {
    credentials,
    complaints: () => complaints,
    answer(ticket, by, content, status) {
      const complaint = find(ticket)
      if (complaint === undefined) throw new TypeError('no such ticket in this sandbox')
      complaint.followups.push({ at: world.now(), by, content })
      if (status !== undefined) complaint.status = status
      world.touched += 1
    },
    routes: [
      route('POST', '/complaints/complaint', 'create', (exchange) => {
        const fields = readFields(exchange)
        const { title = '', content = '', institution_id: institution = '', classification = 'Pengaduan' } = fields
        if (title === '' || content === '' || content.length > TEXT_LIMIT) return failure(422, 'Judul dan isi laporan wajib diisi')
        if (!INSTITUTIONS.some((one) => one.id === institution)) return failure(422, 'Instansi tidak dikenal')
        for (const name of ['attachments', 'tags']) {
          if (fields[name] !== undefined && !isListText(fields[name])) return failure(422, `${name} harus berupa teks larik`)
        }
        const ticket = String(90_000_000 + complaints.length + 1)
        complaints.push({
          ticket,
          title,
          content,
          institution,
          classification,
          anonymous: fields['is_anonymous'] === '1',
          secret: fields['is_secret'] === '1',
          at: world.now(),
          status: 'BARU',
          followups: [],
        })
        world.touched += 1
        return Response.json({ status: true, message: 'Laporan diterima', data: { tracking_id: ticket } })
      }),
      route('GET', '/complaints/:ticket/followups', 'followups', ({ params, url }) => {
        const complaint = find(params['ticket'] as string)
        if (complaint === undefined) return failure(404, 'Laporan tidak ditemukan')
        const page = Math.max(1, Number(url.searchParams.get('page') ?? 1) || 1)
        const items = complaint.followups
          .slice((page - 1) * PAGE, page * PAGE)
          .map(({ at, by, content }) => ({ created_at: amsTime(at), institution_name: by, content }))
        return Response.json({
          status: true,
          data: items,
          complaint_status: complaint.status,
          // Numbers travel as strings here too.
          meta: {
            page: String(page),
            total: String(complaint.followups.length),
            last_page: String(Math.max(1, Math.ceil(complaint.followups.length / PAGE))),
          },
        })
      }),
      route('POST', '/complaints/process/:ticket/reject', 'reject', (exchange) => {
        const complaint = find(exchange.params['ticket'] as string)
        if (complaint === undefined) return failure(404, 'Laporan tidak ditemukan')
        const { reason = '' } = readFields(exchange)
        if (reason === '') return failure(422, 'Alasan wajib diisi')
        if (complaint.status !== 'BARU') return failure(409, 'Laporan sudah diproses')
        complaint.status = 'DITOLAK'
        complaint.followups.push({ at: world.now(), by: 'Admin instansi', content: reason })
        world.touched += 1
        return Response.json({ status: true, message: 'Laporan ditolak' })
      }),
      route('GET', '/masters/institutions/external', 'institutions', () => Response.json({ status: true, data: INSTITUTIONS })),
    ],
  }
}

/** Form or JSON; every value is text, also lists: a JSON array that is no text reads as empty and is refused where a list is expected. */
function readFields({ request, body }: Exchange): Record<string, string> {
  const text = Buffer.from(body).toString('utf8')
  if (!(request.headers.get('content-type') ?? '').includes('json')) return Object.fromEntries(new URLSearchParams(text))
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    return Object.fromEntries(
      Object.entries(value ?? {}).map(([name, one]) => [name, typeof one === 'string' ? one : typeof one === 'number' ? String(one) : '']),
    )
  } catch {
    return {}
  }
}

function isListText(text: string | undefined): boolean {
  try {
    return Array.isArray(JSON.parse(text ?? ''))
  } catch {
    return false
  }
}
