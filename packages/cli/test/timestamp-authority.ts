import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** How it answers: as it should, with an old answer to somebody else, with a refusal (it is asked for a digest it does not take), with a page, or not at all. */
export type AnswerMode = 'granted' | 'replay' | 'refusal' | 'page' | 'down'

/** A timestamp authority on loopback whose every answer is made by `openssl ts -reply`. */
export interface LoopbackAuthority {
  readonly url: string
  /** PEM file of its root. */
  readonly anchor: string
  readonly asked: { readonly headers: IncomingHttpHeaders; readonly query: string }[]
  mode: AnswerMode
  close(): Promise<void>
}

export const withOpenssl: boolean = spawnSync('openssl', ['version']).status === 0

export async function openAuthority(folder: string): Promise<LoopbackAuthority> {
  mkdirSync(folder)
  const file = (name: string): string => join(folder, name)
  const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'], cwd: folder })
  writeFileSync(file('tsa.ext'), 'basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n')
  writeFileSync(file('tsa.cnf'), '[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=tsa.key\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\ness_cert_id_alg=sha256\n')
  writeFileSync(file('stern.cnf'), readFileSync(file('tsa.cnf'), 'utf8').replace('digests=sha256', 'digests=sha512'))
  writeFileSync(file('serial'), '0A\n')
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-noenc', '-keyout', 'root.key', '-out', 'root.pem', '-days', '30', '-subj', '/O=Otoritas Contoh/CN=Akar Penanda Waktu Contoh')
  openssl('req', '-newkey', 'rsa:2048', '-noenc', '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', '/O=Otoritas Contoh/CN=Penanda Waktu Contoh')
  openssl('x509', '-req', '-in', 'tsa.csr', '-CA', 'root.pem', '-CAkey', 'root.key', '-out', 'tsa.pem', '-days', '20', '-extfile', 'tsa.ext')
  const reply = (config: string): Buffer => {
    // A refusal ends with another code than 0, and is written all the same.
    spawnSync('openssl', ['ts', '-reply', '-config', config, '-queryfile', 'query', '-out', 'reply'], { cwd: folder })
    return readFileSync(file('reply'))
  }
  openssl('ts', '-query', '-data', 'tsa.cnf', '-sha256', '-cert', '-out', 'query')
  const old = reply('tsa.cnf')
  const answers: Readonly<Record<Exclude<AnswerMode, 'down'>, () => Buffer>> = {
    granted: () => reply('tsa.cnf'), replay: () => old, refusal: () => reply('stern.cnf'), page: () => Buffer.from('<html>'),
  }
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
      writeFileSync(file('query'), Buffer.concat(pieces))
      authority.asked.push({ headers: request.headers, query: openssl('ts', '-query', '-in', 'query', '-text').toString() })
      if (authority.mode === 'down') response.writeHead(503).end()
      else response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(answers[authority.mode]())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const authority: LoopbackAuthority = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`, anchor: file('root.pem'), asked: [], mode: 'granted',
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections() }),
  }
  return authority
}
