import { describe, expect, it } from 'vitest'
import { concatBytes, contextTag, encodeElement, encodeUnsigned, equalBytes, Tag } from './index.js'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const from = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

describe('X.690 10.1: elements are written in their one form', () => {
  it.each([
    [0, '0400'], [1, '0401'], [127, '047f'], [128, '048180'], [255, '0481ff'], [256, '04820100'], [65_535, '0482ffff'], [65_536, '0483010000'], [16_777_215, '0483ffffff'], [16_777_216, '048401000000'],
  ])('of %i octets', (length, header) => {
    const content = new Uint8Array(length)
    content[0] = 0xaa
    content[length - 1] = 0xbb
    const element = encodeElement(Tag.octetString, content)
    const begin = header.length / 2
    expect(hex(element.subarray(0, begin))).toBe(header)
    expect(element.length).toBe(begin + length)
    expect([element[begin], element.at(-1)]).toEqual(length === 0 ? [undefined, 0] : [length === 1 ? 0xbb : 0xaa, 0xbb])
  })
  it('of several parts, or none', () => {
    expect(hex(encodeElement(0xa3, from('0102'), from(''), from('03')))).toBe('a303010203')
    expect(hex(encodeElement(Tag.null))).toBe('0500')
    expect(hex(encodeElement(4, new Uint8Array(100).fill(1), new Uint8Array(100).fill(2)))).toBe(`0481c8${'01'.repeat(100)}${'02'.repeat(100)}`)
  })
  it.each([['', '020100'], ['00', '020100'], ['0000', '020100'], ['01', '020101'], ['7f', '02017f'], ['80', '02020080'], ['0080', '02020080'], ['00007f', '02017f'], ['0100', '02020100'], ['000100', '02020100'], ['ff00', '020300ff00']])('INTEGER of the magnitude %j', (magnitude, expected) => {
    expect(hex(encodeUnsigned(from(magnitude)))).toBe(expected)
  })
  it.each([[0, false, 0x80], [0, true, 0xa0], [2, false, 0x82], [3, true, 0xa3], [30, false, 0x9e], [30, true, 0xbe]])('context tag %i, constructed: %s', (number, constructed, tag) => {
    expect(contextTag(number, constructed)).toBe(tag)
    if (!constructed) expect(contextTag(number)).toBe(tag)
  })
})

describe('octets', () => {
  it('are joined in order', () => {
    expect(hex(concatBytes([from('01'), from(''), from('0203')]))).toBe('010203')
    expect(concatBytes([])).toHaveLength(0)
  })
  it.each([['', '', true], ['01', '01', true], ['0102', '0102', true], ['0102', '0202', false], ['0102', '0103', false], ['01', '0102', false], ['0102', '01', false], ['', '00', false], ['010203', '010303', false]])('%j and %j are the same: %s', (a, b, same) => {
    expect(equalBytes(from(a), from(b))).toBe(same)
    const bytes = from(a)
    expect(equalBytes(bytes, bytes)).toBe(true)
  })
})
