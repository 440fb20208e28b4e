import { readCertificate, type Certificate } from '@cabut/pki/certificate'
import type { Judgement, StatusVerdict, UnknownReason } from '@cabut/pki/status'
import { createSandbox, type FaultRule, type Sandbox } from '@cabut/sandbox'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { collectEvidence, judgeProof, type Proof, type ProofVerdict } from '../src/proof/index.js'

const HOUR = 3_600_000
const T0 = Date.parse('2026-11-22T02:00:00Z')
const at = (hours: number): Date => new Date(T0 + hours * HOUR)

let certificate: Certificate
let issuer: Certificate
let root: Certificate
let otherRoot: Certificate

beforeAll(async () => {
  const sandbox = await createSandbox({ faults: 'none', now: () => T0 })
  certificate = readCertificate((await sandbox.ca.issueLeaf({ key: 'shared' })).der)
  issuer = readCertificate(sandbox.ca.issuingPem)
  root = readCertificate(sandbox.ca.rootPem)
  otherRoot = issuer
})

interface Piece {
  readonly source?: 'crl' | 'ocsp'
  readonly says: Judgement['verdict']
  /** Hours after T0. */
  readonly made: number
  readonly reason?: NonNullable<Judgement['revocation']>['reason']
  readonly date?: number
  readonly number?: bigint
  readonly next?: number
  /** Somebody handed it in; else it was fetched. */
  readonly handed?: boolean
}

function judgement(piece: Piece): Judgement {
  const { source = 'crl', says, made, reason, date = 0, number, next, handed = false } = piece
  const bytes = new TextEncoder().encode(JSON.stringify(piece, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)))
  return {
    source, verdict: says, thisUpdate: at(made), fresh: true, bytes, sha256: createHash('sha256').update(bytes).digest('hex'),
    ...(says === 'unknown' ? { reason: 'stale' as const } : {}),
    ...(says === 'revoked' || says === 'onHold' ? { revocation: { date: at(date), ...(reason === undefined ? {} : { reason }) } } : {}),
    ...(number === undefined ? {} : { crlNumber: number }),
    ...(next === undefined ? {} : { nextUpdate: at(next) }),
    ...(handed ? {} : { origin: 'https://va.contoh.go.id/ca.crl' }),
  }
}

function verdict(pieces: readonly Piece[], more: { collected?: number; reason?: UnknownReason; anchor?: Certificate; chain?: readonly Certificate[] } = {}): StatusVerdict {
  const evidence = pieces.map(judgement)
  const has = (says: string): boolean => evidence.some((each) => each.verdict === says)
  return {
    status: more.reason !== undefined ? 'unknown' : has('revoked') ? 'revoked' : has('onHold') ? 'suspended' : has('notRevoked') ? 'good' : 'unknown',
    ...(more.reason === undefined ? {} : { reason: more.reason }),
    at: at(more.collected ?? Math.max(0, ...pieces.map((each) => each.made))), certificate, chain: more.chain ?? [certificate, issuer, more.anchor ?? root],
    evidence, issuerEvidence: [], problems: [],
  }
}

const ams = { saysRevokedAt: new Date(T0) }
const judge = (pieces: readonly Piece[], more: Partial<Parameters<typeof judgeProof>[0]> = {}): Promise<ProofVerdict> => judgeProof({ ams, evidence: [verdict(pieces)], now: at(1), ...more })

async function proven(pieces: readonly Piece[]): Promise<Proof> {
  const result = await judge(pieces)
  if (result.verdict !== 'proven') throw new Error(result.verdict)
  return result.proof
}

describe('judgeProof: first proof (DESIGN section 3)', () => {
  it('AMS\'s word alone proves nothing, however long', async () => {
    expect(await judgeProof({ ams, evidence: [], now: at(1) })).toEqual({ verdict: 'awaiting', reason: 'noEvidence', overdue: false, findings: [] })
    expect(await judgeProof({ ams, esign: { saysRevokedAt: at(0) }, evidence: [], now: at(100_000) })).toMatchObject({ verdict: 'awaiting', overdue: true })
  })

  it.each(['crl', 'ocsp'] as const)('one authentic signed source proves it: %s', async (source) => {
    expect(await judge([{ source, says: 'revoked', made: 1, reason: 'keyCompromise', number: 7n, next: 25 }])).toMatchObject({
      verdict: 'proven', findings: [], proof: { source, thisUpdate: at(1).toISOString(), revocationDate: at(0).toISOString(), reason: 'keyCompromise', seenAt: at(1).toISOString(), certificate: { serial: certificate.serial } },
    })
  })

  it('a source the policy does not accept does not prove', async () => {
    expect(await judge([{ source: 'ocsp', says: 'revoked', made: 1 }], { policy: { accept: ['crl'] } })).toMatchObject({ verdict: 'awaiting' })
  })

  it('evidence older than AMS\'s word: not yet published', async () => {
    expect(await judge([{ says: 'notRevoked', made: -5 }])).toMatchObject({ verdict: 'awaiting', reason: 'notYetPublished', overdue: false, findings: [] })
  })

  it('newer evidence without it: awaiting within the grace, contradicted after it', async () => {
    expect(await judge([{ says: 'notRevoked', made: 48 }], { now: at(48) })).toMatchObject({ verdict: 'awaiting', reason: 'withinGrace', findings: [{ kind: 'notListed' }] })
    expect(await judge([{ says: 'notRevoked', made: 49 }], { now: at(49) })).toMatchObject({ verdict: 'contradicted', findings: [{ kind: 'notListed', thisUpdate: at(49).toISOString() }] })
    expect(await judge([{ says: 'notRevoked', made: 3 }], { now: at(3), policy: { publicationGrace: 2 * HOUR } })).toMatchObject({ verdict: 'contradicted' })
  })

  it('certificateHold is suspended, never revoked', async () => {
    expect(await judge([{ says: 'onHold', made: 1 }])).toMatchObject({ verdict: 'suspended', since: at(0).toISOString(), findings: [{ kind: 'onHold' }] })
    expect(await judge([{ says: 'onHold', made: 999 }], { now: at(999) })).toMatchObject({ verdict: 'suspended' })
    expect(await judge([{ says: 'onHold', made: 1 }, { source: 'ocsp', says: 'revoked', made: 2 }])).toMatchObject({ verdict: 'proven' })
  })

  it('only evidence with a later thisUpdate than the proof can deny it', async () => {
    expect(await judge([{ source: 'ocsp', says: 'revoked', made: 5 }, { says: 'notRevoked', made: 4 }])).toMatchObject({ verdict: 'proven', findings: [] })
    expect(await judge([{ source: 'ocsp', says: 'revoked', made: 5 }, { says: 'notRevoked', made: 5 }])).toMatchObject({ verdict: 'proven' })
    expect(await judge([{ source: 'ocsp', says: 'revoked', made: 5 }, { says: 'notRevoked', made: 6 }])).toMatchObject({ verdict: 'awaiting', reason: 'withinGrace', proof: { source: 'ocsp' } })
    expect(await judge([{ source: 'ocsp', says: 'revoked', made: 5 }, { says: 'notRevoked', made: 60 }])).toMatchObject({ verdict: 'contradicted', proof: { source: 'ocsp' } })
  })

  it('one source that goes on denying is not outvoted by another that repeats itself', async () => {
    expect(await judge([
      { source: 'ocsp', says: 'revoked', made: 1 }, { says: 'notRevoked', made: 60 }, { source: 'ocsp', says: 'revoked', made: 61 },
    ])).toMatchObject({ verdict: 'contradicted' })
    // The CRL has followed meanwhile: no denial stands.
    expect(await judge([
      { source: 'ocsp', says: 'revoked', made: 1 }, { says: 'notRevoked', made: 20 }, { says: 'revoked', made: 44 },
    ])).toMatchObject({ verdict: 'proven' })
  })

  it('evidence that proves nothing (unknown) is no denial', async () => {
    expect(await judge([{ says: 'unknown', made: 60 }], { now: at(60) })).toMatchObject({ verdict: 'awaiting', reason: 'noEvidence', overdue: true })
  })

  it.each(['issuerNotPinned', 'pathInvalid', 'expiredAnchor', 'issuerRevoked'] as const)('signed by a path that is not to be believed (%s): not admitted', async (reason) => {
    expect(await judgeProof({ ams, evidence: [verdict([{ says: 'revoked', made: 1 }], { reason })], now: at(1) })).toMatchObject({ verdict: 'awaiting', reason: 'noEvidence' })
  })

  it('no path at all: not admitted', async () => {
    expect(await judgeProof({ evidence: [verdict([{ says: 'revoked', made: 1 }], { chain: [certificate] })], now: at(1) })).toMatchObject({ verdict: 'awaiting' })
  })

  it('an expired certificate may leave the list (RFC 5280 3.3): absence is no denial then', async () => {
    const late = (certificate.notAfter.getTime() - T0) / HOUR + 1
    expect(await judge([{ source: 'ocsp', says: 'revoked', made: 1 }, { says: 'notRevoked', made: late }], { now: at(late) })).toMatchObject({ verdict: 'proven' })
  })

  it('evidence about different certificates is misuse', async () => {
    const other = { ...verdict([{ says: 'revoked', made: 1 }]), certificate: issuer }
    await expect(judgeProof({ evidence: [verdict([{ says: 'revoked', made: 1 }]), other], now: at(1) })).rejects.toThrow(TypeError)
  })
})

describe('judgeProof: after-watch', () => {
  const first: Piece = { says: 'revoked', made: 1, reason: 'affiliationChanged', number: 10n, next: 25 }
  const later = async (pieces: readonly Piece[], more: Parameters<typeof verdict>[1] = {}): Promise<ProofVerdict> => {
    const previous = await proven([first])
    return judgeProof({ ams, evidence: [verdict(pieces, more)], previous, now: at(100) })
  }

  it('the same again: proven, the proof stays the first one', async () => {
    const previous = await proven([first])
    expect(await later([{ ...first, made: 25, number: 11n, next: 49 }])).toEqual({ verdict: 'proven', proof: previous, findings: [] })
    expect(await judgeProof({ evidence: [], previous, now: at(999) })).toEqual({ verdict: 'proven', proof: previous, findings: [] })
  })

  const table: [string, Piece, string, Parameters<typeof verdict>[1]?][] = [
    ['disappeared', { says: 'notRevoked', made: 60, number: 12n, next: 84 }, 'notListed'],
    ['on hold now', { says: 'onHold', made: 60, number: 12n, next: 84 }, 'onHold'],
    ['another reason', { ...first, made: 25, number: 11n, reason: 'keyCompromise', next: 49 }, 'reasonChanged'],
    ['another date', { ...first, made: 25, number: 11n, date: -3, next: 49 }, 'dateChanged'],
    ['a lower number', { ...first, made: 25, number: 9n, next: 49 }, 'numberRollback'],
    ['an older file served later', { ...first, made: -24, number: 9n, next: 0 }, 'numberRollback', { collected: 30 }],
    ['publication stopped', { ...first, made: 25, number: 11n, next: 49 }, 'stale', { collected: 49 + 25 }],
  ]
  it.each(table)('%s: contradicted, both sides named', async (_what, piece, kind, more) => {
    const result = await later([piece], more ?? {})
    expect(result).toMatchObject({ verdict: 'contradicted', proof: { crlNumber: '10' } })
    expect(result.findings).toContainEqual(expect.objectContaining({ kind, sha256: judgement(piece).sha256 }))
  })

  it('another anchor', async () => {
    expect(await later([{ ...first, made: 25, number: 11n, next: 49 }], { anchor: otherRoot })).toMatchObject({ verdict: 'contradicted', findings: [{ kind: 'issuerChanged' }] })
  })

  it('an absent reason is no drift, in either direction', async () => {
    const { reason: _none, ...bare } = first
    expect(await later([{ ...bare, made: 25, number: 11n, next: 49 }])).toMatchObject({ verdict: 'proven', findings: [] })
    const previous = await proven([bare])
    expect(await judgeProof({ evidence: [verdict([{ ...first, made: 25, number: 11n, next: 49 }])], previous, now: at(26) })).toMatchObject({ verdict: 'proven', findings: [] })
  })

  it('disappeared within the grace: awaiting, with the proof kept', async () => {
    expect(await later([{ says: 'notRevoked', made: 25, number: 11n, next: 49 }])).toMatchObject({ verdict: 'awaiting', reason: 'withinGrace', proof: { crlNumber: '10' } })
  })

  it('an old file handed in is neither a rollback nor stale publication', async () => {
    expect(await later([{ ...first, made: -24, number: 9n, next: 0, handed: true }], { collected: 90 })).toMatchObject({ verdict: 'proven', findings: [] })
  })

  it('stale within the tolerance is nothing', async () => {
    expect(await later([{ ...first, made: 25, number: 11n, next: 49 }], { collected: 49 + 23 })).toMatchObject({ verdict: 'proven', findings: [] })
  })
})

describe('judgeProof: properties', () => {
  const piece = fc.record({
    source: fc.constantFrom('crl' as const, 'ocsp' as const),
    says: fc.constantFrom('revoked' as const, 'onHold' as const, 'notRevoked' as const, 'unknown' as const),
    made: fc.integer({ min: -100, max: 200 }),
  })

  it('never proven without an authentic listing; suspended only without one; order does not matter', async () => {
    await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 6 }), fc.boolean(), async (pieces, said) => {
      const question = { ...(said ? { ams } : {}), now: at(200) }
      const result = await judgeProof({ ...question, evidence: [verdict(pieces)] })
      const listed = pieces.some((each) => each.says === 'revoked')
      if (result.verdict === 'proven') expect(listed).toBe(true)
      if (result.verdict === 'suspended') expect(listed).toBe(false)
      const reversed = await judgeProof({ ...question, evidence: [...pieces].reverse().map((each) => verdict([each])) })
      // Equal times may pick another of two equal proofs; the verdict is the same.
      expect(reversed.verdict).toBe(result.verdict)
    }), { numRuns: 300 })
  })
})

describe('proof against the sandbox', () => {
  async function revoked(fault?: FaultRule): Promise<{ sandbox: Sandbox; serial: string; clock: { now: number }; look: () => Promise<StatusVerdict>; der: Uint8Array }> {
    const clock = { now: T0 }
    const sandbox = await createSandbox({ faults: 'none', now: () => clock.now, publication: { delay: 0 }, baseUrl: 'https://sandbox.cabut.invalid' })
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    if (fault !== undefined) sandbox.manage.faults.set([fault])
    const token = sandbox.manage.token('tegar.maulana')
    const headers = { authorization: `Bearer ${token}` }
    const pdf = await sandbox.fetch(`${sandbox.urls.ams}/letters`, { method: 'POST', headers: { ...headers, 'content-type': 'application/pdf' }, body: '%PDF-1.4 contoh' })
    const { data } = (await pdf.json()) as { data: { letterId: string } }
    await sandbox.fetch(`${sandbox.urls.ams}/revocations`, {
      method: 'POST', headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': 'ajuan-0001' },
      body: JSON.stringify({ username: 'surya.wibisana', certificate: { issuerDn: leaf.issuerDn, serial: leaf.serial }, reason: 'mutasi', letterIds: [data.letterId] }),
    })
    sandbox.manage.settle()
    const look = (): Promise<StatusVerdict> => collectEvidence(leaf.der, {
      anchors: [sandbox.ca.rootPem], intermediates: [sandbox.ca.issuingPem], at: new Date(clock.now), fetch: sandbox.fetch, exhaustive: true,
    })
    return { sandbox, serial: leaf.serial, clock, look, der: leaf.der }
  }

  it('CRL and OCSP fetched through the injected fetch prove it', async () => {
    const { look, clock } = await revoked()
    clock.now += HOUR
    const status = await look()
    expect(await judgeProof({ ams, evidence: [status], now: new Date(clock.now) })).toMatchObject({ verdict: 'proven', proof: { reason: 'affiliationChanged' } })
  })

  it('accepted but not published: awaiting, then contradicted, never proven', async () => {
    const { look, clock, sandbox } = await revoked({ kind: 'notPublished' })
    const seen: string[] = []
    for (let hour = 0; hour <= 72; hour += 12) {
      clock.now = T0 + hour * HOUR
      sandbox.manage.publish()
      seen.push((await judgeProof({ ams, evidence: [await look()], now: new Date(clock.now) })).verdict)
    }
    expect(seen).toEqual(['awaiting', 'awaiting', 'awaiting', 'awaiting', 'awaiting', 'contradicted', 'contradicted'])
  })

  it('the wrong certificate revoked: this one is not proven', async () => {
    const { look, clock } = await revoked({ kind: 'wrongCertificate' })
    clock.now += HOUR
    expect(await judgeProof({ ams, evidence: [await look()], now: new Date(clock.now) })).toMatchObject({ verdict: 'awaiting', reason: 'withinGrace' })
  })

  it('un-revoked later: the after-watch contradicts', async () => {
    const { look, clock, sandbox } = await revoked()
    clock.now += HOUR
    const result = await judgeProof({ ams, evidence: [await look()], now: new Date(clock.now) })
    if (result.verdict !== 'proven') throw new Error(result.verdict)
    clock.now += 60 * HOUR
    sandbox.manage.faults.set([{ kind: 'unrevoke' }])
    sandbox.manage.publish()
    expect(await judgeProof({ ams, evidence: [await look()], previous: result.proof, now: new Date(clock.now) })).toMatchObject({ verdict: 'contradicted', findings: expect.arrayContaining([expect.objectContaining({ kind: 'notListed' })]) as unknown })
  })

  it('on hold at the authority: suspended', async () => {
    const clock = { now: T0 }
    const sandbox = await createSandbox({ faults: 'none', now: () => clock.now, publication: { delay: 0 }, baseUrl: 'https://sandbox.cabut.invalid' })
    const leaf = await sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
    sandbox.manage.suspend(leaf.serial)
    sandbox.manage.publish()
    clock.now += HOUR
    const status = await collectEvidence(leaf.der, { anchors: [sandbox.ca.rootPem], intermediates: [sandbox.ca.issuingPem], at: new Date(clock.now), fetch: sandbox.fetch })
    expect(await judgeProof({ ams, evidence: [status], now: new Date(clock.now) })).toMatchObject({ verdict: 'suspended' })
  })
})
