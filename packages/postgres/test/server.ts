import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectPostgres } from '../src/pg/index.js'
import { openPglite } from '../src/pglite/index.js'
import type { Database } from '../src/database.js'

/** A PostgreSQL server of its own: a unix socket in a temporary directory, no network, gone at the end. */
export interface Server {
  readonly version: string
  /** Directory of the socket; `host` for clients. */
  readonly socket: string
  readonly user: string
  /** Makes an empty database and gives its name. */
  createDatabase(): Promise<string>
  connect(database: string, more?: { readonly connections?: number; readonly secondWall?: boolean }): Promise<Database>
  /** `kill -9` of the whole server. */
  crash(): void
  /** `pg_ctl restart -m immediate`: connections are cut, recovery runs. */
  restart(): void
  start(): void
  stop(): void
}

/** Directory of the server's binaries, newest first; undefined where none are installed. */
export function serverBinaries(): string | undefined {
  const base = '/usr/lib/postgresql'
  if (!existsSync(base)) return undefined
  return readdirSync(base).sort((a, b) => Number(b) - Number(a)).map(version => join(base, version, 'bin')).find(path => existsSync(join(path, 'initdb')))
}

/** The server's programs call others of the system, whatever PATH the tests are run with. */
const env = { PATH: [process.env['PATH'], '/usr/bin', '/bin'].filter(Boolean).join(':'), LC_ALL: 'C' }

export const skipLine = 'SKIP: no PostgreSQL server binaries on this machine (/usr/lib/postgresql); nothing was tried on a real server'

/** Starts a server, as an unprivileged user when this process is root. */
export function startServer(settings: readonly string[] = []): Server {
  const bin = serverBinaries()
  if (bin === undefined) throw new Error(skipLine)
  const home = mkdtempSync(join(tmpdir(), 'cabut-pg-'))
  chmodSync(home, 0o777)
  const data = join(home, 'data')
  const asRoot = process.getuid?.() === 0
  const run = (program: string, ...args: string[]): string => {
    const [command, ...before] = asRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', join(bin, program)] : [join(bin, program)]
    return execFileSync(command ?? '', [...before, ...args], { encoding: 'utf8', cwd: home, stdio: ['ignore', 'pipe', 'pipe'], env })
  }
  const options = ['-k', home, '-c', 'listen_addresses=', ...settings.flatMap(setting => ['-c', setting])].join(' ')
  const control = (...args: string[]): void => { run('pg_ctl', '-D', data, '-s', '-w', '-t', '300', '-l', join(home, 'log'), ...args) }
  const user = 'cabut'
  let databases = 0
  const server: Server = {
    version: execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).trim(),
    socket: home, user,
    async createDatabase() {
      const name = `desk_${++databases}`
      const admin = await connectPostgres({ host: home, user, database: 'postgres', connections: 1, secondWall: false })
      await admin.query(`create database ${name}`)
      await admin.close()
      return name
    },
    connect: (database, more = {}) => connectPostgres({ host: home, user, database, ...more }),
    crash() {
      const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
      // Never 0 or NaN: that would be this very process group.
      if (!Number.isInteger(pid) || pid < 2) throw new Error('the server is not running')
      process.kill(pid, 'SIGKILL')
    },
    restart: () => control('-o', options, '-m', 'immediate', 'restart'),
    start() {
      // After a kill -9 of the postmaster its children hold the shared memory for a moment longer.
      for (let attempt = 1; ; attempt++) {
        try {
          return control('-o', options, 'start')
        } catch (error) {
          if (attempt >= 20) throw error
          execFileSync('sleep', ['0.3'], { env })
        }
      }
    },
    stop() {
      try { control('-m', 'immediate', 'stop') } catch { /* it is down already */ }
      rmSync(home, { recursive: true, force: true })
    },
  }
  try {
    run('initdb', '-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync')
    server.start()
    // A test that is killed never comes to its end: somebody else then stops the server.
    const stop = [...(asRoot ? ['setpriv --reuid=postgres --regid=postgres --clear-groups'] : []), join(bin, 'pg_ctl'), '-D', data, '-s -m immediate stop'].join(' ')
    spawn('sh', ['-c', `while kill -0 ${process.pid} 2>/dev/null && [ -d ${home} ]; do sleep 1; done; [ -d ${home} ] && { ${stop}; rm -rf ${home}; }`], { detached: true, stdio: 'ignore', cwd: '/', env }).unref()
  } catch (error) {
    server.stop()
    throw error
  }
  return server
}

/** An empty database of its own, with the server behind it where there is one. */
export async function emptyDatabase(kind: 'PGlite' | 'PostgreSQL'): Promise<{ readonly database: Database; readonly server: Server | undefined }> {
  if (kind === 'PGlite') return { database: await openPglite(), server: undefined }
  const server = startServer()
  return { database: await server.connect(await server.createDatabase()), server }
}
