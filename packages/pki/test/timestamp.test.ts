import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PkiError } from '../src/errors.js'
import { buildTimestampRequest, checkTimestamp, readTimestampResponse, timestampTokenOf } from '../src/timestamp/index.js'
import { later, makeParty, type Party } from './build/certificate.js'
import { bits, int, octets as octetString, seq, tlv } from './build/der.js'
import { makeAuthority } from './letter/cms.js'
import { authority, ca, root, token } from './letter/office.js'

const withOpenssl = spawnSync('openssl', ['version']).status === 0
if (!withOpenssl) console.warn('SKIPPED: OpenSSL is not on the PATH')
const data = Buffer.from('{"kind":"cabut-checkpoint"}\n')
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text))

describe('TimeStampReq (RFC 3161 2.4.1)', () => {
  it('refuses an imprint, a nonce and a policy that are none', () => {
    expect(() => buildTimestampRequest({ imprint: new Uint8Array(20) })).toThrow(TypeError)
    expect(() => buildTimestampRequest({ imprint: new Uint8Array(32), hash: 'SHA-512' })).toThrow(TypeError)
    for (const length of [0, 7, 33]) expect(() => buildTimestampRequest({ imprint: sha256(data), nonce: new Uint8Array(length) })).toThrow(TypeError)
    expect(() => buildTimestampRequest({ imprint: sha256(data), policy: 'x' })).toThrow(TypeError)
  })
})

describe('TimeStampResp (RFC 3161 2.4.2)', () => {
  const granted = token()(data)
  it('reads a grant, and the token of either file', () => {
    const answer = seq(seq(int(0)), granted)
    expect(readTimestampResponse(answer)).toMatchObject({ status: 'granted', text: '', failures: [] })
    expect(Buffer.from(timestampTokenOf(answer)).equals(granted)).toBe(true)
    expect(Buffer.from(timestampTokenOf(granted)).equals(granted)).toBe(true)
    expect(readTimestampResponse(seq(seq(int(1), seq(utf8('kebijakan lain'))), granted))).toMatchObject({ status: 'grantedWithMods', text: 'kebijakan lain' })
  })

  it('reads a refusal with its reasons', () => {
    const refusal = seq(seq(int(2), seq(utf8('ditolak'), utf8('coba lagi')), bits(Buffer.from([0xa4, 0x01]))))
    expect(readTimestampResponse(refusal)).toEqual({ status: 'rejection', text: 'ditolak coba lagi', failures: ['badAlg', 'badRequest', 'badDataFormat', 'unacceptedPolicy'] })
    expect(() => timestampTokenOf(refusal)).toThrow(PkiError)
  })

  it.each([
    ['an unknown status', seq(seq(int(6)), granted)], ['granted without a token', seq(seq(int(0)))], ['a token beside a refusal', seq(seq(int(2)), granted)],
    ['octets behind', Buffer.concat([seq(seq(int(0)), granted), Buffer.from([0])])], ['a third element', seq(seq(int(0)), granted, int(1))], ['a web page', Buffer.from('<html>')], ['nothing', Buffer.alloc(0)],
    ['too large', octetString(Buffer.alloc(1_100_000))],
  ])('refuses %s', (_, bytes) => {
    expect(() => readTimestampResponse(bytes)).toThrow(PkiError)
  })
})

describe('a token over octets (RFC 3161 2.4.2)', () => {
  const at = later(10)
  const anchors = [root.der]
  it('intact, by whom, when, up to the anchor', async () => {
    const report = await checkTimestamp(token()(data), data, { anchors, intermediates: [ca.der], at })
    expect(report).toMatchObject({ integrity: 'intact', path: 'valid', policy: '1.2.3.4.1', serial: '51b2c3d4e5f6', problems: [] })
    expect(report.time).toEqual(later(1))
    expect(report.chain).toHaveLength(3)
    expect(Buffer.from(report.authority!.der).equals(authority.der)).toBe(true)
  })

  it('a now that is none does not make a token of tomorrow one of the past', async () => {
    await expect(checkTimestamp(token()(data), data, { anchors, at: new Date(Number.NaN) })).rejects.toThrow(TypeError)
  })

  it('the nonce decides: the token of another request is broken', async () => {
    // The tokens of these tests answer the nonce 42.
    const padded = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 42)
    expect(await checkTimestamp(token()(data), data, { nonce: padded, at })).toMatchObject({ integrity: 'intact', path: 'notAsked', problems: [] })
    expect(await checkTimestamp(token()(data), data, { nonce: Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 42), at })).toMatchObject({ integrity: 'broken', problems: [{ code: 'timestampNonce' }] })
  })

  it('other octets, a changed octet, a purpose that is another, an authority of strangers, a time ahead', async () => {
    const code = async (bytes: Uint8Array, over = data, more = {}): Promise<string> => {
      const { integrity, path, problems } = await checkTimestamp(bytes, over, { anchors, intermediates: [ca.der], at, ...more })
      return [integrity, path, ...problems.map((problem) => problem.code)].join(' ')
    }
    expect(await code(token()(data), Buffer.from('x'))).toBe('broken valid timestampImprint')
    const changed = Buffer.from(token()(data))
    changed[changed.length - 1]! ^= 1
    expect(await code(changed)).toBe('broken valid timestampSignature')
    expect(await code(token({ authority: makeParty({ subject: 'CN=Bukan Penanda Waktu', issuer: ca }) })(data))).toBe('broken valid timestampPurpose')
    const strangers: Party = makeParty({ subject: 'CN=Akar Asing', ca: true })
    expect(await code(token({ authority: makeAuthority({ issuer: strangers }) })(data))).toBe('intact invalid timestampPath')
    expect(await code(token()(data), data, { at: later(0.5) })).toBe('intact invalid timestampPath')
    expect(await code(Buffer.from('3000', 'hex'))).toMatch(/^broken invalid /)
  })
})

describe.skipIf(!withOpenssl)('OpenSSL as the other side', () => {
  let folder: string
  const file = (name: string): string => join(folder, name)
  const openssl = (...args: string[]): string => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString()
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cabut-tsa-'))
    const pem = (party: Party): string => `-----BEGIN CERTIFICATE-----\n${party.der.toString('base64').match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`
    writeFileSync(file('data'), data)
    writeFileSync(file('root.pem'), pem(root))
    writeFileSync(file('ca.pem'), pem(ca))
    writeFileSync(file('tsa.pem'), pem(authority))
    writeFileSync(file('tsa.key'), authority.key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(file('serial'), '0A\n')
    writeFileSync(file('tsa.cnf'), `[tsa]\ndefault_tsa=t\n[t]\nserial=${file('serial')}\nsigner_cert=${file('tsa.pem')}\ncerts=${file('ca.pem')}\nsigner_key=${file('tsa.key')}\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\ness_cert_id_alg=sha256\n`)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('the request is octet for octet its own', () => {
    openssl('ts', '-query', '-data', file('data'), '-sha256', '-cert', '-no_nonce', '-out', file('q'))
    expect(Buffer.from(buildTimestampRequest({ imprint: sha256(data) })).equals(readFileSync(file('q')))).toBe(true)
    openssl('ts', '-query', '-data', file('data'), '-sha512', '-no_nonce', '-tspolicy', '1.2.3.4.1', '-out', file('q'))
    expect(Buffer.from(buildTimestampRequest({ imprint: createHash('sha512').update(data).digest(), hash: 'SHA-512', policy: '1.2.3.4.1', certReq: false })).equals(readFileSync(file('q')))).toBe(true)
  })

  it.each([['high bit', 'ff00112233445566'], ['leading zeros', '0000112233445566'], ['32 octets', '7f'.repeat(32)]])('it answers ours, and accepts what we accept: nonce with %s', async (_, hex) => {
    const nonce = Buffer.from(hex, 'hex')
    writeFileSync(file('query'), buildTimestampRequest({ imprint: sha256(data), nonce }))
    expect(openssl('ts', '-query', '-in', file('query'), '-text')).toContain('Certificate required: yes')
    openssl('ts', '-reply', '-config', file('tsa.cnf'), '-queryfile', file('query'), '-out', file('reply'))
    const { status, token: answered } = readTimestampResponse(readFileSync(file('reply')))
    expect(status).toBe('granted')
    writeFileSync(file('token'), answered!)
    expect(await checkTimestamp(answered!, data, { nonce, anchors: [root.der], at: new Date() })).toMatchObject({ integrity: 'intact', path: 'valid', problems: [] })
    expect(openssl('ts', '-verify', '-token_in', '-in', file('token'), '-data', file('data'), '-CAfile', file('root.pem'), '-untrusted', file('ca.pem'))).toContain('Verification: OK')
  })

  it('its refusal of a digest it does not take', () => {
    writeFileSync(file('query'), buildTimestampRequest({ imprint: createHash('sha512').update(data).digest(), hash: 'SHA-512' }))
    spawnSync('openssl', ['ts', '-reply', '-config', file('tsa.cnf'), '-queryfile', file('query'), '-out', file('reply')])
    expect(readTimestampResponse(readFileSync(file('reply')))).toMatchObject({ status: 'rejection', failures: ['badAlg'], text: expect.stringMatching(/./) as string })
  })
})
