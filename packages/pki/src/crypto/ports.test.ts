import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { int, oid, nul, seq, tlv, explicit } from '../../test/build/der.js'
import { resolveScheme, type SignatureScheme } from './algorithm.js'
import { allowSha1, createVerifier, digestNow, toHex, verifySignature } from './index.js'
import * as node from './node.js'
import * as web from './web.js'

const data = new TextEncoder().encode('the octets that are signed')
const spkiOf = (key: KeyObject): Uint8Array => new Uint8Array(key.export({ format: 'der', type: 'spki' }))
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const dsa = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' })
const ed25519 = generateKeyPairSync('ed25519')

describe('every hash with every kind of key, on both platforms', () => {
  it.each([
    ['1.2.840.113549.1.1.5', 'sha1', rsa], ['1.2.840.113549.1.1.14', 'sha224', rsa], ['1.2.840.113549.1.1.11', 'sha256', rsa], ['1.2.840.113549.1.1.12', 'sha384', rsa], ['1.2.840.113549.1.1.13', 'sha512', rsa],
    ['1.2.840.10045.4.1', 'sha1', p256], ['1.2.840.10045.4.3.1', 'sha224', p256], ['1.2.840.10045.4.3.2', 'sha256', p384], ['1.2.840.10045.4.3.3', 'sha384', p521], ['1.2.840.10045.4.3.4', 'sha512', p256], ['1.2.840.10045.4.3.2', 'sha256', p521],
    ['1.2.840.10040.4.3', 'sha1', dsa], ['2.16.840.1.101.3.4.3.1', 'sha224', dsa], ['2.16.840.1.101.3.4.3.2', 'sha256', dsa],
  ] as const)('%s', async (dotted, hash, keys) => {
    const signature = new Uint8Array(sign(hash, data, keys.privateKey))
    const spki = spkiOf(keys.publicKey)
    const algorithm = { oid: dotted }
    const resolved = { scheme: resolveScheme(algorithm)!, spki }
    const forged = data.slice(1)
    const onWeb = hash !== 'sha224' && keys !== dsa
    expect([await verifySignature({ algorithm, spki, signature, data, allow: [allowSha1] }), await verifySignature({ algorithm, spki, signature, data: forged, allow: [allowSha1] })]).toEqual(['valid', 'invalid'])
    expect([await web.verifyBytes(resolved, signature, data), await web.verifyBytes(resolved, signature, forged)]).toEqual(onWeb ? ['valid', 'invalid'] : ['unsupported', 'unsupported'])
    for (const [stream, expected] of [[createVerifier({ algorithm, spki, allow: [allowSha1] })!, 'valid'], [web.streamVerify(resolved)!, onWeb ? 'valid' : 'unsupported']] as const) {
      stream.update(data.subarray(0, 9))
      stream.update(data.subarray(9))
      expect(await stream.verify(signature)).toBe(expected)
    }
    const atOnce = createVerifier({ algorithm, spki, allow: [allowSha1] })!
    atOnce.update(forged)
    expect(atOnce.verifyNow!(signature)).toBe('invalid')
    // The first check ended the stream.
    const again = createVerifier({ algorithm, spki, allow: [allowSha1] })!
    again.update(data)
    expect([again.verifyNow!(signature), again.verifyNow!(signature)]).toEqual(['valid', 'invalid'])
  })

  it('PSS with a salt of its own length, in pieces as well', async () => {
    const parameters = (salt: number): Uint8Array => seq(explicit(0, seq(oid('2.16.840.1.101.3.4.2.1'), nul())), explicit(1, seq(oid('1.2.840.113549.1.1.8'), seq(oid('2.16.840.1.101.3.4.2.1'), nul()))), explicit(2, int(salt)))
    const signature = new Uint8Array(sign('sha256', data, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 }))
    const spki = spkiOf(rsa.publicKey)
    for (const [salt, expected] of [[20, 'valid'], [32, 'invalid'], [0, 'invalid']] as const) {
      const algorithm = { oid: '1.2.840.113549.1.1.10', parameters: parameters(salt) }
      expect(await verifySignature({ algorithm, spki, signature, data })).toBe(expected)
      expect(await web.verifyBytes({ scheme: resolveScheme(algorithm)!, spki }, signature, data)).toBe(expected)
      const stream = createVerifier({ algorithm, spki })!
      stream.update(data)
      expect(stream.verifyNow!(signature)).toBe(expected)
    }
  })
})

describe('what is no signature', () => {
  it('is refused in pieces as it is whole', async () => {
    for (const [dotted, keys] of [['1.2.840.113549.1.1.11', rsa], ['1.2.840.10045.4.3.2', p256], ['2.16.840.1.101.3.4.3.2', dsa]] as const) {
      for (const signature of [new Uint8Array(0), Uint8Array.of(0x30, 0), new Uint8Array(1000)]) {
        const stream = createVerifier({ algorithm: { oid: dotted }, spki: spkiOf(keys.publicKey) })!
        stream.update(data)
        expect(stream.verifyNow!(signature)).toBe('invalid')
        expect(await verifySignature({ algorithm: { oid: dotted }, spki: spkiOf(keys.publicKey), signature, data })).toBe('invalid')
      }
    }
  })

  const pss = (hash: string, salt: number): Uint8Array => seq(explicit(0, seq(oid(hash), nul())), explicit(1, seq(oid('1.2.840.113549.1.1.8'), seq(oid(hash), nul()))), explicit(2, int(salt)))
  it('a salt longer than the key, a hash or a salt that the key does not allow', async () => {
    const strict = generateKeyPairSync('rsa-pss', { modulusLength: 2048, hashAlgorithm: 'sha384', mgf1HashAlgorithm: 'sha384', saltLength: 48 as never })
    const [sha256, sha384] = ['2.16.840.1.101.3.4.2.1', '2.16.840.1.101.3.4.2.2']
    const signature = new Uint8Array(sign('sha384', data, { key: strict.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 }))
    const algorithmOf = (hash: string, salt: number): { oid: string; parameters: Uint8Array } => ({ oid: '1.2.840.113549.1.1.10', parameters: pss(hash, salt) })
    const check = async (keys: { publicKey: KeyObject }, hash: string, salt: number): Promise<string[]> => {
      const [algorithm, spki] = [algorithmOf(hash, salt), spkiOf(keys.publicKey)]
      const stream = createVerifier({ algorithm, spki })!
      stream.update(data)
      return [await verifySignature({ algorithm, spki, signature, data }), await stream.verify(signature)]
    }
    expect(await check(strict, sha384, 48)).toEqual(['valid', 'valid'])
    for (const [hash, salt] of [[sha256, 48], [sha384, 20]] as const) expect(await check(strict, hash, salt)).toEqual(['invalid', 'invalid'])
    expect(await check(rsa, sha256, 512)).toEqual(['invalid', 'invalid'])
    expect(await web.verifyBytes({ scheme: { kind: 'rsa-pss', hash: 'SHA-256', saltLength: 512 }, spki: spkiOf(rsa.publicKey) }, signature, data)).toBe('invalid')
  })

  const scheme: SignatureScheme = { kind: 'ecdsa', hash: 'SHA-256' }
  const spki = spkiOf(p256.publicKey)
  /** r and s of a signature that holds. */
  const parts = (der: Uint8Array): Uint8Array[] => {
    if (der.length === 0) return []
    const middle = 4 + der[3]!
    return [der.subarray(4, middle), der.subarray(middle + 2)]
  }
  it('an Ecdsa-Sig-Value is a list of two positive numbers (RFC 3279 2.2.3)', async () => {
    const good = new Uint8Array(sign('sha256', data, p256.privateKey))
    const [r, s] = parts(good) as [Uint8Array, Uint8Array]
    const number = (content: Uint8Array): Buffer => tlv(0x02, content)
    const check = (...elements: Buffer[]): Promise<string> => web.verifyBytes({ scheme, spki }, seq(...elements), data)
    expect(await check(number(r), number(s))).toBe('valid')
    const wrong = [
      [number(r)], [number(s), number(r)], [number(r), number(s), nul()], [number(r), tlv(0x04, s)], [number(r), int(-5)], [int(-5), number(s)], [int(0), int(0)],
      [number(r), number(Buffer.alloc(33, 1))], [number(Buffer.concat([Buffer.of(0, 0x80), Buffer.alloc(32, 1)])), number(s)], [number(Buffer.alloc(80, 1)), number(s)],
    ]
    for (const elements of wrong) expect(await check(...elements)).toBe('invalid')
    // A number without the zero octet that makes it positive, and one that carries the last octet of the number before.
    const [unsigned, short] = [Array.from({ length: 200 }), Array.from({ length: 200 })].map((tries, kind) => tries.map(() => parts(new Uint8Array(sign('sha256', data, p256.privateKey)))).find((two) => (kind === 0 ? two[0]!.length === 33 && two[1]!.length === 33 : two[0]!.at(-1) !== 0 && two[1]!.length === 32))!)
    expect(await check(...unsigned!.map(number))).toBe('valid')
    expect(await check(number(unsigned![0]!.subarray(1)), number(unsigned![1]!))).toBe('invalid')
    expect(await check(number(unsigned![0]!), number(unsigned![1]!.subarray(1)))).toBe('invalid')
    const carried = short![0]!.at(-1)!
    expect(await check(...short!.map(number))).toBe('valid')
    expect(await check(number(short![0]!), number(Buffer.concat([Buffer.from(carried < 0x80 ? [carried] : [0, carried]), short![1]!])))).toBe('invalid')
    for (const bytes of [Buffer.concat([good, Buffer.of(0)]), good.subarray(0, -1), tlv(0x31, good.subarray(2)), new Uint8Array(64)]) expect(await web.verifyBytes({ scheme, spki }, bytes, data)).toBe('invalid')
  })

  it('numbers shorter than the curve are filled up from the left', async () => {
    // One in 128 has such a number.
    let signature = new Uint8Array(0)
    for (let i = 0; i < 5000 && !parts(signature).some((number) => number.length < 32); i++) signature = new Uint8Array(sign('sha256', data, p256.privateKey))
    expect(Math.min(...parts(signature).map((number) => number.length))).toBeLessThan(32)
    expect(await web.verifyBytes({ scheme, spki }, signature, data)).toBe('valid')
  })
})

describe('what a platform does not know', () => {
  const broken = spkiOf(p256.publicKey).slice(0, -1)
  it.each<[string, SignatureScheme, Uint8Array]>([
    ['a key that cannot be read: RSA', { kind: 'rsa-pkcs1', hash: 'SHA-256' }, broken], ['a key that cannot be read: PSS', { kind: 'rsa-pss', hash: 'SHA-256', saltLength: 32 }, broken],
    ['a key that cannot be read: ECDSA', { kind: 'ecdsa', hash: 'SHA-256' }, broken], ['a key that cannot be read: Ed25519', { kind: 'ed25519' }, broken],
  ])('%s', async (_, scheme, spki) => {
    const signature = new Uint8Array(64)
    expect([node.verifyBytes({ scheme, spki }, signature, data), await web.verifyBytes({ scheme, spki }, signature, data)]).toEqual(['unsupported', 'unsupported'])
    expect(node.streamVerify({ scheme, spki })).toBeUndefined()
  })

  it('ECDSA by a key that is on no curve', async () => {
    expect(await web.verifyBytes({ scheme: { kind: 'ecdsa', hash: 'SHA-256' }, spki: spkiOf(rsa.publicKey) }, new Uint8Array(64), data)).toBe('unsupported')
  })

  it('Ed25519 has no stream on Node, and is kept whole in browsers, however long', async () => {
    const long = web.streamDigest('SHA-256')
    for (let i = 0; i < 300; i++) long.update(data)
    expect(toHex(await long.digest())).toBe(toHex(digestNow!('SHA-256', Buffer.concat(new Array<Uint8Array>(300).fill(data)))))
    const resolved = { scheme: { kind: 'ed25519' } as const, spki: spkiOf(ed25519.publicKey) }
    expect(node.streamVerify(resolved)).toBeUndefined()
    const stream = web.streamVerify(resolved)!
    stream.update(data)
    expect(await stream.verify(new Uint8Array(sign(null, data, ed25519.privateKey)))).toBe('valid')
  })

  it('SHA-1 under another permission', async () => {
    const signature = new Uint8Array(sign('sha1', data, rsa.privateKey))
    const input = { algorithm: { oid: '1.2.840.113549.1.1.5' }, spki: spkiOf(rsa.publicKey), signature, data }
    for (const allow of [undefined, [], [{ legacy: 'MD5' } as never]]) expect(await verifySignature({ ...input, ...(allow && { allow }) })).toBe('unsupported')
    for (const allow of [[allowSha1], [{ legacy: 'MD5' } as never, allowSha1]]) expect(await verifySignature({ ...input, allow })).toBe('valid')
  })

  it('WebCrypto hashes no stream of more than 256 MiB', async () => {
    // Only the length is looked at where there are too many.
    const piece = { length: 268_435_457 } as Uint8Array
    const digest = web.streamDigest('SHA-256')
    digest.update(data)
    digest.update(piece)
    digest.update(data)
    await expect(async () => digest.digest()).rejects.toThrow(RangeError)
    const verifier = web.streamVerify({ scheme: { kind: 'ed25519' }, spki: spkiOf(ed25519.publicKey) })!
    verifier.update(piece)
    expect(await verifier.verify(new Uint8Array(64))).toBe('unsupported')
    const halves = web.streamDigest('SHA-256')
    for (const half of [data, { length: 268_435_456 } as Uint8Array]) halves.update(half)
    await expect(async () => halves.digest()).rejects.toThrow(RangeError)
  })
})

describe('octets', () => {
  it('are the same when they have the same length and content', () => {
    const octets = Uint8Array.of(1, 2, 3)
    for (const { sameOctets } of [node, web]) {
      expect([sameOctets(octets, octets.slice()), sameOctets(octets, Uint8Array.of(1, 2, 4)), sameOctets(octets, octets.subarray(0, 2)), sameOctets(octets.subarray(0, 2), octets), sameOctets(new Uint8Array(0), new Uint8Array(0))]).toEqual([true, false, false, false, true])
    }
  })
  it('of a digest at once', async () => {
    for (const [name, length] of [['SHA-1', 20], ['SHA-256', 32], ['SHA-384', 48], ['SHA-512', 64]] as const) {
      const digest = digestNow!(name, data)
      expect([digest.constructor, digest.length]).toEqual([Uint8Array, length])
      expect(toHex(digest)).toBe(toHex(await node.digestBytes(name, data)))
      expect(toHex(digest)).toBe(toHex(await web.digestBytes(name, data)))
    }
    expect(web.digestNow).toBeUndefined()
  })
})
