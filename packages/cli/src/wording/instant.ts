const wib = new Intl.DateTimeFormat('id-ID', {
  timeZone: 'Asia/Jakarta', day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
})

/** `2026-11-19T04:05:02Z (19/11/2026 pukul 11.05.02 WIB)`: as machines compare it, and as people here read it. */
export function instantWords(instant: Date | string | undefined): string {
  if (instant === undefined) return '-'
  const date = new Date(instant)
  const part = Object.fromEntries(wib.formatToParts(date).map(({ type, value }) => [type, value]))
  return `${date.toISOString().replace('.000Z', 'Z')} (${part['day']}/${part['month']}/${part['year']} pukul ${part['hour']}.${part['minute']}.${part['second']} WIB)`
}

/** Minutes of the service clock in whole ones: those used up, and once the limit is passed the one begun as well. */
export function wholeMinutes(minutes: number, breached: boolean = false): string {
  return String(breached ? Math.ceil(minutes) : Math.floor(minutes))
}
