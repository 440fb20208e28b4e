import { describe, expect, it } from 'vitest'
import { serialHex } from '../certificate/index.js'
import { serialContent, serialContents } from './serial.js'

const contentOf = (serial: string): string | undefined => {
  const content = serialContent(serial)
  return content === undefined ? undefined : Buffer.from(content).toString('hex')
}

describe('the content octets of a serial number (X.690 8.3)', () => {
  it.each([
    ['0', '00'], ['00', '00'], ['1', '01'], ['7f', '7f'], ['80', '0080'], ['FF', '00ff'], ['100', '0100'], ['7fff', '7fff'], ['8000', '008000'], ['0008000', '008000'], ['abcdefabcdef', '00abcdefabcdef'],
    ['-1', 'ff'], ['-7f', '81'], ['-80', '80'], ['-81', 'ff7f'], ['-ff', 'ff01'], ['-100', 'ff00'], ['-8000', '8000'], ['-8001', 'ff7fff'], ['-0001', 'ff'], ['-7fffff', '800001'],
  ])('%s', (serial, content) => {
    expect(contentOf(serial)).toBe(content)
    const canonical = serial.toLowerCase().replace(/^(-?)0+(?=.)/, '$1')
    expect(serialHex(serialContent(serial)!)).toBe(canonical)
  })

  it('a number of 256 digits at most, zeros in front not counted', () => {
    expect(contentOf('1'.repeat(256))).toBe('1'.repeat(256))
    expect(contentOf(`000${'1'.repeat(256)}`)).toBe('1'.repeat(256))
    expect(contentOf('1'.repeat(257))).toBeUndefined()
  })

  it.each([[''], ['-'], ['--1'], ['x'], ['-x'], ['1x'], ['1-'], ['0x1'], ['ab:cd'], [' 1'], ['-0']])('%j is none', (serial) => {
    expect(serialContent(serial)).toBeUndefined()
    expect(() => serialContents(['1', serial])).toThrow(/hexadecimal/)
  })
})
