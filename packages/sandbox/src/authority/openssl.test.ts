import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSandbox, type Leaf, type Sandbox } from '../index.js'

const present = spawnSync('openssl', ['version']).status === 0
if (!present) console.warn('SKIPPED: openssl is not installed, the authority is not judged independently')

/** OpenSSL is the judge: what the sandbox issues must hold there, not only in our own reader. */
describe.skipIf(!present)('the authority before OpenSSL', () => {
  const dir = mkdtempSync(join(tmpdir(), 'cabut-sandbox-'))
  const at = (name: string): string => join(dir, name)
  const openssl = (...args: string[]): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
    return { status, text: stdout + stderr }
  }
  let sandbox: Sandbox
  let revoked: Leaf
  let good: Leaf
  let held: Leaf

  beforeAll(async () => {
    sandbox = await createSandbox({ faults: 'none', publication: { delay: 0 } })
    revoked = await sandbox.manage.issue({ username: 'surya.wibisana' })
    good = await sandbox.manage.issue({ username: 'laras.kinanti', key: 'shared', serial: '00'.repeat(2) + '7f'.repeat(17) })
    held = await sandbox.manage.issue({ username: 'ratna.pertiwi', key: 'shared' })
    sandbox.manage.revokeAtAuthority(revoked.serial, 'affiliationChanged')
    sandbox.manage.suspend(held.serial)
    writeFileSync(at('root.pem'), sandbox.ca.rootPem)
    writeFileSync(at('ca.pem'), sandbox.ca.issuingPem)
    for (const [name, leaf] of Object.entries({ revoked, good, held })) writeFileSync(at(`${name}.pem`), leaf.certificatePem)
    writeFileSync(at('crl.der'), sandbox.ca.crl())
    openssl('crl', '-inform', 'DER', '-in', at('crl.der'), '-out', at('crl.pem'))
    const root = await sandbox.fetch(sandbox.ca.urls.rootCrl)
    writeFileSync(at('rootcrl.der'), new Uint8Array(await root.arrayBuffer()))
    openssl('crl', '-inform', 'DER', '-in', at('rootcrl.der'), '-out', at('rootcrl.pem'))
  })
  afterAll(async () => {
    await sandbox.close()
    rmSync(dir, { recursive: true })
  })

  const verify = (name: string): ReturnType<typeof openssl> =>
    openssl(
      'verify',
      '-x509_strict',
      '-crl_check',
      '-CRLfile',
      at('crl.pem'),
      '-CAfile',
      at('root.pem'),
      '-untrusted',
      at('ca.pem'),
      at(`${name}.pem`),
    )

  test('RFC 5280 6.1: the chain holds under -x509_strict', () => {
    expect(openssl('verify', '-x509_strict', '-CAfile', at('root.pem'), '-untrusted', at('ca.pem'), at('good.pem'))).toMatchObject({
      status: 0,
    })
  })

  test('RFC 5280 6.3: verify -crl_check tells revoked and held from good', () => {
    expect(verify('good').status).toBe(0)
    expect(verify('revoked')).toMatchObject({
      status: 2,
      text: expect.stringContaining('error 23 at 0 depth lookup: certificate revoked') as string,
    })
    expect(verify('held').status).toBe(2)
    const text = openssl('crl', '-in', at('crl.pem'), '-noout', '-text').text
    expect(text).toContain('Affiliation Changed')
    expect(text).toContain('Certificate Hold')
  })

  test('verify -crl_check_all accepts the root CRL for the issuing CA', () => {
    const all = openssl(
      'verify',
      '-crl_check_all',
      '-CRLfile',
      at('crl.pem'),
      '-CRLfile',
      at('rootcrl.pem'),
      '-CAfile',
      at('root.pem'),
      '-untrusted',
      at('ca.pem'),
      at('good.pem'),
    )
    expect(all).toMatchObject({ status: 0, text: expect.stringContaining('good.pem: OK') as string })
  })

  test.each(['sha1', 'sha256'])('RFC 6960: ocsp with a %s CertID, nonce echoed, delegated responder', (hash) => {
    for (const [name, said] of [
      ['good', ': good'],
      ['revoked', ': revoked'],
      ['held', ': revoked'],
    ] as const) {
      expect(openssl('ocsp', `-${hash}`, '-issuer', at('ca.pem'), '-cert', at(`${name}.pem`), '-reqout', at('request.der')).status).toBe(0)
      writeFileSync(at('response.der'), sandbox.ca.ocsp(new Uint8Array(readFileSync(at('request.der')))))
      const judged = openssl(
        'ocsp',
        `-${hash}`,
        '-no_nonce',
        '-reqin',
        at('request.der'),
        '-respin',
        at('response.der'),
        '-issuer',
        at('ca.pem'),
        '-cert',
        at(`${name}.pem`),
        '-CAfile',
        at('root.pem'),
        '-verify_other',
        at('ca.pem'),
      )
      expect(judged.text).toContain('Response verify OK')
      expect(judged.text).not.toContain('no nonce in response')
      expect(judged.text).toContain(`${at(`${name}.pem`)}${said}`)
    }
  })

  test('the fault staleOcsp: an authentic answer of before the revocation, signed by the delegated responder; switched off, the answer of today', async () => {
    expect(openssl('ocsp', '-issuer', at('ca.pem'), '-cert', at('revoked.pem'), '-no_nonce', '-reqout', at('stale-request.der')).status).toBe(0)
    const ask = async (): Promise<string> => {
      const answer = await sandbox.fetch(sandbox.urls.ocsp, { method: 'POST', headers: { 'content-type': 'application/ocsp-request' }, body: readFileSync(at('stale-request.der')) })
      writeFileSync(at('stale.der'), new Uint8Array(await answer.arrayBuffer()))
      return openssl('ocsp', '-no_nonce', '-respin', at('stale.der'), '-issuer', at('ca.pem'), '-cert', at('revoked.pem'), '-CAfile', at('root.pem'), '-verify_other', at('ca.pem')).text
    }
    sandbox.manage.faults.set([{ kind: 'staleOcsp', age: 48 * 3_600_000, times: 1 }])
    const stale = await ask()
    const updated = Date.parse(/This Update: (.*)/.exec(stale)?.[1] ?? '')
    expect(stale).toContain('Response verify OK')
    expect(stale).toMatch(/revoked\.pem: (?:good|unknown)/)
    expect(Date.now() - updated).toBeGreaterThan(47 * 3_600_000)
    expect(await ask()).toContain('revoked.pem: revoked')
    sandbox.manage.faults.set('none')
  })

  test('the subject has description, CN, O, C in this order; root and CA encode theirs in opposite orders', () => {
    const subject = (file: string): string =>
      openssl('x509', '-in', at(file), '-noout', '-subject', '-nameopt', 'sep_comma_plus_space,sname,utf8').text
    expect(subject('good.pem')).toMatch(
      /^subject=description=517059[0-9A-Z]{10}_Tanda Tangan Elektronik, CN=Laras Kinanti, O=Pemerintah Kabupaten Purbalingga, C=ID$/m,
    )
    expect(subject('root.pem')).toMatch(/^subject=CN=.*, O=.*, C=ID$/m)
    expect(subject('ca.pem')).toMatch(/^subject=C=ID, O=.*, CN=.*$/m)
    const text = openssl('x509', '-in', at('good.pem'), '-noout', '-text').text
    expect(text).toMatch(/X509v3 Extended Key Usage: critical\s+1\.2\.840\.113583\.1\.1\.5/)
    expect(text).toContain(`URI:${sandbox.ca.urls.crl}`)
  })

  test('a CRL of 100,000 entries with reasons is written at once and holds', () => {
    const entries = Array.from({ length: 100_000 }, (_, i) => ({
      serial: (0x1000000 + i * 7).toString(16).padStart(40, '5'),
      revokedAt: new Date('2026-01-01T00:00:00Z'),
      reason: 'superseded' as const,
    }))
    const started = performance.now()
    const der = sandbox.ca.writeCrl({ entries, thisUpdate: new Date(), nextUpdate: new Date(Date.now() + 86_400_000), number: 7 })
    console.info(`CRL of 100,000 entries written in ${Math.round(performance.now() - started)} ms, ${der.length} octets`)
    writeFileSync(at('large.der'), der)
    expect(openssl('crl', '-inform', 'DER', '-in', at('large.der'), '-noout', '-CAfile', at('ca.pem'), '-crlnumber')).toMatchObject({
      status: 0,
      text: 'crlNumber=0x07\nverify OK\n',
    })
  })
})
