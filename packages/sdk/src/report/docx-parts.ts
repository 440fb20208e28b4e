import { escapeMarkup } from './words.js'

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const offices = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships'
const mainType = 'application/vnd.openxmlformats-officedocument.wordprocessingml'

/** The files of a DOCX (ECMA-376) around a body: A4, one font, page numbers. Types first. */
export function wordParts(body: string): Readonly<Record<string, string>> {
  const page = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1418" w:header="567" w:footer="567" w:gutter="0"/>'
  const field = (kind: string): string => `<w:fldSimple w:instr="${kind}"><w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>`
  const run = (text: string): string => `<w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`
  return {
    '[Content_Types].xml': `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${mainType}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${mainType}.styles+xml"/><Override PartName="/word/footer1.xml" ContentType="${mainType}.footer+xml"/></Types>`,
    '_rels/.rels': `${xml}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${offices}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `${xml}<w:document xmlns:w="${word}" xmlns:r="${offices}"><w:body>${body}<w:sectPr><w:footerReference w:type="default" r:id="rId2"/>${page}</w:sectPr></w:body></w:document>`,
    'word/_rels/document.xml.rels': `${xml}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${offices}/styles" Target="styles.xml"/><Relationship Id="rId2" Type="${offices}/footer" Target="footer1.xml"/></Relationships>`,
    'word/styles.xml': `${xml}<w:styles xmlns:w="${word}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="22"/><w:lang w:val="id-ID"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:pPr><w:keepNext/><w:spacing w:before="280" w:after="100"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="24"/></w:rPr></w:style></w:styles>`,
    'word/footer1.xml': `${xml}<w:ftr xmlns:w="${word}"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>${run('Halaman ')}${field('PAGE')}${run(' dari ')}${field('NUMPAGES')}</w:p></w:ftr>`,
  }
}

/** A heading readers can jump to. */
export function heading(text: string): string {
  return `<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t xml:space="preserve">${escapeMarkup(text)}</w:t></w:r></w:p>`
}

/** The line below a letterhead. */
export const rule = '<w:p><w:pPr><w:pBdr><w:bottom w:val="single" w:sz="12" w:space="1" w:color="000000"/></w:pBdr><w:spacing w:after="160"/></w:pPr></w:p>'

/** How a paragraph looks. Sizes in half points, spaces and indents in twentieths of a point. */
export interface ParagraphLook {
  readonly align?: 'center' | 'right'
  readonly bold?: boolean
  readonly size?: number
  readonly indent?: number
  readonly after?: number
  /** Stays on the page of what follows. */
  readonly next?: boolean
}

export function paragraph(text: string, { align, bold = false, size = 22, indent, after = 80, next = false }: ParagraphLook = {}): string {
  const place = `${next ? '<w:keepNext/>' : ''}<w:spacing w:after="${after}"/>${indent === undefined ? '' : `<w:ind w:left="${indent}"/>`}${align === undefined ? '' : `<w:jc w:val="${align}"/>`}`
  return `<w:p><w:pPr>${place}</w:pPr><w:r><w:rPr>${bold ? '<w:b/>' : ''}<w:sz w:val="${size}"/></w:rPr><w:t xml:space="preserve">${escapeMarkup(text)}</w:t></w:r></w:p>`
}

/** A table over the whole width; `widths` are shares. What is no first column is aligned right unless `numbers` is `false`. */
export function table(
  rows: readonly (readonly string[])[],
  { widths, head = false, numbers = true }: { readonly widths: readonly number[]; readonly head?: boolean; readonly numbers?: boolean },
): string {
  const borders = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map((edge) => `<w:${edge} w:val="single" w:sz="4" w:space="0" w:color="808080"/>`).join('')
  const shares = widths.reduce((sum, one) => sum + one, 0)
  const span = widths.map((share) => Math.floor((9_350 * share) / shares))
  const cells = (row: readonly string[], title: boolean): string =>
    row
      .map((text, column) => {
        const look: ParagraphLook = { bold: title, size: 20, after: 0, ...(numbers && column > 0 ? { align: 'right' } : {}) }
        return `<w:tc><w:tcPr><w:tcW w:w="${span[column] ?? 0}" w:type="dxa"/>${title ? '<w:shd w:val="clear" w:color="auto" w:fill="E8EDF3"/>' : ''}</w:tcPr>${paragraph(text, look)}</w:tc>`
      })
      .join('')
  const line = (row: readonly string[], index: number): string => {
    const title = head && index === 0
    return `<w:tr><w:trPr><w:cantSplit/>${title ? '<w:tblHeader/>' : ''}</w:trPr>${cells(row, title)}</w:tr>`
  }
  const margins = '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="90" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/><w:right w:w="90" w:type="dxa"/></w:tblCellMar>'
  return `<w:tbl><w:tblPr><w:tblW w:w="9350" w:type="dxa"/><w:tblBorders>${borders}</w:tblBorders><w:tblLayout w:type="fixed"/>${margins}</w:tblPr><w:tblGrid>${span.map((one) => `<w:gridCol w:w="${one}"/>`).join('')}</w:tblGrid>${rows.map(line).join('')}</w:tbl>`
}
