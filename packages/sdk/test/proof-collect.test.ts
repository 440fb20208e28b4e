import { readCertificate } from '@cabut/pki/certificate'
import { encodeElement, encodeOid, Tag } from '@cabut/pki/der'
import type { EvidenceFetcher } from '@cabut/pki/status'
import { describe, expect, test } from 'vitest'
import { collectBySerial, collectEvidence, judgeProof } from '../src/proof/index.js'
import { ownAuthority, type OwnAuthority, type OwnExtension } from './own-authority.js'

const day = 86_400_000
const at = new Date('2026-11-24T02:00:00Z')
const made = new Date(at.getTime() - 3_600_000)
const next = new Date(at.getTime() + day)
const serial = '4d2a'
const root = ownAuthority('Akar Contoh')
const anchor = readCertificate(root.der)

const listOf = (by: OwnAuthority, ...serials: readonly string[]): Uint8Array => by.crl({ entries: serials.map((each) => ({ serial: each, revokedAt: made })), thisUpdate: made, nextUpdate: next, number: 7 })
const places: OwnExtension = {
  oid: '2.5.29.31', critical: false,
  value: encodeElement(Tag.sequence, encodeElement(Tag.sequence, encodeElement(0xa0, encodeElement(0xa0, encodeElement(0x86, Buffer.from('http://va.contoh.go.id/akar.crl')))))),
}

describe('evidence of a certificate at hand', () => {
  test('as octets, as PEM and as read: the same, whatever the certificate is for', async () => {
    const purpose: OwnExtension = { oid: '2.5.29.37', critical: true, value: encodeElement(Tag.sequence, encodeElement(Tag.oid, encodeOid('1.2.840.113583.1.1.5') ?? new Uint8Array())) }
    const { der } = root.issue('Surya Wibisana', serial, false, { extensions: [purpose] })
    const bare = await collectEvidence(root.issue('Surya Wibisana', serial).der, { anchors: [root.der], at, fetch: false, crls: [listOf(root, serial)] })
    expect(bare.status).toBe('revoked')
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`
    for (const certificate of [der, pem, readCertificate(der)]) {
      const status = await collectEvidence(certificate, { anchors: [root.der], at, fetch: false, crls: [listOf(root, serial)] })
      expect([status.status, (await judgeProof({ evidence: [status], now: at })).verdict]).toEqual(['revoked', 'proven'])
      expect((await collectEvidence(certificate, { anchors: [root.der], at, fetch: false, crls: [listOf(root)] })).status).toBe('good')
    }
  })
})

describe('an issuing authority that is revoked itself (RFC 5280 6.3.3 (f))', () => {
  const issuing = root.issue('CA Penerbit Contoh', '03', true)
  const { der } = issuing.issue('Surya Wibisana', serial)
  const told = async (aboutIssuer: Uint8Array): Promise<unknown[]> => {
    const lists = [listOf(issuing, serial), aboutIssuer]
    const intermediates = [readCertificate(issuing.der)]
    const status = await collectEvidence(der, { anchors: [root.der], intermediates, at, fetch: false, crls: lists })
    const named = await collectBySerial({ issuerDn: issuing.subject, serial }, { anchors: [anchor], intermediates, at, crls: lists })
    return [status.status, (await judgeProof({ evidence: [status], now: at })).verdict, (await judgeProof({ evidence: [named], now: at })).verdict]
  }

  test('proves nothing, with the certificate at hand as by its serial', async () => {
    expect(await told(listOf(root, '04'))).toEqual(['revoked', 'proven', 'proven'])
    expect(await told(listOf(root, '03'))).toEqual(['revoked', 'awaiting', 'awaiting'])
  })
})

describe('evidence by issuer and serial', () => {
  const middle = root.issue('CA Antara Contoh', '02', true)
  const issuing = middle.issue('CA Penerbit Contoh', '03', true)
  const subject = { issuerDn: issuing.subject, serial }
  const files: ReadonlyMap<string, Uint8Array> = new Map([['http://va.contoh.go.id/ca.crl', listOf(issuing, serial)], ['http://va.contoh.go.id/akar.crl', listOf(root, '04')]])
  const asked: string[] = []
  const fetcher: EvidenceFetcher = {
    get: async (url) => {
      asked.push(url)
      const bytes = files.get(url)
      return bytes === undefined ? { outcome: 'failed', detail: 'not there' } : { outcome: 'fetched', bytes }
    },
    post: async () => ({ outcome: 'failed', detail: 'not asked' }),
  }
  const common = { anchors: [anchor] as const, intermediates: [readCertificate(issuing.der), readCertificate(middle.der)], at }

  test('only what was given or could be had is evidence', async () => {
    const urls = ['http://va.contoh.go.id/ca.crl', 'http://va.contoh.go.id/lain.crl']
    const seen = async (more: object): Promise<unknown[]> => (await collectBySerial(subject, { ...common, ...more })).evidence.map(({ verdict, origin }) => [verdict, origin])
    expect(await seen({})).toEqual([])
    expect(await seen({ crlUrls: urls })).toEqual([])
    asked.length = 0
    expect(await seen({ fetcher })).toEqual([])
    expect(asked).toEqual([])
    expect(await seen({ fetcher, crlUrls: urls })).toEqual([['revoked', urls[0]]])
    expect(asked).toEqual(urls)
    expect(await seen({ fetcher, crlUrls: [...urls].reverse(), crls: [listOf(issuing)] })).toEqual([['notRevoked', undefined], ['revoked', urls[0]]])
  })

  test('an authority revoked by the one above it proves nothing, however far below the anchor', async () => {
    const list = listOf(issuing, serial)
    expect((await collectBySerial(subject, { ...common, crls: [list] })).issuers).toHaveLength(3)
    expect(await collectBySerial(subject, { ...common, crls: [list, listOf(middle, '03')] })).toEqual({ subject, issuers: [], evidence: [], at })
  })

  test('where it names the place of its status, that is asked', async () => {
    const fallen = root.issue('CA Penerbit Contoh', '04', true, { extensions: [places] })
    const question = { anchors: [anchor] as const, intermediates: [readCertificate(fallen.der)], at, crls: [listOf(fallen, serial)] }
    expect((await collectBySerial(subject, question)).evidence).toHaveLength(1)
    expect(await collectBySerial(subject, { ...question, fetcher })).toEqual({ subject, issuers: [], evidence: [], at })
  })

  test('a proof names the issuer as its own certificate does', async () => {
    const found = await collectBySerial({ issuerDn: 'cn = CA  penerbit contoh', serial }, { ...common, crls: [listOf(issuing, serial)] })
    const verdict = await judgeProof({ evidence: [found], now: at })
    expect(verdict.verdict === 'proven' && verdict.proof.certificate).toStrictEqual(subject)
  })
})
