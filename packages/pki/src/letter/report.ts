import type { Certificate } from '../certificate/index.js'
import type { StatusVerdict } from '../status/index.js'

/**
 * Everything an inspection may remark on, with its English title (ISO 32000-1 section 12.8, RFC 5652, RFC 5035, RFC 3161). One table: code, docs and tests read it.
 *
 * @example
 * ```ts
 * letterProblemTitles.digestMismatch // 'The message digest does not fit the signed octets'
 * ```
 */
export const letterProblemTitles = {
  byteRangeShape: 'The ByteRange is not four whole numbers that start at 0 (ISO 32000-1 section 12.8.1)',
  byteRangeGap: 'The gap in the ByteRange is not exactly the Contents of this signature',
  byteRangeEnd: 'The signed octets do not end where a revision of the file ends',
  byteRangeShared: 'Another signature claims the same octets',
  contentsMalformed: 'Contents is not one hexadecimal string in the file, padded with zeros',
  dictionaryMoved: 'The signature stands outside the octets it signs, or was replaced later',
  subFilterUnsupported: 'The kind of signature (SubFilter) is not supported',
  cmsMalformed: 'The CMS message does not have the shape RFC 5652 demands',
  signerCount: 'The CMS message does not have exactly one signer',
  signerCertificateMissing: 'The certificate of the signer is not in the CMS message',
  essMismatch: 'The signing-certificate attribute names another certificate (RFC 5035)',
  contentTypeMismatch: 'The content-type attribute is missing or names another type (RFC 5652 section 11.1)',
  digestMismatch: 'The message digest does not fit the signed octets',
  algorithmMismatch: 'The algorithm-protection attribute names other algorithms (RFC 6211)',
  signatureInvalid: "The signature does not fit the signer's key",
  algorithmUnsupported: 'An algorithm of the signature is not supported, or not allowed',
  keyUsage: "The signer's certificate is not for signatures (keyUsage)",
  signingTimeMismatch: 'Two claimed signing times differ by more than a day',
  claimedOutsideValidity: "The claimed signing time is outside the validity of the signer's certificate",
  claimedAfterProven: 'The claimed signing time is later than the proven one',
  timestampMalformed: 'A timestamp token does not have the shape RFC 3161 demands',
  timestampImprint: 'A timestamp token is over other data',
  timestampNonce: 'A timestamp token does not answer the request it was asked for with (RFC 3161 section 2.4.2)',
  timestampSignature: 'The signature of a timestamp token does not hold',
  timestampPurpose: "The timestamp authority's certificate is not critically and only for id-kp-timeStamping (RFC 3161 section 2.3)",
  timestampPath: "No valid path leads from the timestamp authority's certificate to a pinned anchor at the time it states",
  timestampRevoked: "The timestamp authority's certificate is revoked",
  timestampStatusUnknown: "The status of the timestamp authority's certificate is not known",
  timestampExpired: "The timestamp authority's certificate has expired since; a later timestamp over it is missing",
  certificationBreached: 'The file was changed in a way its certification signature does not permit (DocMDP)',
  signatureRemoved: 'The file holds a signature that no field shows',
  evidenceMalformed: 'A certificate, CRL or OCSP answer in the file cannot be read',
  objectUnreadable: 'A part of the file cannot be read; the search for text and pictures is incomplete',
  textLimit: 'The file holds more text than is searched',
} as const

/** A key of {@link letterProblemTitles}; its title names the clause (ISO 32000-1, RFC 5652, RFC 3161). */
export type LetterProblemCode = keyof typeof letterProblemTitles

/** One remark on a letter's PDF or CMS (ISO 32000-1, RFC 5652). It names the place, never what is written there. */
export interface LetterProblem {
  readonly code: LetterProblemCode
  /** A {@link PkiError} code, an object identifier, an object number or a short English remark. */
  readonly detail?: string
}

/** What a later revision of the file (ISO 32000-1 section 7.5.6, incremental updates) did, seen from a signature. */
export type LaterChangeCode =
  /** Validation data was added (DSS). */
  | 'evidence'
  | 'documentTimestamp'
  /** Another signature without appearance. */
  | 'signature'
  /** Another signature that draws something on a page. */
  | 'visibleSignature'
  /** Document information or XMP, which no page shows. */
  | 'metadata'
  | 'annotation'
  | 'formField'
  /** Anything else, also what cannot be told. */
  | 'content'
  /** The revision does not build on the signed one. */
  | 'rewritten'
  /** Octets behind the end of the last revision. */
  | 'trailingOctets'

/** One change by a later revision (ISO 32000-1 section 7.5.6). */
export interface LaterChange {
  readonly code: LaterChangeCode
  /** Number of the object concerned. */
  readonly object?: number
}

/** What happened to the file after a signature (ISO 32000-1 sections 7.5.6 and 12.8.1). */
export interface Afterwards {
  /** Octets behind the signed ones. */
  readonly octets: number
  readonly changes: readonly LaterChange[]
  /**
   * True unless every change is evidence, a timestamp, a signature or metadata: what is read today may not be what was signed. A signature that draws on a
   * page passes only while it is itself intact, in good standing, and unchanged since.
   */
  readonly contentChanged: boolean
}

/** A verified timestamp (RFC 3161). */
export interface ProvenTime {
  readonly time: Date
  /** Whether the token stands in the signature or over the document. */
  readonly by: 'signatureTimestamp' | 'documentTimestamp'
  readonly authority: Certificate
  /** The authority's path, the anchor last. */
  readonly chain: readonly Certificate[]
}

/** When a signature was made (RFC 5652 section 11.3, RFC 3161). What is claimed is never mixed with what is proven. */
export interface SigningTime {
  /** The signature dictionary's M, or the signing-time attribute: the signer's own word. */
  readonly claimed?: Date
  /** The earliest verified timestamp over the signature: it existed then. */
  readonly proven?: ProvenTime
}

/**
 * What the status of the signer (RFC 5280 section 6.3, RFC 6960) means for the signature. `good`: valid and not revoked at the proven time, or today where no time is proven.
 * `revokedBefore`, `revokedAfter`: against the proven time, by the timestamp alone. `revoked`: revoked, and no timestamp tells whether before or after.
 */
export type Standing = 'good' | 'revokedBefore' | 'revokedAfter' | 'revoked' | 'suspended' | 'expired' | 'notYetValid' | 'unknown'

/** Who signed: the certificate of the CMS signer (RFC 5652 section 5.3, RFC 5035) and its path (RFC 5280 section 6). */
export interface LetterSigner {
  readonly certificate: Certificate
  /** Up to the pinned anchor; only the certificate where no path was found. */
  readonly chain: readonly Certificate[]
  readonly standing: Standing
  /** The status the standing rests on: for the proven time, or for `at` where no time is proven. */
  readonly status: StatusVerdict
}

/** PAdES baseline level reached (ETSI EN 319 142-1); `cms`: a sound signature below them; `none`: not intact. */
export type LetterLevel = 'none' | 'cms' | 'B-B' | 'B-T' | 'B-LT' | 'B-LTA'

/** One signature of a letter (ISO 32000-1 section 12.8), in the order of signing. */
export interface LetterSignature {
  /** Full name of its field. */
  readonly field: string
  /** The signature dictionary's object number; absent when it is written inside the field. */
  readonly object?: number
  readonly subFilter: string
  /** `intact`: the signed octets are what the signer's key signed. Says nothing of who that is, nor of what came later. */
  readonly integrity: 'intact' | 'broken' | 'unsupported'
  /** Octets of the file covered, from the start; the signature itself excepted. */
  readonly covers?: number
  /** True when the signature covers all of the file there is today. */
  readonly coversWholeFile: boolean
  /** The certificate the signature names; whose it is says nothing while `integrity` is not `intact`. */
  readonly certificate?: Certificate
  /** Only with `intact`. */
  readonly signer?: LetterSigner
  readonly when: SigningTime
  readonly afterwards: Afterwards
  readonly level: LetterLevel
  /** With a certification signature: 1 no changes, 2 form filling, 3 also annotations (DocMDP). */
  readonly certifies?: 1 | 2 | 3
  readonly problems: readonly LetterProblem[]
}

/** A timestamp over the whole document (SubFilter ETSI.RFC3161: ETSI EN 319 142-1, RFC 3161). */
export interface DocumentTimestamp {
  readonly field: string
  readonly object?: number
  readonly integrity: 'intact' | 'broken' | 'unsupported'
  readonly covers?: number
  readonly time?: Date
  readonly authority?: Certificate
  readonly chain: readonly Certificate[]
  readonly afterwards: Afterwards
  readonly problems: readonly LetterProblem[]
}

/** What {@link inspectLetter} found in the PDF (ISO 32000-1 section 12.8). */
export interface LetterReport {
  /**
   * `signed`: it carries at least one signature, sound or not. `claimsElectronicSignature`: the text says it was signed electronically, and there is no
   * signature: a printout; ask for the original file. `imageOnly`: pictures without text: look for wet ink and stamp. `unsigned`: text without signature.
   */
  readonly kind: 'signed' | 'claimsElectronicSignature' | 'imageOnly' | 'unsigned'
  readonly at: Date
  readonly signatures: readonly LetterSignature[]
  readonly documentTimestamps: readonly DocumentTimestamp[]
  /** Signature fields nobody has signed. */
  readonly emptyFields: readonly string[]
  readonly pages: number
  /** Pictures found on the pages. */
  readonly images: number
  /** Characters of text found on the pages, drawn visibly or not. */
  readonly characters: number
  /** The given phrases that occur in the text. */
  readonly claims: readonly string[]
  readonly problems: readonly LetterProblem[]
}
