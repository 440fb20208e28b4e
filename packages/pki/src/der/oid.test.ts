import { describe, expect, it } from 'vitest'
import { oid as element } from '../../test/build/der.js'
import { PkiError } from '../errors.js'
import { encodeOid, readOid } from './index.js'

const read = (hex: string): string => {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
  return readOid(bytes, 0, bytes.length)
}
/** Content octets from a writer that shares nothing with the package's own. */
const content = (dotted: string): string => element(dotted).subarray(2).toString('hex')

function refusal(hex: string): [string, number | undefined] {
  try {
    read(hex)
  } catch (error) {
    if (error instanceof PkiError) return [error.code, error.offset]
    throw error
  }
  throw new Error('nothing was refused')
}

const known = [
  '0.0', '0.39', '1.0', '1.39', '2.0', '2.39', '2.40', '2.47', '2.48', '2.999', '1.2.3', '1.2.127', '1.2.128', '1.2.16383', '1.2.16384', '1.2.2097151', '1.2.2097152', '1.3.6.1.4.1.311.60.2.1.3', '1.2.840.113549.1.1.11',
  '2.5.4.0', '2.5.4.3', '2.5.4.127', '2.5.4.128', '2.5.4.3.1', '2.5.29.0', '2.5.29.15', '2.5.29.127', '2.5.29.128', '2.5.29.37.0', '2.5.3.1', '2.5.5.3', '2.5.28.15', '2.5.30.15', '2.5.4', '2.5.29', '1.2.4.3', '1.2.29.15', '2.6.4.3', '2.4.29.15',
  '1.2.0', '1.2.0.0', '1.2.10', '1.2.100', '1.2.2147483648', '1.2.4294967296', '1.2.9007199254740911', '2.9007199254740911', '2.9007199254740832',
]

describe('X.690 8.19: OBJECT IDENTIFIER', () => {
  it.each(known)('%s is written and read', (dotted) => {
    expect(read(content(dotted))).toBe(dotted)
    expect(Buffer.from(encodeOid(dotted)!).toString('hex')).toBe(content(dotted))
    // Once more, from what the reader remembers.
    expect(read(content(dotted))).toBe(dotted)
  })

  it('no two are taken for each other, however many were read before', () => {
    const many = Array.from({ length: 600 }, (_, i) => `1.3.6.1.4.1.${i * 7}.${i % 11}`)
    for (let round = 0; round < 2; round++) for (const dotted of many) expect(read(content(dotted))).toBe(dotted)
    // Of these the longer begins as the shorter, and both are remembered in the same place.
    for (const [shorter, longer] of [['1.3.3', '1.3.3.100'], ['1.3.6', '1.3.6.12']] as const) for (const dotted of [shorter, longer, shorter, longer]) expect(read(content(dotted))).toBe(dotted)
  })

  it('what is remembered is what was read, not what stands around it or comes there later', () => {
    const at = (hex: string, start: number, end: number): string => readOid(new Uint8Array(Buffer.from(hex, 'hex')), start, end)
    // Each pair is remembered in the same place.
    expect(at('2b030569', 0, 4)).toBe('1.3.3.5.105')
    expect(at('002b030569', 1, 3)).toBe('1.3.3')
    expect(at('2b0120', 0, 3)).toBe('1.3.1.32')
    expect(at('20012b0201', 2, 5)).toBe('1.3.2.1')
    const bytes = Uint8Array.of(0x2b, 0x01, 0x20)
    expect(readOid(bytes, 0, 3)).toBe('1.3.1.32')
    bytes.set([0x02, 0x01], 1)
    expect(readOid(bytes, 0, 3)).toBe('1.3.2.1')
  })

  it('is read where it stands', () => {
    const bytes = new Uint8Array(Buffer.from(`ff${content('2.5.4.6')}${content('1.2.840.10045.4.3.2')}ff`, 'hex'))
    expect(readOid(bytes, 1, 4)).toBe('2.5.4.6')
    expect(readOid(bytes, 4, bytes.length - 1)).toBe('1.2.840.10045.4.3.2')
    // Also behind octets that could be its own.
    expect(readOid(Uint8Array.of(4, 0x55, 29, 15), 1, 4)).toBe('2.5.29.15')
    expect(readOid(Uint8Array.of(0, 0x55, 4, 3), 1, 2)).toBe('2.5')
    expect(() => readOid(Uint8Array.of(0, 0, 0x55, 4, 0x81), 2, 5)).toThrow(PkiError)
  })

  it.each([
    ['nothing', '', 0], ['an arc that does not end', '2a81', 0], ['an attribute type that does not end', '550481', 0], ['an extension that does not end', '551d81', 0], ['an attribute type that ends in 80', '550480', 0], ['an extension that ends in 80', '551d80', 0],
    ['a leading 80 at the beginning', '8001', 0], ['a leading 80 further on', '2a038001', 2], ['2^53', '2a9080808080808000', 8], ['2^53 in the first arc', '9080808080808000', 7], ['65 octets', '2a'.repeat(65), 0],
  ])('%s is refused', (_, hex, offset) => {
    expect(refusal(hex)).toEqual(['derOid', offset])
  })

  it('64 octets and 2^53 - 1 are the most', () => {
    expect(read('2a'.repeat(64))).toBe(`1.2${'.42'.repeat(63)}`)
    expect(read('2a8fffffffffffff7f')).toBe('1.2.9007199254740991')
    const longest = `1.39${'.127'.repeat(63)}`
    expect(encodeOid(longest)).toHaveLength(64)
    expect(encodeOid(`${longest}.1`)).toBeUndefined()
    expect(encodeOid(`1.2${'.1'.repeat(64)}`)).toBeUndefined()
    expect(encodeOid('1.2.9007199254740912')).toBeUndefined()
    expect(encodeOid('2.9007199254740912')).toBeUndefined()
  })

  it.each(['', '1', '1.', '.1', '3.1', '0.40', '1.40', '01.2', '1.02', '1.2.', '1..2', '1.2.00', '1.2.01', 'a1.2', '1.2a', '1.a', '1.2.3 ', ' 1.2', '1,2', '1.2.-1', '1.2.99999999999999999999'])('%j is none', (text) => {
    expect(encodeOid(text)).toBeUndefined()
  })
})
