import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkStatus, PkiError, readCrl, readCrlStream, readOcspResponse } from '../src/index.js'
import { later, makeParty } from './build/certificate.js'
import { makeCrl } from './build/crl.js'
import { makeOcsp } from './build/ocsp.js'
import { fuzzSize } from './support/fuzz.js'
import { cpuTime } from './support/cpu-time.js'

const fuzz = fuzzSize('CRLs and OCSP answers', 4000)

const root = makeParty({ subject: 'CN=Akar Contoh', ca: true })
const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: root, serial: '51b2c3' })
const responder = makeParty({ subject: 'CN=Penjawab', issuer: root, purposes: ['1.3.6.1.5.5.7.3.9'], noCheck: true })
const revoked = { serial: '51b2c3', reason: 1, invalidity: later(-3) }
const crls = [
  makeCrl({ issuer: root, entries: [{ serial: '1' }, revoked, { serial: 'ffff', longDate: true }], scope: { userOnly: true } }),
  makeCrl({ issuer: root, entries: [{ serial: '7', issuer: leaf.name }, { ...revoked, issuer: root.name }], scope: { indirect: true }, number: 1 }),
  makeCrl({ issuer: root, entries: [revoked], nextUpdate: null, version1: true }),
  makeCrl({ issuer: root, entries: [revoked], base: 1, number: 2 }),
]
const answers = [
  makeOcsp({ signer: responder, send: [responder], nonce: Buffer.alloc(16, 3), singles: [{ serial: '51b2c3', issuer: root, status: 'revoked', reason: 1 }] }),
  makeOcsp({ signer: root, byName: true, singles: [{ serial: '9', issuer: root }, { serial: '51b2c3', issuer: root, status: 'revoked', hash: 'sha256' }] }),
]

/** Offsets of every element's tag, so that damage hits tags and lengths as often as content. */
function elements(bytes: Buffer): number[] {
  const found: number[] = []
  const walk = (from: number, to: number): void => {
    for (let at = from; at + 2 <= to;) {
      found.push(at)
      const first = bytes[at + 1]!
      const count = first < 128 ? 0 : first & 127
      const length = count === 0 ? first : bytes.readUIntBE(at + 2, count)
      const start = at + 2 + count
      const end = start + length
      if (end > to) return
      if ((bytes[at]! & 0x20) !== 0) walk(start, end)
      at = end
    }
  }
  walk(0, bytes.length)
  return found
}

type Damage = (bytes: Buffer, places: readonly number[]) => Buffer
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(255)).map(([where, value]): Damage => (bytes) => withByte(bytes, where % bytes.length, value)),
  fc.tuple(fc.nat(), fc.nat(255)).map(([where, value]): Damage => (bytes, places) => withByte(bytes, places[where % places.length]!, value)),
  fc.tuple(fc.nat(), fc.constantFrom(0, 1, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xff)).map(([where, value]): Damage => (bytes, places) => withByte(bytes, places[where % places.length]! + 1, value)),
  fc.nat().map((where): Damage => (bytes) => bytes.subarray(0, where % bytes.length)),
  fc.tuple(fc.nat(), fc.nat(40)).map(([where, count]): Damage => (bytes) => Buffer.concat([bytes.subarray(0, where % bytes.length), bytes.subarray((where % bytes.length) + count)])),
  fc.tuple(fc.nat(), fc.nat()).map(([from, to]): Damage => (bytes, places) => {
    // One element in the place of another.
    const a = places[from % places.length]!
    const b = places[to % places.length]!
    return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b, b + 2 + (bytes[b + 1]! & 127)), bytes.subarray(a + 2 + (bytes[a + 1]! & 127))])
  }),
)

function withByte(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes)
  if (at < copy.length) copy[at] = value
  return copy
}

async function readable(work: () => unknown): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof PkiError) return false
    throw error
  }
}

describe('damaged evidence', () => {
  const places = new Map([...crls, ...answers].map((bytes) => [bytes, elements(bytes)]))

  it('only PkiError leaves the readers, and a revoked certificate never becomes good', async () => {
    let read = 0
    await fc.assert(fc.asyncProperty(fc.constantFrom(...crls, ...answers), fc.array(damage, { minLength: 1, maxLength: 3 }), async (original, damages) => {
      let bytes = original
      for (const one of damages) if (bytes.length > 0) bytes = one(bytes, places.get(original)!.filter((at) => at < bytes.length))
      const isCrl = crls.includes(original)
      if (await readable(() => (isCrl ? readCrl(bytes) : readOcspResponse(bytes)))) read++
      if (isCrl) await readable(() => readCrlStream((async function* () { yield bytes })(), { serials: ['51b2c3'], signers: [root.certificate] }))
      const options = { anchors: [root.der] as const, at: later(0.5), fetch: false as const, maxAge: 86_400 }
      const { status } = await checkStatus(leaf.certificate, { ...options, ...(isCrl ? { crls: [bytes] } : { ocsp: [bytes] }) })
      expect(['unknown', 'revoked']).toContain(status)
      if (!bytes.equals(original) && status === 'revoked') {
        // Whatever still proves it must be what was signed: only unsigned parts may differ, such as certificates sent along.
        expect(isCrl).toBe(false)
      }
    }), { numRuns: fuzz.cases() })
    // The damage is not so coarse that nothing gets past the reader.
    expect(read).toBeGreaterThan(fuzz.each / 100)
  }, 600_000)

  it('random octets and nested lengths end at once', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      for (const read of [readCrl, readOcspResponse]) {
        try {
          read(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError)
        }
      }
    }), { numRuns: fuzz.cases() })
    const deep = Buffer.concat(Array.from({ length: 10_000 }, () => Buffer.from([0x30, 0x80])))
    for (const read of [readCrl, readOcspResponse]) expect(() => read(deep)).toThrow(PkiError)
  }, 600_000)

  it('takes at most 50 ms per MB on CRLs of hostile shapes', () => {
    const shapes = [
      makeCrl({ issuer: root, entries: Array.from({ length: 20_000 }, (_, i) => ({ serial: (i + 1).toString(16), extensions: [] })) }),
      makeCrl({ issuer: root, entries: Array.from({ length: 20_000 }, () => ({ serial: '51b2c3' })) }),
    ]
    for (const bytes of shapes) {
      const start = cpuTime()
      const crl = readCrl(bytes)
      for (let i = 0; i < 8; i++) crl.find('7fffffff')
      // Generous by ten: a shared machine; a hang is what this catches.
      expect(cpuTime() - start).toBeLessThan(3_000 * Math.max(1, bytes.length / 1e6))
    }
  })

  const corpus = new URL('corpus/evidence/', import.meta.url)
  it('the corpus: files that once were worth a look', async () => {
    const files = existsSync(corpus) ? readdirSync(corpus) : []
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) {
      const bytes = readFileSync(new URL(file, corpus))
      await readable(() => readCrl(bytes))
      await readable(() => readOcspResponse(bytes))
      await readable(() => readCrlStream((async function* () { yield bytes })(), { serials: ['1'], signers: [root.certificate] }))
    }
  })
})
