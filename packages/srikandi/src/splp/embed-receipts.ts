import { PDFDocument } from 'pdf-lib'
import type { SendingFile } from '../transport/port.js'

/**
 * Puts receipts into the answer's PDF as attached files: a service that carries one PDF per letter then carries them too, and signing the PDF
 * covers them. The same files give the same octets.
 */
export async function embedReceipts(pdf: SendingFile, files: readonly SendingFile[]): Promise<SendingFile> {
  const receipts = files.filter(({ name }) => /^bukti[-.]/.test(name))
  if (receipts.length === 0) return pdf
  const document = await PDFDocument.load(pdf.bytes, { updateMetadata: false })
  const made = new Date(0)
  for (const { name, mediaType, bytes } of receipts) await document.attach(bytes, name, { mimeType: mediaType, creationDate: made, modificationDate: made })
  return { ...pdf, bytes: await document.save({ addDefaultPage: false }) }
}
