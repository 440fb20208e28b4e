/** What the guard takes out of a text that leaves the office. */
export type RemovedKind = 'identityNumber' | 'phone' | 'email' | 'documentLink' | 'secret'

/** What was removed, by kind and number; never the value. */
export interface RemovedData {
  readonly kind: RemovedKind
  readonly count: number
  readonly id: string
  readonly en: string
}

/** A text that may leave, and what it lost. */
export interface GuardedText {
  readonly text: string
  readonly removed: readonly RemovedData[]
}

const kinds: Readonly<Record<RemovedKind, { readonly mark: string; readonly id: string; readonly en: string }>> = {
  secret: { mark: '[rahasia dihapus]', id: 'passphrase, kata sandi, atau kode', en: 'passphrase, password or code' },
  documentLink: { mark: '[tautan dokumen dihapus]', id: 'tautan ke dokumen atau gambar', en: 'link to a document or picture' },
  email: { mark: '[surel dihapus]', id: 'alamat surel', en: 'mail address' },
  identityNumber: { mark: '[nomor identitas dihapus]', id: 'NIK, NIP, atau nomor identitas lain', en: 'NIK, NIP or other identity number' },
  phone: { mark: '[telepon dihapus]', id: 'nomor telepon pribadi', en: 'private telephone number' },
}

/** Digits people separate by blanks, dots and dashes when they write numbers. */
const between = String.raw`[ .\-/]?`
const patterns: readonly [RemovedKind, RegExp][] = [
  [
    'secret',
    /\b(?:pass[- ]?phrase|passw(?:or)?d|kata sandi|sandi|pin|otp|totp)\b(?:\s+(?:saya|akun|ams))?\s*(?:[:=]|adalah|yaitu|nya)\s*\S{1,100}/giu,
  ],
  [
    'documentLink',
    /\b(?:https?:\/\/|www\.)[^\s<>"']{1,2000}|\b(?:drive|docs|photos)\.google\.com\/[^\s<>"']{1,2000}|\b(?:bit\.ly|s\.id|t\.me|wa\.me|dropbox\.com|1drv\.ms)\/[^\s<>"']{1,2000}/giu,
  ],
  ['email', /[\p{L}\d._%+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63}){0,8}/giu],
  ['identityNumber', new RegExp(String.raw`(?<!\d)\d(?:${between}\d){17}(?!\d)|(?<!\d)\d(?:${between}\d){15}(?!\d)`, 'g')],
  ['phone', new RegExp(String.raw`(?<![\d.])(?:\+?62|0)${between}8(?:${between}\d){7,11}(?!\d)`, 'g')],
]

/** Official pages without a document at their end may stay: they are how citizens find the service. */
function isHarmless(link: string): boolean {
  const match = /^(?:https?:\/\/)?([a-z0-9.-]+)(\/[^?#]*)?$/i.exec(link.replace(/[.,;:)]+$/, ''))
  return (
    match !== null &&
    /(?:^|\.)go\.id$/i.test(match[1] as string) &&
    !/\.(?:pdf|jpe?g|png|gif|webp|heic|tiff?|docx?|xlsx?|zip|rar)$/i.test(match[2] ?? '')
  )
}

/**
 * Takes out of a text what must not leave the office or reach SP4N-LAPOR: NIK and NIP, private telephone numbers, mail addresses, links to
 * documents (photographs of identity cards above all), passphrases. Digits in other scripts and invisible characters do not hide them.
 * A net, not a proof: names and addresses in plain words pass, so a person still reads what is sent.
 *
 * @example
 * ```ts
 * const guarded = guardText('NIK saya 3375 0141 0190 0001, lihat www.pekalongankota.go.id')
 * guarded.text // 'NIK saya [nomor identitas dihapus], lihat www.pekalongankota.go.id'
 * guarded.removed // [{ kind: 'identityNumber', count: 1, id: 'NIK, NIP, atau nomor identitas lain', en: 'NIK, NIP or other identity number' }]
 * ```
 */
export function guardText(text: string): GuardedText {
  let guarded = text
    .normalize('NFKC')
    .replace(/[\p{Cf}\u00ad]/gu, '')
    .replace(/\p{Nd}/gu, asciiDigit)
  const removed: RemovedData[] = []
  for (const [kind, pattern] of patterns) {
    let count = 0
    guarded = guarded.replace(pattern, (found) => {
      if (kind === 'documentLink' && isHarmless(found)) return found
      count += 1
      return kinds[kind].mark
    })
    if (count > 0) removed.push({ kind, count, id: kinds[kind].id, en: kinds[kind].en })
  }
  return { text: guarded, removed }
}

/** Decimal digits of every script come in runs of ten that begin at a multiple-of-ten-aligned zero of their own (Unicode 4.6). */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) as number
  if (code < 128) return digit
  let zero = code
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String(code - zero)
}
