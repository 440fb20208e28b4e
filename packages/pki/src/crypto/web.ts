import { DerReader, Tag } from '../der/index.js'
import { keyKind, type DigestAlgorithm } from './algorithm.js'
import type { DigestStream, ResolvedKey, SignatureResult, VerifyStream } from './port.js'

/** WebCrypto has no incremental hash: streams are buffered up to here (bytes). */
const bufferLimit = 256 * 1024 * 1024

export async function digestBytes(algorithm: DigestAlgorithm, data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(algorithm, data as BufferSource))
}

export { equalBytes as sameOctets } from '../der/index.js'

/** WebCrypto hashes asynchronously only. */
export const digestNow: undefined = undefined

export function streamDigest(algorithm: DigestAlgorithm): DigestStream {
  const buffer = new PieceBuffer()
  return { update: (piece) => buffer.add(piece), digest: () => digestBytes(algorithm, buffer.join()) }
}

const keys = new WeakMap<Uint8Array, Map<string, Promise<CryptoKey | undefined>>>()

function importKey(spki: Uint8Array, parameters: RsaHashedImportParams | EcKeyImportParams | { name: string }): Promise<CryptoKey | undefined> {
  const name = JSON.stringify(parameters)
  let byName = keys.get(spki)
  if (byName === undefined) keys.set(spki, (byName = new Map<string, Promise<CryptoKey | undefined>>()))
  let key = byName.get(name)
  if (key === undefined) {
    key = crypto.subtle.importKey('spki', spki as BufferSource, parameters, false, ['verify']).catch(() => undefined)
    byName.set(name, key)
  }
  return key
}

export async function verifyBytes(resolved: ResolvedKey, given: Uint8Array, data: Uint8Array): Promise<SignatureResult> {
  const { scheme, spki } = resolved
  // WebCrypto offers neither SHA-224, DSA nor Ed448.
  if (scheme.kind === 'dsa' || scheme.kind === 'ed448' || ('hash' in scheme && scheme.hash === 'SHA-224')) return 'unsupported'
  let signature: Uint8Array | undefined = given
  let key: CryptoKey | undefined
  let how: AlgorithmIdentifier | RsaPssParams | EcdsaParams
  if (scheme.kind === 'rsa-pkcs1') {
    key = await importKey(spki, { name: 'RSASSA-PKCS1-v1_5', hash: scheme.hash })
    how = { name: 'RSASSA-PKCS1-v1_5' }
  } else if (scheme.kind === 'rsa-pss') {
    key = await importKey(spki, { name: 'RSA-PSS', hash: scheme.hash })
    how = { name: 'RSA-PSS', saltLength: scheme.saltLength }
  } else if (scheme.kind === 'ecdsa') {
    const curve = keyKind(spki)
    if (curve !== 'P-256' && curve !== 'P-384' && curve !== 'P-521') return 'unsupported'
    key = await importKey(spki, { name: 'ECDSA', namedCurve: curve })
    how = { name: 'ECDSA', hash: scheme.hash }
    signature = rawEcdsaSignature(given, curve === 'P-256' ? 32 : curve === 'P-384' ? 48 : 66)
  } else {
    key = await importKey(spki, { name: 'Ed25519' })
    how = { name: 'Ed25519' }
  }
  if (key === undefined) return 'unsupported'
  if (signature === undefined) return 'invalid'
  try {
    return (await crypto.subtle.verify(how, key, signature as BufferSource, data as BufferSource)) ? 'valid' : 'invalid'
  } catch {
    return 'invalid'
  }
}

/** Ecdsa-Sig-Value (RFC 3279 section 2.2.3) to the fixed-width form WebCrypto takes; undefined when it is none. */
function rawEcdsaSignature(signature: Uint8Array, width: number): Uint8Array | undefined {
  try {
    const outer = new DerReader(signature)
    const reader = outer.enter(Tag.sequence)
    outer.finish()
    const raw = new Uint8Array(2 * width)
    for (const end of [width, 2 * width]) {
      const value = reader.integer()
      const magnitude = value[0] === 0 ? value.subarray(1) : value
      if (value[0]! & 0x80 || magnitude.length > width) return undefined
      raw.set(magnitude, end - magnitude.length)
    }
    reader.finish()
    return raw
  } catch { return undefined }
}

export function streamVerify(resolved: ResolvedKey): VerifyStream | undefined {
  const buffer = new PieceBuffer()
  return { update: (piece) => buffer.add(piece), verify: async (signature) => (buffer.full ? 'unsupported' : verifyBytes(resolved, signature, buffer.join())) }
}

class PieceBuffer {
  full = false
  #pieces: Uint8Array[] = []
  #size = 0

  add(piece: Uint8Array): void {
    this.#size += piece.length
    if (this.#size > bufferLimit) {
      this.full = true
      this.#pieces = []
    } else this.#pieces.push(new Uint8Array(piece))
  }

  join(): Uint8Array {
    if (this.full) throw new RangeError(`WebCrypto cannot hash a stream of more than ${bufferLimit} bytes`)
    const out = new Uint8Array(this.#size)
    let at = 0
    for (const piece of this.#pieces) {
      out.set(piece, at)
      at += piece.length
    }
    return out
  }
}
