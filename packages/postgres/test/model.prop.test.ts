import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryStore, storeContract, type Append, type EffectLease, type Store, type TenantScope } from '@cabut/sdk/store'
import type { EffectKind } from '@cabut/sdk/workflow'
import type { Database } from '../src/database.js'
import { createSqlStore } from '../src/index.js'
import { openPglite } from '../src/pglite/index.js'
import { serverBinaries, skipLine, startServer, type Server } from './server.js'

const kinds = ['notify', 'execute', 'ams', 'proof', 'answer', 'close', 'watch'] as const satisfies readonly EffectKind[]
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 5, 1, minute)).toISOString()

type Step =
  | { readonly do: 'append'; readonly case: number; readonly stale: boolean; readonly count: number; readonly asks: readonly { readonly kind: EffectKind; readonly in: number | null }[]; readonly scope: number; readonly lease: number | null; readonly evidence: number | null }
  | { readonly do: 'claim'; readonly lease: number }
  | { readonly do: 'finish' | 'park'; readonly lease: number }
  | { readonly do: 'retry'; readonly lease: number; readonly in: number; readonly calm: boolean }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'number' }
  | { readonly do: 'restart' }

const lease = fc.nat(5)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({
    do: fc.constant('append' as const), case: fc.nat(2), stale: fc.boolean().map(value => value && true), count: fc.integer({ min: 1, max: 3 }), scope: fc.nat(3), lease: fc.option(lease, { freq: 3 }),
    asks: fc.uniqueArray(fc.record({ kind: fc.constantFrom(...kinds), in: fc.option(fc.integer({ min: -2, max: 6 })) }), { maxLength: 3, selector: ask => ask.kind }), evidence: fc.option(fc.nat(2)),
  }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('claim' as const), lease: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('finish' as const, 'park' as const), lease }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retry' as const), lease, in: fc.integer({ min: 0, max: 5 }), calm: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'number' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
)

const scopes: readonly TenantScope[] = ['all', 'all', { opds: ['opd-a'] }, { opds: ['opd-b', 'opd-c'] }]

/** A real first append of the contract, to make others from. */
async function template(): Promise<Append> {
  let seen: Append | undefined
  await storeContract(async () => {
    const inner = createMemoryStore()
    return { ...inner, append: (scope, write) => { seen ??= write; return inner.append(scope, write) } } satisfies Store
  }).find(({ name }) => name.startsWith('scope'))?.run()
  if (seen === undefined) throw new Error('no template')
  return seen
}

/** Plays the steps on the model and on the store; every answer, and at the end everything visible, must be the same. */
async function play(first: Append, steps: readonly Step[], open: (before: Store | undefined) => Promise<Store>): Promise<void> {
  const model = createMemoryStore()
  let store = await open(undefined)
  let minute = 0
  const versions = [0, 0, 0]
  const leases: (readonly [EffectLease, EffectLease])[] = []
  const both = async <T>(run: (of: Store, side: 0 | 1) => Promise<T>): Promise<readonly [T, T]> => {
    const [expected, actual] = [await run(model, 0), await run(store, 1)]
    return [expected, actual]
  }
  for (const each of steps) {
    if (each.do === 'wait') minute += each.minutes
    else if (each.do === 'restart') store = await open(store)
    else if (each.do === 'number') {
      const [expected, actual] = await both(of => of.nextNumber('book'))
      expect(actual).toBe(expected)
    } else if (each.do === 'claim') {
      const [expected, actual] = await both(async of => [...await of.claim(at(minute), at(minute + each.lease), 10)].sort((x, y) => (x.caseId < y.caseId ? -1 : 1)))
      const seen = (claims: typeof expected): unknown => claims.map(({ caseId, kind, opd, attempt, dueAt }) => ({ caseId, kind, opd, attempt, dueAt }))
      expect(seen(actual)).toEqual(seen(expected))
      expected.forEach((claim, index) => leases.unshift([claim, actual[index] ?? claim]))
    } else if (each.do === 'append') {
      const version = Math.max(0, (versions[each.case] ?? 0) - (each.stale ? 1 : 0))
      // A lease is of the case it is written to: the desk never mixes them.
      const named = each.lease === null ? undefined : leases[each.lease]
      const held = named?.[0].caseId === ids[each.case] ? named : undefined
      const write = (side: 0 | 1): Append => appendOf(first, each, version, minute, held?.[side])
      const [expected, actual] = await both((of, side) => of.append(scopes[each.scope] ?? 'all', write(side)))
      expect(actual).toEqual(expected)
      if (expected.outcome === 'appended') versions[each.case] = version + each.count
    } else {
      const held = leases[each.lease]
      if (held === undefined) continue
      const [expected, actual] = await both((of, side) => {
        if (each.do === 'finish') return of.finish(held[side])
        if (each.do !== 'retry') return of.park(held[side], 'why')
        return of[each.calm ? 'wait' : 'retry'](held[side], at(minute + each.in), each.in > 2 ? 'later' : undefined)
      })
      expect(actual).toBe(expected)
    }
  }
  for (const scope of scopes) {
    const [expected, actual] = await both(async of => ({
      list: await of.list(scope), effects: [...await of.effects(scope)].sort((x, y) => (`${x.caseId} ${x.kind}` < `${y.caseId} ${y.kind}` ? -1 : 1)),
      events: await Promise.all(ids.map(id => of.events(scope, id))), heads: await Promise.all(ids.map(async id => (await of.load(scope, id))?.head)),
      evidence: await Promise.all([0, 1, 2].map(n => of.evidence(scope, `e${n}`))), next: (await of.effects('all')).some(one => one.status === 'running') ? undefined : await of.nextEffectAt(),
    }))
    expect(actual).toEqual(expected)
  }
}

const ids = ['K-0', 'K-1', 'K-2']

function appendOf(first: Append, step: Extract<Step, { do: 'append' }>, version: number, minute: number, held: EffectLease | undefined): Append {
  const id = ids[step.case] ?? 'K-0'
  const opd = ['opd-a', 'opd-b', 'opd-a'][step.case] ?? 'opd-a'
  const [event] = first.events
  const events = Array.from({ length: step.count }, (_, n) => ({
    ...event, caseId: id, seq: version + n + 1, time: at(minute), previous: version + n === 0 ? null : `d${version + n}`, digest: `d${version + n + 1}`,
    ...(n % 2 === 0 ? { personal: { holder: { salt: 'ab', value: `nama ${version}` } } } : {}),
  }))
  return {
    caseId: id, expectedVersion: version, events: events as unknown as Append['events'],
    state: { ...first.state, id, version: version + step.count, parties: { ...first.state.parties, opdOrigin: opd }, personal: { holder: `nama ${version}` } },
    effects: step.asks.map(ask => (ask.in === null ? { kind: ask.kind } : { kind: ask.kind, notBefore: at(minute + ask.in) })),
    ...(step.evidence === null ? {} : { evidence: [{ sha256: `e${step.evidence}`, mediaType: 'x/y', bytes: new Uint8Array([step.evidence, 0, 255]) }] }),
    ...(held === undefined ? {} : { lease: held }),
  }
}

const tables = ['effects', 'queue', 'case_evidence', 'personal', 'events', 'evidence', 'cases', 'numbers']
/** Past keys and triggers. A few rows are deleted quicker than eight tables are truncated. */
const empty = (database: Database): Promise<void> =>
  database.asOwner(owner => owner.script(`set local session_replication_role = replica; ${tables.map(table => `delete from cabut.${table};`).join(' ')}`))
const binaries = serverBinaries()
if (binaries === undefined) console.warn(skipLine)
/** `.ci/run` asks for more; without it a few show that the way still works. */
const runs = Number(process.env['CABUT_MODEL_RUNS'] ?? 0)

describe('random commands, leases and restarts: the same as the model in memory', () => {
  let first: Append
  beforeAll(async () => { first = await template() })

  test('on PGlite', async () => {
    const database = await openPglite()
    await createSqlStore(database)
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async steps => {
      await empty(database)
      // A restart is a new store on the same database; real reopens of a directory are tried below.
      await play(first, steps, async () => createSqlStore(database, { closeDatabase: false, migrate: false }))
    }), { numRuns: runs || 12 })
    await database.close()
  }, 1_800_000)

  test('on a PGlite directory, each restart a real one', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cabut-model-'))
    let reopened = 0
    // Steps with three restarts, seven times: over twenty reopens.
    const times = runs === 0 ? 1 : 7
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async steps => {
      const cut = steps.filter(each => each.do !== 'restart')
      const third = Math.ceil(cut.length / 3)
      const restart: Step = { do: 'restart' }
      await play(first, [...cut.slice(0, third), restart, ...cut.slice(third, 2 * third), restart, ...cut.slice(2 * third), restart], async before => {
        await before?.close()
        const database = await openPglite({ directory })
        reopened += 1
        if (before === undefined) {
          await createSqlStore(database)
          await empty(database)
        }
        return (last = await createSqlStore(database))
      }).finally(() => last?.close())
    }), { numRuns: times, endOnFailure: true })
    expect(reopened).toBeGreaterThanOrEqual(3 * times)
    await rm(directory, { recursive: true, force: true })
  }, 1_800_000)
  let last: Store | undefined

  describe.skipIf(binaries === undefined)('PostgreSQL', () => {
    let server: Server
    let database: Database
    beforeAll(async () => {
      server = startServer()
      database = await server.connect(await server.createDatabase())
      await createSqlStore(database)
    })
    afterAll(async () => {
      await database.close()
      server.stop()
    })
    test('on PostgreSQL, shorter', async () => {
      await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async steps => {
        await empty(database)
        await play(first, steps, async () => createSqlStore(database, { closeDatabase: false, migrate: false }))
      }), { numRuns: runs === 0 ? 10 : 100 })
    }, 1_800_000)
  })
})
