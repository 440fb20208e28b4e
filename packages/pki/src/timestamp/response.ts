import { DerReader, Tag } from '../der/index.js'
import { PkiError } from '../errors.js'

/** Largest accepted answer or token, octets; with its chain a token has 2 to 10 kB. */
const maxTimestampBytes = 1_048_576

const statuses = ['granted', 'grantedWithMods', 'rejection', 'waiting', 'revocationWarning', 'revocationNotification'] as const

/** PKIFailureInfo of RFC 3161 section 2.4.2, by bit. */
const failures: Readonly<Record<number, string>> = {
  0: 'badAlg', 2: 'badRequest', 5: 'badDataFormat', 14: 'timeNotAvailable', 15: 'unacceptedPolicy', 16: 'unacceptedExtension', 17: 'addInfoNotAvailable', 25: 'systemFailure',
}

/** TimeStampResp of RFC 3161 section 2.4.2. */
export interface TimestampResponse {
  readonly status: (typeof statuses)[number]
  /** What the authority says beside, in its own words; at most 1000 characters. */
  readonly text: string
  /** Names of PKIFailureInfo; a bit that has none is its number. */
  readonly failures: readonly string[]
  /** TimeStampToken, DER; there exactly for `granted` and `grantedWithMods`. Nothing of it is checked yet. */
  readonly token?: Uint8Array
}

/**
 * Reads an answer of a timestamp authority (RFC 3161 section 2.4.2). Nothing of the token is checked: that is {@link checkTimestamp}. Throws {@link PkiError}: `der...` codes with the offset;
 * `timestampMalformed` for an unknown status, a token beside a refusal, a grant without one, and more than 1 MiB.
 *
 * @example
 * ```ts
 * const imprint = await digest('SHA-256', letter)
 * const { status, token } = readTimestampResponse(timestampAuthority(buildTimestampRequest({ imprint })))
 * status // 'granted'
 * readTimestampResponse(Uint8Array.of(0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02)) // { status: 'rejection', text: '', failures: [] }
 * readTimestampResponse(Uint8Array.of(0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00)) // throws timestampMalformed
 * ```
 */
export function readTimestampResponse(bytes: Uint8Array): TimestampResponse {
  const response = open(bytes)
  const info = response.enter(Tag.sequence)
  const statusStart = info.offset
  const status = statuses[info.smallInteger()]
  if (status === undefined) throw new PkiError('timestampMalformed', statusStart, 'unknown status')
  const texts = info.enterOptional(Tag.sequence)
  let text = ''
  while (texts !== undefined && !texts.done) text = `${text} ${new TextDecoder().decode(texts.content(Tag.utf8String))}`.trim().slice(0, 1000)
  const bits = info.done ? undefined : info.bitString()
  info.finish()
  const token = response.done ? undefined : response.element(Tag.sequence)
  response.finish()
  const isGranted = status === 'granted' || status === 'grantedWithMods'
  if (isGranted !== (token !== undefined)) throw new PkiError('timestampMalformed', statusStart, isGranted ? 'granted without a token' : 'a token beside a refusal')
  return { status, text, failures: bits === undefined ? [] : failuresOf(bits.bytes), ...(token && { token }) }
}

/**
 * The token in a file that holds one, or the answer it came in (RFC 3161 section 3.2: files `.tsr`). Throws as {@link readTimestampResponse}, and
 * `timestampMalformed` for an answer without a token.
 *
 * @example
 * ```ts
 * const answer = timestampAuthority(buildTimestampRequest({ imprint: await digest('SHA-256', letter) }))
 * const token = timestampTokenOf(answer)
 * timestampTokenOf(token) === token // true
 * timestampTokenOf(Uint8Array.of(0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02)) // throws timestampMalformed
 * ```
 */
export function timestampTokenOf(bytes: Uint8Array): Uint8Array {
  // ContentInfo begins with an object identifier, TimeStampResp with PKIStatusInfo.
  if (open(bytes).peek() === Tag.oid) return bytes
  const { token, status } = readTimestampResponse(bytes)
  if (token === undefined) throw new PkiError('timestampMalformed', 0, status)
  return token
}

function open(bytes: Uint8Array): DerReader {
  if (bytes.length > maxTimestampBytes) throw new PkiError('timestampMalformed', 0, 'too large')
  const outer = new DerReader(bytes)
  const inner = outer.enter(Tag.sequence)
  outer.finish()
  return inner
}

function failuresOf(bytes: Uint8Array): string[] {
  const found: string[] = []
  for (let bit = 0; bit < Math.min(bytes.length, 8) * 8; bit++) if ((bytes[bit >> 3]! >> (7 - (bit & 7))) & 1) found.push(failures[bit] ?? String(bit))
  return found
}
