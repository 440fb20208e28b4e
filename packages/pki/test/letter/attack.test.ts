import { readFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { inspectLetter, type LetterOptions, type LetterReport } from '../../src/letter/index.js'
import { PkiError } from '../../src/errors.js'

import { ca, deputy, head, makeLetter, options, token } from './office.js'
import { makeCms } from './cms.js'
import { PdfFile, streamObject } from './pdf.js'
import { cpuTime } from '../support/cpu-time.js'

const inspect = (bytes: Uint8Array, more: Partial<LetterOptions> = {}): Promise<LetterReport> => inspectLetter(bytes, { ...options, ...more })
const refusal = async (bytes: Uint8Array, more: Partial<LetterOptions> = {}): Promise<string> => {
  try {
    await inspect(bytes, more)
    return 'read'
  } catch (error) {
    expect(error).toBeInstanceOf(PkiError)
    return (error as PkiError).code
  }
}
const after = async (file: PdfFile): Promise<string> => {
  const [signature] = (await inspect(file.bytes)).signatures
  return [signature!.integrity, signature!.afterwards.contentChanged ? 'CHANGED' : 'same', ...new Set(signature!.afterwards.changes.map(({ code }) => code))].join(' ')
}
const broken = async (bytes: Uint8Array): Promise<string> => {
  const report = await inspect(bytes)
  return report.signatures.map(({ integrity, problems }) => [integrity, ...problems.map(({ code }) => code)].join(' ')).join(', ')
}
const paint = (text: string): Buffer => streamObject(`BT /F1 12 Tf 72 720 Td (${text}) Tj ET`)

describe('ISO 32000-1 12.8.1: what ByteRange covers', () => {
  const ranged = (range: (honest: [number, number, number, number]) => readonly number[]): Promise<string> => broken(makeLetter({ sign: { range } }).bytes)
  it('does not start at 0', async () => expect(await ranged(([, b, c, d]) => [1, b - 1, c, d])).toBe('broken byteRangeShape'))
  it('has two gaps, or one number too few', async () => {
    expect(await ranged(([a, b, c, d]) => [a, 100, 200, b - 200, c, d])).toBe('broken byteRangeShape')
    expect(await ranged(([a, b, c]) => [a, b, c])).toBe('broken byteRangeShape')
  })
  it('leaves out more than Contents', async () => {
    expect(await ranged(([a, b, c, d]) => [a, b - 40, c, d])).toBe('broken byteRangeGap')
    expect(await ranged(([a, b, c, d]) => [a, b, c + 10, d - 10])).toBe('broken byteRangeGap')
  })
  it('leaves out less: the digits of Contents sign themselves', async () => expect(await ranged(([a, b, c, d]) => [a, b + 1, c, d])).toBe('broken byteRangeGap'))
  it('ends before the end of a revision, or beyond the file', async () => {
    expect(await ranged(([a, b, c, d]) => [a, b, c, d - 20])).toBe('broken byteRangeEnd')
    expect(await ranged(([a, b, c, d]) => [a, b, c, d + 1])).toBe('broken byteRangeEnd')
  })
  it('ends inside a later revision', async () => {
    const file = makeLetter({ sign: { range: ([a, b, c, d]) => [a, b, c, d + 5] } })
    expect(await broken(file.append(new Map([[file.number(), 'null']])).bytes)).toBe('broken byteRangeEnd')
  })
  it('a signature that no field of the signed revision showed', async () => {
    const file = new PdfFile()
    makeLetter({ file, sign: { objects: new Map([[1, '<< /Type /Catalog /Pages 2 0 R >>']]) } })
    expect((await inspect(file.bytes)).problems.map(({ code }) => code)).toEqual(['signatureRemoved'])
    expect(await broken(file.append(new Map([[1, file.catalog()]])).bytes)).toBe('broken dictionaryMoved')
  })
  it('overlaps itself, is negative or a fraction', async () => {
    expect(await ranged(([a, , c, d]) => [a, c, c, d])).toBe('broken byteRangeGap')
    expect(await ranged(([a, b, c]) => [a, b, c, -5])).toBe('broken byteRangeShape')
    expect(await ranged(([a, b, c]) => [a, b, c, 1.5])).toBe('broken byteRangeShape')
  })
  it('Contents with something behind the message, or in it that is no digit', async () => {
    const file = makeLetter()
    const close = file.bytes.indexOf('0> >>', 'latin1')
    const stuffed = Buffer.from(file.bytes)
    stuffed.write('41', close - 9, 'latin1')
    expect(await broken(stuffed)).toBe('broken contentsMalformed')
    const spaced = Buffer.from(file.bytes)
    spaced.write(' ', close - 9, 'latin1')
    expect(await broken(spaced)).toBe('broken contentsMalformed')
  })
  it('two fields over one signature', async () => {
    const file = makeLetter()
    const twin = file.number()
    file.fields.push(twin)
    file.append(new Map([[twin, `<< /FT /Sig /T (Salinan) /V 7 0 R /Type /Annot /Subtype /Widget /Rect [0 0 0 0] >>`], [1, file.catalog()]]))
    // The second field is not in the signed revision, and both show the same octets.
    expect(await broken(file.bytes)).toBe('broken byteRangeShared, broken byteRangeShared')
  })
})

describe('changes after signing', () => {
  it('one octet of the signed revision', async () => {
    const { bytes } = makeLetter()
    bytes[bytes.indexOf('permohonan', 'latin1')]! ^= 1
    expect(await broken(bytes)).toBe('broken digestMismatch')
  })
  it('octets behind the end', async () => {
    const file = makeLetter()
    file.bytes = Buffer.concat([file.bytes, Buffer.from('sisipan')])
    expect(await after(file)).toBe('intact CHANGED trailingOctets')
    file.bytes = Buffer.concat([makeLetter().bytes, Buffer.from('\r\n \n')])
    expect(await after(file)).toBe('intact same')
  })
  it('the content of a page replaced', async () => expect(await after(makeLetter().append(new Map([[4, paint('Surat lain')]])))).toBe('intact CHANGED content'))
  it('the page pointed to another content', async () => {
    const file = makeLetter()
    const other = file.number()
    file.append(new Map<number, string | Buffer>([[other, paint('Surat lain')], [3, file.page().replace('/Contents 4 0 R', `/Contents ${other} 0 R`)]]))
    expect(await after(file)).toBe('intact CHANGED content')
  })
  it('the page tree, or the catalog, pointed elsewhere', async () => {
    const file = makeLetter()
    expect(await after(file.append(new Map([[2, '<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>']])))).toBe('intact CHANGED content')
    const second = makeLetter()
    const pages = second.number()
    second.append(new Map([[pages, '<< /Type /Pages /Kids [] /Count 0 >>'], [1, second.catalog().replace('/Pages 2 0 R', `/Pages ${pages} 0 R`)]]))
    expect(await after(second)).toBe('intact CHANGED content')
  })
  it('another root', async () => {
    const file = makeLetter()
    const other = file.number()
    file.append(new Map([[other, file.catalog()]]))
    const replaced = Buffer.from(file.bytes)
    replaced.write(`/Root ${other}`, replaced.lastIndexOf('/Root 1', undefined, 'latin1'), 'latin1')
    file.bytes = replaced
    expect(await after(file)).toMatch(/CHANGED (rewritten|content)/)
  })
  it('an annotation over the page, a form field, a font', async () => {
    const file = makeLetter()
    const note = file.number()
    file.annotations.push(note)
    expect(await after(file.append(new Map([[note, '<< /Type /Annot /Subtype /FreeText /Rect [0 0 500 800] /DA (x) /Contents (x) >>'], [3, file.page()]])))).toBe('intact CHANGED annotation')
    const form = makeLetter()
    const box = form.number()
    form.fields.push(box)
    expect(await after(form.append(new Map([[box, '<< /FT /Tx /T (Alasan) /V (x) >>'], [1, form.catalog()]])))).toBe('intact CHANGED formField')
    const font = makeLetter()
    expect(await after(font.append(new Map([[5, '<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] >>']])))).toBe('intact CHANGED content')
  })
  it('the catalog: an action on opening, layers switched', async () => {
    const file = makeLetter()
    file.catalogExtra = '/OpenAction << /S /JavaScript /JS (x) >>'
    expect(await after(file.append(new Map([[1, file.catalog()]])))).toBe('intact CHANGED content')
    const layers = makeLetter()
    layers.catalogExtra = '/OCProperties << /OCGs [] /D << >> >>'
    expect(await after(layers.append(new Map([[1, layers.catalog()]])))).toBe('intact CHANGED content')
  })
  it('a signature field that carries what no field needs', async () => {
    const file = makeLetter()
    const odd = file.number()
    file.fields.push(odd)
    expect(await after(file.append(new Map([[odd, '<< /FT /Sig /T (X) /Contents 4 0 R /Type /Page >>'], [1, file.catalog()]])))).toBe('intact CHANGED formField')
  })
  it('a signature field with an action', async () => {
    const file = makeLetter()
    const odd = file.number()
    file.fields.push(odd)
    expect(await after(file.append(new Map([[odd, '<< /FT /Sig /T (X) /AA << >> >>'], [1, file.catalog()]])))).toBe('intact CHANGED formField')
  })
  it('an annotation taken away, or put in another order', async () => {
    const notes = new Map([[60, '<< /Type /Annot /Subtype /Stamp /Rect [0 0 9 9] >>'], [61, '<< /Type /Annot /Subtype /Stamp /Rect [0 0 9 9] >>']])
    const stamped = (): PdfFile => {
      const file = new PdfFile({ objects: notes })
      file.annotations.push(60, 61)
      return makeLetter({ file: file.append(new Map([[3, file.page()]])) })
    }
    for (const change of [(list: number[]) => list.shift(), (list: number[]) => list.reverse()]) {
      const file = stamped()
      change(file.annotations)
      expect(await after(file.append(new Map([[3, file.page()]])))).toBe('intact CHANGED content')
    }
  })
  it('document information and XMP are metadata', async () => {
    const info = makeLetter()
    const number = info.number()
    expect(await after(info.append(new Map([[number, '<< /ModDate (D:20260103) /Producer (Lain) >>']]), info.style, `/Info ${number} 0 R`))).toBe('intact same metadata')
    const xmp = makeLetter()
    const stream = xmp.number()
    xmp.catalogExtra = `/Metadata ${stream} 0 R`
    expect(await after(xmp.append(new Map<number, string | Buffer>([[stream, streamObject('<x/>', '/Type /Metadata /Subtype /XML')], [1, xmp.catalog()]])))).toBe('intact same metadata')
  })
  it('an object written again as it was is no change', async () => {
    expect(await after(makeLetter().append(new Map([[5, '<< /Encoding /WinAnsiEncoding /Type /Font /BaseFont /Helvetica /Subtype /Type1 >>']])))).toBe('intact same')
  })
  it('a file saved anew has lost its revisions', async () => {
    const file = makeLetter()
    const start = file.bytes.length
    file.append(new Map([[4, paint('Surat lain')]]))
    const cut = Buffer.from(file.bytes)
    cut.write('/Drev', cut.indexOf('/Prev', start, 'latin1'), 'latin1')
    expect(await refusal(cut)).toMatch(/pdfMalformed/)
  })
})

describe('shadow attacks: prepared before signing', () => {
  it('a dangling reference that is filled later', async () => {
    const file = new PdfFile({ page: '/Group 90 0 R' })
    makeLetter({ file })
    expect(await after(file.append(new Map([[90, '<< /S /Transparency >>']])))).toBe('intact CHANGED content')
  })
  it('an object announced beyond the signed octets', async () => {
    // The first revision says that object 60 stands at 60,000, where the signed file has nothing.
    const file = new PdfFile({ page: '/Group 60 0 R', objects: new Map([[60, 'null']]) })
    const entry = file.bytes.indexOf('60 1\n', 'latin1') + 5
    file.bytes.write('0000060000', entry, 'latin1')
    makeLetter({ file })
    expect(file.bytes.length).toBeLessThan(60_000)
    const filler = file.number()
    const room = 60_000 - file.bytes.length - `${filler} 0 obj\n`.length
    file.append(new Map([[filler, `(${' '.repeat(room - 12)})\nendobj\n60 0 obj << /S /Transparency >>`]]))
    expect(file.bytes.indexOf('60 0 obj <<', 'latin1')).toBeGreaterThan(0)
    expect(await after(file)).toMatch(/^intact CHANGED content/)
  })
  it('a string left open across the end of the signed octets', async () => {
    const file = new PdfFile({ page: '/Group 60 0 R', objects: new Map([[60, '<< /S /Transparency /X (']]) })
    const report = await inspect(makeLetter({ file }).bytes)
    // Before anything is appended the object cannot be read at all.
    expect(report.signatures[0]!.afterwards.contentChanged).toBe(false)
    file.append(new Map([[file.number(), ') >>']]))
    expect(await after(file)).toMatch(/^intact CHANGED content/)
  })
  it('an evidence list that is also the content of a page', async () => {
    const objects = new Map<number, string | Buffer>([[60, '[4 0 R]'], [61, '<< /Type /DSS /Certs 60 0 R >>']])
    const file = new PdfFile({ objects, catalog: '/DSS 61 0 R' })
    file.page = () => '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 60 0 R /Resources << /Font << /F1 5 0 R >> >> >>'
    file.append(new Map([[3, file.page()]]))
    makeLetter({ file })
    const other = file.number()
    file.append(new Map<number, string | Buffer>([[other, paint('Surat lain')], [60, `[4 0 R ${other} 0 R]`]]))
    expect(await after(file)).toBe('intact CHANGED content')
  })
  it('an evidence list that is nothing else may grow', async () => {
    const objects = new Map<number, string | Buffer>([[60, '[]'], [61, '<< /Type /DSS /Certs 60 0 R >>']])
    const file = makeLetter({ file: new PdfFile({ objects, catalog: '/DSS 61 0 R' }) })
    const other = file.number()
    file.append(new Map<number, string | Buffer>([[other, streamObject(ca.der)], [60, `[${other} 0 R]`]]))
    expect(await after(file)).toBe('intact same evidence')
  })
  it('the length of a signed stream changed later', async () => {
    const file = new PdfFile({ objects: new Map<number, string | Buffer>([[60, '20']]) })
    makeLetter({ file })
    expect(await after(file.append(new Map([[60, '10']])))).toMatch(/CHANGED content/)
  })
  it('the signed signature shown in another place, or another in its place', async () => {
    const file = makeLetter({ sign: { field: 'Kepala' } })
    // The field of the officer now shows a signature made later by somebody else.
    const field = file.fields[0]!
    const forged = makeLetter({ file, signer: deputy, certificates: [deputy, ca], sign: { field: 'Lain' } })
    const other = forged.fields[1]!
    const value = /\/V (\d+) 0 R/.exec(forged.bytes.subarray(forged.bytes.lastIndexOf(`${other} 0 obj`, undefined, 'latin1')).toString('latin1'))![1]!
    forged.append(new Map([[field, `<< /FT /Sig /T (Kepala) /V ${value} 0 R /Type /Annot /Subtype /Widget /Rect [0 0 0 0] >>`]]))
    const report = await inspect(forged.bytes)
    expect(report.signatures.every(({ integrity, afterwards }) => integrity === 'broken' || afterwards.contentChanged)).toBe(true)
    // The officer's own signature is still in the file, and no field shows it.
    expect(report.problems.map(({ code }) => code)).toContain('signatureRemoved')
  })
  it('a signature cut out of the form', async () => {
    const file = makeLetter()
    file.fields.length = 0
    file.append(new Map([[1, file.catalog()]]))
    const report = await inspect(file.bytes)
    expect(report).toMatchObject({ kind: 'unsigned', signatures: [] })
    expect(report.problems.map(({ code }) => code)).toEqual(['signatureRemoved'])
  })
  it('Contents by reference, or packed in an object stream', async () => {
    const file = new PdfFile()
    const number = file.number()
    const field = file.number()
    file.fields.push(field)
    file.append(new Map([[number, '<3000>'], [field, `<< /FT /Sig /T (X) /V << /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents ${number} 0 R >> >>`], [1, file.catalog()]]))
    expect(await broken(file.bytes)).toBe('broken contentsMalformed')
  })
})

describe('files that are no complete PDF', () => {
  const whole = makeLetter().bytes
  it.each([['empty', Buffer.alloc(0)], ['text', Buffer.from('Surat permohonan')], ['a header alone', Buffer.from('%PDF-1.7\n')], ['half', whole.subarray(0, whole.length >> 1)], ['the last line cut off', whole.subarray(0, whole.length - 3)], ['octets before the header', Buffer.concat([Buffer.from('HTTP/1.1 200 OK\n'), whole])]])('%s', async (_, bytes) => {
    expect(await refusal(bytes)).toBe('pdfMalformed')
  })
  it('encrypted', async () => {
    const file = makeLetter()
    expect(await refusal(file.append(new Map(), file.style, '/Encrypt << /Filter /Standard >>').bytes)).toBe('pdfEncrypted')
  })
  it('larger than the limit', async () => expect(await refusal(whole, { maxBytes: 1_000 })).toBe('pdfTooLarge'))
  it('sections in a loop', async () => {
    const file = new PdfFile()
    const at = file.bytes.lastIndexOf('xref\n0 1', undefined, 'latin1')
    file.append(new Map([[5, 'null']]))
    const looped = Buffer.from(file.bytes.toString('latin1').replace('/Root 1 0 R  ', `/Root 1 0 R /Prev ${at} `), 'latin1')
    expect(await refusal(looped)).toBe('pdfMalformed')
  })
  it('an object stream whose filter is packed in itself', async () => {
    expect(await refusal(readFileSync(new URL('../corpus/letters/object-stream-filter-in-itself.pdf', import.meta.url)))).toBe('pdfMalformed')
  })
  it('a dictionary key twice has two meanings', async () => {
    const file = new PdfFile({ catalog: '/PageMode /UseNone /PageMode /UseOC' })
    expect(await refusal(file.bytes)).toBe('pdfMalformed')
  })
  it('a cross-reference stream that is a bomb', async () => {
    const bomb = deflateSync(Buffer.alloc(200_000_000))
    const body = Buffer.concat([Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /XRef /Size 1 /Root 1 0 R /W [1 4 2] /Filter /FlateDecode /Length ${bomb.length} >>\nstream\n`), bomb, Buffer.from('\nendstream\nendobj\nstartxref\n9\n%%EOF\n')])
    const started = cpuTime()
    expect(await refusal(body)).toBe('pdfTooLarge')
    expect(cpuTime() - started).toBeLessThan(10_000)
  })
  it('a page that is a bomb leaves the signatures readable', async () => {
    const bomb = deflateSync(Buffer.alloc(200_000_000, 0x20))
    const file = new PdfFile({ objects: new Map([[60, Buffer.concat([Buffer.from(`<< /Length ${bomb.length} /Filter /FlateDecode >>\nstream\n`), bomb, Buffer.from('\nendstream')])]]) })
    file.page = () => '<< /Type /Page /Parent 2 0 R /Contents 60 0 R >>'
    file.append(new Map([[3, file.page()]]))
    const report = await inspect(file.sign({ message: (covered) => makeCms(covered, { signer: head, timestamp: token() }) }).bytes)
    expect(report.signatures[0]!.integrity).toBe('intact')
    expect(report.problems.map(({ code }) => code)).toEqual(['textLimit'])
  })
  it('nested a hundred thousand deep', async () => {
    const file = new PdfFile({ objects: new Map([[60, '['.repeat(100_000)]]), catalog: '/Names 60 0 R' })
    expect((await inspect(makeLetter({ file }).bytes)).signatures[0]!.integrity).toBe('intact')
  })
})
