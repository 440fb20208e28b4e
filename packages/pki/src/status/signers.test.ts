import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { later, makeParty, type Party } from '../../test/build/certificate.js'
import { makeCrl, type CrlPlan } from '../../test/build/crl.js'
import { bits, directory, extension, int, octets, oid, seq, tlv } from '../../test/build/der.js'
import { keyOctets, makeKey, type Key } from '../../test/build/keys.js'
import { makeOcsp, ocspError } from '../../test/build/ocsp.js'
import { allowSha1 } from '../crypto/index.js'
import { checkStatus, type StatusOptions, type StatusVerdict } from './index.js'

const root = makeParty({ subject: 'CN=Akar Contoh', ca: true, notAfter: later(900) })
const ca = makeParty({ subject: 'CN=CA Contoh', ca: true, issuer: root, notAfter: later(800) })
const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2' })
const rootCrl = makeCrl({ issuer: root })
const crl = (plan: Partial<CrlPlan> = {}): Buffer => makeCrl({ issuer: ca, ...plan })

const run = async (options: Partial<StatusOptions>, subject: Party = leaf): Promise<StatusVerdict> => {
  let timer: NodeJS.Timeout | undefined
  // Whoever waits for itself waits for ever.
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('no verdict')), 5000) })
  return Promise.race([checkStatus(subject.der, { anchors: [root.der], intermediates: [ca.der], at: later(1), fetch: false, ...options }), late]).finally(() => clearTimeout(timer))
}
const say = async (options: Partial<StatusOptions>, subject: Party = leaf): Promise<string> => {
  const { status, reason } = await run(options, subject)
  return reason === undefined ? status : `${status} ${reason}`
}
const responderOf = (plan: { serial?: string; noCheck?: boolean; crlUrls?: string[] } = {}): Party => makeParty({ subject: 'CN=Penjawab', issuer: ca, purposes: ['1.3.6.1.5.5.7.3.9'], ...plan })
const answerOf = (signer: Party, status: 'good' | 'revoked' = 'good', more: { serial?: string; thisUpdate?: Date; reason?: number } = {}): Buffer =>
  makeOcsp({ signer, send: [signer], singles: [{ serial: 'a1b2', issuer: ca, status, nextUpdate: later(5), ...more }] })

describe('OCSP (RFC 6960)', () => {
  it('says when and why a certificate was revoked', async () => {
    const verdict = await run({ ocsp: [answerOf(responderOf({ noCheck: true }), 'revoked', { reason: 1, thisUpdate: later(0.5) })] })
    expect(verdict).toMatchObject({ status: 'revoked', asOf: later(0.5), revocation: { date: later(-1), reason: 'keyCompromise' } })
    expect(verdict.validUntil).toBeUndefined()
    expect(await run({ crls: [rootCrl], ocsp: [answerOf(responderOf({ noCheck: true }), 'revoked', { reason: 6 })] })).toMatchObject({ status: 'suspended', revocation: { date: later(-1), reason: 'certificateHold' }, validUntil: later(5) })
  })
  it('counts where one answer of several is for the certificate, and is left aside where none is', async () => {
    const both = makeOcsp({ signer: ca, singles: [{ serial: 'ff', issuer: ca, status: 'revoked', nextUpdate: later(5) }, { serial: 'a1b2', issuer: ca, nextUpdate: later(5) }] })
    expect(await say({ crls: [rootCrl], ocsp: [both] })).toBe('good')
    const verdict = await run({ crls: [rootCrl, crl()], ocsp: [answerOf(ca, 'revoked', { serial: 'ff' })] })
    expect([verdict.status, verdict.evidence.map(({ source }) => source)]).toEqual(['good', ['crl']])
  })
  it('that is an error is evidence too, and says nothing', async () => {
    expect(await run({ crls: [rootCrl], ocsp: [ocspError(6)] })).toMatchObject({ status: 'unknown', reason: 'responderError', evidence: [{ source: 'ocsp', verdict: 'unknown', reason: 'responderError' }] })
    expect(await say({ crls: [rootCrl, crl()], ocsp: [ocspError(6)] })).toBe('good')
  })
  it('and CRLs of the same moment: a hold counts before its absence, whichever says so', async () => {
    const responder = responderOf({ noCheck: true })
    expect(await say({ crls: [rootCrl, crl()], ocsp: [answerOf(responder, 'revoked', { reason: 6 })] })).toBe('suspended')
    expect(await say({ crls: [rootCrl, crl({ entries: [{ serial: 'a1b2', reason: 6 }] })], ocsp: [answerOf(responder)] })).toBe('suspended')
    expect(await say({ crls: [rootCrl, crl({ thisUpdate: later(0.1) })], ocsp: [answerOf(responder, 'revoked', { reason: 6 })] })).toBe('good')
  })
  it('of a revoked authority sets no end to a hold below it', async () => {
    const revokes = makeOcsp({ signer: root, singles: [{ serial: ca.certificate.serial, issuer: root, status: 'revoked', reason: 2, nextUpdate: later(2) }] })
    expect(await run({ crls: [crl({ entries: [{ serial: 'a1b2', reason: 6 }] })], ocsp: [revokes] })).toMatchObject({ status: 'suspended', validUntil: later(7) })
  })
  it('of a responder that answered twice is judged twice', async () => {
    const responder = responderOf({ serial: 'd0' })
    const verdict = await run({ crls: [rootCrl, crl({ thisUpdate: later(-1) })], ocsp: [answerOf(responder), answerOf(responder, 'good', { thisUpdate: later(0.5) })] })
    expect(verdict).toMatchObject({ status: 'good', asOf: later(0.5) })
    expect(verdict.evidence.map(({ source, verdict: what }) => `${source} ${what}`)).toEqual(['ocsp notRevoked', 'ocsp notRevoked', 'crl notRevoked'])
    expect(verdict.issuerEvidence.map(({ source, verdict: what }) => `${source} ${what}`)).toEqual(['crl notRevoked', 'crl notRevoked', 'crl notRevoked'])
  })
  it('in which a responder vouches for itself says nothing, and the check ends', async () => {
    const responder = responderOf({ serial: 'a1b2', crlUrls: ['http://contoh.test/crl'] })
    const verdict = await run({ crls: [rootCrl], ocsp: [answerOf(responder)] }, responder)
    expect([verdict.status, verdict.reason]).toEqual(['unknown', 'signerStatusUnknown'])
    expect(verdict.issuerEvidence.map(({ reason }) => reason)).toEqual([undefined, 'signerStatusUnknown'])
    expect(await say({ crls: [rootCrl, crl()], ocsp: [answerOf(responder)] }, responder)).toBe('good')
    expect(await say({ crls: [rootCrl, crl({ entries: [{ serial: 'a1b2', reason: 1 }] })], ocsp: [answerOf(responder, 'good', { thisUpdate: later(0.5) })] }, responder)).toBe('revoked')
  })
})

describe('what is at hand and what is fetched', () => {
  it('the more useful reason is told', async () => {
    const told = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2', crlUrls: ['http://contoh.test/crl'] })
    const failing = { get: () => Promise.resolve({ outcome: 'failed', detail: 'x' } as const), post: () => Promise.resolve({ outcome: 'failed', detail: 'x' } as const) }
    const verdict = await run({ crls: [rootCrl, crl({ thisUpdate: later(-5), nextUpdate: later(-4) })], fetch: failing }, told)
    expect(verdict).toMatchObject({ status: 'unknown', reason: 'stale', problems: [{ reason: 'fetchFailed', detail: 'x', url: 'http://contoh.test/crl' }] })
    expect(verdict.evidence).toHaveLength(1)
  })
})

describe('signers of CRLs that are not the issuer (RFC 5280 6.3.3 (f))', () => {
  const other = (plan: Partial<Parameters<typeof makeParty>[0]> = {}): Party => makeParty({ subject: 'CN=CA Contoh', ca: true, issuer: root, notAfter: later(800), ...plan })

  it('another key of the same authority counts when it is itself in order', async () => {
    const signer = other({ serial: 'bb' })
    const intermediates = [ca.der, signer.der]
    expect(await run({ intermediates, crls: [rootCrl, makeCrl({ issuer: signer })] })).toMatchObject({ status: 'good', problems: [] })
    expect(await say({ intermediates, crls: [rootCrl, makeCrl({ issuer: signer, entries: [{ serial: 'a1b2', reason: 1 }] })] })).toBe('revoked')
    // Revoked, on hold, or of unknown status: its word does not count.
    for (const [reason, said] of [[1, 'signerRevoked'], [6, 'signerRevoked']] as const) {
      const verdict = await run({ intermediates, crls: [makeCrl({ issuer: root, entries: [{ serial: 'bb', reason }] }), makeCrl({ issuer: signer })] })
      expect([verdict.status, verdict.reason, verdict.problems]).toEqual(['unknown', expect.stringMatching(/^sign/), [{ reason: said, detail: 'CRL signer' }]])
    }
    const unknown = await run({ intermediates, checkIssuers: false, crls: [makeCrl({ issuer: signer })] })
    expect([unknown.status, unknown.problems]).toEqual(['unknown', [{ reason: 'signerStatusUnknown', detail: 'CRL signer' }]])
  })

  it('of another anchor, or of none, does not count', async () => {
    const second = makeParty({ subject: 'CN=Akar Kedua', ca: true, notAfter: later(900) })
    for (const issuer of [second, undefined]) {
      const signer = issuer === undefined ? makeParty({ subject: 'CN=CA Contoh', ca: true }) : other({ issuer })
      const verdict = await run({ anchors: [root.der, second.der], intermediates: [ca.der, signer.der], crls: [rootCrl, makeCrl({ issuer: second }), makeCrl({ issuer: signer, entries: [{ serial: 'a1b2', reason: 1 }] })] })
      expect([verdict.status, verdict.problems]).toEqual(['unknown', [{ reason: 'signerNotTrusted', detail: 'CRL signer' }]])
    }
  })

  it('is looked at once, however often it is handed in', async () => {
    const stranger = makeParty({ subject: 'CN=CA Contoh', ca: true })
    const verdict = await run({ intermediates: [stranger.der, ca.der, stranger.der, ca.der], crls: [rootCrl, crl()] })
    expect([verdict.status, verdict.problems]).toEqual(['good', [{ reason: 'signerNotTrusted', detail: 'CRL signer' }]])
  })

  it('whose certificate is signed by a deprecated algorithm counts where that is allowed', async () => {
    const old = makeParty({ subject: 'CN=Akar Lama', ca: true, algorithm: 'rsa-sha1', notAfter: later(900) })
    const [one, two] = [other({ issuer: old }), other({ issuer: old })]
    const below = makeParty({ subject: 'CN=Ratna Contoh', issuer: one, serial: 'a1b2' })
    const options = { anchors: [old.der] as const, intermediates: [one.der, two.der], crls: [makeCrl({ issuer: old }), makeCrl({ issuer: two })] }
    expect(await say({ ...options, allow: [allowSha1] }, below)).toBe('good')
    expect(await say(options, below)).toMatch(/^unknown/)
  })

  it('that a distribution point appoints counts beside the issuer itself (4.2.1.13)', async () => {
    const appointed = makeParty({ subject: 'CN=Penerbit Daftar', issuer: root, usage: [6], notAfter: later(800) })
    const point = extension('2.5.29.31', seq(seq(tlv(0xa2, directory(appointed.name)))))
    const below = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2', extensions: [point] })
    const indirect = (entries: CrlPlan['entries'] = []): Buffer => makeCrl({ issuer: appointed, scope: { indirect: true }, entries: entries })
    const intermediates = [ca.der, appointed.der]
    expect(await say({ intermediates, crls: [rootCrl, indirect()] }, below)).toBe('good')
    const stale = crl({ thisUpdate: later(-5), nextUpdate: later(-4) })
    expect(await say({ intermediates, crls: [rootCrl, stale, indirect()] }, below)).toBe('good')
    expect(await say({ intermediates, crls: [rootCrl, stale, indirect([{ serial: 'a1b2', issuer: ca.name, reason: 1 }])] }, below)).toBe('revoked')
    // Not appointed by this certificate.
    expect(await say({ intermediates, crls: [rootCrl, indirect([{ serial: 'a1b2', issuer: ca.name, reason: 1 }])] })).toBe('unknown issuerMismatch')
  })

  it('appointed for its own certificate counts by its path alone: nobody else says anything of it', async () => {
    const name = makeParty({ subject: 'CN=Penerbit Daftar' }).name
    const own = makeParty({ subject: 'CN=Penerbit Daftar', issuer: ca, usage: [6], serial: 'a1b2', extensions: [extension('2.5.29.31', seq(seq(tlv(0xa2, directory(name)))))] })
    const list = (entries: CrlPlan['entries'] = []): Buffer => makeCrl({ issuer: own, scope: { indirect: true }, entries: entries })
    const check = async (certificate: StatusOptions['anchors'][0], crls: readonly Buffer[]): Promise<string> =>
      (await checkStatus(certificate, { anchors: [root.der], intermediates: [ca.der, certificate], at: later(1), fetch: false, crls })).status
    for (const certificate of [own.der, own.certificate]) {
      expect(await check(certificate, [rootCrl, list()])).toBe('good')
      expect(await check(certificate, [rootCrl, list([{ serial: 'a1b2', issuer: ca.name, reason: 1 }])])).toBe('revoked')
      expect(await check(certificate, [list()])).toBe('unknown')
    }
  })

  it('that stand under judgement themselves do not count for each other, and the check ends', async () => {
    const point = (name: Buffer): Buffer => extension('2.5.29.31', seq(seq(tlv(0xa2, directory(name)))))
    const [one, two] = [makeKey('p256'), makeKey('p256')]
    const names = [makeParty({ subject: 'CN=Satu', key: one }).name, makeParty({ subject: 'CN=Dua', key: two }).name] as const
    const first = makeParty({ subject: 'CN=Satu', ca: true, issuer: root, key: one, extensions: [point(names[1])], serial: 'c1' })
    const second = makeParty({ subject: 'CN=Dua', ca: true, issuer: root, key: two, extensions: [point(names[0])], serial: 'c2' })
    const end = makeParty({ subject: 'CN=Ujung', issuer: first, serial: 'c3' })
    const indirect = (issuer: Party): Buffer => makeCrl({ issuer, scope: { indirect: true } })
    const verdict = await run({ intermediates: [first.der, second.der], crls: [indirect(first), indirect(second), makeCrl({ issuer: first })] }, end)
    expect([verdict.status, verdict.reason]).toEqual(['unknown', 'issuerStatusUnknown'])
    expect(verdict.problems).toContainEqual({ reason: 'signerStatusUnknown', detail: 'CRL signer' })
    expect(verdict.problems).toContainEqual({ reason: 'issuerStatusUnknown', index: 1, detail: 'signerStatusUnknown' })
  })

  it('below an authority that is not in order does not count', async () => {
    // CN=Antara is revoked; what it has certified says nothing of others any more.
    const between = makeParty({ subject: 'CN=Antara', ca: true, issuer: root, serial: 'ee', notAfter: later(800) })
    const signer = makeParty({ subject: 'CN=CA Contoh', ca: true, issuer: between, serial: 'ef', notAfter: later(700) })
    const options = (reason?: number): Partial<StatusOptions> => ({
      intermediates: [ca.der, between.der, signer.der],
      crls: [makeCrl({ issuer: root, entries: reason === undefined ? [] : [{ serial: 'ee', reason }] }), makeCrl({ issuer: between }), makeCrl({ issuer: signer })],
    })
    expect(await run(options())).toMatchObject({ status: 'good', problems: [] })
    for (const reason of [2, 6]) {
      const verdict = await run(options(reason))
      expect([verdict.status, verdict.problems]).toEqual(['unknown', [{ reason: 'signerRevoked', detail: 'CRL signer' }]])
    }
  })
})

describe('a path of which one authority is not clear', () => {
  it('gives way to one where every authority is', async () => {
    const top = makeParty({ subject: 'CN=Akar Atas', ca: true, notAfter: later(900) })
    // One way up: the issuer, then an authority of unknown status. The other: straight to the other root.
    const unclear = makeParty({ subject: 'CN=Tengah', ca: true, issuer: root, notAfter: later(800) })
    const below = makeParty({ subject: 'CN=CA Contoh', key: ca.key, ca: true, issuer: unclear, notAfter: later(800) })
    const straight = makeParty({ subject: 'CN=CA Contoh', key: ca.key, ca: true, issuer: top, notAfter: later(800) })
    for (const intermediates of [[unclear.der, below.der, straight.der], [straight.der, below.der, unclear.der]]) {
      const verdict = await run({ anchors: [root.der, top.der], intermediates, crls: [makeCrl({ issuer: unclear }), makeCrl({ issuer: top }), crl()] })
      expect([verdict.status, verdict.chain.length]).toEqual(['good', 3])
    }
  })
})

describe('RFC 5280 6.1.4 (e): a DSA key that inherits its parameters', () => {
  // p, q and g of 1024 and 160 bits, made for this test.
  const parameters = Buffer.from([
    '3082011e02818100970ee4a409e2632b045c59edab8ac41854b0d5184c27f8cf5e1344a50fd318f78095e7c8f5b1931e4c212674e011cac69415e4b868aeec90b529628b85982cf482437c9cc902deb7b383f5f78dc889edf2ddcf5f174030d56a7b43dd9d97dd52',
    '127067d9aa2a5896e87db551ad35e10e69d60879544a434dbe790c3d6af0ae730215009abff990d309843a652f73bfc4a3315cd047360b0281800db11ba240b1e434a172653dd953c9c1e55d96bc015982e21fa0756c8ac86de2eb4c9485500e853f25e7c6362924',
    '0fee50201a8b7617aec6e10b9e64fcfaab88b02ffe61b4e8272fba0bd66cdf2b1788f16e7c006050d8263ad82553900248a303c215e5811b61888ad1dead4dc7189d29247cd89861b477a065cd2207020cbe',
  ].join(''), 'hex')
  const dsa = oid('1.2.840.10040.4.1')
  const dsaKey = (secret: bigint, inherits: boolean): Key => {
    const privateKey = createPrivateKey({ key: seq(int(0), seq(dsa, parameters), octets(int(secret))), format: 'der', type: 'pkcs8' })
    const whole = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
    const spki = inherits ? seq(seq(dsa), bits(keyOctets(whole))) : whole
    return { algorithm: 'dsa', privateKey, spki, id: createHash('sha1').update(keyOctets(whole)).digest() }
  }

  it('once, and again below', async () => {
    const top = makeParty({ subject: 'CN=Akar DSA', ca: true, key: dsaKey(0x123456789abcdefn, false) })
    const one = makeParty({ subject: 'CN=CA DSA', ca: true, issuer: top, key: dsaKey(0xfedcba987654321n, true) })
    const two = makeParty({ subject: 'CN=CA DSA Bawah', ca: true, issuer: one, key: dsaKey(0xabcdef123456789n, true) })
    const end = makeParty({ subject: 'CN=Ujung', issuer: two, serial: 'a1b2' })
    const crls = [makeCrl({ issuer: top }), makeCrl({ issuer: one })]
    const options = { anchors: [top.der] as const, intermediates: [one.der, two.der] }
    expect(await say({ ...options, crls: [...crls, makeCrl({ issuer: two })] }, end)).toBe('good')
    expect(await say({ ...options, crls: [...crls, makeCrl({ issuer: two, entries: [{ serial: 'a1b2', reason: 1 }] })] }, end)).toBe('revoked')
    expect(await say({ ...options, crls: [makeCrl({ issuer: top }), makeCrl({ issuer: two })] }, end)).toBe('unknown issuerStatusUnknown')
  })
})
