import { createHash, createPrivateKey, createPublicKey, generateKeyPair, sign, webcrypto, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { bitString, elements, sequence, sha256WithRsa } from './der.js'

const generate = promisify(generateKeyPair)

/** An RSA test key in the forms the authority needs. */
export interface TestKey {
  readonly privateKey: KeyObject
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer
  /** SHA-1 of the BIT STRING's content: SKI (RFC 5280 4.2.1.2), KeyHash of OCSP (RFC 6960 4.2.1). */
  readonly keyId: Buffer
  /** For @peculiar/x509. */
  readonly signingKey: CryptoKey
}

export async function generateKey(bits: number): Promise<TestKey> {
  const { privateKey } = await generate('rsa', { modulusLength: bits })
  return readKey(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
}

const reused = new Map<string, Promise<TestKey>>()

/** A key generated once per process and name: sandboxes that share keys start at once, and trust each other. */
export function reusedKey(bits: number, name: string): Promise<TestKey> {
  const slot = `${bits} ${name}`
  let key = reused.get(slot)
  if (key === undefined) reused.set(slot, (key = generateKey(bits)))
  return key
}

export async function readKey(pem: string): Promise<TestKey> {
  const privateKey = createPrivateKey(pem)
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' })
  const signingKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
  return { privateKey, spki, keyId: keyIdOf(spki), signingKey }
}

const pems = new WeakMap<TestKey, string>()

/** PKCS #8 in PEM; the same string for the same key, since bulk tests keep it many times. */
export function keyPem(key: TestKey): string {
  let text = pems.get(key)
  if (text === undefined) pems.set(key, (text = key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string))
  return text
}

function keyIdOf(spki: Buffer): Buffer {
  const bits = elements((elements(spki)[0] as { content: Buffer }).content)[1] as { content: Buffer }
  return createHash('sha1').update(bits.content.subarray(1)).digest()
}

/** `SEQUENCE { tbs, sha256WithRSA, signature, ...extra }`, the frame of certificates, CRLs and OCSP answers. */
export function signed(key: TestKey, tbs: Uint8Array, ...extra: readonly Uint8Array[]): Buffer {
  return sequence(tbs, sha256WithRsa, bitString(sign('sha256', tbs, key.privateKey)), ...extra)
}

export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

export function unpem(text: string): Buffer {
  return Buffer.from(text.replace(/-----[^-]+-----/g, '').replace(/\s/g, ''), 'base64')
}
