import { describe, expect, it } from 'vitest'
import { later, makeParty } from '../../test/build/certificate.js'
import { makeCrl, type CrlPlan, type EntryPlan } from '../../test/build/crl.js'
import { judgeCrls, readCrl, type CombinedJudgement, type JudgeCrlOptions } from './index.js'

const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true })
const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: 'a1b2' })
const at = later(1)

const judge = (plans: readonly Partial<CrlPlan>[], options: Partial<JudgeCrlOptions> = {}): Promise<CombinedJudgement> =>
  judgeCrls(leaf.certificate, plans.map((plan) => readCrl(makeCrl({ issuer: ca, ...plan }))), { issuer: ca.certificate, at, ...options })
/** What is proven, of the CRLs in this order and the other way round. */
async function proven(plans: readonly Partial<CrlPlan>[], options: Partial<JudgeCrlOptions> = {}): Promise<Omit<CombinedJudgement, 'judgements'>> {
  const [{ judgements: _one, ...forwards }, { judgements: _other, ...backwards }] = [await judge(plans, options), await judge([...plans].reverse(), options)]
  expect(backwards).toStrictEqual(forwards)
  return forwards
}

const list = (reason: number, date = later(-1)): readonly EntryPlan[] => [{ serial: '1' }, { serial: 'a1b2', reason, date }]
const held = list(6)
const hold = { date: later(-1), reason: 'certificateHold' }
const base = (plan: Partial<CrlPlan> = {}): Partial<CrlPlan> => ({ number: 5, ...plan })
const delta = (plan: Partial<CrlPlan> = {}): Partial<CrlPlan> => ({ number: 8, base: 5, thisUpdate: later(0.5), nextUpdate: later(3), ...plan })

describe('what several CRLs prove together, and how long (RFC 5280 section 6.3.3)', () => {
  it('nothing without a CRL', async () => {
    expect(await judge([])).toStrictEqual({ verdict: 'unknown', reason: 'noEvidence', judgements: [] })
  })

  it.each<[string, readonly Partial<CrlPlan>[], Omit<CombinedJudgement, 'judgements'>]>([
    ['of two complete CRLs the newer, and its dates', [{ nextUpdate: later(9) }, { number: 2, thisUpdate: later(0.5), nextUpdate: later(4) }], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(4) }],
    ['a hold that the newer takes back', [{ entries: held }, { number: 2, thisUpdate: later(0.5) }], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(7) }],
    ['a hold that the newer brings', [{}, { number: 2, thisUpdate: later(0.5), nextUpdate: later(4), entries: held }], { verdict: 'onHold', revocation: hold as never, asOf: later(0.5), validUntil: later(4) }],
    ['a revocation, as the newest that has it tells it', [{ entries: list(1) }, { number: 2, thisUpdate: later(0.5), entries: list(4) }, { number: 3, thisUpdate: later(0.75) }], { verdict: 'revoked', revocation: { date: later(-1), reason: 'superseded' }, asOf: later(0.5) }],
    ['reasons apart: as long as the first of them holds', [{ scope: { reasons: [1, 2, 3, 4] }, nextUpdate: later(5) }, { scope: { reasons: [5, 6, 7, 8] }, thisUpdate: later(0.5), nextUpdate: later(6) }], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(5) }],
    ['reasons apart: as long as the second of them holds', [{ scope: { reasons: [1, 2, 3, 4] }, nextUpdate: later(6) }, { scope: { reasons: [5, 6, 7, 8] }, thisUpdate: later(0.5), nextUpdate: later(5) }], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(5) }],
    ['an older CRL of reasons that are covered already bounds nothing', [{ scope: { reasons: [1, 2] }, nextUpdate: later(2) }, { number: 2, thisUpdate: later(0.5) }], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(7) }],
    ['some reasons, and a CRL that is no evidence', [{ scope: { reasons: [1, 2] } }, { spoil: true, thisUpdate: later(0.5) }], { verdict: 'unknown', reason: 'reasonsNotCovered' }],
    ['no evidence at all: the most useful reason', [{ spoil: true }, { nextUpdate: later(0.5) }], { verdict: 'unknown', reason: 'signatureInvalid' }],
    ['a complete CRL and one out of scope', [{}, { scope: { caOnly: true }, thisUpdate: later(0.5), nextUpdate: later(2) }], { verdict: 'notRevoked', asOf: later(0), validUntil: later(7) }],
  ])('%s', async (_, plans, expected) => expect(await proven(plans)).toStrictEqual(expected))

  it('each CRL keeps its own judgement, in the given order', async () => {
    const { judgements } = await judge([{ spoil: true }, {}, { entries: held }])
    expect(judgements.map(({ verdict, reason }) => reason ?? verdict)).toEqual(['signatureInvalid', 'notRevoked', 'onHold'])
  })
})

describe('a complete CRL and its deltas (RFC 5280 section 5.2.4)', () => {
  const removal = list(8)
  const stale = { nextUpdate: later(0.6) }
  it.each<[string, readonly Partial<CrlPlan>[], Omit<CombinedJudgement, 'judgements'>]>([
    ['the dates are the delta\'s', [base(), delta()], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(3) }],
    ['a hold stays until the delta takes it back', [base({ entries: held }), delta()], { verdict: 'onHold', revocation: hold as never, asOf: later(0.5), validUntil: later(3) }],
    ['of two deltas the one of the higher number', [base(), delta({ entries: held }), delta({ number: 9, entries: removal, thisUpdate: later(0.75) })], { verdict: 'notRevoked', asOf: later(0.75), validUntil: later(3) }],
    ['of two deltas the one of the higher number, a hold', [base({ entries: held }), delta({ entries: removal }), delta({ number: 9, entries: held, thisUpdate: later(0.75), nextUpdate: later(2) })], { verdict: 'onHold', revocation: hold as never, asOf: later(0.75), validUntil: later(2) }],
    ['a delta that is forged renews nothing', [base(stale), delta({ spoil: true })], { verdict: 'unknown', reason: 'signatureInvalid' }],
    ['a delta that is forged changes no date', [base(), delta({ spoil: true })], { verdict: 'notRevoked', asOf: later(0), validUntil: later(7) }],
    ['a delta that is stale itself renews nothing', [base(stale), delta({ nextUpdate: later(0.7) })], { verdict: 'unknown', reason: 'stale' }],
    ['a delta of the same number as the complete CRL brings nothing', [base({ ...stale, number: 8 }), delta()], { verdict: 'unknown', reason: 'deltaWithoutBase' }],
    ['a delta that builds on the complete CRL itself', [base({ ...stale, number: 5 }), delta({ base: 5 })], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(3) }],
    ['a delta that builds on an older one', [base({ ...stale, number: 6 }), delta({ base: 5 })], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(3) }],
    ['a delta that builds on a newer one', [base({ ...stale, number: 4 }), delta({ base: 5 })], { verdict: 'unknown', reason: 'deltaWithoutBase' }],
    ['a delta without a number', [base(stale), delta({ number: null })], { verdict: 'unknown', reason: 'deltaWithoutBase' }],
    ['a complete CRL without a number', [base({ ...stale, number: null }), delta()], { verdict: 'unknown', reason: 'deltaWithoutBase' }],
    ['neither has a number', [base({ ...stale, number: null }), delta({ number: null })], { verdict: 'unknown', reason: 'deltaWithoutBase' }],
    ['a delta of another scope', [base({ ...stale, scope: { userOnly: true } }), delta()], { verdict: 'unknown', reason: 'deltaWithoutBase' }],
    ['a delta of the same scope', [base({ ...stale, scope: { userOnly: true } }), delta({ scope: { userOnly: true } })], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(3) }],
    ['a delta of a narrower scope', [base({ ...stale, scope: { userOnly: true } }), delta({ scope: { userOnly: true, indirect: true } })], { verdict: 'unknown', reason: 'deltaWithoutBase' }],
    ['neither names a key', [base({ ...stale, noAuthorityKey: true }), delta({ noAuthorityKey: true })], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(3) }],
    ['a complete CRL that names no key', [base({ ...stale, noAuthorityKey: true }), delta()], { verdict: 'unknown', reason: 'deltaWithoutBase' }],
    ['a delta that names no key', [base(stale), delta({ noAuthorityKey: true })], { verdict: 'unknown', reason: 'deltaWithoutBase' }],
    ['a complete CRL from after the time in question', [base({ thisUpdate: later(2) }), delta()], { verdict: 'unknown', reason: 'deltaWithoutBase' }],
    ['a complete CRL without nextUpdate', [base({ nextUpdate: null }), delta()], { verdict: 'unknown', reason: 'deltaWithoutBase' }],
    ['a newer complete CRL is no delta of the older', [base({ entries: held }), base({ number: 9, thisUpdate: later(0.5) })], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(7) }],
    ['a hold in a delta alone', [delta({ entries: held })], { verdict: 'onHold', revocation: hold as never, asOf: later(0.5), validUntil: later(3) }],
    ['a hold in a delta without its base, newer than a complete CRL', [base({ number: 4 }), delta({ entries: held })], { verdict: 'onHold', revocation: hold as never, asOf: later(0.5), validUntil: later(3) }],
    ['a hold in a delta without its base, older than a complete CRL', [base({ number: 9, thisUpdate: later(0.6) }), delta({ entries: held })], { verdict: 'notRevoked', asOf: later(0.6), validUntil: later(7) }],
    ['a hold in a delta without its base, older than a CRL of some reasons', [base({ number: 9, thisUpdate: later(0.6), scope: { reasons: [1, 2] } }), delta({ entries: held })], { verdict: 'unknown', reason: 'reasonsNotCovered' }],
    ['a hold in a delta without its base, of the same moment as a complete CRL', [base({ number: 9, thisUpdate: later(0.5) }), delta({ entries: held })], { verdict: 'notRevoked', asOf: later(0.5), validUntil: later(7) }],
  ])('%s', async (_, plans, expected) => expect(await proven(plans)).toStrictEqual(expected))
})
