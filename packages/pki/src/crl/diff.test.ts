import { expect, it } from 'vitest'
import { later, makeParty } from '../../test/build/certificate.js'
import { makeCrl, type CrlPlan, type EntryPlan } from '../../test/build/crl.js'
import { directory, extension, seq, uri } from '../../test/build/der.js'
import { diffCrl, readCrl, type Crl } from './index.js'

const ca = makeParty({ subject: 'CN=CA Contoh', ca: true })
const crl = (plan: Partial<CrlPlan>): Crl => readCrl(makeCrl({ issuer: ca, ...plan }))

it('diffCrl: added, removed, changed', () => {
  const before = crl({ entries: [{ serial: '1' }, { serial: '2', reason: 6 }, { serial: '3', reason: 1 }, { serial: '4' }] })
  const after = crl({ number: 2, entries: [{ serial: '4', date: later(0) }, { serial: '1' }, { serial: '3', reason: 4 }, { serial: '5' }] })
  const { added, removed, changed, rolledBack } = diffCrl(before, after)
  expect(added.map(({ serial }) => serial)).toEqual(['5'])
  expect(removed.map(({ serial }) => serial)).toEqual(['2'])
  expect(changed.map((pair) => [pair.before.serial, pair.before.reason, pair.after.reason])).toEqual([['3', 'keyCompromise', 'superseded'], ['4', undefined, undefined]])
  expect(rolledBack).toBe(false)
})

it('RFC 5280 5.2.3: a lower number, or an earlier thisUpdate under the same number, is a rollback', () => {
  expect(diffCrl(crl({ number: 9 }), crl({ number: 8, thisUpdate: later(1) })).rolledBack).toBe(true)
  expect(diffCrl(crl({ number: 8 }), crl({ number: 9, thisUpdate: later(-1) })).rolledBack).toBe(false)
  expect(diffCrl(crl({ thisUpdate: later(1) }), crl({})).rolledBack).toBe(true)
  expect(diffCrl(crl({}), crl({})).rolledBack).toBe(false)
})

it('in indirect CRLs, the same serial number of another issuer is another certificate', () => {
  const other = makeParty({ subject: 'CN=CA Lain', ca: true })
  const before = crl({ scope: { indirect: true }, entries: [{ serial: '1' }, { serial: '1', issuer: other.name }] })
  const after = crl({ scope: { indirect: true }, entries: [{ serial: '1' }] })
  expect(diffCrl(before, after).removed).toHaveLength(1)
  expect(diffCrl(before, after).removed[0]!.certificateIssuer).toBeDefined()
})

it('an invalidity date that changed, came or went is a change; the same is none', () => {
  const plan = (invalidity?: Date): Partial<CrlPlan> => ({ entries: [{ serial: '1', reason: 1, ...(invalidity && { invalidity }) }] })
  for (const [one, two] of [[later(-9), later(-8)], [undefined, later(-8)], [later(-9), undefined]] as const) expect(diffCrl(crl(plan(one)), crl(plan(two))).changed).toHaveLength(1)
  for (const same of [later(-9), undefined]) expect(diffCrl(crl(plan(same)), crl(plan(same)))).toEqual({ added: [], removed: [], changed: [], rolledBack: false })
})

it('of a number that is listed twice the gravest counts, once', () => {
  const twice = crl({ entries: [{ serial: '1', reason: 6 }, { serial: '1', reason: 1 }, { serial: '2' }, { serial: '1', reason: 8 }] })
  const { removed } = diffCrl(twice, crl({}))
  expect(removed.map(({ serial, reason }) => [serial, reason])).toEqual([['1', 'keyCompromise'], ['2', undefined]])
  expect(diffCrl(crl({}), twice).added.map(({ reason }) => reason)).toEqual(['keyCompromise', undefined])
  expect(diffCrl(twice, crl({ entries: [{ serial: '1', reason: 1 }, { serial: '2' }] }))).toMatchObject({ added: [], removed: [], changed: [] })
  expect(diffCrl(twice, crl({ entries: [{ serial: '1', reason: 6 }, { serial: '2' }] })).changed).toHaveLength(1)
})

it('in indirect CRLs a number that is listed for two issuers is two certificates, each once', () => {
  const [one, two] = ['CN=CA Satu', 'CN=CA Dua'].map((subject) => makeParty({ subject, ca: true }).name)
  const indirect = (...entries: readonly EntryPlan[]): Crl => crl({ scope: { indirect: true }, entries })
  const both = indirect({ serial: '1', issuer: one!, reason: 6 }, { serial: '1', issuer: two!, reason: 4 }, { serial: '1', issuer: one!, reason: 1 })
  expect(diffCrl(both, indirect()).removed.map(({ reason }) => reason)).toEqual(['keyCompromise', 'superseded'])
  expect(diffCrl(both, indirect({ serial: '1', issuer: two!, reason: 4 }, { serial: '1', issuer: one!, reason: 1 }))).toMatchObject({ added: [], removed: [], changed: [] })
  expect(diffCrl(both, indirect({ serial: '1', issuer: two!, reason: 4 }))).toMatchObject({ added: [], removed: [{ reason: 'keyCompromise' }], changed: [] })
  expect(diffCrl(indirect({ serial: '1' }), indirect({ serial: '1', issuer: one! }))).toMatchObject({ added: [{ certificateIssuer: [{}] }], removed: [{}], changed: [] })
  // Other kinds of names say nothing of an issuer.
  const nameless = crl({ scope: { indirect: true }, entries: [{ serial: '1', extensions: [extension('2.5.29.29', seq(uri('http://contoh.test/')), true)] }] })
  expect(diffCrl(nameless, nameless)).toMatchObject({ added: [{}], removed: [{}] })
  const named = (...names: Buffer[]): Crl => indirect({ serial: '1', extensions: [extension('2.5.29.29', seq(...names), true)] })
  const [url, first, second] = [uri('http://contoh.test/'), directory(one!), directory(two!)]
  for (const [before, after, same] of [[[url, first], [first], true], [[first], [first, url], true], [[first, second], [url, second], true], [[url], [first], false], [[first], [url], false], [[url, first], [url, second], false]] as const) {
    expect(diffCrl(named(...before), named(...after)).removed).toHaveLength(same ? 0 : 1)
  }
})

it('RFC 5280 5.2.3: where one has no number, or both the same, the dates tell of a rollback', () => {
  for (const [one, two] of [[null, 5], [5, null], [null, null], [5, 5]] as const) {
    expect(diffCrl(crl({ number: one, thisUpdate: later(1) }), crl({ number: two })).rolledBack).toBe(true)
    expect(diffCrl(crl({ number: one }), crl({ number: two, thisUpdate: later(1) })).rolledBack).toBe(false)
    expect(diffCrl(crl({ number: one }), crl({ number: two })).rolledBack).toBe(false)
  }
})
