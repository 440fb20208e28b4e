import { bits, directory, dn, enumerated, explicit, extension, generalized, int, oid, seq, serialInt, time, tlv, uri } from './der.js'
import { algorithmIdentifier, signed, type Key } from './keys.js'
import { later } from './certificate.js'

export interface EntryPlan {
  readonly serial: string
  readonly date?: Date
  /** CRLReason number. */
  readonly reason?: number
  readonly invalidity?: Date
  /** certificateIssuer, a Name. */
  readonly issuer?: Buffer
  readonly extensions?: readonly Buffer[]
  readonly longDate?: boolean
}

export interface ScopePlan {
  readonly url?: string
  /** A Name as the distribution point's only name. */
  readonly name?: Buffer
  readonly userOnly?: boolean
  readonly caOnly?: boolean
  readonly attributeOnly?: boolean
  /** ReasonFlags bits. */
  readonly reasons?: readonly number[]
  readonly indirect?: boolean
  readonly critical?: boolean
}

export interface CrlPlan {
  readonly issuer: { readonly name: Buffer; readonly key: Key }
  readonly entries?: readonly EntryPlan[]
  readonly thisUpdate?: Date
  /** null: none. */
  readonly nextUpdate?: Date | null
  /** null: none. */
  readonly number?: number | null
  readonly base?: number
  readonly scope?: ScopePlan
  readonly version1?: boolean
  readonly noAuthorityKey?: boolean
  readonly extensions?: readonly Buffer[]
  readonly spoil?: boolean
}

export function encodeEntry(plan: EntryPlan): Buffer {
  const extensions = [
    ...(plan.reason === undefined ? [] : [extension('2.5.29.21', enumerated(plan.reason))]),
    ...(plan.invalidity === undefined ? [] : [extension('2.5.29.24', generalized(plan.invalidity))]),
    ...(plan.issuer === undefined ? [] : [extension('2.5.29.29', seq(directory(plan.issuer)), true)]),
    ...(plan.extensions ?? []),
  ]
  const date = plan.date ?? later(-1)
  return seq(serialInt(plan.serial), plan.longDate === true ? generalized(date) : time(date), ...(extensions.length === 0 ? [] : [seq(...extensions)]))
}

export function encodeScope(plan: ScopePlan): Buffer {
  const flags = [0, 0]
  for (const bit of plan.reasons ?? []) flags[bit >> 3]! |= 0x80 >> (bit & 7)
  const full = flags[1] === 0 ? [flags[0]!] : flags
  const lowest = full.at(-1)!
  const value = seq(
    ...(plan.url === undefined ? [] : [explicit(0, explicit(0, uri(plan.url)))]),
    ...(plan.name === undefined ? [] : [explicit(0, explicit(0, directory(plan.name)))]),
    ...(plan.userOnly === true ? [tlv(0x81, [255])] : []),
    ...(plan.caOnly === true ? [tlv(0x82, [255])] : []),
    ...(plan.reasons === undefined ? [] : [tlv(0x83, [31 - Math.clz32(lowest & -lowest)], full)]),
    ...(plan.indirect === true ? [tlv(0x84, [255])] : []),
    ...(plan.attributeOnly === true ? [tlv(0x85, [255])] : []),
  )
  return extension('2.5.29.28', value, plan.critical !== false)
}

export function makeCrl(plan: CrlPlan): Buffer {
  const extensions = [
    ...(plan.noAuthorityKey === true ? [] : [extension('2.5.29.35', seq(tlv(0x80, plan.issuer.key.id)))]),
    ...(plan.number === null ? [] : [extension('2.5.29.20', int(plan.number ?? 1))]),
    ...(plan.base === undefined ? [] : [extension('2.5.29.27', int(plan.base), true)]),
    ...(plan.scope === undefined ? [] : [encodeScope(plan.scope)]),
    ...(plan.extensions ?? []),
  ]
  const entries = (plan.entries ?? []).map(encodeEntry)
  const tbs = seq(
    ...(plan.version1 === true ? [] : [int(1)]), algorithmIdentifier(plan.issuer.key), plan.issuer.name, time(plan.thisUpdate ?? later(0)),
    ...(plan.nextUpdate === null ? [] : [time(plan.nextUpdate ?? later(7))]), ...(entries.length === 0 ? [] : [seq(Buffer.concat(entries))]),
    ...(plan.version1 === true ? [] : [explicit(0, seq(...extensions))]),
  )
  return signed(plan.issuer.key, tbs, [], plan.spoil)
}


/** What stands in a CRL, each part as its octets; its signature is none. */
export interface RawCrl {
  readonly version?: Buffer
  readonly algorithm?: Buffer
  readonly issuer?: Buffer
  readonly dates?: readonly Buffer[]
  readonly entries?: readonly Buffer[]
  readonly extensions?: readonly Buffer[]
  /** What follows in tbsCertList, instead of the extensions. */
  readonly behind?: readonly Buffer[]
  readonly outerAlgorithm?: Buffer
  readonly signature?: Buffer
  /** What follows the signature. */
  readonly end?: readonly Buffer[]
}

/** A CRL of given parts, for shapes that {@link makeCrl} does not make. */
export function rawCrl(parts: RawCrl = {}): Buffer {
  const algorithm = parts.algorithm ?? seq(oid('1.2.840.10045.4.3.2'))
  const tbs = seq(
    parts.version ?? int(1), algorithm, parts.issuer ?? dn('CN=CA Contoh'), ...(parts.dates ?? [time(later(0)), time(later(7))]),
    ...(parts.entries === undefined ? [] : [seq(...parts.entries)]),
    ...(parts.behind ?? (parts.extensions === undefined ? [] : [explicit(0, seq(...parts.extensions))])),
  )
  return seq(tbs, parts.outerAlgorithm ?? algorithm, parts.signature ?? bits(Buffer.alloc(70)), ...(parts.end ?? []))
}
