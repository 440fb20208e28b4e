import { describe, expect, test } from 'vitest'
import { loadStandard } from '../standard/index.js'
import { createHolidayCalendar, createWorkingCalendar, deadlineFor, explainDeadline, nationalCalendar, readHolidayCalendar, withRamadan, type HolidayDecree, type ServiceHours } from './index.js'

const hours = loadStandard('kabupaten-purbalingga').serviceHours
const office = createWorkingCalendar({ zone: 'WIB', hours })
const wib = (local: string): Date => new Date(`${local.replace(' ', 'T')}:00+07:00`)
const explained = (start: string, amount: number, calendar = office) => explainDeadline(deadlineFor({ kind: 'workingMinutes', amount }, wib(start), calendar), calendar)
const day = (open: string, close: string, ...breaks: readonly (readonly [string, string])[]) => ({ open, close, breaks: breaks.map(([from, to]) => ({ from, to })) })

describe('a deadline explained in both languages', () => {
  test('a plain one is a date, a time and a zone', () => {
    expect(explained('2026-11-24 09:00', 60)).toMatchObject({ id: 'Batas waktu 24 Nov 2026 pukul 10.00 WIB', en: 'Due 24 Nov 2026 10:00 WIB', closures: [] })
  })

  test.each([
    ['2026-01-05', '5 Jan', '5 Jan'], ['2026-02-05', '5 Feb', '5 Feb'], ['2026-03-30', '30 Mar', '30 Mar'], ['2026-04-06', '6 Apr', '6 Apr'], ['2026-05-05', '5 Mei', '5 May'], ['2026-06-05', '5 Jun', '5 Jun'],
    ['2026-07-06', '6 Jul', '6 Jul'], ['2026-08-05', '5 Agu', '5 Aug'], ['2026-09-07', '7 Sep', '7 Sep'], ['2026-10-05', '5 Okt', '5 Oct'], ['2026-11-05', '5 Nov', '5 Nov'], ['2026-12-07', '7 Des', '7 Dec'],
  ])('%s is %s in Indonesian, %s in English', (date, id, en) => {
    const { id: inIndonesian, en: inEnglish } = explained(`${date} 09:00`, 1)
    expect([inIndonesian, inEnglish]).toEqual([`Batas waktu ${id} 2026 pukul 09.01 WIB`, `Due ${en} 2026 09:01 WIB`])
  })

  test('closed days are named, each with its date; a Sunday that is a holiday is not, nobody would have worked', () => {
    expect(explained('2026-05-26 14:00', 170)).toMatchObject({
      id: 'Batas waktu 29 Mei 2026 pukul 08.20 WIB; tutup 27 Mei Iduladha 1447 H, 28 Mei Cuti bersama Iduladha', en: 'Due 29 May 2026 08:20 WIB; closed 27 May Iduladha 1447 H, 28 May Cuti bersama Iduladha',
    })
    const closed = (date: string): HolidayDecree => ({ number: 'Contoh', decidedOn: '2026-01-01', settles: [2026], opens: [], sources: [], closes: [{ date, kind: 'agency', name: 'Hari contoh' }] })
    const on = (date: string) => createWorkingCalendar({ zone: 'WIB', hours, holidays: createHolidayCalendar('contoh', [closed(date)]) })
    // From Friday to Monday: Sunday says nothing, Monday itself and the day of the start do.
    expect(explained('2026-11-20 15:00', 120, on('2026-11-22')).closures).toEqual([])
    expect(explained('2026-11-23 15:00', 400, on('2026-11-24')).closures).toEqual([{ date: '2026-11-24', kind: 'agency', name: 'Hari contoh' }])
    expect(explained('2026-11-24 09:00', 10, on('2026-11-24')).closures.length).toBe(1)
    expect(explained('2026-11-25 09:00', 10, on('2026-11-24')).closures).toEqual([])
    expect(explained('2026-11-23 09:00', 10, on('2026-11-24')).closures).toEqual([])
  })

  test('Ramadan hours are told with the days they ran on, and where their dates come from', () => {
    const ramadan = { ...hours, ramadan: { monday: day('08:00', '15:00'), tuesday: day('08:00', '15:00'), wednesday: day('08:00', '15:00'), thursday: day('08:00', '15:00'), friday: day('08:00', '15:30') } }
    const given = createWorkingCalendar({ zone: 'WIB', hours: ramadan, holidays: withRamadan(nationalCalendar, [{ from: '2026-02-19', to: '2026-03-20', source: 'Edaran contoh' }]) })
    const inside = explained('2026-02-19 09:00', 60, given)
    expect(inside).toMatchObject({ id: 'Batas waktu 19 Feb 2026 pukul 10.00 WIB; jam Ramadan berlaku', en: 'Due 19 Feb 2026 10:00 WIB; Ramadan hours apply' })
    expect(inside.closures).toEqual([{ date: '2026-02-19', kind: 'ramadan', name: 'Edaran contoh' }])
    expect(explained('2026-03-17 09:00', 60, given).closures).toEqual([{ date: '2026-03-17', kind: 'ramadan', name: 'Edaran contoh' }])
    expect(explained('2026-02-18 09:00', 60, given).closures).toEqual([])
    // A holiday within Ramadan is a holiday, and both are told.
    expect(explained('2026-03-17 14:00', 300, given).id).toMatch(/^Batas waktu .*; tutup 18 Mar .*; jam Ramadan berlaku$/)
    const unknown = createWorkingCalendar({ zone: 'WIB', hours: ramadan })
    expect(explained('2026-02-20 09:00', 60, unknown)).toMatchObject({
      id: 'Batas waktu 20 Feb 2026 pukul 10.00 WIB; sementara: tanggal Ramadan belum ditetapkan, dihitung dengan jam biasa', en: 'Due 20 Feb 2026 10:00 WIB; provisional: dates of Ramadan not given, ordinary hours used',
    })
    // Dates given for another year settle nothing.
    const otherYear = createWorkingCalendar({ zone: 'WIB', hours: ramadan, holidays: withRamadan(nationalCalendar, [{ from: '2027-02-08', to: '2027-03-09', source: 'Edaran contoh' }]) })
    expect(deadlineFor({ kind: 'workingMinutes', amount: 60 }, wib('2026-02-20 09:00'), otherYear).provisional).toEqual(['ramadanWithoutDates'])
    expect(deadlineFor({ kind: 'workingMinutes', amount: 60 }, wib('2027-02-10 09:00'), otherYear).provisional).toEqual([])
  })

  test('a year without a decree is said to be open; wall hours and calendar days never are', () => {
    const start = '2029-01-03 09:00'
    expect(explained(start, 60)).toMatchObject({
      id: 'Batas waktu 3 Jan 2029 pukul 10.00 WIB; sementara: hari libur tahun itu belum ditetapkan', en: "Due 3 Jan 2029 10:00 WIB; provisional: no decree yet on that year's holidays",
    })
    const kinds = ['workingMinutes', 'workingDays', 'sameDay', 'wallHours', 'calendarDays'] as const
    expect(kinds.map(kind => deadlineFor({ kind, amount: 1 }, wib(start), office).provisional.length)).toEqual([1, 1, 1, 0, 0])
  })

  test('an amount that is none is named', () => {
    for (const amount of [-1, 1.5, Number.NaN]) expect(() => deadlineFor({ kind: 'wallHours', amount }, wib('2026-11-24 09:00'), office)).toThrow(expect.objectContaining({ code: 'calendarInvalid', at: 'amount', detail: 'must be a whole number, zero or more' }))
  })
})

describe('opening hours, to the minute', () => {
  const found = (monday: ServiceHours['weekly']['monday'], ramadan?: ServiceHours['weekly']): unknown => {
    try {
      createWorkingCalendar({ zone: 'WIB', hours: { weekly: monday === undefined ? {} : { monday }, collectiveLeave: 'closed', ...(ramadan === undefined ? {} : { ramadan }) } })
      return 'taken'
    } catch (error) {
      return (error as { issues: readonly { path: string; code: string }[] }).issues.map(({ path, code }) => `${path} ${code}`)
    }
  }

  test('a break may lie anywhere within the day but not fill it, and may touch the next', () => {
    for (const breaks of [[['08:00', '08:30']], [['15:30', '16:00']], [['08:00', '15:59']], [['12:00', '13:00'], ['13:00', '13:30']], [['14:00', '14:30'], ['12:00', '13:00']]] as const) expect(found(day('08:00', '16:00', ...breaks))).toBe('taken')
    expect(found(day('00:00', '24:00'))).toBe('taken')
  })

  test.each([
    [day('08:00', '08:00'), ['weekly.monday.close hoursOrder']],
    [day('16:00', '08:00'), ['weekly.monday.close hoursOrder']],
    [day('08:00', '16:00', ['12:00', '12:00']), ['weekly.monday.breaks[0].to hoursOrder']],
    [day('08:00', '16:00', ['07:59', '09:00']), ['weekly.monday.breaks[0] breakOutside']],
    [day('08:00', '16:00', ['15:00', '16:01']), ['weekly.monday.breaks[0] breakOutside']],
    [day('08:00', '16:00', ['08:00', '16:00']), ['weekly.monday.breaks[0] breakOutside']],
    [day('08:00', '16:00', ['12:00', '13:00'], ['12:59', '13:30']), ['weekly.monday.breaks[1] hoursOverlap']],
    [day('08:00', '16:00', ['12:00', '13:00'], ['11:00', '12:01']), ['weekly.monday.breaks[1] hoursOverlap']],
  ] as const)('%j', (monday, issues) => expect(found(monday)).toEqual(issues))

  test('times that are none are named, each by its place; so are empty weeks and the hours of Ramadan', () => {
    for (const time of ['25:00', '24:01', '08:60', '8:00', 'x08:00', '08:00x', '']) expect([time, found(day(time, '16:00'))]).toEqual([time, ['weekly.monday.open timeForm']])
    expect(found(day('08:00', '99:99', ['1', '13:00'], ['14:00', '2']))).toEqual(['weekly.monday.close timeForm', 'weekly.monday.breaks[0].from timeForm', 'weekly.monday.breaks[1].to timeForm'])
    expect(found(undefined)).toEqual(['weekly hoursEmpty'])
    expect(found(day('08:00', '16:00'), { sunday: day('10:00', '09:00') })).toEqual(['ramadan.sunday.close hoursOrder'])
  })

  test('breaks count in the order of the day, however they are written', () => {
    const written = createWorkingCalendar({ zone: 'WIB', hours: { weekly: { monday: day('08:00', '16:00', ['14:00', '14:30'], ['12:00', '13:00']) }, collectiveLeave: 'closed' } })
    expect(deadlineFor({ kind: 'workingMinutes', amount: 300 }, wib('2026-11-23 08:00'), written).due).toBe(wib('2026-11-23 14:00').toISOString())
    expect(deadlineFor({ kind: 'workingMinutes', amount: 301 }, wib('2026-11-23 08:00'), written).due).toBe(wib('2026-11-23 14:31').toISOString())
  })
})

describe('decrees', () => {
  const decree = (decidedOn: string, more: Partial<HolidayDecree> = {}): HolidayDecree => ({ number: `Nomor ${decidedOn}`, decidedOn, settles: [2026], opens: [], sources: [], closes: [], ...more })

  test('count in the order they were decided, and give the version its name', () => {
    const [first, second, third] = [decree('2025-01-02'), decree('2025-03-04'), decree('2025-05-06')]
    for (const given of [[first, second, third], [third, first, second], [second, third, first], [third, second, first]]) {
      const calendar = createHolidayCalendar('contoh', given)
      expect(calendar.decrees.map(({ decidedOn }) => decidedOn)).toEqual(['2025-01-02', '2025-03-04', '2025-05-06'])
      expect(calendar.version).toBe('contoh@2025-05-06#3')
    }
    expect(createHolidayCalendar('contoh', []).version).toBe('contoh@empty')
    // On one day, in the order given.
    const [left, right] = [decree('2025-01-02', { number: 'A' }), decree('2025-01-02', { number: 'B' })]
    expect(createHolidayCalendar('contoh', [left, right]).decrees.map(({ number }) => number)).toEqual(['A', 'B'])
  })

  test('a day closed twice keeps the name of the national holiday, whichever decree came first', () => {
    const holiday = { date: '2026-11-24', kind: 'nationalHoliday', name: 'Hari raya contoh' } as const
    const leave = { date: '2026-11-24', kind: 'collectiveLeave', name: 'Cuti contoh' } as const
    for (const closes of [[holiday, leave], [leave, holiday]]) {
      const calendar = createWorkingCalendar({ zone: 'WIB', hours, holidays: createHolidayCalendar('contoh', closes.map((one, n) => decree(`2025-01-0${n + 1}`, { closes: [one] }))) })
      expect(explained('2026-11-24 09:00', 1, calendar).closures).toEqual([{ date: '2026-11-24', kind: 'nationalHoliday', name: 'Hari raya contoh' }])
    }
  })

  test('dates that are none are named by their place', () => {
    const issues = (run: () => unknown): unknown => {
      try {
        run()
        return 'taken'
      } catch (error) {
        return (error as { issues: readonly { path: string }[] }).issues.map(({ path }) => path)
      }
    }
    const broken = decree('2025-13-01', { opens: ['2025-02-30'], closes: [{ date: '2025-00-10', kind: 'agency', name: 'x' }] })
    expect(issues(() => createHolidayCalendar('contoh', [decree('2025-01-01'), broken]))).toEqual(['decrees[1].decidedOn', 'decrees[1].closes[0].date', 'decrees[1].opens[0]'])
    for (const [to, expected] of [['2026-03-19', 'taken'], ['2026-03-20', 'taken'], ['2026-03-18', ['ramadan[0]']], ['2026-03-21', ['ramadan[0]']]] as const) {
      expect([to, issues(() => createHolidayCalendar('contoh', [], [{ from: '2026-02-19', to, source: 'x' }]))]).toEqual([to, expected])
    }
  })

  test('a file is taken whole and in its form only', () => {
    const file = { id: 'contoh-1', decrees: [decree('2025-01-02')] }
    expect(readHolidayCalendar(file).version).toBe('contoh-1@2025-01-02#1')
    for (const wrong of [{ ...file, id: 'Contoh' }, { ...file, id: 'contoh-' + 'x'.repeat(60) }, { ...file, id: 'a b' }, { ...file, id: '' }, { ...file, decrees: [decree('x2025-01-02')] }, { ...file, decrees: [decree('2025-01-02x')] }, { ...file, more: 1 }]) {
      expect(() => readHolidayCalendar(wrong)).toThrow(expect.objectContaining({ code: 'calendarInvalid' }))
    }
    expect(readHolidayCalendar({ ...file, decrees: [decree('2025-01-02', { closes: [{ date: '2026-11-24', kind: 'agency', name: 'Hari contoh' }] })] }).decrees.length).toBe(1)
  })
})
