import type { LegacyPermission } from '../crypto/index.js'
import type { Certificate } from '../certificate/index.js'
import { PkiError } from '../errors.js'
import { issuedBy, sameName } from '../issued-by.js'
import { mostUseful, type UnknownReason } from '../judgement.js'
import type { Crl } from './crl.js'
import type { CrlEntry } from './entry.js'
import { gravest } from './gravest.js'
import { verifyCrl } from './signature.js'
import { coveredReasons, entryIsFor, isAppointed, issuedUnderSameName } from './scope.js'
import type { StreamedCrl } from './stream.js'

/** How {@link judgeCrl} and {@link judgeCrls} judge (RFC 5280 section 6.3). */
export interface JudgeCrlOptions {
  /** The certificate's issuer, whose own path the caller has validated. */
  readonly issuer: Certificate
  /** The time to judge for. */
  readonly at: Date
  /** Oldest evidence from which absence proves anything, seconds since thisUpdate. Without nextUpdate nothing else bounds it. @default by nextUpdate alone */
  readonly maxAge?: number
  /** How far thisUpdate may lie ahead of `at`, seconds. @default 300 */
  readonly skew?: number
  /** Other certificates that may have signed the CRL (RFC 5280 section 6.3.3 (f)): their paths to the same anchor must have been validated. @default [] */
  readonly signers?: readonly Certificate[]
  /** Deprecated algorithms accepted in old evidence. @default [] */
  readonly allow?: readonly LegacyPermission[]
}

/** What one CRL says of one certificate, before CRLs are combined. */
export interface Assessment {
  readonly crl: Crl | StreamedCrl
  /** Why the CRL proves nothing at all: not authentic, or not understood. */
  readonly refused?: UnknownReason
  readonly signer?: Certificate
  /** The gravest entry for the certificate. */
  readonly entry?: CrlEntry
  /** Reasons covered (RFC 5280 section 6.3.3 (d)); 0: out of scope. */
  readonly mask: number
  /** Why absence or hold proves nothing at that time. */
  readonly unfit?: UnknownReason
  /** When absence stops to prove anything. */
  readonly validUntil?: Date
}

/** A revocation that no later CRL takes back. */
export function isFinal(entry: CrlEntry | undefined): entry is CrlEntry {
  return entry !== undefined && entry.reason !== 'certificateHold' && entry.reason !== 'removeFromCRL'
}

export async function assessCrl(certificate: Certificate, crl: Crl | StreamedCrl, options: JudgeCrlOptions): Promise<Assessment> {
  const authority = await findSigner(certificate, crl, options)
  if (typeof authority === 'string') return { crl, refused: authority, mask: 0 }
  if (crl.unknownCriticalExtensions.length > 0 || crl.unknownCriticalEntryExtension !== undefined) {
    return { crl, signer: authority, refused: 'unknownCriticalExtension', mask: 0 }
  }
  // certificateIssuer belongs into indirect CRLs only (RFC 5280 section 5.3.3); elsewhere nobody can say whose the entries are.
  if (crl.hasForeignEntries && crl.issuingDistributionPoint?.indirectCrl !== true) return { crl, signer: authority, refused: 'malformed', mask: 0 }
  // Of a certificate that the stream was not read for, its CRL says nothing.
  if ('lookedFor' in crl && !crl.lookedFor(certificate.serial)) return { crl, signer: authority, refused: 'otherCertificate', mask: 0 }
  let entry: CrlEntry | undefined
  try {
    entry = gravest(crl.findAll(certificate.serial).filter((candidate) => entryIsFor(certificate, crl, candidate)))
  } catch (error) {
    if (error instanceof PkiError) return { crl, signer: authority, refused: 'malformed', mask: 0 }
    throw error
  }
  const mask = coveredReasons(certificate, crl)
  const { unfit, validUntil } = fitness(certificate, crl, options)
  const isRemoval = entry?.reason === 'removeFromCRL' && crl.baseCrlNumber === undefined
  const problem = isRemoval ? 'malformed' : unfit
  return { crl, signer: authority, ...(entry && { entry }), mask, ...(problem && { unfit: problem }), ...(validUntil && { validUntil }) }
}

/** The certificate whose key signed the CRL and that may sign it, or why there is none (RFC 5280 section 6.3.3 (b), (f), (g)). */
async function findSigner(certificate: Certificate, crl: Crl | StreamedCrl, options: JudgeCrlOptions): Promise<Certificate | UnknownReason> {
  const { issuer, at, allow } = options
  const issued = await issuedBy(certificate, issuer, allow)
  if (issued !== 'valid') return issued === 'unsupported' ? 'unsupportedAlgorithm' : issued === 'otherName' ? 'issuerMismatch' : 'otherCertificate'
  if (!issuedUnderSameName(certificate, crl) && !isAppointed(certificate, crl)) return 'issuerMismatch'
  const problems: UnknownReason[] = []
  for (const candidate of [issuer, ...(options.signers ?? [])]) {
    if (!sameName({ name: crl.issuer, der: crl.issuerDer }, { name: candidate.subject, der: candidate.subjectDer })) continue
    const keyId = crl.authorityKeyId?.keyId
    if (keyId !== undefined && candidate.subjectKeyId !== undefined && keyId !== candidate.subjectKeyId) continue
    const signature = await verifyCrl(crl, candidate, allow)
    if (signature !== 'valid') problems.push(signature === 'invalid' ? 'signatureInvalid' : 'unsupportedAlgorithm')
    else if (candidate.keyUsage?.has('cRLSign') === false) problems.push('signerNotAuthorised')
    else if (at < candidate.notBefore || at > candidate.notAfter) problems.push('signerOutOfDate')
    else return candidate
  }
  return problems.length === 0 ? 'issuerMismatch' : mostUseful(problems)
}

/** Whether absence from this CRL proves anything at that time, and until when. */
function fitness(certificate: Certificate, crl: Crl | StreamedCrl, options: JudgeCrlOptions): Pick<Assessment, 'unfit' | 'validUntil'> {
  const at = options.at.getTime()
  const from = crl.thisUpdate.getTime()
  if (from > at + (options.skew ?? 300) * 1000) return { unfit: 'notYetValid' }
  const since = crl.expiredCertificatesSince
  if (certificate.notAfter < crl.thisUpdate && (since === undefined || since > certificate.notAfter)) return { unfit: 'expiredBeforeEvidence' }
  const limits: number[] = []
  if (crl.nextUpdate !== undefined) limits.push(crl.nextUpdate.getTime())
  if (options.maxAge !== undefined) limits.push(from + options.maxAge * 1000)
  if (limits.length === 0) return { unfit: 'noNextUpdate' }
  const until = Math.min(...limits)
  return at > until ? { unfit: 'stale' } : { validUntil: new Date(until) }
}
