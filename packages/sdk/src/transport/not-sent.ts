/** Failures that happen before a request leaves: name resolution, connecting, TLS. Codes of Node and of its fetch (undici). */
const BEFORE_SENDING: ReadonlySet<string> = new Set([
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_INVALID_URL',
])

/**
 * `true` only where the request certainly never reached the peer. Everything not on the list, and every failure of a fetch that gives
 * no code (browsers), counts as possibly sent: a write is then unknown.
 */
export function certainlyNotSent(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 4) return false
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown }
  // Several addresses tried (RFC 8305): not sent only if every attempt failed before sending.
  if (Array.isArray(errors) && errors.length > 0) return errors.every((each) => certainlyNotSent(each, depth + 1))
  if (typeof code === 'string' && BEFORE_SENDING.has(code)) return true
  return cause !== undefined && certainlyNotSent(cause, depth + 1)
}
