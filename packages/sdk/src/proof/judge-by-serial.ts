import { readCertificate, type Certificate } from '@cabut/pki/certificate'
import { readCrl, verifyCrl, type Crl } from '@cabut/pki/crl'
import { digest, toHex, verifySignature } from '@cabut/pki/crypto'
import { DerReader, equalBytes, Tag } from '@cabut/pki/der'
import { formatName, namesMatch, parseName } from '@cabut/pki/name'
import { readOcspResponse, type BasicOcspResponse, type SingleResponse } from '@cabut/pki/ocsp'
import { buildPath } from '@cabut/pki/path'
import type { Judgement, UnknownReason } from '@cabut/pki/status'

/*
 * A certificate that is not at hand is told by issuer and serial (RFC 5280 4.1.2.2: unique). The same rules hold, without those that look into
 * the certificate: its own path and its distribution points. So a listing proves as always; absence is believed only of a list that is complete.
 */

/** A certificate as issuer and serial tell it. */
export interface SerialQuestion {
  /** RFC 4514 text. */
  readonly issuerDn: string
  /** Lower-case hex without leading zeros. */
  readonly serial: string
  /** The issuing authority, its path validated before. */
  readonly issuer: Certificate
  readonly at: Date
}

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
/** Clocks differ: milliseconds by which evidence may lie ahead, as in pki. */
const SKEW = 300_000

/** RFC 5280 6.3.3: signed by the issuer's own key, a full CRL that covers end entities. Never throws for what the bytes hold. */
export async function judgeCrlBySerial(bytes: Uint8Array, { issuerDn, serial, issuer, at }: SerialQuestion): Promise<Judgement> {
  const basis = { source: 'crl', bytes, sha256: toHex(await digest('SHA-256', bytes)) } as const
  const unknown = (reason: UnknownReason): Judgement => ({ ...basis, verdict: 'unknown', reason, fresh: false })
  let crl: Crl
  try {
    crl = readCrl(bytes)
  } catch {
    return unknown('malformed')
  }
  if (!isNamed(issuer, issuerDn) || !namesMatch(crl.issuer, issuer.subject)) return unknown('issuerMismatch')
  const signature = await verifyCrl(crl, issuer)
  if (signature !== 'valid') return unknown(signature === 'unsupported' ? 'unsupportedAlgorithm' : 'signatureInvalid')
  if (issuer.keyUsage?.has('cRLSign') === false) return unknown('signerNotAuthorised')
  if (crl.unknownCriticalExtensions.length > 0 || crl.unknownCriticalEntryExtension !== undefined) return unknown('unknownCriticalExtension')
  // Entries that name another issuer belong into indirect CRLs, which are refused below (RFC 5280 5.3.3).
  if (crl.hasForeignEntries) return unknown('wrongScope')
  const scope = crl.issuingDistributionPoint
  if (crl.baseCrlNumber !== undefined || scope?.indirectCrl === true || scope?.onlyContainsCaCerts === true || scope?.onlyContainsAttributeCerts === true) return unknown('wrongScope')
  const { thisUpdate, nextUpdate, crlNumber } = crl
  const times = { thisUpdate, ...(nextUpdate === undefined ? {} : { nextUpdate }), ...(crlNumber === undefined ? {} : { crlNumber }) }
  if (thisUpdate.getTime() > at.getTime() + SKEW) return { ...unknown('notYetValid'), ...times }
  const fresh = nextUpdate !== undefined && at <= nextUpdate
  const unfit = nextUpdate === undefined ? 'noNextUpdate' : 'stale'
  const entries = crl.findAll(serial)
  // Listed twice: a final revocation counts before a hold.
  const entry = entries.find((each) => each.reason !== 'certificateHold' && each.reason !== 'removeFromCRL') ?? entries[0]
  if (entry !== undefined && entry.reason !== 'removeFromCRL') {
    const { reason, invalidityDate } = entry
    const held = reason === 'certificateHold'
    // A hold may end any day: only fresh evidence shows it. A revocation is final.
    if (held && !fresh) return { ...unknown(unfit), ...times }
    return {
      ...basis, ...times, fresh, signer: issuer, verdict: held ? 'onHold' : 'revoked',
      revocation: { date: entry.revocationDate, ...(reason === undefined ? {} : { reason }), ...(invalidityDate === undefined ? {} : { invalidityDate }) },
    }
  }
  // Which partition would hold it, its own distribution points would tell: a part that does not list it says nothing.
  const whole = scope?.name === undefined && scope?.onlySomeReasons === undefined
  if (!whole) return { ...unknown('wrongScope'), ...times }
  return fresh ? { ...basis, ...times, fresh, signer: issuer, verdict: 'notRevoked' } : { ...unknown(unfit), ...times }
}

/** RFC 6960 3.2: about this serial of this issuer, signed by the issuer or by a responder it delegated. Never throws for what the bytes hold. */
export async function judgeOcspBySerial(bytes: Uint8Array, question: SerialQuestion): Promise<Judgement> {
  const { issuerDn, serial, issuer, at } = question
  const basis = { source: 'ocsp', bytes, sha256: toHex(await digest('SHA-256', bytes)) } as const
  const unknown = (reason: UnknownReason): Judgement => ({ ...basis, verdict: 'unknown', reason, fresh: false })
  let basic: BasicOcspResponse | undefined
  try {
    basic = readOcspResponse(bytes).basic
  } catch {
    return unknown('malformed')
  }
  if (basic === undefined) return unknown('responderError')
  if (!isNamed(issuer, issuerDn)) return unknown('issuerMismatch')
  const single = await singleFor(basic, serial, issuer)
  if (single === undefined) return unknown('otherCertificate')
  if (basic.unknownCriticalExtensions.length > 0 || single.unknownCriticalExtensions.length > 0) return unknown('unknownCriticalExtension')
  const signer = await authorisedSigner(basic, issuer, at)
  if (signer === undefined) return unknown('signerNotTrusted')
  const { thisUpdate, nextUpdate } = single
  const times = { thisUpdate, producedAt: basic.producedAt, ...(nextUpdate === undefined ? {} : { nextUpdate }) }
  if (Math.max(thisUpdate.getTime(), basic.producedAt.getTime()) > at.getTime() + SKEW) return { ...unknown('notYetValid'), ...times }
  const fresh = nextUpdate === undefined ? at.getTime() - thisUpdate.getTime() <= SKEW : at <= nextUpdate && thisUpdate <= nextUpdate
  const unfit = nextUpdate === undefined ? 'noNextUpdate' : 'stale'
  if (single.status === 'revoked' && single.revocationTime !== undefined && single.reason !== 'removeFromCRL') {
    const held = single.reason === 'certificateHold'
    if (held && !fresh) return { ...unknown(unfit), ...times }
    // RFC 6960 2.2: "on hold since 1970" is how a responder says "never issued".
    if (held && single.revocationTime.getTime() === 0) return { ...unknown('responderUnknown'), ...times }
    return {
      ...basis, ...times, fresh, signer, verdict: held ? 'onHold' : 'revoked',
      revocation: { date: single.revocationTime, ...(single.reason === undefined ? {} : { reason: single.reason }) },
    }
  }
  if (single.status === 'unknown') return { ...unknown('responderUnknown'), ...times }
  // "Revoked, because removed" says two things at once; it is no "good".
  if (single.status === 'revoked') return { ...unknown('malformed'), ...times }
  return fresh ? { ...basis, ...times, fresh, signer, verdict: 'notRevoked' } : { ...unknown(unfit), ...times }
}

function isNamed(issuer: Certificate, issuerDn: string): boolean {
  if (formatName(issuer.subject) === issuerDn) return true
  try {
    return namesMatch(issuer.subject, parseName(issuerDn))
  } catch {
    return false
  }
}

/** Of several answers for one certificate, one that says revoked before any other. */
async function singleFor(basic: BasicOcspResponse, serial: string, issuer: Certificate): Promise<SingleResponse | undefined> {
  let found: SingleResponse | undefined
  for (const single of basic.responses) {
    if (single.serial !== serial || single.hash === undefined) continue
    if (!equalBytes(single.issuerKeyHash, await digest(single.hash, keyOctets(issuer.spki)))) continue
    if (found === undefined || rank(single) > rank(found)) found = single
  }
  return found
}

function rank({ status, reason }: SingleResponse): number {
  if (status !== 'revoked') return 0
  return reason === 'certificateHold' || reason === 'removeFromCRL' ? 1 : 2
}

async function authorisedSigner(basic: BasicOcspResponse, issuer: Certificate, at: Date): Promise<Certificate | undefined> {
  const signed = async (signer: Certificate): Promise<boolean> =>
    (await verifySignature({ algorithm: basic.signatureAlgorithm, spki: signer.spki, signature: basic.signature, data: basic.tbs })) === 'valid'
  if (await signed(issuer)) return issuer
  for (const der of basic.certificates.slice(0, 8)) {
    let delegate: Certificate
    try {
      delegate = readCertificate(der)
    } catch {
      continue
    }
    // Without nocheck its own status would have to be known (RFC 6960 4.2.2.2.1), which nothing at hand tells.
    if (delegate.extendedKeyUsage?.purposes.includes(OCSP_SIGNING) !== true || !delegate.ocspNoCheck || !(await signed(delegate))) continue
    // A key that may not sign answers signs none (RFC 5280 4.2.1.3, 4.2.1.12).
    if (delegate.keyUsage?.has('digitalSignature') === false && !delegate.keyUsage.has('nonRepudiation')) continue
    // Issued by the very CA of the certificate (RFC 6960 4.2.2.2), not by another one under the same anchor.
    const path = await buildPath(delegate, { anchors: [issuer], at, purposes: [OCSP_SIGNING] })
    if (path.ok && path.path.length === 2) return delegate
  }
  return undefined
}

/** The octets of the subjectPublicKey BIT STRING, without tag, length and unused bits (RFC 6960 4.1.1). */
function keyOctets(spki: Uint8Array): Uint8Array {
  const reader = new DerReader(spki).enter(Tag.sequence)
  reader.skip()
  return reader.bitString().bytes
}
