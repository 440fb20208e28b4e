/** How the session's cookie is written. */
export interface CookieOptions {
  /** @default '__Host-cabut', or 'cabut' where `secure` is off */
  readonly name?: string
  /** Only over https. `false`: for a development server on loopback. @default true */
  readonly secure?: boolean
}

/** What the browser holds: 256 random bits in base64url. */
const VALUE = /^[A-Za-z0-9_-]{43}$/

/** A fresh random value for a cookie, a state or a CSRF token. */
export function randomToken(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** The cookie of that name, if it is one of ours. The first counts: a subdomain may add others behind it (RFC 6265 5.4). */
export function readCookie(header: string | null, name: string): string | undefined {
  for (const pair of (header ?? '').slice(0, 8_192).split(';')) {
    const at = pair.indexOf('=')
    if (at < 0 || pair.slice(0, at).trim() !== name) continue
    const value = pair.slice(at + 1).trim()
    return VALUE.test(value) ? value : undefined
  }
  return undefined
}

/** `Set-Cookie`: no script reads it, no other site sends it along with a post. Age in seconds; 0 removes it. */
export function writeCookie(name: string, value: string, secure: boolean, age: number): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.max(0, Math.floor(age))}${secure ? '; Secure' : ''}`
}

/** SHA-256 of a cookie's value: what the store knows it by. */
export async function storeKey(value: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(value)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Compares without telling by time where two tokens differ. */
export function sameToken(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  for (let at = 0; at < left.length; at++) difference |= left.charCodeAt(at) ^ right.charCodeAt(at % Math.max(1, right.length))
  return difference === 0
}
