import { createHash } from 'node:crypto'
import type { Route } from '../http/router.js'
import type { World } from '../world.js'
import { ocspError } from './ocsp.js'

const DAY = 86_400_000

/** CRLs, certificates and the OCSP responder, where the issued certificates say they are. */
export function authorityRoutes(world: World): Route[] {
  const { authority, publication, faults } = world

  function crl(): Uint8Array {
    if (faults.one('ca.crl', 'unrevoke') !== undefined) publication.forget()
    const current = publication.current()
    const stale = faults.one('ca.crl', 'staleCrl')
    if (stale !== undefined) return publication.asOf(stale.age ?? 2 * DAY)
    const rollback = faults.one('ca.crl', 'crlRollback') === undefined ? undefined : publication.previous()
    return (rollback ?? current).der
  }

  function ocsp(request: Uint8Array): Response {
    const stale = faults.one('ca.ocsp', 'staleOcsp')
    const now = world.now()
    const asOf = stale === undefined ? now : now - (stale.age ?? 2 * DAY)
    const validity = world.options.publication?.ocspValidity ?? null
    const answer = authority.answerOcsp(request, (serial) => publication.ocspStatus(serial, world.bySerial(serial) !== undefined, asOf), {
      producedAt: new Date(asOf),
      thisUpdate: new Date(asOf),
      nextUpdate: validity === null ? null : new Date(asOf + validity),
    })
    return octets(answer, 'application/ocsp-response')
  }

  return [
    { method: 'GET', path: '/ca/issuing.crl', endpoint: 'ca.crl', handle: ({ request }) => cached(request, crl(), 'application/pkix-crl') },
    {
      method: 'GET',
      path: '/ca/root.crl',
      endpoint: 'ca.rootCrl',
      handle: ({ request }) => cached(request, rootCrl(world), 'application/pkix-crl'),
    },
    {
      method: 'GET',
      path: '/ca/issuing.crt',
      endpoint: 'ca.certificate',
      handle: () => octets(authority.issuingDer, 'application/pkix-cert'),
    },
    { method: 'GET', path: '/ca/root.crt', endpoint: 'ca.certificate', handle: () => octets(authority.rootDer, 'application/pkix-cert') },
    {
      method: 'POST',
      path: '/ca/ocsp',
      endpoint: 'ca.ocsp',
      tooLarge: () => octets(ocspError(1), 'application/ocsp-response'),
      handle: ({ body }) => ocsp(body),
    },
    // RFC 6960 appendix A.1: GET with the request in base64, percent-encoded.
    { method: 'GET', path: '/ca/ocsp/*request', endpoint: 'ca.ocsp', handle: ({ params }) => ocsp(fromPath(params['request'] ?? '')) },
  ]
}

function fromPath(text: string): Uint8Array {
  try {
    return new Uint8Array(Buffer.from(decodeURIComponent(text), 'base64'))
  } catch {
    return new Uint8Array(0)
  }
}

/** The root's own CRL lists nothing and lives half a year. It has no IDP: the root itself, without a CDP, must be in its scope. */
function rootCrl(world: World): Uint8Array {
  const period = 180 * DAY
  const number = Math.floor(world.now() / period)
  return world.authority.writeCrl(
    {
      entries: [],
      number,
      thisUpdate: new Date(number * period),
      nextUpdate: new Date((number + 1) * period),
    },
    'root',
  )
}

function octets(bytes: Uint8Array, type: string): Response {
  return new Response(new Uint8Array(bytes), {
    headers: { 'content-type': type, 'content-length': String(bytes.length), 'cache-control': 'no-store' },
  })
}

function cached(request: Request, bytes: Uint8Array, type: string): Response {
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: { etag } })
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': type, 'content-length': String(bytes.length), etag } })
}
