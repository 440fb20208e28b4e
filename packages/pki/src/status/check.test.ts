import { describe, expect, it } from 'vitest'
import { later, makeParty, type Party } from '../../test/build/certificate.js'
import { makeCrl, type CrlPlan } from '../../test/build/crl.js'
import { extension, oid, seq } from '../../test/build/der.js'
import { makeOcsp } from '../../test/build/ocsp.js'
import { PkiError } from '../errors.js'
import { readCrl, readCrlStream } from '../crl/index.js'
import { checkStatus, type StatusOptions, type StatusVerdict } from './index.js'

const root = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=Akar Contoh', ca: true, notAfter: later(900) })
const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true, issuer: root, notAfter: later(800) })
const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2' })
const rootCrl = makeCrl({ issuer: root })
const crl = (plan: Partial<CrlPlan> = {}): Buffer => makeCrl({ issuer: ca, ...plan })
const revokes = crl({ entries: [{ serial: 'a1b2', reason: 4 }] })
const holds = crl({ entries: [{ serial: 'a1b2', reason: 6 }] })

const base = { anchors: [root.der] as const, intermediates: [ca.der], at: later(1), fetch: false as const }
const run = (options: Partial<StatusOptions> = {}, subject: Party = leaf): Promise<StatusVerdict> => checkStatus(subject.der, { ...base, ...options })
const say = async (options: Partial<StatusOptions> = {}, subject: Party = leaf): Promise<string> => {
  const { status, reason } = await run(options, subject)
  return reason === undefined ? status : `${status} ${reason}`
}

describe('checkStatus', () => {
  it('good: a valid path and fresh evidence for every certificate below the anchor', async () => {
    const verdict = await run({ crls: [rootCrl, crl()] })
    expect(verdict).toMatchObject({ status: 'good', asOf: later(0), validUntil: later(7), problems: [] })
    expect(verdict.chain.map(({ serial }) => serial)).toEqual([leaf, ca, root].map(({ certificate }) => certificate.serial))
    expect(verdict.evidence.map(({ verdict: what }) => what)).toEqual(['notRevoked'])
    expect(verdict.issuerEvidence.map(({ verdict: what }) => what)).toEqual(['notRevoked'])
  })

  it('silence is never good', async () => {
    expect(await say()).toBe('unknown issuerStatusUnknown')
    expect(await say({ checkIssuers: false })).toBe('unknown noEvidence')
    expect(await say({ crls: [crl()] })).toBe('unknown issuerStatusUnknown')
    expect(await say({ crls: [rootCrl] })).toBe('unknown issuerMismatch')
    expect(await say({ crls: [crl()], checkIssuers: false })).toBe('good')
  })

  it('revoked: with date and reason; the authority above needs no evidence for that', async () => {
    expect(await run({ crls: [revokes] })).toMatchObject({ status: 'revoked', revocation: { date: later(-1), reason: 'superseded' }, asOf: later(0) })
    expect(await say({ crls: [crl({ entries: [{ serial: 'a1b2' }], nextUpdate: null })] })).toBe('revoked')
  })

  it('precedence: revoked before expired before suspended before unknown before notYetValid before good', async () => {
    const expired = makeParty({ subject: 'CN=Lama', issuer: ca, serial: 'e1', notAfter: later(0.5) })
    const early = makeParty({ subject: 'CN=Baru', issuer: ca, serial: 'e2', notBefore: later(2) })
    const crls = (serial: string, reason?: number): Partial<StatusOptions> => ({ crls: [rootCrl, crl({ entries: [{ serial, ...(reason !== undefined && { reason }) }] })] })
    expect(await say(crls('e1', 1), expired)).toBe('revoked')
    expect(await say(crls('e1', 6), expired)).toBe('expired')
    expect(await say({}, expired)).toMatch(/^expired/)
    expect(await say(crls('e2', 1), early)).toBe('revoked')
    expect(await say(crls('e2', 6), early)).toBe('suspended')
    expect(await say({}, early)).toMatch(/^unknown/)
    expect(await say(crls('ff'), early)).toBe('notYetValid')
    expect(await say({ crls: [holds] })).toBe('suspended')
    expect(await say({ crls: [rootCrl, holds, revokes] })).toBe('revoked')
  })

  it('an issuer that leads to no pinned anchor', async () => {
    const stranger = makeParty({ subject: 'CN=Akar Lain', ca: true })
    const other = makeParty({ subject: 'CN=Orang Lain', issuer: stranger })
    expect(await say({ crls: [makeCrl({ issuer: stranger, entries: [{ serial: other.certificate.serial }] })] }, other)).toBe('unknown issuerNotPinned')
    expect(await say({ anchors: [stranger.der], crls: [rootCrl, revokes] })).toBe('unknown issuerNotPinned')
  })

  it('an expired anchor: nothing can be determined, whatever the evidence says', async () => {
    expect(await say({ crls: [rootCrl, revokes], at: later(901) })).toMatch(/^expired expiredAnchor/)
    const longer = makeParty({ subject: 'CN=Panjang', issuer: ca, notAfter: later(2000) })
    expect(await say({ crls: [rootCrl, crl()], at: later(901) }, longer)).toBe('unknown expiredAnchor')
    expect(await say({}, root)).toBe('unknown isAnchor')
    expect(await say({ at: later(901) }, root)).toBe('unknown expiredAnchor')
  })

  it('a revoked or suspended authority above', async () => {
    for (const reason of [2, 6]) {
      const verdict = await run({ crls: [makeCrl({ issuer: root, entries: [{ serial: ca.certificate.serial, reason }] }), crl()] })
      expect(verdict).toMatchObject({ status: 'unknown', reason: 'issuerRevoked', problems: [expect.objectContaining({ reason: 'issuerRevoked', index: 1 })] })
    }
  })

  it('a critical purpose outside RFC 5280 is accepted only when the caller names it; a revocation counts anyway', async () => {
    const purpose = '1.2.840.113583.1.1.5'
    const signer = makeParty({ subject: 'CN=Penanda Tangan', issuer: ca, serial: 'f1', extensions: [extension('2.5.29.37', seq(oid(purpose)), true)] })
    expect(await run({ crls: [rootCrl, crl()] }, signer)).toMatchObject({ status: 'unknown', reason: 'pathInvalid', problems: [{ detail: `purpose ${purpose}`, index: 0 }] })
    expect(await say({ crls: [rootCrl, crl()], purposes: [purpose] }, signer)).toBe('good')
    expect(await say({ crls: [rootCrl, crl()], purposes: ['1.3.6.1.5.5.7.3.4'] }, signer)).toBe('unknown pathInvalid')
    expect(await say({ crls: [crl({ entries: [{ serial: 'f1' }] })] }, signer)).toBe('revoked')
    expect(await say({ crls: [rootCrl, crl()], purposes: [] })).toBe('good')
  })

  it('OCSP and CRL together: a revocation first, then the newer word', async () => {
    const responder = makeParty({ subject: 'CN=Penjawab', issuer: ca, purposes: ['1.3.6.1.5.5.7.3.9'], noCheck: true })
    const ocsp = (status: 'good' | 'revoked', thisUpdate: Date, reason?: number): Buffer =>
      makeOcsp({ signer: responder, send: [responder], singles: [{ serial: 'a1b2', issuer: ca, status, thisUpdate, nextUpdate: later(5), ...(reason !== undefined && { reason }) }] })
    expect(await say({ crls: [rootCrl], ocsp: [ocsp('good', later(0))] })).toBe('good')
    expect(await say({ crls: [rootCrl, crl()], ocsp: [ocsp('revoked', later(-2))] })).toBe('revoked')
    expect(await say({ crls: [rootCrl, holds], ocsp: [ocsp('good', later(0.5))] })).toBe('good')
    expect(await say({ crls: [rootCrl, holds], ocsp: [ocsp('good', later(-0.5))] })).toBe('suspended')
    expect(await say({ crls: [rootCrl, holds], ocsp: [ocsp('good', later(0))] })).toBe('suspended')
    expect(await say({ crls: [rootCrl], ocsp: [ocsp('good', later(0)), Buffer.from('<html>')] })).toBe('good')
  })

  it('RFC 6960 4.2.2.2.1: a responder without nocheck is looked up in the CRLs at hand', async () => {
    const responder = makeParty({ subject: 'CN=Penjawab', issuer: ca, serial: 'd0', purposes: ['1.3.6.1.5.5.7.3.9'], crlUrls: ['http://contoh.test/ca.crl'] })
    const ocsp = [makeOcsp({ signer: responder, send: [responder], singles: [{ serial: 'a1b2', issuer: ca, nextUpdate: later(5) }] })]
    // The CRL is stale for the certificate by maxAge, fresh enough for nothing else: only the answer can decide.
    const partial = makeCrl({ issuer: ca, scope: { url: 'http://contoh.test/ca.crl' } })
    expect(await say({ crls: [rootCrl], ocsp })).toBe('unknown signerStatusUnknown')
    expect(await say({ crls: [rootCrl, partial], ocsp })).toBe('good')
    const revoked = makeCrl({ issuer: ca, scope: { url: 'http://contoh.test/ca.crl' }, entries: [{ serial: 'd0' }] })
    expect(await say({ crls: [rootCrl, revoked], ocsp })).toBe('unknown signerRevoked')
  })

  it('unreadable evidence is a problem, not an exception, and hides nothing', async () => {
    const verdict = await run({ crls: [Buffer.from('<html>'), rootCrl, crl()] })
    expect(verdict).toMatchObject({ status: 'good', problems: [{ reason: 'malformed', detail: 'crl: derTag at 0' }] })
    expect(await say({ crls: [Buffer.from('<html>'), rootCrl] })).toBe('unknown issuerMismatch')
  })

  it('takes PEM, DER and what was read before, also streamed', async () => {
    const pem = `-----BEGIN CERTIFICATE-----\n${leaf.der.toString('base64')}\n-----END CERTIFICATE-----`
    const streamed = await readCrlStream(new Blob([new Uint8Array(revokes)]).stream(), { serials: ['a1b2', ca.certificate.serial], signers: [ca.certificate] })
    expect((await checkStatus(pem, { ...base, crls: [readCrl(revokes)] })).status).toBe('revoked')
    const verdict = await checkStatus(leaf.certificate, { ...base, crls: [streamed] })
    expect(verdict.status).toBe('revoked')
    expect(verdict.evidence[0]!.sha256).toBe((await run({ crls: [revokes] })).evidence[0]!.sha256)
  })

  it('misuse: no anchors, no time, no certificate', async () => {
    // @ts-expect-error an empty list of anchors is a type error
    await expect(checkStatus(leaf.der, { anchors: [] })).rejects.toThrow(new TypeError('at least one anchor is needed'))
    await expect(checkStatus(leaf.der, { ...base, at: new Date(Number.NaN) })).rejects.toThrow(new TypeError('`at` is no time'))
    await expect(checkStatus(root.der, { ...base, at: new Date(Number.NaN) })).rejects.toThrow(new TypeError('`at` is no time'))
    await expect(checkStatus(leaf.der, { ...base, maxAge: Number.NaN })).rejects.toThrow(TypeError)
    await expect(checkStatus(leaf.der, { ...base, skew: Number.NaN })).rejects.toThrow(TypeError)
    await expect(checkStatus(leaf.der.subarray(1), base)).rejects.toThrow(PkiError)
    const strings: readonly string[] = []
    await expect(checkStatus(leaf.der, { anchors: strings })).rejects.toThrow(TypeError)
  })

  it('never throws for a forest of look-alike authorities', async () => {
    const forest = Array.from({ length: 12 }, () => makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true, issuer: root }).der)
    expect(await say({ intermediates: [...forest, ca.der], crls: [rootCrl, crl()] })).toBe('good')
    expect(await say({ intermediates: forest, crls: [rootCrl, crl()] })).toMatch(/^unknown/)
  })
})
