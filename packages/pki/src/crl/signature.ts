import { digestNow, createVerifier, verifySignature, type LegacyPermission, type SignatureResult, type VerifyStream } from '../crypto/index.js'
import type { Certificate } from '../certificate/index.js'
import { DerReader, equalBytes, readAlgorithm } from '../der/index.js'
import { sameName } from '../issued-by.js'
import type { Crl } from './crl.js'
import type { CrlHead } from './head.js'
import type { StreamedCrl } from './stream.js'

const verified = new WeakMap<Crl, WeakMap<Uint8Array, 'valid' | 'invalid'>>()

/**
 * Checks the signature of a CRL by a certificate's key (RFC 5280 section 6.3.3 (g)); says nothing of rights and dates. Results are remembered while both live. A streamed CRL
 * answers for the `signers` it was read with, and `unsupported` for any other.
 *
 * @example
 * ```ts
 * await verifyCrl(readCrl(crl), issuing) // 'valid'
 * await verifyCrl(readCrl(crl), root) // 'invalid'
 * ```
 */
export async function verifyCrl(crl: Crl | StreamedCrl, signer: Pick<Certificate, 'spki'>, allow: readonly LegacyPermission[] = []): Promise<SignatureResult> {
  if ('verifiedBy' in crl) return crl.verifiedBy(signer.spki)
  let byKey = allow.length === 0 ? verified.get(crl) : undefined
  const known = byKey?.get(signer.spki)
  if (known !== undefined) return known
  const result = await verifySignature({ algorithm: crl.signatureAlgorithm, signature: crl.signature, data: crl.tbs, spki: signer.spki, allow })
  if (result !== 'unsupported' && allow.length === 0) {
    if (byKey === undefined) verified.set(crl, (byKey = new WeakMap()))
    byKey.set(signer.spki, result)
  }
  return result
}

/** Signature checks that take the signed octets while the entries are walked over, and so find them in the processor's cache. */
export class WalkCheck {
  readonly #streams: { readonly spki: Uint8Array; readonly stream: VerifyStream }[] = []

  /** For those of `signers` that have the issuer's name; none where the platform only checks asynchronously. */
  constructor(head: CrlHead, signers: readonly Certificate[]) {
    if (digestNow === undefined) return
    const algorithm = readAlgorithm(new DerReader(head.innerAlgorithm))
    for (const { spki, subject, subjectDer } of signers) {
      if (!sameName({ name: subject, der: subjectDer }, { name: head.issuer, der: head.issuerDer }) || this.#streams.some((other) => equalBytes(other.spki, spki))) continue
      const stream = createVerifier({ algorithm, spki })
      if (stream?.verifyNow !== undefined) this.#streams.push({ spki, stream })
    }
  }

  get isWanted(): boolean {
    return this.#streams.length > 0
  }

  update(piece: Uint8Array): void {
    for (const { stream } of this.#streams) stream.update(piece)
  }

  /** Remembers the results for {@link verifyCrl}. */
  finish(crl: Crl): void {
    if (this.#streams.length === 0) return
    const byKey = new WeakMap<Uint8Array, 'valid' | 'invalid'>()
    for (const { spki, stream } of this.#streams) {
      const result = stream.verifyNow!(crl.signature)
      if (result !== 'unsupported') byKey.set(spki, result)
    }
    verified.set(crl, byKey)
  }
}
