import { commands, type CommandName } from '../workflow/command.js'
import { guards, type GuardName } from '../workflow/guard.js'
import { roles, type RoleName } from '../workflow/role.js'

/**
 * The closed registries a standard may name. A standard is data, so it can only pick from these lists: an unknown name is a
 * validation error (`unknownName`), never a silent extension. Commands, guards and roles are the workflow's own tables.
 */

/**
 * Names of the fixed command table ({@link commands}), in its order.
 *
 * @example
 * ```ts
 * commandNames.slice(0, 4) // ['file', 'amend', 'attach', 'submit']
 * ```
 */
export const commandNames: readonly CommandName[] = Object.keys(commands) as CommandName[]
/**
 * Names of the closed registry of guards ({@link guards}).
 *
 * @example
 * ```ts
 * // Guards that hold only where a step of the standard names them.
 * guardNames.filter((name) => !guards[name].always) // ['isHolder', 'isOpdHead', 'isDisposedTo']
 * ```
 */
export const guardNames: readonly GuardName[] = Object.keys(guards) as GuardName[]
/**
 * Names of the closed registry of roles ({@link roles}); a standard defines those it uses.
 *
 * @example
 * ```ts
 * roleNames.filter((name) => !purbalingga.roles.some(({ role }) => role === name)) // ['applicant', 'registrar']
 * ```
 */
export const roleNames: readonly RoleName[] = Object.keys(roles) as RoleName[]
export type { CommandName, GuardName, RoleName }

/**
 * Parties to a request, kept apart even when one person is several of them.
 *
 * @example
 * ```ts
 * partyNames // ['applicant', 'holder', 'opdOrigin', 'opdDestination', 'dinkominfo', 'bsre']
 * ```
 */
export const partyNames = ['applicant', 'holder', 'opdOrigin', 'opdDestination', 'dinkominfo', 'bsre'] as const
/** One party to a request. */
export type PartyName = (typeof partyNames)[number]

/**
 * Kinds of document that may accompany a request.
 *
 * @example
 * ```ts
 * letterKinds.filter((kind) => kind.endsWith('Decree')) // ['transferDecree', 'retirementDecree', 'dismissalDecree']
 * ```
 */
export const letterKinds = [
  'requestLetter',
  'reasonStatement',
  'deathCertificate',
  'transferDecree',
  'retirementDecree',
  'dismissalDecree',
  'institutionDecision',
  'incidentReport',
  'answerLetter',
  'other',
] as const
/** `requestLetter` = surat permohonan, `reasonStatement` = surat keterangan alasan, decrees = SK, `answerLetter` = surat jawaban. */
export type LetterKind = (typeof letterKinds)[number]

/**
 * What the verifier must find out and record before approving.
 *
 * @example
 * ```ts
 * findingNames // ['data', 'completeness', 'subjectDn']
 * ```
 */
export const findingNames = ['data', 'completeness', 'subjectDn'] as const
/** `data`: the applicant's data agree; `completeness`: the letters are complete; `subjectDn`: the Subject DN is that of the certificate meant. */
export type FindingName = (typeof findingNames)[number]

/**
 * The 14 components of a service standard (UU 25/2009 art. 21, Permenpan RB 15/2014), by name: numbering and order differ between regions.
 *
 * @example
 * ```ts
 * // Service delivery; the other eight are manufacturing.
 * componentNames.slice(0, 6) // ['requirements', 'procedure', 'timeLimit', 'fee', 'product', 'complaints']
 * ```
 */
export const componentNames = [
  'requirements',
  'procedure',
  'timeLimit',
  'fee',
  'product',
  'complaints',
  'legalBasis',
  'facilities',
  'competence',
  'supervision',
  'headcount',
  'guarantee',
  'safety',
  'evaluation',
] as const
/** One of the 14 components. The first six are service delivery, the other eight manufacturing. */
export type ComponentName = (typeof componentNames)[number]

/**
 * The event that starts a service clock.
 *
 * @example
 * ```ts
 * clockStarts // ['submission', 'receipt', 'completeness', 'authentication']
 * ```
 */
export const clockStarts = ['submission', 'receipt', 'completeness', 'authentication'] as const
/** `submission`: complete submission; `receipt`: the letter is received; `completeness`: found complete; `authentication`: applicant authenticated. */
export type ClockStart = (typeof clockStarts)[number]

/**
 * The event that stops a service clock.
 *
 * @example
 * ```ts
 * clockStops // ['notification', 'answerLetter', 'revocation']
 * ```
 */
export const clockStops = ['notification', 'answerLetter', 'revocation'] as const
/** `notification`: the applicant is notified; `answerLetter`: the answer letter is given; `revocation`: AMS says revoked. */
export type ClockStop = (typeof clockStops)[number]

/** How a limit is counted: the calendar's own list. */
export { limitKinds, type LimitKind } from '../calendar/deadline.js'

/**
 * The command whose event starts or stops the clock; the workflow's events are the past tense of its commands.
 *
 * @example
 * ```ts
 * clockCommands[purbalingga.timeLimit.start] // 'receive'
 * clockCommands[pekalongan.timeLimit.stop] // 'notify'
 * ```
 */
export const clockCommands: Readonly<Record<ClockStart | ClockStop, CommandName>> = {
  submission: 'submit',
  receipt: 'receive',
  completeness: 'verify',
  authentication: 'verify',
  notification: 'notify',
  answerLetter: 'answer',
  revocation: 'recordAmsAnswer',
}
