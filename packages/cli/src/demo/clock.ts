/** The demo's own time: it starts on a working morning and moves only when somebody says so, so that every run tells the same story. */
export interface DemoClock {
  readonly now: () => Date
  /** Moves forward by whole minutes. */
  advance(minutes: number): void
  /** Moves forward to an instant; never back. */
  advanceTo(instant: Date): void
}

/** A clock that stands still until it is moved; `moved` hears of it. */
export function createDemoClock(start: Date, moved: (time: Date) => void = () => {}): DemoClock {
  let time = start.getTime()
  const move = (to: number): void => {
    if (to <= time) return
    time = to
    moved(new Date(time))
  }
  return {
    now: () => new Date(time),
    advance: (minutes) => move(time + minutes * 60_000),
    advanceTo: (instant) => move(instant.getTime()),
  }
}

const wib = new Intl.DateTimeFormat('id-ID', {
  timeZone: 'Asia/Jakarta', weekday: 'short', day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
})

/** `Kam 19/11/2026 pukul 09.12 WIB` */
export function wibTime(instant: Date): string {
  const part = Object.fromEntries(wib.formatToParts(instant).map(({ type, value }) => [type, value]))
  return `${part['weekday']} ${part['day']}/${part['month']}/${part['year']} pukul ${part['hour']}.${part['minute']} WIB`
}
