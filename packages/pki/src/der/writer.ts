/**
 * Joins byte strings, such as the parts of a DER element's content (X.690 8.1.4).
 *
 * @example
 * ```ts
 * toHex(concatBytes([Uint8Array.of(1), Uint8Array.of(2, 3)])) // '010203'
 * ```
 */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/**
 * One DER element (X.690 10.1): identifier octet, minimal definite length, content, which may come in parts.
 *
 * @example
 * ```ts
 * toHex(encodeElement(Tag.octetString, Uint8Array.of(1, 2), Uint8Array.of(3))) // '0403010203'
 * ```
 */
export function encodeElement(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of content) length += part.length
  const extra = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4
  const out = new Uint8Array(2 + extra + length)
  out[0] = tag
  if (extra === 0) out[1] = length
  else {
    out[1] = 0x80 | extra
    for (let i = extra, left = length; i > 0; i--, left = Math.floor(left / 256)) out[1 + i] = left % 256
  }
  let at = 2 + extra
  for (const part of content) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/**
 * A DER INTEGER (X.690 8.3) of a non-negative magnitude given as big-endian octets, with or without leading zeros; no octets are 0.
 *
 * @example
 * ```ts
 * toHex(encodeUnsigned(Uint8Array.of(0x00, 0x7f))) // '02017f'
 * toHex(encodeUnsigned(Uint8Array.of(0x80))) // '02020080'
 * ```
 */
export function encodeUnsigned(magnitude: Uint8Array): Uint8Array {
  let from = 0
  while (from < magnitude.length - 1 && magnitude[from] === 0) from++
  const trimmed = magnitude.length === 0 ? new Uint8Array(1) : magnitude.subarray(from)
  return trimmed[0]! & 0x80 ? encodeElement(0x02, new Uint8Array(1), trimmed) : encodeElement(0x02, trimmed)
}

/**
 * True when both hold the same octets: DER (X.690 10) has one encoding for each value, so equal octets are equal values. Not for secrets: it stops at the first difference.
 *
 * @example
 * ```ts
 * equalBytes(certificate.issuerDer, issuing.subjectDer) // true
 * equalBytes(certificate.issuerDer, certificate.subjectDer) // false
 * ```
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
