import { CabutError } from '../errors.js'
import { sealEvent, type Salts } from '../history/index.js'
import type { Json } from '../history/index.js'
import type { EffectLease, Evidence, Store, StoredCase, StoredEvent, TenantScope } from '../store/index.js'
import {
  allowedNow, decide, effectsOf, evolve, isRefusal, type Actor, type CaseState, type Command, type Effect, type EffectKind, type Refusal, type Rules, type WorkflowEvent,
} from '../workflow/index.js'
import { createRecent } from './recent.js'
import { RequestConflictError, RequestRefusedError } from './refused.js'

/** One append: commands that belong together, decided one after the other on the same case. */
export interface Entry {
  readonly caseId: string
  readonly actor: Actor
  readonly commands: readonly Command[]
  readonly evidence?: readonly Evidence[]
  readonly ifVersion?: number
  readonly scope?: TenantScope
  readonly lease?: EffectLease
}

/** What became of an entry given by the desk itself. */
export type Written =
  | { readonly outcome: 'written'; readonly state: CaseState }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  | { readonly outcome: 'conflict' | 'stale' }

/** What became of it, with the case it met and the case it was decided on where they differ. */
type Attempt = Written & { readonly current?: StoredCase | undefined; readonly decidedOn?: StoredCase | undefined }

/** Decides, seals and appends: the only way anything changes. */
export interface Journal {
  /** For people: refusals and conflicts are thrown. */
  give(entry: Entry): Promise<CaseState>
  /** For effects: refusals and conflicts are values. */
  write(entry: Entry): Promise<Written>
  /** Decides a filing and throws what `give` would refuse; nothing is written. */
  rehearse(entry: Pick<Entry, 'caseId' | 'actor' | 'commands'>): Promise<void>
  load(scope: TenantScope, caseId: string): Promise<StoredCase>
  /** Called after each append. */
  onAppend(listener: (state: CaseState) => void): () => void
}

export interface JournalParts {
  readonly store: Store
  readonly rules: Rules
  readonly salts: Salts
  readonly now: () => string
}

export function createJournal({ store, rules, salts, now }: JournalParts): Journal {
  const listeners = new Set<(state: CaseState) => void>()
  const recent = createRecent()

  async function load(scope: TenantScope, caseId: string): Promise<StoredCase> {
    const stored = await store.load(scope, caseId)
    if (stored === undefined) throw new CabutError('requestNotFound')
    recent.keep(stored)
    return stored
  }

  async function write(entry: Entry): Promise<Attempt> {
    const { caseId, commands, scope = 'all' } = entry
    if (commands[0]?.type === 'file') return writeOn(undefined, entry)
    const known = recent.recall(scope, caseId)
    if (known !== undefined) {
      const attempt = await writeOn(known, entry)
      // What was decided from memory counts once the store has taken it. A refusal, or that there is nothing to do, is found on the case as it is now.
      if (attempt.outcome === 'stale' || (attempt.outcome === 'written' && attempt.state !== known.state)) return attempt
      // Two of this process at once: they decided on the same case, and one was first.
      if (attempt.outcome === 'conflict' && recent.hasMoved(known)) return attempt
      recent.forget(known)
    }
    return writeOn(await load(scope, caseId), entry)
  }

  async function writeOn(stored: StoredCase | undefined, entry: Entry): Promise<Attempt> {
    const { caseId, actor, commands, scope = 'all' } = entry
    if (entry.ifVersion !== undefined && stored !== undefined && stored.state.version !== entry.ifVersion) return { outcome: 'conflict', current: stored }
    // The clock of this computer may step back; the history never does.
    const time = stored === undefined ? now() : later(now(), stored.state.updatedAt)
    let state = stored?.state
    const events: WorkflowEvent[] = []
    const effects = new Map<EffectKind, Effect>()
    for (const command of commands) {
      const decision = decide(rules, state, command, actor, time)
      if (isRefusal(decision)) return { outcome: 'refused', refusal: decision }
      for (const event of decision) {
        state = evolve(state, event, caseId, rules.standard)
        events.push(event)
        // A running effect says itself when it goes on: asking for it anew here would undo the pause it is about to take.
        for (const effect of effectsOf(rules, event, state)) if (effect.kind !== entry.lease?.kind) keepEarlier(effects, effect)
      }
    }
    if (state === undefined) throw new TypeError('a case begins with the command "file"')
    if (events.length === 0) return { outcome: 'written', state }
    const sealed = await seal(caseId, events, stored?.head ?? null)
    const outcome = await store.append(scope, {
      caseId, expectedVersion: stored?.state.version ?? 0, events: sealed, state, effects: [...effects.values()],
      ...(entry.evidence === undefined ? {} : { evidence: entry.evidence }),
      ...(entry.lease === undefined ? {} : { lease: entry.lease }),
    })
    if (outcome.outcome === 'conflict') return { outcome: 'conflict', current: outcome.current, decidedOn: stored }
    if (outcome.outcome === 'stale') return { outcome: 'stale' }
    const last = sealed.at(-1) ?? sealed[0]
    recent.keep({ state, head: { seq: last.seq, digest: last.digest } })
    for (const listener of [...listeners]) listener(state)
    return { outcome: 'written', state }
  }

  async function seal(caseId: string, events: readonly WorkflowEvent[], head: StoredCase['head'] | null): Promise<[StoredEvent, ...StoredEvent[]]> {
    const sealed: StoredEvent[] = []
    let previous = head
    for (const { type, actor, time, data, personal } of events) {
      const event = await sealEvent(
        { caseId, type, actor, time, standard: rules.standard, data: asJson(data), ...(personal === undefined ? {} : { personal }) }, previous, salts,
      )
      sealed.push(event)
      previous = { seq: event.seq, digest: event.digest }
    }
    return sealed as [StoredEvent, ...StoredEvent[]]
  }

  /** Whether all that came in between is bookkeeping of the desk itself, on a case that stands where it stood. Who named a version wants to hear of it all the same. */
  async function onlyNoted({ caseId, ifVersion, scope }: Entry, { current, decidedOn }: Attempt): Promise<boolean> {
    if (ifVersion !== undefined || current === undefined || decidedOn === undefined || current.state.status !== decidedOn.state.status) return false
    return (await store.events(scope ?? 'all', caseId, decidedOn.state.version)).every(({ type, actor }) => type === 'informed' && actor.role === 'system')
  }

  return {
    load,
    write,
    async rehearse({ caseId, actor, commands }) {
      if (await store.load('all', caseId) !== undefined) throw new CabutError('requestConflict', { detail: 'the id is taken' })
      let state: CaseState | undefined
      for (const command of commands) {
        const decision = decide(rules, state, command, actor, now())
        if (isRefusal(decision)) throw new RequestRefusedError(decision)
        for (const event of decision) state = evolve(state, event, caseId, rules.standard)
      }
    },
    async give(entry) {
      let written = await write(entry)
      // The desk noted something of its own meanwhile (a notice went out): nobody decided anything, so nobody is told of another officer.
      for (let attempt = 1; attempt < 5 && written.outcome === 'conflict' && await onlyNoted(entry, written); attempt++) written = await write(entry)
      switch (written.outcome) {
        case 'written': return written.state
        case 'refused': throw new RequestRefusedError(written.refusal)
        case 'stale': throw new CabutError('storeConflict', { detail: 'the lease of the effect was lost' })
        case 'conflict': {
          const { current } = written
          if (current === undefined) throw new CabutError('requestConflict', { detail: 'the id is taken' })
          throw new RequestConflictError(current.state.status, current.state.version, allowedNow(rules, current.state))
        }
      }
    },
    onAppend(listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
  }
}

/** Canonical JSON knows no `undefined`: left-out fields are really left out. */
function asJson(data: object): Readonly<Record<string, Json>> {
  return JSON.parse(JSON.stringify(data)) as Record<string, Json>
}

function later(left: string, right: string): string {
  return left < right ? right : left
}

function keepEarlier(effects: Map<EffectKind, Effect>, effect: Effect): void {
  const known = effects.get(effect.kind)
  if (known === undefined || known.notBefore !== undefined && (effect.notBefore === undefined || effect.notBefore < known.notBefore)) effects.set(effect.kind, effect)
}
