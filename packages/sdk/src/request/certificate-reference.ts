import { certificateSha256, readCertificate, type Certificate } from '@cabut/pki/certificate'
import { formatName, namesMatch, parseName, type Name } from '@cabut/pki/name'
import { issue, type Issue } from '../issues.js'
import { protectPersonal } from './personal.js'
import { readSerial } from './serial.js'

/** How a request may point to a certificate: the certificate itself (PEM text or DER bytes), or what is known of it. */
export type CertificateInput =
  | string
  | Uint8Array
  | {
      /** PEM text or DER bytes. */
      readonly certificate?: string | Uint8Array
      /** RFC 4514 text. */
      readonly issuerDn?: string
      /** Hexadecimal text (`0x`, colons and leading zeros allowed), or explicitly `{ decimal }` or `{ hex }`, or a bigint. */
      readonly serial?: string | bigint | { readonly hex: string } | { readonly decimal: string }
      /** RFC 4514 text. */
      readonly subjectDn?: string
      /** Username in AMS. */
      readonly username?: string
    }

/**
 * The certificate meant. Issuer and serial address it; username and Subject DN are what BSrE compares (Pekalongan 2.6).
 * Subject DN and username are personal data.
 */
export interface CertificateReference {
  /** RFC 4514 text. */
  readonly issuerDn?: string
  /** Lower-case hex without leading zeros. */
  readonly serial?: string
  readonly subjectDn?: string
  readonly username?: string
  readonly der?: Uint8Array
  /** Lower-case hex of the DER. */
  readonly sha256?: string
  /** ISO 8601 UTC. */
  readonly notBefore?: string
  readonly notAfter?: string
}

/**
 * Reads a reference; what cannot be read, or contradicts itself, is an issue. Without the certificate the Subject DN is "belum diperiksa".
 * Throws nothing for what the reference holds.
 *
 * @param at - dotted path of the reference, named by every issue
 * @returns issues `certificateMissing`, `certificateUnreadable`, `certificateMismatch`, `dnForm` and those of {@link readSerial}; the warning `dnNotChecked`
 * @example
 * ```ts
 * const { reference, warnings } = await readCertificateReference({ issuerDn: 'C=ID, CN=CA Contoh', serial: '0x00:4D:2A' }, 'certificate')
 * reference.issuerDn // 'C=ID,CN=CA Contoh'
 * reference.serial // '4d2a'
 * warnings.map(({ code }) => code) // ['dnNotChecked']
 * const other = await readCertificateReference({ certificate: certificate.der, serial: { decimal: '19755' } }, 'certificate')
 * other.issues.map(({ path, code }) => `${path}: ${code}`) // ['certificate.serial: certificateMismatch']
 * ```
 */
export async function readCertificateReference(
  input: CertificateInput,
  at: string,
): Promise<{ readonly reference: CertificateReference; readonly issues: readonly Issue[]; readonly warnings: readonly Issue[] }> {
  const parts = typeof input === 'string' || input instanceof Uint8Array ? { certificate: input } : input
  const issues: Issue[] = []
  const given = (field: string): string => (parts === input ? `${at}.${field}` : at)
  const certificate =
    parts.certificate === undefined
      ? undefined
      : attempt(() => readCertificate(parts.certificate as string), issues, issue(given('certificate'), 'certificateUnreadable'))
  const issuer = readDn(parts.issuerDn, `${at}.issuerDn`, issues)
  const subject = readDn(parts.subjectDn, `${at}.subjectDn`, issues)
  const serial = parts.serial === undefined ? undefined : readSerial(parts.serial, `${at}.serial`, certificate?.serial)
  issues.push(...(serial?.issues ?? []))
  if (certificate !== undefined) issues.push(...contradictions(certificate, issuer, subject, serial?.serial, at))
  const addressed =
    certificate !== undefined ||
    (parts.issuerDn !== undefined && parts.serial !== undefined) ||
    (parts.username !== undefined && parts.subjectDn !== undefined)
  if (parts.certificate === undefined && !addressed) issues.push(issue(at, 'certificateMissing'))
  const facts =
    certificate === undefined
      ? {}
      : {
          issuerDn: formatName(certificate.issuer),
          serial: certificate.serial,
          subjectDn: formatName(certificate.subject),
          der: certificate.der,
          sha256: await certificateSha256(certificate),
          notBefore: certificate.notBefore.toISOString(),
          notAfter: certificate.notAfter.toISOString(),
        }
  const reference: CertificateReference = {
    ...(issuer === undefined ? {} : { issuerDn: formatName(issuer) }),
    ...(serial?.serial === undefined ? {} : { serial: serial.serial }),
    ...(subject === undefined ? {} : { subjectDn: formatName(subject) }),
    ...(parts.username === undefined ? {} : { username: parts.username }),
    ...facts,
  }
  return {
    reference: protectPersonal(reference, ['subjectDn', 'username', 'der']),
    issues,
    warnings: certificate === undefined ? [issue(`${at}.subjectDn`, 'dnNotChecked')] : [],
  }
}

function contradictions(
  certificate: Certificate,
  issuer: Name | undefined,
  subject: Name | undefined,
  serial: string | undefined,
  at: string,
): Issue[] {
  return [
    ...(issuer === undefined || namesMatch(issuer, certificate.issuer) ? [] : [issue(`${at}.issuerDn`, 'certificateMismatch')]),
    ...(subject === undefined || namesMatch(subject, certificate.subject) ? [] : [issue(`${at}.subjectDn`, 'certificateMismatch')]),
    ...(serial === undefined || serial === certificate.serial ? [] : [issue(`${at}.serial`, 'certificateMismatch')]),
  ]
}

function readDn(text: string | undefined, at: string, issues: Issue[]): Name | undefined {
  return text === undefined ? undefined : attempt(() => parseName(text), issues, issue(at, 'dnForm'))
}

function attempt<T>(read: () => T, issues: Issue[], failure: Issue): T | undefined {
  try {
    return read()
  } catch {
    issues.push(failure)
    return undefined
  }
}
