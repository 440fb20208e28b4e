import { describe, expect, it } from 'vitest'
import { decodeString, decodeUtf8, encodeUtf8 } from './string.js'

const hex = (text: string): Uint8Array => Uint8Array.from(text.replace(/ /g, '').match(/../g) ?? [], (pair) => parseInt(pair, 16))
const octets = (text: string): string => Buffer.from(text).toString('hex')

/** The first and the last character of every length in UTF-8, and the neighbours of the surrogates. */
const edges = ['\0', '\x7f', '\x80', '\u07bf', '\u07ff', '\u0800', '\u0fff', '\ud7ff', '\ue000', '\ufffd', '\uffff', '\u{10000}', '\u{1f4a1}', '\u{fffff}', '\u{10ffff}']

describe('RFC 3629: UTF-8', () => {
  it('every length is written and read, alone and beside others', () => {
    for (const text of [...edges, ...edges.map((edge) => `a${edge}b`), ...edges.map((edge) => `${edge}\u{10000}${edge}`), edges.join('')]) {
      const bytes = encodeUtf8(text)
      expect(Buffer.from(bytes).toString('hex')).toBe(octets(text))
      expect(decodeUtf8(bytes, 0, bytes.length)).toBe(text)
    }
  })
  it('lone surrogates are written as U+FFFD', () => {
    for (const lone of ['\ud800', '\udbff', '\udc00', '\udfff', 'a\ud800', '\udc00\ud800', '\ud800b\udfff']) {
      expect(Buffer.from(encodeUtf8(lone)).toString('hex')).toBe(octets(lone))
    }
  })
  it.each([
    ['a continuation octet alone', '80', 0],
    ['one behind a letter', '61 80', 1],
    ['one as the start of three octets', '81 80 80', 0],
    ['one as the start of four octets', '81 80 80 80', 0],
    ['an overlong form of two octets', 'c1 bf', 0],
    ['C1 as the start of three octets', 'c1 80 80', 0],
    ['an overlong form of three octets', 'e0 9f bf', 0],
    ['an overlong form of four octets', 'f0 8f bf bf', 0],
    ['the first surrogate', 'ed a0 80', 0],
    ['the last surrogate', 'ed bf bf', 0],
    ['beyond U+10FFFF', 'f4 90 80 80', 0],
    ['F5', '61 f5 80 80 80', 1],
    ['F8', 'f8 88 80 80', 0],
    ['F9, which would be in range without its high bits', 'f9 80 80 80', 0],
    ['two octets cut off', '61 c3', 1],
    ['three octets cut off', '61 e2 82', 1],
    ['a letter instead of the second octet', '61 c3 28', 2],
    ['a letter instead of the third octet', '61 e2 82 28', 3],
    ['a start instead of the second octet', 'c3 c3', 1],
  ])('%s is refused at its place', (_, text, offset) => {
    const bytes = hex(text)
    expect(() => decodeUtf8(bytes, 0, bytes.length)).toThrow(expect.objectContaining({ code: 'derString', offset }) as Error)
  })
  it('reads no further than the end it is given', () => {
    expect(decodeUtf8(hex('ff c3 a9 ff'), 1, 3)).toBe('é')
    expect(decodeUtf8(hex('61 62 ff'), 0, 2)).toBe('ab')
    expect(() => decodeUtf8(hex('61 c3 a9'), 0, 2)).toThrow(expect.objectContaining({ code: 'derString', offset: 1 }) as Error)
    expect(() => decodeUtf8(hex('f0 9f 92 a1'), 0, 3)).toThrow(expect.objectContaining({ code: 'derString', offset: 0 }) as Error)
  })
})

describe('BMPString and UniversalString', () => {
  const bmp = (text: string): Uint8Array => Buffer.from(text, 'utf16le').swap16()
  const universal = (text: string): Uint8Array => {
    const out = Buffer.alloc(Array.from(text).length * 4)
    Array.from(text).forEach((character, i) => out.writeUInt32BE(character.codePointAt(0) ?? 0, 4 * i))
    return out
  }
  const read = (bytes: Uint8Array, type: 'bmp' | 'universal'): string => decodeString(bytes, type, 0, bytes.length)
  it('every character is read, alone and beside others', () => {
    for (const text of [...edges, ...edges.map((edge) => `a${edge}b`), edges.join('')]) {
      expect(read(bmp(text), 'bmp')).toBe(text)
      expect(read(universal(text), 'universal')).toBe(text)
    }
    expect(read(hex('d800 dc00 dbff dfff'), 'bmp')).toBe('\u{10000}\u{10ffff}')
  })
  it.each([
    ['bmp', 'half a unit', '0061 00', 0],
    ['bmp', 'the first high surrogate alone', 'd800', 0],
    ['bmp', 'a high surrogate before a letter', '0061 d83d 0062', 2],
    ['bmp', 'a high surrogate before U+E000', 'd83d e000', 0],
    ['bmp', 'two high surrogates', 'd83d dbff', 0],
    ['bmp', 'two low surrogates', 'dc00 dc00', 0],
    ['bmp', 'the last low surrogate alone', '0061 dfff', 2],
    ['universal', 'half a unit', '00000061 0000', 0],
    ['universal', 'the first surrogate', '00000061 0000d800', 4],
    ['universal', 'the last surrogate', '0000dfff', 0],
    ['universal', 'the first beyond Unicode', '00110000', 0],
    ['universal', 'a high octet', '01000000', 0],
    ['universal', 'all bits', 'ffffffff', 0],
  ] as const)('%s: %s is refused at its place', (type, _, text, offset) => {
    expect(() => read(hex(text), type)).toThrow(expect.objectContaining({ code: 'derString', offset }) as Error)
  })
  it('a pair is not completed from beyond the end', () => {
    expect(() => decodeString(hex('d83d dca1'), 'bmp', 0, 2)).toThrow(expect.objectContaining({ code: 'derString', offset: 0 }) as Error)
    expect(decodeString(hex('0000 0061 0062'), 'bmp', 2, 4)).toBe('a')
  })
  it.each([
    ['utf8', (length: number) => Buffer.from('é'.repeat(length))],
    ['bmp', (length: number) => Buffer.alloc(2 * length, Uint8Array.of(0, 0xe9))],
    ['universal', (length: number) => Buffer.alloc(4 * length, Uint8Array.of(0, 0, 0, 0xe9))],
  ] as const)('%s: a long text is read whole', (type, make) => {
    const bytes = make(130_000)
    expect(decodeString(bytes, type, 0, bytes.length) === 'é'.repeat(130_000)).toBe(true)
  })
})

describe('the one-octet types', () => {
  it('are read as Latin-1, whatever their length', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    for (let length = 0; length <= 20; length++) expect(decodeString(all, 'teletex', 220, 220 + length)).toBe(Buffer.from(all.subarray(220, 220 + length)).toString('latin1'))
    expect(decodeString(all, 'printable', 0, 256)).toBe(Buffer.from(all).toString('latin1'))
  })
})
