import type { Certificate } from '@cabut/pki/certificate'
import type { EsignPort } from '../esign/index.js'
import type { CheckOptions } from './check.js'

/**
 * Finds a person's certificates through e-Sign: the user's status first, then the certificate chain, of which only the certificates that are
 * no authority's count. The chain carries the identity in its URL, which the client must be allowed by name (`allowIdentityInUrl`).
 *
 * @returns for `findByPerson` of `checkRows`: what was found, or the code of why nothing was learned
 * @example
 * ```ts
 * const credential = basic(sandbox.manage.esign.username, sandbox.manage.esign.password)
 * const esign = createEsign({ baseUrl: sandbox.urls.esign, credential, fetch: sandbox.fetch, allow: [allowPlainHttp, allowIdentityInUrl] })
 * const answer = await findThroughEsign(esign)({ nik: '9999020101800001' })
 * 'found' in answer && answer.found.map(({ serial }) => serial) // ['1e240']
 * await findThroughEsign(esign)({ nik: '9999010101800002' }) // { found: [] }
 * ```
 */
export function findThroughEsign(esign: EsignPort): NonNullable<CheckOptions['findByPerson']> {
  return async (person) => {
    const user = await esign.userStatus(person)
    if (user.outcome === 'unavailable') return { unavailable: user.cause.code }
    if (user.outcome === 'refused') return { unavailable: 'esignRefused' }
    if (user.value.status === 'NOT_REGISTERED' || user.value.status === 'NO_CERTIFICATE' || user.value.status === 'NEW') return { found: [] }
    const chain = await esign.certificateChain('nik' in person ? person.nik : person.email)
    if (chain.outcome === 'answered') return { found: chain.value.filter(isHolders) }
    return { unavailable: chain.outcome === 'refused' ? 'esignRefused' : chain.cause.code }
  }
}

function isHolders(certificate: Certificate): boolean {
  return certificate.basicConstraints?.ca !== true
}
