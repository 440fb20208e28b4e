import { describe, expect, it } from 'vitest'
import { concatBytes, DerReader, encodeElement, encodeOid, Tag } from '../der/index.js'
import { PkiError } from '../errors.js'
import { encodeName, formatName, parseName, readName, readNameFrom, readRdn, type Name, type NameForm } from './index.js'

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
    ['1-2', 'CN=1-2'],
    ['?@[]^_`{|}~', 'CN=?@[]^_`{|}~'],
    ['a\u0080b\u0085', 'CN=a\u0080b\u0085'],
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
    ['CN=a\\=b\\#c\\ d', 'a=b#c d'],
    ['CN=\\41\\,b', 'A,b'],
    ['CN=\\C3\\A9\\2C\\20', 'é, '],
    ['CN=\\41\u0080b ', 'A\u0080b'],
    ['CN=a\\20 ', 'a '],
    ['CN=#0c0161', 'a'],
  ])('%s is read as %j', (text, value) => {
    expect(parseName(text).rdns[0]?.[0]?.value).toBe(value)
    expect(flat(parseName(`O=x,${text},C=ID+L=y`))).toEqual(['2.5.4.7=y+2.5.4.6=ID', `2.5.4.3=${value}`, '2.5.4.10=x'])
  })

  it.each([
    ['an escape of nothing', 'CN=a\\', 4],
    ['half a hex pair behind a whole one', 'CN=\\41\\4x', 6],
    ['a type with a brace', 'C{=a', 1],
    ['a type with a bracket', 'C[=a', 1],
    ['a type with a line', 'C_N=a', 1],
    ['a type with a letter that is no ASCII', 'Cé=a', 1],
    ['an unknown type with a hyphen', 'x-y=a', 0],
    ['; behind #hex', 'CN=#0c0161;O=b', 10],
    ['DEL', 'CN=a\x7fb', 4],
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

describe('the limit of the text', () => {
  it('is 262144 UTF-16 code units', () => {
    const longest = `CN=${'a'.repeat(262_141)}`
    expect(parseName(longest).rdns[0]?.[0]?.value).toBe(longest.slice(3))
    for (const form of ['rfc4514', 'openssl-slash'] as const) {
      expect(() => parseName(`${longest}a`, { form })).toThrow(expect.objectContaining({ code: 'nameTooLarge', offset: 0 }) as Error)
    }
  })
})

describe('the type in which a value given as text is encoded (RFC 5280 Appendix A)', () => {
  const alphabet = `ABCXYZabcxyz0189 '()+,-./:=?`
  const escaped = (value: string): string => Array.from(Buffer.from(value), (octet) => `\\${octet.toString(16).padStart(2, '0')}`).join('')
  it.each([
    ['serialNumber', 'printable'], ['C', 'printable'], ['dnQualifier', 'printable'], ['jurisdictionC', 'printable'],
    ['mail', 'ia5'], ['DC', 'ia5'], ['emailAddress', 'ia5'],
    ['CN', 'utf8'], ['O', 'utf8'], ['UID', 'utf8'], ['1.2.3.4', 'utf8'],
  ])('%s: %s where the text fits, otherwise UTF8String', (type, fixed) => {
    const tags = { printable: Tag.printableString, ia5: Tag.ia5String, utf8: Tag.utf8String }
    for (const value of ['', 'a', alphabet, 'a@b', 'a*', '*a', '\0\x7f', 'é', 'aé', 'éa', 'a\u0080', '\u{1f4a1}']) {
      const fits = fixed === 'printable' ? /^[A-Za-z0-9 '()+,./:=?-]*$/.test(value) : fixed === 'ia5' ? Buffer.byteLength(value) === value.length : false
      const expected = fits ? fixed as keyof typeof tags : 'utf8'
      const attribute = parseName(`${type}=${escaped(value)}`).rdns[0]?.[0]
      expect(attribute, value).toMatchObject({ value, stringType: expected })
      expect(attribute?.der, value).toEqual(encodeElement(tags[expected], Buffer.from(value)))
    }
  })
})

describe('the order of a SET (X.690 11.6)', () => {
  it('attributes are written by their octets, however they stand in the text', () => {
    const sorted = encodeName(parseName('C=ID+CN=a+CN=b+O=x+CN=aa'))
    const orders = ['CN=aa+CN=b+CN=a+O=x+C=ID', 'O=x+CN=b+C=ID+CN=aa+CN=a', 'CN=a+CN=aa+CN=b+C=ID+O=x']
    for (const order of orders) expect(encodeName(parseName(order))).toEqual(sorted)
    const pairs = readName(sorted).rdns[0]?.map(({ type, value }) => `${type}=${value}`)
    expect(pairs).toEqual(['2.5.4.3=a', '2.5.4.3=b', '2.5.4.10=x', '2.5.4.3=aa', '2.5.4.6=ID'])
    expect(encodeName(parseName('CN=a+CN=a'))).toEqual(hex(`30163114${'300806035504030c0161'.repeat(2)}`))
  })
  it('a type that is no OBJECT IDENTIFIER is refused', () => {
    const [attribute] = parseName('CN=a').rdns.flat()
    for (const type of ['CN', '', '3.1', '2.5.']) {
      expect(() => encodeName({ rdns: [[{ ...attribute!, type, der: hex('0c0161') }]] })).toThrow(expect.objectContaining({ code: 'nameSyntax' }) as Error)
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
  it.each([
    ['a value that is no string', 'CN=#3003020105', 'CN = #3003020105', 'CN=#3003020105'],
    ['a type without a name', '1.2.3.4=a', '1.2.3.4 = a', 'OID.1.2.3.4=a'],
    ['types without a keyword in RFC 1779', 'DC=a,serialNumber=1', 'serialNumber = 1, DC = a', 'OID.0.9.2342.19200300.100.1.25=a, OID.2.5.4.5=1'],
    ['the keywords of RFC 1779', 'street=a,L=b,ST=c,OU=d', 'OU = d, ST = c, L = b, street = a', 'STREET=a, L=b, ST=c, OU=d'],
    ['controls', 'CN=a\\00\\1F\\7F', 'CN = a\\00\\1F\\7F', 'CN=a\\00\\1F\\7F'],
    ['a backslash', 'CN=a\\\\b', 'CN = a\\\\b', 'CN="a\\\\b"'],
    ['a space inside', 'CN=a b', 'CN = a b', 'CN=a b'],
    ['two spaces inside', 'CN=a  b', 'CN = a  b', 'CN="a  b"'],
    ['a space at the start', 'CN=\\ a', 'CN = " a"', 'CN=" a"'],
    ['a space at the end', 'CN=a\\ ', 'CN = "a "', 'CN="a "'],
    ['# inside', 'CN=a#b', 'CN = a#b', 'CN="a#b"'],
    ['# at the start', 'CN=\\#b', 'CN = "#b"', 'CN="#b"'],
    ['a character of four octets', 'CN=\u{1f4a1}', 'CN = \\F0\\9F\\92\\A1', 'CN=\u{1f4a1}'],
  ])('%s: %s', (_, text, oneline, rfc1779) => {
    expect(formatName(parseName(text), { form: 'openssl-oneline' })).toBe(oneline)
    expect(formatName(parseName(text), { form: 'rfc1779' })).toBe(rfc1779)
    for (const [form, written] of [['openssl-oneline', oneline], ['rfc1779', rfc1779]] as const) expect(flat(parseName(written, { form }))).toEqual(flat(parseName(text)))
  })
  it('a character of four octets in RFC 2253', () => {
    expect(formatName(parseName('CN=a\u{1f4a1}é'), { form: 'rfc2253' })).toBe('CN=a\\F0\\9F\\92\\A1\\C3\\A9')
  })
  it('lossless: #hex for the values whose type the text would not give back, in both forms that have it', () => {
    const printable = readName(encodeName(parseName('CN=#130162+UID=é,O=#1e0400e90062,C=ID,C=#0c024944')))
    expect(formatName(printable)).toBe('UID=é+CN=b,O=éb,C=ID,C=ID')
    expect(formatName(printable, { form: 'rfc2253' })).toBe('UID=\\C3\\A9+CN=b,O=\\C3\\A9b,C=ID,C=ID')
    expect(formatName(printable, { lossless: true })).toBe('UID=é+CN=#130162,O=#1E0400E90062,C=ID,C=#0C024944')
    expect(formatName(printable, { form: 'rfc2253', lossless: true })).toBe('UID=\\C3\\A9+CN=#130162,O=#1E0400E90062,C=ID,C=#0C024944')
  })
  it('openssl-slash: the empty text, escapes, and refusals at their place', () => {
    const slash = (text: string): string[] => flat(parseName(text, { form: 'openssl-slash' }))
    expect(slash('')).toEqual([])
    expect(slash('  ')).toEqual([])
    expect(slash('/CN=\\xC3\\xa9\\x41')).toEqual(['2.5.4.3=éA'])
    expect(slash('/CN=a\\yb\\x4')).toEqual(['2.5.4.3=a\\yb\\x4'])
    expect(slash('/CN=a//XYZ=b/O=')).toEqual(['2.5.4.3=a//XYZ=b', '2.5.4.10='])
    expect(formatName(parseName('CN=~\\7F\\1F '), { form: 'openssl-slash' })).toBe('/CN=~\\x7F\\x1F')
    for (const [text, offset] of [['CN=a', 0], [' /CN=a', 0], ['/nothing', 1], ['//CN=a', 1], ['/XYZ=a', 1], ['/C=ID/CN=a\nb', 10], ['/CN=\x7f', 4], ['/C=ID/CN=a\\xC3', 10]] as const) {
      expect(() => slash(text), text).toThrow(expect.objectContaining({ code: 'nameSyntax', offset }) as Error)
    }
  })
  it('openssl-slash', () => {
    const slash = '/C=ID/O=Contoh/Ltd/CN=Ratna, é\\x07'
    expect(flat(parseName(slash, { form: 'openssl-slash' }))).toEqual(['2.5.4.6=ID', '2.5.4.10=Contoh/Ltd', '2.5.4.3=Ratna, é\x07'])
    expect(formatName(parseName(slash, { form: 'openssl-slash' }), { form: 'openssl-slash' })).toBe('/C=ID/O=Contoh/Ltd/CN=Ratna, \\xC3\\xA9\\x07')
    for (const text of ['CN=a', '/nothing', '/CN=\\xC3']) expect(() => parseName(text, { form: 'openssl-slash' })).toThrow(PkiError)
  })
  it('; and quotes where RFC 2253 lets readers accept them', () => {
    expect(flat(parseName('CN="a,b" ; O = c', { form: 'rfc2253' }))).toEqual(['2.5.4.10=c', '2.5.4.3=a,b'])
    expect(flat(parseName('CN=#0c0161;O="b\\"" + L="";C=ID', { form: 'rfc2253' }))).toEqual(['2.5.4.6=ID', '2.5.4.7=+2.5.4.10=b"', '2.5.4.3=a'])
    for (const [text, offset] of [['CN="a', 3], ['CN="a"b', 6], ['CN="a"xO=b', 6], ['CN="a\nb"', 5], ['CN="a\x7fb"', 5], ['CN="a"<', 6]] as const) {
      expect(() => parseName(text, { form: 'rfc2253' }), text).toThrow(expect.objectContaining({ code: 'nameSyntax', offset }) as Error)
    }
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
  it.each([['0c', '80'], ['0c', '0080'], ['0c', 'c3'], ['0c', 'eda080'], ['0c', 'f5808080'], ['0c', 'c080'], ['0c', 'f0808080'], ['1e', '00'], ['1e', 'd83d0041'], ['1e', 'dca1d83d'], ['1c', '000041'], ['1c', '00110000'], ['1c', '0000d800']])('%s %s is refused', (tag, content) => {
    expect(() => readName(der(tag, content))).toThrow(expect.objectContaining({ code: 'derString' }) as Error)
  })
  it('the shape is strict: empty SET, missing value, more than a value, trailing octets', () => {
    expect(() => readName(hex('30023100'))).toThrow(expect.objectContaining({ code: 'derTruncated', offset: 4 }) as Error)
    expect(() => readName(hex('30093107300506035504 03'.replace(/ /g, '')))).toThrow(expect.objectContaining({ code: 'derTruncated' }) as Error)
    expect(() => readName(hex('300e310c300a06035504030c01610500'))).toThrow(expect.objectContaining({ code: 'derTrailing' }) as Error)
    expect(() => readName(hex('300000'))).toThrow(expect.objectContaining({ code: 'derTrailing', offset: 2 }) as Error)
    expect(() => readName(hex('300c310a300806035504030c0261'))).toThrow(PkiError)
  })
  it('what runs over its SET, its SEQUENCE or the end is refused at its place', () => {
    const cn = (value: string): string => `0603550403${value}`
    const next = '310b300906035504060c024944'
    for (const [text, code, offset] of [
      // An empty SET before another.
      [`300f3100${next}`, 'derTruncated', 4],
      // A SEQUENCE longer than its SET, in a name that goes on.
      [`3019310a300b${cn('0c0161')}${next}`, 'derTruncated', 6],
      // No value, and what stands behind is no element.
      [`300b31073005${cn('')}0480`, 'derTruncated', 11],
      // An OBJECT IDENTIFIER that ends its SEQUENCE too late.
      [`301631073004${cn('')}${next}`, 'derTruncated', 11],
      // A value that ends behind its SEQUENCE.
      [`3019310a3008${cn('0c0261')}${next}`, 'derTruncated', 11],
      // An element behind the value.
      [`300e310c300a${cn('0c0161')}0500`, 'derTrailing', 14],
      ['310b300906035504060c024944', 'derTag', 0],
      ['300b300906035504060c024944', 'derTag', 2],
      ['300b3109310706035504030c00', 'derTag', 4],
    ] as const) {
      let refusal: unknown
      try { readName(hex(text)) } catch (error) { refusal = error }
      expect(refusal, text).toMatchObject({ name: 'PkiError', code, offset })
    }
  })
  it('a name has at most 65536 octets, wherever it stands', () => {
    const name = (size: number): Uint8Array => {
      const value = encodeElement(Tag.utf8String, new Uint8Array(size).fill(0x61))
      return encodeElement(Tag.sequence, encodeElement(Tag.set, encodeElement(Tag.sequence, encodeElement(Tag.oid, encodeOid('2.5.4.3')!), value)))
    }
    const room = 65_536 - name(60_000).length
    const largest = name(60_000 + room)
    expect(largest.length).toBe(65_536)
    expect(readName(largest).rdns[0]?.[0]?.value.length).toBe(60_000 + room)
    const reader = new DerReader(concatBytes([largest, largest, name(60_001 + room)]))
    for (let i = 0; i < 2; i++) expect(readNameFrom(reader).rdns).toHaveLength(1)
    expect(() => readNameFrom(reader)).toThrow(expect.objectContaining({ code: 'nameTooLarge', offset: 131_072 }) as Error)
  })
  it('an RDN by itself, under its own tag or another', () => {
    const set = hex('31193008060355040a0c0162300d06092a864886f70d0109011300')
    const rdn = readRdn(new DerReader(set))
    expect(rdn.map(({ type, value, stringType }) => [type, value, stringType])).toEqual([['2.5.4.10', 'b', 'utf8'], ['1.2.840.113549.1.9.1', '', 'printable']])
    const implicit = set.slice()
    implicit[0] = 0xa1
    const reader = new DerReader(concatBytes([implicit, hex('0500')]))
    expect(readRdn(reader, 0xa1)).toEqual(rdn)
    expect(reader.offset).toBe(set.length)
    expect(() => readRdn(new DerReader(implicit))).toThrow(expect.objectContaining({ code: 'derTag', offset: 0 }) as Error)
    expect(() => readRdn(new DerReader(hex('3100')))).toThrow(expect.objectContaining({ code: 'derTruncated', offset: 2 }) as Error)
  })
})
