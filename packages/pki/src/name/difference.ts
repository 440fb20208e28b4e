import { attributesMatch, attributeKey, nameKey, namesMatch } from './match.js'
import type { Attribute, Name } from './name.js'
import { prepareString } from './prepare.js'
import { skeleton, withoutMarks } from './skeleton.js'

/**
 * What a difference may come from; several can hold.
 * - `case`, `whitespace`: letters' case or spaces differ (alone they make no difference by RFC 5280 section 7.1).
 * - `homoglyph`: the values look alike, by other characters. `bidi`, `invisible`, `control`: a value holds bidirectional, invisible or control characters.
 * - `diacritics`, `punctuation`, `spacing`, `wordOrder`: equal without marks, without punctuation, without any space, as a set of words.
 * - `prefix`: one value is the start of the other. `otherType`: the value stands on the other side under another type.
 * - `compatibility`: other characters that RFC 4518 makes equal (ligatures, full width, ß and ss).
 * - `reversed`: the RDNs are the same in the opposite order.
 */
export type DifferenceHint = 'case' | 'whitespace' | 'homoglyph' | 'bidi' | 'invisible' | 'control' | 'diacritics' | 'punctuation' | 'spacing' | 'wordOrder' | 'prefix' | 'otherType' | 'reversed' | 'compatibility'

/** One finding of {@link explainDifference} (RFC 5280 section 7.1). */
export interface NameDifference {
  /**
   * - `missing`: only the left name has it; `extra`: only the right one.
   * - `differs`: both have the type, with different values.
   * - `order`: the same RDNs in another order; `grouping`: the same attributes in other RDNs. `left` and `right` then list types.
   * - `equivalent`: written differently but equal by RFC 5280 section 7.1; the names may still match.
   */
  readonly kind: 'missing' | 'extra' | 'differs' | 'order' | 'grouping' | 'equivalent'
  /** Attribute type, dotted; for `order` and `grouping` the first one out of place. */
  readonly type: string
  readonly left?: string
  readonly right?: string
  readonly hints: readonly DifferenceHint[]
}

/**
 * Says where two names differ (RFC 5280 section 7.1). {@link namesMatch} holds exactly when every finding is of kind `equivalent`.
 *
 * @example
 * ```ts
 * const [left, right] = [parseName('CN=Ratna Dewi,C=ID'), parseName('CN=R\u0430tna Dewi,C=ID')]
 * explainDifference(left, right) // [{ kind: 'differs', type: '2.5.4.3', left: 'Ratna Dewi', right: 'R\u0430tna Dewi', hints: ['homoglyph'] }]
 * explainDifference(left, left) // []
 * ```
 */
export function explainDifference(left: Name, right: Name): readonly NameDifference[] {
  const findings: NameDifference[] = []
  const rest = pairEqual(left.rdns.flat(), right.rdns.flat(), findings)
  const lefts = byType(rest.left)
  const rights = byType(rest.right)
  const missing: Attribute[] = []
  const extra: Attribute[] = []
  for (const [type, ours] of lefts) {
    const theirs = rights.get(type) ?? []
    const shared = Math.min(ours.length, theirs.length)
    for (let i = 0; i < shared; i++) {
      const [a, b] = [ours[i]!, theirs[i]!]
      findings.push({ kind: 'differs', type, left: a.value, right: b.value, hints: compareValues(a.value, b.value) })
    }
    missing.push(...ours.slice(shared))
    extra.push(...theirs.slice(shared))
  }
  for (const [type, theirs] of rights) if (!lefts.has(type)) extra.push(...theirs)
  const missingValues = new Set(missing.map((attribute) => prepareString(attribute.value)))
  const extraValues = new Set(extra.map((attribute) => prepareString(attribute.value)))
  for (const { type, value } of missing) findings.push({ kind: 'missing', type, left: value, hints: singleHints(value, extraValues) })
  for (const { type, value } of extra) findings.push({ kind: 'extra', type, right: value, hints: singleHints(value, missingValues) })
  if (findings.every((finding) => finding.kind === 'equivalent') && !namesMatch(left, right)) findings.unshift(arrangement(left, right))
  return findings
}

/** Takes away the attributes that match, noting those written differently. */
function pairEqual(left: readonly Attribute[], right: readonly Attribute[], findings: NameDifference[]): { left: Attribute[]; right: Attribute[] } {
  const waiting = new Map<string, Attribute[]>()
  for (const attribute of right) {
    const key = attributeKey(attribute)
    const list = waiting.get(key)
    if (list === undefined) waiting.set(key, [attribute])
    else list.push(attribute)
  }
  // Reversed once, so that pop() takes the first.
  for (const list of waiting.values()) list.reverse()
  const unmatched: Attribute[] = []
  for (const attribute of left) {
    const partner = waiting.get(attributeKey(attribute))?.pop()
    if (partner === undefined) unmatched.push(attribute)
    else if (partner.value !== attribute.value && attributesMatch(attribute, partner)) {
      findings.push({ kind: 'equivalent', type: attribute.type, left: attribute.value, right: partner.value, hints: compareValues(attribute.value, partner.value) })
    }
  }
  const remaining = new Set([...waiting.values()].flat())
  return { left: unmatched, right: right.filter((attribute) => remaining.has(attribute)) }
}

function byType(attributes: readonly Attribute[]): Map<string, Attribute[]> {
  const groups = new Map<string, Attribute[]>()
  for (const attribute of attributes) {
    const group = groups.get(attribute.type)
    if (group === undefined) groups.set(attribute.type, [attribute])
    else group.push(attribute)
  }
  return groups
}

/** The attributes are the same: another order, or other RDNs. */
function arrangement(left: Name, right: Name): NameDifference {
  const ours = left.rdns.map((rdn) => nameKey({ rdns: [rdn] }))
  const theirs = right.rdns.map((rdn) => nameKey({ rdns: [rdn] }))
  const sameRdns = [...ours].sort().join('\u0000') === [...theirs].sort().join('\u0000')
  let first = 0
  while (first < ours.length - 1 && ours[first] === theirs[first]) first++
  const types = (name: Name): string => name.rdns.map((rdn) => rdn.map((attribute) => attribute.type).join('+')).join(',')
  const reversed = sameRdns && ours.every((key, i) => key === theirs[theirs.length - 1 - i])
  return { kind: sameRdns ? 'order' : 'grouping', type: left.rdns[first]?.[0]?.type ?? '', left: types(left), right: types(right), hints: reversed ? ['reversed'] : [] }
}

const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
const invisible = /[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]|[\u{e0000}-\u{e0fff}]/u
const control = /[\u0000-\u001f\u007f-\u009f]/

function singleHints(value: string, elsewhere: ReadonlySet<string | undefined>): DifferenceHint[] {
  const hints: DifferenceHint[] = []
  const prepared = prepareString(value)
  if (prepared !== undefined && elsewhere.has(prepared)) hints.push('otherType')
  if (bidi.test(value)) hints.push('bidi')
  if (invisible.test(value)) hints.push('invisible')
  if (control.test(value)) hints.push('control')
  return hints
}

function compareValues(a: string, b: string): DifferenceHint[] {
  const hints: DifferenceHint[] = []
  const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim()
  const [x, y] = [squeeze(a), squeeze(b)]
  if (x !== y && x.toLowerCase() === y.toLowerCase()) hints.push('case')
  if (a !== x || b !== y) hints.push('whitespace')
  if (bidi.test(a) || bidi.test(b)) hints.push('bidi')
  if (invisible.test(a) || invisible.test(b)) hints.push('invisible')
  if (control.test(a) || control.test(b)) hints.push('control')
  const left = prepareString(a)
  const right = prepareString(b)
  if (left === right && left !== undefined) return hints.length === 0 ? ['compatibility'] : hints
  const [p, q] = [left ?? a.toLowerCase(), right ?? b.toLowerCase()]
  if (skeleton(a) === skeleton(b)) hints.push(withoutMarks(p) === withoutMarks(q) ? 'diacritics' : 'homoglyph')
  const bare = (text: string): string => text.replace(/[\p{P}\p{S}]+/gu, ' ').replace(/\s+/g, ' ').trim()
  if (bare(p) === bare(q)) hints.push('punctuation')
  if (p.replace(/\s+/g, '') === q.replace(/\s+/g, '')) hints.push('spacing')
  else if (words(p) === words(q)) hints.push('wordOrder')
  if (p !== '' && q !== '' && (p.startsWith(q) || q.startsWith(p))) hints.push('prefix')
  return hints
}

function words(text: string): string {
  return text.split(/[\s,]+/).filter((word) => word !== '').sort().join(' ')
}
