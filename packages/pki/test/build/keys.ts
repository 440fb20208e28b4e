import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { bits, explicit, int, nul, oid, seq } from './der.js'

export type Algorithm = 'rsa-sha256' | 'rsa-sha384' | 'rsa-sha1' | 'rsa-pss' | 'p256' | 'p384' | 'p521' | 'ed25519' | 'ed448' | 'dsa'

export interface Key {
  readonly algorithm: Algorithm
  readonly privateKey: KeyObject
  readonly spki: Buffer
  /** SHA-1 of the key's octets. */
  readonly id: Buffer
}

const curves = { p256: 'P-256', p384: 'P-384', p521: 'P-521' } as const

export function makeKey(algorithm: Algorithm): Key {
  const pair = algorithm.startsWith('rsa') ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : algorithm === 'dsa' ? generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })
      : algorithm === 'ed25519' ? generateKeyPairSync('ed25519') : algorithm === 'ed448' ? generateKeyPairSync('ed448')
        : generateKeyPairSync('ec', { namedCurve: curves[algorithm as keyof typeof curves] })
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' }) as Buffer
  return { algorithm, privateKey: pair.privateKey, spki, id: createHash('sha1').update(keyOctets(spki)).digest() }
}

/** Offset of the content of the element at `at`, and where it ends. */
function content(bytes: Buffer, at: number): { start: number; end: number } {
  const first = bytes[at + 1]!
  if (first < 128) return { start: at + 2, end: at + 2 + first }
  const start = at + 2 + (first & 127)
  return { start, end: start + bytes.readUIntBE(at + 2, first & 127) }
}

/** Content of the BIT STRING in a SubjectPublicKeyInfo, without the count of unused bits. */
export function keyOctets(spki: Buffer): Buffer {
  const algorithm = content(spki, content(spki, 0).start)
  const key = content(spki, algorithm.end)
  return spki.subarray(key.start + 1, key.end)
}

const sha256 = seq(oid('2.16.840.1.101.3.4.2.1'), nul())
const identifiers: Record<Algorithm, Buffer> = {
  'rsa-sha256': seq(oid('1.2.840.113549.1.1.11'), nul()),
  'rsa-sha384': seq(oid('1.2.840.113549.1.1.12'), nul()),
  'rsa-sha1': seq(oid('1.2.840.113549.1.1.5'), nul()),
  'rsa-pss': seq(oid('1.2.840.113549.1.1.10'), seq(explicit(0, sha256), explicit(1, seq(oid('1.2.840.113549.1.1.8'), sha256)), explicit(2, int(32)))),
  p256: seq(oid('1.2.840.10045.4.3.2')),
  p384: seq(oid('1.2.840.10045.4.3.3')),
  p521: seq(oid('1.2.840.10045.4.3.4')),
  ed25519: seq(oid('1.3.101.112')),
  ed448: seq(oid('1.3.101.113')),
  dsa: seq(oid('2.16.840.1.101.3.4.3.2')),
}
const hashes: Partial<Record<Algorithm, string>> = { 'rsa-sha384': 'sha384', 'rsa-sha1': 'sha1', p384: 'sha384', p521: 'sha512' }

export const algorithmIdentifier = (key: Key): Buffer => identifiers[key.algorithm]

export function signatureOver(key: Key, data: Uint8Array): Buffer {
  if (key.algorithm.startsWith('ed')) return sign(null, data, key.privateKey)
  if (key.algorithm === 'rsa-pss') return sign('sha256', data, { key: key.privateKey, padding: 6, saltLength: 32 })
  return sign(hashes[key.algorithm] ?? 'sha256', data, key.privateKey)
}

/** SEQUENCE of data, algorithm and signature; `spoil` breaks the signature. */
export function signed(key: Key, tbs: Buffer, tail: readonly Buffer[] = [], spoil = false): Buffer {
  const signature = signatureOver(key, tbs)
  if (spoil) signature[signature.length - 1]! ^= 1
  return seq(tbs, algorithmIdentifier(key), bits(signature), ...tail)
}
