import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allowSha1 } from '../src/crypto/index.js'
import { PkiError } from '../src/errors.js'
import { buildTimestampRequest, checkTimestamp, readTimestampResponse, timestampQueryType, timestampReplyType, timestampTokenOf } from '../src/timestamp/index.js'
import { later, makeParty, type Party } from './build/certificate.js'
import { bits, generalized, int, nul, octets as octetString, oid, seq, tlv } from './build/der.js'
import { makeAuthority, makeCms } from './letter/cms.js'
import { authority, ca, root, token } from './letter/office.js'

const withOpenssl = spawnSync('openssl', ['version']).status === 0
if (!withOpenssl) console.warn('SKIPPED: OpenSSL is not on the PATH')
const data = Buffer.from('{"kind":"cabut-checkpoint"}\n')
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text))

describe('TimeStampReq (RFC 3161 2.4.1)', () => {
  it('refuses an imprint, a nonce and a policy that are none', () => {
    expect(() => buildTimestampRequest({ imprint: new Uint8Array(20) })).toThrow(new TypeError('a SHA-256 digest has 32 octets'))
    expect(() => buildTimestampRequest({ imprint: new Uint8Array(32), hash: 'SHA-512' })).toThrow(new TypeError('a SHA-512 digest has 64 octets'))
    for (const length of [0, 7, 33]) expect(() => buildTimestampRequest({ imprint: sha256(data), nonce: new Uint8Array(length) })).toThrow(new TypeError('a nonce has 8 to 32 octets'))
    expect(() => buildTimestampRequest({ imprint: sha256(data), policy: 'x' })).toThrow(new TypeError('the policy is no object identifier'))
  })

  it('all its parts, in order', () => {
    const imprint = (type: string, size: number): Buffer => seq(seq(oid(type), nul()), octetString(Buffer.alloc(size, 1)))
    expect(Buffer.from(buildTimestampRequest({ imprint: new Uint8Array(32).fill(1), policy: '1.2.3.4.1', nonce: new Uint8Array(8).fill(0xff) })))
      .toEqual(seq(int(1), imprint('2.16.840.1.101.3.4.2.1', 32), oid('1.2.3.4.1'), int(0xffffffffffffffffn), tlv(1, [0xff])))
    expect(Buffer.from(buildTimestampRequest({ imprint: new Uint8Array(48).fill(1), hash: 'SHA-384', nonce: new Uint8Array(32).fill(1), certReq: false })))
      .toEqual(seq(int(1), imprint('2.16.840.1.101.3.4.2.2', 48), int(BigInt(`0x${'01'.repeat(32)}`))))
  })

  it('section 3.4: the media types', () => {
    expect([timestampQueryType, timestampReplyType]).toEqual(['application/timestamp-query', 'application/timestamp-reply'])
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
    expect(() => timestampTokenOf(refusal)).toThrow(expect.objectContaining({ code: 'timestampMalformed', message: expect.stringContaining('rejection') as string }) as Error)
  })

  it('every reason by its name, one that has none by its number, of the first 64', () => {
    const reasonsOf = (...which: readonly number[]): readonly string[] => {
      const octets = Buffer.alloc(9)
      for (const bit of which) octets[bit >> 3]! |= 0x80 >> (bit & 7)
      return readTimestampResponse(seq(seq(int(2), bits(octets)))).failures
    }
    expect(reasonsOf(0, 2, 5, 14, 15, 16, 17, 25)).toEqual(['badAlg', 'badRequest', 'badDataFormat', 'timeNotAvailable', 'unacceptedPolicy', 'unacceptedExtension', 'addInfoNotAvailable', 'systemFailure'])
    expect(reasonsOf(1, 63, 64, 71)).toEqual(['1', '63'])
  })

  it('of a long text the first thousand characters', () => {
    expect(readTimestampResponse(seq(seq(int(3), seq(utf8('a'.repeat(600)), utf8('b'.repeat(600)))))).text).toBe(`${'a'.repeat(600)} ${'b'.repeat(399)}`)
  })

  it('a waiting answer, a warning and a notification', () => {
    expect([3, 4, 5].map((status) => readTimestampResponse(seq(seq(int(status)))).status)).toEqual(['waiting', 'revocationWarning', 'revocationNotification'])
  })

  const limit = 1_048_576
  it.each([
    ['an unknown status', seq(seq(int(6)), granted), 'timestampMalformed', 'unknown status'], ['an unknown status alone', seq(seq(int(6))), 'timestampMalformed', 'unknown status'],
    ['a grant without a token', seq(seq(int(0))), 'timestampMalformed', 'granted without a token'],
    ['a token beside a refusal', seq(seq(int(2)), granted), 'timestampMalformed', 'a token beside a refusal'],
    ['an octet too many', Buffer.alloc(limit + 1, 0x30), 'timestampMalformed', 'too large'], ['as many as are allowed', Buffer.alloc(limit, 0x31), 'derTag', ''],
  ])('refuses %s, and says why', (_, bytes, code, detail) => {
    for (const read of [readTimestampResponse, timestampTokenOf]) expect(() => read(bytes)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(detail) as string }) as Error)
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

  /** A token with another nonce than the usual, or none. */
  const tokenOf = (...nonce: readonly Buffer[]): Buffer => makeCms(
    seq(int(1), oid('1.2.3.4.1'), seq(seq(oid('2.16.840.1.101.3.4.2.1'), nul()), octetString(sha256(data))), int(7), generalized(later(1)), ...nonce),
    { signer: authority, contentType: '1.2.840.113549.1.9.16.1.4', attached: true, certificates: [authority] },
  )

  it('a nonce of zeros, one of the high bit, none where one was asked with', async () => {
    const told = async (bytes: Buffer, nonce: Uint8Array): Promise<unknown[]> => {
      const { integrity, problems } = await checkTimestamp(bytes, data, { nonce, at })
      return [integrity, ...problems.map(({ code }) => code)]
    }
    expect(await told(tokenOf(int(0)), new Uint8Array(8))).toEqual(['intact'])
    expect(await told(tokenOf(int(0xff00000000000000n)), Uint8Array.of(0xff, 0, 0, 0, 0, 0, 0, 0))).toEqual(['intact'])
    expect(await told(tokenOf(int(0xff)), Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0xff))).toEqual(['intact'])
    expect(await told(tokenOf(int(0x7f)), Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x7f))).toEqual(['intact'])
    expect(await told(tokenOf(), new Uint8Array(8))).toEqual(['broken', 'timestampNonce'])
    expect(await told(Buffer.from('3000', 'hex'), new Uint8Array(8))).toEqual(['broken', 'timestampMalformed'])
  })

  it('without anchors, ahead of now, by an authority nobody sent: the path as far as it is known', async () => {
    const told = async (bytes: Buffer, more: object): Promise<unknown[]> => {
      const { integrity, path, chain, problems } = await checkTimestamp(bytes, data, { intermediates: [ca.der], at, ...more })
      return [integrity, path, chain.length, problems]
    }
    const signed = token()(data)
    expect(await told(signed, {})).toEqual(['intact', 'notAsked', 0, []])
    const moment = later(1).getTime()
    expect(await told(signed, { anchors, at: new Date(moment - 300_000) })).toEqual(['intact', 'valid', 3, []])
    expect(await told(signed, { anchors, at: new Date(moment - 300_001) })).toEqual(['intact', 'invalid', 0, [{ code: 'timestampPath', detail: 'ahead of now' }]])
    expect(await told(token({ authority: makeAuthority({ issuer: makeParty({ subject: 'CN=Akar Asing', ca: true }) }) })(data), { anchors })).toEqual(['intact', 'invalid', 0, [{ code: 'timestampPath' }]])
    const [integrity, path, length, problems] = await told(token({ certificates: [] })(data), { anchors })
    expect([integrity, path, length]).toEqual(['broken', 'invalid', 0])
    expect(problems).toContainEqual({ code: 'timestampPath' })
    expect((await told(Buffer.from('3000', 'hex'), { anchors }))[3]).toEqual([{ code: 'timestampMalformed', detail: expect.any(String) as string }, { code: 'timestampPath' }])
  })

  it('leaves the octets of the token as they are', async () => {
    const signed = token()(data)
    const before = Uint8Array.from(signed)
    for (let times = 0; times < 2; times++) expect((await checkTimestamp(signed, data, { at })).integrity).toBe('intact')
    expect(Uint8Array.from(signed)).toEqual(before)
  })

  it('anchors as octets, as PEM and as read', async () => {
    const pem = `-----BEGIN CERTIFICATE-----\n${root.der.toString('base64')}\n-----END CERTIFICATE-----\n`
    for (const anchor of [root.der, pem, root.certificate]) expect(await checkTimestamp(token()(data), data, { anchors: [anchor], intermediates: [ca.certificate], at })).toMatchObject({ integrity: 'intact', path: 'valid' })
  })

  it('an imprint over SHA-1 only where it is allowed', async () => {
    const old = token({ hash: 'sha1' })(data)
    expect((await checkTimestamp(old, data, { at })).integrity).toBe('unsupported')
    expect((await checkTimestamp(old, data, { at, allow: [allowSha1] })).integrity).toBe('intact')
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
