import type { Certificate } from '../certificate/certificate.js'
import { verifySignature } from '../crypto/index.js'
import { equalBytes } from '../der/writer.js'
import { checkJudgingTime } from '../judging-time.js'
import { nameKey } from '../name/match.js'
import { comparisonBudget } from './nameconstraint.js'
import type { BuildPathOptions, PathResult } from './options.js'
import { refusalRank, type PathRefusal } from './refusal.js'
import { validate, type SignatureCheck } from './validate.js'

/** Refusals kept for the report. */
const maxRefusals = 50

/** Issuers tried for each signature check that is allowed: edges that are known already, or cannot be checked, cost no check, but ways over them are counted in factorials. */
const stepsPerCheck = 20

/**
 * Finds a path from a certificate to one of the pinned anchors and validates it (RFC 5280 section 6.1; building after RFC 4158).
 * The search is depth first over names, the likeliest issuer first, follows only signatures that hold, and ends at a budget whatever certificates are thrown in.
 * Throws `TypeError` for an empty list of anchors and an invalid time; that there is no path is a value.
 *
 * @example
 * ```ts
 * const found = await buildPath(certificate, { anchors: [root], intermediates: [issuing], at, purposes: ['1.2.840.113583.1.1.5'] })
 * found.ok && found.path.length // 3
 * const lost = await buildPath(certificate, { anchors: [root], at })
 * lost.ok || lost.refusal.code // 'issuerNotFound'
 * ```
 */
export async function buildPath(certificate: Certificate, options: BuildPathOptions): Promise<PathResult> {
  if (options.anchors.length === 0) throw new TypeError('buildPath needs at least one anchor')
  checkJudgingTime({ at: options.at })
  return new Search(options).run(certificate)
}

interface Candidate {
  readonly certificate: Certificate
  readonly anchor: boolean
}

class Search {
  readonly #options: BuildPathOptions
  readonly #bySubject = new Map<string, Candidate[]>()
  readonly #keys = new Map<Certificate, string>()
  readonly #signatures = new Map<Certificate, Map<Uint8Array, Promise<'valid' | 'invalid' | 'unsupported'>>>()
  readonly #refusals: PathRefusal[] = []
  #checksLeft: number
  /** Paths tried to the end; each costs a validation even when all signatures are known. */
  #pathsLeft: number
  #stepsLeft: number
  #exhausted = false
  /** One measure for all paths: each may bring the same flood of names again. */
  readonly #comparisons = comparisonBudget()

  constructor(options: BuildPathOptions) {
    this.#options = options
    this.#checksLeft = options.maxSignatureChecks ?? 200
    this.#pathsLeft = this.#checksLeft
    this.#stepsLeft = this.#checksLeft * stepsPerCheck
    for (const certificate of options.anchors) this.#add({ certificate, anchor: true })
    for (const certificate of options.intermediates ?? []) this.#add({ certificate, anchor: false })
  }

  #add(candidate: Candidate): void {
    const key = nameKey(candidate.certificate.subject)
    const known = this.#bySubject.get(key)
    if (known === undefined) this.#bySubject.set(key, [candidate])
    else if (!known.some((other) => equalBytes(other.certificate.der, candidate.certificate.der))) known.push(candidate)
  }

  async run(certificate: Certificate): Promise<PathResult> {
    const pinned = this.#options.anchors.find((anchor) => equalBytes(anchor.der, certificate.der))
    if (pinned !== undefined) return validate([pinned], this.#options, this.#check, this.#comparisons)
    const found = await this.#extend([certificate])
    if (found !== undefined) return found
    // However many refusals there are: that the search did not end is worth knowing.
    if (this.#exhausted) this.#refusals.push({ code: 'budget', certificate, index: 0, path: [certificate] })
    const refusals = this.#refusals.sort((a, b) => refusalRank(a) - refusalRank(b))
    return { ok: false, refusal: refusals[0]!, refusals }
  }

  #refuse(refusal: PathRefusal): void {
    if (this.#refusals.length < maxRefusals) this.#refusals.push(refusal)
  }

  /** Tries every issuer of the last certificate of `path`. */
  async #extend(path: readonly Certificate[]): Promise<PathResult | undefined> {
    const last = path[path.length - 1]!
    const candidates = this.#issuersOf(last)
    let tried = false
    for (const { certificate: issuer, anchor } of candidates) {
      if (!anchor && (path.length > (this.#options.maxIntermediates ?? 10) || path.some((earlier) => sameEntity(earlier, issuer)))) continue
      tried = true
      if (this.#checksLeft <= 0 || this.#pathsLeft <= 0 || this.#stepsLeft-- <= 0) {
        this.#exhausted = true
        return undefined
      }
      const next = [...path, issuer]
      if (anchor) {
        this.#pathsLeft--
        const result = await validate(next, this.#options, this.#check, this.#comparisons)
        if (result.ok) return result
        for (const refusal of result.refusals) this.#refuse(refusal)
        continue
      }
      // A key that inherits its parameters is complete only once the path is; such edges are judged in `validate`.
      if ((await this.#check(last, issuer.spki)) === 'invalid') {
        this.#refuse({ code: 'badSignature', certificate: last, index: path.length - 1, path: next })
        continue
      }
      const result = await this.#extend(next)
      if (result !== undefined) return result
    }
    if (!tried) this.#refuse({ code: 'issuerNotFound', certificate: last, index: path.length - 1, path })
    return undefined
  }

  /** Candidates by the issuer's name, anchors first, then by key identifier and validity (RFC 4158 section 3.5). */
  #issuersOf(certificate: Certificate): readonly Candidate[] {
    let key = this.#keys.get(certificate)
    if (key === undefined) this.#keys.set(certificate, (key = nameKey(certificate.issuer)))
    const candidates = this.#bySubject.get(key) ?? []
    if (candidates.length < 2) return candidates
    const at = this.#options.at.getTime()
    const keyId = certificate.authorityKeyId?.keyId
    const score = ({ certificate: issuer }: Candidate): number => {
      const identifier = keyId === undefined || issuer.subjectKeyId === undefined ? 1 : keyId === issuer.subjectKeyId ? 0 : 2
      const inTime = at >= issuer.notBefore.getTime() && at <= issuer.notAfter.getTime()
      return identifier * 2 + (inTime ? 0 : 1)
    }
    return candidates.map((candidate) => ({ candidate, score: score(candidate) })).sort((a, b) => a.score - b.score).map(({ candidate }) => candidate)
  }

  /** One check per certificate and key, counted against the budget. */
  readonly #check: SignatureCheck = (certificate, spki) => {
    let byKey = this.#signatures.get(certificate)
    if (byKey === undefined) this.#signatures.set(certificate, (byKey = new Map<Uint8Array, ReturnType<SignatureCheck>>()))
    let result = byKey.get(spki)
    if (result === undefined) {
      this.#checksLeft--
      const { allow } = this.#options
      result = verifySignature({ algorithm: certificate.signatureAlgorithm, signature: certificate.signature, data: certificate.tbs, spki, ...(allow && { allow }) })
      byKey.set(spki, result)
    }
    return result
  }
}

/** RFC 4158 2.4.2: the same name and key twice in a path is a loop. */
function sameEntity(a: Certificate, b: Certificate): boolean {
  return a === b || (equalBytes(a.spki, b.spki) && equalBytes(a.subjectDer, b.subjectDer))
}
