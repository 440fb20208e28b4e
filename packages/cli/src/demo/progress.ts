import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoryEnd } from './story.js'

/** What one standard's run must remember beside its desk and its sandbox, so that a killed demo goes on where it was. */
export interface Progress {
  readonly folder: string
  /** Demo time, where it was when the last process ended. */
  clock: string | undefined
  leaf: { readonly serial: string; readonly der: string } | undefined
  notices: number
  end: StoryEnd | undefined
  save(): void
}

interface Saved { readonly seed: string; readonly clock?: string; readonly leaf?: Progress['leaf']; readonly notices: number; readonly end?: StoryEnd }

/** Opens the progress of a run; one with another seed, or whose whole demo was finished, starts over. */
export function openProgress(folder: string, seed: string): Progress {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'progress.json')
  const saved = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as Saved : undefined
  const progress: Progress = {
    folder, clock: saved?.clock, leaf: saved?.leaf, notices: saved?.notices ?? 0, end: saved?.end,
    save() {
      const { clock, leaf, notices, end } = progress
      writeFileSync(`${path}.new`, JSON.stringify({ seed, clock, leaf, notices, end }))
      renameSync(`${path}.new`, path)
    },
  }
  return progress
}

/** Removes what a finished demo, or one of another seed, left behind. Answers whether a run was interrupted and goes on. */
export function prepareData(data: string, standards: readonly string[], seed: string): boolean {
  const saved = standards.map((standard) => join(data, standard, 'progress.json')).filter(existsSync).map((path) => JSON.parse(readFileSync(path, 'utf8')) as Saved)
  const over = saved.length === standards.length && saved.every(({ end }) => end !== undefined)
  if (over || saved.some((each) => each.seed !== seed)) {
    for (const standard of standards) rmSync(join(data, standard), { recursive: true, force: true })
    return false
  }
  return saved.length > 0
}
