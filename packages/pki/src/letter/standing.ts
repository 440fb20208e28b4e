import type { Certificate } from '../certificate/index.js'
import type { LegacyPermission } from '../crypto/index.js'
import { buildPath, type PolicyInputs } from '../path/index.js'
import { checkStatus, type StatusOptions, type StatusVerdict } from '../status/index.js'
import type { EvidenceBag } from './evidence.js'
import type { Standing } from './report.js'

/** Times of embedded evidence that are tried, at most. */
const maxTimes = 8

/** By what a standing is judged. */
export interface StandingInputs {
  readonly anchors: readonly [Certificate, ...Certificate[]]
  readonly intermediates: readonly Certificate[]
  readonly evidence: readonly Pick<EvidenceBag, 'crls' | 'ocsp'>[]
  /** Today, as the caller sees it. */
  readonly at: Date
  readonly purposes: readonly string[]
  readonly rules: PolicyInputs & Pick<StatusOptions, 'fetch' | 'allowHosts' | 'maxAge' | 'skew'> & { readonly allow?: readonly LegacyPermission[] }
}

export interface StandingResult {
  readonly standing: Standing
  readonly status: StatusVerdict
  readonly chain: readonly Certificate[]
}

/**
 * What the status of a certificate means for a signature that is proven to have existed at `proven`. Without proof it is judged for `at`, and a revocation
 * stands against it whatever its date. With proof the path must hold then; a revocation counts by its date against the proven time; that there was none may
 * be shown by evidence of that time or of any later one.
 */
export async function judgeStanding(certificate: Certificate, proven: Date | undefined, inputs: StandingInputs): Promise<StandingResult> {
  const today = await check(certificate, inputs.at, inputs, inputs.rules.fetch)
  if (proven === undefined) return { standing: today.status, status: today, chain: today.chain }
  const then = await check(certificate, proven, inputs, false)
  const verdicts = [then, today]
  let revoked = verdicts.find(({ status }) => status === 'revoked')
  let good = verdicts.find(({ status }) => status === 'good')
  if (revoked === undefined && good === undefined) {
    for (const time of evidenceTimes(inputs, proven)) {
      const verdict = await check(certificate, time, inputs, false)
      if (verdict.status === 'revoked') revoked = verdict
      else if (verdict.status === 'good') good = verdict
      if (revoked !== undefined || good !== undefined) break
    }
  }
  const { anchors, intermediates, purposes, rules } = inputs
  const { fetch: _fetch, allowHosts: _hosts, maxAge: _age, skew: _skew, ...pathRules } = rules
  const path = await buildPath(certificate, { ...pathRules, anchors, intermediates, at: proven, purposes })
  const chain = path.ok ? path.path : then.chain
  if (revoked !== undefined) {
    const { date, invalidityDate } = revoked.revocation!
    // RFC 5280 5.3.2: when the key is known to have been compromised counts, if that is earlier than the entry.
    const isBefore = date <= proven || (invalidityDate !== undefined && invalidityDate <= proven)
    return { standing: isBefore ? 'revokedBefore' : path.ok ? 'revokedAfter' : 'unknown', status: revoked, chain }
  }
  const held = verdicts.find(({ status }) => status === 'suspended')
  if (held !== undefined && good !== then) return { standing: 'suspended', status: held, chain }
  if (then.status === 'expired' || then.status === 'notYetValid') return { standing: then.status, status: then, chain }
  if (good !== undefined && path.ok) return { standing: 'good', status: good, chain }
  return { standing: 'unknown', status: then, chain }
}

/** Moments at or after `proven` when some evidence was fresh by its own word. */
function evidenceTimes({ evidence, at }: StandingInputs, proven: Date): Date[] {
  const times = new Set<number>()
  for (const { crls, ocsp } of evidence) {
    for (const { thisUpdate } of crls) times.add(thisUpdate.getTime())
    for (const { basic } of ocsp) for (const { thisUpdate } of basic?.responses ?? []) times.add(thisUpdate.getTime())
  }
  return [...times].filter((time) => time > proven.getTime() && time < at.getTime()).sort((a, b) => a - b).slice(0, maxTimes).map((time) => new Date(time))
}

function check(certificate: Certificate, at: Date, inputs: StandingInputs, fetch: StatusOptions['fetch']): Promise<StatusVerdict> {
  const { anchors, intermediates, evidence, purposes, rules } = inputs
  const { fetch: _fetch, ...others } = rules
  return checkStatus(certificate, {
    ...others, anchors, intermediates, at, purposes, crls: evidence.flatMap(({ crls }) => crls), ocsp: evidence.flatMap(({ ocsp }) => ocsp), ...(fetch !== undefined && { fetch }),
  })
}
