import type { Certificate } from '../certificate/index.js'
import type { LegacyPermission } from '../crypto/index.js'
import { buildPath } from '../path/index.js'
import { CoverageRefused, problemOf, readCoverage, type Coverage } from './byterange.js'
import { changesAfter, judgeAppearances, unknownAfterwards } from './changes.js'
import { CmsOid, readSignedData, type SignedData } from './cms.js'
import type { EvidenceBag } from './evidence.js'
import { readPdfDate, signatureFields, type FilledField } from './field.js'
import { documentSigningPurposes, type LetterOptions } from './options.js'
import type { PdfDocument } from './pdf/document.js'
import { nameText, type PdfDictionary } from './pdf/value.js'
import type { Afterwards, DocumentTimestamp, LetterLevel, LetterProblem, LetterSignature, ProvenTime } from './report.js'
import { checkSigner, readAlong, type SignerCheck } from './signer.js'
import { judgeStanding, type StandingInputs, type StandingResult } from './standing.js'
import { checkToken, timeStampingPurpose, type TokenCheck } from './timestamp.js'

const day = 86_400_000

/** What one inspection works with. */
export interface InspectionContext {
  readonly document: PdfDocument
  readonly anchors: readonly [Certificate, ...Certificate[]]
  readonly timestampAnchors: readonly [Certificate, ...Certificate[]]
  readonly at: Date
  readonly options: LetterOptions
  /** What the file brings. */
  readonly embedded: EvidenceBag
  /** What the caller brings. */
  readonly given: EvidenceBag
}

/** One filled field, with everything that was read of it before anything is judged. */
interface Opened {
  readonly field: FilledField
  readonly subFilter: string
  readonly coverage?: Coverage
  readonly message?: SignedData
  readonly token?: TokenCheck
  readonly problems: LetterProblem[]
}

interface TrustedTimestamp {
  readonly proven: ProvenTime
  readonly coverage: Coverage
}

/** Inspects the signatures of one letter: first the document timestamps, since they may prove when the signatures were there. */
export class SignatureInspection {
  readonly #context: InspectionContext
  readonly #allow: readonly LegacyPermission[]
  readonly #timestamps: TrustedTimestamp[] = []

  constructor(context: InspectionContext) {
    this.#context = context
    this.#allow = context.options.allow ?? []
  }

  async run(fields: readonly FilledField[]): Promise<{ signatures: LetterSignature[]; documentTimestamps: DocumentTimestamp[] }> {
    const { embedded, document } = this.#context
    embedded.addStore(document)
    const opened = fields.map((field) => this.#open(field))
    refuseShared(opened)
    for (const { message } of opened) if (message !== undefined) embedded.addMessage(message)
    opened.sort((a, b) => (a.coverage?.end ?? Infinity) - (b.coverage?.end ?? Infinity))
    const documentTimestamps = new Map<Opened, DocumentTimestamp>()
    for (const one of opened) if (one.subFilter === 'ETSI.RFC3161') documentTimestamps.set(one, await this.#documentTimestamp(one))
    const signatures = new Map<Opened, LetterSignature>()
    for (const one of opened) if (one.subFilter !== 'ETSI.RFC3161') signatures.set(one, await this.#signature(one))
    // From the last to the first: what a later signature drew counts by what that signature is worth.
    const soundFields = new Set<number>()
    for (const one of [...opened].reverse()) {
      const signature = signatures.get(one)
      const timestamp = documentTimestamps.get(one)
      const afterwards = judgeAppearances((signature ?? timestamp)!.afterwards, soundFields)
      if (signature !== undefined) signatures.set(one, { ...signature, afterwards })
      if (timestamp !== undefined) documentTimestamps.set(one, { ...timestamp, afterwards })
      const stands = signature === undefined ? timestamp!.integrity === 'intact' && timestamp!.chain.length > 0
        : signature.integrity === 'intact' && (signature.signer?.standing === 'good' || signature.signer?.standing === 'revokedAfter')
      if (stands && !afterwards.contentChanged && one.field.fieldObject !== undefined) soundFields.add(one.field.fieldObject)
    }
    return { signatures: [...signatures.values()], documentTimestamps: [...documentTimestamps.values()] }
  }

  #open(field: FilledField): Opened {
    const { document } = this.#context
    const { dictionary } = field
    const problems: LetterProblem[] = []
    const subFilter = nameText(document.resolve(dictionary.entries.get('SubFilter'))) ?? ''
    let coverage: Coverage | undefined
    let message: SignedData | undefined
    try {
      coverage = readCoverage(document, dictionary)
      // What is shown today must be what the signed revision showed in that field.
      if (!signatureFields(document, coverage.revision).some((then) => then.dictionary === dictionary)) throw new CoverageRefused('dictionaryMoved')
    } catch (error) {
      problems.push(problemOf(error, 'byteRangeEnd'))
    }
    const isKnown = subFilter === 'adbe.pkcs7.detached' || subFilter === 'ETSI.CAdES.detached' || subFilter === 'ETSI.RFC3161'
    if (!isKnown) problems.push({ code: 'subFilterUnsupported', detail: subFilter.slice(0, 64) })
    else if (coverage !== undefined) {
      try {
        message = readSignedData(coverage.message)
      } catch (error) {
        problems.push(problemOf(error, subFilter === 'ETSI.RFC3161' ? 'timestampMalformed' : 'cmsMalformed'))
      }
    }
    return { field, subFilter, ...(coverage && { coverage }), ...(message && { message }), problems }
  }

  #afterwards(coverage: Coverage | undefined): Afterwards {
    const { document } = this.#context
    return coverage === undefined ? unknownAfterwards(0) : changesAfter(document, coverage.revision, coverage.end)
  }

  async #documentTimestamp({ field, coverage, message, problems }: Opened): Promise<DocumentTimestamp> {
    const common = {
      field: field.name, ...(field.object !== undefined && { object: field.object }), ...(coverage && { covers: coverage.end }), afterwards: this.#afterwards(coverage),
    }
    const refused = problems.length > 0
    if (coverage === undefined || message === undefined) return { ...common, integrity: 'broken', chain: [], problems }
    const check = await checkToken(coverage.message, [coverage.before, coverage.behind], this.#certificates(), this.#allow)
    const chain: Certificate[] = []
    if (!refused && check.integrity === 'intact') {
      const trusted = await this.#trust(check, 'documentTimestamp', problems)
      if (trusted !== undefined) {
        this.#timestamps.push({ proven: trusted, coverage })
        chain.push(...trusted.chain)
      }
    }
    return {
      ...common, integrity: refused ? 'broken' : check.integrity, ...(check.info && { time: check.info.time }), ...(check.authority && { authority: check.authority }), chain,
      problems: [...check.problems, ...problems],
    }
  }

  /** A sound token becomes proof when its authority's path holds at the stated time and nothing says its key was in other hands. */
  async #trust(check: TokenCheck, by: ProvenTime['by'], problems: LetterProblem[]): Promise<ProvenTime | undefined> {
    const { timestampAnchors: anchors, at } = this.#context
    const { authority, info } = check
    if (authority === undefined || info === undefined) return undefined
    const intermediates = this.#certificates(check.certificates)
    const { time } = info
    // The future proves nothing.
    const path = time.getTime() > at.getTime() + 300_000 ? undefined : await buildPath(authority, { anchors, intermediates, at: time, purposes: [timeStampingPurpose], allow: this.#allow })
    if (path?.ok !== true) {
      problems.push({ code: 'timestampPath', detail: path?.refusal.code ?? 'in the future' })
      return undefined
    }
    const { standing, status } = await judgeStanding(authority, time, { ...this.#inputs(), anchors, intermediates, purposes: [timeStampingPurpose] })
    const reason = status.revocation?.reason
    // RFC 3161 4: tokens made before survive these reasons; after any other, or none, the key may have made them at any time.
    const survives = standing === 'revokedAfter' && (reason === 'unspecified' || reason === 'affiliationChanged' || reason === 'superseded' || reason === 'cessationOfOperation')
    if (standing === 'suspended' || standing === 'revokedBefore' || (standing === 'revokedAfter' && !survives)) {
      problems.push({ code: 'timestampRevoked' })
      return undefined
    }
    if (standing !== 'good' && !survives) problems.push({ code: 'timestampStatusUnknown', ...(status.reason && { detail: status.reason }) })
    return { time, by, authority, chain: path.path }
  }

  #certificates(more: readonly Certificate[] = []): Certificate[] {
    return [...more, ...this.#context.embedded.certificates, ...this.#context.given.certificates]
  }

  #inputs(evidence: readonly EvidenceBag[] = [this.#context.embedded, this.#context.given]): StandingInputs {
    const { anchors, at, options } = this.#context
    const { initialPolicies, requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy, fetch, allowHosts, maxAge, skew } = options
    return {
      anchors, at, evidence, intermediates: evidence.flatMap(({ certificates }) => certificates), purposes: options.purposes ?? documentSigningPurposes,
      rules: {
        ...(initialPolicies && { initialPolicies }), ...(requireExplicitPolicy !== undefined && { requireExplicitPolicy }),
        ...(inhibitPolicyMapping !== undefined && { inhibitPolicyMapping }), ...(inhibitAnyPolicy !== undefined && { inhibitAnyPolicy }),
        ...(fetch !== undefined && { fetch }), ...(allowHosts && { allowHosts }), ...(maxAge !== undefined && { maxAge }), ...(skew !== undefined && { skew }),
        allow: this.#allow,
      },
    }
  }

  async #signature({ field, subFilter, coverage, message, problems }: Opened): Promise<LetterSignature> {
    const { document } = this.#context
    const { dictionary } = field
    const afterwards = this.#afterwards(coverage)
    const certifies = certification(document, dictionary)
    if (certifies !== undefined && isBreached(certifies, afterwards)) problems.push({ code: 'certificationBreached' })
    const stated = readPdfDate(document.resolve(dictionary.entries.get('M')))
    const common = {
      field: field.name, ...(field.object !== undefined && { object: field.object }), subFilter, ...(coverage && { covers: coverage.end }),
      coversWholeFile: coverage !== undefined && coverage.end === document.bytes.length, afterwards, ...(certifies !== undefined && { certifies }),
    }
    if (coverage === undefined || message === undefined) {
      const integrity = problems.every(({ code }) => code === 'subFilterUnsupported' || code === 'certificationBreached') ? 'unsupported' : 'broken'
      return { ...common, integrity, when: { ...(stated && { claimed: stated }) }, level: 'none', problems }
    }
    const refused = problems.some(({ code }) => code !== 'certificationBreached')
    const own = readAlong(message.certificates, [])
    // ISO 32000-1 12.8.3.3: the signed octets are the content itself, detached.
    const check: SignerCheck = message.content !== undefined
      ? { integrity: 'broken', bound: false, problems: [{ code: 'contentTypeMismatch', detail: 'content inside' }] }
      : await checkSigner({ message, content: [coverage.before, coverage.behind], contentType: CmsOid.data, certificates: [...own, ...this.#certificates()], allow: this.#allow })
    problems.push(...check.problems)
    const integrity = refused ? 'broken' : check.integrity
    const claimed = check.claimed ?? stated
    const { certificate } = check
    if (integrity !== 'intact' || certificate === undefined) {
      return { ...common, integrity, ...(certificate && { certificate }), when: { ...(claimed && { claimed }) }, level: 'none', problems }
    }
    const proven = await this.#prove(check, coverage, problems)
    if (claimed !== undefined) remarkOnTimes(claimed, stated, proven?.time, certificate, problems)
    const result = await judgeStanding(certificate, proven?.time, { ...this.#inputs(), intermediates: this.#certificates(own) })
    // A key that is not for signatures vouches for nothing, however good its certificate.
    const standing = result.standing === 'good' && problems.some(({ code }) => code === 'keyUsage') ? 'unknown' : result.standing
    return {
      ...common, integrity, certificate, signer: { certificate, chain: result.chain, standing, status: result.status },
      when: { ...(claimed && { claimed }), ...(proven && { proven }) }, level: await this.#level(subFilter, check, coverage, proven, result), problems,
    }
  }

  /** The earliest timestamp that holds: those inside the signature, and those over the document as it stood with the signature. */
  async #prove(check: SignerCheck, coverage: Coverage, problems: LetterProblem[]): Promise<ProvenTime | undefined> {
    const found: ProvenTime[] = []
    const { signer } = check
    for (const token of signer?.unsigned.get(CmsOid.timestampToken)?.values ?? []) {
      const checked = await checkToken(token, [signer!.signature], this.#certificates(), this.#allow)
      problems.push(...checked.problems)
      if (checked.integrity !== 'intact') continue
      const trusted = await this.#trust(checked, 'signatureTimestamp', problems)
      if (trusted === undefined) continue
      found.push(trusted)
      const isRenewed = this.#timestamps.some(({ proven, coverage: { end } }) => end > coverage.end && proven.time <= trusted.authority.notAfter)
      if (this.#context.at > trusted.authority.notAfter && !isRenewed) problems.push({ code: 'timestampExpired' })
    }
    for (const { proven, coverage: { end } } of this.#timestamps) if (end > coverage.end) found.push(proven)
    return found.sort((a, b) => a.time.getTime() - b.time.getTime())[0]
  }

  async #level(subFilter: string, check: SignerCheck, coverage: Coverage, proven: ProvenTime | undefined, result: StandingResult): Promise<LetterLevel> {
    if (subFilter !== 'ETSI.CAdES.detached' || !check.bound) return 'cms'
    if (proven === undefined) return 'B-B'
    const { embedded, document } = this.#context
    if (result.standing === 'unknown' || (embedded.crls.length === 0 && embedded.ocsp.length === 0)) return 'B-T'
    // B-LT: the file alone suffices to tell the status of the signer.
    const inputs = this.#inputs([embedded])
    const alone = await judgeStanding(check.certificate!, proven.time, { ...inputs, rules: { ...inputs.rules, fetch: false } })
    if (alone.standing === 'unknown') return 'B-T'
    const isArchived = this.#timestamps.some(({ coverage: { end, revision } }) => end > coverage.end && document.catalog(revision).entries.has('DSS'))
    return isArchived ? 'B-LTA' : 'B-LT'
  }
}

/** Two signatures over the same octets, or two fields over one signature: one of them shows what it did not sign. */
function refuseShared(opened: readonly Opened[]): void {
  for (const one of opened) {
    const shares = opened.some((other) => other !== one && (other.field.dictionary === one.field.dictionary || (one.coverage !== undefined && other.coverage?.end === one.coverage.end)))
    if (shares) one.problems.push({ code: 'byteRangeShared' })
  }
}

function certification(document: PdfDocument, dictionary: PdfDictionary): 1 | 2 | 3 | undefined {
  for (const reference of document.items(dictionary.entries.get('Reference'))) {
    const entries = document.dictionary(reference)?.entries
    if (nameText(document.resolve(entries?.get('TransformMethod'))) !== 'DocMDP') continue
    const level = document.resolve(document.dictionary(entries?.get('TransformParams'))?.entries.get('P'))
    return level === 1 || level === 3 ? level : 2
  }
  return undefined
}

/** ISO 32000-2 table 257: evidence and document timestamps are permitted at every level, signatures from 2, annotations with 3. */
function isBreached(level: 1 | 2 | 3, { changes }: Afterwards): boolean {
  return changes.some(({ code }) => {
    if (code === 'evidence' || code === 'documentTimestamp' || code === 'metadata') return false
    if (code === 'signature' || code === 'visibleSignature' || code === 'formField') return level === 1
    return code !== 'annotation' || level !== 3
  })
}

function remarkOnTimes(claimed: Date, stated: Date | undefined, proven: Date | undefined, certificate: Certificate, problems: LetterProblem[]): void {
  if (stated !== undefined && Math.abs(stated.getTime() - claimed.getTime()) > day) problems.push({ code: 'signingTimeMismatch' })
  if (claimed < certificate.notBefore || claimed > certificate.notAfter) problems.push({ code: 'claimedOutsideValidity' })
  // Clocks differ by minutes; only the timestamp decides, and a day is no clock's fault.
  if (proven !== undefined && claimed.getTime() > proven.getTime() + day) problems.push({ code: 'claimedAfterProven' })
}
