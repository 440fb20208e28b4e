/** Who a credential is asked for. */
export interface CredentialHolder {
  readonly id: string
  readonly role: string
}

/** One header that proves who asks. Several are stacked: a gateway's own beside the acting person's. */
export interface Credential {
  /** Name of the header, for example `Authorization`, `APIkey`, `AuthorizationSPLP`. */
  readonly header: string
  /** Its value for one person, asked anew for each call and never stored. */
  readonly value: (holder: CredentialHolder) => string | Promise<string>
}

/**
 * `Authorization: Bearer <token>` (RFC 6750 2.1): a short-lived token of the acting person. A source that fails, or gives what no header may hold, stops
 * the call before it is sent (`amsAuthentication`, `esignAuthentication`).
 *
 * @param token - the token, or how to get it for one person; asked anew for each call
 * @example
 * ```ts
 * const { header, value } = bearer((actor) => `token-${actor.id}`)
 * header // 'Authorization'
 * await value(staff.verifier) // 'Bearer token-tegar.maulana'
 * ```
 */
export function bearer(token: string | ((holder: CredentialHolder) => string | Promise<string>)): Credential {
  return { header: 'Authorization', value: async (holder) => `Bearer ${await valueOf(token, holder)}` }
}

/**
 * `Authorization: Basic ...` (RFC 7617, UTF-8): e-Sign Client Service.
 *
 * @throws TypeError for a username with a colon (RFC 7617 2)
 * @example
 * ```ts
 * await basic('dinkominfo', 'contoh').value({ id: 'esign', role: 'service' }) // 'Basic ZGlua29taW5mbzpjb250b2g='
 * basic('dinkominfo:esign', 'contoh') // throws TypeError
 * ```
 */
export function basic(username: string, password: string): Credential {
  if (username.includes(':')) throw new TypeError('a Basic username holds no colon (RFC 7617 2)')
  const octets = new TextEncoder().encode(`${username}:${password}`)
  const value = `Basic ${btoa(String.fromCharCode(...octets))}`
  return { header: 'Authorization', value: () => value }
}

/**
 * SPLP gateway key: `APIkey: <key>`, one key per service. Stands beside the acting person's own credential.
 *
 * @param key - the key, or how to get it; asked anew for each call
 * @example
 * ```ts
 * const { header, value } = splpApiKey('kunci-layanan')
 * header // 'APIkey'
 * await value(staff.verifier) // 'kunci-layanan'
 * ```
 */
export function splpApiKey(key: string | (() => string | Promise<string>)): Credential {
  return { header: 'APIkey', value: (holder) => valueOf(key, holder) }
}

/**
 * SPLP gateway token: `AuthorizationSPLP: Bearer <token>`. Leaves `Authorization` to the acting person.
 *
 * @param token - the token, or how to get it; asked anew for each call
 * @example
 * ```ts
 * const { header, value } = splpAuthorization(async () => 'token-gerbang')
 * header // 'AuthorizationSPLP'
 * await value(staff.verifier) // 'Bearer token-gerbang'
 * ```
 */
export function splpAuthorization(token: string | (() => string | Promise<string>)): Credential {
  return { header: 'AuthorizationSPLP', value: async (holder) => `Bearer ${await valueOf(token, holder)}` }
}

/** Checks a stack once: header names are tokens and differ. @throws TypeError for misuse */
export function checkCredentials(given: Credential | readonly Credential[]): readonly Credential[] {
  const stack: readonly Credential[] = Array.isArray(given) ? given : [given as Credential]
  if (stack.length === 0) throw new TypeError('at least one credential is needed')
  const names = new Set<string>()
  for (const { header, value } of stack) {
    if (typeof header !== 'string' || !/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/.test(header)) throw new TypeError('a credential has no valid header name')
    if (typeof value !== 'function') throw new TypeError('a credential has no value function')
    if (names.has(header.toLowerCase())) throw new TypeError(`two credentials use the header ${header}`)
    names.add(header.toLowerCase())
  }
  return stack
}

/** The headers for one person; `undefined` when a credential could not be had. Values never reach an error or a log. */
export async function credentialHeaders(stack: readonly Credential[], holder: CredentialHolder): Promise<Record<string, string> | undefined> {
  const headers: Record<string, string> = {}
  for (const credential of stack) {
    let value: unknown
    try {
      value = await credential.value(holder)
    } catch {
      return undefined
    }
    // Visible ASCII and inner blanks only: nothing that could end the header line (RFC 9110 5.5).
    if (typeof value !== 'string' || !/^[\x21-\x7e](?:[\x20-\x7e]{0,16383}[\x21-\x7e])?$/.test(value)) return undefined
    headers[credential.header] = value
  }
  return headers
}

async function valueOf(source: string | ((holder: CredentialHolder) => string | Promise<string>), holder: CredentialHolder): Promise<string> {
  return typeof source === 'string' ? source : source(holder)
}
