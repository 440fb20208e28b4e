/** One case of a public suite, as it came out. */
export interface CaseResult {
  readonly id: string
  /** What the suite demands. */
  readonly expected: 'good' | 'refused'
  /** `good`, or the status and reason it was refused with. */
  readonly outcome: string
}

/** One public suite. */
export interface Suite {
  readonly name: string
  /** Folder below `CABUT_VECTORS`. */
  readonly folder: string
  run(folder: string): Promise<readonly CaseResult[]>
}

export interface Tally {
  readonly right: number
  readonly falseGood: number
  readonly falseRefused: number
}

export function tally(results: readonly CaseResult[]): Tally {
  const falseGood = results.filter((result) => result.expected === 'refused' && result.outcome === 'good').length
  const falseRefused = results.filter((result) => result.expected === 'good' && result.outcome !== 'good').length
  return { right: results.length - falseGood - falseRefused, falseGood, falseRefused }
}
