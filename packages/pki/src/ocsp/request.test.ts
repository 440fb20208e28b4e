import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { makeParty, type Party } from '../../test/build/certificate.js'
import { explicit, extension, nul, octets, oid, seq, serialInt, set, tlv } from '../../test/build/der.js'
import { keyOctets } from '../../test/build/keys.js'
import type { Certificate } from '../certificate/index.js'
import { buildOcspRequest, ocspGetUrl, ocspRequestType, ocspResponseType } from './index.js'

const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true })
const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'f1a2b3c4d5e6f7081920' })
const openssl = spawnSync('openssl', ['version']).status === 0
const folder = mkdtempSync(join(tmpdir(), 'cabut-ocsp-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('buildOcspRequest (RFC 6960 section 4.1)', () => {
  if (!openssl) console.warn('SKIPPED: openssl is not on the PATH, requests are not compared with its own')

  it.skipIf(!openssl).each([['SHA-1', 'sha1'], ['SHA-256', 'sha256'], ['SHA-384', 'sha384'], ['SHA-512', 'sha512']] as const)('%s: octet for octet what openssl makes', async (hash, name) => {
    const file = (part: string, der: Buffer): string => {
      const path = join(folder, `${part}.pem`)
      writeFileSync(path, `-----BEGIN CERTIFICATE-----\n${der.toString('base64').match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`)
      return path
    }
    const out = join(folder, `${name}.req`)
    execFileSync('openssl', ['ocsp', `-${name}`, '-issuer', file('ca', ca.der), '-cert', file('leaf', leaf.der), '-no_nonce', '-reqout', out], { stdio: 'pipe' })
    expect(Buffer.from(await buildOcspRequest({ certificate: leaf.certificate, issuer: ca.certificate, hash }))).toEqual(readFileSync(out))
    // With a nonce: read openssl's own nonce out of its request and send the same.
    execFileSync('openssl', ['ocsp', `-${name}`, '-issuer', join(folder, 'ca.pem'), '-cert', join(folder, 'leaf.pem'), '-reqout', out], { stdio: 'pipe' })
    const theirs = readFileSync(out)
    const at = theirs.indexOf(Buffer.from('06092b0601050507300102', 'hex')) + 13
    const nonce = theirs.subarray(at + 2, at + 2 + theirs[at + 1]!)
    expect(Buffer.from(await buildOcspRequest({ certificate: leaf.certificate, issuer: ca.certificate, hash, nonce }))).toEqual(theirs)
  })

  it('several certificates of one issuer', async () => {
    const one = await buildOcspRequest({ certificate: leaf.certificate, issuer: ca.certificate })
    const two = await buildOcspRequest({ certificate: [leaf.certificate, leaf.certificate], issuer: ca.certificate })
    expect(two.length).toBeGreaterThan(one.length + 60)
  })

  const hashOids = { 'SHA-1': '1.3.14.3.2.26', 'SHA-256': '2.16.840.1.101.3.4.2.1' } as const
  /** What it must be, written apart. */
  function expected(certificates: readonly Party[], issuerName: Buffer, { hash = 'SHA-1', nonce }: { readonly hash?: keyof typeof hashOids; readonly nonce?: Buffer } = {}): Buffer {
    const digest = (bytes: Uint8Array): Buffer => createHash(hash.replace('-', '').toLowerCase()).update(bytes).digest()
    const requests = certificates.map(({ certificate: { serial } }) => seq(seq(seq(oid(hashOids[hash]), nul()), octets(digest(issuerName)), octets(digest(keyOctets(ca.key.spki))), serialInt(serial))))
    return seq(seq(seq(...requests), ...(nonce === undefined ? [] : [explicit(2, seq(extension('1.3.6.1.5.5.7.48.1.2', octets(nonce))))])))
  }
  const asked = async (certificate: Certificate | readonly Certificate[], more: object = {}): Promise<Buffer> => Buffer.from(await buildOcspRequest({ certificate, issuer: ca.certificate, ...more }))
  /** The name of the issuer in another string type: the same name (RFC 5280 section 7.1), other octets. */
  const spelling = seq(...[['2.5.4.6', 'ID'], ['2.5.4.10', 'Otoritas Contoh'], ['2.5.4.3', 'CA Contoh']].map(([type, text]) => set(seq(oid(type!), tlv(0x13, Buffer.from(text!))))))
  const respelled = makeParty({ subject: 'CN=Surya Contoh', issuer: { ...ca, name: spelling }, serial: 'c3d4' })

  it('the name is hashed as the certificate spells it', async () => {
    expect(await asked(leaf.certificate)).toEqual(expected([leaf], ca.name))
    for (const hash of ['SHA-1', 'SHA-256'] as const) expect(await asked(respelled.certificate, { hash })).toEqual(expected([respelled], spelling, { hash }))
    const nonce = Buffer.alloc(16, 5)
    expect(await asked(respelled.certificate, { nonce })).toEqual(expected([respelled], spelling, { nonce }))
    const [first, second] = [expected([leaf], ca.name), expected([respelled], spelling)].map((one) => one.subarray(6))
    expect(await asked([leaf.certificate, respelled.certificate])).toEqual(seq(seq(seq(first!, second!))))
  })

  it.each([['SHA-1', 62], ['SHA-1', 63], ['SHA-1', 64], ['SHA-256', 34], ['SHA-256', 35], ['SHA-256', 36]] as const)('%s, a serial number of %i octets: the lengths stay right', async (hash, size) => {
    const long = makeParty({ subject: 'CN=Nomor Panjang', issuer: ca, serial: '7a'.repeat(size) })
    expect(await asked(long.certificate, { hash })).toEqual(expected([long], ca.name, { hash }))
  })

  it('of a certificate seen through another object', async () => {
    const seen = (changes: Partial<Record<keyof Certificate, unknown>> = {}): Certificate => new Proxy(leaf.certificate, {
      get: (target, key) => (Object.hasOwn(changes, key) ? changes[key as keyof Certificate] : Reflect.get(target, key, target) as unknown),
    })
    expect(await asked(seen())).toEqual(expected([leaf], ca.name))
    expect(await asked(seen({ serial: respelled.certificate.serial }))).toEqual(expected([respelled], ca.name))
    await expect(asked(seen({ serial: 'bukan nomor' }))).rejects.toThrow('the serial number is not hexadecimal')
  })

  it('many one after another: each its own octets, also when the memory of one was given away', async () => {
    const requests: Uint8Array[] = []
    for (let i = 0; i < 120; i++) requests.push(await buildOcspRequest({ certificate: leaf.certificate, issuer: ca.certificate }))
    for (const request of requests) expect(Buffer.from(request)).toEqual(expected([leaf], ca.name))
    const buffer = requests.at(-1)!.buffer as ArrayBuffer
    structuredClone(buffer, { transfer: [buffer] })
    expect(await asked(leaf.certificate)).toEqual(expected([leaf], ca.name))
  })

  it('RFC 9654: 1 to 128 octets of nonce', async () => {
    for (const size of [1, 127, 128]) expect(await asked(leaf.certificate, { nonce: Buffer.alloc(size, 3) })).toEqual(expected([leaf], ca.name, { nonce: Buffer.alloc(size, 3) }))
  })

  it('RFC 9654: refuses a nonce of 0 or of 129 octets', async () => {
    for (const size of [0, 129]) await expect(buildOcspRequest({ certificate: leaf.certificate, issuer: ca.certificate, nonce: new Uint8Array(size) })).rejects.toThrow(new TypeError('a nonce has 1 to 128 octets (RFC 9654)'))
    await expect(buildOcspRequest({ certificate: [], issuer: ca.certificate })).rejects.toThrow(new TypeError('at least one certificate is needed'))
  })

  it('Appendix A.1: a GET address, percent-encoded, while it is short enough', async () => {
    const request = await buildOcspRequest({ certificate: leaf.certificate, issuer: ca.certificate })
    const url = ocspGetUrl('http://contoh.test/ocsp/', request)!
    expect(url.startsWith('http://contoh.test/ocsp/')).toBe(true)
    expect(Buffer.from(decodeURIComponent(url.slice('http://contoh.test/ocsp/'.length)), 'base64')).toEqual(Buffer.from(request))
    expect(ocspGetUrl('http://contoh.test/ocsp', new Uint8Array(200))).toBeUndefined()
    const responder = (length: number): string => 'http://contoh.test/'.padEnd(length, 'o')
    expect([ocspGetUrl(responder(254 - 80), new Uint8Array(60)), ocspGetUrl(responder(255 - 80), new Uint8Array(60)), ocspGetUrl(responder(254 - 80), new Uint8Array(61))]).toEqual([`${responder(174)}/${'A'.repeat(80)}`, undefined, undefined])
  })

  it('Appendix C: the media types', () => {
    expect([ocspRequestType, ocspResponseType]).toEqual(['application/ocsp-request', 'application/ocsp-response'])
  })
})
