import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { later, makeParty } from '../../test/build/certificate.js'
import { makeCrl, type EntryPlan } from '../../test/build/crl.js'
import { PkiError } from '../errors.js'
import { judgeCrl, readCrl, readCrlStream, verifyCrl, type Crl, type CrlFile, type StreamedCrl } from './index.js'

const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true })
const other = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Lain', ca: true })
const leaf = makeParty({ subject: 'CN=Ratna Contoh', issuer: ca, serial: '2a' })

const entry: fc.Arbitrary<EntryPlan> = fc.record({
  serial: fc.oneof(fc.nat(80).map((value) => (value + 1).toString(16)), fc.bigInt(1n, (1n << 159n) - 1n).map((value) => value.toString(16))),
  date: fc.integer({ min: 0, max: 3000 }).map(later),
  reason: fc.option(fc.constantFrom(0, 1, 4, 6, 8), { nil: undefined }),
  invalidity: fc.option(fc.constant(later(-5)), { nil: undefined }),
  issuer: fc.option(fc.constant(other.name), { nil: undefined, freq: 8 }),
  longDate: fc.boolean(),
}).map(({ reason, invalidity, issuer, ...rest }) => ({
  ...rest, ...(reason !== undefined && { reason }), ...(invalidity && { invalidity }), ...(issuer && { issuer }),
}))

async function* cut(bytes: Uint8Array, sizes: readonly number[], memory = (size: number): Uint8Array => new Uint8Array(size)): AsyncIterable<Uint8Array> {
  // The same memory is used again for every piece, as readers do: nothing may be kept without copying.
  const buffer = memory(Math.max(...sizes))
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.min(sizes[i % sizes.length]!, bytes.length - at)
    buffer.set(bytes.subarray(at, at + size))
    yield buffer.subarray(0, size)
    at += size
  }
}

function outcome<T>(work: () => T): T | string {
  try {
    return work()
  } catch (error) {
    if (error instanceof PkiError) return 'refused'
    throw error
  }
}

async function outcomeOf<T>(work: Promise<T>): Promise<T | string> {
  try {
    return await work
  } catch (error) {
    if (error instanceof PkiError) return 'refused'
    throw error
  }
}

const serials = ['2a', '1', '7f']

async function sameMeaning(bytes: Buffer, sizes: readonly number[]): Promise<void> {
  const whole = outcome(() => readCrl(bytes))
  const streamed = await outcomeOf(readCrlStream(cut(bytes, sizes), { serials, signers: [ca.certificate, other.certificate] }))
  if (typeof whole === 'string' || typeof streamed === 'string') {
    expect(streamed).toBe(whole)
    return
  }
  for (const fact of ['version', 'issuer', 'thisUpdate', 'nextUpdate', 'crlNumber', 'size', 'hasForeignEntries', 'unknownCriticalEntryExtension', 'unknownCriticalExtensions'] as const) {
    expect(streamed[fact], fact).toEqual(whole[fact])
  }
  expect(streamed.byteLength).toBe(bytes.length)
  for (const serial of serials) expect(outcome(() => streamed.findAll(serial))).toEqual(outcome(() => whole.findAll(serial)))
  const judge = (crl: Crl | StreamedCrl): ReturnType<typeof judgeCrl> => judgeCrl(leaf.certificate, crl, { issuer: ca.certificate, at: later(1) })
  const { bytes: _own, ...expected } = await judge(whole)
  const { bytes: _none, ...judged } = await judge(streamed)
  expect(judged).toEqual(expected)
  // The same octets, hashed on the walk.
  const { bytes: _same, ...walked } = await judge(readCrl(bytes, { signers: [other.certificate, ca.certificate], serials }))
  expect(walked).toEqual(expected)
}

describe('readCrlStream means the same as readCrl', () => {
  it('on CRLs of any shape, in pieces of any size', async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(entry, { maxLength: 40 }), fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 90 }), fc.constant(4096)), { minLength: 1, maxLength: 5 }), fc.boolean(),
      async (entries, sizes, indirect) => {
        await sameMeaning(makeCrl({ issuer: ca, entries, ...(indirect && { scope: { indirect } }) }), sizes)
      },
    ), { numRuns: 200 })
  })

  it('on damaged CRLs', async () => {
    const bytes = makeCrl({ issuer: ca, entries: Array.from({ length: 20 }, (_, i) => ({ serial: (i + 30).toString(16), ...(i % 2 === 0 && { reason: 1 }) })) })
    await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.integer({ min: 1, max: 200 }), fc.constantFrom('set', 'cut', 'grow'), async (place, value, size, how) => {
      const damaged = how === 'cut' ? Buffer.from(bytes.subarray(0, place)) : how === 'grow' ? Buffer.concat([bytes, Buffer.from([value])]) : Buffer.from(bytes)
      if (how === 'set') damaged[place] = value
      await sameMeaning(damaged, [size])
    }), { numRuns: 600 })
  })

  it('from one Buffer that is filled again and again, whose `slice` copies nothing', async () => {
    const bytes = makeCrl({ issuer: ca, entries: Array.from({ length: 20 }, (_, i) => ({ serial: (i + 0x2a).toString(16), reason: 1 })) })
    for (const size of [10, 60, 300, 4096]) {
      const crl = await readCrlStream(cut(bytes, [size], (length) => Buffer.alloc(length)), { serials, signers: [ca.certificate] })
      expect([crl.size, crl.find('2a')?.reason, crl.verifiedBy(ca.certificate.spki)]).toEqual([20, 'keyCompromise', 'valid'])
    }
  })

  it('answers only for what it was asked', async () => {
    const bytes = makeCrl({ issuer: ca, entries: [{ serial: '2a', reason: 1 }] })
    const crl = await readCrlStream(new Blob([new Uint8Array(bytes)]).stream(), { serials: ['002A'], signers: [ca.certificate] })
    expect(crl.find('2a')?.reason).toBe('keyCompromise')
    expect(() => crl.find('2b')).toThrow(TypeError)
    expect(crl.verifiedBy(other.certificate.spki)).toBe('unsupported')
  })

  describe.each(['bytes', 'chunks'] as const)('from a ReadableStream of %s', (kind) => {
    // More than the one memory that a byte stream fills again and again.
    const entries = Array.from({ length: 12_000 }, (_, i) => ({ serial: (i + 0x10000).toString(16), ...(i % 3 === 0 && { reason: 1 }) }))
    const bytes = makeCrl({ issuer: ca, entries })

    function streamOf(content: Uint8Array, cancelled: () => void): ReadableStream<Uint8Array> {
      let at = 0
      const next = (): Uint8Array<ArrayBuffer> => new Uint8Array(content.subarray(at, at += 70_001))
      if (kind === 'chunks') return new ReadableStream({ pull(controller) { if (at < content.length) controller.enqueue(next()); else controller.close() }, cancel: cancelled })
      return new ReadableStream({
        type: 'bytes',
        pull(controller) {
          if (at < content.length) controller.enqueue(next())
          else {
            controller.close()
            controller.byobRequest?.respond(0)
          }
        },
        cancel: cancelled,
      })
    }

    it('reads the same', async () => {
      const asked = ['10000', '12345', '12edf', 'ffff']
      const crl = await readCrlStream(streamOf(bytes, () => undefined), { serials: asked, signers: [ca.certificate] })
      const whole = readCrl(bytes)
      expect([crl.size, crl.byteLength, crl.verifiedBy(ca.certificate.spki)]).toEqual([12_000, bytes.length, 'valid'])
      expect(asked.map((serial) => crl.find(serial))).toEqual(asked.map((serial) => whole.find(serial)))
    })

    it('lets go of the stream when it refuses the CRL', async () => {
      let cancelled = 0
      const damaged = new Uint8Array(bytes)
      damaged[damaged.indexOf(0x17, 400)] = 0x16
      await expect(readCrlStream(streamOf(damaged, () => { cancelled++ }), { serials: [], signers: [] })).rejects.toMatchObject({ name: 'PkiError' })
      expect(cancelled).toBe(1)
    })
  })

  describe('from a file, one piece being read while another is worked on', () => {
    const bytes = makeCrl({ issuer: ca, entries: Array.from({ length: 12_000 }, (_, i) => ({ serial: (i + 0x10000).toString(16), ...(i % 3 === 0 && { reason: 1 }) })) })
    const asked = ['10000', '12345', '12edf', 'ffff']
    const options = { serials: asked, signers: [ca.certificate] }

    /** A file that gives at most `most` octets at once and never touches two pieces of memory at the same time. */
    function fileOf(content: Uint8Array, most: number, fails?: number): CrlFile & { reading: number; reads: number } {
      return {
        reading: 0, reads: 0,
        async read(memory, offset, length, position) {
          expect(++this.reading).toBe(1)
          this.reads++
          await new Promise((resolve) => setImmediate(resolve))
          this.reading--
          if (fails === this.reads) throw new Error('the disk failed')
          const piece = content.subarray(position, position + Math.min(length, most))
          memory.set(piece, offset)
          return { bytesRead: piece.length }
        },
      }
    }

    it.each([[1_000_000], [262_144], [70_001]])('reads the same when it gives at most %i octets at once', async (most) => {
      const crl = await readCrlStream(fileOf(bytes, most), options)
      const whole = readCrl(bytes)
      expect([crl.size, crl.byteLength, crl.verifiedBy(ca.certificate.spki)]).toEqual([12_000, bytes.length, 'valid'])
      expect(asked.map((serial) => crl.find(serial))).toEqual(asked.map((serial) => whole.find(serial)))
    })

    it('is a FileHandle, which stays open and may stand anywhere', async () => {
      const path = join(mkdtempSync(join(tmpdir(), 'cabut-crl-')), 'a.crl')
      writeFileSync(path, bytes)
      const handle = await open(path)
      await handle.read(new Uint8Array(10), 0, 10)
      for (let again = 0; again < 2; again++) expect((await readCrlStream(handle, options)).size).toBe(12_000)
      await handle.close()
      rmSync(dirname(path), { recursive: true })
    })

    it('throws what the file throws, and waits for what it has begun to read when it refuses the CRL', async () => {
      await expect(readCrlStream(fileOf(bytes, 70_001, 3), options)).rejects.toThrow('the disk failed')
      const damaged = new Uint8Array(bytes)
      damaged[damaged.indexOf(0x17, 400)] = 0x16
      const file = fileOf(damaged, 70_001)
      await expect(readCrlStream(file, options)).rejects.toMatchObject({ name: 'PkiError' })
      expect(file.reading).toBe(0)
      for (const length of [0, 3, bytes.length - 1]) await expect(readCrlStream(fileOf(bytes.subarray(0, length), 70_001), options)).rejects.toMatchObject({ name: 'PkiError' })
    })
  })

  it('readCrl with signers checks the signature on the walk, window by window, and refuses what it refuses without', async () => {
    const entries = Array.from({ length: 12_000 }, (_, i) => ({ serial: (i + 0x10000).toString(16), ...(i % 3 === 0 && { reason: 1 }), ...(i % 1000 === 7 && { invalidity: later(-5), longDate: true }) }))
    const bytes = makeCrl({ issuer: ca, entries })
    for (const [changed, expected] of [[bytes.length - 1, 'invalid'], [undefined, 'valid'], [200_000, 'invalid']] as const) {
      const own = new Uint8Array(bytes)
      // A digit of a date or of a serial number: the structure holds, the signature does not.
      if (changed === 200_000) own[own.indexOf(0x5a, changed) - 1]! ^= 1
      else if (changed !== undefined) own[changed]! ^= 1
      const crl = readCrl(own, { signers: [other.certificate, ca.certificate] })
      expect([crl.size, await verifyCrl(crl, ca.certificate), await verifyCrl(readCrl(own), ca.certificate)]).toEqual([12_000, expected, expected])
    }
    expect(await verifyCrl(readCrl(bytes, { signers: [other.certificate] }), other.certificate)).toBe('invalid')
    for (const length of [bytes.length - 1, 131_200, 300]) expect(() => readCrl(bytes.subarray(0, length), { signers: [ca.certificate] })).toThrow(PkiError)
    const damaged = new Uint8Array(bytes)
    damaged[damaged.indexOf(0x17, 300_000)] = 0x16
    expect(() => readCrl(damaged, { signers: [ca.certificate] })).toThrow(PkiError)
  })

  it.each(['ed25519', 'rsa-pss', 'p384'] as const)('checks %s signatures', async (algorithm) => {
    const issuer = makeParty({ subject: 'CN=CA Aliran', ca: true, algorithm })
    const bytes = makeCrl({ issuer, entries: [{ serial: '2a' }] })
    const crl = await readCrlStream(cut(bytes, [50]), { serials: ['2a'], signers: [issuer.certificate], digest: false })
    expect([crl.verifiedBy(issuer.certificate.spki), crl.sha256]).toEqual(['valid', undefined])
    bytes[bytes.length - 1]! ^= 1
    const broken = await readCrlStream(cut(bytes, [50]), { serials: ['2a'], signers: [issuer.certificate] })
    expect(broken.verifiedBy(issuer.certificate.spki)).toBe('invalid')
  })
})
