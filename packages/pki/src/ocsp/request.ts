import type { Certificate } from '../certificate/index.js'
import { serialSpan, spellsIssuer } from '../certificate/read.js'
import { concatBytes, encodeElement, Tag } from '../der/index.js'
import { encodeCertId, issuerHashes, nameHashOf, type CertIdHash } from './certid.js'

/** What {@link buildOcspRequest} asks (RFC 6960 section 4.1). */
export interface OcspRequestInput {
  /** The certificate, or several of the same issuer. */
  readonly certificate: Certificate | readonly Certificate[]
  readonly issuer: Certificate
  /** @default 'SHA-1', which every responder knows (RFC 5019 section 2.1.1) */
  readonly hash?: CertIdHash
  /** Fresh random octets, 1 to 128 (RFC 9654): the answer then cannot be an old one. */
  readonly nonce?: Uint8Array
}

const nonceOid = /* @__PURE__ */ Uint8Array.of(0x06, 0x09, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02)

/**
 * An unsigned OCSPRequest (RFC 6960 section 4.1), octet for octet what OpenSSL makes. As a small Buffer of Node's it may share its memory (`.buffer`) with
 * others: use the array. Throws `TypeError` for a nonce of a length RFC 9654 forbids and for no certificate.
 *
 * @example
 * ```ts
 * const request = await buildOcspRequest({ certificate: [certificate, revoked], issuer: issuing, nonce: crypto.getRandomValues(new Uint8Array(32)) })
 * readOcspResponse(responder(request)).basic?.responses.map(({ status }) => status) // ['good', 'revoked']
 * await buildOcspRequest({ certificate, issuer: issuing, nonce: new Uint8Array(129) }) // throws TypeError
 * ```
 */
export async function buildOcspRequest(input: OcspRequestInput): Promise<Uint8Array> {
  const { issuer, hash = 'SHA-1', nonce } = input
  const ready = issuerHashes(issuer, hash)
  const hashes = ready instanceof Promise ? await ready : ready
  if (nonce === undefined && !Array.isArray(input.certificate)) {
    const quick = smallRequest(input.certificate as Certificate, issuer, hashes.prefix)
    if (quick !== undefined) return quick
  }
  const certificates: readonly Certificate[] = Array.isArray(input.certificate) ? input.certificate as readonly Certificate[] : [input.certificate as Certificate]
  if (certificates.length === 0) throw new TypeError('at least one certificate is needed')
  const requests: Uint8Array[] = []
  for (const certificate of certificates) {
    let own = hashes
    if (!spellsIssuer(certificate, issuer)) own = { ...hashes, prefix: replaceNameHash(hashes, await nameHashOf(certificate, issuer, hash)) }
    requests.push(encodeElement(Tag.sequence, encodeCertId(own, certificate.serial)))
  }
  const list = encodeElement(Tag.sequence, ...requests)
  if (nonce === undefined) return encodeElement(Tag.sequence, encodeElement(Tag.sequence, list))
  if (nonce.length === 0 || nonce.length > 128) throw new TypeError('a nonce has 1 to 128 octets (RFC 9654)')
  const extension = encodeElement(Tag.sequence, nonceOid, encodeElement(Tag.octetString, encodeElement(Tag.octetString, nonce)))
  return encodeElement(Tag.sequence, encodeElement(Tag.sequence, list, encodeElement(0xa2, encodeElement(Tag.sequence, extension))))
}

/** The usual request, in which every length takes one octet, written at once; undefined for any other. */
function smallRequest(certificate: Certificate, issuer: Certificate, prefix: Uint8Array): Uint8Array | undefined {
  const span = serialSpan(certificate)
  if (span === undefined || !spellsIssuer(certificate, issuer)) return undefined
  const size = span.end - span.start
  // SEQUENCEs of OCSPRequest, TBSRequest, requestList, Request, CertID.
  const inner = prefix.length + 2 + size
  if (inner + 8 >= 0x80) return undefined
  const request = smallArray(inner + 10)
  for (let depth = 0; depth < 5; depth++) {
    request[2 * depth] = Tag.sequence
    request[2 * depth + 1] = inner + 2 * (4 - depth)
  }
  request.set(prefix, 10)
  let at = 10 + prefix.length
  request[at++] = Tag.integer
  request[at++] = size
  const { der } = certificate
  for (let i = span.start; i < span.end; i++) request[at++] = der[i]!
  return request
}

/** Memory that small requests are cut from, as Node does for small Buffers: memory of its own costs an array more than all else in a request. */
let pool = new ArrayBuffer(0)
let poolAt = 0

function smallArray(size: number): Uint8Array {
  // A buffer that somebody has transferred has no length any more.
  if (poolAt + size > pool.byteLength) {
    pool = new ArrayBuffer(4096)
    poolAt = 0
  }
  const array = new Uint8Array(pool, poolAt, size)
  poolAt += size
  return array
}

function replaceNameHash(hashes: { readonly nameHash: Uint8Array; readonly prefix: Uint8Array }, nameHash: Uint8Array): Uint8Array {
  const { prefix, nameHash: old } = hashes
  // The name hash is the first of two OCTET STRINGs of equal length at the end.
  const at = prefix.length - 2 * (old.length + 2) + 2
  return concatBytes([prefix.subarray(0, at), nameHash, prefix.subarray(at + old.length)])
}

/**
 * The media type of a request (RFC 6960 Appendix C.1).
 *
 * @example
 * ```ts
 * ocspRequestType // 'application/ocsp-request'
 * ```
 */
export const ocspRequestType = 'application/ocsp-request'
/**
 * The media type of an answer (RFC 6960 Appendix C.2).
 *
 * @example
 * ```ts
 * ocspResponseType // 'application/ocsp-response'
 * ```
 */
export const ocspResponseType = 'application/ocsp-response'

/**
 * The URL of a GET request (RFC 6960 Appendix A.1); undefined when it would be longer than the 255 octets RFC 5019 section 5 allows: then POST.
 *
 * @example
 * ```ts
 * const url = ocspGetUrl(certificate.ocspUrls[0]!, await buildOcspRequest({ certificate, issuer: issuing }))
 * const answer = await network(url!)
 * readOcspResponse(new Uint8Array(await answer.arrayBuffer())).status // 'successful'
 * ocspGetUrl(certificate.ocspUrls[0]!, new Uint8Array(200)) // undefined
 * ```
 */
export function ocspGetUrl(responder: string, request: Uint8Array): string | undefined {
  if (responder.length + 1 + Math.ceil(request.length / 3) * 4 > 255) return undefined
  const base64 = btoa(String.fromCharCode(...request))
  return `${responder.replace(/\/$/, '')}/${encodeURIComponent(base64)}`
}
