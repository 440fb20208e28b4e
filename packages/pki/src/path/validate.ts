import type { Certificate } from '../certificate/certificate.js'
import { Oid } from '../certificate/extension.js'
import { verifySignature } from '../crypto/index.js'
import { checkJudgingTime } from '../judging-time.js'
import { namesMatch } from '../name/match.js'
import { workingKey } from './key.js'
import { comparisonBudget, NameConstraintState, type ComparisonBudget } from './nameconstraint.js'
import type { PathResult, PathRules } from './options.js'
import { PolicyState } from './policy.js'
import { refusalRank, type PathRefusal, type PathRefusalCode } from './refusal.js'

/** Purposes that RFC 5280 4.2.1.12 defines: known here, so that a critical extension with them is processed, not unknown. */
const pkixPurposes = '1.3.6.1.5.5.7.3.'

/** Signature check of one certificate by a working key; the builder answers from what it has checked. */
export type SignatureCheck = (certificate: Certificate, issuerKey: Uint8Array) => Promise<'valid' | 'invalid' | 'unsupported'>

/**
 * Validates a given path (RFC 5280 section 6.1): certificate in question first, trust anchor last. A path of the anchor alone is valid while the anchor is.
 * All reasons are gathered and ranked, not only the first. Unfavourable paths are values, not errors; an invalid time is a `TypeError`.
 *
 * @example
 * ```ts
 * const result = await validatePath([certificate, issuing, root], { at, purposes: ['1.2.840.113583.1.1.5'] })
 * result.ok // true
 * const other = await validatePath([certificate, root], { at })
 * other.ok || other.refusals.map(({ code }) => code) // ['purpose', 'badSignature', 'nameChaining']
 * ```
 */
export async function validatePath(path: readonly [Certificate, ...Certificate[]], rules: PathRules): Promise<PathResult> {
  checkJudgingTime({ at: rules.at })
  const { allow } = rules
  return validate(path, rules, (certificate, spki) => verifySignature({
    algorithm: certificate.signatureAlgorithm, signature: certificate.signature, data: certificate.tbs, spki, ...(allow && { allow }),
  }))
}

export async function validate(path: readonly Certificate[], rules: PathRules, checkSignature: SignatureCheck, comparisons: ComparisonBudget = comparisonBudget()): Promise<PathResult> {
  const refusals: PathRefusal[] = []
  const anchorIndex = path.length - 1
  const anchor = path[anchorIndex]!
  const length = anchorIndex
  const at = rules.at.getTime()
  const refuse = (code: PathRefusalCode, index: number, detail?: string): void => {
    refusals.push({ code, certificate: path[index]!, index, path, ...(detail !== undefined && { detail }) })
  }

  // RFC 5280 does not look at an anchor's dates; a caller who pins a certificate means it, dates included.
  if (at > anchor.notAfter.getTime()) refuse('anchorExpired', anchorIndex)
  else if (at < anchor.notBefore.getTime()) refuse('anchorNotYetValid', anchorIndex)

  const policy = new PolicyState(length, rules)
  const constraints = new NameConstraintState(comparisons)
  // An anchor given as a certificate brings its constraints along (RFC 5937 section 3.2): it can only narrow.
  constraints.add(anchor)
  let maxPathLength = anchor.basicConstraints?.pathLength ?? Infinity
  let key = anchor.spki
  let policies: readonly string[] | undefined = [Oid.anyPolicy]

  for (let i = 1; i <= length; i++) {
    const index = length - i
    const certificate = path[index]!
    const last = i === length
    const selfIssued = namesMatch(certificate.subject, certificate.issuer)

    // 6.1.3 (a)
    const signature = await checkSignature(certificate, key)
    if (signature === 'invalid') refuse('badSignature', index)
    else if (signature === 'unsupported') refuse('unsupportedAlgorithm', index, certificate.signatureAlgorithm.oid)
    if (at > certificate.notAfter.getTime()) refuse('expired', index)
    else if (at < certificate.notBefore.getTime()) refuse('notYetValid', index)
    if (!namesMatch(certificate.issuer, path[index + 1]!.subject)) refuse('nameChaining', index)
    // 6.1.3 (b), (c)
    if (!selfIssued || last) {
      const verdict = constraints.check(certificate)
      if (verdict !== undefined) refuse(verdict.code, index, verdict.detail)
    }
    // 6.1.3 (d)-(f)
    if (!policy.process(certificate, i, selfIssued)) refuse('policy', index)
    // 6.1.4 (o), 6.1.5 (f)
    for (const oid of certificate.unknownCriticalExtensions) if (!rules.acceptCritical?.includes(oid)) refuse('unknownCriticalExtension', index, oid)
    checkPurpose(certificate, last, rules.purposes, (detail) => refuse('purpose', index, detail))

    if (last) {
      policies = policy.finish(certificate)
      if (policies === undefined) refuse('policy', index)
      continue
    }
    // 6.1.4
    if (!policy.prepare(certificate, selfIssued)) refuse('policyMapping', index)
    constraints.add(certificate)
    if (certificate.basicConstraints?.ca !== true) refuse('notCa', index)
    if (!selfIssued) {
      if (maxPathLength <= 0) refuse('pathLength', index)
      else maxPathLength--
    }
    maxPathLength = Math.min(maxPathLength, certificate.basicConstraints?.pathLength ?? Infinity)
    if (certificate.keyUsage !== undefined && !certificate.keyUsage.has('keyCertSign')) refuse('keyUsage', index, 'keyCertSign')
    key = workingKey(certificate, key)
  }

  if (refusals.length === 0) {
    const objection = await rules.accept?.(path)
    if (objection === undefined) return { ok: true, path, policies: policies! }
    refusals.push({ ...objection, path })
  }
  refusals.sort((a, b) => refusalRank(a) - refusalRank(b))
  return { ok: false, refusal: refusals[0]!, refusals }
}

/** RFC 5280 4.2.1.12. That CA certificates narrow the purposes below them is practice, not RFC; it is applied where the caller names a purpose. */
function checkPurpose(certificate: Certificate, last: boolean, wanted: readonly string[] | undefined, refuse: (detail: string) => void): void {
  const usage = certificate.extendedKeyUsage
  if (usage === undefined) return
  if (wanted !== undefined) {
    if (!usage.purposes.some((purpose) => wanted.includes(purpose)) && !usage.purposes.includes(Oid.anyExtendedKeyUsage)) refuse(usage.purposes[0]!)
    return
  }
  if (!usage.critical || !last) return
  if (!usage.purposes.some((purpose) => purpose === Oid.anyExtendedKeyUsage || purpose.startsWith(pkixPurposes))) refuse(usage.purposes[0]!)
}
