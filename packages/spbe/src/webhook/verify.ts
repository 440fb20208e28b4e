import { CabutError } from '@cabut/sdk'
import { importKey, type WebhookSecret } from './sign.js'

/** How far a delivery's clock may be off, and how old a replay may be. Seconds. */
export const WEBHOOK_TOLERANCE = 300

/**
 * Verifies a delivery on the receiving side, for portals in JavaScript. Compare the id with those already handled: a delivery may come twice.
 *
 * @param headers - of the request; names in any case
 * @param body - the body as received, not parsed and printed again
 * @returns the parsed body
 * @throws {@link CabutError} `spbeWebhookInvalid`: a header is missing, the clock is more than `tolerance` seconds off, no signature fits, the body is not JSON
 * @example
 * ```ts
 * const body = '{"type":"request.status"}'
 * const headers = await signWebhook([secret], { id: 'msg_1', at: new Date(), body })
 * await verifyWebhook([secret], { ...headers }, body) // { type: 'request.status' }
 * await verifyWebhook([newWebhookSecret()], { ...headers }, body) // throws spbeWebhookInvalid
 * ```
 */
export async function verifyWebhook(
  secrets: readonly [WebhookSecret, ...WebhookSecret[]],
  headers: Headers | Readonly<Record<string, string>>,
  body: string,
  options: { readonly now?: Date; /** Seconds. @default 300 */ readonly tolerance?: number } = {},
): Promise<unknown> {
  const given = headers instanceof Headers ? headers : new Headers(headers)
  const id = given.get('webhook-id')
  const timestamp = given.get('webhook-timestamp')
  const signatures = given.get('webhook-signature')
  const invalid = (detail: string): CabutError => new CabutError('spbeWebhookInvalid', { detail })
  if (id === null || timestamp === null || signatures === null) throw invalid('a header is missing')
  if (!/^\d{1,12}$/.test(timestamp)) throw invalid('the timestamp is no number of seconds')
  const now = (options.now ?? new Date()).getTime() / 1_000
  if (Math.abs(now - Number(timestamp)) > (options.tolerance ?? WEBHOOK_TOLERANCE)) throw invalid('the timestamp is too far from now')
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
  const keys = await Promise.all(secrets.map((secret) => importKey(secret, 'verify')))
  // At most a handful of signatures: more is no rotation but an attempt to make us work.
  for (const signature of signatures.split(' ', 10)) {
    const bytes = signatureBytes(signature)
    if (bytes === undefined) continue
    for (const key of keys) {
      // WebCrypto compares in constant time.
      if (await crypto.subtle.verify('HMAC', key, bytes, content)) return parse(body, invalid)
    }
  }
  throw invalid('no signature fits')
}

function signatureBytes(signature: string): Uint8Array<ArrayBuffer> | undefined {
  const match = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(signature)
  return match?.[1] === undefined ? undefined : Uint8Array.from(atob(match[1]), (character) => character.charCodeAt(0))
}

function parse(body: string, invalid: (detail: string) => CabutError): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw invalid('the body is not JSON')
  }
}
