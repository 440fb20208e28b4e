import { describe, expect, it } from 'vitest'
import { day, later, makeParty, type Party } from '../../test/build/certificate.js'
import { makeCrl, type CrlPlan, type EntryPlan } from '../../test/build/crl.js'
import { directory, dn, explicit, extension, seq, tlv, uri } from '../../test/build/der.js'
import type { Algorithm } from '../../test/build/keys.js'
import { allowSha1 } from '../crypto/index.js'
import { judgeCrl, judgeCrls, readCrl, type JudgeCrlOptions } from './index.js'

const root = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=Akar Contoh', ca: true })
const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true, issuer: root })
const leaf = makeParty({ subject: 'C=ID,O=Dinas Contoh,CN=Ratna Contoh', issuer: ca, serial: 'a1b2' })
const at = later(1)

async function judge(plan: Partial<CrlPlan>, options: Partial<JudgeCrlOptions> = {}, subject: Party = leaf): Promise<string> {
  const { verdict, reason } = await judgeCrl(subject.certificate, readCrl(makeCrl({ issuer: ca, ...plan })), { issuer: ca.certificate, at, ...options })
  return reason === undefined ? verdict : `${verdict} ${reason}`
}

const listed: readonly EntryPlan[] = [{ serial: '1' }, { serial: 'a1b2', reason: 1, invalidity: later(-9) }, { serial: 'ff' }]
const held: readonly EntryPlan[] = [{ serial: 'a1b2', reason: 6 }]

describe('judgeCrl: what one CRL proves (RFC 5280 section 6.3.3)', () => {
  it('carries the evidence: bytes, digest, dates, number, signer, revocation', async () => {
    const bytes = makeCrl({ issuer: ca, entries: listed, number: 7 })
    const judgement = await judgeCrl(leaf.certificate, readCrl(bytes), { issuer: ca.certificate, at })
    expect(judgement).toMatchObject({
      source: 'crl', verdict: 'revoked', revocation: { date: later(-1), reason: 'keyCompromise', invalidityDate: later(-9) },
      thisUpdate: later(0), nextUpdate: later(7), crlNumber: 7n, fresh: true,
    })
    expect(judgement.bytes).toBe(bytes)
    expect(judgement.signer).toBe(ca.certificate)
    const { createHash } = await import('node:crypto')
    expect(judgement.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(JSON.parse(JSON.stringify({ ...judgement, crlNumber: 0, signer: 0, bytes: 0 }))).toHaveProperty('sha256', judgement.sha256)
  })

  it('absence from a fresh, complete CRL proves notRevoked', async () => {
    expect(await judge({ entries: [{ serial: '1' }] })).toBe('notRevoked')
    expect(await judge({})).toBe('notRevoked')
  })

  it('a listing without reason is a revocation without reason', async () => {
    const { revocation } = await judgeCrl(leaf.certificate, readCrl(makeCrl({ issuer: ca, entries: [{ serial: 'a1b2' }] })), { issuer: ca.certificate, at })
    expect(revocation).toEqual({ date: later(-1) })
  })

  it('a CRL without nextUpdate: its entries count, absence counts only within an explicit maxAge', async () => {
    expect(await judge({ nextUpdate: null, entries: listed })).toBe('revoked')
    expect(await judge({ nextUpdate: null })).toBe('unknown noNextUpdate')
    expect(await judge({ nextUpdate: null }, { maxAge: 86_400 })).toBe('notRevoked')
    expect(await judge({ nextUpdate: null }, { maxAge: 86_399 })).toBe('unknown stale')
  })

  it('a time that is none, and limits that are no numbers, make nothing fresh', async () => {
    const none = [{ at: new Date(Number.NaN) }, { maxAge: Number.NaN }, { skew: Number.NaN }]
    for (const options of none) {
      await expect(judge({}, options)).rejects.toThrow(TypeError)
      await expect(judgeCrls(leaf.certificate, [readCrl(makeCrl({ issuer: ca }))], { issuer: ca.certificate, at, ...options })).rejects.toThrow(TypeError)
    }
  })

  it('a stale CRL proves a final listing, but neither absence nor hold', async () => {
    const stale = { at: later(8) }
    expect(await judge({ entries: listed }, stale)).toBe('revoked')
    expect(await judge({}, stale)).toBe('unknown stale')
    expect(await judge({ entries: held }, stale)).toBe('unknown stale')
    expect(await judge({ entries: held })).toBe('onHold')
    expect(await judge({}, { at: later(7) })).toBe('notRevoked')
    expect(await judge({}, { at: later(3), maxAge: 3600 })).toBe('unknown stale')
  })

  it('a CRL made after the asked time proves only revocations it dates before', async () => {
    expect(await judge({ thisUpdate: later(2), entries: listed })).toBe('revoked')
    expect(await judge({ thisUpdate: later(2), entries: [{ serial: 'a1b2', date: later(1.5) }] })).toBe('unknown notYetValid')
    expect(await judge({ thisUpdate: later(2) })).toBe('unknown notYetValid')
    expect(await judge({ thisUpdate: new Date(at.getTime() + 299_000) })).toBe('notRevoked')
    expect(await judge({ thisUpdate: new Date(at.getTime() + 301_000) })).toBe('unknown notYetValid')
  })

  it('section 3.3: expired certificates leave a CRL, so absence afterwards proves nothing', async () => {
    const expired = makeParty({ subject: 'CN=Lama', issuer: ca, notAfter: later(-1) })
    expect(await judge({}, {}, expired)).toBe('unknown expiredBeforeEvidence')
    const since = extension('2.5.29.60', tlv(0x18, Buffer.from('20200101000000Z')))
    expect(await judge({ extensions: [since] }, {}, expired)).toBe('notRevoked')
  })

  describe('forged or foreign evidence is refused', () => {
    it('a broken signature', async () => {
      expect(await judge({ spoil: true })).toBe('unknown signatureInvalid')
      expect(await judge({ spoil: true, entries: listed })).toBe('unknown signatureInvalid')
    })

    it('right name, other key', async () => {
      const impostor = { name: ca.name, key: makeParty({ subject: 'CN=x', ca: true }).key }
      expect(await judge({ issuer: impostor, entries: listed, noAuthorityKey: true })).toBe('unknown signatureInvalid')
      expect(await judge({ issuer: impostor })).toBe('unknown issuerMismatch')
    })

    it('another authority', async () => {
      expect(await judge({ issuer: root, entries: listed })).toBe('unknown issuerMismatch')
    })

    it('right CA, wrong purpose: no cRLSign', async () => {
      const noCrlSign = makeParty({ subject: 'CN=Tanpa CRL', ca: true, usage: [5] })
      const subject = makeParty({ subject: 'CN=Budi Contoh', issuer: noCrlSign })
      expect(await judge({ issuer: noCrlSign, entries: [{ serial: subject.certificate.serial }] }, { issuer: noCrlSign.certificate }, subject)).toBe('unknown signerNotAuthorised')
    })

    it('for another certificate: one that its issuer never signed', async () => {
      const other = makeParty({ subject: 'CN=Lain', issuer: { ...ca, key: root.key }, serial: 'a1b2' })
      expect(await judge({ entries: listed }, {}, other)).toBe('unknown otherCertificate')
      expect(await judge({}, { issuer: root.certificate })).toBe('unknown issuerMismatch')
    })

    it('an issuer that has expired', async () => {
      const old = makeParty({ subject: 'CN=CA Lama', ca: true, notAfter: later(0) })
      const subject = makeParty({ subject: 'CN=Budi Contoh', issuer: old })
      expect(await judge({ issuer: old }, { issuer: old.certificate }, subject)).toBe('unknown signerOutOfDate')
    })
  })

  it('sections 5.2 and 5.3: unknown critical extensions make the whole CRL unusable, for listings too; others do not', async () => {
    const unknown = (critical: boolean): Buffer => extension('1.2.3.4', tlv(0x05), critical)
    expect(await judge({ extensions: [unknown(true)], entries: listed })).toBe('unknown unknownCriticalExtension')
    expect(await judge({ extensions: [unknown(false)] })).toBe('notRevoked')
    expect(await judge({ entries: [{ serial: '77', extensions: [unknown(true)] }] })).toBe('unknown unknownCriticalExtension')
    expect(await judge({ entries: [{ serial: '77', extensions: [unknown(false)] }] })).toBe('notRevoked')
  })

  it('section 5.3.3: certificateIssuer in a CRL that is not indirect', async () => {
    expect(await judge({ entries: [{ serial: '77', issuer: root.name }] })).toBe('unknown malformed')
  })

  it('removeFromCRL in a complete CRL means nothing, hence not "good"', async () => {
    expect(await judge({ entries: [{ serial: 'a1b2', reason: 8 }] })).toBe('unknown malformed')
  })

  describe('issuing distribution point (section 5.2.5)', () => {
    const pointed = makeParty({ subject: 'CN=Berpartisi', issuer: ca, serial: 'c3', crlUrls: ['http://contoh.test/1.crl'] })

    it('user, CA and attribute certificates', async () => {
      expect(await judge({ scope: { userOnly: true } })).toBe('notRevoked')
      expect(await judge({ scope: { caOnly: true } })).toBe('unknown wrongScope')
      expect(await judge({ scope: { attributeOnly: true } })).toBe('unknown wrongScope')
    })

    it('a partition counts for its own certificates only, critical or not; a listing counts anyway', async () => {
      for (const critical of [true, false]) {
        expect(await judge({ scope: { url: 'http://contoh.test/1.crl', critical } }, {}, pointed)).toBe('notRevoked')
        expect(await judge({ scope: { url: 'http://contoh.test/2.crl', critical } }, {}, pointed)).toBe('unknown wrongScope')
        expect(await judge({ scope: { url: 'http://contoh.test/1.crl', critical } })).toBe('unknown wrongScope')
        expect(await judge({ scope: { url: 'http://contoh.test/2.crl', critical }, entries: [{ serial: 'c3' }] }, {}, pointed)).toBe('revoked')
      }
      expect(await judge({}, {}, pointed)).toBe('notRevoked')
    })

    it('a directory name as distribution point is the implied point when it is the issuer', async () => {
      expect(await judge({ scope: { name: ca.name } })).toBe('notRevoked')
      expect(await judge({ scope: { name: root.name } })).toBe('unknown wrongScope')
    })

    it('section 6.3.3: reason masks add up', async () => {
      const some = (reasons: number[]): Buffer => makeCrl({ issuer: ca, scope: { reasons } })
      const run = async (...parts: number[][]): Promise<string> => {
        const { verdict, reason } = await judgeCrls(leaf.certificate, parts.map((part) => readCrl(some(part))), { issuer: ca.certificate, at })
        return reason ?? verdict
      }
      expect(await run([1, 2])).toBe('reasonsNotCovered')
      expect(await run([1, 2], [3, 4, 5, 6, 7])).toBe('reasonsNotCovered')
      expect(await run([1, 2], [3, 4, 5, 6, 7, 8])).toBe('notRevoked')
      expect(await run([1, 2, 3, 4, 5, 6, 7, 8])).toBe('notRevoked')
    })
  })

  describe('delta CRLs (section 5.2.4)', () => {
    const base = (plan: Partial<CrlPlan> = {}): Buffer => makeCrl({ issuer: ca, number: 5, ...plan })
    const delta = (plan: Partial<CrlPlan> = {}): Buffer => makeCrl({ issuer: ca, number: 8, base: 5, thisUpdate: later(0.5), ...plan })
    const run = async (crls: Buffer[], options: Partial<JudgeCrlOptions> = {}): Promise<string> => {
      const { verdict, reason, asOf } = await judgeCrls(leaf.certificate, crls.map((crl) => readCrl(crl)), { issuer: ca.certificate, at, ...options })
      return `${reason ?? verdict}${asOf === undefined ? '' : ` ${(asOf.getTime() - later(0).getTime()) / day}`}`
    }

    it('a delta alone proves what it lists, not absence', async () => {
      expect(await run([delta()])).toBe('deltaWithoutBase')
      expect(await run([delta({ entries: listed })])).toBe('revoked 0.5')
    })

    it('brings a complete CRL up to date', async () => {
      expect(await run([base(), delta()])).toBe('notRevoked 0.5')
      expect(await run([delta({ entries: held }), base()])).toBe('onHold 0.5')
      expect(await run([base({ entries: held }), delta()])).toBe('onHold 0.5')
      expect(await run([base({ entries: held }), delta({ entries: [{ serial: 'a1b2', reason: 8 }] })])).toBe('notRevoked 0.5')
      expect(await run([base(), delta({ entries: listed })])).toBe('revoked 0.5')
    })

    it('a final revocation is not taken back by removeFromCRL', async () => {
      expect(await run([base({ entries: listed }), delta({ entries: [{ serial: 'a1b2', reason: 8 }] })])).toBe('revoked 0')
    })

    it('freshness is the newer part\'s: a fresh delta renews a stale base', async () => {
      expect(await run([base({ nextUpdate: later(0.6) }), delta()])).toBe('notRevoked 0.5')
      expect(await run([base({ nextUpdate: later(0.6) }), delta({ nextUpdate: later(0.7) })])).toBe('stale')
    })

    it('only to a base it builds on, older than itself, of the same scope and key', async () => {
      const removal = [{ serial: 'a1b2', reason: 8 }]
      expect(await run([base({ number: 4, entries: held }), delta({ entries: removal })])).toBe('onHold 0')
      expect(await run([base({ number: 9, entries: held }), delta({ entries: removal })])).toBe('onHold 0')
      expect(await run([base({ number: 4, nextUpdate: later(0.6) }), delta()])).toBe('deltaWithoutBase')
      expect(await run([base({ nextUpdate: later(0.6) }), delta({ scope: { userOnly: true } })])).toBe('deltaWithoutBase')
    })

    it('a hold in a delta whose base is missing is still the issuer\'s newest word', async () => {
      expect(await run([base({ number: 4 }), delta({ entries: held })])).toBe('onHold 0.5')
      expect(await run([delta({ entries: held })])).toBe('onHold 0.5')
    })
  })

  it('of two complete CRLs the newer decides over a hold', async () => {
    const run = async (older: readonly EntryPlan[], newer: readonly EntryPlan[]): Promise<string> => {
      const crls = [makeCrl({ issuer: ca, entries: older }), makeCrl({ issuer: ca, entries: newer, thisUpdate: later(0.5) })]
      const results = await Promise.all([crls, crls.reverse()].map((list) => judgeCrls(leaf.certificate, list.map((crl) => readCrl(crl)), { issuer: ca.certificate, at })))
      expect(results[0]!.verdict).toBe(results[1]!.verdict)
      return results[0]!.verdict
    }
    expect(await run(held, [])).toBe('notRevoked')
    expect(await run([], held)).toBe('onHold')
    expect(await run(listed, [])).toBe('revoked')
  })

  describe('indirect CRLs and other signers', () => {
    const publisher = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=Penerbit CRL', issuer: root, usage: [6] })
    const point = extension('2.5.29.31', seq(seq(explicit(0, explicit(0, uri('http://contoh.test/i.crl'))), tlv(0xa2, directory(publisher.name)))))
    const pointed = makeParty({ subject: 'CN=Tidak Langsung', issuer: ca, serial: 'd4', extensions: [point] })
    const plan: CrlPlan = { issuer: publisher, scope: { indirect: true, url: 'http://contoh.test/i.crl' } }
    const options = { signers: [publisher.certificate] }

    it('section 5.3.3: an entry is for the issuer named last', async () => {
      expect(await judge({ ...plan, entries: [{ serial: 'd4' }] }, options, pointed)).toBe('notRevoked')
      expect(await judge({ ...plan, entries: [{ serial: 'd4', issuer: root.name }] }, options, pointed)).toBe('notRevoked')
      expect(await judge({ ...plan, entries: [{ serial: '1', issuer: ca.name }, { serial: 'd4' }] }, options, pointed)).toBe('revoked')
      expect(await judge({ ...plan, entries: [{ serial: '1', issuer: ca.name }, { serial: 'd4', issuer: root.name }] }, options, pointed)).toBe('notRevoked')
    })

    it('only for certificates that appoint its issuer, and only when it says it is indirect', async () => {
      expect(await judge({ ...plan, entries: [{ serial: 'a1b2', issuer: ca.name }] }, options)).toBe('unknown issuerMismatch')
      expect(await judge({ ...plan, scope: { url: 'http://contoh.test/i.crl' } }, options, pointed)).toBe('unknown issuerMismatch')
      expect(await judge(plan, {}, pointed)).toBe('unknown issuerMismatch')
    })

    it('section 6.3.3 (f): another key of the same name, when the caller vouches for its path', async () => {
      const twin = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', issuer: root, usage: [6] })
      expect(await judge({ issuer: twin, entries: listed })).toBe('unknown issuerMismatch')
      expect(await judge({ issuer: twin, entries: listed }, { signers: [twin.certificate] })).toBe('revoked')
      const noRight = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', issuer: root, usage: [0] })
      expect(await judge({ issuer: noRight }, { signers: [noRight.certificate] })).toBe('unknown signerNotAuthorised')
    })
  })

  it.each<Algorithm>(['rsa-sha256', 'rsa-sha384', 'rsa-pss', 'p256', 'p384', 'p521', 'ed25519', 'ed448', 'dsa'])('verifies %s', async (algorithm) => {
    const issuer = makeParty({ subject: `CN=CA ${algorithm}`, ca: true, algorithm })
    const subject = makeParty({ subject: 'CN=Siti Contoh', issuer })
    const entries = [{ serial: subject.certificate.serial }]
    expect(await judge({ issuer }, { issuer: issuer.certificate }, subject)).toBe('notRevoked')
    expect(await judge({ issuer, entries }, { issuer: issuer.certificate }, subject)).toBe('revoked')
    expect(await judge({ issuer, spoil: true }, { issuer: issuer.certificate }, subject)).toBe('unknown signatureInvalid')
  })

  it('SHA-1 only where the caller allows it by name', async () => {
    const issuer = makeParty({ subject: 'CN=CA SHA-1', ca: true, algorithm: 'rsa-sha1' })
    const subject = makeParty({ subject: 'CN=Siti Contoh', issuer })
    expect(await judge({ issuer }, { issuer: issuer.certificate }, subject)).toBe('unknown unsupportedAlgorithm')
    expect(await judge({ issuer }, { issuer: issuer.certificate, allow: [allowSha1] }, subject)).toBe('notRevoked')
    expect(await judge({ issuer }, { issuer: issuer.certificate }, subject)).toBe('unknown unsupportedAlgorithm')
  })

  it('compares names by RFC 5280 section 7.1, not by octets', async () => {
    expect(await judge({ issuer: { name: dn('C=ID,O=OTORITAS  contoh,CN=ca contoh'), key: ca.key }, entries: listed })).toBe('revoked')
  })
})
