import {
  checkCredentials, credentialHeaders, exchange, parseJson, readBaseUrl, type Credential, type Exchange, type ExchangeRequest, type TransportAllowance,
} from '../transport/index.js'
import { amsCertificatePage, amsLetter, amsRevocation, amsRevocationPage, readData } from '../wire/ams.js'
import { readAnswer, readingOf, writeOutcome, type Answer } from './answer.js'
import { checkQuery, checkWrite } from './argument.js'
import { certificateFrom, namesTheSame, revocationFrom } from './from-wire.js'
import type { AmsActor, AmsCall, AmsCause, AmsCertificate, AmsDecision, AmsFiling, AmsOutcome, AmsPort, AmsReading, AmsRevocation, AmsWrite } from './port.js'
import { assumedAmsProfile, lookUp, type AmsProfile } from './profile.js'

/** How to reach an AMS that speaks the assumed contract. */
export interface HttpAmsOptions {
  /** Absolute `https:` address, or `http:` on loopback. There is no default: no production host of AMS is known. */
  readonly baseUrl: string | URL
  /** One credential or a stack of them: an SPLP gateway's (`splpApiKey`) beside the acting person's own (`bearer`). Asked anew for each call. */
  readonly credential: Credential | readonly Credential[]
  /** Whether this installation answers a repeated key with the first record. Ask its operator; never assume it. @default false */
  readonly honoursIdempotencyKey?: boolean
  /** @default the global `fetch` at the time of each call */
  readonly fetch?: typeof fetch
  /** Milliseconds for one exchange with its retries. @default 30000 */
  readonly timeoutMs?: number
  /** Repetitions of a reading or an upload. Filing and deciding are never repeated. @default 2 */
  readonly retries?: number
  /** Octets an answer may have. @default 2097152 */
  readonly answerLimit?: number
  readonly profile?: Partial<AmsProfile>
  /** Dangerous variants, imported by name: `allowPlainHttp`. */
  readonly allow?: readonly TransportAllowance[]
}

const PAGE_SIZE = 100
const MAX_PAGES = 20

/**
 * AMS over HTTP by Cabut's own published contract (docs/openapi/ams.yaml, **assumed**: there is no public AMS API).
 *
 * A write is sent once, with its idempotency key. When no usable answer comes (timeout, reset, 5xx, HTML, a broken body) the outcome is
 * `unknown`: read back with `findRevocations`, never file again on your own. HTTP 200 with `success: false` is a refusal.
 *
 * @throws {@link CabutError} at construction: `transportBaseUrl`, `transportPlainHttp`; `TypeError` for a bad credential or number
 * @example
 * ```ts
 * const credential = [splpApiKey('kunci-gerbang'), bearer((actor) => sandbox.manage.token(actor.id))]
 * const own = createHttpAms({ baseUrl: sandbox.urls.ams, credential, fetch: sandbox.fetch, allow: [allowPlainHttp] })
 * const certificate = { issuerDn: sandbox.ca.issuerDn, serial: (await issueCertificate()).serial }
 * const { outcome } = await own.fileRevocation({ ...filing, certificate }, { as: staff.verifier, idempotencyKey: `file-${certificate.serial}` })
 * outcome // 'accepted'
 * if (outcome === 'unknown') await own.findRevocations(certificate, { as: staff.verifier })
 * ```
 */
export function createHttpAms(options: HttpAmsOptions): AmsPort {
  const baseUrl = readBaseUrl(options.baseUrl, options.allow)
  const credentials = checkCredentials(options.credential)
  const profile: AmsProfile = { ...assumedAmsProfile, ...options.profile }
  const timeoutMs = positive(options.timeoutMs ?? 30_000, 'timeoutMs')
  const answerLimit = positive(options.answerLimit ?? 2_097_152, 'answerLimit')
  const retries = options.retries ?? 2
  if (!Number.isInteger(retries) || retries < 0 || retries > 10) throw new TypeError('retries must be a whole number from 0 to 10')

  async function call(path: string, call: AmsCall, rest: Omit<ExchangeRequest, 'url' | 'headers' | 'signal'>, headers: Record<string, string> = {}): Promise<Answer> {
    const proofs = await credentialHeaders(credentials, actorOnly(call.as))
    if (proofs === undefined) return { kind: 'nothing', sent: false, cause: { code: 'amsAuthentication', detail: 'no usable credential for the acting person' } }
    const settings = { fetch: options.fetch ?? globalThis.fetch, timeoutMs, answerLimit, retries }
    const answer: Exchange = await exchange(settings, {
      ...rest,
      url: `${baseUrl}${path}`,
      headers: { accept: 'application/json', ...headers, ...proofs },
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    })
    return readAnswer(answer, parseJson)
  }

  async function upload(letter: { bytes: Uint8Array; sha256: string }, index: number, write: AmsWrite): Promise<string | AmsOutcome> {
    const at = `letters[${index}]`
    if (letter.bytes.byteLength > profile.letterLimit) {
      return { outcome: 'notDone', cause: { code: 'amsLetterTooLarge', detail: `${at} has ${letter.bytes.byteLength} octets, AMS takes ${profile.letterLimit}` } }
    }
    const headers = { 'content-type': 'application/pdf', 'idempotency-key': `letter-${letter.sha256}` }
    const answer = await call('/letters', write, { method: 'POST', body: letter.bytes, repeatable: true }, headers)
    if (answer.kind === 'refused') return { outcome: 'refused', code: answer.code, message: answer.message, httpStatus: answer.httpStatus }
    // Whatever became of an upload, nothing has been filed yet.
    if (answer.kind === 'nothing') return notDone(answer.cause, `uploading ${at}`)
    const stored = readData(amsLetter, answer.data)
    if ('fault' in stored) return notDone({ code: 'amsContract', detail: stored.fault }, `uploading ${at}`)
    if (stored.data.sha256 !== undefined && stored.data.sha256.toLowerCase() !== letter.sha256) {
      return notDone({ code: 'amsContract', detail: 'AMS stored other octets than were sent' }, `uploading ${at}`)
    }
    return stored.data.letterId
  }

  async function fileRevocation(filing: AmsFiling, write: AmsWrite): Promise<AmsOutcome> {
    checkWrite(write)
    const letterIds: string[] = []
    for (const [index, letter] of filing.letters.entries()) {
      const stored = await upload(letter, index, write)
      if (typeof stored !== 'string') return stored
      letterIds.push(stored)
    }
    const body = JSON.stringify({
      username: filing.username,
      certificate: { issuerDn: filing.certificate.issuerDn, serial: filing.certificate.serial },
      reason: lookUp(profile.reasons, filing.reason) ?? filing.reason,
      ...(filing.note === undefined ? {} : { note: filing.note }),
      letterIds,
    })
    const outcome = await post('/revocations', body, write)
    if (outcome.outcome === 'accepted' && !namesTheSame(outcome.revocation.certificate, filing.certificate)) {
      return { outcome: 'unknown', cause: { code: 'amsContract', detail: `record ${outcome.revocation.id} names another certificate than was filed` } }
    }
    return outcome
  }

  async function decideRevocation(decision: AmsDecision, write: AmsWrite): Promise<AmsOutcome> {
    checkWrite(write)
    const body = JSON.stringify({ decision: decision.decision.toUpperCase(), ...(decision.note === undefined ? {} : { note: decision.note }) })
    const outcome = await post(`/revocations/${encodeURIComponent(decision.revocationId)}/decision`, body, write)
    if (outcome.outcome === 'accepted' && outcome.revocation.id !== decision.revocationId) {
      return { outcome: 'unknown', cause: { code: 'amsContract', detail: 'the answer is about another record than was decided' } }
    }
    return outcome
  }

  async function post(path: string, body: string, write: AmsWrite): Promise<AmsOutcome> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': write.idempotencyKey }
    const answer = await call(path, write, { method: 'POST', body, repeatable: false }, headers)
    return writeOutcome(answer, (data) => revocationFrom(readData(amsRevocation, data), profile))
  }

  async function pages<W, T>(path: string, query: URLSearchParams, as: AmsCall, read: (data: unknown) => Page<W>, from: (item: W) => T): Promise<AmsReading<readonly T[]>> {
    const found: T[] = []
    for (let page = 1; page <= MAX_PAGES; page++) {
      query.set('page', String(page))
      query.set('size', String(PAGE_SIZE))
      const reading = readingOf(await call(`${path}?${query.toString()}`, as, { method: 'GET', repeatable: true }), read)
      if (reading.outcome !== 'answered') return reading
      found.push(...reading.value.items.map(from))
      const { items, total } = reading.value
      if (items.length === 0 || (total === undefined ? items.length < PAGE_SIZE : found.length >= total)) return { outcome: 'answered', value: found }
    }
    return { outcome: 'unavailable', cause: { code: 'amsContract', detail: `more than ${MAX_PAGES * PAGE_SIZE} rows; ask more precisely` } }
  }

  return {
    kind: 'http',
    honoursIdempotencyKey: options.honoursIdempotencyKey ?? false,
    readsBack: true,
    letterLimit: profile.letterLimit,
    fileRevocation,
    decideRevocation,
    async findCertificate(query, as): Promise<AmsReading<readonly AmsCertificate[]>> {
      const read = (data: unknown) => readData(amsCertificatePage, data)
      return pages('/certificates', checkQuery(query), as, read, (item) => certificateFrom(item, profile))
    },
    async findRevocations(query, as): Promise<AmsReading<readonly AmsRevocation[]>> {
      const asked = 'idempotencyKey' in query ? { idempotencyKey: query.idempotencyKey } : { issuerDn: query.issuerDn, serial: query.serial }
      const read = (data: unknown) => readData(amsRevocationPage, data)
      return pages('/revocations', checkQuery(asked), as, read, (item) => revocationFrom({ data: item }, profile).data)
    },
    async readRevocation(id, as): Promise<AmsReading<AmsRevocation>> {
      const answer = await call(`/revocations/${encodeURIComponent(id)}`, as, { method: 'GET', repeatable: true })
      return readingOf(answer, (data) => {
        const read = revocationFrom(readData(amsRevocation, data), profile)
        return 'data' in read && read.data.id !== id ? { fault: 'the answer is about another record than was asked for' } : read
      })
    },
  }
}

type Page<W> = { readonly data: { readonly items: readonly W[]; readonly total?: number | undefined } } | { readonly fault: string }

function notDone(cause: AmsCause, where: string): AmsOutcome {
  return { outcome: 'notDone', cause: { ...cause, detail: `${where}: ${cause.detail}` } }
}

/** Only id and role reach a credential source, whatever else the caller's object carries. */
function actorOnly(actor: AmsActor): AmsActor {
  return { id: actor.id, role: actor.role }
}

function positive(value: number, name: string): number {
  if (!Number.isFinite(value) || value <= 0) throw new TypeError(`${name} must be a positive number`)
  return value
}
