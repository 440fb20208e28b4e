import { createProgress } from '@cabut/sdk/bulk'
import type { Console } from '../../console.js'

/** A bar on the error stream of a terminal, shown once a run takes longer than a second. Silent in files, pipes and `--json`. */
export interface ProgressBar {
  at(done: number): void
  end(): void
}

export function progressBar(console: Console, label: string, total: number, stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  if (console.json || !stream.isTTY || total === 0) return { at() {}, end() {} }
  const begun = Date.now()
  const progress = createProgress(total, () => Date.now())
  let last = 0
  let shown = false
  return {
    at(done) {
      const { rate, remaining } = progress(done)
      const now = Date.now()
      if (now - begun < 1_000 || (now - last < 100 && done < total)) return
      last = now
      shown = true
      const width = 30
      const full = Math.round((width * done) / total)
      const left = remaining === undefined ? '' : `  ${console.say({ id: 'sisa', en: 'left' })} ${duration(remaining)}`
      stream.write(`\r${label} [${'#'.repeat(full)}${'.'.repeat(width - full)}] ${done}/${total}  ${rate.toFixed(1)}/s${left}\u001b[K`)
    },
    end() {
      if (shown) stream.write('\r\u001b[K')
    },
  }
}

/** `1 j 02 m` or `3 m 20 d`: short, for a bar. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000)
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)]
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}` : `${minutes}:${String(seconds % 60).padStart(2, '0')}`
}
