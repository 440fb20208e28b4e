import { describe, expect, it } from 'vitest'
import { DerReader, encodeElement, readTime, Tag } from './index.js'
import { PkiError } from '../errors.js'

const octets = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const utc = (text: string): number => new DerReader(encodeElement(Tag.utcTime, octets(text))).time()
const general = (text: string): number => new DerReader(encodeElement(Tag.generalizedTime, octets(text))).time()
const two = (value: number): string => `${value}`.padStart(2, '0')

/** The code, and the place counted from the content's start. */
function refusal(run: () => unknown): [string, number] {
  try {
    run()
  } catch (error) {
    if (error instanceof PkiError) return [error.code, error.offset! - 2]
    throw error
  }
  throw new Error('nothing was refused')
}

describe('RFC 5280 4.1.2.5: times are those of the calendar', () => {
  it('in every year that can be written', () => {
    for (let year = 0; year <= 9999; year++) {
      for (const [month, day] of [[1, 1], [2, 28], [3, 1], [12, 31]] as const) {
        const expected = new Date(0).setUTCFullYear(year, month - 1, day)
        if (general(`${`${year}`.padStart(4, '0')}${two(month)}${two(day)}000000Z`) !== expected) expect.unreachable(`${year}-${month}-${day}`)
      }
    }
    for (let year = 0; year <= 99; year++) expect(new Date(utc(`${two(year)}0615000000Z`)).getUTCFullYear()).toBe(year < 50 ? 2000 + year : 1900 + year)
  })

  it.each([2023, 2024, 1900, 2000, 2100, 2400])('on every day of %i, and on no other', (year) => {
    for (let month = 1; month <= 12; month++) {
      const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
      for (let day = 1; day <= days; day++) expect(general(`${year}${two(month)}${two(day)}010203Z`)).toBe(Date.UTC(year, month - 1, day, 1, 2, 3))
      for (const day of [0, days + 1]) expect(refusal(() => general(`${year}${two(month)}${two(day)}010203Z`))).toEqual(['derTime', 0])
    }
    for (const month of [0, 13]) expect(refusal(() => general(`${year}${two(month)}01010203Z`))).toEqual(['derTime', 0])
  })

  it('to the last second of an hour, a minute, a day', () => {
    expect(utc('260714235959Z')).toBe(Date.UTC(2026, 6, 14, 23, 59, 59))
    expect(utc('260714000000Z')).toBe(Date.UTC(2026, 6, 14))
    for (const text of ['260714240000Z', '260714006000Z', '260714000060Z']) expect(refusal(() => utc(text))).toEqual(['derTime', 0])
  })

  it.each(Array.from({ length: 14 }, (_, at) => at))('octet %i must be a digit', (at) => {
    const text = '20260714235959Z'
    for (const other of ['/', ':', ' ', 'Z']) {
      const wrong = text.slice(0, at) + other + text.slice(at + 1)
      expect(refusal(() => general(wrong))).toEqual(['derTime', at - (at % 2)])
      if (at >= 2) expect(refusal(() => utc(wrong.slice(2)))).toEqual(['derTime', at - 2 - (at % 2)])
    }
    expect(refusal(() => general(`${text.slice(0, at)}${text.slice(at + 1)}`))).toEqual(['derTime', 0])
  })

  it('ends with Z, and stands where it stands', () => {
    for (const text of ['260714235959z', '2607142359590', '260714235959ZZ', '260714235959']) expect(refusal(() => utc(text))).toEqual(['derTime', 0])
    for (const text of ['260714235959Z', '20260714235959z', '20260714235959ZZ', '20260714235959']) expect(refusal(() => general(text))).toEqual(['derTime', 0])
    expect(refusal(() => utc('20260714235959Z'))).toEqual(['derTime', 0])
    const bytes = octets('99260714235959Z99')
    expect(readTime(bytes, Tag.utcTime, 2, 15)).toBe(Date.UTC(2026, 6, 14, 23, 59, 59))
  })
})
