import { certificateSha256, readCertificate, type Certificate } from '@cabut/pki/certificate'
import { formatName } from '@cabut/pki/name'
import { canonicalJson, commitmentOf, verifyHistory, type ChainHead, type Json, type PublicEvent, type SealedEvent } from '../history/index.js'
import type { Proof } from '../proof/index.js'
import { receiptJson, type WireReceipt } from '../wire/receipt.js'
import { CERTIFICATE, GUIDE, HISTORY, isPlainPath, LETTERS_FIELD, MANIFEST, readManifest, RECEIPT, receiptLimits, sha256Hex, textOf } from './files.js'
import { checkListing, type Listing } from './listing.js'
import type { ReceiptProblem, ReceiptProblemCode, ReceiptVerdict } from './receipt.js'

/** What a receipt is verified against. */
export interface VerifyReceiptOptions {
  /** Roots (or pinned authorities) trusted by the verifier, obtained from elsewhere: never from the receipt. At least one; PEM, DER or as read. */
  readonly anchors: readonly [Certificate | Uint8Array | string, ...(Certificate | Uint8Array | string)[]]
}

type Add = (code: ReceiptProblemCode, file: string, detail?: string) => void

/**
 * Verifies a receipt offline, in Node or a browser: every file by the manifest, the canonical receipt.json, the chain to an anchor the verifier
 * brings, the signed evidence (RFC 5280, RFC 6960) at the time it was made, the history's hash chain and the salted commitments.
 * Each problem names its file. Never throws for what the files hold.
 *
 * @param files - files by path, as written by `writeReceipt` or read by `unzipReceipt`
 * @throws PkiError when an anchor cannot be read; TypeError without any anchor
 * @example
 * ```ts
 * const files = await writeReceipt(receiptInput)
 * const { valid } = await verifyReceipt(files, { anchors: [rootPem] })
 * valid // true
 * const { problems } = await verifyReceipt(files.set('evidence/crl.der', earlierCrl), { anchors: [rootPem] })
 * problems // [{ code: 'fileChanged', file: 'evidence/crl.der' }]
 * ```
 */
export async function verifyReceipt(files: ReadonlyMap<string, Uint8Array>, options: VerifyReceiptOptions): Promise<ReceiptVerdict> {
  if (options.anchors.length === 0) throw new TypeError('verifyReceipt needs at least one anchor')
  const anchors = options.anchors.map((anchor) => (typeof anchor === 'string' || anchor instanceof Uint8Array ? readCertificate(anchor) : anchor))
  const problems: ReceiptProblem[] = []
  const add: Add = (code, file, detail) => void problems.push({ code, file, ...(detail === undefined ? {} : { detail }) })
  await checkFiles(files, add)
  const receipt = readReceipt(files, add)
  // What follows reads files whose digests may be wrong already; those faults are the ones to report.
  if (receipt === undefined || problems.length > 0) return { valid: false, problems, ...(receipt === undefined ? {} : { receipt: summary(receipt) }) }
  checkNames(files, receipt, add)
  await checkProof(files, receipt, anchors, add)
  await checkLetters(files, receipt, add)
  await checkGuide(files, receipt, add)
  await checkHistory(files, receipt, add)
  await checkCommitments(receipt, add)
  return { valid: problems.length === 0, problems, receipt: summary(receipt) }
}

async function checkFiles(files: ReadonlyMap<string, Uint8Array>, add: Add): Promise<void> {
  let bytes = 0
  for (const content of files.values()) bytes += content.byteLength
  if (files.size > receiptLimits.files || bytes > receiptLimits.bytes) return add('tooLarge', MANIFEST, `more than ${receiptLimits.files} files or ${receiptLimits.bytes} octets`)
  const content = files.get(MANIFEST)
  if (content === undefined) return add('fileMissing', MANIFEST)
  const text = textOf(content)
  const digests = text === undefined ? undefined : readManifest(text)
  if (digests === undefined) return add('manifestInvalid', MANIFEST)
  for (const [path, sha256] of digests) {
    const file = files.get(path)
    if (file === undefined) add('fileMissing', path)
    else if ((await sha256Hex(file)) !== sha256) add('fileChanged', path)
  }
  for (const path of files.keys()) if (path !== MANIFEST && !digests.has(path)) add('fileAdded', path)
}

function readReceipt(files: ReadonlyMap<string, Uint8Array>, add: Add): WireReceipt | undefined {
  const text = textOf(files.get(RECEIPT) ?? new Uint8Array(0))
  if (text === undefined || text === '') {
    if (!files.has(RECEIPT)) add('fileMissing', RECEIPT)
    else add('fileUnreadable', RECEIPT)
    return undefined
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    add('fileUnreadable', RECEIPT, 'not JSON')
    return undefined
  }
  const read = receiptJson.safeParse(json)
  if (!read.success) {
    add('fileUnreadable', RECEIPT, read.error.issues.slice(0, 5).map((issue) => issue.path.join('.') || issue.code).join(', '))
    return undefined
  }
  try {
    if (canonicalJson(json as Json) !== text) add('notCanonical', RECEIPT, 'not in the form of RFC 8785')
  } catch {
    add('notCanonical', RECEIPT)
  }
  return read.data
}

/** Every file the receipt speaks of is there, and none besides. */
function checkNames(files: ReadonlyMap<string, Uint8Array>, receipt: WireReceipt, add: Add): void {
  const named = [
    RECEIPT, MANIFEST, GUIDE, HISTORY, receipt.evidence.file, receipt.history.file, ...receipt.chain.map((each) => each.file),
    ...(receipt.certificate.file === undefined ? [] : [CERTIFICATE]), ...(receipt.letters ?? []).map((each) => each.file),
    ...(receipt.chain.length > 2 ? ['chain/intermediates.pem'] : []),
  ]
  for (const path of named) if (!isPlainPath(path) || !files.has(path)) add('fileMissing', path)
  for (const path of files.keys()) if (!named.includes(path)) add('fileAdded', path, 'the receipt does not speak of it')
  const full = receipt.form === 'full'
  const { file, sha256, notBefore, notAfter } = receipt.certificate
  // The full form holds the certificate whenever it was at hand, and what it says comes from it alone.
  const atHand = sha256 !== undefined
  const holds = full && atHand ? file === CERTIFICATE : file === undefined
  if (full !== (receipt.letters !== undefined) || full !== (receipt.personal !== undefined) || !holds || atHand !== (notBefore !== undefined) || atHand !== (notAfter !== undefined)) {
    add('mismatch', RECEIPT, `not what the ${receipt.form} form holds`)
  }
}

async function checkProof(files: ReadonlyMap<string, Uint8Array>, receipt: WireReceipt, anchors: readonly Certificate[], add: Add): Promise<void> {
  const chain: Certificate[] = []
  for (const { file, sha256, subjectDn } of receipt.chain) {
    const certificate = readOne(files.get(file))
    if (certificate === undefined) return add('fileUnreadable', file, 'no certificate')
    if ((await certificateSha256(certificate)) !== sha256 || formatName(certificate.subject) !== subjectDn) return add('mismatch', file, 'not the certificate receipt.json names')
    chain.push(certificate)
  }
  const rootFile = receipt.chain.at(-1)!.file
  const rootSha256 = receipt.chain.at(-1)!.sha256
  const known = await Promise.all(anchors.map((anchor) => certificateSha256(anchor)))
  if (!known.includes(rootSha256)) return add('anchorUnknown', rootFile, 'it is none of the anchors given')
  if (receipt.proof.anchorSha256 !== rootSha256) add('mismatch', RECEIPT, 'proof.anchorSha256')

  let leaf: Certificate | undefined
  if (receipt.certificate.file !== undefined) {
    leaf = readOne(files.get(CERTIFICATE))
    if (leaf === undefined) return add('fileUnreadable', CERTIFICATE, 'no certificate')
    const { issuerDn, subjectDn, serial, sha256, notBefore, notAfter } = receipt.certificate
    const same = leaf.serial === serial && formatName(leaf.issuer) === issuerDn && formatName(leaf.subject) === subjectDn && (await certificateSha256(leaf)) === sha256
    if (!same || leaf.notBefore.toISOString() !== notBefore || leaf.notAfter.toISOString() !== notAfter) add('mismatch', CERTIFICATE, 'not the certificate receipt.json names')
  }
  const { certificate, proof, evidence } = receipt
  if (proof.certificate.serial !== certificate.serial || proof.certificate.sha256 !== certificate.sha256 || proof.certificate.issuerDn !== certificate.issuerDn) add('mismatch', RECEIPT, 'proof.certificate')
  const bytes = files.get(evidence.file) ?? new Uint8Array(0)
  if (evidence.sha256 !== proof.sha256 || (await sha256Hex(bytes)) !== proof.sha256) return add('mismatch', evidence.file, 'not the evidence the proof names')
  const listing = await checkListing({ source: proof.source, bytes, serial: certificate.serial, issuerDn: certificate.issuerDn, chain, ...(leaf === undefined ? {} : { leaf }) })
  if ('problem' in listing) return add(listing.problem, listing.about === 'chain' ? receipt.chain[0]!.file : listing.about === 'leaf' ? CERTIFICATE : evidence.file, listing.detail)
  compareListing(receipt, listing, add)
}

/** receipt.json says of the evidence what the evidence says. */
function compareListing(receipt: WireReceipt, listing: Listing, add: Add): void {
  const { proof } = receipt
  const said: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['thisUpdate', proof.thisUpdate, listing.thisUpdate.toISOString()],
    ['nextUpdate', proof.nextUpdate, listing.nextUpdate?.toISOString()],
    ['producedAt', proof.producedAt, listing.producedAt?.toISOString()],
    ['crlNumber', proof.crlNumber, listing.crlNumber?.toString()],
    ['revocationDate', proof.revocationDate, listing.revocationDate.toISOString()],
    ['verifyAt', receipt.verifyAt, listing.at.toISOString()],
    ...(receipt.form === 'full' ? [['reason', proof.reason, listing.reason], ['invalidityDate', proof.invalidityDate, listing.invalidityDate?.toISOString()]] as const : []),
  ]
  for (const [name, ours, theirs] of said) if (ours !== theirs) add('mismatch', RECEIPT, `${name} is not what the evidence says`)
  if (!receipt.sandbox && /sandbox/i.test(receipt.chain.map((each) => each.subjectDn).join(' '))) add('mismatch', RECEIPT, 'a sandbox authority, but the receipt does not say so')
}

async function checkLetters(files: ReadonlyMap<string, Uint8Array>, receipt: WireReceipt, add: Add): Promise<void> {
  for (const letter of receipt.letters ?? []) {
    const bytes = files.get(letter.file)
    if (bytes === undefined || bytes.byteLength !== letter.size || (await sha256Hex(bytes)) !== letter.sha256) add('mismatch', letter.file, 'not the letter receipt.json names')
  }
}

/** VERIFY.md tells people what to believe, so the digest of receipt.json must stand for it too. */
async function checkGuide(files: ReadonlyMap<string, Uint8Array>, { guide }: WireReceipt, add: Add): Promise<void> {
  if (guide.file !== GUIDE || (await sha256Hex(files.get(GUIDE) ?? new Uint8Array(0))) !== guide.sha256) add('mismatch', GUIDE, 'not the guide receipt.json names')
}

async function checkHistory(files: ReadonlyMap<string, Uint8Array>, receipt: WireReceipt, add: Add): Promise<void> {
  const text = textOf(files.get(HISTORY) ?? new Uint8Array(0))
  if (text === undefined || (text !== '' && !text.endsWith('\n'))) return add('fileUnreadable', HISTORY)
  const events: (SealedEvent<string, object> | PublicEvent)[] = []
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    try {
      const event = JSON.parse(line) as Json
      if (canonicalJson(event) !== line) return add('notCanonical', HISTORY, `line ${index + 1}`)
      events.push(event as unknown as SealedEvent)
    } catch {
      return add('fileUnreadable', HISTORY, `line ${index + 1}`)
    }
  }
  const { seq, digest } = receipt.history
  const expected: ChainHead = { seq, digest: digest ?? '' }
  const verdict = await verifyHistory(events, digest === null ? undefined : expected)
  if (!verdict.valid) add('historyBroken', HISTORY, `line ${verdict.index + 1}: ${verdict.fault}${verdict.field === undefined ? '' : ` ${verdict.field}`}`)
  else if (digest === null && events.length > 0) add('historyBroken', HISTORY, 'receipt.json names no head')
  else if (events[0] !== undefined && events[0].caseId !== receipt.caseId) add('historyBroken', HISTORY, 'another case')
  else if (receipt.form === 'public' && events.some((event) => 'actor' in event)) add('mismatch', HISTORY, 'not in its public form')
}

async function checkCommitments(receipt: WireReceipt, add: Add): Promise<void> {
  if (!Object.hasOwn(receipt.commitments, LETTERS_FIELD)) add('commitmentBroken', RECEIPT, LETTERS_FIELD)
  if (receipt.personal === undefined) return
  const fields = new Set([...Object.keys(receipt.personal), ...Object.keys(receipt.commitments)])
  for (const field of fields) {
    const beside = Object.hasOwn(receipt.personal, field) ? receipt.personal[field] : undefined
    if (beside === undefined || (await commitmentOf(field, beside)) !== receipt.commitments[field]) add('commitmentBroken', RECEIPT, field)
  }
  const letters = receipt.personal[LETTERS_FIELD]?.value
  if (letters === undefined || canonicalJson(letters) !== canonicalJson((receipt.letters ?? []) as unknown as Json)) add('mismatch', RECEIPT, 'letters')
}

function readOne(bytes: Uint8Array | undefined): Certificate | undefined {
  try {
    return bytes === undefined ? undefined : readCertificate(bytes)
  } catch {
    return undefined
  }
}

function summary(receipt: WireReceipt): NonNullable<ReceiptVerdict['receipt']> {
  return { form: receipt.form, sandbox: receipt.sandbox, caseId: receipt.caseId, proof: receipt.proof as Proof, history: { seq: receipt.history.seq, digest: receipt.history.digest ?? '' } }
}
