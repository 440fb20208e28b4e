import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PDFDocument, PDFName, PDFString } from 'pdf-lib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Received } from '@cabut/srikandi'
import { letterRow, openLetterOffice, type LetterOffice } from './letter-office.js'
import { writeLetter } from './letter-writer.js'

let here: LetterOffice
let sertifikat = ''
beforeAll(async () => {
  here = await openLetterOffice({ sandbox: { faults: 'none' } })
  sertifikat = (await here.issue()).certificatePem
})
afterAll(async () => { await here.close() })
let count = 0
beforeEach(() => { count += 1 })

const take = async (pdf: Uint8Array, more: object = {}): Promise<Received | undefined> => {
  await here.put(`surat-${count}`, letterRow({ alasan: 'mutasi', sertifikat }, { nomor: `000.8.3.3/${count}/DINDIK`, ...more }), pdf)
  return (await here.letters.receive())[0]
}
const codes = (received: Received | undefined): string[] => (received?.outcome === 'taken' ? (received.examination?.findings ?? []).map(({ code }) => code) : [])

describe('PDFs of letters on arrival: put aside with a code, nothing filed, the file kept', () => {
  it.each([
    ['encrypted', 'letterPdfEncrypted', () => writeLetter({}, (document) => {
      document.context.trailerInfo.Encrypt = document.context.register(document.context.obj({ Filter: 'Standard', V: 1, R: 2, Length: 40, P: -4, O: PDFString.of('o'.repeat(32)), U: PDFString.of('u'.repeat(32)) }))
    })],
    ['with a script', 'letterPdfActive', () => writeLetter({}, (document) => { document.addJavaScript('buka', 'app.alert(1)') })],
    ['with an action that starts a program', 'letterPdfActive', () => writeLetter({}, (document) => { document.catalog.set(PDFName.of('OpenAction'), document.context.obj({ Type: 'Action', S: 'Launch', F: PDFString.of('x.exe') })) })],
    ['that only looks like one', 'letterPdfDamaged', async () => new TextEncoder().encode('%PDF-1.7\nbukan\n%%EOF\n')],
  ] as const)('%s', async (_what, code, pdf) => {
    expect(await take(await pdf())).toMatchObject({ outcome: 'rejected', error: { code } })
    expect(await here.desk.list()).toEqual([])
    expect(await readdir(join(here.root, 'rejected', `surat-${count}`))).toContain('naskah.pdf')
  })
})

describe('PDFs of letters on arrival: taken, and the verifier is told', () => {
  it('scanned, image only', async () => {
    const png = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (character) => character.charCodeAt(0))
    const document = await PDFDocument.create()
    document.addPage([595, 842]).drawImage(await document.embedPng(png), { x: 0, y: 0, width: 595, height: 842 })
    const received = await take(await document.save())
    expect(received).toMatchObject({ outcome: 'taken', requests: [{ outcome: 'filed' }], examination: { reading: { content: 'image' } } })
  })

  it('with attached files', async () => {
    expect(codes(await take(await writeLetter({}, (document) => document.attach(new Uint8Array([1]), 'a.txt', { mimeType: 'text/plain' }))))).toContain('attachments')
  })

  it('of 1 MB and one octet', async () => {
    const pdf = await writeLetter({ body: [`Surat ${count}`] })
    const padded = Buffer.concat([pdf.subarray(0, pdf.length - 6), Buffer.alloc(1024 * 1024 + 1 - pdf.length, 0x20), pdf.subarray(pdf.length - 6)])
    expect(codes(await take(new Uint8Array(padded)))).toContain('aboveAmsLimit')
  })

  it('with a number whose year disagrees with the date', async () => {
    expect(await take(await writeLetter({ body: [`Surat ${count}`] }), { nomor: '15/DINDIK/2025' })).toMatchObject({ outcome: 'taken', letter: { identity: { year: 2026 }, warnings: [{ code: 'numberYearDiffers', at: 'nomor' }] } })
  })
})
