import type { LegacyPermission } from '../crypto/index.js'
import type { Certificate } from '../certificate/index.js'
import { equalBytes } from '../der/index.js'
import { withDigest } from '../evidence.js'
import { issuedBy } from '../issued-by.js'
import { checkJudgingTime } from '../judging-time.js'
import type { Judgement, UnknownReason } from '../judgement.js'
import { whenKnown } from '../when-known.js'
import { issuerHashes, nameHashOf } from './certid.js'
import { answersFor, hasHash, type BasicOcspResponse, type OcspResponse, type SingleResponse } from './response.js'
import { findSigner } from './signer.js'

/** How {@link judgeOcsp} judges (RFC 6960 section 3.2). */
export interface JudgeOcspOptions {
  /** The certificate's issuer, whose own path the caller has validated. */
  readonly issuer: Certificate
  /** The time to judge for. Evidence of the past is judged at the time it was made. */
  readonly at: Date
  /** The nonce that was sent: the answer must carry it. */
  readonly nonce?: Uint8Array
  /** Accept an answer without nonce although one was sent: many responders sign in advance (RFC 5019). A different nonce is never accepted. @default false */
  readonly nonceOptional?: boolean
  /** Oldest answer that proves "good", seconds since thisUpdate. @default by nextUpdate; for an answer without it, `skew` */
  readonly maxAge?: number
  /** How far thisUpdate and producedAt may lie ahead of `at`, seconds. @default 300 */
  readonly skew?: number
  /**
   * The status of a delegated responder's certificate without id-pkix-ocsp-nocheck (RFC 6960 section 4.2.2.2.1), as the caller has found it out.
   * `unknown` makes the answer unknown, unless the certificate names no place where its status could be found: then the RFC leaves it to the client, and
   * the delegation alone counts.
   * @default unknown
   */
  readonly responderStatus?: (responder: Certificate) => Promise<Judgement['verdict']>
  /** Deprecated algorithms accepted in old evidence. @default [] */
  readonly allow?: readonly LegacyPermission[]
}

/**
 * What one OCSP answer proves about one certificate (RFC 6960 section 3.2): right certificate, signed by the issuer or by a responder it delegated, right
 * nonce, right time. The path of `options.issuer` is the caller's matter (`checkStatus` does both). Never throws for unfavourable evidence;
 * `TypeError` for an invalid time, and for a `maxAge` or `skew` that is NaN.
 *
 * @example
 * ```ts
 * const request = await buildOcspRequest({ certificate, issuer: issuing, nonce })
 * const judgement = await judgeOcsp(certificate, readOcspResponse(responder(request)), { issuer: issuing, at, nonce })
 * judgement.verdict // 'notRevoked'
 * const replayed = await judgeOcsp(certificate, readOcspResponse(ocsp), { issuer: issuing, at, nonce })
 * replayed.reason // 'nonceMissing'
 * ```
 */
export async function judgeOcsp(certificate: Certificate, response: OcspResponse, options: JudgeOcspOptions): Promise<Judgement> {
  checkJudgingTime(options)
  const { basic, der: bytes } = response
  if (basic === undefined) return withDigest({ source: 'ocsp', verdict: 'unknown', reason: 'responderError', fresh: false, bytes })
  const { issuer, allow } = options
  return whenKnown(issuedBy(certificate, issuer, allow), (issued) => {
    if (issued !== 'valid') return withDigest(unusable(response, issued === 'unsupported' ? 'unsupportedAlgorithm' : issued === 'otherName' ? 'issuerMismatch' : 'otherCertificate'))
    return whenKnown(findSingle(certificate, basic, issuer), (single) => {
      if (typeof single === 'string') return withDigest(unusable(response, single))
      return whenKnown(findSigner(basic, options), (signer) => withDigest(conclude(certificate, response, single, signer, options)))
    })
  })
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Undigested = Mutable<Omit<Judgement, 'sha256'>>

function unusable({ der: bytes, basic }: OcspResponse, reason: UnknownReason): Undigested {
  return { source: 'ocsp', verdict: 'unknown', reason, fresh: false, bytes, producedAt: basic!.producedAt }
}

function conclude(certificate: Certificate, { basic, der: bytes }: OcspResponse, single: SingleResponse, signer: Certificate | UnknownReason, options: JudgeOcspOptions): Undigested {
  const { thisUpdate, nextUpdate, revocationTime } = single
  const { producedAt } = basic!
  const isSigned = typeof signer !== 'string'
  const unfit = isSigned ? whyUnfit(certificate, basic!, single, options) : signer
  const { verdict, reason } = isSigned ? decide(single, unfit, options) : { verdict: 'unknown' as const, reason: signer }
  const judgement: Undigested = { source: 'ocsp', verdict, fresh: unfit === undefined, bytes, producedAt, thisUpdate }
  if (nextUpdate !== undefined) judgement.nextUpdate = nextUpdate
  if (isSigned) judgement.signer = signer
  if (reason !== undefined) judgement.reason = reason
  if (verdict === 'revoked' || verdict === 'onHold') judgement.revocation = { date: revocationTime!, ...(single.reason && { reason: single.reason }) }
  return judgement
}

/** The answer for this certificate: of several the newest, but a final revocation before anything else. */
function findSingle(certificate: Certificate, basic: BasicOcspResponse, issuer: Certificate): SingleResponse | UnknownReason | Promise<SingleResponse | UnknownReason> {
  let found: SingleResponse | undefined
  // The first that is not known at once makes the rest wait for it.
  let waiting: Promise<void> | undefined
  for (const single of basic.responses) {
    if (!answersFor(single, certificate)) continue
    const concerns = waiting === undefined ? namesIssuer(single, certificate, issuer) : waiting.then(() => namesIssuer(single, certificate, issuer))
    const take = (itDoes: boolean): void => { if (itDoes && (found === undefined || counts(single, found))) found = single }
    if (concerns instanceof Promise) waiting = concerns.then(take)
    else take(concerns)
  }
  const result = (): SingleResponse | UnknownReason => {
    if (found === undefined) return 'otherCertificate'
    return found.unknownCriticalExtensions.length > 0 || basic.unknownCriticalExtensions.length > 0 ? 'unknownCriticalExtension' : found
  }
  return waiting === undefined ? result() : waiting.then(result)
}

/** Whether the CertID's hashes are this issuer's. */
function namesIssuer(single: SingleResponse, certificate: Certificate, issuer: Certificate): boolean | Promise<boolean> {
  const { hash } = single
  if (hash === undefined) return false
  return whenKnown(issuerHashes(issuer, hash), ({ keyHash, nameHash }) => {
    if (!hasHash(single, 'key', keyHash)) return false
    if (hasHash(single, 'name', nameHash)) return true
    // Either spelling of the issuer's name: the key hash has already told whose it is.
    return nameHashOf(certificate, issuer, hash).then((other) => hasHash(single, 'name', other))
  })
}

function counts(single: SingleResponse, before: SingleResponse): boolean {
  return rank(single) > rank(before) || (rank(single) === rank(before) && single.thisUpdate > before.thisUpdate)
}

function rank(single: SingleResponse): number {
  return isFinal(single) ? 1 : 0
}

function isFinal(single: SingleResponse): boolean {
  return single.status === 'revoked' && single.reason !== 'certificateHold' && single.reason !== 'removeFromCRL'
}

/** Why the answer proves no "good" and no hold at that time. */
function whyUnfit(certificate: Certificate, basic: BasicOcspResponse, single: SingleResponse, options: JudgeOcspOptions): UnknownReason | undefined {
  const { nonce, nonceOptional = false, maxAge, skew = 300 } = options
  const at = options.at.getTime()
  const from = single.thisUpdate.getTime()
  // First of all: a revocation does not count before its time.
  if (from > at + skew * 1000 || basic.producedAt.getTime() > at + skew * 1000) return 'notYetValid'
  if (nonce !== undefined) {
    if (basic.nonce === undefined) {
      if (!nonceOptional) return 'nonceMissing'
    } else if (!equalBytes(basic.nonce, nonce)) return 'nonceMismatch'
  }
  const next = single.nextUpdate?.getTime()
  if (next !== undefined && next < from) return 'malformed'
  if (next !== undefined && at > next) return 'stale'
  if (maxAge !== undefined ? at - from > maxAge * 1000 : next === undefined && at - from > skew * 1000) return maxAge === undefined ? 'noNextUpdate' : 'stale'
  // Responders forget expired certificates (section 4.4.4): "good" afterwards means nothing unless the cutoff covers it.
  const until = certificate.notAfter.getTime()
  if (until < from && (single.archiveCutoff === undefined || single.archiveCutoff.getTime() > until)) return 'expiredBeforeEvidence'
  return undefined
}

function decide(single: SingleResponse, unfit: UnknownReason | undefined, options: JudgeOcspOptions): { verdict: Judgement['verdict']; reason?: UnknownReason } {
  if (isFinal(single)) {
    // A revocation is final, however old the answer; one made after `at` counts when it dates the revocation before.
    const limit = options.at.getTime() + (options.skew ?? 300) * 1000
    if (unfit !== 'notYetValid' || single.revocationTime!.getTime() <= limit) return { verdict: 'revoked' }
  }
  if (unfit !== undefined) return { verdict: 'unknown', reason: unfit }
  if (single.status === 'good') return { verdict: 'notRevoked' }
  if (single.status === 'unknown') return { verdict: 'unknown', reason: 'responderUnknown' }
  if (single.reason === 'removeFromCRL') return { verdict: 'unknown', reason: 'malformed' }
  // Section 2.2: "on hold since 1970" is how a responder says "never issued".
  return single.revocationTime!.getTime() === 0 ? { verdict: 'unknown', reason: 'responderUnknown' } : { verdict: 'onHold' }
}
