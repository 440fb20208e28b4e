/**
 * Every code a {@link PkiError} can carry, with its English title, which names the clause (X.690, RFC 5280, RFC 5652, RFC 6960, RFC 3161, ISO 32000-1).
 * One table: code, docs and tests read it.
 * Verdicts about authentic but unfavourable evidence are values (see `status/`), not errors.
 *
 * @example
 * ```ts
 * pkiErrorTitles.derIndefiniteLength // 'An indefinite length, which DER forbids (X.690 10.1)'
 * ```
 */
export const pkiErrorTitles = {
  certificateMalformed: 'The certificate does not have the shape RFC 5280 section 4.1 demands',
  certificateTooLarge: 'The certificate is larger than the limit',
  cmsMalformed: 'The CMS message does not have the shape RFC 5652 demands',
  crlMalformed: 'The CRL does not have the shape RFC 5280 section 5.1 demands',
  crlTooLarge: 'The CRL is larger than the limit',
  derBoolean: 'A BOOLEAN is not 00 or FF (X.690 11.1)',
  derBitString: 'A BIT STRING has bad unused bits (X.690 11.2)',
  derInteger: 'An INTEGER is empty, too long for its use, or not minimal (X.690 8.3.2)',
  derIndefiniteLength: 'An indefinite length, which DER forbids (X.690 10.1)',
  derLength: 'A length is not in its minimal form (X.690 10.1)',
  derNull: 'A NULL has content (X.690 8.8.2)',
  derOid: 'An OBJECT IDENTIFIER is empty, not minimal or too long (X.690 8.19)',
  derString: 'A character string does not fit its type',
  derTag: 'An element has another tag than expected',
  derTime: 'A time is not in the DER form of RFC 5280 section 4.1.2.5',
  derTooDeep: 'Elements are nested deeper than the limit',
  derTrailing: 'Bytes follow where the structure has ended',
  derTruncated: 'The data ends inside an element',
  nameSyntax: 'The text is no distinguished name in the chosen form',
  nameTooLarge: 'The name is larger than the limit',
  ocspMalformed: 'The OCSP message does not have the shape RFC 6960 demands',
  ocspTooLarge: 'The OCSP message is larger than the limit',
  pdfEncrypted: 'The PDF is encrypted; ask for it without a password',
  pdfMalformed: 'The file is no complete PDF (ISO 32000-1 section 7.5); ask for it again',
  pdfStream: 'A stream of the PDF cannot be unpacked (ISO 32000-1 section 7.4)',
  pdfTooLarge: 'The PDF is larger than the limit, or unpacks to more than the limit',
  pemMalformed: 'The PEM text has no complete block of the expected kind',
  timestampMalformed: 'The timestamp token does not have the shape RFC 3161 demands',
  unsupportedAlgorithm: 'The algorithm is not supported here',
} as const

/** The code of a {@link PkiError}: `der…` for breaches of X.690, the others for the structure they name (RFC 5280, RFC 6960, RFC 5652, RFC 4514). */
export type PkiErrorCode = keyof typeof pkiErrorTitles

/**
 * The one error the parsers of this package throw, for input that breaks the encoding (X.690) or its structure (RFC 5280, RFC 6960, RFC 5652, RFC 4514). `offset` is the position of the offending byte
 * (or, for text, of the UTF-16 code unit) in the input.
 * A message names the place, never the value found there.
 *
 * @example
 * ```ts
 * parseName('CN=Ratna Dewi,C') // throws nameSyntax
 * new PkiError('derTrailing', 12).message // 'Bytes follow where the structure has ended (at 12)'
 * try { readCertificate(crl) } catch (error) { if (error instanceof PkiError) console.error(error.code, error.offset) }
 * ```
 */
export class PkiError extends Error {
  override readonly name = 'PkiError'
  readonly code: PkiErrorCode
  readonly offset?: number

  constructor(code: PkiErrorCode, offset?: number, detail?: string) {
    super(pkiErrorTitles[code] + (detail === undefined ? '' : `: ${detail}`) + (offset === undefined ? '' : ` (at ${offset})`))
    this.code = code
    if (offset !== undefined) this.offset = offset
  }
}
