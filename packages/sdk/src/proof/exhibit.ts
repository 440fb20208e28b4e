import { certificateSha256, type Certificate } from '@cabut/pki/certificate'
import { formatName } from '@cabut/pki/name'
import type { Judgement, StatusVerdict, UnknownReason } from '@cabut/pki/status'
import { writtenName, type SerialStatus } from './collect-by-serial.js'

/** A judgement that may be believed: signed, by a path to a pinned anchor, about the certificate in question. */
export interface Exhibit {
  readonly judgement: Judgement
  readonly subject: ExhibitSubject
  readonly anchor: Certificate
  /** Milliseconds. */
  readonly thisUpdate: number
  /** When it was collected, milliseconds. */
  readonly collectedAt: number
}

/** The certificate in question. `sha256` and `notAfter` are not known where issuer and serial alone tell it. */
export interface ExhibitSubject {
  readonly issuerDn: string
  readonly serial: string
  readonly sha256?: string
  /** Milliseconds. */
  readonly notAfter?: number
}

/** The path itself is not to be believed: then no signature below it is either. */
const NO_PATH: ReadonlySet<UnknownReason> = new Set<UnknownReason>([
  'issuerRevoked', 'expiredAnchor', 'issuerNotPinned', 'pathInvalid', 'isAnchor',
])

/**
 * The evidence that may be believed, each piece once.
 *
 * @param expected - the certificate a proof is already held for
 * @throws TypeError when verdicts speak of different certificates
 */
export async function admit(verdicts: readonly (StatusVerdict | SerialStatus)[], expected?: Omit<ExhibitSubject, 'notAfter'>): Promise<readonly Exhibit[]> {
  const exhibits = new Map<string, Exhibit>()
  let asked = expected
  for (const verdict of verdicts) {
    const subject = await subjectOf(verdict)
    asked ??= subject
    if (!isSame(asked, subject)) throw new TypeError('the evidence speaks of different certificates')
    const anchor = anchorOf(verdict)
    if (anchor === undefined) continue
    for (const judgement of verdict.evidence) {
      if (judgement.verdict === 'unknown' || judgement.thisUpdate === undefined) continue
      const thisUpdate = judgement.thisUpdate.getTime()
      // An expired certificate may leave the list (RFC 5280 3.3): absence then says nothing.
      if (judgement.verdict === 'notRevoked' && subject.notAfter !== undefined && thisUpdate > subject.notAfter) continue
      const collectedAt = verdict.at.getTime()
      const known = exhibits.get(judgement.sha256)
      if (known !== undefined && known.collectedAt >= collectedAt) continue
      exhibits.set(judgement.sha256, { judgement, subject, anchor, thisUpdate, collectedAt })
    }
  }
  return [...exhibits.values()]
}

async function subjectOf(verdict: StatusVerdict | SerialStatus): Promise<ExhibitSubject> {
  if ('subject' in verdict) return writtenName(verdict)
  const { certificate } = verdict
  return { issuerDn: formatName(certificate.issuer), serial: certificate.serial, sha256: await certificateSha256(certificate), notAfter: certificate.notAfter.getTime() }
}

/** By digest where both know it, else by issuer and serial. */
function isSame(left: Omit<ExhibitSubject, 'notAfter'>, right: ExhibitSubject): boolean {
  if (left.sha256 !== undefined && right.sha256 !== undefined) return left.sha256 === right.sha256
  return left.serial === right.serial && left.issuerDn === right.issuerDn
}

function anchorOf(verdict: StatusVerdict | SerialStatus): Certificate | undefined {
  if ('subject' in verdict) return verdict.issuers.at(-1)
  const { chain, reason, problems } = verdict
  // RFC 5280 6.3.3 (f): what a revoked authority signed proves nothing, and a revocation is told without a reason.
  const distrusted = chain.length < 2 || (reason !== undefined && NO_PATH.has(reason)) || problems.some((problem) => problem.reason === 'issuerRevoked')
  return distrusted ? undefined : chain.at(-1)
}
