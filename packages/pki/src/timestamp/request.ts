import { concatBytes, encodeElement, encodeOid, encodeUnsigned, Tag } from '../der/index.js'

/** Digests a {@link buildTimestampRequest} may carry (RFC 3161 section 2.4.1), by identifier and length in octets. */
const imprints = {
  'SHA-256': { oid: '2.16.840.1.101.3.4.2.1', octets: 32 },
  'SHA-384': { oid: '2.16.840.1.101.3.4.2.2', octets: 48 },
  'SHA-512': { oid: '2.16.840.1.101.3.4.2.3', octets: 64 },
} as const

/** What {@link buildTimestampRequest} asks (RFC 3161 section 2.4.1). */
export interface TimestampRequestInput {
  /** The digest of the octets in question; they themselves never leave. */
  readonly imprint: Uint8Array
  /** What the digest was made with. @default 'SHA-256' */
  readonly hash?: keyof typeof imprints
  /** Fresh random octets, 8 to 32, read as a number without sign: the answer then cannot be an old one. */
  readonly nonce?: Uint8Array
  /** Policy under which the token is wanted, dotted. @default the authority's own */
  readonly policy?: string
  /** Whether the authority sends its certificate along; without it nobody can check the token years later. @default true */
  readonly certReq?: boolean
}

/**
 * A TimeStampReq (RFC 3161 section 2.4.1), octet for octet what OpenSSL makes. Throws `TypeError` for an imprint that has not the length of its digest, for
 * a nonce of another length than 8 to 32 octets, and for a policy that is no object identifier.
 *
 * @example
 * ```ts
 * const request = buildTimestampRequest({ imprint: await digest('SHA-256', letter), nonce })
 * readTimestampResponse(timestampAuthority(request)).status // 'granted'
 * buildTimestampRequest({ imprint: await digest('SHA-1', letter) }) // throws TypeError
 * ```
 */
export function buildTimestampRequest({ imprint, hash = 'SHA-256', nonce, policy, certReq = true }: TimestampRequestInput): Uint8Array {
  const { oid, octets } = imprints[hash]
  if (imprint.length !== octets) throw new TypeError(`a ${hash} digest has ${octets} octets`)
  if (nonce !== undefined && (nonce.length < 8 || nonce.length > 32)) throw new TypeError('a nonce has 8 to 32 octets')
  const algorithm = encodeElement(Tag.sequence, encodedOid(oid), encodeElement(Tag.null))
  return encodeElement(Tag.sequence, concatBytes([
    encodeElement(Tag.integer, Uint8Array.of(1)),
    encodeElement(Tag.sequence, algorithm, encodeElement(Tag.octetString, imprint)),
    ...(policy === undefined ? [] : [encodedOid(policy)]),
    ...(nonce === undefined ? [] : [encodeUnsigned(nonce)]),
    ...(certReq ? [encodeElement(Tag.boolean, Uint8Array.of(0xff))] : []),
  ]))
}

function encodedOid(dotted: string): Uint8Array {
  const content = encodeOid(dotted)
  if (content === undefined) throw new TypeError('the policy is no object identifier')
  return encodeElement(Tag.oid, content)
}

/**
 * The media type of a request (RFC 3161 section 3.4).
 *
 * @example
 * ```ts
 * timestampQueryType // 'application/timestamp-query'
 * ```
 */
export const timestampQueryType = 'application/timestamp-query'
/**
 * The media type of an answer (RFC 3161 section 3.4).
 *
 * @example
 * ```ts
 * timestampReplyType // 'application/timestamp-reply'
 * ```
 */
export const timestampReplyType = 'application/timestamp-reply'
