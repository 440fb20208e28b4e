import { describe, expect, test } from 'vitest'
import { createWorkingCalendar } from '../calendar/index.js'
import { loadStandard } from '../standard/index.js'
import { passing } from './clock.js'
import { serviceClock, type ClockTick, type Status } from './index.js'

const purbalingga = loadStandard('kabupaten-purbalingga')
const pekalongan = loadStandard('kota-pekalongan')
const calendarOf = (standard: typeof purbalingga) => createWorkingCalendar({ zone: standard.zone, hours: standard.serviceHours })

/** Local time WIB to ISO UTC. */
const wib = (text: string): string => new Date(`${text}:00.000+07:00`).toISOString()
const tick = (time: string, type: string, status: Status): ClockTick => ({ time: wib(time), type, status })

describe('service clock, derived from events', () => {
  test('Purbalingga, 170 working minutes from Tue 2026-05-26 14.00 end Fri 2026-05-29 08.20', () => {
    const clock = serviceClock(purbalingga, calendarOf(purbalingga), [tick('2026-05-26T14:00', 'submitted', 'submitted')], false, wib('2026-05-26T15:00'))
    expect(clock).toMatchObject({ state: 'running', elapsedMinutes: 60, breached: false, warned: false })
    expect(clock.deadline?.due).toBe(wib('2026-05-29T08:20'))
  })

  test('warned at 75 % of the limit, breached after it', () => {
    const ticks = [tick('2026-05-26T14:00', 'submitted', 'submitted')]
    const calendar = calendarOf(purbalingga)
    expect(serviceClock(purbalingga, calendar, ticks, false, wib('2026-05-29T07:38'))).toMatchObject({ elapsedMinutes: 128, warned: true, breached: false })
    // Three quarters of the limit, not of the nights and holidays within it.
    expect(serviceClock(purbalingga, calendar, ticks, false, wib('2026-05-29T07:36'))).toMatchObject({ elapsedMinutes: 126, warned: false })
    expect(serviceClock(purbalingga, calendar, ticks, false, wib('2026-05-29T08:21'))).toMatchObject({ elapsedMinutes: 171, warned: true, breached: true })
  })

  test('stops at the answer letter, also while the proof is awaited: time to proof is a second clock', () => {
    const ticks = [
      tick('2026-11-24T09:00', 'submitted', 'submitted'), tick('2026-11-24T09:05', 'informed', 'submitted'), tick('2026-11-24T09:20', 'disposed', 'disposed'),
      tick('2026-11-24T09:50', 'approved', 'approved'), tick('2026-11-24T09:51', 'executionStarted', 'executing'), tick('2026-11-24T09:52', 'amsAnswered', 'atBsre'),
      tick('2026-11-24T10:30', 'amsAnswered', 'awaitingProof'), tick('2026-11-24T10:40', 'answered', 'awaitingProof'), tick('2026-11-25T09:00', 'proven', 'revoked'),
      tick('2026-11-25T09:01', 'closed', 'closed'),
    ]
    const clock = serviceClock(purbalingga, calendarOf(purbalingga), ticks, false, wib('2026-12-24T10:00'))
    expect(clock).toMatchObject({ state: 'stopped', elapsedMinutes: 100, breached: false })
    expect(clock.stoppedAt).toBe(wib('2026-11-24T10:40'))
    expect(clock.timeToProof).toEqual({ from: wib('2026-11-24T10:30'), until: wib('2026-11-25T09:00'), minutes: 22.5 * 60 })
    const minute = 60_000
    expect(clock.attribution).toEqual({ applicant: 0, dinkominfo: 52 * minute, ams: minute, bsre: 38 * minute, publication: 22.5 * 60 * minute })
  })

  test('paused while it lies with the applicant; the deadline moves by the pause', () => {
    const ticks = [tick('2026-11-24T09:00', 'submitted', 'submitted'), tick('2026-11-24T10:00', 'returned', 'returned'), tick('2026-11-26T09:00', 'submitted', 'verifying')]
    const calendar = calendarOf(pekalongan)
    expect(serviceClock(pekalongan, calendar, ticks.slice(0, 2), false, wib('2026-11-25T09:00'))).toMatchObject({ state: 'paused', elapsedMinutes: 60, breached: false })
    const clock = serviceClock(pekalongan, calendar, ticks, false, wib('2026-11-26T09:30'))
    expect(clock).toMatchObject({ state: 'running', elapsedMinutes: 90 })
    // 345 of 405 minutes left from Thursday 09.00: 6.75 h a day less what is before 09.00, so Thursday 15.45 is exactly 345 minutes away.
    expect(clock.deadline?.due).toBe(wib('2026-11-26T15:45'))
  })

  test('the acknowledgement of filing does not stop it', () => {
    const ticks = [tick('2026-11-24T09:00', 'submitted', 'verifying'), tick('2026-11-24T09:01', 'informed', 'verifying')]
    expect(serviceClock(pekalongan, calendarOf(pekalongan), ticks, false, wib('2026-11-24T10:00')).state).toBe('running')
  })

  test('key compromise runs on the wall, outside service hours too (Friday 10.50, closing at 11.00)', () => {
    const ticks = [tick('2026-11-20T10:50', 'submitted', 'verifying')]
    const clock = serviceClock(pekalongan, calendarOf(pekalongan), ticks, true, wib('2026-11-21T10:51'))
    expect(clock).toMatchObject({ breached: true, elapsedMinutes: 24 * 60 + 1 })
    expect(clock.deadline?.due).toBe(wib('2026-11-21T10:50'))
  })

  test('not started before it is submitted', () => {
    expect(serviceClock(pekalongan, calendarOf(pekalongan), [tick('2026-11-24T09:00', 'filed', 'draft')], false, wib('2026-11-24T10:00'))).toMatchObject({ state: 'notStarted', breached: false, warned: false })
  })

  test('late before it was returned: late while it lies with the applicant, and after', () => {
    const ticks = [tick('2026-11-24T08:00', 'submitted', 'submitted'), tick('2026-11-24T12:00', 'returned', 'returned'), tick('2026-11-26T09:00', 'submitted', 'verifying')]
    const calendar = calendarOf(purbalingga)
    // 170 working minutes from 08.00 end at 10.50.
    expect(serviceClock(purbalingga, calendar, ticks.slice(0, 2), false, wib('2026-11-25T09:00'))).toMatchObject({ state: 'paused', elapsedMinutes: 240, breached: true })
    const resumed = serviceClock(purbalingga, calendar, ticks, false, wib('2026-11-26T09:00'))
    expect(resumed).toMatchObject({ state: 'running', elapsedMinutes: 240, breached: true })
    expect(resumed.deadline?.due).toBe(wib('2026-11-26T09:00'))
    const withdrawn = serviceClock(purbalingga, calendar, [...ticks.slice(0, 2), tick('2026-11-26T09:00', 'withdrawn', 'withdrawn')], false, wib('2026-12-01T09:00'))
    expect(withdrawn).toMatchObject({ state: 'stopped', breached: true })
    // In time before the return, and given back in time: the days with the applicant are not the office's.
    const prompt = [tick('2026-11-24T08:00', 'submitted', 'submitted'), tick('2026-11-24T09:00', 'returned', 'returned')]
    expect(serviceClock(purbalingga, calendar, prompt, false, wib('2026-12-24T09:00'))).toMatchObject({ state: 'paused', breached: false, warned: false })
  })

  test('each return gives its own time back', () => {
    const calendar = calendarOf(purbalingga)
    const prompt = [
      tick('2026-11-24T08:00', 'submitted', 'submitted'), tick('2026-11-24T09:00', 'returned', 'returned'), tick('2026-11-25T08:00', 'submitted', 'verifying'),
      tick('2026-11-25T09:00', 'returned', 'returned'), tick('2026-11-26T08:00', 'submitted', 'verifying'),
    ]
    const clock = serviceClock(purbalingga, calendar, prompt, false, wib('2026-11-26T08:30'))
    expect(clock).toMatchObject({ state: 'running', elapsedMinutes: 150, breached: false })
    // 170 minutes less two hours, from Thursday 08.00.
    expect(clock.deadline?.due).toBe(wib('2026-11-26T08:50'))
    // Late before the first return: late after the second.
    const late = [tick('2026-11-23T08:00', 'submitted', 'submitted'), tick('2026-11-23T12:00', 'returned', 'returned'), ...prompt.slice(2)]
    expect(serviceClock(purbalingga, calendar, late, false, wib('2026-11-26T08:00'))).toMatchObject({ breached: true })
  })

  test('telling of the return neither moves nor ends the pause', () => {
    const standard = { ...purbalingga, timeLimit: { ...purbalingga.timeLimit, kind: 'wallHours', amount: 8, warnAt: 0.75 } as const }
    const ticks = [tick('2026-11-24T08:00', 'submitted', 'submitted'), tick('2026-11-24T10:00', 'returned', 'returned'), tick('2026-11-25T10:00', 'informed', 'returned')]
    const told = serviceClock(standard, calendarOf(purbalingga), ticks, false, wib('2026-11-26T10:00'))
    expect(told).toMatchObject({ state: 'paused', elapsedMinutes: 120, warned: false, breached: false })
  })

  test('stopped in time it is never warned of afterwards', () => {
    const standard = { ...pekalongan, timeLimit: { ...pekalongan.timeLimit, kind: 'wallHours', amount: 8, warnAt: 0.75 } as const }
    const ticks = [tick('2026-11-24T08:00', 'submitted', 'submitted'), tick('2026-11-24T10:00', 'informed', 'rejected')]
    expect(serviceClock(standard, calendarOf(pekalongan), ticks, false, wib('2026-11-26T10:00'))).toMatchObject({ state: 'stopped', elapsedMinutes: 120, warned: false, breached: false })
  })

  test.each([
    // Used 09.00-10.00; back on Friday 13.30: the other 60 of 120 minutes, on that day.
    ['sameDay', 120, '2026-11-27T13:30', '2026-11-27T14:30'],
    ['sameDay', 0, '2026-11-27T13:30', '2026-11-27T16:30'],
    ['sameDay', 60, '2026-11-27T13:30', '2026-11-27T13:30'],
    // From Tuesday one working day ends on Wednesday at closing; the pause holds 5 + 7.5 + 7.5 + 4.5 hours of work.
    ['workingDays', 1, '2026-11-27T13:30', '2026-12-01T09:30'],
    ['wallHours', 48, '2026-11-27T13:30', '2026-11-29T12:30'],
    ['calendarDays', 1, '2026-11-27T13:30', '2026-11-29T03:30'],
  ] as const)('a limit of %s %i, paused on Tuesday 10.00 and resumed %s, ends %s', (kind, amount, back, due) => {
    const standard = { ...purbalingga, timeLimit: { ...purbalingga.timeLimit, kind, amount } }
    const ticks = [tick('2026-11-24T09:00', 'submitted', 'submitted'), tick('2026-11-24T10:00', 'returned', 'returned'), tick(back, 'submitted', 'verifying')]
    const clock = serviceClock(standard, calendarOf(purbalingga), ticks, false, wib(back))
    expect(clock.deadline).toMatchObject({ due: wib(due), kind, amount, start: wib('2026-11-24T09:00') })
    expect(clock.breached).toBe(false)
  })

  test('a pause into a year without a decree makes the deadline provisional', () => {
    const ticks = [tick('2027-12-29T08:00', 'submitted', 'submitted'), tick('2027-12-29T09:00', 'returned', 'returned'), tick('2028-01-04T08:00', 'submitted', 'verifying')]
    const calendar = calendarOf(pekalongan)
    expect(serviceClock(pekalongan, calendar, ticks.slice(0, 2), false, wib('2027-12-29T16:00')).deadline?.provisional).toEqual([])
    expect(serviceClock(pekalongan, calendar, ticks, false, wib('2028-01-04T08:00')).deadline?.provisional).toEqual(['yearWithoutDecree'])
    // Hours on the wall ask no calendar.
    const onTheWall = { ...pekalongan, timeLimit: { ...pekalongan.timeLimit, kind: 'wallHours', amount: 48 } as const }
    const wall = serviceClock(onTheWall, calendar, ticks, false, wib('2028-01-04T08:00')).deadline
    expect(wall).toMatchObject({ due: wib('2028-01-06T07:00'), provisional: [] })
  })
})

describe('every start and stop a standard may name', () => {
  const calendar = calendarOf(pekalongan)
  const limits = (start: 'submission' | 'receipt' | 'completeness' | 'authentication', stop: 'notification' | 'answerLetter' | 'revocation'): typeof pekalongan =>
    ({ ...pekalongan, timeLimit: { ...pekalongan.timeLimit, start, stop } })
  const way = [
    tick('2026-11-24T08:00', 'filed', 'draft'), tick('2026-11-24T08:10', 'submitted', 'submitted'), tick('2026-11-24T08:20', 'received', 'submitted'), tick('2026-11-24T08:30', 'verified', 'verifying'),
    tick('2026-11-24T08:40', 'amsAnswered', 'atBsre'), tick('2026-11-24T08:50', 'amsAnswered', 'awaitingProof'), tick('2026-11-24T09:00', 'informed', 'awaitingProof'),
    tick('2026-11-24T09:10', 'answered', 'awaitingProof'), tick('2026-11-24T09:20', 'proven', 'revoked'), tick('2026-11-24T09:30', 'informed', 'revoked'), tick('2026-11-24T09:40', 'closed', 'closed'),
  ]

  test.each([
    ['submission', 'notification', '08:10', '09:00'], ['receipt', 'notification', '08:10', '09:00'], ['completeness', 'notification', '08:30', '09:00'], ['authentication', 'notification', '08:30', '09:00'],
    ['submission', 'answerLetter', '08:10', '09:10'], ['submission', 'revocation', '08:10', '08:50'],
  ] as const)('%s to %s', (start, stop, from, until) => {
    expect(serviceClock(limits(start, stop), calendar, way, false, wib('2026-11-25T10:00'))).toMatchObject({ state: 'stopped', startedAt: wib(`2026-11-24T${from}`), stoppedAt: wib(`2026-11-24T${until}`) })
  })

  test('a stop before the start is none, and a second start or stop changes nothing', () => {
    const early = [tick('2026-11-24T08:00', 'informed', 'rejected'), tick('2026-11-24T08:10', 'verified', 'verifying'), tick('2026-11-24T08:20', 'verified', 'verifying')]
    expect(serviceClock(limits('completeness', 'notification'), calendar, early, false, wib('2026-11-24T08:30'))).toMatchObject({ state: 'running', startedAt: wib('2026-11-24T08:10'), elapsedMinutes: 20 })
    expect(serviceClock(limits('submission', 'notification'), calendar, [...way, tick('2026-11-24T11:00', 'informed', 'closed')], false, wib('2026-11-25T10:00')).elapsedMinutes).toBe(50)
  })

  test.each(['awaitingProof', 'revoked', 'suspended', 'resumed', 'rejected', 'failed', 'closed'] as const)('told of %s: that is the notification', status => {
    expect(serviceClock(pekalongan, calendar, [tick('2026-11-24T08:00', 'submitted', 'submitted'), tick('2026-11-24T09:00', 'informed', status)], false, wib('2026-11-24T10:00'))).toMatchObject({ state: 'stopped', elapsedMinutes: 60 })
  })

  test.each(['submitted', 'disposed', 'verifying', 'returned', 'approved', 'contradicted', 'parked'] as const)('told of %s: that is not', status => {
    expect(serviceClock(pekalongan, calendar, [tick('2026-11-24T08:00', 'submitted', 'submitted'), tick('2026-11-24T09:00', 'informed', status)], false, wib('2026-11-24T10:00')).stoppedAt).toBeUndefined()
  })

  test('a revocation that fails does not stop a clock that runs to the revocation', () => {
    const failed = [...way.slice(0, 5), tick('2026-11-24T08:50', 'amsAnswered', 'failed')]
    expect(serviceClock(limits('submission', 'revocation'), calendar, failed, false, wib('2026-11-24T09:00'))).toMatchObject({ state: 'running' })
  })

  test('a suspension is proven once; its end, proven later, is another matter', () => {
    const ticks = [...way.slice(0, 6), tick('2026-11-24T09:20', 'proven', 'suspended'), tick('2026-11-25T09:00', 'resumptionStarted', 'resuming'), tick('2026-11-26T09:00', 'proven', 'resumed')]
    expect(serviceClock(pekalongan, calendar, ticks, false, wib('2026-11-27T09:00')).timeToProof).toEqual({ from: wib('2026-11-24T08:50'), until: wib('2026-11-24T09:20'), minutes: 30 })
  })

  test('the first tick is kept; one that moves nothing is not', () => {
    const first = tick('2026-11-24T08:00', 'filed', 'draft')
    expect(passing([], first)).toEqual([first])
    expect(passing([first], tick('2026-11-24T08:01', 'letterAttached', 'draft'))).toEqual([first])
  })

  test('time to proof: from AMS\'s word, or from the proof itself; it runs until there is one', () => {
    const waits = way.slice(0, 8)
    expect(serviceClock(pekalongan, calendar, waits, false, wib('2026-11-24T09:50')).timeToProof).toEqual({ from: wib('2026-11-24T08:50'), minutes: 60 })
    expect(serviceClock(pekalongan, calendar, way.slice(0, 5), false, wib('2026-11-24T09:50')).timeToProof).toBeUndefined()
    const silent = [...way.slice(0, 5), tick('2026-11-24T09:20', 'proven', 'revoked')]
    expect(serviceClock(pekalongan, calendar, silent, false, wib('2026-11-24T09:50')).timeToProof).toEqual({ from: wib('2026-11-24T09:20'), until: wib('2026-11-24T09:20'), minutes: 0 })
  })

  test('whose time it is, to now; nobody\'s once it is over', () => {
    const minute = 60_000
    const running = serviceClock(pekalongan, calendar, way.slice(0, 4), false, wib('2026-11-24T08:45')).attribution
    expect(running).toEqual({ applicant: 10 * minute, dinkominfo: 35 * minute, bsre: 0, ams: 0, publication: 0 })
    const over = serviceClock(pekalongan, calendar, way, false, wib('2026-12-24T08:45')).attribution
    expect(over).toEqual({ applicant: 10 * minute, dinkominfo: (30 + 20) * minute, bsre: 10 * minute, ams: 0, publication: 30 * minute })
    const again = serviceClock(pekalongan, calendar, [...way, tick('2026-11-25T09:40', 'reopened', 'revoked')], false, wib('2026-11-25T09:50')).attribution
    expect(again).toEqual({ applicant: 10 * minute, dinkominfo: (30 + 20 + 10) * minute, bsre: 10 * minute, ams: 0, publication: 30 * minute })
    expect(serviceClock(pekalongan, calendar, [], false, wib('2026-11-24T08:45'))).toMatchObject({ state: 'notStarted', elapsedMinutes: 0, attribution: { applicant: 0, dinkominfo: 0, bsre: 0, ams: 0, publication: 0 } })
  })

  test.each([
    ['workingMinutes', 100, '2026-11-24T09:14', false], ['workingMinutes', 100, '2026-11-24T09:15', true], ['wallHours', 8, '2026-11-24T13:59', false], ['wallHours', 8, '2026-11-24T14:00', true],
    ['calendarDays', 0, '2026-11-24T19:59', false], ['calendarDays', 0, '2026-11-24T20:00', true],
  ] as const)('warned at three quarters of %s %i: %s %s', (kind, amount, now, warned) => {
    const standard = { ...pekalongan, timeLimit: { ...pekalongan.timeLimit, kind, amount, warnAt: 0.75 } }
    const clock = serviceClock(standard, calendar, [tick('2026-11-24T08:00', 'submitted', 'submitted')], false, wib(now))
    expect(clock).toMatchObject({ warned, breached: false })
    expect(clock.elapsedMinutes).toBe((Date.parse(wib(now)) - Date.parse(wib('2026-11-24T08:00'))) / 60_000)
  })

  test('minutes of the same day are working minutes; a clock read before its start has used nothing', () => {
    const standard = { ...pekalongan, timeLimit: { ...pekalongan.timeLimit, kind: 'sameDay', amount: 90 } as const }
    const ticks = [tick('2026-11-24T11:30', 'submitted', 'submitted')]
    expect(serviceClock(standard, calendar, ticks, false, wib('2026-11-24T13:30')).elapsedMinutes).toBe(60)
    expect(serviceClock(standard, calendar, ticks, false, wib('2026-11-24T11:00'))).toMatchObject({ state: 'running', elapsedMinutes: 0, breached: false })
  })
})
