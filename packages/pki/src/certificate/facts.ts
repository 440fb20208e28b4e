import { contextTag, DerReader, Tag } from '../der/index.js'
import { PkiError } from '../errors.js'
import { hexOf } from '../crypto/hex.js'
import { keyUsages, type AuthorityKeyId, type BasicConstraints, type Certificate, type ExtendedKeyUsage, type KeyUsage, type NameConstraints, type PolicyConstraints, type PolicyInformation, type PolicyMapping } from './certificate.js'
import { readDistributionPoints } from './distributionpoint.js'
import { Oid, type Extension } from './extension.js'
import { readGeneralName, readGeneralNames, type GeneralName } from './generalname.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The facts that come from extensions. */
export type ExtensionFacts = Mutable<Pick<Certificate,
  'basicConstraints' | 'keyUsage' | 'extendedKeyUsage' | 'authorityKeyId' | 'subjectAltNames' | 'crlDistributionPoints' | 'freshestCrl' | 'policies' | 'policyInformation' | 'policyMappings' | 'policyConstraints' | 'inhibitAnyPolicy' | 'nameConstraints' | 'ocspNoCheck' | 'unknownCriticalExtensions'>> & { accessDescriptions: readonly AccessDescription[]; keyIdStart: number; keyIdEnd: number }

/** AccessDescription of RFC 5280 section 4.2.2.1. */
export interface AccessDescription {
  readonly method: string
  readonly location: GeneralName
}

const none: readonly never[] = []

/** Reads every extension this package knows into `facts` (RFC 5280 section 4.2); a known one that is malformed makes the certificate malformed. */
export function readFacts(facts: ExtensionFacts, extensions: readonly Extension[], bytes: Uint8Array): void {
  facts.subjectAltNames = none
  facts.crlDistributionPoints = none
  facts.freshestCrl = none
  facts.accessDescriptions = none
  facts.keyIdStart = -1
  facts.keyIdEnd = -1
  facts.policies = none
  facts.policyInformation = none
  facts.policyMappings = none
  facts.ocspNoCheck = false
  facts.unknownCriticalExtensions = none
  for (const extension of extensions) {
    const reader = new DerReader(bytes, extension.offset, extension.end, 4)
    if (readFact(extension, reader, facts)) reader.finish()
    else if (extension.critical) facts.unknownCriticalExtensions = [...facts.unknownCriticalExtensions, extension.oid]
  }
}

/** Reads one extension into `facts`; false when it is not known. */
function readFact(extension: Extension, reader: DerReader, facts: ExtensionFacts): boolean {
  switch (extension.oid) {
    case Oid.subjectKeyIdentifier: reader.expect(Tag.octetString); facts.keyIdStart = reader.contentStart; facts.keyIdEnd = reader.contentEnd; return true
    case Oid.keyUsage: facts.keyUsage = readKeyUsage(reader); return true
    case Oid.basicConstraints: facts.basicConstraints = readBasicConstraints(reader); return true
    case Oid.extendedKeyUsage: facts.extendedKeyUsage = readExtendedKeyUsage(reader, extension.critical); return true
    case Oid.authorityKeyIdentifier: facts.authorityKeyId = new ReadAuthorityKeyId(reader); return true
    case Oid.subjectAltName: facts.subjectAltNames = readAltNames(reader, extension.critical); return true
    // Names of the issuer have no part in any check; the syntax is still demanded.
    case Oid.issuerAltName: readGeneralNames(reader); return true
    case Oid.crlDistributionPoints: facts.crlDistributionPoints = readDistributionPoints(reader); return true
    case Oid.freshestCrl: facts.freshestCrl = readDistributionPoints(reader); return true
    case Oid.authorityInfoAccess: facts.accessDescriptions = readInfoAccess(reader); return true
    case Oid.certificatePolicies: readPolicies(reader, facts); return true
    case Oid.policyMappings: facts.policyMappings = readPolicyMappings(reader); return true
    case Oid.policyConstraints: facts.policyConstraints = readPolicyConstraints(reader); return true
    case Oid.inhibitAnyPolicy: facts.inhibitAnyPolicy = readSkipCerts(reader, Tag.integer); return true
    case Oid.nameConstraints: facts.nameConstraints = readNameConstraints(reader); return true
    case Oid.ocspNoCheck: reader.null(); facts.ocspNoCheck = true; return true
    default: return false
  }
}

function malformed(offset: number, detail: string): PkiError {
  return new PkiError('certificateMalformed', offset, detail)
}

/** Of at least one name by RFC 5280 4.2.1.6; certificates with an empty list are met, and where it is not critical they say no more than without it. */
function readAltNames(reader: DerReader, critical: boolean): readonly GeneralName[] {
  const { bytes, offset } = reader
  if (!critical && bytes[offset] === Tag.sequence && bytes[offset + 1] === 0 && reader.end === offset + 2) {
    reader.skip()
    return none
  }
  return readGeneralNames(reader)
}

function readKeyUsage(reader: DerReader): Set<KeyUsage> {
  reader.expectBitString()
  const { bytes, contentStart, contentEnd } = reader
  const first = contentStart + 1 < contentEnd ? bytes[contentStart + 1]! : 0
  const second = contentStart + 2 < contentEnd ? bytes[contentStart + 2]! : 0
  const usage = new Set<KeyUsage>()
  for (let bit = 0; bit < 8; bit++) if ((first & (0x80 >> bit)) !== 0) usage.add(keyUsages[bit]!)
  if ((second & 0x80) !== 0) usage.add('decipherOnly')
  return usage
}

function readBasicConstraints(reader: DerReader): BasicConstraints {
  const inner = reader.enter(Tag.sequence)
  // An explicit FALSE is met in many certificates although it is the default.
  const ca = inner.peek() === Tag.boolean ? inner.boolean() : false
  if (inner.done) return { ca }
  const pathLength = readSkipCerts(inner, Tag.integer)
  inner.finish()
  return { ca, pathLength }
}

/** INTEGER (0..MAX). Values beyond 2^31 mean "no limit that matters" and are capped. */
function readSkipCerts(reader: DerReader, tag: number): number {
  const content = reader.integer(tag)
  if (content[0]! & 0x80) throw new PkiError('derInteger', reader.contentStart)
  if (content.length > 4) return 0x7fffffff
  let value = 0
  for (const byte of content) value = value * 256 + byte
  return value
}

function readExtendedKeyUsage(reader: DerReader, critical: boolean): ExtendedKeyUsage {
  const inner = reader.enter(Tag.sequence)
  if (inner.done) throw malformed(inner.offset, 'no key purpose')
  const purposes: string[] = []
  while (!inner.done) purposes.push(inner.oid())
  return { critical, purposes }
}

/** The key identifier becomes text when asked. */
class ReadAuthorityKeyId implements AuthorityKeyId {
  declare issuer?: readonly GeneralName[]
  declare serial?: string
  readonly #bytes: Uint8Array
  #start = -1
  #end = -1

  constructor(reader: DerReader) {
    const inner = reader.enter(Tag.sequence)
    this.#bytes = inner.bytes
    if (inner.peek() === contextTag(0)) {
      inner.expect(contextTag(0))
      this.#start = inner.contentStart
      this.#end = inner.contentEnd
    }
    if (inner.peek() === contextTag(1, true)) this.issuer = readGeneralNames(inner, contextTag(1, true))
    if (inner.peek() === contextTag(2)) {
      inner.expectInteger(contextTag(2))
      this.serial = serialHexOf(inner.bytes, inner.contentStart, inner.contentEnd)
    }
    inner.finish()
  }

  get keyId(): string | undefined {
    return this.#start === -1 ? undefined : hexOf(this.#bytes, this.#start, this.#end)
  }
}

function readInfoAccess(reader: DerReader): AccessDescription[] {
  const list = reader.enter(Tag.sequence)
  if (list.done) throw malformed(list.offset, 'no access description')
  const descriptions: AccessDescription[] = []
  while (!list.done) {
    const item = list.enter(Tag.sequence)
    descriptions.push({ method: item.oid(), location: readGeneralName(item) })
    item.finish()
  }
  return descriptions
}

function readPolicies(reader: DerReader, facts: ExtensionFacts): void {
  const list = reader.enter(Tag.sequence)
  if (list.done) throw malformed(list.offset, 'no policy')
  const information: PolicyInformation[] = []
  const policies: string[] = []
  const seen = new Set<string>()
  while (!list.done) {
    const start = list.offset
    const item = list.enter(Tag.sequence)
    const oid = item.oid()
    const qualifiers: { oid: string; der: Uint8Array }[] = []
    if (!item.done) {
      const inner = item.enter(Tag.sequence)
      if (inner.done) throw malformed(inner.offset, 'no policy qualifier')
      while (!inner.done) {
        const qualifier = inner.enter(Tag.sequence)
        qualifiers.push({ oid: qualifier.oid(), der: qualifier.element() })
        qualifier.finish()
      }
    }
    item.finish()
    // RFC 5280 4.2.1.4: a policy identifier must not appear more than once.
    if (seen.has(oid)) throw malformed(start, 'the same policy twice')
    seen.add(oid)
    policies.push(oid)
    information.push({ oid, qualifiers })
  }
  facts.policies = policies
  facts.policyInformation = information
}

function readPolicyMappings(reader: DerReader): PolicyMapping[] {
  const list = reader.enter(Tag.sequence)
  if (list.done) throw malformed(list.offset, 'no policy mapping')
  const mappings: PolicyMapping[] = []
  while (!list.done) {
    const item = list.enter(Tag.sequence)
    mappings.push({ issuerDomain: item.oid(), subjectDomain: item.oid() })
    item.finish()
  }
  return mappings
}

function readPolicyConstraints(reader: DerReader): PolicyConstraints {
  const inner = reader.enter(Tag.sequence)
  const requireExplicitPolicy = inner.peek() === contextTag(0) ? readSkipCerts(inner, contextTag(0)) : undefined
  const inhibitPolicyMapping = inner.peek() === contextTag(1) ? readSkipCerts(inner, contextTag(1)) : undefined
  inner.finish()
  return { ...(requireExplicitPolicy !== undefined && { requireExplicitPolicy }), ...(inhibitPolicyMapping !== undefined && { inhibitPolicyMapping }) }
}

function readNameConstraints(reader: DerReader): NameConstraints {
  const inner = reader.enter(Tag.sequence)
  const permitted = inner.peek() === contextTag(0, true) ? readSubtrees(inner, contextTag(0, true)) : []
  const excluded = inner.peek() === contextTag(1, true) ? readSubtrees(inner, contextTag(1, true)) : []
  inner.finish()
  return { permitted, excluded }
}

/** GeneralSubtrees; RFC 5280 4.2.1.10 allows neither minimum (other than 0) nor maximum. */
function readSubtrees(reader: DerReader, tag: number): GeneralName[] {
  const list = reader.enter(tag)
  if (list.done) throw malformed(list.offset, 'no subtree')
  const bases: GeneralName[] = []
  while (!list.done) {
    const item = list.enter(Tag.sequence)
    bases.push(readGeneralName(item))
    if (item.peek() === contextTag(0) && item.smallInteger(contextTag(0)) !== 0) throw malformed(item.contentStart, 'a subtree with a minimum')
    if (!item.done) throw malformed(item.offset, 'a subtree with a maximum')
  }
  return bases
}

/**
 * Canonical hex of an INTEGER's content (RFC 5280 section 4.1.2.2): lower case, without leading zeros, `-` before a negative number; see {@link Certificate.serial}.
 *
 * @example
 * ```ts
 * serialHex(Uint8Array.of(0x00, 0x8f, 0x01)) // '8f01'
 * serialHex(Uint8Array.of(0x05)) // '5'
 * serialHex(Uint8Array.of(0xff)) // '-1'
 * ```
 */
export function serialHex(content: Uint8Array): string {
  return serialHexOf(content, 0, content.length)
}

export function serialHexOf(bytes: Uint8Array, start: number, end: number): string {
  if (bytes[start]! & 0x80) {
    let value = -1n
    for (let i = start; i < end; i++) value = (value << 8n) | BigInt(bytes[i]!)
    return `-${(-value).toString(16)}`
  }
  let from = start
  while (from < end - 1 && bytes[from] === 0) from++
  const text = hexOf(bytes, from, end)
  return text.charCodeAt(0) === 0x30 ? text.slice(1) : text
}
