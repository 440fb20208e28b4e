import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../src/database.js'
import type { Server } from '../server.js'

/** A certificate CFSSL issued, with the words CFSSL knows it by. */
export interface Leaf {
  readonly pem: string
  /** Decimal, as CFSSL's API wants it. */
  readonly serial: string
  /** Authority key identifier, lower-case hex. */
  readonly aki: string
}

/** One time CFSSL wrote "revoked" onto a certificate, told by its own database. */
export interface Written { readonly serial: string; readonly reason: number; readonly at: string }

/** A certificate authority that is not ours: Debian's `golang-cfssl`, with its records on PostgreSQL. */
export interface Authority {
  readonly version: string
  readonly rootPem: string
  readonly api: string
  issue(commonName: string): Promise<Leaf>
  /** Every "revoked" that was written, in order. */
  written(): Promise<readonly Written[]>
  /** Signs an OCSP answer for every certificate as it stands, and serves them: until then the answers before are served. */
  publish(): Promise<void>
  close(): Promise<void>
}

/** Whether Debian's `golang-cfssl` is here. */
export function cfsslVersion(): string | undefined {
  try {
    return /Version: (\S+)/.exec(execFileSync('cfssl', ['version'], { encoding: 'utf8' }))?.[1]
  } catch {
    return undefined
  }
}

// As CFSSL's own migrations make them, but for a foreign key its `ocsprefresh` of 2016 breaks. The witness is ours: each write of "revoked", also
// one that repeats another, leaves a line.
const schema = `
  create table certificates (serial_number bytea not null, authority_key_identifier bytea not null, ca_label bytea, status bytea not null, reason int,
    expiry timestamptz, revoked_at timestamptz, pem bytea not null, primary key (serial_number, authority_key_identifier));
  create table ocsp_responses (serial_number bytea not null, authority_key_identifier bytea not null, body bytea not null, expiry timestamptz,
    primary key (serial_number, authority_key_identifier));
  create table witness (n serial primary key, serial text not null, reason int not null, at timestamptz not null);
  create function testify() returns trigger language plpgsql as $$ begin
    insert into witness (serial, reason, at) values (convert_from(new.serial_number, 'UTF8'), new.reason, new.revoked_at); return new; end $$;
  create trigger testify after update on certificates for each row when (new.status = 'revoked') execute function testify();`

/** Starts CFSSL with a root of its own, a delegated OCSP responder, and both of its servers. */
export async function startAuthority(server: Server, version: string): Promise<Authority> {
  const home = mkdtempSync(join(tmpdir(), 'cabut-cfssl-'))
  const name = await server.createDatabase()
  const database: Database = await server.connect(name, { secondWall: false, connections: 2 })
  await database.asOwner(owner => owner.script(schema))
  const [apiPort, ocspPort] = [await freePort(), await freePort()]
  const file = (path: string, content: unknown): string => {
    writeFileSync(join(home, path), typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const cfssl = (...args: string[]): string => execFileSync('cfssl', args, { cwd: home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000, maxBuffer: 64 << 20 })
  const key = { algo: 'ecdsa', size: 256 }
  const names = [{ C: 'ID', O: 'Otoritas Rekaan' }]
  const keep = (stem: string, made: string): void => {
    const { cert, key: secret } = JSON.parse(made) as { cert: string; key: string }
    file(`${stem}.pem`, cert)
    file(`${stem}-key.pem`, secret)
  }
  keep('ca', cfssl('gencert', '-initca', file('ca.json', { CN: 'CA Rekaan di atas CFSSL', key, names, ca: { expiry: '87600h' } })))
  file('config.json', {
    signing: {
      default: { expiry: '8760h', usages: ['digital signature', 'client auth'], ocsp_url: `http://127.0.0.1:${ocspPort}` },
      profiles: { ocsp: { expiry: '4380h', usages: ['digital signature', 'ocsp signing'], ocsp_no_check: true } },
    },
  })
  keep('ocsp', cfssl('gencert', '-ca', 'ca.pem', '-ca-key', 'ca-key.pem', '-config', 'config.json', '-profile', 'ocsp', file('ocsp.json', { CN: 'OCSP Rekaan', key, names })))
  file('db.json', { driver: 'postgres', data_source: `host=${server.socket} user=${server.user} dbname=${name} sslmode=disable` })
  file('responses', '')
  const responder = ['-responder', 'ocsp.pem', '-responder-key', 'ocsp-key.pem']
  const start = (args: readonly string[], port: number): Promise<ChildProcess> => running(args, port, home)
  const api = await start(['serve', '-ca', 'ca.pem', '-ca-key', 'ca-key.pem', '-config', 'config.json', '-db-config', 'db.json', ...responder], apiPort)
  let ocsp: ChildProcess | undefined

  return {
    version, rootPem: readFileSync(join(home, 'ca.pem'), 'utf8'), api: `http://127.0.0.1:${apiPort}/api/v1/cfssl`,
    async issue(commonName) {
      const response = await fetch(`http://127.0.0.1:${apiPort}/api/v1/cfssl/newcert`, { method: 'POST', body: JSON.stringify({ request: { CN: commonName, key, names: [{ C: 'ID', O: 'Kabupaten Rekaan' }] } }) })
      const { result: { certificate } } = await response.json() as { result: { certificate: string } }
      const [row] = await database.query<{ serial: string; aki: string }>(
        `select convert_from(serial_number, 'UTF8') as serial, convert_from(authority_key_identifier, 'UTF8') as aki from certificates where btrim(convert_from(pem, 'UTF8'), E'\\n') = btrim($1, E'\\n')`, [certificate])
      if (row === undefined) throw new Error('CFSSL did not keep the certificate it issued')
      return { pem: certificate, ...row }
    },
    written: () => database.query<{ serial: string; reason: number; at: string }>('select serial, reason, at::text from witness order by n'),
    async publish() {
      cfssl('ocsprefresh', '-db-config', 'db.json', '-ca', 'ca.pem', ...responder, '-interval', '24h')
      file('responses', cfssl('ocspdump', '-db-config', 'db.json'))
      await ended(ocsp)
      ocsp = await start(['ocspserve', '-responses', 'responses'], ocspPort)
    },
    async close() {
      await Promise.all([ended(api), ended(ocsp)])
      await database.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** A server of CFSSL, once it listens. */
async function running(args: readonly string[], port: number, cwd: string): Promise<ChildProcess> {
  const [command, ...rest] = args
  const child = spawn('cfssl', [command ?? '', '-address', '127.0.0.1', '-port', String(port), '-loglevel', '4', ...rest], { cwd, stdio: 'ignore' })
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`cfssl ${command ?? ''} ended with code ${child.exitCode}`)
    if (await fetch(`http://127.0.0.1:${port}/`).then(async response => (await response.arrayBuffer(), true), () => false)) return child
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error(`cfssl ${command ?? ''} never listened`)
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  await new Promise(resolve => { child.once('exit', resolve).kill('SIGKILL') })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
