import { deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { PDFDocument, StandardFonts } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { inspectLetter, type LetterReport } from '../../src/letter/index.js'
import { inflateZlib } from '../../src/letter/pdf/inflate.js'
import { PkiError } from '../../src/errors.js'
import { options } from './office.js'
import { PdfFile, streamObject } from './pdf.js'

/** The caller's list: this package knows no language. */
const claimPhrases = ['ditandatangani secara elektronik', 'Balai Besar Sertifikasi Elektronik']
const inspect = (bytes: Uint8Array): Promise<LetterReport> => inspectLetter(bytes, { ...options, claimPhrases })
const kind = async (content: string, more: ConstructorParameters<typeof PdfFile>[0] = {}): Promise<string> => {
  const report = await inspect(new PdfFile({ content, ...more }).bytes)
  return [report.kind, ...report.claims].join(', ')
}
const sentence = 'Dokumen ini telah ditandatangani secara elektronik'
const picture = new Map([[60, streamObject(Buffer.alloc(12), '/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceRGB')]])
const withPicture = { objects: picture, resources: '/Font << /F1 5 0 R >> /XObject << /Im1 60 0 R >>' }

describe('a letter without a signature', () => {
  it('plain text', async () => expect(await kind('BT /F1 12 Tf (Surat permohonan) Tj ET')).toBe('unsigned'))
  it('a printout of a letter that was signed electronically', async () => {
    expect(await kind(`BT /F1 12 Tf (${sentence}) Tj ET`)).toBe('claimsElectronicSignature, ditandatangani secara elektronik')
    expect(await kind(`BT /F1 12 Tf (${sentence.toUpperCase()}) Tj ET`)).toBe('claimsElectronicSignature, ditandatangani secara elektronik')
  })
  it('the sentence in pieces, over lines, in hexadecimal, escaped', async () => {
    const claimed = 'claimsElectronicSignature, ditandatangani secara elektronik'
    expect(await kind('BT /F1 12 Tf [(ditanda) -20 (tangani) -300 (secara)] TJ 0 -14 Td (elektronik) Tj ET')).toBe(claimed)
    expect(await kind(`BT /F1 12 Tf <${Buffer.from(sentence).toString('hex')}> Tj ET`)).toBe(claimed)
    expect(await kind('BT /F1 12 Tf (\\144itandatangani\\\n secara) \' (elektronik) \' ET')).toBe(claimed)
  })
  it('a scan: a picture and no text', async () => {
    expect(await kind('q 500 0 0 800 0 0 cm /Im1 Do Q', withPicture)).toBe('imageOnly')
    expect(await kind('BI /W 1 /H 1 /BPC 8 /CS /G ID \x01\x02EI x EI Q')).toBe('imageOnly')
  })
  it('a scan with recognised text, which is drawn invisibly', async () => {
    expect(await kind('/Im1 Do BT 3 Tr /F1 12 Tf (Surat permohonan) Tj ET', withPicture)).toBe('imageOnly')
    expect(await kind(`/Im1 Do BT 3 Tr /F1 12 Tf (${sentence}) Tj ET`, withPicture)).toBe('claimsElectronicSignature, ditandatangani secara elektronik')
    expect(await kind('/Im1 Do BT /F1 12 Tf (Surat permohonan) Tj ET', withPicture)).toBe('unsigned')
  })
  it('text inside form XObjects, to a depth', async () => {
    const objects = new Map([[60, streamObject(`BT /F1 9 Tf (${sentence}) Tj ET /Fm1 Do`, '/Type /XObject /Subtype /Form /Resources << /Font << /F1 5 0 R >> /XObject << /Fm1 60 0 R >> >>')]])
    const report = await inspect(new PdfFile({ content: '/Fm1 Do', objects, resources: '/XObject << /Fm1 60 0 R >>' }).bytes)
    expect(report.kind).toBe('claimsElectronicSignature')
    // The form draws itself: it is followed only so far.
    expect(report.problems.map(({ code }) => code)).toEqual(['textLimit'])
  })
  it('composite fonts by their ToUnicode map (ISO 32000-1 9.10.3)', async () => {
    const letters = [...new Set(sentence)]
    const cmap = `/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <FFFF> endcodespacerange ${letters.length - 1} beginbfchar\n${letters.slice(1).map((letter, i) => `<${(i + 2).toString(16).padStart(4, '0')}> <${letter.charCodeAt(0).toString(16).padStart(4, '0')}>`).join('\n')}\nendbfchar 1 beginbfrange <0001> <0001> <${letters[0]!.charCodeAt(0).toString(16).padStart(4, '0')}> endbfrange`
    const objects = new Map<number, string | Buffer>([[60, '<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 61 0 R >>'], [61, streamObject(cmap, '', true)]])
    const codes = Array.from(sentence, (letter) => (letters.indexOf(letter) + 1).toString(16).padStart(4, '0')).join('')
    expect(await kind(`BT /F1 12 Tf <${codes}> Tj ET`, { objects, resources: '/Font << /F1 60 0 R >>' })).toBe('claimsElectronicSignature, ditandatangani secara elektronik')
  })
  it.each([true, false])('a letter made by pdf-lib (object streams: %s)', async (useObjectStreams) => {
    const document = await PDFDocument.create()
    const font = await document.embedFont(StandardFonts.Helvetica)
    document.addPage().drawText(`${sentence} menggunakan sertifikat`, { font, x: 50, y: 700 })
    document.addPage().drawText('Halaman dua', { font })
    const report = await inspect(await document.save({ useObjectStreams }))
    expect(report).toMatchObject({ kind: 'claimsElectronicSignature', pages: 2, problems: [] })
  })
  it('content that cannot be read is told', async () => {
    const report = await inspect(new PdfFile({ content: 'BT (open' }).bytes)
    expect(report).toMatchObject({ kind: 'unsigned', problems: [{ code: 'objectUnreadable' }] })
  })
})

describe('RFC 1950, RFC 1951: unpacking', () => {
  it('equals zlib on everything zlib makes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 4_000 }), fc.integer({ min: -1, max: 9 }), fc.constantFrom(0, 1, 2, 3, 4), fc.nat(40), (bytes, level, strategy, repeat) => {
      const data = Buffer.concat(Array.from({ length: repeat + 1 }, () => bytes))
      expect(Buffer.from(inflateZlib(deflateSync(data, { level, strategy }), data.length)).equals(data)).toBe(true)
    }), { numRuns: 300 })
  })
  it('never accepts what zlib refuses, apart from the checksum; throws nothing but PkiError', () => {
    const original = deflateSync(Buffer.from(sentence.repeat(20)))
    fc.assert(fc.property(fc.nat(original.length - 1), fc.nat(255), fc.nat(original.length), (at, value, cut) => {
      const damaged = Buffer.from(original.subarray(0, cut === 0 ? original.length : cut))
      if (at < damaged.length) damaged[at] = value
      try {
        inflateZlib(damaged, 10_000)
      } catch (error) {
        expect(error).toBeInstanceOf(PkiError)
        return
      }
      try {
        inflateSync(damaged)
      } catch (error) {
        expect((error as Error).message).toMatch(/incorrect data check|unexpected end of file/)
      }
    }), { numRuns: 2_000 })
  })
  it('stops at the limit', () => {
    expect(() => inflateZlib(deflateSync(Buffer.alloc(1_001)), 1_000)).toThrow(expect.objectContaining({ code: 'pdfTooLarge' }) as Error)
    expect(inflateZlib(deflateSync(Buffer.alloc(1_000)), 1_000)).toHaveLength(1_000)
  })
})
