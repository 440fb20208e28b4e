import { PkiError } from '../errors.js'
import { locateEntry, readEntryExtensions } from './entry.js'

/** An entry larger than this is refused: the largest honest one names a certificateIssuer in a few hundred octets. */
export const maxEntryBytes = 65_536

/** From this entry on, entries of an indirect CRL belong to these names (RFC 5280 section 5.3.3). */
export interface IssuerSwitch {
  /** Offset of the entry that carries the extension, counted from the start of the CRL. */
  readonly offset: number
  /** GeneralNames, the SEQUENCE whole. */
  readonly names: Uint8Array
}

/** What a walk over the entries finds out besides their number. */
export interface ScanState {
  count: number
  /** The first critical entry extension that is not understood: such a CRL proves nothing (RFC 5280 section 5.3). */
  unknownCritical: string | undefined
  readonly issuerSwitches: IssuerSwitch[]
  /** What is added to offsets: the position of the window in the CRL. */
  base: number
  /** Entries whose {@link serialKey} is the one wanted, or, of several, has a flag under its low half, are given to `candidate`. */
  readonly wanted?: number | Uint8Array
  readonly candidate?: (start: number) => void
}

/** A view over the same bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** What the quick walk looks at behind the start of an entry, at most: a serial number of 127 octets, a date, a reason. */
const quickReach = 160

/**
 * Walks over entries, strictly: definite minimal lengths, minimal INTEGERs, known times, extensions in order and understood. Two shapes make up nearly every
 * CRL in use (no extension; a reason) and are recognised by whole words, without a branch between them: which of the two comes next is chance, and a
 * processor that guesses wrong loses more time than all comparing takes. Every other shape goes through the DER reader.
 * Returns the offset of the first entry that is not whole when `final` is false, otherwise `end`.
 */
export function scanEntries(bytes: Uint8Array, view: DataView, start: number, end: number, final: boolean, state: ScanState): number {
  const { wanted, candidate } = state
  const filter = typeof wanted === 'object' ? wanted : undefined
  const looking = wanted !== undefined
  const only = typeof wanted === 'number' ? wanted : 0
  const quickEnd = Math.min(end, bytes.length - quickReach)
  let at = start
  let count = 0
  while (at < end) {
    if (at < quickEnd) {
      // 30 LL 02 SS: an entry of fewer than 128 octets that starts with its serial number.
      const head = view.getInt32(at)
      const serialLength = head & 0x7f
      const time = at + 4 + serialLength
      const next = at + 2 + ((head >>> 16) & 0x7f)
      const rest = next - time
      // 15 octets are a UTCTime, 29 a UTCTime and a reason; all ones for the latter, which has bit 4 set.
      const withReason = -((rest >>> 4) & 1)
      const reason = (view.getInt32(time + 15) ^ 0x300c300a) | (view.getInt32(time + 19) ^ 0x0603551d) | (view.getInt32(time + 23) ^ 0x1504030a) | (view.getUint8(time + 27) ^ 1)
      const odd = ((head ^ 0x30000200) & 0xff80ff80) | (view.getUint16(time) ^ 0x170d) | ((rest - 15) * (rest - 29)) | (reason & withReason)
      // The first nine bits of a minimal INTEGER of more than one octet are not all alike.
      const top = view.getInt16(at + 4) >> 7
      if (odd === 0 && next <= end && serialLength !== 0 && ((top !== 0 && top !== -1) || serialLength === 1)) {
        if (looking) {
          const key = serialLength < 4 ? view.getInt32(time - 4) & 0xffffff : view.getInt32(time - 4)
          if (filter === undefined ? key === only : filter[key & 0xffff] === 1) candidate!(at)
        }
        at = next
        count++
        continue
      }
    }
    const next = scanOtherEntry(bytes, view, at, end, final, state)
    if (next === at) break
    at = next
    count++
  }
  state.count += count
  return at
}

/** An entry of another shape, or one near the end of the octets; `at` itself when it is not whole and need not be. */
function scanOtherEntry(bytes: Uint8Array, view: DataView, at: number, end: number, final: boolean, state: ScanState): number {
  const size = elementSize(bytes, at, end)
  if (size > maxEntryBytes) throw new PkiError('crlTooLarge', at + state.base, 'one entry')
  if (size === 0 || at + size > end) {
    if (final) throw new PkiError('derTruncated', at + state.base)
    return at
  }
  const next = at + size
  const serialEnd = ordinarySerialEnd(view, at, next)
  if (serialEnd === 0) return scanOddEntry(bytes, view, at, next, state)
  lookAt(view, at + 4, serialEnd, at, state)
  return next
}

/** Where the serial number of an entry with a UTCTime and only ordinary extensions ends; 0 for any other. */
function ordinarySerialEnd(view: DataView, at: number, end: number): number {
  if (end - at < 20 || end - at > 0x7f + 2) return 0
  const head = view.getUint32(at)
  const serialLength = head & 0x7f
  const time = at + 4 + serialLength
  if ((head & 0xff80ff80) >>> 0 !== 0x30000200 || serialLength === 0 || time + 15 > end || view.getUint16(time) !== 0x170d) return 0
  const top = view.getInt16(at + 4) >> 7
  if (serialLength !== 1 && (top === 0 || top === -1)) return 0
  return time + 15 === end || ordinaryExtensions(view, time + 15, end - time - 15) ? time : 0
}

function lookAt(view: DataView, serialStart: number, serialEnd: number, at: number, state: ScanState): void {
  const { wanted } = state
  if (wanted === undefined) return
  const key = serialKey(view, serialStart, serialEnd)
  if (typeof wanted === 'number' ? wanted === key : wanted[key & 0xffff] === 1) state.candidate!(at)
}

/** Entries of any other shape. */
function scanOddEntry(bytes: Uint8Array, view: DataView, at: number, end: number, state: ScanState): number {
  const place = locateEntry(bytes, at, end)
  const extensions = readEntryExtensions(bytes, place.extensions, place.end)
  if (extensions.unknownCritical !== undefined) state.unknownCritical ??= extensions.unknownCritical
  if (extensions.certificateIssuer !== undefined) state.issuerSwitches.push({ offset: at + state.base, names: extensions.certificateIssuer.slice() })
  lookAt(view, place.serialStart, place.serialEnd, at, state)
  return place.end
}

/** A reason, an invalidity date, or both in either order, none critical, in the one encoding DER leaves for each. */
function ordinaryExtensions(view: DataView, start: number, length: number): boolean {
  if (length < 2 || view.getUint8(start) !== 0x30 || view.getUint8(start + 1) !== length - 2) return false
  let at = start + 2
  const end = start + length
  let seen = 0
  while (at < end) {
    if (end - at < 12) return false
    if (view.getUint32(at) === 0x300a0603 && view.getUint32(at + 4) === 0x551d1504 && view.getUint16(at + 8) === 0x030a && view.getUint8(at + 10) === 1) {
      if ((seen & 1) !== 0) return false
      seen |= 1
      at += 12
    } else if (end - at >= 26 && view.getUint32(at) === 0x30180603 && view.getUint32(at + 4) === 0x551d1804 && view.getUint16(at + 8) === 0x1118 && view.getUint8(at + 10) === 15) {
      // The date's digits are checked when the entry is decoded; here only its end.
      if ((seen & 2) !== 0 || view.getUint8(at + 25) !== 0x5a) return false
      seen |= 2
      at += 26
    } else return false
  }
  return seen !== 0
}

/** Size of the element at `at`, 0 when its header is not whole. Lengths are checked by the reader afterwards. */
export function elementSize(bytes: Uint8Array, at: number, end: number): number {
  if (at + 2 > end) return 0
  const first = bytes[at + 1]!
  if (first < 0x80) return 2 + first
  const count = first & 0x7f
  if (count === 0) throw new PkiError('derIndefiniteLength', at + 1)
  if (count > 4) throw new PkiError('crlTooLarge', at + 1, 'one entry')
  if (at + 2 + count > end) return 0
  let length = 0
  for (let i = 0; i < count; i++) length = length * 256 + bytes[at + 2 + i]!
  return 2 + count + length
}

/**
 * The last four octets of a serial number as one integer; of a shorter one, tag and length stand in front, which are the same for equal serials.
 * Serial numbers are random or counted, so these octets spread well; {@link mixKey} spreads counted ones.
 */
export function serialKey(view: DataView, start: number, end: number): number {
  const key = view.getInt32(end - 4)
  return end - start < 4 ? key & 0xffffff : key
}

/** The {@link serialKey} of a serial's content octets on their own. */
export function keyOfSerial(content: Uint8Array): number {
  const { length } = content
  const last = content[length - 1]!
  if (length >= 4) return (content[length - 4]! << 24) | (content[length - 3]! << 16) | (content[length - 2]! << 8) | last
  if (length === 3) return (content[0]! << 16) | (content[1]! << 8) | last
  return (0x02 << 16) | ((length === 2 ? content[0]! : 0x01) << 8) | last
}

/** What {@link ScanState} looks for, from content octets of serial numbers: the key of one, a table for several. */
export function wantedKeys(contents: readonly Uint8Array[]): number | Uint8Array | undefined {
  const [first] = contents
  if (contents.length < 2) return first === undefined ? undefined : keyOfSerial(first)
  const table = new Uint8Array(65_536)
  for (const content of contents) table[keyOfSerial(content) & 0xffff] = 1
  return table
}

/** Offsets of every entry with this serial number, by one walk over entries that {@link scanEntries} has accepted. */
export function findEntries(bytes: Uint8Array, view: DataView, start: number, end: number, serial: Uint8Array): number[] {
  const found: number[] = []
  const wantedLength = serial.length
  const key = keyOfSerial(serial)
  const mask = wantedLength < 4 ? 0xffffff : -1
  let at = start
  while (at < end) {
    const length = bytes[at + 1]!
    if (length < 0x80) {
      if (bytes[at + 3] === wantedLength && (view.getInt32(at + wantedLength) & mask) === key && sameAt(bytes, at + 4, serial)) found.push(at)
      at += 2 + length
    } else {
      const place = locateEntry(bytes, at, end)
      if (place.serialEnd - place.serialStart === wantedLength && sameAt(bytes, place.serialStart, serial)) found.push(at)
      at = place.end
    }
  }
  return found
}

/** True when `wanted` stands at `at`. */
export function sameAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false
  return true
}
