/** Leap years of the tabular Islamic calendar within its cycle of 30 years (type II). */
const leapYears: ReadonlySet<number> = new Set([2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29])
/** 1 Muharam 1 H (civil epoch, 16 July 622 Julian) as a day number. */
const epoch = -492_148
/** How far the decision of the Ministry of Religious Affairs may lie from the arithmetic, in days. */
const tolerance = 2

/**
 * Where Ramadan may fall between two days, by arithmetic widened by two days each side. It never sets hours: it only tells
 * that dates decided by the government are needed and not given.
 *
 * @param first day number, inclusive
 * @param last day number, inclusive
 */
export function estimatedRamadan(first: number, last: number): readonly (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = []
  for (let year = Math.floor((first - epoch) / 354.367) - 1; ; year += 1) {
    const begin = beginOfRamadan(year)
    if (begin - tolerance > last) return spans
    if (begin + 29 + tolerance >= first) spans.push([begin - tolerance, begin + 29 + tolerance])
  }
}

/** Day number of 1 Ramadan: eight months of alternately 30 and 29 days (236) after 1 Muharam. */
function beginOfRamadan(year: number): number {
  const cycle = Math.floor((year - 1) / 30)
  const inCycle = year - 1 - cycle * 30
  let leaps = 0
  for (let past = 1; past <= inCycle; past += 1) if (leapYears.has(past)) leaps += 1
  return epoch + cycle * 10_631 + inCycle * 354 + leaps + 236
}
