import type { Certificate } from '../certificate/index.js'
import { withDigest } from '../evidence.js'
import { checkJudgingTime } from '../judging-time.js'
import { mostUseful, type Judgement, type Revocation, type UnknownReason } from '../judgement.js'
import { assessCrl, isFinal, type Assessment, type JudgeCrlOptions } from './assess.js'
import type { Crl } from './crl.js'
import type { CrlEntry } from './entry.js'
import { allReasons, sameScope } from './scope.js'
import type { StreamedCrl } from './stream.js'

/** What several CRLs prove together (RFC 5280 section 6.3.3). */
export interface CombinedJudgement {
  readonly verdict: Judgement['verdict']
  readonly reason?: UnknownReason
  readonly revocation?: Revocation
  /** The thisUpdate of the newest CRL the verdict rests on. */
  readonly asOf?: Date
  /** For `notRevoked` and `onHold`: when the first of the CRLs it rests on stops to hold. */
  readonly validUntil?: Date
  /** One judgement for each CRL, in the given order. A partial CRL alone stays `unknown` there. */
  readonly judgements: readonly Judgement[]
}

/**
 * What one CRL proves about one certificate (RFC 5280 section 6.3.3). Signature, signer, scope, critical extensions and dates are checked here; the path of
 * `options.issuer` is the caller's matter (`checkStatus` does both). Never throws for unfavourable evidence. A delta or partitioned CRL alone proves only
 * what it lists: see {@link judgeCrls}. Throws `TypeError` for an invalid time, and for a `maxAge` or `skew` that is NaN.
 *
 * @example
 * ```ts
 * const { verdict, revocation } = await judgeCrl(revoked, readCrl(crl), { issuer: issuing, at })
 * verdict // 'revoked'
 * revocation // { date: new Date('2026-11-19T03:00:00Z'), reason: 'keyCompromise' }
 * const late = await judgeCrl(certificate, readCrl(crl), { issuer: issuing, at: new Date('2026-12-01') })
 * late.reason // 'stale'
 * ```
 */
export async function judgeCrl(certificate: Certificate, crl: Crl | StreamedCrl, options: JudgeCrlOptions): Promise<Judgement> {
  checkJudgingTime(options)
  return toJudgement(await assessCrl(certificate, crl, options), options)
}

/**
 * What several CRLs of one issuer prove together (RFC 5280 section 6.3): a complete CRL with its deltas (section 5.2.4), CRLs partitioned by reason whose masks add up to all
 * reasons (section 6.3.3), CRLs of different age, of which the newest counts. Throws as {@link judgeCrl}.
 *
 * @example
 * ```ts
 * const { verdict, validUntil, judgements } = await judgeCrls(certificate, [readCrl(earlierCrl), readCrl(crl)], { issuer: issuing, at })
 * verdict // 'notRevoked'
 * validUntil // new Date('2026-11-21T03:00:00Z')
 * judgements.map(({ crlNumber }) => crlNumber) // [1n, 2n]
 * ```
 */
export async function judgeCrls(certificate: Certificate, crls: readonly (Crl | StreamedCrl)[], options: JudgeCrlOptions): Promise<CombinedJudgement> {
  checkJudgingTime(options)
  const assessments: Assessment[] = []
  for (const crl of crls) assessments.push(await assessCrl(certificate, crl, options))
  const judgements = await Promise.all(assessments.map((assessment) => toJudgement(assessment, options)))
  return { ...combine(assessments, judgements, options), judgements }
}

async function toJudgement(assessment: Assessment, options: JudgeCrlOptions): Promise<Judgement> {
  const { crl, signer, entry } = assessment
  const { verdict, reason } = verdictAlone(assessment, options)
  const sha256 = 'verifiedBy' in crl ? crl.sha256 ?? '' : undefined
  return withDigest({
    source: 'crl', verdict, ...(reason && { reason }), ...(entry && (verdict === 'revoked' || verdict === 'onHold') && { revocation: toRevocation(entry) }),
    thisUpdate: crl.thisUpdate, ...(crl.nextUpdate && { nextUpdate: crl.nextUpdate }), ...(crl.crlNumber !== undefined && { crlNumber: crl.crlNumber }),
    fresh: assessment.refused === undefined && assessment.unfit === undefined, ...(signer && { signer }), bytes: 'verifiedBy' in crl ? new Uint8Array(0) : crl.der,
  }, sha256)
}

function toRevocation(entry: CrlEntry): Revocation {
  const { revocationDate: date, reason, invalidityDate } = entry
  return { date, ...(reason && { reason }), ...(invalidityDate && { invalidityDate }) }
}

/** A final listing counts whatever the CRL's age; one that was made after `at` counts when it dates the revocation before. */
function provesRevocation({ refused, entry, unfit }: Assessment, options: JudgeCrlOptions): boolean {
  if (refused !== undefined || !isFinal(entry)) return false
  return unfit !== 'notYetValid' || entry.revocationDate.getTime() <= options.at.getTime() + (options.skew ?? 300) * 1000
}

function verdictAlone(assessment: Assessment, options: JudgeCrlOptions): { verdict: Judgement['verdict']; reason?: UnknownReason } {
  const { crl, refused, entry, unfit, mask } = assessment
  if (refused !== undefined) return { verdict: 'unknown', reason: refused }
  if (provesRevocation(assessment, options)) return { verdict: 'revoked' }
  if (unfit !== undefined) return { verdict: 'unknown', reason: unfit }
  if (entry?.reason === 'certificateHold') return { verdict: 'onHold' }
  if (crl.baseCrlNumber !== undefined) return { verdict: 'unknown', reason: 'deltaWithoutBase' }
  if (mask === 0) return { verdict: 'unknown', reason: 'wrongScope' }
  return mask === allReasons ? { verdict: 'notRevoked' } : { verdict: 'unknown', reason: 'reasonsNotCovered' }
}

/** A complete CRL brought up to date by its delta, where there is one. */
interface Current {
  readonly onHold?: CrlEntry
  readonly mask: number
  readonly asOf: Date
  readonly validUntil: Date
}

function combine(assessments: readonly Assessment[], judgements: readonly Judgement[], options: JudgeCrlOptions): Omit<CombinedJudgement, 'judgements'> {
  const revoked = newest(assessments.filter((assessment) => provesRevocation(assessment, options)))
  if (revoked !== undefined) return { verdict: 'revoked', revocation: toRevocation(revoked.entry!), asOf: revoked.crl.thisUpdate }
  const usable = assessments.filter(({ refused }) => refused === undefined)
  const deltas = usable.filter(({ crl, unfit }) => crl.baseCrlNumber !== undefined && unfit === undefined)
  const current: Current[] = []
  for (const base of usable) {
    if (base.crl.baseCrlNumber !== undefined || base.mask === 0) continue
    const state = bringUpToDate(base, deltas)
    if (state !== undefined) current.push(state)
  }
  current.sort((a, b) => b.asOf.getTime() - a.asOf.getTime())
  let covered = 0
  let validUntil: Date | undefined
  let asOf: Date | undefined
  for (const state of current) {
    // An older CRL for reasons that a newer one has covered says nothing more (section 6.3.3 (e)).
    if ((state.mask & ~covered) === 0) continue
    covered |= state.mask
    asOf ??= state.asOf
    validUntil = validUntil === undefined || state.validUntil < validUntil ? state.validUntil : validUntil
    if (state.onHold !== undefined) return { verdict: 'onHold', revocation: toRevocation(state.onHold), asOf: state.asOf, validUntil: state.validUntil }
  }
  // A delta without its base, or a CRL out of scope, that puts the certificate on hold is still the issuer's word, unless a newer one takes it back.
  const held = newest(assessments.filter((_, i) => judgements[i]!.verdict === 'onHold'))
  if (held !== undefined && (asOf === undefined || held.crl.thisUpdate > asOf)) {
    return { verdict: 'onHold', revocation: toRevocation(held.entry!), asOf: held.crl.thisUpdate, validUntil: held.validUntil! }
  }
  if (covered === allReasons) return { verdict: 'notRevoked', ...(asOf && { asOf }), ...(validUntil && { validUntil }) }
  const reasons = judgements.flatMap(({ reason }) => reason ?? [])
  return { verdict: 'unknown', reason: covered === 0 ? mostUseful(reasons) : 'reasonsNotCovered' }
}

/**
 * RFC 5280 section 5.2.4: a delta may be applied when it builds on this CRL or an older one, is newer than it and has the same scope. Then its dates hold.
 * removeFromCRL takes back a hold; a final revocation has been answered before.
 */
function bringUpToDate(base: Assessment, deltas: readonly Assessment[]): Current | undefined {
  const { crl } = base
  const number = crl.crlNumber
  let best: Assessment | undefined
  for (const delta of deltas) {
    if (number === undefined || delta.crl.crlNumber === undefined || delta.crl.baseCrlNumber! > number || delta.crl.crlNumber <= number) continue
    if (!sameScope(crl, delta.crl)) continue
    if (best === undefined || delta.crl.crlNumber > best.crl.crlNumber!) best = delta
  }
  if (best === undefined && base.unfit !== undefined) return undefined
  if (base.unfit !== undefined && base.unfit !== 'stale') return undefined
  const entry = best?.entry ?? base.entry
  const newestPart = best ?? base
  return {
    ...(entry?.reason === 'certificateHold' && { onHold: entry }), mask: base.mask, asOf: newestPart.crl.thisUpdate, validUntil: newestPart.validUntil!,
  }
}

function newest(assessments: readonly Assessment[]): Assessment | undefined {
  let best: Assessment | undefined
  for (const assessment of assessments) if (best === undefined || assessment.crl.thisUpdate > best.crl.thisUpdate) best = assessment
  return best
}
