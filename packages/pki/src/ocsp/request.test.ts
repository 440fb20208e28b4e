import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { makeParty } from '../../test/build/certificate.js'
import { buildOcspRequest, ocspGetUrl } from './index.js'

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

  it('RFC 9654: refuses a nonce of 0 or of 129 octets', async () => {
    for (const size of [0, 129]) await expect(buildOcspRequest({ certificate: leaf.certificate, issuer: ca.certificate, nonce: new Uint8Array(size) })).rejects.toThrow(TypeError)
    await expect(buildOcspRequest({ certificate: [], issuer: ca.certificate })).rejects.toThrow(TypeError)
  })

  it('Appendix A.1: a GET address, percent-encoded, while it is short enough', async () => {
    const request = await buildOcspRequest({ certificate: leaf.certificate, issuer: ca.certificate })
    const url = ocspGetUrl('http://contoh.test/ocsp/', request)!
    expect(url.startsWith('http://contoh.test/ocsp/')).toBe(true)
    expect(Buffer.from(decodeURIComponent(url.slice('http://contoh.test/ocsp/'.length)), 'base64')).toEqual(Buffer.from(request))
    expect(ocspGetUrl('http://contoh.test/ocsp', new Uint8Array(200))).toBeUndefined()
  })
})
