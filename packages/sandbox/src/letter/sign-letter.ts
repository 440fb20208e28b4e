import { createHash, createSign, X509Certificate, type KeyObject } from 'node:crypto'
import { PDFDocument, PDFHexString, PDFName, PDFNumber, PDFString } from 'pdf-lib'

/** Who signs: a certificate with its key. */
export interface Signer { readonly der: Uint8Array; readonly privateKey: KeyObject }

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : size < 65_536 ? [0x82, size >> 8, size & 255] : [0x83, size >> 16, (size >> 8) & 255, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}
const seq = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts)
const hex = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex')
const oid = { data: hex('06092a864886f70d010701'), signedData: hex('06092a864886f70d010702'), contentType: hex('06092a864886f70d010903'), digest: hex('06092a864886f70d010904'), time: hex('06092a864886f70d010905'), ess: hex('060b2a864886f70d010910022f') }
const sha256 = seq(hex('0609608648016503040201'))
const rsa = seq(hex('06092a864886f70d010101'), hex('0500'))
const hash = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Issuer (DER) and serial number (DER) of a certificate: the second and fourth element of its TBS. */
function issuerAndSerial(der: Uint8Array): Buffer {
  const at = (bytes: Buffer, offset: number): { start: number; end: number } => {
    const first = bytes[offset + 1] ?? 0
    const more = first < 128 ? 0 : first & 127
    const size = more === 0 ? first : bytes.readUIntBE(offset + 2, more)
    return { start: offset + 2 + more, end: offset + 2 + more + size }
  }
  const bytes = Buffer.from(der)
  const tbs = at(bytes, at(bytes, 0).start)
  const version = at(bytes, tbs.start)
  const serial = at(bytes, version.end)
  const algorithm = at(bytes, serial.end)
  const issuer = at(bytes, algorithm.end)
  return seq(bytes.subarray(algorithm.end, issuer.end), bytes.subarray(version.end, serial.end))
}

function cms(content: Uint8Array, { der, privateKey }: Signer, time: Date): Buffer {
  const utc = tlv(0x17, Buffer.from(`${time.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))
  const attributes = [
    seq(oid.contentType, tlv(0x31, oid.data)), seq(oid.digest, tlv(0x31, tlv(0x04, hash(content)))), seq(oid.time, tlv(0x31, utc)), seq(oid.ess, tlv(0x31, seq(seq(seq(tlv(0x04, hash(der))))))),
  ].sort((a, b) => Buffer.compare(a, b))
  const signature = createSign('sha256').update(tlv(0x31, ...attributes)).sign(privateKey)
  const signer = seq(hex('020101'), issuerAndSerial(der), sha256, tlv(0xa0, ...attributes), rsa, tlv(0x04, signature))
  return seq(oid.signedData, tlv(0xa0, seq(hex('020101'), tlv(0x31, sha256), seq(oid.data), tlv(0xa0, Buffer.from(new X509Certificate(der).raw)), tlv(0x31, signer))))
}

/**
 * Signs a PDF as signing software does: a field, a hole for the signature, a CMS message over everything but the hole (PAdES B-B, RSA with SHA-256). For
 * letters of invented people, signed with certificates of the sandbox. Needs pdf-lib.
 *
 * @param time the signing time the signature claims; whole seconds
 * @example
 * ```ts
 * const sandbox = await openSandbox()
 * const signer = await sandbox.manage.issue({ username: 'surya.wibisana' })
 * const signed = await signLetter(pdf, signer, new Date('2026-11-23T02:00:00Z'))
 * const { kind, signatures } = await inspectLetter(signed, { anchors: sandbox.anchors, intermediates: [sandbox.ca.issuingPem], fetch: sandbox.fetch, at: new Date('2026-11-24T02:00:00Z') })
 * kind // 'signed'
 * signatures.map(({ integrity, signer }) => [integrity, signer?.standing]) // [['intact', 'good']]
 * ```
 */
export async function signLetter(pdf: Uint8Array, signer: Signer, time: Date): Promise<Uint8Array> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false })
  const { context } = document
  const room = 12_000
  const dictionary = context.obj({ Type: 'Sig', Filter: 'Adobe.PPKLite', SubFilter: 'ETSI.CAdES.detached', M: PDFString.fromDate(time) })
  dictionary.set(PDFName.of('ByteRange'), context.obj([0, 9_999_999_999, 9_999_999_999, 9_999_999_999].map((number) => PDFNumber.of(number))))
  dictionary.set(PDFName.of('Contents'), PDFHexString.of('0'.repeat(room)))
  const page = document.getPage(document.getPageCount() - 1)
  const field = context.register(context.obj({ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', T: PDFString.of('Tanda tangan 1'), V: context.register(dictionary), F: 132, P: page.ref, Rect: [0, 0, 0, 0] }))
  page.node.set(PDFName.of('Annots'), context.obj([field]))
  document.catalog.set(PDFName.of('AcroForm'), context.obj({ Fields: [field], SigFlags: 3 }))
  const bytes = Buffer.from(await document.save({ useObjectStreams: false, addDefaultPage: false }))
  const open = bytes.indexOf(`<${'0'.repeat(room)}>`)
  const close = open + room + 2
  const place = /\/ByteRange \[[^\]]*\]/.exec(bytes.toString('latin1'))
  if (open < 0 || place === null) throw new Error('no hole for the signature')
  const range = `/ByteRange [0 ${open} ${close} ${bytes.length - close}`
  bytes.write(`${range.padEnd(place[0].length - 1)}]`, place.index, 'latin1')
  const message = cms(Buffer.concat([bytes.subarray(0, open), bytes.subarray(close)]), signer, time)
  bytes.write(message.toString('hex'), open + 1, 'latin1')
  return new Uint8Array(bytes)
}
