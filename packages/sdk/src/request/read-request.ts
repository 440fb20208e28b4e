import { dayOfDate, zoneOffset } from '../calendar/zone.js'
import { InvalidInputError, issue, joinPath, type Issue } from '../issues.js'
import { missingLetters } from '../standard/letters.js'
import type { ServiceStandard } from '../standard/service-standard.js'
import { issuesOf } from '../wire/zod-issues.js'
import { readCertificateReference } from './certificate-reference.js'
import { checkDate, type Checked } from './identifier.js'
import { checkLetter, makeLetter, type Letter } from './letter.js'
import { checkParty, makeParty, type Holder, type Party } from './party.js'
import { findReason, reasonCatalogue, type Reason, type ReasonCatalogue } from './reason.js'
import type { RequestInput, RevocationRequest } from './revocation-request.js'
import { requestSchema } from './schema.js'

/** How requests are read. */
export interface ReadRequestOptions {
  /** The standard under which it is filed: reasons offered, letters asked for, zone. */
  readonly standard: ServiceStandard
  /** @default reasonCatalogue */
  readonly reasons?: ReasonCatalogue
  /** Domains of official mail. @default ['.go.id'] */
  readonly emailDomains?: readonly string[]
  /** Largest letter, in octets. @default 20 MiB */
  readonly letterLimit?: number
}

/**
 * Reads a request as somebody files it. Everything wrong is found at once; nothing of the values enters an error.
 *
 * @throws {@link InvalidInputError} `requestInvalid`, with issues: path, code, Indonesian and English
 * @example
 * ```ts
 * const standard = loadStandard('kabupaten-purbalingga')
 * const request = await readRequest({ certificate: certificate.der, reason: 'mutasi', letters: [requestLetter], applicant }, { standard })
 * request.reason.rfc5280 // 'affiliationChanged'
 * request.warnings.map(({ en }) => en) // ['this document should be attached: transferDecree']
 * await readRequest({ certificate: certificate.der, reason: 'mutasi', applicant, passphrase: 'x' }, { standard }) // throws requestInvalid
 * ```
 */
export async function readRequest(input: unknown, options: ReadRequestOptions): Promise<RevocationRequest> {
  const secrets = secretFields(input)
  const shape = requestSchema.safeParse(input)
  const misshapen = shape.success ? [] : issuesOf(shape.error, input)
  if (secrets.length > 0 || !shape.success)
    throw new InvalidInputError('requestInvalid', [
      ...secrets,
      ...misshapen.filter(({ path }) => !secrets.some((secret) => covers(path, secret.path))),
    ])
  const request = input as RequestInput
  const found = gather(request, options)
  const { reference, ...certificate } = await readCertificateReference(request.certificate, 'certificate')
  const issues = [...found.issues, ...certificate.issues]
  const reason = readReason(request, options, issues)
  if (issues.length > 0 || reason === undefined) throw new InvalidInputError('requestInvalid', issues)
  const letters = await Promise.all((request.letters ?? []).map(makeLetter))
  return assemble(request, { reason, reference, letters, warnings: [...found.warnings, ...certificate.warnings] }, options)
}

function gather(request: RequestInput, { standard, emailDomains, letterLimit }: ReadRequestOptions): Checked {
  const found: Checked[] = [checkParty({ ...request.applicant }, 'applicant', emailDomains)]
  if (request.holder !== undefined) found.push(checkParty({ ...request.holder }, 'holder', emailDomains))
  for (const [index, letter] of (request.letters ?? []).entries()) found.push(checkLetter(letter, `letters[${index}]`, letterLimit))
  for (const field of ['effectiveDate', 'invalidityDate'] as const)
    if (request[field] !== undefined) found.push(checkDate(request[field], field))
  const issues: Issue[] = found.flatMap(({ issues: some }) => some)
  const deceased = request.onBehalf === 'deceased' || request.holder?.deceased === true || request.reason === 'meninggal'
  for (const contact of ['email', 'phone'] as const)
    if (deceased && request.holder?.[contact] !== undefined) issues.push(issue(`holder.${contact}`, 'holderDeceasedContact'))
  if (request.holder === undefined && standard.filing.by === 'owner' && request.onBehalf !== undefined)
    issues.push(issue('holder', 'required'))
  if (request.opdOrigin === undefined && request.applicant.opd === undefined) issues.push(issue('opdOrigin', 'required'))
  return { issues, warnings: found.flatMap(({ warnings }) => warnings) }
}

function readReason(
  request: RequestInput,
  { standard, reasons = reasonCatalogue }: ReadRequestOptions,
  issues: Issue[],
): Reason | undefined {
  const reason = findReason(request.reason, reasons)
  const { offered } = standard.reasons
  if (reason === undefined) issues.push(issue('reason', 'reasonUnknown'))
  else if (reason.kind === 'advice') issues.push(issue('reason', 'reasonAdvice', reason.advice?.id ?? '', reason.advice?.en ?? ''))
  else if ((reason.kind === 'suspension' && !standard.suspensionOffered) || (offered !== 'all' && !offered.includes(reason.code)))
    issues.push(issue('reason', 'reasonNotOffered'))
  else if (reason.needsNote && (request.note ?? '').trim() === '') issues.push(issue('note', 'reasonNeedsNote'))
  return reason
}

interface Parts {
  readonly reason: Reason
  readonly reference: RevocationRequest['certificate']
  readonly letters: readonly Letter[]
  readonly warnings: readonly Issue[]
}

function assemble(
  request: RequestInput,
  { reason, reference, letters, warnings }: Parts,
  { standard, reasons = reasonCatalogue }: ReadRequestOptions,
): RevocationRequest {
  const applicant = makeParty(request.applicant as Party)
  const holder: Holder =
    request.holder !== undefined ? makeParty(request.holder as Holder) : standard.filing.by === 'owner' ? applicant : makeParty<Holder>({})
  const missing = missingLetters(
    standard,
    { reason: reason.code, ...(request.onBehalf === undefined ? {} : { onBehalf: request.onBehalf }) },
    letters.map(({ kind }) => kind),
  )
  const { effectiveDate, invalidityDate, opdDestination, note, onBehalf } = request
  return {
    kind: reason.kind === 'suspension' ? 'suspension' : 'revocation',
    reason,
    catalogue: reasons.id,
    certificate: reference,
    letters,
    missingLetters: missing,
    applicant,
    holder,
    opdOrigin: request.opdOrigin ?? (request.applicant.opd as string),
    ...(note === undefined ? {} : { note }),
    ...(opdDestination === undefined ? {} : { opdDestination }),
    ...(effectiveDate === undefined
      ? {}
      : { effectiveDate, effectiveFrom: new Date(dayOfDate(effectiveDate) * 86_400_000 - zoneOffset[standard.zone]).toISOString() }),
    ...(invalidityDate === undefined ? {} : { invalidityDate }),
    ...(onBehalf === undefined ? {} : { onBehalf }),
    warnings: [
      ...warnings,
      ...missing.mandatory.map((kind) => issue('letters', 'letterMissing', kind)),
      ...missing.advised.map((kind) => issue('letters', 'letterAdvised', kind)),
      ...(reason.advice === undefined ? [] : [issue('reason', 'reasonAdvice', reason.advice.id, reason.advice.en)]),
    ],
  }
}

/** Names under which people would hand over a secret. Refused before anything else is looked at, wherever they stand. */
const secret =
  /^(?:pass[-_ ]?(?:phrase|word|code)|kata[-_ ]?(?:sandi|kunci)|sandi|pin|otp|totp|secret|private[-_ ]?key|kunci[-_ ]?privat)$/i

function secretFields(input: unknown, path: readonly PropertyKey[] = []): Issue[] {
  if (typeof input !== 'object' || input === null || ArrayBuffer.isView(input) || path.length > 4) return []
  return Object.entries(input)
    .slice(0, 1_000)
    .flatMap(([key, value]) => {
      const here = [...path, Array.isArray(input) ? Number(key) : key]
      return secret.test(key) ? [issue(joinPath(here), 'secretRefused')] : secretFields(value, here)
    })
}

function covers(path: string, other: string): boolean {
  return path === other || other.startsWith(`${path}.`)
}
