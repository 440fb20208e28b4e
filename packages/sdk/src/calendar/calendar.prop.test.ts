import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadStandard } from '../standard/index.js'
import {
  addWorkingTime,
  createWorkingCalendar,
  isOpen,
  nationalCalendar,
  nextOpening,
  withRamadan,
  workingTimeBetween,
  type ServiceHours,
  type Zone,
} from './index.js'

const ramadan = [
  { from: '2025-03-01', to: '2025-03-30', source: 'test' },
  { from: '2026-02-19', to: '2026-03-20', source: 'test' },
  { from: '2027-02-09', to: '2027-03-10', source: 'test' },
]
const holidays = withRamadan(nationalCalendar, ramadan)
const first = Date.UTC(2025, 0, 1)
const minutes = (Date.UTC(2028, 0, 1) - first) / 60_000

const region = (id: string): ReturnType<typeof loadStandard> =>
  loadStandard(JSON.parse(readFileSync(new URL(`../../../../docs/standards/${id}.json`, import.meta.url), 'utf8')) as object)
const standards = [
  loadStandard('kota-pekalongan'),
  loadStandard('kabupaten-purbalingga'),
  region('kabupaten-tanjung-karsa'),
  region('kota-teluk-sagu'),
]

/**
 * The independent judge: walks every minute of 2025-2027 on the local clock, asking of each by name of day and text of time whether the
 * office is open. Knows nothing of weeks, prefix sums or exceptions.
 */
function stepThrough(hours: ServiceHours): { readonly worked: Int32Array; readonly open: Int32Array } {
  const names = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
  const closed = new Set(
    nationalCalendar.decrees.flatMap(({ closes }) =>
      closes.filter(({ kind }) => kind !== 'collectiveLeave' || hours.collectiveLeave === 'closed').map(({ date }) => date),
    ),
  )
  const clock = Array.from(
    { length: 1440 },
    (_, at) => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`,
  )
  const worked = new Int32Array(minutes + 1)
  const open: number[] = []
  for (let at = 0; at < minutes; at += 1440) {
    const local = new Date(first + at * 60_000)
    const date = local.toISOString().slice(0, 10)
    const fasting = ramadan.some(({ from, to }) => date >= from && date <= to)
    const plan = closed.has(date)
      ? undefined
      : (fasting ? (hours.ramadan ?? hours.weekly) : hours.weekly)[names[local.getUTCDay()] ?? 'sunday']
    for (let minute = 0; minute < 1440; minute += 1) {
      const time = clock[minute] as string
      const isOpenNow =
        plan !== undefined && time >= plan.open && time < plan.close && !plan.breaks.some(({ from, to }) => time >= from && time < to)
      if (isOpenNow) open.push(at + minute)
      worked[at + minute + 1] = open.length
    }
  }
  return { worked, open: Int32Array.from(open) }
}

const zones: readonly [Zone, number][] = [
  ['WIB', 420],
  ['WITA', 480],
  ['WIT', 540],
]
const spansEach = 30_000

describe.each(standards.map((standard) => [standard.id, standard.serviceHours] as const))(
  '%s: the closed form agrees with a minute-stepper over 2025-2027',
  (_, hours) => {
    const judge = stepThrough(hours)
    const offices = zones.map(([zone, ahead]) => ({ ahead, office: createWorkingCalendar({ zone, hours, holidays }) }))
    const local = (minute: number, ahead: number): Date => new Date(first + (minute - ahead) * 60_000)
    const zone = fc.integer({ min: 0, max: 2 })
    const minute = fc.integer({ min: 0, max: minutes - 1 })

    it(`on ${spansEach} random spans, in three zones`, () => {
      fc.assert(
        fc.property(zone, minute, minute, (index, from, to) => {
          const { ahead, office } = offices[index] as (typeof offices)[number]
          const expected = (judge.worked[to] as number) - (judge.worked[from] as number)
          if (workingTimeBetween(local(from, ahead), local(to, ahead), office) !== expected) return false
          if (expected <= 0) return true
          // The span's working minutes are over at the end of the last open minute before `to`.
          const end = (judge.open[(judge.worked[to] as number) - 1] as number) + 1
          return addWorkingTime(local(from, ahead), expected, office).getTime() === local(end, ahead).getTime()
        }),
        { numRuns: spansEach },
      )
    })

    it('on whether it is open and when it opens next', () => {
      fc.assert(
        fc.property(zone, fc.integer({ min: 0, max: minutes - 20 * 1440 }), (index, at) => {
          const { ahead, office } = offices[index] as (typeof offices)[number]
          const next = judge.open[judge.worked[at] as number] as number
          return (
            isOpen(local(at, ahead), office) === (next === at) &&
            nextOpening(local(at, ahead), office).getTime() === local(next, ahead).getTime()
          )
        }),
        { numRuns: 3_000 },
      )
    })
  },
)

it('adds time in parts as in one piece, and to the millisecond', () => {
  const office = createWorkingCalendar({ zone: 'WIB', hours: (standards[1] as (typeof standards)[number]).serviceHours, holidays })
  fc.assert(
    fc.property(
      fc.integer({ min: first, max: Date.UTC(2027, 5, 1) }),
      fc.integer({ min: 1, max: 40_000_000 }),
      fc.integer({ min: 1, max: 40_000_000 }),
      (start, a, b) => {
        const once = addWorkingTime(new Date(start), (a + b) / 60_000, office)
        const twice = addWorkingTime(addWorkingTime(new Date(start), a / 60_000, office), b / 60_000, office)
        return once.getTime() === twice.getTime()
      },
    ),
    { numRuns: 5_000 },
  )
})

describe('cost', () => {
  const office = createWorkingCalendar({ zone: 'WIB', hours: (standards[1] as (typeof standards)[number]).serviceHours, holidays })
  const start = new Date('2025-01-02T02:00:00Z')
  /** Nanoseconds per call, the best of several rounds: the shared machine only ever adds. */
  function cost(minutesAdded: number): number {
    let best = Number.POSITIVE_INFINITY
    for (let round = 0; round < 20; round += 1) {
      const begin = process.hrtime.bigint()
      for (let run = 0; run < 2_000; run += 1) addWorkingTime(start, minutesAdded, office)
      best = Math.min(best, Number(process.hrtime.bigint() - begin) / 2_000)
    }
    return best
  }

  it('of 170 working minutes is below 5 microseconds, of three years at most 5 x that of a day', () => {
    cost(170)
    const [short, day, years] = [cost(170), cost(450), cost(3 * 52 * 2_250)]
    console.log(`addWorkingTime: 170 minutes ${short.toFixed(0)} ns, one day ${day.toFixed(0)} ns, three years ${years.toFixed(0)} ns`)
    expect(short).toBeLessThan(5_000)
    expect(years / day).toBeLessThan(5)
  })
})
