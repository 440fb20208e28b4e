import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DOMParser } from '@xmldom/xmldom'
import PizZip from 'pizzip'
import { describe, expect, it } from 'vitest'
import { composeAnswer, qrCaption, type AnswerContent, type AnswerRow } from '@cabut/srikandi'
import { createDocxForm, houseTemplate, srikandiVariables, writeAnswerDocx } from '@cabut/srikandi/docx'

const row = (index: number, more: Partial<AnswerRow> = {}): AnswerRow => ({
  holder: `Pegawai ${index}`, serial: 'ab'.repeat(20), outcome: 'Dicabut, terbukti', detail: 'Dicabut 20 November 2026 pukul 14.00 WIB, terbukti dengan CRL nomor 42', receipt: { name: `bukti-${index}.zip`, sha256: 'ab'.repeat(32), size: 1 }, ...more,
})
const content = (rows: readonly AnswerRow[], more: Partial<AnswerContent> = {}): AnswerContent => ({
  ...composeAnswer({
    options: { offices: [{ code: 'DINDIK', name: 'Dinas Pendidikan' }], letterhead: { lines: ['PEMERINTAH KABUPATEN CONTOH', 'DINAS KOMINFO'], address: 'Jalan Contoh Nomor 1', place: 'Contoh' }, signatory: { nama: 'Wulan Prameswari', jabatan: 'Kepala Dinas' } },
    kind: 'answer', answered: { identity: { office: 'DINDIK', number: '1', year: 2026 }, nomor: '000.8.3.3/15/DINDIK', tanggal: '2026-11-23' }, rows, sandbox: false, receiptsSha256: 'cd'.repeat(32),
  }), ...more,
})
const textOf = (docx: Uint8Array): string => (new PizZip(docx).file('word/document.xml')?.asText() ?? '').replace(/<\/w:p>/g, '\n').replace(/<w:tab\/>/g, ' ').replace(/<[^>]+>/g, '')

/** A template of a region: one paragraph per entry, its text split into the given runs. */
function regional(paragraphs: readonly (readonly string[])[], more: (zip: PizZip) => void = () => undefined): Uint8Array {
  const zip = new PizZip(houseTemplate())
  const body = paragraphs.map((runs) => `<w:p>${runs.map((text) => `<w:r><w:rPr><w:b/></w:rPr><w:t>${text}</w:t></w:r>`).join('')}</w:p>`).join('')
  zip.file('word/document.xml', `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`)
  more(zip)
  return zip.generate({ type: 'uint8array' })
}

describe('answer letter as DOCX', () => {
  it('fills our placeholders and leaves every variable of Srikandi whole within one run', async () => {
    const docx = await writeAnswerDocx(content([row(1), row(2)]))
    const text = textOf(docx)
    for (const part of ['PEMERINTAH KABUPATEN CONTOH', 'Contoh, ${tanggal_naskah}', ': ${nomor_naskah}', '${ttd_pengirim}', 'Kepala Dinas Pendidikan', 'Pegawai 1', 'Pegawai 2', 'bukti-2.zip', qrCaption, 'cd'.repeat(32)]) expect(text).toContain(part)
    expect(text).not.toMatch(/\{\{|\}\}/)
    expect(srikandiVariables(docx)).toEqual([{ name: '${tanggal_naskah}', whole: true }, { name: '${nomor_naskah}', whole: true }, { name: '${ttd_pengirim}', whole: true }])
    expect(await writeAnswerDocx(content([row(1), row(2)]))).toEqual(docx)
  })

  it('is a whole package: every part has a type, every relationship a target, all XML is well-formed', async () => {
    const zip = new PizZip(await writeAnswerDocx(content([row(1)])))
    const read = (name: string): string => zip.file(name)?.asText() ?? ''
    const types = read('[Content_Types].xml')
    for (const { name } of Object.values(zip.files).filter(({ dir }) => !dir)) {
      if (name !== '[Content_Types].xml') expect(types.includes(`PartName="/${name}"`) || types.includes(`Extension="${name.split('.').at(-1) ?? ''}"`), name).toBe(true)
      if (/\.(xml|rels)$/.test(name)) new DOMParser({ onError: (_level, message) => { throw new Error(`${name}: ${message}`) } }).parseFromString(read(name), 'text/xml')
    }
    const relations = [...read('word/_rels/document.xml.rels').matchAll(/Id="([^"]+)"[^>]*Target="([^"]+)"/g)]
    expect(relations).toHaveLength(3)
    for (const [, , target] of relations) expect(zip.file(`word/${target ?? ''}`), target).not.toBeNull()
    for (const [, id] of read('word/document.xml').matchAll(/r:(?:id|embed)="([^"]+)"/g)) expect(relations.map(([, one]) => one)).toContain(id)
  })

  it('lets no name of a person smuggle in a variable, a placeholder or mark-up', async () => {
    const docx = await writeAnswerDocx(content([row(1, { holder: '${ttd_pengirim} {{hal}} <w:t>&amp;\u0000' })]))
    expect(srikandiVariables(docx)).toHaveLength(3)
    expect(textOf(docx)).toContain('$ {ttd_pengirim} {{hal}} &lt;w:t&gt;&amp;amp;')
  })

  it('joins variables that a word processor has split, in a region\'s own template, and keeps the text around them', async () => {
    const docx = await writeAnswerDocx(content([row(1)]), {
      template: regional([['Nomor: $', '{nomor', '_naskah} tanggal ', '${tanggal', '_naskah}', ' selesai'], ['{', '{hal}', '}'], ['{{#sertifikat}}'], ['{{pemilik}} ${ttd', '_pengirim}'], ['{{/sertifikat}}']]),
    })
    expect(textOf(docx).trim().split('\n')).toEqual(['Nomor: ${nomor_naskah} tanggal ${tanggal_naskah} selesai', 'Jawaban Permohonan Pencabutan Sertifikat Elektronik', 'Pegawai 1 ${ttd_pengirim}'])
    expect(srikandiVariables(docx).every(({ whole }) => whole)).toBe(true)
  })

  it.each([
    ['macros', regional([['x']], (zip) => { zip.file('word/vbaProject.bin', 'x') }), 'macros'],
    ['a macro-enabled type', regional([['x']], (zip) => { zip.file('[Content_Types].xml', (zip.file('[Content_Types].xml')?.asText() ?? '').replace('wordprocessingml.document.main', 'ms-word.document.macroEnabled.main')) }), 'macros'],
    ['an embedded object', regional([['x']], (zip) => { zip.file('word/embeddings/oleObject1.xlsx', 'x') }), 'embedded'],
    ['a template loaded from outside', regional([['x']], (zip) => { zip.file('word/_rels/settings.xml.rels', '<Relationships><Relationship Id="r" Type="http://x/attachedTemplate" Target="http://x/t.dotm" TargetMode="External"/></Relationships>') }), 'outside'],
    ['a document type', regional([['x']], (zip) => { zip.file('word/document.xml', '<!DOCTYPE a [<!ENTITY b "c">]><a/>') }), 'not XML'],
    ['a placeholder nobody fills', regional([['{{nik}}']]), 'nobody fills: nik'],
    ['a loop that is not closed', regional([['{{#sertifikat}}'], ['x']]), 'unclosed_loop'],
    ['no DOCX at all', new TextEncoder().encode('%PDF-1.7'), 'not a DOCX'],
    ['a zip of something else', new PizZip().file('a.txt', 'b').generate({ type: 'uint8array' }), 'not a DOCX'],
  ])('refuses a template with %s', async (_what, template, detail) => {
    await expect(writeAnswerDocx(content([row(1)]), { template })).rejects.toMatchObject({ code: 'letterTemplateInvalid', detail: expect.stringContaining(detail) as string })
  })

  it('offers itself as a form of the letter desk', async () => {
    expect(await createDocxForm()(content([row(1)]))).toMatchObject({ name: 'jawaban.docx' })
    expect(() => createDocxForm({ template: new Uint8Array(3) })).toThrow(expect.objectContaining({ code: 'letterTemplateInvalid' }))
  })

  const office = ['soffice', 'pdftotext'].every((tool) => spawnSync('which', [tool]).status === 0)
  if (!office) console.log('SKIPPED: LibreOffice and poppler are not on the PATH; nobody independent has opened the DOCX')
  it.skipIf(!office)('LibreOffice opens it and shows what the letter says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'docx-'))
    try {
      writeFileSync(join(folder, 'jawaban.docx'), await writeAnswerDocx(content(Array.from({ length: 30 }, (_, index) => row(index)))))
      const open = (format: string, into: string): void => { execFileSync('soffice', ['--headless', `-env:UserInstallation=file://${folder}/profile`, '--convert-to', format, '--outdir', join(folder, into), join(folder, 'jawaban.docx')], { stdio: 'ignore', timeout: 100_000 }) }
      open('pdf', '.')
      execFileSync('pdftotext', ['-layout', join(folder, 'jawaban.pdf'), join(folder, 'jawaban.txt')])
      const text = readFileSync(join(folder, 'jawaban.txt'), 'utf8')
      for (const part of ['PEMERINTAH KABUPATEN CONTOH', '${nomor_naskah}', '${tanggal_naskah}', '${ttd_pengirim}', 'Pegawai 0', 'Pegawai 29', 'pukul', qrCaption]) expect(text).toContain(part)
      expect(text.match(/Keterangan/g)?.length).toBeGreaterThan(1)
      expect(text).toMatch(/- ?2 ?-/)
      // Saved again by LibreOffice, as an officer who corrects a word would: every variable is still there, whole.
      open('docx', 'saved')
      expect(srikandiVariables(readFileSync(join(folder, 'saved', 'jawaban.docx')))).toEqual([{ name: '${tanggal_naskah}', whole: true }, { name: '${nomor_naskah}', whole: true }, { name: '${ttd_pengirim}', whole: true }])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 120_000)
})
