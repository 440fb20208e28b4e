import { expect, test } from 'vitest'
import { among, samePerson, systemActor } from './index.js'

test.each([
  ['budi', 'budi', true], ['budi', 'Budi', true], [' budi ', 'BUDI', true], ['budi\t', 'budi', true],
  // Full-width letters and a ligature: other octets, the same reading (NFKC).
  ['ｂｕｄｉ', 'budi', true], ['ﬁkri', 'FIKRI', true],
  // Case is folded, spelling is not.
  ['weiß', 'weiss', false],
  ['budi', 'budi2', false], ['budi', 'bu di', false], ['budi', '', false], ['budi', undefined, false], [undefined, 'budi', false],
  // Nobody is not the same person as nobody.
  [undefined, undefined, false],
])('samePerson(%j, %j) is %s', (left, right, same) => {
  expect(samePerson(left, right)).toBe(same)
  expect(samePerson(right, left)).toBe(same)
})

test('among: by the same measure', () => {
  expect(among(['ani', 'BUDI '], 'budi')).toBe(true)
  expect(among(['ani'], 'budi')).toBe(false)
  expect(among([], 'budi')).toBe(false)
})

test('the desk itself', () => expect(systemActor).toEqual({ id: 'system', role: 'system' }))
