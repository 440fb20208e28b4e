import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { PDFDocument } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { PkiError } from '../../src/errors.js'
import { readSignedData } from '../../src/letter/cms.js'
import { inspectLetter, type LetterReport } from '../../src/letter/index.js'
import { PdfDocument } from '../../src/letter/pdf/document.js'
import { readTimestampInfo } from '../../src/letter/timestamp.js'
import { readTimestampResponse, timestampTokenOf } from '../../src/timestamp/index.js'
import { bits, int, seq, tlv } from '../build/der.js'
import { later, makeParty } from '../build/certificate.js'
import { fuzzSize } from '../support/fuzz.js'
import { makeCms, makeToken } from './cms.js'
import { authority, ca, crl, deputy, documentPurpose, makeLetter, options, rootCrl, token } from './office.js'
import { PdfFile, streamObject } from './pdf.js'
import { cpuTime } from '../support/cpu-time.js'

const fuzz = fuzzSize('letters', 3_000)
/** The normal run repeats the same cases; with `CABUT_FUZZ` every run draws new ones. */
const drawn = process.env['CABUT_FUZZ'] === undefined ? { seed: 20261122 } : {}
const signer = makeParty({ subject: 'CN=Ratna Pertiwi,O=Kota Contoh,C=ID', issuer: ca, serial: 'a1b2', extensions: [documentPurpose] })
const revoked = { ...options, crls: [rootCrl, crl({ entries: [{ serial: 'a1b2', date: later(0.5) }] })] }
const small = { room: 4_000 }

const table = makeLetter({ signer, certificates: [signer, ca], sign: small })
const stream = makeLetter({ style: 'stream', signer, certificates: [signer, ca], sign: small }).addStore({ certificates: [ca.der], crls: [rootCrl] })
const twice = makeLetter({ signer: deputy, file: makeLetter({ signer, sign: small }), sign: { ...small, visible: true } })
const unsigned = new PdfFile({ content: '/Im1 Do BT /F1 12 Tf [(Surat) -20 <20>] TJ ET', objects: new Map([[60, streamObject('xx', '/Type /XObject /Subtype /Image')]]), resources: '/Font << /F1 5 0 R >> /XObject << /Im1 60 0 R >>' })
const packed = await PDFDocument.create().then(async (document) => {
  document.addPage().drawText('Surat permohonan')
  return Buffer.from(await document.save({ useObjectStreams: true }))
})
const files = [table.bytes, stream.bytes, twice.bytes, unsigned.bytes, packed]

/** Tokens that carry the structure of a PDF, and places where they stand. */
const structure = /\/[A-Za-z0-9]+|\d+ \d+ R|\d+ \d+ obj|endobj|endstream|stream|startxref|trailer|xref|%%EOF|<<|>>|\[|\]|\b\d+\b|<[0-9a-f]{8}/g
const placesOf = (bytes: Buffer): { at: number; text: string }[] => {
  const text = bytes.toString('latin1').replace(/(?<=Contents <[0-9a-f]{64})[0-9a-f]+/g, (hole) => '\x01'.repeat(hole.length))
  return [...text.matchAll(structure)].map((match) => ({ at: match.index, text: match[0] }))
}
const places = new Map(files.map((bytes) => [bytes, placesOf(bytes)]))
const words = ['0', '1', '-1', '4294967296', '9999999999', '1 0 R', '3 0 R', '99 0 R', '/Kids', '/Prev', '/Length', '/V', '/Fields', '/Annots', '/Contents', '/ByteRange', '<<', '>>', '[', ']', 'null', 'true', '(', ')', '<', '>', 'endobj', 'stream', 'obj', 'xref', '%', '/Filter /FlateDecode', '/Encrypt 1 0 R', '%%EOF', 'startxref']

type Damage = (bytes: Buffer, original: Buffer) => Buffer
const splice = (bytes: Buffer, at: number, length: number, text: string): Buffer => Buffer.concat([bytes.subarray(0, at), Buffer.from(text, 'latin1'), bytes.subarray(at + length)])
/** Overwrites without moving what follows, so that offsets keep pointing. */
const overwrite = (bytes: Buffer, at: number, length: number, text: string): Buffer => splice(bytes, at, length, text.slice(0, length).padEnd(length))
const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.nat(), fc.constantFrom(...words), fc.boolean()).map(([which, word, keep]): Damage => (bytes, original) => {
    const list = places.get(original)!
    const { at, text } = list[which % list.length]!
    return (keep ? overwrite : splice)(bytes, at, text.length, word)
  }) },
  { weight: 4, arbitrary: fc.tuple(fc.nat(), fc.nat()).map(([a, b]): Damage => (bytes, original) => {
    const list = places.get(original)!
    const [to, from] = [list[a % list.length]!, list[b % list.length]!]
    return overwrite(bytes, to.at, to.text.length, from.text)
  }) },
  { weight: 2, arbitrary: fc.tuple(fc.nat(), fc.nat(255)).map(([where, value]): Damage => (bytes) => {
    const copy = Buffer.from(bytes)
    copy[where % copy.length] = value
    return copy
  }) },
  { weight: 1, arbitrary: fc.nat().map((where): Damage => (bytes) => bytes.subarray(0, where % bytes.length)) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(), fc.nat(60)).map(([where, count]): Damage => (bytes) => Buffer.concat([bytes.subarray(0, where % bytes.length), bytes.subarray((where % bytes.length) + count)])) },
  // A revision appended: the last one again, or an object replaced, with a cross-reference of its own.
  { weight: 3, arbitrary: fc.tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom('null', '[]', '<< >>', '<< /Type /Page /Contents 4 0 R >>', '<< /FT /Sig /T (X) >>', '<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>', '12')).map(([number, body]): Damage => (bytes) => {
    const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(bytes.subarray(-60).toString('latin1'))?.[1] ?? '0'
    const object = `${number} 0 obj\n${body}\nendobj\n`
    return Buffer.concat([bytes, Buffer.from(`${object}xref\n${number} 1\n${String(bytes.length).padStart(10, '0')} 00000 n \ntrailer\n<< /Size 99 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${bytes.length + object.length}\n%%EOF\n`)])
  }) },
)

async function read(bytes: Uint8Array): Promise<LetterReport | undefined> {
  try {
    return await inspectLetter(bytes, { ...revoked, claimPhrases: ['secara elektronik'] })
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
}

describe('damaged letters', () => {
  it('only PkiError leaves; what is still called intact and unchanged shows what was signed; a revoked signer is never good', async () => {
    let readable = 0
    let intact = 0
    await fc.assert(fc.asyncProperty(fc.constantFrom(...files), fc.array(damage, { minLength: 1, maxLength: 3 }), async (original, damages) => {
      let bytes: Buffer = original
      for (const one of damages) if (bytes.length > 0) bytes = one(bytes, original)
      const report = await read(bytes)
      if (report === undefined) return
      readable++
      for (const signature of report.signatures) {
        if (signature.integrity !== 'intact') continue
        intact++
        // Nothing inside the covered octets may differ from the original.
        expect(bytes.subarray(0, signature.covers).equals(original.subarray(0, signature.covers)) || sameOutsideContents(bytes, original, signature.covers!)).toBe(true)
        if (signature.signer?.certificate.serial === 'a1b2') expect(signature.signer.standing).not.toBe('good')
        // Octets were appended or changed behind: only harmless changes may go without a word.
        if (!signature.afterwards.contentChanged) expect(shown(bytes)).toEqual(shown(original))
      }
    }), { numRuns: fuzz.cases(), ...drawn })
    // The damage is not so coarse that nothing gets past the reader.
    expect(readable).toBeGreaterThan(fuzz.each / 20)
    expect(intact).toBeGreaterThan(fuzz.each / 200)
  }, 1_800_000)

  it('CMS and timestamp readers: only PkiError', () => {
    const content = Buffer.from('x')
    const messages = [makeCms(content, { signer, timestamp: token(), certificates: [signer, ca] }), makeToken(content, { authority, at: later(1), fraction: '.5' }), seq(seq(int(2), seq(tlv(0x0c, content)), bits(content))), seq(seq(int(0)), makeToken(content, { authority, at: later(1) }))]
    fc.assert(fc.property(fc.constantFrom(...messages), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(3), (original, octets, cut) => {
      const bytes = Buffer.from(cut === 0 ? original.subarray(0, octets[0]![0] % original.length) : original)
      for (const [where, value] of octets) if (bytes.length > 0) bytes[where % bytes.length] = value
      for (const work of [() => readSignedData(bytes), () => readTimestampInfo(bytes), () => readTimestampInfo(readSignedData(bytes).content ?? bytes), () => readTimestampResponse(bytes), () => timestampTokenOf(bytes)]) {
        try {
          work()
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError)
        }
      }
    }), { numRuns: fuzz.cases(), ...drawn })
  }, 1_800_000)

  it('hostile shapes end soon: 50 ms per MB, tenfold for a shared machine', async () => {
    const object = (body: string): Buffer => new PdfFile({ objects: new Map([[60, body]]), catalog: '/Names 60 0 R' }).bytes
    const many = new PdfFile()
    for (let i = 0; i < 400; i++) many.append(new Map([[5, `<< /I ${i} >>`]]))
    const shapes = [
      object('['.repeat(1_000_000)), object(`[${'1 '.repeat(500_000)}]`), object(`(${'('.repeat(1_000_000)}`), object(`<< ${Array.from({ length: 60_000 }, (_, i) => `/K${i} 0`).join(' ')} >>`),
      object(`<${'ab '.repeat(300_000)}>`), Buffer.concat([many.bytes, Buffer.from('startxref '.repeat(100_000))]), Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from('%'.repeat(1_000_000)), Buffer.from('\nstartxref\n9\n%%EOF')]),
      new PdfFile({ content: `BT ${'(a) Tj '.repeat(150_000)} ET` }).bytes, new PdfFile({ content: 'BI ID '.repeat(150_000) }).bytes, makeLetter({ file: many, signer, sign: small }).bytes,
    ]
    for (const bytes of shapes) {
      const start = cpuTime()
      await read(bytes)
      expect(cpuTime() - start).toBeLessThan(1_000 + 500 * (bytes.length / 1e6))
    }
  }, 120_000)

  const corpus = new URL('../corpus/letters/', import.meta.url)
  it('the corpus: files that once were worth a look', async () => {
    const names = existsSync(corpus) ? readdirSync(corpus) : []
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) await read(readFileSync(new URL(name, corpus)))
  })
})

/** The digits of Contents are not covered by the signature they hold; padding, unsigned attributes and certificates sent along may differ. */
function sameOutsideContents(bytes: Buffer, original: Buffer, end: number): boolean {
  if (bytes.length < end) return false
  const blank = (buffer: Buffer): string => buffer.subarray(0, end).toString('latin1').replace(/\/Contents <[0-9a-fA-F]+>/g, '/Contents <>')
  return blank(bytes) === blank(original)
}

/** What a page shows: its content and fonts, as the document under test resolves them. */
function shown(bytes: Buffer): unknown {
  const document = new PdfDocument(bytes, { left: 10_000_000 })
  const page = document.dictionary({ kind: 'reference', number: 3, generation: 0 })!
  const content = document.resolve(page.entries.get('Contents'))
  return [Buffer.from(document.decode(content)).toString('latin1'), document.object(5), document.object(2)]
}
