import type { LetterRequirement, Limit, OnBehalf, ServiceStandard } from '../standard/service-standard.js'
import type { FindingName } from '../standard/vocabulary.js'
import { commands, type CommandName } from './command.js'
import type { GuardName } from './guard.js'
import type { RoleName, RosterEntry } from './role.js'
import { transitions, type Group } from './transition.js'

/** What the decider needs of a standard; a whole {@link ServiceStandard} fits. */
export type WorkflowStandard = Pick<
  ServiceStandard,
  | 'id' | 'version' | 'steps' | 'filing' | 'ams' | 'disposition' | 'letters' | 'findings' | 'supervision' | 'suspensionOffered' | 'reasons' | 'expedite'
  | 'timeLimit' | 'roles'
>

/** Extra facts of the office that are not in its standard. */
export interface RulesOptions {
  /** The people of the desk. Without it nobody can be known to be missing, and the supervisor may always step in. */
  readonly roster?: readonly RosterEntry[]
  /**
   * When a limit that starts now ends; ISO UTC in and out.
   * @default wall hours and calendar days by the clock, working kinds as wall hours of the same number of days (24 h each)
   */
  readonly deadline?: (limit: Limit, from: string) => string
}

/** A standard, prepared for deciding: every look-up is one step. Made once by {@link compileRules}. */
export interface Rules {
  readonly standard: { readonly id: string; readonly version: string }
  readonly roster: readonly RosterEntry[] | undefined
  readonly disposition: boolean
  /** Which step files in AMS. */
  readonly fileAt: 'submit' | 'execute'
  readonly fileBy: RoleName
  /** The agency must tell AMS its decision on what the owner filed there. */
  readonly decidesInAms: boolean
  readonly rolesOf: Readonly<Record<CommandName, ReadonlySet<RoleName>>>
  readonly filers: ReadonlySet<RoleName>
  readonly onBehalf: readonly OnBehalf[]
  readonly letters: readonly LetterRequirement[]
  readonly findings: readonly FindingName[]
  readonly supervisor: RoleName
  readonly suspensionOffered: boolean
  /** Reason codes offered; `undefined`: all. */
  readonly reasons: ReadonlySet<string> | undefined
  readonly expeditedReasons: ReadonlySet<string>
  readonly letterToFollow: Limit | null
  readonly ratification: Limit | null
  readonly answerRequired: boolean
  readonly guardsOf: Readonly<Record<CommandName, ReadonlySet<GuardName>>>
  readonly deadline: (limit: Limit, from: string) => string
}

/** Roles of a group where no step of the standard names one for the command. */
function rolesOfGroup(group: Group, standard: WorkflowStandard, decider: ReadonlySet<RoleName>): readonly RoleName[] {
  const filers: readonly RoleName[] = ['applicant', standard.filing.role, ...standard.filing.onBehalf.map(one => one.role)]
  const supervisor = standard.supervision.role
  const officers: readonly RoleName[] = [...decider, 'coordinator', 'head', supervisor]
  switch (group) {
    case 'filer': return filers
    case 'head': return ['head', 'registrar']
    case 'forwarder': return ['head', 'registrar', 'coordinator', ...decider]
    case 'decider': return [...decider, supervisor]
    case 'executor': return [...decider, 'coordinator', 'onCallOfficer', supervisor, 'system']
    case 'superior': return [supervisor, 'head']
    case 'service': return [...officers, 'onCallOfficer', 'complaintOfficer', 'system']
    case 'anyone': return [...filers, ...officers, 'registrar', 'onCallOfficer']
    case 'complaints': return ['complaintOfficer', 'head', supervisor]
    case 'system': return ['system']
  }
}

/**
 * Prepares a standard for {@link decide}. Pure; make it once per standard and roster.
 *
 * @example
 * ```ts
 * const prepared = compileRules(loadStandard('kota-pekalongan'), { roster: [{ id: 'dewi.larasati', role: 'verifier' }] })
 * prepared.fileAt // 'submit'
 * prepared.rolesOf.submit.has('holder') // true
 * ```
 */
export function compileRules(standard: WorkflowStandard, options: RulesOptions = {}): Rules {
  const decider = new Set<RoleName>()
  for (const step of standard.steps) if ((step.command === 'approve' || step.command === 'verify') && step.role !== 'system') decider.add(step.role)
  if (decider.size === 0) decider.add('verifier')

  const rolesOf = {} as Record<CommandName, Set<RoleName>>
  const guardsOf = {} as Record<CommandName, Set<GuardName>>
  for (const name of Object.keys(commands) as CommandName[]) {
    rolesOf[name] = new Set(rolesOfGroup(transitions[name].by, standard, decider))
    guardsOf[name] = new Set()
  }
  for (const step of standard.steps) {
    if (step.command === undefined) continue
    const name = step.command
    if (step.role !== 'system') rolesOf[name].add(step.role)
    // A step may be given by several roles in several steps; a guard holds for the command, so the filer's own steps name `isHolder`.
    for (const guard of step.guards) guardsOf[name].add(guard)
  }
  return {
    standard: { id: standard.id, version: standard.version },
    roster: options.roster,
    disposition: standard.disposition,
    fileAt: standard.ams.fileAt,
    fileBy: standard.ams.fileBy,
    decidesInAms: standard.ams.fileAt === 'submit' && standard.ams.decide,
    rolesOf,
    filers: new Set(rolesOfGroup('filer', standard, decider)),
    onBehalf: standard.filing.onBehalf,
    letters: standard.letters,
    findings: standard.findings,
    supervisor: standard.supervision.role,
    suspensionOffered: standard.suspensionOffered,
    reasons: standard.reasons.offered === 'all' ? undefined : new Set(standard.reasons.offered),
    expeditedReasons: new Set(standard.expedite.reasons),
    letterToFollow: standard.expedite.letterToFollow,
    ratification: standard.expedite.ratification,
    answerRequired: standard.steps.some(step => step.command === 'answer'),
    guardsOf,
    deadline: options.deadline ?? wallDeadline,
  }
}

const hour = 3_600_000

function wallDeadline(limit: Limit, from: string): string {
  const minutes = limit.kind === 'workingMinutes' ? limit.amount : limit.kind === 'wallHours' ? limit.amount * 60 : Math.max(1, limit.amount) * 1440
  return new Date(Date.parse(from) + (minutes / 60) * hour).toISOString()
}
