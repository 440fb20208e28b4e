import type { Certificate } from '../certificate/certificate.js'
import { concatBytes, DerReader, encodeElement, readAlgorithm, Tag } from '../der/index.js'
import { PkiError } from '../errors.js'

const dsa = '1.2.840.10040.4.1'

/** Completed keys, so that the port's remembered imports hold for them too. */
const completed = new WeakMap<Uint8Array, WeakMap<Uint8Array, Uint8Array>>()

/**
 * The working public key of RFC 5280 6.1.4 (d)-(f): a DSA key without parameters inherits those of its issuer's key. `issuerKey` is the issuer's own working
 * key. Every other key is returned as it is.
 *
 * @example
 * ```ts
 * workingKey(issuing, root.spki) === issuing.spki // true
 * ```
 */
export function workingKey(certificate: Certificate, issuerKey: Uint8Array): Uint8Array {
  const { spki } = certificate
  // id-dsa stands at a fixed place behind two headers; nearly every key leaves here.
  const parts = dsaParts(spki)
  if (parts === undefined || parts.parameters !== undefined) return spki
  const inherited = dsaParts(issuerKey)?.parameters
  if (inherited === undefined) return spki
  let byIssuer = completed.get(spki)
  if (byIssuer === undefined) completed.set(spki, (byIssuer = new WeakMap()))
  let key = byIssuer.get(issuerKey)
  if (key === undefined) {
    const algorithm = encodeElement(Tag.sequence, concatBytes([parts.oid, inherited]))
    key = encodeElement(Tag.sequence, algorithm, parts.publicKey)
    byIssuer.set(issuerKey, key)
  }
  return key
}

function dsaParts(spki: Uint8Array): { oid: Uint8Array; parameters?: Uint8Array; publicKey: Uint8Array } | undefined {
  try {
    const reader = new DerReader(spki).enter(Tag.sequence)
    const algorithm = readAlgorithm(reader)
    if (algorithm.oid !== dsa) return undefined
    const oid = new DerReader(algorithm.der).enter(Tag.sequence).element(Tag.oid)
    const publicKey = reader.element(Tag.bitString)
    const { parameters } = algorithm
    return { oid, publicKey, ...(parameters !== undefined && parameters[0] === Tag.sequence && { parameters }) }
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
}
