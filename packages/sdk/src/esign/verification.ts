import { esignId, type Certificate } from '@cabut/pki/certificate'
import type { WireSignature, WireVerification } from '../wire/esign.js'
import type { EsignCertificateDetail, EsignSignature, EsignVerification } from './port.js'

/** The service's answer in our words; absent members stay absent. */
export function verificationFrom(wire: WireVerification): EsignVerification {
  return {
    conclusion: wire.conclusion,
    ...(wire.description === undefined ? {} : { description: wire.description }),
    signatures: wire.signatureInformations.map(signatureFrom),
  }
}

/** What e-Sign says of one exact certificate, found by its `id`. */
export interface EsignOpinion {
  /** Signatures made with this very certificate. */
  readonly signatures: readonly EsignSignature[]
  /** Whether every one of them is intact and trusted, as the service sees it; `undefined` without any. */
  readonly trusted?: boolean
}

/**
 * The second opinion on a certificate: only answers bound to it by `id` = `C-` + SHA-256 of its DER count. Names and serials in the answer do
 * not bind. It never speaks of revocation.
 *
 * @example
 * ```ts
 * const signature = { integrityValid: true, certificateTrusted: true, certificates: [{ id: await esignId(certificate) }] }
 * const verification = { conclusion: 'VALID', signatures: [signature] }
 * const { trusted } = await opinionOn(certificate, verification)
 * trusted // true
 * await opinionOn(revoked, verification) // { signatures: [] }
 * ```
 */
export async function opinionOn(certificate: Certificate, verification: EsignVerification): Promise<EsignOpinion> {
  const id = await esignId(certificate)
  const signatures = verification.signatures.filter((signature) => signature.certificates[0]?.id?.toUpperCase() === id)
  if (signatures.length === 0) return { signatures }
  return { signatures, trusted: signatures.every((signature) => signature.integrityValid === true && signature.certificateTrusted === true) }
}

function signatureFrom(wire: WireSignature): EsignSignature {
  const timestampTime = wire.timestampInfomation?.timestampDate ?? wire.timestampInformation?.timestampDate
  return {
    ...present({
      signerName: wire.signerName,
      claimedTime: wire.signatureDate,
      timestampTime,
      format: wire.signatureFormat,
      integrityValid: wire.integrityValid,
      certificateTrusted: wire.certificateTrusted,
    }),
    certificates: (wire.certificateDetails ?? []).map((detail): EsignCertificateDetail => present({
      id: detail.id,
      commonName: detail.commonName,
      issuerName: detail.issuerName,
      serial: detail.serialNumber === undefined ? undefined : hexOfDecimal(detail.serialNumber),
      rawSerialNumber: detail.serialNumber,
      notBefore: detail.notBeforeDate,
      notAfter: detail.notAfterDate,
      signatureAlgorithm: detail.signatureAlgoritm ?? detail.signatureAlgorithm,
    })),
  }
}

/** e-Sign v2 prints serials in decimal; a number that has passed through a double (`1.2e+47`) is lost and stays raw only. */
function hexOfDecimal(text: string): string | undefined {
  return /^\d{1,60}$/.test(text) ? BigInt(text).toString(16) : undefined
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Present<T>
}
