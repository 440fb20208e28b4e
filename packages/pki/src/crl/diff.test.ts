import { expect, it } from 'vitest'
import { later, makeParty } from '../../test/build/certificate.js'
import { makeCrl, type CrlPlan } from '../../test/build/crl.js'
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
