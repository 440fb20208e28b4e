import { describe, expect, it } from 'vitest'
import { encodeName, explainDifference, nameKey, namesMatch, nameWithin, parseName, readName, type Name } from './index.js'

const matches = (a: string, b: string): boolean => {
  const [left, right] = [parseName(a), parseName(b)]
  const result = namesMatch(left, right)
  // One meaning, four ways to ask.
  expect(namesMatch(right, left)).toBe(result)
  expect(namesMatch(readName(encodeName(left)), right)).toBe(result)
  expect(nameKey(left) === nameKey(right)).toBe(result)
  expect(explainDifference(left, right).every((finding) => finding.kind === 'equivalent')).toBe(result)
  return result
}

describe('RFC 5280 7.1', () => {
  it.each([
    ['case is folded', 'CN=Ratna Dewi,C=ID', 'CN=RATNA DEWI,C=id'],
    ['inner spaces collapse', 'CN=Ratna  Dewi', 'CN=Ratna Dewi'],
    ['outer spaces vanish', 'CN=\\ Ratna Dewi\\ ', 'CN=Ratna Dewi'],
    ['only spaces equal none', 'CN=\\ \\ ', 'CN='],
    ['string types do not count', 'CN=#1305526174 6e61'.replace(' ', ''), 'CN=ratna'],
    ['BMPString and UTF8String', 'CN=#1e040041 00e9'.replace(' ', ''), 'CN=AÉ'],
    ['TeletexString and UTF8String', 'CN=#1401e9', 'CN=é'],
    ['an RDN is a set', 'CN=a+OU=b', 'OU=B+CN=A'],
    ['values that are no strings, by octets', 'CN=#3003020105', 'CN=#3003020105'],
    ['a space at the start', 'CN=\\ Ratna', 'CN=Ratna'],
    ['a space at the end', 'CN=Ratna\\ ', 'CN=Ratna'],
    ['two spaces at the end', 'CN=Ratna \\ ', 'CN=ratna'],
    ['the same spaces beside letters that are no ASCII', 'CN=\\ \\  é  b \\ ', 'CN=É B'],
  ])('%s', (_, a, b) => expect(matches(a, b)).toBe(true))

  it.each([
    ['RDN order counts', 'CN=a,O=b', 'O=b,CN=a'],
    ['number of RDNs', 'CN=a,O=b', 'CN=a'],
    ['a set is no sequence of RDNs', 'CN=a+OU=b', 'CN=a,OU=b'],
    ['a set counts duplicates', 'CN=a+CN=a', 'CN=a+CN=b'],
    ['a set of one more', 'CN=a', 'CN=a+OU=b'],
    ['a set of one more, in the other order', 'CN=a', 'OU=b+CN=a'],
    ['a set of one more than two', 'CN=a+OU=b', 'CN=a+CN=b+OU=b'],
    ['a value that spells another attribute', 'CN=a+OU=b', 'OU=b2.5.4.3\\=a'],
    ['types count', 'CN=a', 'OU=a'],
    ['a space inside counts', 'CN=Ratna Dewi', 'CN=RatnaDewi'],
    ['look-alikes differ', 'CN=Ratna', 'CN=R\u0430tna'],
    ['marks differ', 'CN=Andre', 'CN=André'],
    ['other octets', 'CN=#3003020105', 'CN=#3003020106'],
    ['octets and a string of the same text', 'CN=#0500', 'CN=\\#0500'],
    ['the dotless i', 'CN=\u0131', 'CN=i'],
    ['the dotless i and nothing', 'CN=a\u0131b', 'CN=ab'],
    ['the final sigma and nothing', 'CN=ΟΔΟΣ', 'CN=οδο'],
    ['V is no space', 'CN=éVb', 'CN=é b'],
    ['an accent on a space at the start', 'CN=\\ \u0301b', 'CN=\u0301b'],
  ])('%s', (_, a, b) => expect(matches(a, b)).toBe(false))
})

describe('RFC 4518 2: preparation', () => {
  it.each([
    ['2.2 soft hyphen and zero width space vanish', 'a\u00ad\u200bb', 'ab'],
    ['2.2 no-break and ideographic space are spaces', 'a\u00a0b', 'a\u3000b'],
    ['2.2 controls vanish, TAB is a space', 'a\\09b', 'a b'],
    ['2.2 full case folding', 'Straße', 'STRASSE'],
    ['2.2 final sigma', 'ΟΔΟΣ', 'οδος'],
    ['2.2 capital sharp s', '\u1e9e', 'ss'],
    ['2.2 the same in a long text', `é${'a'.repeat(80)}`, `É${'A'.repeat(80)}`],
    ['2.3 NFKC: ligature', 'ﬁnal', 'final'],
    ['2.3 NFKC: full width', 'ＡＢＣ', 'abc'],
    ['2.3 NFC and NFD', 'e\u0301', 'é'],
    ['2.3 Kelvin sign', '\u212a', 'k'],
    ['2.2 bidirectional controls vanish', 'a\u202eb', 'ab'],
  ])('%s', (_, a, b) => expect(matches(`CN=${a}`, `CN=${b}`)).toBe(true))

  it('2.2 every kind of space is a space', () => {
    const others = Array.from('\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000')
    for (const space of [...others, '\\09', '\\0A', '\\0B', '\\0C', '\\0D']) expect(matches(`CN=a${space}b`, 'CN=A B'), JSON.stringify(space)).toBe(true)
  })
  it('2.4 a prohibited character leaves only equality of octets', () => {
    expect(matches('CN=a\ue000', 'CN=a\ue000')).toBe(true)
    expect(matches('CN=a\ue000', 'CN=A\ue000')).toBe(false)
    expect(matches('CN=a\ufffd', 'CN=A\ufffd')).toBe(false)
    // U+2066 came after Unicode 3.2, where it was unassigned.
    expect(matches('CN=a\u2066', 'CN=a')).toBe(false)
    // NFKC makes U+0300 of it.
    expect(matches('CN=a\u0340', 'CN=A\u0340')).toBe(false)
    expect(matches('CN=a\u0340', 'CN=a\u0300')).toBe(false)
    expect(matches('CN=a\u0340', 'CN=a\u0340')).toBe(true)
    expect(matches('CN=#0c0461ee8080', 'CN=#1e040061e000')).toBe(false)
  })
  it('UAX #15: more than 30 marks in a row leave only equality of octets', () => {
    const marks = (count: number): string => '\u0323'.repeat(count)
    expect(matches(`CN=a${marks(30)}`, `CN=A${marks(30)}`)).toBe(true)
    expect(matches(`CN=a${marks(31)}`, `CN=A${marks(31)}`)).toBe(false)
    expect(matches(`CN=a${marks(31)}`, `CN=a${marks(31)}`)).toBe(true)
  })
  it('2.6.1 a space before a combining mark is none', () => {
    expect(matches('CN=a \u0301b', 'CN=a  \u0301b')).toBe(false)
    expect(matches('CN=a  b', 'CN=a b')).toBe(true)
  })
})

it('a name matches itself', () => {
  const name = parseName('CN=a\ue000+OU=b,C=ID')
  expect(namesMatch(name, name)).toBe(true)
  expect(nameWithin(name, name)).toBe(true)
})

describe('RFC 5280 4.2.1.10: subtrees of directory names', () => {
  const within = (name: string, base: string): boolean => nameWithin(parseName(name), parseName(base))
  it('are prefixes in DER order', () => {
    expect(within('CN=a,O=Contoh,C=ID', 'O=CONTOH,C=ID')).toBe(true)
    expect(within('O=Contoh,C=ID', 'O=Contoh,C=ID')).toBe(true)
    expect(within('O=Contoh,C=ID', 'CN=a,O=Contoh,C=ID')).toBe(false)
    expect(within('CN=a,O=Lain,C=ID', 'O=Contoh,C=ID')).toBe(false)
    expect(within('CN=a', '')).toBe(true)
  })
})

describe('explainDifference', () => {
  const explain = (a: string, b: string): unknown[] => explainDifference(parseName(a), parseName(b)).map(({ kind, type, hints }) => [kind, type, ...hints])
  it.each([
    ['CN=Ratna Dewi', 'CN=Ratna Dewi', []],
    ['CN=Ratna Dewi', 'CN=RATNA  DEWI', [['equivalent', '2.5.4.3', 'case', 'whitespace']]],
    ['CN=Ratna', 'CN=R\u0430tna', [['differs', '2.5.4.3', 'homoglyph']]],
    ['CN=Ilham', 'CN=llham', [['differs', '2.5.4.3', 'homoglyph']]],
    ['CN=Andre', 'CN=André', [['differs', '2.5.4.3', 'diacritics']]],
    ['CN=Ratna Dewi', 'CN=RatnaDewi', [['differs', '2.5.4.3', 'spacing']]],
    ['CN=Ratna Dewi', 'CN=Dewi Ratna', [['differs', '2.5.4.3', 'wordOrder']]],
    ['CN=Ratna Dewi S.Kom', 'CN=Ratna Dewi\\, S.Kom.', [['differs', '2.5.4.3', 'punctuation']]],
    ['CN=Ratna', 'CN=Ratna Dewi', [['differs', '2.5.4.3', 'prefix']]],
    ['CN=abc\u202edef', 'CN=abcdef', [['equivalent', '2.5.4.3', 'bidi']]],
    ['CN=abc\u200bdef', 'CN=abcdef', [['equivalent', '2.5.4.3', 'invisible']]],
    ['CN=abc\\00', 'CN=abc', [['equivalent', '2.5.4.3', 'control']]],
    ['CN=Straße', 'CN=Strasse', [['equivalent', '2.5.4.3', 'compatibility']]],
    ['CN=a,O=b', 'CN=a,OU=b', [['missing', '2.5.4.10', 'otherType'], ['extra', '2.5.4.11', 'otherType']]],
    ['CN=a,O=b', 'CN=a', [['missing', '2.5.4.10']]],
    ['CN=a', 'CN=a,C=ID', [['extra', '2.5.4.6']]],
    ['CN=a,O=b,C=ID', 'C=ID,O=b,CN=a', [['order', '2.5.4.6', 'reversed']]],
    ['CN=a,O=b,C=ID', 'O=b,CN=a,C=ID', [['order', '2.5.4.10']]],
    ['CN=a+O=b', 'CN=a,O=b', [['grouping', '2.5.4.10']]],
    ['OU=a,OU=b', 'OU=a,OU=c', [['differs', '2.5.4.11']]],
    ['OU=a,OU=b', 'OU=c,OU=d', [['differs', '2.5.4.11'], ['differs', '2.5.4.11']]],
    ['OU=a,OU=a', 'OU=a,OU=a', []],
    ['OU=a,OU=A', 'OU=a,OU=A', []],
    ['OU=a,OU=a,OU=b', 'OU=a,OU=b', [['missing', '2.5.4.11']]],
    ['CN=a,O=b,C=ID', 'C=ID,CN=a,O=b', [['order', '2.5.4.6']]],
    ['CN=a,O=b', 'O=B,CN=a', [['order', '2.5.4.10', 'reversed'], ['equivalent', '2.5.4.10', 'case']]],
    ['CN=a+O=b,C=ID', 'CN=a,O=b+C=ID', [['grouping', '2.5.4.6']]],
    ['CN=\\ Ratna', 'CN=Ratna', [['equivalent', '2.5.4.3', 'whitespace']]],
    ['CN=Ratna  Dewi', 'CN=Ratna Dewi', [['equivalent', '2.5.4.3', 'whitespace']]],
    ['CN=Ratna', 'CN=\\  R\u0430tna', [['differs', '2.5.4.3', 'whitespace', 'homoglyph']]],
    ['CN=Ratna  Dewi', 'CN=R\u0430tna Dewi', [['differs', '2.5.4.3', 'whitespace', 'homoglyph']]],
    ['CN=RatnaDewi', 'CN=Ratna Dewi', [['differs', '2.5.4.3', 'spacing']]],
    ['CN=Ratna-Dewi', 'CN=Ratna Dewi', [['differs', '2.5.4.3', 'punctuation']]],
    ['CN=Ratna -- Dewi', 'CN=Ratna Dewi', [['differs', '2.5.4.3', 'punctuation']]],
    ['CN=Ratna-Dewi', 'CN=RatnaDewi', [['differs', '2.5.4.3']]],
    ['CN=Ratna Dewi\\,', 'CN=Dewi Ratna', [['differs', '2.5.4.3', 'wordOrder']]],
    ['CN=c ab', 'CN=a bc', [['differs', '2.5.4.3']]],
    ['CN=Ratna Dewi', 'CN=Ratna', [['differs', '2.5.4.3', 'prefix']]],
    ['CN=Ratna Dewi', 'CN=Dewi', [['differs', '2.5.4.3']]],
    ['CN=Dewi', 'CN=Ratna Dewi', [['differs', '2.5.4.3']]],
    ['CN=', 'CN=a', [['differs', '2.5.4.3']]],
    ['CN=a', 'CN=', [['differs', '2.5.4.3']]],
    ['CN=Ratna\ue000', 'CN=ratna', [['differs', '2.5.4.3', 'prefix']]],
    ['CN=ratna', 'CN=Ratna\ue000', [['differs', '2.5.4.3', 'prefix']]],
    ['CN=Ratna\ue000', 'CN=Dewi\ue000', [['differs', '2.5.4.3']]],
    ['CN=a,O=\ue000', 'CN=a,OU=\ue001', [['missing', '2.5.4.10'], ['extra', '2.5.4.11']]],
    ['CN=a,O=b\u202e', 'CN=a', [['missing', '2.5.4.10', 'bidi']]],
    ['CN=a', 'CN=a,O=b\u200b', [['extra', '2.5.4.10', 'invisible']]],
    ['CN=a,O=b\\00', 'CN=a', [['missing', '2.5.4.10', 'control']]],
  ])('%s | %s', (a, b, expected) => expect(explain(a, b)).toEqual(expected))

  it('says which value stands where', () => {
    expect(explainDifference(parseName('CN=a,O=b'), parseName('CN=c,L=d'))).toEqual([
      { kind: 'differs', type: '2.5.4.3', left: 'a', right: 'c', hints: [] },
      { kind: 'missing', type: '2.5.4.10', left: 'b', hints: [] },
      { kind: 'extra', type: '2.5.4.7', right: 'd', hints: [] },
    ])
  })
  it('lists the types of both names when the attributes are the same', () => {
    expect(explainDifference(parseName('CN=a,O=b+OU=c'), parseName('OU=c+O=b,CN=a'))).toEqual([
      { kind: 'order', type: '2.5.4.11', left: '2.5.4.11+2.5.4.10,2.5.4.3', right: '2.5.4.3,2.5.4.10+2.5.4.11', hints: ['reversed'] },
    ])
  })
  it('names made by hand with an RDN that has no attributes', () => {
    const [none, empty]: [Name, Name] = [{ rdns: [] }, { rdns: [[]] }]
    expect(explainDifference(none, empty)).toEqual([{ kind: 'grouping', type: '', left: '', right: '', hints: [] }])
    expect(explainDifference(empty, none)).toEqual([{ kind: 'grouping', type: '', left: '', right: '', hints: [] }])
    expect(explainDifference(empty, empty)).toEqual([])
  })
  it('every character that looks like an ASCII one is told as such', () => {
    const looksLike = {
      a: 'аαɑᴀ', b: 'вьʙ', c: 'сϲϹᴄ', d: 'ԁᴅ', e: 'еєεёᴇ', g: 'ɡց', h: 'һн', i: 'іιıї', j: 'јϳ', k: 'кκᴋ', l: 'ӏǀ∣|1I', m: 'мᴍ', n: 'ոηɴ', o: 'оοօᴏ0', p: 'рρ', q: 'ԛ',
      r: 'гᴦ', s: 'ѕꜱ', t: 'тτᴛ', u: 'սυᴜ', v: 'ѵνᴠ', w: 'ԝѡᴡ', x: 'хχ', y: 'уγү', z: 'ζᴢ',
    }
    for (const [letter, others] of Object.entries(looksLike)) {
      for (const other of others) expect(explain(`CN=x${letter}x`, `CN=x${other}x`), `${letter} ${other}`).toEqual([['differs', '2.5.4.3', 'homoglyph']])
    }
  })
})

describe('linear time', () => {
  const time = (run: () => unknown): number => {
    let best = Infinity
    for (let i = 0; i < 5; i++) {
      const start = process.hrtime.bigint()
      try { run() } catch { /* a refusal is as good */ }
      best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6)
    }
    return best
  }
  const shapes: readonly [string, (size: number) => string][] = [
    ['backslashes', (n) => `CN=${'\\'.repeat(n)}`],
    ['escaped octets', (n) => `CN=${'\\C3\\A9'.repeat(n / 6)}`],
    ['letters without =', (n) => 'a'.repeat(n)],
    ['dots', (n) => '.'.repeat(n)],
    ['pluses', (n) => 'CN=a+'.repeat(n / 5)],
    ['attributes in one RDN', (n) => Array.from({ length: n / 8 }, (_, i) => `CN=${i}`).join('+')],
    ['spaces', (n) => `CN=a${' '.repeat(n)}b`],
    ['trailing spaces', (n) => `CN=a${' '.repeat(n)}`],
    ['slashes', (n) => `CN=${'/'.repeat(n)}`],
    ['combining marks', (n) => `CN=a${'\u0301\u0323'.repeat(n / 2)}`],
    ['spaces and marks', (n) => `CN=${' \u0301'.repeat(n / 2)}`],
    ['quotes', (n) => `CN=${'"'.repeat(n)}`],
    ['hex', (n) => `CN=#${'00'.repeat(n / 2)}`],
  ]
  it.each(shapes)('%s: 64 kB in a few milliseconds, through parse, format, match and explanation', (_, make) => {
    const all = (text: string): void => {
      for (const form of ['rfc4514', 'rfc2253', 'openssl-slash'] as const) {
        let name: Name
        try { name = parseName(form === 'openssl-slash' ? `/${text}` : text, { form }) } catch { continue }
        nameKey(name)
        namesMatch(name, parseName('CN=a'))
        explainDifference(name, parseName('CN=a b'))
      }
    }
    // Usually 1 to 30 ms; the limit leaves room for a busy machine, quadratic work takes far longer.
    expect(time(() => all(make(65_536)))).toBeLessThan(4_000)
  })
})
