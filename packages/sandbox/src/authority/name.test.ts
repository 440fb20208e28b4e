import { describe, expect, test } from 'vitest'
import { integerOfHex, oid, time, elements, tlv } from './der.js'
import { encodeName, leafOrder, nameKey, nameKeyOf, printName } from './name.js'

describe('RFC 4514 names as AMS prints and finds them', () => {
  const name = leafOrder('517059AAAABBBBCC_Tanda Tangan Elektronik', '#Budi, "S.T." \\ + <x>; ', ' Dinas = A')

  test('special characters are escaped and the print is read back as the same name', () => {
    expect(printName(name)).toBe(
      'C=ID,O=\\ Dinas \\= A,CN=\\#Budi\\, \\"S.T.\\" \\\\ \\+ \\<x\\>\\;\\ ,description=517059AAAABBBBCC_Tanda Tangan Elektronik',
    )
    expect(nameKey(printName(name))).toBe(nameKeyOf(name))
    expect(nameKey(printName([...name].reverse()))).toBe(nameKeyOf(name))
  })

  test('case and repeated spaces do not matter, values do', () => {
    expect(nameKey('cn=SITI   contoh, o=X')).toBe(nameKey('O=x,CN=Siti Contoh'))
    expect(nameKey('CN=Siti')).not.toBe(nameKey('CN=Sitti'))
    expect(nameKey('CN=R\\C3\\A9na')).toBe(nameKey('CN=Réna'))
  })

  test.each(['', 'CN', 'XX=1', 'CN="a', 'CN=a\\', '=a', ','])('%j is no name', (text) => {
    expect(nameKey(text)).toBeUndefined()
  })

  test('64 kB of backslashes take linear time', () => {
    const started = performance.now()
    nameKey(`CN=${'\\'.repeat(65_536)}`)
    expect(performance.now() - started).toBeLessThan(500)
  })

  test('RDNs are encoded in the given order', () => {
    const rdns = elements((elements(encodeName(name))[0] as { content: Buffer }).content)
    expect(rdns).toHaveLength(4)
    expect((rdns[0] as { whole: Buffer }).whole.includes(oid('2.5.4.13'))).toBe(true)
    expect((rdns[3] as { whole: Buffer }).whole.toString('hex')).toBe('310b3009060355040613024944')
  })
})

describe('X.690 DER', () => {
  test.each([
    ['0', '020100'],
    ['7f', '02017f'],
    ['80', '02020080'],
    ['0000ff', '020200ff'],
    ['abc', '02020abc'],
  ])('INTEGER %s', (hex, der) => {
    expect(integerOfHex(hex).toString('hex')).toBe(der)
  })
  test('lengths are minimal', () => {
    for (const [length, head] of [
      [127, '047f'],
      [128, '048180'],
      [256, '04820100'],
    ] as const)
      expect(tlv(4, Buffer.alloc(length)).toString('hex').startsWith(head)).toBe(true)
  })
  test('RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime after', () => {
    expect(time(new Date('2049-12-31T23:59:59Z')).toString('latin1', 2)).toBe('491231235959Z')
    expect(time(new Date('2050-01-01T00:00:00Z')).toString('latin1', 2)).toBe('20500101000000Z')
  })
  test.each(['30', '3005', '3080', '3085000000000100'])('a broken element %s is refused', (hex) => {
    expect(() => elements(Buffer.from(hex, 'hex'))).toThrow(RangeError)
  })
})
