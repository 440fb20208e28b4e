import type { Certificate, DistributionPoint, DistributionPointName, GeneralName, ReasonFlag } from '../certificate/index.js'
import { reasonFlags } from '../certificate/index.js'
import { equalBytes } from '../der/index.js'
import { sameName } from '../issued-by.js'
import { namesMatch, type Name } from '../name/index.js'
import type { CrlEntry } from './entry.js'
import type { CrlFacts } from './head.js'

/** Every reason flag but `unused`: the reasons_mask that ends the search (RFC 5280 section 6.3.3). */
export const allReasons = 0x1fe

function maskOf(flags: ReadonlySet<ReasonFlag> | undefined): number {
  if (flags === undefined) return allReasons
  let mask = 0
  for (const flag of flags) mask |= 1 << reasonFlags.indexOf(flag)
  return mask & allReasons
}

/** True when the CRL was issued under the name of the certificate's issuer. */
export function issuedUnderSameName(certificate: Certificate, crl: CrlFacts): boolean {
  return sameName({ name: certificate.issuer, der: certificate.issuerDer }, { name: crl.issuer, der: crl.issuerDer })
}

/** True when a distribution point of the certificate appoints the issuer of this indirect CRL (RFC 5280 section 6.3.3 (b) (1)). */
export function isAppointed(certificate: Certificate, crl: CrlFacts): boolean {
  return crl.issuingDistributionPoint?.indirectCrl === true && certificate.crlDistributionPoints.some((point) => appoints(point, crl.issuer))
}

function appoints(point: DistributionPoint, issuer: Name): boolean {
  return point.crlIssuer?.some((name) => name.kind === 'directoryName' && namesMatch(name.name, issuer)) === true
}

/**
 * The reasons of revocation this CRL covers for this certificate, as a mask; 0 when it is out of scope (RFC 5280 section 6.3.3 (b) and (d)).
 * Besides the certificate's own distribution points the implied one counts: the name of the issuer, all reasons.
 */
export function coveredReasons(certificate: Certificate, crl: CrlFacts): number {
  const scope = crl.issuingDistributionPoint
  const isCa = certificate.basicConstraints?.ca === true
  if (scope !== undefined) {
    if (scope.onlyContainsAttributeCerts || (scope.onlyContainsUserCerts && isCa) || (scope.onlyContainsCaCerts && !isCa)) return 0
  }
  const offered = maskOf(scope?.onlySomeReasons)
  const ownName = issuedUnderSameName(certificate, crl)
  let mask = 0
  for (const point of certificate.crlDistributionPoints) {
    if (point.crlIssuer === undefined ? !ownName : !(appoints(point, crl.issuer) && scope?.indirectCrl === true)) continue
    if (scope?.name !== undefined && !namesPoint(scope.name, crl.issuer, point, certificate.issuer)) continue
    mask |= maskOf(point.reasons) & offered
  }
  if (ownName && (scope?.name === undefined || fullNames(scope.name, crl.issuer).some((name) => isDirectory(name, certificate.issuer)))) mask |= offered
  return mask
}

/** RFC 5280 section 6.3.3 (b) (2) (i): a name of the CRL is among the point's names, or among its cRLIssuer when it has no names. */
function namesPoint(scopeName: DistributionPointName, crlIssuer: Name, point: DistributionPoint, certificateIssuer: Name): boolean {
  const base = point.crlIssuer?.find((name) => name.kind === 'directoryName')?.name ?? certificateIssuer
  const wanted = point.name === undefined ? point.crlIssuer ?? [] : fullNames(point.name, base)
  return fullNames(scopeName, crlIssuer).some((name) => wanted.some((other) => sameGeneralName(name, other)))
}

/** Full names; an RDN relative to the CRL issuer is put behind the issuer's name. */
function fullNames(name: DistributionPointName, base: Name): readonly GeneralName[] {
  if (name.fullName !== undefined) return name.fullName
  return name.nameRelativeToCrlIssuer === undefined ? [] : [{ kind: 'directoryName', name: { rdns: [...base.rdns, name.nameRelativeToCrlIssuer] } }]
}

function isDirectory(name: GeneralName, wanted: Name): boolean {
  return name.kind === 'directoryName' && namesMatch(name.name, wanted)
}

function sameGeneralName(a: GeneralName, b: GeneralName): boolean {
  switch (a.kind) {
    case 'directoryName': return isDirectory(b, a.name)
    case 'uri': case 'dnsName': case 'rfc822Name': return a.kind === b.kind && a.value === b.value
    case 'ipAddress': return b.kind === 'ipAddress' && equalBytes(a.bytes, b.bytes)
    case 'registeredId': return b.kind === 'registeredId' && a.oid === b.oid
    case 'otherName': return b.kind === 'otherName' && a.type === b.type && equalBytes(a.der, b.der)
    default: return a.kind === b.kind && equalBytes(a.der, b.der)
  }
}

/** True when the entry speaks of a certificate of this issuer: by its certificateIssuer, or without one by the CRL's issuer (RFC 5280 section 5.3.3). */
export function entryIsFor(certificate: Certificate, crl: CrlFacts, entry: CrlEntry): boolean {
  if (entry.certificateIssuer === undefined) return issuedUnderSameName(certificate, crl)
  return entry.certificateIssuer.some((name) => isDirectory(name, certificate.issuer))
}

/** True when a delta CRL and a complete CRL have the same scope and signing key identifier (RFC 5280 section 6.3.3 (c)). */
export function sameScope(a: CrlFacts, b: CrlFacts): boolean {
  const left = a.issuingDistributionPoint?.der
  const right = b.issuingDistributionPoint?.der
  if ((left === undefined) !== (right === undefined) || (left !== undefined && right !== undefined && !equalBytes(left, right))) return false
  return a.authorityKeyId?.keyId === b.authorityKeyId?.keyId && sameName({ name: a.issuer, der: a.issuerDer }, { name: b.issuer, der: b.issuerDer })
}
