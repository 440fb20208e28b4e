// A timestamp authority (RFC 3161) for the examples of @cabut/pki, in this process.
import { createHash, createSign, generateKeyPairSync } from 'node:crypto'
import { concatBytes, contextTag, DerReader, encodeElement, encodeName, encodeOid, encodeUnsigned, fromHex, parseName, Tag } from '@cabut/pki'

const utf8 = new TextEncoder()
const seq = (...parts: readonly Uint8Array[]): Uint8Array => encodeElement(Tag.sequence, ...parts)
const oid = (dotted: string): Uint8Array => encodeElement(Tag.oid, encodeOid(dotted) ?? new Uint8Array(0))
const number = (hex: string): Uint8Array => encodeUnsigned(fromHex(hex) ?? new Uint8Array(0))
const octets = (bytes: Uint8Array): Uint8Array => encodeElement(Tag.octetString, bytes)
const time = (text: string): Uint8Array => encodeElement(Tag.generalizedTime, utf8.encode(text))
const hash = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ecdsa = seq(oid('1.2.840.10045.4.3.2'))
const sha256 = seq(oid('2.16.840.1.101.3.4.2.1'))
const sign = (bytes: Uint8Array): Uint8Array => new Uint8Array(createSign('sha256').update(bytes).sign(privateKey))

const name = encodeName(parseName('CN=Penanda Waktu Contoh,O=Otoritas Contoh,C=ID'))
const serial = number('0a')
const purpose = seq(oid('2.5.29.37'), encodeElement(Tag.boolean, Uint8Array.of(0xff)), octets(seq(oid('1.3.6.1.5.5.7.3.8'))))
const tbs = seq(
  encodeElement(contextTag(0, true), number('02')), serial, ecdsa, name, seq(time('20260101000000Z'), time('20360101000000Z')), name,
  new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })), encodeElement(contextTag(3, true), seq(purpose)),
)

/** DER of the timestamp authority's certificate, its own anchor. */
export const timestampAnchor: Uint8Array = seq(tbs, ecdsa, encodeElement(Tag.bitString, Uint8Array.of(0), sign(tbs)))

/** The authority: answers a TimeStampReq (DER) with a token of 20 November 2026, 03:00:00 UTC; its policy is 1.2.3.4.1. */
export function timestampAuthority(request: Uint8Array): Uint8Array {
  const asked = new DerReader(request).enter(Tag.sequence)
  asked.expectInteger()
  const imprint = asked.element(Tag.sequence)
  if (asked.peek() === Tag.oid) asked.skip()
  const nonce = asked.peek() === Tag.integer ? asked.element() : new Uint8Array(0)
  const info = seq(number('01'), oid('1.2.3.4.1'), imprint, number('51b2c3d4e5f6'), time('20261120030000Z'), nonce)
  return seq(seq(number('00')), token(info))
}

/** A ContentInfo with SignedData (RFC 5652 section 5.1) over a TSTInfo. */
function token(info: Uint8Array): Uint8Array {
  const tstInfo = oid('1.2.840.113549.1.9.16.1.4')
  const attribute = (type: string, value: Uint8Array): Uint8Array => seq(oid(type), encodeElement(Tag.set, value))
  // In the order DER demands of a SET OF: the shorter ones first.
  const attributes = concatBytes([
    attribute('1.2.840.113549.1.9.3', tstInfo), attribute('1.2.840.113549.1.9.4', octets(hash(info))), attribute('1.2.840.113549.1.9.16.2.47', seq(seq(seq(octets(hash(timestampAnchor)))))),
  ])
  const signer = seq(number('01'), seq(name, serial), sha256, encodeElement(contextTag(0, true), attributes), ecdsa, octets(sign(encodeElement(Tag.set, attributes))))
  const content = seq(tstInfo, encodeElement(contextTag(0, true), octets(info)))
  const signed = seq(number('03'), encodeElement(Tag.set, sha256), content, encodeElement(contextTag(0, true), timestampAnchor), encodeElement(Tag.set, signer))
  return seq(oid('1.2.840.113549.1.7.2'), encodeElement(contextTag(0, true), signed))
}
