import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bits, explicit, int, nul, octets, oid, seq } from '../../test/build/der.js'
import { hashOfOid, keyKind, keySuits, resolveScheme, type KeyKind, type SignatureScheme } from './algorithm.js'
import { fromHex, hexDigit, hexOf, toHex } from './hex.js'

const none = Uint8Array.of(5, 0)

describe('signature algorithms by their object identifier (RFC 3279, 4055, 5758, 8410)', () => {
  it.each<[string, SignatureScheme, boolean]>([
    ['1.2.840.113549.1.1.5', { kind: 'rsa-pkcs1', hash: 'SHA-1' }, true],
    ['1.2.840.113549.1.1.14', { kind: 'rsa-pkcs1', hash: 'SHA-224' }, true],
    ['1.2.840.113549.1.1.11', { kind: 'rsa-pkcs1', hash: 'SHA-256' }, true],
    ['1.2.840.113549.1.1.12', { kind: 'rsa-pkcs1', hash: 'SHA-384' }, true],
    ['1.2.840.113549.1.1.13', { kind: 'rsa-pkcs1', hash: 'SHA-512' }, true],
    ['1.2.840.10045.4.1', { kind: 'ecdsa', hash: 'SHA-1' }, false],
    ['1.2.840.10045.4.3.1', { kind: 'ecdsa', hash: 'SHA-224' }, false],
    ['1.2.840.10045.4.3.2', { kind: 'ecdsa', hash: 'SHA-256' }, false],
    ['1.2.840.10045.4.3.3', { kind: 'ecdsa', hash: 'SHA-384' }, false],
    ['1.2.840.10045.4.3.4', { kind: 'ecdsa', hash: 'SHA-512' }, false],
    ['1.2.840.10040.4.3', { kind: 'dsa', hash: 'SHA-1' }, true],
    ['2.16.840.1.101.3.4.3.1', { kind: 'dsa', hash: 'SHA-224' }, true],
    ['2.16.840.1.101.3.4.3.2', { kind: 'dsa', hash: 'SHA-256' }, true],
    ['1.3.101.112', { kind: 'ed25519' }, false],
    ['1.3.101.113', { kind: 'ed448' }, false],
  ])('%s', (dotted, scheme, takesNull) => {
    expect(resolveScheme({ oid: dotted })).toEqual(scheme)
    expect(resolveScheme({ oid: dotted, parameters: undefined })).toEqual(scheme)
    expect(resolveScheme({ oid: dotted, parameters: none })).toEqual(takesNull ? scheme : undefined)
    for (const parameters of [[], [5], [5, 0, 0], [5, 1], [4, 0], [0x30, 0]]) expect(resolveScheme({ oid: dotted, parameters: Uint8Array.from(parameters) })).toBeUndefined()
  })

  it.each([['1.2.3'], ['constructor'], ['toString'], ['__proto__'], ['']])('%j is none', (dotted) => expect(resolveScheme({ oid: dotted })).toBeUndefined())

  it.each([['1.3.14.3.2.26', 'SHA-1'], ['2.16.840.1.101.3.4.2.4', 'SHA-224'], ['2.16.840.1.101.3.4.2.1', 'SHA-256'], ['2.16.840.1.101.3.4.2.2', 'SHA-384'], ['2.16.840.1.101.3.4.2.3', 'SHA-512'], ['1.2.840.113549.2.5', undefined], ['toString', undefined]])('the hash %s is %s', (dotted, name) => {
    expect(hashOfOid(dotted)).toBe(name)
  })
})

describe('parameters of RSASSA-PSS (RFC 4055 section 3.1)', () => {
  const sha256 = '2.16.840.1.101.3.4.2.1'
  const hash = (dotted: string, ...more: Buffer[]): Buffer => explicit(0, seq(oid(dotted), nul()), ...more)
  const mask = (dotted: string, function1 = '1.2.840.113549.1.1.8'): Buffer => explicit(1, seq(oid(function1), seq(oid(dotted), nul())))
  const salt = (value: number): Buffer => explicit(2, int(value))
  const both = [hash(sha256), mask(sha256)]
  it.each<[string, Uint8Array | undefined, SignatureScheme | undefined]>([
    ['none', undefined, undefined],
    ['every default', seq(), { kind: 'rsa-pss', hash: 'SHA-1', saltLength: 20 }],
    ['a hash and its mask, the default salt', seq(...both), { kind: 'rsa-pss', hash: 'SHA-256', saltLength: 20 }],
    ['a salt', seq(...both, salt(32)), { kind: 'rsa-pss', hash: 'SHA-256', saltLength: 32 }],
    ['no salt', seq(...both, salt(0)), { kind: 'rsa-pss', hash: 'SHA-256', saltLength: 0 }],
    ['the longest salt', seq(...both, salt(512)), { kind: 'rsa-pss', hash: 'SHA-256', saltLength: 512 }],
    ['a salt too long', seq(...both, salt(513)), undefined],
    ['a salt below zero', seq(...both, salt(-1)), undefined],
    ['the salt alone', seq(salt(9)), { kind: 'rsa-pss', hash: 'SHA-1', saltLength: 9 }],
    ['the trailer', seq(...both, explicit(3, int(1))), { kind: 'rsa-pss', hash: 'SHA-256', saltLength: 20 }],
    ['another trailer', seq(...both, explicit(3, int(2))), undefined],
    ['SHA-384', seq(hash('2.16.840.1.101.3.4.2.2'), mask('2.16.840.1.101.3.4.2.2'), salt(48)), { kind: 'rsa-pss', hash: 'SHA-384', saltLength: 48 }],
    ['a hash alone: the mask is over SHA-1', seq(hash(sha256)), undefined],
    ['a mask alone', seq(mask(sha256)), undefined],
    ['SHA-1 said', seq(hash('1.3.14.3.2.26'), mask('1.3.14.3.2.26')), { kind: 'rsa-pss', hash: 'SHA-1', saltLength: 20 }],
    ['a hash that is not known, twice', seq(hash('1.2.3'), mask('1.2.3')), undefined],
    ['another mask function', seq(hash(sha256), mask(sha256, '1.2.840.113549.1.1.9')), undefined],
    ['a mask function without its hash', seq(hash(sha256), explicit(1, seq(oid('1.2.840.113549.1.1.8')))), undefined],
    ['something behind the parameters', Buffer.concat([seq(...both), nul()]), undefined],
    ['something behind the last parameter', seq(...both, nul()), undefined],
    ['something behind a hash', seq(hash(sha256, nul()), mask(sha256)), undefined],
    ['something behind a mask', seq(hash(sha256), explicit(1, seq(oid('1.2.840.113549.1.1.8'), seq(oid(sha256), nul())), nul())), undefined],
    ['something behind a salt', seq(...both, explicit(2, int(32), nul())), undefined],
    ['something behind a trailer', seq(...both, explicit(3, int(1), nul())), undefined],
    ['parameters in another order', seq(mask(sha256), hash(sha256)), undefined],
    ['no list', nul(), undefined],
    ['a list cut short', seq(...both).subarray(0, 9), undefined],
  ])('%s', (_, parameters, scheme) => expect(resolveScheme({ oid: '1.2.840.113549.1.1.10', parameters })).toEqual(scheme))
})

describe('keys (RFC 3279, 5480, 8410)', () => {
  const spkiOf = (pair: { publicKey: KeyObject }): Buffer => pair.publicKey.export({ format: 'der', type: 'spki' })
  const key = bits(Buffer.alloc(33, 2))
  const made = (...algorithm: Buffer[]): Buffer => seq(seq(...algorithm), key)
  it.each<[string, Uint8Array, KeyKind | undefined]>([
    ['RSA', spkiOf(generateKeyPairSync('rsa', { modulusLength: 2048 })), 'rsa'],
    ['RSA for PSS', made(oid('1.2.840.113549.1.1.10')), 'rsa-pss'],
    ['DSA', made(oid('1.2.840.10040.4.1'), seq()), 'dsa'],
    ['P-256', spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-256' })), 'P-256'],
    ['P-384', spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-384' })), 'P-384'],
    ['P-521', spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-521' })), 'P-521'],
    ['another curve', spkiOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })), undefined],
    ['Ed25519', spkiOf(generateKeyPairSync('ed25519')), 'ed25519'],
    ['Ed448', spkiOf(generateKeyPairSync('ed448')), 'ed448'],
    ['a curve that is not named', made(oid('1.2.840.10045.2.1'), seq()), undefined],
    ['no curve', made(oid('1.2.840.10045.2.1')), undefined],
    ['another algorithm', made(oid('1.2.3')), undefined],
    ['octets behind', Buffer.concat([made(oid('1.3.101.112')), nul()]), undefined],
    ['octets behind the key', seq(seq(oid('1.3.101.112')), key, nul()), undefined],
    ['a key that ends within an octet', seq(seq(oid('1.3.101.112')), bits(Buffer.alloc(33), 1)), undefined],
    ['no key', seq(seq(oid('1.3.101.112'))), undefined],
    ['no list', octets(key), undefined],
    ['nothing', new Uint8Array(0), undefined],
  ])('%s', (_, spki, kind) => expect(keyKind(spki)).toBe(kind))

  it('sign by the schemes made for them', () => {
    const kinds: readonly KeyKind[] = ['rsa', 'rsa-pss', 'dsa', 'P-256', 'P-384', 'P-521', 'ed25519', 'ed448']
    const suited = (scheme: SignatureScheme): string[] => kinds.filter((kind) => keySuits(kind, scheme))
    expect(suited({ kind: 'rsa-pkcs1', hash: 'SHA-256' })).toEqual(['rsa'])
    expect(suited({ kind: 'rsa-pss', hash: 'SHA-256', saltLength: 32 })).toEqual(['rsa', 'rsa-pss'])
    expect(suited({ kind: 'ecdsa', hash: 'SHA-256' })).toEqual(['P-256', 'P-384', 'P-521'])
    expect(suited({ kind: 'dsa', hash: 'SHA-256' })).toEqual(['dsa'])
    expect(suited({ kind: 'ed25519' })).toEqual(['ed25519'])
    expect(suited({ kind: 'ed448' })).toEqual(['ed448'])
  })
})

describe('hex (RFC 4648 section 8)', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i)
  it('of every octet and every length', () => {
    expect(toHex(all)).toBe(Buffer.from(all).toString('hex'))
    for (let length = 0; length < 12; length++) expect(toHex(all.subarray(155, 155 + length))).toBe(Buffer.from(all.subarray(155, 155 + length)).toString('hex'))
    expect(hexOf(all, 3, 9)).toBe('030405060708')
    expect(hexOf(all, 250, 251)).toBe('fa')
  })
  it('back, in either case, and nothing else', () => {
    expect(fromHex(toHex(all))).toEqual(all)
    expect(fromHex(toHex(all).toUpperCase())).toEqual(all)
    expect(fromHex('')).toEqual(new Uint8Array(0))
    for (let code = 0; code < 0x300; code++) {
      const digit = String.fromCharCode(code)
      const value = /^[0-9a-fA-F]$/.test(digit) ? parseInt(digit, 16) : -1
      expect(hexDigit(code)).toBe(value)
      for (const text of [`${digit}0`, `0${digit}`]) expect(fromHex(text)?.[0]).toBe(value < 0 ? undefined : parseInt(text, 16))
    }
    for (const text of ['0', '000', '0 0', '0x0']) expect(fromHex(text)).toBeUndefined()
  })
})
