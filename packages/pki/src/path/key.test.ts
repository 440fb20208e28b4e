import { describe, expect, it } from 'vitest'
import { later, makeParty, type Party } from '../../test/build/certificate.js'
import { bits, nul, oid, seq } from '../../test/build/der.js'
import { keyOctets, makeKey, type Key } from '../../test/build/keys.js'
import type { Certificate } from '../certificate/index.js'
import { buildPath, validatePath, workingKey } from './index.js'

const dsa = makeKey('dsa')
const otherDsa = makeKey('dsa')
/** The same key without the parameters in its SubjectPublicKeyInfo, or with others. */
const bare = (key: Key, ...parameters: Buffer[]): Key => ({ ...key, spki: seq(seq(oid('1.2.840.10040.4.1'), ...parameters), bits(keyOctets(key.spki))) })
const holder = (spki: Uint8Array): Certificate => ({ spki }) as Certificate

describe('RFC 5280 6.1.4 (d)-(f): the working public key', () => {
  const root = makeParty({ subject: 'CN=Akar DSA', ca: true, key: dsa })
  const ca = makeParty({ subject: 'CN=CA DSA', ca: true, issuer: root, key: bare(dsa) })
  const sub = makeParty({ subject: 'CN=Sub DSA', ca: true, issuer: ca, key: bare(dsa) })
  const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: sub })
  const path = [leaf, sub, ca, root].map(({ certificate }) => certificate) as [Certificate, ...Certificate[]]
  const at = later(1)

  it('a DSA key without parameters takes those of the key above, over as many certificates as have none', async () => {
    expect(await validatePath(path, { at })).toMatchObject({ ok: true })
    expect(await buildPath(leaf.certificate, { anchors: [root.certificate], intermediates: [sub.certificate, ca.certificate], at })).toMatchObject({ ok: true, path })
  })

  it('and a signature by another such key does not hold', async () => {
    const stranger: Party = { ...sub, key: otherDsa }
    const forged = makeParty({ subject: 'CN=Ratna Contoh', issuer: stranger })
    expect(await buildPath(forged.certificate, { anchors: [root.certificate], intermediates: [sub.certificate, ca.certificate], at })).toMatchObject({ ok: false, refusal: { code: 'badSignature', index: 0 } })
  })

  it('as an anchor it has nothing to inherit from, and checks nothing', async () => {
    expect(await buildPath(leaf.certificate, { anchors: [sub.certificate], at })).toMatchObject({ ok: false, refusal: { code: 'unsupportedAlgorithm', index: 0 } })
  })

  it('is the whole key, made once for each issuer', () => {
    const child = holder(bare(dsa).spki)
    const key = workingKey(child, dsa.spki)
    expect(Buffer.from(key)).toEqual(dsa.spki)
    expect(workingKey(child, dsa.spki)).toBe(key)
    const elsewhere = workingKey(child, otherDsa.spki)
    expect(Buffer.from(elsewhere)).not.toEqual(dsa.spki)
    expect(keyOctets(Buffer.from(elsewhere))).toEqual(keyOctets(dsa.spki))
    expect(workingKey(child, dsa.spki)).toBe(key)
  })

  it('parameters that are NULL are none', () => {
    expect(Buffer.from(workingKey(holder(bare(dsa, nul()).spki), dsa.spki))).toEqual(dsa.spki)
    const child = holder(bare(dsa).spki)
    expect(workingKey(child, bare(dsa, nul()).spki)).toBe(child.spki)
  })

  it.each<[string, Uint8Array, Uint8Array]>([
    ['a DSA key with parameters of its own', dsa.spki, otherDsa.spki],
    ['one without, below a key of another kind', bare(dsa).spki, makeKey('p256').spki],
    ['one without, below another without', bare(dsa).spki, bare(otherDsa).spki],
    ['one without, below what is no key', bare(dsa).spki, Uint8Array.of(0x30, 0)],
    ['a key of another kind', makeKey('ed25519').spki, dsa.spki],
    ['a key of another kind that has parameters', makeKey('p256').spki, dsa.spki],
    ['what is no key', Uint8Array.of(0x04, 1, 1), dsa.spki],
    ['a key cut short', bare(dsa).spki.subarray(0, 20), dsa.spki],
  ])('%s stays as it is', (_, own, issuer) => {
    expect(workingKey(holder(own), issuer)).toBe(own)
  })
})
