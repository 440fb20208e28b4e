import { describe, expect, it } from 'vitest'
import { later, makeParty, type CertificatePlan, type Party } from '../../test/build/certificate.js'
import { bool, dn, enumerated, explicit, extension, generalized, int, nul, octets, oid, seq, serialInt, set, time, tlv } from '../../test/build/der.js'
import { makeKey, signed } from '../../test/build/keys.js'
import { makeOcsp, ocspError, type OcspPlan, type SinglePlan } from '../../test/build/ocsp.js'
import { readCertificate } from '../certificate/index.js'
import { allowSha1 } from '../crypto/index.js'
import type { Judgement } from '../judgement.js'
import { judgeOcsp, readOcspResponse, type JudgeOcspOptions, type OcspResponse } from './index.js'

const signing = ['1.3.6.1.5.5.7.3.9']
const root = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=Akar Contoh', ca: true })
const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true, issuer: root, algorithm: 'rsa-sha256' })
const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2' })
const responder = makeParty({ subject: 'CN=Penjawab Contoh', issuer: ca, purposes: signing, noCheck: true })
const at = later(0.5)
const nonce = Buffer.from('00112233445566778899aabbccddeeff', 'hex')

async function judge(plan: Partial<OcspPlan> & { single?: Partial<SinglePlan> }, options: Partial<JudgeOcspOptions> = {}, subject: Party = leaf): Promise<string> {
  const { verdict, reason } = await judgement(plan, options, subject)
  return reason === undefined ? verdict : `${verdict} ${reason}`
}

function judgement(plan: Parameters<typeof judge>[0], options: Partial<JudgeOcspOptions> = {}, subject: Party = leaf): Promise<Judgement> {
  const { single, ...rest } = plan
  const bytes = makeOcsp({ signer: responder, send: [responder], singles: [{ serial: 'a1b2', issuer: ca, ...single }], ...rest })
  return judgeOcsp(subject.certificate, readOcspResponse(bytes), { issuer: ca.certificate, at, ...options })
}

const inSeconds = (seconds: number, from: Date = at): Date => new Date(from.getTime() + 1000 * seconds)

describe('judgeOcsp: what one answer proves (RFC 6960 section 3.2)', () => {
  it('carries the evidence', async () => {
    const bytes = makeOcsp({ signer: responder, send: [responder], singles: [{ serial: 'a1b2', issuer: ca, status: 'revoked', reason: 4 }] })
    const judgement = await judgeOcsp(leaf.certificate, readOcspResponse(bytes), { issuer: ca.certificate, at })
    expect(judgement).toMatchObject({ source: 'ocsp', verdict: 'revoked', revocation: { date: later(-1), reason: 'superseded' }, thisUpdate: later(0), nextUpdate: later(1), producedAt: later(0), fresh: true })
    expect(judgement.bytes).toBe(bytes)
    expect(judgement.signer?.subjectKeyId).toBe(responder.certificate.subjectKeyId)
    const { createHash } = await import('node:crypto')
    expect(judgement.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  it.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)('section 4.1.1: a CertID by %s', async (hash) => {
    expect(await judge({ single: { hash } })).toBe('notRevoked')
  })

  it('section 4.2.1: responder by name and by key; the issuer itself', async () => {
    expect(await judge({ byName: true })).toBe('notRevoked')
    expect(await judge({ signer: ca, send: [] })).toBe('notRevoked')
    expect(await judge({ signer: ca, byName: true, send: [] })).toBe('notRevoked')
  })

  it('a time that is none, and limits that are no numbers, make nothing fresh', async () => {
    for (const options of [{ at: new Date(Number.NaN) }, { maxAge: Number.NaN }, { skew: Number.NaN }]) await expect(judge({ signer: ca, send: [] }, options)).rejects.toThrow(TypeError)
  })

  it('good, revoked, on hold, unknown', async () => {
    expect(await judge({ single: { status: 'revoked' } })).toBe('revoked')
    expect(await judge({ single: { status: 'revoked', reason: 6 } })).toBe('onHold')
    expect(await judge({ single: { status: 'unknown' } })).toBe('unknown responderUnknown')
    expect(await judge({ single: { status: 'revoked', reason: 6, revokedAt: new Date(0) } })).toBe('unknown responderUnknown')
  })

  it('of several answers the one for this certificate, a final revocation first, then the newest', async () => {
    const other = { serial: 'ffff', issuer: ca, status: 'revoked' } as const
    const mine = { serial: 'a1b2', issuer: ca } as const
    expect(await judge({ singles: [other, mine] })).toBe('notRevoked')
    expect(await judge({ singles: [mine, { ...mine, status: 'revoked', thisUpdate: later(-3) }] })).toBe('revoked')
    expect(await judge({ singles: [{ ...mine, status: 'revoked', reason: 6, thisUpdate: later(-0.1) }, mine] })).toBe('notRevoked')
  })

  describe('a forged answer is refused', () => {
    it('right CA, wrong purpose: an ordinary certificate of the CA signs', async () => {
      const official = makeParty({ subject: 'CN=Pejabat Contoh', issuer: ca, noCheck: true })
      expect(await judge({ signer: official, send: [official] })).toBe('unknown signerNotAuthorised')
      const any = makeParty({ subject: 'CN=Serba Guna', issuer: ca, purposes: ['2.5.29.37.0'], noCheck: true })
      expect(await judge({ signer: any, send: [any], single: { status: 'revoked' } })).toBe('unknown signerNotAuthorised')
    })

    it('right purpose, other CA', async () => {
      const foreign = makeParty({ subject: 'CN=Penjawab Lain', issuer: root, purposes: signing, noCheck: true })
      expect(await judge({ signer: foreign, send: [foreign] })).toBe('unknown signerNotTrusted')
    })

    it('right purpose, a CA of the same name with another key', async () => {
      const twin = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true, algorithm: 'rsa-sha256' })
      const foreign = makeParty({ subject: 'CN=Penjawab Kembar', issuer: twin, purposes: signing, noCheck: true })
      expect(await judge({ signer: foreign, send: [foreign] })).toBe('unknown signerNotTrusted')
    })

    it('a delegate of a delegate', async () => {
      const nested = makeParty({ subject: 'CN=Cucu', issuer: responder, purposes: signing, noCheck: true })
      expect(await judge({ signer: nested, send: [nested, responder] })).toBe('unknown signerNotTrusted')
    })

    it('replayed: another nonce than the one that was sent', async () => {
      expect(await judge({ nonce }, { nonce })).toBe('notRevoked')
      expect(await judge({ nonce: Buffer.alloc(16, 7) }, { nonce })).toBe('unknown nonceMismatch')
      expect(await judge({ nonce: Buffer.alloc(16, 7) }, { nonce, nonceOptional: true })).toBe('unknown nonceMismatch')
    })

    it('nonce missing where it is demanded', async () => {
      expect(await judge({}, { nonce })).toBe('unknown nonceMissing')
      expect(await judge({}, { nonce, nonceOptional: true })).toBe('notRevoked')
    })

    it('stale', async () => {
      expect(await judge({}, { at: later(1) })).toBe('notRevoked')
      expect(await judge({}, { at: new Date(later(1).getTime() + 1000) })).toBe('unknown stale')
      expect(await judge({}, { maxAge: 3600 })).toBe('unknown stale')
    })

    it('for another certificate: serial, issuer name or issuer key', async () => {
      expect(await judge({ single: { serial: 'a1b3' } })).toBe('unknown otherCertificate')
      expect(await judge({ single: { issuer: { name: root.name, key: ca.key } } })).toBe('unknown otherCertificate')
      expect(await judge({ single: { issuer: { name: ca.name, key: root.key } } })).toBe('unknown otherCertificate')
      expect(await judge({ singles: [] })).toBe('unknown otherCertificate')
      const neverSigned = makeParty({ subject: 'CN=Palsu', issuer: { ...ca, key: makeKey('rsa-sha256') }, serial: 'a1b2' })
      expect(await judge({}, {}, neverSigned)).toBe('unknown otherCertificate')
    })

    it('a broken signature, or the right certificate with the wrong key', async () => {
      expect(await judge({ spoil: true })).toBe('unknown signatureInvalid')
      expect(await judge({ spoil: true, single: { status: 'revoked' } })).toBe('unknown signatureInvalid')
      expect(await judge({ key: leaf.key })).toBe('unknown signatureInvalid')
    })

    it('without the responder\'s certificate', async () => {
      expect(await judge({ send: [] })).toBe('unknown signerNotTrusted')
    })

    it('made in the future', async () => {
      expect(await judge({ single: { thisUpdate: later(0.6) } })).toBe('unknown notYetValid')
      expect(await judge({ producedAt: later(0.6) })).toBe('unknown notYetValid')
      expect(await judge({ single: { thisUpdate: new Date(at.getTime() + 200_000) } })).toBe('notRevoked')
    })
  })

  it('a revocation is final, however old or replayed the answer', async () => {
    expect(await judge({ single: { status: 'revoked' } }, { at: later(9) })).toBe('revoked')
    expect(await judge({ single: { status: 'revoked' } }, { nonce })).toBe('revoked')
    expect(await judge({ single: { status: 'revoked', reason: 6 } }, { at: later(9) })).toBe('unknown stale')
    expect(await judge({ single: { status: 'revoked', thisUpdate: later(3), revokedAt: later(2) } })).toBe('unknown notYetValid')
  })

  it('section 4.2.2.1: without nextUpdate it holds at its own time, or within an explicit maxAge', async () => {
    const single = { nextUpdate: null }
    expect(await judge({ single }, { at: new Date(later(0).getTime() + 200_000) })).toBe('notRevoked')
    expect(await judge({ single })).toBe('unknown noNextUpdate')
    expect(await judge({ single }, { maxAge: 86_400 })).toBe('notRevoked')
  })

  it('section 4.4.4: an expired certificate needs an archive cutoff', async () => {
    const old = makeParty({ subject: 'CN=Lama', issuer: ca, notAfter: later(-5), serial: 'beef' })
    expect(await judge({ single: { serial: 'beef' } }, {}, old)).toBe('unknown expiredBeforeEvidence')
    const cutoff = (date: Date): Buffer => extension('1.3.6.1.5.5.7.48.1.6', generalized(date))
    expect(await judge({ single: { serial: 'beef', extensions: [cutoff(later(-9))] } }, {}, old)).toBe('notRevoked')
    expect(await judge({ single: { serial: 'beef', extensions: [cutoff(later(-2))] } }, {}, old)).toBe('unknown expiredBeforeEvidence')
  })

  it('section 4.2.2.2.1: a responder without nocheck needs a status of its own', async () => {
    const checked = makeParty({ subject: 'CN=Penjawab Diperiksa', issuer: ca, purposes: signing, crlUrls: ['http://contoh.test/ca.crl'] })
    const plan = { signer: checked, send: [checked] }
    const answer = (verdict: 'revoked' | 'onHold' | 'notRevoked' | 'unknown'): Partial<JudgeOcspOptions> => ({ responderStatus: async () => verdict })
    expect(await judge(plan)).toBe('unknown signerStatusUnknown')
    expect(await judge(plan, answer('notRevoked'))).toBe('notRevoked')
    expect(await judge(plan, answer('revoked'))).toBe('unknown signerRevoked')
    expect(await judge(plan, answer('onHold'))).toBe('unknown signerRevoked')
    const nowhere = makeParty({ subject: 'CN=Penjawab Tanpa Alamat', issuer: ca, purposes: signing })
    expect(await judge({ signer: nowhere, send: [nowhere] })).toBe('notRevoked')
    expect(await judge({ signer: nowhere, send: [nowhere] }, answer('revoked'))).toBe('unknown signerRevoked')
  })

  it('a responder outside its validity: yesterday\'s answer is judged at its own time', async () => {
    const short = makeParty({ subject: 'CN=Penjawab Singkat', issuer: ca, purposes: signing, noCheck: true, notAfter: later(0.7) })
    const plan = { signer: short, send: [short], single: { nextUpdate: later(5) } }
    expect(await judge(plan)).toBe('notRevoked')
    expect(await judge(plan, { at: later(0.8) })).toBe('unknown signerOutOfDate')
  })

  it('unknown critical extensions, in the answer or around it', async () => {
    const unknown = extension('1.2.3.4', tlv(0x05), true)
    expect(await judge({ extensions: [unknown] })).toBe('unknown unknownCriticalExtension')
    expect(await judge({ single: { extensions: [unknown] } })).toBe('unknown unknownCriticalExtension')
    expect(await judge({ extensions: [extension('1.2.3.4', tlv(0x05))] })).toBe('notRevoked')
  })

  it.each([[1, 'malformedRequest'], [2, 'internalError'], [3, 'tryLater'], [5, 'sigRequired'], [6, 'unauthorized']] as const)('section 2.3: response status %i', async (code, status) => {
    const response = readOcspResponse(ocspError(code))
    expect(response.status).toBe(status)
    expect(await judgeOcsp(leaf.certificate, response, { issuer: ca.certificate, at })).toMatchObject({ verdict: 'unknown', reason: 'responderError', fresh: false })
  })
})

describe('judgeOcsp: what a judgement holds', () => {
  it('only what there is', async () => {
    const good = await judgement({ single: { nextUpdate: null } }, { at: later(0) })
    expect(good).toMatchObject({ source: 'ocsp', verdict: 'notRevoked', fresh: true, producedAt: later(0), thisUpdate: later(0) })
    for (const absent of ['reason', 'revocation', 'nextUpdate']) expect(good).not.toHaveProperty(absent)
    const unsigned = await judgement({ send: [], single: { status: 'revoked' } })
    expect(unsigned).toMatchObject({ source: 'ocsp', verdict: 'unknown', reason: 'signerNotTrusted', fresh: false })
    for (const absent of ['signer', 'revocation']) expect(unsigned).not.toHaveProperty(absent)
  })

  it('a hold and its date; a revocation without a reason; an old answer is not fresh', async () => {
    expect(await judgement({ single: { status: 'revoked', reason: 6 } })).toMatchObject({ verdict: 'onHold', fresh: true, revocation: { date: later(-1), reason: 'certificateHold' } })
    const old = await judgement({ single: { status: 'revoked' } }, { at: later(9) })
    expect(old).toMatchObject({ verdict: 'revoked', fresh: false })
    expect(old.revocation).toStrictEqual({ date: later(-1) })
  })

  it('of another certificate, or of none: not fresh, whose time is told', async () => {
    expect(await judgement({ singles: [] })).toMatchObject({ source: 'ocsp', verdict: 'unknown', reason: 'otherCertificate', fresh: false, producedAt: later(0) })
    expect(await judgeOcsp(leaf.certificate, readOcspResponse(ocspError(2)), { issuer: ca.certificate, at })).toMatchObject({ source: 'ocsp', verdict: 'unknown', fresh: false })
  })
})

describe('judgeOcsp: about which certificate', () => {
  const sha1Ca: Party = { ...ca, key: { ...ca.key, algorithm: 'rsa-sha1' } }
  /** The issuer's name in another string type: the same name, other octets. */
  const spelling = seq(...[['2.5.4.6', 'ID'], ['2.5.4.10', 'Otoritas Contoh'], ['2.5.4.3', 'CA Contoh']].map(([type, text]) => set(seq(oid(type!), tlv(0x13, Buffer.from(text!))))))
  const respelled = makeParty({ subject: 'CN=Surya Contoh', issuer: { ...ca, name: spelling }, serial: 'c3d4' })

  it('an issuer that did not issue it, or whose signature nobody can check', async () => {
    expect(await judge({}, { issuer: root.certificate })).toBe('unknown issuerMismatch')
    const old = makeParty({ subject: 'CN=Bima Contoh', issuer: sha1Ca, serial: 'a1b2' })
    expect(await judge({}, {}, old)).toBe('unknown unsupportedAlgorithm')
    expect(await judge({}, { allow: [allowSha1] }, old)).toBe('notRevoked')
  })

  it('the issuer\'s name is hashed in its own spelling or in the certificate\'s', async () => {
    const about = (name: Buffer): Promise<string> => judge({ single: { serial: 'c3d4', issuer: { name, key: ca.key } } }, {}, respelled)
    expect([await about(ca.name), await about(spelling), await about(dn('CN=CA Lain'))]).toEqual(['notRevoked', 'notRevoked', 'unknown otherCertificate'])
  })

  it('a serial number that begins alike is another', async () => {
    const long = makeParty({ subject: 'CN=Tegar Contoh', issuer: ca, serial: '7a1b2c' })
    for (const serial of ['7a1b', '7a', '7a1b2c2c', '1b2c']) expect(await judge({ single: { serial } }, {}, long)).toBe('unknown otherCertificate')
    expect(await judge({ single: { serial: '7a1b2c' } }, {}, long)).toBe('notRevoked')
  })

  it('a hash function that is not known says nothing of it', async () => {
    const id = seq(seq(oid('1.2.3.4'), nul()), octets(Buffer.alloc(20)), octets(Buffer.alloc(20)), serialInt('a1b2'))
    const tbs = seq(explicit(2, octets(ca.key.id)), generalized(later(0)), seq(seq(id, tlv(0xa1, generalized(later(-1))), generalized(later(0)))))
    const bytes = seq(enumerated(0), explicit(0, seq(oid('1.3.6.1.5.5.7.48.1.1'), octets(signed(ca.key, tbs)))))
    expect(await judgeOcsp(leaf.certificate, readOcspResponse(bytes), { issuer: ca.certificate, at })).toMatchObject({ verdict: 'unknown', reason: 'otherCertificate' })
  })

  it('of several answers none is overlooked, whatever hash each is by', async () => {
    const about = { serial: 'c3d4', issuer: { name: spelling, key: ca.key } } as const
    const fresh = readCertificate(ca.der)
    expect(await judge({ single: about }, { issuer: fresh }, respelled)).toBe('notRevoked')
    expect(await judge({ singles: [{ ...about, hash: 'sha512', status: 'revoked' }, about] }, { issuer: fresh }, respelled)).toBe('revoked')
    expect(await judge({ singles: [about, { ...about, hash: 'sha384', status: 'revoked' }, about] }, { issuer: fresh }, respelled)).toBe('revoked')
  })

  it('of several answers the newest, but a final revocation before all, in any order', async () => {
    const mine = { serial: 'a1b2', issuer: ca } as const
    const [old, hold, removed] = [{ ...mine, status: 'revoked', thisUpdate: later(-3) }, { ...mine, status: 'revoked', reason: 6, thisUpdate: later(-0.1) }, { ...mine, status: 'revoked', reason: 8, thisUpdate: later(0.1) }] as const
    for (const singles of [[old, mine], [mine, old], [old, hold, removed, mine], [removed, mine, hold, old]]) expect(await judge({ singles })).toBe('revoked')
    for (const singles of [[hold, mine], [mine, hold]]) expect(await judge({ singles })).toBe('notRevoked')
    for (const singles of [[removed, mine], [mine, removed]]) expect(await judge({ singles })).toBe('unknown malformed')
    const twice = [old, { ...old, thisUpdate: later(-2), revokedAt: later(-5) }]
    for (const singles of [twice, [...twice].reverse()]) expect(await judgement({ singles })).toMatchObject({ revocation: { date: later(-5) } })
  })

  it('seen through other objects than were read: the same', async () => {
    const seen = new Proxy(leaf.certificate, { get: (target, key) => Reflect.get(target, key, target) as unknown })
    const copied = (plan: Partial<SinglePlan>): OcspResponse => {
      const { der, status, basic } = readOcspResponse(makeOcsp({ signer: ca, singles: [{ serial: 'a1b2', issuer: ca, ...plan }] }))
      const { responderId, producedAt, unknownCriticalExtensions, signatureAlgorithm, tbs, signature, certificates } = basic!
      const responses = basic!.responses.map((each) => ({ ...each, serial: each.serial, issuerNameHash: each.issuerNameHash, issuerKeyHash: each.issuerKeyHash }))
      return { der, status, basic: { responderId, producedAt, unknownCriticalExtensions, signatureAlgorithm, tbs, signature, certificates, responses } }
    }
    const read = (plan: Partial<SinglePlan>): OcspResponse => readOcspResponse(makeOcsp({ signer: ca, singles: [{ serial: 'a1b2', issuer: ca, ...plan }] }))
    for (const response of [copied, read]) {
      for (const certificate of [leaf.certificate, seen]) {
        const verdict = async (plan: Partial<SinglePlan>): Promise<unknown> => (await judgeOcsp(certificate, response(plan), { issuer: ca.certificate, at })).verdict
        expect([await verdict({}), await verdict({ status: 'revoked' }), await verdict({ serial: 'a1b3' }), await verdict({ issuer: { name: root.name, key: ca.key } }), await verdict({ issuer: { name: ca.name, key: root.key } })])
          .toEqual(['notRevoked', 'revoked', 'unknown', 'unknown', 'unknown'])
      }
    }
  })
})

describe('judgeOcsp: to the second', () => {
  it('five minutes ahead is a clock, a second more is the future; `skew` says otherwise', async () => {
    const made = (seconds: number): Partial<OcspPlan> & { single?: Partial<SinglePlan> } => ({ single: { thisUpdate: inSeconds(seconds) } })
    expect([await judge(made(300)), await judge(made(301))]).toEqual(['notRevoked', 'unknown notYetValid'])
    expect([await judge({ producedAt: inSeconds(300) }), await judge({ producedAt: inSeconds(301) })]).toEqual(['notRevoked', 'unknown notYetValid'])
    expect([await judge(made(301), { skew: 301 }), await judge({ producedAt: inSeconds(301) }, { skew: 301 }), await judge(made(1), { skew: 0 })]).toEqual(['notRevoked', 'notRevoked', 'unknown notYetValid'])
  })

  it('a revocation in an answer made later counts when it is dated before', async () => {
    const dated = (revokedAt: Date, options: Partial<JudgeOcspOptions> = {}): Promise<string> => judge({ single: { status: 'revoked', thisUpdate: later(3), nextUpdate: later(4), revokedAt } }, options)
    expect([await dated(later(-1)), await dated(inSeconds(300)), await dated(inSeconds(301)), await dated(inSeconds(301), { skew: 301 })]).toEqual(['revoked', 'revoked', 'unknown notYetValid', 'revoked'])
  })

  it('an answer that holds now says revoked, whatever date it gives', async () => {
    expect(await judge({ single: { status: 'revoked', revokedAt: later(5) } })).toBe('revoked')
  })

  it('its end, and an end before its beginning', async () => {
    expect(await judge({ single: { thisUpdate: at, nextUpdate: at } })).toBe('notRevoked')
    expect(await judge({ single: { thisUpdate: at, nextUpdate: inSeconds(-1) } })).toBe('unknown malformed')
    expect(await judge({ single: { thisUpdate: later(0), nextUpdate: later(-1), status: 'revoked' } })).toBe('revoked')
  })

  it('its age', async () => {
    const single = { nextUpdate: null }
    expect([await judge({ single }, { at: inSeconds(300, later(0)) }), await judge({ single }, { at: inSeconds(301, later(0)) })]).toEqual(['notRevoked', 'unknown noNextUpdate'])
    expect([await judge({}, { maxAge: 43_200 }), await judge({}, { maxAge: 43_199 }), await judge({ single }, { maxAge: 43_199 })]).toEqual(['notRevoked', 'unknown stale', 'unknown stale'])
  })

  it('section 4.4.4: expired at the very time of the answer, or as far back as the cutoff', async () => {
    const ending = makeParty({ subject: 'CN=Berakhir', issuer: ca, notAfter: later(0), serial: 'beef' })
    const cutoff = (date: Date): Buffer => extension('1.3.6.1.5.5.7.48.1.6', generalized(date))
    expect(await judge({ single: { serial: 'beef' } }, {}, ending)).toBe('notRevoked')
    const made = { serial: 'beef', thisUpdate: inSeconds(1, later(0)) }
    expect(await judge({ single: made }, {}, ending)).toBe('unknown expiredBeforeEvidence')
    expect([await judge({ single: { ...made, extensions: [cutoff(later(0))] } }, {}, ending), await judge({ single: { ...made, extensions: [cutoff(inSeconds(1, later(0)))] } }, {}, ending)]).toEqual(['notRevoked', 'unknown expiredBeforeEvidence'])
  })

  it('revoked because removed is no statement', async () => {
    expect(await judge({ single: { status: 'revoked', reason: 8 } })).toBe('unknown malformed')
  })

  it('the longest nonce that RFC 9654 allows', async () => {
    const long = Buffer.alloc(128, 9)
    expect([await judge({ nonce: long }, { nonce: long }), await judge({ nonce: long }, { nonce: Buffer.alloc(128, 8) })]).toEqual(['notRevoked', 'unknown nonceMismatch'])
  })
})

describe('judgeOcsp: who may answer (RFC 6960 section 4.2.2.2)', () => {
  const sha1Ca: Party = { ...ca, key: { ...ca.key, algorithm: 'rsa-sha1' } }
  const delegate = (plan: Partial<CertificatePlan> = {}): Party => makeParty({ subject: 'CN=Penjawab Contoh', issuer: ca, purposes: signing, noCheck: true, ...plan })
  const by = (signer: Party, options: Partial<JudgeOcspOptions> = {}): Promise<string> => judge({ signer, send: [signer] }, options)
  const rubbish = { ...leaf, der: seq() }

  it('a key for signatures: digitalSignature or nonRepudiation, or a certificate that does not limit it', async () => {
    expect([await by(delegate({ usage: [0] })), await by(delegate({ usage: [1] })), await by(delegate({ usage: [2] }))]).toEqual(['notRevoked', 'notRevoked', 'unknown signerNotAuthorised'])
    const key = makeKey('p256')
    const name = dn('CN=Penjawab Tanpa Batas')
    const der = signed(ca.key, seq(explicit(0, int(2)), serialInt('7b'), seq(oid('1.2.840.113549.1.1.11'), nul()), ca.name, seq(time(later(-30)), time(later(700))), name, key.spki,
      explicit(3, seq(extension('2.5.29.37', seq(oid(signing[0]!))), extension('1.3.6.1.5.5.7.48.1.5', nul())))))
    expect(await by({ name, key, der, certificate: readCertificate(der) })).toBe('notRevoked')
  })

  it('no critical extension unread', async () => {
    expect(await by(delegate({ extensions: [extension('1.2.3.4', nul(), true)] }))).toBe('unknown signerNotAuthorised')
    expect(await by(delegate({ extensions: [extension('1.2.3.4', bool(true))] }))).toBe('notRevoked')
  })

  it('the issuer and its delegate within their dates', async () => {
    const plan = { single: { nextUpdate: later(900) } }
    expect(await judge({ ...plan, signer: ca, send: [] }, { at: later(800) })).toBe('unknown signerOutOfDate')
    const lasting = delegate({ notAfter: later(1000) })
    expect(await judge({ ...plan, signer: lasting, send: [lasting] }, { at: later(800) })).toBe('unknown signerOutOfDate')
    const early = delegate({ notBefore: later(2) })
    expect(await judge({ signer: early, send: [early] })).toBe('unknown signerOutOfDate')
  })

  it('SHA-1 only while it is allowed: in the answer, and in the delegate\'s certificate, however often it is met', async () => {
    const allow = [allowSha1]
    expect([await judge({ signer: ca, key: sha1Ca.key, send: [] }), await judge({ signer: ca, key: sha1Ca.key, send: [] }, { allow })]).toEqual(['unknown unsupportedAlgorithm', 'notRevoked'])
    const old = delegate({ issuer: sha1Ca })
    const seen: string[] = []
    for (const options of [{}, { allow }, {}, { allow }]) seen.push(await by(old, options))
    expect(seen).toEqual(['unknown unsupportedAlgorithm', 'notRevoked', 'unknown unsupportedAlgorithm', 'notRevoked'])
  })

  it('a delegate that names an OCSP address has a status that could be known', async () => {
    expect(await by(delegate({ noCheck: false, ocspUrl: 'http://contoh.test/ocsp' }))).toBe('unknown signerStatusUnknown')
  })

  it('what came along and is no certificate, or another\'s, is passed over', async () => {
    expect(await judge({ send: [rubbish] })).toBe('unknown malformed')
    expect(await judge({ send: [rubbish, leaf, responder] })).toBe('notRevoked')
    expect(await judge({ send: [responder, rubbish] })).toBe('notRevoked')
    expect(await judge({ signer: ca, send: [rubbish, responder] })).toBe('notRevoked')
    expect(await judge({ signer: ca, byName: true, send: [makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', issuer: ca })] })).toBe('notRevoked')
  })

  it('of several by one name the one that may answer; where none may, the most useful reason', async () => {
    const unnamed = delegate({ subject: 'CN=Lain' })
    const [idle, foreign] = [delegate({ purposes: ['1.3.6.1.5.5.7.3.2'] }), delegate({ issuer: root })]
    const named = (send: readonly Party[], signer: Party = responder): Promise<string> => judge({ byName: true, signer, send })
    expect(await named([idle, responder])).toBe('notRevoked')
    expect(await named([foreign, idle, unnamed, rubbish, responder])).toBe('notRevoked')
    for (const send of [[idle], [idle, unnamed], [unnamed, idle], [idle, rubbish], [rubbish, idle], [foreign, idle], [idle, foreign]]) expect(await named(send)).toBe('unknown signerNotAuthorised')
    for (const send of [[foreign], [foreign, rubbish, unnamed], [rubbish, foreign]]) expect(await named(send)).toBe('unknown signerNotTrusted')
    expect(await named([unnamed])).toBe('unknown signerNotTrusted')
  })

  it('looked for among the first eight certificates', async () => {
    const filler = Array.from({ length: 8 }, () => leaf)
    expect([await judge({ send: [...filler.slice(1), responder] }), await judge({ send: [...filler, responder] })]).toEqual(['notRevoked', 'unknown signerNotTrusted'])
  })

  it('many delegates of one issuer, in turn', async () => {
    const many = Array.from({ length: 10 }, () => delegate())
    for (const one of [...many, ...many]) expect(await by(one)).toBe('notRevoked')
  })
})
