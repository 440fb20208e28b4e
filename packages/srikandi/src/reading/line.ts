import type { PdfRun, PdfText } from './pdf-text.js'

/** A piece of a line that stands apart from the next by a wide gap: a table's cell, or a date at the right margin. */
export interface Piece {
  readonly text: string
  readonly x: number
  /** Where it ends. */
  readonly end: number
}

/** One line of a letter, from left to right. */
export interface Line {
  /** From 1. */
  readonly page: number
  /** From 1, within the page, from top to bottom. */
  readonly number: number
  readonly text: string
  readonly pieces: readonly Piece[]
  readonly x: number
  /** Share of the page above it, 0 top - 1 bottom. */
  readonly depth: number
  /** Distance to the line above on the page, in heights of its letters; 99 for the first. */
  readonly gap: number
  readonly size: number
}

/** Puts the runs of a PDF into lines, as a person reads them. */
export function linesOf({ read }: Pick<PdfText, 'read'>): readonly Line[] {
  return read.flatMap(({ height, runs }, index) => {
    const rows: { y: number; runs: PdfRun[] }[] = []
    for (const run of [...runs].sort((left, right) => right.y - left.y)) {
      const row = rows.at(-1)
      if (row !== undefined && Math.abs(row.y - run.y) <= Math.max(1, run.size * 0.35)) row.runs.push(run)
      else rows.push({ y: run.y, runs: [run] })
    }
    let above: number | undefined
    return rows.map(({ y, runs: some }, row): Line => {
      const pieces = piecesOf([...some].sort((left, right) => left.x - right.x))
      const size = Math.max(1, ...some.map((run) => run.size))
      const gap = above === undefined ? 99 : (above - y) / size
      above = y
      return { page: index + 1, number: row + 1, text: pieces.map(({ text }) => text).join(' ').replace(/\s+/g, ' ').trim(), pieces, x: pieces[0]?.x ?? 0, depth: height > 0 ? 1 - y / height : 0, gap, size }
    })
  })
}

function piecesOf(runs: readonly PdfRun[]): readonly Piece[] {
  const pieces: { text: string; x: number; end: number }[] = []
  for (const { text, x, width, size } of runs) {
    const last = pieces.at(-1)
    const distance = last === undefined ? Infinity : x - last.end
    if (last === undefined || distance > size * 0.9) pieces.push({ text: text.trim(), x, end: x + width })
    else {
      last.text += `${distance > size * 0.12 && !/\s$/.test(last.text) ? ' ' : ''}${text}`
      last.end = Math.max(last.end, x + width)
    }
  }
  return pieces.map(({ text, ...place }) => ({ ...place, text: text.normalize('NFC').replace(/\s+/g, ' ').trim() })).filter(({ text }) => text !== '')
}
