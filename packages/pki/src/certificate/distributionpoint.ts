import { contextTag, DerReader, Tag } from '../der/index.js'
import { readRdn } from '../name/read.js'
import type { Attribute } from '../name/name.js'
import { PkiError } from '../errors.js'
import { readGeneralNames, type GeneralName } from './generalname.js'

/**
 * ReasonFlags of RFC 5280 section 4.2.1.13, in bit order.
 *
 * @example
 * ```ts
 * reasonFlags.indexOf('certificateHold') // 6
 * ```
 */
export const reasonFlags = ['unused', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'certificateHold', 'privilegeWithdrawn', 'aACompromise'] as const

/** One bit of ReasonFlags (RFC 5280 section 4.2.1.13), by its name there. */
export type ReasonFlag = (typeof reasonFlags)[number]

/** DistributionPointName (RFC 5280 section 4.2.1.13): full names, or an RDN to be put after the CRL issuer's name. */
export interface DistributionPointName {
  readonly fullName?: readonly GeneralName[]
  readonly nameRelativeToCrlIssuer?: readonly Attribute[]
}

/** DistributionPoint of RFC 5280 section 4.2.1.13. */
export interface DistributionPoint {
  readonly name?: DistributionPointName
  /** Reasons the CRL covers; absent: all. */
  readonly reasons?: ReadonlySet<ReasonFlag>
  /** Who signs the CRL, where it is not the certificate's issuer. */
  readonly crlIssuer?: readonly GeneralName[]
}

/**
 * Reads the next element, `DistributionPointName` (RFC 5280 section 4.2.1.13) inside its explicit tag `[0]`. Throws {@link PkiError}: `der…` codes.
 *
 * @example
 * ```ts
 * const { value } = certificate.extensions.find(({ oid }) => oid === Oid.crlDistributionPoints)!
 * const point = new DerReader(value).enter(Tag.sequence).enter(Tag.sequence)
 * const name = readDistributionPointName(point).fullName?.[0]
 * name?.kind === 'uri' && name.value // 'http://sandbox.cabut.invalid/ca/issuing.crl'
 * ```
 */
export function readDistributionPointName(reader: DerReader): DistributionPointName {
  const explicit = reader.enter(contextTag(0, true))
  let name: DistributionPointName
  if (explicit.peek() === contextTag(0, true)) name = { fullName: readGeneralNames(explicit, contextTag(0, true)) }
  else name = { nameRelativeToCrlIssuer: readRdn(explicit, contextTag(1, true)) }
  explicit.finish()
  return name
}

/**
 * Reads the next element, ReasonFlags (RFC 5280 section 4.2.1.13) under an implicit context tag; bits without a name are passed over. Throws {@link PkiError}: `derTag`, `derBitString`.
 *
 * @example
 * ```ts
 * readReasonFlags(new DerReader(Uint8Array.of(0x81, 0x02, 0x05, 0x60)), contextTag(1)) // new Set(['keyCompromise', 'cACompromise'])
 * ```
 */
export function readReasonFlags(reader: DerReader, tag: number): Set<ReasonFlag> {
  const { bytes } = reader.bitString(tag)
  const flags = new Set<ReasonFlag>()
  for (const [bit, flag] of reasonFlags.entries()) if (((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) flags.add(flag)
  return flags
}

/**
 * Reads CRLDistributionPoints (RFC 5280 section 4.2.1.13; also the syntax of freshestCRL, 4.2.1.15), which may not be empty: `derTruncated`. Throws {@link PkiError}: `der…` codes.
 *
 * @example
 * ```ts
 * const { value } = certificate.extensions.find(({ oid }) => oid === Oid.crlDistributionPoints)!
 * const names = readDistributionPoints(new DerReader(value)).flatMap(({ name }) => name?.fullName ?? [])
 * names.map((name) => name.kind === 'uri' && name.value) // ['http://sandbox.cabut.invalid/ca/issuing.crl']
 * ```
 */
export function readDistributionPoints(reader: DerReader): DistributionPoint[] {
  const list = reader.enter(Tag.sequence)
  if (list.done) throw new PkiError('derTruncated', list.offset)
  const points: DistributionPoint[] = []
  while (!list.done) {
    const point = list.enter(Tag.sequence)
    const found: { -readonly [K in keyof DistributionPoint]: DistributionPoint[K] } = {}
    if (point.peek() === contextTag(0, true)) found.name = readDistributionPointName(point)
    if (point.peek() === contextTag(1)) found.reasons = readReasonFlags(point, contextTag(1))
    if (point.peek() === contextTag(2, true)) found.crlIssuer = readGeneralNames(point, contextTag(2, true))
    point.finish()
    points.push(found)
  }
  return points
}
