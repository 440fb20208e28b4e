/**
 * Blanks what looks like an identity number, a telephone number or a mail address (UU 27/2022).
 * A second wall: messages must not contain them in the first place.
 *
 * Only digit runs of their own count: a certificate serial or a digest in hex keeps its digits.
 *
 * @example
 * ```ts
 * redact('NIP 199001012015041001, ratna@pekalongan.contoh.go.id, +62 812-0000-0000') // 'NIP [nomor identitas], [surel], [telepon]'
 * redact('serial 0199001012015041001a') // 'serial 0199001012015041001a'
 * ```
 */
export function redact(text: string): string {
  return text
    .replace(/[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}/g, '[surel]')
    .replace(/(?<![0-9A-Za-z])(?:\d{18}|\d{16})(?![0-9A-Za-z])/g, '[nomor identitas]')
    .replace(/(?<![0-9A-Za-z])(?:\+62|62|0)[ -]?8(?:[ -]?\d){7,11}(?![0-9A-Za-z])/g, '[telepon]')
}
