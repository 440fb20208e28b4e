import { describe, expect, it } from 'vitest'
import { CabutError } from '../errors.js'
import { loadStandard } from '../standard/index.js'
import {
  addWorkingTime,
  amendCalendar,
  calendarAsOf,
  closingOf,
  createHolidayCalendar,
  createWorkingCalendar,
  deadlineFor,
  explainDeadline,
  isOpen,
  nationalCalendar,
  nextOpening,
  readHolidayCalendar,
  readZone,
  withRamadan,
  workingTimeBetween,
  type ServiceHours,
} from './index.js'
import { estimatedRamadan } from './ramadan.js'
import { dateOfDay, dayOfDate } from './zone.js'

const purbalingga = createWorkingCalendar({ zone: 'WIB', hours: loadStandard('kabupaten-purbalingga').serviceHours })
const pekalongan = createWorkingCalendar({ zone: 'WIB', hours: loadStandard('kota-pekalongan').serviceHours })
const wib = (local: string): Date => new Date(`${local.replace(' ', 'T')}:00+07:00`)

describe('worked examples of the service standards', () => {
  it.each([
    ['Purbalingga: 170 minutes over Iduladha and its collective leave', purbalingga, '2026-05-26 14:00', 170, '2026-05-29 08:20'],
    ['Purbalingga: 170 minutes over Natal and its collective leave', purbalingga, '2026-12-23 15:30', 170, '2026-12-28 09:50'],
    ['Pekalongan: one day (405 minutes) over Nyepi and Idulfitri', pekalongan, '2026-03-17 15:00', 405, '2026-03-25 15:00'],
    ['Pekalongan: 170 minutes over a Friday closing at 11.00', pekalongan, '2026-11-20 10:30', 170, '2026-11-23 10:20'],
  ])('%s', (_, office, start, minutes, due) => {
    expect(addWorkingTime(wib(start), minutes, office)).toEqual(wib(due))
    expect(workingTimeBetween(wib(start), wib(due), office)).toBe(minutes)
  })

  it('is due at closing, not at the next opening, when time runs out exactly then', () => {
    expect(addWorkingTime(wib('2026-11-20 10:30'), 30, pekalongan)).toEqual(wib('2026-11-20 11:00'))
    expect(addWorkingTime(wib('2026-11-23 11:00'), 60, pekalongan)).toEqual(wib('2026-11-23 12:00'))
  })

  it('adds nothing to the start for zero minutes, open or closed', () => {
    expect(addWorkingTime(wib('2026-11-22 03:00'), 0, pekalongan)).toEqual(wib('2026-11-22 03:00'))
  })
})

describe('isOpen, nextOpening, closingOf', () => {
  it('opens at the minute of opening and is closed at the minute of closing', () => {
    expect(isOpen(wib('2026-11-23 08:00'), pekalongan)).toBe(true)
    expect(isOpen(wib('2026-11-23 12:00'), pekalongan)).toBe(false)
    expect(isOpen(wib('2026-11-23 15:45'), pekalongan)).toBe(false)
    expect(isOpen(wib('2026-12-24 10:00'), pekalongan)).toBe(false)
  })

  it('finds the end of a break, the next day, the day after a holiday', () => {
    expect(nextOpening(wib('2026-11-23 12:30'), pekalongan)).toEqual(wib('2026-11-23 13:00'))
    expect(nextOpening(wib('2026-11-23 15:45'), pekalongan)).toEqual(wib('2026-11-24 08:00'))
    expect(nextOpening(wib('2026-12-31 16:00'), pekalongan)).toEqual(wib('2027-01-04 08:00'))
    expect(nextOpening(wib('2026-11-23 08:00'), pekalongan)).toEqual(wib('2026-11-23 08:00'))
  })

  it('closes on Friday at 11.00, and after that on Monday', () => {
    expect(closingOf(wib('2026-11-20 09:00'), pekalongan)).toEqual(wib('2026-11-20 11:00'))
    expect(closingOf(wib('2026-11-20 11:00'), pekalongan)).toEqual(wib('2026-11-23 15:45'))
  })
})

describe('deadlines', () => {
  const start = wib('2026-11-20 10:30')
  it.each([
    ['workingMinutes', 170, '2026-11-23 10:20'],
    ['wallHours', 48, '2026-11-22 10:30'],
    ['calendarDays', 3, '2026-11-24 00:00'],
    ['workingDays', 1, '2026-11-23 15:45'],
    ['workingDays', 5, '2026-11-27 11:00'],
    ['sameDay', 0, '2026-11-20 11:00'],
    ['sameDay', 20, '2026-11-20 10:50'],
    ['sameDay', 120, '2026-11-20 11:00'],
  ] as const)('%s %i', (kind, amount, due) => {
    const deadline = deadlineFor({ kind, amount }, start, pekalongan)
    expect(new Date(deadline.due)).toEqual(wib(due))
    expect(deadline).toMatchObject({ kind, amount, calendar: 'id-national@2026-09-15#4', provisional: [] })
  })

  it('counts working days over Natal, its collective leave, New Year and Isra Mikraj', () => {
    expect(new Date(deadlineFor({ kind: 'workingDays', amount: 14 }, wib('2026-12-14 09:00'), purbalingga).due)).toEqual(
      wib('2027-01-07 16:00'),
    )
  })

  it('is explained by the closed days it passed', () => {
    const deadline = deadlineFor({ kind: 'workingMinutes', amount: 170 }, wib('2026-05-26 14:00'), purbalingga)
    const explanation = explainDeadline(deadline, purbalingga)
    expect(explanation.closures.map(({ date, kind }) => `${date} ${kind}`)).toEqual([
      '2026-05-27 nationalHoliday',
      '2026-05-28 collectiveLeave',
    ])
    expect(explanation.id).toBe('Batas waktu 29 Mei 2026 pukul 08.20 WIB; tutup 27 Mei Iduladha 1447 H, 28 Mei Cuti bersama Iduladha')
    expect(explanation).toMatchObject({ workingMinutes: 170, sameCalendar: true, recomputedDue: deadline.due })
  })

  it('is provisional in a year without a decree', () => {
    expect(deadlineFor({ kind: 'workingMinutes', amount: 170 }, wib('2027-12-31 15:00'), purbalingga).provisional).toEqual([
      'yearWithoutDecree',
    ])
    expect(deadlineFor({ kind: 'wallHours', amount: 48 }, wib('2027-12-31 15:00'), purbalingga).provisional).toEqual([])
  })

  it('refuses a negative or fractional amount and an invalid date', () => {
    for (const amount of [-1, 0.5, Number.NaN])
      expect(() => deadlineFor({ kind: 'workingDays', amount }, start, pekalongan)).toThrow(CabutError)
    expect(() => addWorkingTime(new Date(Number.NaN), 1, pekalongan)).toThrow(
      expect.objectContaining({ code: 'calendarInvalid', at: 'start' }),
    )
    expect(() => addWorkingTime(start, -1, pekalongan)).toThrow(expect.objectContaining({ code: 'calendarInvalid', at: 'minutes' }))
  })
})

describe('a calendar amended mid-year', () => {
  const before = calendarAsOf(nationalCalendar, '2025-08-06')
  it('did not know 18 August 2025 eleven days ahead, and names its version', () => {
    const then = createWorkingCalendar({ zone: 'WIB', hours: pekalongan.hours, holidays: before })
    const deadline = deadlineFor({ kind: 'workingMinutes', amount: 405 }, wib('2025-08-15 08:00'), then)
    expect(new Date(deadline.due)).toEqual(wib('2025-08-18 11:45'))
    const explanation = explainDeadline(deadline, pekalongan)
    expect(explanation.sameCalendar).toBe(false)
    expect(new Date(explanation.recomputedDue)).toEqual(wib('2025-08-19 11:45'))
    expect(explainDeadline(deadline, then)).toMatchObject({ sameCalendar: true, recomputedDue: deadline.due })
  })

  it('can open a day again, and close one for the agency alone', () => {
    const amended = amendCalendar(nationalCalendar, {
      number: 'SE 1/2026',
      decidedOn: '2026-12-01',
      settles: [],
      sources: ['test'],
      closes: [{ date: '2026-12-09', kind: 'agency', name: 'Pilkada' }],
      opens: ['2026-12-24'],
    })
    const office = createWorkingCalendar({ zone: 'WIB', hours: purbalingga.hours, holidays: amended })
    expect(isOpen(wib('2026-12-24 09:00'), office)).toBe(true)
    expect(isOpen(wib('2026-12-09 09:00'), office)).toBe(false)
    expect(amended.version).not.toBe(nationalCalendar.version)
  })

  it('may come from a file, checked as a whole', () => {
    const file = {
      id: 'kabupaten-contoh',
      decrees: nationalCalendar.decrees,
      ramadan: [{ from: '2026-02-19', to: '2026-03-20', source: 'SE Bupati' }],
    }
    const calendar = readHolidayCalendar(JSON.parse(JSON.stringify(file)))
    expect(calendar.version).toBe('kabupaten-contoh@2026-09-15#4+ramadan(2026-02-19..2026-03-20)')
    expect(() => readHolidayCalendar({ ...file, id: 'X!' })).toThrow(
      expect.objectContaining({ code: 'calendarInvalid', issues: [expect.objectContaining({ path: 'id', code: 'wrongForm' })] }),
    )
    expect(() => readHolidayCalendar({ ...file, ramadan: [{ from: '2026-02-19', to: '2026-02-20', source: 'x' }] })).toThrow(
      expect.objectContaining({ code: 'calendarInvalid', at: 'ramadan[0]' }),
    )
    expect(() => readHolidayCalendar([])).toThrow(expect.objectContaining({ code: 'calendarInvalid' }))
  })

  it('refuses a date that does not exist', () => {
    const decree = { number: 'x', decidedOn: '2026-02-30', settles: [], sources: [], closes: [], opens: ['2026-13-01'] }
    expect(() => createHolidayCalendar('x', [decree])).toThrow(
      expect.objectContaining({
        code: 'calendarInvalid',
        issues: [
          expect.objectContaining({ path: 'decrees[0].decidedOn', code: 'dateForm' }),
          expect.objectContaining({ path: 'decrees[0].opens[0]' }),
        ],
      }),
    )
  })
})

describe('Ramadan (Perpres 21/2023: 32.5 hours a week)', () => {
  const hours = purbalingga.hours
  const ramadan = [{ from: '2026-02-19', to: '2026-03-20', source: 'Ramadan 1447 H (sidang isbat)' }]
  it('runs on its own hours when the dates are given', () => {
    const office = createWorkingCalendar({ zone: 'WIB', hours, holidays: withRamadan(nationalCalendar, ramadan) })
    expect(addWorkingTime(wib('2026-02-23 07:00'), 60, office)).toEqual(wib('2026-02-23 09:00'))
    expect(workingTimeBetween(wib('2026-02-23 00:00'), wib('2026-03-02 00:00'), office)).toBe(32.5 * 60)
    const deadline = deadlineFor({ kind: 'workingMinutes', amount: 170 }, wib('2026-02-23 14:00'), office)
    expect(deadline.provisional).toEqual([])
    expect(explainDeadline(deadline, office).id).toContain('jam Ramadan berlaku')
  })

  it('is ordinary and provisional when they are not', () => {
    expect(deadlineFor({ kind: 'workingMinutes', amount: 170 }, wib('2026-02-23 14:00'), purbalingga).provisional).toEqual([
      'ramadanWithoutDates',
    ])
    expect(deadlineFor({ kind: 'workingMinutes', amount: 170 }, wib('2026-05-11 14:00'), purbalingga).provisional).toEqual([])
  })

  it('keeps ordinary hours, without a flag, where the standard is silent (Pekalongan 3)', () => {
    expect(deadlineFor({ kind: 'workingMinutes', amount: 405 }, wib('2026-02-23 14:00'), pekalongan).provisional).toEqual([])
  })

  it('is estimated within two days of the dates the Ministry decided', () => {
    for (const decided of ['2023-03-23', '2024-03-12', '2025-03-01', '2026-02-19']) {
      const day = dayOfDate(decided)
      const [first] = estimatedRamadan(day, day)[0] as readonly [number, number]
      expect(Math.abs(first + 2 - day), `${decided} estimated ${dateOfDay(first + 2)}`).toBeLessThanOrEqual(2)
    }
  })
})

describe('hours and zones that are not possible', () => {
  const day = (open: string, close: string, breaks: [string, string][] = []): ServiceHours => ({
    weekly: { monday: { open, close, breaks: breaks.map(([from, to]) => ({ from, to })) } },
    collectiveLeave: 'closed',
  })
  it.each([
    ['25:00', day('08:00', '25:00'), 'weekly.monday.close', 'timeForm'],
    ['closing before opening', day('16:00', '08:00'), 'weekly.monday.close', 'hoursOrder'],
    ['a break longer than the day', day('08:00', '10:00', [['07:00', '11:00']]), 'weekly.monday.breaks[0]', 'breakOutside'],
    ['a break as long as the day', day('08:00', '10:00', [['08:00', '10:00']]), 'weekly.monday.breaks[0]', 'breakOutside'],
    [
      'overlapping breaks',
      day('08:00', '16:00', [
        ['10:00', '12:00'],
        ['11:00', '13:00'],
      ]),
      'weekly.monday.breaks[1]',
      'hoursOverlap',
    ],
    ['a break backwards', day('08:00', '16:00', [['12:00', '11:00']]), 'weekly.monday.breaks[0].to', 'hoursOrder'],
    ['no day at all', { weekly: {}, collectiveLeave: 'closed' as const }, 'weekly', 'hoursEmpty'],
  ])('%s', (_, hours, path, code) => {
    expect(() => createWorkingCalendar({ zone: 'WIB', hours })).toThrow(
      expect.objectContaining({ code: 'calendarInvalid', issues: [expect.objectContaining({ path, code })] }),
    )
  })

  it('knows Indonesia only, by fixed offsets', () => {
    expect(['Asia/Jakarta', 'Asia/Pontianak', 'Asia/Makassar', 'Asia/Jayapura'].map(readZone)).toEqual(['WIB', 'WIB', 'WITA', 'WIT'])
    for (const zone of ['Asia/Singapore', 'UTC', 'wib', ''])
      expect(() => readZone(zone)).toThrow(expect.objectContaining({ code: 'calendarUnknownZone' }))
  })
})
