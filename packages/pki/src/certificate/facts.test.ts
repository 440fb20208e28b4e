import { describe, expect, it } from 'vitest'
import { later, t0 } from '../../test/build/certificate.js'
import { bits, bool, directory, dn, enumerated, explicit, extension, int, nul, octets, oid, seq, set, time, tlv, uri } from '../../test/build/der.js'
import { DerReader } from '../der/index.js'
import { PkiError } from '../errors.js'
import { formatName } from '../name/index.js'
import { keyUsages, Oid, readCertificate, readDistributionPointName, readExtensions, readGeneralName, reasonFlags, type Certificate, type KeyUsage, type ReasonFlag } from './index.js'

const algorithm = seq(oid('1.3.101.112'))
const name = dn('CN=Contoh')

/** A certificate that nobody signed, with these Extension elements. */
function certificateWith(...extensions: readonly Uint8Array[]): Buffer {
  const key = seq(algorithm, bits(Buffer.alloc(32, 9)))
  const tbs = seq(explicit(0, int(2)), int(1), algorithm, name, seq(time(t0), time(later(1))), name, key, explicit(3, seq(...extensions)))
  return seq(tbs, algorithm, bits(Buffer.alloc(64)))
}
const read = (...extensions: readonly Uint8Array[]): Certificate => readCertificate(certificateWith(...extensions))

/** The code, and the octets from the place that the refusal names. */
function refusal(bytes: Uint8Array, run: () => unknown): [string, string] {
  try {
    run()
  } catch (error) {
    if (error instanceof PkiError) return [error.code, Buffer.from(bytes.subarray(error.offset)).toString('hex')]
    throw error
  }
  throw new Error('nothing was refused')
}
const refused = (value: Uint8Array, type: string, critical = false): string => refusal(new Uint8Array(0), () => read(extension(type, value, critical)))[0]

const text = (tag: number, value: string): Buffer => tlv(tag, Buffer.from(value))
const names = (...list: readonly Uint8Array[]): Buffer => explicit(0, explicit(0, ...list))

describe('RFC 5280 4.2.1.3: key usage', () => {
  const used = (value: Uint8Array): KeyUsage[] => [...read(extension(Oid.keyUsage, value, true), extension('1.9.9', Buffer.alloc(3, 0xff))).keyUsage!]
  it.each(keyUsages.map((usage, bit) => [usage, bit] as const))('%s is bit %i', (usage, bit) => {
    const flags = Buffer.alloc(bit < 8 ? 1 : 2)
    flags[bit >> 3] = 0x80 >> (bit & 7)
    expect(used(bits(flags, 7 - (bit & 7)))).toEqual([usage])
  })
  it('all nine, or none', () => {
    expect(used(bits(Buffer.of(0xff, 0x80), 7))).toEqual(keyUsages)
    expect(used(bits(Buffer.of()))).toEqual([])
    expect(used(bits(Buffer.of(0, 0x7f)))).toEqual([])
    // The next extension, whose length takes the long form, is no part of an empty BIT STRING.
    expect([...read(extension(Oid.keyUsage, bits(Buffer.of())), extension('1.9.9', Buffer.alloc(200))).keyUsage!]).toEqual([])
  })
})

describe('RFC 5280 4.2.1.9 and 4.2.1.11: numbers of certificates', () => {
  it.each([
    [seq(), { ca: false }], [seq(bool(false)), { ca: false }], [seq(bool(true)), { ca: true }], [seq(bool(true), int(0)), { ca: true, pathLength: 0 }],
    [seq(int(3)), { ca: false, pathLength: 3 }], [seq(bool(true), int(0x1234)), { ca: true, pathLength: 0x1234 }], [seq(bool(true), int(0x01020304)), { ca: true, pathLength: 0x01020304 }], [seq(bool(true), int(0x7fffffff)), { ca: true, pathLength: 0x7fffffff }],
    [seq(bool(true), int(0x80000000)), { ca: true, pathLength: 0x7fffffff }], [seq(bool(true), int(2n ** 64n)), { ca: true, pathLength: 0x7fffffff }],
  ])('basic constraints %#', (value, constraints) => {
    expect(read(extension(Oid.basicConstraints, value, true)).basicConstraints).toEqual(constraints)
  })
  it.each([
    [seq(), {}], [seq(tlv(0x80, [0])), { requireExplicitPolicy: 0 }], [seq(tlv(0x81, [2])), { inhibitPolicyMapping: 2 }], [seq(tlv(0x80, [1]), tlv(0x81, [0])), { requireExplicitPolicy: 1, inhibitPolicyMapping: 0 }],
  ])('policy constraints %#', (value, constraints) => {
    expect(read(extension(Oid.policyConstraints, value, true)).policyConstraints).toStrictEqual(constraints)
  })
  it('inhibit any-policy', () => {
    expect(read(extension(Oid.inhibitAnyPolicy, int(0), true)).inhibitAnyPolicy).toBe(0)
    expect(read(extension(Oid.inhibitAnyPolicy, int(300), true)).inhibitAnyPolicy).toBe(300)
  })
})

describe('RFC 5280 4.2.1.1 and 4.2.1.2: key identifiers', () => {
  const id = Buffer.of(0x0a, 0xbc)
  it.each([
    ['a key identifier', seq(tlv(0x80, id)), { keyId: '0abc', issuer: undefined, serial: undefined }],
    ['an issuer and a serial number', seq(explicit(1, directory(name)), tlv(0x82, [0, 0x80])), { keyId: undefined, issuer: [{ kind: 'directoryName' }], serial: '80' }],
    ['all three', seq(tlv(0x80, id), explicit(1, uri('http://contoh.test')), tlv(0x82, [5])), { keyId: '0abc', issuer: [{ kind: 'uri', value: 'http://contoh.test' }], serial: '5' }],
    ['none', seq(), { keyId: undefined, issuer: undefined, serial: undefined }],
  ])('of the authority: %s', (_, value, expected) => {
    const found = read(extension(Oid.authorityKeyIdentifier, value)).authorityKeyId!
    expect({ keyId: found.keyId, issuer: found.issuer, serial: found.serial }).toMatchObject(expected)
  })
  it('of the subject', () => {
    expect(read(extension(Oid.subjectKeyIdentifier, octets(id))).subjectKeyId).toBe('0abc')
    expect(read(extension('1.9.9', id)).subjectKeyId).toBeUndefined()
    expect(read(extension('1.9.9', id)).authorityKeyId).toBeUndefined()
  })
})

describe('RFC 5280 4.2.1.6: general names', () => {
  it('of every kind are read, in order', () => {
    const other = text(0x0c, 'nilai')
    const list = [
      explicit(0, oid('1.2.3'), explicit(0, other)), text(0x81, 'meja@contoh.test'), text(0x82, 'contoh.test'), tlv(0xa3, nul()), directory(name), tlv(0xa5, nul()), uri('http://contoh.test/a'), tlv(0x87, [10, 0, 0, 1]),
      tlv(0x88, [0x2a, 3]),
    ]
    const found = read(extension(Oid.subjectAltName, seq(...list))).subjectAltNames
    expect(found).toMatchObject([
      { kind: 'otherName', type: '1.2.3', der: new Uint8Array(other) }, { kind: 'rfc822Name', value: 'meja@contoh.test' }, { kind: 'dnsName', value: 'contoh.test' }, { kind: 'x400Address', der: new Uint8Array(list[3]!) },
      { kind: 'directoryName' }, { kind: 'ediPartyName', der: new Uint8Array(list[5]!) }, { kind: 'uri', value: 'http://contoh.test/a' }, { kind: 'ipAddress', bytes: Uint8Array.of(10, 0, 0, 1) },
      { kind: 'registeredId', oid: '1.2.3' },
    ])
    expect(found[4]?.kind === 'directoryName' && formatName(found[4].name)).toBe('CN=Contoh')
  })
  it.each<[string, Buffer, string, string]>([
    ['octets after the value of an other name', explicit(0, oid('1.2.3'), explicit(0, nul(), nul())), 'derTrailing', '0500'],
    ['octets after the other name', explicit(0, oid('1.2.3'), explicit(0, nul()), nul()), 'derTrailing', '0500'],
    ['an other name whose value has another tag', explicit(0, oid('1.2.3'), explicit(1, nul())), 'derTag', 'a1020500'],
    ['octets after a directory name', directory(Buffer.concat([seq(), nul()])), 'derTrailing', '0500'],
    ['a kind that is none', tlv(0x89, [1]), 'derTag', '890101'],
    ['a URI that is constructed', tlv(0xa6, nul()), 'derTag', 'a6020500'],
    ['nothing', Buffer.of(), 'derTruncated', ''],
  ])('refused: %s', (_, value, code, place) => {
    expect(refusal(value, () => readGeneralName(new DerReader(value)))).toEqual([code, place])
  })
  it('a list may be empty only for the subject, and not where it is critical', () => {
    expect(read(extension(Oid.subjectAltName, seq())).subjectAltNames).toEqual([])
    expect(refused(seq(), Oid.subjectAltName, true)).toBe('derTruncated')
    expect(refused(seq(), Oid.issuerAltName)).toBe('derTruncated')
    expect(refused(Buffer.concat([seq(), nul()]), Oid.subjectAltName)).toBe('derTruncated')
    expect(refused(set(), Oid.subjectAltName)).toBe('derTag')
    expect(refused(Buffer.of(0x30), Oid.subjectAltName)).toBe('derTruncated')
  })
  it('names of the issuer are known, and of right form', () => {
    expect(read(extension(Oid.issuerAltName, seq(uri('http://contoh.test')), true)).unknownCriticalExtensions).toEqual([])
    expect(refused(seq(nul()), Oid.issuerAltName)).toBe('derTag')
  })
})

describe('RFC 5280 4.2.1.13 and 4.2.1.15: distribution points', () => {
  const points = (value: Uint8Array): Certificate['crlDistributionPoints'] => read(extension(Oid.crlDistributionPoints, value)).crlDistributionPoints
  it('have a name, reasons and a CRL issuer, each optional', () => {
    const found = points(seq(seq(names(uri('http://contoh.test/a'), uri('http://contoh.test/b')), tlv(0x81, [1, 0x06]), tlv(0xa2, directory(name))), seq(explicit(0, tlv(0xa1, seq(oid('2.5.4.3'), text(0x0c, 'Bagian'))))), seq()))
    expect(found).toMatchObject([{ name: { fullName: [{ value: 'http://contoh.test/a' }, { value: 'http://contoh.test/b' }] }, crlIssuer: [{ kind: 'directoryName' }] }, { name: { nameRelativeToCrlIssuer: [{ type: '2.5.4.3', value: 'Bagian' }] } }, {}])
    expect([...found[0]!.reasons!]).toEqual(['cessationOfOperation', 'certificateHold'])
    expect(found[1]!.name?.fullName).toBeUndefined()
    expect(found[2]).toEqual({})
  })
  it.each(reasonFlags.map((flag, bit) => [flag, bit] as const))('reason %s is bit %i', (flag, bit) => {
    const flags = Buffer.alloc(bit < 8 ? 1 : 2)
    flags[bit >> 3] = 0x80 >> (bit & 7)
    const found: ReasonFlag[] = [...points(seq(seq(tlv(0x81, [7 - (bit & 7)], flags))))[0]!.reasons!]
    expect(found).toEqual([flag])
  })
  it('of delta CRLs stand apart', () => {
    const found = read(extension(Oid.freshestCrl, seq(seq(names(uri('http://contoh.test/delta'))))))
    expect(found.freshestCrl).toMatchObject([{ name: { fullName: [{ value: 'http://contoh.test/delta' }] } }])
    expect(found.crlDistributionPoints).toEqual([])
  })
  it.each<[string, Buffer, string]>([
    ['no point', seq(), 'derTruncated'], ['octets after a point', seq(seq(names(uri('a')), nul())), 'derTrailing'], ['fields in another order', seq(seq(tlv(0x81, [1, 0x40]), names(uri('a')))), 'derTrailing'],
    ['an empty full name', seq(seq(names())), 'derTruncated'], ['an empty CRL issuer', seq(seq(tlv(0xa2))), 'derTruncated'],
  ])('refused: %s', (_, value, code) => {
    expect(refused(value, Oid.crlDistributionPoints)).toBe(code)
    expect(refused(value, Oid.freshestCrl)).toBe(code)
  })
  it('refused: octets after a name, and a name of neither form', () => {
    for (const [value, code, place] of [[explicit(0, explicit(0, uri('a')), nul()), 'derTrailing', '0500'], [explicit(0, nul()), 'derTag', '0500']] as const) {
      expect(refusal(value, () => readDistributionPointName(new DerReader(value)))).toEqual([code, place])
    }
  })
})

describe('RFC 5280 4.2.2.1: addresses of the authority', () => {
  it('are told apart by their method; only URIs count', () => {
    const item = (method: string, location: Uint8Array): Buffer => seq(oid(method), location)
    const found = read(extension(Oid.authorityInfoAccess, seq(
      item(Oid.accessCaIssuers, directory(name)), item(Oid.accessOcsp, uri('http://contoh.test/1')), item(Oid.accessCaIssuers, uri('http://contoh.test/2')), item(Oid.accessOcsp, text(0x82, 'contoh.test')),
      item('1.3.6.1.5.5.7.48.3', uri('http://contoh.test/3')), item(Oid.accessOcsp, uri('http://contoh.test/4')),
    )))
    expect(found.ocspUrls).toEqual(['http://contoh.test/1', 'http://contoh.test/4'])
    expect(found.caIssuerUrls).toEqual(['http://contoh.test/2'])
  })
})

describe('RFC 5280 4.2.1.4: policies', () => {
  it('with their qualifiers', () => {
    const notice = seq(text(0x0c, 'Ketentuan'))
    const found = read(extension(Oid.certificatePolicies, seq(seq(oid('1.2.3'), seq(seq(oid('1.3.6.1.5.5.7.2.1'), text(0x16, 'http://contoh.test')), seq(oid('1.3.6.1.5.5.7.2.2'), notice))), seq(oid('1.2.4')))))
    expect(found.policies).toEqual(['1.2.3', '1.2.4'])
    expect(found.policyInformation).toEqual([
      { oid: '1.2.3', qualifiers: [{ oid: '1.3.6.1.5.5.7.2.1', der: text(0x16, 'http://contoh.test') }, { oid: '1.3.6.1.5.5.7.2.2', der: notice }].map(({ oid: type, der }) => ({ oid: type, der: new Uint8Array(der) })) },
      { oid: '1.2.4', qualifiers: [] },
    ])
  })
})

describe('RFC 5280 4.2.1.10: name constraints', () => {
  const base = text(0x82, 'contoh.test')
  it('permit, exclude or both', () => {
    expect(read(extension(Oid.nameConstraints, seq(tlv(0xa0, seq(base))), true)).nameConstraints).toMatchObject({ permitted: [{ value: 'contoh.test' }], excluded: [] })
    expect(read(extension(Oid.nameConstraints, seq(tlv(0xa1, seq(base), seq(uri('.contoh.test')))), true)).nameConstraints).toMatchObject({ permitted: [], excluded: [{ value: 'contoh.test' }, { value: '.contoh.test' }] })
    expect(read(extension(Oid.nameConstraints, seq(tlv(0xa0, seq(base, tlv(0x80, [0])))), true)).nameConstraints?.permitted).toHaveLength(1)
  })
  it.each<[string, Buffer]>([['a minimum', seq(tlv(0xa0, seq(base, tlv(0x80, [1]))))], ['a maximum after the minimum', seq(tlv(0xa0, seq(base, tlv(0x80, [0]), tlv(0x81, [4]))))], ['no subtree', seq(tlv(0xa0))], ['no excluded subtree', seq(tlv(0xa1))]])('refused: %s', (_, value) => {
    expect(refused(value, Oid.nameConstraints, true)).toBe('certificateMalformed')
  })
})

describe('RFC 5280 4.2: every known extension is of right form', () => {
  const after = nul()
  it.each<[string, string, Buffer, string]>([
    ['subject key identifier, other tag', Oid.subjectKeyIdentifier, tlv(0x03, [0, 1]), 'derTag'],
    ['subject key identifier, more', Oid.subjectKeyIdentifier, Buffer.concat([octets([1]), after]), 'derTrailing'],
    ['authority key identifier, more', Oid.authorityKeyIdentifier, seq(tlv(0x80, [1]), after), 'derTrailing'],
    ['authority key identifier, serial number not minimal', Oid.authorityKeyIdentifier, seq(tlv(0x82, [0, 1])), 'derInteger'],
    ['basic constraints, more', Oid.basicConstraints, seq(bool(true), int(1), after), 'derTrailing'],
    ['extended key usage, another tag', Oid.extendedKeyUsage, seq(after), 'derTag'],
    ['no purpose', Oid.extendedKeyUsage, seq(), 'certificateMalformed'],
    ['no access description', Oid.authorityInfoAccess, seq(), 'certificateMalformed'],
    ['access description, more', Oid.authorityInfoAccess, seq(seq(oid('1.2.3'), uri('a'), after)), 'derTrailing'],
    ['no policy', Oid.certificatePolicies, seq(), 'certificateMalformed'],
    ['a policy twice', Oid.certificatePolicies, seq(seq(oid('1.2.3')), seq(oid('1.2.3'))), 'certificateMalformed'],
    ['no policy qualifier', Oid.certificatePolicies, seq(seq(oid('1.2.3'), seq())), 'certificateMalformed'],
    ['policy qualifier, more', Oid.certificatePolicies, seq(seq(oid('1.2.3'), seq(seq(oid('1.2.4'), nul(), after)))), 'derTrailing'],
    ['policy, more', Oid.certificatePolicies, seq(seq(oid('1.2.3'), seq(seq(oid('1.2.4'), nul())), after)), 'derTrailing'],
    ['no policy mapping', Oid.policyMappings, seq(), 'certificateMalformed'],
    ['policy mapping, more', Oid.policyMappings, seq(seq(oid('1.2.3'), oid('1.2.4'), after)), 'derTrailing'],
    ['policy constraints, more', Oid.policyConstraints, seq(tlv(0x80, [0]), after), 'derTrailing'],
    ['policy constraints, negative', Oid.policyConstraints, seq(tlv(0x80, [0xff])), 'derInteger'],
    ['inhibit any-policy, another tag', Oid.inhibitAnyPolicy, enumerated(1), 'derTag'],
    ['inhibit any-policy, negative', Oid.inhibitAnyPolicy, int(-1), 'derInteger'],
    ['name constraints, more', Oid.nameConstraints, seq(tlv(0xa1, seq(text(0x82, 'a'))), after), 'derTrailing'],
    ['no-check, with content', Oid.ocspNoCheck, tlv(0x05, [0]), 'derNull'],
    ['key usage, more', Oid.keyUsage, Buffer.concat([bits(Buffer.of(1)), after]), 'derTrailing'],
  ])('refused: %s', (_, type, value, code) => {
    expect(refused(value, type)).toBe(code)
  })

  const valid: readonly (readonly [string, Buffer])[] = [
    [Oid.subjectKeyIdentifier, octets([1])], [Oid.keyUsage, bits(Buffer.of(0x80))], [Oid.basicConstraints, seq()], [Oid.extendedKeyUsage, seq(oid('1.2.3'))], [Oid.authorityKeyIdentifier, seq(tlv(0x80, [1]))],
    [Oid.subjectAltName, seq(uri('a'))], [Oid.issuerAltName, seq(uri('a'))], [Oid.crlDistributionPoints, seq(seq(names(uri('a'))))], [Oid.freshestCrl, seq(seq(names(uri('a'))))], [Oid.authorityInfoAccess, seq(seq(oid('1.2.3'), uri('a')))],
    [Oid.certificatePolicies, seq(seq(oid('1.2.3')))], [Oid.policyMappings, seq(seq(oid('1.2.3'), oid('1.2.4')))], [Oid.policyConstraints, seq(tlv(0x80, [0]))], [Oid.inhibitAnyPolicy, int(0)], [Oid.nameConstraints, seq(tlv(0xa0, seq(uri('a'))))], [Oid.ocspNoCheck, nul()],
  ]
  it.each(valid)('%s is known where it is critical, and nothing may follow its value', (type, value) => {
    expect(read(extension(type, value, true)).unknownCriticalExtensions).toEqual([])
    expect(refused(Buffer.concat([value, after]), type)).toBe('derTrailing')
  })

  it('what is not known and critical is listed, in order', () => {
    const found = read(extension('1.9.8', nul(), true), extension('1.9.9', nul()), extension('1.9.7', Buffer.of(), true))
    expect(found.unknownCriticalExtensions).toEqual(['1.9.8', '1.9.7'])
    expect(found.ocspNoCheck).toBe(false)
    expect(found).toMatchObject({ subjectAltNames: [], crlDistributionPoints: [], freshestCrl: [], ocspUrls: [], caIssuerUrls: [], policies: [], policyInformation: [], policyMappings: [] })
  })
})

describe('RFC 5280 4.2: the list of extensions', () => {
  it('gives type, criticality, value and place; an explicit FALSE is met', () => {
    const der = certificateWith(seq(oid('1.9.9'), bool(false), octets(nul())), extension('1.9.8', Buffer.of(1, 2), true))
    const { extensions } = readCertificate(der)
    expect(extensions.map(({ oid: type, critical, value }) => [type, critical, Buffer.from(value).toString('hex')])).toEqual([['1.9.9', false, '0500'], ['1.9.8', true, '0102']])
    for (const { offset, end, value } of extensions) expect(Buffer.from(der.subarray(offset, end)).equals(value)).toBe(true)
  })
  it.each<[string, Buffer, string, string]>([
    ['none', seq(), 'derTruncated', ''],
    ['no value', seq(seq(oid('1.9.9')), seq()), 'derTruncated', '3000'],
    ['no value, only a criticality', seq(seq(oid('1.9.9'), bool(true))), 'derTruncated', ''],
    ['a value of another tag', seq(seq(oid('1.9.9'), nul())), 'derTag', '0500'],
    ['octets after the value', seq(seq(oid('1.9.9'), octets(), nul()), seq()), 'derTrailing', '05003000'],
    ['a value that leaves its extension', seq(seq(oid('1.9.9'), Buffer.of(4, 2)), Buffer.of(0x30, 0)), 'derTruncated', '3000'],
    ['a boolean of neither value', seq(seq(oid('1.9.9'), tlv(1, [1]), octets())), 'derBoolean', '010400'],
    ['an extension of another tag', seq(set(oid('1.9.9'), octets())), 'derTag', '3106060231090400'],
    ['no value, and a boolean where the next should stand', seq(seq(oid('1.9.9')), bool(true)), 'derTruncated', '0101ff'],
    ['the same twice', seq(extension('1.9.9', nul()), extension('1.9.8', nul()), extension('1.9.9', nul(), true)), 'ocspMalformed', extension('1.9.9', nul(), true).toString('hex')],
  ])('refused: %s', (_, value, code, place) => {
    expect(refusal(value, () => readExtensions(new DerReader(value), 'ocspMalformed'))).toEqual([code, place])
  })
  it('holds at most 256', () => {
    const list = Array.from({ length: 257 }, (_, i) => extension(`1.9.${i}`, nul()))
    expect(readExtensions(new DerReader(seq(...list.slice(1))), 'crlMalformed')).toHaveLength(256)
    const value = seq(...list)
    expect(refusal(value, () => readExtensions(new DerReader(value), 'crlMalformed'))).toEqual(['crlMalformed', list[256]!.toString('hex')])
  })
})
