/** Languages people are answered in. */
export type Language = 'id' | 'en'

/**
 * The language of an answer by `Accept-Language` (RFC 9110 12.5.4). Indonesian unless English is preferred: PP 71/2019 art. 20(2) and the users.
 *
 * @param header - value of the header; at most 1,000 characters are read
 */
export function preferredLanguage(header: string | null): Language {
  let best: Language = 'id'
  let weight = 0
  for (const item of (header ?? '').slice(0, 1_000).split(',')) {
    const match = /^\s*([A-Za-z]{2,8}|\*)(?:-[A-Za-z0-9-]{1,40})?\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*$/.exec(item)
    if (match === null) continue
    const tag = match[1]?.toLowerCase()
    const language: Language | undefined = tag === 'en' ? 'en' : tag === 'id' || tag === 'in' || tag === '*' ? 'id' : undefined
    const quality = match[2] === undefined ? 1 : Number(match[2])
    if (language !== undefined && quality > weight) {
      best = language
      weight = quality
    }
  }
  return best
}
