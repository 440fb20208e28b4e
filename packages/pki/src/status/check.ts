import { readCertificate, type Certificate } from '../certificate/index.js'
import { equalBytes } from '../der/index.js'
import { checkJudgingTime } from '../judging-time.js'
import { mostUseful, type UnknownReason } from '../judgement.js'
import { buildPath, workingKey, type BuildPathOptions, type PathRefusal, type PathRefusalCode } from '../path/index.js'
import { createGatherer } from './gather.js'
import type { CertificateInput, StatusOptions, StatusProblem, StatusVerdict } from './options.js'
import { EvidencePool } from './pool.js'
import { RevocationJudge, type Finding } from './revocation.js'
import { seenAs } from './view.js'

/** Certificates of a list that is used again and again, such as `tls.rootCertificates`, are read once. */
const readLists = new WeakMap<readonly CertificateInput[], readonly Certificate[]>()

function readList(inputs: readonly CertificateInput[]): readonly Certificate[] {
  let certificates = readLists.get(inputs)
  // A caller may push to the list meanwhile.
  if (certificates === undefined || certificates.length !== inputs.length) readLists.set(inputs, (certificates = inputs.map(toCertificate)))
  return certificates
}

function toCertificate(input: CertificateInput): Certificate {
  return typeof input === 'string' || input instanceof Uint8Array ? readCertificate(input) : input
}

/**
 * The status of a certificate, proven by signed evidence (RFC 5280 section 6, RFC 6960). Silence is never `good`: without fresh evidence that covers the
 * certificate and every authority below the anchor, the status is `unknown` and says why.
 *
 * Throws {@link PkiError} when the certificate or an anchor cannot be read, `TypeError` for an empty list of anchors, an invalid time, and a `maxAge` or `skew` that is
 * NaN; never for evidence
 * or the network.
 *
 * @example
 * ```ts
 * const known = { anchors: [rootPem], intermediates: [issuing], at, purposes: documentSigningPurposes } as const
 * const online = await checkStatus(pem, { ...known, fetch: network })
 * online.status // 'good'
 * // Nothing at hand about the authority itself: that takes the root's CRL.
 * const { status, reason } = await checkStatus(pem, { ...known, crls: [crl], fetch: false })
 * reason // 'issuerStatusUnknown'
 * ```
 */
export async function checkStatus<const Anchors extends readonly CertificateInput[]>(
  certificate: CertificateInput,
  options: Omit<StatusOptions, 'anchors'> & { readonly anchors: Anchors } & (Anchors extends readonly [] ? { readonly anchors: never } : unknown),
): Promise<StatusVerdict> {
  const anchors = readList(options.anchors)
  if (!isNonEmpty(anchors)) throw new TypeError('at least one anchor is needed')
  const at = options.at ?? new Date()
  checkJudgingTime({ at, maxAge: options.maxAge, skew: options.skew })
  return new StatusCheck(toCertificate(certificate), anchors, at, options).run()
}

function isNonEmpty(list: readonly Certificate[]): list is readonly [Certificate, ...Certificate[]] {
  return list.length > 0
}

/** What was found on one path. */
interface Trial {
  readonly path: readonly Certificate[]
  readonly own: Finding
  readonly issuers: readonly Finding[]
}

class StatusCheck {
  readonly #certificate: Certificate
  readonly #anchors: readonly [Certificate, ...Certificate[]]
  readonly #intermediates: Certificate[]
  readonly #at: Date
  readonly #options: Omit<StatusOptions, 'anchors'>
  readonly #pool: EvidencePool
  readonly #judge: RevocationJudge
  readonly #gatherer: ReturnType<typeof createGatherer>
  readonly #trials: Trial[] = []

  constructor(certificate: Certificate, anchors: readonly [Certificate, ...Certificate[]], at: Date, options: Omit<StatusOptions, 'anchors'>) {
    this.#certificate = certificate
    this.#anchors = anchors
    this.#at = at
    this.#options = options
    this.#intermediates = [...readList(options.intermediates ?? [])]
    this.#pool = new EvidencePool(options)
    this.#gatherer = createGatherer(options, this.#pool)
    this.#judge = new RevocationJudge({ anchors, intermediates: this.#intermediates, at, options: settings(options), pool: this.#pool, gatherer: this.#gatherer })
  }

  async run(): Promise<StatusVerdict> {
    const certificate = this.#certificate
    if (this.#anchors.some((anchor) => equalBytes(anchor.der, certificate.der))) return this.#anchorVerdict()
    const fetched: StatusProblem[] = []
    let refusals = await this.#findPath()
    if (this.#trials.length === 0 && this.#options.fetchIssuers === true && this.#gatherer !== undefined) {
      fetched.push(...await this.#gatherer.gatherIssuers(certificate, this.#intermediates))
      refusals = await this.#findPath()
    }
    const trial = bestTrial(this.#trials)
    // The path was sought for a certificate without dates and purposes; those are judged here.
    const strict = trial === undefined ? refusals : await this.#objections(trial.path)
    return this.#verdict(trial, strict, fetched)
  }

  /** Looks for a path on which the certificate's status is known; every trial is kept. Returns why no path holds. */
  async #findPath(): Promise<readonly PathRefusal[]> {
    const certificate = this.#certificate
    const timeless = seenAs(certificate, { notBefore: this.#at, notAfter: this.#at, unknownCriticalExtensions: [], extendedKeyUsage: undefined })
    const { purposes: _purpose, ...rules } = this.#rules()
    const result = await buildPath(timeless, {
      ...rules, anchors: this.#anchors, intermediates: this.#intermediates,
      accept: async (path) => {
        const trial = await this.#try([certificate, ...path.slice(1)])
        this.#trials.push(trial)
        if (trial.own.verdict === 'revoked' || trial.own.verdict === 'onHold' || isClear(trial)) return undefined
        return { code: 'revocationUnknown', certificate, index: 0 }
      },
    })
    return result.ok ? [] : result.refusals
  }

  async #try(path: readonly Certificate[]): Promise<Trial> {
    const anchor = path.at(-1)!
    // Working keys from the anchor down: a DSA key may inherit its parameters (RFC 5280 6.1.4 (e)).
    const keyed = [...path]
    for (let i = path.length - 2; i >= 1; i--) {
      const spki = workingKey(path[i]!, keyed[i + 1]!.spki)
      if (spki !== path[i]!.spki) keyed[i] = seenAs(path[i]!, { spki })
    }
    const own = await this.#judge.judge(path[0]!, keyed[1]!, anchor)
    const issuers: Finding[] = []
    if (this.#options.checkIssuers !== false) {
      for (let i = 1; i < path.length - 1; i++) issuers.push(await this.#judge.judge(path[i]!, keyed[i + 1]!, anchor))
    }
    return { path, own, issuers }
  }

  /** What stands against the path besides revocation, now with the certificate's own dates and purposes. */
  async #objections(path: readonly Certificate[]): Promise<readonly PathRefusal[]> {
    const { purposes } = this.#options
    const result = await buildPath(path[0]!, {
      ...this.#rules(), anchors: [path.at(-1)!], intermediates: path.slice(1, -1), ...(purposes !== undefined && purposes.length > 0 && { purposes }),
    })
    return result.ok ? [] : result.refusals
  }

  #rules(): Omit<BuildPathOptions, 'anchors'> {
    const { purposes: _purposes, maxAge: _maxAge, fetch: _fetch, crls: _crls, ocsp: _ocsp, intermediates: _intermediates, ...rules } = this.#options
    return { ...rules, at: this.#at }
  }

  #verdict(trial: Trial | undefined, refusals: readonly PathRefusal[], fetched: readonly StatusProblem[]): StatusVerdict {
    const certificate = this.#certificate
    const at = this.#at
    const isExpired = at > certificate.notAfter
    const isEarly = at < certificate.notBefore
    const pathProblems = refusals.filter(({ code, index }) => !(index === 0 && (code === 'expired' || code === 'notYetValid')))
      .map(({ code, index, detail }) => ({ reason: reasonOfRefusal(code), detail: detail === undefined ? code : `${code} ${detail}`, index }))
    const problems: StatusProblem[] = [...pathProblems, ...fetched, ...this.#pool.problems, ...(trial?.own.problems ?? [])]
    for (const [i, issuer] of (trial?.issuers ?? []).entries()) {
      problems.push(...issuer.problems)
      if (issuer.verdict === 'revoked' || issuer.verdict === 'onHold') problems.push({ reason: 'issuerRevoked', index: i + 1 })
      if (issuer.verdict === 'unknown') problems.push({ reason: 'issuerStatusUnknown', index: i + 1, ...(issuer.reason && { detail: issuer.reason }) })
    }
    const own = trial?.own
    const common = {
      at, certificate, chain: trial?.path ?? [certificate], evidence: own?.judgements ?? [],
      issuerEvidence: [...(trial?.issuers ?? []).flatMap(({ judgements }) => judgements), ...this.#judge.signerEvidence], problems,
    }
    const asOf = own?.asOf === undefined ? {} : { asOf: own.asOf }
    const revocation = own?.revocation === undefined ? {} : { revocation: own.revocation }
    if (own?.verdict === 'revoked') return { status: 'revoked', ...common, ...asOf, ...revocation }
    const issuerReasons = problems.filter(({ reason }) => reason === 'issuerRevoked' || reason === 'issuerStatusUnknown').map(({ reason }) => reason)
    const reasons: UnknownReason[] = [...pathProblems.map(({ reason }) => reason), ...issuerReasons]
    if (own === undefined || own.verdict === 'unknown') reasons.push(this.#ownReason(own))
    const reason = reasons.length === 0 ? undefined : mostUseful(reasons)
    if (isExpired) return { status: 'expired', ...common, ...asOf, ...(reason && { reason }) }
    const validUntil = trial === undefined ? undefined : earliest([...[trial.own, ...trial.issuers].map((finding) => finding.validUntil), ...trial.path.map(({ notAfter }) => notAfter)])
    if (own?.verdict === 'onHold') return { status: 'suspended', ...common, ...asOf, ...revocation, ...(validUntil && { validUntil }) }
    if (reason !== undefined) return { status: 'unknown', reason, ...common, ...asOf }
    if (isEarly) return { status: 'notYetValid', ...common, ...asOf }
    return { status: 'good', ...common, ...asOf, ...(validUntil && { validUntil }) }
  }

  /** Why nothing is known of the certificate itself; evidence that was handed in but speaks of nobody in the path is worth saying. */
  #ownReason(own: Finding | undefined): UnknownReason {
    if (own === undefined) return 'noEvidence'
    const reason = own.reason ?? 'noEvidence'
    if (reason !== 'noEvidence') return reason
    const { crls, ocsp, problems } = this.#pool
    return mostUseful([...(ocsp.length > 0 ? ['otherCertificate' as const] : []), ...(crls.length > 0 ? ['issuerMismatch' as const] : []), ...problems.map((problem) => problem.reason)])
  }

  /** Nobody above a pinned anchor can vouch for it: it is trusted by being pinned, while it is valid, and its status is not determinable. */
  #anchorVerdict(): StatusVerdict {
    const certificate = this.#certificate
    const reason: UnknownReason = this.#at > certificate.notAfter ? 'expiredAnchor' : 'isAnchor'
    return { status: 'unknown', reason, at: this.#at, certificate, chain: [certificate], evidence: [], issuerEvidence: [], problems: this.#pool.problems }
  }
}

function settings(options: Omit<StatusOptions, 'anchors'>): Pick<StatusOptions, 'maxAge' | 'skew' | 'allow' | 'exhaustive' | 'sources'> {
  const { maxAge, skew, allow, exhaustive, sources } = options
  return {
    ...(maxAge !== undefined && { maxAge }), ...(skew !== undefined && { skew }), ...(allow && { allow }), ...(exhaustive !== undefined && { exhaustive }),
    ...(sources && { sources }),
  }
}

function isClear({ own, issuers }: Trial): boolean {
  return own.verdict === 'notRevoked' && issuers.every(({ verdict }) => verdict === 'notRevoked')
}

/** The trial that says most: a proven revocation, a clear path, a hold, then whatever was tried first. */
function bestTrial(trials: readonly Trial[]): Trial | undefined {
  return trials.find(({ own }) => own.verdict === 'revoked') ?? trials.find(isClear) ?? trials.find(({ own }) => own.verdict === 'onHold')
    ?? trials.find(({ own }) => own.verdict === 'notRevoked') ?? trials[0]
}

function reasonOfRefusal(code: PathRefusalCode): UnknownReason {
  if (code === 'anchorExpired') return 'expiredAnchor'
  if (code === 'issuerNotFound') return 'issuerNotPinned'
  return code === 'unsupportedAlgorithm' ? 'unsupportedAlgorithm' : 'pathInvalid'
}

function earliest(dates: readonly (Date | undefined)[]): Date | undefined {
  let best: Date | undefined
  for (const date of dates) if (date !== undefined && (best === undefined || date < best)) best = date
  return best
}
