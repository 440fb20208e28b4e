import { describe, expect, it } from 'vitest'
import { later, makeParty, type Party } from '../../test/build/certificate.js'
import { makeCrl, type CrlPlan } from '../../test/build/crl.js'
import { bool, extension, int, oid, seq } from '../../test/build/der.js'
import { makeOcsp } from '../../test/build/ocsp.js'
import { allowSha1 } from '../crypto/index.js'
import { checkStatus, type EvidenceFetcher, type StatusOptions, type StatusVerdict } from './index.js'

const root = makeParty({ subject: 'CN=Akar Contoh', ca: true, notAfter: later(900) })
const ca = makeParty({ subject: 'CN=CA Contoh', ca: true, issuer: root, notAfter: later(800) })
const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2' })
const rootCrl = makeCrl({ issuer: root })
const crl = (plan: Partial<CrlPlan> = {}): Buffer => makeCrl({ issuer: ca, ...plan })
const crls = [rootCrl, crl()]

const base = { anchors: [root.der] as const, intermediates: [ca.der], at: later(1), fetch: false as const }
const run = (options: Partial<StatusOptions> = {}, subject: Party = leaf): Promise<StatusVerdict> => checkStatus(subject.der, { ...base, ...options })
const say = async (options: Partial<StatusOptions> = {}, subject: Party = leaf): Promise<string> => {
  const { status, reason } = await run(options, subject)
  return reason === undefined ? status : `${status} ${reason}`
}
const second = 1000
const moved = (date: Date, milliseconds: number): Date => new Date(date.getTime() + milliseconds)

describe('what checkStatus is told', () => {
  it('the oldest evidence that counts', async () => {
    expect(await say({ crls, maxAge: 86_400 })).toBe('good')
    expect(await say({ crls, maxAge: 86_400 - 301 })).toBe('unknown stale')
    const responder = makeParty({ subject: 'CN=Penjawab', issuer: ca, purposes: ['1.3.6.1.5.5.7.3.9'], noCheck: true })
    const answer = (nextUpdate: Date | null): Buffer => makeOcsp({ signer: responder, send: [responder], singles: [{ serial: 'a1b2', issuer: ca, thisUpdate: later(0), nextUpdate }] })
    const until = async (options: Partial<StatusOptions>): Promise<Date | undefined> => (await run({ crls: [rootCrl], at: later(0), ...options })).validUntil
    expect(await until({ ocsp: [answer(later(3))] })).toEqual(later(3))
    expect(await until({ ocsp: [answer(later(3))], maxAge: 86_400 })).toEqual(later(1))
    expect(await until({ ocsp: [answer(later(0.5))], maxAge: 86_400 })).toEqual(later(0.5))
    expect(await until({ ocsp: [answer(null)] })).toEqual(moved(later(0), 300 * second))
    expect(await until({ ocsp: [answer(null)], skew: 60 })).toEqual(moved(later(0), 60 * second))
    expect(await until({ ocsp: [answer(null)], maxAge: 3600 })).toEqual(later(1 / 24))
  })

  it('how far clocks may differ', async () => {
    const at = moved(later(0), -200 * second)
    expect(await say({ crls, at })).toBe('good')
    expect(await say({ crls, at, skew: 199 })).toBe('unknown notYetValid')
    expect(await say({ crls, at, skew: 200 })).toBe('good')
    expect(await say({ crls, at: moved(later(0), -301 * second) })).toBe('unknown notYetValid')
  })

  it('deprecated algorithms, for certificates and evidence alike', async () => {
    const old = makeParty({ subject: 'CN=CA Lama', ca: true, issuer: root, algorithm: 'rsa-sha1', notAfter: later(800) })
    const below = makeParty({ subject: 'CN=Ratna Lama', issuer: old, serial: 'a1b2' })
    const evidence = { intermediates: [old.der], crls: [rootCrl, makeCrl({ issuer: old })] }
    expect(await run(evidence, below)).toMatchObject({ status: 'unknown', reason: 'unsupportedAlgorithm', problems: [{ reason: 'unsupportedAlgorithm', detail: 'unsupportedAlgorithm 1.2.840.113549.1.1.5', index: 0 }] })
    expect(await say({ ...evidence, allow: [allowSha1] }, below)).toBe('good')
  })

  it('purposes, also where an authority narrows them', async () => {
    const narrow = makeParty({ subject: 'CN=CA Contoh', key: ca.key, ca: true, issuer: root, purposes: ['1.3.6.1.5.5.7.3.1'], notAfter: later(800) })
    const evidence = { intermediates: [narrow.der], crls }
    expect(await say(evidence)).toBe('good')
    expect(await say({ ...evidence, purposes: ['1.3.6.1.5.5.7.3.1'] })).toBe('good')
    expect(await run({ ...evidence, purposes: ['1.3.6.1.5.5.7.3.4'] })).toMatchObject({ status: 'unknown', reason: 'pathInvalid', problems: [{ detail: 'purpose 1.3.6.1.5.5.7.3.1', index: 1 }] })
    // No purpose named: none is asked for.
    expect(await say({ ...evidence, purposes: [] }, makeParty({ subject: 'CN=Peladen', issuer: narrow, purposes: ['1.3.6.1.5.5.7.3.4'] }))).toBe('good')
  })

  it('no more than an anchor', async () => {
    const direct = makeParty({ subject: 'CN=Ratna Contoh', issuer: root })
    expect((await checkStatus(direct.der, { anchors: [root.der], at: later(1), fetch: false, crls: [rootCrl] })).status).toBe('good')
    const verdict = await checkStatus(direct.der, { anchors: [root.der], fetch: false })
    expect(Math.abs(verdict.at.getTime() - Date.now())).toBeLessThan(60_000)
  })

  it('a list of anchors or intermediates that grows between two checks', async () => {
    const anchors: [Buffer, ...Buffer[]] = [makeParty({ subject: 'CN=Akar Lain', ca: true }).der]
    const intermediates: Buffer[] = []
    const check = async (): Promise<string> => (await checkStatus(leaf.der, { ...base, anchors, intermediates, crls })).status
    expect(await check()).toBe('unknown')
    anchors.push(root.der)
    expect(await check()).toBe('unknown')
    intermediates.push(ca.der)
    expect(await check()).toBe('good')
    anchors.pop()
    expect(await check()).toBe('unknown')
  })
})

describe('what checkStatus tells', () => {
  it('the first and the last moment of a certificate belong to its validity', async () => {
    const short = makeParty({ subject: 'CN=Sebentar', issuer: ca, serial: 'e1', notBefore: later(1), notAfter: later(2) })
    const at = async (time: Date): Promise<string> => say({ crls, at: time }, short)
    expect(await at(moved(later(1), -second))).toBe('notYetValid')
    expect(await at(later(1))).toBe('good')
    expect(await at(later(2))).toBe('good')
    expect(await at(moved(later(2), second))).toBe('expired')
    expect(await say({ at: later(900) }, root)).toBe('unknown isAnchor')
    expect(await say({ at: moved(later(900), second) }, root)).toBe('unknown expiredAnchor')
  })

  it('until when it holds: the earliest end of evidence and certificates', async () => {
    const until = async (options: Partial<StatusOptions>, subject: Party = leaf): Promise<unknown> => {
      const { status, validUntil } = await run({ ...options }, subject)
      return [status, validUntil]
    }
    const ending = makeParty({ subject: 'CN=Berakhir', issuer: ca, serial: 'e2', notAfter: later(3) })
    expect(await until({ crls }, ending)).toEqual(['good', later(3)])
    expect(await until({ crls: [makeCrl({ issuer: root, nextUpdate: later(2) }), crl()] }, ending)).toEqual(['good', later(2)])
    expect(await until({ crls: [rootCrl, crl({ nextUpdate: later(2.5) })] }, ending)).toEqual(['good', later(2.5)])
    expect(await until({ crls: [rootCrl, crl({ entries: [{ serial: 'e2', reason: 6 }], nextUpdate: later(2) })] }, ending)).toEqual(['suspended', later(2)])
    expect(await until({ crls: [rootCrl, crl({ entries: [{ serial: 'e2', reason: 6 }] })] }, ending)).toEqual(['suspended', later(3)])
    expect(await until({ crls: [rootCrl, crl({ entries: [{ serial: 'e2', reason: 1 }] })] }, ending)).toEqual(['revoked', undefined])
  })

  it('what is missing above, and where', async () => {
    expect(await run({ crls: [crl()] })).toMatchObject({ status: 'unknown', reason: 'issuerStatusUnknown' })
    expect((await run({ crls: [crl()] })).problems).toEqual([{ reason: 'issuerStatusUnknown', index: 1, detail: 'noEvidence' }])
    const between = makeParty({ subject: 'CN=Antara', ca: true, issuer: ca })
    const below = makeParty({ subject: 'CN=Bawah', issuer: between })
    const evidence = { intermediates: [ca.der, between.der], crls: [makeCrl({ issuer: root, nextUpdate: later(0.5) }), crl({ entries: [{ serial: between.certificate.serial, reason: 6 }] }), makeCrl({ issuer: between })] }
    expect((await run(evidence, below)).problems).toEqual([{ reason: 'issuerRevoked', index: 1 }, { reason: 'issuerStatusUnknown', index: 2, detail: 'stale' }])
  })

  it('an authority that is out of date', async () => {
    const verdict = await run({ crls, at: later(801) }, makeParty({ subject: 'CN=Panjang', issuer: ca, notAfter: later(850) }))
    expect(verdict).toMatchObject({ status: 'unknown', reason: 'pathInvalid', problems: [{ reason: 'pathInvalid', detail: 'expired', index: 1 }] })
    expect(verdict.problems).toHaveLength(1)
  })

  it('nothing more than the certificate where no path is found', async () => {
    const stranger = makeParty({ subject: 'CN=Akar Lain', ca: true })
    const { problems, ...verdict } = await run({ anchors: [stranger.der], crls })
    expect(verdict).toEqual({ status: 'unknown', reason: 'issuerNotPinned', at: later(1), certificate: expect.objectContaining({ serial: 'a1b2' }) as unknown, chain: [verdict.certificate], evidence: [], issuerEvidence: [] })
    expect(problems).toEqual([{ reason: 'issuerNotPinned', detail: 'issuerNotFound', index: 1 }])
  })

  it('nothing more than the certificate where it is an anchor, of one or of several', async () => {
    for (const anchors of [[root.der], [makeParty({ subject: 'CN=Akar Lain', ca: true }).der, root.der]] as const) {
      const verdict = await run({ anchors, crls: [Buffer.from('<html>')] }, root)
      expect(verdict).toEqual({ status: 'unknown', reason: 'isAnchor', at: later(1), certificate: verdict.certificate, chain: [verdict.certificate], evidence: [], issuerEvidence: [], problems: [{ reason: 'malformed', detail: 'crl: derTag at 0' }] })
    }
  })

  it('that evidence at hand speaks of others', async () => {
    const answer = makeOcsp({ signer: ca, singles: [{ serial: 'ffff', issuer: ca }] })
    expect(await say({ ocsp: [answer], checkIssuers: false })).toBe('unknown otherCertificate')
    expect(await say({ crls: [rootCrl], checkIssuers: false })).toBe('unknown issuerMismatch')
    expect(await say({ crls: [rootCrl], ocsp: [answer], checkIssuers: false })).toBe('unknown otherCertificate')
  })
})

describe('several paths lead up: the one that says most counts, whichever is tried first', () => {
  const other = makeParty({ subject: 'CN=Akar Kedua', ca: true, notAfter: later(900) })
  /** The same authority, certified by the other root as well. */
  const cross = makeParty({ subject: 'CN=CA Contoh', key: ca.key, ca: true, issuer: other, notAfter: later(800) })
  /** Another key of the same authority, which only the other root knows: it signs CRLs. */
  const signer = makeParty({ subject: 'CN=CA Contoh', ca: true, issuer: other, notAfter: later(800) })
  const otherCrl = makeCrl({ issuer: other })
  const both = async (evidence: readonly Buffer[]): Promise<[string, string | undefined][]> => {
    const found: [string, string | undefined][] = []
    for (const intermediates of [[ca.der, cross.der, signer.der], [signer.der, cross.der, ca.der]]) {
      const { status, reason, chain } = await run({ anchors: [root.der, other.der], intermediates, crls: evidence })
      found.push([reason === undefined ? status : `${status} ${reason}`, chain.at(-1) === undefined ? undefined : Buffer.from(chain.at(-1)!.der).equals(root.der) ? 'first' : 'second'])
    }
    return found
  }
  const revokedAbove = (issuer: Party, subject: Party): Buffer => makeCrl({ issuer, entries: [{ serial: subject.certificate.serial, reason: 2 }] })
  const bySigner = (plan: Partial<CrlPlan>): Buffer => makeCrl({ issuer: { name: ca.name, key: signer.key }, ...plan })
  const listed = (reason: number): Pick<CrlPlan, 'entries'> => ({ entries: [{ serial: 'a1b2', reason }] })

  it('one authority certificate is revoked, the other is not', async () => {
    expect(await both([revokedAbove(root, ca), otherCrl, crl()])).toEqual([['good', 'second'], ['good', 'second']])
    expect(await both([rootCrl, revokedAbove(other, cross), crl()])).toEqual([['good', 'first'], ['good', 'first']])
  })
  it('of one authority certificate nothing is known', async () => {
    expect(await both([otherCrl, crl()])).toEqual([['good', 'second'], ['good', 'second']])
    expect(await both([rootCrl, crl()])).toEqual([['good', 'first'], ['good', 'first']])
  })
  it('neither holds', async () => {
    for (const [verdict] of await both([revokedAbove(root, ca), revokedAbove(other, cross), crl()])) expect(verdict).toBe('unknown issuerRevoked')
    for (const [verdict] of await both([crl()])) expect(verdict).toBe('unknown issuerStatusUnknown')
  })
  it('the revocation, the hold, or its absence is proven on one of them only', async () => {
    expect(await both([otherCrl, bySigner(listed(1))])).toEqual([['revoked', 'second'], ['revoked', 'second']])
    expect(await both([rootCrl, otherCrl, bySigner(listed(1)), crl({ thisUpdate: later(0.5), nextUpdate: later(0.6) })])).toEqual([['revoked', 'second'], ['revoked', 'second']])
    expect(await both([otherCrl, bySigner(listed(6))])).toEqual([['suspended', 'second'], ['suspended', 'second']])
    expect(await both([otherCrl, bySigner({})])).toEqual([['good', 'second'], ['good', 'second']])
  })
  it('its absence is proven on one of them, where the authority is not clear', async () => {
    const cleared = makeCrl({ issuer: other, entries: [{ serial: cross.certificate.serial, reason: 6 }] })
    expect(await both([cleared, bySigner({})])).toEqual([['unknown issuerRevoked', 'second'], ['unknown issuerRevoked', 'second']])
  })
})

describe('what is fetched, and in which order', () => {
  const told = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b3', crlUrls: ['http://contoh.test/ca.crl'], ocspUrl: 'http://contoh.test/ocsp' })
  const answers: Record<string, Buffer> = { 'http://contoh.test/ca.crl': crl(), 'http://contoh.test/ocsp': makeOcsp({ signer: ca, singles: [{ serial: 'a1b3', issuer: ca, nextUpdate: later(5) }] }) }
  const asked = async (options: Partial<StatusOptions>): Promise<[string, string[]]> => {
    const seen: string[] = []
    const fetcher: EvidenceFetcher = {
      get: (url) => { seen.push(`GET ${url}`); return Promise.resolve({ outcome: 'fetched', bytes: answers[url]! }) },
      post: (url) => { seen.push(`POST ${url}`); return Promise.resolve({ outcome: 'fetched', bytes: answers[url]! }) },
    }
    return [await say({ crls: [rootCrl], fetch: fetcher, ...options }, told), seen]
  }
  const [post, get] = ['POST http://contoh.test/ocsp', 'GET http://contoh.test/ca.crl']
  it.each<[string, Partial<StatusOptions>, string[]]>([
    ['by default the responder, and no more when it has answered', {}, [post]], ['every source', { exhaustive: true }, [post, get]], ['the CRL first', { sources: ['crl', 'ocsp'] }, [get]], ['only the CRL', { sources: ['crl'] }, [get]],
    ['every source in another order', { sources: ['crl', 'ocsp'], exhaustive: true }, [get, post]], ['nothing where evidence is at hand', { crls }, []], ['evidence at hand is not enough', { crls, exhaustive: true }, [post, get]],
    ['not every source', { exhaustive: false }, [post]],
  ])('%s', async (_, options, expected) => {
    expect(await asked(options)).toEqual(['good', expected])
  })
  it('none', async () => {
    expect(await asked({ sources: [] })).toEqual(['unknown issuerMismatch', []])
  })
})

describe('limits of the path that its caller sets', () => {
  it('are those of the path', async () => {
    const policy = (id: string): Buffer => extension('2.5.29.32', seq(seq(oid(id))))
    const withPolicy = makeParty({ subject: 'CN=CA Kebijakan', ca: true, issuer: root, extensions: [policy('1.2.3')], notAfter: later(800) })
    const below = makeParty({ subject: 'CN=Bawah', issuer: withPolicy, extensions: [policy('1.2.3')] })
    const evidence = { intermediates: [withPolicy.der], crls: [rootCrl, makeCrl({ issuer: withPolicy })] }
    expect(await say({ ...evidence, initialPolicies: ['1.2.3'], requireExplicitPolicy: true }, below)).toBe('good')
    expect(await say({ ...evidence, initialPolicies: ['1.2.4'], requireExplicitPolicy: true }, below)).toBe('unknown pathInvalid')
    const short = makeParty({ subject: 'CN=CA Pendek', issuer: root, usage: [5, 6], extensions: [extension('2.5.29.19', seq(bool(true), int(0)), true)], notAfter: later(800) })
    const tooDeep = makeParty({ subject: 'CN=CA Dalam', ca: true, issuer: short })
    expect(await say({ intermediates: [short.der, tooDeep.der], crls: [rootCrl, makeCrl({ issuer: short }), makeCrl({ issuer: tooDeep })] }, makeParty({ subject: 'CN=Bawah', issuer: tooDeep }))).toBe('unknown pathInvalid')
  })
})
