import { describe, expect, it } from 'vitest'
import { later } from '../../test/build/certificate.js'
import { encodeEntry, type EntryPlan } from '../../test/build/crl.js'
import { dn, extension, octets, seq, serialInt, tlv } from '../../test/build/der.js'
import { PkiError } from '../errors.js'
import { locateEntry, readEntryExtensions } from './entry.js'
import { findEntries, maxEntryBytes, scanEntries, viewOf, wantedKeys, type ScanState } from './scan.js'
import { buildSerialIndex } from './serial-index.js'
import { serialContent, serialContents } from './serial.js'

const date = tlv(0x17, Buffer.from('260101000000Z'))
const reason = extension('2.5.29.21', tlv(0x0a, [4]))
const invalidity = extension('2.5.29.24', tlv(0x18, Buffer.from('20251231000000Z')))
const serial20 = '51b2c3000000000000000000000000000000f126'
const entry = (plan: EntryPlan): Buffer => encodeEntry(plan)
const withExtensions = (serial: string, ...extensions: Buffer[]): Buffer => seq(serialInt(serial), date, seq(...extensions))
const issuerNames = seq(tlv(0xa4, dn('CN=CA Lain')))

/** Every shape an entry has in use, and some it may have. */
const shapes: readonly (readonly [string, Buffer])[] = [
  ['a serial number alone', entry({ serial: serial20 })],
  ['a serial number of one octet', entry({ serial: '7f' })],
  ['a serial number of two octets', entry({ serial: '80' })],
  ['a serial number of three octets', entry({ serial: '20102' })],
  ['a serial number of four octets', entry({ serial: '1020304' })],
  ['a serial number below zero', entry({ serial: '-8000' })],
  ['serial number zero', entry({ serial: '0' })],
  ['a serial number that starts with a zero octet', entry({ serial: 'ff00ff00ff' })],
  ['a serial number that ends with four zero octets', entry({ serial: '7500000000' })],
  ['a reason', entry({ serial: serial20, reason: 1 })],
  ['a reason, short', entry({ serial: '5', reason: 10 })],
  ['an invalidity date', withExtensions('1234', invalidity)],
  ['a reason and an invalidity date', withExtensions(serial20, reason, invalidity)],
  ['an invalidity date and a reason', withExtensions('abcd', invalidity, reason)],
  ['a GeneralizedTime', entry({ serial: '99', longDate: true, reason: 3 })],
  ['an issuer of its own', entry({ serial: '77', issuer: dn('CN=CA Lain') })],
  ['a critical extension that is not understood', withExtensions('66', extension('1.2.3.4', tlv(0x05), true))],
  ['one of a reason\'s length, behind a serial number that reads like a reason', withExtensions('300c300a0603551d1504030a0101aa', extension('1.2.3.4', Buffer.alloc(0), true))],
  ['another that is not critical', withExtensions('65', extension('1.2.3.4', tlv(0x05)))],
  ['a hold instruction', withExtensions('64', extension('2.5.29.23', tlv(0x06, [42, 3])))],
  ['a long serial number', entry({ serial: `7${'1'.repeat(253)}` })],
  ['more than 127 octets', withExtensions(serial20, extension('1.2.3.4', octets(Buffer.alloc(90))))],
  ['more than 255 octets', withExtensions(serial20, reason, extension('1.2.3.4', octets(Buffer.alloc(300))))],
]

interface Walk { readonly error?: string; readonly at?: number; readonly count?: number; readonly critical?: string | undefined; readonly issuers?: readonly string[] }

function walk(bytes: Uint8Array, start: number, end: number, final: boolean, base = 0): Walk {
  const state: ScanState = { count: 0, unknownCritical: undefined, issuerSwitches: [], base }
  try {
    const at = scanEntries(bytes, viewOf(bytes), start, end, final, state)
    return { at, count: state.count, critical: state.unknownCritical, issuers: state.issuerSwitches.map(({ offset, names }) => `${offset} ${Buffer.from(names).toString('hex')}`) }
  } catch (error) {
    if (error instanceof PkiError) return { error: `${error.code} ${error.offset}` }
    throw error
  }
}

/** The same by the strict reader alone, entry by entry. */
function strictly(bytes: Uint8Array, start: number, end: number): Walk {
  let [at, count] = [start, 0]
  let critical: string | undefined
  const issuers: string[] = []
  try {
    while (at < end) {
      const first = bytes[at + 1]
      const length = at + 2 > end ? NaN : first! < 0x80 ? first! : first === 0x80 || first! > 0x84 || at + 2 + (first! & 0x7f) > end ? NaN : Buffer.from(bytes).readUIntBE(at + 2, first! & 0x7f)
      const next = at + 2 + (first! < 0x80 ? 0 : first! & 0x7f) + length
      if (first === 0x80) throw new PkiError('derIndefiniteLength', at + 1)
      if (first! > 0x84 && at + 2 <= end) throw new PkiError('crlTooLarge', at + 1)
      if (next - at > maxEntryBytes) throw new PkiError('crlTooLarge', at)
      if (!(next <= end)) throw new PkiError('derTruncated', at)
      const place = locateEntry(bytes, at, next)
      const extensions = readEntryExtensions(bytes, place.extensions, place.end)
      critical ??= extensions.unknownCritical
      if (extensions.certificateIssuer !== undefined) issuers.push(`${at} ${Buffer.from(extensions.certificateIssuer).toString('hex')}`)
      at = next
      count++
    }
    return { at, count, critical, issuers }
  } catch (error) {
    if (error instanceof PkiError) return { error: `${error.code} ${error.offset}` }
    throw error
  }
}

const plain = entry({ serial: '123456789abc', reason: 1 })
// What follows the entries decides whether the quick walk may look at them.
const surroundings = [['quickly', Buffer.alloc(200)], ['near the end', Buffer.alloc(0)]] as const

describe.each(surroundings)('the walk over entries says what the strict reader says: %s', (_, behind) => {
  it.each(shapes)('%s', (_name, shape) => {
    const bytes = Buffer.concat([Buffer.alloc(3), plain, shape, plain, behind])
    const end = bytes.length - behind.length
    const expected = strictly(bytes, 3, end)
    expect(expected).toMatchObject({ at: end, count: 3 })
    expect(walk(bytes, 3, end, true)).toEqual(expected)
    expect(walk(bytes, 3, end, false)).toEqual(expected)
    const alone = Buffer.concat([shape, behind])
    expect(walk(alone, 0, shape.length, true)).toEqual(strictly(alone, 0, shape.length))
  })

  it('on every shape with one octet changed', () => {
    const differing: string[] = []
    for (const [name, shape] of shapes) {
      const bytes = Buffer.concat([plain, shape, plain, behind])
      const end = bytes.length - behind.length
      // Dates are read digit by digit only when the entry is decoded; there the quick walk may accept more.
      const dates = [shape.indexOf('2025123100')].filter((place) => place >= 0)
      for (let place = 0; place < Math.min(shape.length, 90); place++) {
        if (dates.some((digit) => place >= digit && place < digit + 14)) continue
        const was = shape[place]!
        for (const value of new Set([was ^ 1, was ^ 2, was ^ 4, was ^ 8, was ^ 16, was ^ 32, was ^ 64, was ^ 128, 0, 0xff, was + 1, was - 1])) {
          bytes[plain.length + place] = value
          const [found, expected] = [walk(bytes, 0, end, true), strictly(bytes, 0, end)]
          if (JSON.stringify(found) !== JSON.stringify(expected)) differing.push(`${name}, octet ${place} ${was} -> ${value & 0xff}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`)
        }
        bytes[plain.length + place] = was
      }
    }
    expect(differing).toEqual([])
  })

  it('wherever the octets end: stops before what is not whole, or says so', () => {
    const all = Buffer.concat(shapes.map(([, shape]) => shape))
    const starts = new Set([0])
    for (let at = 0; at < all.length; starts.add(at)) at = locateEntry(all, at, all.length).end
    let whole = 0
    for (let end = 0; end <= all.length; end += starts.has(end + 1) || starts.has(end) || end < 300 ? 1 : 7) {
      while (starts.has(end) && whole < end) whole = end
      const last = Math.max(...[...starts].filter((at) => at <= end))
      const bytes = Buffer.concat([Buffer.alloc(5), all.subarray(0, end), behind])
      expect(walk(bytes, 5, 5 + end, false).at, `${end}`).toBe(5 + last)
      if (last < end) expect(walk(bytes, 5, 5 + end, true, 1000), `${end}`).toEqual({ error: `derTruncated ${1005 + last}` })
    }
  })
})

describe('what the walk refuses', () => {
  const filled = (size: number): Buffer => withExtensions('1', extension('1.2.3.4', octets(Buffer.alloc(size))))
  it('an entry larger than 64 KiB, before the rest of it is there', () => {
    const largest = filled(maxEntryBytes - 43)
    expect(largest).toHaveLength(maxEntryBytes)
    expect(walk(largest, 0, largest.length, true)).toMatchObject({ count: 1 })
    const larger = filled(maxEntryBytes - 42)
    for (const length of [larger.length, 10]) expect(walk(larger.subarray(0, length), 0, length, false, 7)).toEqual({ error: 'crlTooLarge 7' })
  })

  it.each<[string, readonly number[], string]>([
    ['an indefinite length', [0x30, 0x80, 2, 1, 1], 'derIndefiniteLength 1'],
    ['a length of five octets', [0x30, 0x85, 0, 0, 0, 0, 9], 'crlTooLarge 1'],
    ['a length of four octets that says 4 GiB', [0x30, 0x84, 0xff, 0xff, 0xff, 0xff], 'crlTooLarge 0'],
    ['a length that is not minimal', [0x30, 0x81, 3, 2, 1, 1], 'derLength 1'],
    ['a length that starts with zero', [0x30, 0x82, 0, 3, 2, 1, 1], 'derLength 1'],
    ['another element', [0x31, 3, 2, 1, 1], 'derTag 0'],
  ])('%s', (_, octetsOf, error) => {
    expect(walk(Uint8Array.from(octetsOf), 0, octetsOf.length, true)).toEqual({ error })
    const within = Buffer.concat([Buffer.from(octetsOf), Buffer.alloc(200)])
    expect(walk(within, 0, octetsOf.length, true)).toEqual({ error })
  })

  const dated = [...tlv(0x17, Buffer.from('260101000000Z'))]
  const withReason = [...dated, ...seq(extension('2.5.29.21', tlv(0x0a, [4])))]
  it.each<[string, readonly number[], string]>([
    ['an empty serial number before a date', [0x30, 17, 2, 0, ...dated], 'derInteger 4'],
    ['an empty serial number before a date and a reason', [0x30, 31, 2, 0, ...withReason], 'derInteger 4'],
    ['nothing', [0x30, 0], 'derTruncated 2'],
    ['nothing, behind an entry', [...plain, 0x30, 0], `derTruncated ${plain.length + 2}`],
    ['too little', [0x30, 1, 2], 'derTruncated 2'],
    ['half a date, and behind it an entry', [0x30, 8, 2, 1, 5, 0x17, 13, 1, 2, 3, ...plain], 'derTruncated 6'],
    ['one octet behind the date', [0x30, 20, 2, 2, 0x12, 0x34, ...dated, 0x30], 'derTruncated 21'],
    ['extensions that are not whole', [...seq(serialInt('1234'), date, seq([0x30, 10, 6, 3]))], 'derTruncated 24'],
    ['an invalidity date that is not whole', [...seq(serialInt('1234'), date, seq(invalidity.subarray(0, 14)))], 'derTruncated 24'],
    ['an invalidity date that does not end, behind a number that does', [...seq(serialInt('5a5a5a5a5a5a5a5a'), date, seq(invalidity.subarray(0, 25), [0x30]))], 'derTime 40'],
    ['a reason twice', [...withExtensions('1234', reason, reason)], 'crlMalformed 35'],
    ['a reason twice, and an invalidity date', [...withExtensions('1234', reason, reason, invalidity)], 'crlMalformed 35'],
    ['an invalidity date twice', [...withExtensions('1234', invalidity, invalidity)], 'crlMalformed 49'],
    ['an invalidity date twice, and a reason', [...withExtensions('1234', invalidity, invalidity, reason)], 'crlMalformed 49'],
    ['a serial number longer than its entry', [0x30, 7, 2, 20, ...new Array<number>(20).fill(0x55), ...withReason], 'derTruncated 3'],
    ['a serial number much longer than its entry', [0x30, 13, 2, 40, ...new Array<number>(40).fill(0x55), ...dated], 'derTruncated 3'],
  ])('%s, quickly', (_, octetsOf, error) => {
    for (const behind of [0, 200]) expect(walk(Buffer.concat([Buffer.from(octetsOf), Buffer.alloc(behind)]), 0, octetsOf.length, true)).toEqual({ error })
  })

  it('the first of several critical extensions is named', () => {
    const list = Buffer.concat(['1.2.3.4', '1.2.3.5'].map((oid) => withExtensions('66', extension(oid, tlv(0x05), true))))
    expect(walk(list, 0, list.length, true).critical).toBe('1.2.3.4')
  })

  it('issuers are told by their place in the CRL, in octets of their own', () => {
    const list = new Uint8Array(Buffer.concat([plain, entry({ serial: '77', issuer: dn('CN=CA Lain') })]))
    const state: ScanState = { count: 0, unknownCritical: undefined, issuerSwitches: [], base: 500 }
    scanEntries(list, viewOf(list), 0, list.length, true, state)
    list.fill(0)
    expect(state.issuerSwitches.map(({ offset, names }) => [offset, Buffer.from(names)])).toEqual([[500 + plain.length, issuerNames]])
  })
})

describe('serial numbers are found on the walk, by a search and by the index alike', () => {
  // Several of each shape; numbers that share their last octets, or all but their first.
  const numbers = ['1', '2', '102', '20102', '1020102', '80', '8001', '8080', '-1', '-80', 'abcd', '1abcd', '99abcd', '1299abcd', '3499abcd', '3499abcd00', '1', serial20, `1${serial20}`, `7${'1'.repeat(253)}`]
  const forwards = numbers.flatMap((serial, i): Buffer[] => [
    entry({ serial, ...(i % 3 === 0 && { reason: 1 }), ...(i % 4 === 1 && { longDate: true }) }), ...(i % 5 === 2 ? [withExtensions(serial, extension('1.2.3.4', octets(Buffer.alloc(120))))] : []),
  ])
  const absent = ['3', '103', '30102', '3020102', 'ffff', '2abcd', '98abcd', '1199abcd', `2${serial20}`, '0', '-2', serial20.slice(2)]

  function placesOf(list: readonly Buffer[], start: number): Map<string, number[]> {
    const places = new Map<string, number[]>()
    let at = start
    for (const item of list) {
      const place = locateEntry(item, 0, item.length)
      const key = item.subarray(place.serialStart, place.serialEnd).toString('hex')
      places.set(key, [...places.get(key) ?? [], at])
      at += item.length
    }
    return places
  }

  it.each([[0, 300, false], [9, 0, false], [9, 0, true], [70_000, 0, false]])('%i octets in front, %i behind, backwards: %s', (before, after, backwards) => {
    const list = backwards ? [...forwards].reverse() : forwards
    const bytes = Buffer.concat([Buffer.alloc(before, 1), ...list, Buffer.alloc(after)])
    const [start, end] = [before, bytes.length - after]
    const places = placesOf(list, start)
    const view = viewOf(bytes)
    const index = buildSerialIndex(bytes, view, start, end, list.length)
    const all = [...numbers, ...absent]
    const candidatesOf = (serials: readonly string[]): number[] => {
      const found: number[] = []
      const wanted = wantedKeys(serialContents(serials))!
      scanEntries(bytes, view, start, end, true, { count: 0, unknownCritical: undefined, issuerSwitches: [], base: 0, wanted, candidate: (at) => found.push(at) })
      return found
    }
    // The last four octets, or three of which the first say how short the number is.
    const tailOf = (content: Uint8Array): string => (content.length < 4 ? Buffer.of(2, content.length, ...content).subarray(-3) : Buffer.from(content).subarray(-4)).toString('hex')
    const alike = (content: Uint8Array): number[] => [...places].flatMap(([key, at]) => (tailOf(Buffer.from(key, 'hex')) === tailOf(content) && (key.length < 8) === (content.length < 4) ? at : [])).sort((a, b) => a - b)
    for (const serial of all) {
      const content = serialContent(serial)!
      const expected = places.get(Buffer.from(content).toString('hex')) ?? []
      expect(findEntries(bytes, view, start, end, content), serial).toEqual(expected)
      expect(index.find(content), serial).toEqual(expected)
      expect(candidatesOf([serial]), serial).toEqual(alike(content))
      expect(candidatesOf([serial, 'fedcba98765432'])).toEqual(expect.arrayContaining(expected))
    }
    expect(candidatesOf(numbers)).toHaveLength(list.length)
    expect(candidatesOf(['fedcba98765432', 'fedcba98765431'])).toEqual([])
  })

  it('nothing wanted is nothing looked for', () => {
    expect(wantedKeys([])).toBeUndefined()
  })

  it.each([[0], [1], [2], [3], [4], [8], [1000]])('an index over %i counted numbers', (count) => {
    const bytes = Buffer.concat([Buffer.alloc(7), ...Array.from({ length: count }, (_, i) => entry({ serial: (i + 200).toString(16), date: later(-1) }))])
    const index = buildSerialIndex(bytes, viewOf(bytes), 7, bytes.length, count)
    let at = 7
    for (let i = 0; i < count; i++) {
      expect(index.find(serialContent((i + 200).toString(16))!)).toEqual([at])
      at = locateEntry(bytes, at, bytes.length).end
    }
    for (const other of [199, count + 200, 7, 1_000_000]) expect(index.find(serialContent(other.toString(16))!)).toEqual([])
  })
})
