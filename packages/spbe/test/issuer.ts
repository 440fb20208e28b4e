import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'

/** A local issuer of tokens with its key set, for tests: what Keycloak or INApas is to a portal. */
export interface TestIssuer {
  readonly issuer: string
  readonly jwksUrl: string
  readonly keys: { keys: JWK[] }
  /** Answers the key set; `down` makes it fail. */
  readonly fetch: typeof fetch
  fetched: number
  down: false | 'reset' | '500' | 'html'
  /** Adds a key and signs with it from now on. */
  rotate(): Promise<void>
  sign(claims: Record<string, unknown>, change?: { header?: Record<string, unknown>; expires?: number; at?: number }): Promise<string>
}

/** Makes an issuer with one key. */
export async function testIssuer(issuer: string, algorithm: 'RS256' | 'ES256' | 'EdDSA' | 'PS256' = 'ES256', now: () => number = Date.now): Promise<TestIssuer> {
  let key: CryptoKey
  let count = 0
  const made: TestIssuer = {
    issuer,
    jwksUrl: `${issuer}/certs`,
    keys: { keys: [] },
    fetched: 0,
    down: false,
    fetch: (async () => {
      made.fetched++
      if (made.down === 'reset') throw new TypeError('fetch failed')
      if (made.down === '500') return new Response('gangguan', { status: 500 })
      if (made.down === 'html') return new Response('<html>', { headers: { 'content-type': 'text/html' } })
      return Response.json(made.keys)
    }),
    async rotate() {
      const pair = await generateKeyPair(algorithm, { extractable: true })
      key = pair.privateKey
      made.keys.keys.push({ ...(await exportJWK(pair.publicKey)), kid: `k${++count}`, alg: algorithm, use: 'sig' })
    },
    async sign(claims, change = {}) {
      const seconds = Math.floor((change.at ?? now()) / 1_000)
      return new SignJWT({ iss: issuer, aud: 'cabut', sub: 'p-1', iat: seconds, exp: seconds + (change.expires ?? 300), ...claims })
        .setProtectedHeader({ alg: algorithm, kid: `k${count}`, ...change.header })
        .sign(key)
    },
  }
  await made.rotate()
  return made
}

/** Base64url of JSON or bytes. */
export function b64(value: unknown): string {
  return Buffer.from(value instanceof Uint8Array ? value : typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
}
