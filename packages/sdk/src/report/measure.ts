/** Durations of a group, in minutes. */
export interface Durations {
  readonly count: number
  readonly median: number | null
  readonly p90: number | null
  readonly worst: number | null
}

/** Median, 90th percentile (nearest rank: always a duration that happened) and worst; `null` without any. */
export function durationsOf(minutes: readonly number[]): Durations {
  const sorted = Float64Array.from(minutes).sort()
  const at = (share: number): number | null =>
    sorted.length === 0 ? null : (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number)
  return { count: sorted.length, median: at(0.5), p90: at(0.9), worst: at(1) }
}

/** Groups in order of size, then of key. */
export function grouped<T>(rows: readonly T[], keysOf: (row: T) => readonly string[]): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    for (const key of keysOf(row)) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [row])
      else group.push(row)
    }
  }
  return [...groups].sort(([a, some], [b, others]) => others.length - some.length || (a < b ? -1 : 1))
}
