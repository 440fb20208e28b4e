import { DerReader, readOid, readTime, Tag } from '../der/index.js'
import { PkiError } from '../errors.js'
import { readGeneralNames, serialHex, type GeneralName } from '../certificate/index.js'
import type { RevocationReason } from '../judgement.js'

/** One revoked certificate of a CRL (RFC 5280 section 5.1.2.6). */
export interface CrlEntry {
  /** Canonical serial number: lower-case hex without leading zeros, `-` in front of a negative one. */
  readonly serial: string
  readonly revocationDate: Date
  /** RFC 5280 section 5.3.1; absent when the entry has none (or one the RFC does not define). */
  readonly reason?: RevocationReason
  /** RFC 5280 section 5.3.2: when the key is thought to have been lost. */
  readonly invalidityDate?: Date
  /** In an indirect CRL: whose certificate it is, where that is not the issuer of the CRL (section 5.3.3). */
  readonly certificateIssuer?: readonly GeneralName[]
}

/** CRLReason by its number (RFC 5280 section 5.3.1); 7 is not used. */
const reasons: readonly (RevocationReason | undefined)[] = [
  'unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'certificateHold',
  undefined, 'removeFromCRL', 'privilegeWithdrawn', 'aACompromise',
]

/** The name of a CRLReason number; undefined for 7 and for numbers RFC 5280 does not define. */
export function reasonName(code: number): RevocationReason | undefined {
  return reasons[code]
}

/** What the extensions of an entry say. */
export interface EntryExtensions {
  reason?: RevocationReason
  invalidityDate?: Date
  /** GeneralNames of the certificateIssuer extension (RFC 5280 section 5.3.3), the SEQUENCE whole. */
  certificateIssuer?: Uint8Array
  /** A critical extension this package does not process. A certificateIssuer counts also where it is not critical, as it MUST be. */
  unknownCritical?: string
}

/** Where the parts of an entry lie. */
export interface EntryPlace {
  readonly serialStart: number
  readonly serialEnd: number
  readonly timeTag: number
  readonly timeStart: number
  readonly timeEnd: number
  /** Offset of crlEntryExtensions, equal to `end` when absent. */
  readonly extensions: number
  readonly end: number
}

/**
 * Steps over one entry of any shape, strictly; the quick scanner calls it for whatever is not one of the two common shapes.
 * Dates are checked for tag and length here and digit by digit when the entry is decoded.
 */
export function locateEntry(bytes: Uint8Array, start: number, limit: number): EntryPlace {
  const outer = new DerReader(bytes, start, limit)
  const entry = outer.enter(Tag.sequence)
  entry.expectInteger()
  const { contentStart: serialStart, contentEnd: serialEnd } = entry
  if (serialEnd - serialStart > maxSerialBytes) throw new PkiError('crlMalformed', serialStart, 'serial number too long')
  const timeTag = entry.peek()
  if (timeTag !== Tag.utcTime && timeTag !== Tag.generalizedTime) throw new PkiError(timeTag === -1 ? 'derTruncated' : 'derTag', entry.offset)
  entry.next()
  const { contentStart: timeStart, contentEnd: timeEnd } = entry
  if (timeEnd - timeStart !== (timeTag === Tag.utcTime ? 13 : 15)) throw new PkiError('derTime', timeStart)
  const extensions = entry.offset
  if (!entry.done) {
    entry.expect(Tag.sequence)
    entry.finish()
  }
  return { serialStart, serialEnd, timeTag, timeStart, timeEnd, extensions, end: outer.offset }
}

/** Reads the entry at `start`, dates digit by digit. `issuer` is the certificateIssuer in force there, GeneralNames. */
export function decodeEntry(bytes: Uint8Array, start: number, limit: number, issuer?: Uint8Array): CrlEntry {
  const plain = issuer === undefined ? decodePlain(bytes, start) : undefined
  if (plain !== undefined) return plain
  const place = locateEntry(bytes, start, limit)
  const revocationDate = new Date(readTime(bytes, place.timeTag, place.timeStart, place.timeEnd))
  const { reason, invalidityDate } = readEntryExtensions(bytes, place.extensions, place.end)
  return {
    serial: serialHex(bytes.subarray(place.serialStart, place.serialEnd)), revocationDate, ...(reason && { reason }), ...(invalidityDate && { invalidityDate }),
    ...(issuer && { certificateIssuer: readGeneralNames(new DerReader(issuer)) }),
  }
}

const reasonExtension = /* @__PURE__ */ Uint8Array.of(0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01)

/** The two common shapes of an entry that has been scanned before, without readers: a serial number, a UTCTime, and perhaps a reason. */
function decodePlain(bytes: Uint8Array, start: number): CrlEntry | undefined {
  const length = bytes[start + 1]!
  if (length >= 0x80) return undefined
  const end = start + 2 + length
  const time = start + 4 + bytes[start + 3]!
  const rest = end - (time + 15)
  if (bytes[time] !== Tag.utcTime || (rest !== 0 && rest !== 14)) return undefined
  if (rest === 14) for (let i = 0; i < 13; i++) if (bytes[time + 15 + i] !== reasonExtension[i]) return undefined
  const serial = serialHex(bytes.subarray(start + 4, time))
  const revocationDate = new Date(readTime(bytes, Tag.utcTime, time + 2, time + 15))
  const reason = rest === 0 ? undefined : reasonName(bytes[end - 1]!)
  return reason === undefined ? { serial, revocationDate } : { serial, revocationDate, reason }
}

/** RFC 5280 4.1.2.2 allows 20 octets; this is what no CA in use exceeds, and what a one-octet length holds. */
export const maxSerialBytes = 127

/** Reads crlEntryExtensions (RFC 5280 section 5.3): a non-empty SEQUENCE, each identifier at most once. */
export function readEntryExtensions(bytes: Uint8Array, start: number, end: number): EntryExtensions {
  const result: EntryExtensions = {}
  if (start === end) return result
  const outer = new DerReader(bytes, start, end)
  const list = outer.enter(Tag.sequence)
  outer.finish()
  if (list.done) throw new PkiError('crlMalformed', start, 'empty crlEntryExtensions')
  const seen: string[] = []
  while (!list.done) {
    const place = list.offset
    const extension = list.enter(Tag.sequence)
    extension.expect(Tag.oid)
    const oid = readOid(bytes, extension.contentStart, extension.contentEnd)
    if (seen.includes(oid)) throw new PkiError('crlMalformed', place, 'an entry extension twice')
    seen.push(oid)
    let critical = false
    if (extension.peek() === Tag.boolean) {
      critical = extension.boolean()
      if (!critical) throw new PkiError('derBoolean', place, 'a default value is encoded')
    }
    extension.expect(Tag.octetString)
    const value = new DerReader(bytes, extension.contentStart, extension.contentEnd, 4)
    extension.finish()
    readEntryExtension(oid, critical, value, result)
  }
  return result
}

function readEntryExtension(oid: string, critical: boolean, value: DerReader, result: EntryExtensions): void {
  switch (oid) {
    case '2.5.29.21': {
      const reason = reasonName(value.smallInteger(Tag.enumerated))
      value.finish()
      if (reason !== undefined) result.reason = reason
      return
    }
    case '2.5.29.24': {
      if (value.peek() !== Tag.generalizedTime) throw new PkiError('derTag', value.offset)
      result.invalidityDate = new Date(value.time())
      value.finish()
      return
    }
    case '2.5.29.29': {
      result.certificateIssuer = value.element(Tag.sequence)
      value.finish()
      return
    }
    // holdInstructionCode: withdrawn by RFC 5280, harmless.
    case '2.5.29.23': {
      value.oid()
      value.finish()
      return
    }
    default:
      if (critical) result.unknownCritical = oid
  }
}
