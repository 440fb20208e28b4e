import { certificateSha256 } from '@cabut/pki/certificate'
import type { StatusVerdict } from '@cabut/pki/status'
import type { SerialStatus } from './collect-by-serial.js'
import { admit, type Exhibit } from './exhibit.js'
import { compareWithProof, crlKeyOf, maxBy } from './after-watch.js'
import type { Proof, ProofFinding, ProofPolicy, ProofVerdict } from './verdict.js'

/**
 * The policy unless told otherwise. Durations in milliseconds: a grace of 48 hours, a tolerance of 24.
 *
 * @example
 * ```ts
 * defaultProofPolicy // { publicationGrace: 172800000, stalenessTolerance: 86400000, accept: ['crl', 'ocsp'] }
 * ```
 */
export const defaultProofPolicy: ProofPolicy = {
  publicationGrace: 48 * 3_600_000,
  stalenessTolerance: 24 * 3_600_000,
  accept: ['crl', 'ocsp'],
}

/** What is known, and when. */
export interface ProofQuestion {
  /** AMS says the certificate is revoked: its own time, or when we read it. A word, never proof. */
  readonly ams?: { readonly saysRevokedAt: Date }
  /** e-Sign says REVOKE of the user. A word, never proof; about a user, not a certificate. */
  readonly esign?: { readonly saysRevokedAt: Date }
  /** Results of `checkStatus`, or of `collectBySerial`, for the one certificate in question, of now and of earlier; in any order. */
  readonly evidence: readonly (StatusVerdict | SerialStatus)[]
  /** The proof held already: then later evidence is compared with it (after-watch). */
  readonly previous?: Proof
  readonly policy?: Partial<ProofPolicy>
  readonly now: Date
}

/**
 * From AMS's word and signed evidence to a verdict.
 *
 * One authentic signed source (CRL, RFC 5280 6.3; OCSP, RFC 6960) that lists the certificate proves the revocation, even in evidence that
 * is stale by now. Only evidence with a later `thisUpdate` than the proof can deny it: within `publicationGrace` the verdict is `awaiting`,
 * after it `contradicted`. certificateHold is `suspended`, never revoked. A reason that one source leaves out is no drift. Words of AMS or
 * e-Sign never prove anything; what they do is start the grace.
 *
 * @throws TypeError when the evidence speaks of different certificates
 * @example
 * ```ts
 * const status = await collectEvidence(revoked, { anchors: [root], intermediates: [issuing], at: tuesday, crls: [crl], fetch: false })
 * const verdict = await judgeProof({ ams: { saysRevokedAt: tuesday }, evidence: [status], now: tuesday })
 * verdict.verdict === 'proven' && verdict.proof.revocationDate // '2026-11-24T02:00:00.000Z'
 * const wordAlone = await judgeProof({ ams: { saysRevokedAt: tuesday }, evidence: [], now: new Date('2026-11-27T02:00:00.000Z') })
 * wordAlone // { verdict: 'awaiting', reason: 'noEvidence', overdue: true, findings: [] }
 * ```
 */
export async function judgeProof(question: ProofQuestion): Promise<ProofVerdict> {
  const policy: ProofPolicy = { ...defaultProofPolicy, ...question.policy }
  const { previous, now } = question
  const exhibits = await admit(question.evidence, previous?.certificate)
  const listing = exhibits.filter((each) => each.judgement.verdict === 'revoked' && policy.accept.includes(each.judgement.source))
  const newest = maxBy(listing, (each) => each.thisUpdate)
  const proof = previous ?? (newest === undefined ? undefined : await proofFrom(newest, now))
  if (proof === undefined) return withoutProof(question, policy, exhibits)

  const first = previous === undefined ? Math.min(...listing.map((each) => each.thisUpdate)) : Date.parse(previous.thisUpdate)
  const last = Math.max(Date.parse(proof.thisUpdate), newest?.thisUpdate ?? Number.NEGATIVE_INFINITY)
  const drift = await compareWithProof(proof, exhibits, policy)
  const denials = (['crl', 'ocsp'] as const).flatMap((source) => {
    const latest = newestOf(exhibits.filter((each) => each.judgement.source === source))
    return latest !== undefined && denies(latest) && latest.thisUpdate > first ? [latest] : []
  })
  const findings = [...denials.map(denialFinding), ...drift]
  if (denials.some((each) => each.thisUpdate - first > policy.publicationGrace)) return { verdict: 'contradicted', findings, proof }
  // Staleness or a rollback beside a first proof is worth knowing, yet nothing contradicts a listing that has just been seen.
  if (previous !== undefined && drift.length > 0) return { verdict: 'contradicted', findings, proof }
  if (denials.some((each) => each.thisUpdate > last)) return { verdict: 'awaiting', reason: 'withinGrace', overdue: false, findings, proof }
  return { verdict: 'proven', proof, findings }
}

function withoutProof(question: ProofQuestion, policy: ProofPolicy, exhibits: readonly Exhibit[]): ProofVerdict {
  const claimed = Math.min(...[question.ams, question.esign].map((word) => word?.saysRevokedAt.getTime() ?? Number.POSITIVE_INFINITY))
  const newest = newestOf(exhibits)
  if (newest?.judgement.verdict === 'onHold') {
    const since = newest.judgement.revocation?.date.toISOString()
    return { verdict: 'suspended', ...(since === undefined ? {} : { since }), findings: [denialFinding(newest)] }
  }
  const overdue = question.now.getTime() - claimed > policy.publicationGrace
  if (newest === undefined) return { verdict: 'awaiting', reason: 'noEvidence', overdue, findings: [] }
  if (newest.thisUpdate <= claimed || !denies(newest)) return { verdict: 'awaiting', reason: 'notYetPublished', overdue, findings: [] }
  const findings = [denialFinding(newest)]
  if (newest.thisUpdate - claimed > policy.publicationGrace) return { verdict: 'contradicted', findings }
  return { verdict: 'awaiting', reason: 'withinGrace', overdue, findings }
}

/** Of equally new evidence a hold counts first, then absence: not what came first. */
function newestOf(exhibits: readonly Exhibit[]): Exhibit | undefined {
  const inOrder = (['onHold', 'notRevoked', 'revoked'] as const).flatMap((verdict) => exhibits.filter((each) => each.judgement.verdict === verdict))
  return maxBy(inOrder, (each) => each.thisUpdate)
}

function denies(exhibit: Exhibit): boolean {
  return exhibit.judgement.verdict === 'notRevoked' || exhibit.judgement.verdict === 'onHold'
}

function denialFinding({ judgement }: Exhibit): ProofFinding {
  return {
    kind: judgement.verdict === 'onHold' ? 'onHold' : 'notListed',
    source: judgement.source,
    sha256: judgement.sha256,
    ...(judgement.thisUpdate === undefined ? {} : { thisUpdate: judgement.thisUpdate.toISOString() }),
  }
}

async function proofFrom(exhibit: Exhibit, now: Date): Promise<Proof> {
  const { judgement, subject, anchor } = exhibit
  const crlKey = await crlKeyOf(exhibit)
  const { source, thisUpdate, nextUpdate, producedAt, crlNumber, revocation } = judgement
  if (thisUpdate === undefined || revocation === undefined) throw new TypeError('a listing without thisUpdate or revocation date')
  return {
    source,
    sha256: judgement.sha256,
    certificate: { issuerDn: subject.issuerDn, serial: subject.serial, ...(subject.sha256 === undefined ? {} : { sha256: subject.sha256 }) },
    thisUpdate: thisUpdate.toISOString(),
    ...(nextUpdate === undefined ? {} : { nextUpdate: nextUpdate.toISOString() }),
    ...(producedAt === undefined ? {} : { producedAt: producedAt.toISOString() }),
    ...(crlNumber === undefined ? {} : { crlNumber: crlNumber.toString() }),
    revocationDate: revocation.date.toISOString(),
    ...(revocation.reason === undefined ? {} : { reason: revocation.reason }),
    ...(revocation.invalidityDate === undefined ? {} : { invalidityDate: revocation.invalidityDate.toISOString() }),
    anchorSha256: await certificateSha256(anchor),
    ...(crlKey === undefined ? {} : { crlKeySha256: crlKey }),
    seenAt: now.toISOString(),
  }
}
