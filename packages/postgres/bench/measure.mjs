export const now = () => performance.now()

/** Runs `jobs` with so many clients at once and gives jobs per second. */
export async function rate(jobs, clients, run) {
  let next = 0
  const started = now()
  await Promise.all(Array.from({ length: clients }, async () => { while (next < jobs) await run(next++) }))
  return jobs / ((now() - started) / 1000)
}

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]
export const round = (value) => value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2)

/** Everything this run measured, for the page. */
export const measured = { tables: [], aims: [], notes: [] }

export function table(title, rows) {
  console.log(`\n${title}`)
  measured.tables.push({ title, rows })
  const width = Math.max(...rows.map(([name]) => name.length))
  for (const [name, value, unit = '', note = ''] of rows) console.log(`  ${name.padEnd(width)}  ${(typeof value === 'number' ? round(value) : value).padStart(10)} ${unit}${note === '' ? '' : `  ${note}`}`)
}

/** A number to reach: `most` or `least`; `why` says where a miss goes, from figures of this run. */
export function aim(what, value, { most, least, unit = '' }, why = '') {
  const reached = most === undefined ? value >= least : value <= most
  measured.aims.push({ what, wanted: most === undefined ? `>= ${round(least)}${unit}` : `<= ${round(most)}${unit}`, value: `${round(value)}${unit}`, reached, why })
  console.log(`  ${reached ? 'reached' : 'MISSED '}: ${what}: ${round(value)}${unit}${reached || why === '' ? '' : `; ${why}`}`)
}
