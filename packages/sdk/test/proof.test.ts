import { readCertificate, type Certificate } from '@cabut/pki/certificate'
import { formatName } from '@cabut/pki/name'
import type { Judgement, StatusVerdict, UnknownReason } from '@cabut/pki/status'
import { createSandbox } from '@cabut/sandbox'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { judgeProof, type Proof, type ProofVerdict, type SerialStatus } from '../src/proof/index.js'
import { ownAuthority } from './own-authority.js'

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
  readonly produced?: number
  readonly invalid?: number
  readonly signer?: Certificate
}

function judgement(piece: Piece): Judgement {
  const { source = 'crl', says, made, reason, date = 0, number, next, handed = false, produced, invalid, signer } = piece
  const bytes = new TextEncoder().encode(JSON.stringify({ ...piece, signer: signer?.serial }, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)))
  return {
    source, verdict: says, thisUpdate: at(made), fresh: true, bytes, sha256: createHash('sha256').update(bytes).digest('hex'),
    ...(says === 'unknown' ? { reason: 'stale' as const } : {}),
    ...(says === 'revoked' || says === 'onHold' ? { revocation: { date: at(date), ...(reason === undefined ? {} : { reason }), ...(invalid === undefined ? {} : { invalidityDate: at(invalid) }) } } : {}),
    ...(number === undefined ? {} : { crlNumber: number }),
    ...(next === undefined ? {} : { nextUpdate: at(next) }),
    ...(produced === undefined ? {} : { producedAt: at(produced) }),
    ...(signer === undefined ? {} : { signer }),
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

const bySerial = (pieces: readonly Piece[], subject: Partial<SerialStatus['subject']> = {}): SerialStatus =>
  ({ subject: { issuerDn: formatName(certificate.issuer), serial: certificate.serial, ...subject }, issuers: [issuer, root], evidence: pieces.map(judgement), at: at(1) })
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const kinds = ({ findings }: ProofVerdict): readonly string[] => findings.map(({ kind }) => kind)

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

  it('the proof holds what the source says, whose certificate it is of, and who signed', async () => {
    const full: Piece = { says: 'revoked', made: 1, reason: 'keyCompromise', number: 7n, next: 25, produced: 0.5, invalid: -20, signer: issuer }
    const common = {
      certificate: { issuerDn: formatName(certificate.issuer), serial: certificate.serial, sha256: sha256(certificate.der) }, anchorSha256: sha256(root.der),
      thisUpdate: at(1).toISOString(), revocationDate: at(0).toISOString(), seenAt: at(1).toISOString(),
    }
    expect(await proven([full])).toStrictEqual({
      ...common, source: 'crl', sha256: judgement(full).sha256, nextUpdate: at(25).toISOString(), producedAt: at(0.5).toISOString(), crlNumber: '7', reason: 'keyCompromise',
      invalidityDate: at(-20).toISOString(), crlKeySha256: sha256(issuer.spki),
    })
    const bare: Piece = { source: 'ocsp', says: 'revoked', made: 1, signer: issuer }
    expect(await proven([bare])).toStrictEqual({ ...common, source: 'ocsp', sha256: judgement(bare).sha256 })
  })

  it('of equally new listings the first is the proof', async () => {
    const pieces: readonly Piece[] = [{ source: 'ocsp', says: 'revoked', made: 5 }, { says: 'revoked', made: 5 }]
    expect([(await proven(pieces)).source, (await proven([...pieces].reverse())).source]).toEqual(['ocsp', 'crl'])
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

  it('the grace ends with its last millisecond, and begins with the first word', async () => {
    const millisecond = 1 / HOUR
    const silent = (hours: number): Promise<ProofVerdict> => judgeProof({ ams, evidence: [], now: at(hours) })
    expect([await silent(48), await silent(48 + millisecond)]).toMatchObject([{ overdue: false }, { overdue: true }])
    const newest = (made: number, more: Partial<Parameters<typeof judgeProof>[0]> = {}): Promise<ProofVerdict> => judge([{ says: 'notRevoked', made }], { now: at(99), ...more })
    expect([await newest(0), await newest(millisecond)]).toMatchObject([{ reason: 'notYetPublished' }, { reason: 'withinGrace' }])
    expect(await newest(49, { esign: { saysRevokedAt: at(40) } })).toMatchObject({ verdict: 'contradicted' })
    expect(await newest(49, { ams: { saysRevokedAt: at(40) }, esign: { saysRevokedAt: at(0) } })).toMatchObject({ verdict: 'contradicted' })
    const { ams: _none, ...unsaid } = { ams, evidence: [verdict([{ says: 'notRevoked', made: 999 }])], now: at(999) }
    expect(await judgeProof(unsaid)).toEqual({ verdict: 'awaiting', reason: 'notYetPublished', overdue: false, findings: [] })
    const listedThenNot = (made: number): Promise<ProofVerdict> => judge([{ source: 'ocsp', says: 'revoked', made: 5 }, { says: 'notRevoked', made }])
    expect([await listedThenNot(53), await listedThenNot(53 + millisecond)]).toMatchObject([{ verdict: 'awaiting', overdue: false }, { verdict: 'contradicted' }])
  })

  it('certificateHold is suspended, never revoked', async () => {
    expect(await judge([{ says: 'onHold', made: 1 }])).toMatchObject({ verdict: 'suspended', since: at(0).toISOString(), findings: [{ kind: 'onHold' }] })
    expect(await judge([{ says: 'onHold', made: 999 }], { now: at(999) })).toMatchObject({ verdict: 'suspended' })
    expect(await judge([{ says: 'onHold', made: 1 }, { source: 'ocsp', says: 'revoked', made: 2 }])).toMatchObject({ verdict: 'proven' })
    const { revocation: _none, ...undated } = judgement({ says: 'onHold', made: 1 })
    expect(await judgeProof({ ams, evidence: [{ ...verdict([]), evidence: [undated] }], now: at(1) })).toStrictEqual({
      verdict: 'suspended', findings: [{ kind: 'onHold', source: 'crl', sha256: undated.sha256, thisUpdate: at(1).toISOString() }],
    })
  })

  it('a listing without its time is not admitted', async () => {
    const { thisUpdate: _none, ...timeless } = judgement({ says: 'revoked', made: 1 })
    expect(await judgeProof({ ams, evidence: [{ ...verdict([]), evidence: [timeless] }], now: at(1) })).toMatchObject({ verdict: 'awaiting', reason: 'noEvidence' })
  })

  it('a listing without its date is misuse', async () => {
    const { revocation: _none, ...undated } = judgement({ says: 'revoked', made: 1 })
    await expect(judgeProof({ evidence: [{ ...verdict([]), evidence: [undated] }], now: at(1) })).rejects.toThrow('a listing without thisUpdate or revocation date')
  })

  it('only evidence with a later thisUpdate than the proof can deny it', async () => {
    expect(await judge([{ source: 'ocsp', says: 'revoked', made: 5 }, { says: 'notRevoked', made: 4 }])).toMatchObject({ verdict: 'proven', findings: [] })
    expect(await judge([{ source: 'ocsp', says: 'revoked', made: 5 }, { says: 'notRevoked', made: 5 }])).toMatchObject({ verdict: 'proven', findings: [] })
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

  it('a denial older than the newest listing is worth knowing, and stands in no proof\'s way', async () => {
    const repeated = await judge([{ source: 'ocsp', says: 'revoked', made: 1 }, { says: 'notRevoked', made: 20 }, { source: 'ocsp', says: 'revoked', made: 44 }])
    expect([repeated.verdict, kinds(repeated)]).toEqual(['proven', ['notListed']])
  })

  it('what speaks against the source of a first proof is told, and the listing stands', async () => {
    const piece: Piece = { says: 'revoked', made: 1, next: 25 }
    expect(await judgeProof({ ams, evidence: [verdict([piece], { collected: 60 })], now: at(60) })).toMatchObject({
      verdict: 'proven', findings: [{ kind: 'stale', source: 'crl', sha256: judgement(piece).sha256, thisUpdate: at(1).toISOString(), before: at(25).toISOString() }],
    })
  })

  it('of equally new evidence a hold counts first, then absence, in any order', async () => {
    const [held, absent, listed]: readonly Piece[] = [{ says: 'onHold', made: 60 }, { says: 'notRevoked', made: 60 }, { says: 'revoked', made: 60 }]
    const answer: Piece = { source: 'ocsp', says: 'revoked', made: 1 }
    const table: [readonly (Piece | undefined)[], Partial<Parameters<typeof judgeProof>[0]>, object][] = [
      [[held, absent], {}, { verdict: 'suspended' }],
      [[absent, listed], { policy: { accept: ['ocsp'] } }, { verdict: 'contradicted', findings: [{ kind: 'notListed' }] }],
      [[held, listed], { policy: { accept: ['ocsp'] } }, { verdict: 'suspended' }],
      [[answer, absent, listed], {}, { verdict: 'contradicted', findings: [{ kind: 'notListed' }] }],
      [[answer, held, absent, listed], {}, { verdict: 'contradicted', findings: [{ kind: 'onHold' }] }],
    ]
    for (const [pieces, more, expected] of table) {
      const given = pieces.flatMap((piece) => (piece === undefined ? [] : [piece]))
      for (const order of [given, [...given].reverse()]) expect(await judge(order, { now: at(60), ...more })).toMatchObject(expected)
    }
  })

  it('evidence that proves nothing (unknown) is no denial', async () => {
    expect(await judge([{ says: 'unknown', made: 60 }], { now: at(60) })).toMatchObject({ verdict: 'awaiting', reason: 'noEvidence', overdue: true })
  })

  it.each(['issuerNotPinned', 'pathInvalid', 'expiredAnchor', 'issuerRevoked', 'isAnchor'] as const)('signed by a path that is not to be believed (%s): not admitted', async (reason) => {
    expect(await judgeProof({ ams, evidence: [verdict([{ says: 'revoked', made: 1 }], { reason })], now: at(1) })).toMatchObject({ verdict: 'awaiting', reason: 'noEvidence' })
    const expired = { ...verdict([{ says: 'notRevoked', made: 60 }], { reason }), status: 'expired' as const }
    expect(await judgeProof({ ams, evidence: [expired], now: at(60) })).toMatchObject({ verdict: 'awaiting', reason: 'noEvidence' })
  })

  it('a status unknown for another reason takes nothing from the evidence', async () => {
    expect(await judgeProof({ ams, evidence: [verdict([{ says: 'notRevoked', made: 60 }], { reason: 'stale' })], now: at(60) })).toMatchObject({ verdict: 'contradicted' })
  })

  it('another problem than a revoked issuer takes nothing from the evidence', async () => {
    const told = async (reason: UnknownReason): Promise<string> => (await judgeProof({ evidence: [{ ...verdict([{ says: 'revoked', made: 1 }]), problems: [{ reason }] }], now: at(1) })).verdict
    expect([await told('noEvidence'), await told('issuerStatusUnknown'), await told('issuerRevoked')]).toEqual(['proven', 'proven', 'awaiting'])
  })

  it('an issuing authority that is pinned itself is path enough', async () => {
    expect(await judgeProof({ evidence: [verdict([{ says: 'revoked', made: 1 }], { chain: [certificate, issuer] })], now: at(1) })).toMatchObject({ verdict: 'proven', proof: { anchorSha256: sha256(issuer.der) } })
  })

  it('no path at all: not admitted', async () => {
    expect(await judgeProof({ evidence: [verdict([{ says: 'revoked', made: 1 }], { chain: [certificate] })], now: at(1) })).toMatchObject({ verdict: 'awaiting' })
  })

  it('an expired certificate may leave the list (RFC 5280 3.3): absence is no denial then', async () => {
    const late = (certificate.notAfter.getTime() - T0) / HOUR + 1
    expect(await judge([{ source: 'ocsp', says: 'revoked', made: 1 }, { says: 'notRevoked', made: late }], { now: at(late) })).toMatchObject({ verdict: 'proven' })
    expect(await judge([{ source: 'ocsp', says: 'revoked', made: 1 }, { says: 'notRevoked', made: late - 1 }], { now: at(late) })).toMatchObject({ verdict: 'contradicted' })
    expect(await judge([{ says: 'revoked', made: late }], { now: at(late) })).toMatchObject({ verdict: 'proven' })
  })

  it('evidence about different certificates is misuse', async () => {
    const listed: readonly Piece[] = [{ says: 'revoked', made: 1 }]
    const refused = (...evidence: (StatusVerdict | SerialStatus)[]): Promise<void> => expect(judgeProof({ evidence, now: at(1) })).rejects.toThrow(new TypeError('the evidence speaks of different certificates'))
    await refused(verdict(listed), { ...verdict(listed), certificate: issuer })
    const authority = ownAuthority('CA Contoh Sendiri')
    const [one, same] = ['Surya Wibisana', 'Tegar Maulana'].map((name) => readCertificate(authority.issue(name, '4d2a').der)) as [Certificate, Certificate]
    await refused({ ...verdict(listed), certificate: one }, { ...verdict(listed), certificate: same })
    for (const other of [bySerial(listed, { serial: '4d2a' }), { ...bySerial(listed), issuers: [root] }]) {
      await refused(verdict(listed), other)
      await refused(bySerial(listed), other)
      await refused(other, verdict(listed))
    }
  })

  it('by certificate or by issuer and serial: the same one', async () => {
    const listed: readonly Piece[] = [{ says: 'revoked', made: 1 }]
    const named = { issuerDn: formatName(certificate.issuer), serial: certificate.serial }
    const judged = (...evidence: (StatusVerdict | SerialStatus)[]): Promise<ProofVerdict> => judgeProof({ evidence, now: at(1) })
    expect(await judged(verdict(listed), bySerial([]))).toMatchObject({ verdict: 'proven', proof: { certificate: { ...named, sha256: sha256(certificate.der) } } })
    for (const subject of [{}, { issuerDn: 'cn=ditulis lain' }]) {
      const result = await judged(bySerial(listed, subject), verdict([]))
      expect(result.verdict === 'proven' && result.proof.certificate).toStrictEqual(named)
    }
    const { verdict: without } = await judged({ ...bySerial(listed), issuers: [] })
    expect(without).toBe('awaiting')
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

  it('a newer list that says nothing for certain hides no stopped publication', async () => {
    const stopped: Piece = { says: 'revoked', made: 1, next: 25 }
    const uncertain: Piece = { says: 'unknown', made: 30, next: 200 }
    expect(kinds(await judgeProof({ evidence: [verdict([stopped, uncertain], { collected: 74 })], now: at(74) }))).toEqual(['stale'])
  })

  it('an old file handed in is neither a rollback nor stale publication', async () => {
    expect(await later([{ ...first, made: -24, number: 9n, next: 0, handed: true }], { collected: 90 })).toMatchObject({ verdict: 'proven', findings: [] })
  })

  it('stale within the tolerance is nothing', async () => {
    for (const hours of [23, 24]) expect(await later([{ ...first, made: 25, number: 11n, next: 49 }], { collected: 49 + hours })).toMatchObject({ verdict: 'proven', findings: [] })
  })

  const quiet: [string, readonly Piece[], Parameters<typeof verdict>[1]?][] = [
    ['an older listing of another date and reason', [{ ...first, made: -24, date: -30, reason: 'keyCompromise', handed: true }], { collected: 90 }],
    ['an older file served before the proof was seen', [{ ...first, made: -24, number: 9n, next: 0 }], { collected: 0.5 }],
    ['an older file served as the proof was seen', [{ ...first, made: -24, number: 9n, next: 0 }], { collected: 1 }],
    ['a lower number at the very same time, handed in', [{ ...first, number: 9n, handed: true }], { collected: 90 }],
    ['an answer that ended long ago', [{ ...first, source: 'ocsp', made: 25, next: 49 }], { collected: 300 }],
    ['an old list beside a new one', [{ ...first, made: 2, next: 26 }, { ...first, made: 90, number: 11n, next: 114 }], { collected: 100 }],
  ]
  it.each(quiet)('%s: nothing to tell', async (_what, pieces, more) => {
    expect(await later(pieces, more ?? {})).toMatchObject({ verdict: 'proven', findings: [] })
  })

  it('a lower number in a later list that was handed in', async () => {
    const result = await later([{ ...first, made: 25, number: 9n, next: 49, handed: true }])
    expect([result.verdict, kinds(result)]).toEqual(['contradicted', ['numberRollback']])
  })

  it('another source of the same time says another reason', async () => {
    expect(await later([{ source: 'ocsp', says: 'revoked', made: 1, reason: 'keyCompromise' }])).toMatchObject({ verdict: 'contradicted', findings: [{ kind: 'reasonChanged', source: 'ocsp' }] })
  })

  it('on hold within the grace: a denial, whatever its date and reason', async () => {
    const result = await later([{ says: 'onHold', made: 25, number: 11n, next: 49, date: 20, reason: 'certificateHold' }])
    expect(result).toMatchObject({ verdict: 'awaiting', reason: 'withinGrace', overdue: false })
    expect(kinds(result)).toEqual(['onHold'])
  })

  it('one source denied it, then another listed it again: proven, with the denial told', async () => {
    const result = await later([{ source: 'ocsp', says: 'notRevoked', made: 20 }, { ...first, made: 30, number: 11n, next: 54 }])
    expect([result.verdict, kinds(result)]).toEqual(['proven', ['notListed']])
    const atOnce = await later([{ source: 'ocsp', says: 'notRevoked', made: 30 }, { ...first, made: 30, number: 11n, next: 54 }])
    expect([atOnce.verdict, kinds(atOnce)]).toEqual(['proven', ['notListed']])
  })

  it('the key is compared of later lists only', async () => {
    const previous = await proven([{ ...first, signer: issuer }])
    const seen = async (piece: Piece, collected = 90): Promise<readonly string[]> => kinds(await judgeProof({ evidence: [verdict([piece], { collected })], previous, now: at(100) }))
    const again: Piece = { ...first, made: 80, number: 11n, next: 104 }
    expect(await seen({ ...again, signer: root })).toEqual(['keyChanged'])
    expect(await seen({ ...again, signer: issuer })).toEqual([])
    expect(await seen(again)).toEqual([])
    expect(await seen({ ...again, source: 'ocsp', signer: root })).toEqual([])
    expect(await seen({ ...first, made: -24, signer: root, handed: true })).toEqual([])
  })

  it('the same octets collected twice: the later time counts, in any order', async () => {
    const previous = await proven([first])
    const looks = [80, 30].map((collected) => verdict([{ ...first, made: 25, number: 11n, next: 49 }], { collected }))
    for (const evidence of [looks, [...looks].reverse()]) expect(kinds(await judgeProof({ evidence, previous, now: at(100) }))).toEqual(['stale'])
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
