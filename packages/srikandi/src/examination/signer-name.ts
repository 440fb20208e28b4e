/** Titles before and behind a name, as Indonesian letters write them: not part of the name a certificate carries. */
const before = /^(?:(?:prof|dr|drs|dra|ir|h|hj|kh|r|rr|ny|tn|apt|letkol|kol|mayor|kapten)\.?\s+)+/i

/**
 * Whether two spellings may be of one person: case, titles (`Dr.`, `, S.Pd., M.M.`) and punctuation do not count, everything else does.
 *
 * @example
 * sameName('Drs. SRI WAHYUNI, M.M.', 'Sri Wahyuni') // true
 */
export function sameName(left: string, right: string): boolean {
  const [a, b] = [fold(left), fold(right)]
  return a !== '' && a === b
}

function fold(name: string): string {
  return (name.normalize('NFKC').split(',')[0] ?? '').trim().replace(before, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}
