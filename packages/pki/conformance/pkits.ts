import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { allowSha1, checkStatus, PkiError, readCertificate } from '../src/index.js'
import type { CaseResult, Suite } from './suite.js'

/** A case of NIST's Public Key Interoperability Test Suite, in the notation of the vectors' `pkits.json`. */
interface PkitsCase {
  readonly id: string
  readonly name: string
  readonly cert: string
  readonly other_certs?: readonly string[]
  readonly crls?: readonly string[]
  readonly error?: unknown
  readonly params?: {
    readonly user_initial_policy_set?: readonly string[]
    readonly initial_explicit_policy?: boolean
    readonly initial_policy_mapping_inhibit?: boolean
    readonly initial_any_policy_inhibit?: boolean
  }
}

/** Within the validity of the suite's certificates (2010 to 2030) and CRLs. */
const at = new Date('2020-01-01T00:00:00Z')

/**
 * Every case whole: path and revocation of every certificate, as PKITS means it, by the CRLs the case names and the trust anchor's. The suite's DSA
 * signatures are over SHA-1.
 */
export const pkits: Suite = {
  name: 'NIST PKITS',
  folder: 'pkits',
  async run(folder) {
    const cases = JSON.parse(readFileSync(join(folder, 'pkits.json'), 'utf8')) as readonly PkitsCase[]
    const certificate = (file: string): Uint8Array => readFileSync(join(folder, 'certs', file))
    const crl = (file: string): Uint8Array => readFileSync(join(folder, 'crls', file))
    const anchor = readCertificate(certificate('TrustAnchorRootCertificate.crt'))
    const results: CaseResult[] = []
    for (const item of cases) {
      const { params = {} } = item
      let outcome: string
      try {
        const verdict = await checkStatus(certificate(item.cert), {
          anchors: [anchor], at, fetch: false, allow: [allowSha1],
          // A certificate that cannot be read is as good as absent.
          intermediates: (item.other_certs ?? []).flatMap((file) => readable(certificate(file))),
          crls: [...new Set(['TrustAnchorRootCRL.crl', ...(item.crls ?? [])])].map(crl),
          ...(params.user_initial_policy_set && { initialPolicies: params.user_initial_policy_set }),
          requireExplicitPolicy: params.initial_explicit_policy ?? false,
          inhibitPolicyMapping: params.initial_policy_mapping_inhibit ?? false,
          inhibitAnyPolicy: params.initial_any_policy_inhibit ?? false,
        })
        const why = verdict.reason === 'pathInvalid' ? verdict.problems.find((problem) => problem.reason === 'pathInvalid')?.detail : verdict.reason
        outcome = verdict.status === 'good' || why === undefined ? verdict.status : `${verdict.status} ${why}`
      } catch (error) {
        if (!(error instanceof PkiError)) throw error
        outcome = `unreadable ${error.code}`
      }
      const id = `${item.id} ${item.name}`
      // Two cases of the suite's listing share name and number.
      results.push({ id: results.some((result) => result.id === id) ? `${id} again` : id, expected: item.error === undefined ? 'good' : 'refused', outcome })
    }
    return results
  },
}

function readable(der: Uint8Array): Uint8Array[] {
  try {
    readCertificate(der)
    return [der]
  } catch (error) {
    if (error instanceof PkiError) return []
    throw error
  }
}
