import { readCertificate } from '@cabut/pki/certificate'
import type { EvidenceFetcher } from '@cabut/pki/status'
import { describe, expect, test } from 'vitest'
import { collectBySerial, judgeProof, type Proof, type ProofVerdict } from '../src/proof/index.js'
import { ownAuthority, type OwnAuthority, type OwnCrlPlan } from './own-authority.js'

const hour = 3_600_000
const T0 = Date.parse('2026-11-22T02:00:00Z')
const at = (hours: number): Date => new Date(T0 + hours * hour)

const root = ownAuthority('Akar Contoh')
const issuing = root.issue('CA Penerbit Contoh', '02', true)
/** The same name under the same root, with another key. */
const rekeyed = root.issue('CA Penerbit Contoh', '03', true)
const elsewhere = ownAuthority('Akar Lain')
const movedAway = elsewhere.issue('CA Penerbit Contoh', '02', true)
const serial = '4d2a'
const keyCompromise = 1
const affiliationChanged = 3

interface Look {
  readonly by?: OwnAuthority
  readonly anchor?: OwnAuthority
  /** Hours after T0: when the CRL was made, ends, and is looked at. */
  readonly made: number
  readonly next?: number
  readonly looked?: number
  readonly number?: number
  readonly reason?: number
  /** Hours after T0; `null`: it is not listed. */
  readonly revoked?: number | null
}

/** One look at the published CRL: signed octets, fetched from where the office says, judged as the watch judges them. */
async function look({ by = issuing, anchor = root, made, next = made + 24, looked = made + 1, number = 10, reason, revoked = -1 }: Look, previous?: Proof): Promise<ProofVerdict> {
  const entries: OwnCrlPlan['entries'] = revoked === null ? [] : [{ serial, revokedAt: at(revoked), ...(reason === undefined ? {} : { reason }) }]
  const bytes = by.crl({ entries, thisUpdate: at(made), nextUpdate: at(next), number })
  const fetcher: EvidenceFetcher = { get: async () => ({ outcome: 'fetched', bytes }), post: async () => ({ outcome: 'failed', detail: 'not asked' }) }
  const found = await collectBySerial({ issuerDn: by.subject, serial }, {
    anchors: [readCertificate(anchor.der)], intermediates: [readCertificate(by.der)], at: at(looked), crlUrls: ['http://va.contoh.go.id/ca.crl'], fetcher,
  })
  return judgeProof({ evidence: [found], now: at(looked), ...(previous === undefined ? {} : { previous }) })
}

async function proven(): Promise<Proof> {
  const verdict = await look({ made: 0, reason: affiliationChanged })
  if (verdict.verdict !== 'proven') throw new Error(verdict.verdict)
  return verdict.proof
}

async function contradictedBy(later: Look): Promise<readonly unknown[]> {
  const previous = await proven()
  const verdict = await look(later, previous)
  expect(verdict).toMatchObject({ verdict: 'contradicted', proof: previous })
  return verdict.findings.map(({ kind, before, after }) => [kind, before, after])
}

describe('the after-watch, on signed CRLs (RFC 5280 5, 6.3)', () => {
  test('the same entry in a later list: still proven, nothing to tell', async () => {
    const previous = await proven()
    expect(await look({ made: 72, number: 11, reason: affiliationChanged }, previous)).toEqual({ verdict: 'proven', proof: previous, findings: [] })
  })

  test('disappearance from a later CRL', async () => {
    expect(await contradictedBy({ made: 72, number: 11, revoked: null })).toEqual([['notListed', undefined, undefined]])
    expect(await look({ made: 24, number: 11, revoked: null }, await proven())).toMatchObject({ verdict: 'awaiting', reason: 'withinGrace', findings: [{ kind: 'notListed' }] })
  })

  test('a changed reason', async () => {
    expect(await contradictedBy({ made: 24, number: 11, reason: keyCompromise })).toEqual([['reasonChanged', 'affiliationChanged', 'keyCompromise']])
  })

  test('a changed revocation date', async () => {
    expect(await contradictedBy({ made: 24, number: 11, reason: affiliationChanged, revoked: -30 })).toEqual([['dateChanged', at(-1).toISOString(), at(-30).toISOString()]])
  })

  test('a CRL number that goes back under a later thisUpdate (RFC 5280 5.2.3)', async () => {
    expect(await contradictedBy({ made: 24, number: 9, reason: affiliationChanged })).toEqual([['numberRollback', '10', '9']])
    // The same number again is no step back: it is the rule for one list in two forms.
    expect(await look({ made: 24, number: 10, reason: affiliationChanged }, await proven())).toMatchObject({ verdict: 'proven', findings: [] })
  })

  test('stale publication: what is served ended more than a day ago', async () => {
    expect(await contradictedBy({ made: 24, next: 48, looked: 73, number: 11, reason: affiliationChanged })).toEqual([['stale', at(48).toISOString(), undefined]])
    expect(await look({ made: 24, next: 48, looked: 71, number: 11, reason: affiliationChanged }, await proven())).toMatchObject({ verdict: 'proven', findings: [] })
  })

  test('another issuer: the same name under another anchor', async () => {
    const [first] = await contradictedBy({ by: movedAway, anchor: elsewhere, made: 24, number: 11, reason: affiliationChanged })
    expect(first).toEqual(['issuerChanged', (await proven()).anchorSha256, expect.stringMatching(/^[0-9a-f]{64}$/)])
  })

  test('another signing key: the same name under the same anchor', async () => {
    const previous = await proven()
    const [first, ...others] = await contradictedBy({ by: rekeyed, made: 24, number: 11, reason: affiliationChanged })
    expect([first, others]).toEqual([['keyChanged', previous.crlKeySha256, expect.stringMatching(/^[0-9a-f]{64}$/)], []])
    expect(previous.crlKeySha256).toMatch(/^[0-9a-f]{64}$/)
    // A proof of before this was kept says nothing of keys.
    const { crlKeySha256: _key, ...old } = previous
    expect(await look({ by: rekeyed, made: 24, number: 11, reason: affiliationChanged }, old)).toMatchObject({ verdict: 'proven', findings: [] })
  })

  test('the same key in a certificate of its own: nothing to tell', async () => {
    const renewed = { ...issuing, der: root.certify(issuing, '04') }
    expect(await look({ by: renewed, made: 24, number: 11, reason: affiliationChanged }, await proven())).toMatchObject({ verdict: 'proven', findings: [] })
  })
})
