import { digest, digestNow, toHex } from './crypto/index.js'
import type { Judgement } from './judgement.js'

/** Digests of evidence, by the very array: one CRL is judged for thousands of certificates. */
const digests = new WeakMap<Uint8Array, string>()

/** Completes a judgement, which nobody else has seen yet, with the SHA-256 of its bytes: where hashing is synchronous, only when somebody reads it. */
export function withDigest(fields: Omit<Judgement, 'sha256'>, known?: string): Judgement | Promise<Judgement> {
  const { bytes } = fields
  const ready = known ?? digests.get(bytes)
  if (ready !== undefined) return { ...fields, sha256: ready }
  if (digestNow !== undefined) return Object.defineProperty(fields, 'sha256', lazyDigest) as Judgement
  return digest('SHA-256', bytes).then((hash) => {
    const sha256 = toHex(hash)
    digests.set(bytes, sha256)
    return { ...fields, sha256 }
  })
}

/** An own, enumerable property, so that copies and JSON have it; one getter for all, so that judging a thousand certificates makes no thousand closures. */
const lazyDigest: PropertyDescriptor & ThisType<Judgement> = {
  enumerable: true,
  configurable: true,
  get(): string {
    const { bytes } = this
    let value = digests.get(bytes)
    if (value === undefined) digests.set(bytes, (value = toHex(digestNow!('SHA-256', bytes))))
    return value
  },
}
