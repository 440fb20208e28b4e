import { locateEntry } from './entry.js'
import { sameAt, serialKey, keyOfSerial } from './scan.js'

/**
 * Entry offsets grouped by a hash of the serial number: four octets an entry and about one for the groups. The bits that an offset leaves free hold a
 * fingerprint, so that a search seldom touches the wrong entry. Built by a counting sort over two walks, without further memory.
 */
export interface SerialIndex {
  /** Offsets of every entry with this serial number, in the order of the CRL. */
  find(serial: Uint8Array): number[]
}

/** Builds the index over entries that have been scanned before; `count` is their number. */
export function buildSerialIndex(bytes: Uint8Array, view: DataView, start: number, end: number, count: number): SerialIndex {
  // About four entries share a group: short to search, and the table of groups stays in the cache.
  const shift = 32 - Math.min(28, Math.max(1, 32 - Math.clz32(count >>> 2)))
  const groups = new Uint32Array(2 ** (32 - shift))
  const slots = new Uint32Array(count)
  // Offsets count from the first entry. A file of 4 GiB leaves no bit for the fingerprint.
  const placeBits = 32 - Math.clz32(end - start)
  const placeMask = 2 ** placeBits - 1
  const printMask = ~placeMask
  for (let pass = 0; pass < 2; pass++) {
    for (let at = start; at < end;) {
      const length = bytes[at + 1]!
      let serialStart = at + 4
      let serialEnd = serialStart + bytes[at + 3]!
      let next = at + 2 + length
      if (length >= 0x80) ({ serialStart, serialEnd, end: next } = locateEntry(bytes, at, end))
      const hash = mixKey(serialKey(view, serialStart, serialEnd))
      const group = hash >>> shift
      if (pass === 0) groups[group]!++
      else slots[groups[group]!++] = ((at - start) | (printOf(hash) & printMask)) >>> 0
      at = next
    }
    if (pass === 0) {
      // From sizes to starts; the second walk moves each to its end.
      for (let group = 0, sum = 0; group < groups.length; group++) {
        const size = groups[group]!
        groups[group] = sum
        sum += size
      }
    }
  }
  return {
    find(serial: Uint8Array): number[] {
      const hash = mixKey(keyOfSerial(serial))
      const print = (printOf(hash) & printMask) >>> 0
      const group = hash >>> shift
      const last = groups[group]!
      const found: number[] = []
      for (let slot = group === 0 ? 0 : groups[group - 1]!; slot < last; slot++) {
        const entry = slots[slot]!
        if (((entry & printMask) >>> 0) !== print) continue
        const place = start + ((entry & placeMask) >>> 0)
        let serialStart = place + 4
        let serialEnd = serialStart + bytes[place + 3]!
        if (bytes[place + 1]! >= 0x80) ({ serialStart, serialEnd } = locateEntry(bytes, place, end))
        if (serialEnd - serialStart === serial.length && sameAt(bytes, serialStart, serial)) found.push(place)
      }
      return found
    },
  }
}

/** The group takes the upper bits of the hash; the fingerprint, standing in the upper bits of a slot, is made of the lower ones. */
function printOf(hash: number): number {
  return hash << 16
}

/** Spreads a key over 32 bits, so that counted serial numbers fall into different groups. */
function mixKey(key: number): number {
  const mixed = Math.imul(key ^ (key >>> 15), 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 12)) >>> 0
}
