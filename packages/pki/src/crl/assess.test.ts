import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { later, makeParty, type Party } from '../../test/build/certificate.js'
import { makeCrl, type CrlPlan, type EntryPlan } from '../../test/build/crl.js'
import { extension, generalized, seq, serialInt, tlv } from '../../test/build/der.js'
import { keyOctets, signed, type Key } from '../../test/build/keys.js'
import { basicConstraints, extension as plainExtension, issue, newKeys } from '../../test/support/issue.js'
import { judgeCrl, judgeCrls, readCrl, readCrlStream, type JudgeCrlOptions } from './index.js'

const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true })
const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2' })
const at = later(1)
const seconds = (count: number): Date => new Date(at.getTime() + count * 1000)

const read = (plan: Partial<CrlPlan> = {}): ReturnType<typeof readCrl> => readCrl(makeCrl({ issuer: ca, ...plan }))
async function judge(plan: Partial<CrlPlan>, options: Partial<JudgeCrlOptions> = {}, subject: Party = leaf): Promise<string> {
  const { verdict, reason } = await judgeCrl(subject.certificate, read(plan), { issuer: ca.certificate, at, ...options })
  return reason === undefined ? verdict : `${verdict} ${reason}`
}
const listed = (reason: number, date = later(-1)): readonly EntryPlan[] => [{ serial: 'a1b2', reason, date }]
async function* pieces(bytes: Uint8Array): AsyncIterable<Uint8Array> { yield bytes }

describe('one CRL and the time in question (RFC 5280 section 6.3.3)', () => {
  it.each<[string, Partial<CrlPlan>, Partial<JudgeCrlOptions>, string]>([
    ['as far ahead as is allowed', { thisUpdate: seconds(300) }, {}, 'notRevoked'],
    ['a second further', { thisUpdate: seconds(301) }, {}, 'unknown notYetValid'],
    ['no second ahead is allowed', { thisUpdate: seconds(1) }, { skew: 0 }, 'unknown notYetValid'],
    ['made at that second', { thisUpdate: at }, { skew: 0 }, 'notRevoked'],
    ['made later, and dates the revocation as far ahead as is allowed', { thisUpdate: seconds(900), entries: listed(1, seconds(300)) }, {}, 'revoked'],
    ['made later, and dates the revocation a second further', { thisUpdate: seconds(900), entries: listed(1, seconds(301)) }, {}, 'unknown notYetValid'],
    ['made later, and dates the revocation at that second', { thisUpdate: seconds(900), entries: listed(1, at) }, { skew: 0 }, 'revoked'],
    ['made later, and dates the revocation a second later', { thisUpdate: seconds(900), entries: listed(1, seconds(1)) }, { skew: 0 }, 'unknown notYetValid'],
    ['made before, and dates the revocation after', { entries: listed(1, later(5)) }, {}, 'revoked'],
    ['in its last second', { nextUpdate: at }, {}, 'notRevoked'],
    ['a second too old', { nextUpdate: seconds(-1) }, {}, 'unknown stale'],
    ['as old as is allowed, which nextUpdate does not lengthen', { nextUpdate: later(2) }, { maxAge: 86_399 }, 'unknown stale'],
    ['young enough, but after nextUpdate', { nextUpdate: seconds(-1) }, { maxAge: 999_999 }, 'unknown stale'],
    ['a hold that is too old', { nextUpdate: seconds(-1), entries: listed(6) }, {}, 'unknown stale'],
    ['a delta alone', { base: 1, number: 2 }, {}, 'unknown deltaWithoutBase'],
    ['some reasons', { scope: { reasons: [1] } }, {}, 'unknown reasonsNotCovered'],
    ['a removal in a delta alone', { base: 1, number: 2, entries: listed(8) }, {}, 'unknown deltaWithoutBase'],
  ])('%s', async (_, plan, options, expected) => expect(await judge(plan, options)).toBe(expected))

  it.each<[string, Date, Date | undefined, string]>([
    ['a certificate that expired with it', later(0), undefined, 'notRevoked'],
    ['one that expired before', new Date(later(0).getTime() - 1000), undefined, 'unknown expiredBeforeEvidence'],
    ['one that expired when the CRL began to keep them', later(-5), later(-5), 'notRevoked'],
    ['one that expired before it began to keep them', later(-5), later(-4), 'unknown expiredBeforeEvidence'],
    ['one that expired after it began to keep them', later(-5), later(-6), 'notRevoked'],
  ])('section 3.3: %s', async (_, notAfter, since, expected) => {
    const subject = makeParty({ subject: 'CN=Lama', issuer: ca, notAfter })
    expect(await judge(since === undefined ? {} : { extensions: [extension('2.5.29.60', generalized(since))] }, {}, subject)).toBe(expected)
  })

  it('how long absence proves something', async () => {
    const until = async (plan: Partial<CrlPlan>, options: Partial<JudgeCrlOptions> = {}): Promise<unknown> => {
      return (await judgeCrls(leaf.certificate, [read(plan)], { issuer: ca.certificate, at, ...options })).validUntil
    }
    expect([await until({}), await until({}, { maxAge: 172_800 }), await until({ nextUpdate: null }, { maxAge: 172_800 }), await until({ nextUpdate: later(1.5) }, { maxAge: 172_800 })]).toEqual([later(7), later(2), later(2), later(1.5)])
  })
})

describe('what a judgement carries', () => {
  const facts = async (plan: Partial<CrlPlan>, options: Partial<JudgeCrlOptions> = {}): Promise<unknown[]> => {
    const { fresh, revocation, signer } = await judgeCrl(leaf.certificate, read(plan), { issuer: ca.certificate, at, ...options })
    return [fresh, revocation, signer === ca.certificate]
  }
  const revocation = { date: later(-1), reason: 'keyCompromise' }
  it('whether it is fresh, the revocation where it counts, who signed', async () => {
    expect(await facts({})).toEqual([true, undefined, true])
    expect(await facts({ entries: listed(1) })).toEqual([true, revocation, true])
    expect(await facts({ entries: listed(6) })).toEqual([true, { date: later(-1), reason: 'certificateHold' }, true])
    expect(await facts({ entries: listed(1), nextUpdate: later(0.5) })).toEqual([false, revocation, true])
    expect(await facts({ entries: listed(6), nextUpdate: later(0.5) })).toEqual([false, undefined, true])
    expect(await facts({ entries: listed(8), base: 1, number: 2 })).toEqual([true, undefined, true])
    expect(await facts({ entries: listed(1), spoil: true })).toEqual([false, undefined, false])
    expect(await facts({ entries: listed(1), extensions: [extension('1.2.3', tlv(0x05), true)] })).toEqual([false, undefined, true])
  })

  it('of a stream no octets, but their digest', async () => {
    const bytes = makeCrl({ issuer: ca, entries: listed(1) })
    const options = { serials: ['a1b2'], signers: [ca.certificate] }
    const judged = await judgeCrl(leaf.certificate, await readCrlStream(pieces(bytes), options), { issuer: ca.certificate, at })
    expect(judged).toMatchObject({ verdict: 'revoked', sha256: createHash('sha256').update(bytes).digest('hex') })
    expect(judged.bytes).toEqual(new Uint8Array(0))
    expect(await judgeCrl(leaf.certificate, await readCrlStream(pieces(bytes), { ...options, digest: false }), { issuer: ca.certificate, at })).toMatchObject({ verdict: 'revoked', sha256: '' })
  })

  it('a stream that was not read for the certificate says nothing of it', async () => {
    const crl = await readCrlStream(pieces(makeCrl({ issuer: ca })), { serials: ['1'], signers: [ca.certificate] })
    expect(await judgeCrl(leaf.certificate, crl, { issuer: ca.certificate, at })).toMatchObject({ verdict: 'unknown', reason: 'otherCertificate', fresh: false, signer: ca.certificate })
  })

  it('an entry whose date is none makes the CRL malformed, for that certificate', async () => {
    const tbs = Buffer.from(read({ entries: [{ serial: 'a1b2' }] }).tbs)
    tbs.set(seq(serialInt('a1b2'), tlv(0x17, Buffer.from('261301000000Z'))), tbs.indexOf(serialInt('a1b2')) - 2)
    const crl = readCrl(signed(ca.key, tbs))
    expect(await judgeCrl(leaf.certificate, crl, { issuer: ca.certificate, at })).toMatchObject({ verdict: 'unknown', reason: 'malformed', signer: ca.certificate })
    const other = makeParty({ subject: 'CN=Lain', issuer: ca, serial: 'a1b3' })
    expect(await judgeCrl(other.certificate, crl, { issuer: ca.certificate, at })).toMatchObject({ verdict: 'notRevoked' })
  })

  it('what is no fault of the CRL is thrown', async () => {
    const crl = Object.assign(Object.create(read()) as ReturnType<typeof readCrl>, { findAll: () => { throw new RangeError('no memory') } })
    await expect(judgeCrl(leaf.certificate, crl, { issuer: ca.certificate, at })).rejects.toThrow(RangeError)
  })
})

describe('who may sign it (RFC 5280 section 6.3.3 (f), (g))', () => {
  it('a key among the signers counts under the name of the CRL only', async () => {
    const stranger = makeParty({ subject: 'CN=Orang Lain', ca: true })
    expect(await judge({ issuer: { name: ca.name, key: stranger.key }, noAuthorityKey: true }, { signers: [stranger.certificate] })).toBe('unknown signatureInvalid')
  })

  it('a CRL by an algorithm that is not allowed', async () => {
    const issuer = makeParty({ subject: 'CN=CA RSA', ca: true, algorithm: 'rsa-sha256' })
    const subject = makeParty({ subject: 'CN=Siti Contoh', issuer })
    expect(await judge({ issuer: { name: issuer.name, key: { ...issuer.key, algorithm: 'rsa-sha1' } } }, { issuer: issuer.certificate }, subject)).toBe('unknown unsupportedAlgorithm')
  })

  it.each<[string, Partial<Parameters<typeof issue>[0]>, string]>([
    ['neither key usage nor key identifier', { extensions: [basicConstraints(true)] }, 'notRevoked'],
    ['key usage without cRLSign', { extensions: [basicConstraints(true), plainExtension('2.5.29.15', true, Uint8Array.of(3, 2, 2, 4))] }, 'unknown signerNotAuthorised'],
    ['cRLSign', { ca: true }, 'notRevoked'],
    ['valid from that second', { ca: true, notBefore: at.toISOString() }, 'notRevoked'],
    ['valid to that second', { ca: true, notAfter: at.toISOString() }, 'notRevoked'],
    ['valid from the next second', { ca: true, notBefore: seconds(1).toISOString() }, 'unknown signerOutOfDate'],
    ['valid to the second before', { ca: true, notAfter: seconds(-1).toISOString() }, 'unknown signerOutOfDate'],
  ])('an issuer with %s', async (_, plan, expected) => {
    const keys = newKeys()
    const issuer = issue({ subject: 'CN=CA Polos', keys, ...plan })
    const spki = keys.publicKey.export({ format: 'der', type: 'spki' })
    const key: Key = { algorithm: 'ed25519', privateKey: keys.privateKey, spki, id: createHash('sha1').update(keyOctets(spki)).digest() }
    const { certificate } = issue({ subject: 'CN=Siti Contoh', issuer })
    const crl = readCrl(makeCrl({ issuer: { name: Buffer.from(issuer.certificate.subjectDer), key } }))
    const { verdict, reason } = await judgeCrl(certificate, crl, { issuer: issuer.certificate, at })
    expect(reason === undefined ? verdict : `${verdict} ${reason}`).toBe(expected)
  })
})
