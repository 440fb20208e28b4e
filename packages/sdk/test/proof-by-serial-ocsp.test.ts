import { readCertificate } from '@cabut/pki/certificate'
import { describe, expect, test } from 'vitest'
import { collectBySerial, judgeProof } from '../src/proof/index.js'
import { judgeCrlBySerial, judgeOcspBySerial } from '../src/proof/judge-by-serial.js'
import { noCheck, ocspSigning, ownAuthority, type OwnAuthority, type OwnOcspPlan, type OwnSingle } from './own-authority.js'

const minute = 60_000
const day = 86_400_000
const at = new Date('2026-11-24T02:00:00Z')
const before = (milliseconds: number): Date => new Date(at.getTime() - milliseconds)
const serial = '4d2a'
const issuing = ownAuthority('CA Penerbit Contoh')
const unknown = { oid: '1.3.6.1.4.1.99999.7', critical: true }

const revoked = { revokedAt: before(day), reason: 4 } as const
const fresh = { thisUpdate: before(minute), nextUpdate: before(-day) } as const
const one = (status: OwnSingle['status'], more: Partial<OwnSingle> = {}): OwnSingle => ({ serial, status, ...fresh, ...more })

/** What a signed answer proves: verdict, reason of an unknown one, and what becomes of the request. */
async function told(singles: readonly OwnSingle[], { more = {}, under = issuing, by = issuing, issuerDn = under.subject }: { readonly more?: Partial<OwnOcspPlan>; readonly under?: OwnAuthority; readonly by?: OwnAuthority; readonly issuerDn?: string } = {}) {
  return toldBy(by.ocsp({ singles, producedAt: before(minute), ...more }), under, issuerDn)
}

async function toldBy(answer: Uint8Array, under: OwnAuthority = issuing, issuerDn: string = under.subject): Promise<readonly (string | undefined)[]> {
  const found = await collectBySerial({ issuerDn, serial }, { anchors: [readCertificate(under.der)], at, ocsp: [answer] })
  return [found.evidence[0]?.verdict, found.evidence[0]?.reason, (await judgeProof({ evidence: [found], now: at })).verdict]
}

const proven = ['revoked', undefined, 'proven']
const nothing = (reason: string): readonly (string | undefined)[] => ['unknown', reason, 'awaiting']

describe('what an OCSP answer of the issuer says (RFC 6960 2.2, 4.2)', () => {
  test('a window that ends before it begins holds no good', async () => {
    expect(await told([one('good', { thisUpdate: before(-4 * minute), nextUpdate: before(-2 * minute) })])).toEqual(nothing('stale'))
    expect(await told([one('good', { thisUpdate: before(-2 * minute), nextUpdate: before(-4 * minute) })])).toEqual(['notRevoked', undefined, 'awaiting'])
    expect(await told([one('good', { thisUpdate: before(-4 * minute), nextUpdate: before(-4 * minute) })])).toEqual(['notRevoked', undefined, 'awaiting'])
  })

  test('revoked proves, however old; good is no proof', async () => {
    expect(await told([one(revoked)])).toEqual(proven)
    expect(await told([one({ revokedAt: before(day) })])).toEqual(proven)
    expect(await told([one(revoked, { thisUpdate: before(900 * day), nextUpdate: before(899 * day) })], { more: { producedAt: before(900 * day) } })).toEqual(proven)
    expect(await told([one('good')])).toEqual(['notRevoked', undefined, 'awaiting'])
  })

  test('the revocation is told as it was said', async () => {
    const found = await collectBySerial({ issuerDn: issuing.subject, serial }, { anchors: [readCertificate(issuing.der)], at, ocsp: [
      issuing.ocsp({ singles: [one(revoked)], producedAt: before(2 * minute) }), issuing.ocsp({ singles: [one({ revokedAt: before(day) }, { thisUpdate: before(minute) })], producedAt: before(minute) }),
    ] })
    expect(found.evidence.map(({ revocation, thisUpdate, nextUpdate, producedAt, fresh: isFresh }) => [revocation, thisUpdate, nextUpdate, producedAt, isFresh])).toEqual([
      [{ date: before(day), reason: 'superseded' }, before(minute), before(-day), before(2 * minute), true], [{ date: before(day) }, before(minute), before(-day), before(minute), true],
    ])
    const open = issuing.ocsp({ singles: [{ serial, status: revoked, thisUpdate: before(minute) }], producedAt: before(minute) })
    const [without] = (await collectBySerial({ issuerDn: issuing.subject, serial }, { anchors: [readCertificate(issuing.der)], at, ocsp: [open] })).evidence
    expect(without !== undefined && 'nextUpdate' in without).toBe(false)
  })

  test('good is believed while it is fresh only: to the second of its end, or for five minutes where it names none', async () => {
    const good = (thisUpdate: Date, nextUpdate?: Date): OwnSingle => ({ serial, status: 'good', thisUpdate, ...(nextUpdate === undefined ? {} : { nextUpdate }) })
    expect((await told([good(before(day), at)]))[0]).toBe('notRevoked')
    expect(await told([good(before(day), before(1_000))])).toEqual(nothing('stale'))
    expect((await told([good(before(5 * minute))]))[0]).toBe('notRevoked')
    expect(await told([good(before(5 * minute + 1_000))])).toEqual(nothing('noNextUpdate'))
  })

  test('from the future: neither made nor produced more than five minutes ahead', async () => {
    expect(await told([one(revoked, { thisUpdate: before(-5 * minute) })])).toEqual(proven)
    expect(await told([one(revoked, { thisUpdate: before(-5 * minute - 1_000) })])).toEqual(nothing('notYetValid'))
    expect(await told([one(revoked)], { more: { producedAt: before(-5 * minute - 1_000) } })).toEqual(nothing('notYetValid'))
  })

  test('on hold is suspended while it is fresh; since 1970 is how a responder says "never issued"', async () => {
    const hold = { revokedAt: before(day), reason: 6 } as const
    expect(await told([one(hold)])).toEqual(['onHold', undefined, 'suspended'])
    expect(await told([one(hold, { thisUpdate: before(2 * day), nextUpdate: before(day) })])).toEqual(nothing('stale'))
    expect(await told([{ serial, status: hold, thisUpdate: before(2 * day) }])).toEqual(nothing('noNextUpdate'))
    expect(await told([one({ revokedAt: new Date(0), reason: 6 })])).toEqual(nothing('responderUnknown'))
    expect(await told([one({ revokedAt: new Date(0), reason: 4 })])).toEqual(proven)
  })

  test('unknown, and revoked because removed, are no statement', async () => {
    expect(await told([one('unknown')])).toEqual(nothing('responderUnknown'))
    expect(await told([one({ revokedAt: before(day), reason: 8 })])).toEqual(nothing('malformed'))
  })

  test('of several answers for the certificate the one that says revoked counts, wherever it stands', async () => {
    for (const singles of [[one('good'), one(revoked)], [one(revoked), one('good')], [one('unknown'), one(revoked), one('good')], [one(revoked), one({ revokedAt: before(2 * day) })]]) expect(await told(singles)).toEqual(proven)
    expect(await told([one(revoked, { serial: '77' }), one('good')])).toEqual(['notRevoked', undefined, 'awaiting'])
  })

  test('a final revocation before a hold and a removal, these before any other, and of equals the first', async () => {
    const [final, hold, removed, good, none] = [one(revoked), one({ revokedAt: before(day), reason: 6 }), one({ revokedAt: before(day), reason: 8 }), one('good'), one('unknown')]
    for (const singles of [[hold, final], [final, hold], [removed, final], [good, hold, final]]) expect(await told(singles)).toEqual(proven)
    for (const singles of [[good, hold], [hold, good], [none, hold, removed]]) expect(await told(singles)).toEqual(['onHold', undefined, 'suspended'])
    expect(await told([removed, good])).toEqual(nothing('malformed'))
    expect(await told([none, good])).toEqual(nothing('responderUnknown'))
    expect(await told([good, none])).toEqual(['notRevoked', undefined, 'awaiting'])
    const twice = issuing.ocsp({ singles: [one(revoked), one({ revokedAt: before(2 * day), reason: 1 })], producedAt: before(minute) })
    expect((await collectBySerial({ issuerDn: issuing.subject, serial }, { anchors: [readCertificate(issuing.der)], at, ocsp: [twice] })).evidence).toMatchObject([{ revocation: { date: before(day), reason: 'superseded' } }])
  })

  test('about another serial, another issuer\'s key, or by a hash nobody knows: another certificate', async () => {
    const other = ownAuthority('CA Penerbit Contoh')
    for (const single of [one(revoked, { serial: '77' }), one(revoked, { issuer: other }), one(revoked, { hash: '1.2.3.4' })]) expect(await told([single])).toEqual(nothing('otherCertificate'))
    expect(await told([])).toEqual(nothing('otherCertificate'))
  })

  test('an unknown critical extension of the answer or of the statement: nothing; one that is not critical is read over', async () => {
    expect(await told([one(revoked)], { more: { extensions: [unknown] } })).toEqual(nothing('unknownCriticalExtension'))
    expect(await told([one(revoked, { extensions: [unknown] })])).toEqual(nothing('unknownCriticalExtension'))
    expect(await told([one(revoked, { extensions: [{ ...unknown, critical: false }] })], { more: { extensions: [{ ...unknown, critical: false }] } })).toEqual(proven)
  })

  test('an answer that is an error, and what is none', async () => {
    expect(await toldBy(Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x06))).toEqual(nothing('responderError'))
    expect(await toldBy(Uint8Array.of(0x30, 0x80))).toEqual(nothing('malformed'))
  })

  test('what proves nothing is not fresh', async () => {
    const answers = [Uint8Array.of(0x30, 0x80), issuing.ocsp({ singles: [one('unknown')], producedAt: before(minute) }), issuing.ocsp({ singles: [one(revoked)], producedAt: before(-day) })]
    const { evidence } = await collectBySerial({ issuerDn: issuing.subject, serial }, { anchors: [readCertificate(issuing.der)], at, ocsp: answers })
    expect(evidence.map(({ verdict, fresh: isFresh }) => [verdict, isFresh])).toEqual([['unknown', false], ['unknown', false], ['unknown', false]])
  })

  test('the issuer\'s name may be written another way, not be another one', async () => {
    expect(await told([one(revoked)], { issuerDn: 'cn = CA  penerbit contoh' })).toEqual(proven)
    expect(await told([one(revoked)], { issuerDn: 'CN=CA Penerbit Lain' })).toEqual([undefined, undefined, 'awaiting'])
  })

  test('judged under an authority of another name: nothing, nor under a name that is none', async () => {
    const answer = issuing.ocsp({ singles: [one(revoked)], producedAt: before(minute) })
    const list = issuing.crl({ entries: [{ serial, revokedAt: before(day) }], thisUpdate: before(minute), nextUpdate: before(-day), number: 1 })
    const judged = async (issuerDn: string): Promise<unknown[]> => {
      const question = { issuerDn, serial, issuer: readCertificate(issuing.der), at }
      return [await judgeOcspBySerial(answer, question), await judgeCrlBySerial(list, question)].map(({ verdict, reason }) => [verdict, reason])
    }
    for (const issuerDn of ['CN=CA Penerbit Lain', 'CN=CA Penerbit Contoh,C=ID', 'bukan nama']) expect(await judged(issuerDn)).toEqual([['unknown', 'issuerMismatch'], ['unknown', 'issuerMismatch']])
    for (const issuerDn of ['CN=CA Penerbit Contoh', 'cn = ca penerbit contoh']) expect(await judged(issuerDn)).toEqual([['revoked', undefined], ['revoked', undefined]])
  })
})

describe('who may answer for the issuer (RFC 6960 4.2.2.2)', () => {
  const delegate = (extensions = [ocspSigning, noCheck]): OwnAuthority => issuing.issue('Penjawab OCSP', '05', false, { extensions })
  const signedBy = (by: OwnAuthority, beside: readonly Uint8Array[] = []): Promise<readonly (string | undefined)[]> => told([one(revoked)], { more: { by, beside } })

  test('one whose key may not sign answers is none', async () => {
    const mayOnly = (keyUsage: number | null): OwnAuthority => issuing.issue('Penjawab OCSP', '05', false, { keyUsage, extensions: [ocspSigning, noCheck] })
    for (const usage of [0x80, 0x40, null]) expect(await signedBy(mayOnly(usage)), String(usage)).toEqual(proven)
    for (const usage of [0x20, 0x08]) expect(await signedBy(mayOnly(usage)), String(usage)).toEqual(nothing('signerNotTrusted'))
  })

  test('a responder the issuer delegated, whose own status need not be checked', async () => {
    expect(await signedBy(delegate())).toEqual(proven)
    expect(await signedBy(delegate(), [Uint8Array.of(0x30, 0x00), issuing.issue('Bukan penjawab', '06').der])).toEqual(proven)
  })

  test('not one without the purpose, nor one whose status would have to be known', async () => {
    expect(await signedBy(delegate([noCheck]))).toEqual(nothing('signerNotTrusted'))
    expect(await signedBy(delegate([ocspSigning]))).toEqual(nothing('signerNotTrusted'))
    expect(await signedBy(delegate([{ ...ocspSigning, value: readOther() }, noCheck]))).toEqual(nothing('signerNotTrusted'))
  })

  test('not another authority\'s, nor one below an authority of the issuer, nor one that signed nothing here', async () => {
    const elsewhere = ownAuthority('CA Lain').issue('Penjawab OCSP', '05', false, { extensions: [ocspSigning, noCheck] })
    expect(await signedBy(elsewhere)).toEqual(nothing('signerNotTrusted'))
    const below = issuing.issue('CA Bawahan', '07', true)
    expect(await signedBy(below.issue('Penjawab OCSP', '05', false, { extensions: [ocspSigning, noCheck] }), [below.der])).toEqual(nothing('signerNotTrusted'))
    expect(await told([one(revoked)], { more: { by: elsewhere, beside: [delegate().der] } })).toEqual(nothing('signerNotTrusted'))
  })

  test('looked for among the first eight certificates only', async () => {
    const filler = Array.from({ length: 8 }, () => issuing.issue('Pengisi', '08').der)
    expect(await signedBy(delegate(), filler.slice(1))).toEqual(proven)
    expect(await signedBy(delegate(), filler)).toEqual(nothing('signerNotTrusted'))
  })
})

/** An extended key usage for something else: clientAuth. */
function readOther(): Uint8Array {
  return Uint8Array.of(0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02)
}
