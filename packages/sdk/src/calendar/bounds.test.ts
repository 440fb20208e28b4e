import { describe, expect, test } from 'vitest'
import { loadStandard } from '../standard/index.js'
import {
  addWorkingTime, calendarAsOf, closingOf, createHolidayCalendar, createWorkingCalendar, deadlineFor, explainDeadline, isOpen, nationalCalendar, nextOpening, readHolidayCalendar, readZone, withRamadan,
  workingTimeBetween, type HolidayDecree, type ServiceHours, type WorkingCalendar,
} from './index.js'
import { estimatedRamadan } from './ramadan.js'
import { hoursSchema } from './schema.js'
import { dateOfDay, dayOfDate } from './zone.js'

const hours = loadStandard('kabupaten-purbalingga').serviceHours
const office = createWorkingCalendar({ zone: 'WIB', hours })
const wib = (local: string): Date => new Date(`${local.replace(' ', 'T')}:00+07:00`)
const day = (open: string, close: string, ...breaks: readonly (readonly [string, string])[]) => ({ open, close, breaks: breaks.map(([from, to]) => ({ from, to })) })
const weekdays = { monday: day('08:00', '15:00'), tuesday: day('08:00', '15:00'), wednesday: day('08:00', '15:00'), thursday: day('08:00', '15:00') }

describe('the arithmetic of Ramadan', () => {
  test('begins with the ninth month of the tabular calendar, in every year of two cycles of thirty', () => {
    const civil = new Intl.DateTimeFormat('en-u-ca-islamic-civil', { timeZone: 'UTC', month: 'numeric', day: 'numeric' })
    const spans = estimatedRamadan(dayOfDate('2000-01-01'), dayOfDate('2060-12-31'))
    expect(spans.length).toBe(63)
    for (const [from] of spans) expect([dateOfDay(from + 2), civil.format(new Date((from + 2) * 86_400_000))]).toEqual([dateOfDay(from + 2), '9/1'])
  })

  test('is widened by two days each side, and asked for to the day', () => {
    const middle = dayOfDate('2026-03-01')
    const [[from, to]] = estimatedRamadan(middle, middle) as readonly [readonly [number, number]]
    expect(to - from).toBe(29 + 4)
    expect([from - 1, from, to, to + 1].map(one => estimatedRamadan(one, one).length)).toEqual([0, 1, 1, 0])
  })

  test('is settled by dates that touch it, and by those of its own year only', () => {
    const middle = dayOfDate('2026-03-01')
    const [[from, to]] = estimatedRamadan(middle, middle) as readonly [readonly [number, number]]
    const provisional = (first: number): readonly string[] => {
      const given = [{ from: dateOfDay(first), to: dateOfDay(first + 28), source: 'Edaran contoh' }]
      return deadlineFor({ kind: 'workingMinutes', amount: 10 }, wib('2026-03-02 09:00'), createWorkingCalendar({ zone: 'WIB', hours, holidays: withRamadan(nationalCalendar, given) })).provisional
    }
    expect([from, from - 28, to].map(provisional)).toEqual([[], [], []])
    for (const first of [from - 29, to + 1, dayOfDate('2025-03-01'), dayOfDate('2027-02-08')]) expect(provisional(first)).toEqual(['ramadanWithoutDates'])
  })
})

describe('days that are longer in Ramadan than in the ordinary week', () => {
  // Saturday is closed but for Ramadan.
  const fasting: ServiceHours = { weekly: weekdays, ramadan: { ...weekdays, saturday: day('08:00', '12:00') }, collectiveLeave: 'open' }
  const calendar = createWorkingCalendar({ zone: 'WIB', hours: fasting, holidays: createHolidayCalendar('contoh', [], [{ from: '2026-02-19', to: '2026-03-20', source: 'Edaran contoh' }]) })

  test.each([
    ['2026-02-19 14:00', 61, '2026-02-21 08:01'], ['2026-02-19 14:00', 180, '2026-02-21 10:00'], ['2026-02-19 14:00', 300, '2026-02-21 12:00'], ['2026-02-19 14:00', 301, '2026-02-23 08:01'],
    // The last day of fasting is Friday: the Saturday after it is closed again.
    ['2026-03-19 14:00', 61, '2026-03-23 08:01'],
  ])('from %s %i minutes end at %s', (start, minutes, end) => {
    expect(addWorkingTime(wib(start), minutes, calendar)).toEqual(wib(end))
    expect(workingTimeBetween(wib(start), wib(end), calendar)).toBe(minutes)
  })

  test('on the very last day too', () => {
    const short = createWorkingCalendar({ zone: 'WIB', hours: fasting, holidays: createHolidayCalendar('contoh', [], [{ from: '2026-01-23', to: '2026-02-21', source: 'Edaran contoh' }]) })
    expect([61, 180, 300, 301].map(minutes => addWorkingTime(wib('2026-02-19 14:00'), minutes, short))).toEqual(['2026-02-21 08:01', '2026-02-21 10:00', '2026-02-21 12:00', '2026-02-23 08:01'].map(wib))
  })
})

describe('hours of a day', () => {
  const only = (weekly: ServiceHours['weekly']): WorkingCalendar => createWorkingCalendar({ zone: 'WIB', hours: { weekly, collectiveLeave: 'closed' }, holidays: createHolidayCalendar('contoh', []) })

  test('Saturday is a day like the others', () => {
    const saturdays = only({ saturday: day('08:00', '12:00') })
    expect(isOpen(wib('2026-11-28 09:00'), saturdays)).toBe(true)
    expect(addWorkingTime(wib('2026-11-23 09:00'), 300, saturdays)).toEqual(wib('2026-12-05 09:00'))
  })

  test('a break at the end of the day closes it, one at the beginning opens it later', () => {
    const early = only({ monday: day('08:00', '16:00', ['15:30', '16:00'], ['08:00', '09:00']) })
    expect(closingOf(wib('2026-11-23 10:00'), early)).toEqual(wib('2026-11-23 15:30'))
    expect(nextOpening(wib('2026-11-22 10:00'), early)).toEqual(wib('2026-11-23 09:00'))
    expect(deadlineFor({ kind: 'sameDay', amount: 0 }, wib('2026-11-23 10:00'), early).due).toBe(wib('2026-11-23 15:30').toISOString())
  })

  test('a break may end where one written before it begins', () => {
    expect(closingOf(wib('2026-11-23 09:00'), only({ monday: day('08:00', '16:00', ['13:00', '13:30'], ['12:00', '13:00']) }))).toEqual(wib('2026-11-23 16:00'))
  })

  test.each<[string, boolean]>([
    ['00:00', true], ['09:59', true], ['19:30', true], ['20:00', true], ['23:59', true], ['24:00', true], ['24:01', false], ['25:00', false], ['29:00', false], ['08:60', false], ['8:00', false],
    ['x08:00', false], ['08:00x', false], ['x24:00', false], ['24:00x', false], ['', false],
  ])('a standard may write %j: %s', (close, taken) => {
    expect(hoursSchema.safeParse({ weekly: { monday: day('00:00', close) }, collectiveLeave: 'closed' }).success).toBe(taken)
  })
})

describe('an explanation', () => {
  const ramadan = (...years: readonly (readonly [string, string, string])[]) => years.map(([from, to, source]) => ({ from, to, source }))
  const first = ['2025-03-01', '2025-03-29', 'Edaran 2025'] as const
  const second = ['2026-02-19', '2026-03-19', 'Edaran 2026'] as const
  const closures = (start: string, holidays: ReturnType<typeof createHolidayCalendar>, more: Partial<ServiceHours> = {}): unknown => {
    const calendar = createWorkingCalendar({ zone: 'WIB', hours: { weekly: { ...weekdays, friday: day('08:00', '11:00') }, ramadan: weekdays, collectiveLeave: 'open', ...more }, holidays })
    return explainDeadline(deadlineFor({ kind: 'workingMinutes', amount: 10 }, wib(start), calendar), calendar).closures
  }

  test('names the decree of the year it is about, whichever was given first', () => {
    for (const years of [[first, second], [second, first]]) {
      const holidays = createHolidayCalendar('contoh', [], ramadan(...years))
      expect(closures('2025-03-03 09:00', holidays)).toEqual([{ date: '2025-03-03', kind: 'ramadan', name: 'Edaran 2025' }])
      expect(closures('2026-02-19 09:00', holidays)).toEqual([{ date: '2026-02-19', kind: 'ramadan', name: 'Edaran 2026' }])
      expect(closures('2026-03-19 09:00', holidays)).toEqual([{ date: '2026-03-19', kind: 'ramadan', name: 'Edaran 2026' }])
    }
  })

  test('a day that is closed in Ramadan alone is of Ramadan; so is collective leave on which the office works', () => {
    const leave: HolidayDecree = { number: 'Contoh', decidedOn: '2026-01-01', settles: [2026], opens: [], sources: [], closes: [{ date: '2026-02-24', kind: 'collectiveLeave', name: 'Cuti contoh' }] }
    const holidays = createHolidayCalendar('contoh', [leave], ramadan(second))
    expect(closures('2026-02-20 09:00', holidays)).toEqual([{ date: '2026-02-20', kind: 'ramadan', name: 'Edaran 2026' }, { date: '2026-02-23', kind: 'ramadan', name: 'Edaran 2026' }])
    expect(closures('2026-02-24 09:00', holidays)).toEqual([{ date: '2026-02-24', kind: 'ramadan', name: 'Edaran 2026' }])
    expect(closures('2026-02-24 09:00', holidays, { collectiveLeave: 'closed' })).toContainEqual({ date: '2026-02-24', kind: 'collectiveLeave', name: 'Cuti contoh' })
  })

  test.each(['start', 'due'] as const)('of a deadline whose %s is no time says so', at => {
    const deadline = deadlineFor({ kind: 'wallHours', amount: 1 }, wib('2026-11-24 09:00'), office)
    expect(() => explainDeadline({ ...deadline, [at]: 'kemarin' }, office)).toThrow(expect.objectContaining({ code: 'calendarInvalid', at }))
  })
})

describe('what is no time, no date, no zone is named by its place', () => {
  const never = new Date(Number.NaN)
  const now = wib('2026-11-24 09:00')
  test.each<[string, () => unknown, string]>([
    ['wall hours', () => deadlineFor({ kind: 'wallHours', amount: 1 }, never, office), 'start'], ['calendar days', () => deadlineFor({ kind: 'calendarDays', amount: 1 }, never, office), 'start'],
    ['working time from', () => workingTimeBetween(never, now, office), 'from'], ['working time to', () => workingTimeBetween(now, never, office), 'to'],
    ['whether it is open', () => isOpen(never, office), 'at'], ['the next opening', () => nextOpening(never, office), 'at'],
  ])('%s', (_, run, at) => expect(run).toThrow(expect.objectContaining({ code: 'calendarInvalid', at })))

  test('a zone', () => expect(() => readZone('UTC')).toThrow(expect.objectContaining({ code: 'calendarUnknownZone', at: 'zone' })))

  test.each(['2025', '2025-01', '2025-1-2', '+012025-01-02', '-000001-01-01', 'x2025-01-02', '2025-01-02x', ''])('%j is no date', text => {
    expect(dayOfDate(text)).toBeNaN()
  })

  test.each(['x2025-01-02', '2025-01-02x', '2025'])('%j is no form of a date in a file', decidedOn => {
    const file = { id: 'contoh', decrees: [{ number: 'A', decidedOn, settles: [], opens: [], sources: [], closes: [] }] }
    expect(() => readHolidayCalendar(file)).toThrow(expect.objectContaining({ issues: [expect.objectContaining({ path: 'decrees[0].decidedOn', code: 'wrongForm' })] }))
  })
})

describe('versions', () => {
  test('the calendar at the end of a day knows the decree of that day', () => {
    expect(['2024-10-13', '2024-10-14', '2025-08-06', '2025-08-07', '2026-12-31'].map(date => calendarAsOf(nationalCalendar, date).version)).toEqual([
      'id-national@empty', 'id-national@2024-10-14#1', 'id-national@2024-10-14#1', 'id-national@2025-08-07#2', nationalCalendar.version,
    ])
  })

  test('name each Ramadan given', () => {
    const years = [{ from: '2025-03-01', to: '2025-03-29', source: 'x' }, { from: '2026-02-19', to: '2026-03-20', source: 'x' }]
    expect(createHolidayCalendar('contoh', [], years).version).toBe('contoh@empty+ramadan(2025-03-01..2025-03-29)(2026-02-19..2026-03-20)')
  })
})
