import type { CertificateReference } from '@cabut/sdk/request'
import { identitySlug, sha256Hex, type LetterIdentity } from '../letter/identity.js'

/** Ids of requests that came by letter: the letter's slug, then 12 hex digits of the certificate. */
const form = /^([A-Za-z0-9_-]{1,24}-\d{4}-[0-9a-f]{16})-[0-9a-f]{12}$/

/**
 * The id of the request one letter makes for one certificate. The same letter and certificate give the same id in every process and every
 * year, so that filing twice cannot happen: the desk refuses an id it knows.
 *
 * @param certificate issuer and serial count where both are known, otherwise username and Subject DN
 * @returns the {@link identitySlug} of the letter and 12 hex digits of the certificate
 * @example
 * ```ts
 * const letter = { office: 'DINDIK', number: '000.8.3.3/15/DINDIK', year: 2026 }
 * await caseId(letter, { issuerDn: 'CN=BSRE CA DS G1,O=BSSN,C=ID', serial: '1f2e3d' }) // 'DINDIK-2026-1f862d283dc3631f-861f7edf6682'
 * ```
 */
export async function caseId(identity: LetterIdentity, certificate: CertificateReference): Promise<string> {
  const { issuerDn, serial, username, subjectDn } = certificate
  const key = serial !== undefined && issuerDn !== undefined ? `serial ${serial} ${issuerDn}` : `user ${username ?? ''} ${subjectDn ?? ''}`
  return `${await identitySlug(identity)}-${(await sha256Hex(new TextEncoder().encode(key))).slice(0, 12)}`
}

/**
 * Slug of the letter a request came by (see {@link identitySlug}); `undefined` when it came another way.
 *
 * @example
 * ```ts
 * letterSlugOf('DINDIK-2026-1f862d283dc3631f-861f7edf6682') // 'DINDIK-2026-1f862d283dc3631f'
 * letterSlugOf('P-2026-0007') // undefined
 * ```
 */
export function letterSlugOf(requestId: string): string | undefined {
  return form.exec(requestId)?.[1]
}
