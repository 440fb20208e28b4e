import { describe, expect, it } from 'vitest'
import { later, makeParty, type Party } from '../../test/build/certificate.js'
import { enumerated, explicit, extension, generalized, octets, seq, tlv } from '../../test/build/der.js'
import { makeKey } from '../../test/build/keys.js'
import { makeOcsp, ocspError, type OcspPlan, type SinglePlan } from '../../test/build/ocsp.js'
import { PkiError } from '../errors.js'
import { judgeOcsp, readOcspResponse, type JudgeOcspOptions } from './index.js'

const signing = ['1.3.6.1.5.5.7.3.9']
const root = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=Akar Contoh', ca: true })
const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true, issuer: root, algorithm: 'rsa-sha256' })
const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2' })
const responder = makeParty({ subject: 'CN=Penjawab Contoh', issuer: ca, purposes: signing, noCheck: true })
const at = later(0.5)
const nonce = Buffer.from('00112233445566778899aabbccddeeff', 'hex')

async function judge(plan: Partial<OcspPlan> & { single?: Partial<SinglePlan> }, options: Partial<JudgeOcspOptions> = {}, subject: Party = leaf): Promise<string> {
  const { single, ...rest } = plan
  const bytes = makeOcsp({ signer: responder, send: [responder], singles: [{ serial: 'a1b2', issuer: ca, ...single }], ...rest })
  const { verdict, reason } = await judgeOcsp(subject.certificate, readOcspResponse(bytes), { issuer: ca.certificate, at, ...options })
  return reason === undefined ? verdict : `${verdict} ${reason}`
}

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

describe('reading OCSP answers', () => {
  const good = makeOcsp({ signer: responder, send: [responder], singles: [{ serial: 'a1b2', issuer: ca }], nonce })
  const codeOf = (bytes: Uint8Array): string => {
    try {
      readOcspResponse(bytes)
    } catch (error) {
      if (error instanceof PkiError) return error.code
      throw error
    }
    return 'read'
  }

  it('refuses truncation at every octet and trailing octets', () => {
    for (let length = 0; length < good.length; length++) expect(codeOf(good.subarray(0, length)), `length ${length}`).toMatch(/^der/)
    expect(codeOf(Buffer.concat([good, Buffer.from([0])]))).toBe('derTrailing')
  })

  it('refuses success without an answer, an error with one, status 4, other response types', () => {
    expect(codeOf(ocspError(0))).toBe('ocspMalformed')
    expect(codeOf(ocspError(4))).toBe('ocspMalformed')
    expect(codeOf(seq(enumerated(3), explicit(0, seq(tlv(0x06, [0x2a]), octets(Buffer.alloc(1))))))).toBe('ocspMalformed')
    expect(codeOf(seq(enumerated(0), explicit(0, seq(tlv(0x06, [0x2a]), octets(Buffer.alloc(1))))))).toBe('ocspMalformed')
    expect(codeOf(Buffer.from('<html>'))).toBe('derTag')
    expect(codeOf(Buffer.alloc(3_000_000))).toBe('ocspTooLarge')
  })
})
