import { CabutError } from '../errors.js'
import {
  checkCredentials, credentialHeaders, exchange, parseJson, readBaseUrl, type Credential, type ExchangeRequest, type TransportAllowance,
} from '../transport/index.js'
import { esignChain, esignRefusal, esignStatus, esignVerification } from '../wire/esign.js'
import { readChainElement } from './chain-element.js'
import type { EsignCall, EsignCause, EsignPort, EsignReading, EsignSubject, EsignUser, EsignUserStatus, EsignVerification } from './port.js'
import { verificationFrom } from './verification.js'
import type { Certificate } from '@cabut/pki/certificate'

/**
 * Permits a NIK or mail address in a URL, where servers log it. The service's v1 status and its certificate chain have no other form.
 * Import it by name and pass it in `allow`.
 *
 * @example
 * ```ts
 * const { username, password } = sandbox.manage.esign
 * const options = { baseUrl: sandbox.urls.esign, credential: basic(username, password), fetch: sandbox.fetch }
 * await createEsign({ ...options, allow: [allowPlainHttp] }).certificateChain('9999020101800002') // throws transportPersonalDataInUrl
 * const chain = await createEsign({ ...options, allow: [allowPlainHttp, allowIdentityInUrl] }).certificateChain('9999020101800002')
 * chain.outcome // 'answered'
 * ```
 */
export const allowIdentityInUrl: unique symbol = Symbol('allowIdentityInUrl')

/** How to reach an agency's own e-Sign Client Service. */
export interface EsignOptions {
  /** Absolute address of the service, without `/api`. Plain http off loopback needs `allowPlainHttp`. There is no default. */
  readonly baseUrl: string | URL
  /** `basic(username, password)`; behind a gateway a stack. */
  readonly credential: Credential | readonly Credential[]
  /** @default the global `fetch` at the time of each call */
  readonly fetch?: typeof fetch
  /** Milliseconds for a status or chain. @default 20000 */
  readonly timeoutMs?: number
  /** Milliseconds for a verification (40 s were seen for 4 MB with 8 signatures). @default 120000 */
  readonly verifyTimeoutMs?: number
  /** Repetitions; every call is a reading. @default 1 */
  readonly retries?: number
  /** Octets an answer may have. @default 8388608 */
  readonly answerLimit?: number
  readonly allow?: readonly (TransportAllowance | typeof allowIdentityInUrl)[]
}

const STATUSES: ReadonlySet<string> = new Set<EsignUserStatus>([
  'ISSUE', 'EXPIRED', 'RENEW', 'WAITING_FOR_VERIFICATION', 'NEW', 'NO_CERTIFICATE', 'NOT_REGISTERED', 'SUSPEND', 'REVOKE',
])

/** The whole of what came back, before its shape is looked at. */
type Raw = { readonly kind: 'json'; readonly status: number; readonly json: unknown } | { readonly kind: 'text'; readonly status: number; readonly fault: string } | { readonly kind: 'nothing'; readonly cause: EsignCause }

/**
 * Client of the e-Sign Client Service (vendor's guide v2.2.1): user status v2, falling back to v1, certificate chain, verify/pdf.
 * Tolerant of its quirks: 200 for NOT_REGISTERED, errors as text or HTML under a JSON header, conflicting numeric codes.
 *
 * @throws {@link CabutError} at construction: `transportBaseUrl`, `transportPlainHttp`; `TypeError` for a bad credential
 * @example
 * ```ts
 * const { username, password } = sandbox.manage.esign
 * const esign = createEsign({ baseUrl: sandbox.urls.esign, credential: basic(username, password), fetch: sandbox.fetch, allow: [allowPlainHttp] })
 * const reading = await esign.userStatus({ nik: '9999010101800002' })
 * reading.outcome === 'answered' && reading.value.status // 'NO_CERTIFICATE'
 * await esign.userStatus({ nik: '123' }) // throws TypeError
 * ```
 */
export function createEsign(options: EsignOptions): EsignPort {
  const allow = options.allow ?? []
  const baseUrl = readBaseUrl(options.baseUrl, allow.filter((each): each is TransportAllowance => each !== allowIdentityInUrl))
  const credentials = checkCredentials(options.credential)
  const identityInUrl = allow.includes(allowIdentityInUrl)

  async function call(path: string, given: EsignCall | undefined, request: Omit<ExchangeRequest, 'url' | 'headers' | 'repeatable'>, json: boolean): Promise<Raw> {
    const proofs = await credentialHeaders(credentials, { id: 'esign', role: 'service' })
    if (proofs === undefined) return nothing({ code: 'esignAuthentication', detail: 'no usable credential' })
    const settings = {
      fetch: options.fetch ?? globalThis.fetch,
      timeoutMs: options.timeoutMs ?? 20_000,
      answerLimit: options.answerLimit ?? 8_388_608,
      retries: options.retries ?? 1,
    }
    const answer = await exchange(settings, {
      ...request,
      url: `${baseUrl}${path}`,
      repeatable: true,
      headers: { accept: 'application/json', ...(json ? { 'content-type': 'application/json' } : {}), ...proofs },
      ...(given?.signal === undefined ? {} : { signal: given.signal }),
    })
    if (answer.kind === 'failure') {
      const code = answer.failure === 'tooLarge' || answer.failure === 'redirect' ? 'esignContract' : 'esignUnavailable'
      return nothing({ code, detail: answer.detail, ...(answer.status === undefined ? {} : { httpStatus: answer.status }) })
    }
    const facts = { httpStatus: answer.status, ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }) }
    if (answer.status === 401 || answer.status === 403) return nothing({ code: 'esignAuthentication', detail: 'the credential was not accepted', ...facts })
    if (answer.status === 429 || answer.status === 408 || answer.status >= 500) return nothing({ code: 'esignUnavailable', detail: `HTTP ${answer.status}`, ...facts })
    // What the header calls the body is not to be relied on; what it is, is.
    const parsed = parseJson(answer.body)
    return 'json' in parsed ? { kind: 'json', status: answer.status, json: parsed.json } : { kind: 'text', status: answer.status, fault: parsed.fault }
  }

  async function userStatus(subject: EsignSubject, given?: EsignCall): Promise<EsignReading<EsignUser>> {
    const asked = 'nik' in subject ? { nik: subject.nik } : { email: subject.email }
    checkSubject(asked)
    const raw = await call('/api/v2/user/check/status', given, { method: 'POST', body: JSON.stringify(asked) }, true)
    const read = raw.kind === 'json' ? esignStatus.safeParse(raw.json) : undefined
    if (read?.success === true) return { outcome: 'answered', value: userFrom(read.data, 'v2') }
    // Older servers have no v2: their answer to its path is a 404 or 405, of whatever shape.
    if (raw.kind === 'nothing' || !(raw.status === 404 || raw.status === 405) || asked.nik === undefined) return failed(raw)
    if (!identityInUrl) return { outcome: 'unavailable', cause: { code: 'esignContract', detail: 'no v2 here; v1 carries the NIK in its URL, which must be allowed by name' } }
    const older = await call(`/api/user/status/${encodeURIComponent(asked.nik)}`, given, { method: 'GET' }, false)
    const readOlder = older.kind === 'json' ? esignStatus.safeParse(older.json) : undefined
    return readOlder?.success === true ? { outcome: 'answered', value: userFrom(readOlder.data, 'v1') } : failed(older)
  }

  async function certificateChain(id: string, given?: EsignCall): Promise<EsignReading<readonly Certificate[]>> {
    if (!/^[\x21-\x7e]{1,200}$/.test(id)) throw new TypeError('id must be 1 to 200 visible ASCII characters')
    if (!identityInUrl && !/^C-[0-9A-F]{64}$/i.test(id) && (/(?<!\d)\d{16}(?!\d)/.test(id) || id.includes('@'))) throw new CabutError('transportPersonalDataInUrl', { at: 'id' })
    const raw = await call(`/api/v2/user/certificate/chain/${encodeURIComponent(id)}`, given, { method: 'GET' }, false)
    const read = raw.kind === 'json' ? esignChain.safeParse(raw.json) : undefined
    if (read?.success !== true || read.data.success === false) return failed(raw)
    const certificates: Certificate[] = []
    for (const [index, element] of read.data.data.entries()) {
      const certificate = readChainElement(element)
      if (certificate === undefined) return { outcome: 'unavailable', cause: { code: 'esignContract', detail: `data[${index}] is neither PEM nor base64 DER of a certificate` } }
      certificates.push(certificate)
    }
    return { outcome: 'answered', value: certificates }
  }

  async function verifyPdf(pdf: Uint8Array, given?: EsignCall): Promise<EsignReading<EsignVerification>> {
    const body = JSON.stringify({ file: base64(pdf) })
    const raw = await call('/api/v2/verify/pdf', given, { method: 'POST', body, timeoutMs: options.verifyTimeoutMs ?? 120_000 }, true)
    const read = raw.kind === 'json' ? esignVerification.safeParse(raw.json) : undefined
    return read?.success === true ? { outcome: 'answered', value: verificationFrom(read.data) } : failed(raw)
  }

  return { userStatus, certificateChain, verifyPdf }
}

/** An answer that is not the one hoped for: the service's own refusal where there is one, else nothing learned. */
function failed(raw: Raw): EsignReading<never> {
  if (raw.kind === 'nothing') return { outcome: 'unavailable', cause: raw.cause }
  const refusal = raw.kind === 'json' ? esignRefusal.safeParse(raw.json) : undefined
  const message = refusal?.data?.error ?? refusal?.data?.message
  if (message !== undefined && (raw.status >= 400 || refusal?.data?.success === false || refusal?.data?.error !== undefined)) {
    return { outcome: 'refused', message, httpStatus: raw.status }
  }
  if (raw.status === 404) return { outcome: 'unavailable', cause: { code: 'esignNotFound', detail: 'HTTP 404', httpStatus: 404 } }
  return { outcome: 'unavailable', cause: { code: 'esignContract', detail: raw.kind === 'text' ? raw.fault : 'unexpected shape', httpStatus: raw.status } }
}

function userFrom(wire: { status: string; status_code?: string | undefined; message?: string | undefined }, api: 'v1' | 'v2'): EsignUser {
  const word = wire.status.trim().toUpperCase()
  return {
    status: STATUSES.has(word) ? (word as EsignUserStatus) : 'OTHER',
    rawStatus: wire.status,
    ...(wire.status_code === undefined ? {} : { statusCode: wire.status_code }),
    ...(wire.message === undefined ? {} : { message: wire.message }),
    api,
  }
}

function checkSubject(asked: { nik?: string; email?: string }): void {
  if (asked.nik !== undefined && (typeof asked.nik !== 'string' || !/^\d{16}$/.test(asked.nik))) throw new TypeError('nik must be a text of 16 digits')
  if (asked.nik === undefined && (typeof asked.email !== 'string' || !asked.email.includes('@'))) throw new TypeError('email must be a mail address')
}

function nothing(cause: EsignCause): Raw {
  return { kind: 'nothing', cause }
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.byteLength; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(binary)
}
