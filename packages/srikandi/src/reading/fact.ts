import type { Line } from './line.js'

/** `high`: it stands where letters of the house form have it, once. `medium`: found, with something to doubt. `low`: a guess from the neighbourhood. */
export type Confidence = 'high' | 'medium' | 'low'

/** Where something was read, for a person to look. */
export interface ReadPlace {
  /** From 1. */
  readonly page: number
  /** From 1, within the page. */
  readonly line: number
}

/** Something read from a letter's PDF. Shown to a person who confirms it; never used by itself. */
export interface ReadFact<Value> {
  readonly value: Value
  /** As it stands in the letter. */
  readonly text: string
  readonly confidence: Confidence
  readonly place: ReadPlace
  /** Other candidates met. */
  readonly others: readonly string[]
}

/** Where a line stands. */
export function placeOf({ page, number }: Line): ReadPlace {
  return { page, line: number }
}
