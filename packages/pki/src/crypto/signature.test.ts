import { constants, createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { concatBytes, encodeElement, encodeOid, Tag } from '../der/index.js'
import { resolveScheme } from './algorithm.js'
import { allowSha1, createDigest, createVerifier, digest, fromHex, toHex, verifySignature } from './index.js'
import * as web from './web.js'

const data = new TextEncoder().encode('the octets that are signed')
const spkiOf = (key: KeyObject): Uint8Array => new Uint8Array(key.export({ format: 'der', type: 'spki' }))
const oidElement = (dotted: string): Uint8Array => encodeElement(Tag.oid, encodeOid(dotted)!)
const algorithm = (...parts: readonly Uint8Array[]): Uint8Array => encodeElement(Tag.sequence, ...parts)

/** RSASSA-PSS-params of RFC 4055 section 3.1. */
function pss(hash: string, salt: number, maskHash = hash): Uint8Array {
  return algorithm(
    encodeElement(0xa0, algorithm(oidElement(hash))),
    encodeElement(0xa1, algorithm(oidElement('1.2.840.113549.1.1.8'), algorithm(oidElement(maskHash)))),
    encodeElement(0xa2, Uint8Array.of(0x02, 0x01, salt)),
  )
}

const sha256 = '2.16.840.1.101.3.4.2.1'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' })
const secp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
const ed25519 = generateKeyPairSync('ed25519')
const ed448 = generateKeyPairSync('ed448')
const dsa = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })

const cases = [
  { name: 'RFC 4055 5: RSA PKCS #1 v1.5, SHA-256', keys: rsa, oid: '1.2.840.113549.1.1.11', hash: 'sha256', web: true },
  { name: 'RFC 4055 5: RSA PKCS #1 v1.5, SHA-512', keys: rsa, oid: '1.2.840.113549.1.1.13', hash: 'sha512', web: true },
  { name: 'RFC 4055 3: RSA PSS, SHA-256', keys: rsa, oid: '1.2.840.113549.1.1.10', hash: 'sha256', parameters: pss(sha256, 32), padding: true, web: true },
  { name: 'RFC 5758 3.2: ECDSA P-256', keys: p256, oid: '1.2.840.10045.4.3.2', hash: 'sha256', web: true },
  { name: 'RFC 5758 3.2: ECDSA P-384', keys: p384, oid: '1.2.840.10045.4.3.3', hash: 'sha384', web: true },
  { name: 'RFC 5758 3.2: ECDSA P-521', keys: p521, oid: '1.2.840.10045.4.3.4', hash: 'sha512', web: true },
  { name: 'RFC 8410: Ed25519', keys: ed25519, oid: '1.3.101.112', hash: null, web: true },
  { name: 'RFC 8410: Ed448', keys: ed448, oid: '1.3.101.113', hash: null, web: false },
  { name: 'RFC 5758 3.1: DSA, SHA-256', keys: dsa, oid: '2.16.840.1.101.3.4.3.2', hash: 'sha256', web: false },
] as const

describe.each(cases)('$name', (entry) => {
  const key = 'padding' in entry ? { key: entry.keys.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : entry.keys.privateKey
  const signature = new Uint8Array(sign(entry.hash, data, key))
  const spki = spkiOf(entry.keys.publicKey)
  const identifier = { oid: entry.oid, ...('parameters' in entry && { parameters: entry.parameters }) }
  const forged = data.slice()
  forged[0]! ^= 1
  const cut = signature.slice(0, -1)

  it('accepts the signature and refuses another message, a cut signature and an empty one', async () => {
    expect(await verifySignature({ algorithm: identifier, spki, signature, data })).toBe('valid')
    expect(await verifySignature({ algorithm: identifier, spki, signature, data: forged })).toBe('invalid')
    expect(await verifySignature({ algorithm: identifier, spki, signature: cut, data })).toBe('invalid')
    expect(await verifySignature({ algorithm: identifier, spki, signature: new Uint8Array(0), data })).toBe('invalid')
  })

  it('is answered alike by WebCrypto, or called unsupported there', async () => {
    const resolved = { scheme: resolveScheme(identifier)!, spki }
    expect(await web.verifyBytes(resolved, signature, data)).toBe(entry.web ? 'valid' : 'unsupported')
    expect(await web.verifyBytes(resolved, signature, forged)).toBe(entry.web ? 'invalid' : 'unsupported')
    expect(await web.verifyBytes(resolved, cut, data)).toBe(entry.web ? 'invalid' : 'unsupported')
  })

  it('is answered alike over pieces, except EdDSA, which needs the whole message', async () => {
    if (entry.hash === null) {
      expect(createVerifier({ algorithm: identifier, spki })).toBeUndefined()
      return
    }
    for (const [message, expected] of [[data, 'valid'], [forged, 'invalid']] as const) {
      const onNode = createVerifier({ algorithm: identifier, spki })!
      for (const octet of message) onNode.update(Uint8Array.of(octet))
      expect(await onNode.verify(signature)).toBe(expected)
    }
  })
})

describe('what is not supported is a value', () => {
  const signature = new Uint8Array(sign('sha1', data, rsa.privateKey))
  const spki = spkiOf(rsa.publicKey)
  it('SHA-1, unless allowed by name', async () => {
    const sha1 = { oid: '1.2.840.113549.1.1.5', parameters: Uint8Array.of(5, 0) }
    expect(await verifySignature({ algorithm: sha1, spki, signature, data })).toBe('unsupported')
    expect(await verifySignature({ algorithm: sha1, spki, signature, data, allow: [allowSha1] })).toBe('valid')
    expect(createVerifier({ algorithm: sha1, spki })).toBeUndefined()
  })
  it.each([
    ['MD5 with RSA', { oid: '1.2.840.113549.1.1.4' }],
    ['an unknown algorithm', { oid: '1.2.3.4' }],
    ['a property of Object', { oid: 'constructor' }],
    ['PSS without parameters', { oid: '1.2.840.113549.1.1.10' }],
    ['PSS with a mask over another hash', { oid: '1.2.840.113549.1.1.10', parameters: pss(sha256, 32, '2.16.840.1.101.3.4.2.3') }],
    ['PSS with broken parameters', { oid: '1.2.840.113549.1.1.10', parameters: Uint8Array.of(0x30, 0x03, 0xa0) }],
    ['RSA with foreign parameters', { oid: '1.2.840.113549.1.1.11', parameters: Uint8Array.of(0x02, 0x01, 0x00) }],
    ['ECDSA by an RSA key', { oid: '1.2.840.10045.4.3.2' }],
  ])('%s', async (_, identifier) => {
    expect(await verifySignature({ algorithm: identifier, spki, signature, data })).toBe('unsupported')
  })
  it.each([
    ['a curve outside the table', spkiOf(secp256k1.publicKey), '1.2.840.10045.4.3.2'],
    ['a key cut short', spkiOf(p256.publicKey).slice(0, -3), '1.2.840.10045.4.3.2'],
    ['a point that is not on the curve', concatBytes([spkiOf(p256.publicKey).slice(0, -1), Uint8Array.of(spkiOf(p256.publicKey).at(-1)! ^ 1)]), '1.2.840.10045.4.3.2'],
    ['no key', new Uint8Array(0), '1.2.840.113549.1.1.11'],
  ])('%s', async (_, key, oid) => {
    expect(await verifySignature({ algorithm: { oid }, spki: key, signature: new Uint8Array(70), data })).toBe('unsupported')
  })
})

describe('digests', () => {
  it.each(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const)('%s, whole, in pieces and by WebCrypto', async (name) => {
    const expected = createHash(name.replace('-', '')).update(data).digest('hex')
    expect(toHex(await digest(name, data))).toBe(expected)
    expect(toHex(await web.digestBytes(name, data))).toBe(expected)
    for (const stream of [createDigest(name), web.streamDigest(name)]) {
      stream.update(data.subarray(0, 5))
      stream.update(data.subarray(5))
      expect(toHex(await stream.digest())).toBe(expected)
    }
  })
  it('hex goes both ways, in either case', () => {
    expect(fromHex('00fFa0')).toEqual(Uint8Array.of(0, 255, 160))
    expect(toHex(Uint8Array.of(0, 255, 160, 1, 2))).toBe('00ffa00102')
    for (const text of ['0', '0g', ' 0', '0x00']) expect(fromHex(text)).toBeUndefined()
  })
})
