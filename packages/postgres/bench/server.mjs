// A PostgreSQL of its own with Debian's binaries: a unix socket in a temporary directory, default settings (fsync and synchronous_commit on).
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function startServer() {
  const base = '/usr/lib/postgresql'
  if (!existsSync(base)) return undefined
  const bin = join(base, readdirSync(base).sort((a, b) => b - a)[0], 'bin')
  const home = mkdtempSync(join(tmpdir(), 'cabut-bench-'))
  chmodSync(home, 0o777)
  const as = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : []
  const run = (program, ...args) => {
    const [command, ...rest] = [...as, join(bin, program), ...args]
    return execFileSync(command, rest, { cwd: home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, LC_ALL: 'C' } })
  }
  const data = join(home, 'data')
  run('initdb', '-D', data, '-U', 'cabut', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8')
  run('pg_ctl', '-D', data, '-s', '-w', '-l', join(home, 'log'), '-o', `-k ${home} -c listen_addresses= -c max_connections=100 -c shared_buffers=256MB`, 'start')
  const stop = () => {
    try { run('pg_ctl', '-D', data, '-s', '-w', '-m', 'immediate', 'stop') } catch { /* down already */ }
    rmSync(home, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => { stop(); process.exit(130) })
  return { socket: home, user: 'cabut', version: execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).trim(), stop }
}
