import { PkiError } from '@cabut/pki'
import type { LetterOptions, LetterReport } from '@cabut/pki/letter'
import { CabutError } from '@cabut/sdk'
import { amsLetterLimit, electronicPhrases, type CertificateReference } from '@cabut/sdk/request'
import { readLetterNumber } from '../letter/number.js'
import type { Office, OfficeDirectory } from '../letter/office.js'
import type { ReadPlace } from '../reading/fact.js'
import type { PdfLimits } from '../reading/pdf-text.js'
import { readLetterPdf, type LetterReading } from '../reading/read-letter-pdf.js'
import { finding, type LetterFinding } from './finding.js'
import { judgeSignatures } from './judge-signatures.js'

/** By what signatures are judged: pinned anchors, evidence, and how more of it is fetched. Without it they are not judged. */
export type SignatureOptions = Omit<LetterOptions, 'claimPhrases' | 'maxBytes' | 'maxUnpackedBytes'>

/** What a person has stated of a letter, to be compared with its PDF. */
export interface StatedLetter {
  readonly number?: string
  /** `YYYY-MM-DD` */
  readonly date?: string
  readonly office?: Office
  readonly certificates?: readonly CertificateReference[]
}

/** What was found in a letter's PDF. The reading and the report may name persons; the findings do not. */
export interface LetterExamination {
  /** Absent when the file could not be read in time. */
  readonly reading?: LetterReading
  /** Absent when signatures were not judged. */
  readonly signatures?: LetterReport
  /** For the verifier. They decide nothing. */
  readonly findings: readonly LetterFinding[]
}

/** How a letter is examined. */
export interface ExamineOptions {
  readonly offices?: OfficeDirectory
  readonly stated?: StatedLetter
  readonly signatures?: SignatureOptions
  readonly limits?: PdfLimits
}

/**
 * Examines a letter's PDF: reads it, judges its signatures, compares both with what a person has stated.
 *
 * @throws {@link CabutError} `letterPdfActive`, `letterPdfEncrypted`, `letterPdfDamaged`: such a file is not opened by officers, or proves nothing
 * @example
 * ```ts
 * const { sandbox, anchors, intermediates, signed } = await openAuthority()
 * const signatures = { anchors, intermediates, fetch: sandbox.fetch, at: new Date('2026-11-24T02:00:00Z') }
 * const { findings } = await examineLetter(signed, { offices, stated: { number: '000.8.3.3/16/DINDIK' }, signatures })
 * findings.map(({ code, level }) => `${code} ${level}`) // ['signedActing info', 'numberDiffers warning', 'signed info']
 * const unsigned = await examineLetter(pdf, { signatures })
 * unsigned.findings.some(({ code }) => code === 'printout') // true
 * ```
 */
export async function examineLetter(bytes: Uint8Array, { offices = [], stated = {}, signatures: options, limits = {} }: ExamineOptions = {}): Promise<LetterExamination> {
  const findings: LetterFinding[] = bytes.length > amsLetterLimit ? [finding('aboveAmsLimit')] : []
  const reading = await readLetterPdf(bytes, { offices, limits }).catch((error: unknown) => {
    if (error instanceof CabutError && error.code === 'letterPdfTooComplex') return undefined
    throw error
  })
  if (reading === undefined) findings.push(finding('notRead'))
  else {
    if (reading.active.length > 0) throw new CabutError('letterPdfActive', { at: 'pdf', detail: reading.active.join(', ') })
    findings.push(...remarks(reading), ...compare(reading, stated))
  }
  const report = options === undefined ? undefined : await inspect(bytes, options, findings)
  if (options === undefined) findings.push(finding('signaturesNotJudged'))
  if (report !== undefined) {
    findings.push(...(await judgeSignatures(report, {
      revoking: stated.certificates ?? [], ...(stated.office === undefined ? {} : { office: stated.office }), ...(reading?.signatory === undefined ? {} : { signatory: reading.signatory.value }),
    })))
    if (report.kind === 'claimsElectronicSignature') findings.push(finding('printout'))
    else if (report.kind === 'imageOnly') findings.push(finding('scanned'))
    else if (report.kind === 'unsigned') findings.push(finding(reading?.claimsElectronic === true ? 'printout' : 'unsigned'))
  }
  return { findings, ...(reading === undefined ? {} : { reading }), ...(report === undefined ? {} : { signatures: report }) }
}

/** Loaded when first needed: a desk without anchors pays nothing. */
async function inspect(bytes: Uint8Array, options: SignatureOptions, findings: LetterFinding[]): Promise<LetterReport | undefined> {
  const { inspectLetter } = await import('@cabut/pki/letter')
  try {
    return await inspectLetter(bytes, { ...options, claimPhrases: electronicPhrases })
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    findings.push(finding('signatureUnreadable', error.code))
    return undefined
  }
}

function remarks({ content, attachments, limited, signatory, table }: LetterReading): readonly LetterFinding[] {
  return [
    ...(content === 'empty' ? [finding('empty')] : []), ...(attachments > 0 ? [finding('attachments')] : []), ...(limited ? [finding('readLimited')] : []),
    ...(signatory !== undefined && signatory.value.authority.capacity !== 'own' ? [finding('signedActing', at(signatory.place))] : []),
    ...[...new Set((table?.problems ?? []).map(({ row }) => row))].map((row) => finding('tableUnclear', `baris tabel ${row}`)),
  ]
}

function compare({ number, date, sender, table }: LetterReading, stated: StatedLetter): readonly LetterFinding[] {
  const findings: LetterFinding[] = []
  if (number !== undefined && number.confidence !== 'low' && stated.number !== undefined && !number.value.provisional && readLetterNumber(stated.number).key !== number.value.key) findings.push(finding('numberDiffers', at(number.place)))
  if (date !== undefined && date.confidence !== 'low' && stated.date !== undefined && date.value !== stated.date) findings.push(finding('dateDiffers', at(date.place)))
  if (sender?.value !== undefined && stated.office !== undefined && sender.value.code !== stated.office.code) findings.push(finding('senderDiffers', at(sender.place)))
  if (table === undefined || table.problems.length > 0 || stated.certificates === undefined) return findings
  const serials = stated.certificates.map(({ serial }) => serial)
  const stray = table.rows.find(({ cells }) => cells.nomor_seri !== undefined && serials.every((serial) => serial !== undefined) && !serials.includes(plain(cells.nomor_seri)))
  if (stray !== undefined) findings.push(finding('tableDiffers', `baris tabel ${stray.number}`))
  else if (table.rows.length !== stated.certificates.length) findings.push(finding('tableDiffers'))
  return findings
}

function at({ page, line }: ReadPlace): string {
  return `halaman ${page} baris ${line}`
}

function plain(serial: string): string {
  return serial.replace(/[\s:]/g, '').replace(/^0x/i, '').toLowerCase().replace(/^0+(?=.)/, '')
}
