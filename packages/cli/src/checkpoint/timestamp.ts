import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { PkiError, type Certificate } from '@cabut/pki'
import { digest } from '@cabut/pki/crypto'
import type { EvidenceFetcher } from '@cabut/pki/status'
import { buildTimestampRequest, checkTimestamp, readTimestampResponse, timestampQueryType, timestampTokenOf, type TimestampReport } from '@cabut/pki/timestamp'
import { CabutError } from '@cabut/sdk'

/** A timestamp authority as a desk's configuration names it. */
export interface TimestampAuthority {
  readonly url: string
  readonly fetcher: Pick<EvidenceFetcher, 'post'>
  /** Anchors its certificate must lead to; none: the path is left to whoever verifies. */
  readonly anchors: readonly Certificate[]
  readonly intermediates?: readonly Certificate[]
}

/**
 * Has octets stamped (RFC 3161 section 3.4): only their SHA-256 is sent. Status, imprint, nonce and signature of the answer are checked before the token is kept.
 *
 * @returns the TimeStampToken, DER
 * @throws CabutError `timestampUnavailable` when there is no answer, `timestampRefused` for a refusal, `timestampInvalid` for an answer that does not hold
 */
export async function stamp(octets: Uint8Array, { url, fetcher, anchors, intermediates = [] }: TimestampAuthority): Promise<Uint8Array> {
  const nonce = randomBytes(16)
  const answer = await fetcher.post(url, buildTimestampRequest({ imprint: await digest('SHA-256', octets), nonce }), timestampQueryType)
  if (answer.outcome !== 'fetched') throw new CabutError('timestampUnavailable', { detail: answer.detail })
  const token = tokenOf(answer.bytes)
  const { integrity, path, problems } = await checkTimestamp(token, octets, { nonce, anchors, intermediates })
  if (integrity !== 'intact' || path === 'invalid') throw new CabutError('timestampInvalid', { detail: problems.map(({ code }) => code).join(', ') })
  return token
}

function tokenOf(bytes: Uint8Array): Uint8Array {
  try {
    const { status, failures, token } = readTimestampResponse(bytes)
    if (token !== undefined) return token
    throw new CabutError('timestampRefused', { detail: [status, ...failures].join(', ') })
  } catch (error) {
    throw error instanceof PkiError ? new CabutError('timestampInvalid', { detail: error.code, cause: error }) : error
  }
}

/** Endings a token has beside its checkpoint: the token alone, or the answer it came in. */
const endings = ['.tst', '.tsr'] as const

/** Where the token of a checkpoint file is, or would go. */
export function tokenPath(checkpoint: string, ending: (typeof endings)[number] = '.tst'): string {
  return checkpoint.replace(/(?:\.json)?$/, ending)
}

/** Whether a checkpoint file has its token beside it. */
export function isStamped(checkpoint: string): boolean {
  return endings.some((ending) => existsSync(tokenPath(checkpoint, ending)))
}

/** The token beside a checkpoint file, checked over its octets; undefined when there is none. A file that cannot be read as one is `broken`. */
export async function stampOf(checkpoint: string, octets: Uint8Array, anchors: readonly Certificate[]): Promise<(TimestampReport & { readonly file: string }) | undefined> {
  const file = endings.map((ending) => tokenPath(checkpoint, ending)).find((path) => existsSync(path))
  if (file === undefined) return undefined
  try {
    return { ...await checkTimestamp(timestampTokenOf(await readFile(file)), octets, { anchors }), file }
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return { integrity: 'broken', path: anchors.length === 0 ? 'notAsked' : 'invalid', chain: [], problems: [{ code: 'timestampMalformed', detail: error.code }], file }
  }
}
