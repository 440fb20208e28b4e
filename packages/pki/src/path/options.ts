import type { Certificate } from '../certificate/certificate.js'
import type { LegacyPermission } from '../crypto/port.js'
import type { PolicyInputs } from './policy.js'
import type { PathRefusal } from './refusal.js'

/** How a path is judged (RFC 5280 section 6.1.1). */
export interface PathRules extends PolicyInputs {
  /** The time the path must hold at. */
  readonly at: Date
  /**
   * Extended key usages (dotted) of which the certificate must allow one, where it restricts them; needed for a critical purpose outside RFC 5280's own.
   * CA certificates that restrict purposes must allow it too.
   */
  readonly purposes?: readonly string[]
  /** Critical extensions (dotted) that the caller processes. @default [] */
  readonly acceptCritical?: readonly string[]
  /** Deprecated algorithms accepted by name. @default [] */
  readonly allow?: readonly LegacyPermission[]
  /**
   * Asked for each path that holds otherwise, certificate in question first, anchor last; a refusal makes the search go on.
   * Revocation of every certificate is judged here.
   */
  readonly accept?: (path: readonly Certificate[]) => Promise<Omit<PathRefusal, 'path'> | undefined>
}

/** What {@link buildPath} builds from (RFC 5280 section 6.1, RFC 4158). */
export interface BuildPathOptions extends PathRules {
  /** Pinned trust anchors; at least one. Name and key count; an anchor's own validity is checked too. */
  readonly anchors: readonly [Certificate, ...Certificate[]]
  /** Other certificates that may lie between. @default [] */
  readonly intermediates?: readonly Certificate[]
  /** Certificates between the one in question and the anchor, at most. @default 10 */
  readonly maxIntermediates?: number
  /** Signature checks in one search, at most. @default 200 */
  readonly maxSignatureChecks?: number
}

/** What {@link buildPath} found: a path that RFC 5280 section 6.1 accepts, or the most useful reason against one, with the rest. */
export type PathResult =
  | {
    readonly ok: true
    /** Certificate in question first, anchor last. */
    readonly path: readonly Certificate[]
    /** Policies the path is valid for (RFC 5280 section 6.1.6); `2.5.29.32.0` means any. */
    readonly policies: readonly string[]
  }
  | {
    readonly ok: false
    /** The most useful of the reasons found. */
    readonly refusal: PathRefusal
    /** All of them, ranked. */
    readonly refusals: readonly PathRefusal[]
  }
