import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { describe, expect, it } from 'vitest'
import { ascii, basicConstraints, dns, extendedKeyUsage, extension, issue, nameConstraints, newKeys, oid, policies, policyMappings, sequence, time } from '../../test/support/issue.js'
import { concatBytes, encodeElement, Tag } from '../der/index.js'
import { PkiError, type PkiErrorCode } from '../errors.js'
import { formatName } from '../name/index.js'
import { certificateSha256, esignId, readCertificate, readCertificates, readSubject, serialHex } from './index.js'

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
