import { readCertificate, type Certificate } from '../certificate/index.js'
import type { LegacyPermission } from '../crypto/index.js'
import { equalBytes } from '../der/index.js'
import { checkJudgingTime } from '../judging-time.js'
import type { LetterProblem } from '../letter/report.js'
import { checkToken, timeStampingPurpose } from '../letter/timestamp.js'
import { buildPath } from '../path/index.js'
import type { CertificateInput } from '../status/index.js'

/** By what a token is checked (RFC 3161 section 2.4.2, RFC 5280 section 6). */
export interface TimestampOptions {
  /** Pinned anchors of timestamp authorities; without any the path is not asked, and `path` says so. */
  readonly anchors?: readonly CertificateInput[]
  /** Certificates that may lie between; those in the token are used too. @default [] */
  readonly intermediates?: readonly CertificateInput[]
  /** The nonce of the request the token must answer. */
  readonly nonce?: Uint8Array
  /** Now: a token from more than five minutes later is not believed. @default now */
  readonly at?: Date
  /** Deprecated algorithms accepted for old tokens. @default [] */
  readonly allow?: readonly LegacyPermission[]
}

/** What a token proves about some octets (RFC 3161 section 2.4.2). */
export interface TimestampReport {
  /** Imprint, signature, the binding of the certificate (RFC 5035) and its purpose, and the nonce where one was asked with. */
  readonly integrity: 'intact' | 'broken' | 'unsupported'
  /** Whether a path leads from the authority to a pinned anchor at the time it states. Its revocation is not asked: that is `checkStatus`. */
  readonly path: 'valid' | 'invalid' | 'notAsked'
  /** When the octets existed, by the authority's word. Worth nothing unless `intact` and of a path you trust. */
  readonly time?: Date
  readonly policy?: string
  /** The number the authority gave the token, lower-case hex. */
  readonly serial?: string
  readonly authority?: Certificate
  /** From the authority to the anchor; empty where no path was asked or found. */
  readonly chain: readonly Certificate[]
  readonly problems: readonly LetterProblem[]
}

/**
 * Checks a TimeStampToken over some octets (RFC 3161 section 2.4.2, RFC 5816): what it is over, by whom it is signed, and, with anchors, whether that authority may be
 * believed. Never throws for what the token holds; {@link PkiError} for an anchor that cannot be read, `TypeError` for an invalid time.
 *
 * @example
 * ```ts
 * const token = timestampTokenOf(timestampAuthority(buildTimestampRequest({ imprint: await digest('SHA-256', letter), nonce })))
 * const { integrity, path, time } = await checkTimestamp(token, letter, { anchors: [timestampAnchor], nonce, at })
 * const facts = [integrity, path, time] // ['intact', 'valid', new Date('2026-11-20T03:00:00Z')]
 * const other = await checkTimestamp(token, unsignedLetter, { anchors: [timestampAnchor], nonce, at })
 * other.problems.map(({ code }) => code) // ['timestampImprint']
 * ```
 */
export async function checkTimestamp(token: Uint8Array, octets: Uint8Array, options: TimestampOptions = {}): Promise<TimestampReport> {
  const { anchors = [], intermediates = [], nonce, at = new Date(), allow = [] } = options
  checkJudgingTime({ at })
  const pinned = anchors.map(read)
  const between = intermediates.map(read)
  const { integrity: sound, info, authority, certificates, problems: found } = await checkToken(token, [octets], between, allow)
  const problems = [...found]
  const isAnswer = nonce === undefined || (info?.nonce !== undefined && equalBytes(info.nonce, magnitude(nonce)))
  // A token whose shape was refused has no nonce to compare.
  if (!isAnswer && info !== undefined) problems.push({ code: 'timestampNonce' })
  const facts = info === undefined ? {} : { time: info.time, policy: info.policy, serial: info.serial }
  const report = { integrity: isAnswer ? sound : 'broken', ...facts, ...(authority && { authority }) } as const
  const [first, ...others] = pinned
  if (first === undefined) return { ...report, path: 'notAsked', chain: [], problems }
  const isAhead = info === undefined || info.time.getTime() > at.getTime() + 300_000
  const path = isAhead || authority === undefined ? undefined
    : await buildPath(authority, { anchors: [first, ...others], intermediates: [...certificates, ...between], at: info.time, purposes: [timeStampingPurpose], allow })
  if (path?.ok === true) return { ...report, path: 'valid', chain: path.path, problems }
  return { ...report, path: 'invalid', chain: [], problems: [...problems, { code: 'timestampPath', ...(isAhead && info !== undefined && { detail: 'ahead of now' }) }] }
}

function read(input: CertificateInput): Certificate {
  return typeof input === 'string' || input instanceof Uint8Array ? readCertificate(input) : input
}

/** The content of the INTEGER that these octets are, read without sign. */
function magnitude(nonce: Uint8Array): Uint8Array {
  let from = 0
  while (from < nonce.length - 1 && nonce[from] === 0) from++
  const trimmed = nonce.subarray(from)
  return trimmed[0]! & 0x80 ? Uint8Array.of(0, ...trimmed) : trimmed
}
