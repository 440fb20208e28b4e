import { checkHours } from '../calendar/hours.js'
import { issue, type Issue } from '../issues.js'
import type { Limit, ServiceStandard, Step } from './service-standard.js'
import { clockCommands, componentNames, type CommandName, type RoleName } from './vocabulary.js'

/** Commands without which no request can reach its end, whatever the region. */
const indispensable: readonly CommandName[] = ['file', 'submit', 'verify', 'approve', 'execute', 'recordAmsAnswer', 'prove', 'close']

/** What the form of a standard cannot say. An empty list means the desk can run it. */
export function checkConsistency(standard: ServiceStandard): readonly Issue[] {
  return [...componentIssues(standard), ...roleIssues(standard), ...stepIssues(standard), ...limitIssues(standard), ...hourIssues(standard)]
}

function componentIssues({ components }: ServiceStandard): Issue[] {
  const missing = componentNames.filter((name) => !components.some((component) => component.name === name))
  return [
    ...missing.map((name) => issue('components', 'componentMissing', name)),
    ...duplicates(components.map((component) => component.name)).map((index) => issue(`components[${index}].name`, 'duplicate')),
  ]
}

function roleIssues(standard: ServiceStandard): Issue[] {
  const defined = new Set<RoleName>(standard.roles.map(({ role }) => role))
  const uses: [string, RoleName][] = [
    ...standard.steps.flatMap((step, index): [string, RoleName][] => [
      [`steps[${index}].actor`, step.actor],
      [`steps[${index}].role`, step.role],
    ]),
    ['filing.role', standard.filing.role],
    ...standard.filing.onBehalf.map(({ role }, index): [string, RoleName] => [`filing.onBehalf[${index}].role`, role]),
    ['ams.fileBy', standard.ams.fileBy],
    ['supervision.role', standard.supervision.role],
  ]
  return [
    ...duplicates(standard.roles.map(({ role }) => role)).map((index) => issue(`roles[${index}].role`, 'duplicate')),
    ...uses.filter(([, role]) => !defined.has(role)).map(([path]) => issue(path, 'roleNotDefined')),
  ]
}

function stepIssues(standard: ServiceStandard): Issue[] {
  const { steps } = standard
  const byName = new Map(steps.map((step, index) => [step.name, index]))
  const issues = duplicates(steps.map((step) => step.name)).map((index) => issue(`steps[${index}].name`, 'duplicate'))
  for (const [index, step] of steps.entries()) {
    for (const [at, target] of step.next.entries())
      if (!byName.has(target)) issues.push(issue(`steps[${index}].next[${at}]`, 'stepUnknown'))
    const back = step.otherwise?.to
    if (back !== undefined && !byName.has(back)) issues.push(issue(`steps[${index}].otherwise.to`, 'stepUnknown'))
    if (step.next.length === 0 && step.command !== 'close') issues.push(issue(`steps[${index}].next`, 'stepDeadEnd'))
  }
  for (const command of indispensable)
    if (!steps.some((step) => step.command === command)) issues.push(issue('steps', 'stepCommandMissing', command))
  for (const command of [clockCommands[standard.timeLimit.start], clockCommands[standard.timeLimit.stop]]) {
    if (!steps.some((step) => step.command === command)) issues.push(issue('timeLimit', 'clockStepMissing'))
  }
  if (standard.disposition && !steps.some((step) => step.command === 'dispose'))
    issues.push(issue('steps', 'stepCommandMissing', 'dispose'))
  const ams = steps.find((step) => step.name === standard.ams.step)
  if (ams === undefined) issues.push(issue('ams.step', 'stepUnknown'))
  else if (ams.command !== standard.ams.fileAt || ams.role !== standard.ams.fileBy) issues.push(issue('ams.step', 'amsStepWrong'))
  return issues.length > 0 ? issues : graphIssues(steps, byName)
}

/** Depth-first walk from the first step: a step on the current path met again is a cycle, a step never met is unreachable. */
function graphIssues(steps: readonly Step[], byName: ReadonlyMap<string, number>): Issue[] {
  const issues: Issue[] = []
  const seen = new Set<number>()
  const onPath = new Set<number>()
  const walk = (index: number): void => {
    if (onPath.has(index)) {
      issues.push(issue(`steps[${index}]`, 'stepCycle'))
      return
    }
    if (seen.has(index)) return
    seen.add(index)
    onPath.add(index)
    for (const name of steps[index]?.next ?? []) walk(byName.get(name) ?? 0)
    onPath.delete(index)
  }
  walk(0)
  for (const index of steps.keys()) if (!seen.has(index)) issues.push(issue(`steps[${index}]`, 'stepUnreachable'))
  return issues
}

function limitIssues(standard: ServiceStandard): Issue[] {
  const { timeLimit, expedite, complaints } = standard
  const limits: [string, Limit | null][] = [
    ['timeLimit.amount', timeLimit],
    ['expedite.limit.amount', expedite.limit],
    ['expedite.letterToFollow.amount', expedite.letterToFollow],
    ['expedite.ratification.amount', expedite.ratification],
    ...complaints.classes.map(({ limit }, index): [string, Limit | null] => [`complaints.classes[${index}].limit.amount`, limit]),
  ]
  return [
    ...limits
      .filter(([, limit]) => limit !== null && limit.amount === 0 && limit.kind !== 'sameDay')
      .map(([path]) => issue(path, 'amountWrong')),
    ...duplicates(complaints.classes.map(({ id }) => id)).map((index) => issue(`complaints.classes[${index}].id`, 'duplicate')),
  ]
}

function hourIssues({ serviceHours }: ServiceStandard): Issue[] {
  return checkHours(serviceHours).map((found) => ({ ...found, path: `serviceHours.${found.path}` }))
}

function duplicates(values: readonly string[]): number[] {
  return [...values.keys()].filter((index) => values.indexOf(values[index] as string) < index)
}
