import { describe, expect, it } from 'vitest'
import { PkiError, type PkiErrorCode } from '../errors.js'
import { DerReader, encodeElement, encodeOid, maxDerDepth, readOid, readPem, readPemOrDer, Tag } from './index.js'

const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))

function refusal(run: () => unknown): { code: PkiErrorCode; offset: number | undefined } {
  try {
    run()
  } catch (error) {
    if (error instanceof PkiError) return { code: error.code, offset: error.offset }
    throw error
  }
  throw new Error('nothing was refused')
}

describe('X.690 10.1: definite, minimal lengths', () => {
  it.each([
    ['indefinite', '3080020100 0000', 'derIndefiniteLength', 1],
    ['81 for a short length', '02810100', 'derLength', 1],
    ['82 with a leading zero', '0282000100', 'derLength', 1],
    ['reserved FF', '02ff00', 'derLength', 1],
    ['2^31 octets announced', '048480000000', 'derTruncated', 1],
    ['2^56 octets announced', '0487ffffffffffffff', 'derTruncated', 1],
    ['content missing', '0402ff', 'derTruncated', 1],
    ['length missing', '04', 'derTruncated', 0],
    ['length octets missing', '0482ff', 'derTruncated', 1],
    ['nothing at all', '', 'derTruncated', 0],
    ['a high tag number', '1f8201 00', 'derTag', 0],
  ])('%s', (_, octets, code, offset) => {
    expect(refusal(() => new DerReader(hex(octets.replace(/ /g, ''))).next())).toEqual({ code, offset })
  })

  it('accepts the minimal long forms', () => {
    for (const size of [127, 128, 255, 256, 65_535, 65_536]) {
      const reader = new DerReader(encodeElement(Tag.octetString, new Uint8Array(size)))
      expect(reader.octetString().length).toBe(size)
      reader.finish()
    }
  })

  it('refuses an inner element that leaves its SEQUENCE, though octets follow', () => {
    const reader = new DerReader(hex('3003040301ff')).enter(Tag.sequence)
    expect(refusal(() => reader.next())).toEqual({ code: 'derTruncated', offset: 3 })
  })

  it('refuses trailing octets with their offset', () => {
    const reader = new DerReader(hex('050000'))
    reader.null()
    expect(refusal(() => reader.finish())).toEqual({ code: 'derTrailing', offset: 2 })
  })
})

describe('X.690 primitive types', () => {
  it.each([
    ['11.1 BOOLEAN 01', '010101', (r: DerReader) => r.boolean(), 'derBoolean'],
    ['11.1 BOOLEAN of two octets', '0102ffff', (r: DerReader) => r.boolean(), 'derBoolean'],
    ['8.3.2 INTEGER empty', '0200', (r: DerReader) => r.integer(), 'derInteger'],
    ['8.3.2 INTEGER with a superfluous 00', '02020001', (r: DerReader) => r.integer(), 'derInteger'],
    ['8.3.2 INTEGER with a superfluous FF', '0202ff80', (r: DerReader) => r.integer(), 'derInteger'],
    ['INTEGER beyond 32 bits as a small one', '02050100000000', (r: DerReader) => r.smallInteger(), 'derInteger'],
    ['8.8.2 NULL with content', '050100', (r: DerReader) => r.null(), 'derNull'],
    ['8.6.2 BIT STRING empty', '0300', (r: DerReader) => r.bitString(), 'derBitString'],
    ['8.6.2.3 8 unused bits', '030208ff', (r: DerReader) => r.bitString(), 'derBitString'],
    ['8.6.2.3 unused bits of nothing', '030101', (r: DerReader) => r.bitString(), 'derBitString'],
    ['11.2.1 unused bits not zero', '030201ff', (r: DerReader) => r.bitString(), 'derBitString'],
    ['8.19 OBJECT IDENTIFIER empty', '0600', (r: DerReader) => r.oid(), 'derOid'],
    ['8.19.2 leading 80 in an arc', '06032a8001', (r: DerReader) => r.oid(), 'derOid'],
    ['8.19.2 unfinished arc', '06022a81', (r: DerReader) => r.oid(), 'derOid'],
    ['an arc beyond 2^53', '060a2affffffffffffffff7f', (r: DerReader) => r.oid(), 'derOid'],
    ['another tag', '0201ff', (r: DerReader) => r.octetString(), 'derTag'],
  ] as const)('%s is refused', (_, octets, read, code) => {
    expect(refusal(() => read(new DerReader(hex(octets)))).code).toBe(code)
  })

  it('reads the values', () => {
    expect(new DerReader(hex('0101ff')).boolean()).toBe(true)
    expect(new DerReader(hex('020180')).smallInteger()).toBe(-128)
    expect(new DerReader(hex('02047fffffff')).smallInteger()).toBe(0x7fffffff)
    expect(new DerReader(hex('02050080000000')).bigInteger()).toBe(0x80000000n)
    expect(new DerReader(hex('0202ff7f')).bigInteger()).toBe(-129n)
    expect(new DerReader(hex('06092a864886f70d010105')).oid()).toBe('1.2.840.113549.1.1.5')
  })

  it.each(['0.0', '1.39', '2.999.3', '2.5.4.3', '1.3.6.1.4.1.311.60.2.1.3', '2.9007199254740000'])('OBJECT IDENTIFIER %s survives', (dotted) => {
    const content = encodeOid(dotted)!
    expect(readOid(content, 0, content.length)).toBe(dotted)
    // Once more, from what the reader remembers.
    expect(readOid(content, 0, content.length)).toBe(dotted)
  })

  it('an OBJECT IDENTIFIER read from memory that is filled anew is not mistaken for another', () => {
    const memory = Buffer.alloc(3)
    for (const dotted of ['1.2.3.64', '1.2.4.33', '1.2.5.2', '1.2.3.64']) {
      memory.set(encodeOid(dotted)!)
      expect(readOid(memory, 0, 3)).toBe(dotted)
    }
  })

  it.each(['', '1', '3.1', '1.40', '01.2', '1.2.', '1..2', '1.2.99999999999999999999'])('%j is no OBJECT IDENTIFIER', (text) => {
    expect(encodeOid(text)).toBeUndefined()
  })
})

describe('RFC 5280 4.1.2.5: times', () => {
  const read = (tag: number, text: string): number => new DerReader(encodeElement(tag, Uint8Array.from(text, (c) => c.charCodeAt(0)))).time()
  it.each([
    [Tag.utcTime, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [Tag.utcTime, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [Tag.utcTime, '000229120000Z', '2000-02-29T12:00:00.000Z'],
    [Tag.generalizedTime, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
    [Tag.generalizedTime, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
    [Tag.generalizedTime, '19000301000000Z', '1900-03-01T00:00:00.000Z'],
  ])('%i %s is %s', (tag, text, iso) => {
    expect(new Date(read(tag, text)).toISOString()).toBe(iso)
  })

  it.each([
    [Tag.utcTime, '2501010000Z'], [Tag.utcTime, '250101000000'], [Tag.utcTime, '250101000000+0700'], [Tag.utcTime, '250229000000Z'], [Tag.utcTime, '251301000000Z'],
    [Tag.utcTime, '250100000000Z'], [Tag.utcTime, '250101240000Z'], [Tag.utcTime, '250101006000Z'], [Tag.utcTime, '250101000060Z'], [Tag.utcTime, '25 101000000Z'],
    [Tag.generalizedTime, '20250101000000.5Z'], [Tag.generalizedTime, '20250101000000z'], [Tag.generalizedTime, '2025010100000Z'],
  ])('%i %s is refused', (tag, text) => {
    expect(refusal(() => read(tag, text)).code).toBe('derTime')
  })
})

describe('limits', () => {
  it('stops at the depth limit, with 10,000 levels in the input', () => {
    let nested: Uint8Array = new Uint8Array(0)
    for (let i = 0; i < 10_000; i++) nested = encodeElement(Tag.sequence, nested.subarray(0, Math.min(nested.length, 60_000)))
    const descend = (): void => {
      for (let reader = new DerReader(nested), i = 0; i <= maxDerDepth + 1; i++) reader = reader.enter(Tag.sequence)
    }
    expect(refusal(descend).code).toMatch(/derTooDeep|derTruncated/)
    const valid = Array.from({ length: maxDerDepth + 2 }).reduce<Uint8Array>((inner) => encodeElement(Tag.sequence, inner), new Uint8Array(0))
    expect(refusal(() => { for (let reader = new DerReader(valid); ;) reader = reader.enter(Tag.sequence) }).code).toBe('derTooDeep')
  })
})

describe('RFC 7468: PEM', () => {
  const block = (body: string, label = 'CERTIFICATE'): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`
  it('reads every block of the label, with comments and other blocks between', () => {
    expect(readPem(`subject=x\n${block('AQI=')}${block('AAAA', 'X509 CRL')}\r\n${block('A w M =')}`, 'CERTIFICATE')).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3, 3)])
  })
  it.each([['no end', '-----BEGIN CERTIFICATE-----\nAQI=\n'], ['no padding', block('AQI')], ['too much padding', block('AQ===')], ['left-over bits', block('AQJ=')], ['another alphabet', block('AQ_=')], ['one sextet', block('A')], ['text after padding', block('AQI=AQI=')]])('%s is refused', (_, text) => {
    expect(refusal(() => readPem(text, 'CERTIFICATE')).code).toBe('pemMalformed')
  })
  it('tells DER from the octets of a PEM file', () => {
    expect(readPemOrDer(Uint8Array.of(0x30, 0), 'CERTIFICATE')).toEqual(Uint8Array.of(0x30, 0))
    expect(readPemOrDer(Uint8Array.from(block('AQI='), (c) => c.charCodeAt(0)), 'CERTIFICATE')).toEqual(Uint8Array.of(1, 2))
    expect(refusal(() => readPemOrDer('nothing here', 'CERTIFICATE')).code).toBe('pemMalformed')
  })
})
