import type { LetterRequirement, OnBehalf, ServiceStandard } from './service-standard.js'
import type { LetterKind, RoleName } from './vocabulary.js'

/** What decides which letters a request needs. */
export interface LetterCase {
  readonly reason: string
  /** Set when someone files on behalf of the holder. */
  readonly onBehalf?: OnBehalf['when'] | undefined
  /** Under which role it is filed: another role's grounds do not count. Absent: those of every role. */
  readonly filedAs?: RoleName
}

/** Letters that are missing, mandatory ones apart from those only advised. */
export interface MissingLetters {
  readonly mandatory: readonly LetterKind[]
  readonly advised: readonly LetterKind[]
}

/**
 * Requirements that hold for one case, in the standard's order: mandatory and advised ones. What a ground for filing on the holder's behalf
 * demands is added as mandatory.
 *
 * @example
 * ```ts
 * lettersFor(purbalingga, { reason: 'mutasi' }).map(({ kind, demand }) => `${kind} ${demand}`) // ['requestLetter mandatory', 'reasonStatement mandatory', 'transferDecree advised']
 * lettersFor(pekalongan, { reason: 'meninggal', onBehalf: 'deceased' }).map(({ kind }) => kind) // ['reasonStatement', 'deathCertificate']
 * ```
 */
export function lettersFor({ letters, filing }: ServiceStandard, { reason, onBehalf, filedAs }: LetterCase): readonly LetterRequirement[] {
  const wanted = letters.filter(
    (letter) => (letter.reasons?.includes(reason) ?? true) && (letter.onBehalfOnly !== true || onBehalf !== undefined),
  )
  const extra = onBehalf === undefined ? [] : filing.onBehalf.filter(({ when, role }) => when === onBehalf && (filedAs === undefined || role === filedAs)).flatMap((entry) => entry.letters)
  return [...new Set(extra)].reduce<readonly LetterRequirement[]>(
    (all, kind) => [
      ...all.filter((letter) => letter.kind !== kind),
      { kind, onBehalfOnly: true, signedBy: [], stamp: 'none', clause: '-', says: 'silent', demand: 'mandatory' },
    ],
    wanted,
  )
}

/**
 * Which letters are still missing. A statement that may stand within another letter counts as given with that letter:
 * whether the words are really in it is the verifier's finding `completeness`.
 *
 * @example
 * ```ts
 * // The statement of the reason may stand within the request letter.
 * missingLetters(loadStandard('kabupaten-purbalingga'), { reason: 'pensiun' }, ['requestLetter']) // { mandatory: [], advised: ['retirementDecree'] }
 * missingLetters(loadStandard('kota-pekalongan'), { reason: 'mutasi' }, []).mandatory // ['reasonStatement']
 * ```
 */
export function missingLetters(standard: ServiceStandard, situation: LetterCase, given: readonly LetterKind[]): MissingLetters {
  const rules: LetterRules = { letters: standard.letters, onBehalf: standard.filing.onBehalf }
  const attached = given.map((kind) => ({ kind }))
  return { mandatory: missingKinds(rules, situation, attached, 'mandatory'), advised: missingKinds(rules, situation, attached, 'advised') }
}

/** What a standard says of letters, as the workflow keeps it too. */
export interface LetterRules {
  readonly letters: readonly LetterRequirement[]
  readonly onBehalf: readonly OnBehalf[]
}

/** The one place that counts letters: {@link missingLetters} and the workflow both ask it. Makes nothing but its answer. */
export function missingKinds(
  { letters, onBehalf: grounds }: LetterRules,
  { reason, onBehalf, filedAs }: LetterCase,
  given: readonly GivenLetter[],
  demand: LetterRequirement['demand'],
): readonly LetterKind[] {
  const missing: LetterKind[] = []
  for (const need of letters) {
    if (need.demand !== demand || !(need.reasons?.includes(reason) ?? true) || (need.onBehalfOnly === true && onBehalf === undefined)) continue
    if (!has(given, need.kind) && (need.within === undefined || !has(given, need.within))) missing.push(need.kind)
  }
  if (onBehalf === undefined) return missing
  for (const ground of grounds) {
    if (ground.when !== onBehalf || (filedAs !== undefined && ground.role !== filedAs)) continue
    for (const kind of ground.letters) {
      const at = missing.indexOf(kind)
      // What the ground demands is no longer only advised.
      if (demand === 'advised' && at >= 0) missing.splice(at, 1)
      if (demand === 'mandatory' && at < 0 && !has(given, kind)) missing.push(kind)
    }
  }
  return missing
}

/** A letter as far as counting needs it. */
export interface GivenLetter {
  readonly kind: LetterKind
  readonly signature?: string
}

/** Whether a letter is there. One signed with the certificate it asks to revoke is none: whoever holds the key could have written it. */
function has(given: readonly GivenLetter[], kind: LetterKind): boolean {
  for (const letter of given) if (letter.kind === kind && letter.signature !== 'keyUnderRevocation') return true
  return false
}
