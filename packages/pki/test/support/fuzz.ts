import { afterAll } from 'vitest'

/** How many cases the properties of a file run: `normal` each, or what CABUT_FUZZ says. The sum is printed when the file is done. */
export interface FuzzSize {
  /** Cases of one property. */
  readonly each: number
  /** Counts and gives the cases of the next property; a costly one takes a part. */
  cases(part?: number): number
}

export function fuzzSize(title: string, normal: number): FuzzSize {
  const each = Number(process.env['CABUT_FUZZ'] ?? normal)
  let sum = 0
  afterAll(() => { console.info(`fuzz, ${title}: ${sum.toLocaleString('en')} cases`) })
  return {
    each,
    cases: (part = 1) => {
      const count = Math.ceil(each * part)
      sum += count
      return count
    },
  }
}
