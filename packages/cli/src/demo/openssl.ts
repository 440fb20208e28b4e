import { spawnSync } from 'node:child_process'

/** One command block of VERIFY.md with what it printed. */
export interface OpensslRun {
  readonly command: string
  readonly output: string
  readonly exitCode: number
}

/** The version of the `openssl` on the PATH; undefined where there is none. */
export function opensslVersion(): string | undefined {
  const { status, stdout } = spawnSync('openssl', ['version'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** Runs the shell commands of a receipt's VERIFY.md, as printed there (its first language; the second repeats them), inside its folder. */
export function runGuide(guide: string, folder: string): readonly OpensslRun[] {
  const [first = ''] = guide.split('\n---\n')
  const commands = [...first.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((match) => (match[1] ?? '').split('\n').filter((line) => line.trim() !== ''))
  return commands.map((command) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })
    return { command, output: `${stdout}${stderr}`.trim(), exitCode: status ?? -1 }
  })
}
