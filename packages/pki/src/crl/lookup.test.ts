import { describe, expect, it } from 'vitest'
import { later, makeParty } from '../../test/build/certificate.js'
import { encodeEntry, makeCrl, rawCrl, type EntryPlan } from '../../test/build/crl.js'
import { allowSha1 } from '../crypto/index.js'
import { PkiError } from '../errors.js'
import { readCrl, verifyCrl } from './index.js'

const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true })
const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof PkiError) return error.code
    throw error
  }
  return 'read'
}

describe('the largest CRL that is accepted', () => {
  const der = makeCrl({ issuer: ca, entries: Array.from({ length: 60 }, (_, i) => ({ serial: (i + 1).toString(16), reason: 1 })) })
  const pem = `-----BEGIN X509 CRL-----\n${der.toString('base64').match(/.{1,64}/g)!.join('\n')}\n-----END X509 CRL-----\n`
  it.each<[string, Uint8Array | string, number, string]>([
    ['octets, as many', der, der.length, 'read'], ['octets, one more', der, der.length - 1, 'crlTooLarge'],
    ['PEM text of as many octets', pem, der.length, 'read'], ['PEM text of one more', pem, der.length - 1, 'crlTooLarge'],
    ['PEM octets, which count as they are', Buffer.from(pem), der.length, 'crlTooLarge'],
    // Before anything is looked at: text may be half as long again as what it stands for.
    ['text of any kind', 'x'.repeat(15), 10, 'pemMalformed'], ['text of any kind, too long', 'x'.repeat(16), 10, 'crlTooLarge'],
    ['octets of any kind', Buffer.alloc(10, 0x31), 10, 'derTag'], ['octets of any kind, too many', Buffer.alloc(11, 0x31), 10, 'crlTooLarge'],
  ])('%s', (_, input, maxBytes, expected) => expect(codeOf(() => readCrl(input, { maxBytes }))).toBe(expected))
})

describe('finding entries', () => {
  const entries: EntryPlan[] = Array.from({ length: 700 }, (_, i) => ({ serial: (i * 5 + 200).toString(16), ...(i % 4 === 1 && { reason: i % 11 }), ...(i % 100 === 50 && { issuer: makeParty({ subject: `CN=CA ${i}`, ca: true }).name }) }))
  entries.push({ serial: '2a', reason: 6 }, { serial: '2a', reason: 4 })
  const der = makeCrl({ issuer: ca, scope: { indirect: true }, entries })
  const asked = [0, 1, 49, 50, 51, 149, 150, 699].map((i) => entries[i]!.serial)

  it('as often as one likes, by the walk and by the index', () => {
    const crl = readCrl(der)
    const decoded = [...crl.entries()]
    expect(decoded).toHaveLength(702)
    for (let round = 0; round < 3; round++) {
      for (const serial of asked) expect(crl.findAll(serial)).toEqual(decoded.filter((entry) => entry.serial === serial))
      expect(crl.find('2a')?.reason).toBe('superseded')
      expect(crl.findAll('2a').map(({ reason }) => reason)).toEqual(['certificateHold', 'superseded'])
      expect([crl.find('2b'), crl.findAll('c9')]).toEqual([undefined, []])
    }
  })

  it('those named beforehand, and others', () => {
    const plain = readCrl(der)
    for (const serials of [[], ['2a'], [...asked, '2A', '02a', 'c9']]) {
      for (const signers of [undefined, [ca.certificate]]) {
        const crl = readCrl(der, { serials, ...(signers && { signers }) })
        for (const serial of [...asked, '2a', 'c9', 'ca']) expect(crl.findAll(serial)).toEqual(plain.findAll(serial))
      }
    }
  })

  it('section 5.3.3: an issuer counts from the entry that names it', () => {
    const issuers = [...readCrl(der).entries()].map(({ certificateIssuer: [name] = [] }) => (name?.kind === 'directoryName' ? name.name.rdns[0]![0]!.value : ''))
    expect(issuers).toEqual(entries.map((_, i) => (i < 50 ? '' : `CA ${Math.min(650, Math.floor((i - 50) / 100) * 100 + 50)}`)))
  })

  it('what is no number is no question', () => {
    const crl = readCrl(der)
    for (const text of ['', 'x', '0x2', 'ab:cd', '-']) for (const ask of [() => crl.find(text), () => crl.findAll(text)]) expect(ask).toThrow(/hexadecimal/)
  })
})

describe('signatures that are checked while reading', () => {
  const other = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true })
  const stranger = makeParty({ subject: 'CN=Orang Lain', ca: true })
  const entries = Array.from({ length: 9000 }, (_, i) => ({ serial: (i + 0x10000).toString(16), date: later(-1) }))

  it.each([['small', 3], ['larger than what is hashed at once', 9000]])('hold for each key, of a CRL that is %s', async (_, count) => {
    const der = makeCrl({ issuer: ca, entries: entries.slice(0, count) })
    const crl = readCrl(der, { signers: [other.certificate, stranger.certificate, ca.certificate, ca.certificate] })
    expect([crl.size, await verifyCrl(crl, ca.certificate), await verifyCrl(crl, other.certificate), await verifyCrl(crl, stranger.certificate)]).toEqual([count, 'valid', 'invalid', 'invalid'])
    const spoilt = readCrl(makeCrl({ issuer: ca, entries: entries.slice(0, count), spoil: true }), { signers: [ca.certificate] })
    expect([await verifyCrl(spoilt, ca.certificate), await verifyCrl(spoilt, other.certificate)]).toEqual(['invalid', 'invalid'])
  })

  it('an entry that ends behind their list is refused on the same walk', () => {
    const entry = encodeEntry({ serial: '1234', reason: 1 })
    const { certificate } = makeParty({ subject: 'CN=CA Contoh', ca: true })
    for (const count of [1, 3, 5000]) {
      expect(readCrl(rawCrl({ entries: new Array<Buffer>(count).fill(entry) }), { signers: [certificate] }).size).toBe(count)
      for (const missing of [1, entry.length - 1]) {
        const broken = rawCrl({ entries: [...new Array<Buffer>(count).fill(entry), entry.subarray(0, entry.length - missing)] })
        for (const signers of [[], [certificate]]) expect(codeOf(() => readCrl(broken, { signers }))).toBe('derTruncated')
      }
    }
  })

  it('one who only has the name of the issuer in other case', async () => {
    const party = makeParty({ subject: 'C=ID,O=OTORITAS CONTOH,CN=ca contoh', ca: true, key: ca.key })
    expect(await verifyCrl(readCrl(makeCrl({ issuer: ca }), { signers: [party.certificate] }), party.certificate)).toBe('valid')
  })

  it('SHA-1 that was allowed once is not allowed for ever, and the other way round', async () => {
    const old = makeParty({ subject: 'CN=CA SHA-1', ca: true, algorithm: 'rsa-sha1' })
    for (const signers of [undefined, [old.certificate]]) {
      const crl = readCrl(makeCrl({ issuer: old }), signers && { signers })
      for (let again = 0; again < 2; again++) expect([await verifyCrl(crl, old.certificate), await verifyCrl(crl, old.certificate, [allowSha1])]).toEqual(['unsupported', 'valid'])
    }
  })

  it('by an algorithm that signs the whole message, they are checked afterwards', async () => {
    const issuer = makeParty({ subject: 'CN=CA Edwards', ca: true, algorithm: 'ed25519' })
    expect(await verifyCrl(readCrl(makeCrl({ issuer }), { signers: [issuer.certificate] }), issuer.certificate)).toBe('valid')
    expect(await verifyCrl(readCrl(makeCrl({ issuer, spoil: true }), { signers: [issuer.certificate] }), issuer.certificate)).toBe('invalid')
  })
})
