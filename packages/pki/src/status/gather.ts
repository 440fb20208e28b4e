import { defaultTransport } from '#transport'
import { readCertificates, type Certificate, type DistributionPoint } from '../certificate/index.js'
import { readCrl, type Crl } from '../crl/index.js'
import { PkiError } from '../errors.js'
import { buildOcspRequest, ocspGetUrl, ocspRequestType } from '../ocsp/index.js'
import { createEvidenceFetcher, type EvidenceFetcher, type FetchOutcome } from './fetcher.js'
import type { StatusOptions, StatusProblem } from './options.js'
import type { EvidencePool } from './pool.js'

/** What one round of fetching brought. */
export interface Gathered {
  readonly added: boolean
  readonly problems: readonly StatusProblem[]
}

/** Fetches evidence from the addresses in certificates into the pool. */
export interface Gatherer {
  gather(source: 'ocsp' | 'crl', certificate: Certificate, issuer: Certificate): Promise<Gathered>
  /** Fetches issuers from caIssuers addresses into `intermediates`, step by step upwards. */
  gatherIssuers(certificate: Certificate, intermediates: Certificate[]): Promise<readonly StatusProblem[]>
}

/** The default fetcher of the process, made when first needed. */
let shared: EvidenceFetcher | undefined

/** Fetchers over injected functions live as long as those: their caches serve later checks. */
const injected = new WeakMap<typeof globalThis.fetch, EvidenceFetcher>()

export function createGatherer(options: Pick<StatusOptions, 'fetch' | 'allowHosts'>, pool: EvidencePool): Gatherer | undefined {
  const fetcher = fetcherOf(options)
  return fetcher === undefined ? undefined : new PoolGatherer(fetcher, pool)
}

function fetcherOf({ fetch, allowHosts }: Pick<StatusOptions, 'fetch' | 'allowHosts'>): EvidenceFetcher | undefined {
  if (fetch === false || (fetch === undefined && defaultTransport === undefined)) return undefined
  if (typeof fetch === 'object') return fetch
  if (allowHosts !== undefined) return createEvidenceFetcher({ ...(fetch && { fetch }), allowHosts })
  if (fetch === undefined) return (shared ??= createEvidenceFetcher())
  let fetcher = injected.get(fetch)
  if (fetcher === undefined) injected.set(fetch, (fetcher = createEvidenceFetcher({ fetch })))
  return fetcher
}

/** CRLs that came from a fetcher's cache are read, and their signatures checked, once. The octets are ours: nobody else changes them. */
const readBefore = new WeakMap<Uint8Array, Crl>()

const maxIssuerSteps = 4

class PoolGatherer implements Gatherer {
  readonly #fetcher: EvidenceFetcher
  readonly #pool: EvidencePool
  readonly #asked = new Set<string>()

  constructor(fetcher: EvidenceFetcher, pool: EvidencePool) {
    this.#fetcher = fetcher
    this.#pool = pool
  }

  gather(source: 'ocsp' | 'crl', certificate: Certificate, issuer: Certificate): Promise<Gathered> {
    return source === 'ocsp' ? this.#askResponders(certificate, issuer) : this.#fetchCrls(certificate)
  }

  async #askResponders(certificate: Certificate, issuer: Certificate): Promise<Gathered> {
    const problems: StatusProblem[] = []
    const urls = certificate.ocspUrls.filter(isFetchable)
    if (urls.length === 0 && certificate.ocspUrls.length > 0) problems.push({ reason: 'unsupportedLocation', detail: 'ocsp' })
    for (const url of urls) {
      if (this.#isRepeated(`${url} ${certificate.serial}`)) continue
      const nonce = globalThis.crypto.getRandomValues(new Uint8Array(32))
      const request = await buildOcspRequest({ certificate, issuer, nonce })
      let outcome = await this.#fetcher.post(url, request, ocspRequestType)
      let sent: Uint8Array | undefined = nonce
      // Some responders, often behind caches, take GET only (RFC 5019 section 5); a nonce is of no use there.
      if (outcome.outcome === 'failed' && outcome.status === 405) {
        const getUrl = ocspGetUrl(url, await buildOcspRequest({ certificate, issuer }))
        if (getUrl !== undefined) outcome = await this.#fetcher.get(getUrl)
        sent = undefined
      }
      if (outcome.outcome === 'fetched') {
        this.#pool.addOcsp(outcome.bytes, url, sent)
        return { added: true, problems }
      }
      problems.push(problemOf(outcome, url))
    }
    return { added: false, problems }
  }

  async #fetchCrls(certificate: Certificate): Promise<Gathered> {
    const problems: StatusProblem[] = []
    let added = false
    const deltas: DistributionPoint[] = [...certificate.freshestCrl]
    for (const point of certificate.crlDistributionPoints) {
      const crl = await this.#fetchPoint(point, problems)
      if (crl === undefined) continue
      added = true
      deltas.push(...crl.freshestCrl)
    }
    for (const point of deltas) if (await this.#fetchPoint(point, problems) !== undefined) added = true
    return { added, problems }
  }

  /** One CRL from the first address of a distribution point that answers. */
  async #fetchPoint(point: DistributionPoint, problems: StatusProblem[]): Promise<Crl | undefined> {
    const locations = (point.name?.fullName ?? []).flatMap((name) => (name.kind === 'uri' ? name.value : []))
    const urls = locations.filter(isFetchable)
    if (urls.length === 0) {
      problems.push({ reason: 'unsupportedLocation', detail: 'crl' })
      return undefined
    }
    return this.#firstOf(urls, 'crl', problems, (bytes, url) => {
      let crl = readBefore.get(bytes)
      if (crl === undefined) readBefore.set(bytes, (crl = readCrl(bytes)))
      this.#pool.addCrl(crl, url)
      return crl
    })
  }

  async gatherIssuers(certificate: Certificate, intermediates: Certificate[]): Promise<readonly StatusProblem[]> {
    const problems: StatusProblem[] = []
    let current: Certificate | undefined = certificate
    for (let step = 0; step < maxIssuerSteps && current !== undefined; step++) {
      const urls: readonly string[] = current.caIssuerUrls.filter(isFetchable)
      current = undefined
      const found = await this.#firstOf(urls, 'issuer', problems, readCertificates)
      intermediates.push(...found ?? [])
      current = found?.[0]
    }
    return problems
  }

  /** What the first address gives that answers with something readable; why the earlier ones did not is added to the problems. */
  async #firstOf<T>(urls: readonly string[], kind: 'crl' | 'issuer', problems: StatusProblem[], read: (bytes: Uint8Array, url: string) => T): Promise<T | undefined> {
    for (const url of urls) {
      if (this.#isRepeated(url)) continue
      const outcome = await this.#fetcher.get(url)
      if (outcome.outcome !== 'fetched') {
        problems.push(problemOf(outcome, url))
        continue
      }
      try {
        return read(outcome.bytes, url)
      } catch (error) {
        if (!(error instanceof PkiError)) throw error
        problems.push({ reason: 'malformed', detail: `${kind}: ${error.code}`, url })
      }
    }
    return undefined
  }

  #isRepeated(key: string): boolean {
    if (this.#asked.has(key)) return true
    this.#asked.add(key)
    return false
  }
}

function isFetchable(url: string): boolean {
  return /^https?:\/\//i.test(url)
}

function problemOf(outcome: Exclude<FetchOutcome, { outcome: 'fetched' }>, url: string): StatusProblem {
  return { reason: outcome.outcome === 'refused' ? 'fetchRefused' : 'fetchFailed', detail: outcome.detail, url }
}
