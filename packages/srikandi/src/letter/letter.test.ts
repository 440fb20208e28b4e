import { CabutError } from '@cabut/sdk'
import { describe, expect, it } from 'vitest'
import { localDate, readLetterDate, writeLetterDate, writeLetterTime, writeWeekday } from './date.js'
import { identifyLetter, identityKey, identitySlug } from './identity.js'
import { readLetterNumber, yearsInNumber } from './number.js'
import { checkNumberOffice, checkOffices, findOffice, type OfficeDirectory } from './office.js'
import { incomingStates, outgoingStates, readIncomingState } from './state.js'

const offices: OfficeDirectory = [
  { code: 'DINDIK', name: 'Dinas Pendidikan', aliases: ['Dindik'], numberCodes: ['DINDIK'] },
  { code: 'DINDIK-UPT', name: 'UPT Dinas Pendidikan Bobotsari', numberCodes: ['UPTDIK'] },
  { code: 'DINKES', name: 'Dinas Kesehatan', numberCodes: ['DINKES'] },
]

function codeOf(run: () => unknown): { code: string; at: string | undefined } {
  try { run() } catch (error) {
    if (error instanceof CabutError) return { code: error.code, at: error.at }
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('dates of letters', () => {
  it.each([
    ['20 November 2026', '2026-11-20'], ['20 Nopember 2026', '2026-11-20'], ['Jumat, 20 November 2026', '2026-11-20'], ["Jum'at, 20 November 2026", '2026-11-20'],
    ['1 agt 2026', '2026-08-01'], ['20-11-2026', '2026-11-20'], ['20/11/2026', '2026-11-20'], ['03.04.2026', '2026-04-03'], ['2026-11-20', '2026-11-20'],
    ['2026-11-20T23:59:00+07:00', '2026-11-20'], ['20-11-2026 14.30', '2026-11-20'], ['29 Februari 2028', '2028-02-29'], ['  20   Mei\u00a02026 ', '2026-05-20'],
  ])('reads %s', (text, date) => { expect(readLetterDate(text)).toBe(date) })

  it.each([
    '31 November 2026', '29 Februari 2026', '0 Mei 2026', '32 Mei 2026', '20 November 26', '20/13/2026', '2026-02-30', 'Senin, 20 November 2026', 'kemarin', '', '20 Novembro 2026',
    '20/11-2026', '20 November 1899', '20 November 20266', 'x'.repeat(200),
  ])('refuses %s with its place', (text) => { expect(codeOf(() => readLetterDate(text))).toEqual({ code: 'letterDateInvalid', at: 'tanggal' }) })

  it('writes what it reads, every day of two years', () => {
    for (let day = Date.UTC(2027, 0, 1); day < Date.UTC(2029, 0, 1); day += 86_400_000) {
      const date = new Date(day).toISOString().slice(0, 10)
      expect(readLetterDate(writeLetterDate(date))).toBe(date)
      expect(readLetterDate(`${writeWeekday(date)}, ${writeLetterDate(date)}`)).toBe(date)
    }
  })

  it('writes local times as "pukul 14.00 WIB"', () => {
    expect(writeLetterTime('2026-11-20T07:00:00.000Z', 'WIB')).toBe('20 November 2026 pukul 14.00 WIB')
    expect(writeLetterTime('2026-11-20T16:30:05.000Z', 'WIT')).toBe('21 November 2026 pukul 01.30.05 WIT')
    expect(localDate('2026-12-31T17:00:00.000Z', 'WIB')).toBe('2027-01-01')
    expect(codeOf(() => writeLetterTime('soon', 'WITA')).code).toBe('letterDateInvalid')
  })
})

describe('letter numbers', () => {
  it('gives two spellings of one number one key and shows the number as written', () => {
    const plain = readLetterNumber('000.8.3.3/15/DINDIK')
    for (const text of ['Nomor : 000.8.3.3 / 15 / Dindik', 'No. 000.8.3.3/15/DINDIK', ' ０００.8.3.3/15/dindik ']) expect(readLetterNumber(text).key).toBe(plain.key)
    expect(readLetterNumber('R–99/IJ/KP.07.6/04/2020').key).toBe('R-99/IJ/KP.07.6/04/2020')
    expect(readLetterNumber('Nomor : 15 / DIK').text).toBe('15 / DIK')
    expect(readLetterNumber('${nomor_naskah}').provisional).toBe(true)
  })

  it.each(['', '15', 'tanpa angka', `1${'x'.repeat(100)}`, '15/DIK\u202e', '15/\u0000DIK', '15/DI\u200bK'])('refuses %j', (text) => {
    expect(codeOf(() => readLetterNumber(text))).toEqual({ code: 'letterNumberInvalid', at: 'nomor' })
  })

  it('finds years in it but never uses them: the identity takes the year of the date', () => {
    const number = readLetterNumber('400/15/DINDIK/2025')
    expect(yearsInNumber(number)).toEqual([2025])
    expect(identifyLetter('DINDIK', number, '2026-01-05')).toEqual({ office: 'DINDIK', number: '400/15/DINDIK/2025', year: 2026 })
  })
})

describe('identity (office, number, year)', () => {
  it('tells one number of two offices and of two years apart', async () => {
    const number = readLetterNumber('400/15')
    const slugs = await Promise.all([['DINDIK', '2026-01-05'], ['DINKES', '2026-01-05'], ['DINDIK', '2027-01-05']].map(([office, date]) => identitySlug(identifyLetter(office ?? '', number, date ?? ''))))
    expect(new Set(slugs).size).toBe(3)
    for (const slug of slugs) expect(slug).toMatch(/^[A-Za-z0-9_-]{1,46}$/)
    expect(identityKey(identifyLetter('DINDIK', number, '2026-12-31'))).toBe('DINDIK 2026 400/15')
  })
})

describe('sending offices', () => {
  it('finds the office by code, name, alias and within a title; the longest name wins', () => {
    expect(findOffice(offices, ['dindik']).code).toBe('DINDIK')
    expect(findOffice(offices, ['Kepala  DINAS Kesehatan']).code).toBe('DINKES')
    expect(findOffice(offices, ['Kepala UPT Dinas Pendidikan Bobotsari']).code).toBe('DINDIK-UPT')
    expect(codeOf(() => findOffice(offices, ['Kepala Dinas Pertanian']))).toEqual({ code: 'letterOfficeUnknown', at: 'unit_pengirim' })
    expect(codeOf(() => findOffice(offices, ['Dinas Pendidikanan'])).code).toBe('letterOfficeUnknown')
    expect(codeOf(() => findOffice(offices, ['surat dari Dinas Pendidikan dan Dinas Kesehatan Kota'])).code).toBe('letterOfficeUnknown')
  })

  it("refuses another office's number", () => {
    const [dindik] = offices
    if (dindik === undefined) throw new Error('no office')
    expect(() => { checkNumberOffice(offices, dindik, readLetterNumber('400/15/DINDIK')) }).not.toThrow()
    expect(() => { checkNumberOffice(offices, dindik, readLetterNumber('400/15/2026')) }).not.toThrow()
    expect(codeOf(() => { checkNumberOffice(offices, dindik, readLetterNumber('400/15/DINKES')) })).toEqual({ code: 'letterOfficeMismatch', at: 'nomor' })
  })

  it('refuses a directory in which a name belongs to two offices', () => {
    expect(() => checkOffices([...offices, { code: 'X', name: 'Dinas  pendidikan' }])).toThrow(TypeError)
    expect(checkOffices(offices)).toBe(offices)
  })
})

describe('states', () => {
  it('lets no state lead nowhere but the ends, and reaches every state', () => {
    for (const [table, start] of [[incomingStates, 'terdaftar'], [outgoingStates, 'konsep']] as const) {
      const rows = table as Readonly<Record<string, { next: readonly string[] }>>
      const reached = new Set<string>([start])
      for (const state of reached) for (const next of rows[state]?.next ?? []) reached.add(next)
      expect([...reached].sort()).toEqual(Object.keys(rows).sort())
      expect(Object.values(rows).filter(({ next }) => next.length === 0)).toHaveLength(1)
    }
  })

  it.each([
    [{ baca: 'Belum Dibaca' }, 'belumDibaca', true], [{}, 'belumDibaca', true], [{ baca: 'Sudah dibaca', tindak: 'belum ditindaklanjuti' }, 'dibaca', true],
    [{ baca: 'sudah_dibaca', tindak: 'Disposisi' }, 'didisposisi', true], [{ baca: '1', tindak: 'Selesai' }, 'selesai', true], [{ baca: 'entah' }, 'belumDibaca', false],
  ] as const)('reads the status texts %j', (texts, state, known) => { expect(readIncomingState(texts)).toEqual({ state, known }) })
})
