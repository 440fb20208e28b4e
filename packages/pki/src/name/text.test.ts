import { describe, expect, it } from 'vitest'
import { PkiError } from '../errors.js'
import { encodeName, formatName, parseName, readName, type Name, type NameForm } from './index.js'

const flat = (name: Name): string[] => name.rdns.map((rdn) => rdn.map((attribute) => `${attribute.type}=${attribute.value}`).join('+'))
const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))

describe('RFC 4514 4: the examples', () => {
  it.each([
    ['UID=jsmith,DC=example,DC=net', ['0.9.2342.19200300.100.1.25=net', '0.9.2342.19200300.100.1.25=example', '0.9.2342.19200300.100.1.1=jsmith'], undefined],
    ['OU=Sales+CN=J.  Smith,DC=example,DC=net', ['0.9.2342.19200300.100.1.25=net', '0.9.2342.19200300.100.1.25=example', '2.5.4.3=J.  Smith+2.5.4.11=Sales'], undefined],
    ['CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net', ['0.9.2342.19200300.100.1.25=net', '0.9.2342.19200300.100.1.25=example', '2.5.4.3=James "Jim" Smith, III'], undefined],
    ['CN=Before\\0dAfter,DC=example,DC=net', ['0.9.2342.19200300.100.1.25=net', '0.9.2342.19200300.100.1.25=example', '2.5.4.3=Before\rAfter'], 'CN=Before\\0DAfter,DC=example,DC=net'],
    ['1.3.6.1.4.1.1466.0=#04024869', ['1.3.6.1.4.1.1466.0=#04024869'], undefined],
    ['CN=Lu\\C4\\8Di\\C4\\87', ['2.5.4.3=Lučić'], 'CN=Lučić'],
  ])('%s', (text, expected, written) => {
    const name = parseName(text)
    expect(flat(name)).toEqual(expected)
    expect(formatName(name)).toBe(written ?? text)
    expect(encodeName(readName(encodeName(name)))).toEqual(encodeName(name))
  })
})

describe('RFC 4514 2.4 and 3: escapes', () => {
  it.each([
    [' leading and trailing ', 'CN=\\ leading and trailing\\ '],
    [' ', 'CN=\\ '],
    ['  ', 'CN=\\ \\ '],
    ['   ', 'CN=\\  \\ '],
    ['#not hex', 'CN=\\#not hex'],
    ['a#b', 'CN=a#b'],
    [',+"\\<>;=', 'CN=\\,\\+\\"\\\\\\<\\>\\;='],
    ['\0\x1f\x7f', 'CN=\\00\\1F\\7F'],
    ['', 'CN='],
    ['💡', 'CN=💡'],
  ])('%j is written as %s and read back', (value, text) => {
    const name = parseName(text)
    expect(name.rdns[0]?.[0]?.value).toBe(value)
    expect(formatName(name)).toBe(text)
    expect(formatName(readName(encodeName(name)))).toBe(text)
  })

  it.each([
    ['an escape of nothing', 'CN=a\\', 4],
    ['half a hex pair', 'CN=a\\4', 4],
    ['an escape of a letter', 'CN=\\zz', 3],
    ['octets that are no UTF-8', 'CN=x\\C3\\28', 4],
    ['an overlong form', 'CN=\\C0\\80', 3],
    ['an escaped surrogate', 'CN=\\ED\\A0\\80', 3],
    ['a quote', 'CN=a"b', 4],
    ['< unescaped', 'CN=a<b', 4],
    ['; unescaped', 'CN=a;O=b', 4],
    ['NUL', 'CN=a\0b', 4],
    ['a line feed', 'CN=a\nO=b', 4],
    ['an empty type', '=a', 0],
    ['an empty type later', 'CN=a,=b', 5],
    ['no type', 'Ratna Dewi', 6],
    ['a type without =', 'CN', 2],
    ['doubled separators', 'CN=a,,O=b', 5],
    ['a separator at the end', 'CN=a,', 5],
    ['a plus at the end', 'CN=a+', 5],
    ['an unknown short name', 'CN=a,XYZ=b', 5],
    ['a number that is no OBJECT IDENTIFIER', '3.1=a', 0],
    ['# without octets', 'CN=#', 3],
    ['# with half an octet', 'CN=#040', 3],
    ['# with more behind', 'CN=#040161x', 10],
  ])('%s is refused at its place', (_, text, offset) => {
    expect(() => parseName(text)).toThrow(expect.objectContaining({ name: 'PkiError', code: 'nameSyntax', offset }) as Error)
  })

  it('#hex must be one DER element', () => {
    for (const [text, code] of [['CN=#0480', 'derIndefiniteLength'], ['CN=#040161ff', 'derTrailing'], ['CN=#0402', 'derTruncated'], ['CN=#0c01ff', 'derString']] as const) {
      expect(() => parseName(text)).toThrow(expect.objectContaining({ code }) as Error)
    }
  })
})

describe('attribute types', () => {
  it.each([['cn'], ['Cn'], ['COMMONNAME'], ['commonName'], ['2.5.4.3'], ['OID.2.5.4.3'], ['oid.2.5.4.3']])('%s is 2.5.4.3', (type) => {
    expect(flat(parseName(`${type}=x`))).toEqual(['2.5.4.3=x'])
  })
  it('an unknown type keeps its number and is written as #hex (RFC 4514 2.4)', () => {
    expect(formatName(parseName('1.2.3.4=abc'))).toBe('1.2.3.4=#0C03616263')
  })
  it('a value that is no string keeps its DER', () => {
    const name = parseName('CN=#3003020105')
    expect(name.rdns[0]?.[0]).toMatchObject({ stringType: 'other', value: '#3003020105' })
    expect(formatName(name)).toBe('CN=#3003020105')
  })
})

describe('spaces around separators (RFC 2253 4), read in every form', () => {
  it.each([['CN = Ratna Dewi , O=Contoh'], ['CN=Ratna Dewi,   O= Contoh  '], ['  CN=Ratna Dewi, O=Contoh']])('%j', (text) => {
    expect(formatName(parseName(text))).toBe('CN=Ratna Dewi,O=Contoh')
  })
  it('the empty name', () => {
    expect(parseName('')).toEqual({ rdns: [] })
    expect(parseName('  ')).toEqual({ rdns: [] })
    expect(formatName({ rdns: [] })).toBe('')
  })
})

describe('other forms, by explicit option', () => {
  const name = parseName('CN=Ratna \\"R\\" Dewi\\, S.Kom.+UID=é,O=Contoh,C=ID')
  it.each<[NameForm, string]>([
    ['rfc2253', 'CN=Ratna \\"R\\" Dewi\\, S.Kom.+UID=\\C3\\A9,O=Contoh,C=ID'],
    ['rfc1779', 'CN="Ratna \\"R\\" Dewi, S.Kom." + OID.0.9.2342.19200300.100.1.1=é, O=Contoh, C=ID'],
    ['openssl-oneline', 'C = ID, O = Contoh, UID = \\C3\\A9 + CN = "Ratna \\"R\\" Dewi, S.Kom."'],
  ])('%s', (form, text) => {
    expect(formatName(name, { form })).toBe(text)
    expect(flat(parseName(text, { form }))).toEqual(flat(name))
  })
  it('openssl-slash', () => {
    const slash = '/C=ID/O=Contoh/Ltd/CN=Ratna, é\\x07'
    expect(flat(parseName(slash, { form: 'openssl-slash' }))).toEqual(['2.5.4.6=ID', '2.5.4.10=Contoh/Ltd', '2.5.4.3=Ratna, é\x07'])
    expect(formatName(parseName(slash, { form: 'openssl-slash' }), { form: 'openssl-slash' })).toBe('/C=ID/O=Contoh/Ltd/CN=Ratna, \\xC3\\xA9\\x07')
    for (const text of ['CN=a', '/nothing', '/CN=\\xC3']) expect(() => parseName(text, { form: 'openssl-slash' })).toThrow(PkiError)
  })
  it('; and quotes where RFC 2253 lets readers accept them', () => {
    expect(flat(parseName('CN="a,b" ; O = c', { form: 'rfc2253' }))).toEqual(['2.5.4.10=c', '2.5.4.3=a,b'])
    for (const text of ['CN="a', 'CN="a"b', 'CN="a\nb"']) expect(() => parseName(text, { form: 'rfc2253' })).toThrow(expect.objectContaining({ code: 'nameSyntax' }) as Error)
  })
})

describe('RFC 5280 4.1.2.4: DirectoryString and its kin in DER', () => {
  const der = (tag: string, content: string): Uint8Array => {
    const size = (n: number): string => n.toString(16).padStart(2, '0')
    const value = tag + size(content.length / 2) + content
    const pair = `0603550403${value}`
    return hex(`30${size(pair.length / 2 + 4)}31${size(pair.length / 2 + 2)}30${size(pair.length / 2)}${pair}`)
  }
  it.each([
    ['utf8', '0c', 'c3a9', 'é'], ['printable', '13', '4162', 'Ab'], ['teletex', '14', 'e9', 'é'], ['bmp', '1e', '00e9', 'é'], ['universal', '1c', '0001f4a1', '💡'],
    ['ia5', '16', '6140', 'a@'], ['numeric', '12', '3120', '1 '], ['visible', '1a', '7e', '~'],
    // Met in the field, not of X.680: surrogate pairs in BMPString, Latin-1 in PrintableString.
    ['bmp', '1e', 'd83ddca1', '💡'], ['printable', '13', '5fe9', '_é'],
  ])('%s', (type, tag, content, value) => {
    const octets = der(tag, content)
    expect(readName(octets).rdns[0]?.[0]).toMatchObject({ stringType: type, value })
    expect(encodeName(readName(octets))).toEqual(octets)
    expect(encodeName(parseName(formatName(readName(octets), { lossless: true })))).toEqual(octets)
  })
  it.each([['0c', 'c3'], ['0c', 'eda080'], ['0c', 'f5808080'], ['0c', 'c080'], ['0c', 'f0808080'], ['1e', '00'], ['1e', 'd83d0041'], ['1e', 'dca1d83d'], ['1c', '000041'], ['1c', '00110000'], ['1c', '0000d800']])('%s %s is refused', (tag, content) => {
    expect(() => readName(der(tag, content))).toThrow(expect.objectContaining({ code: 'derString' }) as Error)
  })
  it('the shape is strict: empty SET, missing value, more than a value, trailing octets', () => {
    expect(() => readName(hex('30023100'))).toThrow(expect.objectContaining({ code: 'derTruncated', offset: 4 }) as Error)
    expect(() => readName(hex('30093107300506035504 03'.replace(/ /g, '')))).toThrow(expect.objectContaining({ code: 'derTruncated' }) as Error)
    expect(() => readName(hex('300e310c300a06035504030c01610500'))).toThrow(expect.objectContaining({ code: 'derTrailing' }) as Error)
    expect(() => readName(hex('300000'))).toThrow(expect.objectContaining({ code: 'derTrailing', offset: 2 }) as Error)
    expect(() => readName(hex('300c310a300806035504030c0261'))).toThrow(PkiError)
  })
})
