import { createHash, timingSafeEqual } from 'node:crypto'
import { pem } from '../authority/keys.js'
import type { Exchange, Route } from '../http/router.js'
import type { SandboxUser } from '../state.js'
import { derOf, type World } from '../world.js'
import { checkPdf } from './letter.js'
import { ESIGN_STATUSES, esignStatus, type EsignStatus } from './status.js'

/** What management sets of the e-Sign peer. */
export interface EsignPeer {
  readonly username: string
  readonly password: string
  /** Statuses told by management instead of derived. */
  readonly forced: Map<string, EsignStatus>
  /** Shape of the chain's elements; the real one is unknown. */
  chain: 'pem' | 'base64'
}

/** The e-Sign Client Service as far as it is documented: v2 status, chain and verify, v1 status. HTTP Basic. */
export function esignRoutes(world: World, peer: EsignPeer): Route[] {
  const route = (method: string, path: string, name: string, handle: (exchange: Exchange) => Response, limit = 65_536): Route => ({
    method,
    path: `/esign${path}`,
    endpoint: `esign.${name}`,
    limit,
    tooLarge: () =>
      new Response('<html><body>413 Request Entity Too Large</body></html>', { status: 413, headers: { 'content-type': 'text/html' } }),
    handle: (exchange) =>
      allowed(peer, exchange.request)
        ? handle(exchange)
        : new Response('Unauthorized', {
            status: 401,
            headers: { 'www-authenticate': 'Basic realm="esign"', 'content-type': 'text/plain' },
          }),
  })
  const statusAnswer = (user: SandboxUser | undefined): Response => {
    const status = esignStatus(world, user, peer.forced)
    const { code, message } = ESIGN_STATUSES[status]
    return Response.json({ status_code: code, message, status })
  }

  return [
    route('POST', '/api/v2/user/check/status', 'checkStatus', ({ body }) => {
      const asked = readObject(body)
      const { nik, email } = asked ?? {}
      if (typeof nik !== 'string' && typeof email !== 'string') return quirk('NIK atau email wajib diisi')
      return statusAnswer(typeof nik === 'string' ? byIdentity(world, nik) : byIdentity(world, (email as string).toLowerCase()))
    }),
    route('GET', '/api/v2/user/certificate/chain/:id', 'chain', ({ params }) => {
      const leaf = findLeaf(world, params['id'] as string)
      if (leaf === undefined) return Response.json({ success: false, message: 'Sertifikat tidak ditemukan', data: [] })
      const chain = [leaf, world.authority.issuingDer, world.authority.rootDer]
      return Response.json({
        success: true,
        data: chain.map((der) => (peer.chain === 'pem' ? pem('CERTIFICATE', der) : Buffer.from(der).toString('base64'))),
      })
    }),
    route(
      'POST',
      '/api/v2/verify/pdf',
      'verify',
      ({ body }) => {
        const file = readObject(body)?.['file']
        if (typeof file !== 'string') return quirk('File wajib diisi')
        const pdf = Buffer.from(file, 'base64')
        return pdf.subarray(0, 5).toString('latin1') === '%PDF-' ? Response.json(checkPdf(world, pdf)) : quirk('Dokumen bukan PDF')
      },
      32 * 1024 * 1024,
    ),
    route('GET', '/api/user/status/:nik', 'statusV1', ({ params }) => statusAnswer(byIdentity(world, params['nik'] as string))),
  ]
}

/** A JSON header over a body that is none: seen of the real service. */
function quirk(text: string): Response {
  return new Response(text, { status: 400, headers: { 'content-type': 'application/json' } })
}

function byIdentity(world: World, id: string): SandboxUser | undefined {
  return world.users.find((user) => user.nik === id || user.email === id)
}

function findLeaf(world: World, id: string): Uint8Array | undefined {
  if (/^C-[0-9A-F]{64}$/.test(id)) {
    const wanted = id.slice(2).toLowerCase()
    return world.certificates.all.map(derOf).find((der) => createHash('sha256').update(der).digest('hex') === wanted)
  }
  const user = byIdentity(world, id)
  const own = user === undefined ? [] : world.certificates.having(user.username)
  const last = own.filter((one) => one.status === 'active').at(-1) ?? own.at(-1)
  return last === undefined ? undefined : derOf(last)
}

function readObject(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function allowed(peer: EsignPeer, request: Request): boolean {
  const given = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(Buffer.from(given, 'base64').toString('utf8')), digest(`${peer.username}:${peer.password}`))
}
