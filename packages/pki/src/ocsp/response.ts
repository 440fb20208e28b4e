import { readExtensions, type Certificate, type Extension } from '../certificate/index.js'
import { serialHexOf } from '../certificate/facts.js'
import { serialSpan, type Span } from '../certificate/read.js'
import { contextTag, DerReader, encodeElement, equalBytes, readAlgorithm, readPemOrDer, Tag, type AlgorithmIdentifier } from '../der/index.js'
import { PkiError } from '../errors.js'
import type { RevocationReason } from '../judgement.js'
import { readNameFrom, type Name } from '../name/index.js'
import { reasonName } from '../crl/entry.js'
import { certIdHash, type CertIdHash } from './certid.js'

/** OCSPResponseStatus of RFC 6960 section 4.2.1. */
export type OcspStatus = 'successful' | 'malformedRequest' | 'internalError' | 'tryLater' | 'sigRequired' | 'unauthorized'

const statuses: Readonly<Record<number, OcspStatus>> = { 0: 'successful', 1: 'malformedRequest', 2: 'internalError', 3: 'tryLater', 5: 'sigRequired', 6: 'unauthorized' }

/** SingleResponse of RFC 6960 section 4.2.1: what the responder says of one certificate. */
export interface SingleResponse {
  /** Undefined when the CertID uses a hash function that is not known here. */
  readonly hash?: CertIdHash
  readonly issuerNameHash: Uint8Array
  readonly issuerKeyHash: Uint8Array
  /** Canonical hex, as `Certificate.serial`. */
  readonly serial: string
  readonly status: 'good' | 'revoked' | 'unknown'
  /** Present when revoked. */
  readonly revocationTime?: Date
  readonly reason?: RevocationReason
  readonly thisUpdate: Date
  /** Absent: newer information is available all the time (section 4.2.2.1). */
  readonly nextUpdate?: Date
  /** The responder keeps revocations of certificates that expired since then (section 4.4.4). */
  readonly archiveCutoff?: Date
  readonly unknownCriticalExtensions: readonly string[]
}

/** Who signed: by name, or by the SHA-1 of the public key (RFC 6960 section 4.2.1). */
export type ResponderId = { readonly by: 'name'; readonly name: Name; readonly der: Uint8Array } | { readonly by: 'key'; readonly keyHash: Uint8Array }

/** BasicOCSPResponse of RFC 6960 section 4.2.1. */
export interface BasicOcspResponse {
  /** The signed part, ResponseData. */
  readonly tbs: Uint8Array
  readonly responderId: ResponderId
  readonly producedAt: Date
  readonly responses: readonly SingleResponse[]
  readonly nonce?: Uint8Array
  readonly unknownCriticalExtensions: readonly string[]
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly signature: Uint8Array
  /** Certificates sent along, DER, not yet read: they are needed only where the issuer has not signed itself. */
  readonly certificates: readonly Uint8Array[]
}

/** An OCSPResponse (RFC 6960 section 4.2.1) over its own octets, which are not copied: do not change them while it is in use. */
export interface OcspResponse {
  readonly der: Uint8Array
  readonly status: OcspStatus
  /** Present when the status is `successful`. */
  readonly basic?: BasicOcspResponse
}

/**
 * Largest accepted answer (RFC 6960 section 4.2.1), octets; with certificates they have 2 to 5 kB. Larger ones are refused with `ocspTooLarge`.
 *
 * @example
 * ```ts
 * readOcspResponse(new Uint8Array(maxOcspBytes + 1)) // throws ocspTooLarge
 * ```
 */
export const maxOcspBytes = 1_048_576

/**
 * Reads an OCSP answer (RFC 6960 section 4.2.1) from DER octets or PEM. Structure is checked here; everything that decides whether to believe it by {@link judgeOcsp}.
 * Throws {@link PkiError}: `der…` codes with the offset, `ocspMalformed`, `ocspTooLarge`, `pemMalformed`.
 *
 * @example
 * ```ts
 * const { status, basic } = readOcspResponse(ocsp)
 * status // 'successful'
 * basic?.responses.map((one) => [one.serial, one.status]) // [['118af5d1ca6996adbe4407b5ea55b8a7c34fa126', 'good']]
 * readOcspResponse(Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x03)).status // 'tryLater'
 * readOcspResponse(Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x04)) // throws ocspMalformed
 * ```
 */
export function readOcspResponse(input: Uint8Array | string): OcspResponse {
  if (input.length > 2 * maxOcspBytes) throw new PkiError('ocspTooLarge', 0)
  const der = readPemOrDer(input, 'OCSP RESPONSE')
  if (der.length > maxOcspBytes) throw new PkiError('ocspTooLarge', 0)
  // Cutting a Buffer is several times as dear as cutting a plain array over the same octets.
  const plain = der.constructor === Uint8Array ? der : new Uint8Array(der.buffer, der.byteOffset, der.byteLength)
  const outer = new DerReader(plain)
  const response = outer.enter(Tag.sequence)
  outer.finish()
  const statusStart = response.offset
  const status = statuses[response.smallInteger(Tag.enumerated)]
  if (status === undefined) throw new PkiError('ocspMalformed', statusStart, 'unknown response status')
  const explicit = response.enterOptional(contextTag(0, true))
  response.finish()
  if (explicit === undefined) {
    if (status === 'successful') throw new PkiError('ocspMalformed', statusStart, 'successful, but without an answer')
    return { der, status }
  }
  // RFC 6960 4.2.1: other statuses carry no bytes; nothing is believed of them.
  if (status !== 'successful') throw new PkiError('ocspMalformed', statusStart, 'an answer under an error status')
  const bytes = explicit.enter(Tag.sequence)
  explicit.finish()
  const typeStart = bytes.offset
  if (bytes.oid() !== '1.3.6.1.5.5.7.48.1.1') throw new PkiError('ocspMalformed', typeStart, 'no basic response')
  bytes.expect(Tag.octetString)
  const basic = new ReadBasicResponse(new DerReader(plain, bytes.contentStart, bytes.contentEnd, 4))
  bytes.finish()
  return { der, status, basic }
}

/** An answer over the octets it was read from: everything is checked when it is read, and cut out when asked. */
class ReadBasicResponse implements BasicOcspResponse {
  readonly responderId: ResponderId
  readonly producedAt: Date
  readonly responses: readonly SingleResponse[]
  declare readonly nonce?: Uint8Array
  readonly unknownCriticalExtensions: readonly string[]
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly #bytes: Uint8Array
  readonly #tbs: Span
  readonly #signature: Span
  /** The SEQUENCE's content; of length 0 where none was sent. */
  readonly #sent: Span
  #certificates: readonly Uint8Array[] | undefined

  constructor(outer: DerReader) {
    const reader = outer.enter(Tag.sequence)
    outer.finish()
    this.#bytes = reader.bytes
    const start = reader.offset
    const data = reader.enter(Tag.sequence)
    this.#tbs = { start, end: reader.offset }
    this.signatureAlgorithm = readAlgorithm(reader)
    reader.expectBitString()
    if (reader.bytes[reader.contentStart] !== 0) throw new PkiError('derBitString', reader.contentStart)
    this.#signature = { start: reader.contentStart + 1, end: reader.contentEnd }
    this.#sent = readSent(reader)
    reader.finish()

    const versionStart = data.offset
    const version = data.enterOptional(contextTag(0, true))
    if (version !== undefined) {
      if (version.smallInteger() !== 0) throw new PkiError('ocspMalformed', versionStart, 'unknown version')
      version.finish()
    }
    this.responderId = readResponderId(data)
    this.producedAt = generalizedTime(data)
    const list = data.enter(Tag.sequence)
    const responses: SingleResponse[] = []
    while (!list.done) responses.push(readSingle(list))
    this.responses = responses
    const extensions = readOptionalExtensions(data, 1)
    data.finish()
    let unknown = none
    for (const extension of extensions) {
      if (extension.oid === '1.3.6.1.5.5.7.48.1.2') this.nonce = nonceOf(extension)
      // Extended revoked definition (section 4.4.8) says how to read "revoked" for certificates never issued; see judge.ts.
      else if (extension.critical && extension.oid !== '1.3.6.1.5.5.7.48.1.9') unknown = [...unknown, extension.oid]
    }
    this.unknownCriticalExtensions = unknown
  }

  get tbs(): Uint8Array { return this.#bytes.subarray(this.#tbs.start, this.#tbs.end) }
  get signature(): Uint8Array { return this.#bytes.subarray(this.#signature.start, this.#signature.end) }

  get certificates(): readonly Uint8Array[] {
    if (this.#certificates !== undefined) return this.#certificates
    const certificates: Uint8Array[] = []
    const list = new DerReader(this.#bytes, this.#sent.start, this.#sent.end)
    while (!list.done) certificates.push(list.element(Tag.sequence))
    return (this.#certificates = certificates)
  }
}

/** Whether an answer is for this serial number, without making text of its own. */
export function answersFor(single: SingleResponse, certificate: Certificate): boolean {
  return ReadSingleResponse.answersFor(single, certificate)
}

/** Whether a hash of the CertID (RFC 6960 section 4.1.1) is the given one. */
export function hasHash(single: SingleResponse, which: 'name' | 'key', hash: Uint8Array): boolean {
  return ReadSingleResponse.hasHash(single, which, hash)
}

/** Where the certificates that were sent along lie, one after another; each is a SEQUENCE. */
function readSent(reader: DerReader): Span {
  const sent = reader.enterOptional(contextTag(0, true))
  if (sent === undefined) return { start: 0, end: 0 }
  const list = sent.enter(Tag.sequence)
  sent.finish()
  const start = list.offset
  while (!list.done) list.expect(Tag.sequence)
  return { start, end: list.end }
}

const none: readonly string[] = []

function readResponderId(data: DerReader): ResponderId {
  if (data.peek() === contextTag(1, true)) {
    const explicit = data.enter(contextTag(1, true))
    const start = explicit.offset
    const name = readNameFrom(explicit)
    explicit.finish()
    return { by: 'name', name, der: data.bytes.subarray(start, explicit.offset) }
  }
  const explicit = data.enter(contextTag(2, true))
  const keyHash = explicit.octetString()
  explicit.finish()
  if (keyHash.length !== 20) throw new PkiError('ocspMalformed', explicit.contentStart, 'a key hash is a SHA-1')
  return { by: 'key', keyHash }
}

/** The object identifier of an AlgorithmIdentifier whose parameters mean nothing, as those of hash functions. */
function algorithmOid(reader: DerReader): string {
  const algorithm = reader.enter(Tag.sequence)
  const oid = algorithm.oid()
  if (!algorithm.done) algorithm.skip()
  algorithm.finish()
  return oid
}

function readSingle(list: DerReader): SingleResponse {
  const single = list.enter(Tag.sequence)
  const result: Mutable<ReadSingleResponse> = new ReadSingleResponse(single)
  switch (single.peek()) {
    case contextTag(0): {
      single.expect(contextTag(0))
      if (single.contentEnd !== single.contentStart) throw new PkiError('derNull', single.contentStart)
      result.status = 'good'
      break
    }
    case contextTag(1, true): {
      const info = single.enter(contextTag(1, true))
      result.revocationTime = generalizedTime(info)
      const explicit = info.enterOptional(contextTag(0, true))
      if (explicit !== undefined) {
        const reason = reasonName(explicit.smallInteger(Tag.enumerated))
        if (reason !== undefined) result.reason = reason
        explicit.finish()
      }
      info.finish()
      result.status = 'revoked'
      break
    }
    default: {
      single.expect(contextTag(2))
      if (single.contentEnd !== single.contentStart) throw new PkiError('derNull', single.contentStart)
      result.status = 'unknown'
    }
  }
  result.thisUpdate = generalizedTime(single)
  const next = single.enterOptional(contextTag(0, true))
  if (next !== undefined) {
    result.nextUpdate = generalizedTime(next)
    next.finish()
  }
  const extensions = readOptionalExtensions(single, 1)
  single.finish()
  for (const extension of extensions) {
    if (extension.oid === '1.3.6.1.5.5.7.48.1.6') result.archiveCutoff = generalizedTime(new DerReader(extension.value))
    else if (extension.critical && !harmlessSingleExtensions.has(extension.oid)) result.unknownCriticalExtensions = [...result.unknownCriticalExtensions, extension.oid]
  }
  return result
}

/** One answer; the parts of its CertID are cut out when asked. */
class ReadSingleResponse implements SingleResponse {
  declare readonly hash?: CertIdHash
  readonly status: SingleResponse['status'] = 'unknown'
  declare readonly revocationTime?: Date
  declare readonly reason?: RevocationReason
  declare readonly thisUpdate: Date
  declare readonly nextUpdate?: Date
  declare readonly archiveCutoff?: Date
  readonly unknownCriticalExtensions: readonly string[] = none
  readonly #bytes: Uint8Array
  readonly #nameHash: Span
  readonly #keyHash: Span
  readonly #serial: Span
  #serialText: string | undefined

  /** Reads the CertID. */
  constructor(single: DerReader) {
    const id = single.enter(Tag.sequence)
    this.#bytes = id.bytes
    const hash = certIdHash(algorithmOid(id))
    if (hash !== undefined) this.hash = hash
    id.expect(Tag.octetString)
    this.#nameHash = { start: id.contentStart, end: id.contentEnd }
    id.expect(Tag.octetString)
    this.#keyHash = { start: id.contentStart, end: id.contentEnd }
    id.expectInteger()
    this.#serial = { start: id.contentStart, end: id.contentEnd }
    id.finish()
  }

  get serial(): string { return this.#serialText ??= serialHexOf(this.#bytes, this.#serial.start, this.#serial.end) }

  get issuerNameHash(): Uint8Array { return this.#bytes.subarray(this.#nameHash.start, this.#nameHash.end) }
  get issuerKeyHash(): Uint8Array { return this.#bytes.subarray(this.#keyHash.start, this.#keyHash.end) }

  static answersFor(single: SingleResponse, certificate: Certificate): boolean {
    const wanted = serialSpan(certificate)
    if (wanted === undefined || !(#serial in single)) return single.serial === certificate.serial
    return sameSpan(single.#bytes, single.#serial, certificate.der, wanted.start, wanted.end)
  }

  static hasHash(single: SingleResponse, which: 'name' | 'key', hash: Uint8Array): boolean {
    if (!(#bytes in single)) return equalBytes(which === 'name' ? single.issuerNameHash : single.issuerKeyHash, hash)
    return sameSpan(single.#bytes, which === 'name' ? single.#nameHash : single.#keyHash, hash, 0, hash.length)
  }
}

function sameSpan(bytes: Uint8Array, { start, end }: Span, others: Uint8Array, from: number, to: number): boolean {
  if (end - start !== to - from) return false
  for (let i = start, k = from; i < end; i++, k++) if (bytes[i] !== others[k]) return false
  return true
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** CRL references (section 4.4.2), and the CRL entry extensions that RFC 6960 section 4.4.5 carries over: nothing in them changes the status. */
const harmlessSingleExtensions: ReadonlySet<string> = /* @__PURE__ */ new Set(['1.3.6.1.5.5.7.48.1.3', '2.5.29.21', '2.5.29.24'])

const noExtensions: readonly Extension[] = []

function readOptionalExtensions(reader: DerReader, number: number): readonly Extension[] {
  const explicit = reader.enterOptional(contextTag(number, true))
  if (explicit === undefined) return noExtensions
  const extensions = readExtensions(explicit, 'ocspMalformed')
  explicit.finish()
  return extensions
}

/** RFC 8954: an OCTET STRING; older responders send the bare octets. */
function nonceOf(extension: Extension): Uint8Array {
  const { value } = extension
  for (const header of [2, 3]) {
    const content = value.subarray(header)
    if (equalBytes(encodeElement(Tag.octetString, content), value)) return content
  }
  return value
}

function generalizedTime(reader: DerReader): Date {
  if (!reader.done && reader.peek() !== Tag.generalizedTime) throw new PkiError('derTag', reader.offset)
  return new Date(reader.time())
}
