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

/** `Authorization: Bearer <token>`: a short-lived token of the acting person. */
export function bearer(token: string | ((holder: CredentialHolder) => string | Promise<string>)): Credential {
  return { header: 'Authorization', value: async (holder) => `Bearer ${await valueOf(token, holder)}` }
}

/** `Authorization: Basic ...` (RFC 7617, UTF-8): e-Sign Client Service. */
export function basic(username: string, password: string): Credential {
  if (username.includes(':')) throw new TypeError('a Basic username holds no colon (RFC 7617 2)')
  const octets = new TextEncoder().encode(`${username}:${password}`)
  const value = `Basic ${btoa(String.fromCharCode(...octets))}`
  return { header: 'Authorization', value: () => value }
}

/** SPLP gateway key: `APIkey: <key>`, one key per service. */
export function splpApiKey(key: string | (() => string | Promise<string>)): Credential {
  return { header: 'APIkey', value: (holder) => valueOf(key, holder) }
}

/** SPLP gateway token: `AuthorizationSPLP: Bearer <token>`. */
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
