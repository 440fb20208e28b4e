/**
 * Refuses a time that is none and limits that are no numbers, with `TypeError`: every comparison with them is false, so that stale evidence and expired
 * certificates would pass.
 */
export function checkJudgingTime({ at, maxAge, skew }: { readonly at: Date; readonly maxAge?: number | undefined; readonly skew?: number | undefined }): void {
  if (Number.isNaN(at.getTime())) throw new TypeError('`at` is no time')
  if (Number.isNaN(maxAge) || Number.isNaN(skew)) throw new TypeError('`maxAge` and `skew` are numbers of seconds')
}
