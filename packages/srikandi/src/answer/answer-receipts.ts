import { readCertificate } from '@cabut/pki/certificate'
import { CabutError } from '@cabut/sdk'
import { verifyReceipt, zipReceipt, type ReceiptVerdict } from '@cabut/sdk/receipt'
import type { LetterDeskOptions } from '../intake/letter-desk.js'
import type { LetterZone } from '../letter/date.js'
import { identitySlug, sha256Hex } from '../letter/identity.js'
import { readRow } from '../row/read-row.js'
import type { LetterTransport, SendingFile, Sent } from '../transport/port.js'
import { writeAnswerPdf } from './answer-pdf.js'
import { composeAnswer, proofWords, receiptList, type AnswerContent, type AnswerRow, type LetterVariables } from './content.js'

/** Answering a letter with receipts at hand, without a desk. */
export interface AnswerReceiptsInput extends Pick<LetterDeskOptions, 'letterhead' | 'signatory' | 'verifiers' | 'classification' | 'offices' | 'copies'> {
  readonly transport: Pick<LetterTransport, 'send'>
  /** The row of the letter that is answered. */
  readonly row: unknown
  /** Receipts as files, one for each certificate. */
  readonly receipts: readonly [ReadonlyMap<string, Uint8Array>, ...ReadonlyMap<string, Uint8Array>[]]
  /** Trust anchors the receipts must lead to. */
  readonly anchors: Parameters<typeof verifyReceipt>[1]['anchors']
  readonly zone: LetterZone
  readonly forms?: readonly ((content: AnswerContent) => Promise<SendingFile>)[]
  readonly variables?: LetterVariables
}

/**
 * Writes the answer to a letter from verified receipts and sends it, once: the same letter with the same receipts has the same key. A receipt that
 * does not hold answers nothing.
 *
 * @throws {@link CabutError} `receiptInvalid` (`at` names the receipt), `letterHolderRepeated` (two receipts of one certificate), what {@link readRow} throws
 * @example
 * ```ts
 * const { receipt, anchors, serial } = await openReceipt()
 * const transport = await createFolderTransport({ folder: await openFolder() })
 * const input = { transport, row, anchors, zone: 'WIB', offices, letterhead, signatory } as const
 * const { content } = await answerReceipts({ ...input, receipts: [receipt] })
 * content.rows.map((each) => [each.serial === serial, each.outcome]) // [[true, 'Dicabut, terbukti']]
 * answerReceipts({ ...input, receipts: [new Map(receipt).set('evidence/crl.der', pdf)] }) // throws receiptInvalid
 * ```
 */
export async function answerReceipts(input: AnswerReceiptsInput): Promise<{ readonly key: string; readonly content: AnswerContent; readonly sent: Sent }> {
  const { identity, nomor, tanggal, pengirim } = readRow(input.row, input)
  const rows: AnswerRow[] = []
  const files: SendingFile[] = []
  let sandbox = false
  for (const [index, files_] of input.receipts.entries()) {
    const { valid, receipt } = await verifyReceipt(files_, { anchors: input.anchors })
    if (!valid || receipt === undefined) throw new CabutError('receiptInvalid', { at: `receipts[${index}]` })
    const { serial } = receipt.proof.certificate
    const name = `bukti-${serial}.zip`
    if (files.some((file) => file.name === name)) throw new CabutError('letterHolderRepeated', { at: `receipts[${index}]` })
    const bytes = zipReceipt(files_)
    sandbox ||= receipt.sandbox
    files.push({ name, mediaType: 'application/zip', bytes })
    rows.push({ holder: holderOf(files_, receipt), serial, outcome: 'Dicabut, terbukti', detail: proofWords(receipt.proof, input.zone), receipt: { name, sha256: await sha256Hex(bytes), size: bytes.length } })
  }
  const list = new TextEncoder().encode(receiptList(rows.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]))))
  const receiptsSha256 = await sha256Hex(list)
  const content = composeAnswer({
    options: input, kind: 'answer', answered: { identity, nomor: nomor.text, tanggal, ...(pengirim.jabatan === undefined ? {} : { jabatan: pengirim.jabatan }) }, rows, sandbox, receiptsSha256,
    ...(input.variables === undefined ? {} : { variables: input.variables }),
  })
  const key = `jawaban-${await identitySlug(identity)}-${receiptsSha256.slice(0, 12)}`
  const forms = await Promise.all((input.forms ?? []).map((form) => form(content)))
  const sent = await input.transport.send({
    key, letter: content.letter,
    files: [{ name: 'jawaban.pdf', mediaType: 'application/pdf', bytes: await writeAnswerPdf(content) }, ...forms, ...files, { name: 'bukti.sha256', mediaType: 'text/plain', bytes: list }],
  })
  return { key, content, sent }
}

/** The holder's name as the certificate has it; the public form of a receipt names nobody. */
function holderOf(files: ReadonlyMap<string, Uint8Array>, { form }: NonNullable<ReceiptVerdict['receipt']>): string {
  const pem = form === 'full' ? files.get('certificate.pem') : undefined
  if (pem === undefined) return '-'
  return readCertificate(new TextDecoder().decode(pem)).subject.rdns.flat().filter(({ type }) => type === '2.5.4.3').at(-1)?.value ?? '-'
}
