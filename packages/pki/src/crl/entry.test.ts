import { describe, expect, it } from 'vitest'
import { dn, enumerated, extension, octets, oid, seq, serialInt, tlv } from '../../test/build/der.js'
import { PkiError } from '../errors.js'
import { decodeEntry, locateEntry, readEntryExtensions, reasonName, type CrlEntry } from './entry.js'
import { gravest } from './gravest.js'

const utc = (digits: string): Buffer => tlv(0x17, Buffer.from(digits))
const generalized = (digits: string): Buffer => tlv(0x18, Buffer.from(digits))
const date = utc('260102030405Z')
const revocationDate = new Date('2026-01-02T03:04:05Z')
const reason = (code: number): Buffer => extension('2.5.29.21', enumerated(code))
const invalidity = extension('2.5.29.24', generalized('20251231235958Z'))
const invalidityDate = new Date('2025-12-31T23:59:58Z')
const make = (...extensions: Buffer[]): Buffer => seq(serialInt('a1b2c3'), date, ...(extensions.length === 0 ? [] : [seq(...extensions)]))

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof PkiError) return `${error.code} ${error.offset}`
    throw error
  }
  return 'read'
}

describe('an entry (RFC 5280 section 5.3)', () => {
  it.each<[string, Buffer, Partial<CrlEntry>]>([
    ['alone', make(), {}],
    ['with a reason', make(reason(4)), { reason: 'superseded' }],
    ['with an invalidity date', make(invalidity), { invalidityDate }],
    ['with both', make(reason(1), invalidity), { reason: 'keyCompromise', invalidityDate }],
    ['with both, the other way', make(invalidity, reason(1)), { reason: 'keyCompromise', invalidityDate }],
    // As long as a reason, and its last octet the number of one.
    ['with an instruction for a hold', make(extension('2.5.29.23', oid('0.4'))), {}],
    ['with an extension that is not known', make(extension('2.5.29.99', enumerated(4))), {}],
    ['with an extension that is not known and ends like a date', make(extension('2.5.29.99', octets(date))), {}],
    ['with a critical reason', make(extension('2.5.29.21', enumerated(4), true)), { reason: 'superseded' }],
    ['with a GeneralizedTime', seq(serialInt('a1b2c3'), generalized('20260102030405Z')), {}],
    ['with a GeneralizedTime and a reason', seq(serialInt('a1b2c3'), generalized('20260102030405Z'), seq(reason(9))), { reason: 'privilegeWithdrawn' }],
    ['of more than 127 octets', make(reason(2), extension('1.2.3.4', octets(Buffer.alloc(120)))), { reason: 'cACompromise' }],
  ])('%s', (_, bytes, expected) => {
    expect(decodeEntry(bytes, 0, bytes.length)).toStrictEqual({ serial: 'a1b2c3', revocationDate, ...expected })
    // Wherever it stands, and whatever stands beside it.
    for (let beside = 0; beside < 256; beside++) {
      const inside = Buffer.concat([Buffer.alloc(40, beside), bytes, Buffer.alloc(40, beside)])
      expect(decodeEntry(inside, 40, inside.length)).toEqual({ serial: 'a1b2c3', revocationDate, ...expected })
      expect(locateEntry(inside, 40, inside.length).end).toBe(40 + bytes.length)
    }
  })

  it('whatever octets its parts are made of', () => {
    // A serial number that ends like a reason, before an extension of that length.
    const serial = '300c300a0603551d1504030a01a1b2'
    const hold = seq(serialInt(serial), date, seq(extension('2.5.29.23', oid('0.4'))))
    expect(decodeEntry(hold, 0, hold.length)).toStrictEqual({ serial, revocationDate })
    // An extension that holds a date, and a reason, where they would stand if 82 were a length.
    const found: number[] = []
    for (let size = 300; size < 340; size++) {
      const long = make(extension('1.2.3.4', octets(Buffer.alloc(size, 0x17))))
      const place = 4 + long[3]!
      const rest = 2 + long[1]! - place - 15
      if (rest !== 0 && rest !== 14) continue
      found.push(rest)
      date.copy(long, place)
      seq(reason(4)).copy(long, place + 15)
      expect(decodeEntry(long, 0, long.length)).toStrictEqual({ serial: 'a1b2c3', revocationDate })
    }
    expect(found).toEqual([14, 0])
  })

  it('section 5.3.1: reasons by their numbers; 7 and numbers beyond are none', () => {
    const names = ['unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'certificateHold', undefined, 'removeFromCRL', 'privilegeWithdrawn', 'aACompromise', undefined]
    for (const [code, name] of [...names.entries(), [127, undefined], [128, undefined], [255, undefined]] as const) {
      const decoded = [make(reason(code)), make(reason(code), invalidity)].map((bytes) => decodeEntry(bytes, 0, bytes.length))
      expect(decoded).toStrictEqual([{ serial: 'a1b2c3', revocationDate, ...(name && { reason: name }) }, { serial: 'a1b2c3', revocationDate, invalidityDate, ...(name && { reason: name }) }])
      expect(reasonName(code)).toBe(name)
    }
  })

  it('section 5.3.3: the issuer in force is given, over what the entry itself says', () => {
    const issuer = seq(tlv(0xa4, dn('CN=CA Lain')))
    for (const bytes of [make(), make(reason(1)), make(extension('2.5.29.29', seq(tlv(0xa4, dn('CN=Tidak Berlaku'))), true))]) {
      expect(decodeEntry(bytes, 0, bytes.length, issuer).certificateIssuer).toMatchObject([{ kind: 'directoryName' }])
      expect(decodeEntry(bytes, 0, bytes.length)).not.toHaveProperty('certificateIssuer')
    }
  })

  it.each<[string, Buffer]>([
    ['a date that is none', seq(serialInt('1'), utc('261302030405Z'))],
    ['a date that is none, with a reason', seq(serialInt('1'), utc('26010203040AZ'), seq(reason(1)))],
    ['a GeneralizedTime that is none', seq(serialInt('1'), generalized('20260102030460Z'))],
    ['an invalidity date that is none', make(extension('2.5.29.24', generalized('20251331235958Z')))],
  ])('X.690 11.7: %s is found when the entry is decoded', (_, bytes) => {
    expect(codeOf(() => decodeEntry(bytes, 0, bytes.length))).toMatch(/^derTime /)
  })
})

describe('the place of an entry', () => {
  const long = (length: number): Buffer => tlv(0x02, Buffer.alloc(length, 1))
  it.each<[string, Buffer, string]>([
    ['a serial number of 127 octets', seq(long(127), date), 'read'],
    ['a serial number of 128 octets', seq(long(128), date), 'crlMalformed 6'],
    ['no serial number', seq(date), 'derTag 2'],
    ['an empty serial number', seq(tlv(0x02), date), 'derInteger 4'],
    ['a serial number that is not minimal', seq(tlv(0x02, [0, 1]), date), 'derInteger 4'],
    ['no date', seq(serialInt('1')), 'derTruncated 5'],
    ['something else than a date', seq(serialInt('1'), tlv(0x16, Buffer.from('260102030405Z'))), 'derTag 5'],
    ['a UTCTime without seconds', seq(serialInt('1'), utc('2601020304Z')), 'derTime 7'],
    ['a UTCTime with a century', seq(serialInt('1'), utc('20260102030405Z')), 'derTime 7'],
    ['a GeneralizedTime without a century', seq(serialInt('1'), generalized('260102030405Z')), 'derTime 7'],
    ['a GeneralizedTime with a fraction', seq(serialInt('1'), generalized('20260102030405.5Z')), 'derTime 7'],
    ['something else than extensions', seq(serialInt('1'), date, tlv(0x31, reason(1))), 'derTag 20'],
    ['something behind the extensions', seq(serialInt('1'), date, seq(reason(1)), tlv(0x05)), 'derTrailing 34'],
    ['extensions cut short', seq(serialInt('1'), date, Buffer.of(0x30, 9, 1)), 'derTruncated 21'],
  ])('%s', (_, bytes, expected) => expect(codeOf(() => locateEntry(bytes, 0, bytes.length))).toBe(expected))
})

describe('extensions of an entry', () => {
  const critical = (type: string, value: Buffer): Buffer => extension(type, value, true)
  it.each<[string, Buffer, object]>([
    ['none', Buffer.alloc(0), {}],
    ['one that is not known', seq(extension('1.2.3.4', tlv(0x05))), {}],
    ['a critical one that is not known', seq(critical('1.2.3.4', tlv(0x05))), { unknownCritical: '1.2.3.4' }],
    ['a critical one between others', seq(reason(1), critical('1.2.3.4', tlv(0x05)), extension('1.2.3.5', tlv(0x05))), { reason: 'keyCompromise', unknownCritical: '1.2.3.4' }],
    ['a critical instruction for a hold', seq(critical('2.5.29.23', oid('1.2.840.10040.2.1'))), {}],
  ])('%s', (_, bytes, expected) => expect(readEntryExtensions(bytes, 0, bytes.length)).toStrictEqual(expected))

  it.each<[string, Buffer, string]>([
    ['an empty list', seq(), 'crlMalformed 0'],
    ['one twice', seq(reason(1), reason(4)), 'crlMalformed 14'],
    ['one that is not known twice', seq(extension('1.2.3.4', tlv(0x05)), invalidity, extension('1.2.3.4', tlv(0x05))), 'crlMalformed 39'],
    ['critical FALSE, which is the default (X.690 11.5)', seq(seq(oid('2.5.29.21'), tlv(0x01, [0]), octets(enumerated(1)))), 'derBoolean 2'],
    ['something behind the list', Buffer.concat([seq(reason(1)), tlv(0x05)]), 'derTrailing 14'],
    ['something behind the value', seq(seq(oid('2.5.29.21'), octets(enumerated(1)), tlv(0x05))), 'derTrailing 14'],
    ['a reason that is an INTEGER', seq(extension('2.5.29.21', tlv(0x02, [1]))), 'derTag 11'],
    ['something behind a reason', seq(extension('2.5.29.21', Buffer.concat([enumerated(1), tlv(0x05)]))), 'derTrailing 14'],
    ['an invalidity date as UTCTime', seq(extension('2.5.29.24', date)), 'derTag 11'],
    ['something behind an invalidity date', seq(extension('2.5.29.24', Buffer.concat([generalized('20251231235958Z'), tlv(0x05)]))), 'derTrailing 28'],
    ['an issuer that is no list', seq(critical('2.5.29.29', tlv(0x31))), 'derTag 14'],
    ['something behind an issuer', seq(critical('2.5.29.29', Buffer.concat([seq(tlv(0x82, [0x61])), tlv(0x05)]))), 'derTrailing 19'],
    ['an instruction for a hold that is no object identifier', seq(extension('2.5.29.23', tlv(0x05))), 'derTag 11'],
    ['something behind an instruction for a hold', seq(extension('2.5.29.23', Buffer.concat([oid('1.2.3'), tlv(0x05)]))), 'derTrailing 15'],
  ])('%s is refused', (_, bytes, expected) => expect(codeOf(() => readEntryExtensions(bytes, 0, bytes.length))).toBe(expected))
})

describe('the gravest of several entries', () => {
  const of = (name: CrlEntry['reason'], serial: string): CrlEntry => ({ serial, revocationDate, ...(name && { reason: name }) })
  const [final, hold, removal] = [of('keyCompromise', '1'), of('certificateHold', '2'), of('removeFromCRL', '3')]
  it.each<[string, readonly CrlEntry[], CrlEntry | undefined]>([
    ['none of none', [], undefined], ['a removal alone', [removal], removal],
    ['a hold after a removal', [removal, hold], hold], ['a hold before a removal', [hold, removal], hold],
    ['a revocation after both', [removal, hold, final], final], ['a revocation before both', [final, hold, removal], final], ['a revocation between', [hold, final, removal], final],
    ['a revocation after a removal', [removal, final], final], ['one without a reason', [hold, of(undefined, '4')], of(undefined, '4')], ['the first of two that are final', [final, of('superseded', '5')], final],
  ])('%s', (_, entries, expected) => expect(gravest(entries)).toEqual(expected))
})
