import type { Certificate } from '../certificate/index.js'
import { judgeCrls, type JudgeCrlOptions } from '../crl/index.js'
import { isAppointed, issuedUnderSameName } from '../crl/scope.js'
import { equalBytes } from '../der/index.js'
import { sameName } from '../issued-by.js'
import { mostUseful, type Judgement, type Revocation, type UnknownReason } from '../judgement.js'
import { judgeOcsp } from '../ocsp/index.js'
import { buildPath } from '../path/index.js'
import type { Gatherer } from './gather.js'
import type { StatusOptions, StatusProblem } from './options.js'
import type { EvidencePool, Item } from './pool.js'
import type { Crl, StreamedCrl } from '../crl/index.js'

/** What all evidence together says of one certificate. */
export interface Finding {
  readonly verdict: Judgement['verdict']
  readonly reason?: UnknownReason
  readonly revocation?: Revocation
  readonly asOf?: Date
  readonly validUntil?: Date
  readonly judgements: readonly Judgement[]
  readonly problems: readonly StatusProblem[]
}

/** What stays the same while one path is judged. */
export interface RevocationContext {
  readonly anchors: readonly [Certificate, ...Certificate[]]
  readonly intermediates: readonly Certificate[]
  readonly at: Date
  readonly options: Pick<StatusOptions, 'maxAge' | 'skew' | 'allow' | 'exhaustive' | 'sources'>
  readonly pool: EvidencePool
  readonly gatherer: Gatherer | undefined
}

/** Judges the revocation of one certificate after another by the same evidence; results are remembered for the length of one check. */
export class RevocationJudge {
  readonly #context: RevocationContext
  readonly #findings = new Map<Certificate, Map<Uint8Array, Promise<Finding>>>()
  readonly #underJudgement = new Set<Certificate>()
  /** Judgements about signers of evidence. */
  readonly signerEvidence: Judgement[] = []

  constructor(context: RevocationContext) {
    this.#context = context
  }

  /** The status of a certificate whose issuer (with its working key) and anchor stand fast. */
  judge(certificate: Certificate, issuer: Certificate, anchor: Certificate): Promise<Finding> {
    // By the very array: certificates and working keys keep theirs.
    const key = issuer.spki
    let byIssuer = this.#findings.get(certificate)
    if (byIssuer === undefined) this.#findings.set(certificate, (byIssuer = new Map<Uint8Array, Promise<Finding>>()))
    let finding = byIssuer.get(key)
    if (finding === undefined) byIssuer.set(key, (finding = this.#gatherAndDecide(certificate, issuer, anchor)))
    return finding
  }

  async #gatherAndDecide(certificate: Certificate, issuer: Certificate, anchor: Certificate): Promise<Finding> {
    const { gatherer, options } = this.#context
    this.#underJudgement.add(certificate)
    try {
      let finding = await this.#decide(certificate, issuer, anchor)
      const problems: StatusProblem[] = []
      for (const source of gatherer === undefined ? [] : options.sources ?? ['ocsp', 'crl'] as const) {
        if (finding.verdict !== 'unknown' && options.exhaustive !== true) break
        const gathered = await gatherer!.gather(source, certificate, issuer)
        problems.push(...gathered.problems)
        if (gathered.added) finding = await this.#decide(certificate, issuer, anchor)
      }
      if (problems.length === 0) return finding
      const reason = finding.verdict === 'unknown' ? mostUseful([finding.reason ?? 'noEvidence', ...problems.map((problem) => problem.reason)]) : undefined
      return { ...finding, ...(reason && { reason }), problems: [...finding.problems, ...problems] }
    } finally {
      this.#underJudgement.delete(certificate)
    }
  }

  async #decide(certificate: Certificate, issuer: Certificate, anchor: Certificate): Promise<Finding> {
    const { pool } = this.#context
    const problems: StatusProblem[] = []
    const parts: Omit<Finding, 'problems'>[] = []
    const answers = pool.ocsp.filter(({ value }) => value.basic === undefined || value.basic.responses.some(({ serial }) => serial === certificate.serial))
    for (const answer of answers) parts.push(await this.#byOcsp(certificate, issuer, anchor, answer))
    const crls = pool.crls.filter(({ value }) => issuedUnderSameName(certificate, value) || isAppointed(certificate, value))
    if (crls.length > 0) parts.push(await this.#byCrls(certificate, issuer, anchor, crls, problems))
    return { ...merge(parts, problems), judgements: parts.flatMap(({ judgements }) => judgements), problems }
  }

  async #byOcsp(certificate: Certificate, issuer: Certificate, anchor: Certificate, { value, origin, nonce }: EvidencePool['ocsp'][number]): Promise<Omit<Finding, 'problems'>> {
    const { at, options } = this.#context
    const judgement = await judgeOcsp(certificate, value, {
      ...options, issuer, at, ...(nonce && { nonce, nonceOptional: true }),
      responderStatus: async (responder) => {
        if (this.#underJudgement.has(responder)) return 'unknown'
        const finding = await this.judge(responder, issuer, anchor)
        this.signerEvidence.push(...finding.judgements)
        return finding.verdict
      },
    })
    const { verdict, reason, revocation, thisUpdate, nextUpdate } = note(judgement, origin)
    const limits = [nextUpdate?.getTime(), thisUpdate === undefined ? undefined : thisUpdate.getTime() + (options.maxAge ?? (nextUpdate ? Infinity : options.skew ?? 300)) * 1000]
    const until = Math.min(...limits.filter((limit) => limit !== undefined))
    return {
      verdict, ...(reason && { reason }), ...(revocation && { revocation }), ...(thisUpdate && { asOf: thisUpdate }),
      ...(Number.isFinite(until) && { validUntil: new Date(until) }), judgements: [judgement],
    }
  }

  async #byCrls(certificate: Certificate, issuer: Certificate, anchor: Certificate, crls: readonly Item<Crl | StreamedCrl>[], problems: StatusProblem[]): Promise<Omit<Finding, 'problems'>> {
    const { at, options } = this.#context
    const signers: Certificate[] = []
    for (const signer of this.#otherSigners(issuer, crls)) {
      const problem = await this.#whyNoSigner(signer, anchor, certificate)
      if (problem === undefined) signers.push(signer)
      else problems.push({ reason: problem, detail: 'CRL signer' })
    }
    const settings: JudgeCrlOptions = { ...options, issuer, at, signers }
    const combined = await judgeCrls(certificate, crls.map(({ value }) => value), settings)
    for (const [i, judgement] of combined.judgements.entries()) note(judgement, crls[i]!.origin)
    return combined
  }

  /** Other certificates with the name of a CRL's issuer: other keys of the same authority, or appointed CRL issuers. */
  #otherSigners(issuer: Certificate, crls: readonly Item<Crl | StreamedCrl>[]): Certificate[] {
    const { anchors, intermediates } = this.#context
    const found: Certificate[] = []
    for (const candidate of [...intermediates, ...anchors]) {
      const isSame = equalBytes(candidate.spki, issuer.spki) && equalBytes(candidate.subjectDer, issuer.subjectDer)
      if (isSame || found.some((other) => equalBytes(other.der, candidate.der))) continue
      if (crls.some(({ value }) => sameName({ name: value.issuer, der: value.issuerDer }, { name: candidate.subject, der: candidate.subjectDer }))) found.push(candidate)
    }
    return found
  }

  /**
   * RFC 5280 section 6.3.3 (f): the signer's own path leads to the same anchor, and it is not revoked itself. A signer appointed for its own certificate
   * (PKITS 4.14.30) has no other authority over its status: there, as with a root, only its path counts.
   */
  async #whyNoSigner(signer: Certificate, anchor: Certificate, judged: Certificate): Promise<UnknownReason | undefined> {
    if (equalBytes(signer.der, anchor.der)) return undefined
    const isOwn = equalBytes(signer.der, judged.der)
    if (this.#underJudgement.has(signer) && !isOwn) return 'signerStatusUnknown'
    const { intermediates, at, options } = this.#context
    let problem: UnknownReason | undefined
    const result = await buildPath(signer, {
      anchors: [anchor], intermediates, at, ...(options.allow && { allow: options.allow }),
      accept: async (path) => {
        for (let index = isOwn ? 1 : 0; index < path.length - 1; index++) {
          // A signer below the certificate under judgement would make it vouch for itself, and its finding would wait for itself.
          if (this.#underJudgement.has(path[index]!)) {
            problem = 'signerStatusUnknown'
            return { code: 'revocationUnknown', certificate: path[index]!, index }
          }
          const finding = await this.judge(path[index]!, path[index + 1]!, anchor)
          this.signerEvidence.push(...finding.judgements)
          if (finding.verdict === 'notRevoked') continue
          problem = finding.verdict === 'unknown' ? 'signerStatusUnknown' : 'signerRevoked'
          return { code: 'revocationUnknown', certificate: path[index]!, index }
        }
        return undefined
      },
    })
    return result.ok ? undefined : problem ?? 'signerNotTrusted'
  }
}

/** Notes where evidence came from, without reading its digest. */
function note(judgement: Judgement, origin: string | undefined): Judgement {
  return origin === undefined ? judgement : Object.defineProperty(judgement, 'origin', { value: origin, enumerable: true })
}

/** A revocation first; otherwise the newest evidence that says anything, a hold before its absence. */
function merge(parts: readonly Omit<Finding, 'problems'>[], problems: readonly StatusProblem[]): Omit<Finding, 'judgements' | 'problems'> {
  const revoked = newest(parts.filter(({ verdict }) => verdict === 'revoked'))
  const best = revoked ?? newest(parts.filter(({ verdict }) => verdict === 'onHold' || verdict === 'notRevoked'))
  if (best !== undefined) {
    const { verdict, revocation, asOf, validUntil } = best
    return { verdict, ...(revocation && { revocation }), ...(asOf && { asOf }), ...(validUntil && verdict !== 'revoked' && { validUntil }) }
  }
  return { verdict: 'unknown', reason: mostUseful([...parts.flatMap(({ reason }) => reason ?? []), ...problems.map(({ reason }) => reason)]) }
}

function newest<T extends Pick<Finding, 'asOf' | 'verdict'>>(parts: readonly T[]): T | undefined {
  let best: T | undefined
  for (const part of parts) {
    const difference = best === undefined ? 1 : (part.asOf?.getTime() ?? 0) - (best.asOf?.getTime() ?? 0)
    if (difference > 0 || (difference === 0 && part.verdict === 'onHold')) best = part
  }
  return best
}
