import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { later, makeParty, type Party } from '../../test/build/certificate.js'
import { encodeEntry, makeCrl, rawCrl, type EntryPlan } from '../../test/build/crl.js'
import { dn, extension, octets, oid, tlv } from '../../test/build/der.js'
import { allowSha1 } from '../crypto/index.js'
import { PkiError } from '../errors.js'
import { readCrl, readCrlStream, type CrlFile, type ReadCrlStreamOptions, type StreamedCrl } from './index.js'
import { maxEntryBytes } from './scan.js'

const ca = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Contoh', ca: true })
const other = makeParty({ subject: 'C=ID,O=Otoritas Contoh,CN=CA Lain', ca: true })

/** The same memory for every piece: nothing may be kept of it. */
async function* cut(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  const memory = new Uint8Array(size)
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size)
    memory.set(piece)
    yield memory.subarray(0, piece.length)
    memory.fill(0xee)
  }
}
const read = (bytes: Uint8Array, size: number, options: Partial<ReadCrlStreamOptions> = {}): Promise<StreamedCrl> => readCrlStream(cut(bytes, size), { serials: [], signers: [], ...options })
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'read', (error: unknown) => {
  if (error instanceof PkiError) return `${error.code} ${error.offset}`
  throw error
})

describe('a CRL in pieces of every size', () => {
  const entries: EntryPlan[] = [
    { serial: '1' }, { serial: '2a', reason: 1 }, { serial: '-80', reason: 6, invalidity: later(-9) }, { serial: '51b2c3000000000000000000000000000000f126', longDate: true }, { serial: '7', issuer: other.name }, { serial: '2a', reason: 4 },
    { serial: '8', extensions: [extension('1.2.3.4', octets(Buffer.alloc(150)))] }, { serial: '9', issuer: ca.name }, { serial: 'a', extensions: [extension('1.2.3.4', octets(Buffer.alloc(300)))] }, { serial: 'b' }, { serial: '-1', reason: 10 },
  ]
  const bytes = makeCrl({ issuer: ca, scope: { indirect: true }, entries })
  const serials = [...entries.map(({ serial }) => serial), 'c', '2b']
  it('has the same facts and entries', async () => {
    const whole = readCrl(bytes)
    for (let size = 1; size <= bytes.length + 1; size += size < 12 ? 1 : size < 90 ? 5 : 67) {
      const crl = await read(bytes, size, { serials, signers: [other.certificate, ca.certificate] })
      expect([crl.size, crl.byteLength, crl.hasForeignEntries, crl.verifiedBy(ca.certificate.spki), crl.verifiedBy(other.certificate.spki)], `${size}`).toEqual([11, bytes.length, true, 'valid', 'unsupported'])
      expect(crl).toMatchObject({ version: 2, thisUpdate: whole.thisUpdate, nextUpdate: whole.nextUpdate, crlNumber: 1n, sha256: createHash('sha256').update(bytes).digest('hex') })
      expect(Buffer.from(crl.issuerDer).equals(ca.name)).toBe(true)
      for (const serial of serials) expect(crl.findAll(serial), `${size}: ${serial}`).toEqual(whole.findAll(serial))
      expect(crl.find('2a')?.reason).toBe('keyCompromise')
    }
  })

  it('ends where it ends, whatever the pieces', async () => {
    for (const size of [1, 20, 64, 100, 1000, bytes.length, bytes.length + 1]) {
      for (let less = 1; less < bytes.length; less += less < 120 ? 7 : 53) expect(await codeOf(read(bytes.subarray(0, bytes.length - less), size))).toMatch(/^derTruncated /)
      expect(await codeOf(read(Buffer.concat([bytes, Buffer.alloc(1)]), size))).toBe(`derTrailing ${bytes.length}`)
      expect(await codeOf(read(Buffer.concat([bytes, Buffer.alloc(200)]), size))).toBe(`derTrailing ${bytes.length}`)
    }
    expect(await codeOf(readCrlStream((async function* () {})(), { serials: [], signers: [] }))).toBe('derTruncated 0')
  })

  it('empty pieces are none', async () => {
    const withEmpty = async function* (): AsyncIterable<Uint8Array> { for await (const piece of cut(bytes, 40)) yield* [new Uint8Array(0), piece, new Uint8Array(0)] }
    expect((await readCrlStream(withEmpty(), { serials, signers: [] })).findAll('2a')).toHaveLength(2)
  })

  it('a critical entry extension that is not understood, and a CRL without entries', async () => {
    const unknown = makeCrl({ issuer: ca, entries: [{ serial: '1' }, { serial: '2', extensions: [extension('1.2.3.4', tlv(0x05), true)] }] })
    for (const size of [1, 50, 5000]) {
      const crl = await read(unknown, size, { digest: false })
      expect([crl.unknownCriticalEntryExtension, crl.hasForeignEntries, 'sha256' in crl]).toEqual(['1.2.3.4', false, false])
      expect('unknownCriticalEntryExtension' in await read(makeCrl({ issuer: ca }), size)).toBe(false)
      expect((await read(makeCrl({ issuer: ca }), size, { serials: ['1'] })).find('1')).toBeUndefined()
    }
  })
})

describe('what a stream is asked', () => {
  const bytes = makeCrl({ issuer: ca, entries: [{ serial: 'ab' }] })
  it('numbers in any spelling, and no others', async () => {
    const crl = await read(bytes, 100, { serials: ['00AB', 'c'] })
    for (const serial of ['ab', 'AB', '0ab']) expect([crl.lookedFor(serial), crl.find(serial)?.serial]).toEqual([true, 'ab'])
    expect([crl.lookedFor('C'), crl.find('c')]).toEqual([true, undefined])
    for (const serial of ['d', '', 'x', 'a:b']) {
      expect(crl.lookedFor(serial)).toBe(false)
      for (const ask of [() => crl.find(serial), () => crl.findAll(serial)]) expect(ask).toThrow(/not among/)
    }
    expect(await readCrlStream(cut(bytes, 9), { serials: ['x'], signers: [] }).catch((error: unknown) => error)).toBeInstanceOf(TypeError)
  })

  it('signers by their name, each key once', async () => {
    const twin = makeParty({ subject: 'C=ID,O=OTORITAS contoh,CN=CA Contoh', ca: true })
    const crl = await read(bytes, 100, { signers: [twin.certificate, ca.certificate, ca.certificate, other.certificate] })
    expect([ca, twin, other].map(({ certificate }) => crl.verifiedBy(new Uint8Array(certificate.spki)))).toEqual(['valid', 'invalid', 'unsupported'])
  })

  it('algorithms that are allowed', async () => {
    const old = makeParty({ subject: 'CN=CA SHA-1', ca: true, algorithm: 'rsa-sha1' })
    const signed = makeCrl({ issuer: old })
    const verified = async (options: Partial<ReadCrlStreamOptions>): Promise<string> => (await read(signed, 100, { signers: [old.certificate], ...options })).verifiedBy(old.certificate.spki)
    expect([await verified({}), await verified({ allow: [] }), await verified({ allow: [allowSha1] })]).toEqual(['unsupported', 'unsupported', 'valid'])
  })

  it.each(['ed25519', 'ed448'] as const)('a signature over the whole message: %s', async (algorithm) => {
    const issuer: Party = makeParty({ subject: 'CN=CA Edwards', ca: true, algorithm })
    const entries = Array.from({ length: 30 }, (_, i) => ({ serial: (i + 1).toString(16) }))
    for (const spoil of [false, true]) {
      const crl = await read(makeCrl({ issuer, entries, spoil }), 70, { signers: [issuer.certificate] })
      expect(crl.verifiedBy(issuer.certificate.spki)).toBe(spoil ? 'invalid' : 'valid')
    }
    // Another algorithm than its key's is not kept for: it cannot be checked at all.
    const wrong = await read(makeCrl({ issuer: { name: issuer.name, key: ca.key } }), 70, { signers: [issuer.certificate] })
    expect(wrong.verifiedBy(issuer.certificate.spki)).toBe('unsupported')
  })
})

describe('limits of a stream', () => {
  const bytes = makeCrl({ issuer: ca, entries: [{ serial: 'ab' }] })
  it('octets in all, told from the first piece', async () => {
    expect(await codeOf(read(bytes, 100, { maxBytes: bytes.length }))).toBe('read')
    expect(await codeOf(read(bytes, 100, { maxBytes: bytes.length - 1 }))).toBe('crlTooLarge 0')
    let given = 0
    const endless = async function* (): AsyncIterable<Uint8Array> { for await (const piece of cut(bytes, 100)) { given++; yield piece } }
    expect(await codeOf(readCrlStream(endless(), { serials: [], signers: [], maxBytes: 100 }))).toBe('crlTooLarge 0')
    expect(given).toBeLessThan(4)
  })

  it('a length that no stream has', async () => {
    const huge = Buffer.concat([Buffer.from('3086010000000000', 'hex'), bytes.subarray(4)])
    expect(await codeOf(read(huge, 100))).toBe('crlTooLarge 0')
  })

  it('a refusal of what follows the entries tells its place in the whole', async () => {
    const entries = [encodeEntry({ serial: '1' }), encodeEntry({ serial: '2' })]
    for (const bad of [rawCrl({ entries, outerAlgorithm: tlv(0x30, oid('1.2.840.10045.4.3.3')) }), rawCrl({ entries, version: Buffer.alloc(0), extensions: [extension('2.5.29.20', tlv(0x02, [9]))] })]) {
      const whole = await codeOf(Promise.resolve().then(() => readCrl(bad)))
      expect(whole).toMatch(/^crlMalformed \d\d+$/)
      for (const size of [1, 40, 1000]) expect(await codeOf(read(bad, size))).toBe(whole)
    }
  })

  it('a head that is still not whole after a quarter of a MiB', async () => {
    const large = rawCrl({ issuer: tlv(0x30, Buffer.alloc(3_000_000)) })
    let given = 0
    const counted = async function* (): AsyncIterable<Uint8Array> { for await (const piece of cut(large, 4096)) { given += piece.length; yield piece } }
    expect(await codeOf(readCrlStream(counted(), { serials: [], signers: [] }))).toMatch(/^derTruncated /)
    expect(given).toBeLessThan(1_100_000)
  })

  it('an entry of 64 KiB, wherever it is cut', async () => {
    const filled = (size: number): Buffer => rawCrl({ entries: [encodeEntry({ serial: '1', extensions: [extension('1.2.3.4', octets(Buffer.alloc(size)))] }), encodeEntry({ serial: '2' })] })
    const entryBytes = encodeEntry({ serial: '1', extensions: [extension('1.2.3.4', octets(Buffer.alloc(60_000)))] }).length
    const most = maxEntryBytes - entryBytes + 60_000
    for (const size of [1000, 70_000]) {
      expect(await codeOf(read(filled(most), size))).toBe('read')
      expect(await codeOf(read(filled(most + 1), size))).toMatch(/^crlTooLarge /)
    }
  })

  it('what is no CRL, and an entry of megabytes, from the first pieces', async () => {
    const large = rawCrl({ entries: [tlv(0x30, Buffer.alloc(3_000_000))] })
    const place = large.indexOf(Buffer.from('30832dc6c0', 'hex'))
    const piecesRead = async (whole: Uint8Array, size: number): Promise<[string, number]> => {
      let given = 0
      const counted = async function* (): AsyncIterable<Uint8Array> { for await (const piece of cut(whole, size)) { given++; yield piece } }
      return [(await codeOf(readCrlStream(counted(), { serials: [], signers: [] }))).split(' ')[0]!, given]
    }
    expect(await piecesRead(Buffer.alloc(100_000, 0x3c), 500)).toEqual(['derTag', 1])
    expect(place).toBeGreaterThan(64)
    for (let inside = 0; inside < 6; inside++) {
      const [code, given] = await piecesRead(large, place + inside)
      expect([code, given < 4]).toEqual(['crlTooLarge', true])
    }
  })

  it('an entry that ends behind their list, wherever it is cut', async () => {
    const entry = encodeEntry({ serial: '1234', reason: 1 })
    for (const missing of [1, 5, entry.length - 1]) {
      const broken = rawCrl({ entries: [entry, entry, entry.subarray(0, entry.length - missing)] })
      for (let size = 1; size < 200; size += 3) expect(await codeOf(read(broken, size)), `${missing} of ${size}`).toMatch(/^derTruncated /)
    }
  })

  it('extensions and signature of a MiB', async () => {
    const long = rawCrl({ extensions: [extension('1.2.3.4', octets(Buffer.alloc(1_100_000)))] })
    let given = 0
    const counted = async function* (): AsyncIterable<Uint8Array> { for await (const piece of cut(long, 1000)) { given++; yield piece } }
    expect(await codeOf(readCrlStream(counted(), { serials: [], signers: [] }))).toMatch(/^crlTooLarge \d\d/)
    expect(given).toBeLessThan(5)
  })
})

describe('where the pieces come from', () => {
  const bytes = makeCrl({ issuer: ca, entries: Array.from({ length: 20_000 }, (_, i) => ({ serial: (i + 0x10000).toString(16), reason: 1 })) })
  const options = { serials: ['10000', '14e1f'], signers: [] }
  const found = (crl: StreamedCrl): unknown => [crl.size, crl.find('10000')?.reason, crl.find('14e1f')?.reason]
  const all = [20_000, 'keyCompromise', 'keyCompromise']

  it('a byte stream fills one memory of 256 KiB again and again', async () => {
    let at = 0
    const asked: (number | undefined)[] = []
    const memories = new Set<ArrayBufferLike>()
    const stream = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        const view = controller.byobRequest?.view as Uint8Array | null | undefined
        asked.push(view?.byteLength)
        if (view === null || view === undefined) throw new Error('no memory to fill')
        memories.add(view.buffer)
        const piece = bytes.subarray(at, at + view.byteLength)
        new Uint8Array(view.buffer, view.byteOffset).set(piece)
        at += piece.length
        if (piece.length === 0) controller.close()
        controller.byobRequest!.respond(piece.length)
      },
    })
    expect(found(await readCrlStream(stream, options))).toEqual(all)
    expect(new Set(asked)).toEqual(new Set([262_144]))
  })

  it('a stream that gives a reader, and is not iterable', async () => {
    const source = new Blob([new Uint8Array(bytes)]).stream()
    expect(found(await readCrlStream({ getReader: (...how: []) => source.getReader(...how) } as ReadableStream<Uint8Array>, options))).toEqual(all)
  })

  it('a file in two memories of half a MiB, read at each position once', async () => {
    const places: number[] = []
    const lengths = new Set<number>()
    const memories = new Set<ArrayBufferLike>()
    const file: CrlFile = {
      async read(memory, offset, length, position) {
        places.push(position)
        lengths.add(length)
        memories.add(memory.buffer)
        const piece = bytes.subarray(position, position + length)
        memory.set(piece, offset)
        return { bytesRead: piece.length }
      },
    }
    expect(found(await readCrlStream(file, options))).toEqual(all)
    expect([places, [...lengths], memories.size]).toEqual([[0, 524_288, bytes.length], [524_288], 2])
  })

  it('an iterable that has a method `read` of another meaning, as streams of Node have', async () => {
    const source = Object.assign(cut(bytes, 50_000), { read: () => { throw new Error('not this') } })
    expect(found(await readCrlStream(source, options))).toEqual(all)
  })

  it('a stream that cannot be cancelled after a refusal', async () => {
    const broken = (type: 'bytes' | undefined): ReadableStream<Uint8Array> => new ReadableStream({
      ...(type && { type }), pull(controller: ReadableStreamDefaultController<Uint8Array>) { controller.enqueue(new Uint8Array(100).fill(0x31)) }, cancel() { throw new Error('no') },
    } as unknown as UnderlyingDefaultSource<Uint8Array>)
    for (const type of ['bytes', undefined] as const) expect(await codeOf(readCrlStream(broken(type), options))).toBe('derTag 0')
  })

  it('what is in a name is read by octets, not by pieces', async () => {
    const parts = rawCrl({ issuer: dn('CN=CA Contoh'), entries: [encodeEntry({ serial: '1' })], extensions: [extension('2.5.29.20', tlv(0x02, [9])), extension('1.2.3', oid('1.2.3'))] })
    for (const size of [1, 3, 30]) expect(await read(parts, size, { serials: ['1'] })).toMatchObject({ size: 1, crlNumber: 9n, extensions: [{ oid: '2.5.29.20' }, { oid: '1.2.3' }] })
  })
})
