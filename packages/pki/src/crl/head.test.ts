import { describe, expect, it } from 'vitest'
import { later } from '../../test/build/certificate.js'
import { encodeEntry, rawCrl, type RawCrl } from '../../test/build/crl.js'
import { bits, bool, directory, dn, explicit, extension, generalized, int, nul, octets, oid, rdn, seq, time, tlv, uri } from '../../test/build/der.js'
import { PkiError } from '../errors.js'
import { readCrl, readCrlStream, type Crl } from './index.js'
import { maxTailBytes } from './head.js'

async function* inPieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield new Uint8Array(bytes.subarray(at, at + size))
}

const code = (error: unknown): string => {
  if (error instanceof PkiError) return error.code
  throw error
}

/** The code by which a CRL is refused, or `read`; a stream of it, in pieces of two sizes, gives the same. */
async function outcome(bytes: Uint8Array): Promise<string> {
  let whole = 'read'
  try {
    readCrl(bytes)
  } catch (error) {
    whole = `${code(error)} ${(error as PkiError).offset}`
  }
  for (const size of [17, bytes.length]) {
    const streamed = await readCrlStream(inPieces(bytes, size), { serials: [], signers: [] }).then(() => 'read', code)
    expect(streamed, `in pieces of ${size}`).toBe(whole.split(' ')[0])
  }
  return whole
}
const of = (parts: RawCrl): Crl => readCrl(rawCrl(parts))
const entry = encodeEntry({ serial: 'a1' })

describe('the head of a CRL (RFC 5280 section 5.1)', () => {
  it('reads what stands there', () => {
    const crl = of({ entries: [entry], extensions: [extension('2.5.29.20', int(7))] })
    expect(crl).toMatchObject({ version: 2, thisUpdate: later(0), nextUpdate: later(7), crlNumber: 7n, size: 1, freshestCrl: [], unknownCriticalExtensions: [], hasForeignEntries: false, signatureAlgorithm: { oid: '1.2.840.10045.4.3.2' } })
    expect(crl.signature).toHaveLength(70)
    expect(Buffer.from(crl.tbs).equals(crl.der.subarray(3, crl.der.length - 85))).toBe(true)
    for (const missing of ['baseCrlNumber', 'authorityKeyId', 'issuingDistributionPoint', 'expiredCertificatesSince', 'unknownCriticalEntryExtension'] as const) expect(crl[missing]).toBeUndefined()
  })

  it.each<[string, RawCrl, object]>([
    ['no nextUpdate, no entries', { dates: [time(later(0))] }, { size: 0 }],
    ['no nextUpdate, but entries', { dates: [time(later(0))], entries: [entry] }, { size: 1 }],
    ['an empty list of entries', { entries: [] }, { size: 0, nextUpdate: later(7) }],
    ['dates as GeneralizedTime', { dates: [generalized(later(0)), generalized(later(7))] }, { thisUpdate: later(0), nextUpdate: later(7) }],
    ['an entry behind extensions of none', { entries: [entry], extensions: [extension('1.2.3', nul())] }, { size: 1 }],
    ['a critical extension that is not known', { extensions: [extension('1.2.3', nul(), true), extension('1.2.4', nul(), true), extension('1.2.5', nul())] }, { unknownCriticalExtensions: ['1.2.3', '1.2.4'] }],
  ])('%s', (_, parts, expected) => expect(of(parts)).toMatchObject(expected))

  const raw = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex')
  it.each<[string, Buffer, string]>([
    ['version 3', rawCrl({ version: int(2) }), 'crlMalformed 7'],
    ['version 1, which is the default', rawCrl({ version: int(0) }), 'crlMalformed 7'],
    ['extensions in version 1', rawCrl({ version: Buffer.alloc(0), extensions: [extension('2.5.29.20', int(7))] }), 'crlMalformed 69'],
    ['no thisUpdate', rawCrl({ dates: [] }), 'derTruncated 41'],
    ['something else than a date', rawCrl({ dates: [tlv(0x16, Buffer.from('260101000000Z'))] }), 'derTag 42'],
    ['something behind the extensions', rawCrl({ behind: [explicit(0, seq(extension('1.2.3', nul()))), nul()] }), 'derTrailing 86'],
    ['something behind the extensions, within their tag', rawCrl({ behind: [explicit(0, seq(extension('1.2.3', nul())), nul())] }), 'derTrailing 86'],
    ['another element than extensions', rawCrl({ behind: [explicit(1, seq(extension('1.2.3', nul())))] }), 'derTrailing 72'],
    ['something behind the signature', rawCrl({ end: [nul()] }), 'derTrailing 157'],
    ['no signature', rawCrl({ signature: Buffer.alloc(0) }), 'derTruncated 83'],
    ['a signature that ends within an octet', rawCrl({ signature: bits(Buffer.alloc(70), 1) }), 'derBitString 86'],
    ['two signature algorithms', rawCrl({ outerAlgorithm: seq(oid('1.2.840.10045.4.3.3')) }), 'crlMalformed 72'],
    ['a signature algorithm with parameters, and one without', rawCrl({ outerAlgorithm: seq(oid('1.2.840.10045.4.3.2'), nul()) }), 'crlMalformed 72'],
    ['no content', raw('30 00'), 'derTruncated 2'],
    ['no tbsCertList', raw('30 02 05 00'), 'derTag 2'],
    ['a tbsCertList longer than the CRL', raw('30 04 30 05 02 01'), 'derTruncated 2'],
    ['an indefinite length', raw('30 80 30 03 02 01 01 00 00'), 'derIndefiniteLength 1'],
    ['an indefinite length inside', raw('30 05 30 80 02 01 01'), 'derIndefiniteLength 3'],
    ['a length of seven octets', raw('30 87 01 00 00 00 00 00 00 30'), 'derTruncated 1'],
    ['a length of 127 octets, which X.690 8.1.3.5 keeps back', raw('30 ff 01 00 00 00 00 00 00 30'), 'derLength 1'],
    ['a length that starts with zero', raw('30 82 00 85 30 03 02 01 01'), 'derLength 1'],
    ['a length that fits one octet', raw('30 81 7f 30 03 02 01 01'), 'derLength 1'],
    ['a length of 128, which does not', raw('30 81 80 30 03 02 01 01'), 'derTruncated 8'],
    ['a header cut short', raw('30 82 01'), 'derTruncated 1'],
    ['one octet', raw('30'), 'derTruncated 0'],
    ['a list of entries longer than what it stands in', rawCrl({ behind: [raw('30 81 ff')] }), 'derTruncated 72'],
    ['a list of entries of indefinite length', rawCrl({ behind: [raw('30 80 00 00')] }), 'derIndefiniteLength 73'],
    ['an entry longer than their list', rawCrl({ entries: [entry, entry.subarray(0, entry.length - 1)] }), `derTruncated ${74 + entry.length}`],
    ['an entry cut within its header', rawCrl({ entries: [entry, entry.subarray(0, 1)] }), `derTruncated ${74 + entry.length}`],
  ])('%s is refused', async (_, bytes, expected) => {
    expect(await outcome(bytes)).toMatch(new RegExp(`^${expected.split(' ')[0]!} `))
    let offset: number | undefined
    try { readCrl(bytes) } catch (error) { offset = (error as PkiError).offset }
    expect(`${expected.split(' ')[0]!} ${offset}`).toBe(expected)
  })

  it('extensions and signature of a MiB together, and no more', async () => {
    const filled = (size: number): Buffer => rawCrl({ entries: [entry], extensions: [extension('1.2.3', octets(Buffer.alloc(size)))] })
    const tail = (bytes: Buffer): number => bytes.length - bytes.indexOf(entry) - entry.length
    const size = maxTailBytes - tail(filled(1_000_000)) + 1_000_000
    expect(tail(filled(size))).toBe(maxTailBytes)
    expect(await outcome(filled(size))).toBe('read')
    expect(await outcome(filled(size + 1))).toBe(`crlTooLarge ${filled(size).indexOf(entry) + entry.length}`)
  })
})

describe('extensions of a CRL (RFC 5280 section 5.2)', () => {
  const number = (value: Buffer): RawCrl => ({ extensions: [extension('2.5.29.20', value)] })
  it('5.2.3: numbers of 20 octets, and zero', () => {
    expect(of(number(int(0))).crlNumber).toBe(0n)
    expect(of(number(int((1n << 160n) - 1n))).crlNumber).toBe((1n << 160n) - 1n)
  })

  it('5.2.1: the authority key identifier in both its forms', () => {
    const issuer = explicit(1, directory(dn('CN=Akar')))
    const both = of({ extensions: [extension('2.5.29.35', seq(tlv(0x80, [1, 0xab]), issuer, tlv(0x82, [0, 0xff])))] }).authorityKeyId
    expect(both).toMatchObject({ keyId: '01ab', issuer: [{ kind: 'directoryName' }], serial: 'ff' })
    expect(of({ extensions: [extension('2.5.29.35', seq(issuer, tlv(0x82, [5])))] }).authorityKeyId).toMatchObject({ issuer: [{ kind: 'directoryName' }], serial: '5' })
    expect(of({ extensions: [extension('2.5.29.35', seq(tlv(0x80, [7])))] }).authorityKeyId).toStrictEqual({ keyId: '07' })
    expect(of({ extensions: [extension('2.5.29.35', seq())] }).authorityKeyId).toStrictEqual({})
  })

  it('5.2.5: the issuing distribution point in all its parts', () => {
    const point = (...parts: Buffer[]): Crl['issuingDistributionPoint'] => of({ extensions: [extension('2.5.29.28', seq(...parts), true)] }).issuingDistributionPoint
    const none = { critical: true, onlyContainsUserCerts: false, onlyContainsCaCerts: false, onlyContainsAttributeCerts: false, indirectCrl: false }
    expect(point()).toStrictEqual({ ...none, der: expect.any(Uint8Array) })
    expect(point(tlv(0x81, [255]))).toMatchObject({ ...none, onlyContainsUserCerts: true })
    expect(point(tlv(0x82, [255]))).toMatchObject({ ...none, onlyContainsCaCerts: true })
    expect(point(tlv(0x84, [255]), tlv(0x85, [255]))).toMatchObject({ ...none, indirectCrl: true, onlyContainsAttributeCerts: true })
    expect(point(tlv(0x81, [0]))).toMatchObject(none)
    expect([...point(tlv(0x83, [6, 0x40]))!.onlySomeReasons!]).toEqual(['keyCompromise'])
    expect(point(explicit(0, explicit(0, uri('http://contoh.test/1.crl'))))!.name!.fullName).toMatchObject([{ kind: 'uri', value: 'http://contoh.test/1.crl' }])
    expect(of({ extensions: [extension('2.5.29.28', seq())] }).issuingDistributionPoint!.critical).toBe(false)
    const relative = rdn('CN', 'Bagian').subarray(2)
    expect(point(explicit(0, tlv(0xa1, relative)))!.name!.nameRelativeToCrlIssuer).toHaveLength(1)
  })

  it('5.2.6, 5.2.7, 5.2.2, X.509: where deltas and the issuer are, other names of the issuer, since when the expired stay', () => {
    const crl = of({ extensions: [
      extension('2.5.29.46', seq(seq(explicit(0, explicit(0, uri('http://contoh.test/delta.crl')))))), extension('1.3.6.1.5.5.7.1.1', seq(seq(oid('1.3.6.1.5.5.7.48.2'), uri('http://contoh.test/ca.cer'))), true),
      extension('2.5.29.18', seq(uri('http://contoh.test/')), true), extension('2.5.29.60', generalized(later(-9)), true), extension('2.5.29.27', int(3), true),
    ] })
    expect(crl).toMatchObject({ unknownCriticalExtensions: [], expiredCertificatesSince: later(-9), baseCrlNumber: 3n, freshestCrl: [{ name: { fullName: [{ value: 'http://contoh.test/delta.crl' }] } }] })
    expect(crl.extensions.map(({ oid: type }) => type)).toEqual(['2.5.29.46', '1.3.6.1.5.5.7.1.1', '2.5.29.18', '2.5.29.60', '2.5.29.27'])
  })

  const trailing = (value: Buffer): Buffer => Buffer.concat([value, nul()])
  it.each<[string, Buffer, string]>([
    ['a negative number', extension('2.5.29.20', int(-1)), 'crlMalformed'],
    ['a number of 22 octets', extension('2.5.29.20', int(1n << 168n)), 'derInteger'],
    ['a negative base', extension('2.5.29.27', int(-1), true), 'crlMalformed'],
    ['user and CA certificates only', extension('2.5.29.28', seq(tlv(0x81, [255]), tlv(0x82, [255]))), 'crlMalformed'],
    ['user and attribute certificates only', extension('2.5.29.28', seq(tlv(0x81, [255]), tlv(0x85, [255]))), 'crlMalformed'],
    ['CA and attribute certificates only', extension('2.5.29.28', seq(tlv(0x82, [255]), tlv(0x85, [255]))), 'crlMalformed'],
    ['a part of a scope that is not known', extension('2.5.29.28', seq(tlv(0x86, [255]))), 'derTrailing'],
    ['parts of a scope in another order', extension('2.5.29.28', seq(tlv(0x84, [255]), tlv(0x81, [255]))), 'derTrailing'],
    ['a part of a key identifier that is not known', extension('2.5.29.35', seq(tlv(0x80, [1]), tlv(0x83, [1]))), 'derTrailing'],
    ['something behind a number', extension('2.5.29.20', trailing(int(1))), 'derTrailing'],
    ['something behind a scope', extension('2.5.29.28', trailing(seq())), 'derTrailing'],
    ['something behind a key identifier', extension('2.5.29.35', trailing(seq())), 'derTrailing'],
    ['something behind a date', extension('2.5.29.60', trailing(generalized(later(-9)))), 'derTrailing'],
    ['something behind other names', extension('2.5.29.18', trailing(seq(uri('http://contoh.test/')))), 'derTrailing'],
    ['something behind the place of the issuer', extension('1.3.6.1.5.5.7.1.1', trailing(seq())), 'derTrailing'],
    ['other names that are none', extension('2.5.29.18', seq(bool(true))), 'derTag'],
  ])('%s is refused', async (_, bad, expected) => {
    expect(await outcome(rawCrl({ extensions: [bad] }))).toMatch(new RegExp(`^${expected} `))
  })
})
