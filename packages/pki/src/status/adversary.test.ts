import { describe, expect, it } from 'vitest'
import { later, makeParty } from '../../test/build/certificate.js'
import { makeCrl } from '../../test/build/crl.js'
import { directory, extension, seq, tlv } from '../../test/build/der.js'
import { makeOcsp } from '../../test/build/ocsp.js'
import { readCrlStream } from '../crl/index.js'
import { checkStatus } from './index.js'

// Attacks on the whole check, by people who hold some certificate of the hierarchy and hand in whatever they like.
const root = makeParty({ subject: 'CN=Akar Contoh', ca: true })
const ca = makeParty({ subject: 'CN=CA Contoh', ca: true, issuer: root })
const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2' })
const rootCrl = makeCrl({ issuer: root })
const base = { anchors: [root.der] as const, at: later(1), fetch: false as const }

describe('an authority that would vouch for itself (RFC 5280 6.3.3 (f))', () => {
  it('issues a signer with the name of the root, whose path leads through the authority under judgement: unknown, and the check ends', async () => {
    const puppet = makeParty({ subject: 'CN=Akar Contoh', ca: true, issuer: ca, serial: 'bb' })
    const forged = makeCrl({ issuer: puppet })
    const own = makeCrl({ issuer: ca })
    const verdict = await checkStatus(leaf.der, { ...base, intermediates: [ca.der, puppet.der], crls: [forged, own] })
    expect(verdict).toMatchObject({ status: 'unknown', reason: 'issuerStatusUnknown' })
    expect(verdict.problems).toContainEqual({ reason: 'signerStatusUnknown', detail: 'CRL signer' })
  }, 10_000)

  it('the same where the root has revoked it: the forged CRL takes nothing back', async () => {
    const puppet = makeParty({ subject: 'CN=Akar Contoh', ca: true, issuer: ca, serial: 'bb' })
    const revokes = makeCrl({ issuer: root, entries: [{ serial: ca.certificate.serial, reason: 2 }] })
    const verdict = await checkStatus(leaf.der, { ...base, intermediates: [ca.der, puppet.der], crls: [makeCrl({ issuer: puppet, thisUpdate: later(0.9) }), makeCrl({ issuer: ca }), revokes] })
    expect(verdict).toMatchObject({ status: 'unknown', reason: 'issuerRevoked' })
  }, 10_000)

  it('two authorities that sign each other\'s CRLs', async () => {
    const crlPoint = (name: Buffer): Buffer => extension('2.5.29.31', seq(seq(tlv(0xa2, directory(name)))))
    const [one, two] = [makeParty({ subject: 'CN=Satu', ca: true }), makeParty({ subject: 'CN=Dua', ca: true })]
    const first = makeParty({ subject: 'CN=Satu', ca: true, issuer: root, key: one.key, extensions: [crlPoint(two.name)], serial: 'c1' })
    const second = makeParty({ subject: 'CN=Dua', ca: true, issuer: root, key: two.key, extensions: [crlPoint(one.name)], serial: 'c2' })
    const end = makeParty({ subject: 'CN=Ujung', issuer: first, serial: 'c3' })
    const indirect = (issuer: typeof first): Buffer => makeCrl({ issuer, scope: { indirect: true } })
    const verdict = await checkStatus(end.der, { ...base, intermediates: [first.der, second.der], crls: [indirect(first), indirect(second)] })
    expect(verdict.status).toBe('unknown')
  }, 10_000)
})

describe('a streamed CRL knows only what it was read for', () => {
  it('says nothing of another certificate, and is no exception', async () => {
    const responder = makeParty({ subject: 'CN=Penjawab', issuer: ca, serial: 'd0', purposes: ['1.3.6.1.5.5.7.3.9'], crlUrls: ['http://contoh.test/ca.crl'] })
    const answer = makeOcsp({ signer: responder, send: [responder], singles: [{ serial: 'a1b2', issuer: ca, thisUpdate: later(0.5), nextUpdate: later(5) }] })
    const bytes = makeCrl({ issuer: ca, entries: [{ serial: 'd0', reason: 1 }] })
    const streamed = async (serials: string[]): Promise<Awaited<ReturnType<typeof readCrlStream>>> => readCrlStream(new Blob([new Uint8Array(bytes)]).stream(), { serials, signers: [ca.certificate] })
    const check = async (serials: string[]): Promise<unknown> => checkStatus(leaf.der, { ...base, intermediates: [ca.der], crls: [rootCrl, await streamed(serials)], ocsp: [answer] })
    expect(await check(['a1b2', 'd0'])).toMatchObject({ status: 'good', evidence: [{ verdict: 'unknown', reason: 'signerRevoked' }, { verdict: 'notRevoked' }] })
    expect(await check(['a1b2'])).toMatchObject({ status: 'good', evidence: [{ verdict: 'unknown', reason: 'signerStatusUnknown' }, { verdict: 'notRevoked' }] })
    expect(await check(['d0'])).toMatchObject({ status: 'unknown' })
  })
})
