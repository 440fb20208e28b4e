import { spawnSync } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const version = spawnSync('openssl', ['version'], { encoding: 'utf8' })

/** Version line of the openssl on PATH, or why its tests are skipped. */
export const openssl: { readonly present: boolean; readonly note: string } =
  version.status === 0 && /^OpenSSL (?:[3-9]|\d\d)/.test(version.stdout)
    ? { present: true, note: version.stdout.trim() }
    : { present: false, note: 'SKIPPED: needs OpenSSL 3 or newer on PATH' }

if (!openssl.present) console.warn(openssl.note)

export interface Run {
  readonly command: string
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Both streams. */
  readonly output: string
}

/** Lays a receipt out in a fresh folder and gives a shell in it; the folder is removed by `close`. */
export function folderOf(files: ReadonlyMap<string, Uint8Array>): { run(command: string): Run; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'cabut-receipt-'))
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  return {
    run(command) {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } })
      return { command, code: status, stdout, stderr, output: stdout + stderr }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The commands of VERIFY.md, as they stand: every line of its `sh` blocks. */
export function commandsOf(files: ReadonlyMap<string, Uint8Array>): string[] {
  const text = new TextDecoder().decode(files.get('VERIFY.md'))
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((match) => match[1]!.trim().split('\n'))
}
