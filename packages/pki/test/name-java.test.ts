import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { namesMatch, nameKey, readName } from '../src/index.js'
import { oid, seq, set, tlv } from './build/der.js'

/**
 * Differential test against `X500Principal.equals` of Java, which also compares names by a canonical form, of its own. Where the two differ by design, the
 * clause is named; `plain` takes away what they differ about, and then they must agree.
 */
const count = Number(process.env['CABUT_NAMES'] ?? 4000)
const seed = process.env['CABUT_SEED'] === 'anew' ? Date.now() % 2 ** 31 : Number(process.env['CABUT_SEED'] ?? 20_261_123)
/** Java 17 knows HexFormat; older ones name themselves 1.8 or 11. */
const hasJava = Number(/version "(\d+)/.exec(spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr ?? '')?.[1] ?? 0) >= 17
if (!hasJava) console.warn('SKIP: names against X500Principal (no java 17 or later on PATH)')

interface Value { readonly type: string; readonly tag: number; readonly text: string }
type Rdns = readonly (readonly Value[])[]

const utf8 = 0x0c
const printable = 0x13
const octetString = 0x04

function encodeText(tag: number, text: string): Buffer {
  switch (tag) {
    case 0x1e: return tlv(tag, Buffer.from(text, 'utf16le').swap16())
    case 0x1c: return tlv(tag, Buffer.from(Array.from(text, (c) => c.codePointAt(0)!.toString(16).padStart(8, '0')).join(''), 'hex'))
    case utf8: case octetString: return tlv(tag, Buffer.from(text))
    default: return tlv(tag, Buffer.from(text, 'latin1'))
  }
}

const encode = (name: Rdns): Buffer => seq(...name.map((values) => set(...values.map(({ type, tag, text }) => seq(oid(type), encodeText(tag, text))))))

/** One line per pair; Java compares all of them in one process. */
function askJava(pairs: readonly (readonly [Rdns, Rdns])[]): string[] {
  const input = pairs.map((pair) => pair.map((name) => encode(name).toString('hex')).join(' ')).join('\n')
  const program = join(import.meta.dirname, 'support', 'X500Compare.java')
  const { stdout, stderr, status } = spawnSync('java', ['-XX:TieredStopAtLevel=1', program], { input, encoding: 'utf8', maxBuffer: 1 << 26 })
  expect(status, stderr).toBe(0)
  const answers = stdout.trimEnd().split('\n')
  expect(answers.length).toBe(pairs.length)
  return answers
}

function ask(left: Rdns, right: Rdns): '0' | '1' {
  const [a, b] = [readName(encode(left)), readName(encode(right))]
  const match = namesMatch(a, b)
  expect(namesMatch(b, a)).toBe(match)
  expect(nameKey(a) === nameKey(b)).toBe(match)
  return match ? '1' : '0'
}

/** What the two differ about by design. `take` gives a value about which they must agree, the same for values that both call equal. */
interface Divergence { readonly clause: string; readonly applies: (value: Value) => boolean; readonly take: (value: Value) => Value }

const replaced = (from: RegExp, to: string) => (value: Value): Value => ({ ...value, text: value.text.replace(from, to) })
/** Java compares the values of these nine types alone as text (RFC 2253 section 2.3); each other type goes over into one of its own. */
const foreign: Readonly<Record<string, string>> = {
  '2.5.4.13': '2.5.4.9', '1.2.840.113549.1.9.1': '0.9.2342.19200300.100.1.25', '2.5.4.5': '0.9.2342.19200300.100.1.1', '1.2.3.4': '2.5.4.8',
}

const divergences: readonly Divergence[] = [
  { clause: 'RFC 5280 7.1: every string type is compared as text; Java compares all but UTF8String and PrintableString by octets, and reads both as UTF-8',
    applies: ({ tag, text }) => tag !== octetString && tag !== utf8 && (tag !== printable || /[^\0-\x7f]/.test(text)), take: (value) => ({ ...value, tag: utf8 }) },
  { clause: 'RFC 5280 7.1: a string is compared as text whatever its attribute type; Java does so for the types of RFC 2253 2.3 only',
    applies: ({ type }) => Object.hasOwn(foreign, type), take: (value) => ({ ...value, type: foreign[value.type]! }) },
  { clause: 'RFC 4518 2.2: tabulators, line ends and wide spaces are spaces; Java keeps them',
    applies: ({ text }) => /[\t\n\u00a0\u3000]/.test(text), take: replaced(/[\t\n\u00a0\u3000]/g, ' ') },
  { clause: 'RFC 4518 2.2: control, joining, direction and soft hyphen characters are mapped to nothing; Java keeps them',
    applies: ({ text }) => /[\0\x7f\u00ad\u200b\u202e\ufeff]/.test(text), take: replaced(/[\0\x7f\u00ad\u200b\u202e\ufeff]/g, '') },
  { clause: 'RFC 4518 2.4: values with prohibited characters match octet for octet only; Java folds the rest of them',
    applies: ({ text }) => /[\ue000\ufffd]/.test(text), take: replaced(/[\ue000\ufffd]/g, 'q') },
  { clause: 'RFC 3454 B.2: case is folded again after the compatibility mapping; Java folds before it only',
    applies: ({ text }) => text.includes('℡'), take: replaced(/℡/g, 'tel') },
  { clause: 'RFC 3454 B.2: the dotless i has no folding; Java takes it for i',
    applies: ({ text }) => text.includes('ı'), take: replaced(/ı/g, 'j') },
  { clause: 'RFC 4518 2.6.1: a space before a combining mark is no insignificant space; Java removes it',
    applies: ({ text }) => /[ \u00a0\t\n\u3000]\p{M}/u.test(text), take: replaced(/(?<=[ \u00a0\t\n\u3000])\p{M}/gu, '') },
  { clause: 'RFC 4518 2.6.1: leading spaces do not count; Java escapes # where it stands first, and removes the spaces after that',
    applies: ({ text }) => /^[\s\p{Cc}\p{Cf}]*#/u.test(text), take: replaced(/^[\s\p{Cc}\p{Cf}]*#/u, '%') },
]

const isText = ({ tag }: Value): boolean => tag !== octetString
/** The second pass catches what the first has laid bare: a mark behind a space that stood behind a removed character. */
const plainValue = (given: Value): Value =>
  [...divergences, ...divergences].reduce((value, { applies, take }) => (isText(value) && applies(value) ? take(value) : value), given)
const plain = (name: Rdns): Rdns => name.map((values) => values.map(plainValue))
/** An octet string of a type that moves must move too. */
const moved = (name: Rdns): Rdns =>
  name.map((values) => values.map((value) => (isText(value) ? value : { ...value, type: foreign[value.type] ?? value.type })))

/** Mulberry32. */
function generator(state: number): (limit: number) => number {
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }
}

const types = ['2.5.4.3', '2.5.4.3', '2.5.4.10', '2.5.4.11', '2.5.4.6', '2.5.4.7', ...Object.keys(foreign)]
const tags = [utf8, utf8, utf8, utf8, utf8, printable, printable, 0x14, 0x16, 0x1e, 0x1c, octetString]
const usual = ['Ratna', 'dewi', 'S.Kom.', 'A', 'b', ' ', ' ', '  ', ',', '+', '"', '\\', '#', '=', ';', '<', '/', '0', 'é', 'É', 'e\u0301', 'ß', 'SS', 'Σ', 'ς',
  'σ', 'ﬁ', 'Ａ', '中', '💡', 'İ', 'Ǆ', 'ǅ', '①']
const pieces = [...usual, '\t', '\n', '\u00a0', '\u3000', '\0', '\x7f', '\u00ad', '\u200b', '\u202e', '\ufeff', '\ue000', '\ufffd', '℡', 'ı', '\u0301']

/** What a type cannot hold. */
const outside: Readonly<Record<number, RegExp>> = { 0x16: /[^\0-\x7f]/gu, [printable]: /[^\0-\xff]/gu, 0x14: /[^\0-\xff]/gu, 0x1e: /💡/gu }

function randomPair(random: (limit: number) => number): readonly [Rdns, Rdns] {
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!
  const word = (): string => pick(random(3) === 0 ? pieces : usual)
  const fit = (tag: number, text: string): string => text.replace(outside[tag] ?? /(?!)/u, '')
  const value = (): Value => {
    const tag = pick(tags)
    return { type: pick(types), tag, text: fit(tag, Array.from({ length: random(5) }, word).join('')) }
  }
  const left = Array.from({ length: random(4) }, () => Array.from({ length: random(4) === 0 ? 2 : 1 }, value))
  const vary = (given: Value): Value => {
    const { tag, text } = given
    if (!isText(given)) return random(8) === 0 ? { ...given, text: `${text}x` } : given
    switch (random(9)) {
      case 0: return { ...given, text: fit(tag, text.toUpperCase()) }
      case 1: return { ...given, text: fit(tag, text.toLowerCase()) }
      case 2: return { ...given, text: ` ${text.replace(/ /g, '   ')} ` }
      case 3: return { ...given, tag: utf8 }
      case 4: return { ...given, text: fit(tag, text.normalize(pick(['NFC', 'NFD', 'NFKC']))) }
      case 5: return { ...given, text: fit(tag, text + word()) }
      case 6: return { ...given, text: fit(tag, text.replace(/ /, pick(['\t', '\u00a0', '\u200b', '', '  ']))) }
      default: return given
    }
  }
  const right = left.map((values) => { const varied = values.map(vary); return random(2) === 0 ? varied.reverse() : varied })
  if (random(12) === 0) right.reverse()
  if (random(12) === 0) right.pop()
  return [left, right]
}

const name = (text: string, tag = utf8, type = '2.5.4.3'): Rdns => [[{ type, tag, text }]]

/** Expected verdict of both. */
const agreed: readonly (readonly [expected: '0' | '1', Rdns, Rdns])[] = [
  ['1', name('Ratna Dewi'), name('RATNA   DEWI ')], ['1', name('ID', printable), name('id')], ['1', name('Straße'), name('STRASSE')], ['1', name('é'), name('E\u0301')],
  ['1', name('Ａﬁ'), name('afi')], ['1', [[...name('a')[0]!, ...name('b', utf8, '2.5.4.10')[0]!]], [[...name('B', utf8, '2.5.4.10')[0]!, ...name('A')[0]!]]],
  ['0', name('a'), name('b')], ['0', name('a'), [...name('a'), ...name('a')]], ['0', name('a'), name('a', utf8, '2.5.4.10')], ['0', [], name('')], ['1', [], []],
  ['0', [...name('a'), ...name('b')], [...name('b'), ...name('a')]], ['0', name('Ratna'), name('R\u0430tna')], ['0', name('a', octetString), name('A', octetString)],
]

/** One pair for every divergence, in the same order, with our verdict; Java's is the other. */
const divergent: readonly (readonly [ours: '0' | '1', Rdns, Rdns])[] = [
  ['1', name('Ratna', 0x14), name('Ratna')], ['1', name('Ratna', utf8, '2.5.4.13'), name('RATNA', utf8, '2.5.4.13')], ['1', name('a\tb'), name('a b')], ['1', name('a\u200bb'), name('ab')],
  ['0', name('\ue000a'), name('\ue000A')], ['1', name('℡'), name('tel')], ['0', name('ı'), name('i')], ['0', name('a \u0301'), name('a  \u0301')], ['1', name(' #a'), name('#a')],
]

describe.skipIf(!hasJava)('RFC 5280 7.1: names as Java compares them', () => {
  const random = generator(seed)
  const pairs = Array.from({ length: count }, () => randomPair(random))
  const plains = pairs.map(([left, right]) => [moved(plain(left)), moved(plain(right))] as const)
  let answers: string[] = []
  beforeAll(() => { answers = askJava([...[...agreed, ...divergent].map(([, left, right]) => [left, right] as const), ...pairs, ...plains]) }, 120_000)

  it('agree about case, spaces, PrintableString and UTF8String, sets, order, and what no preparation makes equal', () => {
    expect(answers.slice(0, agreed.length)).toEqual(agreed.map(([expected]) => expected))
    for (const [expected, left, right] of agreed) expect(ask(left, right)).toBe(expected)
  })

  it.each(divergent.map((pair, i) => [divergences[i]!.clause, pair, i] as const))('%s', (_, [ours, left, right], i) => {
    expect([...left, ...right].flat().some(divergences[i]!.applies)).toBe(true)
    expect(ask(left, right)).toBe(ours)
    expect(answers[agreed.length + i]).toBe(ours === '1' ? '0' : '1')
  })

  it(`${count} odd pairs: equal alike, or different by one of these clauses`, () => {
    expect(divergent.length).toBe(divergences.length)
    const [first, second] = [agreed.length + divergent.length, agreed.length + divergent.length + count]
    const unexplained: string[] = []
    let [equal, different] = [0, 0]
    pairs.forEach((pair, i) => {
      const theirs = answers[first + i]!
      if (theirs === '1') equal++
      if (ask(...pair) !== theirs) {
        different++
        if (!pair.flat(2).some((value) => isText(value) && divergences.some(({ applies }) => applies(value)))) unexplained.push(JSON.stringify(pair))
      }
      // With everything the clauses are about taken away nothing may remain.
      if (ask(...plains[i]!) !== answers[second + i]) unexplained.push(`plain, Java says ${answers[second + i]}: ${JSON.stringify(plains[i])}`)
    })
    expect(unexplained, `seed ${seed}`).toEqual([])
    // The generator must reach both answers and the divergences, or this proves nothing.
    expect(equal).toBeGreaterThan(count / 20)
    expect(different).toBeGreaterThan(count / 100)
    expect(different).toBeLessThan(count / 2)
  }, 120_000)
})
