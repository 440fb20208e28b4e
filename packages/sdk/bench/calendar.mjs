// Working time: 170 working minutes, a day, three years, by the closed form; beside them dayjs-business-time on the same hours and holidays, and the minute
// stepper everybody writes first. The peers' answers are compared with ours before anything is measured.
process.env.TZ = 'Asia/Jakarta' // dayjs-business-time reckons in the zone of the process
import dayjs from 'dayjs'
import businessTime from 'dayjs-business-time'
import { measure } from './measure.mjs'

const built = process.env.CABUT_BENCH === 'source' ? ['../src', 'ts'] : ['../dist', 'js']
const { loadStandard } = await import(`${built[0]}/standard/index.${built[1]}`)
const { addWorkingTime, closuresOf, createWorkingCalendar, deadlineFor, nationalCalendar, workingTimeBetween } = await import(`${built[0]}/calendar/index.${built[1]}`)

const { serviceHours: hours, timeLimit } = loadStandard('kabupaten-purbalingga')
const office = createWorkingCalendar({ zone: 'WIB', hours })
const start = new Date('2025-01-02T02:00:00Z')

dayjs.extend(businessTime)
dayjs.setHolidays([...closuresOf(nationalCalendar).keys()])
const spansOf = (day) => (day === undefined ? null : [day.open, ...day.breaks.flatMap(({ from, to }) => [from, to]), day.close].reduce((spans, time, at) => {
  if (at % 2 === 0) spans.push({ start: `${time}:00` })
  else spans.at(-1).end = `${time}:00`
  return spans
}, []))
dayjs.setBusinessTime(Object.fromEntries(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'].map((day) => [day, spansOf(hours.weekly[day])])))

const closed = new Set(closuresOf(nationalCalendar).keys())
const names = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
/** Steps minute by minute on the local clock. */
function step(from, minutes) {
  let at = from.getTime() + 7 * 3_600_000
  for (let left = minutes; ; at += 60_000) {
    if (left === 0) return new Date(at - 7 * 3_600_000)
    const local = new Date(at)
    const iso = local.toISOString()
    const plan = closed.has(iso.slice(0, 10)) ? undefined : hours.weekly[names[local.getUTCDay()]]
    const time = iso.slice(11, 16)
    if (plan !== undefined && time >= plan.open && time < plan.close && !plan.breaks.some(({ from: begin, to }) => time >= begin && time < to)) left -= 1
  }
}

const week = 2_250
const [short, day, years] = [170, 450, 3 * 52 * week]

export async function run() {
  const agree = (name, minutes, theirs) => {
    const ours = addWorkingTime(start, minutes, office).getTime()
    return theirs === ours ? '' : `${name} answers ${new Date(theirs).toISOString()}, ours and the stepper ${new Date(ours).toISOString()}`
  }
  if (step(start, short).getTime() !== addWorkingTime(start, short, office).getTime()) throw new Error('the stepper does not agree')
  const peer = dayjs(start)
  const rows = []
  const add = (name, body, note = '', options) => rows.push({ name, microseconds: measure(body, options), note })
  add('addWorkingTime, 170 minutes', () => addWorkingTime(start, short, office))
  add('addWorkingTime, one service day', () => addWorkingTime(start, day, office))
  add('addWorkingTime, three years', () => addWorkingTime(start, years, office))
  const end = addWorkingTime(start, years, office)
  add('workingTimeBetween, three years', () => workingTimeBetween(start, end, office))
  add('deadlineFor, 170 minutes, with calendar version', () => deadlineFor(timeLimit, start, office))
  const rare = { warm: 20, rounds: 7 }
  add('dayjs-business-time, 170 minutes', () => peer.addBusinessMinutes(short), agree('dayjs-business-time', short, peer.addBusinessMinutes(short).valueOf()), rare)
  add('dayjs-business-time, one service day', () => peer.addBusinessMinutes(day), agree('dayjs-business-time', day, peer.addBusinessMinutes(day).valueOf()), rare)
  add('stepping minute by minute, 170 minutes', () => step(start, short), '', rare)
  const [ours, ourDay, ourYears, , , theirs, , stepping] = rows.map(({ microseconds }) => microseconds)
  return {
    title: 'Working time, hours of Perpres 21/2023, holidays and collective leave of 2025-2027',
    rows,
    targets: [
      { what: 'adding 170 working minutes', wanted: '< 5 us', got: `${ours.toFixed(2)} us`, met: ours < 5 },
      { what: 'a span of three years beside a span of one day', wanted: '<= 5 x', got: `${(ourYears / ourDay).toFixed(2)} x`, met: ourYears <= 5 * ourDay },
      { what: '170 minutes beside dayjs-business-time', wanted: 'faster', got: `${(theirs / ours).toFixed(0)} x`, met: theirs > ours },
      { what: '170 minutes beside stepping', wanted: 'faster', got: `${(stepping / ours).toFixed(0)} x`, met: stepping > ours },
    ],
  }
}
