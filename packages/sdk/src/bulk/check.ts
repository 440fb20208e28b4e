import { readCertificate, type Certificate } from '@cabut/pki/certificate'
import { formatName, namesMatch, parseName } from '@cabut/pki/name'
import type { StatusVerdict } from '@cabut/pki/status'
import type { Desk } from '../desk/index.js'
import { CabutError } from '../errors.js'
import { InvalidInputError, issue, type Issue } from '../issues.js'
import { checkEmail, checkNik, readRequest, readSerial, type PartyInput, type ReasonCatalogue, type RevocationRequest } from '../request/index.js'
import { missingLetters, type LetterKind, type ServiceStandard } from '../standard/index.js'
import { statuses } from '../workflow/index.js'
import { findDuplicates } from './duplicates.js'
import { inOrder } from './in-order.js'
import type { BulkRow } from './row.js'
import type { Candidate, RowFinding, RowRequest, RowVerdict } from './verdict.js'

/** Certificates found for a person or a signed letter. `unavailable`: nothing was learned, ask again later. */
export type Lookup = { readonly found: readonly Certificate[] } | { readonly unavailable: string }

/** How a list is checked. */
export interface CheckOptions {
  readonly standard: ServiceStandard
  readonly reasons?: ReasonCatalogue
  /** Who files the whole list. */
  readonly applicant: PartyInput
  /** For rows that tell none. */
  readonly reason?: string
  readonly invalidityDate?: string
  readonly effectiveDate?: string
  /** For every row. */
  readonly onBehalf?: 'deceased' | 'unreachable' | 'incapacitated'
  /** Kinds of the letters that go with every row. */
  readonly letters: readonly LetterKind[]
  /** Certificates of a person, through e-Sign's chain. Absent: such rows are `unresolved`. */
  readonly findByPerson?: (person: { readonly nik: string } | { readonly email: string }) => Promise<Lookup>
  /** Certificates that signed a PDF a row names. */
  readonly findBySignature?: (file: string) => Promise<Lookup>
  /** A person's choice among several: the serial number in hex. */
  readonly pick?: (row: number, candidates: readonly Candidate[]) => Promise<string | undefined>
  /** Status of a certificate at hand, from CRL and OCSP. */
  readonly status?: (certificate: Certificate) => Promise<StatusVerdict>
  /** For requests that are under way already. */
  readonly desk?: Pick<Desk, 'list'>
  /** Requests of this very list, from an earlier run: they are no obstacle. */
  readonly isOwn?: (requestId: string) => boolean
  readonly now: Date
  /** Rows at a time. @default 8 */
  readonly concurrency?: number
}

/**
 * Checks every row of a list and files nothing: form, reason, dates and letters exactly as filing would, duplicates, what the person's
 * certificate is, whether it can be revoked at all, and whether somebody asked already. In the order of the list; memory does not grow with it.
 *
 * @param rows - opens the list; it may be read several times
 * @throws {@link CabutError} `bulkUnreadable`: as `readRows` does, or more than 10,000 duplicates
 * @example
 * ```ts
 * const list = new TextEncoder().encode('penerbit;seri;alasan\nCN=CA Contoh;0x4d2a;pensiun\nCN=CA Contoh;0x4d2a;pensiun\nCN=CA Contoh;0x4d2b;rotasi\n')
 * const options = { standard: loadStandard('kabupaten-purbalingga'), applicant, letters: ['requestLetter', 'reasonStatement'], now: tuesday } as const
 * const checked = await all(checkRows(() => readRows(pieces(list)), options))
 * checked.map(({ finding, detail }) => detail ?? finding) // ['ready', 'row 1', 'reason: reasonUnknown']
 * ```
 */
export async function* checkRows(rows: () => AsyncIterable<BulkRow>, options: CheckOptions): AsyncGenerator<RowVerdict> {
  const { earlier } = await findDuplicates(rows)
  yield* inOrder(rows(), options.concurrency ?? 8, async (row) => {
    const before = earlier.get(row.row)
    if (before !== undefined) return verdict(row, 'duplicate', { detail: `row ${before}` })
    try {
      return await checkRow(row, options)
    } catch (error) {
      if (error instanceof InvalidInputError) return verdict(row, 'invalid', faults(error.issues))
      if (error instanceof CabutError) return verdict(row, error.retryable ? 'unresolved' : 'invalid', { detail: error.code })
      throw error
    }
  })
}

async function checkRow(row: BulkRow, options: CheckOptions): Promise<RowVerdict> {
  const { fields } = row
  if (row.broken !== undefined) return verdict(row, 'unreadable', { detail: row.broken })
  const given = [fields.serial ?? fields.serialDecimal, fields.certificate, fields.nik, fields.email, fields.signed].filter((one) => one !== undefined)
  if (given.length === 0 && (fields.username === undefined || fields.subjectDn === undefined)) return verdict(row, 'invalid', faults([issue('certificate', 'certificateMissing')]))
  const found = await certificateOf(row, options)
  if ('finding' in found) return found
  const { certificate } = found
  const request = requestOf(row, certificate, options)
  // Letters are checked once for the whole list; only their kinds count here.
  const read = await readRequest(request, { standard: options.standard, ...(options.reasons === undefined ? {} : { reasons: options.reasons }) })
  const missing = lettersOwed(read, options)
  if (missing.length > 0) return verdict(row, 'invalid', faults(missing.map((kind) => issue('letters', 'letterMissing', kind))))
  const { issuerDn, serial } = read.certificate
  const address = { ...(issuerDn === undefined ? {} : { issuerDn }), ...(serial === undefined ? {} : { serial }) }
  if (certificate !== undefined) {
    const state = await standing(certificate, options)
    if (state !== undefined) return verdict(row, state, address)
  }
  const other = await underWay(issuerDn, serial, options)
  if (other !== undefined) return verdict(row, 'alreadyFiled', { detail: other, ...address })
  return verdict(row, 'ready', { request, ...address })
}

/** Mandatory letters the list comes without. Where an expedited request may be followed by its letter, none. */
function lettersOwed({ reason, onBehalf }: RevocationRequest, { standard, letters }: CheckOptions): readonly LetterKind[] {
  if (standard.expedite.letterToFollow !== null && standard.expedite.reasons.includes(reason.code)) return []
  return missingLetters(standard, { reason: reason.code, ...(onBehalf === undefined ? {} : { onBehalf }) }, letters).mandatory
}

async function certificateOf(row: BulkRow, options: CheckOptions): Promise<{ readonly certificate: Certificate | undefined } | RowVerdict> {
  const { fields } = row
  if (fields.certificate !== undefined) {
    const certificate = readInline(fields.certificate)
    return certificate === undefined ? verdict(row, 'invalid', faults([issue('certificate', 'certificateUnreadable')])) : { certificate }
  }
  const lookup = await lookUp(row, options)
  if (lookup === undefined) return { certificate: undefined }
  if ('row' in lookup) return lookup
  const wanted = wantedSerial(fields)
  const several = lookup.found.filter((one, index, all) => all.findIndex((other) => other.serial === one.serial && namesMatch(other.issuer, one.issuer)) === index)
  const matching = several.filter((one) => (wanted === undefined || one.serial === wanted) && issuerFits(one, fields.issuer))
  const alive = matching.filter((one) => one.notAfter > options.now)
  const left = matching.length > 1 && alive.length > 0 ? alive : matching
  const [first] = left
  if (first === undefined) return verdict(row, 'noCertificate', wanted === undefined ? {} : { detail: 'not the serial of the row' })
  if (left.length === 1) return { certificate: first }
  const candidates = left.map(candidateOf)
  const picked = await options.pick?.(row.row, candidates)
  const chosen = picked === undefined ? undefined : left.find((one) => one.serial === readSerial({ hex: picked }, 'serial').serial)
  return chosen === undefined ? verdict(row, 'ambiguous', { candidates }) : { certificate: chosen }
}

async function lookUp(row: BulkRow, options: CheckOptions): Promise<{ readonly found: readonly Certificate[] } | RowVerdict | undefined> {
  const { nik, email, signed } = row.fields
  const checked = nik !== undefined ? checkNik(nik, 'nik') : email !== undefined ? checkEmail(email, 'email') : undefined
  if (checked !== undefined && checked.issues.length > 0) return verdict(row, 'invalid', faults(checked.issues))
  const ask = nik !== undefined ? options.findByPerson?.({ nik }) : email !== undefined ? options.findByPerson?.({ email }) : signed !== undefined ? options.findBySignature?.(signed) : undefined
  if (ask === undefined) {
    // A person beside issuer and serial only describes whose it is.
    if (nik === undefined && email === undefined && signed === undefined) return undefined
    return wantedSerial(row.fields) !== undefined && row.fields.issuer !== undefined ? undefined : verdict(row, 'unresolved', { detail: signed === undefined ? 'no e-Sign service is set up' : 'signed letters cannot be read here' })
  }
  const answer = await ask
  if ('unavailable' in answer) return verdict(row, 'unresolved', { detail: answer.unavailable })
  return answer
}

function wantedSerial({ serial, serialDecimal }: BulkRow['fields']): string | undefined {
  if (serialDecimal !== undefined) return readSerial({ decimal: serialDecimal }, 'serial').serial
  return serial === undefined ? undefined : readSerial(serial, 'serial').serial
}

function issuerFits(certificate: Certificate, issuer: string | undefined): boolean {
  if (issuer === undefined) return true
  try {
    return namesMatch(certificate.issuer, parseName(issuer))
  } catch {
    return false
  }
}

function candidateOf(certificate: Certificate): Candidate {
  const { issuer, serial, subject, notBefore, notAfter } = certificate
  return { issuerDn: formatName(issuer), serial, subjectDn: formatName(subject), notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() }
}

/** A certificate inside the list: PEM, or the base64 of its DER. */
function readInline(text: string): Certificate | undefined {
  try {
    if (text.includes('-----BEGIN')) return readCertificate(text)
    return readCertificate(Uint8Array.from(atob(text.replace(/\s+/g, '')), (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}

function requestOf({ fields }: BulkRow, certificate: Certificate | undefined, options: CheckOptions): RowRequest {
  const { serial, serialDecimal, issuer, subjectDn, username, name, holder, opd, note } = fields
  const reason = fields.reason ?? options.reason ?? ''
  const effectiveDate = fields.effectiveDate ?? options.effectiveDate
  const invalidityDate = fields.invalidityDate ?? options.invalidityDate
  const whose = { ...(holder === undefined ? {} : { id: holder }), ...(name === undefined ? {} : { name }), ...(username === undefined ? {} : { username }) }
  const ownerFiles = options.standard.filing.by === 'owner' && holder !== undefined && holder === options.applicant.id
  return {
    certificate: {
      ...(certificate === undefined ? {} : { certificate: certificate.der }),
      ...(issuer === undefined ? {} : { issuerDn: issuer }),
      ...(serialDecimal !== undefined ? { serial: { decimal: serialDecimal } } : serial !== undefined ? { serial } : {}),
      ...(subjectDn === undefined ? {} : { subjectDn }), ...(username === undefined ? {} : { username }),
    },
    reason, applicant: options.applicant,
    ...(Object.keys(whose).length === 0 || ownerFiles ? {} : { holder: whose }),
    ...(opd === undefined ? {} : { opdOrigin: opd }), ...(note === undefined ? {} : { note }),
    ...(effectiveDate === undefined ? {} : { effectiveDate }), ...(invalidityDate === undefined ? {} : { invalidityDate }),
    ...(options.onBehalf === undefined ? {} : { onBehalf: options.onBehalf }),
  }
}

async function standing(certificate: Certificate, { status, now }: CheckOptions): Promise<RowFinding | undefined> {
  const found = status === undefined ? undefined : (await status(certificate)).status
  if (found === 'revoked') return 'alreadyRevoked'
  return found === 'expired' || certificate.notAfter <= now ? 'expired' : undefined
}

async function underWay(issuerDn: string | undefined, serial: string | undefined, { desk, isOwn }: CheckOptions): Promise<string | undefined> {
  if (desk === undefined || issuerDn === undefined || serial === undefined) return undefined
  const known = await desk.list({ issuerDn, serial, limit: 20 })
  return known.find(({ id, status }) => !statuses[status].final && status !== 'rejected' && status !== 'failed' && isOwn?.(id) !== true)?.id
}

function faults(issues: readonly Issue[]): Partial<RowVerdict> {
  return { issues, detail: issues.map(({ path, code }) => `${path}: ${code}`).join('; ') }
}

function verdict({ row }: BulkRow, finding: RowFinding, more: Partial<RowVerdict> = {}): RowVerdict {
  return { row, finding, ...more }
}

