import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'
import { exportSPKI, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose'
import { b64, type TestIssuer } from './issuer.js'

/** Every way to come without a right: name, value of `Authorization`, expected code. */
export async function badAuthorizations(issuer: TestIssuer, claims: Record<string, unknown>, now: number = Date.now()): Promise<readonly (readonly [string, string | undefined, string])[]> {
  const good = await issuer.sign(claims)
  const [header, payload, signature] = good.split('.') as [string, string, string]
  const own = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string; alg: string }
  const body = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  const stranger = await generateKeyPair('ES256', { extractable: true })
  const publicJwk = issuer.keys.keys.at(-1) as JWK
  const publicPem = await exportSPKI((await importJWK(publicJwk, own.alg)) as CryptoKey)
  const hmac = (secret: string | Uint8Array): string => {
    const signed = `${b64({ alg: 'HS256', kid: own.kid })}.${payload}`
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
  }
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const embedded = await new SignJWT(body).setProtectedHeader({ alg: 'ES256', kid: own.kid, jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, jku: 'https://jahat.invalid/jwks' }).sign(stranger.privateKey)
  return [
    ['no token', undefined, 'spbeTokenMissing'],
    ['an empty header', '', 'spbeTokenMissing'],
    ['Basic', `Basic ${b64('a:b')}`, 'spbeTokenMissing'],
    ['no JWT at all', 'Bearer rahasia', 'spbeTokenInvalid'],
    ['expired', `Bearer ${await issuer.sign({ ...claims, exp: Math.floor(now / 1_000) - 31 })}`, 'spbeTokenExpired'],
    ['without expiry', `Bearer ${await issuer.sign({ ...claims, exp: undefined })}`, 'spbeTokenInvalid'],
    ['not valid yet', `Bearer ${await issuer.sign({ ...claims, nbf: Math.floor(now / 1_000) + 60 })}`, 'spbeTokenInvalid'],
    ['signed by a stranger', `Bearer ${await new SignJWT(body).setProtectedHeader({ alg: 'ES256', kid: own.kid }).sign(stranger.privateKey)}`, 'spbeTokenInvalid'],
    ['signed by a key it carries itself', `Bearer ${embedded}`, 'spbeTokenInvalid'],
    ['signed with RSA under the same kid', `Bearer ${await new SignJWT(body).setProtectedHeader({ alg: 'RS256', kid: own.kid }).sign(rsa.privateKey)}`, 'spbeTokenInvalid'],
    ['an unknown kid', `Bearer ${await issuer.sign(claims, { header: { kid: 'lain' } })}`, 'spbeTokenInvalid'],
    ['alg none', `Bearer ${b64({ alg: 'none' })}.${payload}.`, 'spbeTokenInvalid'],
    ['alg none with a signature', `Bearer ${b64({ alg: 'none', kid: own.kid })}.${payload}.${signature}`, 'spbeTokenInvalid'],
    ['alg NoNe', `Bearer ${b64({ alg: 'NoNe', kid: own.kid })}.${payload}.${signature}`, 'spbeTokenInvalid'],
    ['key confusion: HMAC under the public key as PEM', `Bearer ${hmac(publicPem)}`, 'spbeTokenInvalid'],
    ['key confusion: HMAC under the public key as JWK', `Bearer ${hmac(JSON.stringify(publicJwk))}`, 'spbeTokenInvalid'],
    ['an empty HMAC key', `Bearer ${hmac(new Uint8Array(0))}`, 'spbeTokenInvalid'],
    ['claims changed after signing', `Bearer ${header}.${b64({ ...body, sub: 'orang-lain' })}.${signature}`, 'spbeTokenInvalid'],
    ['a signature cut short', `Bearer ${header}.${payload}.${signature.slice(0, -2)}`, 'spbeTokenInvalid'],
    ['another audience', `Bearer ${await issuer.sign({ ...claims, aud: 'layanan-lain' })}`, 'spbeTokenInvalid'],
    ['no audience', `Bearer ${await issuer.sign({ ...claims, aud: undefined })}`, 'spbeTokenInvalid'],
    ['another issuer', `Bearer ${await issuer.sign({ ...claims, iss: 'https://lain.invalid' })}`, 'spbeTokenInvalid'],
    ['a critical header nobody knows', `Bearer ${b64({ ...own, crit: ['x'], x: 1 })}.${payload}.${signature}`, 'spbeTokenInvalid'],
    ['an ID token (typ in the claims)', `Bearer ${await issuer.sign({ ...claims, typ: 'ID' })}`, 'spbeTokenInvalid'],
    ['a logout token (typ in the header)', `Bearer ${await issuer.sign(claims, { header: { typ: 'logout+jwt' } })}`, 'spbeTokenInvalid'],
    ['an encrypted token', `Bearer ${good}.${b64(randomBytes(8))}.${b64(randomBytes(8))}`, 'spbeTokenInvalid'],
    ['20,000 characters', `Bearer ${'a'.repeat(20_000)}.b.c`, 'spbeTokenInvalid'],
    ['two tokens', `Bearer ${good} ${good}`, 'spbeTokenMissing'],
    ['no person', `Bearer ${await issuer.sign({ ...claims, sub: undefined })}`, 'spbePersonUnmapped'],
    ['a person with control characters', `Bearer ${await issuer.sign({ ...claims, sub: 'a\u0000b' })}`, 'spbePersonUnmapped'],
    ['an identity number as person', `Bearer ${await issuer.sign({ ...claims, sub: '9999010101800001' })}`, 'spbePersonUnmapped'],
    ['no role', `Bearer ${await issuer.sign({ ...claims, realm_access: {}, roles: undefined })}`, 'spbePersonUnmapped'],
  ]
}
