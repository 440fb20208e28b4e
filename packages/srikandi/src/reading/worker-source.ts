/**
 * What runs in the worker. Plain JavaScript in one text, so that it is the same from sources, as a module and as CommonJS; nothing of a
 * letter ever becomes code. Two readers see the file: pdf.js for its text, pdf-lib for its objects.
 */
export const workerSource: string = `'use strict'
const { parentPort, workerData } = require('node:worker_threads')
const { PDFDict, PDFArray, PDFName, PDFStream, PDFDocument } = require(workerData.pdfLib)
const acts = new Set(['JavaScript', 'Launch', 'SubmitForm', 'ImportData', 'Rendition', 'RichMediaExecute', 'GoToE', 'Movie', 'Sound', 'GoTo3DView'])
const media = new Set(['RichMedia', 'Screen', 'Movie', 'Sound', '3D'])
const name = (value) => (value instanceof PDFName ? value.decodeText() : undefined)

async function objects(bytes) {
  const document = await PDFDocument.load(bytes, { ignoreEncryption: true, updateMetadata: false, throwOnInvalidObject: false })
  if (document.isEncrypted) throw Object.assign(new Error(), { kind: 'encrypted' })
  const found = { images: 0, attachments: 0, active: new Set() }
  const visit = (value, depth) => {
    if (depth > 60) throw Object.assign(new Error(), { kind: 'limit' })
    if (value instanceof PDFArray) for (const item of value.asArray()) visit(item, depth + 1)
    const dictionary = value instanceof PDFStream ? value.dict : value
    if (!(dictionary instanceof PDFDict)) return
    const get = (key) => name(dictionary.context.lookup(dictionary.get(PDFName.of(key))))
    const act = get('S')
    if (acts.has(act)) found.active.add(act)
    if (dictionary.has(PDFName.of('JS'))) found.active.add('JavaScript')
    if (dictionary.has(PDFName.of('XFA'))) found.active.add('XFA')
    const kind = get('Subtype')
    if (media.has(kind)) found.active.add(kind)
    if (kind === 'Image' && value instanceof PDFStream) found.images += 1
    if (dictionary.has(PDFName.of('EF'))) found.attachments += 1
    for (const [, inner] of dictionary.entries()) visit(inner, depth + 1)
  }
  for (const [, value] of document.context.enumerateIndirectObjects()) visit(value, 0)
  return found
}

async function text(pdfjs, bytes, limits) {
  const task = pdfjs.getDocument({ data: bytes, isEvalSupported: false, disableFontFace: true, useSystemFonts: false, useWorkerFetch: false, enableXfa: false, stopAtErrors: false, verbosity: 0 })
  task.onPassword = () => { throw Object.assign(new Error(), { name: 'PasswordException' }) }
  try {
    const document = await task.promise
    const read = []
    let left = limits.runs
    for (let number = 1; number <= Math.min(document.numPages, limits.pages) && left > 0; number += 1) {
      const page = await document.getPage(number)
      const [x1, y1, x2, y2] = page.view
      const runs = []
      for (const { str, transform, width, height } of (await page.getTextContent()).items) {
        if (str === undefined || str.trim() === '') continue
        if ((left -= 1) < 0) break
        runs.push({ text: str.slice(0, 2000), x: transform[4] - x1, y: transform[5] - y1, width, size: height || Math.hypot(transform[2], transform[3]) })
      }
      read.push({ width: x2 - x1, height: y2 - y1, runs })
      page.cleanup()
    }
    return { pages: document.numPages, read, limited: left <= 0 || document.numPages > limits.pages }
  } finally {
    await task.destroy()
  }
}

parentPort.on('message', async ({ bytes, pages, runs }) => {
  try {
    const pdfjs = await import(workerData.pdfjs)
    const { images, attachments, active } = await objects(bytes)
    const value = { ...(await text(pdfjs, bytes, { pages, runs })), images, attachments, active: [...active].sort() }
    parentPort.postMessage({ value })
  } catch (error) {
    const kind = error?.kind ?? (error?.name === 'PasswordException' ? 'encrypted' : error instanceof RangeError ? 'limit' : 'damaged')
    parentPort.postMessage({ failure: kind })
  }
})
`
