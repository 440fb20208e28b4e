/**
 * String preparation of RFC 4518 section 2 as RFC 5280 section 7.1 uses it: transcode (done by the reader), map, normalize, prohibit, insignificant spaces.
 * Bidirectional checks are none (RFC 4518 2.5). Returns the form that two equal values share; undefined when a prohibited character makes the
 * comparison undefined, so that only equal octets match. Linear in the length.
 *
 * Read differently from RFC 4518, by clause: case folding and unassigned code points are those of the running Unicode version, not of Unicode 3.2 (2.2, 2.4);
 * inner spaces become one, not two (2.6.1), which gives the same equalities.
 */
export function prepareString(value: string): string | undefined {
  // Printable ASCII needs neither mapping nor normalization; one pass tells, and whether there are spaces to remove.
  let previous = 0x20
  let tidy = true
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    if (unit < 0x20 || unit > 0x7e) return prepareUnicode(value)
    if (unit === 0x20 && previous === 0x20) tidy = false
    previous = unit
  }
  if (previous === 0x20) tidy = false
  return tidy ? value.toLowerCase() : value.replace(/ +/g, ' ').trim().toLowerCase()
}

/** RFC 4518 2.2: mapped to nothing. */
const ignored = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u06dd\u070f\u1806\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2063\u206a-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffc\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/gu
/** RFC 4518 2.2: mapped to SPACE. */
const spaces = /[\t\n\v\f\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g
/** RFC 4518 2.4: unassigned, private use, non-characters, surrogates, U+FFFD, and characters that change display (U+0340, U+0341). */
const prohibited = /[\p{Cn}\p{Co}\p{Cs}\ufffd\u0340\u0341]/u
/** Beyond the 30 of UAX #15's Stream-Safe Text Format; normalizing long runs of marks is quadratic in some engines. */
const longMarkRun = /\p{M}{31}/u
/** RFC 4518 2.6.1: a space is a space only where no combining mark follows. */
const spaceRun = /(?: (?!\p{M}))+/gu

/** The value in a normalization form, or as it is where normalizing would not be linear. */
export function normalizeBounded(value: string, form: 'NFKC' | 'NFD'): string {
  return longMarkRun.test(value) ? value : value.normalize(form)
}

function prepareUnicode(value: string): string | undefined {
  if (longMarkRun.test(value)) return undefined
  const mapped = value.replace(ignored, '').replace(spaces, ' ')
  // RFC 3454 B.2 folds so that the result is stable under NFKC: fold on both sides of the normalization.
  const folded = foldCase(foldCase(mapped).normalize('NFKC')).normalize('NFKC')
  if (prohibited.test(mapped) || prohibited.test(folded)) return undefined
  return folded.replace(spaceRun, ' ').replace(/^ (?!\p{M})/u, '').replace(/ $/, '')
}

/** Full case folding by case conversion: lower, upper, lower meets the folding of Unicode except for the final sigma and the dotless i. */
function foldCase(text: string): string {
  if (text.includes('\u0131')) return text.split('\u0131').map(foldCase).join('\u0131')
  return text.toLowerCase().toUpperCase().toLowerCase().replace(/\u03c2/g, '\u03c3')
}
