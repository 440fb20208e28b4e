import { CabutError } from '@cabut/sdk'
import type { Append, AppendOutcome, Store, StoredCase, StoredEvent } from '@cabut/sdk/store'
import type { CaseState } from '@cabut/sdk/workflow'
import type { Database } from '../database.js'
import { lookupFields, subjectOf, whoseField, type Part } from './whose.js'
import { openText, sealedUnder, sealText, type Vault } from './vault.js'

/** How a private store reads. */
export interface PrivateStoreOptions {
  /** Leave out the values of subjects whose data may be kept only. @default true */
  readonly honourRestrictions?: boolean
  /** How long the list of restricted subjects is used without asking again, milliseconds. @default 5000 */
  readonly cacheFor?: number
}

type Values = Readonly<Record<string, string>>
type Beside = NonNullable<StoredEvent['personal']>

/** What a sealed value of an event is bound to; the salt is sealed along, since with it a short value could be guessed from its commitment. */
const aboutEvent = (caseId: string, seq: number, field: string): string => `${caseId}\n${seq}\n${field}`
const aboutState = (caseId: string, field: string): string => `${caseId}\n${field}`

/**
 * A layer over the SQL store: personal values go in and come out in clear, and are kept sealed under the keys of their subjects. Once a key is
 * destroyed its values are left out, as the port says of erased values; nothing else changes, and every chain still verifies.
 */
export function createPrivateStore(inner: Store, database: Database, vault: Vault, options: PrivateStoreOptions = {}): Store {
  const { honourRestrictions = true, cacheFor = 5_000 } = options
  let restrictions: { readonly subjects: ReadonlySet<string>; readonly until: number } | undefined

  async function restricted(): Promise<ReadonlySet<string>> {
    if (!honourRestrictions) return none
    if (restrictions === undefined || restrictions.until < performance.now()) {
      const rows = await database.query<{ subject: string }>('select subject from cabut.subject_restrictions')
      restrictions = { subjects: new Set(rows.map(row => row.subject)), until: performance.now() + cacheFor }
    }
    return restrictions.subjects
  }

  // --- sealing ---------------------------------------------------------------------------------------------------------

  async function seal(write: Append): Promise<Append> {
    const { state, caseId } = write
    const brought = write.events.flatMap(event => Object.keys(event.personal ?? {}))
    const makes = new Set(brought.map(field => whoseField(field, state)))
    // A value merely carried along never calls a destroyed key back to life.
    const carries = Object.keys(state.personal).map(field => whoseField(field, state)).filter(subject => !makes.has(subject))
    const keys = new Map([...await vault.keysFor([...makes], true), ...await vault.keysFor(carries, false)])
    await enter(write, brought)
    const events = write.events.map(event => event.personal === undefined ? event : { ...event, personal: sealBeside(event, event.personal) })
    const { absent: _absent, ...plain } = state
    return { ...write, events: events as unknown as Append['events'], state: { ...plain, personal: { ...await unseen(state), ...sealState() } } }

    function sealBeside({ seq }: StoredEvent, personal: Beside): Beside {
      return Object.fromEntries(Object.entries(personal).map(([field, beside]) => {
        const key = keys.get(whoseField(field, state))
        if (key === undefined) throw new CabutError('privacyKeyMissing')
        return [field, { salt: '', value: sealText(key, JSON.stringify([beside.salt, beside.value]), aboutEvent(caseId, seq, field)) }]
      }))
    }

    function sealState(): Values {
      const sealed: Record<string, string> = {}
      for (const [field, value] of Object.entries(state.personal)) {
        const key = keys.get(whoseField(field, state))
        if (key !== undefined) sealed[field] = sealText(key, value, aboutState(caseId, field))
      }
      return sealed
    }
  }

  /** Values the writer could not see stay as they are. */
  async function unseen({ id, absent, personal }: CaseState): Promise<Values> {
    if (absent === undefined) return {}
    const before = (await inner.load('all', id))?.state.personal ?? {}
    return Object.fromEntries(Object.entries(before).filter(([field]) => Object.hasOwn(absent, field) && !Object.hasOwn(personal, field)))
  }

  /** Who is in the case, and by what they may be looked up: entered before the append, so that no case is ever missing from the list. */
  async function enter({ events, state, expectedVersion, caseId }: Append, brought: readonly string[]): Promise<void> {
    if (expectedVersion === 0) {
      await database.query('insert into cabut.subject_cases (subject, case_id, part) select each.subject, $1, each.part from unnest($2::text[], $3::text[]) as each (subject, part) on conflict do nothing',
        [caseId, parts.map(part => subjectOf(part, state)), parts])
    }
    const tags: string[] = []
    const subjects: string[] = []
    for (const field of brought.filter(each => lookupFields.has(each))) {
      for (const { personal } of events) {
        const value = personal?.[field]?.value
        if (typeof value !== 'string') continue
        tags.push(await vault.lookupTag(value))
        subjects.push(whoseField(field, state))
      }
    }
    if (tags.length > 0) {
      await database.query('insert into cabut.subject_lookups (tag, subject) select distinct each.tag, each.subject from unnest($1::text[], $2::text[]) as each (tag, subject) on conflict do nothing', [tags, subjects])
    }
  }

  // --- opening ---------------------------------------------------------------------------------------------------------

  async function openStates(states: readonly CaseState[]): Promise<readonly CaseState[]> {
    const keys = await vault.keysById(states.flatMap(({ personal }) => idsOf(Object.values(personal))))
    const hidden = await restricted()
    return states.map(state => {
      const personal: Record<string, string> = {}
      const absent: Record<string, 'erased' | 'restricted'> = { ...state.absent }
      for (const [field, value] of Object.entries(state.personal)) {
        const opened = openValue(keys, state.id, field, value)
        if (opened === undefined) absent[field] = 'erased'
        else if (hidden.has(whoseField(field, state))) absent[field] = 'restricted'
        else personal[field] = opened
      }
      return Object.keys(absent).length === 0 ? { ...state, personal } : { ...state, personal, absent }
    })
  }

  async function openCase(stored: StoredCase | undefined): Promise<StoredCase | undefined> {
    if (stored === undefined) return undefined
    const [state] = await openStates([stored.state])
    return state === undefined ? undefined : { ...stored, state }
  }

  async function openEvents(events: readonly StoredEvent[]): Promise<readonly StoredEvent[]> {
    if (events.every(({ personal }) => personal === undefined)) return events
    const keys = await vault.keysById(events.flatMap(({ personal }) => idsOf(Object.values(personal ?? {}).map(({ value }) => value))))
    const hidden = await restricted()
    const parties = hidden.size === 0 ? undefined : (await inner.load('all', events[0]?.caseId ?? ''))?.state
    return events.map(event => {
      const { personal, ...rest } = event
      if (personal === undefined) return event
      const opened: Record<string, Beside[string]> = {}
      for (const [field, beside] of Object.entries(personal)) {
        if (parties !== undefined && hidden.has(whoseField(field, parties))) continue
        const one = openBeside(keys, event, field, beside)
        if (one !== undefined) opened[field] = one
      }
      return Object.keys(opened).length === 0 ? rest : { ...rest, personal: opened }
    })
  }

  return {
    ...inner,
    async append(scope, write): Promise<AppendOutcome> {
      const outcome = await inner.append(scope, await seal(write))
      return outcome.outcome === 'conflict' && outcome.current !== undefined ? { ...outcome, current: await openCase(outcome.current) } : outcome
    },
    load: async (scope, caseId) => openCase(await inner.load(scope, caseId)),
    events: async (scope, caseId, after) => openEvents(await inner.events(scope, caseId, after)),
    list: async (scope, filter) => openStates(await inner.list(scope, filter)),
  }
}

/** Opens a value beside an event: salt and value; `undefined` once its key is destroyed. A value kept before the desk had a key comes back as it is. */
export function openBeside(keys: ReadonlyMap<string, Uint8Array | 'destroyed'>, { caseId, seq }: Pick<StoredEvent, 'caseId' | 'seq'>, field: string, beside: Beside[string]): Beside[string] | undefined {
  if (beside.salt !== '' || typeof beside.value !== 'string') return beside
  const text = open(keys, beside.value, aboutEvent(caseId, seq, field), caseId)
  if (text === undefined) return undefined
  const [salt, value] = JSON.parse(text) as [string, Beside[string]['value']]
  return { salt, value }
}

/** Opens a value of a projection. */
export function openValue(keys: ReadonlyMap<string, Uint8Array | 'destroyed'>, caseId: string, field: string, value: string): string | undefined {
  return open(keys, value, aboutState(caseId, field), caseId)
}

function open(keys: ReadonlyMap<string, Uint8Array | 'destroyed'>, value: string, about: string, caseId: string): string | undefined {
  const id = sealedUnder(value)
  if (id === undefined) return value
  const key = keys.get(id)
  if (key === undefined || key === 'destroyed') return undefined
  try {
    return openText(key, value, about)
  } catch (error) {
    throw new CabutError('privacyValueBroken', { at: about.split('\n').slice(1).join('.'), detail: `case ${caseId}`, cause: error })
  }
}

const parts: readonly Part[] = ['applicant', 'holder']
const none: ReadonlySet<string> = new Set()

function idsOf(values: readonly unknown[]): readonly string[] {
  return values.flatMap(value => sealedUnder(value) ?? [])
}
