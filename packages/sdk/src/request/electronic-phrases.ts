/**
 * How letters say that they are signed electronically; looked for without blanks and case. "Tanda tangan elektronik" alone is none of them: a
 * letter about certificates speaks of it without being signed that way.
 *
 * @example
 * ```ts
 * electronicPhrases[0] // 'ditandatangani secara elektronik'
 * ```
 */
export const electronicPhrases: readonly string[] = [
  'ditandatangani secara elektronik', 'ditandatangani secara digital', 'menggunakan sertifikat elektronik yang diterbitkan',
]
