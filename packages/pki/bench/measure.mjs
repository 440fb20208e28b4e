import { spawnSync } from 'node:child_process'

// The shared runner: rows of one group are measured in interleaved rounds, so that drift of the machine meets all of them; medians are reported.

/**
 * @typedef {{ name: string, run: (round: number) => unknown, ops: number, slow?: boolean }} Row
 * `run` does `ops` operations and may return a promise. `slow` rows run once per group.
 */

/**
 * @param {string} title
 * @param {string} unit what one operation is
 * @param {readonly Row[]} rows
 * @param {{ rounds?: number }} [options]
 */
export async function measure(title, unit, rows, options = {}) {
  const rounds = options.rounds ?? 9
  const samples = rows.map(() => /** @type {{ cpu: number, wall: number }[]} */ ([]))
  // One round to warm up; then the rounds, each row in turn.
  for (let round = -1; round < rounds; round++) {
    for (const [i, row] of rows.entries()) {
      if (row.slow && round !== 0) continue
      const spent = await stopwatch(() => row.run(round + 1))
      if (round >= 0) samples[i].push({ cpu: spent.cpu / row.ops, wall: spent.wall / row.ops })
    }
  }
  return { title, unit, rows: rows.map((row, i) => ({ name: row.name, ns: median(samples[i].map((one) => one.cpu)), wall: median(samples[i].map((one) => one.wall)), rounds: samples[i].length })) }
}

/** CPU time of the process, all its threads, and time by the clock; nanoseconds. On a busy machine only the first says anything. */
export async function stopwatch(run) {
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  await run()
  const wall = Number(process.hrtime.bigint() - start)
  const { user, system } = process.cpuUsage(cpu)
  return { cpu: (user + system) * 1e3, wall }
}

/** The same of a whole process: the shell counts what its children used. */
export function processTime(command, args) {
  const start = process.hrtime.bigint()
  const { status, stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null 2>&1', command, ...args], { encoding: 'utf8' })
  const wall = Number(process.hrtime.bigint() - start)
  if (status !== 0) return undefined
  const [user, system] = stderr.trim().split(/\s+/).slice(-2).map(Number)
  return { cpu: (user + system) * 1e9, wall }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * @typedef {{ what: string, limit: number, least?: boolean, value: number | undefined, unit?: string, stretch?: boolean, why?: string }} Target
 * A number of the project's own to reach: `value` at most `limit`, or at least with `least`; `why` explains a miss, from a profile.
 */

/** @param {Target} target */
export function reached({ value, limit, least }) {
  return value === undefined ? undefined : least ? value >= limit : value <= limit
}

export function rowOf(group, start) {
  return group.rows.find((row) => row.name.startsWith(start))
}

/** How often `other` takes the time of `ours`. */
export function times(ours, other) {
  return ours?.ns === undefined || other?.ns === undefined ? undefined : other.ns / ours.ns
}

/** A part of a measured whole, for the reasons of a miss: `x.xx ms (yy %)` of `whole`. */
export function share(part, whole) {
  return `${format(part)} (${((part / whole) * 100).toFixed(0)} %)`
}

/** Prints a group: CPU time of one operation, how many times ours it takes, time by the clock. The first row named `@cabut/pki…` is ours. */
export function print(group) {
  console.log(`\n${group.title} (${group.unit})`)
  const ours = group.rows.find((row) => row.name.startsWith('@cabut/pki'))
  const width = Math.max(...group.rows.map((row) => row.name.length))
  for (const row of group.rows) {
    const ratio = ours === undefined || ours === row || row.ns === undefined ? '' : `${(row.ns / ours.ns).toFixed(row.ns / ours.ns < 10 ? 2 : 0)} x`
    const value = row.value ?? format(row.ns)
    const clock = row.wall === undefined ? '' : `(${format(row.wall)})`
    console.log(`  ${row.name.padEnd(width)}  ${value.padStart(12)}  ${ratio.padStart(9)}  ${clock.padStart(13)}${row.note === undefined ? '' : `  ${row.note}`}`)
  }
}

export function format(ns) {
  if (ns < 1e3) return `${ns.toFixed(1)} ns`
  if (ns < 1e6) return `${(ns / 1e3).toFixed(2)} us`
  return `${(ns / 1e6).toFixed(2)} ms`
}
