import { describe, expect, it } from 'vitest'
import { DerReader } from '../src/der/index.js'
import { readCrl, readCrlStream } from '../src/crl/index.js'
import { streamDigest } from '../src/crypto/web.js'
import { toHex } from '../src/crypto/index.js'
import { checkTimestamp } from '../src/timestamp/index.js'
import { later, makeParty } from './build/certificate.js'
import { makeCrl } from './build/crl.js'
import { oid } from './build/der.js'
import { ca, root, token } from './letter/office.js'

/** `slice` of a Node Buffer shares memory where that of a Uint8Array copies it. */
describe('octets in a Node Buffer', () => {
  it('which is filled again: no object identifier is remembered from it', () => {
    // More than there are places to remember them in; each stands where the one before stood.
    const all = Array.from({ length: 600 }, (_, i) => `1.2.840.${20_000 + i}`)
    const buffer = Buffer.alloc(oid(all[0]!).length)
    for (const dotted of [...all, ...all]) {
      buffer.set(oid(dotted))
      expect(new DerReader(buffer).oid()).toBe(dotted)
    }
  })

  it('that hold a timestamp token stay as they are', async () => {
    const data = Buffer.from('{"kind":"cabut-checkpoint"}\n')
    const bytes = Buffer.from(token()(data))
    const before = Buffer.from(bytes)
    for (let again = 0; again < 2; again++) {
      expect(await checkTimestamp(bytes, data, { anchors: [root.der], intermediates: [ca.der], at: later(10) })).toMatchObject({ integrity: 'intact', path: 'valid' })
    }
    expect(bytes.equals(before)).toBe(true)
  })

  it('of which each piece of a CRL is in the same: the CRL is read all the same', async () => {
    const issuer = makeParty({ subject: 'CN=CA Contoh', ca: true, algorithm: 'ed25519' })
    const bytes = makeCrl({ issuer, scope: { indirect: true }, entries: Array.from({ length: 40 }, (_, i) => ({ serial: (i + 1).toString(16), reason: 1, ...(i === 9 && { issuer: issuer.name }) })) })
    const memory = Buffer.alloc(50)
    const pieces = async function* (): AsyncIterable<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 50) yield memory.subarray(0, bytes.copy(memory, 0, at, at + 50))
    }
    const crl = await readCrlStream(pieces(), { serials: ['1', '14', '28'], signers: [issuer.certificate] })
    for (const serial of ['1', '14', '28']) expect(crl.find(serial)).toEqual(readCrl(bytes).find(serial))
    expect([crl.size, crl.verifiedBy(issuer.certificate.spki)]).toEqual([40, 'valid'])
  })

  it('that are digested in pieces by WebCrypto', async () => {
    const [memory, stream, whole] = [Buffer.alloc(4), streamDigest('SHA-256'), streamDigest('SHA-256')]
    for (const piece of ['one ', 'two ']) {
      memory.write(piece)
      stream.update(memory)
    }
    whole.update(Buffer.from('one two '))
    expect(toHex(await stream.digest())).toBe(toHex(await whole.digest()))
  })
})
