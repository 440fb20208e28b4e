import { digest, toHex } from '@cabut/pki/crypto'
import type { StatusVerdict } from '@cabut/pki/status'
import { CabutError } from '../errors.js'
import { InvalidInputError, issue, type Issue } from '../issues.js'
import { judgeProof } from '../proof/index.js'
import { writeReceipt } from '../receipt/index.js'
import { checkLetter, readRequest, type RevocationRequest } from '../request/index.js'
import { letterKinds } from '../standard/index.js'
import type { Evidence } from '../store/index.js'
import type { Actor, CaseLetter, Command } from '../workflow/index.js'
import type { FileInput, LetterInput } from './desk.js'
import { lookAtSignatures } from './letter-signature.js'
import { collect, type Office } from './office.js'
import { AlreadyRevokedError } from './refused.js'

/** A request ready to be filed. */
export interface Prepared {
  readonly actor: Actor
  readonly command: Extract<Command, { type: 'file' }>
  readonly evidence: readonly Evidence[]
  readonly warnings: readonly Issue[]
}

/** Reads and checks a request, and looks whether its certificate can be revoked at all: pinned issuer, not expired, not revoked already. */
export async function prepareFiling(office: Office, input: FileInput, caseId: string, register: string): Promise<Prepared> {
  const { as, draft, id: _id, ...rest } = input
  const request = await readRequest(rest, { standard: office.standard, reasons: office.reasons })
  const before = await preflight(office, request)
  const actor: Actor = as ?? {
    id: request.applicant.id, role: office.standard.filing.role, ...(request.applicant.opd === undefined ? {} : { opd: request.applicant.opd }),
  }
  const { certificate, holder, applicant } = request
  const personal = personalOf(request)
  const looked = await Promise.all(request.letters.map(({ bytes }, index) => lookAtSignatures(office, bytes, certificate, `letters[${index}]`)))
  const command: Prepared['command'] = {
    type: 'file', caseId, kind: request.kind, reason: request.reason.code, register,
    certificate: pick(certificate, ['issuerDn', 'serial', 'sha256', 'notBefore', 'notAfter']),
    parties: {
      applicant: pick(applicant, ['id', 'opd']),
      holder: pick(holder, ['id', 'deceased', 'reachable']),
      opdOrigin: request.opdOrigin,
      ...(request.opdDestination === undefined ? {} : { opdDestination: request.opdDestination }),
    },
    letters: request.letters.map((letter, index) => ({ ...letterFacts(letter), ...(looked[index] === undefined ? {} : { signature: looked[index].signature }) })),
    ...(request.effectiveFrom === undefined ? {} : { effectiveDate: request.effectiveFrom }),
    ...(request.invalidityDate === undefined ? {} : { invalidityDate: request.invalidityDate }),
    ...(request.onBehalf === undefined ? {} : { onBehalf: request.onBehalf }),
    ...(draft === undefined ? {} : { draft }),
    ...(Object.keys(personal).length === 0 ? {} : { personal }),
  }
  const evidence: Evidence[] = request.letters.map(({ sha256, mediaType, bytes }) => ({ sha256, mediaType, bytes }))
  if (certificate.der !== undefined && certificate.sha256 !== undefined) {
    evidence.push({ sha256: certificate.sha256, mediaType: 'application/pkix-cert', bytes: certificate.der })
  }
  return { actor, command, evidence, warnings: [...request.warnings, ...before, ...looked.flatMap(({ warnings }) => warnings)] }
}

function letterFacts(letter: RevocationRequest['letters'][number]): CaseLetter {
  const { kind, sha256, size, mediaType, number, date } = letter
  return { kind, sha256, size, mediaType, ...(number === undefined ? {} : { number }), ...(date === undefined ? {} : { date }) }
}

/** Personal values that travel beside the chain, each under its own commitment. */
function personalOf({ certificate, holder, applicant, note }: RevocationRequest): Readonly<Record<string, string>> {
  const username = certificate.username ?? holder.username
  const fields: Readonly<Record<string, string | undefined>> = {
    username, subjectDn: certificate.subjectDn, holder: holder.name, holderPosition: holder.position, holderEmail: holder.email, holderPhone: holder.phone,
    applicant: applicant.name, applicantPosition: applicant.position, applicantEmail: applicant.email, applicantPhone: applicant.phone, note,
  }
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

async function preflight(office: Office, request: RevocationRequest): Promise<readonly Issue[]> {
  const { der } = request.certificate
  if (der === undefined) return []
  let found = await collect(office, der)
  for (let again = 0; again < 3 && issuerAway(found); again++) found = await collect(office, der)
  if (issuerAway(found)) throw new CabutError('certificateIssuerUnavailable', { at: 'certificate', detail: 'hand in the issuing certificate as `intermediates`, or try again' })
  if (found.status === 'unknown' && found.reason !== undefined && notPinned.has(found.reason)) {
    throw new CabutError('certificateIssuerNotPinned', { at: 'certificate', detail: found.reason })
  }
  const now = new Date(office.now())
  const verdict = await judgeProof({ evidence: [found], policy: office.policy, now })
  if (verdict.verdict === 'proven') {
    const { proof } = verdict
    const bytes = found.evidence.find(each => each.sha256 === proof.sha256)?.bytes ?? new Uint8Array()
    const [issuer, ...above] = found.chain.slice(1)
    throw new AlreadyRevokedError(proof, bytes, async () => {
      if (issuer === undefined) throw new CabutError('receiptInput', { at: 'chain' })
      return writeReceipt({
        caseId: 'tanpa-permohonan', standard: office.rules.standard, certificate: der, chain: [issuer, ...above], proof, evidence: bytes, letters: [], history: [],
        times: {}, sandbox: office.options.sandbox ?? false, writtenAt: office.now(), salts: office.salts,
        ...(office.options.publishedFingerprint === undefined ? {} : { publishedFingerprint: office.options.publishedFingerprint }),
      })
    })
  }
  if (found.status === 'expired') throw new CabutError('certificateExpired', { at: 'certificate' })
  return []
}

/** The path is not known only because the issuing certificate could not be fetched: no ground for calling it unpinned. */
function issuerAway(found: StatusVerdict): boolean {
  return found.reason === 'issuerNotPinned' && found.chain.length <= 1 && found.problems.some(problem => problem.reason === 'fetchFailed')
}

const notPinned: ReadonlySet<string> = new Set(['issuerNotPinned', 'pathInvalid', 'expiredAnchor', 'issuerRevoked', 'isAnchor'])

/** Reads one letter handed in later. */
export async function readLetter(input: LetterInput, at = 'letter'): Promise<{ readonly letter: CaseLetter; readonly evidence: Evidence; readonly warnings: readonly Issue[] }> {
  const { issues, warnings } = checkLetter(input, at)
  const wrong = letterKinds.includes(input.kind) ? issues : [...issues, issue(`${at}.kind`, 'unknownName')]
  if (wrong.length > 0) throw new InvalidInputError('requestInvalid', wrong)
  const bytes = new Uint8Array(input.bytes)
  const sha256 = toHex(await digest('SHA-256', bytes))
  const mediaType = 'application/pdf'
  return {
    letter: {
      kind: input.kind, sha256, size: bytes.length, mediaType, ...(input.number === undefined ? {} : { number: input.number }), ...(input.date === undefined ? {} : { date: input.date }),
    },
    evidence: { sha256, mediaType, bytes },
    warnings,
  }
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): { [P in K]: T[P] } {
  const found: Partial<T> = {}
  for (const key of keys) if (from[key] !== undefined) found[key] = from[key]
  return found as { [P in K]: T[P] }
}
