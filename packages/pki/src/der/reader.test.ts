import { describe, expect, it } from 'vitest'
import { PkiError, type PkiErrorCode } from '../errors.js'
import { DerReader, encodeElement, encodeOid, maxDerDepth, readAlgorithm, readOid, readPem, readPemOrDer, Tag } from './index.js'

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

describe('one level of DER', () => {
  const reader = (octets: string, end?: number): DerReader => new DerReader(hex(octets), 0, end)

  it.each<[string, string, (r: DerReader) => unknown, unknown]>([
    ['BOOLEAN FALSE', '010100', (r) => r.boolean(), false], ['BOOLEAN under a context tag', '8101ff', (r) => r.boolean(0x81), true],
    ['INTEGER of one octet', '020100', (r) => r.smallInteger(), 0], ['INTEGER -1', '0201ff', (r) => r.smallInteger(), -1], ['INTEGER with a needed 00', '02020080', (r) => r.smallInteger(), 128], ['INTEGER with a needed FF', '0202ff7f', (r) => r.smallInteger(), -129],
    ['the smallest', '020480000000', (r) => r.smallInteger(), -0x80000000], ['ENUMERATED', '0a0107', (r) => r.smallInteger(Tag.enumerated), 7], ['INTEGER of four octets', '020401020304', (r) => r.smallInteger(), 0x01020304],
    ['content of an INTEGER', '02020080', (r) => r.integer(), hex('0080')], ['content under a context tag', '800105', (r) => r.integer(0x80), hex('05')],
    ['a large INTEGER', `0240${'7f'.repeat(64)}`, (r) => r.bigInteger(), BigInt(`0x${'7f'.repeat(64)}`)], ['a large negative one', '020900ffffffffffffffff', (r) => r.bigInteger(), 0xffffffffffffffffn], ['-2^64', '0209ff0000000000000000', (r) => r.bigInteger(), -(2n ** 64n)],
    ['within a bound', '02027fff', (r) => r.bigInteger(Tag.integer, 2), 0x7fffn], ['BIT STRING', '03020780', (r) => r.bitString(), { unusedBits: 7, bytes: hex('80') }], ['BIT STRING, empty', '030100', (r) => r.bitString(), { unusedBits: 0, bytes: hex('') }],
    ['BIT STRING under a context tag', '8103010102', (r) => r.bitString(0x81), { unusedBits: 1, bytes: hex('0102') }], ['whole octets', '0303000102', (r) => r.wholeBitString(), hex('0102')], ['whole octets under a context tag', '80020001', (r) => r.wholeBitString(0x80), hex('01')],
    ['OCTET STRING', '04020102', (r) => r.octetString(), hex('0102')], ['OCTET STRING under a context tag', '80020102', (r) => r.octetString(0x80), hex('0102')], ['OBJECT IDENTIFIER under a context tag', '88022a03', (r) => r.oid(0x88), '1.2.3'],
    ['an element', '0402010205', (r) => r.element(), hex('04020102')], ['an element of a tag', '0402010205', (r) => r.element(4), hex('04020102')], ['NULL', '0500', (r) => r.null(), undefined],
    ['tag number 30', '1e00', (r) => r.next(), 0x1e], ['a constructed one', 'be00', (r) => r.next(), 0xbe],
  ])('reads %s', (_, octets, read, value) => {
    // Between other octets: nothing before and behind belongs to it.
    const bytes = hex(`ffff${octets}ff`)
    const r = new DerReader(bytes, 2)
    const expected = read(reader(octets))
    expect(expected).toEqual(value)
    expect(read(r)).toEqual(value)
    expect(r.offset).toBeGreaterThan(2)
  })

  it.each<[string, string, number | undefined, (r: DerReader) => unknown, PkiErrorCode, number]>([
    ['one octet', '0500', 1, (r) => r.next(), 'derTruncated', 0], ['the octets of another level', '0500', 0, (r) => r.expect(2), 'derTruncated', 0], ['the length octets in another level', '04820001', 2, (r) => r.next(), 'derTruncated', 1],
    ['a length of 1 in long form', '04817f', undefined, (r) => r.next(), 'derLength', 1], ['six length octets', '0486010000000000', undefined, (r) => r.next(), 'derTruncated', 1], ['six length octets, not minimal', '0486000000000001', undefined, (r) => r.next(), 'derLength', 1],
    ['a leading zero before a long length', `04820081${'00'.repeat(129)}`, undefined, (r) => r.next(), 'derLength', 1], ['a leading zero before three octets', `0483000100${'00'.repeat(256)}`, undefined, (r) => r.next(), 'derLength', 1],
    ['seven length octets', '048700000000000001', undefined, (r) => r.next(), 'derTruncated', 1], ['126 length octets', '04fe', undefined, (r) => r.next(), 'derTruncated', 1], ['127', '04ff', undefined, (r) => r.next(), 'derLength', 1],
    ['the content in another level', '040101', 2, (r) => r.next(), 'derTruncated', 1], ['high tag numbers of every class', '3f0100', undefined, (r) => r.next(), 'derTag', 0], ['context', '9f0100', undefined, (r) => r.next(), 'derTag', 0], ['private', 'ff0100', undefined, (r) => r.next(), 'derTag', 0],
    ['another tag', '050030', undefined, (r) => r.enter(Tag.sequence), 'derTag', 0], ['an element of another tag', '0500', undefined, (r) => r.element(4), 'derTag', 0], ['content of another tag', '0500', undefined, (r) => r.content(4), 'derTag', 0],
    ['BOOLEAN, empty', '0100', undefined, (r) => r.boolean(), 'derBoolean', 2], ['BOOLEAN 02', '010102', undefined, (r) => r.boolean(), 'derBoolean', 2], ['BOOLEAN of two octets', '01020000', undefined, (r) => r.boolean(), 'derBoolean', 2],
    ['INTEGER, empty', '020001', undefined, (r) => r.integer(), 'derInteger', 2], ['INTEGER 00 7f', '0202007f', undefined, (r) => r.expectInteger(), 'derInteger', 2], ['INTEGER ff ff', '0202ffff', undefined, (r) => r.smallInteger(), 'derInteger', 2],
    ['five octets as a small INTEGER', '02050100000000', undefined, (r) => r.smallInteger(), 'derInteger', 2], ['65 octets', `0241${'01'.repeat(65)}`, undefined, (r) => r.bigInteger(), 'derInteger', 2], ['more than the bound', '0203010203', undefined, (r) => r.bigInteger(Tag.integer, 2), 'derInteger', 2],
    ['an empty BIT STRING without count', '030000', undefined, (r) => r.expectBitString(), 'derBitString', 2], ['a count without octets', '030101', undefined, (r) => r.expectBitString(), 'derBitString', 2], ['8 unused bits', '03020800', undefined, (r) => r.expectBitString(), 'derBitString', 2],
    ['an unused bit that is set', '0303010001', undefined, (r) => r.expectBitString(), 'derBitString', 4], ['the seventh one', '03020740', undefined, (r) => r.bitString(), 'derBitString', 3], ['unused bits in whole octets', '03020100', undefined, (r) => r.wholeBitString(), 'derBitString', 2],
    ['NULL with content', '050100', undefined, (r) => r.null(), 'derNull', 2], ['a time, at the end', '1700', 0, (r) => r.time(), 'derTruncated', 0], ['a time of another tag', '160d', undefined, (r) => r.time(), 'derTag', 0], ['what is left', '0500', undefined, (r) => r.finish(), 'derTrailing', 0],
  ])('refuses %s', (_, octets, end, read, code, offset) => {
    expect(refusal(() => read(reader(octets, end)))).toEqual({ code, offset })
  })

  it('tells what comes next and where it is', () => {
    const r = new DerReader(hex('0202010230030101ff'))
    expect([r.peek(), r.done, r.depth, r.offset]).toEqual([2, false, 0, 0])
    r.skip()
    expect([r.contentStart, r.contentEnd, r.offset, r.peek()]).toEqual([2, 4, 4, 0x30])
    expect(r.enterOptional(0x31)).toBeUndefined()
    expect(r.offset).toBe(4)
    const inner = r.enterOptional(0x30)!
    expect([inner.offset, inner.end, inner.depth, inner.peek()]).toEqual([6, 9, 1, 1])
    expect([r.done, r.peek()]).toEqual([true, -1])
    r.finish()
    expect(inner.boolean()).toBe(true)
    expect([inner.done, inner.peek()]).toEqual([true, -1])
    expect(new DerReader(hex('0500'), 0, 0).peek()).toBe(-1)
    expect(r.enterOptional(0x30)).toBeUndefined()
  })
})

describe('X.690: AlgorithmIdentifier (RFC 5280 4.1.1.2)', () => {
  it('has parameters, or none', () => {
    const bytes = hex('ff300406022a03300606022a030500')
    const r = new DerReader(bytes, 1)
    const [without, withNull] = [readAlgorithm(r), readAlgorithm(r)]
    expect(without).toMatchObject({ oid: '1.2.3', parameters: undefined, der: hex('300406022a03') })
    expect(withNull).toMatchObject({ oid: '1.2.3', parameters: hex('0500'), der: hex('300606022a030500') })
    expect(r.done).toBe(true)
    expect(readAlgorithm(new DerReader(hex('a00406022a03')), 0xa0).der).toEqual(hex('a00406022a03'))
  })
  it.each([['octets after the parameters', '300806022a0305000500', 'derTrailing', 8], ['no identifier', '3000', 'derTruncated', 2], ['another tag', '310406022a03', 'derTag', 0], ['parameters that do not end', '300506022a0305', 'derTruncated', 6]] as const)('refuses %s', (_, octets, code, offset) => {
    expect(refusal(() => readAlgorithm(new DerReader(hex(octets))))).toEqual({ code, offset })
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
    let deepest = 0
    expect(refusal(() => { for (let reader = new DerReader(valid); ;) { reader = reader.enter(Tag.sequence); deepest = reader.depth } })).toEqual({ code: 'derTooDeep', offset: 2 * maxDerDepth })
    expect(deepest).toBe(maxDerDepth)
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
