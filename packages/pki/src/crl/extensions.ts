import { contextTag, DerReader, Tag } from '../der/index.js'
import { toHex } from '../crypto/hex.js'
import { PkiError } from '../errors.js'
import {
  Oid, readDistributionPointName, readDistributionPoints, readGeneralNames, readReasonFlags, serialHex,
  type AuthorityKeyId, type DistributionPointName, type Extension, type ReasonFlag,
} from '../certificate/index.js'
import type { CrlFacts } from './head.js'

/** IssuingDistributionPoint (RFC 5280 section 5.2.5): which certificates and reasons the CRL covers. */
export interface IssuingDistributionPoint {
  /** False in some CRLs in use, although the RFC demands true; it is obeyed either way. */
  readonly critical: boolean
  readonly name?: DistributionPointName
  readonly onlyContainsUserCerts: boolean
  readonly onlyContainsCaCerts: boolean
  readonly onlyContainsAttributeCerts: boolean
  /** Reasons the CRL covers; absent: all. */
  readonly onlySomeReasons?: ReadonlySet<ReasonFlag>
  readonly indirectCrl: boolean
  /** The extension's value, DER: delta and complete CRL must agree in it octet by octet. */
  readonly der: Uint8Array
}

type ExtensionFacts = Pick<CrlFacts, 'crlNumber' | 'baseCrlNumber' | 'authorityKeyId' | 'issuingDistributionPoint' | 'freshestCrl' | 'expiredCertificatesSince' | 'unknownCriticalExtensions'>
type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** CRL numbers have at most 20 octets (RFC 5280 section 5.2.3); one more for a sign octet. */
const maxNumberBytes = 21

/** Reads every CRL extension this package knows (RFC 5280 section 5.2); a known one that is malformed makes the CRL malformed. */
export function readCrlExtensions(extensions: readonly Extension[], bytes: Uint8Array): ExtensionFacts {
  const facts: Mutable<ExtensionFacts> = { freshestCrl: [], unknownCriticalExtensions: [] }
  for (const { oid, critical, offset, value } of extensions) {
    const reader = new DerReader(bytes, offset, offset + value.length, 4)
    switch (oid) {
      case '2.5.29.20': facts.crlNumber = crlNumber(reader); break
      case '2.5.29.27': facts.baseCrlNumber = crlNumber(reader); break
      case '2.5.29.28': facts.issuingDistributionPoint = readIssuingDistributionPoint(reader, critical, value); break
      case Oid.authorityKeyIdentifier: facts.authorityKeyId = readAuthorityKeyId(reader); break
      case Oid.freshestCrl: facts.freshestCrl = readDistributionPoints(reader); break
      case Oid.issuerAltName: readGeneralNames(reader); break
      case '2.5.29.60': facts.expiredCertificatesSince = new Date(reader.time()); break
      // Where to find the issuer's certificate: nothing to process.
      case Oid.authorityInfoAccess: reader.skip(); break
      default:
        if (critical) facts.unknownCriticalExtensions = [...facts.unknownCriticalExtensions, oid]
        continue
    }
    reader.finish()
  }
  return facts
}

function crlNumber(reader: DerReader): bigint {
  const value = reader.bigInteger(Tag.integer, maxNumberBytes)
  if (value < 0n) throw new PkiError('crlMalformed', reader.contentStart, 'a negative CRL number')
  return value
}

function readAuthorityKeyId(reader: DerReader): AuthorityKeyId {
  const inner = reader.enter(Tag.sequence)
  const keyId = inner.peek() === contextTag(0) ? toHex(inner.octetString(contextTag(0))) : undefined
  const issuer = inner.peek() === contextTag(1, true) ? readGeneralNames(inner, contextTag(1, true)) : undefined
  const serial = inner.peek() === contextTag(2) ? serialHex(inner.integer(contextTag(2))) : undefined
  inner.finish()
  return { ...(keyId !== undefined && { keyId }), ...(issuer && { issuer }), ...(serial !== undefined && { serial }) }
}

function readIssuingDistributionPoint(reader: DerReader, critical: boolean, der: Uint8Array): IssuingDistributionPoint {
  const inner = reader.enter(Tag.sequence)
  const flag = (number: number): boolean => inner.peek() === contextTag(number) && inner.boolean(contextTag(number))
  const name = inner.peek() === contextTag(0, true) ? readDistributionPointName(inner) : undefined
  const onlyContainsUserCerts = flag(1)
  const onlyContainsCaCerts = flag(2)
  const onlySomeReasons = inner.peek() === contextTag(3) ? readReasonFlags(inner, contextTag(3)) : undefined
  const indirectCrl = flag(4)
  const onlyContainsAttributeCerts = flag(5)
  inner.finish()
  // RFC 5280 5.2.5: at most one of the three.
  if (Number(onlyContainsUserCerts) + Number(onlyContainsCaCerts) + Number(onlyContainsAttributeCerts) > 1) {
    throw new PkiError('crlMalformed', reader.contentStart, 'contradicting scopes')
  }
  return {
    critical, ...(name && { name }), onlyContainsUserCerts, onlyContainsCaCerts, onlyContainsAttributeCerts, ...(onlySomeReasons && { onlySomeReasons }), indirectCrl, der,
  }
}
