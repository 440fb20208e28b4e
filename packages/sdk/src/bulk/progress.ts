/** Where a long run stands. */
export interface Progress {
  readonly done: number
  readonly total: number
  /** Rows a second, over the last stretch. */
  readonly rate: number
  /** Milliseconds left at this rate; absent while nobody can tell. */
  readonly remaining?: number
}

/**
 * Tells the progress of `total` rows. The rate is smoothed over some 30 seconds: AMS answers in fits and starts.
 *
 * @param now - milliseconds since any fixed time
 * @example
 * ```ts
 * let time = 0
 * const progress = createProgress(100, () => time)
 * progress(0) // { done: 0, total: 100, rate: 0 }
 * time = 10_000
 * progress(20) // { done: 20, total: 100, rate: 2, remaining: 40000 }
 * ```
 */
export function createProgress(total: number, now: () => number): (done: number) => Progress {
  let last = { at: now(), done: 0 }
  let rate = 0
  return (done) => {
    const at = now()
    const seconds = (at - last.at) / 1_000
    if (seconds >= 0.5 && done > last.done) {
      const fresh = (done - last.done) / seconds
      const weight = rate === 0 ? 1 : 1 - Math.exp(-seconds / 30)
      rate += (fresh - rate) * weight
      last = { at, done }
    }
    return { done, total, rate, ...(rate > 0 ? { remaining: Math.max(0, ((total - done) / rate) * 1_000) } : {}) }
  }
}
