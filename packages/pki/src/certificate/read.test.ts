import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { describe, expect, it } from 'vitest'
import { later, t0 } from '../../test/build/certificate.js'
import { bits, dn, explicit, int, nul, seq, set, time as timeOf, tlv } from '../../test/build/der.js'
import { ascii, basicConstraints, dns, extendedKeyUsage, extension, issue, nameConstraints, newKeys, oid, policies, policyMappings, sequence, time } from '../../test/support/issue.js'
import { concatBytes, encodeElement, Tag } from '../der/index.js'
import { PkiError, type PkiErrorCode } from '../errors.js'
import { formatName } from '../name/index.js'
import { seenAs } from '../status/view.js'
import { certificateSha256, esignId, maxCertificateBytes, readCertificate, readCertificates, readSubject, serialHex } from './index.js'
import { isInDate, serialSpan, spellsIssuer } from './read.js'

function refusal(run: () => unknown): PkiErrorCode {
  try {
    run()
  } catch (error) {
    if (error instanceof PkiError) return error.code
    throw error
  }
  throw new Error('nothing was refused')
}

/** Replaces the only occurrence of some octets by others of the same length. */
function replace(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')
  const text = hex(bytes)
  const at = text.indexOf(hex(from))
  expect(at).toBeGreaterThan(-1)
  expect(from.length).toBe(to.length)
  return new Uint8Array(Buffer.from(text.slice(0, at) + hex(to) + text.slice(at + 2 * from.length), 'hex'))
}

describe('a certificate of another issuer library (RFC 5280 4)', async () => {
  x509.cryptoProvider.set(webcrypto as never)
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const issued = await x509.X509CertificateGenerator.create({
    subject: 'CN=Ratna Dewi, O=Pemerintah Kabupaten Contoh, C=ID', issuer: 'CN=Contoh CA, C=ID', serialNumber: '00a1b2c3',
    notBefore: new Date('2026-01-02T03:04:05Z'), notAfter: new Date('2051-06-07T08:09:10Z'), signingAlgorithm: algorithm, publicKey: keys.publicKey, signingKey: keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, 2, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.ExtendedKeyUsageExtension(['1.2.840.113583.1.1.5'], true),
      new x509.CRLDistributionPointsExtension(['http://ca.example/a.crl']),
      new x509.AuthorityInfoAccessExtension({ ocsp: ['http://ca.example/ocsp'], caIssuers: ['http://ca.example/ca.cer'] }),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'ca.example' }, { type: 'email', value: 'desk@ca.example' }]),
      new x509.CertificatePolicyExtension(['1.2.3.4']),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      new x509.Extension('1.2.3.4.5', true, Uint8Array.of(5, 0)),
    ],
  }, webcrypto as never)
  const certificate = readCertificate(new Uint8Array(issued.rawData))

  it('gives its facts', async () => {
    expect(certificate).toMatchObject({
      version: 3, serial: 'a1b2c3', basicConstraints: { ca: true, pathLength: 2 }, extendedKeyUsage: { critical: true, purposes: ['1.2.840.113583.1.1.5'] }, policies: ['1.2.3.4'],
      unknownCriticalExtensions: ['1.2.3.4.5'], ocspNoCheck: false, policyMappings: [], freshestCrl: [],
    })
    expect(formatName(readSubject(certificate.der))).toBe(formatName(certificate.subject))
    expect(certificate.subjectKeyId).toBe(Buffer.from(await webcrypto.subtle.digest('SHA-1', keyOctets(certificate.spki))).toString('hex'))
    expect(formatName(certificate.issuer)).toBe('C=ID,CN=Contoh CA')
    expect(formatName(certificate.subject)).toBe('C=ID,O=Pemerintah Kabupaten Contoh,CN=Ratna Dewi')
    expect(certificate.notBefore.toISOString()).toBe('2026-01-02T03:04:05.000Z')
    expect(certificate.notAfter.toISOString()).toBe('2051-06-07T08:09:10.000Z')
    expect([...certificate.keyUsage!]).toEqual(['digitalSignature', 'keyCertSign', 'cRLSign'])
    expect(certificate.ocspUrls).toEqual(['http://ca.example/ocsp'])
    expect(certificate.caIssuerUrls).toEqual(['http://ca.example/ca.cer'])
    expect(certificate.crlDistributionPoints[0]?.name?.fullName?.[0]).toMatchObject({ kind: 'uri', value: 'http://ca.example/a.crl' })
    expect(certificate.subjectAltNames.map((name) => ('value' in name ? `${name.kind} ${name.value}` : name.kind))).toEqual(['dnsName ca.example', 'rfc822Name desk@ca.example'])
    expect(Buffer.from(certificate.spki).equals(Buffer.from(await webcrypto.subtle.exportKey('spki', keys.publicKey)))).toBe(true)
    expect(certificate.spki).toBe(certificate.spki)
    const sha256 = Buffer.from(await webcrypto.subtle.digest('SHA-256', issued.rawData)).toString('hex')
    expect(await certificateSha256(certificate)).toBe(sha256)
    expect(await esignId(certificate)).toBe(`C-${sha256.toUpperCase()}`)
  })

  it('comes as DER, as PEM text, as the octets of a PEM file, in a bundle', () => {
    const pem = issued.toString('pem')
    for (const input of [pem, ascii(`comment\r\n${pem}`), new Uint8Array(issued.rawData)]) expect(readCertificate(input).serial).toBe('a1b2c3')
    expect(readCertificates(`${pem}\n${pem}`)).toHaveLength(2)
    expect(readCertificates(ascii(`${pem}\n${pem}`))).toHaveLength(2)
    expect(readCertificates(new Uint8Array(issued.rawData))).toHaveLength(1)
  })
})

/** The octets of the key's BIT STRING: an uncompressed P-256 point ends the SubjectPublicKeyInfo. */
function keyOctets(spki: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(spki.slice(-65))
}

describe('RFC 5280 4.1: what is refused', () => {
  const { der } = issue({ subject: 'CN=a', serial: 0x11223344, extensions: [basicConstraints(false)] })
  const edOid = oid('1.3.101.112')
  it.each<[string, () => Uint8Array, PkiErrorCode]>([
    ['4.1.1.2 two different algorithms', () => {
      const at = Buffer.from(der).lastIndexOf(Buffer.from(edOid))
      const changed = der.slice()
      changed[at + edOid.length - 1] = 0x71
      return changed
    }, 'certificateMalformed'],
    ['4.1.2.1 an unknown version', () => replace(der, Uint8Array.of(0xa0, 3, 2, 1, 2), Uint8Array.of(0xa0, 3, 2, 1, 3)), 'certificateMalformed'],
    ['4.1.2.1 extensions in version 1', () => replace(der, Uint8Array.of(0xa0, 3, 2, 1, 2), Uint8Array.of(0xa0, 3, 2, 1, 0)), 'certificateMalformed'],
    ['4.2 an extension twice', () => issueUnread([basicConstraints(false), basicConstraints(false)]), 'certificateMalformed'],
    ['4.2.1.9 a negative path length', () => issueUnread([extension('2.5.29.19', true, sequence(Uint8Array.of(1, 1, 0xff), Uint8Array.of(2, 1, 0xff)))]), 'derInteger'],
    ['4.2.1.12 no purpose', () => issueUnread([extendedKeyUsage(true)]), 'certificateMalformed'],
    ['4.2.1.4 a policy twice', () => issueUnread([policies('1.2.3', '1.2.3')]), 'certificateMalformed'],
    ['4.2.1.5 no mapping', () => issueUnread([policyMappings()]), 'certificateMalformed'],
    ['4.2.1.6 a critical list without names', () => issueUnread([extension('2.5.29.17', true, sequence())]), 'derTruncated'],
    ['4.2.1.10 a subtree with a maximum', () => issueUnread([extension('2.5.29.30', true, sequence(encodeElement(0xa0, sequence(dns('a'), Uint8Array.of(0x81, 1, 1)))))]), 'certificateMalformed'],
    ['4.2.1.3 padding of key usage', () => issueUnread([extension('2.5.29.15', true, Uint8Array.of(3, 2, 1, 7))]), 'derBitString'],
    ['octets after an extension value', () => issueUnread([extension('2.5.29.19', true, Uint8Array.of(0x30, 0, 5, 0))]), 'derTrailing'],
    ['octets after the certificate', () => concatBytes([der, Uint8Array.of(0)]), 'derTrailing'],
    ['a certificate cut short', () => der.slice(0, -1), 'derTruncated'],
    ['an empty input', () => new Uint8Array(0), 'derTruncated'],
    ['a serial number of 65 octets', () => issueUnread([], encodeElement(Tag.integer, new Uint8Array(65).fill(1))), 'certificateMalformed'],
    ['a serial number that is not minimal', () => replace(der, Uint8Array.of(2, 4, 0x11, 0x22, 0x33, 0x44), Uint8Array.of(2, 4, 0x00, 0x22, 0x33, 0x44)), 'derInteger'],
  ])('%s', (_, make, code) => expect(refusal(() => readCertificate(make()))).toBe(code))

  it('a certificate larger than the limit', () => {
    expect(refusal(() => readCertificate(new Uint8Array(2_000_000).fill(0x30)))).toBe('certificateTooLarge')
  })
})

/** A certificate that `issue` would already refuse to read. */
function issueUnread(extensions: readonly Uint8Array[], serial: Uint8Array = Uint8Array.of(2, 1, 1)): Uint8Array {
  const name = sequence()
  const algorithm = sequence(oid('1.3.101.112'))
  const key = new Uint8Array(newKeys().publicKey.export({ format: 'der', type: 'spki' }))
  const tbs = sequence(encodeElement(0xa0, Uint8Array.of(2, 1, 2)), serial, algorithm, name, sequence(time('2025-01-01T00:00:00Z'), time('2035-01-01T00:00:00Z')), name, key,
    ...(extensions.length === 0 ? [] : [encodeElement(0xa3, sequence(...extensions))]))
  return sequence(tbs, algorithm, encodeElement(Tag.bitString, Uint8Array.of(0), new Uint8Array(64)))
}

describe('RFC 5280 4.1.2.2: serial numbers in canonical hex', () => {
  it.each([['00', '0'], ['01', '1'], ['7f', '7f'], ['0080', '80'], ['00ff', 'ff'], ['0fffff', 'fffff'], ['ff', '-1'], ['80', '-80'], ['ff7f', '-81'], ['008000000000000000000000000000000000000001', '8000000000000000000000000000000000000001']])('%s is %s', (octets, text) => {
    expect(serialHex(new Uint8Array(Buffer.from(octets, 'hex')))).toBe(text)
  })
  it('negative serials and 20 octets are read', () => {
    expect(readCertificate(issueUnread([], Uint8Array.of(2, 1, 0xff))).serial).toBe('-1')
    expect(readCertificate(issueUnread([], encodeElement(Tag.integer, new Uint8Array(20).fill(0x7a)))).serial).toBe('7a'.repeat(20))
  })
})

describe('RFC 5280 4.1: every field in its place', () => {
  const algorithm = seq(oid('1.3.101.112'))
  const fields: Record<'version' | 'serial' | 'inner' | 'issuer' | 'validity' | 'subject' | 'key' | 'unique' | 'extensions' | 'after' | 'outer' | 'signature' | 'end', Buffer> = {
    version: explicit(0, int(2)), serial: int(0x1234), inner: algorithm, issuer: dn('CN=Penerbit'), validity: seq(timeOf(t0), timeOf(later(1))), subject: dn('CN=Pemilik'),
    key: seq(algorithm, bits(Buffer.alloc(32, 9))), unique: Buffer.of(), extensions: explicit(3, seq(extension('1.9.9', false, nul()))), after: Buffer.of(),
    outer: algorithm, signature: bits(Buffer.alloc(64, 7)), end: Buffer.of(),
  }
  const make = (changes: Partial<typeof fields> = {}): Buffer => {
    const { outer, signature, end, ...tbs } = { ...fields, ...changes }
    return seq(seq(...Object.values(tbs)), outer, signature, end)
  }
  const none = Buffer.of()
  const versioned = (number: number): Buffer => explicit(0, int(number))
  /** The code, and the first octets at the place that is named. */
  const place = (changes: Partial<typeof fields>): [string, string] => {
    const der = make(changes)
    try {
      readCertificate(der)
    } catch (error) {
      if (error instanceof PkiError) return [error.code, der.subarray(error.offset).toString('hex')]
      throw error
    }
    throw new Error('nothing was refused')
  }

  it('is given back octet for octet', () => {
    const der = make()
    const certificate = readCertificate(der)
    const { outer, signature, end, ...tbs } = fields
    const cuts = { tbs: seq(...Object.values(tbs)), issuerDer: fields.issuer, subjectDer: fields.subject, spki: fields.key, signature: Buffer.alloc(64, 7) }
    for (const [name, octets] of Object.entries(cuts)) expect(Buffer.from(certificate[name as keyof typeof cuts]).toString('hex'), name).toBe(octets.toString('hex'))
    expect(certificate).toMatchObject({ version: 3, serial: '1234', notBefore: t0, notAfter: later(1), signatureAlgorithm: { oid: '1.3.101.112' } })
    expect(certificate.der).toBe(der)
    expect(formatName(certificate.issuer)).toBe('CN=Penerbit')
    expect(formatName(certificate.subject)).toBe('CN=Pemilik')
    // A copy over memory of its own, and a part of a larger memory.
    expect(readCertificate(new Uint8Array(der)).spki).toEqual(certificate.spki)
    expect(readCertificate(Buffer.concat([Buffer.of(1, 2, 3), der, Buffer.of(4)]).subarray(3, 3 + der.length)).spki).toEqual(certificate.spki)
  })

  it.each<[string, Partial<typeof fields>, 1 | 2 | 3]>([
    ['version 1', { version: none, extensions: none }, 1], ['version 1, said', { version: versioned(0), extensions: none }, 1], ['version 2', { version: versioned(1), extensions: none }, 2],
    ['version 2 with unique identifiers', { version: versioned(1), unique: Buffer.concat([tlv(0x81, [0, 1]), tlv(0x82, [0, 2])]), extensions: none }, 2],
    ['version 3 with the second one', { unique: tlv(0x82, [4, 0x10]) }, 3], ['version 3 without extensions', { extensions: none }, 3],
  ])('reads %s', (_, changes, version) => {
    expect(readCertificate(make(changes)).version).toBe(version)
    expect(readCertificate(make(changes)).extensions).toHaveLength(version === 3 && changes.extensions === undefined ? 1 : 0)
    expect(formatName(readSubject(make(changes)))).toBe('CN=Pemilik')
  })

  it.each<[string, Partial<typeof fields>, PkiErrorCode, string]>([
    ['version 4', { version: versioned(3) }, 'certificateMalformed', 'a003020103'], ['version 0', { version: versioned(-1) }, 'certificateMalformed', 'a0030201ff'],
    ['octets after the version', { version: explicit(0, int(2), nul()) }, 'derTrailing', '0500'],
    ['a serial number of another tag', { serial: tlv(0x0a, [1]) }, 'derTag', '0a0101'], ['a serial number of 65 octets', { serial: tlv(2, Buffer.alloc(65, 1)) }, 'certificateMalformed', '0101'],
    ['two algorithms of the same length', { inner: seq(oid('1.3.101.113')) }, 'certificateMalformed', '300506032b6571'], ['an algorithm with parameters and one without', { inner: seq(oid('1.3.101.112'), nul()) }, 'certificateMalformed', '300706032b65700500'],
    ['the parameters only outside', { outer: seq(oid('1.3.101.112'), nul()) }, 'certificateMalformed', '300506032b6570'],
    ['an algorithm of another tag', { inner: set(oid('1.3.101.112')) }, 'derTag', '3105'],
    ['octets after the validity', { validity: seq(timeOf(t0), timeOf(later(1)), nul()) }, 'derTrailing', '0500'], ['one time', { validity: seq(timeOf(t0)) }, 'derTruncated', '30'],
    ['a key without algorithm', { key: seq(nul(), bits(Buffer.of(1))) }, 'derTag', '0500'], ['a key that is no BIT STRING', { key: seq(algorithm, nul()) }, 'derTag', '0500'],
    ['octets after the key', { key: seq(algorithm, bits(Buffer.of(1)), nul()) }, 'derTrailing', '0500'],
    ['a unique identifier in version 1', { version: none, unique: tlv(0x81, [0, 1]), extensions: none }, 'certificateMalformed', '81020001'],
    ['the second unique identifier in version 1', { version: none, unique: tlv(0x82, [0, 1]), extensions: none }, 'certificateMalformed', '82020001'],
    ['a unique identifier with unused bits that are set', { unique: tlv(0x81, [1, 1]) }, 'derBitString', '01a3'], ['unique identifiers in another order', { unique: Buffer.concat([tlv(0x82, [0, 2]), tlv(0x81, [0, 1])]) }, 'derTrailing', '81020001'],
    ['extensions in version 2', { version: versioned(1) }, 'certificateMalformed', 'a3'], ['extensions in version 1', { version: none }, 'certificateMalformed', 'a3'],
    ['octets after the extensions', { extensions: explicit(3, seq(extension('1.9.9', false, nul())), nul()) }, 'derTrailing', '0500'], ['octets after all fields', { after: nul() }, 'derTrailing', '0500'],
    ['a signature with unused bits', { signature: tlv(3, [1, 0xfe]) }, 'derBitString', '01fe'], ['a signature of another tag', { signature: tlv(4, [0, 1]) }, 'derTag', '04020001'],
    ['octets after the signature', { end: nul() }, 'derTrailing', '0500'],
  ])('refuses %s', (_, changes, code, start) => {
    const [found, octets] = place(changes)
    expect([found, octets.slice(0, start.length)]).toEqual([code, start])
  })

  it('a serial number of 64 octets is read', () => {
    expect(readCertificate(make({ serial: tlv(2, Buffer.alloc(64, 1)) })).serial).toBe('1' + '01'.repeat(63))
  })

  it('the subject alone: the same limits, the same beginning', () => {
    const bad: readonly [Uint8Array, PkiErrorCode][] = [
      [concatBytes([make(), Uint8Array.of(0)]), 'derTrailing'], [new Uint8Array(maxCertificateBytes + 1).fill(0x30), 'certificateTooLarge'], [make({ version: versioned(7) }), 'certificateMalformed'],
      [make({ serial: int(1).fill(0x05, 0, 1) }), 'derTag'], [make({ inner: set() }), 'derTag'], [make({ validity: set() }), 'derTag'], [set(make()), 'derTag'], [seq(set()), 'derTag'],
    ]
    for (const [input, code] of bad) {
      expect(refusal(() => readSubject(input))).toBe(code)
      expect(refusal(() => readCertificate(input))).toBe(code)
    }
    const pem = (label: string): string => `-----BEGIN ${label}-----\n${make().toString('base64')}\n-----END ${label}-----\n`
    for (const read of [(text: string) => readSubject(text), (text: string) => readCertificate(text).subject]) {
      for (const label of ['CERTIFICATE', 'TRUSTED CERTIFICATE']) expect(formatName(read(pem(label)))).toBe('CN=Pemilik')
      expect(refusal(() => read(pem('X509 CRL')))).toBe('pemMalformed')
    }
  })

  it('the largest certificate is read as far as it goes, one octet more is not', () => {
    expect(refusal(() => readCertificate(new Uint8Array(maxCertificateBytes).fill(0x30)))).not.toBe('certificateTooLarge')
    expect(refusal(() => readSubject(new Uint8Array(maxCertificateBytes).fill(0x30)))).not.toBe('certificateTooLarge')
    expect(refusal(() => readCertificate(new Uint8Array(maxCertificateBytes + 1).fill(0x30)))).toBe('certificateTooLarge')
  })

  it('a bundle in a file longer than one piece of text', () => {
    const block = `-----BEGIN CERTIFICATE-----\n${make().toString('base64')}\n-----END CERTIFICATE-----\n`
    const many = block.repeat(80)
    expect(many.length).toBeGreaterThan(3 * 8192)
    expect(readCertificates(ascii(many)).map(({ serial }) => serial)).toEqual(new Array(80).fill('1234'))
    expect(readCertificates(ascii('comment only'))).toEqual([])
    expect(refusal(() => readCertificates(make().subarray(0, 60)))).toBe('derTruncated')
  })

  it('4.1.2.5 both ends of the validity belong to it, also where other dates are shown', () => {
    const certificate = readCertificate(make())
    const from = t0.getTime()
    const to = later(1).getTime()
    const judged = (seen: typeof certificate): boolean[] => [from - 1, from, to, to + 1].map((at) => isInDate(seen, at))
    expect(judged(certificate)).toEqual([false, true, true, false])
    expect(judged(seenAs(certificate, {}))).toEqual([false, true, true, false])
    expect(isInDate(seenAs(certificate, { notBefore: new Date(from + 5) }), from)).toBe(false)
    expect(isInDate(seenAs(certificate, { notAfter: new Date(to + 5) }), to + 5)).toBe(true)
  })

  it('4.1.2.4 whether the issuer is spelt as it spells itself, also where a certificate is seen otherwise', () => {
    const below = readCertificate(make())
    const issuers: readonly [Buffer, boolean][] = [[make({ subject: dn('CN=Penerbit') }), true], [make({ subject: dn('CN=Penerbis') }), false], [make({ subject: dn('CN=Qenerbit') }), false], [make({ subject: dn('CN=Penerbit Lain') }), false], [make({ subject: seq() }), false]]
    for (const [der, same] of issuers) {
      const issuer = readCertificate(der)
      for (const [one, other] of [[below, issuer], [seenAs(below, {}), issuer], [below, seenAs(issuer, {})]] as const) expect(spellsIssuer(one, other)).toBe(same)
    }
    // Where the names stand at other places.
    expect(spellsIssuer(below, readCertificate(make({ version: none, extensions: none, issuer: dn('CN=Atas'), subject: dn('CN=Penerbit') })))).toBe(true)
  })

  it('4.1.2.2 where the serial number stands', () => {
    const certificate = readCertificate(make())
    const { start, end } = serialSpan(certificate)!
    expect(Buffer.from(certificate.der.subarray(start, end)).toString('hex')).toBe('1234')
    expect(serialSpan(seenAs(certificate, {}))).toBeUndefined()
  })
})

describe('extensions that paths need', () => {
  it('are read whole', () => {
    const { certificate } = issue({
      subject: 'CN=a', extensions: [
        policies('1.2.3', '2.5.29.32.0'), policyMappings(['1.2.3', '1.2.4']), nameConstraints([dns('example')], [dns('bad.example')]),
        extension('2.5.29.36', true, sequence(Uint8Array.of(0x80, 1, 0), Uint8Array.of(0x81, 1, 5))), extension('2.5.29.54', true, Uint8Array.of(2, 1, 1)),
        extension('1.3.6.1.5.5.7.48.1.5', false, Uint8Array.of(5, 0)), extension('1.9.9', false, Uint8Array.of(1)),
      ],
    })
    expect(certificate).toMatchObject({
      policies: ['1.2.3', '2.5.29.32.0'], policyMappings: [{ issuerDomain: '1.2.3', subjectDomain: '1.2.4' }], policyConstraints: { requireExplicitPolicy: 0, inhibitPolicyMapping: 5 },
      inhibitAnyPolicy: 1, ocspNoCheck: true, unknownCriticalExtensions: [],
    })
    expect(certificate.nameConstraints?.permitted[0]).toMatchObject({ kind: 'dnsName', value: 'example' })
    expect(certificate.nameConstraints?.excluded[0]).toMatchObject({ kind: 'dnsName', value: 'bad.example' })
    expect(certificate.extensions.map(({ oid: type }) => type)).toContain('1.9.9')
    expect(certificate.extensions.at(-1)?.value).toEqual(Uint8Array.of(1))
  })
})
