import { readCertificate } from '@cabut/pki/certificate'
import { equalBytes } from '@cabut/pki/der'
import { CabutError } from '../errors.js'
import { canonicalBytes, canonicalJson, publicEvent, type Json, type SealedEvent } from '../history/index.js'
import { receiptJson } from '../wire/receipt.js'
import { CERTIFICATE, GUIDE, HISTORY, MANIFEST, RECEIPT, textOf, utf8, writeManifest, type ReceiptFiles } from './files.js'
import { withGuide } from './guide.js'

/**
 * The public form of a full receipt: no letters, no names, no reason of ours, no certificate (its subject is a name); the certificate is told by
 * issuer, serial and SHA-256, and salted commitments tie it to the full form, whose holder can open them one by one. What the certificate
 * authority itself publishes (the CRL or OCSP bytes, which may state a reason code) stays as it is.
 *
 * @throws {@link CabutError} `receiptInput` when `files` is no full receipt, or its root or history cannot be read; `at` names the file
 * @example
 * ```ts
 * const full = await writeReceipt(receiptInput)
 * const open = await toPublicReceipt(full)
 * Array.from(full.keys()).filter((path) => !open.has(path)) // ['certificate.pem', 'letters/01-requestletter.pdf']
 * const { valid } = await verifyReceipt(open, { anchors: [rootPem] })
 * valid // true
 * await toPublicReceipt(open) // throws receiptInput
 * ```
 */
export async function toPublicReceipt(files: ReceiptFiles): Promise<Map<string, Uint8Array>> {
  const source = textOf(files.get(RECEIPT) ?? new Uint8Array(0))
  const read = receiptJson.safeParse(source === undefined ? undefined : parse(source))
  if (!read.success || read.data.form !== 'full') throw new CabutError('receiptInput', { at: RECEIPT, detail: 'not a full receipt' })
  const { letters, personal: _personal, certificate, proof, ...rest } = read.data
  const { file: _file, subjectDn: _subject, ...named } = certificate
  const { reason: _reason, invalidityDate: _invalidity, ...bare } = proof
  const rootFile = rest.chain.at(-1)!.file
  const root = readFrom(rootFile, () => readCertificate(files.get(rootFile) ?? new Uint8Array(0)))
  const { receipt, guide } = await withGuide({ ...rest, form: 'public', certificate: named, proof: bare }, { selfSigned: equalBytes(root.subjectDer, root.issuerDer) })

  const kept = new Map<string, Uint8Array>(files)
  for (const letter of letters ?? []) kept.delete(letter.file)
  kept.delete(CERTIFICATE)
  kept.delete(MANIFEST)
  const history = files.get(HISTORY)
  const told = history === undefined ? undefined : textOf(history)
  if (told === undefined) throw new CabutError('receiptInput', { at: HISTORY, detail: 'missing, or not UTF-8' })
  const events = told.split('\n').filter((line) => line !== '')
  kept.set(HISTORY, utf8(readFrom(HISTORY, () => events.map((line) => `${canonicalJson(publicEvent(JSON.parse(line) as SealedEvent) as unknown as Json)}\n`).join(''))))
  kept.set(RECEIPT, canonicalBytes(receipt as unknown as Json))
  kept.set(GUIDE, guide)
  kept.set(MANIFEST, utf8(await writeManifest(kept)))
  return kept
}

/** What a file of the receipt holds, or the error that names the file. */
function readFrom<T>(at: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new CabutError('receiptInput', { at, detail: 'cannot be read', cause })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
