import type { Issue } from '../issues.js'
import type { LetterKind } from '../standard/vocabulary.js'
import type { MissingLetters } from '../standard/letters.js'
import type { CertificateInput, CertificateReference } from './certificate-reference.js'
import type { Letter } from './letter.js'
import type { Holder, Party } from './party.js'
import type { Reason } from './reason.js'

/** A person as a caller writes them; identifiers are checked. */
export type PartyInput = { readonly [Field in keyof Party]: string } & { readonly id: string }

/** What a caller files. Anything unknown is refused by name; passphrases and codes are refused whatever they are called. */
export interface RequestInput {
  readonly certificate: CertificateInput
  /** Code of the reason catalogue, such as `mutasi`. */
  readonly reason: string
  readonly note?: string
  readonly letters?: readonly { readonly kind: LetterKind; readonly bytes: Uint8Array; readonly number?: string; readonly date?: string }[]
  /** Who files. */
  readonly applicant: PartyInput
  /** Who owns the certificate. @default the applicant, where the standard lets owners file */
  readonly holder?: Partial<PartyInput> & { readonly deceased?: boolean; readonly reachable?: boolean }
  /** @default the applicant's OPD */
  readonly opdOrigin?: string
  /** Where a transferred holder goes. */
  readonly opdDestination?: string
  /** TMT, `YYYY-MM-DD` in the office's zone: approval may precede it, execution never does. */
  readonly effectiveDate?: string
  /** Since when the key must not be trusted, `YYYY-MM-DD`; one of five different times. */
  readonly invalidityDate?: string
  readonly onBehalf?: 'deceased' | 'unreachable' | 'incapacitated'
}

/** A request that may be filed. */
export interface RevocationRequest {
  readonly kind: 'revocation' | 'suspension'
  readonly reason: Reason
  /** Id of the reason catalogue. */
  readonly catalogue: string
  readonly note?: string
  readonly certificate: CertificateReference
  readonly letters: readonly Letter[]
  readonly missingLetters: MissingLetters
  readonly applicant: Party
  readonly holder: Holder
  readonly opdOrigin: string
  readonly opdDestination?: string
  readonly effectiveDate?: string
  /** Start of the effective day, ISO 8601 UTC. */
  readonly effectiveFrom?: string
  readonly invalidityDate?: string
  readonly onBehalf?: 'deceased' | 'unreachable' | 'incapacitated'
  /** Worth telling the applicant; none of them refuses. */
  readonly warnings: readonly Issue[]
}
