import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One temporary folder for a whole run, removed at its end: also what a killed process leaves goes. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'cabut-'))
  // PostgreSQL runs as a user of its own, and must get through.
  chmodSync(folder, 0o711)
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
