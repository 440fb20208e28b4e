import { readCertificate } from '@cabut/pki/certificate'
import { parseName, type Name } from '@cabut/pki/name'
import { CabutError } from '@cabut/sdk'
import type { CertificateReference } from '@cabut/sdk/request'
import type { Office } from './office.js'

const organization = '2.5.4.10'
const unit = '2.5.4.11'

/**
 * Refuses a certificate of another agency: one whose Subject DN names organisations, none of them this office's. Nothing is compared where the
 * office names no organisations, where only issuer and serial are known, or where `O` is `Personal`, as in older certificates.
 *
 * @throws {@link CabutError} `letterCertificateForeign`
 */
export function checkOrganization({ organizations }: Office, { der, subjectDn }: CertificateReference, at: string): void {
  if (organizations === undefined || (der === undefined && subjectDn === undefined)) return
  const subject: Name = der === undefined ? parseName(subjectDn as string) : readCertificate(der).subject
  const named = subject.rdns.flat().filter(({ type }) => type === organization || type === unit).map(({ value }) => fold(value))
  if (named.length === 0 || named.includes('personal')) return
  if (!organizations.some((own) => named.includes(fold(own)))) throw new CabutError('letterCertificateForeign', { at })
}

/** Case, punctuation and repeated blanks do not tell two spellings of one agency apart. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}
