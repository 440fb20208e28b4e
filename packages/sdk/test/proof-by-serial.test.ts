import { buildOcspRequest } from '@cabut/pki/ocsp'
import { readCertificate, type Certificate } from '@cabut/pki/certificate'
import { createSandbox, type CrlPlan, type Leaf, type Sandbox } from '@cabut/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownAuthority, type OwnAuthority, type OwnCrlPlan, type OwnEntry, type OwnExtension } from './own-authority.js'
import { collectBySerial, judgeProof, type SerialEvidenceOptions } from '../src/proof/index.js'

const day = 86_400_000
const at = new Date('2026-11-24T02:00:00Z')
const made = new Date(at.getTime() - 3_600_000)

let sandbox: Sandbox
let leaf: Leaf
let root: Certificate
let issuing: Certificate
beforeAll(async () => {
  sandbox = await createSandbox({ seed: 'by-serial', faults: 'none', now: () => at.getTime(), publication: { delay: 0 } })
  leaf = await sandbox.manage.issue({ username: 'surya.wibisana' })
  root = readCertificate(sandbox.ca.rootPem)
  issuing = readCertificate(sandbox.ca.issuingPem)
})
afterAll(() => sandbox.close())

type Plan = Partial<Omit<CrlPlan, 'entries'>> & { readonly entry?: object; readonly by?: 'issuing' | 'root' }

function crl({ entry, by, ...plan }: Plan = {}): Uint8Array {
  const entries = entry === undefined ? [] : [{ serial: leaf.serial, revokedAt: made, ...entry }]
  return sandbox.ca.writeCrl({ entries, thisUpdate: made, nextUpdate: new Date(at.getTime() + day), number: 7, ...plan }, by)
}

async function judged(bytes: Uint8Array, more: Partial<SerialEvidenceOptions> = {}): Promise<{ readonly verdict: string; readonly reason?: string | undefined; readonly proof: string }> {
  const found = await collectBySerial({ issuerDn: sandbox.ca.issuerDn, serial: leaf.serial }, { anchors: [root], intermediates: [issuing], at, crls: [bytes], ...more })
  const proof = await judgeProof({ evidence: [found], now: at })
  const one = found.evidence[0]
  return { verdict: one?.verdict ?? 'no path', ...(one?.reason === undefined ? {} : { reason: one.reason }), proof: proof.verdict }
}

describe('a CRL judged by issuer and serial (RFC 5280 6.3)', () => {
  const listed = { entry: { reason: 'affiliationChanged' } }
  test('a listing proves, also in an old list and in one without nextUpdate', async () => {
    for (const plan of [listed, { ...listed, nextUpdate: null }, { ...listed, thisUpdate: new Date(at.getTime() - 900 * day), nextUpdate: new Date(at.getTime() - 899 * day) }, { entry: {} }]) {
      expect(await judged(crl(plan))).toEqual({ verdict: 'revoked', proof: 'proven' })
    }
  })

  test('a partition that lists it proves; one that does not says nothing', async () => {
    const distributionPoint = { url: 'http://localhost/part-3.crl', critical: true }
    expect(await judged(crl({ ...listed, distributionPoint }))).toEqual({ verdict: 'revoked', proof: 'proven' })
    expect(await judged(crl({ distributionPoint }))).toEqual({ verdict: 'unknown', reason: 'wrongScope', proof: 'awaiting' })
  })

  test('absence is believed of a fresh, complete list only', async () => {
    expect(await judged(crl())).toEqual({ verdict: 'notRevoked', proof: 'awaiting' })
    expect(await judged(crl({ nextUpdate: null }))).toEqual({ verdict: 'unknown', reason: 'noNextUpdate', proof: 'awaiting' })
    expect(await judged(crl({ nextUpdate: new Date(at.getTime() - 1) }))).toEqual({ verdict: 'unknown', reason: 'stale', proof: 'awaiting' })
  })

  test('on hold is suspended, never revoked; a hold in an old list is nothing; removeFromCRL is no listing', async () => {
    expect(await judged(crl({ entry: { reason: 'certificateHold' } }))).toEqual({ verdict: 'onHold', proof: 'suspended' })
    expect(await judged(crl({ entry: { reason: 'certificateHold' }, nextUpdate: new Date(at.getTime() - 1) }))).toMatchObject({ verdict: 'unknown', proof: 'awaiting' })
    expect(await judged(crl({ entry: { reason: 'removeFromCRL' } }))).toMatchObject({ verdict: 'notRevoked', proof: 'awaiting' })
  })

  test('a delta, an indirect list, another signer, a changed octet, one from the future, rubbish: nothing is proven', async () => {
    const changed = crl(listed).slice()
    changed[changed.length - 3] = (changed.at(-3) ?? 0) ^ 1
    for (const [bytes, reason] of [
      [crl({ ...listed, deltaBase: 3 }), 'wrongScope'], [crl({ ...listed, distributionPoint: { url: 'http://localhost/i.crl', critical: true, indirect: true } }), 'wrongScope'],
      [crl({ ...listed, by: 'root' }), 'issuerMismatch'], [changed, 'signatureInvalid'], [crl({ ...listed, thisUpdate: new Date(at.getTime() + day), nextUpdate: new Date(at.getTime() + 2 * day) }), 'notYetValid'],
      [new Uint8Array([0x30, 0x80]), 'malformed'],
    ] as const) expect(await judged(bytes)).toEqual({ verdict: 'unknown', reason, proof: 'awaiting' })
  })
})

describe('extensions nobody knows (RFC 5280 5.2, 5.3)', () => {
  const own = ownAuthority('CA Contoh Sendiri')
  const mine = '4d2a'
  const unknown = { oid: '1.3.6.1.4.1.99999.7', critical: true }
  const open = { ...unknown, critical: false }
  const mineWith = (extensions: readonly OwnExtension[] = []): OwnEntry => ({ serial: mine, revokedAt: made, reason: 3, extensions })
  const other = (extensions: readonly OwnExtension[] = []): OwnEntry => ({ serial: '77', revokedAt: made, extensions })
  const told = async (entries: readonly OwnEntry[], extensions: readonly OwnExtension[] = []): Promise<unknown[]> => {
    const bytes = own.crl({ entries, extensions, thisUpdate: made, nextUpdate: new Date(at.getTime() + day), number: 7 })
    const found = await collectBySerial({ issuerDn: own.subject, serial: mine }, { anchors: [readCertificate(own.der)], at, crls: [bytes] })
    const proof = await judgeProof({ ams: { saysRevokedAt: new Date(made.getTime() - 90 * day) }, evidence: [found], now: at })
    return [found.evidence[0]?.verdict, found.evidence[0]?.reason, proof.verdict, proof.findings.map(({ kind }) => kind)]
  }

  test('without them the same list proves, and its silence denies', async () => {
    expect(await told([mineWith(), other()])).toEqual(['revoked', undefined, 'proven', []])
    expect(await told([other()])).toEqual(['notRevoked', undefined, 'contradicted', ['notListed']])
  })

  test('an unknown critical extension of the entry: the listing is no proof', async () => {
    expect(await told([mineWith([unknown])])).toEqual(['unknown', 'unknownCriticalExtension', 'awaiting', []])
    expect(await told([mineWith([unknown]), mineWith()])).toEqual(['unknown', 'unknownCriticalExtension', 'awaiting', []])
  })

  test('of another entry: the list is used for no certificate, neither as proof nor as absence', async () => {
    for (const entries of [[mineWith(), other([unknown])], [other([unknown]), mineWith()], [other([unknown])]]) expect(await told(entries)).toEqual(['unknown', 'unknownCriticalExtension', 'awaiting', []])
  })

  test('of the list itself: the same', async () => {
    for (const entries of [[mineWith()], [other()], []]) expect(await told(entries, [unknown])).toEqual(['unknown', 'unknownCriticalExtension', 'awaiting', []])
  })

  test('one that is not critical is read over', async () => {
    expect(await told([mineWith([open]), other([open])], [open])).toEqual(['revoked', undefined, 'proven', []])
    expect(await told([other([open])], [open])).toEqual(['notRevoked', undefined, 'contradicted', ['notListed']])
  })

  test('a proof held already is not denied by such a list', async () => {
    const question = { anchors: [readCertificate(own.der)] as const, at }
    const subject = { issuerDn: own.subject, serial: mine }
    const list = (entries: readonly OwnEntry[], thisUpdate: Date): Uint8Array => own.crl({ entries, thisUpdate, nextUpdate: new Date(at.getTime() + day), number: 7 })
    const first = await judgeProof({ evidence: [await collectBySerial(subject, { ...question, crls: [list([mineWith()], new Date(at.getTime() - 10 * day))] })], now: at })
    if (first.verdict !== 'proven') throw new Error(first.verdict)
    const later = await collectBySerial(subject, { ...question, crls: [list([other([unknown])], made)] })
    expect(await judgeProof({ evidence: [later], previous: first.proof, now: at })).toEqual({ verdict: 'proven', proof: first.proof, findings: [] })
  })
})

describe('lists that only an authority of our own would sign (RFC 5280 5.2, 5.3, 6.3.3)', () => {
  const own = ownAuthority('CA Contoh Sendiri')
  const mine = '4d2a'
  const entry = (more: Partial<OwnEntry> = {}): OwnEntry => ({ serial: mine, revokedAt: made, reason: 3, ...more })
  const day1 = new Date(at.getTime() + day)
  const told = async (plan: Partial<OwnCrlPlan>, by: OwnAuthority = own): Promise<unknown[]> => {
    const bytes = by.crl({ entries: [entry()], thisUpdate: made, nextUpdate: day1, number: 7, ...plan })
    const [one] = (await collectBySerial({ issuerDn: by.subject, serial: mine }, { anchors: [readCertificate(by.der)], at, crls: [bytes] })).evidence
    return [one?.verdict, one?.reason]
  }
  const scope = (...octets: readonly number[]): readonly OwnExtension[] => [{ oid: '2.5.29.28', critical: true, value: Uint8Array.of(0x30, octets.length, ...octets) }]

  test('for authorities, for attribute certificates, indirect: another scope, whatever they list', async () => {
    for (const tag of [0x82, 0x84, 0x85]) expect(await told({ extensions: scope(tag, 1, 0xff) })).toEqual(['unknown', 'wrongScope'])
    expect(await told({ extensions: scope(0x81, 1, 0xff) })).toEqual(['revoked', undefined])
    expect(await told({ extensions: scope(0x81, 1, 0xff), entries: [] })).toEqual(['notRevoked', undefined])
  })

  test('a list of some reasons proves by what it lists, not by its silence', async () => {
    const some = scope(0x83, 2, 0x05, 0x60)
    expect(await told({ extensions: some })).toEqual(['revoked', undefined])
    expect(await told({ extensions: some, entries: [] })).toEqual(['unknown', 'wrongScope'])
  })

  test('an entry of another issuer makes it an indirect list', async () => {
    const name = Uint8Array.of(0x30, 0x0f, 0xa4, 0x0d, 0x30, 0x0b, 0x31, 0x09, 0x30, 0x07, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x00)
    expect(await told({ entries: [entry({ extensions: [{ oid: '2.5.29.29', critical: true, value: name }] })] })).toEqual(['unknown', 'wrongScope'])
  })

  test('listed twice: a final revocation counts before a hold and before a removal, in any order', async () => {
    const hold = entry({ reason: 6 })
    const removed = entry({ reason: 8 })
    for (const entries of [[hold, entry()], [entry(), hold], [removed, entry()], [removed, hold, entry()]]) expect(await told({ entries })).toEqual(['revoked', undefined])
    expect(await told({ entries: [hold] })).toEqual(['onHold', undefined])
  })

  test('a signer without the right to sign lists is none; one whose certificate does not limit its key is one', async () => {
    expect(await told({}, own.issue('CA Tanpa Hak', '09', true, { keyUsage: 0x04 }))).toEqual(['unknown', 'signerNotAuthorised'])
    expect(await told({}, own.issue('CA Tanpa Batas', '0a', true, { keyUsage: null }))).toEqual(['revoked', undefined])
  })

  test('an algorithm nobody knows is told as that', async () => {
    expect(await told({ algorithm: Uint8Array.of(0x30, 0x05, 0x06, 0x03, 0x2a, 0x03, 0x04) })).toEqual(['unknown', 'unsupportedAlgorithm'])
  })

  test('five minutes ahead is a clock, a second more is the future; fresh to the second of its end', async () => {
    const ahead = (seconds: number): Date => new Date(at.getTime() + seconds * 1_000)
    expect(await told({ thisUpdate: ahead(300) })).toEqual(['revoked', undefined])
    expect(await told({ thisUpdate: ahead(301) })).toEqual(['unknown', 'notYetValid'])
    expect(await told({ entries: [], nextUpdate: at })).toEqual(['notRevoked', undefined])
    expect(await told({ entries: [], nextUpdate: ahead(-1) })).toEqual(['unknown', 'stale'])
  })

  test('what it says is told: times, number, date, reason, since when it was invalid', async () => {
    const invalidity = { oid: '2.5.29.24', critical: false, value: Uint8Array.of(0x18, 0x0f, ...Buffer.from('20261101000000Z')) }
    const judge = async (plan: Partial<OwnCrlPlan>) => (await collectBySerial({ issuerDn: own.subject, serial: mine }, {
      anchors: [readCertificate(own.der)], at, crls: [own.crl({ entries: [entry()], thisUpdate: made, nextUpdate: day1, number: 7, ...plan })],
    })).evidence[0]
    expect(await judge({ entries: [entry({ extensions: [invalidity] })] })).toMatchObject({
      thisUpdate: made, nextUpdate: day1, crlNumber: 7n, fresh: true, revocation: { date: made, reason: 'affiliationChanged', invalidityDate: new Date('2026-11-01T00:00:00Z') },
    })
    const { reason: _none, ...plain } = entry()
    expect((await judge({ entries: [plain] }))?.revocation).toEqual({ date: made })
    expect(await judge({ thisUpdate: new Date(at.getTime() + day) })).toMatchObject({ verdict: 'unknown', fresh: false, thisUpdate: new Date(at.getTime() + day) })
  })
})

describe('the issuing authority', () => {
  test('without a path to a pinned anchor, or under a name that is none, nothing is proven', async () => {
    const bytes = crl({ entry: {} })
    expect(await judged(bytes, { intermediates: [] })).toEqual({ verdict: 'no path', proof: 'awaiting' })
    const other = await createSandbox({ seed: 'another', faults: 'none' })
    expect(await judged(bytes, { anchors: [readCertificate(other.ca.rootPem)] })).toEqual({ verdict: 'no path', proof: 'awaiting' })
    await other.close()
    for (const issuerDn of ['CN=Lain,C=ID', 'bukan DN', '']) {
      expect(await collectBySerial({ issuerDn, serial: leaf.serial }, { anchors: [root], intermediates: [issuing], at, crls: [bytes] })).toMatchObject({ issuers: [], evidence: [] })
    }
  })

  test('pinned itself it needs no path; revoked by the one above it proves nothing any more', async () => {
    const bytes = crl({ entry: {} })
    expect(await judged(bytes, { anchors: [issuing], intermediates: [] })).toEqual({ verdict: 'revoked', proof: 'proven' })
    const ofRoot = sandbox.ca.writeCrl({ entries: [{ serial: issuing.serial, revokedAt: made, reason: 'cACompromise' }], thisUpdate: made, nextUpdate: new Date(at.getTime() + day), number: 1 }, 'root')
    expect(await judged(bytes, { crls: [ofRoot, bytes] })).toEqual({ verdict: 'no path', proof: 'awaiting' })
  })
})

describe('an OCSP answer judged by issuer and serial (RFC 6960 3.2)', () => {
  test('good is no proof, revoked is, an answer about another certificate is nothing', async () => {
    const own = await sandbox.manage.issue({ username: 'surya.wibisana' })
    const other = await sandbox.manage.issue({ username: 'surya.wibisana' })
    const ask = async (of: Leaf): Promise<Uint8Array> => sandbox.ca.ocsp(await buildOcspRequest({ certificate: readCertificate(of.certificatePem), issuer: issuing }))
    const verdict = async (answer: Uint8Array): Promise<unknown> => {
      const found = await collectBySerial({ issuerDn: sandbox.ca.issuerDn, serial: own.serial }, { anchors: [root], intermediates: [issuing], at, ocsp: [answer] })
      return [found.evidence[0]?.verdict, found.evidence[0]?.reason, (await judgeProof({ evidence: [found], now: at })).verdict]
    }
    expect(await verdict(await ask(own))).toEqual(['notRevoked', undefined, 'awaiting'])
    expect(await verdict(await ask(other))).toEqual(['unknown', 'otherCertificate', 'awaiting'])
    sandbox.manage.revokeAtAuthority(own.serial, 'superseded')
    sandbox.manage.publish()
    expect(await verdict(await ask(own))).toEqual(['revoked', undefined, 'proven'])
    const changed = (await ask(own)).slice()
    changed[changed.length - 900] = (changed.at(-900) ?? 0) ^ 1
    expect(((await verdict(changed)) as unknown[])[2]).toBe('awaiting')
    expect(await verdict(new Uint8Array([1, 2, 3]))).toEqual(['unknown', 'malformed', 'awaiting'])
  })
})
