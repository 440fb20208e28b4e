import type { RevocationReason } from '@cabut/pki'
import type { Text } from '../standard/service-standard.js'
import type { LetterKind } from '../standard/vocabulary.js'
import catalogue from './data/reasons.json' with { type: 'json' }

/** One reason people may choose. Codes are ours: AMS's own list is not public and has changed twice. */
export interface Reason {
  /** Stable code, such as `mutasi`. */
  readonly code: string
  readonly title: Text
  /** RFC 5280 5.3.1; the mapping is ours. */
  readonly rfc5280: RevocationReason
  /** `suspension` only where the standard offers it; `advice`: never filed, answered with {@link Reason.advice}. */
  readonly kind: 'revocation' | 'suspension' | 'advice'
  /** Handled at once, outside service hours too. */
  readonly urgent: boolean
  readonly needsNote: boolean
  /** Documents that usually go with it; which of them are mandatory is the standard's business. */
  readonly evidence: readonly LetterKind[]
  readonly advice?: Text
}

/** A version of the list; a request records `id`. */
export interface ReasonCatalogue { readonly id: string; readonly reasons: readonly Reason[] }

/**
 * The list in force. A changed list is a new object with a new id; requests keep naming theirs.
 *
 * @example
 * ```ts
 * reasonCatalogue.id // 'cabut-alasan/1'
 * reasonCatalogue.reasons.filter(({ urgent }) => urgent).map(({ code }) => code) // ['kunciBocor']
 * ```
 */
export const reasonCatalogue: ReasonCatalogue = catalogue as ReasonCatalogue

/**
 * Finds a reason by code; `undefined` for any other text.
 *
 * @example
 * ```ts
 * findReason('pensiun')?.rfc5280 // 'cessationOfOperation'
 * findReason('Pensiun') // undefined
 * ```
 */
export function findReason(code: string, from: ReasonCatalogue = reasonCatalogue): Reason | undefined {
  return from.reasons.find((reason) => reason.code === code)
}

/**
 * Advice before anyone revokes: a forgotten passphrase needs a reset, a re-issue means identity verification again.
 *
 * @example
 * ```ts
 * adviceFor('lupaPassphrase')?.en // 'A forgotten passphrase needs no revocation: reset the passphrase. The certificate stays valid'
 * adviceFor('mutasi') // undefined
 * ```
 */
export function adviceFor(code: string, from: ReasonCatalogue = reasonCatalogue): Text | undefined {
  return findReason(code, from)?.advice
}
