import { CabutError } from '@cabut/sdk'
import type { Desk } from '@cabut/sdk/desk'
import { HttpProblem, toProblem } from '../problem/problem.js'
import { secretBytes, type WebhookSecret } from './sign.js'
import { verifyWebhook } from './verify.js'

/** How webhooks of AMS are received. */
export interface AmsWebhookOptions {
  readonly desk: Pick<Desk, 'lookAgain'>
  /** Secrets shared with AMS or with the gateway in front of it; several while one is being rotated. */
  readonly secrets: readonly [WebhookSecret, ...WebhookSecret[]]
  /** Which certificate a body speaks of; `undefined`: none of ours to look at. @default `data.certificate` of docs/openapi/ams.yaml (ASSUMED) */
  readonly certificateOf?: (body: unknown) => { readonly issuerDn: string; readonly serial: string } | undefined
  /** Octets of a body. @default 65536 */
  readonly limit?: number
  readonly clock?: () => Date
}

/**
 * Receives webhooks of AMS: whatever they say, the desk looks for itself, at AMS and at the authority's CRL and OCSP. So a webhook that comes twice, late,
 * out of order or not at all changes nothing but the moment of looking, and a forged one is refused by its signature (Standard Webhooks 1.0).
 * No public document says that AMS sends any: this is for an installation, or an SPLP gateway, that does.
 *
 * @returns a web-standard handler for `POST`: 204 heard; otherwise `application/problem+json` with `spbeWebhookInvalid`, `spbeMethodNotAllowed`, `spbeBodyTooLarge`, or what the desk failed with
 * @throws TypeError for a secret of another form
 * @example
 * ```ts
 * const webhook = createAmsWebhook({ desk: await openDesk(), secrets: [secret] })
 * const body = '{"type":"revocation.updated","data":{"certificate":{"issuerDn":"CN=BSRE CA DS G1,O=BSSN,C=ID","serial":"1f2e3d"}}}'
 * const headers = { ...(await signWebhook([secret], { id: 'msg_1', at: new Date(), body })) }
 * const heard = await webhook(new Request('https://desk.contoh.go.id/ams', { method: 'POST', headers, body }))
 * heard.status // 204
 * const forged = await webhook(new Request('https://desk.contoh.go.id/ams', { method: 'POST', headers, body: body.replace('1f', '2f') }))
 * forged.status // 400
 * ```
 */
export function createAmsWebhook(options: AmsWebhookOptions): (request: Request) => Promise<Response> {
  const { desk, secrets, certificateOf = certificateIn, limit = 65_536 } = options
  for (const secret of secrets) secretBytes(secret)
  return async (request) => {
    try {
      if (request.method !== 'POST') throw new HttpProblem('spbeMethodNotAllowed', { headers: { allow: 'POST' } })
      const body = await verifyWebhook(secrets, request.headers, await textOf(request, limit), { now: options.clock?.() ?? new Date() })
      const certificate = certificateOf(body)
      if (certificate !== undefined) await desk.lookAgain(certificate)
      return new Response(null, { status: 204 })
    } catch (error) {
      const { problem, headers } = toProblem(error, 'id')
      return Response.json(problem, { status: problem.status, headers: { ...headers, 'content-type': 'application/problem+json' } })
    }
  }
}

/** The body, as long as it is short enough; what comes after is not read. */
async function textOf(request: Request, limit: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of request.body ?? []) {
    size += piece.length
    if (size > limit) throw new CabutError('spbeBodyTooLarge', { detail: `a webhook has at most ${limit} octets` })
    pieces.push(piece)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return new TextDecoder().decode(bytes)
}

const SERIAL = /^[0-9A-Fa-f]{1,60}$/

function certificateIn(body: unknown): { readonly issuerDn: string; readonly serial: string } | undefined {
  const { data } = (body ?? {}) as { readonly data?: { readonly certificate?: { readonly issuerDn?: unknown; readonly serial?: unknown } | null } | null }
  const { issuerDn, serial } = data?.certificate ?? {}
  return typeof issuerDn === 'string' && issuerDn.length <= 2048 && typeof serial === 'string' && SERIAL.test(serial) ? { issuerDn, serial } : undefined
}
