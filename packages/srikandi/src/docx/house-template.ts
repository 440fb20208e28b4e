import PizZip from 'pizzip'

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const main = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageRelationships = 'http://schemas.openxmlformats.org/package/2006/relationships'

/** Where the QR code's picture stands; a region's own template may hold a picture there too. */
export const qrPart = 'word/media/qr-bukti.png'

interface Look {
  readonly bold?: boolean
  /** Half points. */
  readonly size?: number
  readonly align?: 'center' | 'both'
  /** Twips: of the first line, of all lines. */
  readonly indent?: number
  readonly left?: number
  readonly fixed?: boolean
  /** Stays on the page of the next paragraph. */
  readonly keep?: boolean
}

/** Where the colon of `Nomor : ...` stands, and its value, in twips. */
const colon = 1134
const value = 1304
const right = 4677

/**
 * Our own template in the house form of an official letter: kop, nomor, sifat, lampiran, hal, tujuan, isi with the table of certificates,
 * penandatangan, tembusan, list of receipts with its QR code. Every placeholder stands in one run; pages are numbered from the second.
 *
 * @returns the octets of a DOCX file, to use as it is or to open in a word processor and change
 * @example
 * ```ts
 * const template = houseTemplate()
 * checkTemplate(template)
 * srikandiVariables(template) // []
 * ```
 */
export function houseTemplate(): Uint8Array {
  const zip = new PizZip()
  const part = (name: string, type: string): string => `<Override PartName="/word/${name}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.${type}+xml"/>`
  const relation = (id: string, type: string, target: string): string => `<Relationship Id="${id}" Type="${relationships}/${type}" Target="${target}"/>`
  const relations = (list: readonly string[]): string => `${declaration}<Relationships xmlns="${packageRelationships}">${list.join('')}</Relationships>`
  zip.file('[Content_Types].xml', `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>${part('document', 'document.main')}${part('styles', 'styles')}${part('header1', 'header')}</Types>`)
  zip.file('_rels/.rels', relations([relation('rId1', 'officeDocument', 'word/document.xml')]))
  zip.file('word/_rels/document.xml.rels', relations([relation('rIdQr', 'image', 'media/qr-bukti.png'), relation('rIdStyles', 'styles', 'styles.xml'), relation('rIdHeader', 'header', 'header1.xml')]))
  zip.file('word/styles.xml', `${declaration}<w:styles xmlns:w="${main}"><w:docDefaults><w:rPrDefault><w:rPr>${face('Arial')}<w:sz w:val="22"/><w:lang w:val="id-ID" w:eastAsia="id-ID"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults></w:styles>`)
  const field = (type: string): string => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`
  zip.file('word/header1.xml', `${declaration}<w:hdr xmlns:w="${main}"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t xml:space="preserve">- </w:t></w:r>${field('begin')}<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>${field('end')}<w:r><w:t xml:space="preserve"> -</w:t></w:r></w:p></w:hdr>`)
  zip.file('word/document.xml', documentXml())
  // One white pixel until the letter is written.
  zip.file(qrPart, 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTgO/QAAAABJRU5ErkJggg==', { base64: true })
  return zip.generate({ type: 'uint8array', compression: 'DEFLATE' })
}

function documentXml(): string {
  const body = [
    // The last line of the letterhead is the office itself: a loop cannot tell it from the others, so all have one size.
    paragraph('{{#kop}}'), paragraph('{{baris}}', { bold: true, size: 28, align: 'center' }), paragraph('{{/kop}}'),
    paragraph('{{alamat}}', { size: 18, align: 'center' }), rule(),
    paragraph('{{#sandbox}}'), paragraph('{{catatan}}', { bold: true, align: 'center' }), paragraph('{{/sandbox}}'),
    paragraph('{{tempat}}, {{tanggal}}', { left: right }),
    ...[['Nomor', 'nomor'], ['Sifat', 'sifat'], ['Lampiran', 'lampiran'], ['Hal', 'hal']].map(([label, name]) => labelled(label ?? '', `{{${name}}}`)),
    paragraph(''), paragraph('{{#tujuan}}'), paragraph('{{baris}}'), paragraph('{{/tujuan}}'), paragraph(''),
    paragraph('{{pembuka}}', { align: 'both', indent: 567 }), paragraph('', { size: 8 }),
    table([['No.', '{{#sertifikat}}{{no}}', 580], ['Pemilik', '{{pemilik}}', 1850], ['Nomor seri', '{{nomor_seri}}', 2400], ['Hasil', '{{hasil}}', 1340], ['Keterangan', '{{keterangan}}{{/sertifikat}}', 3100]], 18, 2),
    paragraph('', { size: 8 }),
    paragraph('{{#penutup}}'), paragraph('{{paragraf}}', { align: 'both', indent: 567 }), paragraph('{{/penutup}}'), paragraph('', { keep: true }),
    paragraph('{{jabatan_penandatangan}},', { left: right, keep: true }), paragraph('', { keep: true }), paragraph('{{tanda_tangan}}', { left: right, keep: true }), paragraph('', { keep: true }),
    paragraph('{{nama_penandatangan}}', { left: right, bold: true }),
    paragraph('{{#tembusan}}'), paragraph('{{baris}}', { size: 20 }), paragraph('{{/tembusan}}'),
    paragraph('{{#daftar_bukti}}'), paragraph(''), seal(), paragraph('', { size: 8 }),
    table([['No.', '{{#bukti}}{{no}}', 580], ['Berkas bukti pencabutan', '{{nama}}', 3490], ['SHA-256', '{{sha256}}{{/bukti}}', 5200]], 13, 1, 2), paragraph('{{/daftar_bukti}}'),
    `<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1418" w:header="567" w:footer="567" w:gutter="0"/><w:titlePg/></w:sectPr>`,
  ]
  return `${declaration}<w:document xmlns:w="${main}" xmlns:r="${relationships}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>${body.join('')}</w:body></w:document>`
}

function face(name: string): string {
  return `<w:rFonts w:ascii="${name}" w:hAnsi="${name}" w:cs="${name}"/>`
}

function paragraph(text: string, { bold, size, align, indent, left, fixed, keep }: Look = {}): string {
  const indents = `${left === undefined ? '' : ` w:left="${left}"`}${indent === undefined ? '' : ` w:firstLine="${indent}"`}`
  const properties = `${keep === true ? '<w:keepNext/>' : ''}${indents === '' ? '' : `<w:ind${indents}/>`}${align === undefined ? '' : `<w:jc w:val="${align}"/>`}`
  const looks = `<w:rPr>${fixed === true ? face('Courier New') : ''}${bold === true ? '<w:b/>' : ''}${size === undefined ? '' : `<w:sz w:val="${size}"/>`}</w:rPr>`
  // An empty paragraph is as high as its mark.
  const marked = text === '' ? `${properties}${looks}` : properties
  return `<w:p>${marked === '' ? '' : `<w:pPr>${marked}</w:pPr>`}${text === '' ? '' : run(text, looks)}</w:p>`
}

function run(text: string, looks: string = ''): string {
  return `<w:r>${looks}<w:t xml:space="preserve">${text}</w:t></w:r>`
}

/** `Nomor : ...`; a long value goes on below itself. */
function labelled(label: string, text: string): string {
  const tab = '<w:r><w:tab/></w:r>'
  return `<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="${colon}"/><w:tab w:val="left" w:pos="${value}"/></w:tabs><w:ind w:left="${value}" w:hanging="${value}"/></w:pPr>${run(label)}${tab}${run(':')}${tab}${run(text)}</w:p>`
}

function rule(): string {
  return '<w:p><w:pPr><w:pBdr><w:bottom w:val="thickThinSmallGap" w:sz="18" w:space="1" w:color="000000"/></w:pBdr><w:spacing w:after="120" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
}

/** A ruled table: its head repeats on every page, no row is split. Columns in `fixed` are set in a fixed face. */
function table(columns: readonly (readonly [head: string, cell: string, width: number])[], size: number, ...fixed: readonly number[]): string {
  const edge = (name: string): string => `<w:${name} w:val="single" w:sz="4" w:space="0" w:color="000000"/>`
  const row = (texts: readonly string[], head: boolean): string =>
    `<w:tr><w:trPr><w:cantSplit/>${head ? '<w:tblHeader/>' : ''}</w:trPr>${texts.map((text, index) => `<w:tc><w:tcPr><w:tcW w:w="${columns[index]?.[2] ?? 0}" w:type="dxa"/></w:tcPr>${paragraph(text, { size: head ? Math.max(size, 16) : size, bold: head, fixed: !head && fixed.includes(index) })}</w:tc>`).join('')}</w:tr>`
  return `<w:tbl><w:tblPr><w:tblW w:w="9270" w:type="dxa"/><w:tblInd w:w="80" w:type="dxa"/><w:tblBorders>${['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map(edge).join('')}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="80" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>${columns.map(([, , width]) => `<w:gridCol w:w="${width}"/>`).join('')}</w:tblGrid>${row(columns.map(([head]) => head), true)}${row(columns.map(([, cell]) => cell), false)}</w:tbl>`
}

/** The QR code, 3 cm square (EMU are 360,000 to the centimetre), and beside it what it is and is not. */
function seal(): string {
  const side = 1_080_000
  const drawing = `<w:p><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="${side}" cy="${side}"/><wp:docPr id="1" name="QR bukti pencabutan" descr="Bukti pencabutan - bukan tanda tangan elektronik"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="qr-bukti.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdQr"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="${side}" cy="${side}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`
  const cell = (width: number, content: string): string => `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>${content}</w:tc>`
  const words = paragraph('{{keterangan_qr}}', { bold: true, size: 18 }) + paragraph('SHA-256 berkas bukti.sha256, yang mendaftar bukti di bawah ini:', { size: 16 }) + paragraph('{{sha256}}', { size: 14, fixed: true })
  return `<w:tbl><w:tblPr><w:tblW w:w="9350" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="1950"/><w:gridCol w:w="7400"/></w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>${cell(1950, drawing)}${cell(7400, words)}</w:tr></w:tbl>`
}
