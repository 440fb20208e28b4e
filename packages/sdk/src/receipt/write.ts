import { certificateSha256, readCertificate, type Certificate } from '@cabut/pki/certificate'
import { readCrl } from '@cabut/pki/crl'
import { equalBytes } from '@cabut/pki/der'
import { formatName } from '@cabut/pki/name'
import { CabutError } from '../errors.js'
import { canonicalBytes, canonicalJson, commitmentOf, type Json, type PersonalValue } from '../history/index.js'
import type { WireReceipt } from '../wire/receipt.js'
import { CERTIFICATE, GUIDE, HISTORY, INTERMEDIATES, LETTERS_FIELD, MANIFEST, pem, RECEIPT, sha256Hex, utf8, writeManifest } from './files.js'
import { withGuide } from './guide.js'
import { toPublicReceipt } from './public-form.js'
import type { ReceiptForm, ReceiptInput, ReceiptLetter } from './receipt.js'
import { verifyReceipt } from './verify.js'

const SANDBOX_NOTICE = 'SANDBOX: percobaan, bukan pencabutan sungguhan / a trial, no real revocation'

/** What a receipt is written as. */
export interface WriteReceiptOptions {
  /** @default 'full' */
  readonly form?: ReceiptForm
}

/**
 * Writes a receipt of proof ("Bukti pencabutan"): a folder that OpenSSL alone can verify, years later, by the commands of its VERIFY.md.
 * It proves that the certificate authority revoked the certificate, and that the files belong together; not who wrote the history.
 *
 * Before it is handed out the receipt is verified by the same rules as {@link verifyReceipt}, against the last certificate of `chain`.
 *
 * Where the certificate was never at hand, issuer and serial tell it, and the folder holds no `certificate.pem`.
 *
 * @returns files by path: `receipt.json`, `MANIFEST`, `VERIFY.md`, `certificate.pem`, `chain/*.pem`, `evidence/*`, `letters/*`, `history.jsonl`
 * @throws {@link CabutError} `receiptInput` when the parts do not fit together or do not prove a revocation; `at` names the part. PkiError when
 *   the certificate or a CRL cannot be read
 * @example
 * ```ts
 * const files = await writeReceipt(receiptInput)
 * Array.from(files.keys()).filter((path) => !path.includes('/')) // ['certificate.pem', 'history.jsonl', 'receipt.json', 'VERIFY.md', 'MANIFEST']
 * Array.from(files.keys()).filter((path) => path.includes('/')) // ['chain/issuer.pem', 'chain/root.pem', 'evidence/crl.der', 'letters/01-requestletter.pdf']
 * await writeReceipt({ ...receiptInput, evidence: earlierCrl }) // throws receiptInput
 * ```
 */
export async function writeReceipt(input: ReceiptInput, options: WriteReceiptOptions = {}): Promise<Map<string, Uint8Array>> {
  const certificate = input.certificate === undefined ? undefined : readLeaf(input.certificate)
  const anchor = input.chain.at(-1) as Certificate
  await checkInput(input, certificate, anchor)

  const files = new Map<string, Uint8Array>()
  if (certificate !== undefined) files.set(CERTIFICATE, utf8(pem('CERTIFICATE', certificate.der)))
  const chain: WireReceipt['chain'][number][] = []
  for (const [index, authority] of input.chain.entries()) {
    const file = index === input.chain.length - 1 ? 'chain/root.pem' : index === 0 ? 'chain/issuer.pem' : `chain/intermediate-${index}.pem`
    files.set(file, utf8(pem('CERTIFICATE', authority.der)))
    chain.push({ file, subjectDn: formatName(authority.subject), sha256: await certificateSha256(authority) })
  }
  const between = input.chain.slice(0, -1)
  if (between.length > 1) files.set(INTERMEDIATES, utf8(between.map((each) => pem('CERTIFICATE', each.der)).join('')))
  const evidenceFile = input.proof.source === 'crl' ? 'evidence/crl.der' : 'evidence/ocsp.der'
  files.set(evidenceFile, input.evidence)
  const letters = input.letters.map((letter, index) => letterEntry(letter, index))
  for (const [index, letter] of letters.entries()) files.set(letter.file, input.letters[index]!.bytes)
  files.set(HISTORY, utf8(input.history.map((event) => `${canonicalJson(event as unknown as Json)}\n`).join('')))

  const personal: Record<string, PersonalValue> = {}
  const commitments: Record<string, string> = {}
  for (const [field, value] of Object.entries({ ...input.personal, [LETTERS_FIELD]: letters as unknown as Json })) {
    const beside: PersonalValue = { salt: input.salts(), value }
    commitments[field] = await commitmentOf(field, beside)
    personal[field] = beside
  }
  const head = input.history.at(-1)
  const sandbox = input.sandbox || [...input.chain].some((each) => /sandbox/i.test(formatName(each.subject)))
  const { receipt, guide } = await withGuide({
    type: 'bukti-pencabutan',
    version: 1,
    form: 'full',
    sandbox,
    ...(sandbox ? { notice: SANDBOX_NOTICE } : {}),
    caseId: input.caseId,
    standard: { id: input.standard.id, version: input.standard.version },
    writtenAt: input.writtenAt,
    verifyAt: verifyAt(input),
    certificate: certificate === undefined ? { issuerDn: input.proof.certificate.issuerDn, serial: input.proof.certificate.serial } : {
      file: CERTIFICATE,
      issuerDn: formatName(certificate.issuer),
      subjectDn: formatName(certificate.subject),
      serial: certificate.serial,
      sha256: await certificateSha256(certificate),
      notBefore: certificate.notBefore.toISOString(),
      notAfter: certificate.notAfter.toISOString(),
    },
    chain,
    evidence: { file: evidenceFile, sha256: input.proof.sha256 },
    proof: input.proof,
    times: { ...input.times },
    letters,
    personal,
    commitments,
    history: { file: HISTORY, seq: head?.seq ?? 0, digest: head?.digest ?? null },
    ...(input.publishedFingerprint === undefined ? {} : { publishedFingerprint: { ...input.publishedFingerprint } }),
  }, { selfSigned: equalBytes(anchor.subjectDer, anchor.issuerDer) })
  files.set(RECEIPT, canonicalBytes(receipt as unknown as Json))
  files.set(GUIDE, guide)
  files.set(MANIFEST, utf8(await writeManifest(files)))
  const result = options.form === 'public' ? await toPublicReceipt(files) : files
  const verdict = await verifyReceipt(result, { anchors: [anchor] })
  const [problem] = verdict.problems
  if (problem !== undefined) throw new CabutError('receiptInput', { at: problem.file, detail: `${problem.code}${problem.detail === undefined ? '' : `: ${problem.detail}`}` })
  return result
}

async function checkInput(input: ReceiptInput, certificate: Certificate | undefined, anchor: Certificate): Promise<void> {
  const bad = (at: string, detail: string): CabutError => new CabutError('receiptInput', { at, detail })
  if ((await sha256Hex(input.evidence)) !== input.proof.sha256) throw bad('evidence', 'its SHA-256 is not the one of the proof')
  if (certificate === undefined ? input.proof.certificate.sha256 !== undefined : (await certificateSha256(certificate)) !== input.proof.certificate.sha256) throw bad('certificate', 'the proof is about another certificate')
  const sha256 = await certificateSha256(anchor)
  if (sha256 !== input.proof.anchorSha256) throw bad('chain', 'it does not end in the anchor of the proof')
  if (input.publishedFingerprint !== undefined && input.publishedFingerprint.sha256 !== sha256) throw bad('publishedFingerprint', 'the anchor has another fingerprint')
  for (const [index, letter] of input.letters.entries()) {
    if ((await sha256Hex(letter.bytes)) !== letter.sha256) throw bad(`letters[${index}]`, 'its SHA-256 is another one')
  }
  if (Object.hasOwn(input.personal ?? {}, LETTERS_FIELD)) throw bad('personal', `the field ${LETTERS_FIELD} is the receipt's own`)
  if (input.history.some((event) => event.caseId !== input.caseId)) throw bad('history', 'an event belongs to another case')
  if (input.proof.source === 'crl' && readCrl(input.evidence).baseCrlNumber !== undefined) throw bad('evidence', 'a delta CRL cannot be verified by itself; use a complete CRL or OCSP')
}

/** The time to verify at: when the evidence was made. Its signer and its own dates hold then, whatever has expired since. */
function verifyAt({ proof }: ReceiptInput): string {
  const times = [proof.thisUpdate, ...(proof.producedAt === undefined ? [] : [proof.producedAt])].map((time) => Date.parse(time))
  return new Date(Math.max(...times)).toISOString()
}

function letterEntry(letter: ReceiptLetter, index: number): NonNullable<WireReceipt['letters']>[number] {
  const kind = letter.kind.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40) || 'surat'
  return {
    kind: letter.kind,
    file: `letters/${String(index + 1).padStart(2, '0')}-${kind}.${letter.mediaType === 'application/pdf' ? 'pdf' : 'bin'}`,
    sha256: letter.sha256,
    size: letter.bytes.byteLength,
    mediaType: letter.mediaType,
    ...(letter.number === undefined ? {} : { number: letter.number }),
    ...(letter.date === undefined ? {} : { date: letter.date }),
  }
}

function readLeaf(given: NonNullable<ReceiptInput['certificate']>): Certificate {
  return typeof given === 'string' || given instanceof Uint8Array ? readCertificate(given) : given
}
