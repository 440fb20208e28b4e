import { constants, createHash, createPublicKey, createVerify, verify as verifyOnce, type KeyObject, type VerifyKeyObjectInput } from 'node:crypto'
import type { DigestAlgorithm, SignatureHash } from './algorithm.js'
import type { DigestStream, ResolvedKey, SignatureResult, VerifyStream } from './port.js'

const nodeHashes: Readonly<Record<SignatureHash, string>> = { 'SHA-1': 'sha1', 'SHA-224': 'sha224', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' }

export async function digestBytes(algorithm: DigestAlgorithm, data: Uint8Array): Promise<Uint8Array> {
  return digestNow(algorithm, data)
}

/** As {@link digestBytes}, at once. */
export function digestNow(algorithm: DigestAlgorithm, data: Uint8Array): Uint8Array {
  const hash = createHash(nodeHashes[algorithm]).update(data).digest()
  return new Uint8Array(hash.buffer, hash.byteOffset, hash.byteLength)
}

export function streamDigest(algorithm: DigestAlgorithm): DigestStream {
  const hash = createHash(nodeHashes[algorithm])
  return {
    update: (piece) => { hash.update(piece) },
    digest: async () => new Uint8Array(hash.digest()),
  }
}

/** As `equalBytes`, by memcmp: worth its call for some hundred octets, such as a certificate that came again. */
export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}

/** Importing a key costs more than an RSA verification; keys live as long as the array they were read from. */
const keys = new WeakMap<Uint8Array, KeyObject>()

function importKey(spki: Uint8Array): KeyObject | undefined {
  const known = keys.get(spki)
  if (known !== undefined) return known
  try {
    const key = createPublicKey({ key: spki as Buffer, format: 'der', type: 'spki' })
    keys.set(spki, key)
    return key
  } catch { return undefined }
}

function keyInput(resolved: ResolvedKey, key: KeyObject): KeyObject | VerifyKeyObjectInput {
  const { scheme } = resolved
  return scheme.kind === 'rsa-pss' ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength } : key
}

/** At once: node:crypto's asynchronous form costs a thread's round trip, several RSA verifications. */
export function verifyBytes(resolved: ResolvedKey, signature: Uint8Array, data: Uint8Array): SignatureResult {
  const key = importKey(resolved.spki)
  if (key === undefined) return 'unsupported'
  const { scheme } = resolved
  const hash = 'hash' in scheme ? nodeHashes[scheme.hash] : null
  try {
    return verifyOnce(hash, data, keyInput(resolved, key), signature) ? 'valid' : 'invalid'
  } catch {
    // OpenSSL throws for signatures it cannot even decode; algorithm and key have been found to fit before.
    return 'invalid'
  }
}

export function streamVerify(resolved: ResolvedKey): VerifyStream | undefined {
  const key = importKey(resolved.spki)
  const { scheme } = resolved
  if (key === undefined || !('hash' in scheme)) return undefined
  const verifier = createVerify(nodeHashes[scheme.hash])
  const verifyNow = (signature: Uint8Array): SignatureResult => {
    try {
      return verifier.verify(keyInput(resolved, key), signature) ? 'valid' : 'invalid'
    } catch {
      return 'invalid'
    }
  }
  return { update: (piece) => { verifier.update(piece) }, verifyNow, verify: async (signature) => verifyNow(signature) }
}
