import { equalBytes, readAlgorithm, Tag, contextTag, DerReader, type AlgorithmIdentifier } from '../der/index.js'
import { PkiError } from '../errors.js'
import { readNameFrom } from '../name/read.js'
import type { Name } from '../name/name.js'
import { readExtensions, type AuthorityKeyId, type DistributionPoint, type Extension } from '../certificate/index.js'
import { readCrlExtensions, type IssuingDistributionPoint } from './extensions.js'

/** The facts of a CRL besides its entries (RFC 5280 section 5.1). */
export interface CrlFacts {
  readonly version: 1 | 2
  readonly issuer: Name
  readonly issuerDer: Uint8Array
  readonly thisUpdate: Date
  /** Absent in CRLs that do not say when the next one comes; such a CRL is not an empty one. */
  readonly nextUpdate?: Date
  readonly signatureAlgorithm: AlgorithmIdentifier
  /** Octets of the signature's BIT STRING. */
  readonly signature: Uint8Array
  /** RFC 5280 section 5.2.3. */
  readonly crlNumber?: bigint
  /** Present in a delta CRL: the number of the complete CRL it builds on (section 5.2.4). */
  readonly baseCrlNumber?: bigint
  readonly authorityKeyId?: AuthorityKeyId
  readonly issuingDistributionPoint?: IssuingDistributionPoint
  /** Where delta CRLs for this CRL are (section 5.2.6). */
  readonly freshestCrl: readonly DistributionPoint[]
  /** expiredCertsOnCRL (X.509): certificates that expired since then stay listed. Absent: they leave the CRL (RFC 5280 section 3.3). */
  readonly expiredCertificatesSince?: Date
  readonly extensions: readonly Extension[]
  /** Critical extensions that are not understood: such a CRL proves nothing (section 5.2). */
  readonly unknownCriticalExtensions: readonly string[]
}

/** Where the parts of a CRL lie, and what stands before its entries. */
export interface CrlHead {
  readonly version: 1 | 2
  readonly innerAlgorithm: Uint8Array
  readonly issuer: Name
  readonly issuerDer: Uint8Array
  readonly thisUpdate: Date
  readonly nextUpdate?: Date
  readonly tbsStart: number
  readonly tbsEnd: number
  readonly entriesStart: number
  readonly entriesEnd: number
  readonly end: number
}

interface Span {
  readonly start: number
  readonly end: number
}

/** A constructed element whose content may lie beyond what is at hand. */
function spanAt(bytes: Uint8Array, at: number, available: number): Span {
  if (at + 2 > available) throw new PkiError('derTruncated', at)
  if (bytes[at] !== Tag.sequence) throw new PkiError('derTag', at)
  const first = bytes[at + 1]!
  if (first < 0x80) return { start: at + 2, end: at + 2 + first }
  const count = first & 0x7f
  if (count === 0) throw new PkiError('derIndefiniteLength', at + 1)
  if (count > 6) throw new PkiError(first === 0xff ? 'derLength' : 'derTruncated', at + 1)
  if (at + 2 + count > available) throw new PkiError('derTruncated', at + 1)
  let length = 0
  for (let i = 0; i < count; i++) length = length * 256 + bytes[at + 2 + i]!
  if (bytes[at + 2] === 0 || length < 0x80) throw new PkiError('derLength', at + 1)
  return { start: at + 2 + count, end: at + 2 + count + length }
}

/**
 * Reads what stands before the entries. `bytes` may end anywhere behind it: only lengths that contradict each other are refused here, and
 * {@link PkiError} `derTruncated` means that more octets are needed.
 */
export function readCrlHead(bytes: Uint8Array): CrlHead {
  const outer = spanAt(bytes, 0, bytes.length)
  const tbs = spanAt(bytes, outer.start, bytes.length)
  if (tbs.end > outer.end) throw new PkiError('derTruncated', outer.start)
  const reader = new DerReader(bytes, tbs.start, Math.min(tbs.end, bytes.length), 2)
  let version: 1 | 2 = 1
  if (reader.peek() === Tag.integer) {
    // Version is absent in a v1 CRL and 1 in a v2 CRL (RFC 5280 5.1.2.1).
    if (reader.smallInteger() !== 1) throw new PkiError('crlMalformed', reader.contentStart, 'unknown version')
    version = 2
  }
  const innerAlgorithm = reader.element(Tag.sequence)
  const issuerStart = reader.offset
  const issuer = readNameFrom(reader)
  const issuerDer = bytes.subarray(issuerStart, reader.offset)
  const thisUpdate = new Date(reader.time())
  const isTime = reader.peek() === Tag.utcTime || reader.peek() === Tag.generalizedTime
  const nextUpdate = isTime ? new Date(reader.time()) : undefined
  if (reader.done && tbs.end > bytes.length) throw new PkiError('derTruncated', reader.offset)
  let entries: Span = { start: reader.offset, end: reader.offset }
  if (reader.peek() === Tag.sequence) {
    entries = spanAt(bytes, reader.offset, bytes.length)
    if (entries.end > tbs.end) throw new PkiError('derTruncated', reader.offset)
  }
  return {
    version, innerAlgorithm, issuer, issuerDer, thisUpdate, ...(nextUpdate && { nextUpdate }),
    tbsStart: outer.start, tbsEnd: tbs.end, entriesStart: entries.start, entriesEnd: entries.end, end: outer.end,
  }
}

/** Largest accepted extensions and signature together, octets. */
export const maxTailBytes = 1_048_576

/** Reads what follows the entries and joins it with the head. `shift` is the position of `bytes[0]` in the CRL. */
export function readCrlTail(bytes: Uint8Array, head: CrlHead, shift: number): CrlFacts {
  if (head.end - head.entriesEnd > maxTailBytes) throw new PkiError('crlTooLarge', head.entriesEnd, 'extensions and signature')
  const tbs = new DerReader(bytes, head.entriesEnd - shift, head.tbsEnd - shift, 2)
  const place = tbs.offset
  const explicit = tbs.enterOptional(contextTag(0, true))
  if (explicit !== undefined && head.version === 1) throw new PkiError('crlMalformed', place + shift, 'extensions in version 1')
  const extensions = explicit === undefined ? [] : readExtensions(explicit, 'crlMalformed')
  explicit?.finish()
  tbs.finish()
  const rest = new DerReader(bytes, head.tbsEnd - shift, head.end - shift, 1)
  const algorithmStart = rest.offset
  const signatureAlgorithm = readAlgorithm(rest)
  // RFC 5280 5.1.1.2: both algorithm fields are the same; otherwise the unsigned one could be exchanged.
  if (!equalBytes(head.innerAlgorithm, signatureAlgorithm.der)) throw new PkiError('crlMalformed', algorithmStart + shift, 'two different signature algorithms')
  const signature = rest.wholeBitString()
  rest.finish()
  const { version, issuer, issuerDer, thisUpdate, nextUpdate } = head
  return {
    version, issuer, issuerDer, thisUpdate, ...(nextUpdate && { nextUpdate }), signatureAlgorithm, signature, extensions, ...readCrlExtensions(extensions, bytes),
  }
}
