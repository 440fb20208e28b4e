// What the examples of @cabut/sandbox stand on.
import { PDFDocument } from 'pdf-lib'
import { createSandbox, type Sandbox } from '@cabut/sandbox'

/** A letter of one page that nobody has signed. */
export const pdf: Uint8Array = await drawLetter()

async function drawLetter(): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.addPage([595, 842]).drawText('Mohon dicabut sertifikat elektronik Laras Kinanti karena mutasi.', { x: 72, y: 760, size: 11 })
  return document.save()
}

/** A sandbox without faults, at a fixed time. */
export const openSandbox = (): Promise<Sandbox> => createSandbox({ seed: 'sandbox', faults: 'none', reuseKeys: true, now: () => Date.parse('2026-11-24T02:00:00Z') })
