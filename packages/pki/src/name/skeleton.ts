import { normalizeBounded } from './prepare.js'

/**
 * Characters that look like ASCII ones, by what they look like: the Cyrillic, Greek and Latin cases that occur in names, after the idea of UTS #39 skeletons.
 * A hint for people who compare names, never a rule of matching.
 */
const lookalikes: Readonly<Record<string, string>> = {
  a: '\u0430\u03b1\u0251\u1d00', b: '\u0432\u044c\u0299', c: '\u0441\u1d04', d: '\u0501\u1d05', e: '\u0435\u0454\u03b5\u0451\u1d07', g: '\u0261\u0581', h: '\u04bb\u043d',
  i: '\u0456\u03b9\u0131\u0457', j: '\u0458\u03f3', k: '\u043a\u03ba\u1d0b', l: '\u04cf\u01c0\u2223|1', m: '\u043c\u1d0d', n: '\u0578\u03b7\u0274', o: '\u043e\u03bf\u0585\u1d0f0',
  p: '\u0440\u03c1', q: '\u051b', r: '\u0433\u1d26', s: '\u0455\ua731', t: '\u0442\u03c4\u1d1b', u: '\u057d\u03c5\u1d1c', v: '\u0475\u03bd\u1d20', w: '\u051d\u0461\u1d21',
  x: '\u0445\u03c7', y: '\u0443\u03b3\u04af', z: '\u03b6\u1d22',
}

let asciiOf: Map<string, string> | undefined

/** The value with look-alikes replaced, marks removed, case folded and white space collapsed. */
export function skeleton(value: string): string {
  asciiOf ??= new Map(Object.entries(lookalikes).flatMap(([ascii, others]) => Array.from(others, (other) => [other, ascii] as const)))
  let text = ''
  // A capital I looks like a small l: told before case is folded. Normalizing would make sigmas of the lunate ones, which look like c.
  for (const character of normalizeBounded(value.replace(/I/g, 'l').replace(/[\u03f2\u03f9]/g, 'c'), 'NFKC').toLowerCase()) text += asciiOf.get(character) ?? character
  return withoutMarks(text).replace(/\s+/g, ' ').trim()
}

/** The value without combining marks. */
export function withoutMarks(value: string): string {
  return normalizeBounded(value, 'NFD').replace(/\p{M}+/gu, '')
}
