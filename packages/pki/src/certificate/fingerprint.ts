import { digest, toHex } from '../crypto/index.js'
import type { Certificate } from './certificate.js'

/**
 * SHA-256 of the certificate's DER (RFC 5280 section 4.1), lower-case hex without colons.
 *
 * @example
 * ```ts
 * import { X509Certificate } from 'node:crypto'
 * const { fingerprint256 } = new X509Certificate(pem)
 * await certificateSha256(certificate) === fingerprint256.replaceAll(':', '').toLowerCase() // true
 * ```
 */
export async function certificateSha256(certificate: Pick<Certificate, 'der'>): Promise<string> {
  return toHex(await digest('SHA-256', certificate.der))
}

/**
 * `C-` and the upper-case SHA-256 of the DER: the `id` by which validation reports (ETSI TS 119 102-2) of DSS-based services name a certificate.
 *
 * @example
 * ```ts
 * await esignId(certificate) === `C-${(await certificateSha256(certificate)).toUpperCase()}` // true
 * ```
 */
export async function esignId(certificate: Pick<Certificate, 'der'>): Promise<string> {
  return `C-${(await certificateSha256(certificate)).toUpperCase()}`
}
