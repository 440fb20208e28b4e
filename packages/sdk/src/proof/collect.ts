import { readCertificate } from '@cabut/pki/certificate'
import { checkStatus, type CertificateInput, type StatusOptions, type StatusVerdict } from '@cabut/pki/status'

/** As pki's `checkStatus`: anchors, time, files at hand, injected fetch. */
export type EvidenceOptions = StatusOptions

/**
 * Collects signed evidence about one certificate: CRL and OCSP from the places it names, or files handed in. Never throws for what the network
 * does; what could not be had is in `problems`.
 *
 * @param certificate - DER, PEM or as read
 * @param options - `anchors` (pinned, not empty), `at`, and `fetch`: injected, or `false` to stay offline. `purposes` defaults to the certificate's own:
 *   any certificate may be revoked, whatever it is for, and BSrE's carry a critical purpose that RFC 5280 does not know
 * @throws PkiError when the certificate or an anchor cannot be read
 * @example
 * ```ts
 * const status = await collectEvidence(revoked, { anchors: [root], intermediates: [issuing], at: tuesday, crls: [crl], fetch: false })
 * status.status // 'revoked'
 * status.evidence.map(({ source, verdict, fresh }) => `${source} ${verdict} ${fresh}`) // ['crl revoked true']
 * const offline = await collectEvidence(certificate, { anchors: [root], intermediates: [issuing], at: tuesday, fetch: false })
 * offline.status // 'unknown'
 * ```
 */
export async function collectEvidence(certificate: CertificateInput, options: EvidenceOptions): Promise<StatusVerdict> {
  const read = typeof certificate === 'string' || certificate instanceof Uint8Array ? readCertificate(certificate) : certificate
  const purposes = options.purposes ?? read.extendedKeyUsage?.purposes
  return checkStatus(read, { ...options, ...(purposes === undefined ? {} : { purposes }) })
}
