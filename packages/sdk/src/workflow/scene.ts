import type { Command, CommandName } from './command.js'
import type { EventData, EventType, WorkflowEvent } from './event.js'
import type { RefusalCode } from './refusal.js'
import type { Actor } from './role.js'
import type { Rules } from './rules.js'
import type { CaseState } from './state.js'

/** Who acts when, on what. */
export interface Scene<State extends CaseState | undefined = CaseState> {
  readonly rules: Rules
  readonly state: State
  readonly actor: Actor
  /** ISO 8601 UTC with milliseconds. */
  readonly now: string
}

/** A refusal with what is missing. */
export interface Missing { readonly refused: RefusalCode; readonly missing: readonly string[] }

/** What a command's own rule answers: events, or why not. */
export type Ruling = readonly WorkflowEvent[] | RefusalCode | Missing

export type Handler<Name extends CommandName> = (scene: Scene, command: Extract<Command, { type: Name }>) => Ruling
export type Handlers<Names extends CommandName> = { readonly [Name in Names]: Handler<Name> }

/**
 * Free text of a person, kept beside the chain: whoever writes a note may name somebody in it, and what names somebody must be erasable.
 * Nothing where nothing was said.
 */
export function remark(text: string | undefined): Readonly<Record<string, string>> | undefined {
  return text === undefined || text === '' ? undefined : { remark: text }
}

/** Reasons of a decision, one a line, kept beside the chain as a {@link remark} is. */
export function reasonsBeside(reasons: readonly string[]): Readonly<Record<string, string>> {
  return { decisionReasons: reasons.map(reason => reason.replace(/\s+/g, ' ').trim()).filter(reason => reason !== '').join('\n') }
}

/** Makes an event of the scene. */
export function event<Type extends EventType>(scene: Scene<CaseState | undefined>, type: Type, data: EventData[Type], personal?: Readonly<Record<string, string>>): WorkflowEvent {
  const made = personal === undefined ? { type, actor: scene.actor, time: scene.now, data } : { type, actor: scene.actor, time: scene.now, data, personal }
  return made as WorkflowEvent
}
