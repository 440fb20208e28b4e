import type { ServiceStandard } from '../standard/service-standard.js'
import { commands, type CommandName } from './command.js'
import { guards } from './guard.js'
import { refusalCodes } from './refusal.js'
import { roles } from './role.js'
import { compileRules } from './rules.js'
import { statusReasons, statuses, type Status } from './status.js'
import { transitions } from './transition.js'

/**
 * docs/workflow.md, generated from the tables: nobody writes it by hand, and a test compares it with the file. Markdown, with a Mermaid
 * diagram for each standard.
 *
 * @param standards - a diagram is drawn for each
 * @example
 * ```ts
 * describeWorkflow([purbalingga]).includes('  submitted --> disposed: dispose\n') // true
 * // Kota Pekalongan has no disposition.
 * describeWorkflow([pekalongan]).includes('--> disposed: dispose\n') // false
 * ```
 */
export function describeWorkflow(standards: readonly ServiceStandard[]): string {
  return [
    '# Alur permohonan / Workflow of a request',
    '',
    'Generated from `packages/sdk/src/workflow` (`status.ts`, `command.ts`, `transition.ts`, `guard.ts`); do not edit. '
      + 'Regenerate with `UPDATE_DOCS=1 npx vitest run --project sdk packages/sdk/test/workflow-document.test.ts`.',
    '',
    '## Keadaan / Statuses', '',
    table(['status', 'Indonesia', 'English', 'giliran / turn', 'waktu / time'], Object.entries(statuses).map(([name, row]) => [
      code(name), row.id, row.en, row.final ? 'selesai / over' : row.turn.map(one => (one === 'ca' ? 'CA' : roles[one].id)).join(', '), row.time,
    ])),
    '', '## Sebab / Reasons of a status', '',
    table(['reason', 'Indonesia', 'English'], Object.entries(statusReasons).map(([name, row]) => [code(name), row.id, row.en])),
    '', '## Perintah / Commands', '',
    table(['command', 'Indonesia', 'English', 'oleh / by', 'syarat / guards', 'peristiwa / event'], names.map(name => {
      const row = transitions[name]
      return [code(name), commands[name].id, commands[name].en, row.by + (row.decides === true ? ' (four eyes)' : ''), row.guards.map(code).join(' '), code(row.emits)]
    })),
    '', '## Peralihan / Transitions', '',
    table(['from', 'command', 'to'], names.flatMap(name => Object.entries(transitions[name].edges).map(([from, to]) => [code(from), code(name), to.map(code).join(' ')]))),
    '', '## Syarat / Guards', '',
    table(['guard', 'Indonesia', 'English', 'always'], Object.entries(guards).map(([name, row]) => [code(name), row.id, row.en, row.always ? 'ya / yes' : 'bila disebut standar / where a step names it'])),
    '', '## Penolakan / Refusals', '',
    table(['refusal', 'Indonesia', 'English'], Object.entries(refusalCodes).map(([name, row]) => [code(name), row.id, row.en])),
    ...standards.flatMap(standard => ['', `## ${standard.title.id} (${standard.id})`, '', diagram(standard)]),
    '',
  ].join('\n')
}

const names = Object.keys(transitions) as CommandName[]

function code(text: string): string {
  return `\`${text}\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n')
}

/** What moves a request under one standard; what leaves the status as it is, and what only the exceptional paths use, is left out. */
function diagram(standard: ServiceStandard): string {
  const rules = compileRules(standard)
  const lines = new Map<string, string[]>()
  for (const name of names) {
    for (const [from, targets] of Object.entries(transitions[name].edges)) {
      for (const to of targets) {
        if (from === to || hidden(rules, from as Status | 'none', name, to)) continue
        const key = `  ${from === 'none' ? '[*]' : from} --> ${to}`
        lines.set(key, [...lines.get(key) ?? [], name])
      }
    }
  }
  return ['```mermaid', 'stateDiagram-v2', ...[...lines].map(([edge, by]) => `${edge}: ${by.join(', ')}`), '  withdrawn --> [*]', '  closed --> [*]', '```'].join('\n')
}

function hidden(rules: ReturnType<typeof compileRules>, from: Status | 'none', command: CommandName, to: Status): boolean {
  const suspension: readonly string[] = ['suspended', 'resuming', 'resumed']
  if (!rules.suspensionOffered && (suspension.includes(from) || suspension.includes(to))) return true
  if (!rules.disposition && (from === 'disposed' || to === 'disposed')) return true
  if (from !== 'submitted') return false
  const officersTurn = !rules.disposition && rules.fileAt === 'execute'
  switch (command) {
    case 'verify':
    case 'approve':
    case 'return':
    case 'reject': return !officersTurn
    case 'receive': return to === 'verifying' && !officersTurn
    case 'recordAmsAnswer':
    case 'park': return rules.fileAt !== 'submit'
    default: return false
  }
}
