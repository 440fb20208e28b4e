import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument, PDFHexString, PDFName, PDFNumber, PDFString } from 'pdf-lib'

export const withOpenssl = spawnSync('openssl', ['version']).error === undefined

/** Signs a one-page PDF with pdf-lib and `openssl cms -sign -cades`: none of the code under test. */
export async function signPdf(text: string, certificatePem: string, privateKeyPem: string): Promise<Buffer> {
  const document = await PDFDocument.create()
  const page = document.addPage()
  page.drawText(text, { x: 50, y: 700, size: 12 })
  const { context } = document
  const room = 8_192
  const signature = context.register(context.obj({
    Type: 'Sig', Filter: 'Adobe.PPKLite', SubFilter: 'ETSI.CAdES.detached', ByteRange: [0, 9_999_999_999, 9_999_999_999, 9_999_999_999].map((n) => PDFNumber.of(n)),
    Contents: PDFHexString.of('0'.repeat(2 * room)),
  }))
  const field = context.register(context.obj({ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', T: PDFString.of('Kepala Dinas'), V: signature, F: 132, Rect: [0, 0, 0, 0], P: page.ref }))
  page.node.set(PDFName.of('Annots'), context.obj([field]))
  document.catalog.set(PDFName.of('AcroForm'), context.obj({ Fields: [field], SigFlags: 3 }))
  const bytes = Buffer.from(await document.save({ useObjectStreams: false }))
  const open = bytes.indexOf(`<${'0'.repeat(64)}`, 'latin1')
  const close = bytes.indexOf('>', open, 'latin1') + 1
  const rangeAt = bytes.indexOf('/ByteRange', 'latin1')
  const rangeEnd = bytes.indexOf(']', rangeAt, 'latin1')
  bytes.write(`/ByteRange [ 0 ${open} ${close} ${bytes.length - close}`.padEnd(rangeEnd - rangeAt), rangeAt, 'latin1')
  const folder = mkdtempSync(join(tmpdir(), 'cabut-sign-'))
  try {
    const put = (name: string, content: string | Buffer): string => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    }
    const covered = put('covered', Buffer.concat([bytes.subarray(0, open), bytes.subarray(close)]))
    const { status, stderr } = spawnSync('openssl', ['cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-in', covered, '-signer', put('signer.pem', certificatePem), '-inkey', put('key.pem', privateKeyPem), '-outform', 'DER', '-out', join(folder, 'message')])
    if (status !== 0) throw new Error(stderr.toString())
    bytes.write(readFileSync(join(folder, 'message')).toString('hex'), open + 1, 'latin1')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return bytes
}
