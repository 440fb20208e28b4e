import type { Certificate } from '@cabut/pki/certificate'
import { formatName, namesMatch, parseName, type Name } from '@cabut/pki/name'
import { buildPath } from '@cabut/pki/path'
import { checkStatus, type EvidenceFetcher, type Judgement } from '@cabut/pki/status'
import { judgeCrlBySerial, judgeOcspBySerial } from './judge-by-serial.js'

/** A certificate that is not at hand: issuer (RFC 4514 text) and serial (lower-case hex) tell it. */
export interface CertificateName {
  readonly issuerDn: string
  readonly serial: string
}

/** What was collected about a certificate by issuer and serial alone; the counterpart of pki's `StatusVerdict`. */
export interface SerialStatus {
  readonly subject: CertificateName
  /** From the issuing authority to the pinned anchor; empty when no such path is known: then nothing is proven. */
  readonly issuers: readonly Certificate[]
  readonly evidence: readonly Judgement[]
  readonly at: Date
}

/** What to judge a name by. */
export interface SerialEvidenceOptions {
  readonly anchors: readonly [Certificate, ...Certificate[]]
  readonly intermediates?: readonly Certificate[]
  readonly at: Date
  /** Files at hand. */
  readonly crls?: readonly Uint8Array[]
  readonly ocsp?: readonly Uint8Array[]
  /** Where the issuing authorities publish their CRLs: without a certificate nothing names the places. */
  readonly crlUrls?: readonly string[]
  readonly fetcher?: EvidenceFetcher
}

/**
 * Collects signed evidence about a certificate that is not at hand: the path of its issuer to an anchor (RFC 5280 6.1), the files given, and the
 * CRLs of `crlUrls`. Never throws for what the network or the files hold.
 *
 * What it gives goes into `judgeProof` like a status of a certificate at hand.
 *
 * @example
 * ```ts
 * const subject = { issuerDn: sandbox.ca.issuerDn, serial: '1e240' }
 * const found = await collectBySerial(subject, { anchors: [root], intermediates: [issuing], at: tuesday, crls: [crl] })
 * found.evidence.map(({ verdict, revocation }) => `${verdict} ${revocation?.reason}`) // ['revoked affiliationChanged']
 * const { verdict } = await judgeProof({ evidence: [found], now: tuesday })
 * verdict // 'proven'
 * ```
 */
export async function collectBySerial(subject: CertificateName, options: SerialEvidenceOptions): Promise<SerialStatus> {
  const { at } = options
  const issuers = await issuersOf(subject.issuerDn, options)
  const [issuer] = issuers
  if (issuer === undefined || await isRevoked(issuer, issuers.length > 1, options)) return { subject, issuers: [], evidence: [], at }
  const question = { ...subject, issuer, at }
  const evidence: Judgement[] = []
  for (const bytes of options.crls ?? []) evidence.push(await judgeCrlBySerial(bytes, question))
  for (const bytes of options.ocsp ?? []) evidence.push(await judgeOcspBySerial(bytes, question))
  const { fetcher } = options
  if (fetcher !== undefined) {
    const fetched = await Promise.all((options.crlUrls ?? []).map(async origin => ({ origin, outcome: await fetcher.get(origin) })))
    for (const { origin, outcome } of fetched) {
      if (outcome.outcome === 'fetched') evidence.push({ ...await judgeCrlBySerial(outcome.bytes, question), origin })
    }
  }
  return { subject, issuers, evidence, at }
}

/** The issuing authority and those above it, where a path leads to a pinned anchor. Of several keys under one name the first with a path counts. */
async function issuersOf(issuerDn: string, { anchors, intermediates = [], at }: SerialEvidenceOptions): Promise<readonly Certificate[]> {
  const name = read(issuerDn)
  if (name === undefined) return []
  for (const anchor of anchors) if (namesMatch(anchor.subject, name)) return [anchor]
  for (const authority of intermediates) {
    if (!namesMatch(authority.subject, name)) continue
    const found = await buildPath(authority, { anchors, intermediates, at })
    if (found.ok) return found.path
  }
  return []
}

/** A revoked authority proves nothing any more: whoever has its key may sign anything. What is not known about it stands in no proof's way. */
async function isRevoked(issuer: Certificate, above: boolean, { anchors, intermediates = [], at, crls = [], fetcher }: SerialEvidenceOptions): Promise<boolean> {
  if (!above) return false
  const { status } = await checkStatus(issuer, { anchors, intermediates: [...intermediates], at, crls: [...crls], fetch: fetcher ?? false })
  return status === 'revoked'
}

function read(issuerDn: string): Name | undefined {
  try {
    return parseName(issuerDn)
  } catch {
    return undefined
  }
}

/** The subject as events and receipts write it: the issuer's own name where a path is known. */
export function writtenName({ subject, issuers }: SerialStatus): CertificateName {
  const [issuer] = issuers
  return { issuerDn: issuer === undefined ? subject.issuerDn : formatName(issuer.subject), serial: subject.serial }
}
