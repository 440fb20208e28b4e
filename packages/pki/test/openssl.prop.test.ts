import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { checkStatus, readCrl } from '../src/index.js'
import { later, makeParty, type Party } from './build/certificate.js'
import { makeCrl, type EntryPlan } from './build/crl.js'
import { makeOcsp } from './build/ocsp.js'

const openssl = spawnSync('openssl', ['version']).status === 0
if (!openssl) console.warn('SKIPPED: openssl is not on the PATH, nothing is compared with it')
const folder = mkdtempSync(join(tmpdir(), 'cabut-openssl-'))
afterAll(() => rmSync(folder, { recursive: true }))

const pem = (label: string, der: Uint8Array): string => `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64').match(/.{1,64}/g)!.join('\n')}\n-----END ${label}-----\n`
const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const epoch = (date: Date): string => String(date.getTime() / 1000)

const serial = fc.oneof(fc.nat(300).map((value) => (value + 1).toString(16)), fc.bigInt(1n, (1n << 159n) - 1n).map((value) => value.toString(16)))
const entry: fc.Arbitrary<EntryPlan> = fc.record({
  serial, date: fc.integer({ min: -3000, max: 0 }).map(later), reason: fc.option(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 9, 10), { nil: undefined }),
}).map(({ reason, ...rest }) => ({ ...rest, ...(reason !== undefined && { reason }) }))

/** openssl's names of reasons. */
const reasonWords: Record<string, string> = {
  unspecified: 'Unspecified', keyCompromise: 'Key Compromise', cACompromise: 'CA Compromise', affiliationChanged: 'Affiliation Changed', superseded: 'Superseded',
  cessationOfOperation: 'Cessation Of Operation', certificateHold: 'Certificate Hold', privilegeWithdrawn: 'Privilege Withdrawn', aACompromise: 'AA Compromise',
}

describe.skipIf(!openssl)('differential tests against openssl', () => {
  const root = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=Akar Contoh', ca: true, algorithm: 'rsa-sha256' })
  const rootFile = openssl ? put('root.pem', pem('CERTIFICATE', root.der)) : ''
  const key = makeParty({ subject: 'CN=Kunci' }).key
  const issue = (number: string): Party => makeParty({ subject: 'CN=Ratna Contoh', issuer: root, serial: number, key })

  it('openssl crl -text: the same entries, dates and reasons, 50 CRLs of up to 40 entries', () => {
    fc.assert(fc.property(fc.uniqueArray(entry, { maxLength: 40, selector: (one) => one.serial }), (entries) => {
      const der = makeCrl({ issuer: root, entries })
      const text = execFileSync('openssl', ['crl', '-inform', 'DER', '-in', put('x.crl', der), '-noout', '-text'], { encoding: 'utf8' })
      const theirs = [...text.matchAll(/Serial Number: (?:00)?([0-9A-F]+)\n\s+Revocation Date: (.+ GMT)\n(?:\s+CRL entry extensions:\n\s+X509v3 CRL Reason Code: \n\s+(.+)\n)?/g)]
        .map(([, number, date, reason]) => `${BigInt(`0x${number}`).toString(16)} ${new Date(date!).toISOString()} ${reason?.trim() ?? ''}`)
      const ours = [...readCrl(der).entries()].map((one) => `${one.serial} ${one.revocationDate.toISOString()} ${one.reason === undefined ? '' : reasonWords[one.reason]!}`)
      expect(ours).toEqual(theirs)
    }), { numRuns: 50 })
  })

  // One process checks many certificates against one CRL: 40 x 25 certificates.
  it('openssl verify -crl_check: the same verdict for 1,000 certificates, before, within and after the CRL\'s time', async () => {
    let certificates = 0
    await fc.assert(fc.asyncProperty(
      fc.uniqueArray(entry, { maxLength: 60, selector: (one) => one.serial }), fc.array(serial, { minLength: 25, maxLength: 25 }), fc.constantFrom(-1, 0, 1, 6.9, 7.1), fc.boolean(),
      async (entries, strangers, days, spoil) => {
        const at = later(days)
        const crl = makeCrl({ issuer: root, entries, spoil: spoil && days === 1 })
        const crlFile = put('y.crl', pem('X509 CRL', crl))
        const subjects = strangers.map((stranger, i) => issue(i % 2 === 0 ? entries[i % Math.max(1, entries.length)]?.serial ?? stranger : stranger))
        certificates += subjects.length
        const files = subjects.map((subject, i) => put(`${i}.pem`, pem('CERTIFICATE', subject.der)))
        const { stdout, stderr } = spawnSync('openssl', ['verify', '-crl_check', '-attime', epoch(at), '-CAfile', rootFile, '-CRLfile', crlFile, ...files], { encoding: 'utf8' })
        const lines = `${stdout}${stderr}`
        for (const [i, subject] of subjects.entries()) {
          const { status, reason } = await checkStatus(subject.der, { anchors: [root.der], crls: [crl], at, fetch: false, skew: 0 })
          const accepted = stdout.includes(`${files[i]}: OK\n`)
          expect(status === 'good', `${status} ${reason}, openssl: ${lines}`).toBe(accepted)
          // A revocation that openssl sees, we see. The reverse needs a fresh CRL: openssl stops at a stale one, to us a final listing still counts.
          const listed = readCrl(crl).find(subject.certificate.serial)
          if (listed !== undefined && days === 1 && !spoil) expect(status).toBe(listed.reason === 'certificateHold' ? 'suspended' : 'revoked')
        }
      },
    ), { numRuns: 40 })
    expect(certificates).toBeGreaterThanOrEqual(1000)
  }, 120_000)

  it('openssl ocsp -respin: the same status, delegated responder, 60 answers', async () => {
    const responder = makeParty({ subject: 'CN=Penjawab Contoh', issuer: root, purposes: ['1.3.6.1.5.5.7.3.9'], noCheck: true })
    const wrong = makeParty({ subject: 'CN=Bukan Penjawab', issuer: root, noCheck: true })
    // openssl judges an answer by the clock of the machine: these are made for now.
    const now = new Date(Math.floor(Date.now() / 1000) * 1000)
    const hours = (count: number): Date => new Date(now.getTime() + count * 3_600_000)
    const valid = { notBefore: hours(-100), notAfter: hours(10_000) }
    const authority = makeParty({ subject: 'CN=CA Kini', ca: true, ...valid })
    const signers = [responder, wrong].map((party, i) => makeParty({ subject: `CN=Penanda ${i}`, issuer: authority, key: party.key, noCheck: true, ...valid, ...(party === responder && { purposes: ['1.3.6.1.5.5.7.3.9'] }) }))
    const anchor = put('ca.pem', pem('CERTIFICATE', authority.der))
    const subject = makeParty({ subject: 'CN=Ratna Contoh', issuer: authority, serial: 'a1b2', ...valid })
    const subjectFile = put('subject.pem', pem('CERTIFICATE', subject.der))
    await fc.assert(fc.asyncProperty(fc.record({
      status: fc.constantFrom('good' as const, 'revoked' as const, 'unknown' as const), reason: fc.constantFrom(undefined, 1, 4), hash: fc.constantFrom('sha1' as const, 'sha256' as const),
      byName: fc.boolean(), signer: fc.constantFrom(signers[0]!, signers[0]!, signers[1]!, authority), spoil: fc.constantFrom(false, false, false, true), age: fc.constantFrom(-1, -1, -30), serial: fc.constantFrom('a1b2', 'a1b2', 'a1b3'),
    }), async ({ status, reason, hash, byName, signer, spoil, age, serial: number }) => {
      const single = { serial: number, issuer: authority, hash, status, revokedAt: hours(-40), thisUpdate: hours(age), nextUpdate: hours(age + 24), ...(reason !== undefined && { reason }) }
      const der = makeOcsp({ signer, byName, spoil, producedAt: hours(age), send: signer === authority ? [] : [signer], singles: [single] })
      const run = spawnSync('openssl', ['ocsp', '-respin', put('r.der', der), `-${hash}`, '-issuer', anchor, '-cert', subjectFile, '-CAfile', anchor, '-no_nonce'], { encoding: 'utf8' })
      const all = `${run.stdout}${run.stderr}`
      const verified = all.includes('Response verify OK') && !all.includes('Status times invalid') && !all.includes('No Status found')
      const theirs = verified ? /: (good|revoked|unknown)\n/.exec(all)?.[1] ?? 'none' : 'refused'
      const verdict = await checkStatus(subject.der, { anchors: [authority.der], ocsp: [der], at: now, fetch: false })
      const ours = verdict.status === 'unknown' ? (verdict.reason === 'responderUnknown' ? 'unknown' : 'refused') : verdict.status
      // A stale but authentic revocation still counts here; openssl refuses the times.
      if (ours === 'revoked' && all.includes('Status times invalid')) expect(all).toContain('Response verify OK')
      else expect(ours, all).toBe(theirs)
    }), { numRuns: 60 })
  }, 120_000)
})
