import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { issue } from './support/issue.js'

/** The code blocks of the README, run as printed: certificates without addresses, so that nothing is fetched. */
const blocks = [...readFileSync(join(import.meta.dirname, '../README.md'), 'utf8').matchAll(/```ts\n([^]*?)```/g)].map((match) => match[1]!)

describe('README', () => {
  const folder = mkdtempSync(join(import.meta.dirname, '.readme-'))
  const work = mkdtempSync(join(tmpdir(), 'cabut-readme-'))
  const before = process.cwd()
  const pem = (der: Uint8Array): string => `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`
  beforeAll(async () => {
    const root = issue({ subject: 'CN=Root', ca: true })
    writeFileSync(join(work, 'root.pem'), pem(root.der))
    writeFileSync(join(work, 'certificate.pem'), pem(issue({ subject: 'CN=Ratna Dewi', issuer: root }).der))
    const letter = await PDFDocument.create()
    letter.addPage().drawText('A letter that nobody signed')
    writeFileSync(join(work, 'letter.pdf'), await letter.save())
    process.chdir(work)
  })
  afterAll(() => {
    process.chdir(before)
    for (const path of [folder, work]) rmSync(path, { recursive: true, force: true })
  })

  const expected = [
    ['CN=Ratna Dewi', /^unknown issuerNotPinned/],
    ['true', 'CN=Ratna Dewi\\, S.Kom.,O=PEMERINTAH KABUPATEN CONTOH,C=ID', /equivalent.*2\.5\.4\.10.*case/],
    ['2'],
    ['unsigned'],
  ]
  it('has the blocks this test knows', () => expect(blocks.length).toBe(expected.length))
  it.each(blocks.map((block, i) => [i, block] as const))('block %i', async (i, block) => {
    const file = join(folder, `block-${i}.ts`)
    writeFileSync(file, block.replaceAll("'@cabut/pki'", "'../../src/index.js'").replaceAll("'@cabut/pki/letter'", "'../../src/letter/index.js'"))
    const lines: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((...parts) => { lines.push(parts.map((part) => (typeof part === 'object' ? JSON.stringify(part) : String(part))).join(' ')) })
    try {
      await import(file)
    } finally {
      log.mockRestore()
    }
    expected[i]!.forEach((wanted, k) => expect(lines[k]).toMatch(wanted instanceof RegExp ? wanted : new RegExp(`^${wanted.replace(/[\\.+*?^$()[\]{}|]/g, '\\$&')}$`)))
  })
})
